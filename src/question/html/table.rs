//! Tables: rows of a label and a value, or a head with rows below it.

use super::reader::{LABEL, Reader, label_of};

/// One row of a table.
#[derive(Default)]
pub(super) struct Row {
    pub(super) cells: Vec<String>,
    pub(super) heads: usize,
}

impl Reader {
    pub(super) fn in_cell(&self) -> bool {
        self.tables.last().and_then(|rows| rows.last()).is_some_and(|row| !row.cells.is_empty())
    }

    pub(super) fn end_line_in_cell(&mut self) {
        let line = self.line.trim().to_owned();
        self.reset_line();
        let cell = self.tables.last_mut().and_then(|rows| rows.last_mut()).and_then(|row| row.cells.last_mut());
        if let Some(cell) = cell.filter(|_| !line.is_empty()) {
            if !cell.is_empty() {
                cell.push('\n');
            }
            cell.push_str(&line);
        }
    }

    pub(super) fn end_cell(&mut self) {
        self.end_option();
        if self.in_cell() {
            self.end_line_in_cell();
        } else if !self.tables.is_empty() {
            self.end_paragraph();
        }
    }

    pub(super) fn end_table(&mut self) {
        self.end_cell();
        let Some(mut rows) = self.tables.pop() else { return };
        rows.retain(|row| row.cells.iter().any(|cell| !cell.is_empty()));
        let columns = rows.first().map_or(0, |row| row.cells.len());
        let has_head = rows.len() > 1 && columns > 1 && rows[0].heads == columns;
        if !rows.is_empty() {
            // A heading over a table is a title of its own.
            self.end_heading();
        }
        if has_head {
            let head = rows.remove(0);
            for row in rows {
                for (label, cell) in head.cells.iter().zip(row.cells) {
                    self.pairs.push((label_of(label), cell));
                }
            }
            return;
        }
        for row in rows {
            match row.cells.as_slice() {
                // An image on the left is no label.
                [label, value] if !label.is_empty() && label.len() <= LABEL && !label.starts_with('[') => {
                    self.pairs.push((label_of(label), value.clone()));
                }
                cells => {
                    let filled: Vec<&str> = cells.iter().map(String::as_str).filter(|c| !c.is_empty()).collect();
                    self.text.push(filled.join(" | "));
                }
            }
        }
    }
}
