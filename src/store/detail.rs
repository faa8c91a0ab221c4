//! One assignment, whole: what the viewer shows.

use super::row::{id, status_of};
use super::shape::fill;
use super::{Reader, StoreError};
use crate::domain::assignment::AssignmentStatus;
use crate::domain::id::{AssignmentId, HitGroupId, HitId};
use crate::domain::key::{AssignmentKey, HitKey, WorkerKey};
use crate::domain::time::Seconds;
use rusqlite::OptionalExtension;
use std::sync::Arc;

/// How many other answers to the same HIT are read.
const OTHERS: u32 = 100;

/// Another worker's answer to the same HIT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherAnswer {
    /// The assignment.
    pub key: AssignmentKey,
    /// Who did it.
    pub worker: WorkerKey,
    /// As the endpoint last reported it.
    pub status: AssignmentStatus,
    /// The answer document.
    pub answer: String,
}

/// Everything the store has of one assignment, not yet decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDetail {
    /// Which.
    pub key: AssignmentKey,
    /// Its identifier.
    pub id: AssignmentId,
    /// The row of its HIT.
    pub hit: HitKey,
    /// Its HIT.
    pub hit_id: HitId,
    /// The HIT's group, for preview links.
    pub group: Option<HitGroupId>,
    /// The question as it was published.
    pub question: Arc<str>,
    /// The number of the question: equal for equal documents, for those who keep what they decoded.
    pub question_number: i64,
    /// The answer document.
    pub answer: String,
    /// `RequesterFeedback`.
    pub feedback: Option<String>,
    /// The reviewer's note.
    pub note: Option<String>,
    /// The other answers to the same HIT, at most 100, in order of submission.
    pub others: Vec<OtherAnswer>,
}

/// What the light row of an assignment leaves out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAssignment {
    /// Its identifier.
    pub id: AssignmentId,
    /// The answer document.
    pub answer: String,
    /// `RequesterFeedback`.
    pub feedback: Option<String>,
    /// The reviewer's note.
    pub note: Option<String>,
}

/// What the light row of a HIT leaves out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredHit {
    /// `HITGroupId`.
    pub group: Option<String>,
    /// `Description`.
    pub description: String,
    /// `Keywords`.
    pub keywords: String,
    /// `RequesterAnnotation`.
    pub annotation: Option<String>,
    /// `QualificationRequirements`, a line each: identifier, comparator, values, what it guards.
    pub requirements: String,
    /// `HITReviewStatus`.
    pub review_status: String,
    /// `AssignmentDurationInSeconds`.
    pub duration: Seconds,
    /// `Question`.
    pub question: String,
}

impl Reader {
    /// What the row of an assignment leaves out.
    pub fn stored_assignment(&self, key: AssignmentKey) -> Result<Option<StoredAssignment>, StoreError> {
        let mut find = self.connection.prepare_cached(
            "SELECT a.id, t.xml, s.text, t.fields, a.feedback, (SELECT text FROM note WHERE assignment = a.id)
             FROM assignment a JOIN answer t ON t.id = a.answer LEFT JOIN shape s ON s.id = t.shape WHERE a.key = ?1",
        )?;
        let stored = find.query_row([key.0], |row| {
            Ok(StoredAssignment {
                id: id(row, 0, AssignmentId::parse)?,
                answer: document(row, 1)?,
                feedback: row.get(4)?,
                note: row.get(5)?,
            })
        });
        Ok(stored.optional()?)
    }

    /// What the row of a HIT leaves out.
    pub fn stored_hit(&self, key: HitKey) -> Result<Option<StoredHit>, StoreError> {
        let mut find = self.connection.prepare_cached(
            "SELECT h.group_id, h.description, h.keywords, h.annotation, h.review_status, h.duration, q.xml, h.requirements
             FROM hit h JOIN question q ON q.id = h.question WHERE h.key = ?1",
        )?;
        let stored = find.query_row([key.0], |row| {
            Ok(StoredHit {
                group: row.get(0)?,
                description: row.get(1)?,
                keywords: row.get(2)?,
                annotation: row.get(3)?,
                review_status: row.get(4)?,
                duration: Seconds(row.get(5)?),
                question: row.get(6)?,
                requirements: row.get(7)?,
            })
        });
        Ok(stored.optional()?)
    }

    /// One assignment, whole.
    pub fn detail(&self, key: AssignmentKey) -> Result<Option<StoredDetail>, StoreError> {
        let Some(mut detail) = self.detail_alone(key)? else { return Ok(None) };
        let mut find = self.connection.prepare_cached(
            "SELECT a.key, a.worker, a.status, t.xml, s.text, t.fields
             FROM assignment a JOIN answer t ON t.id = a.answer LEFT JOIN shape s ON s.id = t.shape
             WHERE a.hit = ?1 AND a.key <> ?2 ORDER BY a.submitted, a.key LIMIT ?3",
        )?;
        let others = find.query_map((detail.hit.0, key.0, OTHERS), |row| {
            Ok(OtherAnswer {
                key: AssignmentKey(row.get(0)?),
                worker: WorkerKey(row.get(1)?),
                status: status_of(row.get(2)?)?,
                answer: document(row, 3)?,
            })
        })?;
        detail.others = others.collect::<Result<_, _>>()?;
        Ok(Some(detail))
    }

    /// One assignment without the others' answers.
    pub fn detail_alone(&self, key: AssignmentKey) -> Result<Option<StoredDetail>, StoreError> {
        let mut find = self.connection.prepare_cached(
            "SELECT a.id, a.hit, h.id, h.group_id, q.xml, q.id, t.xml, s.text, t.fields, a.feedback,
               (SELECT text FROM note WHERE assignment = a.id)
             FROM assignment a JOIN hit h ON h.key = a.hit JOIN question q ON q.id = h.question
             JOIN answer t ON t.id = a.answer LEFT JOIN shape s ON s.id = t.shape WHERE a.key = ?1",
        )?;
        let detail = find.query_row([key.0], |row| {
            let has_group = row.get_ref(3)? != rusqlite::types::ValueRef::Null;
            Ok(StoredDetail {
                key,
                id: id(row, 0, AssignmentId::parse)?,
                hit: HitKey(row.get(1)?),
                hit_id: id(row, 2, HitId::parse)?,
                group: if has_group { Some(id(row, 3, HitGroupId::parse)?) } else { None },
                question: row.get_ref(4)?.as_str()?.into(),
                question_number: row.get(5)?,
                answer: document(row, 6)?,
                feedback: row.get(9)?,
                note: row.get(10)?,
                others: Vec::new(),
            })
        });
        Ok(detail.optional()?)
    }
}

/// The answer document out of three columns: the whole of it, else its shape and its fields.
fn document(row: &rusqlite::Row<'_>, first: usize) -> rusqlite::Result<String> {
    match row.get(first)? {
        Some(whole) => Ok(whole),
        None => Ok(fill(row.get_ref(first + 1)?.as_str()?, row.get_ref(first + 2)?.as_str()?)),
    }
}
