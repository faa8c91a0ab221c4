//! Writing into the buffer: clipped by display width, styled by role. The lowest layer of every view.

use super::theme::{Role, Theme};
use crate::domain::pseudonym::Pseudonyms;
use crate::domain::text::{BREAK, ELLIPSIS, MARK, SafeText, graphemes};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

/// A buffer with a theme. Positions outside the buffer are ignored.
pub struct Painter<'a> {
    /// Where to.
    pub buffer: &'a mut Buffer,
    /// How it looks.
    pub theme: &'a Theme,
    /// What lines between panes look like: [`Role::Border`], or [`Role::Edge`] where money is real.
    pub edge: Role,
    /// What stands for workers' identifiers in untrusted text, where they are not to be seen.
    pub names: Option<&'a Pseudonyms>,
}

impl Painter<'_> {
    /// Writes as much of `text` as fits into `cells` from (x, y); answers how many cells were used.
    /// Characters without width of their own and control characters never reach the buffer.
    pub fn text(&mut self, x: u16, y: u16, cells: u16, text: &str, role: Role) -> u16 {
        let style = self.theme.style(role);
        let area = self.buffer.area;
        if y < area.top() || y >= area.bottom() || x < area.left() || x >= area.right() {
            return 0;
        }
        let end = x.saturating_add(cells).min(area.right());
        let mut at = x;
        let glyphs = &self.theme.glyphs;
        let mut own = [0; 4];
        for grapheme in graphemes(text) {
            if let &[byte @ b' '..=b'~'] = grapheme.as_bytes() {
                if at >= end {
                    break;
                }
                put(&mut self.buffer[(at, y)], style).set_char(byte.into());
                at += 1;
                continue;
            }
            let grapheme = match single(grapheme) {
                Some(MARK) => &*glyphs.removed.encode_utf8(&mut own),
                Some(BREAK) => &*glyphs.line_break.encode_utf8(&mut own),
                Some(ELLIPSIS) => &*glyphs.cut.encode_utf8(&mut own),
                _ => grapheme,
            };
            let wide = grapheme.width() as u16;
            if wide == 0 || grapheme.contains(char::is_control) {
                continue;
            }
            if at + wide > end {
                break;
            }
            put(&mut self.buffer[(at, y)], style).set_symbol(grapheme);
            for rest in at + 1..at + wide {
                put(&mut self.buffer[(rest, y)], style);
            }
            at += wide;
        }
        at - x
    }

    /// Untrusted text, with the theme's ellipsis at the end where it is wider than `cells`.
    pub fn safe(&mut self, x: u16, y: u16, cells: u16, text: &SafeText, role: Role) -> u16 {
        let scrubbed = self.names.map(|names| SafeText::line(&names.scrub(text.as_str())));
        let text = scrubbed.as_ref().unwrap_or(text);
        if text.width() <= usize::from(cells) {
            return self.text(x, y, cells, text.as_str(), role);
        }
        let theme = self.theme;
        let mark = &theme.glyphs.ellipsis;
        let room = cells.saturating_sub(mark.chars().count() as u16);
        let used = self.text(x, y, room, text.as_str(), role);
        used + self.text(x + used, y, cells - used, mark, role)
    }

    /// Writes words of our own, which are ASCII, so that they end at the right edge of the `cells` from x.
    pub fn right(&mut self, x: u16, y: u16, cells: u16, text: &str, role: Role) {
        let wide = (text.len().min(u16::MAX.into()) as u16).min(cells);
        self.text(x + cells - wide, y, wide, text, role);
    }

    /// A line from x over `cells`; nothing in a theme without frames.
    pub fn horizontal(&mut self, x: u16, y: u16, cells: u16) {
        let style = self.theme.style(self.edge);
        let glyph = self.theme.glyphs.horizontal;
        for at in x..x.saturating_add(cells).min(self.buffer.area.right()) {
            if self.theme.glyphs.frames && y < self.buffer.area.bottom() {
                put(&mut self.buffer[(at, y)], style).set_char(glyph);
            }
        }
    }

    /// A line from y over `rows`; nothing in a theme without frames.
    pub fn vertical(&mut self, x: u16, y: u16, rows: u16) {
        let style = self.theme.style(self.edge);
        let glyph = self.theme.glyphs.vertical;
        for at in y..y.saturating_add(rows).min(self.buffer.area.bottom()) {
            if self.theme.glyphs.frames && x < self.buffer.area.right() {
                put(&mut self.buffer[(x, at)], style).set_char(glyph);
            }
        }
    }

    /// Puts a role's style over what is already written there.
    pub fn over(&mut self, x: u16, y: u16, cells: u16, role: Role) {
        let area = Rect::new(x, y, cells, 1).intersection(self.buffer.area);
        self.buffer.set_style(area, self.theme.style(role));
    }

    /// Blanks an area.
    pub fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                self.buffer[(x, y)].reset();
            }
        }
    }
}

/// The character of a grapheme that has only one.
fn single(grapheme: &str) -> Option<char> {
    let mut chars = grapheme.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// A cell as new: nothing of the style that was there shines through.
fn put(cell: &mut Cell, style: Style) -> &mut Cell {
    cell.reset();
    cell.set_style(style)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn painted(draw: impl FnOnce(&mut Painter)) -> String {
        let theme = Theme::preset("ascii").unwrap();
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
        draw(&mut Painter { buffer: &mut buffer, theme: &theme, edge: Role::Border, names: None });
        buffer.content.iter().map(|cell| cell.symbol()).collect()
    }

    #[test]
    fn text_is_clipped_in_cells() {
        assert_eq!(
            painted(|p| assert_eq!(p.safe(0, 0, 6, &SafeText::line("something"), Role::Text), 6)),
            "some..      "
        );
        assert_eq!(painted(|p| p.right(2, 0, 6, "0.05", Role::Text)), "    0.05    ");
        assert_eq!(painted(|p| assert_eq!(p.text(0, 0, 5, "日本語", Role::Text), 4)), "日 本         ");
    }

    #[test]
    fn the_marks_of_removed_text_follow_the_theme() {
        let hostile = SafeText::line("a\u{1b}[1mb\nc");
        assert_eq!(hostile.as_str(), "a·b↵c");
        assert_eq!(painted(|p| assert_eq!(p.safe(0, 0, 9, &hostile, Role::Text), 5)), "a~b\\c       ");
        assert_eq!(
            painted(|p| assert_eq!(p.safe(0, 0, 9, &SafeText::line("abcdef").clip(4), Role::Text), 4)),
            "abc>        "
        );
    }

    #[test]
    fn nothing_is_written_outside_or_unseen() {
        assert_eq!(painted(|p| assert_eq!(p.text(12, 0, 6, "x", Role::Text), 0)), "            ");
        assert_eq!(painted(|p| assert_eq!(p.text(0, 7, 6, "x", Role::Text), 0)), "            ");
        assert_eq!(
            painted(|p| assert_eq!(p.text(0, 0, 9, "a\u{1b}[1m\u{202e}é\u{7}b", Role::Text), 6)),
            "a[1méb      "
        );
    }
}
