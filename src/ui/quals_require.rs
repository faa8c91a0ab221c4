//! The table of requirements.

use super::overlay::prompt;
use super::paint::Painter;
use super::theme::Role;
use crate::app::layout::Area;
use crate::app::quals::{Builder, Column, Typing};
use crate::app::state::State;
use crate::domain::qualification::KnownType;
use crate::domain::requirement::Required;
use crate::domain::text::SafeText;

/// From where on the columns stand, and how many cells each has.
fn columns(area: Area) -> [(u16, u16); 4] {
    const COMPARATOR: u16 = 15;
    const GUARD: u16 = 9;
    let rest = area.width.saturating_sub(COMPARATOR + GUARD + 2);
    let name = rest / 2;
    let value = rest - name;
    let x = area.x + 2;
    [(x, name - 1), (x + name, COMPARATOR - 1), (x + name + COMPARATOR, value - 1), (x + rest + COMPARATOR, GUARD)]
}

fn cell(one: &Required, column: Column, types: &[KnownType]) -> String {
    match column {
        Column::Type => one.type_name(types).to_owned(),
        Column::Comparator => one.comparator.sign().to_owned(),
        Column::Value => one.values_words(),
        Column::Guard => one.guard.action().to_owned(),
    }
}

/// Draws the rows, and what the account says of them.
pub fn draw(p: &mut Painter<'_>, state: &State, area: Area, builder: &Builder) {
    let types = state.people.known.as_ref().map_or(&[][..], |known| &known.types);
    let places = columns(area);
    for (column, (x, cells)) in Column::ALL.into_iter().zip(places) {
        p.text(x, area.y, cells, column.title(), Role::Quiet);
    }
    let bottom = area.y + area.height;
    for (row, one) in builder.rows().iter().enumerate() {
        let y = area.y + 1 + row as u16;
        if y >= bottom {
            break;
        }
        let problem = builder.problem(row);
        for (column, (x, cells)) in Column::ALL.into_iter().zip(places) {
            let text = cell(one, column, types);
            let (text, role) = match &problem {
                // Nothing is wrong as long as nothing was typed there.
                Some(_) if column == Column::Value && text.is_empty() => ("a value", Role::Quiet),
                _ => (text.as_str(), Role::Text),
            };
            p.safe(x, y, cells, &SafeText::line(text), role);
        }
    }
    let new = area.y + 1 + builder.rows().len() as u16;
    p.text(area.x + 2, new, area.width, "n  a new one", Role::Quiet);
    mark(p, area, builder);
    below(p, area, new + 2, builder, types);
}

/// The cursor, or the line that is typed in its place.
fn mark(p: &mut Painter<'_>, area: Area, builder: &Builder) {
    let (x, y, cells) = place(area, builder);
    p.text(area.x, y, 1, ">", Role::Text);
    match builder.typing.as_ref().filter(|_| builder.what == Typing::Cell) {
        Some(input) => {
            p.text(x, y, cells, &" ".repeat(cells.into()), Role::Text);
            prompt::input(p, x, y, cells, input, None);
        }
        None => p.over(x, y, cells, Role::Cursor),
    }
}

fn below(p: &mut Painter<'_>, area: Area, from: u16, builder: &Builder, types: &[KnownType]) {
    let bottom = area.y + area.height;
    let mut y = from;
    if let Some(input) = builder.typing.as_ref().filter(|_| builder.what == Typing::File) {
        let x = p.text(area.x, from, area.width, FILE, Role::Label);
        prompt::input(p, area.x + x, from, area.width.saturating_sub(x), input, None);
        y += 1;
    }
    let mut say = |p: &mut Painter<'_>, text: &str, role: Role| {
        for line in SafeText::line(text).wrap(area.width.max(8).into()) {
            if y < bottom {
                p.safe(area.x, y, area.width, &line, role);
                y += 1;
            }
        }
    };
    if let Some(error) = &builder.error {
        say(p, &format!("! {error}"), Role::Bad);
    }
    let hints = builder.hints(types);
    if !hints.is_empty() {
        say(p, &hints, Role::Quiet);
    } else if !builder.rows().is_empty() {
        builder.looked.lines(builder).iter().for_each(|line| say(p, line, Role::Text));
        let warning = builder.looked.warning(builder).unwrap_or("");
        say(p, warning, if warning.starts_with('!') { Role::Warn } else { Role::Quiet });
    }
}

/// What stands before the name of a file.
const FILE: &str = "write to: ";

/// Where what is under the cursor stands, and its cells.
fn place(area: Area, builder: &Builder) -> (u16, u16, u16) {
    let at = Column::ALL.iter().position(|one| *one == builder.column).unwrap_or(0);
    let (x, cells) = columns(area)[at];
    // A value that is typed has room to the right edge, a name until the next column but one.
    let cells = match (builder.typing.is_some(), builder.column) {
        (true, Column::Value | Column::Type) => (area.x + area.width).saturating_sub(x),
        _ => cells,
    };
    (x, area.y + 1 + builder.row as u16, cells)
}

/// Where the terminal's cursor belongs, within the area of [`draw`].
pub fn cursor(area: Area, builder: &Builder) -> (u16, u16) {
    match (&builder.typing, builder.what) {
        (Some(input), Typing::File) => {
            let (x, y) = (FILE.len() as u16, area.y + 3 + builder.rows().len() as u16);
            (area.x + x + prompt::input_cursor(area.width.saturating_sub(x), input), y)
        }
        (typing, _) => {
            let (x, y, cells) = place(area, builder);
            (x + typing.as_ref().map_or(0, |input| prompt::input_cursor(cells, input)), y)
        }
    }
}
