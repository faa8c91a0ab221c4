//! One client of one endpoint and one account.

use super::answers::Check;
use super::credentials::{OneAccount, Source};
use super::error::{Error, classify};
use super::map::Reading;
use crate::domain::assignment::{Assignment, BonusPayment};
use crate::domain::hit::Hit;
use crate::domain::id::{AssignmentId, HitId, WorkerId};
use crate::domain::money::Usd;
use aws_sdk_mturk::config::retry::RetryConfig;
use aws_sdk_mturk::config::timeout::TimeoutConfig;
use aws_sdk_mturk::config::{BehaviorVersion, Config, Region, StalledStreamProtectionConfig};
use std::time::Duration;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long one request may take, connecting included.
const ATTEMPT: Duration = Duration::from_secs(30);
/// The API's largest page.
pub(super) const PAGE: i32 = 100;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// How to ask for the next one. Every page that holds something has it, also the last.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Whether it holds as much as a page can.
    pub fn is_full(&self) -> bool {
        self.items.len() >= PAGE as usize
    }
}

/// `GetAccountBalance`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// What can be spent.
    pub available: Usd,
    /// What is reserved, where the endpoint says so.
    pub on_hold: Option<Usd>,
}

/// A client of one endpoint and one account; clones share its connections.
#[derive(Debug, Clone)]
pub struct Client {
    pub(super) sdk: aws_sdk_mturk::Client,
    check: Check,
}

impl Client {
    /// Builds a client that signs with keys of `account` only. Reads root certificates and the credential chain, which
    /// takes tens of milliseconds: never before the first frame. Sends nothing.
    pub async fn new(endpoint: &str, source: &Source, account: &str) -> Self {
        let keys = OneAccount::new(source, account.to_owned()).await;
        let check = Check::default();
        let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT).operation_attempt_timeout(ATTEMPT).build();
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("us-east-1"))
            .endpoint_url(endpoint)
            .credentials_provider(keys)
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts)
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .interceptor(check.clone())
            .build();
        Client { sdk: aws_sdk_mturk::Client::from_conf(config), check }
    }

    /// The `Date` header of the last answer, if there was one: what time it is at the endpoint.
    pub fn date(&self) -> Option<String> {
        self.check.date()
    }

    /// `GetAccountBalance`.
    pub async fn balance(&self) -> Result<Balance, Error> {
        let answer = self.sdk.get_account_balance().send().await.map_err(classify)?;
        let reading = Reading("GetAccountBalance");
        let on_hold = answer.on_hold_balance.map(|text| reading.money(Some(text), "OnHoldBalance"));
        Ok(Balance {
            available: reading.money(answer.available_balance, "AvailableBalance")?,
            on_hold: on_hold.transpose()?,
        })
    }

    /// One page of `ListHITs`.
    pub async fn list_hits(&self, next: Option<String>) -> Result<Page<Hit>, Error> {
        let answer = self.sdk.list_hits().max_results(PAGE).set_next_token(next).send().await.map_err(classify)?;
        let hits = answer.hits.unwrap_or_default();
        let items = hits.into_iter().map(|hit| Reading("ListHITs").hit(hit)).collect::<Result<_, _>>()?;
        Ok(Page { items, next: answer.next_token })
    }

    /// `GetHIT`.
    pub async fn get_hit(&self, id: &HitId) -> Result<Hit, Error> {
        let answer = self.sdk.get_hit().hit_id(id.as_str()).send().await.map_err(classify)?;
        let reading = Reading("GetHIT");
        reading.hit(answer.hit.ok_or_else(|| reading.missing("HIT"))?)
    }

    /// One page of `ListAssignmentsForHIT`, all statuses.
    pub async fn list_assignments(&self, hit: &HitId, next: Option<String>) -> Result<Page<Assignment>, Error> {
        let call = self.sdk.list_assignments_for_hit().hit_id(hit.as_str()).max_results(PAGE).set_next_token(next);
        let answer = call.send().await.map_err(classify)?;
        let reading = Reading("ListAssignmentsForHIT");
        let found = answer.assignments.unwrap_or_default();
        let items = found.into_iter().map(|it| reading.assignment(it)).collect::<Result<_, _>>()?;
        Ok(Page { items, next: answer.next_token })
    }

    /// `GetAssignment`.
    pub async fn get_assignment(&self, id: &AssignmentId) -> Result<Assignment, Error> {
        let answer = self.sdk.get_assignment().assignment_id(id.as_str()).send().await.map_err(classify)?;
        let reading = Reading("GetAssignment");
        reading.assignment(answer.assignment.ok_or_else(|| reading.missing("Assignment"))?)
    }

    /// `ApproveAssignment`: pays the worker.
    pub async fn approve(
        &self,
        id: &AssignmentId,
        feedback: Option<&str>,
        override_rejection: bool,
    ) -> Result<(), Error> {
        let call = self.sdk.approve_assignment().assignment_id(id.as_str());
        let call = call.set_requester_feedback(feedback.map(str::to_owned)).override_rejection(override_rejection);
        call.send().await.map_err(classify)?;
        Ok(())
    }

    /// `RejectAssignment`: the worker is not paid.
    pub async fn reject(&self, id: &AssignmentId, feedback: &str) -> Result<(), Error> {
        let call = self.sdk.reject_assignment().assignment_id(id.as_str()).requester_feedback(feedback);
        call.send().await.map_err(classify)?;
        Ok(())
    }

    /// `SendBonus`: pays the worker once for each `token` (remembered by the service for 24 hours).
    pub async fn send_bonus(
        &self,
        worker: &WorkerId,
        assignment: &AssignmentId,
        amount: Usd,
        reason: &str,
        token: &str,
    ) -> Result<(), Error> {
        let call = self.sdk.send_bonus().worker_id(worker.as_str()).assignment_id(assignment.as_str());
        let call = call.bonus_amount(amount.to_string()).reason(reason).unique_request_token(token);
        call.send().await.map_err(classify)?;
        Ok(())
    }

    /// One page of `ListBonusPayments` for an assignment.
    pub async fn list_bonuses(&self, id: &AssignmentId, next: Option<String>) -> Result<Page<BonusPayment>, Error> {
        let call = self.sdk.list_bonus_payments().assignment_id(id.as_str()).max_results(PAGE).set_next_token(next);
        let answer = call.send().await.map_err(classify)?;
        let found = answer.bonus_payments.unwrap_or_default();
        let items = found.into_iter().map(|it| Reading("ListBonusPayments").bonus(it)).collect::<Result<_, _>>()?;
        Ok(Page { items, next: answer.next_token })
    }
}
