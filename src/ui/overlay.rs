//! What lies over the panes: a frame with a heading, and one view for each kind of content.

mod commands;
pub mod prompt;

use super::footer::key_words;
use super::paint::Painter;
use super::theme::Role;
use crate::app::event::Level;
use crate::app::format;
use crate::app::layout::Area;
use crate::app::options::Danger;
use crate::app::overlay::{Ask, AskKind, Chooser, Overlay};
use crate::app::state::State;
use crate::domain::text::SafeText;
use ratatui::layout::Rect;

/// Where the overlay lies.
pub fn area(state: &State, overlay: &Overlay) -> Area {
    overlay.area(state.size.0, state.size.1, state.notices.history().len())
}

/// Draws the overlay over what is there.
pub fn draw(p: &mut Painter<'_>, state: &State, overlay: &Overlay) {
    let area = area(state, overlay);
    p.clear(Rect::new(area.x, area.y, area.width, area.height));
    if let Overlay::Prompt(prompt) = overlay {
        return prompt::draw(p, area, state.size.1, prompt);
    }
    let (title, role) = heading(state, overlay);
    frame(p, area, &title, role);
    let inner = inner(area);
    match overlay {
        Overlay::Help(help) => commands::help(p, inner, help),
        Overlay::Palette(palette) => commands::palette(p, inner, palette),
        Overlay::Ask(ask) => question(p, inner, ask),
        Overlay::Chooser(chooser) => choices(p, inner, chooser),
        Overlay::TypeForm(form) => super::quals_form::draw(p, inner, form),
        Overlay::Tryout(test) => super::quals_try::draw(p, inner, test),
        Overlay::Requirements(builder) => super::quals_require::draw(p, state, inner, builder),
        Overlay::Messages { offset } => messages(p, state, inner, *offset),
        Overlay::Text { lines, .. } => text(p, inner, lines),
        Overlay::Prompt(_) => {}
    }
}

/// What is inside a frame.
pub fn inner(area: Area) -> Area {
    Area { x: area.x + 2, y: area.y + 1, width: area.width.saturating_sub(4), height: area.height.saturating_sub(2) }
}

fn heading(state: &State, overlay: &Overlay) -> (SafeText, Role) {
    let danger = state.env.danger == Danger::RealMoney;
    match overlay {
        Overlay::Help(_) => (SafeText::line("What works here: Enter runs it, Esc closes"), Role::Title),
        Overlay::Palette(_) => (SafeText::line("Commands"), Role::Title),
        Overlay::Ask(Ask { kind: AskKind::Money(_) | AskKind::Block(..) | AskKind::Exclude(_), title, .. })
            if danger =>
        {
            (SafeText::line(&format!("REAL MONEY: {title}")), Role::Danger)
        }
        Overlay::Ask(ask) => (SafeText::line(&ask.title), Role::Title),
        Overlay::Chooser(chooser) => (SafeText::line(chooser.title), Role::Title),
        Overlay::TypeForm(form) => match &form.of {
            Some(it) => (SafeText::line(&format!("Qualification type {}", it.name)), Role::Title),
            None => (SafeText::line("New qualification type"), Role::Title),
        },
        Overlay::Tryout(test) => (SafeText::line(&test.heading()), Role::Title),
        Overlay::Requirements(_) => (SafeText::line("Requirements: who may work on a HIT"), Role::Title),
        Overlay::Messages { .. } => (SafeText::line("Messages, newest first"), Role::Title),
        Overlay::Text { title, .. } => (SafeText::line(title), Role::Title),
        Overlay::Prompt(prompt) => (SafeText::line(&prompt.label), Role::Title),
    }
}

/// A frame of one cell with the heading in its first line; without lines in a theme without frames.
fn frame(p: &mut Painter<'_>, area: Area, title: &SafeText, role: Role) {
    let (right, bottom) = (area.x + area.width.saturating_sub(1), area.y + area.height.saturating_sub(1));
    p.horizontal(area.x, area.y, area.width);
    p.horizontal(area.x, bottom, area.width);
    p.vertical(area.x, area.y, area.height);
    p.vertical(right, area.y, area.height);
    if p.theme.glyphs.frames {
        let edge = p.edge;
        for (x, y, corner) in [(area.x, area.y, "┌"), (right, area.y, "┐"), (area.x, bottom, "└"), (right, bottom, "┘")]
        {
            p.text(x, y, 1, corner, edge);
        }
    }
    let x = area.x + 2;
    p.text(x, area.y, 1, " ", Role::Text);
    let used = p.safe(x + 1, area.y, area.width.saturating_sub(6), title, role);
    p.text(x + 1 + used, area.y, 1, " ", Role::Text);
}

