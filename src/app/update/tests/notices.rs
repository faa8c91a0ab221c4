//! What the notice line says is true when it is read.

use super::*;
use crate::app::event::SyncState;

#[test]
fn what_is_being_sent_is_said_until_it_has_been_sent() {
    let mut desk = Desk::with(8);
    desk.keys("aja").store();
    desk.keys("$");
    assert_eq!(desk.notice(), "sending 2 decisions");
    desk.becomes(1, OutboxState::Sending).becomes(2, OutboxState::Sending);
    desk.becomes(1, OutboxState::Done);
    assert_eq!(desk.notice(), "sending 2 decisions");
    desk.becomes(2, OutboxState::Done);
    assert_eq!(desk.notice(), "2 decisions sent");
}

#[test]
fn a_failure_is_not_talked_over_by_what_went_well() {
    let mut desk = Desk::with(8);
    desk.keys("aja").store();
    desk.keys("$");
    desk.becomes(1, OutboxState::Failed { reason: "no such assignment".into() });
    desk.becomes(2, OutboxState::Done);
    assert!(desk.notice().contains("failed: no such assignment"), "{}", desk.notice());
}

#[test]
fn what_has_to_wait_is_not_being_sent() {
    let mut desk = Desk::with(8);
    desk.keys("a").store();
    desk.keys("$");
    desk.becomes(1, OutboxState::Sending);
    let due = desk.now.wall.plus(4_000);
    desk.becomes(1, OutboxState::Staged { due });
    assert_eq!(desk.notice(), "", "the title counts down");
}

#[test]
fn undo_says_what_it_took_back() {
    let mut desk = Desk::with(8);
    desk.keys("rbad<enter>").store();
    desk.keys("u").store();
    assert_eq!(desk.notice(), "1 rejection taken back");
    desk.keys("<space><space>au");
    assert_eq!(desk.notice(), "2 approvals taken back");
    desk.store().keys("U5").keys("1a").store();
    desk.keys("5u");
    assert!(desk.notice().starts_with("taken back: approve of AWORKER"), "{}", desk.notice());
}

#[test]
fn a_trouble_that_is_over_is_no_longer_shown() {
    let mut desk = Desk::with(8);
    desk.event(Event::Sync(SyncState::Failed { reason: "connection refused".into(), retry: None }));
    assert_eq!(desk.notice(), "the endpoint cannot be read: connection refused");
    let now = desk.now.wall;
    desk.event(Event::Sync(SyncState::Fresh(now)));
    assert_eq!(desk.notice(), "the endpoint answers again");
    desk.keys("a").store();
    desk.event(Event::DecisionsWait("throttled".into()));
    assert_eq!(desk.notice(), "decisions wait: throttled");
    desk.becomes(1, OutboxState::Done);
    assert_eq!(desk.notice(), "");
}

#[test]
fn a_bonus_says_what_it_costs_with_its_fee() {
    let mut desk = Desk::with(8);
    desk.keys("b1.00<enter>ok<enter>");
    assert_eq!(desk.notice(), "1 bonus: $1.00 and $0.20 in Amazon's fees, $1.20 in all");
}

#[test]
fn decisions_from_before_are_spoken_of_until_they_have_left() {
    let mut desk = Desk::with(0);
    let new = NewDecision { subject: Subject::Assignment(key(1)), decision: crate::domain::decision::Decision::Expire };
    let entry = desk.entry(7, 3, Millis(0), new);
    desk.outbox.insert(7, entry.clone());
    let rows = rows_of(vec![row(1)]);
    desk.event(Event::Opened { rows, outbox: vec![entry], total: 1, undecided: 1, as_of: None, balance: None });
    assert!(desk.notice().starts_with("1 decision from before"), "{}", desk.notice());
    desk.becomes(7, OutboxState::Sending);
    assert_eq!(desk.notice(), "");
}
