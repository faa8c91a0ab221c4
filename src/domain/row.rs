//! Light rows: what the desk keeps in memory of every HIT and assignment of the account. Answers stay in the store.

use super::assignment::AssignmentStatus;
use super::hit::HitStatus;
use super::id::{HitId, HitTypeId, WorkerId};
use super::key::{AssignmentKey, HitKey, WorkerKey};
use super::money::Usd;
use super::time::{Seconds, Stamp, Time};

/// Who decided an assignment, as far as this store knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Decider {
    /// Undecided, or nobody knows.
    #[default]
    Unknown,
    /// Through this store; the number is the place in the store's list of people.
    Person(u16),
    /// The endpoint shows a decision that did not pass through this store: another desk, a script, a review policy.
    Elsewhere,
    /// The auto-approval clock.
    Clock,
}

/// One HIT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitRow {
    /// Its row in the store.
    pub key: HitKey,
    /// `HITId`.
    pub id: HitId,
    /// `HITTypeId`.
    pub type_id: HitTypeId,
    /// `Title`, as the requester wrote it (still untrusted text for the terminal).
    pub title: Box<str>,
    /// The batch it belongs to: from the annotation, else the title. See [`super::batch::name_of`].
    pub batch: Box<str>,
    /// `HITStatus`.
    pub status: HitStatus,
    /// `Reward` of one assignment.
    pub reward: Usd,
    /// `CreationTime`.
    pub created: Time,
    /// `Expiration`.
    pub expires: Time,
    /// `AutoApprovalDelayInSeconds`.
    pub auto_approval_delay: Seconds,
    /// `MaxAssignments`.
    pub max_assignments: u32,
    /// `NumberOfAssignmentsPending`.
    pub pending: u32,
    /// `NumberOfAssignmentsAvailable`.
    pub available: u32,
    /// `NumberOfAssignmentsCompleted`.
    pub completed: u32,
    /// Whether the Masters surcharge applies.
    pub masters: bool,
}

/// One assignment, about 100 bytes with its summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentRow {
    /// Its row in the store.
    pub key: AssignmentKey,
    /// Its HIT.
    pub hit: HitKey,
    /// Who did it.
    pub worker: WorkerKey,
    /// As the endpoint last reported it.
    pub status: AssignmentStatus,
    /// Who decided it.
    pub by: Decider,
    /// Whether somebody left a note on it.
    pub noted: bool,
    /// `AcceptTime`.
    pub accepted: Stamp,
    /// `SubmitTime`.
    pub submitted: Stamp,
    /// `AutoApprovalTime`.
    pub auto_approval: Stamp,
    /// `ApprovalTime` or `RejectionTime`.
    pub decided: Stamp,
    /// The answer in one line, at most about 80 characters; raw text, not yet safe to print.
    pub summary: Box<str>,
}

/// A worker's row: key and identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerRow {
    /// Its row in the store.
    pub key: WorkerKey,
    /// `WorkerId`.
    pub id: WorkerId,
}
