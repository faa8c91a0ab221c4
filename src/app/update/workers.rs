//! The Workers screen: what its keys do.

use super::{choose, people, prompt, say, worker_page, workers_act, workers_pay};
use crate::app::command::CommandId;
use crate::app::effect::Effect;
use crate::app::event::Level;
use crate::app::format;
use crate::app::layout::{Pane, Screen};
use crate::app::overlay::{Choice, ChoiceItem, PromptError, PromptKind};
use crate::app::state::State;
use crate::app::workers::column::WorkerColumn;
use crate::app::workers::line::Line;
use crate::app::workers::{Sources, WorkerSort};
use crate::domain::id::WorkerId;
use crate::domain::pseudonym::Pseudonyms;
use crate::domain::query::{QueryError, parse_worker};

/// Runs a command that means something of its own here. Says whether it does.
pub(super) fn run(state: &mut State, id: CommandId, argument: &str, fx: &mut Vec<Effect>) -> Result<bool, String> {
    use CommandId as C;
    if state.people.workers.page && worker_page::run(state, id, fx)? {
        return Ok(true);
    }
    match id {
        C::Mark => toggle(state),
        C::Range => range(state),
        C::MarkShown => {
            let ids: Vec<_> = state.people.workers.shown().map(|one| one.id.clone()).collect();
            state.people.workers.mark(ids, true);
            state.people.workers.anchor = None;
        }
        C::Unmark => {
            let ids = std::mem::take(&mut state.people.workers.marks);
            state.people.workers.mark(ids, false);
            state.people.workers.anchor = None;
        }
        C::Filter if argument.is_empty() => {
            let before = state.people.workers.filter.clone();
            let hints = match before.as_str() {
                "" => Vec::new(),
                before => vec![format!("now: {before} (Enter on the empty line shows everybody)")],
            };
            prompt::open(state, PromptKind::Workers(Line::Filter { before }), "filter".to_owned(), "", hints);
        }
        C::Filter => filter(state, argument).map_err(|error| error.to_string())?,
        C::Columns if argument.is_empty() => open_columns(state),
        C::Columns => {
            let wanted = WorkerColumn::ALL.into_iter().find(|one| one.title().eq_ignore_ascii_case(argument));
            let names = || WorkerColumn::ALL.map(WorkerColumn::title).join(", ");
            toggle_column(state, wanted.ok_or_else(|| format!("\"{argument}\" is none of: {}", names()))?);
        }
        C::Sort if argument.is_empty() => open_sort(state),
        C::Sort => {
            let wanted = WorkerSort::ALL.into_iter().find(|by| by.title().eq_ignore_ascii_case(argument));
            let names = || WorkerSort::ALL.map(WorkerSort::title).join(", ");
            sort_by(state, wanted.ok_or_else(|| format!("\"{argument}\" is none of: {}", names()))?);
        }
        C::Copy => copy(state, fx),
        C::Note => workers_act::begin(state, id)?,
        C::Bonus => workers_pay::begin_bonus(state, argument, fx)?,
        C::Back | C::Close if back(state) => {}
        C::Open => state.people.workers.page = !state.people.workers.is_empty(),
        _ => return Ok(false),
    }
    Ok(true)
}

fn toggle(state: &mut State) {
    let workers = &mut state.people.workers;
    let Some(id) = workers.current().map(|one| one.id.clone()) else { return };
    let on = !workers.marks.contains(&id);
    workers.mark([id], on);
    workers.spot.cursor = (workers.spot.cursor + 1).min(workers.len().saturating_sub(1));
}

/// Begins a range, or marks everything from its beginning to the cursor.
fn range(state: &mut State) {
    let workers = &mut state.people.workers;
    if workers.anchor.is_none() {
        workers.anchor = workers.current().map(|one| one.id.clone());
    } else {
        end_range(state);
    }
}

/// Marks the workers of a range that was begun, if one was.
pub(super) fn end_range(state: &mut State) {
    let workers = &mut state.people.workers;
    let lines = workers.range().into_iter().flatten();
    let ids: Vec<_> = lines.filter_map(|line| Some(workers.at(line)?.id.clone())).collect();
    workers.mark(ids, true);
    workers.anchor = None;
}

/// Takes the marks away from those who were acted on, and from those who were left out: these would only stand in the way of
/// the next key. Hidden marks stay. Says who they were.
pub(super) fn unmark_acted(state: &mut State, marked: bool) -> Vec<WorkerId> {
    if !marked || state.focus != Pane::Workers {
        return Vec::new();
    }
    let ids = state.people.workers.who().ids;
    let acted: Vec<_> = ids.into_iter().filter(|id| state.people.workers.marks.contains(id)).collect();
    state.people.workers.mark(acted.iter().cloned(), false);
    acted
}

/// Shows only the workers who answer a query. An error leaves the list as it is.
fn filter(state: &mut State, text: &str) -> Result<(), QueryError> {
    let query = parse_worker(text)?;
    let workers = &mut state.people.workers;
    text.trim().clone_into(&mut workers.filter);
    if workers.query != query {
        workers.query = query;
        workers.arrange(state.now.time);
        state.touch();
    }
    Ok(())
}

/// The filter shows what it finds while it is typed.
pub(super) fn typed(state: &mut State, text: &str) -> Result<(), PromptError> {
    filter(state, text).map_err(|error| PromptError { column: Some(error.column - 1), message: error.to_string() })
}

/// The prompt was left: a filter is as it was before.
pub(super) fn leave(state: &mut State, line: Line) {
    if let Line::Filter { before } = line
        && let Err(error) = filter(state, &before)
    {
        say(state, Level::Error, error.to_string());
    }
}

