//! Notification events: what a change means to somebody who watches a HIT type, and in which words it is told.

use super::hit::{Happening, HitState};
use crate::domain::hit::HitStatus;
use crate::domain::time::Time;
use crate::market::json::Json;

/// `EventType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventType {
    /// A worker took an assignment.
    AssignmentAccepted,
    /// A worker's time was over.
    AssignmentAbandoned,
    /// A worker gave an assignment back.
    AssignmentReturned,
    /// A worker handed in.
    AssignmentSubmitted,
    /// Work was rejected.
    AssignmentRejected,
    /// Work was approved, by a person or by the clock.
    AssignmentApproved,
    /// A HIT was published.
    HitCreated,
    /// A HIT's lifetime ended before all of it was handed in.
    HitExpired,
    /// Nothing of a HIT is open any more.
    HitReviewable,
    /// A HIT got more time or more assignments.
    HitExtended,
    /// A HIT was disposed of.
    HitDisposed,
    /// Nothing has happened: SendTestEventNotification.
    Ping,
}

use EventType::*;

impl EventType {
    /// All, in the order in which storage numbers them.
    pub const ALL: [EventType; 12] = [
        AssignmentAccepted,
        AssignmentAbandoned,
        AssignmentReturned,
        AssignmentSubmitted,
        AssignmentRejected,
        AssignmentApproved,
        HitCreated,
        HitExpired,
        HitReviewable,
        HitExtended,
        HitDisposed,
        Ping,
    ];

    /// The API's words, in the same order.
    pub const NAMES: [&str; 12] = [
        "AssignmentAccepted",
        "AssignmentAbandoned",
        "AssignmentReturned",
        "AssignmentSubmitted",
        "AssignmentRejected",
        "AssignmentApproved",
        "HITCreated",
        "HITExpired",
        "HITReviewable",
        "HITExtended",
        "HITDisposed",
        "Ping",
    ];

    /// The API's word.
    pub const fn name(self) -> &'static str {
        EventType::NAMES[self as usize]
    }

    /// By the API's word.
    pub fn named(name: &str) -> Option<EventType> {
        EventType::ALL.into_iter().find(|event| event.name() == name)
    }

    /// Whether it is about an assignment.
    pub const fn of_assignment(self) -> bool {
        (self as usize) < (HitCreated as usize)
    }
}

/// Which events a specification names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EventSet(u16);

impl EventSet {
    /// As storage keeps it: a bit for each.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// From what storage kept.
    pub const fn of_bits(bits: u16) -> EventSet {
        EventSet(bits)
    }

    /// Whether an event is in it.
    pub const fn has(self, event: EventType) -> bool {
        self.0 & (1 << event as u16) != 0
    }
}

impl FromIterator<EventType> for EventSet {
    fn from_iter<I: IntoIterator<Item = EventType>>(events: I) -> EventSet {
        EventSet(events.into_iter().fold(0, |bits, event| bits | 1 << event as u16))
    }
}

/// How documents reach a requester.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transport {
    /// A queue, named by its URL.
    Sqs,
    /// A topic, named by its ARN; or the URL of a web hook.
    Sns,
}

impl Transport {
    /// All, in the order in which storage numbers them.
    pub const ALL: [Transport; 2] = [Transport::Sqs, Transport::Sns];

    /// The API's word.
    pub const fn name(self) -> &'static str {
        match self {
            Transport::Sqs => "SQS",
            Transport::Sns => "SNS",
        }
    }
}

/// The versions that programs give; they mean the same.
pub const VERSIONS: [&str; 2] = ["2014-08-15", "2006-05-05"];
/// The most documents that wait for one destination; more are dropped and counted.
pub const MAX_WAITING: i64 = 100_000;
/// The most destinations of one requester.
pub const MAX_DESTINATIONS: i64 = 1_000;

/// What follows from a change of a HIT, in order. `late` says that a worker's time was over.
pub fn events_of(happening: Happening, late: bool, before: &HitState, after: &HitState) -> Vec<EventType> {
    let first = match happening {
        Happening::Accepted => Some(AssignmentAccepted),
        Happening::Submitted => Some(AssignmentSubmitted),
        Happening::GivenBack => Some(if late { AssignmentAbandoned } else { AssignmentReturned }),
        Happening::Approved | Happening::Overridden => Some(AssignmentApproved),
        Happening::Rejected => Some(AssignmentRejected),
        // Only what ended before all was handed in has expired.
        Happening::Lapsed => (!before.lapsed && before.available + before.pending > 0).then_some(HitExpired),
        Happening::Extended(_) | Happening::Added(_) => Some(HitExtended),
        Happening::Retyped { .. } | Happening::Marked | Happening::Unmarked => None,
        Happening::Deleted => Some(HitDisposed),
    };
    let closed = |state: &HitState| matches!(state.status, HitStatus::Reviewable | HitStatus::Reviewing);
    let reviewable = !closed(before) && after.status == HitStatus::Reviewable;
    first.into_iter().chain(reviewable.then_some(HitReviewable)).collect()
}

