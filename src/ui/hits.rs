//! The HIT list: all work, then batches with their progress, each with its HITs where it is unfolded.

use super::paint::Painter;
use super::theme::Role;
use crate::app::counts::Counts;
use crate::app::format;
use crate::app::layout::{Area, Pane};
use crate::app::state::State;
use crate::app::tree::Node;
use crate::domain::hit::HitStatus;
use crate::domain::key::HitKey;
use crate::domain::text::SafeText;
use crate::domain::time::Seconds;

/// Draws the pane.
pub fn draw(p: &mut Painter<'_>, state: &State, area: Area) {
    let focused = state.focus == Pane::Hits;
    let head = area.head();
    p.text(head.x + 1, head.y, head.width, "HITs", if focused { Role::Title } else { Role::Quiet });
    let right = edge(head);
    p.right(head.x, head.y, right, "done", Role::Quiet);
    p.right(head.x, head.y, right.saturating_sub(6), "left", Role::Quiet);
    if right + 1 < head.width {
        p.right(head.x, head.y, head.width - 1, "next", Role::Quiet);
    }
    let body = area.body();
    let mut y = body.y;
    for (index, node) in state.tree.nodes.iter().enumerate().skip(state.tree.offset) {
        if y >= body.y + body.height {
            break;
        }
        let names = name(state, *node, body);
        let here = index == state.tree.cursor;
        for (at, text) in names.iter().enumerate() {
            let line = Area { y: y + at as u16, height: 1, ..body };
            let last = at + 1 == names.len();
            let used = match *node {
                Node::All => all(p, state, line, text),
                Node::Batch(batch) => batch_line(p, state, line, batch, text, (at == 0, last)),
                Node::Hit(key) => hit_line(p, state, line, key, text),
            };
            if here {
                p.over(line.x, line.y, 2 + used, if focused { Role::Cursor } else { Role::Idle });
            }
        }
        if here {
            p.text(body.x, y, 1, ">", Role::Text);
            p.over(body.x, y, 1, if focused { Role::Cursor } else { Role::Idle });
        }
        y += names.len() as u16;
    }
}

/// Lines that a name may take.
const NAME_LINES: usize = 3;
/// Cells before the name of a batch or a HIT.
const INDENT: u16 = 4;

/// A node's name as it stands in the pane. The names of batches are whole while there is room for all of them, so that
/// two batches of one project can be told apart; in a list that is longer than the pane every node is one line.
fn name(state: &State, node: Node, area: Area) -> Vec<SafeText> {
    let text = match node {
        Node::All => return vec![SafeText::line("All work")],
        Node::Hit(key) => {
            let id = state.model.hit(key).map(|hit| SafeText::line(hit.id.as_str()).shorten(11));
            return vec![id.unwrap_or_default()];
        }
        Node::Batch(at) => state.model.batches().get(at).map(|batch| SafeText::line(&batch.name)).unwrap_or_default(),
    };
    if has_room(state, area) { whole(&text, area) } else { vec![text] }
}

/// A name in as many lines as it needs, the last of them beside the numbers where it fits there.
fn whole(text: &SafeText, area: Area) -> Vec<SafeText> {
    let beside = usize::from(names_end(area).saturating_sub(INDENT));
    if text.width() <= beside {
        return vec![text.clone()];
    }
    let mut lines = text.wrap(area.width.saturating_sub(INDENT + 1).into());
    if lines.last().is_some_and(|line| line.width() > beside) {
        lines.push(SafeText::default());
    }
    if lines.len() > NAME_LINES {
        let rest = lines.split_off(NAME_LINES - 1);
        let words: Vec<&str> = rest.iter().map(SafeText::as_str).collect();
        lines.push(SafeText::line(&words.join(" ")));
    }
    lines
}

/// Whether all nodes are shown with their whole names.
fn has_room(state: &State, area: Area) -> bool {
    let (nodes, height) = (&state.tree.nodes, usize::from(area.height));
    if nodes.len() > height || state.tree.offset > 0 {
        return false;
    }
    let lines = |node: &Node| match *node {
        Node::Batch(at) => state.model.batches().get(at).map_or(1, |b| whole(&SafeText::line(&b.name), area).len()),
        Node::All | Node::Hit(_) => 1,
    };
    nodes.iter().map(lines).sum::<usize>() <= height
}

