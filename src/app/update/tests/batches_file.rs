use super::batches::{desk, desk_with, error, question};
use super::*;
use crate::app::batches::{Checked, Ended, KnownBatches, Looked, Tab};
use crate::app::overlay::Overlay;
use crate::domain::fees::FeeSchedule;
use crate::exchange::batch::check::{Facts, check};
use crate::exchange::batch::task::Task;
use crate::exchange::batch::{Draft, Files, data, read_spec};

const SPEC: &str = r#"
name = "pilot"
title = "Label a text"
description = "One word"
reward = "0.05"
assignments = 5
lifetime = "1h"
time_limit = "10m"
auto_approve = "3d"
template = "task.html"
consent = "none"
expected_minutes = 0.5
target_wage = "15.00"
"#;

/// A batch of three rows that was looked at, with a form of this body.
fn looked(form: &str, missing: usize) -> Arc<Looked> {
    let page = format!("<p>${{text}}</p><form action=\"https://www.mturk.com/mturk/externalSubmit\">{form}</form>");
    let spec = read_spec("pilot.toml", SPEC).unwrap();
    let draft = Arc::new(Draft {
        task: Task::new(&spec, &page, None),
        spec,
        spec_text: SPEC.to_owned(),
        source_text: page,
        table: data::read("items.csv", b"text\nfirst\nsecond\nthird\n").unwrap(),
        files: Files { spec: "pilot.toml".into(), source: "task.html".into(), data: "items.csv".into() },
    });
    let facts = Facts {
        types: Vec::new(),
        sandbox: false,
        amazon: false,
        balance: Some(Usd::cents(10_000)),
        fees: FeeSchedule::AMAZON,
        workers: Vec::new(),
        scores: Vec::new(),
        earlier: Vec::new(),
        rows: missing as u64,
    };
    let report = check(&draft, &facts);
    Arc::new(Looked { draft, report, missing, there: 3 - missing, left_out: 0, changes: Vec::new() })
}

fn good(missing: usize) -> Arc<Looked> {
    looked("<input type=hidden name=assignmentId><input name=\"label\">", missing)
}

/// The last question about a file: who asked, and of how many rows.
fn asked(desk: &Desk) -> (RequestId, Option<usize>) {
    let found = desk.effects.iter().rev().find_map(|effect| match effect {
        Effect::CheckBatch { request, limit, .. } => Some((*request, *limit)),
        _ => None,
    });
    found.expect("a file was asked for")
}

/// A desk with the file open.
fn opened(found: Arc<Looked>) -> Desk {
    let mut desk = desk();
    desk.keys("opilot.toml<enter>");
    let request = asked(&desk).0;
    desk.event(Event::BatchChecked { request, found: Ok(found) });
    desk
}

fn published(desk: &Desk) -> Option<(RequestId, Option<usize>)> {
    desk.effects.iter().find_map(|effect| match effect {
        Effect::PublishBatch { request, limit, .. } => Some((*request, *limit)),
        _ => None,
    })
}

#[test]
fn a_file_is_opened_by_its_path_or_by_the_digit_of_an_earlier_one() {
    let mut desk = desk();
    let files = vec!["a/first.toml".to_owned(), "b/second.toml".to_owned()];
    desk.event(Event::Batches(Box::new(KnownBatches { files, ..KnownBatches::default() })));
    desk.keys("o2<enter>");
    let file = desk.state.batches.file.as_ref().unwrap();
    assert_eq!((file.path.as_str(), &file.checked), ("b/second.toml", &Checked::Waiting));
    assert_eq!(desk.state.batches.tab, Tab::File);
}

#[test]
fn tab_goes_on_with_a_path_as_far_as_all_ways_agree() {
    let mut desk = desk();
    desk.keys("op<tab>");
    assert!(desk.effects.contains(&Effect::CompletePath("p".into())));
    let ways = vec!["pilot.toml".to_owned(), "pilot2.toml".to_owned()];
    desk.event(Event::Paths { typed: "p".into(), ways });
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!() };
    assert_eq!(prompt.input.value(), "pilot");
    assert!(prompt.hints.iter().any(|hint| hint == "tab: pilot.toml  pilot2.toml"), "{:?}", prompt.hints);
    desk.event(Event::Paths { typed: "p".into(), ways: vec!["plan.toml".into()] });
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!() };
    assert_eq!(prompt.input.value(), "pilot", "an answer to an older text is dropped");
}

