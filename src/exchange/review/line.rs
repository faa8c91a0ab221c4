//! Columns and lines of reviewed files.

use super::{Kind, ReviewError, Verdict};
use crate::domain::id::AssignmentId;
use crate::domain::policy;
use crate::exchange::batch_results::{NOT_UTF8, text_of};
use csv::ByteRecord;

/// Where the columns that decide stand.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) kind: Kind,
    names: Vec<String>,
    assignment: usize,
    approve: Option<usize>,
    reject: Option<usize>,
    /// What the worker reads.
    comment: Option<usize>,
    status: Option<usize>,
}

/// What the website's two columns say: an x in Approve approves, any text in Reject rejects and is the reason.
pub fn mark(approve: &str, reject: &str) -> Result<Option<Verdict>, String> {
    match (approve.trim(), reject.trim()) {
        ("", "") => Ok(None),
        ("x" | "X", "") => Ok(Some(Verdict::Approve { feedback: None })),
        ("", reason) => Ok(Some(Verdict::Reject { reason: Some(reason.to_owned()) })),
        (other, "") => {
            let shown: String = other.chars().take(40).collect();
            Err(format!("column Approve: an x approves, not \"{shown}\""))
        }
        _ => Err("it is approved and rejected: both columns are filled".to_owned()),
    }
}

impl Columns {
    pub(super) fn find(header: &ByteRecord, delimiter: u8) -> Result<Columns, ReviewError> {
        let names: Vec<String> =
            header.iter().map(|cell| String::from_utf8_lossy(cell).trim().chars().take(60).collect()).collect();
        let place = |wanted: &str| names.iter().position(|name| name.eq_ignore_ascii_case(wanted));
        let listed = || names.iter().take(8).cloned().collect::<Vec<_>>().join(", ");
        let mut columns = Columns {
            kind: Kind::Website,
            names: Vec::new(),
            assignment: 0,
            approve: None,
            reject: None,
            comment: None,
            status: None,
        };
        if let Some(assignment) = place("assignmentIdToApprove") {
            let comment = place("assignmentIdToApproveComment");
            columns = Columns { kind: Kind::ApproveFile, assignment, comment, ..columns };
        } else if let Some(assignment) = place("assignmentIdToReject") {
            let comment = place("assignmentIdToRejectComment");
            columns = Columns { kind: Kind::RejectFile, assignment, comment, ..columns };
        } else if let Some(assignment) = place("assignmentid") {
            let (approve, reject) = (place("approve"), place("reject"));
            if delimiter == b'\t' && approve.is_none() {
                let (comment, status) = (place("feedback"), place("assignmentstatus"));
                columns = Columns { kind: Kind::Results, assignment, reject, comment, status, ..columns };
            } else if approve.is_none() && reject.is_none() {
                return Err(ReviewError::NoMarks(listed()));
            } else {
                columns = Columns { assignment, approve, reject, ..columns };
            }
        } else {
            return Err(ReviewError::NoAssignments(listed()));
        }
        columns.names = names;
        Ok(columns)
    }

    /// What a line decides about which assignment; none if nothing.
    pub(super) fn verdict(&self, record: &ByteRecord, width: usize) -> Result<Option<(AssignmentId, Verdict)>, String> {
        // The tools write shorter rows before they know all columns.
        let short = self.kind == Kind::Results && record.len() < width;
        if record.len() != width && !short {
            return Err(format!(
                "{} cells where the header has {width}: a quote is missing or the file was cut off",
                record.len()
            ));
        }
        let verdict = match self.kind {
            Kind::Website => self.website(record)?,
            Kind::Results => self.results(record)?,
            Kind::ApproveFile => Some(Verdict::Approve { feedback: self.comment(record)? }),
            Kind::RejectFile => Some(Verdict::Reject { reason: self.comment(record)? }),
        };
        let Some(verdict) = verdict else { return Ok(None) };
        let id = self.cell(record, Some(self.assignment))?;
        let id = id.trim();
        // A HIT without assignments has a row in a results file.
        if id.is_empty() && self.kind == Kind::Results {
            return Ok(None);
        }
        let id = AssignmentId::parse(id).map_err(|error| format!("column {}: {error}", self.names[self.assignment]))?;
        let checked = match &verdict {
            Verdict::Approve { feedback } => policy::check_feedback(feedback.as_deref().unwrap_or_default()),
            Verdict::Reject { reason } => policy::check_feedback(reason.as_deref().unwrap_or_default()),
        };
        checked.map_err(|refusal| format!("{id}: {refusal}"))?;
        Ok(Some((id, verdict)))
    }

    fn website(&self, record: &ByteRecord) -> Result<Option<Verdict>, String> {
        mark(&self.cell(record, self.approve)?, &self.cell(record, self.reject)?)
    }

    fn results(&self, record: &ByteRecord) -> Result<Option<Verdict>, String> {
        let status = self.cell(record, self.status)?;
        if ["approved", "rejected"].contains(&status.trim().to_ascii_lowercase().as_str()) {
            return Ok(None);
        }
        let reject = self.cell(record, self.reject)?;
        let reject = reject.trim();
        if reject.is_empty() {
            return Ok(Some(Verdict::Approve { feedback: self.comment(record)? }));
        }
        // Whatever the text is, it rejects; a text that is no mere mark is the reason.
        let is_mark = ["x", "y", "yes", "1", "true", "r", "reject"].contains(&reject.to_ascii_lowercase().as_str());
        let reason = if is_mark { self.comment(record)? } else { Some(reject.to_owned()) };
        Ok(Some(Verdict::Reject { reason }))
    }

    fn comment(&self, record: &ByteRecord) -> Result<Option<String>, String> {
        let text = self.cell(record, self.comment)?;
        Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
    }

    /// The text of a cell; empty where there is none.
    fn cell(&self, record: &ByteRecord, place: Option<usize>) -> Result<String, String> {
        let Some(place) = place else { return Ok(String::new()) };
        let bytes = record.get(place).unwrap_or_default();
        let text = std::str::from_utf8(bytes).map_err(|_| format!("column {}: {NOT_UTF8}", self.names[place]))?;
        Ok(text_of(text))
    }
}
