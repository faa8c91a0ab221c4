//! `DeleteHIT`.

use super::super::error::Fault;
use super::super::input::Input;
use crate::market::Market;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Vec<u8>, Fault> {
    let hit = input.required_entity("HITId");
    input.finish()?;
    market.service.delete_hit(who, hit).await?;
    Ok(super::nothing())
}
