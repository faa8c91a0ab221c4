//! `CreateAdditionalAssignmentsForHIT`.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::shared::range;
use crate::market::Market;
use crate::market::rules::hit::MOST_ASSIGNMENTS;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>, request: &str) -> Result<Bytes, Fault> {
    let hit = input.required_entity("HITId");
    let more = input.required_integer("NumberOfAdditionalAssignments");
    let token = input.token();
    input.finish()?;
    range("NumberOfAdditionalAssignments", more, 1, i64::from(MOST_ASSIGNMENTS))?;
    // The range was checked.
    let more = u32::try_from(more).unwrap_or(1);
    market.service.add_assignments(who, hit, more, token, request.to_owned()).await?;
    Ok(super::nothing())
}
