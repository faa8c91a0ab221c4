//! What a batch amounts to, counted by hand.

use super::*;
use crate::domain::hit::KEPT;
use crate::domain::id::{HitId, HitTypeId};
use crate::domain::key::{AssignmentKey, HitKey, WorkerKey};
use crate::domain::row::Decider;
use AssignmentStatus::{Approved, Rejected, Submitted};
use proptest::prelude::*;

const NOW: Time = Time(1_795_000_000);

/// A HIT of nine for five cents each, made two hours ago, that ends in one hour.
fn hit(status: HitStatus, available: u32, pending: u32, completed: u32) -> HitRow {
    HitRow {
        key: HitKey(1),
        id: HitId::parse("3HIT").unwrap(),
        type_id: HitTypeId::parse("3TYPE").unwrap(),
        title: "Relations".into(),
        batch: "pilot".into(),
        status,
        reward: Usd::cents(5),
        created: NOW - Seconds(7_200),
        expires: NOW + Seconds::HOUR,
        auto_approval_delay: Seconds::DAY,
        max_assignments: 9,
        pending,
        available,
        completed,
        masters: false,
    }
}

/// Work that was handed in so many seconds ago after so many seconds of work.
fn row(status: AssignmentStatus, ago: i64, took: i64) -> AssignmentRow<()> {
    let submitted = NOW - Seconds(ago);
    AssignmentRow {
        key: AssignmentKey(0),
        hit: HitKey(1),
        worker: WorkerKey(1),
        status,
        by: Decider::Unknown,
        noted: false,
        accepted: (submitted - Seconds(took)).into(),
        submitted: submitted.into(),
        auto_approval: Stamp::NONE,
        decided: Stamp::NONE,
        summary: (),
    }
}

fn stats(hits: &[(HitRow, Vec<AssignmentRow<()>>)]) -> BatchStats {
    let mut gather = Gather::new(NOW, &FeeSchedule::AMAZON);
    hits.iter().for_each(|(hit, rows)| gather.hit(hit, 0, rows));
    gather.done()
}

#[test]
fn money_is_counted_to_the_cent() {
    let rows = vec![row(Approved, 60, 30), row(Approved, 50, 30), row(Rejected, 40, 30), row(Submitted, 30, 30)];
    let it = stats(&[(hit(HitStatus::Assignable, 4, 1, 3), rows)]);
    let all = Places { open: 4, pending: 1, submitted: 1, approved: 2, rejected: 1, missing: 0 };
    assert_eq!((it.places, it.places.wanted()), (all, 9));
    assert_eq!((it.spent.rewards, it.spent.fees, it.spent.total()), (Usd::cents(10), Usd::cents(2), Usd::cents(12)));
    // Four open, one pending, one undecided, six cents each.
    assert_eq!(it.reserved.total(), Usd::cents(36));
}

#[test]
fn what_nobody_can_accept_any_more_is_missing_and_costs_nothing() {
    let over = HitRow { expires: NOW - Seconds(5), ..hit(HitStatus::Reviewable, 9, 0, 0) };
    // The endpoint may not have acted on the end yet.
    let late = HitRow { expires: NOW, ..hit(HitStatus::Assignable, 9, 0, 0) };
    let it = stats(&[(over, vec![]), (late, vec![])]);
    assert_eq!((it.places.missing, it.places.open, it.reserved.total()), (18, 0, Usd::ZERO));
    assert!(!it.is_running());
}

#[test]
fn deleted_hits_count_with_the_work_that_was_done() {
    let it = stats(&[(hit(HitStatus::Disposed, 7, 0, 2), vec![row(Approved, 60, 30), row(Rejected, 60, 30)])]);
    assert_eq!((it.places.handed_in(), it.places.wanted(), it.hits_there()), (2, 2, 0));
    assert_eq!((it.reserved.total(), it.purge), (Usd::ZERO, None));
}

#[test]
fn the_pace_is_that_of_the_shortest_span_with_enough_work() {
    let often = (0..20).map(|n| row(Submitted, n * 20, 5)).collect::<Vec<_>>();
    let it = stats(&[(hit(HitStatus::Assignable, 9, 0, 0), often.clone())]);
    assert_eq!(it.pace, Some(Pace { count: 20, span: Seconds(600) }));
    assert_eq!((it.pace.unwrap().hourly(), it.left()), (120, Some(Seconds(270))));
    let slower = often[..19].to_vec();
    let it = stats(&[(hit(HitStatus::Assignable, 9, 0, 0), slower)]);
    // A day, of which the batch has lived two hours.
    assert_eq!(it.pace, Some(Pace { count: 19, span: Seconds(7_200) }));
    let it = stats(&[(hit(HitStatus::Assignable, 9, 0, 0), vec![row(Approved, 90_000, 5)])]);
    assert_eq!((it.pace, it.left()), (None, None));
}

