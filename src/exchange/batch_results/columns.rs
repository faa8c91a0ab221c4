//! Which column stands where.

use super::BatchError;
use csv::ByteRecord;
use std::sync::Arc;

/// The columns that are read, by their place in [`Columns::fixed`].
pub(super) const NAMES: [&str; 29] = [
    "HITId",
    "HITTypeId",
    "Title",
    "Description",
    "Keywords",
    "Reward",
    "CreationTime",
    "MaxAssignments",
    "RequesterAnnotation",
    "AssignmentDurationInSeconds",
    "AutoApprovalDelayInSeconds",
    "Expiration",
    "LifetimeInSeconds",
    "AssignmentId",
    "WorkerId",
    "AssignmentStatus",
    "AcceptTime",
    "SubmitTime",
    "AutoApprovalTime",
    "ApprovalTime",
    "RejectionTime",
    "RequesterFeedback",
    "WorkTimeInSeconds",
    "Approve",
    "Reject",
    "NumberOfSimilarHITs",
    "LifetimeApprovalRate",
    "Last30DaysApprovalRate",
    "Last7DaysApprovalRate",
];

/// What the command-line tools call them, where it is more than another case.
const TOOLS: [(&str, &str); 10] = [
    ("assignments", "MaxAssignments"),
    ("annotation", "RequesterAnnotation"),
    ("assignmentduration", "AssignmentDurationInSeconds"),
    ("autoapprovaldelay", "AutoApprovalDelayInSeconds"),
    ("hitlifetime", "Expiration"),
    ("assignmentaccepttime", "AcceptTime"),
    ("assignmentsubmittime", "SubmitTime"),
    ("assignmentapprovaltime", "ApprovalTime"),
    ("assignmentrejecttime", "RejectionTime"),
    ("feedback", "RequesterFeedback"),
];

/// How the column begins that holds all answers as pairs, where the tools were asked for that.
const PAIRS: &str = "answers[";

/// The columns without which a row says nothing.
const REQUIRED: [&str; 3] = ["HITId", "AssignmentId", "WorkerId"];

/// The places of the columns in a row.
#[derive(Debug)]
pub(super) struct Columns {
    /// All names, for errors.
    pub(super) names: Vec<String>,
    /// The place of each of [`NAMES`].
    pub(super) fixed: [Option<usize>; NAMES.len()],
    pub(super) inputs: Vec<(usize, Arc<str>)>,
    pub(super) answers: Vec<(usize, Arc<str>)>,
    /// All answers as pairs in one cell.
    pub(super) pairs: Option<usize>,
}

impl Columns {
    /// `tools`: it is a file of the command-line tools.
    pub(super) fn find(header: &ByteRecord, tools: bool) -> Result<Columns, BatchError> {
        let (inputs, answers) = (Vec::new(), Vec::new());
        let mut columns = Columns { names: Vec::new(), fixed: [None; NAMES.len()], inputs, answers, pairs: None };
        for (place, cell) in header.iter().enumerate() {
            let name = std::str::from_utf8(cell).map_err(|_| BatchError::Cell {
                row: 1,
                line: 1,
                column: format!("number {}", place + 1),
                problem: super::cells::NOT_UTF8.to_owned(),
            })?;
            let name = name.trim();
            if !name.is_empty() && columns.names.iter().any(|known| known == name) {
                return Err(BatchError::DoubleColumn(name.to_owned()));
            }
            columns.names.push(name.to_owned());
            let alias = TOOLS.iter().find(|(alias, _)| tools && alias.eq_ignore_ascii_case(name));
            let name = alias.map_or(name, |(_, name)| name);
            if tools && name.starts_with(PAIRS) {
                columns.pairs = Some(place);
            } else if let Some(input) = name.strip_prefix("Input.") {
                columns.inputs.push((place, input.into()));
            } else if let Some(answer) = name.strip_prefix("Answer.") {
                columns.answers.push((place, answer.into()));
            } else if let Some(known) = NAMES.iter().position(|known| known.eq_ignore_ascii_case(name)) {
                columns.fixed[known].get_or_insert(place);
            }
        }
        if header.len() == 1 && columns.names[0].contains('\t') {
            return Err(BatchError::NotBatchResults(
                "its columns are separated by tabs, as the command-line tools write them; this reads commas".to_owned(),
            ));
        }
        match REQUIRED.into_iter().find(|name| columns.place(name).is_none()) {
            None => Ok(columns),
            Some(column) => {
                let found: Vec<String> =
                    columns.names.iter().take(4).map(|name| name.chars().take(40).collect()).collect();
                Err(BatchError::MissingColumn { column, found: found.join(", ") })
            }
        }
    }

    /// Where a column of [`NAMES`] stands.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        NAMES.iter().position(|known| *known == name).and_then(|known| self.fixed[known])
    }
}
