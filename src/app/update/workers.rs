//! The Workers screen: what its keys do.

use super::{choose, prompt, say};
use crate::app::command::CommandId;
use crate::app::effect::Effect;
use crate::app::event::Level;
use crate::app::format;
use crate::app::layout::Screen;
use crate::app::overlay::{Choice, PromptError, PromptKind};
use crate::app::state::State;
use crate::app::workers::WorkerSort;
use crate::app::workers::line::Line;
use crate::domain::query::{QueryError, parse_worker};

/// Runs a command that means something of its own here. Says whether it does.
pub(super) fn run(state: &mut State, id: CommandId, argument: &str, fx: &mut Vec<Effect>) -> Result<bool, String> {
    use CommandId as C;
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
        C::Sort if argument.is_empty() => open_sort(state),
        C::Sort => {
            let wanted = WorkerSort::ALL.into_iter().find(|by| by.title().eq_ignore_ascii_case(argument));
            let names = || WorkerSort::ALL.map(WorkerSort::title).join(", ");
            sort_by(state, wanted.ok_or_else(|| format!("\"{argument}\" is none of: {}", names()))?);
        }
        C::Copy => copy(state, fx),
        C::Back | C::Close if back(state) => {}
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

/// Copies the identifiers, a line each.
fn copy(state: &mut State, fx: &mut Vec<Effect>) {
    let ids: Vec<String> = state.people.workers.who().ids.iter().map(|id| id.to_string()).collect();
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
        return true;
    }
    if !workers.filter.is_empty() {
        // The empty query cannot fail.
        return filter(state, "").is_ok();
    }
    false
}

/// Rows in memory up to which the statistics follow every change by themselves; of more they are made when the screen is
/// opened or refreshed.
const FOLLOWED: usize = 120_000;

/// Brings the list in line with rows and people, if the screen is shown and they have changed.
pub(super) fn settle(state: &mut State) {
    let (people, model) = (&mut state.people, &state.model);
    let stale = match people.workers.made_of {
        None => true,
        Some(version) => version != model.version() && model.rows().len() <= FOLLOWED,
    };
    if stale && state.screen == Screen::Workers {
        people.workers.gather(model, people.known.as_ref(), state.now.time);
        state.touch();
    }
}
