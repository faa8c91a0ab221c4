//! The outbox as the desk sees it: decisions being written down, staged, on their way, and what became of them.
//! The store's word replaces ours; a decision that was done stays on its row until a later read shows it.

mod targets;

use super::event::RequestId;
use crate::domain::assignment::AssignmentStatus;
use crate::domain::decision::{Decision, DecisionId, OutboxEntry, OutboxState, Target};
use crate::domain::id::WorkerId;
use crate::domain::key::AssignmentKey;
use crate::domain::money::Usd;
use crate::domain::time::Millis;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Settled decisions that are kept for the Activity screen; older ones are in the audit trail.
const SENT_KEPT: usize = 1_000;

/// How far a decision has come, in the steps a person sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Being written down, or written down and waiting for its time.
    Staged,
    /// The request may have left.
    Sending,
    /// Sent without an answer: being verified.
    Unknown,
    /// Refused for good.
    Failed,
    /// Done, or maybe done.
    Sent,
}

impl Stage {
    /// All, in the order of the Activity tabs.
    pub const ALL: [Stage; 5] = [Stage::Staged, Stage::Sending, Stage::Unknown, Stage::Failed, Stage::Sent];

    /// The word for people.
    pub const fn title(self) -> &'static str {
        match self {
            Stage::Staged => "staged",
            Stage::Sending => "sending",
            Stage::Unknown => "unknown",
            Stage::Failed => "failed",
            Stage::Sent => "sent",
        }
    }

    const fn of(state: &OutboxState) -> Option<Stage> {
        Some(match state {
            OutboxState::Staged { .. } => Stage::Staged,
            OutboxState::Sending => Stage::Sending,
            OutboxState::Unknown => Stage::Unknown,
            OutboxState::Failed { .. } => Stage::Failed,
            OutboxState::Done | OutboxState::MaybeSent => Stage::Sent,
            OutboxState::Undone => return None,
        })
    }
}

/// What the badge of a row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Badge {
    /// approve, override, reject, bonus, ... ([`Decision::verb`]).
    pub verb: &'static str,
    /// How far it has come.
    pub stage: Stage,
}

/// Decisions that were handed to the store and are not yet confirmed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pending {
    pub(super) request: RequestId,
    pub(super) group: i64,
    pub(super) due: Millis,
    /// How many decisions.
    pub(super) count: usize,
    /// The assignments that they settle, and how.
    pub(super) settling: Vec<(AssignmentKey, &'static str)>,
    /// Of these, the first so many have been answered about.
    pub(super) answered: usize,
    /// What else they are about: HITs, workers, qualifications, requests, types.
    pub(super) others: HashMap<Target, &'static str>,
    pub(super) cost: Usd,
    /// The person took them back before the store had answered.
    pub(super) undo: bool,
}

#[derive(Debug, Clone, PartialEq)]
struct Held {
    entry: OutboxEntry,
    cost: Usd,
}

/// The outbox as the desk sees it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outbox {
    held: BTreeMap<DecisionId, Held>,
    stages: [BTreeSet<DecisionId>; 5],
    due: BTreeSet<(Millis, DecisionId)>,
    staged_cost: Usd,
    /// How many staged decisions each group has.
    groups: HashMap<i64, u32>,
    pub(super) pending: Vec<Pending>,
    settlers: HashMap<AssignmentKey, BTreeSet<DecisionId>>,
    saving: HashMap<AssignmentKey, &'static str>,
    others: HashMap<AssignmentKey, BTreeSet<DecisionId>>,
    /// By HIT, worker, qualification, request or type.
    targets: HashMap<Target, BTreeSet<DecisionId>>,
    /// Decisions about workers themselves: blocks, messages, qualifications, bonuses.
    people: HashMap<WorkerId, BTreeSet<DecisionId>>,
}

impl Outbox {
    /// How many decisions stand at a stage; those being written down count as staged.
    pub fn count(&self, stage: Stage) -> usize {
        let saving = if stage == Stage::Staged { self.pending.iter().map(|p| p.count).sum() } else { 0 };
        self.stages[stage as usize].len() + saving
    }

    /// How many decisions at a stage have a line in Activity: those being written down have none yet.
    pub fn lines(&self, stage: Stage) -> usize {
        self.stages[stage as usize].len()
    }

