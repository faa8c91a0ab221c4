//! `NotificationSpecification`, as two operations read it.

use super::super::input::Input;
use crate::market::deliver::Address;
use crate::market::error::Refusal;
use crate::market::rules::event::{EventType, Transport, VERSIONS};
use crate::market::service::Specification;

const TRANSPORTS: [&str; 3] = ["Email", "SQS", "SNS"];

/// The members of a specification. The inner result is good only when the input turns out to be. `ping` says whether `Ping` may be
/// one of the event types: it happens in tests only.
pub fn read(input: &mut Input<'_>, ping: bool) -> Result<Specification, Refusal> {
    let address = input.required_text("Destination");
    let transport = input.required_one_of("Transport", &TRANSPORTS);
    let version = input.required_text("Version");
    let names = input.required_list_of("EventTypes", &EventType::NAMES);
    let refuse = |parameter, value: &str, hint: &str| {
        Err(Refusal::Parameter { parameter, value: value.chars().take(80).collect(), hint: hint.to_owned() })
    };
    if !VERSIONS.contains(&version) {
        return refuse("Version", version, &format!("It must be {}.", VERSIONS[0]));
    }
    let Some(transport) = Transport::ALL.into_iter().find(|known| known.name() == transport) else {
        return refuse("Transport", transport, "This market sends no e-mail: use SQS or SNS.");
    };
    if names.is_empty() {
        return Err(Refusal::Parameters("EventTypes must name at least one event.".into()));
    }
    if !ping && names.contains(&EventType::Ping.name()) {
        return refuse("EventTypes", "Ping", "Ping is only valid for SendTestEventNotification.");
    }
    Address::parse(transport, address).map_err(|why| Refusal::Transport(why.to_string()))?;
    let events = names.into_iter().filter_map(EventType::named).collect();
    Ok(Specification { transport, address: address.to_owned(), events })
}
