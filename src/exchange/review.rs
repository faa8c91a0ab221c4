//! Files that somebody has reviewed elsewhere: the requester website's batch-results CSV with marks in Approve and Reject,
//! and the command-line tools' results, approve and reject files. Each line is read by itself, so that a broken one is
//! named and spoils no other.

mod line;
#[cfg(test)]
mod tests;

use super::batch_results::{BatchError, Guard, Unclosed};
use super::quotes::QuoteFault;
use crate::domain::id::AssignmentId;
use csv::ByteRecord;
use line::Columns;
pub(super) use line::mark;
use std::collections::HashMap;
use std::io::Read;

/// What a file looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The requester website's: an `x` in Approve, a reason in Reject.
    Website,
    /// The command-line tools' results: any text in `reject` rejects, else it is an approval.
    Results,
    /// The command-line tools' `assignmentIdToApprove`.
    ApproveFile,
    /// The command-line tools' `assignmentIdToReject`.
    RejectFile,
}

impl Kind {
    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Website => "batch-results file",
            Kind::Results => "results file of the command-line tools",
            Kind::ApproveFile => "approve file of the command-line tools",
            Kind::RejectFile => "reject file of the command-line tools",
        }
    }
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Approve it; of rejected work: override the rejection.
    Approve {
        /// What the worker reads.
        feedback: Option<String>,
    },
    /// Reject it.
    Reject {
        /// What the worker reads, if the file says it.
        reason: Option<String>,
    },
}

/// A line that can be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewLine {
    /// Where it begins, from 1.
    pub line: u64,
    /// Which assignment.
    pub assignment: AssignmentId,
    /// What is to become of it.
    pub verdict: Verdict,
}

/// A line that cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenLine {
    /// Where it begins, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub why: String,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewFile {
    /// What it looks like.
    pub kind: Kind,
    /// What it decides, in order, each assignment once.
    pub lines: Vec<ReviewLine>,
    /// What cannot be followed, in order.
    pub broken: Vec<BrokenLine>,
    /// Lines that decide nothing.
    pub undecided: u32,
    /// Lines that say once more what a line before them said.
    pub repeated: u32,
}

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// It is something else.
    #[error("{0}")]
    Unreadable(String),
    /// No column of assignments.
    #[error(
        "line 1: no column is called AssignmentId, assignmentid, assignmentIdToApprove or assignmentIdToReject; there are: {0}"
    )]
    NoAssignments(String),
    /// No column that decides.
    #[error("line 1: there are neither an Approve nor a Reject column; there are: {0}")]
    NoMarks(String),
    /// A quote never closes, so nobody knows what the rows behind it say.
    #[error("line {line}, column {column}: {why}")]
    Unclosed {
        /// Where its row begins.
        line: u64,
        /// The column's name.
        column: String,
        /// What is wrong.
        why: String,
    },
    /// It could not be read to its end.
    #[error("line {line}: reading failed: {source}")]
    Io {
        /// Where.
        line: u64,
        /// Why.
        source: std::io::Error,
    },
}

/// Reads a file of any of these kinds.
pub fn read(input: impl Read) -> Result<ReviewFile, ReviewError> {
    let io = |line| move |source| ReviewError::Io { line, source };
    let mut guard = Guard::open(input).map_err(io(1))?.map_err(|error| match error {
        BatchError::NotBatchResults(why) => ReviewError::Unreadable(why),
        other => ReviewError::Unreadable(other.to_string()),
    })?;
    let head = guard.first_line().map_err(io(1))?;
    let behind = u64::from(head.ends_with(b"\r"));
    let delimiter = if head.contains(&b'\t') { b'\t' } else { b',' };
    guard.follow_quotes(delimiter);
    let mut csv = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(guard);
    let mut record = ByteRecord::new();
    if !csv.read_byte_record(&mut record).map_err(|error| failed(error, 1, &ByteRecord::new()))? {
        return Err(ReviewError::Unreadable("it is empty".to_owned()));
    }
    let header = record.clone();
    let columns = Columns::find(&header, delimiter)?;
    let mut file = ReviewFile { kind: columns.kind, lines: Vec::new(), broken: Vec::new(), undecided: 0, repeated: 0 };
    let mut seen: HashMap<AssignmentId, usize> = HashMap::new();
    loop {
        csv.get_mut().next_row();
        let at = csv.position().line() + behind;
        if !csv.read_byte_record(&mut record).map_err(|error| failed(error, at, &header))? {
            return Ok(file);
        }
        let line = record.position().map_or(at, |position| position.line() + behind);
        // Files may be appended to each other, and spreadsheets leave rows of nothing behind.
        if record == header || record.iter().all(<[u8]>::is_empty) {
            continue;
        }
        let end = csv.position().byte();
        if let Some(fault) = csv.get_mut().misplaced(end) {
            file.broken.push(BrokenLine { line, why: format!("column {}: {}", column(&fault, &header), fault.wrong) });
            continue;
        }
        match columns.verdict(&record, header.len()) {
            Err(why) => file.broken.push(BrokenLine { line, why }),
            Ok(None) => file.undecided += 1,
            Ok(Some((assignment, verdict))) => match seen.get(&assignment).map(|place| &file.lines[*place]) {
                Some(before) if before.verdict == verdict => file.repeated += 1,
                Some(before) => {
                    let why = format!("{assignment} is decided otherwise in line {}", before.line);
                    file.broken.push(BrokenLine { line, why });
                }
                None => {
                    seen.insert(assignment.clone(), file.lines.len());
                    file.lines.push(ReviewLine { line, assignment, verdict });
                }
            },
        }
    }
}

/// The name of the column in which a quote is wrong.
fn column(fault: &QuoteFault, header: &ByteRecord) -> String {
    header
        .get(fault.cell)
        .map_or_else(|| (fault.cell + 1).to_string(), |name| String::from_utf8_lossy(name).trim().to_owned())
}

fn failed(error: csv::Error, line: u64, header: &ByteRecord) -> ReviewError {
    match error.into_kind() {
        csv::ErrorKind::Io(source) => match source.get_ref().and_then(|inner| inner.downcast_ref::<Unclosed>()) {
            Some(Unclosed(fault)) => {
                ReviewError::Unclosed { line: fault.line, column: column(fault, header), why: fault.wrong.to_string() }
            }
            None => ReviewError::Io { line, source },
        },
        other => ReviewError::Unreadable(format!("{other:?}")),
    }
}