#[test]
fn publishing_shows_the_cost_and_asks() {
    let mut desk = opened(good(3));
    desk.keys("p<enter>");
    assert!(desk.state.overlay.is_none(), "the file is read again first");
    let (request, limit) = asked(&desk);
    assert_eq!(limit, None);
    desk.event(Event::BatchChecked { request, found: Ok(good(3)) });
    let said = question(&desk);
    assert_eq!(said[..2], ["publish 3 rows of pilot?", "3 HITs, 15 assignments"]);
    assert!(said.contains(&"total    $0.90".to_owned()), "{said:?}");
    assert!(said.contains(&"balance  $100.00 before, $99.10 after".to_owned()), "{said:?}");
    assert!(said.contains(&"an hour  $6.00, which is under the target".to_owned()), "{said:?}");
    desk.keys("<esc>");
    assert_eq!(published(&desk), None, "Esc publishes nothing");
    desk.keys("p2<enter>");
    let (request, limit) = asked(&desk);
    assert_eq!(limit, Some(2));
    desk.event(Event::BatchChecked { request, found: Ok(Arc::new(Looked { there: 0, ..(*good(2)).clone() })) });
    assert_eq!(question(&desk)[0], "publish a pilot of 2 rows of pilot?");
    desk.keys("y");
    assert_eq!(published(&desk), Some((request, Some(2))));
}

/// What the page counts: rows to publish, and rows that are there.
fn counted(desk: &Desk) -> (usize, usize) {
    let looked = desk.state.batches.file.as_ref().and_then(|file| file.looked()).unwrap();
    (looked.missing, looked.there)
}

/// Of the first two rows one is there.
fn pilot_of_two(missing: usize) -> Arc<Looked> {
    Arc::new(Looked { there: 2 - missing, ..(*good(missing)).clone() })
}

#[test]
fn a_limit_ends_with_its_question() {
    let mut desk = opened(good(2));
    desk.keys("p2<enter>");
    let (request, _) = asked(&desk);
    desk.event(Event::BatchChecked { request, found: Ok(pilot_of_two(1)) });
    let said = question(&desk);
    assert_eq!(
        said[..2],
        ["publish a pilot of 1 row of pilot?", "of the first 2 rows of the file 1 is published already"]
    );
    desk.keys("n");
    assert_eq!(counted(&desk), (2, 1), "the page counts all rows");
    desk.keys("p");
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!("{}", desk.notice()) };
    assert_eq!(prompt.hints[0], "empty: all 2 rows that are missing");
    assert_eq!(prompt.hints[1], "a number N: a pilot, what is missing of the file's first N rows");
}

#[test]
fn a_pilot_of_rows_that_are_there_locks_nothing() {
    let mut desk = opened(good(2));
    desk.keys("p0<enter>");
    assert_eq!(error(&desk), "a pilot of no rows publishes nothing: 1 or more, or nothing for all");
    desk.keys("<ctrl-u>1<enter>");
    let (request, _) = asked(&desk);
    let none = Arc::new(Looked { there: 1, ..(*good(0)).clone() });
    desk.event(Event::BatchChecked { request, found: Ok(none) });
    let words = "nothing is published: the first row of the file is published already: p and a larger number, or nothing for all";
    assert_eq!(desk.notice(), words);
    assert_eq!(counted(&desk), (2, 1));
    desk.keys("p");
    assert!(matches!(desk.state.overlay, Some(Overlay::Prompt(_))), "{}", desk.notice());
}

#[test]
fn the_bar_moves_and_the_end_is_told() {
    let mut desk = opened(good(3));
    desk.keys("p<enter>");
    let (request, _) = asked(&desk);
    desk.event(Event::BatchChecked { request, found: Ok(good(3)) });
    desk.keys("y");
    desk.event(Event::BatchPublishing { request, done: 1, all: 3 });
    let publishing = |desk: &Desk| desk.state.batches.running.as_ref().map(|running| (running.done, running.all));
    assert_eq!(publishing(&desk), Some((1, 3)));
    desk.keys("p");
    assert_eq!(desk.notice(), "pilot is being published: X stops that");
    desk.event(Event::BatchPublishing { request: RequestId(0), done: 3, all: 3 });
    assert_eq!(publishing(&desk), Some((1, 3)), "news of another one is dropped");
    let ended = Ended { made: 2, refused: vec![(1, "too long".into())], left: 0, ..Ended::default() };
    desk.event(Event::BatchPublished { request, ended: Ok(ended) });
    assert_eq!(desk.notice(), "2 HITs published, 1 row refused");
    assert_eq!(publishing(&desk), None);
    assert!(desk.effects.contains(&Effect::Refresh));
}

