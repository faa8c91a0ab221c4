//! Random scripts of keys and events: whatever happens, what must hold holds.

use super::*;
use crate::app::list::Line;
use crate::app::overlay::{AskKind, Overlay};
use crate::domain::decision::Decision;
use proptest::prelude::*;
use std::collections::HashMap;

#[derive(Debug, Clone)]
enum Do {
    Keys(&'static str),
    AtOnce(&'static str),
    Wait(i64),
    Store,
    Settle(i64, usize),
    Refresh(Vec<(u32, usize)>),
    Resize(u16, u16),
    Wake,
    Find,
}

const KEYS: [&str; 60] = [
    "j",
    "k",
    "g",
    "G",
    "<ctrl-d>",
    "<ctrl-u>",
    "<pagedown>",
    "<pageup>",
    "n",
    "N",
    "<enter>",
    "<esc>",
    "<tab>",
    "<backtab>",
    "z",
    "<space>",
    "v",
    "*",
    "U",
    "a",
    "rbad<enter>",
    "o",
    "b0.10<enter>ok<enter>",
    "u",
    "$",
    ".",
    "R",
    "w",
    "/worker:AWORKER1<enter>",
    "/hello<enter>",
    "/<enter>",
    "/x<esc>",
    "Tworker:AWORKER2<enter>",
    "sw",
    "ta",
    "th",
    "c<space><esc>",
    "]",
    "[",
    "5",
    "1",
    "t",
    "<esc><esc>",
    "y",
    "yw",
    "V",
    "'note<enter>",
    "?",
    ":",
    "q",
    "Aok<enter>",
    ":hits<enter>",
    "|cat<enter>",
    "J",
    "K",
    "h",
    "l",
    "<down>",
    "<up>",
    "reject 11<enter>",
];

fn action() -> impl Strategy<Value = Do> {
    prop_oneof![
        12 => prop::sample::select(&KEYS[..]).prop_map(Do::Keys),
        1 => prop::sample::select(&["aaaaaaaa", "jjjjjjjjjjjjjjjjjjjjjj", "aaaaaaaaaaaaaaaaaaaaaaaaa", "ajajaj"][..])
            .prop_map(Do::AtOnce),
        1 => (0i64..2_000).prop_map(Do::Wait),
        3 => Just(Do::Store),
        2 => (1i64..20, 0usize..5).prop_map(|(id, state)| Do::Settle(id, state)),
        2 => prop::collection::vec((0u32..50, 0usize..3), 0..6).prop_map(Do::Refresh),
        1 => (1u16..200, 1u16..60).prop_map(|(columns, lines)| Do::Resize(columns, lines)),
        1 => Just(Do::Wake),
        1 => Just(Do::Find),
    ]
}

fn play(desk: &mut Desk, what: &Do) {
    match what {
        Do::Keys(keys) => {
            desk.keys(keys);
        }
        Do::AtOnce(keys) => {
            desk.at_once(keys);
        }
        Do::Wait(ms) => {
            desk.wait(*ms);
        }
        Do::Store => {
            desk.store();
        }
        Do::Settle(id, state) => {
            // Only what has not been settled moves on.
            if desk.outbox.get(id).is_some_and(|entry| !entry.state.is_settled()) {
                let failed = OutboxState::Failed { reason: "no".into() };
                let states =
                    [OutboxState::Sending, OutboxState::Unknown, OutboxState::Done, failed, OutboxState::Undone];
                desk.becomes(*id, states[*state].clone());
            }
        }
        Do::Refresh(changes) => {
            let row = |(number, status): &(u32, usize)| AssignmentRow {
                status: AssignmentStatus::ALL[*status],
                ..row(*number)
            };
            desk.event(Event::Refreshed { rows: rows_of(changes.iter().map(row).collect()) });
        }
        Do::Resize(columns, lines) => {
            desk.event(Event::Resize(*columns, *lines));
        }
        Do::Wake => {
            desk.event(Event::Wake);
        }
        Do::Find => {
            let asked = desk.effects.iter().rev().find_map(|effect| match effect {
                Effect::Find { request, terms } => Some((*request, terms.len())),
                _ => None,
            });
            if let Some((request, terms)) = asked {
                desk.event(Event::Found { request, sets: Ok(vec![vec![key(1), key(3)]; terms]) });
            }
        }
    }
}

fn check(desk: &Desk) -> Result<(), TestCaseError> {
    let state = &desk.state;
    let list = &state.list;
    match list.cursor {
        Some(key) => {
            prop_assert!(state.model.row(key).is_some());
            prop_assert_eq!(list.row_at(list.cursor_line), Some(key));
            let layout = state.layout();
            let page = list.offset..list.offset + layout.lines(crate::app::layout::Pane::List);
            prop_assert!(layout.list.is_none() || page.contains(&list.cursor_line));
        }
        None => prop_assert_eq!(list.rows, 0),
    }
    let shown = list.lines.iter().filter(|line| matches!(line, Line::Row(key) if list.marks.contains(key))).count();
    prop_assert_eq!(shown, list.marks_shown);
    let open = |line: &&Line| match line {
        Line::Row(key) => state.model.is_open(state.model.slot(*key).unwrap()),
        Line::Group(_) => false,
    };
    prop_assert_eq!(list.lines.iter().filter(open).count(), list.open_rows());
    let totals = state.model.totals();
    let left = (0..state.model.rows().len()).filter(|slot| state.model.is_open(*slot)).count();
    prop_assert_eq!(totals.left() as usize, left);
    prop_assert_eq!(totals.total() as usize, state.model.rows().len());
    let mut woken = state.clone();
    update(&mut woken, desk.now, Event::Wake);
    prop_assert!(woken.deadline().is_none_or(|next| next > desk.now.wall), "an overdue moment that stays would spin");
    Ok(())
}

/// Never two live decisions for one assignment.
fn one_live_decision(desk: &Desk) -> Result<(), TestCaseError> {
    let mut live: HashMap<u32, u32> = HashMap::new();
    let alive = |entry: &&OutboxEntry| entry.decision.settles_assignment() && !entry.state.is_settled();
    for entry in desk.outbox.values().filter(alive) {
        *live.entry(entry.assignment.unwrap().0).or_default() += 1;
    }
    prop_assert!(live.values().all(|count| *count == 1), "{live:?}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_desk_holds(script in prop::collection::vec(action(), 1..60)) {
        let mut desk = Desk::with(30);
        for what in &script {
            let hidden: Vec<u32> = {
                let list = &desk.state.list;
                let shown = |key: &AssignmentKey| list.line_of(desk.state.model.slot(*key).unwrap()).is_some();
                list.marks.iter().filter(|key| !shown(key)).map(|key| key.0).collect()
            };
            let before = desk.effects.len();
            // A question or a prompt that is open was put about what was shown then.
            let asked = matches!(&desk.state.overlay, Some(Overlay::Prompt(_)))
                || matches!(&desk.state.overlay, Some(Overlay::Ask(ask)) if !matches!(ask.kind, AskKind::Quit));
            let filters = matches!(what, Do::Keys(keys) if keys.starts_with(['/', '[', ']', 'w', 'R', '1', '5']));
            play(&mut desk, what);
            if !asked && !filters && before <= desk.effects.len() {
                for effect in &desk.effects[before..] {
                    let Effect::Persist { decisions, .. } = effect else { continue };
                    for new in decisions {
                        let Subject::Assignment(key) = new.subject else { continue };
                        prop_assert!(!hidden.contains(&key.0), "{key:?} was hidden");
                    }
                }
            }
            check(&desk)?;
        }
        desk.store().store();
        check(&desk)?;
        one_live_decision(&desk)?;
    }

    #[test]
    fn stage_and_undo_is_the_identity(moves in 0usize..20, marked: bool, reject: bool, answered: bool) {
        let mut desk = Desk::with(30);
        desk.at_once(&"j".repeat(moves));
        if marked {
            desk.keys("<space><space>k");
        }
        let picture = |desk: &Desk| {
            let list = &desk.state.list;
            (list.cursor, list.lines.clone(), desk.marks(), list.open_rows(), desk.state.model.clone(), desk.state.outbox.unsent())
        };
        let before = picture(&desk);
        desk.keys(if reject { "rbad<enter>" } else { "a" });
        prop_assert_ne!(desk.state.outbox.unsent(), 0);
        if answered {
            desk.store();
        }
        desk.keys("u");
        prop_assert_eq!(&before, &picture(&desk));
        desk.store().store();
        prop_assert_eq!(&before, &picture(&desk));
        prop_assert!(desk.outbox.values().all(|entry| entry.state == OutboxState::Undone));
        let rejects = |entry: &OutboxEntry| matches!(entry.decision, Decision::Reject { .. });
        prop_assert!(desk.outbox.values().all(|entry| rejects(entry) == reject));
    }
}
