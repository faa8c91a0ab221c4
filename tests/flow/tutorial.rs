//! The tutorial from its first cell to its last, by keyboard, on a terminal of 80x24.

use super::driver::{Flow, Lab, Setup};
use super::qualifications::{KEY, TEST};
use std::time::Duration;

/// A batch file of three rows for those who passed the test; its path.
fn batch_file(lab: &Lab) -> String {
    let folder = lab.folder();
    let spec = "name = \"relations\"\ntitle = \"Find a relation\"\ndescription = \"Say how two things are related\"\n\
        keywords = [\"relation\"]\nreward = \"0.13\"\nassignments = 2\nlifetime = \"1h\"\ntime_limit = \"10m\"\n\
        auto_approve = \"3d\"\ntemplate = \"task.html\"\ndata = \"items.csv\"\nconsent = \"Taking part is voluntary.\"\n\
        expected_minutes = 0.5\ntarget_wage = \"15.00\"\n\
        [[requirement]]\nqualification = \"Trained\"\ncomparator = \">=\"\nvalue = 20\n";
    let page = "<!DOCTYPE html><html><body><form action=\"https://www.mturk.com/mturk/externalSubmit\">\
        <input type=\"hidden\" name=\"assignmentId\"><p>How is ${first} related to ${second}?</p>\
        <input name=\"label\"></form></body></html>";
    let items = "first,second\nMarie Curie,Warsaw\nDanube,Vienna\nEtna,Sicily\n";
    for (name, text) in [("relations.toml", spec), ("task.html", page), ("items.csv", items)] {
        std::fs::write(folder.join(name), text).expect("the file is written");
    }
    folder.join("relations.toml").display().to_string()
}

/// Answers the question with yes.
async fn yes(lab: &Lab, desk: &mut Flow) {
    lab.pass(1_000);
    desk.press("y").await;
}

