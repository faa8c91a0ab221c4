//! CSV that a spreadsheet can be shown.

use super::{Cell, iso};
use std::borrow::Cow;
use std::io::{self, Write};

pub(super) fn header(out: &mut impl Write, columns: &[Cow<'static, str>]) -> io::Result<()> {
    write(out, columns.iter().map(|name| guarded(name)))
}

pub(super) fn row(out: &mut impl Write, cells: &[Cell]) -> io::Result<()> {
    write(
        out,
        cells.iter().map(|cell| match cell {
            Cell::Missing => Cow::Borrowed(""),
            Cell::Text(text) => guarded(text),
            Cell::Number(number) => Cow::Owned(number.to_string()),
            Cell::Money(amount) => Cow::Owned(amount.to_string()),
            Cell::Flag(flag) => Cow::Borrowed(if *flag { "true" } else { "false" }),
            Cell::Time(time) => Cow::Owned(iso(*time)),
            Cell::Span(span) => Cow::Owned(span.0.to_string()),
            Cell::Json(json) => Cow::Owned(guarded(&json.to_string()).into_owned()),
        }),
    )
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

/// Text that no spreadsheet takes for a formula (an apostrophe in front, as OWASP recommends), and without control
/// characters: each becomes a replacement character. Line breaks and tabs inside stay.
fn guarded(text: &str) -> Cow<'_, str> {
    let is_control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let text =
        if text.contains(is_control) { Cow::Owned(text.replace(is_control, "\u{fffd}")) } else { Cow::Borrowed(text) };
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        Cow::Owned(format!("'{text}"))
    } else {
        text
    }
}
