//! Everything the viewer shows of one assignment: loaded and decoded by the runtime when it is needed.

use crate::domain::assignment::AssignmentStatus;
use crate::domain::id::{AssignmentId, HitGroupId};
use crate::domain::key::{AssignmentKey, WorkerKey};
use crate::question::answer::Answer;
use crate::question::item::Item;
use std::sync::Arc;

/// Another worker's answer to the same HIT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    /// The assignment.
    pub key: AssignmentKey,
    /// Who did it.
    pub worker: WorkerKey,
    /// As the endpoint last reported it.
    pub status: AssignmentStatus,
    /// Decoded.
    pub answer: Answer,
}

/// One assignment, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// Which.
    pub key: AssignmentKey,
    /// Its identifier in full.
    pub id: AssignmentId,
    /// The HIT's group, for preview links.
    pub group: Option<HitGroupId>,
    /// What was asked; shared by the assignments of one HIT.
    pub item: Arc<Item>,
    /// What was answered.
    pub answer: Answer,
    /// The answer as it came.
    pub raw: String,
    /// The question as it was published.
    pub question: Arc<str>,
    /// `RequesterFeedback`.
    pub feedback: Option<String>,
    /// The reviewer's note.
    pub note: Option<String>,
    /// The other answers to the same HIT, at most 100, in order of submission.
    pub others: Arc<[Other]>,
}
