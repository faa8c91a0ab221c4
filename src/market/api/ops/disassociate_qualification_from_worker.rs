//! `DisassociateQualificationFromWorker`.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use crate::market::Market;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let worker = input.required_customer("WorkerId");
    let id = input.required_entity("QualificationTypeId");
    let reason = input.text("Reason").map(str::to_owned);
    input.finish()?;
    market.service.disassociate_qualification(who, id, worker, reason).await?;
    Ok(super::nothing())
}
