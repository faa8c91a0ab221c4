//! The Batches screen against a market: every action on HITs reaches it.

use super::driver::{Flow, Lab};

/// Answers the question with yes and lets everything leave.
async fn agree(lab: &Lab, desk: &mut Flow) {
    lab.pass(1_000);
    desk.press("y").await;
    desk.until_shown("staged").await;
    desk.press("$").await;
    desk.until("it is sent", |desk| desk.state().outbox.unsent() == 0).await;
}

/// A desk on the Batches screen, on a batch of so many HITs of five, one done in each.
async fn opened(count: usize) -> (Lab, Flow) {
    let lab = Lab::with_work(count).await;
    let mut desk = lab.desk().await;
    desk.press("4").await;
    desk.until_shown("labels").await;
    desk.until("what the store knows is there", |desk| desk.state().batches.known.is_some()).await;
    (lab, desk)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn assignments_are_added_and_paid_for() {
    let (lab, mut desk) = opened(2).await;
    desk.press("a2<enter>").await;
    desk.until_shown("$0.20 and $0.04 in Amazon's fees, $0.24 in all").await;
    agree(&lab, &mut desk).await;
    desk.until_shown("2 of 14").await;
    for hit in lab.hits().await {
        assert_eq!((hit.max_assignments, hit.number_of_assignments_available), (Some(7), Some(6)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_is_expired_and_opened_again() {
    let (lab, mut desk) = opened(2).await;
    desk.press("x").await;
    desk.until_shown("Nobody can accept an expired HIT").await;
    agree(&lab, &mut desk).await;
    desk.until_shown("review").await;
    assert!(lab.hits().await.iter().all(|hit| hit.hit_status.as_ref().is_some_and(|it| it.as_str() == "Reviewable")));
    desk.press("e1h<enter>").await;
    desk.until_shown("extend 2 HITs of batch labels by 1 h").await;
    agree(&lab, &mut desk).await;
    desk.until_shown("running").await;
    assert!(lab.hits().await.iter().all(|hit| hit.hit_status.as_ref().is_some_and(|it| it.as_str() == "Assignable")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rejected_work_is_asked_for_again_once() {
    let (lab, mut desk) = opened(1).await;
    desk.press("1rEmpty answer<enter>").await;
    desk.until_shown("1 staged").await;
    desk.press("$").await;
    desk.until("it is rejected", |desk| desk.state().outbox.unsent() == 0).await;
    desk.press("4r").await;
    desk.until_shown("republish the rejected work of 1 HIT").await;
    agree(&lab, &mut desk).await;
    desk.until_shown("1 of 6").await;
    assert_eq!(lab.hits().await[0].max_assignments, Some(6));
    desk.until("the screen knows", |desk| {
        desk.state().batches.known.as_ref().is_some_and(|it| !it.at_first.is_empty())
    })
    .await;
    desk.press("r").await;
    desk.until_shown("nothing is lacking").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hit_is_marked_as_reviewing_retyped_and_deleted() {
    let (lab, mut desk) = opened(1).await;
    let fresh = lab.publish("nobody was here", 3).await;
    let other = lab.publish_type("Another title").await;
    desk.press("R").await;
    desk.until("the new HIT is there", |desk| desk.state().model.hits().count() == 2).await;
    desk.press("<enter><tab>G").await;
    desk.press(&format!("c{other}<enter>")).await;
    desk.until_shown("They get the title, reward, times and requirements of that type").await;
    agree(&lab, &mut desk).await;
    let hits = lab.hits().await;
    let changed = hits.iter().find(|hit| hit.hit_id.as_deref() == Some(&fresh)).expect("it is there");
    assert_eq!((changed.title.as_deref(), changed.hit_type_id.as_deref()), (Some("Another title"), Some(&*other)));
    desk.press("x").await;
    desk.until_shown("expire 1 HIT").await;
    agree(&lab, &mut desk).await;
    desk.until_shown("Reviewable").await;
    desk.press("m").await;
    desk.until_shown("as being reviewed").await;
    agree(&lab, &mut desk).await;
    desk.until_shown("Reviewing").await;
    desk.press("D").await;
    desk.until_shown("can no longer be read from the endpoint").await;
    agree(&lab, &mut desk).await;
    desk.until_shown("Disposed").await;
    assert_eq!(lab.hits().await.len(), 1);
}
