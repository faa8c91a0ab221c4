//! The Batches screen: what its keys do besides deciding.

use super::motion::{self, Step};
use super::{batches_act, batches_anew, batches_file, choose, filter, prompt, say};
use crate::app::batches::line::Line;
use crate::app::batches::{BatchSort, HitSort, KnownBatches, Tab};
use crate::app::command::CommandId;
use crate::app::effect::Effect;
use crate::app::event::Level;
use crate::app::format;
use crate::app::layout::{Pane, Screen};
use crate::app::list::Scope;
use crate::app::overlay::{Choice, PromptError, PromptKind};
use crate::app::state::State;
use crate::domain::query::{QueryError, parse_batch};

/// Shows the screen.
pub(super) fn open(state: &mut State, fx: &mut Vec<Effect>) {
    (state.screen, state.focus) = (Screen::Batches, Pane::Batches);
    state.batches.in_motion = true;
    state.batches.opened = None;
    fx.push(Effect::LoadBatches);
}

/// Takes what the store knows beside the rows.
pub(super) fn receive(state: &mut State, known: KnownBatches) {
    if state.batches.known.as_ref() != Some(&known) {
        if state.batches.known.as_ref().is_none_or(|before| before.asked != known.asked) {
            state.batches.add_up_again();
        }
        if state.batches.known.is_none() {
            state.batches.target = state.batches.target.or(known.target);
        }
        state.batches.known = Some(known);
        state.touch();
    }
    if let Some(on) = state.batches.deleting.take() {
        batches_act::ask_to_delete(state, &on);
    }
}

