//! Help and palette: commands with their keys, and why one does nothing now.

use super::super::paint::Painter;
use super::super::theme::Role;
use super::{keys_words, prompt};
use crate::app::layout::Area;
use crate::app::overlay::{Help, Palette};
use crate::domain::text::SafeText;

const KEYS: u16 = 14;

/// The help: every command that exists here.
pub fn help(p: &mut Painter<'_>, area: Area, help: &Help) {
    let visible = help.items.iter().enumerate().skip(help.offset);
    for (y, (index, item)) in (area.y..area.y + area.height).zip(visible) {
        let here = index == help.cursor;
        let spec = item.command.spec();
        line(p, Area { y, height: 1, ..area }, here, &item.keys, spec.title, item.disabled.as_ref().map(|why| &*why.0));
    }
}

/// The palette: what is typed, and the commands that fit.
pub fn palette(p: &mut Painter<'_>, area: Area, palette: &Palette) {
    p.text(area.x, area.y, 1, ":", Role::Accent);
    prompt::input(p, area.x + 1, area.y, area.width.saturating_sub(1), &palette.input, None);
    let mut top = area.y + 1;
    if let Some(error) = &palette.error {
        p.safe(area.x, top, area.width, &SafeText::line(error), Role::Bad);
        top += 1;
    }
    let visible = palette.items.iter().enumerate().skip(palette.offset);
    for (y, (index, item)) in (top..area.y + area.height).zip(visible) {
        let area = Area { y, height: 1, ..area };
        let title = if item.title.is_empty() { item.name.clone() } else { format!("{}: {}", item.name, item.title) };
        line(p, area, index == palette.cursor, &item.keys, &title, item.disabled.as_ref().map(|why| &*why.0));
    }
}

fn line(p: &mut Painter<'_>, area: Area, here: bool, keys: &str, title: &str, disabled: Option<&str>) {
    let (x, y) = (area.x, area.y);
    let role = if disabled.is_some() { Role::Quiet } else { Role::Text };
    if here {
        p.text(x, y, 1, ">", Role::Text);
    }
    p.text(x + 2, y, KEYS - 1, &keys_words(keys), if disabled.is_some() { Role::Quiet } else { Role::Key });
    let at = x + 2 + KEYS;
    let room = (area.x + area.width).saturating_sub(at);
    let used = p.safe(at, y, room, &SafeText::line(title), role);
    if let Some(why) = disabled {
        let why = SafeText::line(&format!("- {why}"));
        p.safe(at + used + 1, y, room.saturating_sub(used + 1), &why, Role::Quiet);
    }
    if here {
        p.over(x, y, 2 + KEYS + used, Role::Cursor);
    }
}
