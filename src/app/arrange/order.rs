//! The order of rows: short runs are sorted one by one, then merged, a part at a time.

use crate::app::list::{List, SortBy};
use crate::app::model::Model;
use crate::domain::assignment::work_time;
use crate::domain::bits::Bits;
use crate::domain::key::AssignmentKey;
use crate::domain::time::Stamp;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Rows of one run.
const RUN: usize = 1 << 15;
/// Rows that are merged in one step.
const MERGED: usize = 40_000;
/// Rows of a known order that are looked at in one step.
const PICKED: usize = 200_000;
/// Less than this part of all rows is sorted for itself.
const FEW: usize = 8;
/// Less than this part is sorted for itself even when the order of all rows is known.
const HANDFUL: usize = 64;

/// All rows in an order, kept while no row changes: then a filter sorts nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::app) struct Order {
    of: Option<(u64, SortBy, bool)>,
    slots: Vec<u32>,
}

/// The rows that are shown, on the way to their order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ordering {
    of: (u64, SortBy, bool),
    rows: usize,
    /// Whether the order of all rows is made, and kept.
    all: bool,
    ranks: Vec<u32>,
    stage: Stage,
    slots: Vec<u32>,
}

#[derive(Debug, Clone, PartialEq)]
enum Stage {
    Runs {
        from: usize,
        runs: Vec<Vec<u128>>,
    },
    Merge(Merge),
    /// The next place of the known order.
    Pick(usize),
}

impl Ordering {
    pub(super) fn new(model: &Model, shown: &Bits, rows: usize, list: &List) -> Ordering {
        let of = (model.version(), list.sort, list.descending);
        let by_worker = list.sort == SortBy::Worker;
        // A handful is sorted sooner than it is picked out of a million.
        let known = list.order.of == Some(of) && (by_worker || shown.count() >= rows / HANDFUL);
        let all = known || shown.count() >= rows / FEW;
        let ranks = if by_worker && !known { model.worker_ranks() } else { Vec::new() };
        let stage = if known { Stage::Pick(0) } else { Stage::Runs { from: 0, runs: Vec::new() } };
        Ordering { of, rows, all, ranks, stage, slots: Vec::new() }
    }

    /// How far it is, in hundredths.
    pub(super) fn done(&self) -> usize {
        match &self.stage {
            Stage::Runs { from, .. } => from * 50 / self.rows.max(1),
            Stage::Merge(merge) => 50 + merge.slots.len() * 40 / self.rows.max(1),
            Stage::Pick(at) => 90 + at * 10 / self.rows.max(1),
        }
    }

    /// The rows, when all steps are done.
    pub(super) fn take(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.slots)
    }

    /// One step. Says whether that was the last.
    pub(super) fn step(&mut self, model: &Model, shown: &Bits, order: &mut Order) -> bool {
        match &mut self.stage {
            Stage::Runs { from, runs } => {
                let mut run = Vec::with_capacity(RUN.min(self.rows - *from));
                while run.len() < RUN && *from < self.rows {
                    if self.all || shown.contains(*from) {
                        run.push(number(model, *from, self.of.1, self.of.2, &self.ranks));
                    }
                    *from += 1;
                    if !self.all {
                        *from = shown.next(*from).unwrap_or(self.rows).min(self.rows);
                    }
                }
                run.sort_unstable();
                runs.push(run);
                if *from == self.rows {
                    self.stage = Stage::Merge(Merge::new(std::mem::take(runs)));
                }
                false
            }
            Stage::Merge(merge) => {
                if !merge.step(model) {
                    return false;
                }
                let slots = std::mem::take(&mut merge.slots);
                if !self.all {
                    self.slots = slots;
                    return true;
                }
                *order = Order { of: Some(self.of), slots };
                self.stage = Stage::Pick(0);
                false
            }
            Stage::Pick(at) => {
                if shown.count() == order.slots.len() {
                    self.slots.clone_from(&order.slots);
                    return true;
                }
                if *at == 0 {
                    self.slots.reserve_exact(shown.count());
                }
                let to = (*at + PICKED).min(order.slots.len());
                self.slots.extend(order.slots[*at..to].iter().filter(|slot| shown.contains(**slot as usize)));
                *at = to;
                to == order.slots.len()
            }
        }
    }
}

/// Sorted runs on the way to one.
#[derive(Debug, Clone)]
struct Merge {
    runs: Vec<Vec<u128>>,
    /// The next of each run that has one, the smallest on top.
    heads: BinaryHeap<Reverse<(u128, usize, usize)>>,
    slots: Vec<u32>,
}

impl PartialEq for Merge {
    fn eq(&self, other: &Merge) -> bool {
        self.runs == other.runs && self.slots == other.slots
    }
}

impl Merge {
    fn new(runs: Vec<Vec<u128>>) -> Merge {
        let head = |(run, numbers): (usize, &Vec<u128>)| Some(Reverse((*numbers.first()?, run, 0)));
        let heads = runs.iter().enumerate().filter_map(head).collect();
        let slots = Vec::with_capacity(runs.iter().map(Vec::len).sum());
        Merge { runs, heads, slots }
    }

    fn step(&mut self, model: &Model) -> bool {
        // The key in the lowest bits leads back to the slot.
        let slot = |number: u128| model.slot(AssignmentKey(number as u32)).map(|slot| slot as u32);
        if let [only] = &self.runs[..] {
            self.slots.extend(only.iter().filter_map(|number| slot(*number)));
            return true;
        }
        for _ in 0..MERGED {
            let Some(mut top) = self.heads.peek_mut() else { return true };
            let Reverse((number, run, at)) = *top;
            self.slots.extend(slot(number));
            match self.runs[run].get(at + 1) {
                Some(next) => *top = Reverse((*next, run, at + 1)),
                None => {
                    std::collections::binary_heap::PeekMut::pop(top);
                }
            }
        }
        false
    }
}

/// No time is later than any time.
const fn last(stamp: Stamp) -> u32 {
    match stamp.get() {
        Some(time) => time.0 as u32,
        None => u32::MAX,
    }
}

/// What a row is sorted by, as one number: what is asked for, then auto-approval, HIT list order, submission or key.
/// Sorting integers is several times faster than comparing rows.
fn number(model: &Model, slot: usize, by: SortBy, descending: bool, ranks: &[u32]) -> u128 {
    let row = &model.rows()[slot];
    let auto = last(row.auto_approval);
    // HIT list order is the order in which HITs became known: the store opens with the same one.
    let hit = row.hit.0;
    let time = || work_time(row.accepted.get(), row.submitted.get()).map_or(u32::MAX, |s| s.0.max(0) as u32);
    let (first, second, third) = match by {
        SortBy::AutoApproval => (auto, hit, last(row.submitted)),
        SortBy::Submitted => (last(row.submitted), hit, 0),
        SortBy::WorkTime => (time(), auto, hit),
        SortBy::Worker => (ranks.get(row.worker.0 as usize).copied().unwrap_or(u32::MAX), auto, hit),
        SortBy::Reward => (model.reward(row).as_cents().clamp(0, i64::from(u32::MAX)) as u32, auto, hit),
        SortBy::Status => (row.status as u32, auto, hit),
        SortBy::Hit => (hit, last(row.submitted), 0),
    };
    let first = if descending { !first } else { first };
    (u128::from(first) << 96) | (u128::from(second) << 64) | (u128::from(third) << 32) | u128::from(row.key.0)
}
