//! The account in memory: light rows of every HIT, worker and assignment, found by key, with counts that are kept up to
//! date row by row. Rows are never removed, so a slot once given stays; a deleted HIT is marked, its work stays readable.

mod index;
mod ranks;

use super::bits::Bits;
use super::counts::{Counts, Live, earlier};
use super::event::Rows;
use crate::domain::assignment::AssignmentStatus;
use crate::domain::hit::HitStatus;
use crate::domain::id::WorkerId;
use crate::domain::key::{AssignmentKey, HitKey, WorkerKey};
use crate::domain::money::Usd;
use crate::domain::row::{AssignmentRow, Decider, HitRow, WorkerRow};
use crate::domain::time::Stamp;
use index::{Index, NONE};
use std::collections::HashMap;

#[derive(Debug, Clone, PartialEq)]
struct HitSlot {
    row: Option<HitRow>,
    batch: u32,
    first: u32,
    counts: Counts,
    stale: bool,
}

/// HITs published together.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// Its name (untrusted text for the terminal).
    pub name: Box<str>,
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
    rows: Vec<AssignmentRow>,
    row_index: Index,
    /// The next assignment of the same HIT, by slot.
    sibling: Vec<u32>,
    live: Bits,
    rejecting: Bits,
    hits: Vec<HitSlot>,
    hit_index: Index,
    workers: Vec<WorkerRow>,
    worker_index: Index,
    /// By worker key, also of workers that have not been read.
    worker_counts: Vec<Counts>,
    batches: Vec<Batch>,
    batch_index: HashMap<Box<str>, u32>,
    people: Vec<String>,
    totals: Counts,
    stale: Vec<u32>,
}

impl Model {
    /// All assignments, by slot.
    pub fn rows(&self) -> &[AssignmentRow] {
        &self.rows
    }

    /// The slot of an assignment; slots never change.
    pub fn slot(&self, key: AssignmentKey) -> Option<usize> {
        self.row_index.get(key.0)
    }

