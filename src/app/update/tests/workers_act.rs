use super::workers::{desk, desk_with, id, known};
use super::*;
use crate::app::layout::Screen;
use crate::app::overlay::{AskKind, Overlay};
use crate::app::people::Known;
use crate::domain::decision::Decision;

/// What the question says, line by line.
pub(super) fn question(desk: &Desk) -> Vec<String> {
    let Some(Overlay::Ask(ask)) = &desk.state.overlay else { panic!("no question: {}", desk.notice()) };
    std::iter::once(ask.title.clone()).chain(ask.lines.clone()).collect()
}

pub(super) fn error(desk: &Desk) -> String {
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!("no line") };
    prompt.error.as_ref().map_or(String::new(), |error| error.message.clone())
}

fn subjects(decisions: &[NewDecision]) -> Vec<String> {
    let of = |new: &NewDecision| match &new.subject {
        Subject::Other(target) => target.to_string(),
        other => panic!("{other:?}"),
    };
    decisions.iter().map(of).collect()
}

#[test]
fn a_block_says_what_it_does_before_it_is_made() {
    let mut desk = desk();
    desk.keys("x<enter>");
    assert_eq!(error(&desk), "a block needs a reason");
    desk.keys("copied answers<enter>");
    let said = question(&desk);
    assert_eq!(said[0], "block AWORKER0?");
    assert!(said.iter().any(|line| line.contains("can do none of your HITs")), "{said:?}");
    assert!(said.iter().any(|line| line.starts_with("Gentler:")), "{said:?}");
    assert_eq!(desk.persisted(), []);
    desk.keys("y");
    let decisions = desk.persisted();
    assert_eq!(subjects(&decisions), ["AWORKER0"]);
    assert_eq!(decisions[0].decision, Decision::Block { reason: "copied answers".into() });
}

#[test]
fn who_is_blocked_already_is_left_out() {
    let mut desk = desk();
    desk.keys("*xspam<enter>");
    let said = question(&desk);
    assert_eq!(said[0], "block 4 workers?");
    assert!(said.contains(&"left out: 2 already blocked".to_owned()), "{said:?}");
    desk.keys("<esc>");
    assert_eq!(desk.persisted(), [], "Esc decides nothing");
    desk.keys("U/blocked:yes<enter>*X<enter>y");
    assert_eq!(subjects(&desk.persisted()), ["AWORKER2", "AWORKER9"]);
}

#[test]
fn the_gentler_way_is_one_key_away() {
    let mut desk = desk();
    desk.keys("xspam<enter>e<ctrl-u>tr<tab> 0<enter>");
    assert_eq!(question(&desk)[0], "exclude AWORKER0 by \"trained\" at 0?");
    desk.keys("y");
    let decisions = desk.persisted();
    assert_eq!(subjects(&decisions), ["3QUALTRAINED AWORKER0"]);
    assert_eq!(decisions[0].decision, Decision::Grant { score: 0, tell: false });
}

#[test]
fn qualifications_are_given_and_taken_by_name() {
    let mut desk = desk();
    desk.keys("*+trained 80<enter>");
    assert!(question(&desk).contains(&"left out: 1 already with this score".to_owned()), "{:?}", question(&desk));
    desk.keys("y");
    assert_eq!(desk.persisted().len(), 5);
    desk.keys("*-treined<enter>");
    assert_eq!(error(&desk), "there is no qualification \"treined\"; did you mean \"trained\"?");
    desk.keys("<ctrl-u>trained<enter>take the test again<enter>y");
    let decisions = desk.persisted();
    assert_eq!(subjects(&decisions), ["3QUALTRAINED AWORKER3"], "only one holds it");
    assert_eq!(decisions[0].decision, Decision::Revoke { reason: Some("take the test again".into()) });
}

#[test]
fn a_message_goes_to_a_hundred_at_a_time_and_names_each() {
    let assignments = (0..250).map(|n| AssignmentRow { worker: WorkerKey(n % 5), ..row(n) }).collect();
    let mut desk = Desk::new(Options::default(), assignments);
    let workers = (5..255).map(worker).collect();
    desk.event(Event::Refreshed { rows: Rows { workers, ..Rows::default() } });
    desk.keys("2*mThank you<enter>See you soon<enter>");
    assert_eq!(question(&desk)[0], "write to 255 workers?");
    desk.keys("y");
    let sizes: Vec<usize> =
        desk.persisted().iter().map(|new| subjects(std::slice::from_ref(new))[0].split(' ').count()).collect();
    assert_eq!(sizes, [100, 100, 55]);
    desk.keys("U/AWORKER1*<enter>gmHello<enter>You sent {{ submitted }}, {{ worker }}<enter>y");
    let texts = desk.decided_texts();
    assert_eq!(texts, ["You sent 50, AWORKER1"]);
    desk.keys("mHello<enter>{{ name }}<enter>");
    assert!(error(&desk).starts_with("it cannot be filled in for AWORKER1"), "{}", error(&desk));
}

#[test]
fn what_was_decided_is_on_the_row_and_can_be_taken_back() {
    let mut desk = desk();
    desk.keys("xspam<enter>y").store();
    let badge = desk.state.outbox.worker_badge(&id(0)).unwrap();
    assert_eq!(badge.verb, "block");
    desk.keys("xagain<enter>");
    assert!(error(&desk).contains("on its way (block)"), "{}", error(&desk));
    desk.keys("<esc>u").store();
    assert_eq!(desk.state.outbox.worker_badge(&id(0)), None);
    desk.keys("xspam<enter>y").store();
    desk.becomes(2, OutboxState::Done);
    assert!(desk.state.people.workers.named(&id(0)).unwrap().blocked);
}

#[test]
fn notes_are_kept_on_workers() {
    let mut desk = desk();
    desk.keys("'fast and careful<enter>");
    assert!(desk.effects.contains(&Effect::NoteWorker(id(0), "fast and careful".into())));
    assert_eq!(desk.state.people.workers.named(&id(0)).unwrap().note.as_deref(), Some("fast and careful"));
}

#[test]
fn review_acts_on_the_workers_of_its_rows() {
    let mut desk = Desk::with(20);
    desk.event(Event::People(Box::new(Known { blocks: Default::default(), ..known() })));
    desk.keys("<space><space>jjj<space>xspam<enter>");
    assert_eq!(desk.state.screen, Screen::Review);
    let Some(Overlay::Ask(ask)) = &desk.state.overlay else { panic!("no question") };
    assert!(matches!(&ask.kind, AskKind::Block(_, who) if who.ids == [id(0), id(1)]), "each worker once");
    desk.keys("y");
    assert_eq!(subjects(&desk.persisted()), ["AWORKER0", "AWORKER1"]);
}

#[test]
fn a_read_only_desk_says_why_not() {
    let mut desk = desk_with(Options { read_only: true, ..Options::default() });
    for key in ["x", "X", "m", "+", "-", "b", "P"] {
        desk.keys(key);
        assert!(desk.notice().contains("read-only"), "{key}: {}", desk.notice());
        assert!(desk.state.overlay.is_none());
    }
    desk.keys("g<enter>");
    for key in ["a", "r", "o", "A", ".", "b", "x", "P"] {
        desk.keys(key);
        assert!(desk.notice().contains("read-only"), "{key} on the page: {}", desk.notice());
        assert!(desk.state.overlay.is_none());
    }
    assert_eq!(desk.persisted(), []);
    assert!(!desk.effects.iter().any(|effect| matches!(effect, Effect::Pay { .. })), "{:?}", desk.effects);
}
