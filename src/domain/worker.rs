//! Workers as this account knows them.

use super::id::WorkerId;

/// `WorkerBlock`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerBlock {
    /// Who.
    pub worker: WorkerId,
    /// Why, as the requester wrote it.
    pub reason: String,
}

/// `NotifyWorkersFailureStatus`: a worker whom a message did not reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotifyFailure {
    /// Who.
    pub worker: WorkerId,
    /// Whether trying again may help: `SoftFailure`.
    pub soft: bool,
    /// The service's words.
    pub reason: String,
}
