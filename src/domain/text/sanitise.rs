//! The scanner behind [`super::SafeText`]: decides of every character whether it is printed, removed or reduced.

use std::fmt::Write;
use unicode_width::UnicodeWidthChar;

/// Combining marks that a base character may carry; more is a flood that climbs over the neighbouring lines.
const MARKS_PER_BASE: u8 = 4;
/// Glyphs that an emoji sequence may join to its first one; more is a hiding place.
const JOINED_PER_BASE: u8 = 8;

const ZWJ: char = '\u{200d}';

/// What becomes of a part of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Printed as it is.
    Keep(char),
    /// A tab: printed as a blank.
    Tab,
    /// Not printed, and its absence shown.
    Removed(&'a str),
    /// Part of an emoji sequence of which only the base glyph is printed, because terminals disagree on its width.
    Reduced(&'a str),
    /// A line break of any kind.
    Break(&'a str),
}

/// Walks over a text, piece by piece.
pub(super) struct Scanner<'a> {
    rest: &'a str,
    /// The base character that combining marks would sit on.
    base: Option<char>,
    marks: u8,
    joined: u8,
    /// The glyph has had its style selector.
    styled: bool,
    /// No string terminator is left in `rest`: an unfinished OSC or DCS does not swallow the text behind it.
    unterminated: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Scanner { rest: text, base: None, marks: 0, joined: 0, styled: false, unterminated: false }
    }

    /// Cuts `bytes` off the front.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (head, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        head
    }

    fn remove(&mut self, bytes: usize) -> Piece<'a> {
        self.base = None;
        Piece::Removed(self.take(bytes))
    }

    /// Length of the control sequence at the front, which begins with ESC or a C1 control.
    fn sequence(&mut self, first: char) -> usize {
        let (kind, start) = match first {
            '\u{1b}' => match self.rest[1..].chars().next() {
                Some(c @ '\u{20}'..='\u{7e}') => (c, 2),
                _ => return 1,
            },
            // C1 controls stand for ESC and the letter 0x40 below.
            c => (char::from((c as u32 as u8).wrapping_sub(0x40)), 2),
        };
        let body = &self.rest.as_bytes()[start..];
        match kind {
            '[' => {
                let parameters = body.iter().take_while(|b| (0x20..=0x3f).contains(*b)).count();
                let ends = body.get(parameters).is_some_and(|b| (0x40..=0x7e).contains(b));
                start + parameters + usize::from(ends)
            }
            ']' | 'P' | 'X' | '^' | '_' => start + self.string_length(start),
            '\u{20}'..='\u{2f}' if first == '\u{1b}' => {
                let between = body.iter().take_while(|b| (0x20..=0x2f).contains(*b)).count();
                let ends = body.get(between).is_some_and(|b| (0x30..=0x7e).contains(b));
                start + between + usize::from(ends)
            }
            _ => start,
        }
    }

    /// Length of a control string with its terminator (BEL, ESC \ or ST); 0 when it has none.
    fn string_length(&mut self, start: usize) -> usize {
        if self.unterminated {
            return 0;
        }
        let body = &self.rest[start..];
        let bytes = body.as_bytes();
        for (at, &byte) in bytes.iter().enumerate() {
            match (byte, bytes.get(at + 1)) {
                (0x07, _) => return at + 1,
                (0x1b, Some(b'\\')) | (0xc2, Some(0x9c)) => return at + 2,
                _ => {}
            }
        }
        self.unterminated = true;
        0
    }

    /// What a zero-width joiner between two emoji joins: the joiner and the glyph behind it.
    fn joined_glyph(&self) -> Option<usize> {
        if self.joined >= JOINED_PER_BASE || !self.base.is_some_and(is_pictograph) {
            return None;
        }
        let next = self.rest[ZWJ.len_utf8()..].chars().next().filter(|c| is_pictograph(*c))?;
        Some(ZWJ.len_utf8() + next.len_utf8())
    }
}

impl<'a> Iterator for Scanner<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let c = self.rest.chars().next()?;
        let length = c.len_utf8();
        if (' '..='~').contains(&c) {
            self.rest = &self.rest[1..];
            self.base = Some(c);
            (self.marks, self.joined, self.styled) = (0, 0, false);
            return Some(Piece::Keep(c));
        }
        Some(match c {
            '\t' => {
                self.base = None;
                self.take(1);
                Piece::Tab
            }
            '\r' if self.rest.as_bytes().get(1) == Some(&b'\n') => {
                self.base = None;
                Piece::Break(self.take(2))
            }
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                self.base = None;
                Piece::Break(self.take(length))
            }
            '\u{1b}' | '\u{80}'..='\u{9f}' => {
                let length = self.sequence(c);
                self.remove(length)
            }
            '\u{0}'..='\u{1f}' | '\u{7f}' => self.remove(1),
            // Text and emoji style of the glyph before it; terminals disagree on what it does to the width.
            '\u{fe0e}' | '\u{fe0f}' if self.base.is_some() && !self.styled => {
                self.styled = true;
                Piece::Reduced(self.take(length))
            }
            '\u{1f3fb}'..='\u{1f3ff}' if self.base.is_some_and(is_pictograph) && self.joined < JOINED_PER_BASE => {
                self.joined += 1;
                Piece::Reduced(self.take(length))
            }
            ZWJ => match self.joined_glyph() {
                Some(length) => {
                    self.joined += 1;
                    self.styled = false;
                    Piece::Reduced(self.take(length))
                }
                None => self.remove(length),
            },
            _ if is_invisible(c) => self.remove(length),
            _ if c.width() == Some(0) => {
                if self.base.is_none() || self.marks >= MARKS_PER_BASE {
                    // The base stays: the next mark of the flood is removed as well.
                    return Some(Piece::Removed(self.take(length)));
                }
                self.marks += 1;
                self.rest = &self.rest[length..];
                Piece::Keep(c)
            }
            _ => {
                self.rest = &self.rest[length..];
                self.base = Some(c);
                (self.marks, self.joined, self.styled) = (0, 0, false);
                Piece::Keep(c)
            }
        })
    }
}

/// Characters of the general category Cf, default-ignorable ones, noncharacters: they show nothing and change what is
/// around them. (Unicode 17; ranges of blocks rather than single characters where the block holds nothing else.)
fn is_invisible(c: char) -> bool {
    if c < '\u{ad}' {
        return false;
    }
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}'
        | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{fffe}'..='\u{ffff}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1345f}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || (c as u32 & 0xfffe) == 0xfffe
}

/// Roughly the pictographs that take part in emoji sequences.
fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}'
        | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}')
}

/// Writes what is not printed so that it can be read: `\n`, `\x1b`, `\u{202e}`; printable ASCII inside stays as it is.
pub(super) fn escape(raw: &str, out: &mut String) {
    for c in raw.chars() {
        // Writing to a String cannot fail.
        let _ = match c {
            '\n' => write!(out, "\\n"),
            '\r' => write!(out, "\\r"),
            '\t' => write!(out, "\\t"),
            ' '..='~' => write!(out, "{c}"),
            '\u{0}'..='\u{ff}' => write!(out, "\\x{:02x}", c as u32),
            _ => write!(out, "\\u{{{:x}}}", c as u32),
        };
    }
}
