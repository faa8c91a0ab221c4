//! Tables for people: aligned by the width on the screen, numbers to the right, nothing that a terminal would act upon.

use super::{Cell, Column};
use crate::domain::text::SafeText;
use crate::domain::time::Time;
use std::io::{self, Write};

/// No long text is made narrower than this to fit the terminal.
const NARROWEST: usize = 12;
/// Between columns.
const GAP: usize = 2;

pub(super) fn write(
    out: &mut impl Write,
    columns: &[Column],
    rows: &[Vec<Cell>],
    width: Option<usize>,
) -> io::Result<()> {
    let head: Vec<SafeText> = columns.iter().map(|column| SafeText::line(&column.title().to_uppercase())).collect();
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
        fit(columns, &mut widths, width);
    }
    for row in std::iter::once(&head).chain(&body) {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            if column > 0 {
                line.push_str(&" ".repeat(GAP));
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

/// Makes the line fit: long text is clipped, then whole columns go, the last first. What is left is never cut: half an
/// identifier is of no use to anybody.
fn fit(columns: &[Column], widths: &mut Vec<usize>, width: usize) {
    loop {
        let needed: usize = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
        let mut over = needed.saturating_sub(width);
        let gives =
            |(at, wide): (usize, &usize)| if columns[at].is_long() { wide.saturating_sub(NARROWEST) } else { 0 };
        if widths.iter().enumerate().map(gives).sum::<usize>() >= over || widths.len() == 1 {
            while over > 0 {
                // The widest of them, one at a time: two long columns end up equally wide.
                let long = widths.iter_mut().enumerate().filter(|(at, _)| columns[*at].is_long()).map(|(_, wide)| wide);
                let Some(widest) = long.max().filter(|wide| **wide > 1) else { return };
                *widest -= 1;
                over -= 1;
            }
            return;
        }
        widths.pop();
    }
}

/// A record: a line for each value, or as many as it has.
pub(super) fn record(out: &mut impl Write, columns: &[Column], cells: &[Cell]) -> io::Result<()> {
    let titles: Vec<SafeText> = columns.iter().map(|column| SafeText::line(column.title())).collect();
    let widest = titles.iter().map(SafeText::width).max().unwrap_or(0);
    for (title, cell) in titles.iter().zip(cells) {
        let pad = " ".repeat(widest - title.width());
        for (index, line) in lines(cell).into_iter().enumerate() {
            if index == 0 {
                writeln!(out, "{title}{pad}  {line}")?;
            } else {
                writeln!(out, "{:widest$}  {line}", "")?;
            }
        }
    }
    Ok(())
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
fn lines(cell: &Cell) -> Vec<SafeText> {
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
