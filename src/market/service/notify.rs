//! Notifications: settings of HIT types, and putting events on their way in the change that they tell of.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use tokio::sync::Notify;

use super::Service;
use crate::domain::time::Time;
use crate::market::clock::wall_millis;
use crate::market::error::{Refusal, ServiceError};
use crate::market::id::request_id;
use crate::market::rules::event::{About, EventSet, EventType, MAX_DESTINATIONS, Transport, document, events_of};
use crate::market::rules::hit::{Happening, HitState};
use crate::market::storage::{
    AssignmentKey, Change, DestinationKey, DestinationRecord, Document, DueDestination, HitRecord, RequesterKey,
};

/// A notification specification, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Specification {
    /// `Transport`.
    pub transport: Transport,
    /// `Destination`.
    pub address: String,
    /// `EventTypes`.
    pub events: EventSet,
}

/// What became of an attempt to deliver: the documents that arrived, and why the next one did not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attempt {
    /// Documents that arrived.
    pub delivered: Vec<i64>,
    /// Why it ended before all had arrived, and when to try again.
    pub failed: Option<Failure>,
}

/// An attempt that failed. Times are wall time in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// In words.
    pub error: String,
    /// Not before.
    pub retry_ms: i64,
    /// Documents from before are given up.
    pub too_old_ms: i64,
}

/// What test events are about: no real HIT has such an ID.
const TEST: (&str, &str, &str) = ("TESTHITTYPE", "TESTHIT", "TESTASSIGNMENT");

impl Service {
    /// Changes what is told about HITs of a type: the specification, whether it is active, or both.
    pub async fn update_notification(
        &self,
        who: RequesterKey,
        hit_type: &str,
        specification: Option<Specification>,
        active: Option<bool>,
    ) -> Result<(), ServiceError> {
        let id = hit_type.to_owned();
        self.storage
            .change(move |change| {
                let of = change.hit_type(who, &id)?.ok_or(Refusal::NoHitType(id))?.key;
                let before = change.is_watched(of)?;
                match (specification, active) {
                    (Some(new), active) => {
                        let to = destination(change, who, &new)?;
                        // A first specification is active; another one leaves it as it was.
                        let active = active.or(before).unwrap_or(true);
                        Ok(change.save_notification(of, to, new.events, active)?)
                    }
                    (None, Some(active)) if before.is_some() => Ok(change.set_watched(of, active)?),
                    (None, Some(_)) => {
                        let what = "Active cannot be changed: this HIT type has no notification specification yet.";
                        Err(Refusal::Parameters(what.into()).into())
                    }
                    (None, None) => {
                        let what = "Either Notification or Active must be given, or both.";
                        Err(Refusal::Parameters(what.into()).into())
                    }
                }
            })
            .await
    }

    /// Sends a test event, whether or not the specification names its type.
    pub async fn send_test_event(
        &self,
        who: RequesterKey,
        to: Specification,
        event: EventType,
    ) -> Result<(), ServiceError> {
        self.storage
            .change(move |change| {
                let access_key = change.requester_at(who)?.access_key;
                let customer = customer_id(&access_key);
                let about = About { customer: &customer, hit_type: TEST.0, hit: TEST.1, assignment: Some(TEST.2) };
                let body = document(&request_id(), about, &[event], change.now());
                let to = destination(change, who, &to)?;
                Ok(change.queue_document(to, &body, wall_millis())?)
            })
            .await
    }

    /// All destinations and what became of their documents, for operators.
    pub async fn destinations(&self) -> Result<Vec<DestinationRecord>, ServiceError> {
        self.read(|view| Ok(view.destinations()?)).await
    }

    /// Rings whenever a document has been queued.
    pub(in crate::market) fn documents_queued(&self) -> Arc<Notify> {
        self.storage.documents_queued()
    }

    /// Destinations for which documents wait, the first one to be tried first. Seen through the writer: nothing that was queued
    /// before is missed.
    pub(in crate::market) async fn due_destinations(&self, limit: u32) -> Result<Vec<DueDestination>, ServiceError> {
        self.storage.change(move |change| Ok(change.due_destinations(limit)?)).await
    }

