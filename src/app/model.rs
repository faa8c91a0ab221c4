//! The account in memory: light rows of every HIT, worker and assignment, found by key, with counts that are kept up to
//! date row by row. Rows are never removed, so a slot once given stays; a deleted HIT is marked, its work stays readable.

mod index;
mod put;
mod ranks;

use super::counts::{Counts, Live};
use crate::domain::bits::Bits;
use crate::domain::id::WorkerId;
use crate::domain::key::{AssignmentKey, HitKey, WorkerKey};
use crate::domain::money::Usd;
use crate::domain::row::{Decider, HitRow, LightRow, WorkerRow};
use crate::domain::texts::Texts;
use crate::domain::time::Seconds;
use index::{Index, NONE};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

#[derive(Debug, Clone, PartialEq)]
struct HitSlot {
    row: Option<HitRow>,
    batch: u32,
    first: u32,
    counts: Counts,
    stale: bool,
}

/// How a worker's assignments have fared, as far as this account knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Record {
    /// How many, by status; `next` is not kept.
    pub counts: Counts,
    /// The time of those whose time is known, together.
    seconds: i64,
    /// How many these are.
    timed: u32,
}

impl Record {
    /// The mean time that an assignment took; none where no time is known.
    pub fn mean_time(&self) -> Option<Seconds> {
        (self.timed > 0).then(|| Seconds(self.seconds / i64::from(self.timed)))
    }
}

/// HITs published together.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// Its name (untrusted text for the terminal).
    pub name: Arc<str>,
    /// Its HITs, in the order in which they became known.
    pub hits: Vec<HitKey>,
    /// Counts over all its assignments.
    pub counts: Counts,
}

/// What putting rows in has changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Assignments that were not known before.
    pub new: Vec<AssignmentKey>,
    /// Known assignments that differ now.
    pub updated: Vec<AssignmentKey>,
    /// Whether HITs, workers or people are different now.
    pub others: bool,
}

impl Change {
    /// Whether nothing is different.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.updated.is_empty() && !self.others
    }
}

/// The account in memory.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Model {
    rows: Vec<LightRow>,
    /// Their summaries.
    texts: Texts,
    row_index: Index,
    /// The next assignment of the same HIT, by slot.
    sibling: Vec<u32>,
    /// Submitted, and no decision on its way.
    open: Bits,
    live: Bits,
    rejecting: Bits,
    hits: Vec<HitSlot>,
    hit_index: Index,
    workers: Vec<WorkerRow>,
    worker_index: Index,
    /// By worker key, also of workers that have not been read.
    records: Vec<Record>,
    /// Who is blocked, also if they have never worked here; and those of them who have.
    blocks: HashSet<WorkerId>,
    blocked: HashSet<WorkerKey>,
    batches: Vec<Batch>,
    batch_index: HashMap<Arc<str>, u32>,
    people: Vec<String>,
    totals: Counts,
    stale: Vec<u32>,
    version: u64,
}

impl Model {
    /// Grows when rows have come or changed: an order of rows holds as long as this stays.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// All assignments, by slot.
    pub fn rows(&self) -> &[LightRow] {
        &self.rows
    }

    /// The slot of an assignment; slots never change.
    pub fn slot(&self, key: AssignmentKey) -> Option<usize> {
        self.row_index.get(key.0)
    }

    /// The key of the assignment in a slot.
    pub fn key_of(&self, slot: usize) -> AssignmentKey {
        self.rows[slot].key
    }

    /// One assignment.
    pub fn row(&self, key: AssignmentKey) -> Option<&LightRow> {
        self.slot(key).map(|slot| &self.rows[slot])
    }

    /// The answer of an assignment in one line; raw text, not yet safe to print.
    pub fn summary(&self, row: &LightRow) -> Cow<'_, str> {
        self.texts.get(row.summary)
    }

    /// One HIT, if it has been read.
    pub fn hit(&self, key: HitKey) -> Option<&HitRow> {
        self.hits[self.hit_index.get(key.0)?].row.as_ref()
    }

    /// The names behind [`Decider::Person`].
    pub fn people(&self) -> &[String] {
        &self.people
    }

    /// All HITs that have been read.
    pub fn hits(&self) -> impl Iterator<Item = &HitRow> {
        self.hits.iter().filter_map(|hit| hit.row.as_ref())
    }

    /// Counts over the assignments of a HIT.
    pub fn hit_counts(&self, key: HitKey) -> Counts {
        self.hit_index.get(key.0).map(|slot| self.hits[slot].counts).unwrap_or_default()
    }

    /// The batch of a HIT, by its place in [`Model::batches`].
    pub fn batch_of(&self, key: HitKey) -> Option<usize> {
        let batch = self.hits[self.hit_index.get(key.0)?].batch;
        (batch != NONE).then_some(batch as usize)
    }

    /// All batches.
    pub fn batches(&self) -> &[Batch] {
        &self.batches
    }

    /// A batch by its name.
    pub fn batch_named(&self, name: &str) -> Option<usize> {
        self.batch_index.get(name).map(|batch| *batch as usize)
    }

    /// A worker's identifier.
    pub fn worker(&self, key: WorkerKey) -> Option<&WorkerId> {
        self.worker_index.get(key.0).map(|slot| &self.workers[slot].id)
    }

    /// A worker's record with this requester.
    pub fn record(&self, key: WorkerKey) -> Record {
        self.records.get(key.0 as usize).copied().unwrap_or_default()
    }

    /// Whether a worker is blocked.
    pub fn is_blocked(&self, key: WorkerKey) -> bool {
        self.blocked.contains(&key)
    }

    /// All workers.
    pub fn workers(&self) -> &[WorkerRow] {
        &self.workers
    }

    /// A person's name, for [`Decider::Person`].
    pub fn person(&self, number: u16) -> Option<&str> {
        self.people.get(usize::from(number)).map(String::as_str)
    }

    /// Who decided an assignment, in words; empty when nobody did or nobody knows.
    pub fn decider(&self, row: &LightRow) -> &str {
        match row.by {
            Decider::Unknown => "",
            Decider::Person(number) => self.person(number).unwrap_or("somebody here"),
            Decider::Elsewhere => "elsewhere",
            Decider::Clock => "the clock",
        }
    }

    /// The reward of an assignment; zero while its HIT is unknown.
    pub fn reward(&self, row: &LightRow) -> Usd {
        self.hit(row.hit).map_or(Usd::ZERO, |hit| hit.reward)
    }

    /// Counts over all work.
    pub const fn totals(&self) -> Counts {
        self.totals
    }

    /// The slots of a HIT's assignments, latest known first.
    pub fn slots_of_hit(&self, key: HitKey) -> impl Iterator<Item = usize> {
        let first = self.hit_index.get(key.0).map_or(NONE, |slot| self.hits[slot].first);
        std::iter::successors(Some(first), |slot| self.sibling.get(*slot as usize).copied())
            .take_while(|slot| *slot != NONE)
            .map(|slot| slot as usize)
    }

    /// Whether nobody has decided an assignment: submitted, and no decision on its way.
    pub fn is_open(&self, slot: usize) -> bool {
        self.open.contains(slot)
    }

    /// What is on its way for an assignment.
    pub fn live(&self, slot: usize) -> Option<Live> {
        match (self.live.contains(slot), self.rejecting.contains(slot)) {
            (false, _) => None,
            (true, false) => Some(Live::Approving),
            (true, true) => Some(Live::Rejecting),
        }
    }
}
