//! The life of qualification types, of requests for them, and of qualifications (reference, section 4.7).

pub use crate::domain::qualification::TypeStatus;
use crate::domain::time::{Seconds, Time};

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RequestState {
    /// It waits for the requester.
    Pending,
    /// It was granted, by the requester, by itself, or by a test with an answer key.
    Accepted,
    /// The requester refused, or the type was deleted.
    Rejected,
}

impl RequestState {
    /// All, in the order in which storage numbers them.
    pub const ALL: [RequestState; 3] = [RequestState::Pending, RequestState::Accepted, RequestState::Rejected];
}

/// Whether a worker has a qualification that was granted once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QualificationStatus {
    /// The worker has it.
    Granted,
    /// It was taken back.
    Revoked,
}

impl QualificationStatus {
    /// All, in the order in which storage numbers them.
    pub const ALL: [QualificationStatus; 2] = [QualificationStatus::Granted, QualificationStatus::Revoked];

    /// What the API calls it.
    pub const fn name(self) -> &'static str {
        match self {
            QualificationStatus::Granted => "Granted",
            QualificationStatus::Revoked => "Revoked",
        }
    }
}

/// What a worker gets who asks for a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// The qualification, at once, with this value.
    Automatic(i32),
    /// The requester's attention.
    Manual,
    /// A test. With an answer key it is scored and decides at once.
    Test {
        /// How long the worker has for it.
        duration: Seconds,
        /// Whether there is an answer key.
        is_scored: bool,
    },
}

/// A test that a worker has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// When.
    pub started: Time,
    /// Until when it must be handed in.
    pub deadline: Time,
}

/// What a worker has asked of a type before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asked {
    /// When last, of all requests that went through.
    pub last: Option<Time>,
    /// Whether one of them still waits.
    pub is_pending: bool,
    /// The test that was begun last and not handed in.
    pub attempt: Option<Attempt>,
}

/// What a worker does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// Asks for the qualification, and if there is a test, for that.
    Begin,
    /// Hands in a test.
    HandIn,
}

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The worker has the qualification, with this value.
    Granted(i32),
    /// The request waits for the requester.
    Queued {
        /// When the worker asked.
        requested: Time,
    },
    /// The worker has a test before them.
    Sitting(Attempt),
    /// The test is scored, and its score granted.
    Scored {
        /// When the worker asked.
        requested: Time,
    },
}

/// Why a worker does not get what they ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AskRefusal {
    /// The type is not active.
    #[error("it cannot be requested: it is {}", .0.name())]
    Status(TypeStatus),
    /// A request waits already.
    #[error("the worker has requested it already, and that request waits for an answer")]
    Pending,
    /// The type can be requested once only.
    #[error("the worker has requested it before, and it does not allow another request")]
    NoRetake,
    /// It is too early to ask again.
    #[error("the worker has requested it before, and can do so again in {} seconds", .0.0)]
    TooEarly(Seconds),
    /// There is no test to be handed in.
    #[error("it has no test, so that no answer can be given")]
    NoTest,
    /// The test was begun too long ago, and would have to be begun again.
    #[error("the time for the test was over {} seconds ago", .0.0)]
    Late(Seconds),
}

/// What comes of a worker's asking. Handing in a test that was not begun begins it at the same moment.
pub fn ask(
    status: TypeStatus,
    offer: Offer,
    retry: Option<Seconds>,
    asked: Asked,
    asks: Asks,
    now: Time,
) -> Result<Outcome, AskRefusal> {
    if status != TypeStatus::Active {
        return Err(AskRefusal::Status(status));
    }
    if asked.is_pending {
        return Err(AskRefusal::Pending);
    }
    let Offer::Test { duration, is_scored } = offer else {
        if asks == Asks::HandIn {
            return Err(AskRefusal::NoTest);
        }
        may_ask_again(asked, retry, now)?;
        return Ok(match offer {
            Offer::Automatic(value) => Outcome::Granted(value),
            _ => Outcome::Queued { requested: now },
        });
    };
    let attempt = match asked.attempt {
        Some(running) if now <= running.deadline => running,
        Some(lapsed) if asks == Asks::HandIn => return Err(AskRefusal::Late(now - lapsed.deadline)),
        _ => {
            may_ask_again(asked, retry, now)?;
            Attempt { started: now, deadline: now + duration }
        }
    };
    let requested = attempt.started;
    Ok(match asks {
        Asks::Begin => Outcome::Sitting(attempt),
        Asks::HandIn if is_scored => Outcome::Scored { requested },
        Asks::HandIn => Outcome::Queued { requested },
    })
}

