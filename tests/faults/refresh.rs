//! Reading the account: what is new, what was decided elsewhere, what is gone, and nothing twice.

use super::lab::{FAULTS, Lab, keys};
use hitdeck::app::event::{Event, SyncState};
use hitdeck::domain::assignment::AssignmentStatus;
use hitdeck::domain::row::Decider;
use hitdeck::runtime::engine::Engine;
use hitdeck::runtime::sync::Synced;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

async fn sync(engine: &Engine) -> Synced {
    engine.sync(None, CancellationToken::new()).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_refresh_reads_only_what_moved() {
    let lab = Lab::with(250, "", 1).await;
    let engine = lab.engine();
    let (events, mut news) = mpsc::channel(1_000);
    let first = engine.sync(Some(events), CancellationToken::new()).await.unwrap().unwrap();
    assert_eq!((first.hits, first.read, first.changed, first.gone), (25, 25, 250, 0));
    assert_eq!(engine.store().read(hitdeck::store::Reader::tally).unwrap(), (250, 250));
    assert!(engine.store().read(hitdeck::store::Reader::as_of).unwrap().is_some());
    let (mut rows, mut balance, mut fresh) = (0, false, false);
    while let Ok(event) = news.try_recv() {
        match event {
            Event::Refreshed { rows: new } => rows += new.assignments.len(),
            Event::Balance(..) => balance = true,
            Event::Sync(SyncState::Fresh(_)) => fresh = true,
            _ => assert!(!fresh, "nothing comes after the end"),
        }
    }
    assert_eq!((rows, balance, fresh), (250, true, true));

    let second = sync(&engine).await;
    assert_eq!((second.hits, second.read, second.changed), (25, 0, 0));

    lab.market.service.approve(lab.market.requester, "3ASSIGNMENT000123", None, false).await.unwrap();
    let third = sync(&engine).await;
    assert_eq!((third.read, third.changed), (1, 1));
    assert_eq!(sync(&engine).await.read, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_override_elsewhere_is_found_although_no_counter_moves() {
    let lab = Lab::with(10, "", 1).await;
    let (service, who) = (&lab.market.service, lab.market.requester);
    service.reject(who, "3ASSIGNMENT000004", "no".into()).await.unwrap();
    let engine = lab.synced().await;
    let key = engine.find_assignment(&"3ASSIGNMENT000004".parse().unwrap()).await.unwrap().unwrap();
    let row = || engine.store().read(|reader| reader.assignment(key)).unwrap().unwrap();
    assert_eq!((row().status, row().by), (AssignmentStatus::Rejected, Decider::Elsewhere));
    service.approve(who, "3ASSIGNMENT000004", None, true).await.unwrap();
    sync(&engine).await;
    assert_eq!(row().status, AssignmentStatus::Approved);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deleted_hits_go_and_a_cancelled_refresh_leaves_the_mirror_whole() {
    let lab = Lab::with(20, "", 1).await;
    let engine = lab.synced().await;
    let (service, who) = (&lab.market.service, lab.market.requester);
    for number in 0..10 {
        service.approve(who, &format!("3ASSIGNMENT{number:06}"), None, false).await.unwrap();
    }
    service.delete_hit(who, "3HIT00000").await.unwrap();
    let cancelled = CancellationToken::new();
    cancelled.cancel();
    assert_eq!(engine.sync(None, cancelled).await.unwrap(), None);
    assert_eq!(keys(&engine).len(), 20);
    assert_eq!(sync(&engine).await.gone, 1);
    assert_eq!(keys(&engine).len(), 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_gets_through_faults_or_fails_without_a_trace() {
    let lab = Lab::with(200, FAULTS, 5).await;
    let engine = lab.engine();
    assert_eq!(sync(&engine).await.changed, 200);
    let as_of = engine.store().read(hitdeck::store::Reader::as_of).unwrap();
    let Lab { market, folder: _folder } = lab;
    market.stop().await;
    engine.sync(None, CancellationToken::new()).await.unwrap_err();
    assert_eq!(engine.store().read(hitdeck::store::Reader::as_of).unwrap(), as_of);
    assert_eq!(keys(&engine).len(), 200);
}
