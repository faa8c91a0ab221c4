//! Endpoints that fail, in every way the market can.

use super::driver::{Lab, Setup};
use hitdeck::app::options::Options;
use hitdeck::app::outbox::Stage;
use hitdeck::market::Kind;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_decision_arrives_once_over_a_bad_line() {
    let lab = Lab::with_work(8).await;
    let options = Options { burst_count: 0, grace: 3_600_000, ..Options::default() };
    let mut desk = lab.desk_with(Setup { options, ..Setup::default() }).await;
    lab.faults("throttle=0.2,error500=0.1,reset_before=0.1,reset_after=0.3").await;
    desk.press("aaaaaaaa$").await;
    desk.until("all are settled", |desk| desk.state().outbox.unsent() == 0).await;
    assert_eq!(desk.state().outbox.count(Stage::Failed), 0, "{}", desk.screen());
    assert_eq!(lab.paid(Kind::Reward).await, [5; 8]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_else_has_decided_fails_with_the_reason() {
    let lab = Lab::open().await;
    let hit = lab.publish("the cat sat", 5).await;
    let assignment = lab.work(&hit, "A1FIRST", "dog").await;
    let mut desk = lab.desk().await;
    lab.reject(&assignment, "not a cat").await;
    desk.press("a$").await;
    desk.until("it has failed", |desk| desk.state().outbox.count(Stage::Failed) == 1).await;
    desk.settle().await;
    assert!(desk.screen().contains("1 failed"), "{}", desk.screen());
    assert_eq!(lab.paid(Kind::Reward).await, Vec::<i64>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_endpoint_the_desk_works_on_and_keeps_what_was_decided() {
    let mut lab = Lab::with_work(2).await;
    let desk = lab.desk().await;
    desk.close().await;
    let endpoint = lab.stop().await;
    let mut desk = lab.desk_unread(Setup::default()).await;
    assert!(desk.screen().contains("label 0"), "{}", desk.screen());
    desk.until_shown("stale").await;
    desk.press("a").await;
    desk.until_shown("1 staged").await;
    desk.press("$").await;
    desk.until_shown("decisions wait").await;
    assert_eq!(desk.state().outbox.unsent(), 1, "{endpoint} is gone");
    assert_eq!(desk.state().outbox.count(Stage::Failed), 0);
}
