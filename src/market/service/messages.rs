//! Messages to workers.

use super::Service;
use crate::domain::id::WorkerId;
use crate::market::clock::wall_millis;
use crate::market::error::ServiceError;
use crate::market::rules::block::{NotNotified, may_notify};
use crate::market::storage::{Change, Message, MessageKind, Notice, RequesterKey, WorkerKey};

/// A message to several workers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLetter {
    /// `Subject`.
    pub subject: String,
    /// `MessageText`.
    pub text: String,
    /// `WorkerIds`.
    pub workers: Vec<String>,
}

impl Service {
    /// Sends a message to each worker to whom it may be sent, and says to whom not. A worker who is named twice gets one.
    pub async fn notify_workers(
        &self,
        who: RequesterKey,
        letter: NewLetter,
    ) -> Result<Vec<(String, NotNotified)>, ServiceError> {
        self.storage
            .change(move |change| {
                let NewLetter { subject, text, mut workers } = letter;
                let mut seen = std::collections::HashSet::new();
                workers.retain(|worker| seen.insert(worker.clone()));
                let (mut written, mut failed) = (None, Vec::new());
                for id in workers {
                    let worker = change.worker(&id)?;
                    let decided = match worker {
                        Some(worker) => change.has_decided_about(who, worker)?,
                        None => false,
                    };
                    match (worker, may_notify(worker.is_some(), decided)) {
                        (Some(worker), Ok(())) => {
                            let letter = match written {
                                Some(letter) => letter,
                                None => *written.insert(change.add_letter(&subject, &text)?),
                            };
                            tell(change, who, worker, Notice::Letter(letter))?;
                        }
                        (_, Err(why)) => failed.push((id, why)),
                        (None, Ok(())) => failed.push((id, NotNotified::Unknown)),
                    }
                }
                Ok(failed)
            })
            .await
    }

    /// What a worker was told, newest first, at most `limit`, from before the place `before` on.
    pub async fn messages(
        &self,
        worker: &WorkerId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Message>, ServiceError> {
        let worker = worker.clone();
        self.read(move |view| match view.worker(worker.as_str())? {
            Some(worker) => Ok(view.messages(worker, before, limit)?),
            None => Ok(Vec::new()),
        })
        .await
    }
}

/// Tells a worker something in the name of a requester: on their page, and where they have set a web hook, there too.
pub(super) fn tell(
    change: &mut Change<'_>,
    from: RequesterKey,
    worker: WorkerKey,
    notice: Notice<'_>,
) -> Result<(), ServiceError> {
    change.tell_worker(from, worker, notice)?;
    let Some(hook) = change.worker_account(worker)?.and_then(|account| account.hook) else { return Ok(()) };
    let Some(message) = change.messages(worker, None, 1)?.into_iter().next() else { return Ok(()) };
    let body = serde_json::json!({
        "WorkerId": change.worker_id(worker)?.as_str(),
        "From": message.from,
        "Time": message.at.0,
        "Kind": kind(message.kind),
        "Subject": message.subject,
        "Text": message.text,
        "QualificationTypeId": message.qualification,
    });
    let to = change.find_or_add_hook(from, worker, &hook)?;
    Ok(change.queue_document(to, &body.to_string(), wall_millis())?)
}

/// What programs call a kind of message.
pub(super) const fn kind(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Letter => "Message",
        MessageKind::Granted => "QualificationGranted",
        MessageKind::Revoked => "QualificationRevoked",
        MessageKind::RequestRejected => "QualificationRequestRejected",
        MessageKind::Blocked => "Blocked",
        MessageKind::Unblocked => "Unblocked",
    }
}
