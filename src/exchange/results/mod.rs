//! Results, written for other programs: the requester website's batch-results CSV, a tidy table with one row an answer,
//! JSON lines with one object an assignment, and the command-line tools' results file.
//!
//! All of them stream: what is kept is one HIT. The two kinds of CSV need the names of all columns before the first row.

mod cells;
mod given;
mod jsonl;
#[cfg(test)]
mod tests;
mod tidy;
mod tools;
mod website;

pub use given::{add_given, given_of_hit, given_of_work};
pub use jsonl::object;

use super::redact::Redactor;
use crate::domain::assignment::AssignmentStatus;
use crate::domain::money::Usd;
use crate::domain::time::{Seconds, Time};
use cells::Cells;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The form of a results file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// The requester website's batch-results CSV.
    Website,
    /// One row an answer.
    Tidy,
    /// One JSON object an assignment.
    Jsonl,
    /// The command-line tools' `.results` file.
    Tools,
}

impl Layout {
    /// Whether the names of the columns have to be known before the first row.
    pub const fn has_header(self) -> bool {
        !matches!(self, Layout::Jsonl)
    }
}

/// Cells that stand in a file otherwise than this program would write them, as they stand, by the name of their column.
pub type Given = BTreeMap<String, String>;

/// A HIT. What is not known is None.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResultHit {
    /// `HITId`.
    pub id: String,
    /// `HITTypeId`.
    pub type_id: Option<String>,
    /// `HITGroupId`.
    pub group: Option<String>,
    /// The batch it belongs to.
    pub batch: String,
    /// `Title`.
    pub title: String,
    /// `Description`.
    pub description: String,
    /// `Keywords`.
    pub keywords: String,
    /// `Reward`.
    pub reward: Usd,
    /// `CreationTime`.
    pub created: Option<Time>,
    /// `Expiration`.
    pub expires: Option<Time>,
    /// `MaxAssignments`.
    pub max_assignments: u32,
    /// `NumberOfAssignmentsAvailable`, `...Pending`, `...Completed`.
    pub counters: [u32; 3],
    /// `HITStatus`.
    pub status: &'static str,
    /// `HITReviewStatus`.
    pub review_status: String,
    /// `RequesterAnnotation`.
    pub annotation: String,
    /// `AssignmentDurationInSeconds`.
    pub duration: Seconds,
    /// `AutoApprovalDelayInSeconds`.
    pub auto_approval_delay: Seconds,
    /// Where workers saw it.
    pub preview: Option<String>,
    /// The input row: names without `Input.`.
    pub inputs: Vec<(String, String)>,
    /// Cells as a file had them.
    pub given: Given,
}

/// How a person has marked an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark<'a> {
    /// An `x` in Approve.
    Approve,
    /// The reason in Reject.
    Reject(&'a str),
}

/// An assignment.
#[derive(Debug, Clone)]
pub struct Work<'a> {
    /// `AssignmentId`.
    pub id: &'a str,
    /// `WorkerId`.
    pub worker: &'a str,
    /// `AssignmentStatus`.
    pub status: AssignmentStatus,
    /// `AcceptTime`.
    pub accepted: Option<Time>,
    /// `SubmitTime`.
    pub submitted: Option<Time>,
    /// `AutoApprovalTime`.
    pub auto_approval: Option<Time>,
    /// `ApprovalTime` or `RejectionTime`.
    pub decided: Option<Time>,
    /// Who decided.
    pub by: Option<&'a str>,
    /// `RequesterFeedback`.
    pub feedback: &'a str,
    /// The reviewer's note.
    pub note: Option<&'a str>,
    /// Approved and rejected work of this worker: ever, in 30 days, in 7 days.
    pub rates: Option<[(u32, u32); 3]>,
    /// The answer document.
    pub answer: &'a str,
    /// The answer as it was posted, if it is wanted.
    pub posted: &'a [(String, String)],
    /// A decision that is written down and has not been sent.
    pub mark: Option<Mark<'a>>,
    /// Cells as a file had them.
    pub given: &'a Given,
}

impl Work<'_> {
    fn approved(&self) -> Option<Time> {
        self.decided.filter(|_| self.status == AssignmentStatus::Approved)
    }

    fn rejected(&self) -> Option<Time> {
        self.decided.filter(|_| self.status == AssignmentStatus::Rejected)
    }

    /// The identifiers as the file had them that they come from.
    fn identifiers(&self) -> (&str, &str) {
        let given = |column: &str| self.given.get(column).map(String::as_str);
        (given("AssignmentId").unwrap_or(self.id), given("WorkerId").unwrap_or(self.worker))
    }
}