#[test]
fn publishing_is_stopped_by_a_key_and_gone_on_with() {
    let mut desk = opened(good(3));
    desk.keys("X");
    assert_eq!(desk.notice(), "stop publishing: nothing is being published");
    desk.keys("p<enter>");
    let (request, _) = asked(&desk);
    desk.event(Event::BatchChecked { request, found: Ok(good(3)) });
    desk.keys("y<esc>");
    assert!(!desk.effects.contains(&Effect::StopPublishing), "Esc stops nothing");
    desk.keys("X");
    assert!(desk.effects.contains(&Effect::StopPublishing));
    assert_eq!(desk.notice(), "stopping: what has begun is finished; p goes on");
    let ended = Ended { made: 1, left: 2, ..Ended::default() };
    desk.event(Event::BatchPublished { request, ended: Ok(ended) });
    assert_eq!(desk.notice(), "1 HIT published, 2 not: p goes on");
    assert_eq!(desk.state.batches.running, None);
}

#[test]
fn a_file_with_errors_or_nothing_left_is_not_published() {
    let mut desk = opened(looked("<input name=\"${nothing}\">", 3));
    desk.keys("p");
    assert!(desk.notice().ends_with("first"), "{}", desk.notice());
    let mut desk = opened(good(0));
    desk.keys("p");
    assert_eq!(desk.notice(), "all of its rows are published");
    let mut desk = opened(good(3));
    desk.keys("pmany<enter>");
    assert!(error(&desk).contains("is no number of rows"), "{}", error(&desk));
}

#[test]
fn what_is_no_batch_says_why() {
    let mut desk = desk();
    desk.keys("onone.toml<enter>");
    let request = asked(&desk).0;
    desk.event(Event::BatchChecked { request, found: Err("none.toml: no such file".into()) });
    let file = desk.state.batches.file.as_ref().unwrap();
    assert_eq!(file.checked, Checked::Failed("none.toml: no such file".into()));
    desk.keys("p");
    assert!(desk.notice().contains("the file is no batch"), "{}", desk.notice());
}

#[test]
fn rows_are_looked_through() {
    let mut desk = opened(good(3));
    let shown = |desk: &Desk| {
        let preview = desk.state.batches.file.as_ref().unwrap().preview.as_ref().unwrap();
        (preview.row, preview.item.text.join(" "), preview.fields.clone())
    };
    desk.keys("n");
    let (row, text, fields) = shown(&desk);
    assert_eq!((row, fields.contains(&"label".to_owned())), (1, true), "{text}");
    assert!(text.contains("second"), "{text}");
    desk.keys("nnnN");
    assert_eq!(shown(&desk).0, 1);
    desk.keys(":next-item 3<enter>");
    assert_eq!(shown(&desk).0, 2);
    assert_eq!(desk.state.batches.tab, Tab::Preview);
}

#[test]
fn a_read_only_desk_checks_and_publishes_nothing() {
    let mut desk = desk_with(Options { read_only: true, ..Options::default() });
    desk.keys("opilot.toml<enter>");
    let request = asked(&desk).0;
    desk.event(Event::BatchChecked { request, found: Ok(good(3)) });
    desk.keys("p");
    assert!(desk.notice().contains("the desk is read-only (--read-only)"), "{}", desk.notice());
    assert!(desk.state.overlay.is_none());
}

/// Publishing of three rows has begun.
fn publishing() -> Desk {
    let mut desk = opened(good(3));
    desk.keys("p<enter>");
    let (request, _) = asked(&desk);
    desk.event(Event::BatchChecked { request, found: Ok(good(3)) });
    desk.keys("y");
    desk.event(Event::BatchPublishing { request, done: 1, all: 3 });
    desk.effects.clear();
    desk
}

