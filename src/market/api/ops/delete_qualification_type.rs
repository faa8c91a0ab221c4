//! `DeleteQualificationType`.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use crate::market::Market;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let id = input.required_entity("QualificationTypeId");
    input.finish()?;
    market.service.delete_qualification_type(who, id).await?;
    Ok(super::nothing())
}
