//! What the endpoint sends, member by member, for an archive: also what the SDK's types do not know.
//!
//! The requests are the SDK's own, signed and checked like all others; only the body of the answer is kept as well.

use super::client::{Client, PAGE};
use super::error::{Error, classify};
use crate::domain::id::{HitId, QualificationTypeId};
use aws_sdk_mturk::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_mturk::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_mturk::error::BoxError;
use aws_sdk_mturk::types::QualificationStatus::{Granted, Revoked};
use serde_json::{Map, Value};
use std::sync::{Arc, Mutex, PoisonError};

/// What is asked for. Lists come in pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// `GetAccountBalance`.
    Balance,
    /// `ListHITs`.
    Hits,
    /// `ListAssignmentsForHIT`, every status.
    Assignments(HitId),
    /// `ListBonusPayments` of a HIT.
    Bonuses(HitId),
    /// `ListReviewPolicyResultsForHIT`, both levels, with actions.
    ReviewResults(HitId),
    /// `ListQualificationTypes`: the account's own, requestable or not.
    QualificationTypes,
    /// `GetQualificationType`.
    QualificationType(QualificationTypeId),
    /// `ListWorkersWithQualificationType`: of whom it was granted.
    Holders(QualificationTypeId),
    /// `ListWorkersWithQualificationType`: of whom it was taken from.
    Former(QualificationTypeId),
    /// `ListQualificationRequests`, of all own types.
    Requests,
    /// `ListWorkerBlocks`.
    Blocks,
}

impl Ask {
    /// The operation's name.
    pub const fn operation(&self) -> &'static str {
        match self {
            Ask::Balance => "GetAccountBalance",
            Ask::Hits => "ListHITs",
            Ask::Assignments(_) => "ListAssignmentsForHIT",
            Ask::Bonuses(_) => "ListBonusPayments",
            Ask::ReviewResults(_) => "ListReviewPolicyResultsForHIT",
            Ask::QualificationTypes => "ListQualificationTypes",
            Ask::QualificationType(_) => "GetQualificationType",
            Ask::Holders(_) | Ask::Former(_) => "ListWorkersWithQualificationType",
            Ask::Requests => "ListQualificationRequests",
            Ask::Blocks => "ListWorkerBlocks",
        }
    }

    /// The member of the answer that holds the list, or the thing itself.
    pub const fn member(&self) -> Option<&'static str> {
        match self {
            Ask::Balance | Ask::ReviewResults(_) => None,
            Ask::Hits => Some("HITs"),
            Ask::Assignments(_) => Some("Assignments"),
            Ask::Bonuses(_) => Some("BonusPayments"),
            Ask::QualificationTypes => Some("QualificationTypes"),
            Ask::QualificationType(_) => Some("QualificationType"),
            Ask::Holders(_) | Ask::Former(_) => Some("Qualifications"),
            Ask::Requests => Some("QualificationRequests"),
            Ask::Blocks => Some("WorkerBlocks"),
        }
    }
}

/// An answer as it came, without what is about pages.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The records of a list; the one thing that was asked for; or the answer itself, where it is the record.
    pub records: Vec<Map<String, Value>>,
    /// How to ask for the next page. Every page that holds something may have it, also the last.
    pub next: Option<String>,
}

impl Answer {
    /// Whether it holds as much as a page can.
    pub fn is_full(&self) -> bool {
        self.records.len() >= PAGE as usize
    }
}

