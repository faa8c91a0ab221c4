//! The operations about workers: blocks and messages.

use super::client::{Client, PAGE, Page};
use super::error::{Error, classify};
use super::map::Reading;
use crate::domain::assignment::BonusPayment;
use crate::domain::id::{HitId, WorkerId};
use crate::domain::worker::{NotifyFailure, WorkerBlock};

impl Client {
    /// `CreateWorkerBlock`: the worker can no longer accept this account's HITs. Blocking again is no error.
    pub async fn block(&self, worker: &WorkerId, reason: &str) -> Result<(), Error> {
        self.sdk.create_worker_block().worker_id(worker.as_str()).reason(reason).send().await.map_err(classify)?;
        Ok(())
    }

    /// `DeleteWorkerBlock`. Of a worker who is not blocked: no error.
    pub async fn unblock(&self, worker: &WorkerId, reason: Option<&str>) -> Result<(), Error> {
        let call = self.sdk.delete_worker_block().worker_id(worker.as_str()).set_reason(reason.map(str::to_owned));
        call.send().await.map_err(classify)?;
        Ok(())
    }

    /// One page of `ListWorkerBlocks`.
    pub async fn list_blocks(&self, next: Option<String>) -> Result<Page<WorkerBlock>, Error> {
        let call = self.sdk.list_worker_blocks().max_results(PAGE).set_next_token(next);
        let answer = call.send().await.map_err(classify)?;
        let found = answer.worker_blocks.unwrap_or_default();
        let items = found.into_iter().map(|it| Reading("ListWorkerBlocks").block(it)).collect::<Result<_, _>>()?;
        Ok(Page { items, next: answer.next_token })
    }

    /// `NotifyWorkers`, to at most 100. Answers those whom it did not reach.
    pub async fn notify(&self, workers: &[WorkerId], subject: &str, text: &str) -> Result<Vec<NotifyFailure>, Error> {
        let ids = workers.iter().map(|worker| worker.as_str().to_owned()).collect();
        let call = self.sdk.notify_workers().subject(subject).message_text(text).set_worker_ids(Some(ids));
        let answer = call.send().await.map_err(classify)?;
        let failures = answer.notify_workers_failure_statuses.unwrap_or_default();
        failures.into_iter().map(|it| Reading("NotifyWorkers").failure(it)).collect()
    }

    /// One page of `ListBonusPayments` for a HIT.
    pub async fn list_bonuses_of_hit(&self, hit: &HitId, next: Option<String>) -> Result<Page<BonusPayment>, Error> {
        let call = self.sdk.list_bonus_payments().hit_id(hit.as_str()).max_results(PAGE).set_next_token(next);
        let answer = call.send().await.map_err(classify)?;
        let found = answer.bonus_payments.unwrap_or_default();
        let items = found.into_iter().map(|it| Reading("ListBonusPayments").bonus(it)).collect::<Result<_, _>>()?;
        Ok(Page { items, next: answer.next_token })
    }
}
