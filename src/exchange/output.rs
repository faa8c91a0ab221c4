//! What every subcommand prints: rows of named columns as an aligned table, as JSON, as JSON lines or as CSV.
//!
//! Whatever a worker wrote stays harmless in each of them: a table holds [`SafeText`] only, JSON escapes what a terminal
//! would act upon, CSV neither starts a formula nor holds control bytes.

mod csv_file;
mod json;
mod table;
#[cfg(test)]
mod tests;

use crate::domain::money::Usd;
use crate::domain::text::SafeText;
use crate::domain::time::{Seconds, Time};
use std::borrow::Cow;
use std::io::{self, Write};

/// The form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// One array of objects (one object for a single record).
    Json,
    /// One object a line.
    Jsonl,
    /// With a header.
    Csv,
}

impl Format {
    /// All four.
    pub const ALL: [Format; 4] = [Format::Table, Format::Json, Format::Jsonl, Format::Csv];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Table => "table",
            Format::Json => "json",
            Format::Jsonl => "jsonl",
            Format::Csv => "csv",
        }
    }
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|format| format.name() == text);
        known.ok_or_else(|| format!("\"{text}\" is not an output format: expected table, json, jsonl or csv"))
    }
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing: `-` in a table, null in JSON, empty in CSV.
    Missing,
    /// Text from anywhere.
    Text(String),
    /// A whole number.
    Number(i64),
    /// An amount: with a dollar sign in a table, else as the API writes it (a string in JSON, exact).
    Money(Usd),
    /// A yes/no.
    Flag(bool),
    /// A moment, in UTC.
    Time(Time),
    /// A span: `1:05:09` in a table, seconds elsewhere.
    Span(Seconds),
    /// Structure, kept in JSON and written compactly elsewhere.
    Json(serde_json::Value),
}

impl Cell {
    /// Whether a table puts it to the right.
    fn is_number(&self) -> bool {
        matches!(self, Cell::Number(_) | Cell::Money(_) | Cell::Span(_))
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<Usd> for Cell {
    fn from(amount: Usd) -> Cell {
        Cell::Money(amount)
    }
}

impl From<Time> for Cell {
    fn from(time: Time) -> Cell {
        Cell::Time(time)
    }
}

impl From<Seconds> for Cell {
    fn from(span: Seconds) -> Cell {
        Cell::Span(span)
    }
}

impl From<bool> for Cell {
    fn from(flag: bool) -> Cell {
        Cell::Flag(flag)
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Cell {
        Cell::Number(i64::from(number))
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Cell {
        Cell::Number(number)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Cell {
        value.map_or(Cell::Missing, Into::into)
    }
}

/// Writes rows. Nothing is complete before [`Writer::finish`].
pub struct Writer<W: Write> {
    out: W,
    format: Format,
    columns: Vec<Cow<'static, str>>,
    width: Option<usize>,
    /// A table's rows wait here until the widths are known.
    rows: Vec<Vec<Cell>>,
    written: u64,
}

impl<W: Write> Writer<W> {
    /// Rows of these columns. A table is clipped to `width` columns of the terminal, if there is one.
    pub fn new(
        out: W,
        format: Format,
        columns: impl IntoIterator<Item = impl Into<Cow<'static, str>>>,
        width: Option<usize>,
    ) -> Self {
        let columns = columns.into_iter().map(Into::into).collect();
        Writer { out, format, columns, width, rows: Vec::new(), written: 0 }
    }

    /// Adds a row; cells in the order of the columns, missing ones at the end count as [`Cell::Missing`].
    pub fn row(&mut self, mut cells: Vec<Cell>) -> io::Result<()> {
        cells.resize(self.columns.len(), Cell::Missing);
        let first = self.written == 0;
        self.written += 1;
        match self.format {
            Format::Table => self.rows.push(cells),
            Format::Json => {
                self.out.write_all(if first { b"[\n  " } else { b",\n  " })?;
                self.out.write_all(json::object(&self.columns, &cells).as_bytes())?;
            }
            Format::Jsonl => writeln!(self.out, "{}", json::object(&self.columns, &cells))?,
            Format::Csv => {
                if first {
                    csv_file::header(&mut self.out, &self.columns)?;
                }
                csv_file::row(&mut self.out, &cells)?;
            }
        }
        Ok(())
    }

    /// Writes what is left and flushes.
    pub fn finish(mut self) -> io::Result<()> {
        match self.format {
            Format::Table => table::write(&mut self.out, &self.columns, &self.rows, self.width)?,
            Format::Json => self.out.write_all(if self.written == 0 { b"[]\n" } else { b"\n]\n" })?,
            Format::Csv if self.written == 0 => csv_file::header(&mut self.out, &self.columns)?,
            Format::Jsonl | Format::Csv => {}
        }
        self.out.flush()
    }
}

/// Writes one record: in a table a line for each value, in JSON one object.
pub fn record(mut out: impl Write, format: Format, cells: Vec<(&'static str, Cell)>) -> io::Result<()> {
    let (names, values): (Vec<Cow<'static, str>>, Vec<Cell>) =
        cells.into_iter().map(|(name, cell)| (name.into(), cell)).unzip();
    match format {
        Format::Table => {
            let widest = names.iter().map(|name| SafeText::line(name).width()).max().unwrap_or(0);
            for (name, value) in names.iter().zip(&values) {
                let name = SafeText::line(name);
                let pad = " ".repeat(widest - name.width());
                for (index, line) in table::lines(value).into_iter().enumerate() {
                    if index == 0 {
                        writeln!(out, "{name}{pad}  {line}")?;
                    } else {
                        writeln!(out, "{:widest$}  {line}", "")?;
                    }
                }
            }
        }
        Format::Json | Format::Jsonl => writeln!(out, "{}", json::object(&names, &values))?,
        Format::Csv => {
            csv_file::header(&mut out, &names)?;
            csv_file::row(&mut out, &values)?;
        }
    }
    out.flush()
}

/// A moment in ISO 8601, UTC.
fn iso(time: Time) -> String {
    jiff::Timestamp::from_second(time.0).map_or_else(|_| time.0.to_string(), |moment| moment.to_string())
}
