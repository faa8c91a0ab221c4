use super::*;
use crate::app::options::AfterDecision;
use crate::app::outbox::Stage;
use crate::app::overlay::Overlay;
use crate::domain::decision::Decision;

#[test]
fn the_first_key_already_does_something_sensible() {
    let mut desk = Desk::with(8);
    assert_eq!(desk.cursor(), 0);
    desk.keys("a");
    let decided = desk.persisted();
    let approve = Decision::Approve { feedback: None, override_rejection: false };
    assert_eq!(decided, [NewDecision { subject: Subject::Assignment(key(0)), decision: approve }]);
    assert_eq!(desk.cursor(), 1);
}

#[test]
fn a_row_shows_its_decision_until_a_read_agrees() {
    let mut desk = Desk::with(8);
    let badge = |desk: &Desk| desk.state.badge(desk.state.model.row(key(0)).unwrap()).map(|badge| badge.stage);
    desk.keys("a");
    assert_eq!(badge(&desk), Some(Stage::Staged));
    desk.store();
    assert_eq!(badge(&desk), Some(Stage::Staged));
    desk.becomes(1, OutboxState::Sending);
    assert_eq!(badge(&desk), Some(Stage::Sending));
    desk.becomes(1, OutboxState::Done);
    assert_eq!(badge(&desk), Some(Stage::Sent));
    let approved = AssignmentRow { status: AssignmentStatus::Approved, ..row(0) };
    desk.event(Event::Refreshed { rows: rows_of(vec![approved]) });
    assert_eq!(badge(&desk), None);
}

#[test]
fn nothing_is_decided_twice() {
    let mut desk = Desk::with(8);
    desk.keys("aka");
    assert_eq!(desk.decided(), [0]);
    assert!(desk.notice().contains("approve is already on its way"), "{}", desk.notice());
    desk.keys("rbad<enter>");
    assert_eq!(desk.decided(), NONE);
}

#[test]
fn marks_come_before_the_cursor() {
    let mut desk = Desk::with(8);
    desk.keys("j<space><space>G");
    assert_eq!(desk.marks(), [1, 2]);
    desk.keys("a");
    assert_eq!(desk.decided(), [1, 2]);
    assert_eq!(desk.marks(), NONE);
    assert_eq!(desk.cursor(), 7, "the cursor's own row is still to be judged");
}

#[test]
fn a_mark_on_what_is_decided_already_does_not_stand_in_the_way() {
    let mut desk = Desk::with(8);
    desk.keys("a<home><space><space>a");
    assert_eq!(desk.decided(), [0, 1]);
    assert_eq!(desk.marks(), NONE);
    assert!(desk.notice().contains("left out: 1 with a decision on its way"), "{}", desk.notice());
    desk.keys("a");
    assert_eq!(desk.decided(), [2]);
}

#[test]
fn hidden_marks_are_never_acted_on() {
    let mut desk = Desk::with(8);
    desk.keys("*/worker:AWORKER1<enter>");
    assert_eq!((desk.state.list.marks_shown, desk.state.list.marks_hidden()), (2, 6));
    assert_eq!(crate::app::decide::target_words(&desk.state), "2 marked, 6 hidden by filter");
    desk.keys("a");
    assert_eq!(desk.decided(), [1, 6]);
    assert_eq!(desk.marks(), [0, 2, 3, 4, 5, 7]);
}

#[test]
fn with_all_marks_hidden_the_row_is_meant() {
    let mut desk = Desk::with(8);
    desk.keys("<space>/worker:AWORKER2<enter>a");
    assert_eq!(desk.decided(), [2]);
    assert_eq!(desk.marks(), [0]);
}

#[test]
fn a_rejection_asks_for_its_reason() {
    let mut desk = Desk::with(8);
    desk.keys("r<enter>");
    assert_eq!(desk.decided(), NONE);
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!("the prompt stays") };
    assert!(prompt.error.as_ref().unwrap().message.contains("needs a reason"));
    desk.keys("empty<enter>");
    let decisions = desk.persisted();
    assert_eq!(decisions[0].decision, Decision::Reject { feedback: "empty".into() });
    assert!(desk.state.overlay.is_none());
}

#[test]
fn esc_never_decides() {
    let mut desk = Desk::with(60);
    desk.keys("rbad<esc>b1<esc>b1<enter>thanks<esc>Athanks<esc>*a<esc>");
    assert_eq!(desk.decided(), NONE);
    assert!(desk.state.overlay.is_none());
}