#[test]
fn leaving_while_something_is_published_asks() {
    for (keys, leaves) in [("1ql", true), ("Qc", false), ("1Q<esc>", false), ("Ql", true)] {
        let mut desk = publishing();
        desk.keys(&keys[..keys.find(['q', 'Q']).unwrap() + 1]);
        assert!(!desk.effects.iter().any(|effect| matches!(effect, Effect::Quit { .. })), "{keys}");
        let said = question(&desk);
        assert_eq!(said[..2], ["Leave?", "Publishing pilot: 1 of 3 HITs made."], "{keys}");
        assert!(said[2].contains("is gone on with by p, or hitdeck batch publish"), "{said:?}");
        desk.keys(&keys[keys.find(['q', 'Q']).unwrap() + 1..]);
        assert_eq!(desk.effects.contains(&Effect::Quit { send: false }), leaves, "{keys}");
    }
}

#[test]
fn what_is_read_from_files_is_neither_published_nor_changed() {
    let mut desk = opened(good(3));
    desk.state.env.name = "offline:results".to_owned();
    for key in ["p", "<esc>e", "a", "t", "r", "A", "x", "D"] {
        desk.keys(key);
        assert!(desk.notice().ends_with("nothing is ever published or changed from here"), "{key}: {}", desk.notice());
        assert!(desk.state.overlay.is_none(), "{key}");
    }
    assert_eq!(desk.persisted(), []);
}

#[test]
fn on_the_page_of_a_file_nothing_is_done_to_another_batch() {
    let mut desk = opened(good(3));
    assert_eq!(desk.state.page_title(), Some("pilot"));
    for key in ["e", "a", "t", "x", "D", "A"] {
        desk.keys(key);
        assert!(desk.notice().contains("this page is about the file of pilot"), "{key}: {}", desk.notice());
        assert!(desk.state.overlay.is_none(), "{key}");
    }
    desk.keys("<enter>y");
    assert_eq!(desk.state.screen, crate::app::layout::Screen::Batches);
    assert!(!desk.effects.iter().any(|effect| matches!(effect, Effect::Copy(_))));
    desk.keys("<esc>e");
    assert!(desk.state.overlay.is_some(), "on the list the keys are for the batch under the cursor: {}", desk.notice());
    assert_eq!(desk.state.page_title(), Some("pilot"));
}

/// Lets two seconds pass, and answers how many times the disk was asked.
fn watched(desk: &mut Desk) -> usize {
    desk.effects.clear();
    desk.wait(2_000);
    desk.event(Event::Wake);
    desk.effects.iter().filter(|effect| matches!(effect, Effect::WatchBatch { .. })).count()
}

#[test]
fn a_file_that_changes_on_the_disk_is_read_again() {
    let mut desk = opened(good(3));
    let (request, _) = asked(&desk);
    assert_eq!(watched(&mut desk), 1);
    assert_eq!(watched(&mut desk), 0, "one question at a time");
    let newest = Some(Millis(0));
    desk.event(Event::BatchStands { request, mark: 1, newest });
    assert!(desk.state.next_look().is_some());
    assert_eq!(watched(&mut desk), 1);
    desk.event(Event::BatchStands { request, mark: 1, newest });
    assert!(!desk.effects.iter().any(|effect| matches!(effect, Effect::CheckBatch { .. })), "nothing has changed");
    assert_eq!(watched(&mut desk), 1);
    desk.event(Event::BatchStands { request, mark: 2, newest });
    let (again, limit) = asked(&desk);
    assert!(again != request && limit.is_none());
    desk.event(Event::BatchChecked { request: again, found: Ok(good(2)) });
    assert_eq!(counted(&desk), (2, 1));
}

#[test]
fn a_file_is_not_watched_under_a_question_and_elsewhere() {
    let mut desk = opened(good(3));
    let (request, _) = asked(&desk);
    assert_eq!(watched(&mut desk), 1);
    desk.keys("p");
    desk.event(Event::BatchStands { request, mark: 1, newest: Some(Millis(i64::MAX)) });
    assert!(!desk.effects.iter().any(|effect| matches!(effect, Effect::CheckBatch { .. })), "not under a question");
    assert_eq!(watched(&mut desk), 0);
    desk.keys("<esc>");
    assert_eq!(watched(&mut desk), 1);
    desk.event(Event::BatchStands { request, mark: 1, newest: Some(Millis(i64::MAX)) });
    let again = asked(&desk).0;
    assert_ne!(again, request, "it was changed while it was read");
    desk.event(Event::BatchChecked { request: again, found: Ok(good(3)) });
    desk.keys("1");
    assert_eq!((watched(&mut desk), desk.state.next_look()), (0, None), "on another screen");
    let mut desk = super::batches::desk();
    assert_eq!((watched(&mut desk), desk.state.next_look()), (0, None), "no file is open");
}
