//! Results files as an account without an endpoint: what they say of HITs and assignments, in the terms of the API, and
//! beside it what the API has no place for, so that an export gives it back.

use super::batch_results::{BatchError, Reader, ResultRow};
use super::pacific::Pacific;
use super::results::{Given, ResultHit, Work, add_given, given_of_hit, given_of_work};
use super::review::{Verdict, mark};
use crate::domain::assignment::{Assignment, AssignmentStatus};
use crate::domain::hit::{Hit, HitReviewStatus, HitStatus};
use crate::domain::id::{HitId, HitTypeId};
use crate::domain::money::Usd;
use crate::domain::time::{Seconds, Time};
use crate::question::answer;
use crate::question::write::table_question;
use std::io::Read;
use std::sync::Arc;

/// A HIT out of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileHit {
    /// In the terms of the API; counters are those of what was read so far.
    pub hit: Hit,
    /// The input row; none where the file has no inputs at all.
    pub inputs: Option<Vec<(Arc<str>, String)>>,
    /// Cells that would be written otherwise.
    pub given: Given,
}

/// An assignment out of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileWork {
    /// In the terms of the API.
    pub assignment: Assignment,
    /// Cells that would be written otherwise.
    pub given: Given,
    /// What somebody has marked in the file; or why that says nothing, with the row.
    pub mark: Result<Option<Verdict>, String>,
}

/// A HIT with some of its work: rows that follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileGroup {
    /// The HIT.
    pub hit: FileHit,
    /// The work.
    pub work: Vec<FileWork>,
}

/// Rows of one HIT that are handed over at once, at most.
const TOGETHER: usize = 1_000;

/// Reads a results file group by group.
pub struct GroupReader<R> {
    rows: Reader<R>,
    pacific: Pacific,
    /// What HITs without a title are called.
    name: String,
    /// The row that begins the next group.
    next: Option<(ResultRow, FileWork, Given)>,
    over: bool,
}

impl<R: Read> GroupReader<R> {
    /// Of a file; `name` is what HITs without a title are called.
    pub fn new(input: R, name: &str) -> Result<Self, BatchError> {
        let (rows, pacific) = (Reader::any(input)?, Pacific::default());
        Ok(GroupReader { rows, pacific, name: name.to_owned(), next: None, over: false })
    }

    /// Its rows by themselves, broken ones too.
    pub fn into_rows(self) -> impl Iterator<Item = Result<ResultRow, BatchError>> {
        self.rows
    }

    /// The next row with what is to be kept of it; the cells of its HIT only if it is another one than `hit`.
    fn row(&mut self, hit: Option<&HitId>) -> Result<Option<(ResultRow, FileWork, Given)>, BatchError> {
        let Some(row) = self.rows.next().transpose()? else { return Ok(None) };
        let tools = self.rows.is_of_tools();
        let cell = |column: &str| self.rows.cell(column);
        let mut work = work_of(&row, &self.pacific, tools, cell);
        let mut given = Given::new();
        if !tools {
            add_given(&mut work.given, "Answer.", texts(&row.answers), self.rows.answer_cells());
            if hit != Some(&row.hit) {
                given = given_of_hit(&result_hit(&hit_of(&row, &self.name)), &self.pacific, cell);
                add_given(&mut given, "Input.", texts(&row.inputs), self.rows.input_cells());
            }
        }
        Ok(Some((row, work, given)))
    }

    fn group(&mut self) -> Result<Option<FileGroup>, BatchError> {
        let first = match self.next.take() {
            Some(next) => Some(next),
            None => self.row(None)?,
        };
        let Some((row, work, given)) = first else { return Ok(None) };
        let inputs = (self.rows.inputs().next().is_some()).then(|| row.inputs.clone());
        let mut group = FileGroup { hit: FileHit { hit: hit_of(&row, &self.name), inputs, given }, work: vec![work] };
        while group.work.len() < TOGETHER {
            match self.row(Some(&row.hit))? {
                Some((next, work, _)) if next.hit == row.hit => group.work.push(work),
                next => {
                    self.next = next;
                    break;
                }
            }
        }
        Ok(Some(group))
    }
}

impl<R: Read> Iterator for GroupReader<R> {
    type Item = Result<FileGroup, BatchError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let group = self.group().transpose();
        self.over = !matches!(group, Some(Ok(_)));
        group
    }
}

fn texts(cells: &[(Arc<str>, String)]) -> impl Iterator<Item = (&str, &str)> {
    cells.iter().map(|(name, text)| (&**name, text.as_str()))
}

