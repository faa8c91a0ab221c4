//! What a HIT needs to get the answers that it was to get: more assignments for rejected work, more time for those that
//! nobody did; or a new HIT that asks for all of that anew.

use super::hit::HitStatus;
use super::id::HitId;
use super::key::HitKey;
use super::money::Usd;
use super::policy::{HitCase, MANY_FROM, Refusal, may_add};
use super::row::HitRow;
use super::time::Time;
use std::collections::HashMap;

/// What HITs were to bring, as far as the store knows more of it than the HITs say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// Assignments that HITs were published with, or had before some were added from here.
    pub at_first: HashMap<HitKey, u32>,
    /// What newer HITs of the same row ask for in their place.
    pub anew: HashMap<HitKey, Anew>,
}

/// What newer HITs ask for in place of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Anew {
    /// Assignments.
    pub assignments: u32,
    /// Of these, those of HITs that are not there yet: publishing them was cut off, or refused.
    pub unmade: u32,
}

/// A HIT that a new one is to make up for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnewWanted {
    /// Which.
    pub hit: HitId,
    /// So many assignments are asked for; with none, only what was planned before and is not there.
    pub add: u32,
    /// So many were asked for in its place when that was worked out.
    pub before: u32,
}

impl Asked {
    /// How many answers a HIT was to bring that no newer one asks for.
    pub fn answers(&self, hit: &HitRow) -> u32 {
        self.at_first
            .get(&hit.key)
            .copied()
            .unwrap_or(hit.max_assignments)
            .saturating_sub(self.anew(hit.key).assignments)
    }

    /// What newer HITs ask for in place of this one.
    pub fn anew(&self, hit: HitKey) -> Anew {
        self.anew.get(&hit).copied().unwrap_or_default()
    }
}

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
    let case = free(hit, live)?;
    let over = hit.expires <= now;
    let lacking = lacking(hit, work, wanted, over)?;
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

/// How many answers a new HIT has to ask for in place of this one, which does not get them as it is: those of rejected work
/// and, when it is over, of places that nobody took.
pub fn anew(hit: &HitRow, work: Work, wanted: Wanted, live: Option<&'static str>, now: Time) -> Result<u32, Refusal> {
    free(hit, live)?;
    // Whether it is over is the endpoint's to say where it has said so: its clock need not be ours.
    let over = hit.expires <= now || (hit.is_closed() && hit.available > 0);
    lacking(hit, work, wanted, over)
}

/// The answers that are not there and will not come.
pub fn lacking(hit: &HitRow, work: Work, wanted: Wanted, over: bool) -> Result<u32, Refusal> {
    let coming = hit.pending + if over { 0 } else { hit.available };
    let lacking = wanted.answers.saturating_sub(work.good + coming);
    match if wanted.only_rejected { lacking.min(work.rejected) } else { lacking } {
        0 => Err(Refusal::NothingLacking),
        lacking => Ok(lacking),
    }
}

fn free(hit: &HitRow, live: Option<&'static str>) -> Result<HitCase, Refusal> {
    match live {
        Some(verb) => Err(Refusal::Live(verb)),
        None if hit.status == HitStatus::Disposed => Err(Refusal::HitDeleted),
        None => Ok(HitCase::of(hit, live)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::HitTypeId;
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
    fn a_new_hit_asks_for_what_an_old_one_does_not_get() {
        let wanted = |answers| Wanted { answers, only_rejected: false };
        let ask = |it: &HitRow, work, answers| anew(it, work, wanted(answers), None, NOW);
        // Rejected work of a HIT that is still open, unfilled places only of one that is over; nine are no matter.
        assert_eq!(ask(&hit(9, 2, false), Work { good: 4, rejected: 3 }, 9), Ok(3));
        assert_eq!(ask(&hit(9, 2, true), Work { good: 4, rejected: 3 }, 9), Ok(5));
        // What newer ones ask for already is not asked for again.
        let it = hit(9, 2, true);
        let made = Anew { assignments: 5, unmade: 5 };
        let asked = Asked { anew: HashMap::from([(it.key, made)]), ..Asked::default() };
        assert_eq!((asked.answers(&it), asked.anew(it.key)), (4, made));
        assert_eq!(ask(&it, Work { good: 4, rejected: 3 }, asked.answers(&it)), Err(Refusal::NothingLacking));
        // The endpoint says that it is over, whatever the clock here says.
        let closed = HitRow { status: HitStatus::Reviewable, ..hit(5, 2, false) };
        assert_eq!(ask(&closed, Work { good: 3, rejected: 0 }, 5), Ok(2));
        let gone = HitRow { status: HitStatus::Disposed, ..hit(5, 2, true) };
        assert_eq!(ask(&gone, Work::default(), 5), Err(Refusal::HitDeleted));
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
            if let Ok(more) = anew(&it, Work { good, rejected }, wanted, None, NOW) {
                let open = if over { 0 } else { available };
                prop_assert!(more > 0 && good + open + more <= maximum);
            }
            if let Ok(done) = top_up(&it, Work { good, rejected }, wanted, None, NOW) {
                let open = if over { done.reopened } else { available };
                prop_assert!(good + open + done.add + done.short <= maximum);
                prop_assert!(done.add + done.reopened > 0);
                prop_assert!(maximum >= MANY_FROM || maximum + done.add < MANY_FROM);
            }
        }
    }
}
