//! The requester website's batch-results CSV, read row by row in constant memory (16 bytes a row, to notice an
//! assignment that comes twice). Columns are found by name; unknown and missing ones are normal. An error names the row
//! as a spreadsheet counts it (the header is row 1) and the column, and says what to do.
//!
//! Text must be UTF-8: a file in another encoding is refused with the place of the first wrong byte, because guessing
//! would show reviewers text that no worker wrote.

mod cells;
mod columns;
mod guard;
#[cfg(test)]
mod tests;

use super::formula;
use super::quotes::QuoteFault;
use crate::domain::assignment::AssignmentStatus;
use crate::domain::id::{AssignmentId, HitId, HitTypeId, WorkerId};
use crate::domain::money::Usd;
use crate::domain::time::{Seconds, Time};
use cells::Cells;
pub use cells::parse_time;
pub(super) use cells::{NOT_UTF8, text_of};
use columns::Columns;
use csv::ByteRecord;
pub(super) use guard::{Guard, Unclosed};
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::io::{Read, Seek};
use std::sync::Arc;

/// Why a file, or a row of it, cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// The file is something else.
    #[error("this is not a batch-results CSV: {0}")]
    NotBatchResults(String),
    /// A column that every such file has is not there.
    #[error("the column {column} is missing (this file begins with the columns {found})")]
    MissingColumn {
        /// Its name.
        column: &'static str,
        /// The first names of the header.
        found: String,
    },
    /// A column is there twice.
    #[error("the column {0} is there twice; remove or rename one of them")]
    DoubleColumn(String),
    /// A row has too few or too many cells.
    #[error(
        "row {row} (line {line}) has {found} cells where the header has {expected}: a quote is missing or the file \
         was cut off"
    )]
    Ragged {
        /// The row; the header is row 1.
        row: u64,
        /// The line of the file where the row begins.
        line: u64,
        /// Cells in the row.
        found: usize,
        /// Cells in the header.
        expected: usize,
    },
    /// A cell cannot be understood.
    #[error("row {row} (line {line}), column {column}: {problem}")]
    Cell {
        /// The row; the header is row 1.
        row: u64,
        /// The line of the file where the row begins.
        line: u64,
        /// The column's name.
        column: String,
        /// What is wrong, and what was expected.
        problem: String,
    },
    /// An assignment comes twice.
    #[error("row {row} (line {line}), column AssignmentId: {id} is there twice; each assignment may have one row")]
    Duplicate {
        /// The second row.
        row: u64,
        /// The line of the file where it begins.
        line: u64,
        /// The assignment.
        id: AssignmentId,
    },
    /// A row is absurdly long.
    #[error("row {row} (line {line}) is longer than {limit} bytes: a quote is opened there and never closed")]
    Endless {
        /// The row.
        row: u64,
        /// The line of the file where it begins.
        line: u64,
        /// How long a row may be.
        limit: u64,
    },
    /// The file could not be read.
    #[error("reading failed at row {row}: {source}")]
    Io {
        /// The row.
        row: u64,
        /// Why.
        source: std::io::Error,
    },
}

/// One row: an assignment and what the file says of its HIT. Text is raw, with HTML entities decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultRow {
    /// The row in the file; the header is row 1.
    pub row: u64,
    /// `HITId`.
    pub hit: HitId,
    /// `HITTypeId`.
    pub hit_type: Option<HitTypeId>,
    /// `Title`.
    pub title: String,
    /// `Description`.
    pub description: String,
    /// `Keywords`.
    pub keywords: String,
    /// `Reward`.
    pub reward: Option<Usd>,
    /// `CreationTime`.
    pub created: Option<Time>,
    /// `MaxAssignments`.
    pub max_assignments: Option<u32>,
    /// `RequesterAnnotation`.
    pub annotation: String,
    /// `AssignmentDurationInSeconds`.
    pub duration: Option<Seconds>,
    /// `AutoApprovalDelayInSeconds`.
    pub auto_approval_delay: Option<Seconds>,
    /// `Expiration`.
    pub expires: Option<Time>,
    /// `LifetimeInSeconds`.
    pub lifetime: Option<Seconds>,
    /// `AssignmentId`.
    pub assignment: AssignmentId,
    /// `WorkerId`.
    pub worker: WorkerId,
    /// `AssignmentStatus`; without that column, what the decision times say.
    pub status: AssignmentStatus,
    /// `AcceptTime`.
    pub accepted: Option<Time>,
    /// `SubmitTime`.
    pub submitted: Option<Time>,
    /// `AutoApprovalTime`.
    pub auto_approval: Option<Time>,
    /// `ApprovalTime`.
    pub approved: Option<Time>,
    /// `RejectionTime`.
    pub rejected: Option<Time>,
    /// `RequesterFeedback`; empty for none.
    pub feedback: String,
    /// `WorkTimeInSeconds`.
    pub work_time: Option<Seconds>,
    /// `Input.*` columns in the order of the file, names without the prefix.
    pub inputs: Vec<(Arc<str>, String)>,
    /// `Answer.*` columns in the order of the file, names without the prefix.
    pub answers: Vec<(Arc<str>, String)>,
    /// The text of the Approve column; an x approves.
    pub approve: String,
    /// The text of the Reject column: the reason; empty for none.
    pub reject: String,
}

