//! What happens when time has passed: HITs expire, workers' time ends, undecided work is approved, old HITs are disposed of.

use super::review::{approve_now, pay};
use super::transition::{after_closing, happen};
use crate::domain::time::Time;
use crate::market::error::{Refusal, ServiceError};
use crate::market::rules::assignment::Phase;
use crate::market::rules::hit::{Happening, HitRefusal};
use crate::market::storage::{AssignmentKey, Change, Due, HitKey, Posting};

/// How much is looked up at once.
const AT_ONCE: u32 = 1_000;

/// Does everything that has become due, in order of time, each at the time at which it was due.
pub fn settle(change: &mut Change<'_>) -> Result<(), ServiceError> {
    loop {
        let due = change.due(AT_ONCE)?;
        if due.is_empty() {
            return Ok(());
        }
        for (at, due) in due {
            one(change, at, due)?;
        }
    }
}

/// One of them. What came before it in time may have changed what it was due for (a review policy decides and extends): then
/// there is nothing to do any more.
fn one(change: &mut Change<'_>, at: Time, due: Due) -> Result<(), ServiceError> {
    match due {
        Due::AutoApproval(key) => {
            let assignment = change.assignment_at(key)?;
            if assignment.phase == Phase::Submitted { approve_now(change, &assignment, at, None) } else { Ok(()) }
        }
        Due::Deadline(key) => abandon(change, key, at),
        Due::Expiration(key) => {
            let hit = change.hit_at(key)?;
            if hit.state.lapsed || hit.state.expires > at {
                return Ok(());
            }
            step(change, key, Happening::Lapsed, at)?;
            after_closing(change, &hit, at)
        }
        Due::Disposal(key) => {
            let state = change.hit_at(key)?.state;
            if state.is_closed() && state.undecided == 0 { step(change, key, Happening::Deleted, at) } else { Ok(()) }
        }
    }
}

fn abandon(change: &mut Change<'_>, key: AssignmentKey, at: Time) -> Result<(), ServiceError> {
    let assignment = change.assignment_at(key)?;
    if assignment.phase != Phase::Accepted {
        return Ok(());
    }
    pay(change, &assignment, Happening::GivenBack, at)?;
    change.free_slot(key)?;
    after_closing(change, &assignment.hit, at)
}

fn step(change: &mut Change<'_>, key: HitKey, happening: Happening, at: Time) -> Result<(), ServiceError> {
    let hit = change.hit_at(key)?;
    let about = Posting { hit: Some(key), ..Posting::default() };
    happen(change, &hit, &[happening], at, &about, |refusal| match refusal {
        HitRefusal::State(current) => Refusal::HitState { current, allowed: "Assignable, Unassignable" },
        _ => Refusal::AssignmentState,
    })
}
