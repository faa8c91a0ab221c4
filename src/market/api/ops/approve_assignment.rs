//! `ApproveAssignment`: pays a worker.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use crate::market::Market;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let assignment = input.required_entity("AssignmentId");
    let feedback = input.text("RequesterFeedback").map(str::to_owned);
    let override_rejection = input.boolean("OverrideRejection").unwrap_or(false);
    input.finish()?;
    market.service.approve(who, assignment, feedback, override_rejection).await?;
    Ok(super::nothing())
}
