//! Publishing a batch: one HIT type, and a HIT for each row, each exactly once.
//!
//! The rows are written down before anything leaves, and so is that a request leaves, with a token that follows from batch
//! and row. Whatever cuts it off (a kill, a connection, an empty account), the same call goes on: a request in doubt is sent
//! again with its token, which the endpoint remembers for a day; after that the HIT is looked for by its annotation.

mod anew;
mod attempt;
mod drive;
mod facts;
pub mod failed;
mod load;
mod news;
mod request;

pub use anew::AnewOrder;
pub use drive::Until;
pub use facts::unknown_facts;
pub use load::{LoadError, files, load};

use super::engine::{Engine, EngineError};
use crate::app::event::Event;
use crate::domain::batch::{BatchName, PostState, StoredBatch};
use crate::domain::hit::HitTypeDraft;
use crate::domain::id::{HitGroupId, HitTypeId};
use crate::domain::requirement::Required;
use crate::exchange::batch::Draft;
use crate::mturk::Error;
use crate::store::StoreError;
use std::sync::Arc;
use tokio::sync::mpsc;

/// What is to be published.
#[derive(Debug, Clone)]
pub struct Order {
    /// The batch, checked.
    pub draft: Arc<Draft>,
    /// What is required of workers.
    pub required: Vec<Required>,
    /// Of the rows only so many, from the first on: a pilot. Later the rest follows.
    pub limit: Option<usize>,
    /// How long it goes on.
    pub until: Until,
    /// Who hears of the HITs as they are made: rows and balance, at most once a second.
    pub news: Option<mpsc::Sender<Event>>,
}

/// How far it is: HITs that are settled, of those that were to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Settled.
    pub done: usize,
    /// All.
    pub all: usize,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Published {
    /// HITs that were made now, or found to have been made.
    pub made: usize,
    /// Rows that were there before.
    pub before: usize,
    /// Rows that were refused: their place in the data, from 0, and the endpoint's words.
    pub refused: Vec<(usize, String)>,
    /// HITs that are still to be made.
    pub left: usize,
    /// HITs of which it is not known whether they were made.
    pub unsure: usize,
    /// What was in the way, if something is left.
    pub trouble: Option<String>,
    /// The type of the HITs.
    pub hit_type: Option<HitTypeId>,
    /// The group that workers find them under.
    pub group: Option<HitGroupId>,
}

impl Published {
    /// For the audit trail.
    fn words(&self) -> String {
        let Published { made, refused, left, unsure, .. } = self;
        format!("HITs made: {made}, refused: {}, left: {left}, not known: {unsure}", refused.len())
    }
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The store or the endpoint.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Somebody else is at it.
    #[error("another hitdeck publishes from this store now; try again when it is done")]
    Busy,
    /// It is not what was published under this name.
    #[error("the batch {name} was published from something else:\n{}\nput it back, or publish this as another batch with --as NEW", .changes.join("\n"))]
    Changed {
        /// The name.
        name: BatchName,
        /// What is different, in words.
        changes: Vec<String>,
    },
    /// The endpoint does not take the HIT type.
    #[error("the HIT type was refused: {0}")]
    Type(String),
}

impl From<StoreError> for PublishError {
    fn from(error: StoreError) -> Self {
        PublishError::Engine(error.into())
    }
}

impl From<Error> for PublishError {
    fn from(error: Error) -> Self {
        PublishError::Engine(error.into())
    }
}

/// What is known of a batch before it is published, or published further.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// What is different from what was published, in words.
    pub changes: Vec<String>,
    /// Rows of the file that are to be published.
    pub missing: usize,
    /// Rows that are there.
    pub there: usize,
    /// Rows of the batch that the file no longer has.
    pub left_out: usize,
}