    /// One assignment.
    pub fn row(&self, key: AssignmentKey) -> Option<&AssignmentRow> {
        self.slot(key).map(|slot| &self.rows[slot])
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

    /// Counts over the assignments of a worker; `next` is not kept.
    pub fn worker_counts(&self, key: WorkerKey) -> Counts {
        self.worker_counts.get(key.0 as usize).copied().unwrap_or_default()
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
    pub fn decider(&self, row: &AssignmentRow) -> &str {
        match row.by {
            Decider::Unknown => "",
            Decider::Person(number) => self.person(number).unwrap_or("somebody here"),
            Decider::Elsewhere => "elsewhere",
            Decider::Clock => "the clock",
        }
    }

    /// The reward of an assignment; zero while its HIT is unknown.
    pub fn reward(&self, row: &AssignmentRow) -> Usd {
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
        self.rows[slot].status == AssignmentStatus::Submitted && !self.live.contains(slot)
    }

    /// What is on its way for an assignment.
    pub fn live(&self, slot: usize) -> Option<Live> {
        match (self.live.contains(slot), self.rejecting.contains(slot)) {
            (false, _) => None,
            (true, false) => Some(Live::Approving),
            (true, true) => Some(Live::Rejecting),
        }
    }

    /// Says what is on its way for an assignment.
    pub fn set_live(&mut self, key: AssignmentKey, live: Option<Live>) {
        let Some(slot) = self.slot(key) else { return };
        if self.live(slot) != live {
            self.uncount(slot);
            self.live.set(slot, live.is_some());
            self.rejecting.set(slot, live == Some(Live::Rejecting));
            self.count(slot);
        }
    }

    /// Marks an assignment as noted or not.
    pub fn set_noted(&mut self, key: AssignmentKey, noted: bool) {
        if let Some(slot) = self.slot(key) {
            self.rows[slot].noted = noted;
        }
    }

    /// Puts rows in: newer ones replace older ones of the same key.
    pub fn put(&mut self, rows: Rows) -> Change {
        let mut change = Change::default();
        if let Some(people) = rows.people
            && people != self.people
        {
            self.people = people;
            change.others = true;
        }
        for worker in rows.workers {
            change.others |= self.put_worker(worker);
        }
        for hit in rows.hits {
            change.others |= self.put_hit(hit);
        }
        for row in rows.assignments {
            let key = row.key;
            match self.slot(key) {
                None => {
                    self.insert(row);
                    change.new.push(key);
                }
                Some(slot) if self.rows[slot] != row => {
                    self.replace(slot, row);
                    change.updated.push(key);
                }
                Some(_) => {}
            }
        }
        for key in rows.gone {
            if let Some(slot) = self.hit_index.get(key.0)
                && let Some(hit) = &mut self.hits[slot].row
                && hit.status != HitStatus::Disposed
            {
                hit.status = HitStatus::Disposed;
                change.others = true;
            }
        }
        self.settle();
        change
    }

    /// Puts rows of the store in that were read while newer ones may have come: what is known already stays.
    pub fn put_older(&mut self, mut rows: Rows) -> Change {
        rows.assignments.retain(|row| self.slot(row.key).is_none());
        rows.hits.retain(|hit| self.hit(hit.key).is_none());
        self.put(rows)
    }

    /// Brings the "next auto-approval" figures up to date after rows have changed. Cheap when nothing has.
    pub fn settle(&mut self) {
        if self.stale.is_empty() {
            return;
        }
        let mut batches: Vec<u32> = Vec::new();
        for hit in std::mem::take(&mut self.stale) {
            let hit = hit as usize;
            let mut next = Stamp::NONE;
            let mut slot = self.hits[hit].first;
            while slot != NONE {
                if self.is_open(slot as usize) {
                    next = earlier(next, self.rows[slot as usize].auto_approval);
                }
                slot = self.sibling[slot as usize];
            }
            self.hits[hit].stale = false;
            if self.hits[hit].counts.next != next {
                self.hits[hit].counts.next = next;
            }
            batches.push(self.hits[hit].batch);
        }
        batches.sort_unstable();
        batches.dedup();
        for batch in batches.into_iter().filter(|batch| *batch != NONE) {
            let hits = &self.batches[batch as usize].hits;
            let next = hits.iter().fold(Stamp::NONE, |next, hit| earlier(next, self.hit_counts(*hit).next));
            self.batches[batch as usize].counts.next = next;
        }
        self.totals.next = self.batches.iter().fold(Stamp::NONE, |next, batch| earlier(next, batch.counts.next));
    }

    fn insert(&mut self, row: AssignmentRow) {
        let slot = self.rows.len();
        let hit = self.hit_slot(row.hit);
        self.row_index.put(row.key.0, slot);
        self.sibling.push(self.hits[hit].first);
        self.hits[hit].first = slot as u32;
        self.rows.push(row);
        self.count(slot);
    }

    fn replace(&mut self, slot: usize, row: AssignmentRow) {
        // An assignment never moves to another HIT; the chain of siblings relies on it.
        let row = AssignmentRow { hit: self.rows[slot].hit, ..row };
        self.uncount(slot);
        self.rows[slot] = row;
        self.count(slot);
    }

    fn count(&mut self, slot: usize) {
        self.recount(slot, Counts::add);
    }

    fn uncount(&mut self, slot: usize) {
        self.recount(slot, Counts::take);
    }

    fn recount(&mut self, slot: usize, step: fn(&mut Counts, AssignmentStatus, Option<Live>)) {
        let (status, live) = (self.rows[slot].status, self.live(slot));
        let hit = self.hit_slot(self.rows[slot].hit);
        let worker = self.rows[slot].worker.0 as usize;
        if self.worker_counts.len() <= worker {
            self.worker_counts.resize(worker + 1, Counts::default());
        }
        step(&mut self.worker_counts[worker], status, live);
        step(&mut self.hits[hit].counts, status, live);
        step(&mut self.totals, status, live);
        if let Some(batch) = self.batches.get_mut(self.hits[hit].batch as usize) {
            step(&mut batch.counts, status, live);
        }
        self.mark_stale(hit);
    }

    fn mark_stale(&mut self, hit: usize) {
        if !self.hits[hit].stale {
            self.hits[hit].stale = true;
            self.stale.push(hit as u32);
        }
    }

    fn hit_slot(&mut self, key: HitKey) -> usize {
        self.hit_index.get(key.0).unwrap_or_else(|| {
            let slot = self.hits.len();
            self.hits.push(HitSlot { row: None, batch: NONE, first: NONE, counts: Counts::default(), stale: false });
            self.hit_index.put(key.0, slot);
            slot
        })
    }

    fn put_worker(&mut self, worker: WorkerRow) -> bool {
        if self.worker_index.get(worker.key.0).is_some() {
            return false;
        }
        self.worker_index.put(worker.key.0, self.workers.len());
        self.workers.push(worker);
        true
    }

    fn put_hit(&mut self, row: HitRow) -> bool {
        let slot = self.hit_slot(row.key);
        if self.hits[slot].row.as_ref() == Some(&row) {
            return false;
        }
        let next = self.batches.len() as u32;
        let batch = *self.batch_index.entry(row.batch.clone()).or_insert(next);
        if batch == next {
            self.batches.push(Batch { name: row.batch.clone(), hits: Vec::new(), counts: Counts::default() });
        }
        let old = self.hits[slot].batch;
        if old != batch {
            let counts = self.hits[slot].counts;
            if let Some(old) = self.batches.get_mut(old as usize) {
                old.hits.retain(|hit| *hit != row.key);
                old.counts.merge(counts, u32::wrapping_sub);
                if let Some(other) = old.hits.first().and_then(|hit| self.hit_index.get(hit.0)) {
                    self.mark_stale(other);
                }
            }
            let new = &mut self.batches[batch as usize];
            new.hits.push(row.key);
            new.counts.merge(counts, u32::wrapping_add);
            self.hits[slot].batch = batch;
            self.mark_stale(slot);
        }
        self.hits[slot].row = Some(row);
        true
    }
}