#[test]
fn templates_stand_on_digits() {
    let template = |key, text: &str| crate::app::options::Template { key, name: "t".into(), text: text.into() };
    let templates = vec![template('1', "Nothing for {{ title }}."), template('2', "{{ nonsense }}")];
    let mut desk = Desk::new(Options { templates, ..Options::default() }, (0..8).map(row).collect());
    desk.keys("r1<enter>");
    assert_eq!(desk.persisted()[0].decision, Decision::Reject { feedback: "Nothing for Task 0.".into() });
    desk.keys("r2<enter>");
    assert_eq!(desk.decided(), NONE, "a name that is not there is an error, not a gap");
    desk.keys("<esc>rx1<enter>");
    assert_eq!(desk.persisted()[0].decision, Decision::Reject { feedback: "x1".into() }, "only on the empty line");
    desk.keys("<space><space><space>r1<enter>");
    let reasons: Vec<_> = desk.persisted().into_iter().map(|new| new.decision).collect();
    let reason = |text: &str| Decision::Reject { feedback: text.into() };
    let expected = [reason("Nothing for Task 0."), reason("Nothing for Task 0."), reason("Nothing for Task 1.")];
    assert_eq!(reasons, expected, "filled in for each");
}

#[test]
fn bad_feedback_is_refused_at_the_prompt() {
    let mut desk = Desk::with(8);
    desk.keys("r");
    desk.event(Event::Paste("x".repeat(1_025)));
    desk.keys("<enter>");
    assert_eq!(desk.decided(), NONE);
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!("the prompt stays") };
    assert!(prompt.error.as_ref().unwrap().message.contains("1025 characters"));
}

#[test]
fn an_override_reverses_a_rejection_within_its_window() {
    let rejected = |number| AssignmentRow { status: AssignmentStatus::Rejected, ..row(number) };
    let old = AssignmentRow { submitted: Stamp::from(Time(START - 31 * 86_400)), ..rejected(1) };
    let mut desk = Desk::new(Options::default(), vec![rejected(0), old]);
    desk.keys("]ga");
    assert_eq!(desk.decided(), NONE);
    assert!(desk.notice().contains("an override reverses that"), "{}", desk.notice());
    desk.event(Event::Details(vec![detail(0, "yes"), detail(1, "yes")]));
    desk.keys("o");
    let decision = desk.persisted().remove(0).decision;
    assert_eq!(decision, Decision::Approve { feedback: None, override_rejection: true });
    desk.keys("Go");
    assert_eq!(desk.decided(), NONE);
    assert!(desk.notice().contains("30 days"), "{}", desk.notice());
}

#[test]
fn a_bonus_has_an_amount_and_a_reason() {
    let mut desk = Desk::with(8);
    desk.keys("bmuch<enter>");
    assert_eq!(desk.decided(), NONE);
    desk.keys("<ctrl-u>1000<enter>");
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!("the prompt stays") };
    assert!(prompt.error.as_ref().unwrap().message.contains("$100.00"));
    desk.keys("<ctrl-u>0.50<enter><enter>");
    assert_eq!(desk.decided(), NONE, "no reason");
    desk.keys("good work<enter>");
    let WorkerRow { id, .. } = worker(0);
    let bonus = Decision::Bonus { worker: id, amount: Usd::cents(50), reason: "good work".into() };
    assert_eq!(desk.persisted()[0].decision, bonus);
    assert_eq!(desk.state.outbox.staged_cost(), Usd::cents(50));
}

#[test]
fn repeat_makes_the_same_decision_again() {
    let mut desk = Desk::with(8);
    desk.keys(".");
    assert_eq!(desk.decided(), NONE);
    desk.keys("rbad<enter>.");
    let decisions = desk.persisted();
    assert_eq!(decisions.len(), 2);
    assert_eq!(decisions[1].decision, Decision::Reject { feedback: "bad".into() });
    assert_eq!(decisions[1].subject, Subject::Assignment(key(1)));
}

#[test]
fn undo_takes_back_what_was_staged_and_restores_the_cursor() {
    let mut desk = Desk::with(8);
    desk.keys("a").store().keys("ja").store();
    assert_eq!(desk.cursor(), 3);
    desk.keys("u");
    assert_eq!(desk.effects, [Effect::Undo(vec![DecisionId(2)])]);
    assert_eq!(desk.cursor(), 2);
    desk.store().keys("u").store();
    assert_eq!((desk.cursor(), desk.state.outbox.unsent()), (0, 0));
    assert_eq!(desk.state.model.totals().left(), 8);
    desk.keys("u");
    assert!(desk.notice().contains("nothing to undo"), "{}", desk.notice());
}

#[test]
fn undo_before_the_store_has_answered() {
    let mut desk = Desk::with(8);
    desk.keys("au");
    assert_eq!((desk.cursor(), desk.state.model.totals().left()), (0, 8));
    desk.store();
    assert_eq!(desk.effects, [Effect::Undo(vec![DecisionId(1)])]);
    desk.store();
    assert_eq!(desk.state.outbox.unsent(), 0);
    assert_eq!(desk.outbox[&1].state, OutboxState::Undone);
}

