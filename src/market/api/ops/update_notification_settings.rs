//! `UpdateNotificationSettings`: what is told about the HITs of a type, to whom, and whether.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::specification;
use crate::market::Market;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let hit_type = input.required_entity("HITTypeId");
    let specification = input.object("Notification", |inner| specification::read(inner, false));
    let active = input.boolean("Active");
    input.finish()?;
    let specification = specification.transpose()?;
    market.service.update_notification(who, hit_type, specification, active).await?;
    Ok(super::nothing())
}
