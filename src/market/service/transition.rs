//! One step in the life of a HIT: the rules are asked, money is moved, the new state is written down.

use super::notify::{Subject, announce};
use super::{move_money, policies};
use crate::domain::time::Time;
use crate::market::error::{Refusal, ServiceError};
use crate::market::rules::hit::{Happening, HitRefusal};
use crate::market::storage::{Change, HitRecord, Posting};

/// Lets things happen to a HIT, all or none, money and all. When it is refused nothing was written.
pub(super) fn happen(
    change: &mut Change<'_>,
    hit: &HitRecord,
    happenings: &[Happening],
    at: Time,
    about: &Posting,
    refuse: impl FnOnce(HitRefusal) -> Refusal,
) -> Result<(), ServiceError> {
    let (state, moved) = hit.state.after_all(happenings).map_err(refuse)?;
    move_money(change, hit.requester, &moved, at, about)?;
    change.save_hit(hit.key, &state, at)?;
    let subject = about.assignment.map_or(Subject::Hit, Subject::Assignment);
    match happenings.first() {
        // Which assignment was accepted is known only when the worker has it. More slots and more time are one extension.
        None | Some(Happening::Accepted) => Ok(()),
        Some(happening) => announce(change, hit, &state, *happening, subject, at),
    }
}

/// To be called when everything is written that may have closed a HIT which was as `before`: once it has become Reviewable, its
/// review policy is run.
pub(super) fn after_closing(change: &mut Change<'_>, before: &HitRecord, at: Time) -> Result<(), ServiceError> {
    if before.has_hit_policy && !before.state.is_closed() && change.hit_at(before.key)?.state.is_closed() {
        policies::review_hit(change, before.key, at)?;
    }
    Ok(())
}
