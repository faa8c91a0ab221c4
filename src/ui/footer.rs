//! The last lines: what was last said, the keys that work now, and what a deciding key would act on.

use super::paint::Painter;
use super::theme::Role;
use crate::app::command::{COMMANDS, CommandSpec, enabled};
use crate::app::event::Level;
use crate::app::format;
use crate::app::layout::{Area, Layout, Pane};
use crate::app::state::State;
use crate::domain::text::SafeText;

/// Draws notice and keys. In low windows a notice takes the place of the keys until the next key.
pub fn draw(p: &mut Painter<'_>, state: &State, layout: &Layout) {
    let notice = state.notices.current();
    match (layout.notice, notice) {
        (Some(area), Some(_)) => say(p, state, area),
        (None, Some(_)) => return say(p, state, layout.footer),
        _ => {}
    }
    let area = layout.footer;
    let (target, role) = target(state);
    let reserved = target.len() as u16;
    p.right(area.x, area.y, area.width - 1, &target, role);
    keys(p, state, Area { width: area.width.saturating_sub(reserved + 3), ..area });
}

fn say(p: &mut Painter<'_>, state: &State, area: Area) {
    let Some(notice) = state.notices.current() else { return };
    let (sign, role) = match notice.level {
        Level::Info => ("", Role::Text),
        Level::Warning => ("! ", Role::Warn),
        Level::Error => ("! ", Role::Bad),
    };
    let x = area.x + 1;
    let used = p.text(x, area.y, area.width, sign, role);
    p.safe(x + used, area.y, area.width.saturating_sub(used + 2), &SafeText::line(&notice.text), role);
}

/// What a deciding key would act on.
fn target(state: &State) -> (String, Role) {
    if state.focus != Pane::List && state.focus != Pane::Viewer {
        return (String::new(), Role::Quiet);
    }
    let list = &state.list;
    let hidden = match list.marks_hidden() {
        0 => String::new(),
        hidden => format!(", {} hidden", format::count(hidden)),
    };
    match (list.marks_shown, list.cursor) {
        (0, None) => (String::new(), Role::Quiet),
        (0, Some(_)) if hidden.is_empty() => ("on this one".to_owned(), Role::Quiet),
        (0, Some(_)) => (format!("on this one; 0 marked{hidden}"), Role::Mark),
        (shown, _) => (format!("on {} marked{hidden}", format::count(shown)), Role::Mark),
    }
}

fn keys(p: &mut Painter<'_>, state: &State, area: Area) {
    let mut wanted: Vec<(&CommandSpec, String)> = COMMANDS
        .iter()
        .filter(|spec| spec.footer > 0 && enabled(state, spec.id).is_ok())
        .filter_map(|spec| Some((spec, key_words(&state.keymap.first(spec.id)?))))
        .collect();
    let cells = |spec: &CommandSpec, key: &str| key.len() + spec.short.len() + 3;
    // The least important go first; what stays keeps the order of the table.
    while wanted.iter().map(|(spec, key)| cells(spec, key)).sum::<usize>() > usize::from(area.width) {
        let Some(least) = wanted.iter().rev().map(|(spec, _)| spec.footer).min() else { break };
        let Some(at) = wanted.iter().rposition(|(spec, _)| spec.footer == least) else { break };
        wanted.remove(at);
    }
    let mut x = area.x + 1;
    for (spec, key) in &wanted {
        x += p.text(x, area.y, area.width, key, Role::Key) + 1;
        x += p.text(x, area.y, area.width, spec.short, Role::Text) + 2;
    }
}

/// A key for people: `<space>` reads `space`.
pub fn key_words(key: &str) -> String {
    match key.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        Some(name) if !name.is_empty() && name != "<" => name.to_owned(),
        _ => key.to_owned(),
    }
}
