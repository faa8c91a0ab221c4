//! The viewer: scrolling that flows into the next row, and what has to be loaded for it.

use super::motion;
use crate::app::detail::Detail;
use crate::app::effect::Effect;
use crate::app::layout::Pane;
use crate::app::list::Line;
use crate::app::state::{Measured, State};
use crate::domain::key::{AssignmentKey, HitKey};
use std::collections::HashSet;
use std::sync::Arc;

/// So many rows after and before the cursor are loaded ahead, so that the next one is there when it is wanted.
const AHEAD: usize = 3;
/// Loaded assignments that are kept; an answer can be a megabyte.
const KEPT: usize = 32;

/// The length of the document in the viewer, in lines.
pub(super) fn length(state: &mut State) -> usize {
    let Some(key) = state.list.cursor else { return 0 };
    let width = state.layout().viewer.map_or(0, |area| area.width);
    let of = (key, width, state.viewer.raw);
    if let Some(measured) = state.measured.filter(|measured| measured.of == of) {
        return measured.lines;
    }
    let lines = state.document().map_or(0, |document| document.lines.len());
    state.measured = Some(Measured { of, lines });
    lines
}

/// Scrolls by lines; past the end the next row follows, before the beginning nothing does.
pub(super) fn scroll(state: &mut State, by: isize, flows: bool) -> bool {
    let page = state.layout().lines(Pane::Viewer);
    let last = length(state).saturating_sub(page);
    if by > 0 && state.viewer.scroll >= last {
        return flows && motion::go_to_line(state, state.list.cursor_line + 1, true);
    }
    state.viewer.scroll = state.viewer.scroll.saturating_add_signed(by).min(last);
    true
}

/// Scrolls by half pages or pages.
pub(super) fn scroll_page(state: &mut State, down: bool, half: bool) -> bool {
    let page = state.layout().lines(Pane::Viewer);
    // One line is kept, so that the eye finds where it was.
    let by = if half { (page / 2).max(1) } else { page.saturating_sub(1).max(1) } as isize;
    scroll(state, if down { by } else { -by }, true)
}

/// Scrolls to the top or to the end.
pub(super) fn scroll_to(state: &mut State, end: bool) {
    let page = state.layout().lines(Pane::Viewer);
    state.viewer.scroll = if end { length(state).saturating_sub(page) } else { 0 };
}

/// The rows around the cursor, the nearest first.
fn around(state: &State) -> Vec<AssignmentKey> {
    let at = state.list.cursor_line;
    let row = |line: Option<usize>| match state.list.lines.get(line?) {
        Some(Line::Row(key)) => Some(*key),
        _ => None,
    };
    let below = (1..=AHEAD).map(|by| row(Some(at + by)));
    state.list.cursor.into_iter().chain(below.chain([row(at.checked_sub(1))]).flatten()).collect()
}

/// Asks for what the viewer needs and does not have.
pub(super) fn ask_for_details(state: &mut State, fx: &mut Vec<Effect>) {
    let shown = state.layout().viewer.is_some() && !state.layout().too_small;
    let Some(cursor) = state.list.cursor.filter(|_| shown || state.wants_detail) else { return };
    let has = |key: &AssignmentKey| state.details.contains_key(key) && !state.outdated.contains(key);
    let missing: Vec<_> = around(state).into_iter().filter(|key| !has(key)).collect();
    // Rows ahead are worth a request only when they come along, or when the last one is about to be reached.
    let urgent = missing.contains(&cursor) || missing.len() > AHEAD / 2;
    if urgent && missing.iter().any(|key| !state.asked.contains(key)) {
        state.asked.clone_from(&missing);
        fx.push(Effect::LoadDetails(missing));
    }
}

/// Takes details in; forgets those far away.
pub(super) fn receive(state: &mut State, details: Vec<Detail>) {
    for detail in details {
        let key = detail.key;
        let same = state.details.get(&key).is_some_and(|known| **known == detail);
        state.outdated.remove(&key);
        state.asked.retain(|asked| *asked != key);
        if !same {
            state.details.insert(key, Arc::new(detail));
            if state.list.cursor == Some(key) {
                state.measured = None;
                let last = length(state).saturating_sub(state.layout().lines(Pane::Viewer));
                state.viewer.scroll = state.viewer.scroll.min(last);
                state.touch();
            }
        }
    }
    if state.details.len() > KEPT {
        let near: HashSet<_> = around(state).into_iter().collect();
        state.details.retain(|key, _| near.contains(key));
    }
    state.wants_detail = false;
}

/// What is loaded of these HITs may differ from what the endpoint now says: it is shown until it has been read again.
pub(super) fn outdate(state: &mut State, hits: &HashSet<HitKey>) {
    let of = |key: &AssignmentKey| state.model.row(*key).is_some_and(|row| hits.contains(&row.hit));
    let outdated: Vec<_> = state.details.keys().filter(|key| of(key)).copied().collect();
    state.asked.retain(|key| !outdated.contains(key));
    state.outdated.extend(outdated);
}
