//! `AssociateQualificationWithWorker`.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use crate::market::Market;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let id = input.required_entity("QualificationTypeId");
    let worker = input.required_customer("WorkerId");
    let value = input.integer("IntegerValue").and_then(|value| i32::try_from(value).ok());
    let notify = input.boolean("SendNotification").unwrap_or(true);
    input.finish()?;
    market.service.associate_qualification(who, id, worker, value, notify).await?;
    Ok(super::nothing())
}
