//! What the desk knows of workers and qualifications: the mirror's picture, and where the two screens stand.

use super::quals::Quals;
use super::workers::Workers;
use super::workers::money::Money;
use crate::domain::decision::{Decision, Target};
use crate::domain::id::{QualificationTypeId, WorkerId};
use crate::domain::qualification::{HitUse, KnownType, Qualification, QualificationRequest};
use crate::domain::time::{Millis, Time};
use crate::domain::worker_stats::GoneWork;
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
    /// The work on HITs that are deleted.
    pub gone: Vec<GoneWork>,
}

impl Known {
    /// The score of a qualification that a worker holds now; a locale has none.
    pub fn score(&self, worker: &WorkerId, of: &QualificationTypeId) -> Option<Option<i32>> {
        let place = self.place(worker, of).ok()?;
        Some(&self.qualifications[place]).filter(|it| !it.revoked).map(|it| it.score)
    }

    fn place(&self, worker: &WorkerId, of: &QualificationTypeId) -> Result<usize, usize> {
        self.qualifications.binary_search_by(|it| (&it.worker, &it.type_id).cmp(&(worker, of)))
    }

    /// Takes in what a decision has changed, `at` on the endpoint's clock: the next read says the same.
    pub(super) fn carried_out(&mut self, target: &Target, decision: &Decision, at: Time) {
        match (target, decision) {
            (Target::Worker(worker), Decision::Block { reason }) => {
                self.blocks.insert(worker.clone(), reason.clone());
            }
            (Target::Worker(worker), Decision::Unblock { .. }) => {
                self.blocks.remove(worker);
            }
            (Target::Qualification(of, worker), Decision::Grant { score, .. }) => {
                let (type_id, granted) = (of.clone(), Some(at));
                let it =
                    Qualification { type_id, worker: worker.clone(), granted, score: Some(*score), revoked: false };
                match self.place(worker, of) {
                    Ok(place) => self.qualifications[place] = it,
                    Err(place) => self.qualifications.insert(place, it),
                }
            }
            (Target::Qualification(of, worker), Decision::Revoke { .. }) => {
                if let Ok(place) = self.place(worker, of) {
                    self.qualifications[place].revoked = true;
                }
            }
            (Target::Type(of), Decision::DeleteType) => self.qualifications.retain(|it| it.type_id != *of),
            _ => {}
        }
    }

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
    /// When the endpoint was last asked for it, in this run.
    pub read_at: Option<Millis>,
    /// Bonuses that were paid and payments that are under way.
    pub money: Money,
    /// Whether these were asked for and have not come, and whether something has happened since.
    pub(super) money_asked: Option<bool>,
    /// Whether it was asked who is blocked.
    pub(super) blocks_asked: bool,
    /// The list of the Workers screen.
    pub workers: Workers,
    /// Where the list of types stands; its first line stands for all of them.
    pub kind: Spot,
    /// What stands beside the list of types.
    pub quals: Quals,
}