/// Where a row begins in its file, to read it once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    byte: u64,
    row: u64,
}

/// Reads a file row by row. After an error in a row the next row can be read all the same.
pub struct Reader<R> {
    csv: csv::Reader<Guard<R>>,
    columns: Columns,
    record: ByteRecord,
    row: u64,
    /// See [`Guard::behind`].
    behind: u64,
    seen: HashSet<u64>,
    hasher: RandomState,
    over: bool,
    /// Of a file of the command-line tools, it may come again.
    header: ByteRecord,
    tools: bool,
    foreign: bool,
}

impl<R: Read> Reader<R> {
    /// Reads the header of the website's file.
    pub fn new(input: R) -> Result<Self, BatchError> {
        Reader::open(input, false)
    }

    /// Reads the header of the website's file, of one of the programs that write such files, or of the command-line
    /// tools' results. Identifiers may have any form.
    pub fn any(input: R) -> Result<Self, BatchError> {
        Reader::open(input, true)
    }

    fn open(input: R, foreign: bool) -> Result<Self, BatchError> {
        let io = |source| BatchError::Io { row: 1, source };
        let mut guard = Guard::open(input).map_err(io)??;
        let behind = guard.behind().map_err(io)?;
        let tools = foreign && guard.first_line().map_err(io)?.contains(&b'\t');
        let delimiter = if tools { b'\t' } else { b',' };
        guard.follow_quotes(delimiter);
        let mut csv = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(1 << 16)
            .from_reader(guard);
        let mut record = ByteRecord::new();
        match csv.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Err(BatchError::NotBatchResults("it is empty".to_owned())),
            Err(error) => return Err(read_error(error, 1, 1, &ByteRecord::new())),
        }
        let columns = Columns::find(&record, tools)?;
        let header = record.clone();
        csv.get_mut().next_row();
        let (seen, hasher) = (HashSet::new(), RandomState::new());
        Ok(Reader { csv, columns, record, row: 1, behind, seen, hasher, over: false, header, tools, foreign })
    }

    /// The names of the `Input.*` columns, without the prefix.
    pub fn inputs(&self) -> impl Iterator<Item = &str> {
        self.columns.inputs.iter().map(|(_, name)| &**name)
    }

    /// The names of the `Answer.*` columns, without the prefix.
    pub fn answers(&self) -> impl Iterator<Item = &str> {
        self.columns.answers.iter().map(|(_, name)| &**name)
    }

    /// A cell of the row that was read last as it stands, references and all; none if the file has no such column.
    pub fn cell(&self, column: &str) -> Option<String> {
        self.at(self.columns.place(column)?)
    }

    /// The cells of the inputs of the row that was read last, in the order of [`ResultRow::inputs`].
    pub fn input_cells(&self) -> impl Iterator<Item = Option<String>> {
        self.columns.inputs.iter().map(|(place, _)| self.at(*place))
    }

    /// The cells of the answers of the row that was read last, in the order of [`ResultRow::answers`].
    pub fn answer_cells(&self) -> impl Iterator<Item = Option<String>> {
        self.columns.answers.iter().map(|(place, _)| self.at(*place))
    }

    fn at(&self, place: usize) -> Option<String> {
        let cell = String::from_utf8_lossy(self.record.get(place)?);
        Some(formula::restore(&cell).to_owned())
    }

    /// Whether it is a file of the command-line tools.
    pub const fn is_of_tools(&self) -> bool {
        self.tools
    }

    /// Where the row that was read last begins.
    pub fn place(&self) -> Place {
        Place { byte: self.record.position().map_or(0, csv::Position::byte), row: self.row }
    }

    fn read(&mut self) -> Result<Option<ResultRow>, BatchError> {
        loop {
            let line = self.csv.position().line() + self.behind;
            match self.csv.read_byte_record(&mut self.record) {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err(error) => {
                    self.over = true;
                    return Err(read_error(error, self.row + 1, line, &self.header));
                }
            }
            self.row += 1;
            self.csv.get_mut().next_row();
            let end = self.csv.position().byte();
            if let Some(fault) = self.csv.get_mut().misplaced(end) {
                return Err(quote_error(&fault, self.row, &self.header));
            }
            // Spreadsheets leave rows of nothing but commas behind.
            if self.record.iter().any(|cell| !cell.is_empty()) && !self.is_skipped() {
                return self.row().map(Some);
            }
        }
    }

    /// The tools append one file to another, write rows that are too short, and one for each HIT without assignments.
    fn is_skipped(&mut self) -> bool {
        if !self.tools || self.record == self.header {
            return self.tools;
        }
        while self.record.len() < self.header.len() {
            self.record.push_field(b"");
        }
        let assignment = self.columns.place("AssignmentId").and_then(|place| self.record.get(place));
        assignment.is_none_or(|cell| cell.trim_ascii().is_empty())
    }

    fn row(&mut self) -> Result<ResultRow, BatchError> {
        let line = self.record.position().map_or(0, csv::Position::line) + self.behind;
        let cells = Cells::new(&self.record, &self.columns, (self.row, line), self.foreign)?;
        let row = cells.row()?;
        if !self.seen.insert(self.hasher.hash_one(row.assignment.as_str())) {
            return Err(BatchError::Duplicate { row: self.row, line, id: row.assignment });
        }
        Ok(row)
    }
}

