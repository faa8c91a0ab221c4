//! `SendTestEventNotification`: one event, to whoever the specification names.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::specification;
use crate::market::Market;
use crate::market::rules::event::EventType;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    input.require("Notification");
    let to = input.object("Notification", |inner| specification::read(inner, true));
    let event = EventType::named(input.required_one_of("TestEventType", &EventType::NAMES));
    input.finish()?;
    // Both were there, or the input would not have been finished.
    if let (Some(to), Some(event)) = (to, event) {
        market.service.send_test_event(who, to?, event).await?;
    }
    Ok(super::nothing())
}
