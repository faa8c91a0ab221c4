//! `RejectQualificationRequest`.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use crate::market::Market;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let id = input.required_text("QualificationRequestId");
    let reason = input.text("Reason").map(str::to_owned);
    input.finish()?;
    market.service.reject_qualification_request(who, id, reason).await?;
    Ok(super::nothing())
}
