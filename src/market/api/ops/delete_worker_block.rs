//! `DeleteWorkerBlock`.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use crate::market::Market;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let worker = input.required_customer("WorkerId");
    // The reason is for the requester's own records; the block it would belong to is gone.
    input.text("Reason");
    input.finish()?;
    market.service.unblock(who, worker).await?;
    Ok(super::nothing())
}
