//! The last lines: what was last said, the keys that work now, and what a deciding key would act on.

use super::paint::Painter;
use super::theme::Role;
use crate::app::batches::Tab as BatchTab;
use crate::app::command::{COMMANDS, CommandId, CommandSpec, enabled};
use crate::app::decide;
use crate::app::event::Level;
use crate::app::format;
use crate::app::layout::{Area, Layout, Pane, THREE_PANES};
use crate::app::overlay::Overlay;
use crate::app::state::State;
use crate::domain::text::SafeText;

/// Draws notice and keys. In low windows a notice takes the place of the keys until the next key.
pub fn draw(p: &mut Painter<'_>, state: &State, layout: &Layout) {
    if let Some(overlay) = &state.overlay {
        return beside(p, state, layout, overlay);
    }
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
    let taken = if reserved > 0 { reserved + 3 } else { 0 };
    keys(p, state, Area { width: area.width.saturating_sub(taken), ..area });
}

/// While something lies over the panes, the keys go there; help explains the command under its cursor, and what the table of
/// requirements did is said.
fn beside(p: &mut Painter<'_>, state: &State, layout: &Layout, overlay: &Overlay) {
    if let (Some(area), Overlay::Help(help)) = (layout.notice, overlay)
        && let Some(item) = help.items.get(help.cursor)
    {
        let words = SafeText::line(item.command.spec().help);
        p.safe(area.x + 1, area.y, area.width.saturating_sub(2), &words, Role::Text);
    }
    if let (Some(area), Overlay::Requirements(_)) = (layout.notice, overlay) {
        say(p, state, area);
    }
    let area = layout.footer;
    let mut x = area.x + 1;
    let mut key = |key: &str, label: &str| {
        let room = (area.x + area.width).saturating_sub(x);
        if usize::from(room) > key.len() + label.len() {
            x += p.text(x, area.y, room, key, Role::Key) + 1;
            x += p.text(x, area.y, room, label, Role::Text) + 2;
        }
    };
    if let Overlay::Ask(ask) = overlay {
        for answer in &ask.answers {
            key(answer.key.encode_utf8(&mut [0; 4]), answer.label);
        }
    }
    let keys: &[(&str, &str)] = match overlay {
        Overlay::Help(_) => &[("enter", "run"), ("j", "down"), ("k", "up"), ("esc", "close")],
        Overlay::Palette(_) => {
            &[("enter", "run"), ("tab", "complete"), ("down", "next"), ("up", "previous"), ("esc", "close")]
        }
        Overlay::TypeForm(form) if form.typing.is_some() && form.from_file => {
            &[("enter", "read the file"), ("esc", "leave it as it was")]
        }
        Overlay::TypeForm(form) if form.typing.is_some() => &[("enter", "take it"), ("esc", "leave it as it was")],
        Overlay::TypeForm(_) => &[
            ("enter", "change"),
            ("f", "file"),
            ("t", "try test"),
            ("x", "empty"),
            ("s", "show changes"),
            ("esc", "close"),
        ],
        Overlay::Tryout(test) if test.typing.is_some() => &[("enter", "take it"), ("esc", "leave it as it was")],
        Overlay::Tryout(_) => {
            &[("space", "answer"), ("x", "take back"), ("j", "down"), ("k", "up"), ("J", "scroll"), ("esc", "close")]
        }
        Overlay::Requirements(builder) if builder.typing.is_some() => {
            &[("enter", "take it"), ("tab", "complete"), ("esc", "leave it as it was")]
        }
        Overlay::Requirements(_) => &[
            ("enter", "change"),
            ("n", "new"),
            ("x", "remove"),
            ("h l", "column"),
            ("y", "copy"),
            ("b", "batch"),
            ("w", "write"),
            ("esc", "close"),
        ],
        Overlay::Chooser(_) => &[("enter", "choose"), ("j", "down"), ("k", "up"), ("esc", "close")],
        Overlay::Messages { .. } => &[("j", "older"), ("k", "newer"), ("esc", "close")],
        Overlay::Text { .. } => &[("esc", "close")],
        Overlay::Ask(_) | Overlay::Prompt(_) => &[],
    };
    for (name, label) in keys {
        key(name, label);
    }
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
    if matches!(state.focus, Pane::Batches | Pane::BatchPage) {
        return on_batches(state);
    }
    if state.focus == Pane::Workers {
        return on_workers(state);
    }
    if state.focus != Pane::List && state.focus != Pane::Viewer {
        return (String::new(), Role::Quiet);
    }
    if let Some(words) = state.progress() {
        return (words, Role::Accent);
    }
    let list = &state.list;
    let hidden = match list.marks_hidden() {
        0 => String::new(),
        hidden => format!(", {} hidden", format::count(hidden)),
    };
    if list.anchor.is_some() {
        let on = if state.size.0 < 60 { "" } else { "on " };
        let rows = decide::range(state).into_iter().flatten().filter_map(|line| list.row_at(line));
        let count = list.marks_shown + rows.filter(|key| !list.marks.contains(key)).count();
        return (format!("{on}{} in range{hidden}", format::count(count)), Role::Mark);
    }
    match (list.marks_shown, list.cursor) {
        (0, None) => (String::new(), Role::Quiet),
        (0, Some(_)) if hidden.is_empty() && state.size.0 < 60 => (String::new(), Role::Quiet),
        (0, Some(_)) if hidden.is_empty() => ("on this one".to_owned(), Role::Quiet),
        (0, Some(_)) => (format!("on this one; 0 marked{hidden}"), Role::Mark),
        (shown, _) => {
            let on = if state.size.0 < 60 { "" } else { "on " };
            (format!("{on}{} marked{hidden}", format::count(shown)), Role::Mark)
        }
    }
}

