//! One assignment after the other.

use super::driver::{Lab, Setup};
use hitdeck::app::options::{Options, Template};
use hitdeck::market::Kind;
use hitdeck::runtime::desk::{Ending, Outside};
use hitdeck::term::signals::Told;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn approving_pays_each_once_and_the_cursor_goes_on() {
    let lab = Lab::with_work(3).await;
    let mut desk = lab.desk().await;
    assert!(desk.screen().contains("label 0"), "{}", desk.screen());
    desk.press("aa").await;
    desk.until_shown("2 staged").await;
    assert_eq!(lab.paid(Kind::Reward).await, Vec::<i64>::new());
    desk.press("$").await;
    desk.until("both are sent", |desk| desk.state().outbox.unsent() == 0).await;
    assert_eq!(lab.paid(Kind::Reward).await, [5, 5]);
    desk.press("Q").await;
    assert_eq!(desk.until_ended().await, Ending::Quit);
    desk.close().await;
    assert_eq!(lab.paid(Kind::Reward).await, [5, 5]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rejection_takes_its_reason_from_a_template_or_from_the_keyboard() {
    let lab = Lab::open().await;
    let hit = lab.publish("the cat sat", 5).await;
    let first = lab.work(&hit, "A1FIRST", "dog").await;
    let second = lab.work(&hit, "A1SECOND", "bird").await;
    let template = Template { key: '1', name: "wrong".into(), text: "There is no such animal in the text.".into() };
    let options = Options { templates: vec![template], grace: 3_600_000, ..Options::default() };
    let mut desk = lab.desk_with(Setup { options, ..Setup::default() }).await;
    desk.press("r1<enter>").await;
    desk.press("rIt is a cat.<enter>").await;
    desk.until_shown("2 staged").await;
    desk.press("$").await;
    desk.until("both are sent", |desk| desk.state().outbox.unsent() == 0).await;
    assert_eq!(lab.paid(Kind::Reward).await, Vec::<i64>::new());
    let mut told = [lab.feedback(&first).await, lab.feedback(&second).await].map(Option::unwrap_or_default);
    told.sort();
    assert_eq!(told, ["It is a cat.", "There is no such animal in the text."]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn escape_leaves_the_reason_without_a_decision() {
    let lab = Lab::with_work(1).await;
    let mut desk = lab.desk().await;
    desk.press("rnot so good<esc>").await;
    assert_eq!(desk.state().outbox.unsent(), 0);
    assert!(!desk.screen().contains("staged"), "{}", desk.screen());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_taken_back_never_leaves() {
    let lab = Lab::with_work(2).await;
    let mut desk = lab.desk().await;
    desk.press("aau").await;
    desk.until_shown("1 staged").await;
    desk.press("$").await;
    desk.until("the other one is sent", |desk| desk.state().outbox.unsent() == 0).await;
    assert_eq!(lab.paid(Kind::Reward).await, [5]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_its_grace_a_decision_leaves_by_itself() {
    let lab = Lab::with_work(1).await;
    let options = Options { grace: 1, ..Options::default() };
    let mut desk = lab.desk_with(Setup { options, ..Setup::default() }).await;
    desk.press("a").await;
    desk.until("it is sent", |desk| desk.state().outbox.unsent() == 0).await;
    assert_eq!(lab.paid(Kind::Reward).await, [5]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rejection_is_reversed_with_one_key() {
    let lab = Lab::open().await;
    let hit = lab.publish("the cat sat", 5).await;
    let assignment = lab.work(&hit, "A1FIRST", "dog").await;
    let mut desk = lab.desk().await;
    desk.press("rNot a cat.<enter>$").await;
    desk.until("it is sent", |desk| desk.state().outbox.unsent() == 0).await;
    assert_eq!(lab.status(&assignment).await, "Rejected");
    // The list shows undecided work; the decided row is in the tab of all work.
    desk.press("/<enter>").await;
    desk.press("o").await;
    desk.until_shown("1 staged").await;
    desk.press("$").await;
    desk.until("it is sent", |desk| desk.state().outbox.unsent() == 0).await;
    assert_eq!(lab.status(&assignment).await, "Approved");
    assert_eq!(lab.paid(Kind::Reward).await, [5]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn decisions_outlive_the_desk_and_are_offered_at_the_next_start() {
    let lab = Lab::with_work(2).await;
    let mut desk = lab.desk().await;
    desk.press("aa").await;
    desk.until_shown("2 staged").await;
    // The line drops: nobody asks anything.
    drop(desk);
    let mut desk = lab.desk_unread(Setup::default()).await;
    assert!(desk.screen().contains("2 decisions from before"), "{}", desk.screen());
    desk.press("$").await;
    desk.until("both are sent", |desk| desk.state().outbox.unsent() == 0).await;
    assert_eq!(lab.paid(Kind::Reward).await, [5, 5]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leaving_with_unsent_decisions_asks_and_sends() {
    let lab = Lab::with_work(1).await;
    let mut desk = lab.desk().await;
    desk.press("a").await;
    desk.until_shown("1 staged").await;
    desk.press("Q").await;
    assert!(desk.state().overlay.is_some(), "{}", desk.screen());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hang_up_keeps_what_was_decided() {
    let lab = Lab::with_work(1).await;
    let mut desk = lab.desk().await;
    desk.press("a").await;
    desk.outside.send(Outside::Signal(Told::Hangup)).await.expect("the desk listens");
    assert_eq!(desk.until_ended().await, Ending::Hangup);
    desk.close().await;
    let desk = lab.desk_unread(Setup::default()).await;
    assert_eq!(desk.state().outbox.unsent(), 1, "{}", desk.screen());
    assert_eq!(lab.paid(Kind::Reward).await, Vec::<i64>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_window_of_the_same_size_is_drawn_again() {
    let lab = Lab::with_work(1).await;
    let mut desk = lab.desk().await;
    let before = desk.memory().frames;
    desk.outside.send(Outside::Signal(Told::Window)).await.expect("the desk listens");
    desk.settle().await;
    assert_eq!(desk.memory().frames, before + 1);
}
