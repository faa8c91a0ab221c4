//! What every subcommand prints: rows of named columns as an aligned table, as JSON, as JSON lines or as CSV.
//!
//! Whatever a worker wrote stays harmless in each of them: a table holds [`SafeText`] only, JSON escapes what a terminal
//! would act upon, CSV neither starts a formula nor holds control bytes.

mod column;
mod csv_file;
mod json;
mod table;
#[cfg(test)]
mod tests;

pub use column::Column;
pub(super) use json::harmless;

use crate::domain::money::Usd;
use crate::domain::time::{Seconds, Time};
use std::io::{self, Write};
use std::mem;

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
    columns: Vec<Column>,
    /// Which of the columns this form has.
    chosen: Vec<usize>,
    width: Option<usize>,
    /// A table's rows wait here until the widths are known.
    rows: Vec<Vec<Cell>>,
    written: u64,
}

impl<W: Write> Writer<W> {
    /// Rows of these columns. A table is made to fit `width` columns of the terminal, if there is one.
    pub fn new(
        out: W,
        format: Format,
        columns: impl IntoIterator<Item = impl Into<Column>>,
        width: Option<usize>,
    ) -> Self {
        let columns: Vec<Column> = columns.into_iter().map(Into::into).collect();
        let chosen: Vec<usize> = (0..columns.len()).filter(|index| columns[*index].is_in(format)).collect();
        let columns = chosen.iter().map(|index| columns[*index].clone()).collect();
        Writer { out, format, columns, chosen, width, rows: Vec::new(), written: 0 }
    }

    /// Adds a row; cells in the order of the columns, missing ones at the end count as [`Cell::Missing`].
    pub fn row(&mut self, mut cells: Vec<Cell>) -> io::Result<()> {
        let take =
            |index: &usize| cells.get_mut(*index).map_or(Cell::Missing, |cell| mem::replace(cell, Cell::Missing));
        let cells: Vec<Cell> = self.chosen.iter().map(take).collect();
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
                csv_file::row(&mut self.out, &self.columns, &cells)?;
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

/// Writes one record: for people a line for each value, in JSON one object.
pub fn record(mut out: impl Write, format: Format, cells: Vec<(Column, Cell)>) -> io::Result<()> {
    let (columns, cells): (Vec<Column>, Vec<Cell>) =
        cells.into_iter().filter(|(column, _)| column.is_in(format)).unzip();
    match format {
        Format::Table => table::record(&mut out, &columns, &cells)?,
        Format::Json | Format::Jsonl => writeln!(out, "{}", json::object(&columns, &cells))?,
        Format::Csv => {
            csv_file::header(&mut out, &columns)?;
            csv_file::row(&mut out, &columns, &cells)?;
        }
    }
    out.flush()
}

/// Writes whole records: for people one below the other, without what they do not have, else as [`Writer`] does.
pub fn records(mut out: impl Write, format: Format, columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> io::Result<()> {
    if format != Format::Table {
        let mut writer = Writer::new(out, format, columns, None);
        for cells in rows {
            writer.row(cells)?;
        }
        return writer.finish();
    }
    for (index, cells) in rows.into_iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        let has_some = |(_, cell): &(Column, Cell)| *cell != Cell::Missing;
        record(&mut out, format, columns.iter().cloned().zip(cells).filter(has_some).collect())?;
    }
    out.flush()
}

/// A moment in ISO 8601, UTC.
pub fn iso(time: Time) -> String {
    jiff::Timestamp::from_second(time.0).map_or_else(|_| time.0.to_string(), |moment| moment.to_string())
}
