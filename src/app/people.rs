//! What the desk knows of workers and qualifications: the mirror's picture, and where the two screens stand.

use crate::domain::id::WorkerId;
use crate::domain::key::WorkerKey;
use crate::domain::qualification::{KnownType, Qualification, QualificationRequest};
use std::collections::HashMap;

/// Everything that the mirror holds of workers and qualifications.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Known {
    /// The qualification types, own ones first, by name.
    pub types: Vec<KnownType>,
    /// The requests that wait, oldest first.
    pub requests: Vec<QualificationRequest>,
    /// What workers hold, or held: by worker, then type.
    pub qualifications: Vec<Qualification>,
    /// The blocked workers and why.
    pub blocks: HashMap<WorkerId, String>,
    /// The notes on workers.
    pub notes: HashMap<WorkerId, String>,
}

/// A list of a screen: its cursor and its first visible line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spot {
    /// The line of the cursor.
    pub cursor: usize,
    /// The first visible line.
    pub offset: usize,
}

/// The Workers and Qualifications screens.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct People {
    /// The mirror's picture; none before it was read.
    pub known: Option<Known>,
    /// The lines of the Workers screen.
    pub workers: Vec<WorkerKey>,
    /// Where the Workers screen stands.
    pub worker: Spot,
    /// Where the list of types stands.
    pub kind: Spot,
}
