//! What happens when time has passed: HITs expire, workers' time ends, undecided work is approved.

use super::move_money;
use super::review::pay;
use crate::domain::time::Time;
use crate::market::error::Refusal;
use crate::market::error::ServiceError;
use crate::market::rules::hit::{Happening, HitRefusal};
use crate::market::storage::{Change, Due, Posting};

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

fn one(change: &mut Change<'_>, at: Time, due: Due) -> Result<(), ServiceError> {
    match due {
        Due::AutoApproval(key) => {
            let assignment = change.assignment_at(key)?;
            pay(change, &assignment, Happening::Approved, at)?;
            change.save_approval(key, at, None)?;
        }
        Due::Deadline(key) => {
            let assignment = change.assignment_at(key)?;
            pay(change, &assignment, Happening::GivenBack, at)?;
            change.free_slot(key)?;
        }
        Due::Expiration(key) => {
            let hit = change.hit_at(key)?;
            let (state, moved) = hit.state.after(Happening::Lapsed).map_err(|refusal| match refusal {
                HitRefusal::State(current) => Refusal::HitState { current, allowed: "Assignable, Unassignable" },
                HitRefusal::NoSlot => Refusal::AssignmentState,
            })?;
            change.save_hit(key, &state)?;
            move_money(change, hit.requester, &moved, at, &Posting { hit: Some(key), ..Posting::default() })?;
        }
    }
    Ok(())
}