/// Whom an action on workers would reach, where that is not simply the worker under the cursor.
fn on_workers(state: &State) -> (String, Role) {
    let workers = &state.people.workers;
    let hidden = match workers.marks_hidden() {
        0 => String::new(),
        hidden => format!(", {} hidden", format::count(hidden)),
    };
    if workers.page || (workers.marks.is_empty() && workers.anchor.is_none()) {
        return (String::new(), Role::Quiet);
    }
    let who = workers.who();
    let on = if state.size.0 < 60 { "" } else { "on " };
    match (who.marked, workers.anchor.is_some()) {
        (false, _) => (format!("{on}this one; 0 marked{hidden}"), Role::Mark),
        (true, true) => (format!("{on}{} in range{hidden}", format::count(who.ids.len())), Role::Mark),
        (true, false) => (format!("{on}{} marked{hidden}", format::count(who.ids.len())), Role::Mark),
    }
}

/// What an action on the Batches screen would act on, where that is more than what lies under the cursor.
fn on_batches(state: &State) -> (String, Role) {
    let batches = &state.batches;
    let on_hits = state.focus == Pane::BatchPage && batches.tab == BatchTab::Hits;
    let (keys, marked) = match on_hits {
        true => {
            let (keys, marked) = batches.hits.picks.targets(&batches.hits.lines, batches.hits.spot.cursor);
            (keys.len(), marked)
        }
        false if state.focus == Pane::Batches => {
            let (names, marked) = batches.picks.targets(batches.names(), batches.spot.cursor);
            (names.len(), marked)
        }
        false => (0, false),
    };
    if marked { (format!("on {} marked", format::count(keys)), Role::Mark) } else { (String::new(), Role::Quiet) }
}

fn keys(p: &mut Painter<'_>, state: &State, area: Area) {
    let mut wanted: Vec<(&CommandSpec, &str, String)> = COMMANDS
        .iter()
        .filter(|spec| spec.footer > 0 || (spec.id == CommandId::Back && state.focus == Pane::Activity))
        .filter(|spec| enabled(state, spec.id).is_ok())
        .filter_map(|spec| Some((spec, label(state, spec), key_words(&state.keymap.first(spec.id)?))))
        .filter(|(_, label, _)| !label.is_empty())
        .collect();
    // What stops something that runs stands first, then what decides, in the order of importance; help stands last and never
    // gives way.
    wanted.sort_by_key(|(spec, ..)| {
        (spec.id == CommandId::Help, spec.id != CommandId::StopPublishing, std::cmp::Reverse(spec.footer))
    });
    let cells = |(_, label, key): &(&CommandSpec, &str, String)| key.len() + label.len() + 3;
    while wanted.iter().map(cells).sum::<usize>() > usize::from(area.width) + 1 && wanted.len() > 1 {
        wanted.remove(wanted.len() - 2);
    }
    let mut x = area.x + 1;
    for (_, label, key) in &wanted {
        x += p.text(x, area.y, area.width, key, Role::Key) + 1;
        x += p.text(x, area.y, area.width, label, Role::Text) + 2;
    }
}

/// A command's label; the key to the next pane says which one that is.
fn label(state: &State, spec: &CommandSpec) -> &'static str {
    if spec.id == CommandId::Back {
        return "back";
    }
    if matches!(spec.id, CommandId::Message | CommandId::Block) && state.focus != Pane::Workers {
        // In Review they would take room from what decides about the work.
        return "";
    }
    if spec.id == CommandId::Unblock && !blocked(state) {
        return "";
    }
    if spec.id == CommandId::GrantWith && enabled(state, CommandId::Grant).is_ok() {
        // Where the key proposes a value, the shorter way stands there.
        return "";
    }
    if spec.id != CommandId::NextPane {
        return spec.short;
    }
    match state.focus {
        Pane::Activity => "next tab",
        Pane::Types | Pane::TypeTab | Pane::Batches | Pane::BatchPage => "next tab",
        Pane::Workers => "",
        Pane::Hits => "list",
        Pane::List if state.size.0 >= THREE_PANES => "viewer",
        Pane::List | Pane::Viewer => "HITs",
    }
}

/// Whether the worker under the cursor of the Workers screen is blocked.
fn blocked(state: &State) -> bool {
    state.focus == Pane::Workers && state.people.workers.current().is_some_and(|one| one.blocked)
}

/// A key for people: `<space>` reads `space`.
pub fn key_words(key: &str) -> String {
    match key.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        Some(name) if !name.is_empty() && name != "<" => name.to_owned(),
        _ => key.to_owned(),
    }
}