fn open_sort(state: &mut State) {
    let (sort, turned) = (state.people.workers.sort, state.people.workers.turned);
    let label = |by: WorkerSort| {
        let words = if by == sort && turned { ", the other way round" } else { "" };
        format!("{}{words}", by.title())
    };
    let items = WorkerSort::ALL.into_iter().map(|by| (label(by), by == sort, Choice::SortWorkers(by)));
    choose::open(state, "Sort by (the same again turns it round)", choose::with_letters(items), false);
}

/// Sorts the list; by the same again: the other way round.
pub(super) fn sort_by(state: &mut State, by: WorkerSort) {
    let workers = &mut state.people.workers;
    workers.turned = by == workers.sort && !workers.turned;
    workers.sort = by;
    workers.arrange(state.now.time);
}

fn open_columns(state: &mut State) {
    choose::open(state, "Columns (as many as there is room for)", columns(state), true);
}

/// The lines of the chooser of columns.
pub(super) fn columns(state: &State) -> Vec<ChoiceItem> {
    let shown = |column: WorkerColumn| !state.people.workers.hidden.contains(&column);
    let items = WorkerColumn::ALL.into_iter();
    choose::with_letters(items.map(|one| (one.title().to_owned(), shown(one), Choice::ColumnOfWorkers(one))))
}

/// Shows a column, or hides it; that of the workers themselves stays.
pub(super) fn toggle_column(state: &mut State, column: WorkerColumn) {
    let hidden = &mut state.people.workers.hidden;
    match hidden.iter().position(|one| *one == column) {
        Some(at) => drop(hidden.remove(at)),
        None if column == WorkerColumn::Worker => {}
        None => hidden.push(column),
    }
}

/// Copies the identifiers, a line each.
fn copy(state: &mut State, fx: &mut Vec<Effect>) {
    let who = state.people.workers.who();
    let ids: Vec<String> = who.ids.iter().map(|id| state.name_of(id).into_owned()).collect();
    let words = match ids.as_slice() {
        [one] => one.clone(),
        many => format!("{} worker IDs", format::count(many.len())),
    };
    say(state, Level::Info, format!("copied: {words}"));
    fx.push(Effect::Copy(ids.join("\n")));
}

/// One step back: range, page, filter. Says whether there was one.
fn back(state: &mut State) -> bool {
    let workers = &mut state.people.workers;
    if workers.anchor.take().is_some() {
        return true;
    }
    if workers.page {
        workers.page = false;
        if let Some(before) = workers.came_from.take() {
            (state.screen, state.focus) = before;
        }
        return true;
    }
    if !workers.filter.is_empty() {
        // The empty query cannot fail.
        return filter(state, "").is_ok();
    }
    false
}

/// The worker of the row under the cursor; in Activity of the decision under it.
fn worker_here(state: &State) -> Option<WorkerId> {
    let key = match state.screen {
        Screen::Activity => state.selected_entry()?.assignment?,
        _ => state.list.cursor?,
    };
    state.model.worker(state.model.row(key)?.worker).cloned()
}

/// The page of one worker: of the row under the cursor, or by identifier.
pub(super) fn this_one(state: &mut State, argument: &str, fx: &mut Vec<Effect>) -> Result<(), String> {
    let id = match argument {
        "" => worker_here(state),
        id => Some(WorkerId::parse(id).map_err(|error| error.to_string())?),
    };
    let id = id.ok_or("the worker of this row is not known")?;
    let from = (state.screen != Screen::Workers).then_some((state.screen, state.focus));
    show_page(state, &id, from, fx)
}

/// Shows a worker's page; `from` is where Esc goes back to.
fn show_page(
    state: &mut State,
    id: &WorkerId,
    from: Option<(Screen, Pane)>,
    fx: &mut Vec<Effect>,
) -> Result<(), String> {
    let before = (state.screen, state.focus);
    people::open_workers(state, fx);
    settle(state, fx);
    if state.people.workers.named(id).is_none() {
        (state.screen, state.focus) = before;
        return Err(format!("nobody here is called {id}"));
    }
    if state.people.workers.line_of(id).is_none() {
        // The empty query cannot fail.
        let _ = filter(state, "");
    }
    let workers = &mut state.people.workers;
    workers.go_to(id);
    (workers.page, workers.came_from) = (true, from);
    Ok(())
}

/// Shows pseudonyms instead of identifiers, or identifiers again.
pub(super) fn redact(state: &mut State, names: Option<Pseudonyms>) {
    let words = match names {
        Some(_) => "worker IDs are shown as pseudonyms, also in copies; :redact shows them again",
        None => "worker IDs are shown again",
    };
    state.redaction = names;
    state.people.workers.made_of = None;
    state.measured = None;
    say(state, Level::Info, words);
}

/// Rows in memory up to which the statistics follow every change by themselves; of more they are made when the screen is
/// opened or refreshed.
const FOLLOWED: usize = 120_000;

/// Brings the list in line with rows and people, if the screen is shown and they have changed.
pub(super) fn settle(state: &mut State, fx: &mut Vec<Effect>) {
    if state.screen == Screen::Workers {
        gather_once(state);
        state.people.workers.make_page(&state.model);
        worker_page::ask_for_history(state, fx);
    }
}

/// Learns everybody anew, unless nothing has changed since that was done last.
pub(super) fn gather_once(state: &mut State) {
    let (people, model) = (&mut state.people, &state.model);
    let stale = match people.workers.made_of {
        None => true,
        Some(version) => version != model.version() && model.rows().len() <= FOLLOWED,
    };
    if stale {
        let (known, money, names) = (people.known.as_ref(), &people.money, state.redaction.as_ref());
        people.workers.gather(&Sources { model, known, money, names }, state.now.time);
        state.version += 1;
        state.drawn = state.now;
    }
}
