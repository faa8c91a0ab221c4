//! Tables for people: aligned by the width on the screen, numbers to the right, nothing that a terminal would act upon.

use super::Cell;
use crate::domain::text::SafeText;
use crate::domain::time::Time;
use std::borrow::Cow;
use std::io::{self, Write};

/// No column is made narrower than this to fit the terminal.
const NARROWEST: usize = 8;

pub(super) fn write(
    out: &mut impl Write,
    columns: &[Cow<'static, str>],
    rows: &[Vec<Cell>],
    width: Option<usize>,
) -> io::Result<()> {
    let head: Vec<SafeText> = columns.iter().map(|name| SafeText::line(&name.to_uppercase())).collect();
    let body: Vec<Vec<SafeText>> = rows.iter().map(|row| row.iter().map(line).collect()).collect();
    let to_right: Vec<bool> = (0..columns.len())
        .map(|column| {
            let mut cells = rows.iter().map(|row| &row[column]).filter(|cell| **cell != Cell::Missing).peekable();
            cells.peek().is_some() && cells.all(Cell::is_number)
        })
        .collect();
    let mut widths: Vec<usize> = head.iter().map(SafeText::width).collect();
    for row in &body {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(cell.width());
        }
    }
    if let Some(width) = width {
        narrow(&mut widths, width);
    }
    for row in std::iter::once(&head).chain(&body) {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            if column > 0 {
                line.push_str("  ");
            }
            let cell = cell.clip(*width);
            let pad = " ".repeat(width - cell.width());
            if to_right[column] {
                line.push_str(&pad);
                line.push_str(cell.as_str());
            } else {
                line.push_str(cell.as_str());
                line.push_str(&pad);
            }
        }
        writeln!(out, "{}", line.trim_end_matches(' '))?;
    }
    Ok(())
}

/// Takes columns off the widest cells until the line fits, as far as that goes.
fn narrow(widths: &mut [usize], width: usize) {
    let gaps = 2 * widths.len().saturating_sub(1);
    let mut over = (widths.iter().sum::<usize>() + gaps).saturating_sub(width);
    while over > 0 {
        let widest = widths.iter().copied().max().unwrap_or(0);
        if widest <= NARROWEST {
            return;
        }
        let second = widths.iter().copied().filter(|other| *other < widest).max().unwrap_or(0).max(NARROWEST);
        for column in widths.iter_mut().filter(|column| **column == widest) {
            let cut = (widest - second).min(over);
            *column -= cut;
            over -= cut;
        }
    }
}

/// A cell in one line.
fn line(cell: &Cell) -> SafeText {
    match cell {
        Cell::Missing => SafeText::line("-"),
        Cell::Text(text) => SafeText::line(text),
        Cell::Number(number) => SafeText::line(&number.to_string()),
        Cell::Money(amount) => SafeText::line(&amount.display()),
        Cell::Flag(flag) => SafeText::line(if *flag { "yes" } else { "no" }),
        Cell::Time(time) => SafeText::line(&minutes(*time)),
        Cell::Span(span) => {
            let (sign, total) = (if span.0 < 0 { "-" } else { "" }, span.0.unsigned_abs());
            let (hours, minutes, seconds) = (total / 3_600, total / 60 % 60, total % 60);
            SafeText::line(&match hours {
                0 => format!("{sign}{minutes}:{seconds:02}"),
                _ => format!("{sign}{hours}:{minutes:02}:{seconds:02}"),
            })
        }
        Cell::Json(json) => SafeText::line(&json.to_string()),
    }
}

/// A cell in as many lines as it has, for a single record.
pub(super) fn lines(cell: &Cell) -> Vec<SafeText> {
    match cell {
        Cell::Text(text) => SafeText::lines(text),
        other => vec![line(other)],
    }
}

/// A moment to the minute, in UTC.
fn minutes(time: Time) -> String {
    jiff::Timestamp::from_second(time.0)
        .map_or_else(|_| time.0.to_string(), |moment| moment.strftime("%Y-%m-%d %H:%MZ").to_string())
}
