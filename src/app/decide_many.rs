//! Decisions about so many assignments that they are checked and staged step by step, so that no key waits.

use super::decide::{Act, Proposal};
use super::event::RequestId;
use super::format;
use crate::domain::key::AssignmentKey;

/// What is being done, and how far it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum DecideMany {
    /// The targets are looked at one after the other; then the guards are asked.
    Checking { act: Act, targets: Vec<AssignmentKey>, at: usize, proposal: Proposal },
    /// The decisions are put on their rows; then all of them are handed to the store at once.
    Staging { request: RequestId, proposal: Box<Proposal>, at: usize },
}

impl DecideMany {
    /// How far it is, for the person.
    pub(super) fn words(&self) -> String {
        let (doing, at, of) = match self {
            DecideMany::Checking { targets, at, .. } => ("checking", *at, targets.len()),
            DecideMany::Staging { proposal, at, .. } => ("staging", *at, proposal.decisions.len()),
        };
        format!("{doing} {} of {}", format::count(at), format::count(of))
    }
}
