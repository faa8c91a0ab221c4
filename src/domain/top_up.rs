//! What a HIT needs to get the answers that it was to get: more assignments for rejected work, more time for those that
//! nobody did.

use super::hit::HitStatus;
use super::money::Usd;
use super::policy::{HitCase, MANY_FROM, Refusal, may_add};
use super::row::HitRow;
use super::time::Time;

/// What is wanted of a HIT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// So many answers that are not rejected: `MaxAssignments` as it was published.
    pub answers: u32,
    /// Only what was rejected is made up for.
    pub only_rejected: bool,
}

/// The work of a HIT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Work {
    /// Handed in, and not rejected.
    pub good: u32,
    /// Rejected.
    pub rejected: u32,
}

/// What is done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopUp {
    /// So many assignments are added.
    pub add: u32,
    /// So many that it has are open again, if its time is extended.
    pub reopened: u32,
    /// Whether its time has to be extended.
    pub extend: bool,
    /// So many that are lacking cannot be added: a HIT made with fewer than ten stays below ten.
    pub short: u32,
}

impl TopUp {
    /// What it costs: rewards and fees of everything that can then be accepted.
    pub fn cost(&self, reward: Usd, fee: Usd) -> (Usd, Usd) {
        let count = u64::from(self.add + self.reopened);
        (reward.times(count), fee.times(count))
    }
}

/// Works out what a HIT needs. `live` is the verb of a decision that this one would have to wait for.
pub fn top_up(
    hit: &HitRow,
    work: Work,
    wanted: Wanted,
    live: Option<&'static str>,
    now: Time,
) -> Result<TopUp, Refusal> {
    let case = HitCase::of(hit, live);
    if let Some(verb) = live {
        return Err(Refusal::Live(verb));
    }
    if hit.status == HitStatus::Disposed {
        return Err(Refusal::HitDeleted);
    }
    let over = hit.expires <= now;
    let coming = hit.pending + if over { 0 } else { hit.available };
    let lacking = wanted.answers.saturating_sub(work.good + coming);
    let lacking = if wanted.only_rejected { lacking.min(work.rejected) } else { lacking };
    if lacking == 0 {
        return Err(Refusal::NothingLacking);
    }
    // Places that nobody took come back with the time.
    let reopened = if over { hit.available } else { 0 };
    let more = lacking.saturating_sub(reopened);
    let room = if hit.max_assignments < MANY_FROM { MANY_FROM - 1 - hit.max_assignments } else { more };
    let add = more.min(room);
    if add == 0 && reopened == 0 {
        return Err(Refusal::BelowTen(0));
    }
    if add > 0 {
        may_add(&case, add)?;
    }
    Ok(TopUp { add, reopened, extend: over, short: more - add })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{HitId, HitTypeId};
    use crate::domain::key::HitKey;
    use crate::domain::time::Seconds;
    use proptest::prelude::*;

    const NOW: Time = Time(1_795_000_000);

    /// A HIT of `maximum`, of which so many nobody took, that ended an hour ago or ends in an hour.
    fn hit(maximum: u32, available: u32, over: bool) -> HitRow {
        let status = if available > 0 && !over { HitStatus::Assignable } else { HitStatus::Reviewable };
        HitRow {
            key: HitKey(1),
            id: HitId::parse("3HIT").unwrap(),
            type_id: HitTypeId::parse("3TYPE").unwrap(),
            title: "Relations".into(),
            batch: "pilot".into(),
            status,
            reward: Usd::cents(5),
            created: NOW - Seconds::DAY,
            expires: if over { NOW - Seconds::HOUR } else { NOW + Seconds::HOUR },
            auto_approval_delay: Seconds::DAY,
            max_assignments: maximum,
            pending: 0,
            available,
            completed: maximum - available,
            masters: false,
        }
    }

    fn needs(hit: &HitRow, good: u32, rejected: u32, answers: u32) -> Result<TopUp, Refusal> {
        top_up(hit, Work { good, rejected }, Wanted { answers, only_rejected: false }, None, NOW)
    }

    #[test]
    fn rejected_work_is_made_up_for_by_more_assignments() {
        let it = needs(&hit(5, 0, false), 3, 2, 5).unwrap();
        assert_eq!(it, TopUp { add: 2, reopened: 0, extend: false, short: 0 });
        assert_eq!(it.cost(Usd::cents(5), Usd::cents(1)), (Usd::cents(10), Usd::cents(2)));
    }

    #[test]
    fn what_was_made_up_for_is_not_made_up_for_again() {
        // Two were added, one of them is done, the other one is open.
        assert_eq!(needs(&hit(7, 1, false), 4, 2, 5), Err(Refusal::NothingLacking));
        assert_eq!(needs(&hit(7, 0, false), 5, 2, 5), Err(Refusal::NothingLacking));
    }

    #[test]
    fn work_that_nobody_did_needs_time_and_no_more_assignments() {
        let it = needs(&hit(5, 3, true), 2, 0, 5).unwrap();
        assert_eq!(it, TopUp { add: 0, reopened: 3, extend: true, short: 0 });
        let both = needs(&hit(5, 2, true), 1, 2, 5).unwrap();
        assert_eq!(both, TopUp { add: 2, reopened: 2, extend: true, short: 0 });
    }

    #[test]
    fn only_rejected_work_may_be_asked_for() {
        let wanted = Wanted { answers: 5, only_rejected: true };
        let unfilled = top_up(&hit(5, 3, true), Work { good: 2, rejected: 0 }, wanted, None, NOW);
        assert_eq!(unfilled, Err(Refusal::NothingLacking));
        let one = top_up(&hit(5, 0, true), Work { good: 4, rejected: 1 }, wanted, None, NOW).unwrap();
        assert_eq!((one.add, one.extend), (1, true));
    }

    #[test]
    fn nine_is_the_most_for_a_hit_made_with_fewer_than_ten() {
        let some = needs(&hit(8, 0, false), 3, 5, 8).unwrap();
        assert_eq!((some.add, some.short), (1, 4));
        assert_eq!(needs(&hit(9, 0, false), 4, 5, 9), Err(Refusal::BelowTen(0)));
        let many = needs(&hit(20, 0, false), 4, 16, 20).unwrap();
        assert_eq!((many.add, many.short), (16, 0));
    }

    #[test]
    fn a_decision_on_its_way_is_waited_for() {
        let wanted = Wanted { answers: 5, only_rejected: false };
        let waiting = top_up(&hit(5, 0, false), Work { good: 3, rejected: 2 }, wanted, Some("add assignments"), NOW);
        assert_eq!(waiting, Err(Refusal::Live("add assignments")));
    }

    proptest! {
        #[test]
        fn a_hit_never_gets_more_than_it_lacks(
            maximum in 1u32..30,
            available in 0u32..30,
            rejected in 0u32..30,
            over: bool,
            only_rejected: bool,
        ) {
            let available = available.min(maximum);
            let rejected = rejected.min(maximum - available);
            let good = maximum - available - rejected;
            let it = hit(maximum, available, over);
            let wanted = Wanted { answers: maximum, only_rejected };
            if let Ok(done) = top_up(&it, Work { good, rejected }, wanted, None, NOW) {
                let open = if over { done.reopened } else { available };
                prop_assert!(good + open + done.add + done.short <= maximum);
                prop_assert!(done.add + done.reopened > 0);
                prop_assert!(maximum >= MANY_FROM || maximum + done.add < MANY_FROM);
            }
        }
    }
}
