//! `AcceptQualificationRequest`.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use crate::market::Market;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let id = input.required_text("QualificationRequestId");
    let value = input.integer("IntegerValue").and_then(|value| i32::try_from(value).ok());
    input.finish()?;
    market.service.accept_qualification_request(who, id, value).await?;
    Ok(super::nothing())
}
