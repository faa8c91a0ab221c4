//! Writing the account: rows in, counts kept up to date.

use super::index::NONE;
use super::{Batch, Change, HitSlot, Model, Record};
use crate::app::counts::{Counts, Live, earlier};
use crate::app::event::Rows;
use crate::domain::assignment::{AssignmentStatus, work_time};
use crate::domain::hit::HitStatus;
use crate::domain::id::WorkerId;
use crate::domain::key::{AssignmentKey, HitKey, WorkerKey};
use crate::domain::pack::Packed;
use crate::domain::row::{HitRow, LightRow, TextRef, WorkerRow};
use crate::domain::time::Stamp;
use std::collections::HashSet;

impl Model {
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

    /// Says who is blocked. Says whether that is anything new.
    pub fn set_blocks(&mut self, blocks: HashSet<WorkerId>) -> bool {
        if blocks == self.blocks {
            return false;
        }
        let blocked = self.workers.iter().filter(|worker| blocks.contains(&worker.id)).map(|worker| worker.key);
        self.blocked = blocked.collect();
        self.blocks = blocks;
        self.version += 1;
        true
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
                    let summary = self.texts.push(&row.summary);
                    self.insert(row.with_summary(summary));
                    change.new.push(key);
                }
                Some(slot) => {
                    let known = self.rows[slot];
                    let same = self.texts.get(known.summary) == *row.summary;
                    let summary = if same { known.summary } else { self.texts.push(&row.summary) };
                    let row = row.with_summary(summary);
                    if known != row {
                        self.replace(slot, row);
                        change.updated.push(key);
                    }
                }
            }
        }
        change.new.extend(self.put_packed(rows.packed));
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
        if !change.is_empty() {
            self.version += 1;
        }
        change
    }

    /// Puts rows of the store in that were read while newer ones may have come: what is known already stays.
    pub fn put_older(&mut self, mut rows: Rows) -> Change {
        rows.assignments.retain(|row| self.slot(row.key).is_none());
        rows.hits.retain(|hit| self.hit(hit.key).is_none());
        self.put(rows)
    }

    /// Puts rows in as they are packed, those that are not known; their keys.
    fn put_packed(&mut self, packed: Packed) -> Vec<AssignmentKey> {
        for (number, book) in packed.books {
            self.texts.learn(number, book);
        }
        let mut new = Vec::new();
        for pack in packed.rows {
            let Some(first) = self.texts.extend(pack.texts()) else { continue };
            new.reserve(pack.len());
            for row in pack.rows() {
                if self.slot(row.key).is_none() {
                    new.push(row.key);
                    self.insert(row.with_summary(TextRef(first + row.summary.0)));
                }
            }
        }
        new
    }

    /// Makes room for so many assignments at once.
    pub fn reserve(&mut self, assignments: usize) {
        let more = assignments.saturating_sub(self.rows.len());
        self.rows.reserve_exact(more);
        self.sibling.reserve_exact(more);
        self.row_index.reserve(assignments + 1);
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

    fn insert(&mut self, row: LightRow) {
        let slot = self.rows.len();
        let hit = self.hit_slot(row.hit);
        self.row_index.put(row.key.0, slot);
        self.room_for(row.worker);
        self.sibling.push(self.hits[hit].first);
        self.hits[hit].first = slot as u32;
        self.rows.push(row);
        self.tally(slot, Counts::add);
        self.time(slot, 1);
        if row.status == AssignmentStatus::Submitted {
            self.open.set(slot, true);
            // One more can only make it earlier; what is taken away has it looked up again.
            let next = |counts: &mut Counts| counts.next = earlier(counts.next, row.auto_approval);
            next(&mut self.hits[hit].counts);
            next(&mut self.totals);
            if let Some(batch) = self.batches.get_mut(self.hits[hit].batch as usize) {
                next(&mut batch.counts);
            }
        }
    }

    fn replace(&mut self, slot: usize, row: LightRow) {
        // An assignment never moves to another HIT; the chain of siblings relies on it.
        let row = LightRow { hit: self.rows[slot].hit, ..row };
        self.room_for(row.worker);
        self.uncount(slot);
        self.time(slot, -1);
        self.rows[slot] = row;
        self.count(slot);
        self.time(slot, 1);
    }

    /// Puts the time that an assignment took into its worker's record, or takes it out.
    fn time(&mut self, slot: usize, sign: i64) {
        let row = &self.rows[slot];
        if let Some(span) = work_time(row.accepted.get(), row.submitted.get()) {
            let record = &mut self.records[row.worker.0 as usize];
            record.seconds += sign * span.0;
            record.timed = record.timed.wrapping_add_signed(sign as i32);
        }
    }

    fn room_for(&mut self, worker: WorkerKey) {
        let worker = worker.0 as usize;
        if self.records.len() <= worker {
            self.records.resize(worker + 1, Record::default());
        }
    }

    fn count(&mut self, slot: usize) {
        self.recount(slot, Counts::add);
        self.open.set(slot, self.rows[slot].status == AssignmentStatus::Submitted && !self.live.contains(slot));
    }

    fn uncount(&mut self, slot: usize) {
        self.recount(slot, Counts::take);
    }

    fn recount(&mut self, slot: usize, step: fn(&mut Counts, AssignmentStatus, Option<Live>)) {
        let hit = self.tally(slot, step);
        self.mark_stale(hit);
    }

    /// Counts an assignment with its HIT, its worker, its batch and all work; the slot of its HIT.
    fn tally(&mut self, slot: usize, step: fn(&mut Counts, AssignmentStatus, Option<Live>)) -> usize {
        let (status, live) = (self.rows[slot].status, self.live(slot));
        let hit = self.hit_slot(self.rows[slot].hit);
        let worker = self.rows[slot].worker.0 as usize;
        step(&mut self.records[worker].counts, status, live);
        step(&mut self.hits[hit].counts, status, live);
        step(&mut self.totals, status, live);
        if let Some(batch) = self.batches.get_mut(self.hits[hit].batch as usize) {
            step(&mut batch.counts, status, live);
        }
        hit
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
        if self.blocks.contains(&worker.id) {
            self.blocked.insert(worker.key);
        }
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
