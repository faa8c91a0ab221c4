//! The requester website's batch-results CSV: names, order and shapes as there, times on Pacific clocks.

use super::{Mark, ResultsWriter, Work};
use crate::domain::assignment::work_time;
use crate::domain::time::{Seconds, Time};
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
            if let Some(given) = hit.given.get(column) {
                cells.text(row, given);
                continue;
            }
            match column {
                "HITId" => cells.plain(row, &hit.id),
                "HITTypeId" => cells.plain(row, hit.type_id.as_deref().unwrap_or_default()),
                "Title" => cells.text(row, &hit.title),
                "Description" => cells.text(row, &hit.description),
                "Keywords" => cells.text(row, &hit.keywords),
                "Reward" => cells.plain(row, &hit.reward.display()),
                "CreationTime" => cells.pacific(row, hit.created),
                "MaxAssignments" => cells.number(row, Some(i64::from(hit.max_assignments))),
                "RequesterAnnotation" => cells.text(row, &hit.annotation),
                "AssignmentDurationInSeconds" => cells.number(row, Some(hit.duration.0)),
                "AutoApprovalDelayInSeconds" => cells.number(row, Some(hit.auto_approval_delay.0)),
                "Expiration" => cells.pacific(row, hit.expires),
                // The service tells neither.
                _ => cells.plain(row, ""),
            }
        }
        for name in &self.columns.inputs {
            let value = hit.inputs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value);
            // The row is empty for the first of them; the delimiter is put between the parts.
            cells.text(inputs, value);
        }
    }

    pub(super) fn website_row(&mut self, work: &Work<'_>) {
        self.row.push_str(&self.shared[0]);
        let (cells, row) = (&mut self.cells, &mut self.row);
        for (place, column) in WORK.into_iter().enumerate() {
            match (column, work.given.get(column)) {
                ("WorkerId", given) => cells.worker(row, given.map_or(work.worker, String::as_str)),
                (_, Some(given)) => cells.text(row, given),
                ("AssignmentId", None) => cells.plain(row, work.id),
                ("AssignmentStatus", None) => cells.plain(row, work.status.name()),
                ("AcceptTime", None) => cells.pacific(row, work.accepted),
                ("SubmitTime", None) => cells.pacific(row, work.submitted),
                ("AutoApprovalTime", None) => cells.pacific(row, work.auto_approval),
                ("ApprovalTime", None) => cells.pacific(row, work.approved()),
                ("RejectionTime", None) => cells.pacific(row, work.rejected()),
                ("RequesterFeedback", None) => cells.text(row, work.feedback),
                ("WorkTimeInSeconds", None) => cells.number(row, worked(work.accepted, work.submitted)),
                (_, None) => cells.plain(row, &rate(work, place + 3 - WORK.len())),
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

/// `100% (5/5)`: approved of decided; `0% (0/0)` for a worker without any.
fn rate(work: &Work<'_>, span: usize) -> String {
    let Some(rates) = work.rates else { return String::new() };
    let (approved, rejected) = rates[span];
    let decided = u64::from(approved) + u64::from(rejected);
    let percent = (u64::from(approved) * 200 + decided).checked_div(decided * 2).unwrap_or(0);
    format!("{percent}% ({approved}/{decided})")
}
