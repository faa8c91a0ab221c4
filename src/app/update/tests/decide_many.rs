//! Decisions about very many assignments: step by step, with the same guards and the same end.

use super::*;
use crate::app::outbox::Stage;
use crate::app::overlay::Overlay;

const MANY: u32 = 25_000;

/// Lets everything come to an end that is done in steps; how many those were.
fn settle(desk: &mut Desk) -> usize {
    let mut steps = 0;
    while desk.state.is_working() {
        assert_eq!(desk.state.deadline(), Some(desk.now.wall), "it goes on at once");
        desk.event(Event::Wake);
        steps += 1;
    }
    steps
}

fn asked(desk: &Desk) -> Option<&str> {
    match &desk.state.overlay {
        Some(Overlay::Ask(ask)) => Some(&ask.title),
        _ => None,
    }
}

/// All of them marked and approved, the question answered, nothing staged yet.
fn agreed() -> Desk {
    let mut desk = Desk::with(MANY);
    desk.keys("*a");
    assert_eq!((asked(&desk), desk.state.outbox.count(Stage::Staged)), (None, 0));
    assert!(desk.state.progress().unwrap().starts_with("checking 0 of 25,000"));
    desk.keys("j");
    assert_eq!(desk.cursor(), 1, "keys pass");
    assert!(settle(&mut desk) > 2);
    assert_eq!(asked(&desk), Some("approve 25000 for $6,250.00?"));
    assert_eq!(desk.decided(), [0; 0], "nothing before the answer");
    desk.keys("y");
    desk
}

#[test]
fn the_guard_is_asked_and_then_all_of_it_is_staged_at_once() {
    let mut desk = agreed();
    assert!(settle(&mut desk) > 2);
    assert_eq!(desk.state.outbox.count(Stage::Staged), MANY as usize);
    assert_eq!((desk.state.model.totals().left(), desk.state.list.marks.len()), (0, 0));
    let mut decided = desk.decided();
    decided.sort_unstable();
    assert!(decided.into_iter().eq(0..MANY), "in one effect, each of them once");
}

#[test]
fn the_store_answers_in_parts() {
    let mut desk = agreed();
    settle(&mut desk);
    let [Effect::Persist { request, .. }] = desk.effects[..] else { panic!("{} effects", desk.effects.len()) };
    let mut entries = desk.effects.pop().map(|effect| desk.answer(effect)).unwrap();
    // The store refuses one in the first part and the very last one.
    entries.retain(|entry| !matches!(entry.assignment.unwrap().0, 7 | 24_999));
    let last = entries.split_off(20_000);
    desk.event(Event::Written { request, entries });
    assert_eq!(desk.state.outbox.count(Stage::Staged), 25_000);
    assert_eq!(desk.state.outbox.lines(Stage::Staged), 20_000);
    assert_eq!(desk.state.model.totals().left(), 1, "the refused one is open again");
    desk.event(Event::Outbox(last));
    assert_eq!(desk.state.outbox.count(Stage::Staged), 24_998);
    assert_eq!(desk.state.outbox.staged_cost(), Usd::cents(24_998 * 25));
    assert_eq!(desk.state.model.totals().left(), 2);
    assert!(desk.state.list.open_rows() == 2);
}

#[test]
fn what_is_being_staged_can_be_taken_back() {
    let mut desk = agreed();
    desk.event(Event::Wake);
    assert!(desk.state.model.totals().left() < MANY);
    desk.keys("u");
    settle(&mut desk);
    assert_eq!((desk.state.outbox.count(Stage::Staged), desk.state.model.totals().left()), (0, MANY));
    assert_eq!(desk.decided(), [0; 0]);
}

#[test]
fn what_is_taken_back_while_it_is_written_down_is_undone_part_by_part() {
    let mut desk = agreed();
    settle(&mut desk);
    let [Effect::Persist { request, .. }] = desk.effects[..] else { panic!("{} effects", desk.effects.len()) };
    let mut entries = desk.effects.pop().map(|effect| desk.answer(effect)).unwrap();
    desk.keys("u");
    let last = entries.split_off(20_000);
    desk.event(Event::Written { request, entries });
    desk.event(Event::Outbox(last));
    let undone = desk.effects.iter().map(|effect| match effect {
        Effect::Undo(ids) => ids.len(),
        _ => 0,
    });
    assert_eq!(undone.sum::<usize>(), MANY as usize);
    assert_eq!((desk.state.outbox.count(Stage::Staged), desk.state.model.totals().left()), (0, MANY));
}

#[test]
fn leaving_hands_over_what_was_agreed_to() {
    let mut desk = agreed();
    desk.event(Event::Wake);
    desk.effects.clear();
    desk.keys("q").wait(1_000).keys("k");
    let quits = |effect: &Effect| matches!(effect, Effect::Quit { send: false });
    assert!(desk.effects.iter().position(quits).is_some_and(|at| at > 0));
    assert_eq!(desk.decided().len(), MANY as usize);
}