impl Engine {
    /// How far a batch is, as this store knows it.
    pub async fn batch_standing(&self, draft: &Arc<Draft>, limit: Option<usize>) -> Result<Standing, StoreError> {
        let draft = Arc::clone(draft);
        let standing = move |reader: &crate::store::Reader| {
            let wanted = limit.unwrap_or(usize::MAX).min(draft.table.rows.len());
            let Some(stored) = reader.batch(&draft.spec.name)? else {
                return Ok(Standing { missing: wanted, ..Standing::default() });
            };
            let rows = reader.batch_rows(&stored)?;
            let untouched = stored.counts.published + stored.counts.unsure == 0;
            let changes = if untouched { Vec::new() } else { draft.changes(&stored, &rows) };
            let keys: std::collections::HashSet<_> = draft.keys().into_iter().take(wanted).collect();
            let is_there = |row: &&crate::domain::batch::BatchRow| {
                keys.contains(&row.key) && row.posts.iter().all(|post| matches!(post.state, PostState::Published(_)))
            };
            let there = rows.iter().filter(is_there).count();
            Ok(Standing { changes, missing: wanted - there, there, left_out: draft.left_out(&rows) })
        };
        self.store().reading(standing).await
    }

    /// Publishes what is missing of a batch. `tell` hears how far it is.
    pub async fn publish(
        &self,
        order: Order,
        tell: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Published, PublishError> {
        self.may_write()?;
        let store = self.store().clone();
        let Some(_lock) = store.try_publish_lock()? else { return Err(PublishError::Busy) };
        let stored = self.plan(&order).await?;
        let hit_type = match stored.hit_type.clone() {
            Some(known) => known,
            None => self.hit_type(&order, &stored.name).await?,
        };
        let mut drive = drive::Drive::new(self.clone(), order, stored, hit_type).await?;
        drive.settle_old().await?;
        let published = drive.run(tell).await?;
        let (name, at) = (drive.name().clone(), self.clock().now().wall);
        store.note_batch(&name, "published", published.words(), at).await?;
        Ok(published)
    }

    /// Writes the batch down; one that is there must be the same.
    async fn plan(&self, order: &Order) -> Result<StoredBatch, PublishError> {
        let store = self.store();
        let draft = Arc::clone(&order.draft);
        let name = draft.spec.name.clone();
        let changes = {
            let draft = Arc::clone(&draft);
            store
                .reading(move |reader| {
                    let Some(stored) = reader.batch(&draft.spec.name)? else { return Ok(Vec::new()) };
                    Ok(draft.changes(&stored, &reader.batch_rows(&stored)?))
                })
                .await?
        };
        // Of what nobody has seen yet everything may change.
        if !changes.is_empty() && !store.forget_batch(name.clone()).await? {
            return Err(PublishError::Changed { name, changes });
        }
        let at = self.clock().now().wall;
        let (batch, rows) = draft.plan();
        let all = rows.len();
        let new = store.plan_batch(batch, rows, at).await?;
        if new > 0 {
            store.note_batch(&name, "planned", format!("rows: {all}, of them new: {new}"), at).await?;
        }
        let stored = store.reading(move |reader| reader.batch(&name)).await?;
        stored.ok_or_else(|| StoreError::Damaged("a batch is not there".into()).into())
    }

    /// The HIT type; asking again makes no second one.
    async fn hit_type(&self, order: &Order, name: &BatchName) -> Result<HitTypeId, PublishError> {
        let spec = &order.draft.spec;
        // A requirement that cannot be written must not be left out.
        let requirements: Option<Vec<_>> = order.required.iter().map(Required::of_hit).collect();
        let requirements =
            requirements.ok_or_else(|| PublishError::Type("a requirement names no qualification type".to_owned()))?;
        let draft = HitTypeDraft {
            title: spec.title.clone(),
            description: spec.description.clone(),
            keywords: Some(spec.keyword_list()).filter(|keywords| !keywords.is_empty()),
            reward: spec.reward,
            duration: spec.time_limit,
            auto_approval_delay: spec.auto_approve,
            requirements,
        };
        let client = self.client().await;
        let made = self.ask(|| client.create_hit_type(&draft)).await;
        let made = made.map_err(|error| match error {
            Error::Refused { message, .. } => PublishError::Type(message),
            error => error.into(),
        })?;
        self.store().put_batch_group(name.clone(), made.clone(), None).await?;
        Ok(made)
    }
}
