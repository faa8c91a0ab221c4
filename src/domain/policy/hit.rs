//! What may be done to a HIT: its end, its places, its type, its flag. The endpoint's own rules are in the API reference
//! under UpdateExpirationForHIT, CreateAdditionalAssignmentsForHIT, UpdateHITTypeOfHIT and UpdateHITReviewStatus.

use super::Refusal;
use crate::domain::decision::Decision;
use crate::domain::hit::HitStatus;
use crate::domain::row::HitRow;
use crate::domain::time::{Seconds, Time};

/// The longest a HIT may be open, from now.
pub const LIFETIME_LIMIT: Seconds = Seconds(365 * 86_400);
/// From so many assignments on a HIT costs the higher fee; one made with fewer never gets as many.
pub const MANY_FROM: u32 = 10;
/// The most assignments that a HIT can have.
const MOST: u32 = 1_000_000_000;
/// 2015-07-22: HITs from before it can have no more assignments.
const FEES_OF_TODAY: Time = Time(1_437_523_200);

/// What the rules need to know of a HIT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HitCase {
    /// `HITStatus`.
    pub status: HitStatus,
    /// `CreationTime`.
    pub created: Time,
    /// `Expiration`.
    pub expires: Time,
    /// `MaxAssignments`.
    pub maximum: u32,
    /// `NumberOfAssignmentsAvailable`.
    pub available: u32,
    /// The verb of a decision on its way that this one has to wait for, see [`waits_for`].
    pub live: Option<&'static str>,
}

impl HitCase {
    /// A HIT as the mirror has it.
    pub const fn of(hit: &HitRow, live: Option<&'static str>) -> HitCase {
        let HitRow { status, created, expires, max_assignments, available, .. } = *hit;
        HitCase { status, created, expires, maximum: max_assignments, available, live }
    }

    fn free(&self) -> Result<(), Refusal> {
        match (self.live, self.status) {
            (Some(verb), _) => Err(Refusal::Live(verb)),
            (None, HitStatus::Disposed) => Err(Refusal::HitDeleted),
            (None, _) => Ok(()),
        }
    }
}

/// Whether a decision for a HIT has to wait for one that is on its way: of the same kind, or one that leaves no HIT behind.
/// Anything else is carried out after it, in the order of deciding.
pub fn waits_for(decision: &Decision, live: &str) -> bool {
    let about_flag = |verb: &str| verb == "reviewing" || verb == "reviewable";
    live == decision.verb() || live == "delete" || (about_flag(live) && about_flag(decision.verb()))
}

/// Whether a HIT may be expired.
pub fn may_expire(status: HitStatus, expires: Time, now: Time) -> Result<(), Refusal> {
    match status {
        HitStatus::Disposed => Err(Refusal::HitDeleted),
        _ if expires <= now => Err(Refusal::AlreadyExpired),
        _ => Ok(()),
    }
}

/// Whether a HIT may be deleted, after expiring it where needed: all its work decided, nobody at work on it.
pub fn may_delete(status: HitStatus, undecided: u32, pending: u32) -> Result<(), Refusal> {
    match status {
        HitStatus::Disposed => Err(Refusal::HitDeleted),
        _ if undecided > 0 => Err(Refusal::UndecidedWork(undecided)),
        _ if pending > 0 => Err(Refusal::WorkUnderWay(pending)),
        _ => Ok(()),
    }
}

/// Whether a HIT may be open until `until`: later than now and than it is open anyway. The API's own page allows no
/// shortening but to now.
pub fn may_extend(case: &HitCase, until: Time, now: Time) -> Result<(), Refusal> {
    case.free()?;
    if until <= now {
        Err(Refusal::EndPassed)
    } else if until > now + LIFETIME_LIMIT {
        Err(Refusal::EndTooFar)
    } else if until <= case.expires {
        Err(Refusal::OpenLonger)
    } else {
        Ok(())
    }
}

/// Whether a new HIT may be open for so long.
pub fn may_open(span: Seconds) -> Result<(), Refusal> {
    if (Seconds(30)..=LIFETIME_LIMIT).contains(&span) { Ok(()) } else { Err(Refusal::OpenTime) }
}

/// Whether a HIT may have `count` more assignments.
pub fn may_add(case: &HitCase, count: u32) -> Result<(), Refusal> {
    case.free()?;
    let after = case.maximum.checked_add(count).filter(|after| count > 0 && *after <= MOST);
    let Some(after) = after else { return Err(Refusal::AdditionSize) };
    if case.created < FEES_OF_TODAY {
        Err(Refusal::TooOldToAdd)
    } else if case.maximum < MANY_FROM && after >= MANY_FROM {
        Err(Refusal::BelowTen(MANY_FROM - 1 - case.maximum))
    } else {
        Ok(())
    }
}

/// Whether a HIT may become one of another type: nobody has accepted any of it.
pub fn may_retype(case: &HitCase, same: bool) -> Result<(), Refusal> {
    case.free()?;
    match case.maximum.saturating_sub(case.available) {
        _ if same => Err(Refusal::SameType),
        0 => Ok(()),
        touched => Err(Refusal::TouchedWork(touched)),
    }
}

