//! Qualifications from the form to the score: against the market.

use super::driver::{Lab, Setup};

pub const TEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/qualification/test.xml");
pub const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/qualification/key.xml");

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

/// The test of the tutorial from its two files: created, tried out, taken, its key replaced, taken away, taken again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_from_files_is_tried_out_taken_revoked_and_taken_again() {
    let lab = Lab::open().await;
    let mut desk = lab.desk_with(Setup { size: (80, 24), ..Setup::default() }).await;
    desk.press("3").await;
    desk.press("n<enter>Basics<enter>j<enter>Reads first<enter>jjjj<enter>1m<enter>jf").await;
    desk.press(&format!("{TEST}<enter>")).await;
    desk.until_shown("lines; enter opens it").await;
    desk.press(&format!("j<enter>40m<enter>jf{KEY}<enter>")).await;
    let read = |text: &str| text.matches("lines; enter opens it").count() == 2;
    desk.until("test and key are read", |desk| read(desk.screen())).await;
    desk.press("tj<space>jj<space>").await;
    desk.until_shown("Basics: value 50 for 2 of 4 points").await;
    desk.press("<esc>s").await;
    lab.pass(1_000);
    desk.press("y$").await;
    desk.until_shown("test+key").await;
    let of = lab.qualification_type("Basics").await;
    lab.take_test(&of, "A1TESTED", &[("battery", &["good"]), ("words", &["love"])]).await;
    assert_eq!(lab.scores(&of).await, [("A1TESTED".to_owned(), 25)]);

    // Half the points are a hundred percent now; what was granted stays.
    let key = lab.folder().join("easier.xml");
    let easier = std::fs::read_to_string(KEY).unwrap().replace("Score>4<", "Score>2<");
    std::fs::write(&key, easier).unwrap();
    desk.press(&format!("RjeGf{}<enter>", key.display())).await;
    desk.until_shown("doubtful").await;
    desk.press("s").await;
    desk.until_shown("~ answer key").await;
    lab.pass(1_000);
    desk.press("y$").await;
    desk.until_shown("1 decision sent").await;
    desk.press("<tab>").await;
    desk.until_shown("A1TESTED").await;
    desk.press("<enter>T<50<enter>xRead the text again<enter>").await;
    lab.pass(1_000);
    desk.press("$").await;
    desk.until_shown("revoked").await;
    assert_eq!(lab.scores(&of).await, []);
    lab.market_passes(std::time::Duration::from_secs(120));
    lab.take_test(&of, "A1TESTED", &[("battery", &["good"]), ("words", &["love"])]).await;
    assert_eq!(lab.scores(&of).await, [("A1TESTED".to_owned(), 50)]);
    desk.press("R").await;
    let again = |line: &str| line.contains("A1TESTED") && line.contains(" 50 ");
    desk.until("the new score is shown", |desk| desk.screen().lines().any(again)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scores_go_out_to_a_file_and_come_in_from_one_and_requirements_are_written() {
    let lab = Lab::open().await;
    let of = lab.create_type("By hand").await;
    for worker in ["A1FIRST", "A2SECOND"] {
        lab.take_test(&of, worker, &[]).await;
    }
    let mut desk = lab.desk().await;
    let path = |name: &str| lab.folder().join(name);
    desk.press("3").await;
    desk.press("j<tab><tab><enter>*A40<enter>").await;
    lab.pass(1_000);
    desk.press("$").await;
    desk.until_shown("Nobody waits.").await;
    desk.press(&format!("<esc>E{}<enter>", path("out.csv").display())).await;
    desk.until_shown("written: ").await;
    assert_eq!(std::fs::read_to_string(path("out.csv")).unwrap(), "worker,score\nA1FIRST,40\nA2SECOND,40\n");
    std::fs::write(path("in.txt"), "workerid\tscore\nA1FIRST\t40\nA2SECOND\t60\n").unwrap();
    desk.press(&format!("I{}<enter>", path("in.txt").display())).await;
    desk.until_shown("60  (was 40)").await;
    lab.pass(1_000);
    desk.press("y$").await;
    desk.until_shown("1 decision sent").await;
    assert_eq!(lab.scores(&of).await, [("A1FIRST".to_owned(), 40), ("A2SECOND".to_owned(), 60)]);
    desk.press("il<enter>w").await;
    desk.press(&format!("{}<enter>", path("who.toml").display())).await;
    desk.until_shown("written: ").await;
    let written = std::fs::read_to_string(path("who.toml")).unwrap();
    let table = "qualification = \"By hand\"\ncomparator = \"does not exist\"\naction = \"accept\"\n";
    assert!(written.contains(table), "{written}");
}