    /// Documents that wait for a destination, oldest first.
    pub(in crate::market) async fn waiting_documents(
        &self,
        of: DestinationKey,
        limit: u32,
    ) -> Result<Vec<Document>, ServiceError> {
        self.storage.change(move |change| Ok(change.waiting_documents(of, limit)?)).await
    }

    /// Writes down what became of an attempt.
    pub(in crate::market) async fn save_attempt(
        &self,
        to: DestinationKey,
        attempt: Attempt,
    ) -> Result<(), ServiceError> {
        self.storage
            .change(move |change| {
                let now = wall_millis();
                if !attempt.delivered.is_empty() {
                    change.save_delivered(to, &attempt.delivered, now)?;
                }
                if let Some(Failure { error, retry_ms, too_old_ms }) = attempt.failed {
                    change.save_failed(to, &error, retry_ms, too_old_ms, now)?;
                }
                Ok(())
            })
            .await
    }
}

/// The assignment that an event is about.
#[derive(Clone, Copy)]
pub(super) enum Subject<'s> {
    /// None.
    Hit,
    /// A row.
    Assignment(AssignmentKey),
    /// One whose ID is known.
    Named(&'s str),
}

/// Tells whoever watches the HIT's type what has happened to it: `hit` is as it was before, `after` as it is now.
pub(super) fn announce(
    change: &mut Change<'_>,
    hit: &HitRecord,
    after: &HitState,
    happening: Happening,
    subject: Subject<'_>,
    at: Time,
) -> Result<(), ServiceError> {
    let Some(watch) = change.watch(hit.type_key)? else { return Ok(()) };
    let (assignment, deadline) = match subject {
        Subject::Hit => (None, None),
        Subject::Named(id) => (Some(id.to_owned()), None),
        Subject::Assignment(key) => {
            let (id, deadline) = change.assignment_deadline(key)?;
            (Some(id), deadline)
        }
    };
    let late = deadline.is_some_and(|deadline| at >= deadline);
    let mut events = events_of(happening, late, &hit.state, after);
    events.retain(|event| watch.events.has(*event));
    if events.is_empty() {
        return Ok(());
    }
    let customer = customer_id(&watch.access_key);
    let about =
        About { customer: &customer, hit_type: &watch.hit_type, hit: &hit.id, assignment: assignment.as_deref() };
    let body = document(&request_id(), about, &events, at);
    Ok(change.queue_document(watch.destination, &body, wall_millis())?)
}

/// Tells whoever watches its type that a HIT was published.
pub(super) fn announce_created(change: &mut Change<'_>, hit: &HitRecord) -> Result<(), ServiceError> {
    let Some(watch) = change.watch(hit.type_key)? else { return Ok(()) };
    if !watch.events.has(EventType::HitCreated) {
        return Ok(());
    }
    let customer = customer_id(&watch.access_key);
    let about = About { customer: &customer, hit_type: &watch.hit_type, hit: &hit.id, assignment: None };
    let body = document(&request_id(), about, &[EventType::HitCreated], change.now());
    Ok(change.queue_document(watch.destination, &body, wall_millis())?)
}

fn destination(change: &mut Change<'_>, who: RequesterKey, of: &Specification) -> Result<DestinationKey, ServiceError> {
    let key = change.find_or_add_destination(who, of.transport, &of.address)?;
    if change.count_destinations(who)? > MAX_DESTINATIONS {
        let what = format!("You have named {MAX_DESTINATIONS} destinations already; use one of those.");
        return Err(Refusal::Parameters(what).into());
    }
    Ok(key)
}

/// A requester's `CustomerId`: it has the form of a worker's, follows from the access key, and does not tell it.
fn customer_id(access_key: &str) -> String {
    const DIGITS: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let hash = Sha256::digest(access_key.as_bytes());
    std::iter::once('A').chain(hash.iter().take(13).map(|byte| char::from(DIGITS[usize::from(*byte) % 36]))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::WorkerId;

    #[test]
    fn a_customer_is_named_as_workers_are() {
        let id = customer_id("HDMKABC");
        assert!(id.len() == 14 && WorkerId::parse(&id).is_ok(), "{id}");
        assert_eq!(id, customer_id("HDMKABC"));
        assert_ne!(id, customer_id("HDMKABD"));
    }
}
