//! A qualification test, to be answered by oneself.

use super::overlay::prompt;
use super::paint::Painter;
use super::theme::Role;
use super::viewer;
use crate::app::layout::Area;
use crate::app::quals::Tryout;

/// Draws the test from its first visible line on.
pub fn draw(p: &mut Painter<'_>, area: Area, test: &Tryout) {
    let document = test.document(area.width);
    for (y, line) in (area.y..area.y + area.height).zip(document.lines.iter().skip(test.offset)) {
        viewer::line(p, Area { y, height: 1, ..area }, line);
    }
    if let Some((x, y)) = place(area, test) {
        p.text(x.saturating_sub(2).max(area.x.saturating_sub(1)), y, 1, ">", Role::Text);
        match &test.typing {
            Some(input) => {
                let cells = (area.x + area.width).saturating_sub(x);
                p.text(x, y, cells, &" ".repeat(cells.into()), Role::Text);
                prompt::input(p, x, y, cells, input, None);
            }
            None => p.over(x, y, (area.x + area.width).saturating_sub(x).min(24), Role::Cursor),
        }
    }
    if document.lines.len() > usize::from(area.height) {
        let last = (test.offset + usize::from(area.height)).min(document.lines.len());
        let words = format!(" {}-{last} of {} ", test.offset + 1, document.lines.len());
        p.right(area.x, area.y + area.height, area.width, &words, Role::Quiet);
    }
}

/// Where what is under the cursor is on the screen, if it is in view.
fn place(area: Area, test: &Tryout) -> Option<(u16, u16)> {
    let (line, at) = test.place(area.width)?;
    let y = u16::try_from(line.checked_sub(test.offset)?).ok().filter(|y| *y < area.height)?;
    Some((area.x + at, area.y + y))
}

/// Where the terminal's cursor belongs, within the area of [`draw`].
pub fn cursor(area: Area, test: &Tryout) -> (u16, u16) {
    let (x, y) = place(area, test).unwrap_or((area.x, area.y));
    let cells = (area.x + area.width).saturating_sub(x);
    (x + test.typing.as_ref().map_or(0, |input| prompt::input_cursor(cells, input)), y)
}
