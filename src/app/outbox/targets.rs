//! Decisions about HITs, workers and qualifications, by what they act on.

use super::{Badge, Outbox, Stage};
use crate::domain::decision::{Decision, DecisionId, OutboxEntry, Target};
use crate::domain::id::HitId;
use crate::domain::policy;

impl Outbox {
    /// The badge of a HIT, a worker, a qualification, a request or a type: the newest decision about it that is known.
    pub fn badge_of(&self, target: &Target) -> Option<Badge> {
        let saving = self.pending.iter().rev().find_map(|pending| pending.others.get(target));
        if let Some(verb) = saving {
            return Some(Badge { verb, stage: Stage::Staged });
        }
        let entry = self.newest_of(target)?;
        Some(Badge { verb: entry.decision.verb(), stage: Stage::of(&entry.state)? })
    }

    /// The verb of a decision on its way for a HIT that a new one has to wait for.
    pub fn waited_for(&self, hit: &HitId, decision: &Decision) -> Option<&'static str> {
        let target = Target::Hit(hit.clone());
        let saving = self.pending.iter().filter_map(|pending| pending.others.get(&target).copied());
        let held = self.targets.get(&target).into_iter().flatten().filter_map(|id| self.entry(*id));
        let held = held.filter(|entry| !entry.state.is_settled()).map(|entry| entry.decision.verb());
        saving.chain(held).find(|live| policy::waits_for(decision, live))
    }

    /// The newest decision about it that the store has written down.
    pub fn newest_of(&self, target: &Target) -> Option<&OutboxEntry> {
        self.entry(*self.targets.get(target)?.last()?)
    }

    pub(super) fn note_target(&mut self, entry: &OutboxEntry) {
        if is_other(&entry.target) {
            self.targets.entry(entry.target.clone()).or_default().insert(entry.id);
        }
    }

    pub(super) fn forget_target(&mut self, target: &Target, id: DecisionId) {
        if let Some(ids) = self.targets.get_mut(target) {
            ids.remove(&id);
            if ids.is_empty() {
                self.targets.remove(target);
            }
        }
    }
}

const fn is_other(target: &Target) -> bool {
    !matches!(target, Target::Assignment(_))
}