/// Runs a command that means something of its own here. Says whether it does.
pub(super) fn run(state: &mut State, id: CommandId, argument: &str, fx: &mut Vec<Effect>) -> Result<bool, String> {
    use CommandId as C;
    if matches!(id, C::Mark | C::MarkShown | C::Range | C::Copy | C::Url | C::Open)
        && let Some(why) = state.other_file()
    {
        return Err(why);
    }
    match id {
        C::Mark => toggle(state),
        C::Range => turn_range(state),
        C::MarkShown => mark_shown(state),
        C::Unmark => {
            if is_on_hits(state) {
                state.batches.hits.picks.clear();
            } else {
                state.batches.picks.clear();
            }
        }
        C::Filter if argument.is_empty() => open_filter(state),
        C::Filter => set_filter(state, argument).map_err(|error| error.to_string())?,
        C::Sort => sort(state, argument)?,
        C::Copy => copy(state, fx),
        C::Url => open_address(state, fx)?,
        C::Open => enter(state),
        C::Back | C::Close if back(state) => {}
        C::NextPane => turn_tab(state, 1),
        C::PreviousPane => turn_tab(state, -1),
        C::ViewDown => scroll(state, Step::Lines(1)),
        C::ViewUp => scroll(state, Step::Lines(-1)),
        C::TargetWage => batches_act::target_wage(state, argument, fx)?,
        C::Extend | C::AddAssignments | C::TopUp | C::Republish | C::Retype | C::Reviewing => {
            batches_act::begin(state, id, argument, fx)?;
        }
        C::Anew => batches_anew::begin(state, argument)?,
        C::StopPublishing => batches_anew::stop(state, fx)?,
        C::OpenBatch => batches_file::open(state, argument, fx)?,
        C::Publish => batches_file::begin(state, argument, fx)?,
        C::NextItem | C::PreviousItem => batches_file::turn(state, id, argument)?,
        C::Refresh => {
            batches_file::again(state, fx);
            return Ok(false);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Whether the keys go to the list of HITs.
pub(super) fn is_on_hits(state: &State) -> bool {
    state.focus == Pane::BatchPage && state.batches.tab == Tab::Hits
}

/// Begins a range at the cursor, or marks all of it.
fn turn_range(state: &mut State) {
    let on_hits = is_on_hits(state);
    let batches = &mut state.batches;
    if on_hits {
        let list = &mut batches.hits;
        list.picks.turn_range(&list.lines, list.spot.cursor);
    } else {
        let names = batches.names().to_vec();
        batches.picks.turn_range(&names, batches.spot.cursor);
    }
}

/// Marks or unmarks the line under the cursor and moves on.
fn toggle(state: &mut State) {
    let on_hits = is_on_hits(state);
    let batches = &mut state.batches;
    if on_hits {
        let list = &mut batches.hits;
        if let Some(key) = list.lines.get(list.spot.cursor) {
            list.picks.toggle(*key);
        }
    } else if let Some(name) = batches.current().map(|one| one.name.clone()) {
        batches.picks.toggle(name);
    }
    step(state, Step::Lines(1), 1);
}

fn mark_shown(state: &mut State) {
    let on_hits = is_on_hits(state);
    let batches = &mut state.batches;
    if on_hits {
        let list = &mut batches.hits;
        list.picks.marks.extend(list.lines.iter().copied());
        list.picks.anchor = None;
    } else {
        let names = batches.names().to_vec();
        batches.picks.marks.extend(names);
        batches.picks.anchor = None;
    }
}

/// Ends a range that was begun: what is decided acts on all of it.
pub(super) fn end_range(state: &mut State) {
    let batches = &mut state.batches;
    let list = &mut batches.hits;
    list.picks.end_range(&list.lines, list.spot.cursor);
    let names = batches.names().to_vec();
    batches.picks.end_range(&names, batches.spot.cursor);
}

/// Takes the marks away that a decision acted on.
pub(super) fn unmark(state: &mut State) {
    state.batches.unmark();
}

fn open_filter(state: &mut State) {
    let before = if is_on_hits(state) { state.batches.hits.filter.clone() } else { state.batches.filter.clone() };
    let hints = match before.as_str() {
        "" => vec!["fields: name status open submitted rejected missing wage spent ready ends purge".to_owned()],
        before => vec![format!("now: {before} (Enter on the empty line shows everything)")],
    };
    prompt::open(state, PromptKind::Batches(Line::Filter { before }), "filter".to_owned(), "", hints);
}

/// Shows only what answers a query, in the list that has the focus. An error leaves it as it is.
pub(super) fn set_filter(state: &mut State, text: &str) -> Result<(), QueryError> {
    let query = parse_batch(text)?;
    let now = state.now.time;
    let on_hits = is_on_hits(state);
    let batches = &mut state.batches;
    if on_hits {
        text.trim().clone_into(&mut batches.hits.filter);
        if batches.hits.query != query {
            batches.hits.query = query;
            batches.list_again();
        }
    } else {
        text.trim().clone_into(&mut batches.filter);
        if batches.query != query {
            batches.query = query;
            batches.arrange(now);
        }
    }
    state.touch();
    Ok(())
}

/// The filter shows what it finds while it is typed.
pub(super) fn typed(state: &mut State, text: &str) -> Result<(), PromptError> {
    set_filter(state, text).map_err(|error| PromptError { column: Some(error.column - 1), message: error.to_string() })
}

/// The prompt was left: a filter is as it was before.
pub(super) fn leave(state: &mut State, line: Line) {
    if let Line::Filter { before } = line
        && let Err(error) = set_filter(state, &before)
    {
        say(state, Level::Error, error.to_string());
    }
}

fn sort(state: &mut State, argument: &str) -> Result<(), String> {
    let on_hits = is_on_hits(state);
    if argument.is_empty() {
        open_sort(state, on_hits);
    } else if on_hits {
        sort_hits(state, super::command::named(&HitSort::ALL, HitSort::title, argument)?);
    } else {
        sort_by(state, super::command::named(&BatchSort::ALL, BatchSort::title, argument)?);
    }
    Ok(())
}

fn open_sort(state: &mut State, hits: bool) {
    let turned = if hits { state.batches.hits.turned } else { state.batches.turned };
    let label = |title: &str, checked: bool| match checked && turned {
        true => format!("{title}, the other way round"),
        false => title.to_owned(),
    };
    let (sort, hit_sort) = (state.batches.sort, state.batches.hits.sort);
    let items = match hits {
        true => choose::with_letters(HitSort::ALL.into_iter().map(|by| {
            let checked = by == hit_sort;
            (label(by.title(), checked), checked, Choice::SortHits(by))
        })),
        false => choose::with_letters(BatchSort::ALL.into_iter().map(|by| {
            let checked = by == sort;
            (label(by.title(), checked), checked, Choice::SortBatches(by))
        })),
    };
    choose::open(state, "Sort by (the same again turns it round)", items, false);
}

/// Sorts the batches; by the same again: the other way round.
pub(super) fn sort_by(state: &mut State, by: BatchSort) {
    let now = state.now.time;
    let batches = &mut state.batches;
    batches.turned = by == batches.sort && !batches.turned;
    batches.sort = by;
    batches.arrange(now);
}

/// Sorts the HITs; by the same again: the other way round.
pub(super) fn sort_hits(state: &mut State, by: HitSort) {
    let list = &mut state.batches.hits;
    list.turned = by == list.sort && !list.turned;
    list.sort = by;
    state.batches.list_again();
}

/// Copies what is marked, else what is under the cursor: IDs of HITs on their tab, else names of batches, a line each.
fn copy(state: &mut State, fx: &mut Vec<Effect>) {
    end_range(state);
    let lines: Vec<String> = if is_on_hits(state) {
        let on = state.hits_here();
        on.keys.iter().filter_map(|key| Some(state.model.hit(*key)?.id.to_string())).collect()
    } else {
        let batches = &state.batches;
        let (names, _) = batches.picks.targets(batches.names(), batches.spot.cursor);
        names.iter().map(ToString::to_string).collect()
    };
    let words = match lines.as_slice() {
        [] => return say(state, Level::Warning, "there is nothing to copy"),
        [one] => one.clone(),
        many => format!("{} lines", format::count(many.len())),
    };
    say(state, Level::Info, format!("copied: {words}"));
    fx.push(Effect::Copy(lines.join("\n")));
}

/// Opens the batch as workers find it, and shows the address.
fn open_address(state: &mut State, fx: &mut Vec<Effect>) -> Result<(), String> {
    let Some(name) = state.batches.current().map(|one| one.name.clone()) else { return Ok(()) };
    let Some(address) = state.batch_address(&name) else {
        return Err("the address of its preview is not known".to_owned());
    };
    say(state, Level::Info, address.clone());
    fx.push(Effect::OpenUrl(address));
    Ok(())
}

/// From the list to the page; from the page to the work itself.
fn enter(state: &mut State) {
    if state.focus == Pane::Batches {
        if !state.batches.is_empty() {
            state.focus = Pane::BatchPage;
        }
        return;
    }
    let list = &state.batches.hits;
    let hit = list.lines.get(list.spot.cursor).filter(|_| is_on_hits(state)).copied();
    let batch = state.batches.current().map(|one| one.name.clone());
    let Some(scope) = hit.map(Scope::Hit).or(batch.map(Scope::Batch)) else { return };
    state.batches.opened = Some(scope.clone());
    (state.screen, state.focus) = (Screen::Review, Pane::List);
    filter::set_scope(state, scope);
}

/// Goes from a batch's work back to the page that it was opened from. Says whether it was.
pub(super) fn come_back(state: &mut State) -> bool {
    if state.batches.opened.is_none() || state.batches.opened.as_ref() != Some(&state.list.scope) {
        return false;
    }
    state.batches.opened = None;
    filter::set_scope(state, Scope::All);
    (state.screen, state.focus) = (Screen::Batches, Pane::BatchPage);
    true
}

/// One step back: range, page, filter. Says whether there was one.
fn back(state: &mut State) -> bool {
    let on_hits = is_on_hits(state);
    let batches = &mut state.batches;
    let anchored =
        if on_hits { batches.hits.picks.anchor.take().is_some() } else { batches.picks.anchor.take().is_some() };
    if anchored {
        return true;
    }
    let filter = if on_hits { &batches.hits.filter } else { &batches.filter };
    if !filter.is_empty() && (on_hits || state.focus == Pane::Batches) {
        // The empty query cannot fail.
        return set_filter(state, "").is_ok();
    }
    let inside = state.focus == Pane::BatchPage;
    if inside {
        state.focus = Pane::Batches;
    }
    inside
}

fn turn_tab(state: &mut State, by: isize) {
    let at = Tab::ALL.iter().position(|tab| *tab == state.batches.tab).unwrap_or(0) as isize;
    state.batches.tab = Tab::ALL[(at + by).rem_euclid(Tab::ALL.len() as isize) as usize];
    state.batches.scroll = 0;
    if state.layout().batch_page.is_none() {
        state.focus = Pane::BatchPage;
    }
}

/// Moves the cursor of the list that has the focus, or scrolls the text.
pub(super) fn step(state: &mut State, step: Step, page: usize) {
    match (state.focus, state.batches.tab) {
        (Pane::BatchPage, Tab::Hits) => {
            let list = &mut state.batches.hits;
            list.spot.cursor = motion::target(step, list.spot.cursor, list.lines.len(), page);
        }
        (Pane::BatchPage, _) => scroll(state, step),
        _ => {
            let count = state.batches.len();
            let spot = &mut state.batches.spot;
            let before = spot.cursor;
            spot.cursor = motion::target(step, spot.cursor, count, page);
            if spot.cursor != before {
                state.batches.scroll = 0;
            }
        }
    }
}

fn scroll(state: &mut State, step: Step) {
    let area = state.layout().content(Pane::BatchPage);
    let lines = state.tab_text(area.width.saturating_sub(2)).map_or(0, |text| text.lines.len());
    let page = usize::from(area.height).max(1);
    let last = lines.saturating_sub(page);
    state.batches.scroll = motion::target(step, state.batches.scroll, last + 1, page);
}

/// Keeps the cursors in view.
pub(super) fn keep_in_view(state: &mut State) {
    let layout = state.layout();
    if layout.batches.is_some() {
        let spot = &mut state.batches.spot;
        motion::turn(&mut spot.offset, spot.cursor, layout.lines(Pane::Batches));
    }
    if layout.batch_page.is_some() && state.batches.tab == Tab::Hits {
        let spot = &mut state.batches.hits.spot;
        motion::turn(&mut spot.offset, spot.cursor, layout.lines(Pane::BatchPage).saturating_sub(1).max(1));
    }
}

/// Brings the screen in line with rows and time, if it is shown.
pub(super) fn settle(state: &mut State) {
    if state.screen == Screen::Batches && state.batches.settle(&state.model, state.now.time) {
        state.touch();
    }
}

/// The next step of adding up.
pub(super) fn go_on(state: &mut State) {
    if state.batches.go_on(&state.model) {
        state.touch();
    }
}

/// When the last decision has left, what it changed is read again.
pub(super) fn settled(state: &State, about_hits: bool, fx: &mut Vec<Effect>) {
    if about_hits && state.outbox.unsent() == 0 {
        fx.push(Effect::Refresh);
        if state.screen == Screen::Batches {
            fx.push(Effect::LoadBatches);
        }
    }
}
