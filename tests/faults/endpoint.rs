//! Endpoints that are not there, not ours, or not Mechanical Turk.

use super::lab::{Lab, approve, keys};
use hitdeck::app::effect::{NewDecision, Subject};
use hitdeck::domain::decision::{Decision, OutboxState};
use hitdeck::mturk::Error;
use hitdeck::runtime::engine::Engine;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const SHORT: Duration = Duration::from_millis(600);

async fn approve_all(engine: &Engine) {
    let approvals = keys(engine).into_iter();
    let approvals = approvals.map(|key| NewDecision { subject: Subject::Assignment(key), decision: approve() });
    let now = engine.clock().now().wall;
    engine.decide(approvals.collect(), 1, now).await.unwrap();
}

fn states(engine: &Engine) -> Vec<OutboxState> {
    let entries = engine.store().read(|reader| reader.recent_entries(1_000)).unwrap();
    entries.into_iter().map(|entry| entry.state).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn decisions_wait_for_an_endpoint_that_is_down() {
    let lab = Lab::with(30, "", 1).await;
    let engine = lab.synced().await;
    approve_all(&engine).await;
    let Lab { market, folder: _folder } = lab;
    market.stop().await;
    let left = engine.send_until_idle(SHORT).await.unwrap();
    assert_eq!(left.unsettled, 30);
    let Some(Error::NotSent { why }) = left.trouble else { panic!("{left:?}") };
    assert!(why.to_lowercase().contains("refused"), "{why}");
    // They never left, so that nothing has to be read before they leave.
    assert!(states(&engine).iter().all(|state| matches!(state, OutboxState::Staged { .. })));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_of_another_account_sign_nothing() {
    let lab = Lab::with(10, "", 1).await;
    let engine = lab.synced().await;
    approve_all(&engine).await;
    drop(engine);
    let other =
        lab.market.service.add_requester("other", hitdeck::domain::money::Usd::cents(100)).await.unwrap().unwrap();
    let mut address = lab.address();
    let account = std::mem::replace(&mut address.access_key_id, other.access_key);
    let engine = address.engine_of(&account, None);
    let left = engine.send_until_idle(SHORT).await.unwrap();
    let Some(Error::Credentials { why }) = left.trouble else { panic!("{left:?}") };
    assert!(why.contains(&account) && why.contains("profile"), "{why}");
    assert_eq!(left.unsettled, 10);
    assert!(lab.paid("reward").await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_keys_are_said_and_tried_no_further() {
    let lab = Lab::with(10, "", 1).await;
    let engine = lab.synced().await;
    approve_all(&engine).await;
    let mut address = lab.address();
    address.secret_access_key = "wrong".into();
    let engine = address.engine(None);
    let left = engine.send_until_idle(Duration::from_secs(600)).await.unwrap();
    assert!(matches!(left.trouble, Some(Error::Credentials { .. })), "{left:?}");
    assert_eq!(left.unsettled, 10);
}

/// Answers every request with the same bytes, and closes.
async fn parrot(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 65_536]).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    format!("http://{address}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_page_does_not_pass_for_an_approval() {
    let lab = Lab::with(1, "", 1).await;
    let page =
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\nConnection: close\r\n\r\n<html></html>";
    let mut address = lab.address();
    address.endpoint = parrot(page).await;
    let engine = address.engine(None);
    let error = engine.sync(None, Default::default()).await.unwrap_err().to_string();
    assert!(error.contains("no Mechanical Turk endpoint") && error.contains("text/html"), "{error}");
    let client = engine.client().await;
    let error = client.approve(&"3ASSIGNMENT000000".parse().unwrap(), None, false).await.unwrap_err();
    assert!(matches!(error, Error::NotMturk { .. }), "{error:?}");
    assert!(!error.is_certain());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hits_are_expired_and_deleted_or_say_why_not() {
    let lab = Lab::with(20, "", 1).await;
    let engine = lab.synced().await;
    let hits = engine.store().read(|reader| reader.all_hits()).unwrap();
    let first = hits.iter().find(|hit| hit.id.as_str() == "3HIT00000").unwrap().key;
    for key in keys(&engine) {
        if engine.store().read(|reader| reader.assignment(key)).unwrap().unwrap().hit != first {
            continue;
        }
        let decision = NewDecision { subject: Subject::Assignment(key), decision: approve() };
        engine.decide(vec![decision], 1, engine.clock().now().wall).await.unwrap();
    }
    engine.send_until_idle(SHORT).await.unwrap();
    let delete = hits.iter().map(|hit| NewDecision { subject: Subject::Hit(hit.key), decision: Decision::Delete });
    let written = engine.decide(delete.collect(), 2, engine.clock().now().wall).await.unwrap();
    assert_eq!(written.staged.len(), 2);
    engine.send_until_idle(SHORT).await.unwrap();
    for entry in engine.store().read(|reader| reader.recent_entries(2)).unwrap() {
        match (&entry.target, &entry.state) {
            (target, OutboxState::Done) => assert!(format!("{target:?}").contains("3HIT00000")),
            (_, OutboxState::Failed { reason }) => {
                assert!(reason.contains("10 of its assignments are undecided"), "{reason}")
            }
            other => panic!("{other:?}"),
        }
    }
    let left = engine.store().read(|reader| reader.all_hits()).unwrap();
    assert_eq!((left.len(), left.iter().any(|hit| hit.key == first)), (1, false));
}