impl<R: Read + Seek> Reader<R> {
    /// Reads a row once more. Rows that follow each other are read without going back in the file.
    pub fn again(&mut self, place: Place) -> Result<ResultRow, BatchError> {
        let Place { byte, row } = place;
        let mut position = csv::Position::new();
        position.set_byte(byte);
        self.csv.seek(position).map_err(|error| read_error(error, row, 0, &self.header))?;
        if !self.csv.read_byte_record(&mut self.record).map_err(|error| read_error(error, row, 0, &self.header))? {
            return Err(BatchError::Io { row, source: std::io::ErrorKind::UnexpectedEof.into() });
        }
        self.csv.get_mut().next_row();
        self.row = row;
        Cells::new(&self.record, &self.columns, (row, 0), self.foreign)?.row()
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<ResultRow, BatchError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over { None } else { self.read().transpose() }
    }
}

fn quote_error(fault: &QuoteFault, row: u64, header: &ByteRecord) -> BatchError {
    let name = header.get(fault.cell).map(|name| String::from_utf8_lossy(name).into_owned());
    let column = name.unwrap_or_else(|| (fault.cell + 1).to_string());
    BatchError::Cell { row, line: fault.line, column, problem: fault.wrong.to_string() }
}

fn read_error(error: csv::Error, row: u64, line: u64, header: &ByteRecord) -> BatchError {
    let unclosed = |error: &std::io::Error| {
        let inner = error.get_ref()?.downcast_ref::<Unclosed>()?;
        Some(quote_error(&inner.0, row, header))
    };
    match error.into_kind() {
        csv::ErrorKind::Io(error) if let Some(unclosed) = unclosed(&error) => unclosed,
        csv::ErrorKind::Io(error) if error.get_ref().is_some_and(|inner| inner.is::<guard::TooLong>()) => {
            BatchError::Endless { row, line, limit: guard::ROW }
        }
        csv::ErrorKind::Io(source) => BatchError::Io { row, source },
        other => BatchError::Io { row, source: std::io::Error::other(format!("{other:?}")) },
    }
}
