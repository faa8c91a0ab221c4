//! Frames to bytes: what differs from the frame before, in as few bytes as will do.

use super::pencil::{Glyph, Pencil};
use super::sgr::Colours;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// Turns frames into bytes. It knows what is on the screen and writes the difference.
#[derive(Debug)]
pub struct Painter {
    colours: Colours,
    shown: Buffer,
    canvas: Buffer,
    /// Whether `shown` is what the terminal shows.
    known: bool,
    cursor_shown: bool,
    pencil: Pencil,
    /// The glyphs of `shown`, line by line.
    old: Vec<Glyph>,
    /// The glyphs of the line that is being painted.
    new: Vec<Glyph>,
    changed: Vec<bool>,
}

impl Painter {
    /// A painter for a terminal of which nothing is known but that its cursor is hidden.
    pub fn new(colours: Colours) -> Self {
        Painter {
            colours,
            shown: Buffer::empty(Rect::ZERO),
            canvas: Buffer::empty(Rect::ZERO),
            known: false,
            cursor_shown: false,
            pencil: Pencil::default(),
            old: Vec::new(),
            new: Vec::new(),
            changed: Vec::new(),
        }
    }

    /// An empty buffer of this size to draw the next frame into.
    pub fn canvas(&mut self, columns: u16, lines: u16) -> &mut Buffer {
        self.canvas.resize(Rect::new(0, 0, columns, lines));
        self.canvas.reset();
        &mut self.canvas
    }

    /// What the terminal shows is not known any more: the next frame is drawn whole.
    pub fn forget(&mut self) {
        self.known = false;
        self.cursor_shown = false;
    }

    /// The bytes that bring the canvas to the screen, with the cursor at a place or hidden. Empty if nothing changes.
    pub fn paint(&mut self, cursor: Option<(u16, u16)>) -> &[u8] {
        self.pencil.out.clear();
        self.pencil.out.extend_from_slice(BEGIN);
        if !self.known || self.shown.area != self.canvas.area {
            self.clear();
        }
        for y in 0..self.canvas.area.height {
            self.line(y);
        }
        self.place(cursor);
        std::mem::swap(&mut self.shown, &mut self.canvas);
        if self.pencil.out.len() == BEGIN.len() {
            self.pencil.out.clear();
        } else {
            self.pencil.out.extend_from_slice(END);
        }
        &self.pencil.out
    }

    fn clear(&mut self) {
        self.pencil.clear(self.canvas.area.width);
        self.shown.resize(self.canvas.area);
        self.shown.reset();
        self.old.clear();
        self.old.resize(self.shown.content.len(), Glyph::PLAIN_BLANK);
        self.known = true;
        // A child program may have shown or hidden it.
        self.pencil.out.extend_from_slice(b"\x1b[?25l");
        self.cursor_shown = false;
    }

    fn place(&mut self, cursor: Option<(u16, u16)>) {
        let cursor = cursor.filter(|&(x, y)| x < self.canvas.area.width && y < self.canvas.area.height);
        if let Some((x, y)) = cursor {
            self.pencil.go(x, y);
        }
        if cursor.is_some() != self.cursor_shown {
            self.pencil.out.extend_from_slice(if cursor.is_some() { b"\x1b[?25h" } else { b"\x1b[?25l" });
            self.cursor_shown = cursor.is_some();
        }
    }

    fn line(&mut self, y: u16) {
        let width = usize::from(self.canvas.area.width);
        let range = usize::from(y) * width..(usize::from(y) + 1) * width;
        let (shown, canvas) = (&self.shown.content[range.clone()], &self.canvas.content[range.clone()]);
        if shown == canvas {
            return;
        }
        let old = &mut self.old[range];
        Glyph::of_line(canvas, self.colours, &mut self.new);
        self.changed.clear();
        self.changed.extend((0..width).map(|x| match (old[x], self.new[x]) {
            (_, Glyph::Rest) => false,
            (old @ Glyph::Text { .. }, new) if old == new => shown[x].symbol() != canvas[x].symbol(),
            (old, new) => old != new,
        }));
        self.pencil.line(y, canvas, &self.new, &self.changed);
        old.copy_from_slice(&self.new);
    }
}

#[cfg(test)]
mod tests;