/// The value that a type grants by itself, if it does. `before` is that of a type that is changed; `granted` and `value` are what
/// is asked for now. A type with a test is never granted by itself.
pub fn automatic(
    before: Option<i32>,
    has_test: bool,
    granted: Option<bool>,
    value: Option<i32>,
) -> Result<Option<i32>, TestedAndAutomatic> {
    match granted.unwrap_or(before.is_some()) {
        true if has_test => Err(TestedAndAutomatic),
        is_automatic => Ok(is_automatic.then(|| value.or(before).unwrap_or(DEFAULT_VALUE))),
    }
}

/// The value of a qualification that is granted without one.
pub const DEFAULT_VALUE: i32 = 1;

/// A test and automatic granting exclude each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("AutoGranted must not be true for a QualificationType with a Test.")]
pub struct TestedAndAutomatic;

/// Without a delay a type is asked for once, whatever came of it; a test that was begun has been asked for.
fn may_ask_again(asked: Asked, retry: Option<Seconds>, now: Time) -> Result<(), AskRefusal> {
    let begun = asked.attempt.map(|attempt| attempt.started);
    let Some(last) = asked.last.max(begun) else { return Ok(()) };
    let again = last + retry.ok_or(AskRefusal::NoRetake)?;
    if now >= again { Ok(()) } else { Err(AskRefusal::TooEarly(again - now)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Time = Time(1_000_000);
    const TEST: Offer = Offer::Test { duration: Seconds(600), is_scored: false };
    const SCORED: Offer = Offer::Test { duration: Seconds(600), is_scored: true };
    const DAY: Option<Seconds> = Some(Seconds::DAY);
    const NEVER: Asked = Asked { last: None, is_pending: false, attempt: None };

    fn before(seconds: i64) -> Asked {
        Asked { last: Some(NOW - Seconds(seconds)), ..NEVER }
    }

    fn begun(seconds: i64) -> Asked {
        let started = NOW - Seconds(seconds);
        Asked { attempt: Some(Attempt { started, deadline: started + Seconds(600) }), ..NEVER }
    }

    #[test]
    fn what_comes_of_asking() {
        let pending = Asked { is_pending: true, ..before(90_000) };
        let sitting = |started, deadline| Ok(Outcome::Sitting(Attempt { started, deadline }));
        let queued = |requested| Ok(Outcome::Queued { requested });
        let late = |seconds| Err(AskRefusal::Late(Seconds(seconds)));
        let early = |seconds| Err(AskRefusal::TooEarly(Seconds(seconds)));
        let table = [
            (Offer::Automatic(7), None, NEVER, Asks::Begin, Ok(Outcome::Granted(7))),
            (Offer::Automatic(7), None, before(9), Asks::Begin, Err(AskRefusal::NoRetake)),
            (Offer::Automatic(7), DAY, before(86_400), Asks::Begin, Ok(Outcome::Granted(7))),
            (Offer::Automatic(7), DAY, before(86_399), Asks::Begin, early(1)),
            (Offer::Automatic(7), DAY, NEVER, Asks::HandIn, Err(AskRefusal::NoTest)),
            (Offer::Manual, None, NEVER, Asks::Begin, queued(NOW)),
            (Offer::Manual, DAY, pending, Asks::Begin, Err(AskRefusal::Pending)),
            (Offer::Manual, DAY, before(90_000), Asks::Begin, queued(NOW)),
            (TEST, None, NEVER, Asks::Begin, sitting(NOW, NOW + Seconds(600))),
            (TEST, None, NEVER, Asks::HandIn, queued(NOW)),
            (TEST, None, begun(60), Asks::Begin, sitting(NOW - Seconds(60), NOW + Seconds(540))),
            (TEST, None, begun(60), Asks::HandIn, queued(NOW - Seconds(60))),
            (TEST, None, begun(600), Asks::HandIn, queued(NOW - Seconds(600))),
            (TEST, None, begun(601), Asks::HandIn, late(1)),
            (TEST, DAY, begun(90_000), Asks::HandIn, late(89_400)),
            (TEST, None, begun(601), Asks::Begin, Err(AskRefusal::NoRetake)),
            (TEST, DAY, begun(601), Asks::Begin, early(86_400 - 601)),
            (TEST, DAY, begun(90_000), Asks::Begin, sitting(NOW, NOW + Seconds(600))),
            (TEST, DAY, pending, Asks::HandIn, Err(AskRefusal::Pending)),
            (SCORED, None, NEVER, Asks::HandIn, Ok(Outcome::Scored { requested: NOW })),
            (SCORED, None, before(9), Asks::HandIn, Err(AskRefusal::NoRetake)),
            (SCORED, DAY, begun(5), Asks::HandIn, Ok(Outcome::Scored { requested: NOW - Seconds(5) })),
        ];
        for (number, (offer, retry, asked, asks, expected)) in table.into_iter().enumerate() {
            assert_eq!(ask(TypeStatus::Active, offer, retry, asked, asks, NOW), expected, "row {number}");
        }
    }

    #[test]
    fn only_an_active_type_can_be_asked_for() {
        for status in [TypeStatus::Inactive, TypeStatus::Disposing] {
            let refused = ask(status, Offer::Manual, None, NEVER, Asks::Begin, NOW);
            assert_eq!(refused, Err(AskRefusal::Status(status)));
        }
    }

    #[test]
    fn a_type_is_automatic_or_has_a_test() {
        let table = [
            (None, false, None, None, Ok(None)),
            (None, false, None, Some(9), Ok(None)),
            (None, false, Some(true), None, Ok(Some(1))),
            (None, false, Some(true), Some(9), Ok(Some(9))),
            (Some(4), false, None, None, Ok(Some(4))),
            (Some(4), false, None, Some(9), Ok(Some(9))),
            (Some(4), false, Some(true), None, Ok(Some(4))),
            (Some(4), false, Some(false), Some(9), Ok(None)),
            (None, true, None, None, Ok(None)),
            (None, true, Some(false), None, Ok(None)),
            (None, true, Some(true), None, Err(TestedAndAutomatic)),
            (Some(4), true, None, None, Err(TestedAndAutomatic)),
            (Some(4), true, Some(false), None, Ok(None)),
        ];
        for (before, has_test, granted, value, expected) in table {
            assert_eq!(
                automatic(before, has_test, granted, value),
                expected,
                "{before:?} {has_test} {granted:?} {value:?}"
            );
        }
    }

    proptest! {
        /// Whatever happens, between two requests that go through at least the delay passes, and without one there is no second.
        #[test]
        fn requests_keep_their_distance(
            steps in prop::collection::vec((0..400_i64, any::<bool>()), 1..40),
            offer in prop::sample::select(vec![Offer::Automatic(1), Offer::Manual, TEST, SCORED]),
            retry in prop::option::of(1..900_i64),
        ) {
            let retry = retry.map(Seconds);
            let (mut now, mut asked, mut through) = (NOW, NEVER, Vec::new());
            for (passed, hands_in) in steps {
                now = now + Seconds(passed);
                let asks = if hands_in { Asks::HandIn } else { Asks::Begin };
                match ask(TypeStatus::Active, offer, retry, asked, asks, now) {
                    Err(_) => {}
                    Ok(Outcome::Sitting(attempt)) => {
                        prop_assert!(attempt.started <= now && now <= attempt.deadline);
                        asked.attempt = Some(attempt);
                    }
                    Ok(Outcome::Granted(_)) => through.push(now),
                    Ok(Outcome::Queued { requested } | Outcome::Scored { requested }) => {
                        through.push(requested);
                        asked.attempt = None;
                    }
                }
                asked.last = through.last().copied();
            }
            match retry {
                None => prop_assert!(through.len() <= 1, "{:?}", through),
                Some(delay) => prop_assert!(through.windows(2).all(|two| two[1] - two[0] >= delay), "{:?}", through),
            }
        }
    }
}