/// A HIT that files know nothing of but its identifier.
pub(super) fn bare_hit(id: HitId, title: &str) -> Hit {
    Hit {
        type_id: HitTypeId::for_hit(&id),
        id,
        group: None,
        title: title.to_owned(),
        description: String::new(),
        keywords: String::new(),
        question: String::new(),
        status: HitStatus::Reviewable,
        review_status: HitReviewStatus::NotReviewed,
        reward: Usd::ZERO,
        created: Time(0),
        expires: Time(0),
        duration: Seconds(0),
        auto_approval_delay: Seconds(0),
        max_assignments: 0,
        pending: 0,
        available: 0,
        completed: 0,
        annotation: None,
        requirements: Vec::new(),
    }
}

fn hit_of(row: &ResultRow, name: &str) -> Hit {
    let title = if row.title.trim().is_empty() { name } else { &row.title };
    let bare = bare_hit(row.hit.clone(), title);
    Hit {
        type_id: row.hit_type.clone().unwrap_or_else(|| HitTypeId::for_hit(&row.hit)),
        description: row.description.clone(),
        keywords: row.keywords.clone(),
        question: table_question(title, &row.inputs, &row.answers),
        reward: row.reward.unwrap_or(Usd::ZERO),
        created: row.created.unwrap_or(Time(0)),
        expires: row.expires.unwrap_or(Time(0)),
        duration: row.duration.unwrap_or_default(),
        auto_approval_delay: row.auto_approval_delay.unwrap_or_default(),
        max_assignments: row.max_assignments.unwrap_or(0),
        annotation: Some(row.annotation.clone()).filter(|annotation| !annotation.is_empty()),
        ..bare
    }
}

/// The HIT as an export has it, as far as its own cells go.
fn result_hit(hit: &Hit) -> ResultHit {
    let known = |time: Time| (time.0 != 0).then_some(time);
    ResultHit {
        id: hit.id.to_string(),
        type_id: Some(hit.type_id.to_string()),
        title: hit.title.clone(),
        description: hit.description.clone(),
        keywords: hit.keywords.clone(),
        reward: hit.reward,
        created: known(hit.created),
        expires: known(hit.expires),
        max_assignments: hit.max_assignments,
        annotation: hit.annotation.clone().unwrap_or_default(),
        duration: hit.duration,
        auto_approval_delay: hit.auto_approval_delay,
        ..ResultHit::default()
    }
}

fn work_of(row: &ResultRow, pacific: &Pacific, tools: bool, cell: impl Fn(&str) -> Option<String>) -> FileWork {
    let worked = || Some(row.submitted? - row.work_time?);
    let assignment = Assignment {
        id: row.assignment.clone(),
        hit: row.hit.clone(),
        worker: row.worker.clone(),
        status: row.status,
        accepted: row.accepted.or_else(worked),
        submitted: row.submitted,
        auto_approval: row.auto_approval,
        approved: row.approved,
        rejected: row.rejected,
        feedback: Some(row.feedback.clone()).filter(|feedback| !feedback.is_empty()),
        answer: answer::write(&row.answers),
    };
    let decided = match row.status {
        AssignmentStatus::Submitted => None,
        AssignmentStatus::Approved => row.approved,
        AssignmentStatus::Rejected => row.rejected,
    };
    let given = given_of_work(
        &Work {
            id: assignment.id.as_str(),
            worker: assignment.worker.as_str(),
            status: assignment.status,
            accepted: assignment.accepted,
            submitted: assignment.submitted,
            auto_approval: assignment.auto_approval,
            decided,
            by: None,
            feedback: &row.feedback,
            note: None,
            rates: None,
            answer: "",
            posted: &[],
            mark: None,
            given: &Given::new(),
        },
        pacific,
        |column| if tools && !IDENTIFIERS.contains(&column) { None } else { cell(column) },
    );
    FileWork { assignment, given, mark: mark_of(row, tools) }
}

/// What is kept of a file of the command-line tools, whose other cells have another shape.
const IDENTIFIERS: [&str; 2] = ["AssignmentId", "WorkerId"];

fn mark_of(row: &ResultRow, tools: bool) -> Result<Option<Verdict>, String> {
    if tools && row.status != AssignmentStatus::Submitted {
        return Ok(None);
    }
    mark(&row.approve, &row.reject).map_err(|why| format!("row {}: {}: {why}", row.row, row.assignment))
}
