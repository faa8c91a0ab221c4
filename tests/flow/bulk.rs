//! Many at once, and what stops a person from doing that by accident.

use super::driver::{Lab, Setup};
use hitdeck::app::key::{Code, Key};
use hitdeck::app::options::Options;
use hitdeck::market::Kind;

fn keys(text: &str) -> Vec<Key> {
    text.chars().map(|c| Key::plain(Code::Char(c))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn much_work_at_once_is_confirmed_with_count_and_sum() {
    let lab = Lab::with_work(30).await;
    let mut desk = lab.desk().await;
    desk.press("*a").await;
    assert!(desk.screen().contains("approve 30 for $1.50?"), "{}", desk.screen());
    // A key that was meant for something else, then the answer.
    desk.press("y").await;
    assert_eq!(desk.state().outbox.unsent(), 0);
    lab.pass(1_000);
    desk.press("y").await;
    desk.until_shown("30 staged").await;
    desk.press("$").await;
    desk.until("all are sent", |desk| desk.state().outbox.unsent() == 0).await;
    assert_eq!(lab.paid(Kind::Reward).await, [5; 30]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_is_the_answer_to_everything_but_yes() {
    let lab = Lab::with_work(30).await;
    let mut desk = lab.desk().await;
    for answer in ["<esc>", "n", "<enter>q"] {
        desk.press("*a").await;
        lab.pass(1_000);
        desk.press(answer).await;
        assert_eq!(desk.state().outbox.unsent(), 0, "{answer}");
        if desk.state().overlay.is_some() {
            desk.press("<esc>").await;
        }
        desk.press("U").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_the_filter_shows_is_decided() {
    let lab = Lab::open().await;
    let hit = lab.publish("the cat sat", 9).await;
    for (n, label) in ["cat", "dog", "cat", "bird"].iter().enumerate() {
        lab.work(&hit, &format!("A1WORKER{n}"), label).await;
    }
    let mut desk = lab.desk().await;
    desk.press("*").await;
    desk.press("/ answer.label:cat<enter>").await;
    desk.until_shown("2 marked").await;
    desk.press("a").await;
    desk.until_shown("2 staged").await;
    desk.press("$").await;
    desk.until("both are sent", |desk| desk.state().outbox.unsent() == 0).await;
    assert_eq!(lab.paid(Kind::Reward).await, [5, 5]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_of_decisions_stops_and_asks() {
    let lab = Lab::with_work(12).await;
    let mut desk = lab.desk().await;
    desk.read(keys("aaaaaaaa")).await;
    assert_eq!(desk.state().outbox.unsent(), 5, "{}", desk.screen());
    assert!(desk.screen().contains("So many decisions at once?"), "{}", desk.screen());
    lab.pass(1_000);
    desk.press("n").await;
    assert_eq!(desk.state().outbox.unsent(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paste_decides_nothing() {
    let lab = Lab::with_work(3).await;
    let mut desk = lab.desk().await;
    desk.paste(&"a $ r a".repeat(1_500)).await;
    assert!(desk.screen().contains("paste"), "{}", desk.screen());
    assert_eq!(desk.state().outbox.unsent(), 0);
    for chunk in keys(&"a $ a r a ".repeat(1_000)).chunks(4_000) {
        desk.read(chunk.to_vec()).await;
    }
    desk.until_shown("looks like a paste").await;
    lab.pass(1_000);
    desk.press("n").await;
    assert_eq!(desk.state().outbox.unsent(), 0);
    assert!(desk.state().overlay.is_none(), "{}", desk.screen());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_held_key_is_drawn_in_few_frames_and_none_is_lost() {
    let lab = Lab::with_work(30).await;
    let mut desk = lab.desk_with(Setup { size: (120, 20), ..Setup::default() }).await;
    let before = desk.memory().frames;
    desk.read(keys(&"j".repeat(20))).await;
    assert!(desk.memory().frames - before <= 3, "{} frames", desk.memory().frames - before);
    assert!(desk.screen().contains("21 of 30"), "{}", desk.screen());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn read_only_decides_nothing() {
    let lab = Lab::with_work(2).await;
    let options = Options { read_only: true, ..Options::default() };
    let mut desk = lab.desk_with(Setup { options, ..Setup::default() }).await;
    desk.press("a").await;
    desk.press("$").await;
    assert_eq!(desk.state().outbox.unsent(), 0);
    assert_eq!(lab.paid(Kind::Reward).await, Vec::<i64>::new());
}