/// The line of the cursor, from the top of the pane's content.
pub fn cursor_line(state: &State, area: Area) -> Option<usize> {
    let before = state.tree.nodes.get(state.tree.offset..state.tree.cursor)?;
    Some(before.iter().map(|node| name(state, *node, area).len()).sum())
}

fn all(p: &mut Painter<'_>, state: &State, line: Area, text: &SafeText) -> u16 {
    progress(p, state, line, state.model.totals());
    p.safe(line.x + 2, line.y, line.width, text, Role::Text)
}

/// A line of a batch's name: a sign before the first, the numbers behind the last. Answers how many cells it took.
fn batch_line(p: &mut Painter<'_>, state: &State, line: Area, at: usize, text: &SafeText, ends: (bool, bool)) -> u16 {
    let Some(batch) = state.model.batches().get(at) else { return 0 };
    let (first, last) = ends;
    if first {
        let glyphs = &p.theme.glyphs;
        let fold = if state.tree.unfolded.contains(&batch.name) { glyphs.open } else { glyphs.closed };
        p.text(line.x + 2, line.y, 1, fold.encode_utf8(&mut [0; 4]), Role::Quiet);
    }
    let end =
        if last { progress(p, state, line, batch.counts).saturating_sub(1) } else { line.width.saturating_sub(1) };
    let used = p.safe(line.x + INDENT, line.y, end.saturating_sub(INDENT), text, Role::Text);
    if used > 0 { INDENT - 2 + used } else { 0 }
}

fn hit_line(p: &mut Painter<'_>, state: &State, line: Area, key: HitKey, text: &SafeText) -> u16 {
    let Some(hit) = state.model.hit(key) else { return 0 };
    let counts = state.model.hit_counts(key);
    let role = if hit.status == HitStatus::Disposed { Role::Quiet } else { Role::Text };
    let used = p.safe(line.x + INDENT, line.y, 11, text, role);
    let done = format!("{} of {}", counts.decided(), hit.max_assignments);
    p.right(line.x + 15, line.y, 10, &done, Role::Quiet);
    deadline(p, state, line, counts);
    INDENT - 2 + used
}

/// Where the share of decided work ends: before the time of the next auto-approval, where there is room for it.
const fn edge(line: Area) -> u16 {
    if line.width >= 44 { line.width - 11 } else { line.width - 1 }
}

/// Where the names beside the numbers of all work end: its numbers are the largest.
const fn names_end(line: Area) -> u16 {
    edge(line).saturating_sub(6 + 7)
}

/// What is left and the share that is done, and when the clock decides where there is room; answers where that begins.
fn progress(p: &mut Painter<'_>, state: &State, line: Area, counts: Counts) -> u16 {
    let right = edge(line);
    if right + 1 < line.width {
        deadline(p, state, line, counts);
    }
    let percent = (u64::from(counts.decided()) * 100).checked_div(u64::from(counts.total()));
    let percent = percent.map_or(String::new(), |percent| format!("{percent}%"));
    let left = format::count(counts.left() as usize);
    p.right(line.x, line.y, right, &percent, Role::Quiet);
    p.right(line.x, line.y, right.saturating_sub(6), &left, if counts.left() > 0 { Role::Text } else { Role::Quiet });
    right.saturating_sub(6 + left.len() as u16)
}

fn deadline(p: &mut Painter<'_>, state: &State, line: Area, counts: Counts) {
    if let Some(time) = counts.next.get() {
        let role = if time - state.now.time < Seconds::HOUR { Role::Warn } else { Role::Quiet };
        let text = format::until(time, state.now.time);
        if line.width >= 36 {
            p.right(line.x, line.y, line.width - 1, &text, role);
        } else {
            // Only the larger unit: "2 h".
            let units = text.match_indices(' ').nth(1).map_or(text.as_str(), |(cut, _)| &text[..cut]);
            p.right(line.x, line.y, line.width - 1, units, role);
        }
    }
}
