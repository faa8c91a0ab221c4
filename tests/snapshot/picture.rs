//! A buffer written down for people to read: the text, then where it is styled how.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

/// The lines of the buffer, then its style runs by line. A trailing `|` ends a line that is blank at its end.
pub fn picture(buffer: &Buffer, cursor: Option<(u16, u16)>) -> String {
    let mut out = text(buffer);
    out.push_str("---- styles\n");
    for y in 0..buffer.area.height {
        let runs = runs(buffer, y);
        if !runs.is_empty() {
            out.push_str(&format!("{y:>2}: {}\n", runs.join("  ")));
        }
    }
    if let Some((x, y)) = cursor {
        out.push_str(&format!("cursor at {x},{y}\n"));
    }
    out
}

/// The lines of the buffer; a wide character takes the place of its second cell too.
pub fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut skip = 0;
        for x in 0..buffer.area.width {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            let symbol = buffer[(x, y)].symbol();
            skip = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
            line.push_str(symbol);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn runs(buffer: &Buffer, y: u16) -> Vec<String> {
    let mut runs = Vec::new();
    let mut x = 0;
    while x < buffer.area.width {
        let style = style(&buffer[(x, y)]);
        let end = (x..buffer.area.width).find(|&next| self::style(&buffer[(next, y)]) != style);
        let end = end.unwrap_or(buffer.area.width);
        if !style.is_empty() {
            runs.push(format!("{x}-{} {style}", end - 1));
        }
        x = end;
    }
    runs
}

/// A style in the words of a theme file.
fn style(cell: &Cell) -> String {
    let mut words = Vec::new();
    if cell.fg != Color::Reset {
        words.push(name(cell.fg));
    }
    if cell.bg != Color::Reset {
        words.push(format!("on {}", name(cell.bg)));
    }
    for (modifier, word) in [(Modifier::BOLD, "bold"), (Modifier::DIM, "dim"), (Modifier::REVERSED, "reverse")] {
        if cell.modifier.contains(modifier) {
            words.push(word.to_owned());
        }
    }
    words.join(" ")
}

fn name(color: Color) -> String {
    match color {
        Color::Gray => "white".to_owned(),
        other => format!("{other:?}").to_lowercase(),
    }
}