fn question(p: &mut Painter<'_>, area: Area, ask: &Ask) {
    let bottom = area.y + area.height;
    let room = Overlay::question_lines(area.height + 2, ask);
    let mut y = area.y;
    for line in ask.lines.iter().skip(ask.offset).take(room) {
        p.safe(area.x, y, area.width, &SafeText::line(line), Role::Text);
        y += 1;
    }
    // The answers stay in view, however many lines are above them.
    y = (y + 1).min(bottom.saturating_sub(ask.answers.len() as u16)).max(area.y);
    if ask.lines.len() > room {
        let (count, last) = (format::count(ask.lines.len()), (ask.offset + room).min(ask.lines.len()));
        let words = format!("{}-{last} of {count} lines; the arrows scroll", ask.offset + 1);
        p.right(area.x, y.saturating_sub(1).max(area.y), area.width, &words, Role::Quiet);
    }
    let last = ask.answers.len().saturating_sub(1);
    for (index, answer) in ask.answers.iter().enumerate() {
        if y >= bottom {
            break;
        }
        p.text(area.x, y, 3, answer.key.encode_utf8(&mut [0; 4]), Role::Key);
        let used = p.text(area.x + 3, y, area.width.saturating_sub(3), answer.label, Role::Text);
        if index == last {
            p.text(area.x + 5 + used, y, area.width.saturating_sub(5 + used), "(also Esc)", Role::Quiet);
        }
        y += 1;
    }
}

fn choices(p: &mut Painter<'_>, area: Area, chooser: &Chooser) {
    // A list of things to do has nothing that is in force.
    let chooses = chooser.items.iter().any(|item| item.checked);
    let label = if chooser.many || chooses { 9 } else { 5 };
    for (y, (index, item)) in (area.y..area.y + area.height).zip(chooser.items.iter().enumerate()) {
        if index == chooser.cursor {
            p.text(area.x, y, 1, ">", Role::Text);
        }
        p.text(area.x + 2, y, 1, item.key.encode_utf8(&mut [0; 4]), Role::Key);
        let (sign, role) = match (item.checked, chooser.many) {
            _ if !chooser.many && !chooses => ("", Role::Text),
            (true, true) => ("[x]", Role::Strong),
            (false, true) => ("[ ]", Role::Text),
            (true, false) => ("(*)", Role::Strong),
            (false, false) => ("( )", Role::Text),
        };
        p.text(area.x + 5, y, 3, sign, role);
        let used = p.safe(area.x + label, y, area.width.saturating_sub(label), &SafeText::line(&item.label), role);
        if index == chooser.cursor {
            p.over(area.x, y, label + used, Role::Cursor);
        }
    }
}

fn messages(p: &mut Painter<'_>, state: &State, area: Area, offset: usize) {
    if state.notices.history().len() == 0 {
        p.text(area.x, area.y, area.width, "Nothing was said yet.", Role::Quiet);
    }
    let (mut y, bottom) = (area.y, area.y + area.height);
    for notice in state.notices.history().skip(offset) {
        if y >= bottom {
            break;
        }
        let (sign, role) = match notice.level {
            Level::Info => ("  ", Role::Text),
            Level::Warning => ("! ", Role::Warn),
            Level::Error => ("! ", Role::Bad),
        };
        p.text(area.x, y, 8, &format::clock_seconds(notice.at, state.options.zone), Role::Quiet);
        let x = area.x + 10;
        let begin = x + p.text(x, y, 2, sign, role);
        let times = if notice.times > 1 { format!("  {} times", notice.times) } else { String::new() };
        let room = (area.x + area.width).saturating_sub(begin + times.len() as u16);
        let mut end = begin;
        // Read whole here: the notice line cuts what is long.
        for part in SafeText::line(&notice.text).wrap(room.into()) {
            if y < bottom {
                end = begin + p.safe(begin, y, room, &part, role);
            }
            y += 1;
        }
        p.text(end, y.saturating_sub(1).min(bottom - 1), times.len() as u16, &times, Role::Quiet);
    }
}

fn text(p: &mut Painter<'_>, area: Area, lines: &[String]) {
    let wrapped = lines.iter().flat_map(|line| SafeText::line(line).wrap(area.width.into()));
    for (y, line) in (area.y..area.y + area.height).zip(wrapped) {
        p.safe(area.x, y, area.width, &line, Role::Text);
    }
}

/// Several keys for people: `<space> x` reads `space x`.
fn keys_words(keys: &str) -> String {
    keys.split(' ').map(key_words).collect::<Vec<_>>().join(" ")
}
