//! The Batches screen against a market: every action on HITs reaches it.

use super::driver::{Flow, Lab};
use hitdeck::runtime::desk::Ending;

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
        desk.state().batches.known.as_ref().is_some_and(|it| !it.asked.at_first.is_empty())
    })
    .await;
    desk.press("r").await;
    desk.until_shown("lacking nothing").await;
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

/// A batch file of so many rows in the lab's folder; its path.
fn batch_file(lab: &Lab, rows: usize) -> String {
    let folder = lab.folder();
    let spec = "name = \"pilot\"\ntitle = \"Label a text\"\ndescription = \"One word\"\nreward = \"0.05\"\nassignments = 2\n\
        lifetime = \"1h\"\ntime_limit = \"10m\"\nauto_approve = \"3d\"\ntemplate = \"task.html\"\ndata = \"items.csv\"\n\
        consent = \"none\"\n";
    let page = "<!DOCTYPE html><html><body><form action=\"https://www.mturk.com/mturk/externalSubmit\">\
        <input type=\"hidden\" name=\"assignmentId\"><p>${text}</p><input name=\"label\"></form></body></html>";
    let items = (0..rows).fold("text\n".to_owned(), |items, n| items + &format!("item {n}\n"));
    for (name, text) in [("pilot.toml", spec), ("task.html", page), ("items.csv", &items)] {
        std::fs::write(folder.join(name), text).expect("the file is written");
    }
    folder.join("pilot.toml").display().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_file_is_opened_and_published_first_a_pilot_then_the_rest() {
    let lab = Lab::open().await;
    let mut desk = lab.desk().await;
    let path = batch_file(&lab, 5);
    desk.press(&format!("4:open-batch {path}<enter>")).await;
    desk.until_shown("5 rows to publish").await;
    desk.until_shown("5 HITs, 10 assignments").await;
    desk.press("p2<enter>").await;
    desk.until_shown("publish a pilot of 2 rows of pilot?").await;
    lab.pass(1_000);
    desk.press("y").await;
    desk.until_shown("2 HITs published").await;
    assert_eq!(lab.hits().await.len(), 2);
    desk.until_shown("2 published before").await;
    desk.press("p<enter>").await;
    desk.until_shown("publish 3 rows of pilot?").await;
    lab.pass(1_000);
    desk.press("y").await;
    desk.until_shown("3 HITs published").await;
    let hits = lab.hits().await;
    assert_eq!(hits.len(), 5);
    assert!(hits.iter().all(|hit| hit.max_assignments == Some(2)), "{hits:?}");
    desk.until_shown("0 rows to publish").await;
    desk.press("p").await;
    desk.until_shown("all of its rows are published").await;
    desk.press("<esc>").await;
    desk.until_shown("0 of 10").await;
    desk.close().await;
    let mut again = lab.desk().await;
    again.press("4o").await;
    again.until_shown("1  ").await;
    again.press("1<enter>").await;
    again.until_shown("0 rows to publish").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_is_looked_at_again_as_it_is_now() {
    let lab = Lab::open().await;
    let mut desk = lab.desk().await;
    let path = batch_file(&lab, 2);
    std::fs::write(lab.folder().join("items.csv"), "other\nx\n").expect("the file is written");
    desk.press(&format!("4:open-batch {path}<enter>")).await;
    desk.until_shown("error").await;
    desk.press("p").await;
    desk.until_shown("first").await;
    assert_eq!(lab.hits().await.len(), 0);
    batch_file(&lab, 4);
    desk.press("R").await;
    desk.until_shown("4 rows to publish").await;
}

/// What nobody did before the end is published anew, once; so is work that was rejected.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stale_hits_are_published_anew() {
    let lab = Lab::open().await;
    let mut desk = lab.desk().await;
    let path = batch_file(&lab, 2);
    desk.press(&format!("4:open-batch {path}<enter>")).await;
    desk.until_shown("2 rows to publish").await;
    desk.press("p<enter>").await;
    desk.until_shown("publish 2 rows of pilot?").await;
    lab.pass(1_000);
    desk.press("y").await;
    desk.until_shown("2 HITs published").await;
    let first = lab.hits().await[0].hit_id.clone().expect("it has one");
    lab.work(&first, "A1WORKER", "good").await;
    desk.press("<esc>").await;
    desk.press("A").await;
    desk.until_shown("lacking nothing").await;
    lab.market_passes(std::time::Duration::from_secs(7_200));
    desk.press("R").await;
    desk.until_shown("review").await;
    desk.press("A").await;
    desk.until_shown("publish anew what is lacking in batch pilot, 2 HITs; open for").await;
    desk.press("<enter>").await;
    desk.until_shown("publish 2 HITs of batch pilot anew?").await;
    desk.until_shown("It costs up to $0.15 and $0.03 in Amazon's fees, $0.18 in all").await;
    desk.until_shown("they can answer that").await;
    lab.pass(1_000);
    desk.press("<esc>").await;
    assert_eq!(lab.hits().await.len(), 2, "Esc publishes nothing");
    desk.press("A30m<enter>").await;
    desk.until_shown("publish 2 HITs of batch pilot anew?").await;
    lab.pass(1_000);
    desk.press("y").await;
    desk.until_shown("2 HITs published").await;
    desk.until("the new ones are there", |desk| desk.state().model.hits().count() == 4).await;
    let mut sizes: Vec<_> = lab.hits().await.iter().filter_map(|hit| hit.max_assignments).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 2, 2, 2]);
    desk.until_shown("running").await;
    desk.press("A").await;
    desk.until_shown("lacking nothing").await;
    desk.press("t").await;
    desk.until_shown("lacking nothing").await;
}

