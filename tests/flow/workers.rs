//! The Workers screen against a market.

use super::driver::Lab;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_block_reaches_the_market_and_is_taken_away_again() {
    let lab = Lab::with_work(2).await;
    let mut desk = lab.desk().await;
    desk.press("2").await;
    desk.until_shown("Workers 2").await;
    desk.press("xcopied answers<enter>").await;
    desk.until_shown("can do none of your HITs").await;
    assert_eq!(lab.blocks().await, Vec::<(String, String)>::new());
    lab.pass(1_000);
    desk.press("y").await;
    desk.until_shown("1 staged").await;
    desk.press("$").await;
    desk.until("the block is sent", |desk| desk.state().outbox.unsent() == 0).await;
    assert_eq!(lab.blocks().await, [("A1WORKER0".to_owned(), "copied answers".to_owned())]);
    desk.until_shown("blocked").await;
    desk.press("Xmade up<enter>").await;
    lab.pass(1_000);
    desk.press("y").await;
    desk.until_shown("1 staged").await;
    desk.press("$").await;
    desk.until("the end of the block is sent", |desk| desk.state().outbox.unsent() == 0).await;
    assert_eq!(lab.blocks().await, Vec::<(String, String)>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_reaches_each_worker_with_their_own_words() {
    let lab = Lab::with_work(3).await;
    let mut desk = lab.desk().await;
    // Only who has decided work can be written to.
    desk.press("aaa$").await;
    desk.until("all is approved", |desk| desk.state().outbox.unsent() == 0).await;
    desk.press("2").await;
    desk.until_shown("Workers 3").await;
    desk.press("*mThank you<enter>{{ worker }}, you sent {{ submitted }}.<enter>").await;
    desk.until_shown("write to 3 workers?").await;
    lab.pass(1_000);
    desk.press("y").await;
    desk.until_shown("3 staged").await;
    desk.press("$").await;
    desk.until("all are sent", |desk| desk.state().outbox.unsent() == 0).await;
    for n in 0..3 {
        let told = lab.messages(&format!("A1WORKER{n}")).await;
        assert_eq!(told, [format!("A1WORKER{n}, you sent 1.")]);
    }
    desk.press("<enter>").await;
    desk.until_shown("done: Thank you: A1WORKER").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_s_answers_open_from_their_page_and_pseudonyms_outlive_the_desk() {
    let lab = Lab::with_work(2).await;
    let mut desk = lab.desk().await;
    desk.press("w").await;
    desk.until_shown("Latest answers").await;
    let theirs = if desk.screen().contains("A1WORKER0") { 0 } else { 1 };
    desk.press("<enter>").await;
    desk.until_shown(&format!("label {theirs}")).await;
    assert!(!desk.screen().contains(&format!("A1WORKER{}", 1 - theirs)), "{}", desk.screen());
    desk.press("<esc><esc>:redact<enter>").await;
    desk.until_shown("W-").await;
    assert!(!desk.screen().contains("A1WORKER"), "{}", desk.screen());
    let names = |screen: String| {
        let mut names: Vec<String> =
            screen.split_whitespace().filter(|word| word.starts_with("W-")).map(str::to_owned).collect();
        names.sort();
        names.dedup();
        names
    };
    let before = names(desk.screen().to_owned());
    assert!(!before.is_empty());
    desk.close().await;
    let mut again = lab.desk().await;
    again.press("j:redact<enter>").await;
    again.until_shown("W-").await;
    assert_eq!(names(again.screen().to_owned()), before);
}
