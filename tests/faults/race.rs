//! Several hands on one store.

use super::child::{spawn, was_killed};
use super::lab::{FAULTS, Lab, PATIENCE, approve, decide_all, keys};
use hitdeck::app::effect::{NewDecision, Subject};
use hitdeck::app::event::Event;
use hitdeck::domain::decision::OutboxState;
use rstest::rstest;
use tokio::sync::mpsc;

#[rstest]
#[case(11)]
#[case(12)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_goes_wrong_and_every_decision_arrives_once(#[case] seed: u64) {
    let lab = Lab::with(150, FAULTS, seed).await;
    let engine = lab.synced().await;
    decide_all(&engine, 15).await;
    let left = engine.send_until_idle(PATIENCE).await.unwrap();
    assert_eq!((left.unsettled, left.trouble), (0, None));
    lab.check(&engine).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_send_from_one_store() {
    let lab = Lab::with(100, "delay=5ms", 1).await;
    let engine = lab.synced().await;
    decide_all(&engine, 10).await;
    let address = lab.address();
    let children = [spawn(&address, None), spawn(&address, None)];
    let mine = engine.send_until_idle(PATIENCE).await.unwrap();
    assert_eq!(mine.unsettled, 0);
    for child in children {
        let status = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap().status).await.unwrap();
        assert!(status.success() && !was_killed(status), "{status}");
    }
    lab.check(&engine).await;
    // One claim each: nobody took what another one had in hand.
    let entries = engine.store().read(|reader| reader.recent_entries(1_000)).unwrap();
    assert!(entries.iter().all(|entry| entry.attempts == 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_undo_races_the_sender_and_both_tell_the_truth() {
    let lab = Lab::with(200, "delay=2ms", 1).await;
    let engine = lab.synced().await;
    let approvals =
        keys(&engine).into_iter().map(|key| NewDecision { subject: Subject::Assignment(key), decision: approve() });
    let now = engine.clock().now().wall;
    let written = engine.decide(approvals.collect(), engine.new_group(), now).await.unwrap();
    let (events, mut news) = mpsc::channel(64);
    let sender = engine.spawn_sender(events);
    // As soon as the first of them is done, all the others are taken back.
    loop {
        match news.recv().await.unwrap() {
            Event::Outbox(entries) if entries.iter().any(|entry| entry.state == OutboxState::Done) => break,
            _ => {}
        }
    }
    let drained = tokio::spawn(async move { while news.recv().await.is_some() {} });
    let ids = written.staged.iter().map(|entry| entry.id).collect();
    let after = engine.undo(ids).await.unwrap();
    assert!(after.iter().any(|entry| entry.state == OutboxState::Undone), "the undo came in time for some");
    assert!(after.iter().any(|entry| entry.state == OutboxState::Done), "and too late for others");
    let left = sender.stop().await.unwrap();
    drop(drained);
    if left.unsettled > 0 {
        engine.send_until_idle(PATIENCE).await.unwrap();
    }
    lab.check(&engine).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_made_elsewhere_is_respected() {
    let lab = Lab::with(3, "", 1).await;
    let engine = lab.synced().await;
    let keys = keys(&engine);
    let service = &lab.market.service;
    let id = |number: u32| format!("3ASSIGNMENT{number:06}");
    service.approve(lab.market.requester, &id(0), None, false).await.unwrap();
    service.reject(lab.market.requester, &id(1), "no".into()).await.unwrap();
    let approvals = keys.iter().map(|key| NewDecision { subject: Subject::Assignment(*key), decision: approve() });
    let now = engine.clock().now().wall;
    engine.decide(approvals.collect(), 1, now).await.unwrap();
    engine.send_until_idle(PATIENCE).await.unwrap();
    let mut entries = engine.store().read(|reader| reader.recent_entries(10)).unwrap();
    entries.reverse();
    assert_eq!(
        (&entries[0].state, entries[0].note.as_deref()),
        (&OutboxState::Done, Some("already approved elsewhere"))
    );
    let OutboxState::Failed { reason } = &entries[1].state else { panic!("{:?}", entries[1]) };
    assert!(reason.contains("already rejected elsewhere"), "{reason}");
    assert_eq!(entries[2].state, OutboxState::Done);
    assert_eq!(lab.paid("reward").await.into_keys().collect::<Vec<_>>(), [id(0), id(2)]);
}
