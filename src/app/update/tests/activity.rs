use super::*;
use crate::app::activity::ActivityTab;
use crate::app::event::AuditRow;
use crate::app::layout::Screen;
use crate::app::outbox::Stage;

#[test]
fn each_stage_has_its_tab() {
    let mut desk = Desk::with(20);
    desk.keys("aaaaa").store();
    desk.becomes(1, OutboxState::Sending);
    desk.becomes(2, OutboxState::Failed { reason: "no money".into() });
    desk.becomes(3, OutboxState::Unknown);
    desk.becomes(4, OutboxState::Done);
    for stage in Stage::ALL {
        assert_eq!(desk.state.outbox.count(stage), 1, "{stage:?}");
    }
    desk.keys("5");
    let mut seen = Vec::new();
    for _ in 0..5 {
        seen.push((desk.state.activity.tab, desk.state.selected_entry().unwrap().id.0));
        desk.keys("<tab>");
    }
    use ActivityTab::*;
    assert_eq!(seen, [(Staged, 5), (Sending, 1), (Failed, 2), (Unknown, 3), (Sent, 4)]);
    assert_eq!(desk.state.activity.tab, Audit);
}

#[test]
fn what_failed_can_be_sent_again() {
    let mut desk = Desk::with(20);
    desk.keys("a").store().becomes(1, OutboxState::Failed { reason: "no money".into() });
    desk.keys("5");
    assert_eq!(desk.state.activity.tab, ActivityTab::Failed, "the first tab that has something");
    desk.keys("t");
    assert!(desk.effects.contains(&Effect::Retry(vec![DecisionId(1)])));
    desk.keys("<enter>");
    assert_eq!((desk.state.screen, desk.cursor()), (Screen::Review, 0));
}

#[test]
fn one_staged_decision_is_taken_back() {
    let mut desk = Desk::with(20);
    desk.keys("aaa").store();
    desk.keys("5ju");
    assert_eq!(desk.effects.pop(), Some(Effect::Undo(vec![DecisionId(2)])));
    assert_eq!(desk.state.outbox.count(Stage::Staged), 2);
    assert_eq!(desk.state.selected_entry().unwrap().id, DecisionId(3), "the cursor stays on its line");
}

#[test]
fn the_cursor_stays_on_its_decision() {
    let mut desk = Desk::with(20);
    desk.keys("aaa").store();
    desk.keys("5jj");
    desk.becomes(1, OutboxState::Done);
    assert_eq!(desk.state.selected_entry().unwrap().id, DecisionId(3));
    assert_eq!(desk.state.activity.cursor, 1);
}

/// The lines 1 to `newest`, newest first.
fn trail(newest: i64) -> Vec<AuditRow> {
    let line = |id| AuditRow {
        id,
        at: Millis(id),
        who: "ann@lab".into(),
        subject: "3A".into(),
        event: "decided".into(),
        text: "approve".into(),
    };
    (1..=newest).rev().map(line).collect()
}

#[test]
fn the_audit_trail_is_read_when_it_is_looked_at() {
    let mut desk = Desk::with(20);
    desk.keys("5<backtab>");
    let Some(Effect::LoadAudit { request, subject: None, .. }) = desk.effects.pop() else { panic!("not asked") };
    desk.event(Event::Audit { request: crate::app::event::RequestId(request.0 + 100), rows: trail(9) });
    assert_eq!(desk.state.activity.audit, None, "not what was asked");
    desk.event(Event::Audit { request, rows: trail(2) });
    desk.keys("j");
    assert_eq!(desk.state.activity.cursor, 1);
}

#[test]
fn the_audit_trail_goes_on_while_it_is_looked_at() {
    let mut desk = Desk::with(20);
    desk.keys("a").store();
    desk.keys("5<backtab>");
    let asked = |desk: &mut Desk| match desk.effects.pop() {
        Some(Effect::LoadAudit { request, .. }) => request,
        other => panic!("not asked: {other:?}"),
    };
    let request = asked(&mut desk);
    desk.event(Event::Audit { request, rows: trail(2) });
    desk.keys("j");
    // While one question is open there is no second; the next comes with its answer.
    desk.becomes(1, OutboxState::Sending);
    let request = asked(&mut desk);
    desk.becomes(1, OutboxState::Done);
    assert!(!matches!(desk.effects.last(), Some(Effect::LoadAudit { .. })));
    desk.event(Event::Audit { request, rows: trail(3) });
    assert_eq!(desk.state.activity.cursor, 2, "still on the line that is being read");
    let request = asked(&mut desk);
    desk.event(Event::Audit { request, rows: trail(4) });
    assert_eq!(desk.state.activity.cursor, 3);
    desk.keys("g");
    desk.event(Event::Sync(crate::app::event::SyncState::Fresh(Millis(1))));
    let request = asked(&mut desk);
    desk.event(Event::Audit { request, rows: trail(5) });
    assert_eq!(desk.state.activity.cursor, 0, "on the newest line it follows");
}

#[test]
fn sending_now_is_for_everything() {
    let mut desk = Desk::with(20);
    desk.keys("$");
    assert!(desk.notice().contains("nothing is staged"), "{}", desk.notice());
    desk.keys("a$");
    assert_eq!(desk.effects.last(), Some(&Effect::SendNow(vec![])), "also what the store has not answered about");
}

#[test]
fn decisions_of_an_earlier_day_are_offered() {
    let mut desk = Desk::with(0);
    let new = NewDecision { subject: Subject::Assignment(key(1)), decision: crate::domain::decision::Decision::Expire };
    let entry = desk.entry(7, 3, Millis(0), new);
    let rows = rows_of(vec![row(1)]);
    desk.event(Event::Opened { rows, outbox: vec![entry], total: 1, undecided: 1, as_of: None, balance: None });
    assert!(desk.notice().starts_with("1 decision from before"), "{}", desk.notice());
}

#[test]
fn old_settled_decisions_are_let_go() {
    let mut desk = Desk::with(1);
    for id in 1..=1_500 {
        let decision = crate::domain::decision::Decision::Expire;
        let new = NewDecision { subject: Subject::Hit(HitKey(0)), decision };
        let entry = OutboxEntry { state: OutboxState::Done, ..desk.entry(id, id, Millis(0), new) };
        desk.event(Event::Outbox(vec![entry]));
    }
    assert_eq!(desk.state.outbox.count(Stage::Sent), 1_000);
    assert_eq!(desk.state.outbox.at(Stage::Sent).next().unwrap().id, DecisionId(1_500));
}
