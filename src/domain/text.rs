//! Text that is safe to put on a terminal. Whatever a worker or a requester wrote is an attack until it has passed
//! through here: control bytes, escape sequences, bidi overrides and invisible characters never reach the screen.
//!
//! A removal leaves one visible [`MARK`] (a run of removals leaves one) and is counted, so that hidden text is seen to
//! have been there; [`SafeText::escaped`] shows what it was.

mod sanitise;
#[cfg(test)]
mod tests;

use sanitise::{Piece, Scanner, escape};
use std::fmt;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// What stands where something was removed.
pub const MARK: char = '·';
/// What stands for a line break in [`SafeText::line`].
pub const BREAK: char = '↵';
/// What stands at the end of clipped text.
pub const ELLIPSIS: char = '…';
/// The widest grapheme that is printed: room for a Devanagari conjunct of six consonants.
const WIDEST: usize = 6;

/// One line of printable text. The only text a view can print.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct SafeText {
    text: String,
    width: usize,
    hidden: usize,
}

impl SafeText {
    /// Makes one line of any text. Line breaks become [`BREAK`] (a run of them one; at the end none), tabs a space.
    pub fn line(text: &str) -> SafeText {
        if is_plain(text) {
            return SafeText { text: text.to_owned(), width: text.len(), hidden: 0 };
        }
        // Summaries that we have cut ourselves.
        if let Some(head) = text.strip_suffix(ELLIPSIS).filter(|head| is_plain(head)) {
            return SafeText { text: text.to_owned(), width: head.len() + 1, hidden: 0 };
        }
        let mut line = Builder::default();
        for piece in Scanner::new(text.trim_end_matches(['\n', '\r'])) {
            line.push(piece);
        }
        line.finish()
    }

    /// Makes lines of any text, broken where the text breaks them. Never empty: no text is one empty line.
    pub fn lines(text: &str) -> Vec<SafeText> {
        let mut lines = Vec::new();
        let mut line = Builder::default();
        for piece in Scanner::new(text) {
            if matches!(piece, Piece::Break(_)) {
                lines.push(std::mem::take(&mut line).finish());
            } else {
                line.push(piece);
            }
        }
        let last = line.finish();
        if !last.text.is_empty() || last.hidden > 0 || lines.is_empty() {
            lines.push(last);
        }
        lines
    }

