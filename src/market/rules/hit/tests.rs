//! What happens to HITs, step by step.

use super::*;

fn hit(max: u32) -> HitState {
    HitState::created(max, Usd::cents(5), Usd::cents(1), Time(1_000)).0
}

fn after(hit: HitState, happenings: &[Happening]) -> HitState {
    happenings.iter().fold(hit, |hit, happening| hit.after(*happening).unwrap().0)
}

use Happening::*;

/// The trace of the developer guide (RetrievingHitStatus), MaxAssignments 5: available, pending, status.
#[test]
fn counters_and_states_follow_the_documented_trace() {
    let start = hit(5);
    let steps: [(&[Happening], u32, u32, HitStatus); 6] = [
        (&[], 5, 0, HitStatus::Assignable),
        (&[Accepted; 3], 2, 3, HitStatus::Assignable),
        (&[Accepted, Accepted, Submitted, Submitted], 0, 3, HitStatus::Unassignable),
        (&[GivenBack], 1, 2, HitStatus::Assignable),
        (&[Accepted, Submitted, Submitted, Submitted], 0, 0, HitStatus::Reviewable),
        (&[Approved, Rejected], 0, 0, HitStatus::Reviewable),
    ];
    let mut state = start;
    for (happenings, available, pending, status) in steps {
        state = after(state, happenings);
        assert_eq!((state.available, state.pending, state.status), (available, pending, status), "{happenings:?}");
    }
    assert_eq!((state.completed, state.undecided), (2, 3));
}

#[test]
fn money_is_set_aside_paid_and_released() {
    let (start, moved) = HitState::created(5, Usd::cents(5), Usd::cents(1), Time(1_000));
    assert_eq!(moved, [Movement::new(Kind::Hold, Usd::cents(30))]);
    let submitted = after(start, &[Accepted, Submitted, Accepted, Submitted]);
    let (one, moved) = submitted.after(Approved).unwrap();
    assert_eq!(moved, [Movement::new(Kind::Reward, Usd::cents(5)), Movement::new(Kind::Fee, Usd::cents(1))]);
    let (two, moved) = one.after(Rejected).unwrap();
    assert_eq!(moved, [Movement::new(Kind::Release, Usd::cents(6))]);
    let (over, moved) = two.after(Overridden).unwrap();
    let paid = [
        Movement::new(Kind::Hold, Usd::cents(6)),
        Movement::new(Kind::Reward, Usd::cents(5)),
        Movement::new(Kind::Fee, Usd::cents(1)),
    ];
    assert_eq!(moved, paid);
    let (_, moved) = over.after(Lapsed).unwrap();
    assert_eq!(moved, [Movement::new(Kind::Release, Usd::cents(18))]);
}

#[test]
fn an_expired_hit_waits_for_whoever_still_works_and_releases_the_rest_then() {
    let (hit, moved) = after(hit(3), &[Accepted]).after(Lapsed).unwrap();
    assert_eq!((hit.status, moved.len()), (HitStatus::Unassignable, 0));
    let (hit, moved) = hit.after(GivenBack).unwrap();
    assert_eq!((hit.status, hit.available), (HitStatus::Reviewable, 3));
    assert_eq!(moved, [Movement::new(Kind::Release, Usd::cents(18))]);
    let (hit, moved) = hit.after(Extended(Time(9_000))).unwrap();
    assert_eq!((hit.status, hit.expires), (HitStatus::Assignable, Time(9_000)));
    assert_eq!(moved, [Movement::new(Kind::Hold, Usd::cents(18))]);
}

#[test]
fn expiring_twice_releases_once() {
    let (hit, _) = hit(2).after(Lapsed).unwrap();
    assert_eq!(hit.after(Lapsed).unwrap(), (hit, vec![]));
}

#[test]
fn deleting_needs_a_closed_hit_with_nothing_undecided() {
    assert_eq!(hit(1).after(Deleted), Err(HitRefusal::State(HitStatus::Assignable)));
    let busy = after(hit(1), &[Accepted]);
    assert_eq!(busy.after(Deleted), Err(HitRefusal::State(HitStatus::Unassignable)));
    let waiting = after(busy, &[Submitted]);
    assert_eq!(waiting.after(Deleted), Err(HitRefusal::State(HitStatus::Reviewable)));
    let deleted = after(waiting, &[Approved, Deleted]);
    assert_eq!(deleted.status, HitStatus::Disposed);
    assert_eq!(deleted.held(), Usd::ZERO);
    assert_eq!(deleted.after(Deleted), Err(HitRefusal::State(HitStatus::Disposed)));
}

