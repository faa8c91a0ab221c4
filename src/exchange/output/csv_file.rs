//! CSV that a spreadsheet can be shown.

use super::{Cell, Column, iso};
use crate::exchange::formula;
use serde_json::Value;
use std::borrow::Cow;
use std::io::{self, Write};

pub(super) fn header(out: &mut impl Write, columns: &[Column]) -> io::Result<()> {
    let mut names = Vec::new();
    for column in columns {
        match column.csv_fields() {
            None => names.push(guarded(column.name())),
            Some(fields) => names.extend(
                fields.iter().map(|field| Cow::Owned(guarded(&format!("{}.{field}", column.name())).into_owned())),
            ),
        }
    }
    write(out, names.into_iter())
}

pub(super) fn row(out: &mut impl Write, columns: &[Column], cells: &[Cell]) -> io::Result<()> {
    let mut texts = Vec::new();
    for (column, cell) in columns.iter().zip(cells) {
        match (column.csv_fields(), cell) {
            (None, cell) => texts.push(text(cell)),
            (Some(fields), Cell::Json(object)) => {
                texts.extend(fields.iter().map(|field| object.get(field).map_or(Cow::Borrowed(""), value)));
            }
            (Some(fields), _) => texts.extend(fields.iter().map(|_| Cow::Borrowed(""))),
        }
    }
    write(out, texts.into_iter())
}

fn text(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Missing => Cow::Borrowed(""),
        Cell::Text(text) => guarded(text),
        Cell::Number(number) => Cow::Owned(number.to_string()),
        Cell::Money(amount) => Cow::Owned(amount.to_string()),
        Cell::Flag(flag) => Cow::Borrowed(if *flag { "true" } else { "false" }),
        Cell::Time(time) => Cow::Owned(iso(*time)),
        Cell::Span(span) => Cow::Owned(span.0.to_string()),
        Cell::Json(json) => Cow::Owned(guarded(&json.to_string()).into_owned()),
    }
}

/// A field as batch-results files have it: lists joined with `|`.
fn value(json: &Value) -> Cow<'_, str> {
    match json {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => guarded(text),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let words: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            Cow::Owned(guarded(&words.join("|")).into_owned())
        }
        other => Cow::Owned(guarded(&other.to_string()).into_owned()),
    }
}

fn write<'a>(out: &mut impl Write, cells: impl Iterator<Item = Cow<'a, str>>) -> io::Result<()> {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        if cell.contains(['"', ',', '\n', '\r']) || cell.starts_with(' ') || cell.ends_with(' ') {
            write!(out, "\"{}\"", cell.replace('"', "\"\""))?;
        } else {
            out.write_all(cell.as_bytes())?;
        }
    }
    out.write_all(b"\n")
}

/// Text that no spreadsheet takes for a formula, and without control characters: each becomes a replacement character. Line
/// breaks and tabs inside stay.
fn guarded(text: &str) -> Cow<'_, str> {
    let is_control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let text =
        if text.contains(is_control) { Cow::Owned(text.replace(is_control, "\u{fffd}")) } else { Cow::Borrowed(text) };
    match formula::defuse(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(safe) => safe.into(),
    }
}
