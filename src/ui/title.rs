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
        60..100 => 23,
        _ => 46,
    };
    left(p, state, Area { width: area.width - reserved, ..area });
    right(p, state, Area { x: area.x + area.width - reserved, width: reserved, ..area });
}

fn left(p: &mut Painter<'_>, state: &State, area: Area) {
    let env = &state.env;
    let part = |text: &str, role| Part { text: SafeText::line(text), role };
    let (chip, chip_role) = match env.danger {
        _ if env.is_offline() => ("offline", Role::Play),
        Danger::RealMoney => (" REAL MONEY ", Role::Danger),
        Danger::Play => ("play money", Role::Play),
    };
    let wide = area.width >= 74;
    let mut x = area.x + 1;
    if wide {
        x += p.text(x, area.y, 7, "hitdeck", Role::Quiet) + 2;
    }
    // An endpoint that nobody has named goes by its host, which stands there anyway.
    let name = env.name.strip_prefix("offline:").unwrap_or(&env.name);
    if !env.name.contains(&env.host.replace(':', "-")) {
        x += p.safe(x, area.y, area.width / 3, &SafeText::line(name), Role::Strong) + 1;
    }
    x += p.text(x, area.y, (area.x + area.width).saturating_sub(x), chip, chip_role) + 2;
    let mut before = Vec::with_capacity(2);
    if state.options.read_only {
        before.push(part("read-only", Role::Warn));
    }
    let mut after = Vec::with_capacity(3);
    if let Some(balance) = state.balance {
        after.push(part(&balance.display(), Role::Text));
    }
    if let Some((text, role)) = age(state, wide) {
        // Old data is a warning: it goes last.
        let at = if role == Role::Warn { 0 } else { after.len() };
        after.insert(at, part(&text, role));
    }
    if let (true, Some(profile)) = (wide, &env.profile) {
        after.push(part(profile, Role::Quiet));
    }
    // Every part is followed by two blanks; one of the last two lies before the right half.
    let end = area.x + area.width;
    let room = usize::from(end.saturating_sub(x)) + 1;
    let cells = |parts: &[Part]| parts.iter().map(|part| part.text.width() + 2).sum::<usize>();
    let host = SafeText::line(&env.host);
    let least = host.width().min(LEAST_HOST) + 2;
    // Where money is real, its place is worth more than the age of the data and the profile.
    let first = if env.danger == Danger::RealMoney || state.sync.stale_since.is_some() { 1 } else { 0 };
    while after.len() > first && cells(&before) + cells(&after) + least > room {
        after.pop();
    }
    let left_over = room.saturating_sub(cells(&before) + cells(&after));
    if left_over >= least {
        // A port at the end says more than the middle; of a long name the beginning does.
        let text = if env.host.contains(':') { host.shorten(left_over - 2) } else { host.clip(left_over - 2) };
        before.push(Part { text, role: Role::Quiet });
    }
    for part in before.into_iter().chain(after) {
        x += p.safe(x, area.y, end.saturating_sub(x), &part.text, part.role) + 2;
    }
}

/// How old the data is, to the minute: nothing here changes more often.
fn age(state: &State, wide: bool) -> Option<(String, Role)> {
    let zone = state.options.zone;
    if let Some(since) = state.sync.stale_since {
        let words = if wide { "stale since" } else { "stale" };
        return Some((format!("{words} {}", format::clock(since, zone)), Role::Warn));
    }
    match (&state.sync.state, state.sync.as_of) {
        (_, Some(at)) => Some((format!("as of {}", format::clock(at, zone)), Role::Quiet)),
        (Some(SyncState::Running { .. }), None) => Some(("first read".to_owned(), Role::Quiet)),
        _ => None,
    }
}

/// What has not been sent. Where not all of it fits, the more urgent stays.
fn right(p: &mut Painter<'_>, state: &State, area: Area) {
    let outbox = &state.outbox;
    let part = |stage: Stage, role| {
        let count = outbox.count(stage);
        (count > 0).then(|| (format!("{} {}", format::count(count), stage.title()), role))
    };
    let staged = part(Stage::Staged, Role::Warn).map(|(text, role)| {
        let seconds = state.next_due().map(|due| due.since(state.now.wall).max(0).div_euclid(1_000) + 1);
        match seconds {
            Some(seconds) if area.width >= 40 => (format!("{text}, sending in {seconds} s"), role),
            Some(seconds) => (format!("{text} {seconds} s"), role),
            None => (text, role),
        }
    });
    let sending = part(Stage::Sending, Role::Text);
    let unknown = part(Stage::Unknown, Role::Warn);
    let failed = part(Stage::Failed, Role::Bad);
    let publishing = state.batches.running.as_ref().map(|running| (running.words(), Role::Accent));
    // From the right edge inwards, so that a failure has the same place whether or not something is staged.
    let shown = [failed, staged, unknown, publishing, sending];
    let mut end = area.x + area.width;
    for (text, role) in shown.into_iter().flatten() {
        let cells = text.len() as u16;
        if end < area.x + cells {
            break;
        }
        p.text(end - cells, area.y, cells, &text, role);
        end = (end - cells).saturating_sub(2);
    }
}
