//! The title bar: where the desk is, how dangerous that is, how old the data is, and what has not been sent.

use super::paint::Painter;
use super::theme::Role;
use crate::app::event::SyncState;
use crate::app::format;
use crate::app::layout::Area;
use crate::app::options::Danger;
use crate::app::outbox::Stage;
use crate::app::state::State;
use crate::domain::text::SafeText;

/// Narrower hosts say nothing.
const LEAST_HOST: usize = 12;

/// A piece of the left half.
struct Part {
    text: SafeText,
    role: Role,
}

/// Draws the bar.
pub fn draw(p: &mut Painter<'_>, state: &State, area: Area) {
    // The right half has a fixed width, so that nothing on the left moves when decisions come and go.
    let reserved = match area.width {
        0..60 => 14,
        60..100 => 24,
        _ => 46,
    };
    left(p, state, Area { width: area.width - reserved, ..area });
    right(p, state, area);
}

fn left(p: &mut Painter<'_>, state: &State, area: Area) {
    let env = &state.env;
    let part = |text: &str, role| Part { text: SafeText::line(text), role };
    let (chip, chip_role) = match env.danger {
        Danger::RealMoney => (" REAL MONEY ", Role::Danger),
        Danger::Play => ("play money", Role::Play),
    };
    let wide = area.width >= 100;
    let mut before = Vec::with_capacity(3);
    if area.width >= 74 {
        before.push(part("hitdeck", Role::Quiet));
    }
    before.push(part(&env.name, Role::Strong));
    before.push(part(chip, chip_role));
    if state.options.read_only {
        before.push(part("read-only", Role::Warn));
    }
    let mut after = Vec::with_capacity(3);
    if let Some(balance) = state.balance {
        after.push(part(&balance.display(), Role::Text));
    }
    if let Some((text, role)) = age(state) {
        after.push(part(&text, role));
    }
    if let (true, Some(profile)) = (wide, &env.profile) {
        after.push(part(profile, Role::Quiet));
    }
    // Every part is followed by two blanks; those of the last one lie before the right half.
    let room = usize::from(area.width);
    let cells = |parts: &[Part]| parts.iter().map(|part| part.text.width() + 2).sum::<usize>();
    while !after.is_empty() && cells(&before) + cells(&after) > room {
        after.pop();
    }
    let host = SafeText::line(&env.host);
    let left_over = room.saturating_sub(cells(&before) + cells(&after));
    if left_over >= LEAST_HOST.min(host.width()) + 2 {
        before.push(Part { text: host.shorten(left_over - 2), role: Role::Quiet });
    }
    let mut x = area.x + 1;
    for part in before.into_iter().chain(after) {
        x += p.safe(x, area.y, (area.x + area.width).saturating_sub(x), &part.text, part.role) + 2;
    }
}

/// How old the data is, to the minute: nothing here changes more often.
fn age(state: &State) -> Option<(String, Role)> {
    let zone = state.options.zone;
    if let Some(since) = state.sync.stale_since {
        return Some((format!("stale since {}", format::clock(since, zone)), Role::Warn));
    }
    match (&state.sync.state, state.sync.as_of) {
        (_, Some(at)) => Some((format!("as of {}", format::clock(at, zone)), Role::Quiet)),
        (Some(SyncState::Running { .. }), None) => Some(("first read".to_owned(), Role::Quiet)),
        _ => None,
    }
}

fn right(p: &mut Painter<'_>, state: &State, area: Area) {
    let wide = area.width >= 100;
    let mut parts: Vec<(String, Role)> = Vec::with_capacity(4);
    let outbox = &state.outbox;
    let count = |stage| outbox.count(stage);
    if count(Stage::Staged) > 0 {
        let staged = format::count(count(Stage::Staged));
        let seconds = outbox.next_due().map(|due| due.since(state.now.wall).max(0).div_euclid(1_000) + 1);
        parts.push(match seconds {
            Some(seconds) if wide => (format!("{staged} staged, sending in {seconds} s"), Role::Warn),
            Some(seconds) => (format!("{staged} staged, {seconds} s"), Role::Warn),
            None => (format!("{staged} staged"), Role::Warn),
        });
    }
    for (stage, role) in [(Stage::Sending, Role::Text), (Stage::Unknown, Role::Warn), (Stage::Failed, Role::Bad)] {
        if count(stage) > 0 {
            parts.push((format!("{} {}", format::count(count(stage)), stage.title()), role));
        }
    }
    let mut end = area.x + area.width - 1;
    let least = area.x + area.width / 2;
    // From the right edge inwards, so that a failure has the same place whether or not something is staged.
    for (text, role) in parts.iter().rev() {
        let cells = text.len() as u16;
        if end < least + cells {
            break;
        }
        p.text(end - cells, area.y, cells, text, *role);
        end -= cells + 2;
    }
}