#[test]
fn what_had_left_before_the_undo_stays() {
    let mut desk = Desk::with(8);
    desk.keys("a").store();
    desk.outbox.get_mut(&1).unwrap().state = OutboxState::Sending;
    desk.keys("u").store();
    assert!(desk.notice().contains("too late"), "{}", desk.notice());
    assert_eq!(desk.state.outbox.count(Stage::Sending), 1);
    assert!(!desk.state.model.is_open(desk.state.model.slot(key(0)).unwrap()));
}

#[test]
fn undo_of_marked_work_marks_it_again() {
    let mut desk = Desk::with(8);
    desk.keys("<space><space>a").store().keys("u");
    assert_eq!(desk.marks(), [0, 1]);
}

#[test]
fn what_could_not_be_written_down_is_as_before() {
    let mut desk = Desk::with(8);
    desk.keys("a");
    let Some(Effect::Persist { request, .. }) = desk.effects.pop() else { panic!("no effect") };
    desk.event(Event::NotPersisted { request, reason: "disk full".into() });
    assert!(desk.notice().contains("disk full"));
    assert_eq!((desk.state.model.totals().left(), desk.state.outbox.unsent()), (8, 0));
}

#[test]
fn a_refused_decision_says_so_and_the_row_is_open_again() {
    let mut desk = Desk::with(8);
    desk.keys("a").store().becomes(1, OutboxState::Failed { reason: "no money".into() });
    assert!(desk.notice().contains("no money"), "{}", desk.notice());
    let badge = desk.state.badge(desk.state.model.row(key(0)).unwrap()).unwrap();
    assert_eq!((badge.stage, badge.verb), (Stage::Failed, "approve"));
    desk.keys("ga");
    assert_eq!(desk.decided(), [0]);
}

#[test]
fn the_cursor_goes_where_the_person_wants_it() {
    for (after_decision, expected) in
        [(AfterDecision::NextUndecided, 2), (AfterDecision::Next, 1), (AfterDecision::Stay, 0)]
    {
        let mut rows: Vec<_> = (0..4).map(row).collect();
        rows[1].status = AssignmentStatus::Approved;
        let mut desk = Desk::new(Options { after_decision, ..Options::default() }, rows);
        desk.keys("]ga");
        assert_eq!(desk.cursor(), expected, "{after_decision:?}");
    }
}

#[test]
fn read_only_decides_nothing_and_says_why() {
    let options = Options { read_only: true, ..Options::default() };
    let mut desk = Desk::new(options, (0..8).map(row).collect());
    for keys in ["a", "A", "r", "o", "b", ".", "$", ":approve<enter>", ":delete<enter>"] {
        desk.keys(keys);
        let said = match &desk.state.overlay {
            Some(Overlay::Palette(palette)) => palette.error.clone().unwrap_or_default(),
            None => desk.notice().to_owned(),
            other => panic!("{keys}: {other:?}"),
        };
        assert!(said.contains("read-only"), "{keys}: {said}");
        desk.keys("<esc><esc>");
    }
    assert_eq!(desk.decided(), NONE);
}

#[test]
fn hits_are_expired_and_deleted_after_a_question() {
    let mut rows: Vec<_> = (0..8).map(row).collect();
    for row in &mut rows[..4] {
        row.status = AssignmentStatus::Approved;
    }
    let mut desk = Desk::new(Options::default(), rows);
    desk.keys(":hits<enter>j:delete<enter>");
    // What was exported is looked up first.
    desk.event(Event::Batches(Box::default()));
    let Some(Overlay::Ask(ask)) = &desk.state.overlay else { panic!("no question") };
    assert_eq!(ask.title, "delete 1 HIT of batch 0?");
    assert!(
        ask.lines.iter().any(|line| line.contains("1 where 4 of its assignments are undecided")),
        "{:?}",
        ask.lines
    );
    desk.keys("y");
    let delete = NewDecision { subject: Subject::Hit(HitKey(0)), decision: Decision::Delete };
    assert_eq!(desk.persisted(), [delete]);
}

#[test]
fn a_decision_after_an_undo_that_came_too_late_is_refused_by_the_store() {
    let mut desk = Desk::with(8);
    desk.keys("a").store();
    desk.outbox.get_mut(&1).unwrap().state = OutboxState::Sending;
    desk.keys("urbad<enter>").store();
    assert_eq!(desk.outbox.len(), 1);
    let row = desk.state.model.row(key(0)).unwrap();
    let badge = desk.state.badge(row).unwrap();
    assert_eq!((badge.verb, badge.stage), ("approve", Stage::Sending));
}
