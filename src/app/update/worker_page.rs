//! The page of a worker: its cursor, the answers that are decided there, and the way to Review and back.

use super::motion::{self, Step};
use super::{filter, people, say};
use crate::app::command::CommandId;
use crate::app::effect::Effect;
use crate::app::event::Level;
use crate::app::layout::{Pane, Screen};
use crate::app::list::Scope;
use crate::app::options::AfterDecision;
use crate::app::state::State;
use crate::app::workers::page::{Before, History, Moment};
use crate::domain::id::{HitId, WorkerId};
use crate::domain::key::AssignmentKey;
use std::collections::HashSet;

/// Runs a command that means something of its own on the page. Says whether it does.
pub(super) fn run(state: &mut State, id: CommandId, fx: &mut Vec<Effect>) -> Result<bool, String> {
    use CommandId as C;
    match id {
        C::Open => answers(state, fx)?,
        C::NextOpen => go_to_open(state, true)?,
        C::PreviousOpen => go_to_open(state, false)?,
        C::Mark | C::Range | C::MarkShown | C::Unmark | C::MarkQuery => {
            return Err("workers are marked in the list: Esc goes there".to_owned());
        }
        C::Filter | C::Sort | C::Columns => return Err("works in the list of workers: Esc goes there".to_owned()),
        _ => return Ok(false),
    }
    Ok(true)
}

/// Moves the cursor; what is above the first moment scrolls.
pub(super) fn step(state: &mut State, step: Step) {
    let page = usize::from(state.page_area().body().height).max(1);
    let line = state.page_line();
    let sheet = &mut state.people.workers.sheet;
    let head = line - sheet.cursor;
    let last = (head + sheet.moments.len()).saturating_sub(1);
    let below = line >= sheet.offset + page;
    let lowest = (last + 1).saturating_sub(page);
    match step {
        Step::Lines(by) if by > 0 && (below || sheet.moments.is_empty()) => {
            sheet.offset = (sheet.offset + 1).min(lowest);
            return;
        }
        Step::Lines(by) if by < 0 && sheet.cursor == 0 => {
            sheet.offset = sheet.offset.saturating_sub(1);
            return;
        }
        Step::Top => (sheet.cursor, sheet.offset) = (0, 0),
        _ => {
            let wanted = motion::target(step, line, last + 1, page);
            if wanted < head {
                (sheet.cursor, sheet.offset) = (0, sheet.offset.saturating_sub(line - wanted));
                return;
            }
            sheet.cursor = (wanted - head).min(sheet.moments.len().saturating_sub(1));
        }
    }
    if step != Step::Top && !sheet.moments.is_empty() {
        motion::turn(&mut sheet.offset, head + sheet.cursor, page);
        sheet.offset = sheet.offset.min(lowest);
    }
}

/// Puts the cursor on a moment and shows it.
fn go_to(state: &mut State, at: usize) {
    let page = usize::from(state.page_area().body().height).max(1);
    state.people.workers.sheet.cursor = at;
    let line = state.page_line();
    motion::turn(&mut state.people.workers.sheet.offset, line, page);
}

/// On the page: puts the cursor on an answer. Says whether it is there.
pub(super) fn go_to_work(state: &mut State, key: AssignmentKey) -> bool {
    if !state.on_page() {
        return false;
    }
    let at = state.people.workers.sheet.moments.iter().position(|moment| *moment == Moment::Work(key));
    if let Some(at) = at {
        go_to(state, at);
    }
    at.is_some()
}

/// The next answer that nobody has decided, below or above; then from the other end.
fn open_one(state: &State, down: bool) -> Option<usize> {
    let sheet = &state.people.workers.sheet;
    let is_open = |at: &usize| match sheet.moments[*at] {
        Moment::Work(key) => state.model.slot(key).is_some_and(|slot| state.model.is_open(slot)),
        _ => false,
    };
    let count = sheet.moments.len();
    let after = (sheet.cursor + 1).min(count)..count;
    let (before, all) = (0..sheet.cursor, 0..count);
    if down { after.chain(all).find(is_open) } else { before.rev().chain(all.rev()).find(is_open) }
}