    /// The decisions at a stage, newest first (failed ones too; staged ones in the order in which they leave).
    pub fn at(&self, stage: Stage) -> Box<dyn Iterator<Item = &OutboxEntry> + '_> {
        let ids = self.stages[stage as usize].iter();
        let entry = |id: &DecisionId| self.held.get(id).map(|held| &held.entry);
        match stage {
            Stage::Staged | Stage::Sending => Box::new(ids.filter_map(entry)),
            _ => Box::new(ids.rev().filter_map(entry)),
        }
    }

    /// One decision.
    pub fn entry(&self, id: DecisionId) -> Option<&OutboxEntry> {
        self.held.get(&id).map(|held| &held.entry)
    }

    /// What the staged decisions will pay, without fees.
    pub fn staged_cost(&self) -> Usd {
        self.staged_cost + self.pending.iter().map(|pending| pending.cost).sum()
    }

    /// When the next staged decision leaves.
    pub fn next_due(&self) -> Option<Millis> {
        let held = self.due.first().map(|(due, _)| *due);
        let pending = self.pending.iter().filter(|pending| !pending.undo).map(|pending| pending.due);
        held.into_iter().chain(pending).min()
    }

    /// Decisions not yet settled: staged, on their way, or unknown.
    pub fn unsent(&self) -> usize {
        self.count(Stage::Staged) + self.count(Stage::Sending) + self.count(Stage::Unknown)
    }

    /// What the badge of an assignment says, if it has one. `status` is what the endpoint last reported of it.
    pub fn badge(&self, key: AssignmentKey, status: AssignmentStatus) -> Option<Badge> {
        if let Some(badge) = self.live(key, status) {
            return Some(badge);
        }
        let shown = |id: &DecisionId| {
            let entry = &self.held.get(id)?.entry;
            let stage = Stage::of(&entry.state)?;
            (stage != Stage::Sent).then_some(Badge { verb: entry.decision.verb(), stage })
        };
        let all = [self.settlers.get(&key), self.others.get(&key)];
        all.into_iter().flatten().flat_map(|ids| ids.iter().rev()).find_map(shown)
    }

    /// What the badge of a worker says: the newest decision about them that has not been carried out.
    pub fn worker_badge(&self, worker: &WorkerId) -> Option<Badge> {
        self.people.get(worker)?.iter().rev().find_map(|id| {
            let entry = self.entry(*id)?;
            let stage = Stage::of(&entry.state)?;
            (stage != Stage::Sent).then_some(Badge { verb: entry.decision.verb(), stage })
        })
    }

    /// The verb of the decision about this target that is on its way.
    pub fn live_on(&self, worker: &WorkerId, target: &Target) -> Option<&'static str> {
        let mut entries = self.people.get(worker)?.iter().filter_map(|id| self.entry(*id));
        let live = entries.find(|entry| entry.target == *target && !entry.state.is_settled());
        live.map(|entry| entry.decision.verb())
    }

    /// The decision that settles an assignment and is alive: on its way, or done and not yet seen in a read.
    pub fn live(&self, key: AssignmentKey, status: AssignmentStatus) -> Option<Badge> {
        if let Some(verb) = self.saving.get(&key) {
            return Some(Badge { verb, stage: Stage::Staged });
        }
        let alive = |id: &DecisionId| {
            let entry = &self.held.get(id)?.entry;
            let alive = match entry.state {
                OutboxState::Staged { .. } | OutboxState::Sending | OutboxState::Unknown => true,
                OutboxState::Done => !agrees(&entry.decision, status),
                _ => false,
            };
            alive.then(|| Some(Badge { verb: entry.decision.verb(), stage: Stage::of(&entry.state)? }))?
        };
        // Only the newest decision counts: an older one was settled before it could be made.
        self.settlers.get(&key)?.last().and_then(alive)
    }

    /// Whether [`Outbox::live`] finds anything at all.
    pub(super) fn has_live(&self) -> bool {
        !self.saving.is_empty() || !self.settlers.is_empty()
    }

    /// The newest decision that settles an assignment, as far as the store has written it down.
    pub fn settling(&self, key: AssignmentKey) -> Option<&OutboxEntry> {
        self.entry(*self.settlers.get(&key)?.last()?)
    }

    /// Takes the store's word on one decision; `cost` is what it pays.
    pub(super) fn put(&mut self, entry: OutboxEntry, cost: Usd) -> bool {
        let id = entry.id;
        if self.held.get(&id).is_some_and(|held| held.entry == entry) {
            return false;
        }
        self.remove(id);
        let Some(stage) = Stage::of(&entry.state) else { return true };
        self.stages[stage as usize].insert(id);
        if let OutboxState::Staged { due } = entry.state {
            self.due.insert((due, id));
            self.staged_cost += cost;
            *self.groups.entry(entry.group).or_default() += 1;
        }
        if let Some(key) = entry.assignment {
            self.of(&entry.decision).entry(key).or_default().insert(id);
        }
        self.note_target(&entry);
        for worker in workers_of(&entry) {
            self.people.entry(worker.clone()).or_default().insert(id);
        }
        self.held.insert(id, Held { entry, cost });
        if self.stages[Stage::Sent as usize].len() > SENT_KEPT
            && let Some(oldest) = self.stages[Stage::Sent as usize].first().copied()
        {
            self.remove(oldest);
        }
        true
    }

    fn remove(&mut self, id: DecisionId) {
        let Some(Held { entry, cost }) = self.held.remove(&id) else { return };
        self.forget_target(&entry.target, id);
        if let Some(stage) = Stage::of(&entry.state) {
            self.stages[stage as usize].remove(&id);
        }
        if let OutboxState::Staged { due } = entry.state {
            self.due.remove(&(due, id));
            self.staged_cost -= cost;
            if let Some(count) = self.groups.get_mut(&entry.group) {
                *count -= 1;
                if *count == 0 {
                    self.groups.remove(&entry.group);
                }
            }
        }
        for worker in workers_of(&entry) {
            if let Some(ids) = self.people.get_mut(worker) {
                ids.remove(&id);
                if ids.is_empty() {
                    self.people.remove(worker);
                }
            }
        }
        if let Some(key) = entry.assignment {
            let map = self.of(&entry.decision);
            if let Some(ids) = map.get_mut(&key) {
                ids.remove(&id);
                if ids.is_empty() {
                    map.remove(&key);
                }
            }
        }
    }

    fn of(&mut self, decision: &Decision) -> &mut HashMap<AssignmentKey, BTreeSet<DecisionId>> {
        if decision.settles_assignment() { &mut self.settlers } else { &mut self.others }
    }

    /// Holds decisions that were just handed to the store.
    pub(super) fn hold(&mut self, pending: Pending) {
        self.saving.extend(pending.settling.iter().copied());
        self.pending.push(pending);
    }

    /// Lets go of decisions that the store has answered about.
    pub(super) fn release(&mut self, answered: impl Fn(&Pending) -> bool) -> Option<Pending> {
        let at = self.pending.iter().position(answered)?;
        let pending = self.pending.remove(at);
        for (key, _) in &pending.settling[pending.answered..] {
            self.saving.remove(key);
        }
        Some(pending)
    }

    /// What was handed to the store and is not yet answered about, by its request.
    pub(super) fn pending(&mut self, request: RequestId) -> Option<&mut Pending> {
        self.pending.iter_mut().find(|pending| pending.request == request)
    }

    /// Holds some more of what is about to be handed to the store.
    pub(super) fn hold_more(&mut self, request: RequestId, settling: &[(AssignmentKey, &'static str)]) {
        if let Some(pending) = self.pending(request) {
            pending.settling.extend_from_slice(settling);
            self.saving.extend(settling.iter().copied());
        }
    }

    /// The store has written a part of a request down, in the order of asking: the assignments that it has answered about,
    /// those among them that it refused as well.
    pub(super) fn written(
        &mut self,
        request: RequestId,
        last: AssignmentKey,
        count: usize,
        cost: Usd,
    ) -> Vec<AssignmentKey> {
        let Some(pending) = self.pending.iter_mut().find(|pending| pending.request == request) else {
            return Vec::new();
        };
        let Some(found) = pending.settling[pending.answered..].iter().position(|(key, _)| *key == last) else {
            return Vec::new();
        };
        let part = pending.answered..pending.answered + found + 1;
        pending.answered = part.end;
        pending.count -= count.min(pending.count);
        pending.cost -= cost;
        let keys: Vec<_> = pending.settling[part].iter().map(|(key, _)| *key).collect();
        keys.iter().for_each(|key| {
            self.saving.remove(key);
        });
        keys
    }

    /// Takes a group back that the store has not answered about: it is undone as soon as its rows are known.
    pub(super) fn undo_pending(&mut self, group: i64) -> Option<Vec<AssignmentKey>> {
        let pending = self.pending.iter_mut().find(|pending| pending.group == group && !pending.undo)?;
        pending.undo = true;
        pending.count = 0;
        pending.others.clear();
        pending.cost = Usd::ZERO;
        let answered = std::mem::take(&mut pending.answered);
        let rows: Vec<_> =
            std::mem::take(&mut pending.settling).into_iter().skip(answered).map(|(key, _)| key).collect();
        for key in &rows {
            self.saving.remove(key);
        }
        Some(rows)
    }

    /// Takes a staged decision off at once; the store's word brings it back if it had left already.
    pub(super) fn take_back(&mut self, id: DecisionId) -> Option<AssignmentKey> {
        let key = self.entry(id)?.assignment;
        self.remove(id);
        key
    }

    /// Whether anything of a group can still be taken back.
    pub(super) fn can_undo(&self, group: i64) -> bool {
        self.groups.contains_key(&group) || self.pending.iter().any(|pending| pending.group == group && !pending.undo)
    }

    /// The decisions of a group that can still be taken back.
    pub(super) fn staged_of_group(&self, group: i64) -> Vec<DecisionId> {
        self.at(Stage::Staged).filter(|entry| entry.group == group).map(|entry| entry.id).collect()
    }
}

/// The workers that a decision is about, where it is about workers and not about their work alone.
fn workers_of(entry: &OutboxEntry) -> &[WorkerId] {
    match &entry.target {
        Target::Assignment(_) => match &entry.decision {
            Decision::Bonus { worker, .. } => std::slice::from_ref(worker),
            _ => &[],
        },
        Target::Worker(worker) | Target::Qualification(_, worker) => std::slice::from_ref(worker),
        Target::Workers(workers) => workers,
        _ => &[],
    }
}

/// Whether what the endpoint reports is what the decision was to bring about.
fn agrees(decision: &Decision, status: AssignmentStatus) -> bool {
    match decision {
        Decision::Approve { .. } => status == AssignmentStatus::Approved,
        Decision::Reject { .. } => status != AssignmentStatus::Submitted,
        _ => true,
    }
}
