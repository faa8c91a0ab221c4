//! The Workers screen against a market.

use super::driver::{Flow, Lab};
use hitdeck::domain::money::Usd;
use hitdeck::market::Kind;

/// Waits until something was said, also if something else was said in the same moment.
async fn said(desk: &mut Flow, text: &str) {
    desk.until(text, |desk| desk.state().notices.history().any(|notice| notice.text.contains(text))).await;
}

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
    desk.until_shown("What happened").await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bonus_is_paid_from_the_screen_and_shown_there() {
    let lab = Lab::with_work(2).await;
    let mut desk = lab.desk().await;
    desk.press("2").await;
    desk.until_shown("Workers 2").await;
    desk.press("*btotal 1.00<enter>Good work, {{ worker }}<enter>").await;
    desk.until_shown("pay a bonus to 2 workers?").await;
    lab.pass(1_000);
    desk.press("y").await;
    desk.until_shown("2 staged").await;
    desk.press("$").await;
    desk.until("both are paid", |desk| desk.state().outbox.unsent() == 0).await;
    assert_eq!(lab.paid(Kind::Bonus).await, [50, 50]);
    desk.until("the sums are known", |desk| {
        desk.state().people.workers.shown().all(|one| one.bonuses == Usd::cents(50))
    })
    .await;
    // Paid before is said before more is paid.
    desk.press("Ub0.10<enter>More<enter>").await;
    desk.until_shown("had $0.50 in bonuses before (1)").await;
    lab.pass(1_000);
    desk.press("<esc><enter>").await;
    desk.until_shown("Good work, A1WORKER").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_is_paid_by_a_hit_of_their_own_from_beginning_to_end() {
    let lab = Lab::with_work(1).await;
    let mut desk = lab.desk().await;
    // Only who has decided work can be written to.
    desk.press("a$").await;
    desk.until("it is approved", |desk| desk.state().outbox.unsent() == 0).await;
    desk.press("2").await;
    desk.until_shown("Workers 1").await;
    desk.press("P2.50<enter>For the lost session<enter>").await;
    desk.until_shown("pay $2.50 to A1WORKER0?").await;
    lab.pass(1_000);
    desk.press("y").await;
    said(&mut desk, "waits for the worker at").await;
    let told = lab.messages("A1WORKER0").await;
    assert!(told.len() == 1 && told[0].contains("You are paid $2.50"), "{told:?}");
    assert_eq!(lab.paid(Kind::Reward).await.len(), 1, "nothing is paid before the worker has submitted");

    // Again, too early: it waits, and nobody is written to twice.
    desk.press("P").await;
    desk.until_shown("1 payment under way").await;
    lab.pass(1_000);
    let before = desk.state().notices.history().len();
    desk.press("y").await;
    desk.until("it was said", |desk| desk.state().notices.history().len() > before + 1).await;
    assert_eq!(lab.messages("A1WORKER0").await.len(), 1);

    let hit = lab.hit_called("A payment of $2.50 for you").await;
    lab.work(&hit, "A1WORKER0", "yes").await;
    desk.press("P").await;
    desk.until_shown("1 payment under way").await;
    lab.pass(1_000);
    desk.press("y").await;
    said(&mut desk, "$2.50 paid").await;
    let mut paid = lab.paid(Kind::Reward).await;
    paid.sort_unstable();
    assert_eq!(paid.last(), Some(&250));
    desk.press("<enter>").await;
    desk.until_shown("paid: For the lost session").await;
    desk.until("nothing is under way", |desk| desk.state().people.money.open.is_empty()).await;
}
