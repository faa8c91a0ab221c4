//! The requester website's batch-results CSV: names, order and shapes as there, times on Pacific clocks.

use super::{Mark, ResultHit, ResultsWriter, Work};
use crate::domain::assignment::work_time;
use crate::domain::time::{Seconds, Time};
use crate::exchange::pacific::Pacific;
use std::borrow::Cow;
use std::io::Write;

/// The columns of the HIT, which come first.
pub(super) const HIT: [&str; 14] = [
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
    "NumberOfSimilarHITs",
    "LifetimeInSeconds",
];

/// The columns of the assignment.
pub(super) const WORK: [&str; 13] = [
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
    "LifetimeApprovalRate",
    "Last30DaysApprovalRate",
    "Last7DaysApprovalRate",
];

impl<W: Write> ResultsWriter<W> {
    pub(super) fn website_header(&mut self) {
        for name in HIT.into_iter().chain(WORK) {
            self.cells.plain(&mut self.row, name);
        }
        let named = |prefix: &str, names: &[String]| {
            names.iter().map(|name| format!("{prefix}{name}")).collect::<Vec<String>>()
        };
        for name in named("Input.", &self.columns.inputs).iter().chain(&named("Answer.", &self.columns.answers)) {
            self.cells.text(&mut self.row, name);
        }
        self.cells.plain(&mut self.row, "Approve");
        self.cells.plain(&mut self.row, "Reject");
        self.row.push('\n');
    }

    pub(super) fn website_hit(&mut self) {
        let (hit, cells, [row, inputs]) = (&self.hit, &mut self.cells, &mut self.shared);
        for column in HIT {
            match (column, hit.given.get(column)) {
                (_, Some(given)) => cells.given(row, given),
                ("Title" | "Description" | "Keywords" | "RequesterAnnotation", None) => {
                    cells.text(row, &hit_text(hit, column, &cells.pacific));
                }
                (_, None) => cells.plain(row, &hit_text(hit, column, &cells.pacific)),
            }
        }
        for name in &self.columns.inputs {
            let value = hit.inputs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value);
            // The row is empty for the first of them; the delimiter is put between the parts.
            match hit.given.get(&format!("Input.{name}")) {
                Some(given) => cells.given(inputs, given),
                None => cells.text(inputs, value),
            }
        }
    }

    pub(super) fn website_row(&mut self, work: &Work<'_>) {
        self.row.push_str(&self.shared[0]);
        let (cells, row) = (&mut self.cells, &mut self.row);
        for column in WORK {
            match (column, work.given.get(column)) {
                ("WorkerId", given) => cells.worker(row, given.map_or(work.worker, String::as_str)),
                (_, Some(given)) => cells.given(row, given),
                ("RequesterFeedback", None) => cells.text(row, work.feedback),
                (_, None) => cells.plain(row, &work_text(work, column, &cells.pacific)),
            }
        }
        if !self.shared[1].is_empty() {
            self.row.push(',');
            self.row.push_str(&self.shared[1]);
        }
        self.answer_cells(work);
        let (approve, reject) = match work.mark {
            None => ("", ""),
            Some(Mark::Approve) => ("x", ""),
            Some(Mark::Reject(reason)) => ("", reason),
        };
        self.cells.plain(&mut self.row, approve);
        self.cells.text(&mut self.row, reject);
        self.row.push('\n');
    }
}

/// Seconds from accepting to submitting.
pub(super) fn worked(accepted: Option<Time>, submitted: Option<Time>) -> Option<i64> {
    work_time(accepted, submitted).map(|Seconds(seconds)| seconds)
}

/// A cell of the HIT, as this program writes it.
pub(super) fn hit_text<'a>(hit: &'a ResultHit, column: &str, pacific: &Pacific) -> Cow<'a, str> {
    let time = |time: Option<Time>| time.map_or(Cow::Borrowed(""), |time| pacific.text(time).into());
    match column {
        "HITId" => hit.id.as_str().into(),
        "HITTypeId" => hit.type_id.as_deref().unwrap_or_default().into(),
        "Title" => hit.title.as_str().into(),
        "Description" => hit.description.as_str().into(),
        "Keywords" => hit.keywords.as_str().into(),
        "Reward" => hit.reward.display().into(),
        "CreationTime" => time(hit.created),
        "MaxAssignments" => hit.max_assignments.to_string().into(),
        "RequesterAnnotation" => hit.annotation.as_str().into(),
        "AssignmentDurationInSeconds" => hit.duration.0.to_string().into(),
        "AutoApprovalDelayInSeconds" => hit.auto_approval_delay.0.to_string().into(),
        "Expiration" => time(hit.expires),
        // The service tells neither of the others.
        _ => "".into(),
    }
}

/// A cell of the assignment, as this program writes it.
pub(super) fn work_text<'a>(work: &'a Work<'_>, column: &str, pacific: &Pacific) -> Cow<'a, str> {
    let time = |time: Option<Time>| time.map_or(Cow::Borrowed(""), |time| pacific.text(time).into());
    match column {
        "AssignmentId" => work.id.into(),
        "WorkerId" => work.worker.into(),
        "AssignmentStatus" => work.status.name().into(),
        "AcceptTime" => time(work.accepted),
        "SubmitTime" => time(work.submitted),
        "AutoApprovalTime" => time(work.auto_approval),
        "ApprovalTime" => time(work.approved()),
        "RejectionTime" => time(work.rejected()),
        "RequesterFeedback" => work.feedback.into(),
        "WorkTimeInSeconds" => {
            worked(work.accepted, work.submitted).map_or(Cow::Borrowed(""), |seconds| seconds.to_string().into())
        }
        "LifetimeApprovalRate" => rate(work, 0).into(),
        "Last30DaysApprovalRate" => rate(work, 1).into(),
        "Last7DaysApprovalRate" => rate(work, 2).into(),
        _ => "".into(),
    }
}

/// `100% (5/5)`: approved of decided; `0% (0/0)` for a worker without any.
fn rate(work: &Work<'_>, span: usize) -> String {
    let Some(rates) = work.rates else { return String::new() };
    let (approved, rejected) = rates[span];
    let decided = u64::from(approved) + u64::from(rejected);
    let percent = (u64::from(approved) * 200 + decided).checked_div(decided * 2).unwrap_or(0);
    format!("{percent}% ({approved}/{decided})")
}
