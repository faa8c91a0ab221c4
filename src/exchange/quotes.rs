//! Quotes in CSV, followed byte by byte. The reader of CSV takes a quote that never closes, and text behind a closing
//! quote, as if they were meant: rows would be swallowed without a word.

use std::fmt;

/// Where the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Row,
    Cell,
    Plain,
    Quoted,
    /// Behind a quote that closes, unless another follows.
    Closed,
}

/// What is wrong with a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// It never closes: so many lines are swallowed.
    Unclosed(u64),
    /// Text follows a quote that closes.
    TextBehind,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wrong::Unclosed(lines) => {
                let s = if *lines == 1 { "" } else { "s" };
                write!(f, "a quote opens here and never closes: it swallows the rest of the file ({lines} line{s})")
            }
            Wrong::TextBehind => f.write_str(
                "text stands behind the closing quote; a quote inside a cell in quotes must be doubled (\"\")",
            ),
        }
    }
}

/// A quote that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuoteFault {
    /// What is wrong.
    pub wrong: Wrong,
    /// The byte at which it shows, from 0.
    pub byte: u64,
    /// The row that it stands in; the header is row 0.
    pub row: u64,
    /// The line in which that row begins.
    pub line: u64,
    /// The cell, from 0.
    pub cell: usize,
}

/// Follows the quotes of a file.
#[derive(Debug, Clone)]
pub struct Quotes {
    delimiter: u8,
    state: State,
    byte: u64,
    line: u64,
    /// Rows that have begun.
    rows: u64,
    begun: u64,
    opened: u64,
    cell: usize,
}

impl Quotes {
    /// At the beginning of a file with this character between cells.
    pub const fn new(delimiter: u8) -> Quotes {
        Quotes { delimiter, state: State::Row, byte: 0, line: 1, rows: 0, begun: 1, opened: 1, cell: 0 }
    }

    /// Follows some more bytes; what is wrong in them is handed to `found`.
    pub fn follow(&mut self, bytes: &[u8], mut found: impl FnMut(QuoteFault)) {
        for &byte in bytes {
            let is_end = matches!(byte, b'\r' | b'\n');
            if self.state == State::Row && !is_end {
                (self.state, self.begun, self.cell) = (State::Cell, self.line, 0);
                self.rows += 1;
            }
            self.state = match self.state {
                State::Quoted if byte == b'"' => State::Closed,
                State::Quoted => State::Quoted,
                State::Closed if byte == b'"' => State::Quoted,
                _ if is_end => State::Row,
                _ if byte == self.delimiter => {
                    self.cell += 1;
                    State::Cell
                }
                State::Cell if byte == b'"' => {
                    self.opened = self.line;
                    State::Quoted
                }
                State::Closed => {
                    found(self.fault(Wrong::TextBehind));
                    State::Plain
                }
                _ => State::Plain,
            };
            self.line += u64::from(byte == b'\n');
            self.byte += 1;
        }
    }

    /// The quote that is open where the file ends.
    pub fn unclosed(&self) -> Option<QuoteFault> {
        (self.state == State::Quoted).then(|| self.fault(Wrong::Unclosed((self.line - self.opened).max(1))))
    }

    fn fault(&self, wrong: Wrong) -> QuoteFault {
        let row = self.rows.saturating_sub(1);
        QuoteFault { wrong, byte: self.byte, row, line: self.begun, cell: self.cell }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wrong(text: &str) -> Vec<(Wrong, u64, u64, usize)> {
        let (mut quotes, mut found) = (Quotes::new(b','), Vec::new());
        quotes.follow(text.as_bytes(), |fault| found.push(fault));
        found.extend(quotes.unclosed());
        found.into_iter().map(|fault| (fault.wrong, fault.row, fault.line, fault.cell)).collect()
    }

    #[test]
    fn quotes_that_are_wrong_have_a_row_a_line_and_a_cell() {
        assert_eq!(wrong("id,text\n1,a\n2,\"never\n3,b\n"), [(Wrong::Unclosed(2), 2, 3, 1)]);
        assert_eq!(wrong("id,text\r\n\r\n1,\"abc\r\n2,d\r\n3,e"), [(Wrong::Unclosed(2), 1, 3, 1)]);
        assert_eq!(wrong("\"id,text\n"), [(Wrong::Unclosed(1), 0, 1, 0)]);
        assert_eq!(wrong("a,b\n1,\"x\ny\"\n2,\"x\"y\n"), [(Wrong::TextBehind, 2, 4, 1)]);
        assert_eq!(wrong("a,b\n1,\"x\"\"y\"\n2,5\" nail\n,\"\""), []);
    }

    proptest! {
        #[test]
        fn what_is_written_as_csv_has_no_wrong_quote(rows in prop::collection::vec(prop::array::uniform3("[a\",\n\r ]{0,5}"), 0..6)) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            prop_assert_eq!(wrong(&text), []);
        }
    }
}
