//! Adding up all batches in steps between keys.

use super::OneBatch;
use crate::app::model::Model;
use crate::domain::batch_stats::Gather;
use crate::domain::fees::FeeSchedule;
use crate::domain::time::Time;
use crate::domain::top_up::Asked;

/// So many assignments and HITs are added up in one step.
const STEP: usize = 20_000;

/// Batches in the middle of being added up.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) struct Work {
    /// The version of the model that it began with.
    pub(super) version: u64,
    pub(super) now: Time,
    batch: usize,
    hit: usize,
    gather: Gather,
    pub(super) done: Vec<OneBatch>,
}

impl Work {
    pub(super) fn new(model: &Model, now: Time) -> Work {
        let gather = Gather::new(now, &FeeSchedule::AMAZON);
        Work { version: model.version(), now, batch: 0, hit: 0, gather, done: Vec::new() }
    }

    /// The next step; says whether it was the last.
    pub(super) fn go_on(&mut self, model: &Model, asked: Option<&Asked>) -> bool {
        let mut budget = STEP;
        while let Some(batch) = model.batches().get(self.batch) {
            while let Some(key) = batch.hits.get(self.hit) {
                if budget == 0 {
                    return false;
                }
                self.hit += 1;
                let Some(hit) = model.hit(*key) else { continue };
                let mut rows = 1;
                let counted = model.slots_of_hit(*key).inspect(|_| rows += 1);
                let anew = asked.map_or(0, |asked| asked.anew(*key).assignments);
                self.gather.hit(hit, anew, counted.map(|slot| &model.rows()[slot]));
                budget = budget.saturating_sub(rows);
            }
            let next = Gather::new(self.now, &FeeSchedule::AMAZON);
            let gather = std::mem::replace(&mut self.gather, next);
            if !batch.hits.is_empty() {
                self.done.push(OneBatch { name: batch.name.clone(), stats: gather.done() });
            }
            (self.batch, self.hit) = (self.batch + 1, 0);
        }
        true
    }
}
