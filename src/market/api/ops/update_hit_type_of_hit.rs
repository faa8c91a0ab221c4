//! `UpdateHITTypeOfHIT`.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use crate::market::Market;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let hit = input.required_entity("HITId");
    let of = input.required_entity("HITTypeId");
    input.finish()?;
    market.service.update_type(who, hit, of).await?;
    Ok(super::nothing())
}
