//! What the desk knows of workers and qualifications: the mirror's picture, and where the two screens stand.

use super::quals::Quals;
use super::workers::Workers;
use crate::domain::id::WorkerId;
use crate::domain::qualification::{HitUse, KnownType, Qualification, QualificationRequest};
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
    /// The HITs that require qualifications, those of one title together.
    pub uses: Vec<HitUse>,
    /// The blocked workers and why.
    pub blocks: HashMap<WorkerId, String>,
    /// The notes on workers.
    pub notes: HashMap<WorkerId, String>,
}

impl Known {
    /// The qualifications that a worker holds, or held: the type's name, the score, whether it was taken away.
    pub fn of_worker<'a>(&'a self, worker: &WorkerId) -> impl Iterator<Item = (&'a str, Option<i32>, bool)> {
        let from = self.qualifications.partition_point(|it| it.worker < *worker);
        let to = self.qualifications.partition_point(|it| it.worker <= *worker);
        self.qualifications[from..to].iter().map(|it| {
            let of = self.types.iter().find(|one| one.it.id == it.type_id);
            (of.map_or(it.type_id.as_str(), |one| one.it.name.as_str()), it.score, it.revoked)
        })
    }
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
    /// The list of the Workers screen.
    pub workers: Workers,
    /// Where the list of types stands; its first line stands for all of them.
    pub kind: Spot,
    /// What stands beside the list of types.
    pub quals: Quals,
}
