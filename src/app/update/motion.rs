//! The cursor of the lists. The bar moves inside the page and the page turns at its end: a line costs a few bytes over a
//! slow link, a scrolled screen thousands.

use crate::app::arrange::{Asking, Work};
use crate::app::layout::Pane;
use crate::app::list::{Line, List, Scope};
use crate::app::state::State;
use crate::app::views::Arranging;
use crate::domain::key::AssignmentKey;
use crate::domain::query::{Found, Query};

/// Where the cursor goes when its row is no longer shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fallback {
    /// To the first row that nobody has decided.
    Top,
    /// To the line where it was.
    Near,
}

/// More rows than this are arranged step by step, between keys.
pub(super) const AT_ONCE: usize = 120_000;

/// Makes the list anew. The cursor stays on its row, and its row on its line of the screen.
pub(super) fn rebuild(state: &mut State, fallback: Fallback) {
    begin(state, None, fallback);
}

/// Begins to make the list anew, perhaps with another query, and goes on until it is made unless there are very many rows.
pub(super) fn begin(state: &mut State, query: Option<(Query, Found)>, fallback: Fallback) {
    let (mut query, mut top) = (query, fallback == Fallback::Top);
    if let Some(before) = state.views.arranging.take() {
        // What was asked for before and is not there yet is still asked for.
        query = query.or(before.query);
        top |= before.top;
        before.work.cancel(&mut state.list);
    }
    let work = Work::new(&mut state.list, state.now.time);
    state.views.arranging = Some(Box::new(Arranging { work, query, top }));
    if state.model.rows().len() <= AT_ONCE || matches!(state.list.scope, Scope::Hit(_)) {
        while state.views.arranging.is_some() {
            go_on(state);
        }
    }
}

/// The next step of making the list.
pub(super) fn go_on(state: &mut State) {
    let Some(mut arranging) = state.views.arranging.take() else { return };
    let views = &state.views;
    let (query, found) = arranging.query.as_ref().map_or((&views.query, &views.found), |(query, found)| (query, found));
    let asking = Asking { model: &state.model, query, found, now: state.now.time, me: &state.env.user };
    let tenths = arranging.work.tenths();
    if !arranging.work.step(&asking) {
        if arranging.work.tenths() != tenths {
            state.touch();
        }
        state.views.arranging = Some(arranging);
        return;
    }
    let Arranging { work, query, top } = *arranging;
    show(state, work, query, if top { Fallback::Top } else { Fallback::Near });
    state.touch();
}

/// Shows the list that was made.
fn show(state: &mut State, work: Work, query: Option<(Query, Found)>, fallback: Fallback) {
    if let Some((query, found)) = query {
        (state.views.query, state.views.found) = (query, found);
    }
    let (cursor, line) = (state.list.cursor, state.list.cursor_line);
    let depth = line.saturating_sub(state.list.offset);
    let fallback = if cursor.is_none() { Fallback::Top } else { fallback };
    let asking = state.views.asking(&state.model, state.now.time, &state.env.user);
    work.finish(&asking, &mut state.list);
    let kept = cursor.and_then(|key| line_of(state, key));
    match kept {
        Some(line) => {
            state.list.cursor_line = line;
            state.list.offset = line.saturating_sub(depth);
        }
        None => {
            let line = match fallback {
                Fallback::Top => state.list.open.next(0).unwrap_or(0),
                Fallback::Near => line.min(state.list.lines.len().saturating_sub(1)),
            };
            state.list.offset = match fallback {
                Fallback::Top => 0,
                Fallback::Near => line.saturating_sub(depth),
            };
            go_to_line(state, line, true);
        }
    }
    if state.list.anchor.is_some_and(|anchor| line_of(state, anchor).is_none()) {
        state.list.anchor = None;
    }
    keep_in_view(state);
}

/// The line of a row, if the list shows it.
pub(super) fn line_of(state: &State, key: AssignmentKey) -> Option<usize> {
    state.list.line_of(state.model.slot(key)?)
}

/// Puts the cursor on a line, or on the nearest row in a direction, else in the other. Says whether it moved.
pub(super) fn go_to_line(state: &mut State, line: usize, down: bool) -> bool {
    let list = &state.list;
    let before = list.cursor;
    let line = line.min(list.lines.len().saturating_sub(1));
    let is_row = |at: &usize| matches!(list.lines[*at], Line::Row(_));
    // Groups are never empty, so a heading's neighbours are rows: this looks at two lines at most.
    let below = || (line..list.lines.len()).find(is_row);
    let above = || (0..=line).rev().find(|at| *at < list.lines.len() && is_row(at));
    let found = if down { below().or_else(above) } else { above().or_else(below) };
    let Some(found) = found else {
        (state.list.cursor, state.list.cursor_line) = (None, 0);
        return before.is_some();
    };
    state.list.cursor = state.list.row_at(found);
    state.list.cursor_line = found;
    let moved = state.list.cursor != before;
    if moved {
        state.viewer.scroll = 0;
    }
    keep_in_view(state);
    moved
}

/// Puts the cursor on a row, if the list shows it.
pub(super) fn go_to(state: &mut State, key: AssignmentKey) -> bool {
    match line_of(state, key) {
        Some(line) => go_to_line(state, line, true),
        None => false,
    }
}