#[test]
fn nobody_takes_a_slot_that_is_not_open() {
    let full = after(hit(1), &[Accepted]);
    assert_eq!(full.after(Accepted), Err(HitRefusal::State(HitStatus::Unassignable)));
    let expired = after(hit(1), &[Lapsed]);
    assert_eq!(expired.after(Accepted), Err(HitRefusal::State(HitStatus::Reviewable)));
}

#[test]
fn slots_are_added_where_the_fee_allows_it_and_paid_for_when_they_can_be_taken() {
    let full = after(hit(2), &[Accepted, Submitted, Accepted, Submitted]);
    let (more, moved) = full.after(Added(7)).unwrap();
    assert_eq!((more.status, more.max, more.available), (HitStatus::Assignable, 9, 7));
    assert_eq!(moved, [Movement::new(Kind::Hold, Usd::cents(42))]);
    assert_eq!(more.after(Added(1)), Err(HitRefusal::Border));
    assert_eq!(full.after(Added(8)), Err(HitRefusal::Border));
    assert_eq!(hit(10).after(Added(990)).unwrap().0.max, 1_000);
    assert_eq!(hit(10).after(Added(MOST_ASSIGNMENTS - 9)), Err(HitRefusal::TooMany));
    assert_eq!(hit(10).after(Added(u32::MAX)), Err(HitRefusal::TooMany));

    for over in [after(hit(2), &[Lapsed]), after(full, &[Lapsed])] {
        let (added, moved) = over.after(Added(3)).unwrap();
        assert_eq!((added.status, moved.len()), (HitStatus::Reviewable, 0), "nobody can take them yet");
        let (open, moved) = added.after(Extended(Time(9_000))).unwrap();
        assert_eq!(open.status, HitStatus::Assignable);
        assert_eq!(moved, [Movement::new(Kind::Hold, Usd::cents(6).times(u64::from(open.available)))]);
    }
    let (both, moved) = after(hit(2), &[Lapsed]).after_all(&[Extended(Time(9_000)), Added(1)]).unwrap();
    assert_eq!((both.available, both.held()), (3, Usd::cents(18)));
    assert_eq!(moved.iter().map(|m| m.amount).sum::<Usd>(), Usd::cents(18));
}

#[test]
fn another_type_costs_what_it_costs_and_comes_before_any_work() {
    let dear = Retyped { reward: Usd::cents(10), fee: Usd::cents(2) };
    let (hit_of, moved) = hit(3).after(dear).unwrap();
    assert_eq!((hit_of.status, hit_of.unit()), (HitStatus::Assignable, Usd::cents(12)));
    assert_eq!(moved, [Movement::new(Kind::Release, Usd::cents(18)), Movement::new(Kind::Hold, Usd::cents(36))]);
    let busy = after(hit(3), &[Accepted]);
    assert_eq!(busy.after(dear), Err(HitRefusal::HasWork));
    assert_eq!(after(busy, &[Submitted, Rejected]).after(dear), Err(HitRefusal::HasWork));
    assert!(after(busy, &[GivenBack]).after(dear).is_ok());
    let (over, moved) = after(hit(3), &[Lapsed]).after(dear).unwrap();
    assert_eq!((over.status, moved.len()), (HitStatus::Reviewable, 0));
    assert_eq!(after(hit(3), &[Lapsed, Deleted]).after(dear), Err(HitRefusal::State(HitStatus::Disposed)));
}

#[test]
fn the_mark_of_review_goes_on_and_off_and_off_again_when_work_goes_on() {
    use HitStatus::{Assignable, Reviewable, Reviewing};
    let over = after(hit(2), &[Lapsed]);
    let marked = over.after(Marked).unwrap().0;
    assert_eq!(marked.status, Reviewing);
    assert_eq!(marked.after(Marked), Err(HitRefusal::State(Reviewing)));
    assert_eq!(marked.after(Unmarked).unwrap().0.status, Reviewable);
    assert_eq!(over.after(Unmarked), Err(HitRefusal::State(Reviewable)));
    assert_eq!(hit(2).after(Marked), Err(HitRefusal::State(Assignable)));
    assert_eq!(after(marked, &[Extended(Time(9_000))]).status, Assignable);
    assert_eq!(after(marked, &[Deleted]).status, HitStatus::Disposed);
    let waiting = after(hit(1), &[Accepted, Submitted, Marked]);
    assert_eq!(after(waiting, &[Approved]).status, Reviewing, "a decision leaves the mark");
}
