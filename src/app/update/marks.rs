//! Marks: by row, by range, by query. Marks are kept by key; those that the list does not show are never acted on.

use super::motion::{self, line_of};
use super::say;
use crate::app::arrange::Asking;
use crate::app::decide;
use crate::app::event::Level;
use crate::app::format;
use crate::app::list::Line;
use crate::app::state::State;
use crate::domain::key::AssignmentKey;
use crate::domain::query::{Found, Query};

fn set(state: &mut State, key: AssignmentKey, on: bool) {
    let shown = line_of(state, key).is_some();
    let list = &mut state.list;
    let changed = list.marks.set(key, on);
    if changed && shown {
        list.marks_shown = if on { list.marks_shown + 1 } else { list.marks_shown - 1 };
    }
}

/// Marks or unmarks the row under the cursor and moves on.
pub(super) fn toggle(state: &mut State) {
    let Some(key) = state.list.cursor else { return };
    let on = !state.list.marks.contains(&key);
    set(state, key, on);
    motion::go_to_line(state, state.list.cursor_line + 1, true);
}

/// Begins a range, or marks everything from its beginning to the cursor.
pub(super) fn range(state: &mut State) {
    match state.list.anchor {
        None => state.list.anchor = state.list.cursor,
        Some(_) => end_range(state),
    }
}

/// Marks the rows of a range that was begun, if one was.
pub(super) fn end_range(state: &mut State) {
    let keys: Vec<_> = decide::range(state).into_iter().flatten().filter_map(|line| state.list.row_at(line)).collect();
    again(state, &keys);
    state.list.anchor = None;
}

/// Marks everything that the list shows.
pub(super) fn all_shown(state: &mut State) {
    let list = &mut state.list;
    for line in &list.lines {
        if let Line::Row(key) = line {
            list.marks.set(*key, true);
        }
    }
    list.marks_shown = list.rows;
    list.anchor = None;
}

/// Takes all marks away.
pub(super) fn none(state: &mut State) {
    state.list.marks.clear();
    state.list.marks_shown = 0;
    state.list.anchor = None;
}

/// Takes some marks away.
pub(super) fn without(state: &mut State, keys: &[AssignmentKey]) {
    for key in keys {
        set(state, *key, false);
    }
}

/// Puts marks back.
pub(super) fn again(state: &mut State, keys: &[AssignmentKey]) {
    for key in keys {
        set(state, *key, true);
    }
}

/// Marks the shown rows that fit a query.
pub(super) fn by_query(state: &mut State, query: &Query, found: &Found) {
    let asking = Asking { model: &state.model, query, found, now: state.now.time, me: &state.env.user };
    let fits = |line: &Line| match line {
        Line::Row(key) => state.model.row(*key).is_some_and(|row| asking.fits(row)).then_some(*key),
        Line::Group(_) => None,
    };
    let keys: Vec<_> = state.list.lines.iter().filter_map(fits).collect();
    let count = keys.len();
    again(state, &keys);
    say(state, Level::Info, format!("{} marked", format::count(count)));
}
