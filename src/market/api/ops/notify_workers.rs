//! `NotifyWorkers`: workers who cannot be notified are named in the answer and are no error.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::shared::length;
use crate::market::Market;
use crate::market::error::Refusal;
use crate::market::json::Json;
use crate::market::rules::block::{MAX_MESSAGE, MAX_NOTIFIED, MAX_SUBJECT};
use crate::market::service::NewLetter;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let subject = input.required_text("Subject");
    let text = input.required_text("MessageText");
    let workers = input.required_customers("WorkerIds");
    input.finish()?;
    length("Subject", subject, 1, MAX_SUBJECT)?;
    length("MessageText", text, 1, MAX_MESSAGE)?;
    if !(1..=MAX_NOTIFIED).contains(&workers.len()) {
        let what = format!("WorkerIds must name 1 to {MAX_NOTIFIED} workers, not {}.", workers.len());
        return Err(Refusal::Parameters(what).into());
    }
    let workers = workers.into_iter().map(str::to_owned).collect();
    let letter = NewLetter { subject: subject.to_owned(), text: text.to_owned(), workers };
    let failed = market.service.notify_workers(who, letter).await?;
    let mut json = Json::default();
    json.open().open_list("NotifyWorkersFailureStatuses");
    for (worker, why) in failed {
        json.open()
            .text("NotifyWorkersFailureCode", "HardFailure")
            .text("NotifyWorkersFailureMessage", why.message())
            .text("WorkerId", &worker)
            .close();
    }
    json.close_list().close();
    Ok(json.into_bytes())
}
