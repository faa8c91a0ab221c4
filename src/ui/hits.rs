//! The HIT list: all work, then batches with their progress, each with its HITs where it is unfolded.

use super::paint::Painter;
use super::theme::Role;
use crate::app::counts::Counts;
use crate::app::format;
use crate::app::layout::{Area, Pane};
use crate::app::state::State;
use crate::app::tree::Node;
use crate::domain::hit::HitStatus;
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
    let nodes = state.tree.nodes.iter().enumerate().skip(state.tree.offset).take(body.height.into());
    for (y, (index, node)) in (body.y..).zip(nodes) {
        let line = Area { y, height: 1, ..body };
        let name = match *node {
            Node::All => {
                p.text(line.x + 2, y, line.width, "All work", Role::Text);
                progress(p, state, line, state.model.totals());
                8
            }
            Node::Batch(batch) => match state.model.batches().get(batch) {
                Some(batch) => {
                    let glyphs = &p.theme.glyphs;
                    let fold = if state.tree.unfolded.contains(&batch.name) { glyphs.open } else { glyphs.closed };
                    p.text(line.x + 2, y, 1, fold.encode_utf8(&mut [0; 4]), Role::Quiet);
                    let room = progress(p, state, line, batch.counts).saturating_sub(5);
                    2 + p.safe(line.x + 4, y, room, &SafeText::line(&batch.name), Role::Text)
                }
                None => 0,
            },
            Node::Hit(key) => match state.model.hit(key) {
                Some(hit) => {
                    let counts = state.model.hit_counts(key);
                    let role = if hit.status == HitStatus::Disposed { Role::Quiet } else { Role::Text };
                    let id = SafeText::line(hit.id.as_str()).shorten(11);
                    p.safe(line.x + 4, y, 11, &id, role);
                    let done = format!("{} of {}", counts.decided(), hit.max_assignments);
                    p.right(line.x + 15, y, 10, &done, Role::Quiet);
                    deadline(p, state, line, counts);
                    13
                }
                None => 0,
            },
        };
        if index == state.tree.cursor {
            p.text(line.x, y, 1, ">", Role::Text);
            p.over(line.x, y, 2 + name, if focused { Role::Cursor } else { Role::Idle });
        }
    }
}

/// Where the share of decided work ends: before the time of the next auto-approval, where there is room for it.
const fn edge(line: Area) -> u16 {
    if line.width >= 44 { line.width - 11 } else { line.width - 1 }
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