/// Publishing is stopped by a key, at once, and gone on with by another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn publishing_is_stopped_and_gone_on_with() {
    let lab = Lab::open().await;
    let mut desk = lab.desk().await;
    let path = batch_file(&lab, 400);
    // Slow enough to be seen half-way.
    lab.faults("delay=100ms").await;
    desk.press(&format!("4:open-batch {path}<enter>")).await;
    desk.until_shown("400 rows to publish").await;
    desk.press("p<enter>").await;
    desk.until_shown("publish 400 rows of pilot?").await;
    lab.faults("delay=100ms").await;
    lab.pass(1_000);
    desk.press("y").await;
    desk.until("some are there", |desk| desk.state().batches.running.as_ref().is_some_and(|it| it.done > 0)).await;
    desk.press("X").await;
    desk.until_shown("not: p goes on").await;
    lab.faults("").await;
    desk.until_shown("published before").await;
    let there = desk.state().batches.file.as_ref().and_then(|file| file.looked()).map_or(0, |looked| looked.there);
    assert!((1..400).contains(&there), "{there}");
    desk.press("p<enter>").await;
    desk.until_shown(&format!("publish {} rows of pilot?", 400 - there)).await;
    lab.pass(1_000);
    desk.press("y").await;
    desk.until_shown(&format!("{} HITs published", 400 - there)).await;
    desk.until("they are all there", |desk| desk.state().model.hits().count() == 400).await;
}

/// Begins to publish 400 rows at an endpoint that takes its time; the path of the batch file.
async fn publish_slowly(lab: &Lab, desk: &mut Flow) -> String {
    let path = batch_file(lab, 400);
    desk.press(&format!("4:open-batch {path}<enter>")).await;
    desk.until_shown("400 rows to publish").await;
    desk.press("p<enter>").await;
    desk.until_shown("publish 400 rows of pilot?").await;
    lab.faults("delay=100ms").await;
    lab.pass(1_000);
    desk.press("y").await;
    path
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leaving_while_publishing_asks_and_tells_what_is_not_published() {
    let lab = Lab::open().await;
    let mut desk = lab.desk().await;
    let path = publish_slowly(&lab, &mut desk).await;
    desk.until_shown("X stop publishing").await;
    desk.press("1q").await;
    desk.until_shown("Publishing pilot:").await;
    lab.pass(1_000);
    desk.press("l").await;
    assert_eq!(desk.until_ended().await, Ending::Quit);
    let left = desk.leave().await;
    let there = lab.hits().await.len();
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].what.as_str(), left[0].counts), ("pilot", Some((there, 400 - there))));
    assert_eq!(left[0].command, format!("hitdeck batch publish {path}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_and_the_balance_follow_what_is_published() {
    let lab = Lab::open().await;
    let mut desk = lab.desk().await;
    desk.until("the balance is known", |desk| desk.state().balance.is_some()).await;
    let before = desk.state().balance;
    publish_slowly(&lab, &mut desk).await;
    desk.until("a row is in the list while more are published", |desk| {
        let batches = &desk.state().batches;
        batches.running.is_some() && batches.named("pilot").is_some_and(|one| one.stats.is_running())
    })
    .await;
    desk.until("the balance has gone down", |desk| {
        desk.state().batches.running.is_some() && desk.state().balance < before
    })
    .await;
    desk.press("X").await;
    desk.close().await;
}
