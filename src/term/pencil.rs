//! One line of the screen at a time: glyphs that changed, to bytes.

use super::moves::{self, At};
use super::sgr::{Colours, Pen};
use ratatui::buffer::{Cell, CellWidth};
use std::io::Write;

/// Blank runs from this length on are erased instead of written: the erasing and the move behind it cost about as much.
const ERASE_RUN: usize = 11;

/// One column of a line, reduced to what can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    /// A character as the buffer has it.
    Text {
        /// Columns.
        width: u16,
        /// How sure its width is.
        script: Script,
        /// Its look.
        pen: Pen,
    },
    /// A blank.
    Blank(Pen),
    /// What must not reach a terminal; a question mark stands for it.
    Forbidden(Pen),
    /// The rest of a wide character.
    Rest,
}

/// How sure it is that a terminal draws a character as wide as we count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// Quite sure.
    Ascii,
    /// One code point of another script: sure enough inside a run of them.
    Single,
    /// Several code points.
    Cluster,
}

impl Glyph {
    /// What an empty screen is full of.
    pub const PLAIN_BLANK: Glyph = Glyph::Blank(Pen::DEFAULT);

    /// The glyphs of a line of cells, one a column.
    pub fn of_line(cells: &[Cell], colours: Colours, out: &mut Vec<Glyph>) {
        out.clear();
        while let Some(cell) = cells.get(out.len()) {
            let glyph = Glyph::of(cell, cells.len() - out.len(), colours);
            out.push(glyph);
            if let Glyph::Text { width, .. } = glyph {
                out.extend((1..width).map(|_| Glyph::Rest));
            }
        }
    }

    fn of(cell: &Cell, room: usize, colours: Colours) -> Glyph {
        let symbol = cell.symbol();
        match symbol.as_bytes() {
            [] | [b' '] => return Glyph::Blank(Pen::of(cell, true, colours)),
            [b'!'..=b'~'] => {
                return Glyph::Text { width: 1, script: Script::Ascii, pen: Pen::of(cell, false, colours) };
            }
            _ => {}
        }
        let pen = Pen::of(cell, false, colours);
        if symbol.chars().any(char::is_control) {
            return Glyph::Forbidden(pen);
        }
        let script = if symbol.chars().nth(1).is_none() { Script::Single } else { Script::Cluster };
        let width = symbol.cell_width();
        // A wide character that does not fit would be drawn who knows where.
        if width == 0 || usize::from(width) > room {
            return Glyph::Blank(Pen::of(cell, true, colours));
        }
        Glyph::Text { width, script, pen }
    }
}

/// Writes glyphs, and knows where the cursor is and what the next character would look like.
#[derive(Debug)]
pub struct Pencil {
    /// The bytes.
    pub out: Vec<u8>,
    pen: Pen,
    at: At,
    /// Where the next character of a run of another script belongs.
    run: Option<(u16, u16)>,
    columns: u16,
}

impl Default for Pencil {
    fn default() -> Self {
        Pencil { out: Vec::new(), pen: Pen::DEFAULT, at: At::Unknown, run: None, columns: 0 }
    }
}

impl Pencil {
    /// Clears a screen of so many columns.
    pub fn clear(&mut self, columns: u16) {
        *self = Pencil { out: std::mem::take(&mut self.out), columns, ..Pencil::default() };
        self.out.extend_from_slice(b"\x1b[m\x1b[2J");
    }

    /// To column `x` of line `y`.
    pub fn go(&mut self, x: u16, y: u16) {
        moves::go(self.at, x, y, &mut self.out);
        self.at = At::Place(x, y);
        self.run = None;
    }

    /// Writes the glyphs that changed in line `y`.
    pub fn line(&mut self, y: u16, cells: &[Cell], glyphs: &[Glyph], changed: &[bool]) {
        let Some(last) = changed.iter().rposition(|&changed| changed) else { return };
        let tail = glyphs.iter().rposition(|&glyph| glyph != Glyph::PLAIN_BLANK).map_or(0, |x| x + 1);
        let erased = changed.iter().skip(tail).position(|&changed| changed).map(|x| x + tail);
        let erased = erased.filter(|&first| last - first >= 3);
        let end = if erased.is_some() { tail } else { last + 1 };

        let mut x = 0;
        while x < end {
            if !changed[x] {
                x += 1;
                continue;
            }
            self.reach(x, y, cells, glyphs);
            let blanks = glyphs[x..end].iter().take_while(|&&glyph| glyph == Glyph::PLAIN_BLANK).count();
            if blanks >= ERASE_RUN && changed[x..x + blanks].iter().filter(|&&changed| changed).count() >= ERASE_RUN {
                self.take(Pen::DEFAULT.on_blank(self.pen));
                // Writing to a Vec cannot fail.
                let _ = write!(self.out, "\x1b[{blanks}X");
                x += blanks;
            } else {
                self.glyph(x, y, &cells[x], glyphs[x]);
                x += 1;
            }
        }
        if let Some(first) = erased {
            let near = matches!(self.at, At::Place(x, line) if line == y && (tail..=first).contains(&usize::from(x)));
            if !near {
                self.reach(first, y, cells, glyphs);
            }
            self.take(Pen::DEFAULT.on_blank(self.pen));
            self.out.extend_from_slice(b"\x1b[K");
        }
    }

    /// To a column of a line: as the next of a run, over a short gap by writing again what stands there, or by a move.
    fn reach(&mut self, x: usize, y: u16, cells: &[Cell], glyphs: &[Glyph]) {
        let in_run = matches!(glyphs[x], Glyph::Text { script: Script::Single, .. });
        if in_run && self.run == Some((column(x), y)) {
            return;
        }
        if let At::Place(from, line) = self.at
            && line == y
            && usize::from(from) < x
        {
            let from = usize::from(from);
            let cheap = x - from <= moves::forward_cost(column(x - from));
            if cheap && glyphs[from..x].iter().all(|&glyph| self.is_free(glyph)) {
                for gap in from..x {
                    self.glyph(gap, y, &cells[gap], glyphs[gap]);
                }
                return;
            }
        }
        self.go(column(x), y);
    }

    /// Whether a glyph can be written without changing the pen or losing the place.
    fn is_free(&self, glyph: Glyph) -> bool {
        match glyph {
            Glyph::Text { script: Script::Ascii, pen, .. } => pen == self.pen,
            Glyph::Blank(pen) => pen.on_blank(self.pen) == self.pen,
            _ => false,
        }
    }

    fn take(&mut self, pen: Pen) {
        self.pen.change(pen, &mut self.out);
        self.pen = pen;
    }

    fn glyph(&mut self, x: usize, y: u16, cell: &Cell, glyph: Glyph) {
        let (text, width, script) = match glyph {
            Glyph::Text { width, script, pen } => {
                self.take(pen);
                (cell.symbol(), width, script)
            }
            Glyph::Blank(pen) => {
                self.take(pen.on_blank(self.pen));
                (" ", 1, Script::Ascii)
            }
            Glyph::Forbidden(pen) => {
                self.take(pen);
                ("?", 1, Script::Ascii)
            }
            Glyph::Rest => return,
        };
        self.out.extend_from_slice(text.as_bytes());
        let next = column(x) + width;
        // Behind the last column the cursor may stay or not.
        let sure = script == Script::Ascii && next < self.columns;
        self.at = if sure { At::Place(next, y) } else { At::Line(y) };
        self.run = (script == Script::Single && next < self.columns).then_some((next, y));
    }
}

fn column(x: usize) -> u16 {
    u16::try_from(x).unwrap_or(u16::MAX)
}
