//! The rows of a batch: CSV (with commas, semicolons or tabs) or JSON lines. What is wrong is named by row, line and
//! column, and a table is handed out only when nothing is.

mod csv_rows;
mod json_rows;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};
use std::collections::HashSet;
use std::fmt;
use std::io::{self, Write};

/// The requester website took so many rows.
pub const MOST_ROWS: usize = 250_000;
/// No question is longer, so no value in it is.
pub const LONGEST_CELL: usize = 65_535;
/// So many things are named that are wrong.
const SHOWN: usize = 20;
/// A column of our own: why a row failed. It stands in the files of rows that failed, which are data again.
pub const ERROR_COLUMN: &str = "hitdeck_error";

/// A table whose rows all have the same columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// The columns, in order.
    pub columns: Vec<String>,
    /// What stands in the rows.
    pub rows: Vec<Vec<String>>,
    /// In which line of the file each row begins, from 1.
    pub lines: Vec<u64>,
    /// How the file was written.
    pub layout: Layout,
}

/// How a file of rows is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// CSV with this character between cells.
    Csv(u8),
    /// An object a line.
    JsonLines,
}

impl Default for Layout {
    fn default() -> Layout {
        Layout::Csv(b',')
    }
}

impl Table {
    /// Where a column is.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// What a row has under a name.
    pub fn value<'t>(&'t self, row: &'t [String], name: &str) -> Option<&'t str> {
        row.get(self.column(name)?).map(String::as_str)
    }
}

/// Writes rows that failed in the layout they came in, each with why: such a file is data again.
pub fn write_failed(mut out: impl Write, table: &Table, failed: &[(usize, String)]) -> io::Result<()> {
    let rows = failed.iter().filter_map(|(at, why)| Some((table.rows.get(*at)?, why)));
    match table.layout {
        Layout::Csv(delimiter) => {
            let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(&mut out);
            let error = |error: csv::Error| io::Error::other(error);
            writer.write_record(table.columns.iter().map(String::as_str).chain([ERROR_COLUMN])).map_err(error)?;
            for (row, why) in rows {
                writer.write_record(row.iter().map(String::as_str).chain([why.as_str()])).map_err(error)?;
            }
            writer.flush()?;
        }
        Layout::JsonLines => {
            for (row, why) in rows {
                let mut object: Map<String, Value> =
                    table.columns.iter().cloned().zip(row.iter().cloned().map(Value::from)).collect();
                object.insert(ERROR_COLUMN.to_owned(), why.as_str().into());
                writeln!(out, "{}", Value::Object(object))?;
            }
        }
    }
    out.flush()
}

/// One thing that is wrong with a file of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFault {
    /// Which row, from 1, and in which line it begins; none for the header, or for all of it.
    pub row: Option<(usize, u64)>,
    /// The column, if it is one.
    pub column: Option<String>,
    /// What is wrong, and what to do.
    pub words: String,
}

impl fmt::Display for DataFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((row, line)) = self.row {
            write!(f, "row {row} (line {line})")?;
            f.write_str(if self.column.is_some() { ", " } else { ": " })?;
        }
        if let Some(column) = &self.column {
            write!(f, "column {column:?}: ")?;
        }
        f.write_str(&self.words)
    }
}

/// Why a file of rows cannot be used: at least one fault, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct DataFaults {
    /// The file, as it was named.
    pub file: String,
    /// What is wrong.
    pub faults: Vec<DataFault>,
    /// Whether more is wrong than is named.
    pub more: bool,
}

impl fmt::Display for DataFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.faults.iter().enumerate() {
            write!(f, "{}{}: {fault}", if at == 0 { "" } else { "\n" }, self.file)?;
        }
        if self.more { write!(f, "\n{}: and more", self.file) } else { Ok(()) }
    }
}

/// Reads the rows of a file that is called `file`; its name tells CSV from JSON lines, else its first character does.
pub fn read(file: &str, bytes: &[u8]) -> Result<Table, DataFaults> {
    let mut found = Found::default();
    let table = text(bytes, &mut found).map(|text| {
        let name = file.to_ascii_lowercase();
        let of_json = [".jsonl", ".ndjson", ".json"].iter().any(|end| name.ends_with(end));
        let of_csv = [".csv", ".tsv", ".txt"].iter().any(|end| name.ends_with(end));
        if of_json || (!of_csv && text.trim_start().starts_with('{')) {
            json_rows::read(text, &mut found)
        } else {
            csv_rows::read(text, &mut found)
        }
    });
    if found.faults.is_empty() {
        return Ok(table.unwrap_or_default().without_errors());
    }
    Err(DataFaults { file: file.to_owned(), faults: found.faults, more: found.more })
}

impl Table {
    /// Without the column in which an earlier run said why a row failed.
    fn without_errors(mut self) -> Table {
        if let Some(at) = self.column(ERROR_COLUMN) {
            self.columns.remove(at);
            self.rows.iter_mut().for_each(|row| drop(row.remove(at)));
        }
        self
    }
}

/// The file as text: UTF-8, with or without a mark at its beginning.
fn text<'b>(bytes: &'b [u8], found: &mut Found) -> Option<&'b str> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        found.whole("it is written in UTF-16: save it as UTF-8");
        return None;
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let before = &bytes[..error.valid_up_to()];
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
            let byte = bytes[error.valid_up_to()];
            found.whole(format!(
                "line {line}, character {column}: the byte {byte:#04x} is no UTF-8; is the file in another encoding \
                 (Windows-1252, Latin-1)? Save it as UTF-8"
            ));
            None
        }
    }
}

/// What is wrong, while a file is read.
#[derive(Debug, Default)]
struct Found {
    faults: Vec<DataFault>,
    more: bool,
}

impl Found {
    fn add(&mut self, row: Option<(usize, u64)>, column: Option<&str>, words: impl Into<String>) {
        if self.faults.len() < SHOWN {
            self.faults.push(DataFault { row, column: column.map(str::to_owned), words: words.into() });
        } else {
            self.more = true;
        }
    }

    fn whole(&mut self, words: impl Into<String>) {
        self.add(None, None, words);
    }

    fn is_full(&self) -> bool {
        self.more
    }

    /// Columns must have names, each its own.
    fn columns(&mut self, columns: &[String]) {
        let mut seen = HashSet::new();
        for (at, name) in columns.iter().enumerate() {
            if name.trim().is_empty() {
                self.whole(format!("column {} of the header has no name", at + 1));
            } else if !seen.insert(name) {
                self.whole(format!("two columns are called {name:?}: which of them would be ${{{name}}}?"));
            }
        }
    }

    /// What no question can hold.
    fn cell(&mut self, row: (usize, u64), column: &str, cell: &str) {
        if cell.len() > LONGEST_CELL {
            let words =
                format!("{} bytes; a whole question has at most {LONGEST_CELL}. Is a quote never closed?", cell.len());
            self.add(Some(row), Some(column), words);
        } else if let Some(c) = cell.chars().find(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
            let words = format!("the character U+{:04X} is not allowed in a question", c as u32);
            self.add(Some(row), Some(column), words);
        }
    }

    /// Whether there is room for one row more.
    fn room(&mut self, rows: usize) -> bool {
        if rows == MOST_ROWS {
            self.whole(format!("more than {MOST_ROWS} rows: publish them as several batches"));
            self.more = true;
        }
        rows < MOST_ROWS
    }
}
