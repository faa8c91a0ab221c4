//! Decisions on their way: what was decided, and how far it has come. See docs/architecture.md, "the outbox".

use super::id::{AssignmentId, HitId, WorkerId};
use super::key::AssignmentKey;
use super::money::Usd;
use super::time::Millis;

/// What a person (or their script) decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// `ApproveAssignment`.
    Approve {
        /// What the worker reads, at most 1,024 characters.
        feedback: Option<String>,
        /// `OverrideRejection`: reverses an earlier rejection.
        override_rejection: bool,
    },
    /// `RejectAssignment`; the reason is required.
    Reject {
        /// What the worker reads, at most 1,024 characters.
        feedback: String,
    },
    /// `SendBonus`.
    Bonus {
        /// Who gets it.
        worker: WorkerId,
        /// Without the fee.
        amount: Usd,
        /// What the worker reads.
        reason: String,
    },
    /// `UpdateExpirationForHIT` with a moment in the past.
    Expire,
    /// `DeleteHIT`, after expiring it where needed.
    Delete,
}

impl Decision {
    /// The verb, for people and for the audit trail: approve, override, reject, bonus, expire, delete.
    pub const fn verb(&self) -> &'static str {
        match self {
            Decision::Approve { override_rejection: false, .. } => "approve",
            Decision::Approve { override_rejection: true, .. } => "override",
            Decision::Reject { .. } => "reject",
            Decision::Bonus { .. } => "bonus",
            Decision::Expire => "expire",
            Decision::Delete => "delete",
        }
    }

    /// Whether it settles an assignment, so that only one of them may be alive for it.
    pub const fn settles_assignment(&self) -> bool {
        matches!(self, Decision::Approve { .. } | Decision::Reject { .. })
    }
}

/// What a decision acts on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// An assignment.
    Assignment(AssignmentId),
    /// A HIT.
    Hit(HitId),
}

/// The row number of a decision in the outbox; never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DecisionId(pub i64);

/// How far a decision has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutboxState {
    /// Written down, leaves at this moment of the person's clock.
    Staged {
        /// When it may leave: the end of the grace period or of a back-off.
        due: Millis,
    },
    /// Claimed by a sender; the request may have left.
    Sending,
    /// Sent, and the answer never came: the state has to be read before anything else happens.
    Unknown,
    /// The endpoint has done it.
    Done,
    /// The endpoint refused it for good.
    Failed {
        /// Its words and ours.
        reason: String,
    },
    /// Taken back before it was sent.
    Undone,
    /// A request without token or read-back was cut off: it may have been carried out and is never sent again by itself.
    MaybeSent,
}

impl OutboxState {
    /// Whether nothing more will happen to it.
    pub const fn is_settled(&self) -> bool {
        matches!(self, OutboxState::Done | OutboxState::Failed { .. } | OutboxState::Undone | OutboxState::MaybeSent)
    }

    /// The word for people, the store and `-o json`.
    pub const fn name(&self) -> &'static str {
        match self {
            OutboxState::Staged { .. } => "staged",
            OutboxState::Sending => "sending",
            OutboxState::Unknown => "unknown",
            OutboxState::Done => "done",
            OutboxState::Failed { .. } => "failed",
            OutboxState::Undone => "undone",
            OutboxState::MaybeSent => "maybe sent",
        }
    }
}

/// One decision in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Its row.
    pub id: DecisionId,
    /// What it acts on.
    pub target: Target,
    /// The assignment's row in this store, where it has one: the desk knows rows, not identifiers. None for a HIT.
    pub assignment: Option<AssignmentKey>,
    /// What was decided.
    pub decision: Decision,
    /// How far it has come.
    pub state: OutboxState,
    /// How often it was sent.
    pub attempts: u32,
    /// Decisions made by one key or command share a group, and are undone together.
    pub group: i64,
    /// `UniqueRequestToken`, where the operation takes one; derived once, never regenerated.
    pub token: Option<String>,
    /// Who decided, as the store knows them (`user@host`).
    pub who: String,
    /// When it was decided, on the person's clock.
    pub decided: Millis,
    /// When the state last changed.
    pub changed: Millis,
    /// The last problem on the way ("throttled, next try in 2 s"), for the Activity screen.
    pub note: Option<String>,
}