impl Client {
    /// Asks, and keeps what came as it came.
    pub async fn ask(&self, what: &Ask, next: Option<String>) -> Result<Answer, Error> {
        let kept = Kept::default();
        macro_rules! send {
            ($call:expr) => {
                drop($call.customize().interceptor(kept.clone()).send().await.map_err(classify)?)
            };
        }
        let sdk = &self.sdk;
        match what {
            Ask::Balance => send!(sdk.get_account_balance()),
            Ask::Hits => send!(sdk.list_hits().max_results(PAGE).set_next_token(next)),
            Ask::Assignments(hit) => {
                let call = sdk.list_assignments_for_hit().hit_id(hit.as_str());
                send!(call.max_results(PAGE).set_next_token(next))
            }
            Ask::Bonuses(hit) => {
                send!(sdk.list_bonus_payments().hit_id(hit.as_str()).max_results(PAGE).set_next_token(next))
            }
            Ask::ReviewResults(hit) => {
                let call = sdk.list_review_policy_results_for_hit().hit_id(hit.as_str());
                send!(call.retrieve_actions(true).retrieve_results(true).max_results(PAGE).set_next_token(next))
            }
            Ask::QualificationTypes => {
                let call = sdk.list_qualification_types().must_be_requestable(false).must_be_owned_by_caller(true);
                send!(call.max_results(PAGE).set_next_token(next))
            }
            Ask::QualificationType(id) => send!(sdk.get_qualification_type().qualification_type_id(id.as_str())),
            Ask::Holders(id) | Ask::Former(id) => {
                let status = if matches!(what, Ask::Holders(_)) { Granted } else { Revoked };
                let call = sdk.list_workers_with_qualification_type().qualification_type_id(id.as_str());
                send!(call.status(status).max_results(PAGE).set_next_token(next))
            }
            Ask::Requests => send!(sdk.list_qualification_requests().max_results(PAGE).set_next_token(next)),
            Ask::Blocks => send!(sdk.list_worker_blocks().max_results(PAGE).set_next_token(next)),
        }
        answer(what, kept.take())
    }
}

fn answer(what: &Ask, mut body: Map<String, Value>) -> Result<Answer, Error> {
    let next = body.remove("NextToken").and_then(|token| token.as_str().map(str::to_owned));
    body.remove("NumResults");
    let Some(member) = what.member() else { return Ok(Answer { records: vec![body], next }) };
    let odd = |came: &Value| Error::Malformed {
        operation: what.operation(),
        member,
        came: came.to_string().chars().take(80).collect(),
    };
    let records = match body.remove(member) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Object(one)) => vec![one],
        Some(Value::Array(items)) => {
            let object = |item| match item {
                Value::Object(members) => Ok(members),
                other => Err(odd(&other)),
            };
            items.into_iter().map(object).collect::<Result<_, _>>()?
        }
        Some(other) => return Err(odd(&other)),
    };
    Ok(Answer { records, next })
}

/// Keeps the body of one answer.
#[derive(Debug, Clone, Default)]
struct Kept(Arc<Mutex<Map<String, Value>>>);

impl Kept {
    fn take(&self) -> Map<String, Value> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Intercept for Kept {
    fn name(&self) -> &'static str {
        "hitdeck: as it came"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let raw = context.response();
        if raw.status().is_success()
            && let Some(body) = raw.body().bytes()
        {
            // The SDK has read it already, so that it is JSON; what it does not mind stays empty.
            let body = serde_json::from_slice(body).unwrap_or_default();
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = body;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(what: &Ask, body: Value) -> Result<Answer, Error> {
        answer(what, body.as_object().unwrap().clone())
    }

    #[test]
    fn records_stay_as_they_came() {
        let body = json!({"NextToken": "p1:x", "NumResults": 1, "HITs": [{"HITId": "3H", "New": [1.5]}]});
        let answer = of(&Ask::Hits, body).unwrap();
        assert_eq!(answer.next.as_deref(), Some("p1:x"));
        assert_eq!(Value::Object(answer.records[0].clone()), json!({"HITId": "3H", "New": [1.5]}));
        assert_eq!(of(&Ask::Hits, json!({"NumResults": 0})).unwrap(), Answer { records: vec![], next: None });
        let balance = of(&Ask::Balance, json!({"AvailableBalance": "1.00"})).unwrap();
        assert_eq!(balance.records.len(), 1);
    }

    #[test]
    fn a_list_of_something_else_is_an_error_that_names_it() {
        let error = of(&Ask::Hits, json!({"HITs": [7]})).unwrap_err().to_string();
        assert_eq!(error, "the answer to ListHITs has no usable HITs: 7");
    }
}
