//! What the viewer shows: read from the store, decoded, and decoded once for all assignments of a HIT.

use crate::app::detail::{Detail, Other};
use crate::app::event::Event;
use crate::domain::key::{AssignmentKey, HitKey};
use crate::question::answer::decode;
use crate::question::item::{self, Item};
use crate::store::{Store, StoreError, StoredDetail};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc::Sender;

/// HITs whose items and answers stay decoded.
const KEPT: usize = 32;

/// Reads and decodes details. Clones share what is kept.
#[derive(Debug, Clone)]
pub struct Details {
    store: Store,
    newest: Arc<AtomicU64>,
    kept: Arc<Mutex<VecDeque<Hit>>>,
}

/// What the assignments of one HIT share.
#[derive(Debug, Clone)]
struct Hit {
    key: HitKey,
    question: Arc<str>,
    item: Arc<Item>,
}

impl Details {
    /// Over this store.
    pub fn new(store: Store) -> Self {
        Details { store, newest: Arc::default(), kept: Arc::default() }
    }

    /// Loads these, the first one first. A newer request ends this one. Blocks.
    pub fn load(&self, request: u64, keys: &[AssignmentKey], to: &Sender<Event>) -> Result<(), StoreError> {
        let (first, rest) = keys.split_at(keys.len().min(1));
        for keys in [first, rest] {
            let mut details = Vec::with_capacity(keys.len());
            for &key in keys {
                if self.newest.load(Ordering::Relaxed) != request {
                    break;
                }
                details.extend(self.store.read(|reader| reader.detail(key))?.map(|stored| self.decoded(stored)));
            }
            if !details.is_empty() && to.blocking_send(Event::Details(details)).is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Reads many at once, for texts and programs: without raw documents and without the other workers' answers. Blocks.
    pub fn answers(&self, keys: &[AssignmentKey]) -> Result<Vec<Detail>, StoreError> {
        let mut details = Vec::with_capacity(keys.len());
        for &key in keys {
            if let Some(stored) = self.store.read(|reader| reader.detail_alone(key))? {
                let detail = self.decoded(stored);
                details.push(Detail { raw: String::new(), question: "".into(), ..detail });
            }
        }
        Ok(details)
    }

    /// The number of a new request; those before it are out of date.
    pub fn request(&self) -> u64 {
        self.newest.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn decoded(&self, stored: StoredDetail) -> Detail {
        let (item, question) = self.item(stored.hit, stored.question);
        let other = |other: &crate::store::OtherAnswer| Other {
            key: other.key,
            worker: other.worker,
            status: other.status,
            answer: decode(&other.answer),
        };
        Detail {
            key: stored.key,
            id: stored.id,
            group: stored.group,
            item,
            answer: decode(&stored.answer),
            raw: stored.answer,
            question,
            feedback: stored.feedback,
            note: stored.note,
            others: stored.others.iter().map(other).collect(),
        }
    }

    fn item(&self, key: HitKey, question: Arc<str>) -> (Arc<Item>, Arc<str>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.iter().position(|hit| hit.key == key && hit.question == question);
        let hit = match known.and_then(|at| kept.remove(at)) {
            Some(hit) => hit,
            None => Hit { key, item: Arc::new(item::read(&question)), question },
        };
        kept.truncate(KEPT - 1);
        kept.push_front(hit.clone());
        (hit.item, hit.question)
    }
}
