//! Marks on the Workers screen: what acts on them takes them away, and what hides them keeps them out of it.

use super::workers::{desk, id};
use super::workers_act::question;
use super::*;
use crate::app::overlay::Overlay;

fn marks(desk: &Desk) -> Vec<String> {
    let mut ids: Vec<_> = desk.state.people.workers.marks.iter().map(ToString::to_string).collect();
    ids.sort();
    ids
}

fn label(desk: &Desk) -> String {
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!("no line") };
    prompt.label.clone()
}

#[test]
fn marks_end_with_the_action_and_come_back_with_undo() {
    // Worker 2 is blocked and worker 3 trained: who is left out loses the mark too.
    for keys in ["b0.10<enter>thanks<enter>y", "mHello<enter>there<enter>y", "+trained 80<enter>y", "xspam<enter>y"] {
        let mut desk = desk();
        desk.keys("<space><space><space><space>");
        assert_eq!(marks(&desk), ["AWORKER0", "AWORKER1", "AWORKER2", "AWORKER3"]);
        desk.keys(keys);
        assert_eq!(marks(&desk), [""; 0], "{keys}");
        assert!(!desk.persisted().is_empty(), "{keys}");
        desk.keys("u");
        assert_eq!(marks(&desk), ["AWORKER0", "AWORKER1", "AWORKER2", "AWORKER3"], "{keys} taken back");
    }
}

#[test]
fn a_second_bonus_pays_only_the_worker_under_the_cursor() {
    let mut desk = desk();
    desk.keys("<space><space>b0.10<enter>thanks<enter>y");
    assert_eq!(desk.persisted().len(), 2);
    desk.keys("b0.10<enter>thanks<enter>y");
    assert_eq!(desk.persisted().len(), 1);
}

#[test]
fn marks_outlive_what_was_not_agreed_to() {
    let mut desk = desk();
    desk.keys("<space><space>b0.10<enter>thanks<enter>n");
    assert_eq!(marks(&desk), ["AWORKER0", "AWORKER1"]);
    desk.keys("'a note<enter>");
    assert_eq!(marks(&desk), ["AWORKER0", "AWORKER1"], "a note is no decision");
}

#[test]
fn marks_that_the_filter_hides_are_counted_and_never_acted_on() {
    let mut desk = desk();
    desk.keys("*/AWORKER1<enter>");
    assert_eq!((desk.state.people.workers.marks_shown, desk.state.people.workers.marks_hidden()), (1, 5));
    desk.keys("b0.10<enter>thanks<enter>");
    let said = question(&desk);
    assert_eq!(said[..3], ["pay a bonus to AWORKER1?", "AWORKER1", "5 marked and hidden by the filter: not meant"]);
    desk.keys("y");
    assert_eq!(desk.persisted().len(), 1);
    assert_eq!(marks(&desk).len(), 5, "the hidden ones stay marked");
}

#[test]
fn lines_and_questions_say_for_how_many_they_are() {
    let mut desk = desk();
    desk.keys("*+");
    assert!(label(&desk).starts_with("grant to 6 workers (AWORKER0, "), "{}", label(&desk));
    desk.keys("trained 80<enter>");
    let said = question(&desk);
    assert_eq!(said[0], "grant \"trained\" with score 80 to 5 workers?");
    assert!(
        said[1].starts_with("AWORKER0") && !said[1].contains("AWORKER3"),
        "who is left out is not listed: {said:?}"
    );
}

#[test]
fn who_is_left_out_is_not_among_those_who_are_excluded() {
    let mut desk = desk();
    desk.keys("jj<space><space>:exclude<enter><ctrl-u>trained 80<enter>");
    let said = question(&desk);
    assert_eq!(
        said[..3],
        ["exclude 1 worker by \"trained\" at 80?", "AWORKER2", "left out: 1 already with this score"]
    );
}

#[test]
fn on_a_page_only_its_worker_is_meant() {
    let mut desk = desk();
    desk.keys("<space><space>j<enter>xspam<enter>");
    assert_eq!(question(&desk)[0], "block AWORKER3?");
    desk.keys("y");
    let subject = Subject::Other(crate::domain::decision::Target::Worker(id(3)));
    assert!(desk.persisted().iter().all(|new| new.subject == subject));
    assert_eq!(marks(&desk), ["AWORKER0", "AWORKER1"]);
}
