//! Work that was done elsewhere, written down as it is given.

use rusqlite::params;

use super::assignments::Fixed;
use super::{Change, HitRecord, NewHitType, StorageError};
use crate::domain::assignment::AssignmentStatus;
use crate::domain::id::{AssignmentId, HitId, WorkerId};
use crate::domain::time::Time;
use crate::market::rules::assignment::Phase;

/// A HIT that was published elsewhere, with the work done on it.
#[derive(Debug, Clone)]
pub struct ImportedHit {
    /// `HITId`; a new one is made when it is not known.
    pub id: Option<HitId>,
    /// Its type; the type's `id` may be known as well.
    pub hit_type: NewHitType,
    /// `Question`.
    pub question: String,
    /// `RequesterAnnotation`.
    pub annotation: Option<String>,
    /// `CreationTime`.
    pub created: Time,
    /// `Expiration`.
    pub expires: Time,
    /// `MaxAssignments`; never less than there are assignments.
    pub max: u32,
    /// What was handed in, in any order.
    pub assignments: Vec<ImportedAssignment>,
}

/// An assignment that was handed in elsewhere.
#[derive(Debug, Clone)]
pub struct ImportedAssignment {
    /// `AssignmentId`; a new one is made when it is not known.
    pub id: Option<AssignmentId>,
    /// `WorkerId`.
    pub worker: WorkerId,
    /// `AssignmentStatus`.
    pub status: AssignmentStatus,
    /// `AcceptTime`.
    pub accepted: Option<Time>,
    /// `SubmitTime`.
    pub submitted: Option<Time>,
    /// `AutoApprovalTime`; without one the clock never approves it.
    pub auto_approval: Option<Time>,
    /// `ApprovalTime`.
    pub approved: Option<Time>,
    /// `RejectionTime`.
    pub rejected: Option<Time>,
    /// `RequesterFeedback`.
    pub feedback: Option<String>,
    /// `Answer`.
    pub answer: String,
}

impl Change<'_> {
    /// Writes down an assignment that was handed in elsewhere.
    pub fn add_imported(&mut self, hit: &HitRecord, done: &ImportedAssignment) -> Result<(), StorageError> {
        let worker = self.find_or_add_worker(done.worker.as_str())?;
        let id = match &done.id {
            Some(id) => id.to_string(),
            None => self.mint.entity(),
        };
        let fixed = Fixed {
            id: &id,
            worker: done.worker.as_str(),
            hit: &hit.id,
            auto_approval: done.auto_approval,
            accepted: done.accepted,
            submitted: done.submitted,
        };
        let seq = self.add_answer(fixed, &done.answer)?;
        let time = |time: Option<Time>| time.map(|time| time.0);
        self.conn
            .prepare_cached(
                "INSERT INTO assignments (assignment_id, hit, worker, phase, seq, accepted, submitted, auto_approval,
                 approved, rejected, feedback, worker_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            )?
            .execute(params![
                id,
                hit.key.0,
                worker.0,
                Phase::from(done.status) as i64,
                seq,
                time(done.accepted),
                time(done.submitted),
                time(done.auto_approval),
                time(done.approved),
                time(done.rejected),
                done.feedback,
                done.worker.as_str(),
            ])?;
        Ok(())
    }
}
