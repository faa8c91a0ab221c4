//! What `u` takes back: groups of decisions made by one key, and where the cursor was.

use crate::domain::decision::Target;
use crate::domain::id::WorkerId;
use crate::domain::key::AssignmentKey;

/// One group of decisions that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Undo {
    /// The group in the outbox.
    pub(super) group: i64,
    /// Where the cursor was.
    pub(super) cursor: Option<AssignmentKey>,
    /// What was marked and acted on.
    pub(super) marks: Vec<AssignmentKey>,
    /// What else was marked and acted on: holders and requests.
    pub(super) others: Vec<Target>,
    /// Workers that were marked and acted on.
    pub(super) workers: Vec<WorkerId>,
    /// In words, e.g. "3 approvals".
    pub(super) words: String,
}

/// The groups of this run.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct UndoStack {
    /// Those that can still be taken back, newest last.
    pub(super) groups: Vec<Undo>,
}