/// Turns the pages so that every cursor is on the screen. A pane that is not shown keeps its page.
pub(super) fn keep_in_view(state: &mut State) {
    let layout = state.layout();
    if layout.list.is_some() {
        keep_row_in_view(&mut state.list, layout.lines(Pane::List));
    }
    if layout.hits.is_some() {
        turn(&mut state.tree.offset, state.tree.cursor, layout.lines(Pane::Hits));
    }
    super::people::keep_in_view(state, layout.lines(Pane::Workers));
    super::quals::keep_in_view(state);
    super::batches::keep_in_view(state);
    if layout.activity.is_some() {
        turn(&mut state.activity.offset, state.activity.cursor, layout.lines(Pane::Activity));
    }
}

fn keep_row_in_view(list: &mut List, page: usize) {
    let heading = |line: usize| line > 0 && matches!(list.lines.get(line - 1), Some(Line::Group(_)));
    if list.cursor_line < list.offset {
        list.offset = (list.cursor_line + 1).saturating_sub(page);
    } else if list.cursor_line >= list.offset + page {
        // The heading of the first row comes along, so that one can see what the rows share.
        let with_heading = usize::from(page > 1 && heading(list.cursor_line));
        list.offset = list.cursor_line - with_heading;
    }
    if list.cursor_line == 1 && list.offset == 1 && page > 1 && heading(1) {
        list.offset = 0;
    }
    // The last page is a full one.
    list.offset = list.offset.min(list.lines.len().saturating_sub(page.max(1)));
}

/// Turns the page of a plain list.
pub(super) fn turn(offset: &mut usize, cursor: usize, page: usize) {
    if cursor < *offset {
        *offset = (cursor + 1).saturating_sub(page);
    } else if cursor >= *offset + page.max(1) {
        *offset = cursor;
    }
}

/// A step of the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// So many lines down, or up when negative.
    Lines(isize),
    /// Half a page down, or up.
    Half(bool),
    /// A page down, or up.
    Page(bool),
    /// To the first line.
    Top,
    /// To the last line.
    Bottom,
}

/// Moves the cursor of the focused list.
pub(super) fn step(state: &mut State, step: Step) {
    let page = state.layout().lines(state.focus);
    match state.focus {
        Pane::List | Pane::Viewer => step_list(state, step, page),
        Pane::Hits => {
            let count = state.tree.nodes.len();
            state.tree.cursor = target(step, state.tree.cursor, count, page);
        }
        Pane::Workers => super::people::step(state, step, page),
        Pane::Types | Pane::TypeTab => super::quals::step(state, step, page),
        Pane::Batches | Pane::BatchPage => super::batches::step(state, step, page),
        Pane::Activity => super::activity::step(state, step, page),
    }
}

fn step_list(state: &mut State, step: Step, page: usize) {
    let count = state.list.lines.len();
    if count == 0 {
        return;
    }
    if let Step::Page(down) = step {
        // A page is turned as a whole, and the cursor keeps its place on it as far as it can.
        let last = count - 1;
        let from = state.list.offset;
        let to = if down { from + page } else { from.saturating_sub(page) };
        if down && to <= last {
            state.list.offset = to;
            go_to_line(state, to, true);
            return;
        }
        if !down && from > 0 {
            state.list.offset = to;
            go_to_line(state, (to + page - 1).min(last), false);
            return;
        }
    }
    let line = target(step, state.list.cursor_line, count, page);
    let down = line >= state.list.cursor_line;
    go_to_line(state, line, down);
}

/// The line that a step leads to.
pub(super) fn target(step: Step, from: usize, count: usize, page: usize) -> usize {
    let last = count.saturating_sub(1);
    let half = (page / 2).max(1);
    match step {
        Step::Lines(by) => from.saturating_add_signed(by).min(last),
        Step::Half(true) => (from + half).min(last),
        Step::Half(false) => from.saturating_sub(half),
        Step::Page(true) => (from + page).min(last),
        Step::Page(false) => from.saturating_sub(page),
        Step::Top => 0,
        Step::Bottom => last,
    }
}

/// Where a move to an undecided row ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moved {
    /// In the direction asked for.
    On,
    /// Past the end of the list, at its other end.
    Around,
    /// Nowhere: no other row is undecided.
    Not,
}

/// Moves to the next row that nobody has decided: below, else from the top.
pub(super) fn next_open(state: &mut State) -> Moved {
    let from = state.list.cursor_line;
    move_to(state, state.list.open.next(from + 1).or_else(|| state.list.open.next(0)), true)
}

/// Moves to the previous row that nobody has decided: above, else from the end.
pub(super) fn previous_open(state: &mut State) -> Moved {
    let (from, end) = (state.list.cursor_line, state.list.lines.len());
    move_to(state, state.list.open.previous(from).or_else(|| state.list.open.previous(end)), false)
}

fn move_to(state: &mut State, line: Option<usize>, down: bool) -> Moved {
    let from = state.list.cursor_line;
    match line {
        Some(line) if line != from => {
            go_to_line(state, line, down);
            if (line > from) == down { Moved::On } else { Moved::Around }
        }
        _ => Moved::Not,
    }
}
