//! The form of a qualification type.

use super::overlay::prompt;
use super::paint::Painter;
use super::theme::Role;
use crate::app::layout::Area;
use crate::app::quals::{Field, TypeForm};
use crate::domain::text::SafeText;

/// The cells of the names.
const NAMES: u16 = 20;

/// What stands before the path of a file.
const FILE: &str = "file: ";

/// Draws the fields, and below them what is wrong.
pub fn draw(p: &mut Painter<'_>, area: Area, form: &TypeForm) {
    let bottom = area.y + area.height;
    for (y, field) in (area.y..bottom).zip(Field::ALL) {
        let here = field == form.field();
        let locked = form.locked(field);
        let role = if locked.is_some() { Role::Quiet } else { Role::Label };
        p.text(area.x + 2, y, NAMES - 3, field.title(), role);
        let (x, cells) = (area.x + NAMES, area.width.saturating_sub(NAMES));
        match &form.typing {
            Some(input) if here && form.from_file => {
                p.text(x, y, cells, FILE, Role::Label);
                prompt::input(p, x + FILE.len() as u16, y, cells.saturating_sub(FILE.len() as u16), input, None);
            }
            Some(input) if here => prompt::input(p, x, y, cells, input, None),
            _ => value(p, x, y, cells, form, field, locked),
        }
        if here {
            p.text(area.x, y, 1, ">", Role::Text);
            p.over(area.x, y, NAMES - 1, Role::Cursor);
        }
    }
    let mut y = area.y + Field::ALL.len() as u16 + 1;
    for remark in &form.remarks {
        let role = if remark.contains("doubtful") { Role::Warn } else { Role::Bad };
        for line in SafeText::line(remark).wrap(area.width.max(8).into()) {
            if y < bottom {
                p.safe(area.x, y, area.width, &line, role);
                y += 1;
            }
        }
    }
}

fn value(p: &mut Painter<'_>, x: u16, y: u16, cells: u16, form: &TypeForm, field: Field, locked: Option<&str>) {
    let text = form.value(field);
    let changed = form.changes().iter().any(|change| change.field == field);
    let role = if changed { Role::Strong } else { Role::Text };
    let shown = if text.trim().is_empty() {
        SafeText::line(locked.unwrap_or(field.empty()))
    } else if field.is_document() {
        let lines = text.lines().count();
        SafeText::line(&format!("{lines} lines; enter opens it in $EDITOR, f reads a file"))
    } else {
        SafeText::line(text)
    };
    let role = if text.trim().is_empty() { Role::Quiet } else { role };
    let used = p.safe(x, y, cells, &shown, role);
    if let Some(why) = locked.filter(|_| !text.trim().is_empty()) {
        let at = used + 2;
        p.safe(x + at, y, cells.saturating_sub(at), &SafeText::line(why), Role::Quiet);
    }
}

/// Where the terminal's cursor belongs, within the area of [`draw`].
pub fn cursor(area: Area, form: &TypeForm) -> (u16, u16) {
    let y = area.y + (form.cursor as u16).min(area.height.saturating_sub(1));
    match &form.typing {
        Some(input) => {
            let x = NAMES + if form.from_file { FILE.len() as u16 } else { 0 };
            (area.x + x + prompt::input_cursor(area.width.saturating_sub(x), input), y)
        }
        None => (area.x, y),
    }
}
