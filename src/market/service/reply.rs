//! What workers answer to rejections.

use super::Service;
use crate::domain::worker_answer::{LONGEST_ANSWER, join};
use crate::market::error::{Refusal, ServiceError};
use crate::market::rules::assignment::{Phase, check_feedback};
use crate::market::storage::WorkerKey;

impl Service {
    /// Answers the rejection of a worker's own assignment, once: requesters read it behind their feedback.
    pub async fn answer_rejection(&self, worker: WorkerKey, assignment: &str, text: &str) -> Result<(), ServiceError> {
        let text = text.replace("\r\n", "\n").trim().to_owned();
        if text.is_empty() || text.chars().count() > LONGEST_ANSWER {
            let what = format!("An answer has 1 to {LONGEST_ANSWER} characters.");
            return Err(Refusal::Worker(what).into());
        }
        check_feedback("The answer", &text).map_err(Refusal::Worker)?;
        let id = assignment.to_owned();
        self.storage
            .change(move |change| {
                let done = change.done_by(worker, &id)?.ok_or_else(|| Refusal::NoAssignment(id.clone()))?;
                if done.phase != Phase::Rejected {
                    return Err(Refusal::Worker("Only the rejection of an assignment can be answered.".into()).into());
                }
                if done.reply.is_some() {
                    return Err(Refusal::Worker("You have answered this rejection already.".into()).into());
                }
                let feedback = join(done.feedback.as_deref().unwrap_or_default(), &text);
                Ok(change.add_reply(&done, &text, &feedback)?)
            })
            .await
    }
}
