//! The command-line tools' `.results` file: separated by tabs, every field in quotes.

use super::{Mark, ResultsWriter, Work};
use crate::domain::assignment::AssignmentStatus;
use std::io::Write;

/// The columns of the HIT.
const HIT: [&str; 18] = [
    "hitid",
    "hittypeid",
    "title",
    "description",
    "keywords",
    "reward",
    "creationtime",
    "assignments",
    "numavailable",
    "numpending",
    "numcomplete",
    "hitstatus",
    "reviewstatus",
    "annotation",
    "assignmentduration",
    "autoapprovaldelay",
    "hitlifetime",
    "viewhit",
];

/// The columns of the assignment; the answers follow.
const WORK: [&str; 11] = [
    "assignmentid",
    "workerid",
    "assignmentstatus",
    "autoapprovaltime",
    "assignmentaccepttime",
    "assignmentsubmittime",
    "assignmentapprovaltime",
    "assignmentrejecttime",
    "deadline",
    "feedback",
    "reject",
];

impl<W: Write> ResultsWriter<W> {
    pub(super) fn tools_header(&mut self) {
        for name in HIT.into_iter().chain(WORK) {
            self.cells.plain(&mut self.row, name);
        }
        for name in &self.columns.answers {
            self.cells.text(&mut self.row, &format!("Answer.{name}"));
        }
        self.row.push('\n');
    }

    pub(super) fn tools_hit(&mut self) {
        let (hit, cells, row) = (&self.hit, &mut self.cells, &mut self.shared[0]);
        let [available, pending, completed] = hit.counters.map(i64::from).map(Some);
        cells.text(row, hit.given.get("HITId").unwrap_or(&hit.id));
        let type_id = hit.given.get("HITTypeId").or(hit.type_id.as_ref());
        cells.text(row, type_id.map_or("", String::as_str));
        cells.text(row, &hit.title);
        cells.text(row, &hit.description);
        cells.text(row, &hit.keywords);
        cells.plain(row, &hit.reward.display());
        cells.pacific(row, hit.created);
        cells.number(row, Some(i64::from(hit.max_assignments)));
        cells.number(row, available);
        cells.number(row, pending);
        cells.number(row, completed);
        cells.plain(row, hit.status);
        cells.plain(row, &hit.review_status);
        cells.text(row, &hit.annotation);
        cells.number(row, Some(hit.duration.0));
        cells.number(row, Some(hit.auto_approval_delay.0));
        // Written by the tools as the moment at which the HIT ends.
        cells.pacific(row, hit.expires);
        cells.text(row, hit.preview.as_deref().unwrap_or_default());
    }

    pub(super) fn tools_row(&mut self, work: Option<&Work<'_>>) {
        self.row.push_str(&self.shared[0]);
        let Some(work) = work else {
            for _ in 0..WORK.len() + self.columns.answers.len() {
                self.cells.plain(&mut self.row, "");
            }
            return self.row.push('\n');
        };
        let (cells, row) = (&mut self.cells, &mut self.row);
        let (id, worker) = work.identifiers();
        cells.text(row, id);
        cells.worker(row, worker);
        cells.plain(row, work.status.name());
        cells.pacific(row, work.auto_approval);
        cells.pacific(row, work.accepted);
        cells.pacific(row, work.submitted);
        cells.pacific(row, work.approved());
        cells.pacific(row, work.rejected());
        // The last moment at which it can be decided.
        cells.pacific(row, work.auto_approval);
        cells.text(row, work.feedback);
        match work.mark {
            Some(Mark::Reject(reason)) => cells.text(row, reason),
            _ if work.status == AssignmentStatus::Rejected => cells.plain(row, "y"),
            _ => cells.plain(row, ""),
        }
        self.answer_cells(work);
        self.row.push('\n');
    }
}
