//! A tidy table: one row an answer, times in UTC. An assignment without answers has one row with an empty field.

use super::website::worked;
use super::{ResultsWriter, Work};
use crate::question::answer::decode;
use std::io::Write;

const HIT: [&str; 4] = ["Batch", "Title", "HITId", "HITTypeId"];
const WORK: [&str; 9] = [
    "AssignmentId",
    "WorkerId",
    "AssignmentStatus",
    "AcceptTime",
    "SubmitTime",
    "WorkTimeInSeconds",
    "Reward",
    "Field",
    "Value",
];

impl<W: Write> ResultsWriter<W> {
    pub(super) fn tidy_header(&mut self) {
        for name in HIT.into_iter().chain(WORK) {
            self.cells.plain(&mut self.row, name);
        }
        for name in &self.columns.inputs {
            self.cells.text(&mut self.row, &format!("Input.{name}"));
        }
        self.row.push('\n');
    }

    pub(super) fn tidy_hit(&mut self) {
        let (hit, cells, [row, inputs]) = (&self.hit, &mut self.cells, &mut self.shared);
        cells.text(row, &hit.batch);
        cells.text(row, &hit.title);
        cells.text(row, hit.given.get("HITId").unwrap_or(&hit.id));
        let type_id = hit.given.get("HITTypeId").or(hit.type_id.as_ref());
        cells.text(row, type_id.map_or("", String::as_str));
        for name in &self.columns.inputs {
            let value = hit.inputs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value);
            cells.text(inputs, value);
        }
    }

    pub(super) fn tidy_rows(&mut self, work: &Work<'_>) {
        let answer = decode(work.answer);
        let fields = answer.fields.iter().map(|field| (field.name.as_str(), field.value.text()));
        let mut fields: Vec<_> = fields.collect();
        if fields.is_empty() {
            fields.push(("", "".into()));
        }
        let (id, worker) = work.identifiers();
        let mut line = self.shared[0].clone();
        let cells = &mut self.cells;
        cells.text(&mut line, id);
        cells.worker(&mut line, worker);
        cells.plain(&mut line, work.status.name());
        cells.utc(&mut line, work.accepted);
        cells.utc(&mut line, work.submitted);
        cells.number(&mut line, worked(work.accepted, work.submitted));
        cells.plain(&mut line, &self.hit.reward.to_string());
        for (name, value) in fields {
            self.row.push_str(&line);
            self.cells.text(&mut self.row, name);
            self.cells.text(&mut self.row, &value);
            if !self.shared[1].is_empty() {
                self.row.push(',');
                self.row.push_str(&self.shared[1]);
            }
            self.row.push('\n');
        }
    }
}
