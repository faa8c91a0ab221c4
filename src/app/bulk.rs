//! What needs the whole of many assignments before it can be done: texts that name fields of the answer, and pipes.

use super::decide::{Act, Targets};
use super::event::RequestId;

/// So many assignments are read whole at once; their answers are in memory together.
pub(super) const MOST: usize = 5_000;

/// What is done when they are there.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Then {
    /// A decision whose text names fields.
    Decide(Act, Targets),
    /// The rule at this place, for what it found.
    Rule(usize, Act, Targets),
    /// A program that gets them.
    Pipe(String, Targets),
}

impl Then {
    /// What it acts on.
    pub(super) const fn targets(&self) -> &Targets {
        match self {
            Then::Decide(_, targets) | Then::Rule(_, _, targets) | Then::Pipe(_, targets) => targets,
        }
    }
}

/// What waits.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bulk {
    pub(super) request: RequestId,
    pub(super) then: Then,
}
