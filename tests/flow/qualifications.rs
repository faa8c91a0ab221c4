//! Qualifications from the form to the score: against the market.

use super::driver::{Lab, Setup};

const TEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/qualification/test.xml");
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/qualification/key.xml");

/// An editor that puts the test, or the key when there is a test already, in place of what it was given.
fn editor(lab: &Lab) -> Setup {
    let once = lab.folder().join("once");
    let once = once.display();
    let write = format!("sh -c 'if [ -e {once} ]; then cp {KEY} \"$0\"; else touch {once}; cp {TEST} \"$0\"; fi'");
    Setup { editor: write, ..Setup::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_type_is_created_with_test_and_key_and_a_worker_who_takes_it_is_scored() {
    let lab = Lab::open().await;
    let mut desk = lab.desk_with(editor(&lab)).await;
    desk.press("3").await;
    desk.press("n<enter>Sentiment basics<enter>j<enter>Read first<enter>jjjj<enter>1d<enter>j<enter>").await;
    desk.until_shown("lines; enter opens it").await;
    desk.press("j<enter>40m<enter>j<enter>").await;
    let written = |text: &str| text.matches("lines; enter opens it").count() == 2;
    desk.until("test and key are written", |desk| written(desk.screen())).await;
    desk.press("s").await;
    assert!(desk.screen().contains("+ time for the test: 40m"), "{}", desk.screen());
    lab.pass(1_000);
    desk.press("y$").await;
    desk.until_shown("test+key").await;
    let id = lab.qualification_type("Sentiment basics").await;
    lab.take_test(&id, "A1TESTED", &[("battery", &["bad"]), ("words", &["love"])]).await;
    desk.press("Rj<tab>").await;
    desk.until_shown("A1TESTED").await;
    assert!(desk.screen().lines().any(|line| line.contains("A1TESTED") && line.contains(" 75 ")), "{}", desk.screen());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_are_granted_and_rejected() {
    let lab = Lab::open().await;
    let id = lab.create_type("By hand").await;
    lab.take_test(&id, "A1FIRST", &[]).await;
    lab.take_test(&id, "A2SECOND", &[]).await;
    let mut desk = lab.desk().await;
    desk.press("3").await;
    desk.press("<tab><tab><enter>").await;
    desk.until_shown("A2SECOND").await;
    lab.pass(1_000);
    desk.press("A<enter>").await;
    lab.pass(1_000);
    desk.press("jrNot yet<enter>$").await;
    desk.until_shown("Nobody waits.").await;
    assert_eq!(lab.scores(&id).await, [("A1FIRST".to_owned(), 1)]);
}
