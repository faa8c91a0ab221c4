//! Assignments as programs read them: under the names of the MTurk API and of batch-results files.

use super::super::shape::Shape;
use super::Opened;
use crate::domain::assignment::{AssignmentStatus, work_time};
use crate::domain::id::WorkerId;
use crate::domain::key::{AssignmentKey, HitKey};
use crate::domain::row::AssignmentRow;
use crate::exchange::output::{Cell, Column, Format};
use crate::exchange::results::object;
use crate::question::answer::decode;
use crate::store::{Reader, StoreError, StoredAssignment, StoredHit};
use std::collections::{BTreeSet, HashMap};

/// Assignments that are read from the store at once.
pub(super) const TOGETHER: usize = 500;

/// Where a list has the answer in one line; a record has it in as many as it needs.
pub(super) const SUMMARY: usize = 3;

/// The columns, answers last; `fields` are the ones that CSV makes columns of.
pub(super) fn columns(shape: Shape, fields: Vec<String>) -> Vec<Column> {
    let of_record = |name, title| shape.of_record(name, title);
    let mut columns = vec![
        Column::new("AssignmentId", "assignment"),
        Column::new("WorkerId", "worker"),
        Column::new("AssignmentStatus", "status"),
        Column::new("WorkTimeInSeconds", "time"),
        Column::new("AutoApprovalTime", "auto-approves"),
        Column::new("Reward", "reward"),
        Column::new("Batch", "batch"),
        of_record("Title", "title"),
        of_record("AcceptTime", "accepted"),
        Column::new("SubmitTime", "submitted"),
        Column::shown("decided"),
        Column::data("ApprovalTime"),
        Column::data("RejectionTime"),
        Column::new("DecidedBy", "by"),
        of_record("RequesterFeedback", "feedback"),
        of_record("Note", "note"),
        Column::new("HITId", "hit"),
        of_record("HITTypeId", "hit type"),
        Column::data("HITGroupId"),
        Column::data("RequesterAnnotation"),
        Column::fields("Answer", fields),
        Column::data("AnswerProblem"),
    ];
    if shape == Shape::List {
        columns.insert(SUMMARY, Column::long("", "answer"));
    }
    columns
}

/// What the light rows leave out, of some assignments and their HITs.
#[derive(Default)]
pub(super) struct Whole {
    assignments: HashMap<AssignmentKey, StoredAssignment>,
    hits: HashMap<HitKey, StoredHit>,
}

impl Whole {
    /// Reads it.
    pub(super) async fn read(opened: &Opened, rows: &[AssignmentRow]) -> Result<Self, StoreError> {
        let keys: Vec<(AssignmentKey, HitKey)> = rows.iter().map(|row| (row.key, row.hit)).collect();
        let read = move |reader: &Reader| {
            let mut whole = Whole::default();
            for (key, hit) in keys {
                whole.assignments.extend(reader.stored_assignment(key)?.map(|stored| (key, stored)));
                if !whole.hits.contains_key(&hit) {
                    whole.hits.extend(reader.stored_hit(hit)?.map(|stored| (hit, stored)));
                }
            }
            Ok(whole)
        };
        opened.session.engine.store().reading(read).await
    }

    /// The document of an answer.
    pub(super) fn answer(&self, row: &AssignmentRow) -> &str {
        self.assignments.get(&row.key).map_or("", |stored| stored.answer.as_str())
    }

    /// A row in the order of [`columns`].
    pub(super) fn cells(&self, opened: &Opened, row: &AssignmentRow) -> Vec<Cell> {
        let hit = opened.hit(row);
        let (stored, texts) = (self.assignments.get(&row.key), self.hits.get(&row.hit));
        let answer = decode(self.answer(row));
        let decided = row.decided.get();
        vec![
            opened.id(row).into(),
            opened.worker(row).map(WorkerId::as_str).into(),
            row.status.name().into(),
            work_time(row.accepted.get(), row.submitted.get()).into(),
            row.auto_approval.get().into(),
            hit.map(|hit| hit.reward).into(),
            hit.map(|hit| &*hit.batch).into(),
            hit.map(|hit| &*hit.title).into(),
            row.accepted.get().into(),
            row.submitted.get().into(),
            decided.into(),
            decided.filter(|_| row.status == AssignmentStatus::Approved).into(),
            decided.filter(|_| row.status == AssignmentStatus::Rejected).into(),
            opened.decider(row).into(),
            stored.and_then(|stored| stored.feedback.as_deref()).into(),
            stored.and_then(|stored| stored.note.as_deref()).into(),
            hit.map(|hit| hit.id.as_str()).into(),
            hit.map(|hit| hit.type_id.as_str()).into(),
            texts.and_then(|texts| texts.group.as_deref()).into(),
            texts.and_then(|texts| texts.annotation.as_deref()).into(),
            Cell::Json(object(&answer)),
            answer.problem.into(),
        ]
    }
}

/// The fields of all answers, by name, which CSV makes columns of: nothing in the other forms, which need no header.
pub(super) async fn names(opened: &Opened, rows: &[AssignmentRow], format: Format) -> Result<Vec<String>, StoreError> {
    let mut names = BTreeSet::new();
    if format == Format::Csv {
        for some in rows.chunks(TOGETHER) {
            let whole = Whole::read(opened, some).await?;
            for row in some {
                names.extend(decode(whole.answer(row)).fields.into_iter().map(|field| field.name));
            }
        }
    }
    Ok(names.into_iter().collect())
}
