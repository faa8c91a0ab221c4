//! The Workers and Qualifications screens.

use super::paint::Painter;
use super::theme::Role;
use crate::app::format;
use crate::app::layout::Area;
use crate::app::people::Spot;
use crate::app::state::State;
use crate::domain::qualification::KnownType;
use crate::domain::text::SafeText;

/// Draws the list of workers.
pub fn workers(p: &mut Painter<'_>, state: &State, area: Area) {
    let count = format::count(state.people.workers.len());
    p.text(area.x + 1, area.y, area.width, &format!("Workers {count}"), Role::Title);
    let names = area.body().head();
    p.text(names.x + 2, names.y, 16, "worker", Role::Quiet);
    for (at, name) in ["sent", "approved", "rejected"].into_iter().enumerate() {
        p.text(names.x + 20 + 10 * at as u16, names.y, 10, &format!("{name:>9}"), Role::Quiet);
    }
    let body = area.body().body();
    for (y, key) in rows(body, state.people.worker, &state.people.workers) {
        let Some(id) = state.model.worker(*key) else { continue };
        let counts = state.model.record(*key).counts;
        p.safe(body.x + 2, y, 16, &SafeText::line(id.as_str()).shorten(16), Role::Text);
        for (at, count) in [counts.total(), counts.approved, counts.rejected].into_iter().enumerate() {
            let text = format!("{:>9}", format::count(count as usize));
            p.text(body.x + 20 + 10 * at as u16, y, 10, &text, Role::Text);
        }
        let blocked = state.people.known.as_ref().is_some_and(|known| known.blocks.contains_key(id));
        if blocked {
            p.text(body.x + 52, y, 8, "blocked", Role::Bad);
        }
    }
    cursor(p, body, state.people.worker, state.people.workers.len());
}

/// Draws the list of qualification types.
pub fn types(p: &mut Painter<'_>, state: &State, area: Area) {
    let known: &[KnownType] = state.people.known.as_ref().map_or(&[], |known| &known.types);
    p.text(area.x + 1, area.y, area.width, &format!("Qualification types {}", known.len()), Role::Title);
    let names = area.body().head();
    p.text(names.x + 2, names.y, 32, "name", Role::Quiet);
    p.text(names.x + 36, names.y, 30, &format!("{:>8}  {:>8}  status", "holders", "requests"), Role::Quiet);
    let body = area.body().body();
    for (y, one) in rows(body, state.people.kind, known) {
        p.safe(body.x + 2, y, 32, &SafeText::line(&one.it.name).shorten(32), Role::Text);
        let text = format!("{:>8}  {:>8}  {}", one.holders, one.requests, one.it.status.name());
        p.text(body.x + 36, y, 30, &text, Role::Text);
    }
    cursor(p, body, state.people.kind, known.len());
}

fn rows<T>(body: Area, spot: Spot, all: &[T]) -> impl Iterator<Item = (u16, &T)> {
    (body.y..body.y + body.height).zip(all.iter().skip(spot.offset))
}

fn cursor(p: &mut Painter<'_>, body: Area, spot: Spot, count: usize) {
    let at = spot.cursor.saturating_sub(spot.offset);
    if count > 0 && at < usize::from(body.height) {
        let y = body.y + at as u16;
        p.text(body.x, y, 1, ">", Role::Text);
        p.over(body.x, y, 18, Role::Cursor);
    }
}
