//! Batches as the store knows them: their rows, and the HIT or HITs that each row became.

use super::{BatchName, RowContent, RowKey};
use crate::domain::id::{HitGroupId, HitId, HitTypeId};
use crate::domain::money::Usd;
use crate::domain::time::{Millis, Seconds};

/// A batch that was published, wholly or in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBatch {
    /// Its name.
    pub name: BatchName,
    /// The batch file as it was written, the first time.
    pub spec: String,
    /// The template as it was written.
    pub source: String,
    /// A hash of all that a worker sees beside the row.
    pub digest: String,
    /// What must not change under this name: see [`super::BatchSpec::terms`].
    pub terms: Vec<(String, String)>,
    /// The columns of the data, in its order, the gold column among them.
    pub columns: Vec<String>,
    /// The column with the known answers.
    pub gold: Option<String>,
    /// `Title`.
    pub title: String,
    /// `Reward` of one assignment.
    pub reward: Usd,
    /// Assignments of one row.
    pub assignments: u32,
    /// How long one assignment is expected to take.
    pub expected: Option<Seconds>,
    /// What an hour is to pay.
    pub target_wage: Option<Usd>,
    /// `HITTypeId`, once it is known.
    pub hit_type: Option<HitTypeId>,
    /// `HITGroupId`, once it is known: workers find the batch under it.
    pub group: Option<HitGroupId>,
    /// When it was first published, on the person's clock.
    pub created: Millis,
    /// By whom.
    pub who: String,
    /// How far it is.
    pub counts: PostCounts,
}

/// A batch as it is written down before anything of it is published, or published further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBatch {
    /// Its name.
    pub name: BatchName,
    /// The batch file as it is written.
    pub spec: String,
    /// The template as it is written.
    pub source: String,
    /// A hash of all that a worker sees beside the row.
    pub digest: String,
    /// What must not change under this name.
    pub terms: Vec<(String, String)>,
    /// The columns of the data.
    pub columns: Vec<String>,
    /// The column with the known answers.
    pub gold: Option<String>,
    /// `Title`.
    pub title: String,
    /// `Reward` of one assignment.
    pub reward: Usd,
    /// Assignments of one row.
    pub assignments: u32,
    /// Whether ten and more become several HITs.
    pub split: bool,
    /// How long one assignment is expected to take.
    pub expected: Option<Seconds>,
    /// What an hour is to pay.
    pub target_wage: Option<Usd>,
}

/// A row as it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRow {
    /// Its number in the data, from 1.
    pub number: u32,
    /// Its key.
    pub key: RowKey,
    /// A hash of what stands in it.
    pub content: RowContent,
    /// What stands in it, in the order of [`NewBatch::columns`].
    pub cells: Vec<String>,
}

/// How many HITs of a batch are how far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PostCounts {
    /// Rows.
    pub rows: u32,
    /// HITs that are to be made, not made yet.
    pub planned: u32,
    /// HITs of which nobody knows yet whether they were made.
    pub unsure: u32,
    /// HITs that are there.
    pub published: u32,
    /// HITs that were refused.
    pub failed: u32,
}

impl PostCounts {
    /// All HITs of the batch, made or not.
    pub const fn hits(&self) -> u32 {
        self.planned + self.unsure + self.published + self.failed
    }
}

/// A row of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRow {
    /// Its number in the data, from 1.
    pub number: u32,
    /// Its key.
    pub key: RowKey,
    /// What stands in it, in the order of [`StoredBatch::columns`].
    pub cells: Vec<String>,
    /// The HITs that it becomes: one, or several of at most nine assignments.
    pub posts: Vec<Post>,
}

/// Where the store keeps a HIT of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PostId {
    /// The row, by the store's own number.
    pub row: i64,
    /// Which of the row's HITs, from 0.
    pub part: u32,
}

/// One HIT that is made, or to be made, from a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Where it is kept.
    pub id: PostId,
    /// `MaxAssignments`, as it is made.
    pub assignments: u32,
    /// How far it is.
    pub state: PostState,
    /// When its first request left, on the person's clock.
    pub first_sent: Option<Millis>,
}

/// How far a HIT of a batch is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostState {
    /// It is to be made; what stood in the way the last time, if something did.
    Planned {
        /// Such as that the account held too little.
        note: Option<String>,
    },
    /// A request left, and nobody knows yet what became of it.
    Unsure,
    /// It is there.
    Published(HitId),
    /// The endpoint refused it.
    Failed {
        /// Its words.
        reason: String,
    },
}

impl PostState {
    /// The HIT, if it is there.
    pub const fn hit(&self) -> Option<&HitId> {
        match self {
            PostState::Published(hit) => Some(hit),
            _ => None,
        }
    }
}