/// The columns that follow from the work itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    /// Names of inputs, in the order of the input.
    pub inputs: Vec<String>,
    /// Names of answers, sorted.
    pub answers: Vec<String>,
}

/// How texts are written.
#[derive(Debug, Clone, Default)]
pub struct Manner {
    /// Formulas stay formulas.
    pub keep_formulas: bool,
    /// Control characters are made visible: somebody looks at it on a terminal.
    pub for_terminal: bool,
    /// Workers get pseudonyms.
    pub redactor: Option<Redactor>,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Assignments.
    pub assignments: u64,
    /// Cells that were formulas and are text now.
    pub defused: u64,
}

/// Writes results: a HIT, then its assignments.
pub struct ResultsWriter<W: Write> {
    out: W,
    layout: Layout,
    columns: Columns,
    cells: Cells,
    /// The place of an answer's column by its name.
    places: BTreeMap<String, usize>,
    hit: ResultHit,
    /// What all rows of the HIT have in common: before the assignment, and behind it.
    shared: [String; 2],
    row: String,
    assignments: u64,
}

impl<W: Write> ResultsWriter<W> {
    /// Writes the header, where there is one.
    pub fn new(out: W, layout: Layout, columns: Columns, manner: Manner) -> io::Result<Self> {
        let places = columns.answers.iter().enumerate().map(|(place, name)| (name.clone(), place)).collect();
        let cells = Cells::new(layout, manner);
        let (hit, shared) = (ResultHit::default(), Default::default());
        let mut writer =
            ResultsWriter { out, layout, columns, cells, places, hit, shared, row: String::new(), assignments: 0 };
        match layout {
            Layout::Website => writer.website_header(),
            Layout::Tidy => writer.tidy_header(),
            Layout::Tools => writer.tools_header(),
            Layout::Jsonl => {}
        }
        writer.flush_row()?;
        Ok(writer)
    }

    /// The assignments that follow are of this HIT.
    pub fn hit(&mut self, hit: ResultHit) {
        self.hit = hit;
        self.shared.iter_mut().for_each(String::clear);
        match self.layout {
            Layout::Website => self.website_hit(),
            Layout::Tidy => self.tidy_hit(),
            Layout::Tools => self.tools_hit(),
            Layout::Jsonl => {}
        }
    }

    /// One assignment of the HIT.
    pub fn work(&mut self, work: &Work<'_>) -> io::Result<()> {
        match self.layout {
            Layout::Website => self.website_row(work),
            Layout::Tidy => self.tidy_rows(work),
            Layout::Tools => self.tools_row(Some(work)),
            Layout::Jsonl => self.jsonl_row(work),
        }
        self.assignments += 1;
        self.flush_row()
    }

    /// The HIT has no assignments: the command-line tools have a row for it.
    pub fn no_work(&mut self) -> io::Result<()> {
        if self.layout == Layout::Tools {
            self.tools_row(None);
        }
        self.flush_row()
    }

    /// Writes what is left.
    pub fn finish(mut self) -> io::Result<Tally> {
        self.out.flush()?;
        Ok(Tally { assignments: self.assignments, defused: self.cells.defused })
    }

    fn flush_row(&mut self) -> io::Result<()> {
        self.out.write_all(self.row.as_bytes())?;
        self.row.clear();
        Ok(())
    }

    /// The posted answers in the order of the columns; a name that comes twice is joined with `|`.
    fn answer_cells(&mut self, work: &Work<'_>) {
        let mut by_place: Vec<Option<std::borrow::Cow<'_, str>>> = vec![None; self.columns.answers.len()];
        for (name, text) in work.posted {
            let Some(cell) = self.places.get(name).and_then(|place| by_place.get_mut(*place)) else { continue };
            *cell = Some(match cell.take() {
                None => text.as_str().into(),
                Some(first) => format!("{first}|{text}").into(),
            });
        }
        // Only the website's files have cells in the website's shape.
        let as_given = self.layout == Layout::Website && work.given.keys().any(|name| name.starts_with("Answer."));
        for (name, cell) in self.columns.answers.iter().zip(by_place) {
            match work.given.get(&format!("Answer.{name}")).filter(|_| as_given) {
                Some(given) => self.cells.given(&mut self.row, given),
                None => self.cells.text(&mut self.row, cell.as_deref().unwrap_or_default()),
            }
        }
    }
}
