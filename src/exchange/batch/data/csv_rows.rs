//! CSV: a header, then a row a line. The delimiter is the one that stands in the header: comma, semicolon or tab.

use super::{Found, Layout, Table};
use crate::exchange::quotes::{QuoteFault, Quotes};
use csv::{ReaderBuilder, StringRecord};

pub(super) fn read(text: &str, found: &mut Found) -> Table {
    let opening = text.lines().next().unwrap_or_default();
    let count = |c: char| opening.matches(c).count();
    let delimiter = if count('\t') > 0 {
        b'\t'
    } else if count(';') > 0 && count(',') == 0 {
        b';'
    } else {
        b','
    };
    let mut reader =
        ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut table = Table { layout: Layout::Csv(delimiter), ..Table::default() };
    let mut record = StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(true) => table.columns = record.iter().map(|name| name.trim().to_owned()).collect(),
        Ok(false) => found.whole("it is empty: the first line must name the columns"),
        Err(error) => found.whole(error.to_string()),
    }
    if table.columns.iter().all(String::is_empty) && found.faults.is_empty() {
        found.whole("it is empty: the first line must name the columns");
    }
    found.columns(&table.columns);
    let mut quotes = Quotes::new(delimiter);
    let mut wrong: Vec<QuoteFault> = Vec::new();
    quotes.follow(text.as_bytes(), |fault| wrong.push(fault));
    wrong.extend(quotes.unclosed());
    let mut lines = Lines { text, at: 0, line: 1 };
    while !found.is_full() {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {
                let at = record.position().map_or(0, csv::Position::byte);
                row(&record, lines.of(at), &mut table, found);
            }
            Err(error) => {
                found.whole(error.to_string());
                break;
            }
        }
        if table.rows.len() > super::MOST_ROWS {
            break;
        }
    }
    if !wrong.is_empty() {
        // What else was found is found because of them.
        *found = Found::default();
    }
    for fault in wrong {
        let number = table.lines.partition_point(|line| *line < fault.line) + 1;
        let column = table.columns.get(fault.cell).filter(|_| fault.row > 0).cloned();
        let column = column.unwrap_or_else(|| (fault.cell + 1).to_string());
        found.add((fault.row > 0).then_some((number, fault.line)), Some(&column), fault.wrong.to_string());
    }
    table
}

/// Lines by bytes, in the order of the text. The reader's own count is behind where lines end with CR and LF.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the first character from here on that does not end one.
    fn of(&mut self, byte: u64) -> u64 {
        let bytes = self.text.as_bytes();
        let from = usize::try_from(byte).unwrap_or(usize::MAX).min(bytes.len());
        let begin =
            bytes[from..].iter().position(|byte| !matches!(byte, b'\r' | b'\n')).map_or(bytes.len(), |at| from + at);
        self.line += bytes[self.at.min(begin)..begin].iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at = begin;
        self.line
    }
}

fn row(record: &StringRecord, line: u64, table: &mut Table, found: &mut Found) {
    // Lines with nothing but commas are left by spreadsheets behind the last row.
    if record.iter().all(|cell| cell.trim().is_empty()) {
        return;
    }
    if !found.room(table.rows.len()) {
        table.rows.push(Vec::new());
        return;
    }
    let number = table.rows.len() + 1;
    let (cells, columns) = (record.len(), table.columns.len());
    if cells != columns {
        let words = format!(
            "{cells} cell{}, but the header has {columns} column{}; a cell with a comma, a quote or a line break in it \
             must stand in quotes",
            if cells == 1 { "" } else { "s" },
            if columns == 1 { "" } else { "s" },
        );
        found.add(Some((number, line)), None, words);
    }
    for (column, cell) in table.columns.iter().zip(record) {
        found.cell((number, line), column, cell);
    }
    table.rows.push(record.iter().map(str::to_owned).collect());
    table.lines.push(line);
}
