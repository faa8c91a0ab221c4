//! What is kept of a worker: handing it to them, and taking it away.

use serde_json::{Map, Value, json};

use super::Service;
use super::messages::kind;
use super::worker_accounts::known;
use crate::domain::id::WorkerId;
use crate::domain::time::Seconds;
use crate::market::error::{Refusal, ServiceError};
use crate::market::storage::{Done, View, WorkerKey};

impl Service {
    /// Everything that is kept of a worker.
    pub async fn export_worker(&self, worker: WorkerKey) -> Result<Value, ServiceError> {
        self.read(move |view| export(view, worker)).await
    }

    /// The same, of a worker by their ID.
    pub async fn export_worker_by_id(&self, worker: &WorkerId) -> Result<Value, ServiceError> {
        let worker = worker.clone();
        self.read(move |view| {
            let key = known(view, &worker)?;
            export(view, key)
        })
        .await
    }

    /// Takes away what tells who a worker is; the `WorkerId` under which their work stays.
    pub async fn anonymize(&self, worker: &WorkerId) -> Result<String, ServiceError> {
        let worker = worker.clone();
        self.storage
            .change(move |change| {
                let key = known(change, &worker)?;
                let open = change.count_open(key)?;
                if open > 0 {
                    let what = format!(
                        "Worker {worker} has assignments that are not decided ({open}): their requesters know them by this ID. \
                         Anonymize the worker when these are approved or rejected, or returned."
                    );
                    return Err(Refusal::Worker(what).into());
                }
                Ok(change.anonymize(key)?)
            })
            .await
    }

    /// Takes away what is older than the retention time: messages, and what tells who workers are who were not here since. How many
    /// workers that were.
    pub async fn forget_old(&self, days: u32, now_ms: i64) -> Result<usize, ServiceError> {
        let span = Seconds(i64::from(days) * Seconds::DAY.0);
        self.storage
            .change(move |change| {
                let idle = change.idle_accounts(now_ms - span.0 * 1_000)?;
                for worker in &idle {
                    change.anonymize(*worker)?;
                }
                change.remove_messages(change.now() - span)?;
                Ok(idle.len())
            })
            .await
    }
}

fn export(view: &View<'_>, worker: WorkerKey) -> Result<Value, ServiceError> {
    let (profile, account) = (view.standings(worker)?.profile, view.worker_account(worker)?);
    let mut assignments = Vec::new();
    for done in view.all_done(worker)? {
        assignments.push(assignment(view, &done)?);
    }
    let held = view.held(worker)?.into_iter().map(|held| {
        json!({"AssignmentId": held.id.as_str(), "HITId": held.hit.as_str(), "AcceptTime": held.accepted.0, "Deadline": held.deadline.0})
    });
    let qualifications = view.qualifications_of(worker)?.into_iter().map(|had| {
        json!({"QualificationTypeId": had.type_id, "Name": had.name, "IntegerValue": had.value, "GrantTime": had.granted.0,
               "Status": had.status.name(), "Reason": had.reason})
    });
    let waiting = view.waiting_requests(worker)?.into_iter().map(
        |asked| json!({"QualificationTypeId": asked.type_id, "Name": asked.name, "SubmitTime": asked.submitted.0}),
    );
    let messages = view.messages(worker, None, u32::MAX)?.into_iter().map(|message| {
        json!({"From": message.from, "Time": message.at.0, "Kind": kind(message.kind), "Subject": message.subject,
               "Text": message.text, "QualificationTypeId": message.qualification})
    });
    Ok(json!({
        "WorkerId": view.worker_id(worker)?.as_str(),
        "Country": profile.locale.as_ref().map(|locale| &locale.country),
        "Subdivision": profile.locale.as_ref().and_then(|locale| locale.subdivision.as_ref()),
        "Adult": profile.adult,
        "Masters": profile.masters,
        "Account": account.map(|account| json!({
            "Joined": account.joined_ms.map(|ms| ms / 1_000),
            "LastSeen": account.active_ms / 1_000,
            "Suspended": account.suspended,
            "WebHook": account.hook,
        })),
        "Held": held.collect::<Vec<_>>(),
        "Assignments": assignments,
        "Qualifications": qualifications.collect::<Vec<_>>(),
        "QualificationRequests": waiting.collect::<Vec<_>>(),
        "Messages": messages.collect::<Vec<_>>(),
    }))
}

fn assignment(view: &View<'_>, done: &Done) -> Result<Value, ServiceError> {
    let members = view.handed_in_at(done.seq)?;
    let text = [b"{", members.as_slice(), b"}"].concat();
    let mut all: Map<String, Value> = serde_json::from_slice(&text).unwrap_or_default();
    all.insert("Title".into(), json!(done.title));
    all.insert("Reward".into(), json!(done.reward.to_string()));
    all.insert("AssignmentStatus".into(), json!(done.phase.visible().map(|status| status.name())));
    all.insert("RequesterFeedback".into(), json!(done.feedback));
    all.insert("ApprovalTime".into(), json!(done.approved.map(|at| at.0)));
    all.insert("RejectionTime".into(), json!(done.rejected.map(|at| at.0)));
    let bonuses = view.bonuses_for(done.key)?.into_iter();
    let bonuses: Vec<Value> = bonuses
        .map(|(amount, reason, at)| json!({"BonusAmount": amount.to_string(), "Reason": reason, "GrantTime": at.0}))
        .collect();
    all.insert("Bonuses".into(), bonuses.into());
    Ok(Value::Object(all))
}