/// Sends what is staged, and waits until it has arrived.
async fn send(desk: &mut Flow) {
    desk.press("$").await;
    desk.until("everything is sent", |desk| desk.state().outbox.unsent() == 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_tutorial_by_keyboard() {
    let lab = Lab::open().await;
    let mut desk = lab.desk_with(Setup { size: (80, 24), ..Setup::default() }).await;
    // T1, T2: where it is, and the balance.
    desk.until_shown("play money").await;
    desk.until_shown("$10,000.00").await;
    // T7: a test from its two files.
    desk.press("3n<enter>Trained<enter>j<enter>Reads first<enter>jjjj<enter>1m<enter>jf").await;
    desk.press(&format!("{TEST}<enter>")).await;
    desk.until_shown("lines; enter opens it").await;
    desk.press(&format!("j<enter>40m<enter>jf{KEY}<enter>")).await;
    let read = |text: &str| text.matches("lines; enter opens it").count() == 2;
    desk.until("test and key are read", |desk| read(desk.screen())).await;
    desk.press("s").await;
    yes(&lab, &mut desk).await;
    send(&mut desk).await;
    desk.until_shown("test+key").await;
    let trained = lab.qualification_type("Trained").await;
    // T3 to T6, T8: the batch file is looked at from all sides.
    let path = batch_file(&lab);
    desk.press(&format!("4:open-batch {path}<enter>")).await;
    desk.until_shown("3 rows to publish").await;
    desk.until_shown("$15.60").await;
    // T19: a row as workers see it.
    desk.press("n").await;
    desk.until_shown("How is Danube related to Vienna?").await;
    desk.until_shown("Taking part is voluntary").await;
    // T9: a pilot, then the rest; the link.
    desk.press("p1<enter>").await;
    desk.until_shown("publish a pilot of 1 row of relations?").await;
    yes(&lab, &mut desk).await;
    desk.until_shown("1 HIT published").await;
    desk.press("p<enter>").await;
    desk.until_shown("publish 2 rows of relations?").await;
    yes(&lab, &mut desk).await;
    desk.until_shown("2 HITs published").await;
    desk.press("<esc>").await;
    desk.until("its HITs are known", |desk| desk.state().model.hits().count() == 3).await;
    desk.press("O").await;
    desk.until_shown("/mturk/preview?grou").await;
    // Workers take the test, and do the HITs; one answers in JSON, one does not.
    for worker in ["A1GOOD", "A2BARE"] {
        lab.take_test(&trained, worker, &[("battery", &["good"]), ("words", &["love"])]).await;
    }
    for (n, hit) in lab.hits().await.iter().enumerate() {
        let hit = hit.hit_id.as_deref().expect("it has one");
        lab.work(hit, "A1GOOD", &format!("[\"relation {n}\"]")).await;
        lab.work(hit, "A2BARE", "born in").await;
    }
    // T10: how far it is.
    desk.press("R").await;
    desk.until_shown("6 of 6").await;
    // T11: the answers beside their rows.
    desk.press("<enter><enter>").await;
    desk.until_shown("undecided 6").await;
    desk.press("<enter>").await;
    desk.until_shown("related to").await;
    desk.press("<esc>").await;
    // T12, T13: by the answer, after a look at what it is about.
    desk.press("/answer.label:json<enter>*").await;
    desk.until_shown("3 marked").await;
    desk.press("AThank you!<enter>").await;
    desk.until_shown("3 staged").await;
    desk.press("/-answer.label:json<enter>*").await;
    desk.until_shown("3 marked").await;
    desk.press("rThe answer was not valid JSON.<enter>").await;
    desk.until_shown("6 staged").await;
    send(&mut desk).await;
    // T14: what is approved cannot be rejected, and that is said.
    desk.press("/status:approved<enter>r").await;
    desk.until_shown("already approved").await;
    let approved = lab.paid(hitdeck::market::Kind::Reward).await;
    assert_eq!(approved, [13, 13, 13]);
    // T18: no worker is named on the screen any more.
    desk.press("/<enter>]").await;
    desk.until_shown("A1GOOD").await;
    desk.press(":redact<enter>").await;
    desk.until("nobody is named", |desk| !desk.screen().contains("A1GOOD") && !desk.screen().contains("A2BARE")).await;
    desk.press(":redact<enter>").await;
    desk.until_shown("A1GOOD").await;
    // T16: blocked with a reason, and unblocked.
    desk.press("2/id:A2BARE<enter>").await;
    desk.press("xNot valid JSON, three times<enter>").await;
    yes(&lab, &mut desk).await;
    send(&mut desk).await;
    assert_eq!(lab.blocks().await, [("A2BARE".to_owned(), "Not valid JSON, three times".to_owned())]);
    desk.until_shown("blocked").await;
    desk.press("XThey wrote to us<enter>").await;
    yes(&lab, &mut desk).await;
    send(&mut desk).await;
    assert_eq!(lab.blocks().await, []);
    // T17: the qualification is taken away, so that the test can be taken again.
    desk.press("3").await;
    desk.until_shown("Trained").await;
    desk.press("R<tab>").await;
    desk.until_shown("A2BARE").await;
    desk.press("<enter>G").await;
    desk.press("xPlease take the test again<enter>").await;
    lab.pass(1_000);
    send(&mut desk).await;
    assert_eq!(lab.scores(&trained).await.iter().map(|(who, _)| who.as_str()).collect::<Vec<_>>(), ["A1GOOD"]);
    // Rejected work is asked for again; then T15: expired where needed, deleted, and what could not go is said.
    desk.press("4r").await;
    desk.until_shown("republish the rejected work of 3 HITs").await;
    yes(&lab, &mut desk).await;
    send(&mut desk).await;
    desk.until_shown("6 of 9").await;
    lab.market_passes(Duration::from_secs(7_200));
    desk.press("R").await;
    desk.until_shown("short").await;
    desk.press("D").await;
    desk.until_shown("never exported").await;
    yes(&lab, &mut desk).await;
    send(&mut desk).await;
    assert_eq!(lab.hits().await.len(), 0);
}
