//! Blocks: who may work no more, and what stays as it was.

use hitdeck::domain::id::{HitId, WorkerId};
use hitdeck::market::answers;
use hitdeck::market::storage::MessageKind;

use crate::support::{client, desk, refused};

#[tokio::test]
async fn a_blocked_worker_hands_in_what_was_taken_and_takes_no_more() {
    let desk = desk().await;
    let (first, second) = (desk.published().await.hit_id.unwrap(), desk.published().await.hit_id.unwrap());
    let taken = desk.accept(&first, "A1WORKER").await;
    let block = desk.client.create_worker_block().worker_id("A1WORKER").reason("spam");
    block.clone().send().await.unwrap();
    block.reason("more spam").send().await.expect("blocking twice succeeds");

    let worker = WorkerId::parse("A1WORKER").unwrap();
    let refusal = desk.market.service.accept(&HitId::parse(&second).unwrap(), &worker).await.unwrap_err();
    assert!(refusal.to_string().contains("has blocked the worker"), "{refusal}");
    assert_eq!(desk.market.service.open_hits(&worker, None, 10).await.unwrap(), []);
    desk.market.service.submit(&taken, answers::from_fields([("a", "b")])).await.unwrap();
    desk.accept(&second, "A2WORKER").await;

    desk.client.delete_worker_block().worker_id("A1WORKER").reason("appealed").send().await.unwrap();
    desk.client.delete_worker_block().worker_id("A1WORKER").send().await.expect("not blocked is a success");
    desk.accept(&second, "A1WORKER").await;
    assert_eq!(desk.client.list_worker_blocks().send().await.unwrap().num_results, Some(0));
    let told = desk.market.service.messages(&worker, None, 10).await.unwrap();
    let kinds: Vec<MessageKind> = told.iter().map(|message| message.kind).collect();
    assert_eq!(kinds, [MessageKind::Unblocked, MessageKind::Blocked], "told once each, newest first");
    assert!(told.iter().all(|message| message.text.is_none()), "the reason is the requester's alone");
}

#[tokio::test]
async fn blocks_are_listed_in_pages_with_the_latest_reason() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    for worker in ["A1", "A2", "A3"] {
        desk.accept(&hit, &format!("{worker}WORKER")).await;
        let block = desk.client.create_worker_block().worker_id(format!("{worker}WORKER"));
        block.clone().reason("spam").send().await.unwrap();
        block.reason(format!("of {worker}")).send().await.unwrap();
    }
    let mut pages = desk.client.list_worker_blocks().max_results(2).into_paginator().send();
    let mut seen = Vec::new();
    while let Some(page) = pages.next().await {
        for block in page.unwrap().worker_blocks.unwrap() {
            seen.push(format!("{} {}", block.worker_id.unwrap(), block.reason.unwrap()));
        }
    }
    assert_eq!(seen, ["A1WORKER of A1", "A2WORKER of A2", "A3WORKER of A3"]);
}

#[tokio::test]
async fn a_block_is_one_requesters_own() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    desk.accept(&hit, "A1WORKER").await;
    let (_, account) = desk.post("/_control/requester", r#"{"name":"other"}"#).await;
    let key = |name: &str| account[name].as_str().unwrap().to_owned();
    let other = client(&desk.market.endpoint, &key("access_key_id"), &key("secret_access_key"));
    other.create_worker_block().worker_id("A1WORKER").reason("theirs").send().await.unwrap();
    assert_eq!(desk.client.list_worker_blocks().send().await.unwrap().num_results, Some(0));
    desk.client.delete_worker_block().worker_id("A1WORKER").send().await.unwrap();
    assert_eq!(other.list_worker_blocks().send().await.unwrap().num_results, Some(1));
    let second = desk.published().await.hit_id.unwrap();
    desk.accept(&second, "A1WORKER").await;
}

#[tokio::test]
async fn what_is_not_a_worker_is_refused() {
    let desk = desk().await;
    let block = |worker: &str| desk.client.create_worker_block().worker_id(worker).reason("r").send();
    let (code, message) = refused(block("A1NOBODY").await);
    assert_eq!(code, "ParameterValidationError");
    assert!(message.starts_with("The value \"A1NOBODY\" is not valid for the parameter WorkerId. ("), "{message}");
    let (code, message) = refused(block("A1,A2").await);
    assert_eq!(code, "ValidationException");
    assert!(message.contains("at 'workerId'") && message.contains("^A[A-Z0-9]+$"), "{message}");
    let (code, message) = refused(desk.client.delete_worker_block().worker_id("A1NOBODY").send().await);
    assert_eq!(
        (code.as_str(), message.contains("WorkerId is invalid.")),
        ("ParameterValidationError", true),
        "{message}"
    );
    let (code, message) = refused(desk.client.create_worker_block().worker_id("A1").send().await);
    assert_eq!((code.as_str(), message.contains("'reason'")), ("ValidationException", true), "{message}");
    assert_eq!(refused(desk.client.delete_worker_block().send().await).0, "ValidationException");
    assert_eq!(refused(desk.client.list_worker_blocks().next_token("x").send().await).0, "ParameterValidationError");
}
