//! Files that were reviewed elsewhere.

use super::*;
use crate::app::overlay::Overlay;
use crate::app::review_file::Reviewed;
use crate::domain::decision::Decision;
use crate::exchange::review::Verdict;

fn approve() -> Verdict {
    Verdict::Approve { feedback: None }
}

fn reject(reason: Option<&str>) -> Verdict {
    Verdict::Reject { reason: reason.map(Into::into) }
}

/// Has the desk read a file with these marks.
fn read(desk: &mut Desk, marks: Vec<(AssignmentKey, Verdict)>) {
    desk.keys(":review-import<space>marks.csv<enter>");
    let Some(Effect::LoadReview { request, path }) = desk.effects.pop() else { panic!("{}", desk.notice()) };
    assert_eq!(path, "marks.csv");
    let problems = vec!["line 9: column Approve: an x approves, not \"yes\"".to_owned()];
    let file = Reviewed { name: path, kind: "batch-results file", marks, problems, undecided: 3 };
    desk.event(Event::Reviewed { request, file: Ok(Box::new(file)) });
}

#[test]
fn a_file_says_what_it_would_stage_and_asks() {
    let rejected = AssignmentRow { status: AssignmentStatus::Rejected, ..row(3) };
    let approved = AssignmentRow { status: AssignmentStatus::Approved, ..row(4) };
    let mut desk = Desk::new(Options::default(), vec![row(0), row(1), row(2), rejected, approved]);
    let marks = vec![
        (key(0), approve()),
        (key(1), reject(Some("empty {{ answer }}"))),
        (key(2), reject(None)),
        (key(3), approve()),
        (key(4), approve()),
        (key(99), approve()),
    ];
    read(&mut desk, marks);
    assert!(desk.persisted().is_empty(), "a file never stages by itself");
    let Some(Overlay::Ask(ask)) = &desk.state.overlay else { panic!("no question; {}", desk.notice()) };
    assert_eq!(ask.title, "Stage 1 approval, 1 rejection, 1 override of a rejection: $0.50?");
    let lines = ask.lines.join("\n");
    for part in [
        "marks.csv: a batch-results file, 3 undecided",
        "AWORKER1  1 rejection (100 % rejected)",
        "left out: 1 already approved",
        "line 9: column Approve",
        "a rejection without a reason",
    ] {
        assert!(lines.contains(part), "{part}: {lines}");
    }
    desk.keys("y");
    let Some(Effect::Persist { decisions, .. }) = desk.effects.last().cloned() else { panic!("not staged") };
    assert!(matches!(&decisions[1].decision, Decision::Reject { feedback } if feedback == "empty {{ answer }}"));
    assert!(matches!(&decisions[2].decision, Decision::Approve { override_rejection: true, .. }));
    desk.store().keys("u");
    assert!(matches!(desk.effects.last(), Some(Effect::Undo(ids)) if ids.len() == 3), "one group");
    assert!(
        desk.notice().contains("1 approval, 1 rejection, 1 override of a rejection taken back"),
        "{}",
        desk.notice()
    );
}

#[test]
fn a_mass_rejection_has_to_be_typed() {
    let mut desk = Desk::with(40);
    read(&mut desk, (0..30).map(|number| (key(number), reject(Some("no")))).collect());
    assert!(
        matches!(&desk.state.overlay, Some(Overlay::Prompt(prompt)) if prompt.hints.join(" ").contains("review 30"))
    );
    desk.keys("y<enter>");
    assert!(desk.persisted().is_empty());
}

#[test]
fn what_cannot_be_read_is_said_and_stale_answers_are_dropped() {
    let mut desk = Desk::with(4);
    desk.keys(":review-import<enter>");
    assert!(desk.notice().contains("which file?"), "{}", desk.notice());
    desk.keys(":review-import<space>a<enter>");
    let Some(Effect::LoadReview { request: first, .. }) = desk.effects.pop() else { panic!("not read") };
    desk.keys(":review-import<space>b<enter>");
    let Some(Effect::LoadReview { request, .. }) = desk.effects.pop() else { panic!("not read") };
    desk.event(Event::Reviewed { request: first, file: Ok(Box::default()) });
    assert!(!desk.notice().contains("nothing to stage"), "{}", desk.notice());
    desk.event(Event::Reviewed { request, file: Err("b cannot be read: no such file".into()) });
    assert!(desk.notice().contains("b cannot be read"), "{}", desk.notice());
}

#[test]
fn work_out_of_files_is_staged_for_ever() {
    let mut desk = Desk::with(4);
    desk.state.env.name = "offline:rain".into();
    desk.keys("a").store();
    desk.wait(1_000_000).event(Event::Wake);
    assert_eq!(desk.state.next_due(), None);
    desk.keys("$");
    assert!(desk.notice().contains("nothing is sent"), "{}", desk.notice());
    desk.effects.clear();
    desk.keys("Q");
    assert!(matches!(desk.effects.last(), Some(Effect::Quit { send: false })), "{:?}", desk.effects);
}

#[test]
fn an_account_made_of_files_has_no_balance() {
    let mut desk = Desk::with(1);
    let opened = || Event::Opened {
        rows: Rows::default(),
        outbox: Vec::new(),
        total: 1,
        undecided: 1,
        as_of: None,
        balance: Some(Usd::cents(7)),
    };
    desk.state.balance = None;
    desk.state.env.name = "offline:rain".into();
    desk.event(opened());
    assert_eq!(desk.state.balance, None);
    desk.state.env.name = "lab".into();
    desk.event(opened());
    assert_eq!(desk.state.balance, Some(Usd::cents(7)));
}