#[test]
fn what_will_be_missing_at_the_end_is_foreseen() {
    let slow = vec![row(Submitted, 10, 5), row(Submitted, 20, 5)];
    let it = stats(&[(hit(HitStatus::Assignable, 7, 0, 0), slow)]);
    // Two in two hours, and one hour left: one comes, six of seven do not.
    assert_eq!(it.will_miss(NOW), 6);
    let fast = (0..60).map(|n| row(Submitted, n, 5)).collect();
    assert_eq!(stats(&[(hit(HitStatus::Assignable, 7, 0, 0), fast)]).will_miss(NOW), 0);
}

#[test]
fn an_hour_pays_what_half_of_the_work_pays_and_rejected_work_pays_nothing() {
    let it = stats(&[(
        hit(HitStatus::Assignable, 6, 0, 0),
        vec![row(Approved, 9, 10), row(Submitted, 8, 20), row(Rejected, 7, 30)],
    )]);
    // 18.00, 9.00 and nothing.
    assert_eq!((it.median, it.hourly), (Some(Seconds(20)), Some(Usd::cents(900))));
    let unknown = AssignmentRow { accepted: Stamp::NONE, ..row(Approved, 9, 10) };
    let it = stats(&[(hit(HitStatus::Assignable, 8, 0, 0), vec![unknown])]);
    assert_eq!((it.median, it.hourly), (None, None));
}

#[test]
fn the_purge_counts_from_the_earliest_moment() {
    let full = hit(HitStatus::Reviewable, 0, 0, 9);
    let it = stats(&[(full, vec![row(Approved, 100, 5), row(Approved, 50, 5)])]);
    assert_eq!(it.purge, Some(NOW - Seconds(50) + KEPT));
    let open = hit(HitStatus::Assignable, 8, 0, 1);
    let it = stats(&[(open.clone(), vec![row(Approved, 100, 5)])]);
    assert_eq!(it.purge, Some(open.expires + KEPT));
}

#[test]
fn a_word_says_how_it_stands() {
    let word = |hit: HitRow, rows: Vec<AssignmentRow<()>>| stats(&[(hit, rows)]).standing();
    let open = || hit(HitStatus::Assignable, 8, 0, 1);
    assert_eq!(word(open(), vec![row(Approved, 60, 5)]), Standing::Running);
    assert_eq!(word(open(), vec![row(Approved, 100_000, 5)]), Standing::Idle);
    let fresh = HitRow { created: NOW - Seconds(60), ..hit(HitStatus::Assignable, 9, 0, 0) };
    assert_eq!(word(fresh, vec![]), Standing::Running);
    let full = || hit(HitStatus::Reviewable, 0, 0, 9);
    assert_eq!(word(full(), vec![row(Submitted, 60, 5), row(Approved, 60, 5)]), Standing::Review);
    assert_eq!(word(full(), vec![row(Approved, 60, 5)]), Standing::Done);
    assert_eq!(word(hit(HitStatus::Reviewable, 8, 0, 1), vec![row(Approved, 60, 5)]), Standing::Short);
    assert_eq!(word(hit(HitStatus::Disposed, 8, 0, 1), vec![row(Approved, 60, 5)]), Standing::Deleted);
}

proptest! {
    #[test]
    fn a_chart_holds_all_work(ago in prop::collection::vec(0i64..7_000, 0..60), parts in 1usize..40) {
        let rows: Vec<_> = ago.iter().map(|ago| row(Submitted, *ago, 5)).collect();
        let it = stats(&[(hit(HitStatus::Assignable, 9, 0, 0), rows)]);
        let bars = it.histogram(it.period(NOW).unwrap(), parts);
        prop_assert_eq!(bars.len(), parts);
        prop_assert_eq!(bars.iter().sum::<u32>() as usize, ago.len());
    }

    #[test]
    fn parts_add_up_whatever_the_order(status in prop::collection::vec(0usize..3, 0..30), cut in 0usize..30) {
        let rows: Vec<_> = status.iter().map(|it| row(AssignmentStatus::ALL[*it], 10, 5)).collect();
        let cut = cut.min(rows.len());
        let one = hit(HitStatus::Reviewable, 0, 0, 9);
        let apart = stats(&[(one.clone(), rows[cut..].to_vec()), (one.clone(), rows[..cut].to_vec())]);
        let turned = stats(&[(one.clone(), rows[..cut].to_vec()), (one, rows[cut..].to_vec())]);
        prop_assert_eq!(&apart, &turned);
        prop_assert_eq!(apart.places.handed_in() as usize, status.len());
    }
}
