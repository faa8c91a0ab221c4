//! Blocks: a blocked worker takes no more of a requester's HITs; what was taken before can still be handed in.

use super::Service;
use super::messages::tell;
use crate::market::error::{Refusal, ServiceError};
use crate::market::rules::block::MAX_BLOCKS;
use crate::market::storage::{Notice, RequesterKey, View, WorkerKey};

impl Service {
    /// Blocks a worker, or changes the reason of a block.
    pub async fn block(&self, who: RequesterKey, worker: &str, reason: String) -> Result<(), ServiceError> {
        let worker = worker.to_owned();
        self.storage
            .change(move |change| {
                let key = known_worker(change, &worker, "")?;
                if !change.is_blocked(who, key)? {
                    if change.count_blocks(who)? >= MAX_BLOCKS {
                        let what = format!("You have blocked {MAX_BLOCKS} workers; no more are possible.");
                        return Err(Refusal::Parameters(what).into());
                    }
                    tell(change, who, key, Notice::Blocked)?;
                }
                Ok(change.save_block(who, key, &reason)?)
            })
            .await
    }

    /// Takes a block back; of a worker who is not blocked too.
    pub async fn unblock(&self, who: RequesterKey, worker: &str) -> Result<(), ServiceError> {
        let worker = worker.to_owned();
        self.storage
            .change(move |change| {
                let key = known_worker(change, &worker, "WorkerId is invalid.")?;
                if change.remove_block(who, key)? {
                    tell(change, who, key, Notice::Unblocked)?;
                }
                Ok(())
            })
            .await
    }
}

/// A worker by ID, or why the parameter `WorkerId` is wrong.
pub(in crate::market) fn known_worker(view: &View<'_>, id: &str, hint: &str) -> Result<WorkerKey, ServiceError> {
    let unknown = || Refusal::Parameter { parameter: "WorkerId", value: id.to_owned(), hint: hint.to_owned() };
    Ok(view.worker(id)?.ok_or_else(unknown)?)
}

/// Refuses when a requester has blocked a worker who is about to take work.
pub(super) fn check_not_blocked(view: &View<'_>, who: RequesterKey, worker: WorkerKey) -> Result<(), ServiceError> {
    if view.is_blocked(who, worker)? {
        return Err(
            Refusal::Worker("This requester has blocked the worker: their HITs cannot be accepted.".into()).into()
        );
    }
    Ok(())
}