    /// The raw view: one line in which everything that is not printed as it stands is shown as `\x1b`, `\n`, `\u{202e}`.
    pub fn escaped(text: &str) -> SafeText {
        if is_plain(text) {
            return SafeText { text: text.to_owned(), width: text.len(), hidden: 0 };
        }
        let mut out = String::with_capacity(text.len() + 16);
        for piece in Scanner::new(text) {
            match piece {
                Piece::Keep(c) => out.push(c),
                Piece::Tab => out.push_str("\\t"),
                Piece::Removed(raw) | Piece::Reduced(raw) | Piece::Break(raw) => escape(raw, &mut out),
            }
        }
        let (text, width, _) = narrow(out, escape);
        SafeText { text, width, hidden: 0 }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How many columns of a terminal it takes.
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many things were removed to make it safe.
    pub fn hidden(&self) -> usize {
        self.hidden
    }

    /// Whether there is nothing to see.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// At most `columns` wide; what was cut off is shown by an [`ELLIPSIS`].
    pub fn clip(&self, columns: usize) -> SafeText {
        if self.width <= columns {
            return self.clone();
        }
        let Some(room) = columns.checked_sub(1) else {
            return SafeText::default();
        };
        let (head, width) = fit(&self.text, room);
        let mut text = String::with_capacity(head.len() + ELLIPSIS.len_utf8());
        text.push_str(head);
        text.push(ELLIPSIS);
        SafeText { text, width: width + 1, hidden: self.hidden }
    }

    /// At most `columns` wide, with the middle left out (`3MXUW..LR7V`): for identifiers, whose two ends tell them apart.
    pub fn shorten(&self, columns: usize) -> SafeText {
        if self.width <= columns {
            return self.clone();
        }
        if columns < 4 {
            return self.clip(columns);
        }
        let head_room = (columns - 2).div_ceil(2);
        let tail_room = columns - 2 - head_room;
        let (head, head_width) = fit(&self.text, head_room);
        let (mut tail_width, mut tail) = (0, self.text.len());
        if self.text.is_ascii() {
            (tail_width, tail) = (tail_room, self.text.len() - tail_room);
        } else {
            for (start, grapheme) in self.text.grapheme_indices(true).rev() {
                let width = grapheme.width();
                if tail_width + width > tail_room {
                    break;
                }
                tail_width += width;
                tail = start;
            }
        }
        let text = format!("{head}..{}", &self.text[tail..]);
        SafeText { text, width: head_width + 2 + tail_width, hidden: self.hidden }
    }

    /// Broken into lines of at most `columns` (at least 6), between words where a line has one, else between characters. The
    /// count of hidden things stays with the first line.
    pub fn wrap(&self, columns: usize) -> Vec<SafeText> {
        let columns = columns.max(WIDEST);
        let mut lines = Vec::new();
        let mut rest = self.text.as_str();
        let mut left = self.width;
        while left > columns {
            let (head, head_width) = fit(rest, columns);
            let at_blank = rest[head.len()..].starts_with(' ');
            let (line, cut) = match head.rfind(' ') {
                _ if at_blank => (head, head.len()),
                Some(blank) if !head[..blank].trim_end().is_empty() => (&head[..blank], blank),
                _ if head.is_empty() => break,
                _ => (head, head.len()),
            };
            let next = rest[cut..].trim_start_matches(' ');
            let skipped = rest.len() - cut - next.len();
            let line_width = if cut == head.len() { head_width } else { width_of(line) };
            let shown = line.trim_end_matches(' ');
            lines.push(SafeText { text: shown.to_owned(), width: line_width - (line.len() - shown.len()), hidden: 0 });
            left -= line_width + skipped;
            rest = next;
        }
        if !rest.is_empty() || lines.is_empty() {
            lines.push(SafeText { text: rest.to_owned(), width: left, hidden: 0 });
        }
        lines[0].hidden = self.hidden;
        lines
    }
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl AsRef<str> for SafeText {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

/// Collects pieces into one line.
#[derive(Default)]
struct Builder {
    text: String,
    hidden: usize,
    after_mark: bool,
    after_break: bool,
}

impl Builder {
    fn push(&mut self, piece: Piece<'_>) {
        let (mut mark, mut broke) = (false, false);
        match piece {
            Piece::Keep(c) => self.text.push(c),
            Piece::Tab => self.text.push(' '),
            Piece::Reduced(_) => return,
            Piece::Removed(_) => {
                self.hidden += 1;
                mark = true;
                if !self.after_mark {
                    self.text.push(MARK);
                }
            }
            Piece::Break(_) => {
                broke = true;
                if !self.after_break {
                    self.text.push(BREAK);
                }
            }
        }
        self.after_mark = mark;
        self.after_break = broke;
    }

    fn finish(self) -> SafeText {
        let (text, width, cut) = narrow(self.text, |_, out| out.push(MARK));
        SafeText { text, width, hidden: self.hidden + cut }
    }
}

/// The grapheme clusters of `text` (Unicode annex 29), what a cell of the screen holds: letters of plain ASCII, between
/// which there is always a boundary, are told at a glance.
pub fn graphemes(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let length = match rest.as_bytes() {
            [] => return None,
            [one, ..] if one.is_ascii_graphic() || *one == b' ' => match rest.as_bytes().get(1) {
                Some(next) if !next.is_ascii() => rest.graphemes(true).next().map_or(1, str::len),
                _ => 1,
            },
            _ => rest.graphemes(true).next().map_or(rest.len(), str::len),
        };
        let (grapheme, after) = rest.split_at(length);
        rest = after;
        Some(grapheme)
    })
}

/// Whether every byte is a printable ASCII character: by far the most common case.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// Cuts graphemes that are wider than any script has them: letters that never break apart (conjoining jamo, spacing
/// marks) would pile up in one cell of the screen and push the rest of the line away. Keeps the first character and
/// hands the rest to `stand_in`; returns the text, its width and how many were cut.
fn narrow(text: String, stand_in: impl Fn(&str, &mut String)) -> (String, usize, usize) {
    if text.is_ascii() {
        let width = text.len();
        return (text, width, 0);
    }
    let (mut width, mut cut) = (0, 0);
    for grapheme in graphemes(&text) {
        width += grapheme.width();
        cut += usize::from(grapheme.width() > WIDEST);
    }
    if cut == 0 {
        return (text, width, 0);
    }
    let mut out = String::with_capacity(text.len());
    for grapheme in graphemes(&text) {
        if grapheme.width() > WIDEST {
            let first = grapheme.chars().next().map_or(0, char::len_utf8);
            out.push_str(&grapheme[..first]);
            stand_in(&grapheme[first..], &mut out);
        } else {
            out.push_str(grapheme);
        }
    }
    let width = width_of(&out);
    (out, width, cut)
}

/// Width by grapheme, the unit a cell of the screen holds; the width of a whole string may differ (Arabic ligatures).
fn width_of(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { graphemes(text).map(UnicodeWidthStr::width).sum() }
}

/// The longest start of `text` that fits into `columns`, and its width.
fn fit(text: &str, columns: usize) -> (&str, usize) {
    let plain = text.bytes().take(columns + 1).take_while(u8::is_ascii).count();
    if plain > columns {
        return (&text[..columns], columns);
    }
    let mut width = 0;
    for (start, grapheme) in text.grapheme_indices(true) {
        let next = width + grapheme.width();
        if next > columns {
            return (&text[..start], width);
        }
        width = next;
    }
    (text, width)
}