/// What an event is about.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// `CustomerId` of the requester.
    pub customer: &'a str,
    /// `HITTypeId`.
    pub hit_type: &'a str,
    /// `HITId`.
    pub hit: &'a str,
    /// `AssignmentId`, of events of an assignment.
    pub assignment: Option<&'a str>,
}

/// The document that tells events of one change.
pub fn document(id: &str, about: About<'_>, events: &[EventType], at: Time) -> String {
    let stamp = jiff::Timestamp::from_second(at.0).map(|at| at.to_string()).unwrap_or_default();
    let mut json = Json::with_capacity(320);
    json.open().text("EventDocVersion", VERSIONS[0]).text("EventDocId", id).text("CustomerId", about.customer);
    json.open_list("Events");
    for event in events {
        json.open()
            .text("EventType", event.name())
            .text("EventTimestamp", &stamp)
            .text("HITTypeId", about.hit_type)
            .text("HITId", about.hit)
            .optional("AssignmentId", about.assignment.filter(|_| event.of_assignment()))
            .close();
    }
    json.close_list().close();
    // The writer writes text only.
    String::from_utf8_lossy(&json.into_bytes()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Usd;

    fn hit(max: u32) -> HitState {
        HitState::created(max, Usd::cents(5), Usd::cents(1), Time(1_000)).0
    }

    /// What is told while a HIT goes through these happenings.
    fn told(mut hit: HitState, happenings: &[Happening]) -> Vec<EventType> {
        let mut told = Vec::new();
        for happening in happenings {
            let after = hit.after(*happening).unwrap().0;
            told.extend(events_of(*happening, false, &hit, &after));
            hit = after;
        }
        told
    }

    #[test]
    fn a_hit_is_reviewable_when_the_last_of_it_is_handed_in() {
        use Happening::*;
        let events = told(hit(2), &[Accepted, Accepted, Submitted, Submitted, Approved, Rejected, Overridden]);
        let expected = [
            AssignmentAccepted,
            AssignmentAccepted,
            AssignmentSubmitted,
            AssignmentSubmitted,
            HitReviewable,
            AssignmentApproved,
            AssignmentRejected,
            AssignmentApproved,
        ];
        assert_eq!(events, expected);
    }

    #[test]
    fn only_an_open_hit_expires_and_each_round_is_reviewable_again() {
        use Happening::*;
        assert_eq!(told(hit(1), &[Lapsed, Lapsed]), [HitExpired, HitReviewable]);
        assert_eq!(told(hit(1), &[Accepted, Submitted, Lapsed])[2..], [HitReviewable], "all was handed in");
        let late = told(hit(1), &[Accepted, Lapsed, GivenBack]);
        assert_eq!(late, [AssignmentAccepted, HitExpired, AssignmentReturned, HitReviewable]);
        let again = told(hit(1), &[Lapsed, Extended(Time(9_000)), Lapsed, Deleted]);
        assert_eq!(again, [HitExpired, HitReviewable, HitExtended, HitExpired, HitReviewable, HitDisposed]);
        let state = hit(1).after(Accepted).unwrap().0;
        let after = state.after(GivenBack).unwrap().0;
        assert_eq!(events_of(GivenBack, true, &state, &after), [AssignmentAbandoned]);
    }

    #[test]
    fn a_document_names_an_assignment_where_there_is_one() {
        let about = About { customer: "A1", hit_type: "3T", hit: "3H", assignment: Some("3A") };
        assert_eq!(
            document("d", about, &[AssignmentSubmitted, HitReviewable], Time(1_769_903_999)),
            r#"{"EventDocVersion":"2014-08-15","EventDocId":"d","CustomerId":"A1","Events":[{"EventType":"AssignmentSubmitted","EventTimestamp":"2026-01-31T23:59:59Z","HITTypeId":"3T","HITId":"3H","AssignmentId":"3A"},{"EventType":"HITReviewable","EventTimestamp":"2026-01-31T23:59:59Z","HITTypeId":"3T","HITId":"3H"}]}"#
        );
    }

    #[test]
    fn names_and_sets() {
        for event in EventType::ALL {
            assert_eq!(EventType::named(event.name()), Some(event));
            assert_eq!(event.name().starts_with("Assignment"), event.of_assignment());
        }
        assert_eq!(EventType::named("hitcreated"), None);
        let set: EventSet = [HitExpired, AssignmentAccepted].into_iter().collect();
        let has: Vec<EventType> = EventType::ALL.into_iter().filter(|event| set.has(*event)).collect();
        assert_eq!(has, [AssignmentAccepted, HitExpired]);
        assert_eq!(EventSet::of_bits(set.bits()), set);
    }
}
