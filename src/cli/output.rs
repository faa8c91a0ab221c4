//! Data on stdout, in the form that was asked for.

use super::args::Form;
use super::exit::Failure;
use crate::domain::text::SafeText;
use serde_json::{Map, Value};
use std::io::Write;

/// Rows of named values.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    columns: Vec<&'static str>,
    rows: Vec<Vec<Value>>,
}

impl Table {
    /// Without rows. The names are those of `-o json` and `-o csv` and may be relied on; people see them in capitals.
    pub fn new(columns: &[&'static str]) -> Self {
        Table { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row, with a value for each column.
    pub fn push<V: Into<Value>>(&mut self, row: impl IntoIterator<Item = V>) {
        let row: Vec<Value> = row.into_iter().map(Into::into).collect();
        debug_assert_eq!(row.len(), self.columns.len());
        self.rows.push(row);
    }

    fn objects(&self) -> impl Iterator<Item = Value> + '_ {
        self.rows.iter().map(|row| {
            let pairs = self.columns.iter().zip(row);
            Value::Object(pairs.map(|(name, value)| ((*name).to_owned(), value.clone())).collect::<Map<_, _>>())
        })
    }
}

/// Writes a table.
pub fn print(form: Form, table: &Table, out: &mut impl Write) -> Result<(), Failure> {
    match form {
        Form::Table => aligned(table, out)?,
        Form::Json => writeln!(out, "{}", printable(&Value::Array(table.objects().collect()), true))?,
        Form::Jsonl => {
            for object in table.objects() {
                writeln!(out, "{}", printable(&object, false))?;
            }
        }
        Form::Csv => csv(table, out)?,
    }
    out.flush()?;
    Ok(())
}

/// Writes one JSON document, whatever its shape; as a table: its text, indented.
pub fn document(form: Form, value: &Value, out: &mut impl Write) -> Result<(), Failure> {
    writeln!(out, "{}", printable(value, matches!(form, Form::Json | Form::Table)))?;
    Ok(())
}

/// JSON in which every character that could move a terminal's cursor or hide text is written as an escape.
fn printable(value: &Value, pretty: bool) -> String {
    let text = if pretty { format!("{value:#}") } else { value.to_string() };
    if text.is_ascii() {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() || SafeText::line(c.encode_utf8(&mut [0; 4])).hidden() == 0 {
            out.push(c);
        } else {
            let mut units = [0; 2];
            c.encode_utf16(&mut units).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        }
    }
    out
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn aligned(table: &Table, out: &mut impl Write) -> std::io::Result<()> {
    let heads: Vec<SafeText> =
        table.columns.iter().map(|name| SafeText::line(&name.to_uppercase().replace('_', " "))).collect();
    let rows: Vec<Vec<SafeText>> =
        table.rows.iter().map(|row| row.iter().map(|value| SafeText::line(&words(value))).collect()).collect();
    let widest = |column: usize| rows.iter().chain([&heads]).map(|row| row[column].width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..heads.len()).map(widest).collect();
    let right: Vec<bool> = (0..heads.len())
        .map(|column| {
            !table.rows.is_empty() && table.rows.iter().all(|row| row[column].is_number() || row[column].is_null())
        })
        .collect();
    for row in [&heads].into_iter().chain(&rows) {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let pad = " ".repeat(widths[column] - cell.width());
            let gap = if column == 0 { "" } else { "  " };
            let (before, after) = if right[column] { (pad.as_str(), "") } else { ("", pad.as_str()) };
            line.extend([gap, before, cell.as_str(), after]);
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn csv(table: &Table, out: &mut impl Write) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_writer(out);
    let failed = |error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(error) => Failure::from(error),
        other => Failure::Failed(format!("writing CSV: {other:?}")),
    };
    writer.write_record(&table.columns).map_err(failed)?;
    for row in &table.rows {
        writer.write_record(row.iter().map(|value| guarded(&words(value)))).map_err(failed)?;
    }
    writer.flush()?;
    Ok(())
}

/// A spreadsheet takes a cell that begins so for a formula; a quote in front makes it a text.
fn guarded(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err() {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
