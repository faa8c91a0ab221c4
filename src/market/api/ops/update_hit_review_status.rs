//! `UpdateHITReviewStatus`: moves a HIT between the two states of review.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use crate::market::Market;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let hit = input.required_entity("HITId");
    let revert = input.boolean("Revert").unwrap_or(false);
    input.finish()?;
    market.service.update_review_status(who, hit, revert).await?;
    Ok(super::nothing())
}
