//! A line to type, at the bottom of the window: hints and what is wrong above it, so that the line itself never moves.

use super::super::paint::Painter;
use super::super::theme::Role;
use crate::app::layout::Area;
use crate::app::overlay::{Prompt, PromptError};
use crate::domain::text::SafeText;
use tui_input::Input;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Draws a prompt at the bottom of a window of so many lines.
pub fn draw(p: &mut Painter<'_>, area: Area, lines: u16, prompt: &Prompt) {
    let bottom = area.y + area.height - 1;
    let room = area.width.saturating_sub(2);
    let (hints, wrong) = prompt.above(area.width, lines);
    let errors = bottom.saturating_sub(u16::try_from(wrong.len()).unwrap_or(u16::MAX)).max(area.y);
    for (y, hint) in (area.y..errors).zip(&hints) {
        p.safe(area.x + 1, y, room, hint, Role::Quiet);
    }
    for (y, line) in (errors..bottom).zip(&wrong) {
        p.safe(area.x + 1, y, room, line, Role::Bad);
    }
    let label = p.safe(area.x + 1, bottom, room, &prompt.label_before(area.width), Role::Title);
    p.text(area.x + 1 + label, bottom, 2, ": ", Role::Title);
    let at = area.x + label + 3;
    input(p, at, bottom, (area.x + area.width).saturating_sub(at + 1), &prompt.input, prompt.error.as_ref());
}

/// The column of the text cursor of a prompt, from the left edge of the window.
pub fn cursor(area: Area, prompt: &Prompt) -> u16 {
    let label = prompt.label_before(area.width).width() as u16;
    let at = area.x + label + 3;
    at + input_cursor((area.x + area.width).saturating_sub(at + 1), &prompt.input)
}

/// The typed text, scrolled so that the text cursor is in view; the place of an error stands out.
pub fn input(p: &mut Painter<'_>, x: u16, y: u16, cells: u16, input: &Input, error: Option<&PromptError>) {
    let shown = SafeText::line(input.value());
    let skipped = scroll(cells, input);
    let rest = skip_cells(shown.as_str(), skipped);
    p.text(x, y, cells, rest, Role::Text);
    if let Some(column) = error.and_then(|error| error.column) {
        let before = width_before(input.value(), column);
        if before >= skipped && before - skipped < usize::from(cells) {
            p.over(x + (before - skipped) as u16, y, 1, Role::Bad);
            p.over(x + (before - skipped) as u16, y, 1, Role::Cursor);
        }
    }
}

/// The column of the text cursor within the cells of [`input`].
pub fn input_cursor(cells: u16, input: &Input) -> u16 {
    (width_before(input.value(), input.cursor()) - scroll(cells, input)) as u16
}

/// How many cells of the text have gone out of view on the left.
fn scroll(cells: u16, input: &Input) -> usize {
    let before = width_before(input.value(), input.cursor());
    (before + 1).saturating_sub(cells.max(1).into())
}

/// The width of the first `chars` characters as they are shown.
fn width_before(text: &str, chars: usize) -> usize {
    let end = text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at);
    SafeText::line(&text[..end]).width()
}

fn skip_cells(text: &str, cells: usize) -> &str {
    let mut skipped = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        if skipped >= cells {
            return &text[at..];
        }
        skipped += grapheme.width();
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_stays_in_view() {
        let input = Input::new("a long reason".to_owned());
        assert_eq!(input_cursor(40, &input), 13);
        assert_eq!(input_cursor(6, &input), 5);
        assert_eq!(skip_cells("a long reason", scroll(6, &input)), "eason");
        let wide = Input::new("日本語".to_owned());
        assert_eq!(input_cursor(40, &wide), 6);
    }
}
