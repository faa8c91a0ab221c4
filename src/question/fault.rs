//! What is wrong with a document, and where: line, column and words, for the person who wrote it.

use std::fmt;

/// A place in a document, both counted from 1; a column is a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: u32,
    /// The character in the line.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// One thing that is wrong, or doubtful.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What, in a sentence.
    pub words: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.words)
    }
}

/// Why a document is refused: one fault or more, in the order of the document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Faults {
    /// The first.
    pub first: Fault,
    /// The others; a document that is wrong throughout names some of them only.
    pub more: Vec<Fault>,
}

impl Faults {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        std::iter::once(&self.first).chain(&self.more)
    }
}

/// So many faults are written out in one message.
const SHOWN: usize = 5;

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.iter().take(SHOWN).enumerate() {
            write!(f, "{}{fault}", if index == 0 { "" } else { " " })?;
        }
        match (1 + self.more.len()).saturating_sub(SHOWN) {
            0 => Ok(()),
            1 => write!(f, " And one more."),
            hidden => write!(f, " And {hidden} more."),
        }
    }
}

/// A document that was read, and what is doubtful in it all the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked<T> {
    /// What was read.
    pub value: T,
    /// What is accepted and probably not meant.
    pub warnings: Vec<Fault>,
}

/// A fault by its byte offset, as the readers know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct At {
    pub(super) offset: usize,
    pub(super) words: String,
}

impl At {
    pub(super) fn new(offset: usize, words: impl Into<String>) -> At {
        At { offset, words: words.into() }
    }
}

/// Finds lines and columns. Asked in the order of the document it reads the document once.
#[derive(Debug)]
pub(super) struct Places<'a> {
    source: &'a str,
    offset: usize,
    place: Place,
}

impl<'a> Places<'a> {
    pub(super) fn new(source: &'a str) -> Places<'a> {
        Places { source, offset: 0, place: Place { line: 1, column: 1 } }
    }

    /// The place of a byte; of the document's end when there is no such byte.
    pub(super) fn of(&mut self, offset: usize) -> Place {
        if offset < self.offset {
            (self.offset, self.place) = (0, Place { line: 1, column: 1 });
        }
        let rest = self.source.get(self.offset..).unwrap_or("");
        for (at, c) in rest.char_indices() {
            if self.offset + at >= offset {
                self.offset += at;
                return self.place;
            }
            if c == '\n' {
                self.place = Place { line: self.place.line.saturating_add(1), column: 1 };
            } else {
                self.place.column = self.place.column.saturating_add(1);
            }
        }
        self.offset = self.source.len();
        self.place
    }
}

/// So many faults of a document are kept.
const KEPT: usize = 50;

/// Collects what is wrong and what is doubtful while a document is read.
#[derive(Debug)]
pub(super) struct Findings<'a> {
    places: Places<'a>,
    errors: Vec<At>,
    warnings: Vec<At>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(source: &'a str) -> Findings<'a> {
        Findings { places: Places::new(source), errors: Vec::new(), warnings: Vec::new() }
    }

    /// The document cannot be accepted.
    pub(super) fn error(&mut self, offset: usize, words: impl Into<String>) {
        if self.errors.len() < KEPT {
            self.errors.push(At::new(offset, words));
        }
    }

    /// The document is accepted, but this is probably not meant.
    pub(super) fn warn(&mut self, offset: usize, words: impl Into<String>) {
        if self.warnings.len() < KEPT {
            self.warnings.push(At::new(offset, words));
        }
    }

    /// The place of a byte.
    pub(super) fn place(&mut self, offset: usize) -> Place {
        self.places.of(offset)
    }

    /// What was read, unless something is wrong with it.
    pub(super) fn finish<T>(mut self, value: T) -> Result<Checked<T>, Faults> {
        let warnings = std::mem::take(&mut self.warnings);
        let warnings = self.faults(warnings);
        let errors = std::mem::take(&mut self.errors);
        let mut errors = self.faults(errors).into_iter();
        match errors.next() {
            None => Ok(Checked { value, warnings }),
            Some(first) => Err(Faults { first, more: errors.collect() }),
        }
    }

    fn faults(&mut self, mut found: Vec<At>) -> Vec<Fault> {
        found.sort_by_key(|at| at.offset);
        found.into_iter().map(|at| Fault { place: self.places.of(at.offset), words: at.words }).collect()
    }
}

/// A document that could not be read at all.
pub(super) fn refuse(source: &str, at: At) -> Faults {
    Faults { first: Fault { place: Places::new(source).of(at.offset), words: at.words }, more: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_lines_and_characters() {
        let source = "ab\nçd\n\ne";
        let mut places = Places::new(source);
        let mut of = |offset| {
            let Place { line, column } = places.of(offset);
            (line, column)
        };
        assert_eq!([of(0), of(1), of(3), of(5), of(8), of(9)], [(1, 1), (1, 2), (2, 1), (2, 2), (4, 1), (4, 2)]);
        assert_eq!([of(0), of(1_000), of(4)], [(1, 1), (4, 2), (2, 2)], "in any order, behind the end, in a character");
    }

    #[test]
    fn a_message_names_the_first_faults_and_counts_the_rest() {
        let mut findings = Findings::new("a\nb");
        (0..7).for_each(|n| findings.error(2, format!("Fault {n}.")));
        let message = findings.finish(()).unwrap_err().to_string();
        assert!(message.starts_with("line 2, column 1: Fault 0. line 2, column 1: Fault 1."), "{message}");
        assert!(message.ends_with("Fault 4. And 2 more."), "{message}");
    }
}