/// Whether a HIT may get the requester's flag "Reviewing" (`on`), or lose it.
pub fn may_review(case: &HitCase, on: bool) -> Result<(), Refusal> {
    case.free()?;
    let (from, to) = match on {
        true => (HitStatus::Reviewable, HitStatus::Reviewing),
        false => (HitStatus::Reviewing, HitStatus::Reviewable),
    };
    match case.status {
        status if status == from => Ok(()),
        status if status == to => Err(Refusal::ReviewedSo(status)),
        status => Err(Refusal::NotReviewable(status)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const NOW: Time = Time(2_000_000_000);

    fn case(status: HitStatus, maximum: u32) -> HitCase {
        HitCase { status, created: NOW, expires: NOW + Seconds::DAY, maximum, available: maximum, live: None }
    }

    #[test]
    fn hits_with_open_work_stay() {
        assert_eq!(may_delete(HitStatus::Reviewable, 2, 0), Err(Refusal::UndecidedWork(2)));
        assert_eq!(may_delete(HitStatus::Unassignable, 0, 1), Err(Refusal::WorkUnderWay(1)));
        assert_eq!(may_delete(HitStatus::Assignable, 0, 0), Ok(()));
        assert_eq!(may_expire(HitStatus::Assignable, Time(5), Time(5)), Err(Refusal::AlreadyExpired));
        assert_eq!(may_expire(HitStatus::Assignable, Time(6), Time(5)), Ok(()));
    }

    #[rstest]
    #[case(0, Err(Refusal::EndPassed))]
    #[case(86_400, Err(Refusal::OpenLonger))]
    #[case(86_401, Ok(()))]
    #[case(365 * 86_400, Ok(()))]
    #[case(365 * 86_400 + 1, Err(Refusal::EndTooFar))]
    fn a_hit_is_open_longer_and_never_shorter(#[case] from_now: i64, #[case] expected: Result<(), Refusal>) {
        assert_eq!(may_extend(&case(HitStatus::Assignable, 1), NOW + Seconds(from_now), NOW), expected);
    }

    /// The fee is that of the number a HIT was made with, so that the border at ten is never crossed.
    #[rstest]
    #[case(5, 4, Ok(()))]
    #[case(5, 5, Err(Refusal::BelowTen(4)))]
    #[case(9, 1, Err(Refusal::BelowTen(0)))]
    #[case(10, 1_000, Ok(()))]
    #[case(5, 0, Err(Refusal::AdditionSize))]
    #[case(10, 1_000_000_000, Err(Refusal::AdditionSize))]
    #[case(10, u32::MAX, Err(Refusal::AdditionSize))]
    fn nine_never_become_ten(#[case] maximum: u32, #[case] count: u32, #[case] expected: Result<(), Refusal>) {
        assert_eq!(may_add(&case(HitStatus::Assignable, maximum), count), expected);
    }

    #[test]
    fn hits_from_before_the_fees_of_today_stay_as_they_are() {
        let old = HitCase { created: Time(1_437_523_199), ..case(HitStatus::Assignable, 10) };
        assert_eq!(may_add(&old, 1), Err(Refusal::TooOldToAdd));
    }

    #[test]
    fn the_type_changes_before_anybody_has_accepted() {
        let fresh = case(HitStatus::Assignable, 5);
        assert_eq!(may_retype(&fresh, false), Ok(()));
        assert_eq!(may_retype(&fresh, true), Err(Refusal::SameType));
        assert_eq!(may_retype(&HitCase { available: 3, ..fresh }, false), Err(Refusal::TouchedWork(2)));
    }

    #[rstest]
    #[case(HitStatus::Reviewable, Ok(()), Err(Refusal::ReviewedSo(HitStatus::Reviewable)))]
    #[case(HitStatus::Reviewing, Err(Refusal::ReviewedSo(HitStatus::Reviewing)), Ok(()))]
    #[case(
        HitStatus::Assignable,
        Err(Refusal::NotReviewable(HitStatus::Assignable)),
        Err(Refusal::NotReviewable(HitStatus::Assignable))
    )]
    fn the_flag_goes_there_and_back(
        #[case] status: HitStatus,
        #[case] on: Result<(), Refusal>,
        #[case] off: Result<(), Refusal>,
    ) {
        assert_eq!((may_review(&case(status, 1), true), may_review(&case(status, 1), false)), (on, off));
    }

    #[test]
    fn what_is_of_one_kind_waits_for_each_other() {
        let add = Decision::AddAssignments { count: 1, from: 1 };
        assert!(waits_for(&add, "add assignments") && waits_for(&add, "delete") && !waits_for(&add, "extend"));
        assert!(waits_for(&Decision::Reviewing { on: true }, "reviewable"));
        assert!(!waits_for(&Decision::Delete, "expire"));
    }

    #[test]
    fn a_live_decision_or_a_deleted_hit_stops_everything() {
        for (case, refusal) in [
            (HitCase { live: Some("extend"), ..case(HitStatus::Reviewable, 1) }, Refusal::Live("extend")),
            (case(HitStatus::Disposed, 1), Refusal::HitDeleted),
        ] {
            assert_eq!(may_extend(&case, NOW + LIFETIME_LIMIT, NOW), Err(refusal.clone()));
            assert_eq!(may_add(&case, 1), Err(refusal.clone()));
            assert_eq!(may_retype(&case, false), Err(refusal.clone()));
            assert_eq!(may_review(&case, true), Err(refusal));
        }
    }
}