fn go_to_open(state: &mut State, down: bool) -> Result<(), String> {
    let found = open_one(state, down).ok_or("no answer of this worker is undecided")?;
    if found == state.people.workers.sheet.cursor && state.work_on_page().is_some() {
        return Err("no other answer of this worker is undecided".to_owned());
    }
    go_to(state, found);
    Ok(())
}

/// After a decision the cursor goes on.
pub(super) fn move_on(state: &mut State) {
    let next = state.people.workers.sheet.cursor + 1;
    match state.options.after_decision {
        AfterDecision::Stay => {}
        AfterDecision::Next if next < state.people.workers.sheet.moments.len() => go_to(state, next),
        AfterDecision::Next => {}
        AfterDecision::NextUndecided => match open_one(state, true) {
            Some(found) => go_to(state, found),
            None => say(state, Level::Info, "nothing undecided is left of this worker"),
        },
    }
}

/// Opens the worker's answers in Review, on the one under the cursor.
fn answers(state: &mut State, fx: &mut Vec<Effect>) -> Result<(), String> {
    let Some(id) = state.people.workers.current().map(|one| one.id.clone()) else { return Ok(()) };
    let on = state.work_on_page();
    let before = Before {
        shows: format!("worker:{id}"),
        filter: state.views.filter.clone(),
        scope: std::mem::replace(&mut state.list.scope, Scope::All),
        cursor: state.list.cursor,
    };
    (state.screen, state.focus) = (Screen::Review, Pane::List);
    state.list.cursor = on.or(state.list.cursor);
    filter::set(state, &before.shows, fx).map_err(|error| error.to_string())?;
    if let Some(on) = on {
        motion::go_to(state, on);
    }
    state.people.workers.answers = Some(before);
    Ok(())
}

/// Goes from a worker's answers back to the page that they were opened from; Review stands again as it did before. Says
/// whether they were.
pub(super) fn come_back(state: &mut State, fx: &mut Vec<Effect>) -> bool {
    let Some(before) = state.people.workers.answers.take() else { return false };
    if state.views.filter != before.shows {
        return false;
    }
    state.list.scope = before.scope;
    state.list.cursor = before.cursor;
    // It could be read before.
    let _ = filter::set(state, &before.filter, fx);
    if let Some(cursor) = before.cursor {
        motion::go_to(state, cursor);
    }
    (state.screen, state.focus) = (Screen::Workers, Pane::Workers);
    true
}

/// The page tells what its worker was sent and paid.
pub(super) fn ask_for_history(state: &mut State, fx: &mut Vec<Effect>) {
    let workers = &mut state.people.workers;
    let Some(id) = workers.current().filter(|_| workers.page).map(|one| one.id.clone()) else { return };
    let known = workers.history().is_some();
    if workers.asked.as_ref() == Some(&id) {
        return;
    }
    workers.asked = Some(id.clone());
    if !known {
        workers.history = Some((id.clone(), History::default()));
    }
    // What was paid from here is in the store; what was paid elsewhere is read once.
    let hits = if known { Vec::new() } else { latest_hits(state) };
    fx.push(Effect::LoadHistory(id, hits));
}

/// The HITs of the page's worker, the latest first.
fn latest_hits(state: &State) -> Vec<HitId> {
    let mut seen = HashSet::new();
    let moments = state.people.workers.sheet.moments.iter();
    let rows = moments.filter_map(|moment| match moment {
        Moment::Work(key) => state.model.row(*key),
        _ => None,
    });
    let hits = rows.filter(|row| seen.insert(row.hit)).filter_map(|row| state.model.hit(row.hit));
    hits.map(|hit| hit.id.clone()).collect()
}

/// What a worker was sent and paid; of another page than the one that is shown it is dropped.
pub(super) fn receive(state: &mut State, worker: WorkerId, mut history: History) {
    let workers = &mut state.people.workers;
    let Some((of, known)) = &mut workers.history else { return };
    if history.read.all == 0 {
        // Nothing was asked of the endpoint this time.
        history.read = known.read;
    }
    if *of == worker && *known != history {
        *known = history;
        workers.sheet.outdated();
        state.touch();
    }
}

/// Something was sent to workers, or paid: what is shown of that is read again.
pub(super) fn outdated(state: &mut State, fx: &mut Vec<Effect>) {
    state.people.workers.asked = None;
    if state.screen == Screen::Workers {
        people::ask_for_money(state, Vec::new(), fx);
    }
}
