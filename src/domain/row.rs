//! Light rows: what the desk keeps in memory of every HIT and assignment of the account. Answers stay in the store.

use super::assignment::AssignmentStatus;
use super::hit::HitStatus;
use super::id::{HitId, HitTypeId, WorkerId};
use super::key::{AssignmentKey, HitKey, WorkerKey};
use super::money::Usd;
use super::time::{Seconds, Stamp, Time};
use std::sync::Arc;

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

impl Decider {
    /// As a number.
    pub fn code(self) -> u16 {
        match self {
            Decider::Unknown => 0,
            Decider::Elsewhere => 1,
            Decider::Clock => 2,
            Decider::Person(number) => number.checked_add(3).unwrap_or_default(),
        }
    }

    /// Out of [`Decider::code`].
    pub fn of_code(code: u16) -> Decider {
        match code {
            0 => Decider::Unknown,
            1 => Decider::Elsewhere,
            2 => Decider::Clock,
            person => Decider::Person(person - 3),
        }
    }
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
    pub title: Arc<str>,
    /// The batch it belongs to: from the annotation, else the title. See [`super::batch::name_of`].
    pub batch: Arc<str>,
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

impl HitRow {
    /// Submitted and undecided assignments by its counters: the API has none for them.
    pub const fn undecided(&self) -> u32 {
        self.max_assignments.saturating_sub(self.available + self.pending + self.completed)
    }

    /// Whether all its work is in, or nobody can hand in any more.
    pub const fn is_closed(&self) -> bool {
        matches!(self.status, HitStatus::Reviewable | HitStatus::Reviewing | HitStatus::Disposed)
    }
}

/// One assignment. Its summary is a text of its own while the row travels, and a place among others ([`TextRef`]) where
/// rows are kept by the million.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssignmentRow<S = Box<str>> {
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
    pub summary: S,
}

/// Where the summary of a kept row lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TextRef(pub u32);

/// An assignment as it is kept: 40 bytes.
pub type LightRow = AssignmentRow<TextRef>;

impl AssignmentRow {
    /// All of it but the summary.
    pub fn light(&self) -> LightRow {
        LightRow {
            key: self.key,
            hit: self.hit,
            worker: self.worker,
            status: self.status,
            by: self.by,
            noted: self.noted,
            accepted: self.accepted,
            submitted: self.submitted,
            auto_approval: self.auto_approval,
            decided: self.decided,
            summary: TextRef::default(),
        }
    }
}

impl<S> AssignmentRow<S> {
    /// The same row with its summary in another form.
    pub fn with_summary<T>(self, summary: T) -> AssignmentRow<T> {
        let AssignmentRow { key, hit, worker, status, by, noted, accepted, submitted, auto_approval, decided, .. } =
            self;
        AssignmentRow { key, hit, worker, status, by, noted, accepted, submitted, auto_approval, decided, summary }
    }
}

/// A worker's row: key and identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerRow {
    /// Its row in the store.
    pub key: WorkerKey,
    /// `WorkerId`.
    pub id: WorkerId,
}
