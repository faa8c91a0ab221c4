//! Colours and attributes: what a cell looks like, and the shortest way from one look to another.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};
use std::fmt::Write;

/// The colours that may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// None at all (`NO_COLOR`): attributes only.
    None,
    /// The named ones and the 256 of the palette; others become the nearest of these.
    Palette,
    /// Every one (`COLORTERM`).
    All,
}

/// How a cell looks, apart from its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

/// Attributes that can be seen on a blank.
const ON_BLANKS: Modifier =
    Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT).union(Modifier::SLOW_BLINK);

impl Pen {
    /// After `CSI m`.
    pub const DEFAULT: Pen = Pen { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

    /// The look of a cell; what cannot be seen on a blank counts as default.
    pub fn of(cell: &Cell, blank: bool, colours: Colours) -> Pen {
        let (fg, bg) = (colours.limit(cell.fg), colours.limit(cell.bg));
        if blank && !cell.modifier.intersects(ON_BLANKS) {
            Pen { bg, ..Pen::DEFAULT }
        } else {
            Pen { fg, bg, modifier: cell.modifier }
        }
    }

    /// The look to take for a blank that shall look like `self`, coming from `current`: what cannot be seen stays.
    pub fn on_blank(self, current: Pen) -> Pen {
        if self.modifier.intersects(ON_BLANKS) {
            self
        } else {
            Pen { fg: current.fg, bg: self.bg, modifier: current.modifier.difference(ON_BLANKS) }
        }
    }

    /// Writes the shorter of: what differs, or a reset and everything.
    pub fn change(self, to: Pen, out: &mut Vec<u8>) {
        if self == to {
            return;
        }
        let steps = self.steps(to);
        let mut afresh = Params(if to == Pen::DEFAULT { String::new() } else { "0".into() });
        afresh.set(Modifier::empty(), to, Pen::DEFAULT);
        let shorter = if steps.0.len() < afresh.0.len() { steps } else { afresh };
        out.extend_from_slice(b"\x1b[");
        out.extend_from_slice(shorter.0.as_bytes());
        out.push(b'm');
    }

    fn steps(self, to: Pen) -> Params {
        let mut params = Params(String::new());
        let off = self.modifier.difference(to.modifier);
        let mut kept = self.modifier.intersection(to.modifier);
        if off.intersects(Modifier::BOLD | Modifier::DIM) {
            // One code ends both.
            params.add(22);
            kept.remove(Modifier::BOLD | Modifier::DIM);
        }
        if off.intersects(Modifier::SLOW_BLINK | Modifier::RAPID_BLINK) {
            params.add(25);
            kept.remove(Modifier::SLOW_BLINK | Modifier::RAPID_BLINK);
        }
        for (modifier, code) in [
            (Modifier::ITALIC, 23),
            (Modifier::UNDERLINED, 24),
            (Modifier::REVERSED, 27),
            (Modifier::HIDDEN, 28),
            (Modifier::CROSSED_OUT, 29),
        ] {
            if off.contains(modifier) {
                params.add(code);
            }
        }
        params.set(kept, to, self);
        params
    }
}

/// Parameters of a `CSI ... m`.
struct Params(String);

impl Params {
    fn add(&mut self, code: u16) {
        if !self.0.is_empty() {
            self.0.push(';');
        }
        // Writing to a String cannot fail.
        let _ = write!(self.0, "{code}");
    }

    /// Adds what `to` has beyond the modifiers and the colours that are there.
    fn set(&mut self, have: Modifier, to: Pen, colours: Pen) {
        for (modifier, code) in [
            (Modifier::BOLD, 1),
            (Modifier::DIM, 2),
            (Modifier::ITALIC, 3),
            (Modifier::UNDERLINED, 4),
            (Modifier::SLOW_BLINK, 5),
            (Modifier::RAPID_BLINK, 6),
            (Modifier::REVERSED, 7),
            (Modifier::HIDDEN, 8),
            (Modifier::CROSSED_OUT, 9),
        ] {
            if to.modifier.contains(modifier) && !have.contains(modifier) {
                self.add(code);
            }
        }
        if to.fg != colours.fg {
            self.colour(to.fg, 30);
        }
        if to.bg != colours.bg {
            self.colour(to.bg, 40);
        }
    }

    fn colour(&mut self, colour: Color, base: u16) {
        match colour {
            Color::Reset => self.add(base + 9),
            Color::Indexed(n) => {
                self.add(base + 8);
                self.add(5);
                self.add(n.into());
            }
            Color::Rgb(r, g, b) => {
                self.add(base + 8);
                self.add(2);
                for part in [r, g, b] {
                    self.add(part.into());
                }
            }
            named => {
                let n = number(named);
                self.add(if n < 8 { base + n } else { base + 60 + n - 8 });
            }
        }
    }
}

const fn number(named: Color) -> u16 {
    match named {
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        _ => 15,
    }
}

impl Colours {
    fn limit(self, colour: Color) -> Color {
        match (self, colour) {
            (Colours::None, _) => Color::Reset,
            (Colours::Palette, Color::Rgb(r, g, b)) => Color::Indexed(nearest(r, g, b)),
            _ => colour,
        }
    }
}

/// The nearest colour of the 6x6x6 cube of the palette.
fn nearest(r: u8, g: u8, b: u8) -> u8 {
    let step = |part: u8| match part {
        0..48 => 0,
        48..115 => 1,
        _ => (part - 35) / 40,
    };
    16 + 36 * step(r) + 6 * step(g) + step(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pen(fg: Color, modifier: Modifier) -> Pen {
        Pen { fg, bg: Color::Reset, modifier }
    }

    fn change(from: Pen, to: Pen) -> String {
        let mut out = Vec::new();
        from.change(to, &mut out);
        String::from_utf8(out).unwrap().replace('\x1b', "^")
    }

    #[test]
    fn the_shorter_way_is_taken() {
        let bold = pen(Color::Reset, Modifier::BOLD);
        let red = pen(Color::Red, Modifier::empty());
        assert_eq!(change(Pen::DEFAULT, bold), "^[1m");
        assert_eq!(change(bold, Pen::DEFAULT), "^[m");
        assert_eq!(change(Pen::DEFAULT, red), "^[31m");
        assert_eq!(change(red, pen(Color::LightBlue, Modifier::BOLD)), "^[1;94m");
        assert_eq!(change(pen(Color::Red, Modifier::BOLD | Modifier::DIM), pen(Color::Red, Modifier::DIM)), "^[22;2m");
        assert_eq!(change(pen(Color::Indexed(200), Modifier::REVERSED), bold), "^[0;1m");
        assert_eq!(change(red, red), "");
    }

    #[test]
    fn a_background_has_its_own_codes() {
        let to = Pen { bg: Color::DarkGray, ..Pen::DEFAULT };
        assert_eq!(change(Pen::DEFAULT, to), "^[100m");
        let to = Pen { bg: Color::Rgb(1, 2, 3), ..Pen::DEFAULT };
        assert_eq!(change(Pen::DEFAULT, to), "^[48;2;1;2;3m");
    }

    #[test]
    fn colours_beyond_the_terminal_are_brought_nearer() {
        assert_eq!(Colours::Palette.limit(Color::Rgb(255, 0, 0)), Color::Indexed(196));
        assert_eq!(Colours::Palette.limit(Color::Rgb(95, 135, 175)), Color::Indexed(67));
        assert_eq!(Colours::All.limit(Color::Rgb(1, 2, 3)), Color::Rgb(1, 2, 3));
        assert_eq!(Colours::None.limit(Color::Red), Color::Reset);
    }
}
