//! Decisions on their way: what was decided, and how far it has come. See docs/architecture.md, "the outbox".

use super::id::{AssignmentId, HitId, HitTypeId, QualificationRequestId, QualificationTypeId, WorkerId};
use super::key::{AssignmentKey, HitKey};
use super::money::Usd;
use super::qualification::TypeDraft;
use super::time::{Millis, Time};
use std::fmt;
use std::sync::Arc;

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
    /// `UpdateExpirationForHIT` with a moment to come.
    Extend {
        /// The new end, on the endpoint's clock.
        until: Time,
    },
    /// `CreateAdditionalAssignmentsForHIT`.
    AddAssignments {
        /// How many more.
        count: u32,
        /// `MaxAssignments` when this was decided: it tells later whether an addition in doubt was carried out.
        from: u32,
    },
    /// `UpdateHITTypeOfHIT`.
    Retype {
        /// The type it gets.
        to: HitTypeId,
    },
    /// `UpdateHITReviewStatus`.
    Reviewing {
        /// Reviewable becomes Reviewing; else the other way round (`Revert`).
        on: bool,
    },
    /// `CreateWorkerBlock`.
    Block {
        /// Kept with the block.
        reason: String,
    },
    /// `DeleteWorkerBlock`.
    Unblock {
        /// Kept nowhere but in the audit trail.
        reason: Option<String>,
    },
    /// `NotifyWorkers`. It has neither a token nor anything to read back: it is never sent twice.
    Notify {
        /// At most 200 characters.
        subject: String,
        /// At most 4,096 characters.
        text: String,
    },
    /// `AssociateQualificationWithWorker`: grants, or changes the score.
    Grant {
        /// `IntegerValue`.
        score: i32,
        /// `SendNotification`: whether the worker is told.
        tell: bool,
    },
    /// `DisassociateQualificationFromWorker`.
    Revoke {
        /// What the worker reads.
        reason: Option<String>,
    },
    /// `AcceptQualificationRequest`.
    AcceptRequest {
        /// `IntegerValue`.
        score: i32,
    },
    /// `RejectQualificationRequest`.
    RejectRequest {
        /// What the worker reads.
        reason: Option<String>,
    },
    /// `CreateQualificationType`.
    CreateType(Box<TypeDraft>),
    /// `UpdateQualificationType`.
    UpdateType(Box<TypeDraft>),
    /// `DeleteQualificationType`.
    DeleteType,
}

impl Decision {
    /// The verb, for people and for the audit trail.
    pub const fn verb(&self) -> &'static str {
        match self {
            Decision::Approve { override_rejection: false, .. } => "approve",
            Decision::Approve { override_rejection: true, .. } => "override",
            Decision::Reject { .. } => "reject",
            Decision::Bonus { .. } => "bonus",
            Decision::Expire => "expire",
            Decision::Delete => "delete",
            Decision::Extend { .. } => "extend",
            Decision::AddAssignments { .. } => "add assignments",
            Decision::Retype { .. } => "change type",
            Decision::Reviewing { on: true } => "reviewing",
            Decision::Reviewing { on: false } => "reviewable",
            Decision::Block { .. } => "block",
            Decision::Unblock { .. } => "unblock",
            Decision::Notify { .. } => "notify",
            Decision::Grant { .. } => "grant",
            Decision::Revoke { .. } => "revoke",
            Decision::AcceptRequest { .. } => "accept request",
            Decision::RejectRequest { .. } => "reject request",
            Decision::CreateType(_) => "create type",
            Decision::UpdateType(_) => "update type",
            Decision::DeleteType => "delete type",
        }
    }

    /// The words that come with it: feedback, reason, message.
    pub fn text(&self) -> Option<&str> {
        match self {
            Decision::Approve { feedback, .. } => feedback.as_deref(),
            Decision::Reject { feedback } => Some(feedback),
            Decision::Bonus { reason, .. } | Decision::Block { reason } => Some(reason),
            Decision::Unblock { reason } | Decision::Revoke { reason } | Decision::RejectRequest { reason } => {
                reason.as_deref()
            }
            Decision::Notify { text, .. } => Some(text),
            Decision::CreateType(draft) | Decision::UpdateType(draft) => draft.description.as_deref(),
            Decision::Expire
            | Decision::Delete
            | Decision::Extend { .. }
            | Decision::AddAssignments { .. }
            | Decision::Retype { .. }
            | Decision::Reviewing { .. }
            | Decision::Grant { .. }
            | Decision::AcceptRequest { .. }
            | Decision::DeleteType => None,
        }
    }

    /// Whether it is about a HIT.
    pub const fn is_about_hit(&self) -> bool {
        matches!(
            self,
            Decision::Expire
                | Decision::Delete
                | Decision::Extend { .. }
                | Decision::AddAssignments { .. }
                | Decision::Retype { .. }
                | Decision::Reviewing { .. }
        )
    }

    /// Whether its request takes a `UniqueRequestToken`.
    pub const fn takes_token(&self) -> bool {
        matches!(self, Decision::Bonus { .. } | Decision::AddAssignments { .. })
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
    /// A worker: blocks.
    Worker(WorkerId),
    /// At most 100 workers, who are sent the same message.
    Workers(Arc<[WorkerId]>),
    /// A qualification of a worker.
    Qualification(QualificationTypeId, WorkerId),
    /// A request for a qualification.
    Request(QualificationRequestId),
    /// A qualification type.
    Type(QualificationTypeId),
    /// A qualification type that does not exist yet, by its name.
    NewType(Arc<str>),
}

impl Target {
    /// What it is, in a word.
    pub const fn kind(&self) -> &'static str {
        match self {
            Target::Assignment(_) => "assignment",
            Target::Hit(_) => "HIT",
            Target::Worker(_) => "worker",
            Target::Workers(_) => "workers",
            Target::Qualification(..) => "qualification",
            Target::Request(_) => "request",
            Target::Type(_) | Target::NewType(_) => "qualification type",
        }
    }
}

impl fmt::Display for Target {
    /// Its identifiers, separated by blanks: how journal and audit trail name it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Assignment(id) => id.fmt(f),
            Target::Hit(id) => id.fmt(f),
            Target::Worker(id) => id.fmt(f),
            Target::Workers(ids) => f.pad(&ids.iter().map(WorkerId::as_str).collect::<Vec<_>>().join(" ")),
            Target::Qualification(of, worker) => write!(f, "{of} {worker}"),
            Target::Request(id) => id.fmt(f),
            Target::Type(id) => id.fmt(f),
            Target::NewType(name) => f.pad(name),
        }
    }
}

/// What a new decision acts on: rows of the store by their keys, all else by identifier.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// An assignment.
    Assignment(AssignmentKey),
    /// A HIT.
    Hit(HitKey),
    /// Workers, qualifications, requests, qualification types.
    Other(Target),
}

/// One decision to write down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDecision {
    /// What it acts on.
    pub subject: Subject,
    /// What was decided.
    pub decision: Decision,
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
