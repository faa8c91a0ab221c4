//! `RejectAssignment`.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use crate::market::Market;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let assignment = input.required_entity("AssignmentId");
    let feedback = input.required_text("RequesterFeedback").to_owned();
    input.finish()?;
    market.service.reject(who, assignment, feedback).await?;
    Ok(super::nothing())
}
