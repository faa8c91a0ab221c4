//! `UpdateExpirationForHIT`.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use crate::domain::time::Time;
use crate::market::Market;
use crate::market::error::Refusal;
use crate::market::storage::RequesterKey;

/// The last second that has a date of four digits.
const LAST: Time = Time(253_402_300_799);

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let hit = input.required_entity("HITId");
    let expires = input.required_time("ExpireAt");
    input.finish()?;
    if expires > LAST {
        let hint = "It must be before the year 10000.".into();
        return Err(Refusal::Parameter { parameter: "ExpireAt", value: expires.0.to_string(), hint }.into());
    }
    market.service.update_expiration(who, hit, expires).await?;
    Ok(super::nothing())
}
