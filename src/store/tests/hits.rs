//! Decisions about HITs in the journal, and what the mirror keeps of them.

use super::*;
use crate::domain::key::HitKey;

const ONE: HitKey = HitKey(1);
const LATER: Time = Time(3_600_000);

/// A HIT of five, all of them free; one that all have handed in.
async fn published(dir: &TempDir) -> Store {
    let store = open(dir);
    let created = Time(1_600_000_000);
    let free = Hit { status: HitStatus::Assignable, created, max_assignments: 5, available: 5, ..hit(1) };
    let full = Hit { created, max_assignments: 5, available: 0, ..hit(2) };
    let fetched = |hit| Fetched { hit, assignments: vec![], complete: None };
    store.put(vec![fetched(free), fetched(full)]).await.unwrap();
    store
}

async fn decide_on(store: &Store, key: HitKey, decision: Decision) -> Decided {
    let entry = NewDecision { subject: Subject::Hit(key), decision };
    store.decide(vec![entry], 1, NOW.wall, NOW).await.unwrap().remove(0)
}

fn other_type() -> HitTypeId {
    HitTypeId::parse("3OTHER").unwrap()
}

#[tokio::test]
async fn every_kind_of_decision_comes_back_as_it_was() {
    let dir = TempDir::new().unwrap();
    let store = published(&dir).await;
    let add = Decision::AddAssignments { count: 3, from: 5 };
    let all = [
        (ONE, Decision::Extend { until: LATER }),
        (ONE, add.clone()),
        (ONE, Decision::Retype { to: other_type() }),
        (HitKey(2), Decision::Reviewing { on: true }),
        (HitKey(2), Decision::Delete),
    ];
    for (key, decision) in all {
        let Decided::Staged(entry) = decide_on(&store, key, decision.clone()).await else { panic!("{decision:?}") };
        assert_eq!(entry.decision, decision);
        assert_eq!(entry.target, Target::Hit(hit(key.0).id));
        assert_eq!(entry.token.is_some(), decision == add, "{entry:?}");
    }
}

#[tokio::test]
async fn one_of_a_kind_is_on_its_way_for_a_hit() {
    let dir = TempDir::new().unwrap();
    let store = published(&dir).await;
    let add = |count| Decision::AddAssignments { count, from: 5 };
    let until = |time| Decision::Extend { until: time };
    for decision in [add(2), until(LATER)] {
        assert!(matches!(decide_on(&store, ONE, decision.clone()).await, Decided::Staged(_)), "{decision:?}");
        let again = decide_on(&store, ONE, decision).await;
        assert!(matches!(again, Decided::Already { .. }), "{again:?}");
    }
    let more = refusal(decide_on(&store, ONE, add(1)).await);
    assert!(more.contains("add assignments is already on its way"), "{more}");
    assert!(matches!(decide_on(&store, ONE, Decision::Delete).await, Decided::Staged(_)));
    let late = refusal(decide_on(&store, ONE, Decision::Retype { to: other_type() }).await);
    assert!(late.contains("delete is already on its way"), "{late}");
}

#[tokio::test]
async fn what_may_not_be_done_to_a_hit_says_why() {
    let dir = TempDir::new().unwrap();
    let store = published(&dir).await;
    let nine = refusal(decide_on(&store, ONE, Decision::AddAssignments { count: 5, from: 5 }).await);
    assert!(nine.contains("can never have 10: 4 more can be added"), "{nine}");
    let past = refusal(decide_on(&store, ONE, Decision::Extend { until: Time(1) }).await);
    assert!(past.contains("has passed already"), "{past}");
    let touched = refusal(decide_on(&store, HitKey(2), Decision::Retype { to: other_type() }).await);
    assert!(touched.contains("5 of its assignments"), "{touched}");
    let odd = refusal(decide_on(&store, ONE, Decision::DeleteType).await);
    assert_eq!(odd, "cannot delete type a HIT");
    let same = decide_on(&store, ONE, Decision::Retype { to: hit(1).type_id }).await;
    assert!(matches!(same, Decided::Already { .. }), "{same:?}");
}

#[tokio::test]
async fn the_mirror_knows_what_was_carried_out_before_it_is_read_again() {
    let dir = TempDir::new().unwrap();
    let store = published(&dir).await;
    let at = Time(2_500_000);
    let done = async |key, decision| {
        let Decided::Staged(entry) = decide_on(&store, key, decision).await else { panic!() };
        let entry = OutboxEntry { state: OutboxState::Done, ..entry };
        store.put_changed_hits(vec![entry], at).await.unwrap().hits.remove(0)
    };
    let full = done(HitKey(2), Decision::AddAssignments { count: 2, from: 5 }).await;
    assert_eq!((full.status, full.max_assignments, full.available), (HitStatus::Assignable, 7, 2));
    let longer = done(HitKey(2), Decision::Extend { until: LATER }).await;
    assert_eq!((longer.expires, longer.max_assignments), (LATER, 7), "both of them are kept");
    let expired = done(ONE, Decision::Expire).await;
    assert_eq!((expired.status, expired.expires, expired.available), (HitStatus::Reviewable, at, 5));
}

#[tokio::test]
async fn what_failed_changes_nothing_in_the_mirror() {
    let dir = TempDir::new().unwrap();
    let store = published(&dir).await;
    let Decided::Staged(entry) = decide_on(&store, ONE, Decision::Extend { until: LATER }).await else { panic!() };
    let failed = OutboxEntry { state: OutboxState::Failed { reason: "no".into() }, ..entry };
    assert_eq!(store.put_changed_hits(vec![failed], NOW.time).await.unwrap().hits, []);
}
