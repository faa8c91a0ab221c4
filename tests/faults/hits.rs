//! HITs under fire: more time and more assignments, each exactly once, whatever happens to the requests.

use super::child::{Death, spawn, was_killed};
use super::lab::{FAULTS, Lab, PATIENCE};
use hitdeck::domain::decision::{Decision, NewDecision, OutboxState, Subject};
use hitdeck::domain::hit::HitStatus;
use hitdeck::domain::row::HitRow;
use hitdeck::domain::time::{Seconds, Time};
use hitdeck::runtime::engine::{Engine, Step};
use hitdeck::store::Reader;
use rstest::rstest;

/// So many HITs.
const HITS: usize = 12;
/// So many assignments are added to each.
const MORE: u32 = 3;

/// The HITs as the market lists them.
async fn hits(engine: &Engine) -> Vec<HitRow> {
    engine.sync(None, tokio_util::sync::CancellationToken::new()).await.unwrap();
    let mut hits = Vec::new();
    let take = |chunk: hitdeck::store::Changes| {
        hits.extend(chunk.hits);
        true
    };
    engine.store().read(|reader| reader.stream(take)).unwrap();
    hits
}

/// Assignments are added to all HITs and their time is extended; every third one is marked as being reviewed before.
async fn decide_all(engine: &Engine, until: Time) -> usize {
    let mut decisions = Vec::new();
    for (number, hit) in hits(engine).await.into_iter().enumerate() {
        let mut decide = |decision| decisions.push(NewDecision { subject: Subject::Hit(hit.key), decision });
        if number % 3 == 0 {
            decide(Decision::Reviewing { on: true });
        }
        decide(Decision::AddAssignments { count: MORE, from: hit.max_assignments });
        decide(Decision::Extend { until });
    }
    let count = decisions.len();
    let written = engine.decide(decisions, engine.new_group(), engine.clock().now().wall).await.unwrap();
    assert_eq!((written.staged.len(), written.already.len(), written.refused.len()), (count, 0, 0), "{written:?}");
    count
}

async fn check(engine: &Engine, until: Time) {
    let entries = engine.store().read(|reader| reader.recent_entries(1_000)).unwrap();
    for entry in &entries {
        assert_eq!(entry.state, OutboxState::Done, "{entry:?}");
    }
    let hits = hits(engine).await;
    assert_eq!(hits.len(), HITS);
    for hit in hits {
        assert_eq!((hit.max_assignments, hit.available, hit.expires), (10 + MORE, MORE, until), "{hit:?}");
        assert_eq!(hit.status, HitStatus::Assignable, "{hit:?}");
    }
}

fn tomorrow(engine: &Engine) -> Time {
    engine.clock().now().time + Seconds::DAY
}

#[rstest]
#[case(1)]
#[case(2)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_goes_wrong_and_every_hit_has_what_was_decided(#[case] seed: u64) {
    let lab = Lab::with(HITS * 10, "", seed).await;
    let engine = lab.synced().await;
    let until = tomorrow(&engine);
    decide_all(&engine, until).await;
    lab.set_faults(FAULTS).await;
    engine.send_until_idle(PATIENCE).await.unwrap();
    lab.set_faults("").await;
    check(&engine, until).await;
}

#[rstest]
#[case(Step::Claim)]
#[case(Step::Claimed)]
#[case(Step::Send)]
#[case(Step::Answered)]
#[case(Step::Mirrored)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_a_step_of_the_journal(#[case] step: Step) {
    let lab = Lab::with(HITS * 10, "", 1).await;
    let engine = lab.synced().await;
    let until = tomorrow(&engine);
    decide_all(&engine, until).await;
    for nth in [1, 2] {
        let child = spawn(&lab.address(), Some(Death { step: Some(step), nth }));
        let status = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap().status).await.unwrap();
        assert!(was_killed(status) || status.success(), "{status}");
        assert!(nth > 1 || was_killed(status), "it came to {step:?}");
    }
    engine.send_until_idle(PATIENCE).await.unwrap();
    check(&engine, until).await;
    assert_eq!(engine.store().read(Reader::unsettled).unwrap(), 0);
}

/// The service answers what it refuses, and the desk hands its words on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_endpoint_refuses_fails_with_its_words() {
    let lab = Lab::with(10, "", 1).await;
    let engine = lab.synced().await;
    let hit = hits(&engine).await.remove(0);
    let decisions =
        vec![NewDecision { subject: Subject::Hit(hit.key), decision: Decision::Extend { until: tomorrow(&engine) } }];
    engine.decide(decisions, 1, engine.clock().now().wall).await.unwrap();
    engine.send_until_idle(PATIENCE).await.unwrap();
    let add = Decision::AddAssignments { count: 1_000_000, from: hit.max_assignments };
    let decision = NewDecision { subject: Subject::Hit(hit.key), decision: add };
    engine.decide(vec![decision], 2, engine.clock().now().wall).await.unwrap();
    engine.send_until_idle(PATIENCE).await.unwrap();
    let entries = engine.store().read(|reader| reader.recent_entries(10)).unwrap();
    let OutboxState::Failed { reason } = &entries[0].state else { panic!("{:?}", entries[0]) };
    assert!(reason.contains("insufficient funds"), "{reason}");
    assert_eq!(entries[1].state, OutboxState::Done);
    assert_eq!(hits(&engine).await[0].max_assignments, hit.max_assignments);
}
