//! `UpdateExpirationForHIT`.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use crate::market::Market;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let hit = input.required_entity("HITId");
    let expires = input.required_time("ExpireAt");
    input.finish()?;
    market.service.update_expiration(who, hit, expires).await?;
    Ok(super::nothing())
}
