//! The store's word on decisions.

use super::decide::reconcile;
use super::decide_many::AT_ONCE;
use super::say;
use crate::app::effect::Effect;
use crate::app::event::{Level, RequestId};
use crate::app::format;
use crate::app::notice::Topic;
use crate::app::outbox::{Pending, Stage};
use crate::app::state::State;
use crate::domain::decision::{Decision, OutboxEntry, OutboxState, Target};
use crate::domain::id::{HitId, QualificationTypeId};
use crate::domain::money::Usd;
use std::collections::{HashMap, HashSet};

/// The rewards of the HITs that entries add assignments to.
fn rewards(state: &State, entries: &[OutboxEntry]) -> HashMap<HitId, Usd> {
    let hit = |entry: &OutboxEntry| match (&entry.target, &entry.decision) {
        (Target::Hit(id), Decision::AddAssignments { .. }) => Some(id.clone()),
        _ => None,
    };
    let wanted: HashSet<HitId> = entries.iter().filter_map(hit).collect();
    if wanted.is_empty() {
        return HashMap::new();
    }
    state.model.hits().filter(|hit| wanted.contains(&hit.id)).map(|hit| (hit.id.clone(), hit.reward)).collect()
}

/// What a decision pays, without fees.
fn cost(state: &State, entry: &OutboxEntry, rewards: &HashMap<HitId, Usd>) -> Usd {
    match &entry.decision {
        Decision::Bonus { amount, .. } => *amount,
        Decision::Approve { .. } => {
            let row = entry.assignment.and_then(|key| state.model.row(key));
            row.map_or(Usd::ZERO, |row| state.model.reward(row))
        }
        Decision::AddAssignments { count, .. } => {
            let Target::Hit(id) = &entry.target else { return Usd::ZERO };
            rewards.get(id).map_or(Usd::ZERO, |reward| reward.times(u64::from(*count)))
        }
        _ => Usd::ZERO,
    }
}

/// Puts entries in without saying anything: at the opening.
pub(super) fn put_all(state: &mut State, entries: Vec<OutboxEntry>) -> bool {
    let mut changed = false;
    let rewards = rewards(state, &entries);
    for entry in entries {
        let key = entry.assignment;
        state.last_group = state.last_group.max(entry.group);
        let cost = cost(state, &entry, &rewards);
        changed |= state.outbox.put(entry, cost);
        if let Some(key) = key {
            reconcile(state, key);
        }
    }
    changed
}

/// Takes the store's word on some decisions.
pub(super) fn receive(state: &mut State, entries: Vec<OutboxEntry>, fx: &mut Vec<Effect>) {
    let groups: HashSet<i64> = entries.iter().map(|entry| entry.group).collect();
    // Of very many the first may leave before the store has told of the last.
    let staged = entries.iter().filter(|entry| matches!(entry.state, OutboxState::Staged { .. }));
    let told: HashSet<i64> = staged.map(|entry| entry.group).collect();
    let is_answer = |pending: &Pending| {
        groups.contains(&pending.group) && (pending.settling.len() <= AT_ONCE || told.contains(&pending.group))
    };
    let mut answered = Vec::new();
    while let Some(pending) = state.outbox.release(is_answer) {
        answered.push(pending);
    }
    let about_hits = |entry: &OutboxEntry| entry.decision.is_about_hit() && entry.state == OutboxState::Done;
    let about_hits = entries.iter().any(about_hits);
    let paid_or_told = |entry: &OutboxEntry| {
        entry.state.is_settled() && matches!(entry.decision, Decision::Bonus { .. } | Decision::Notify { .. })
    };
    if entries.iter().any(paid_or_told) {
        super::worker_page::outdated(state, fx);
    }
    let unwanted: HashSet<i64> = answered.iter().filter(|pending| pending.undo).map(|pending| pending.group).collect();
    let mut undo = Vec::new();
    let mut shown = Vec::with_capacity(entries.len());
    for entry in entries {
        let staged = matches!(entry.state, OutboxState::Staged { .. });
        if staged && unwanted.contains(&entry.group) {
            // Taken back while it was being written down.
            state.undoing.insert(entry.id);
            undo.push(entry.id);
            continue;
        }
        if state.undoing.contains(&entry.id) {
            if staged {
                // Said before the store knew that it is taken back.
                continue;
            }
            state.undoing.remove(&entry.id);
            if entry.state != OutboxState::Undone {
                let text = format!("too late to take back: {} had left already", words(state, &entry));
                say(state, Level::Warning, text);
            }
        }
        announce(state, &entry);
        if entry.state == OutboxState::Done
            && let Some(known) = &mut state.people.known
        {
            known.carried_out(&entry.target, &entry.decision, state.now.time);
            state.people.workers.made_of = None;
            if matches!(entry.decision, Decision::Block { .. } | Decision::Unblock { .. }) {
                super::people::settle_blocks(state);
            }
        }
        shown.push(entry);
    }
    if !undo.is_empty() {
        fx.push(Effect::Undo(undo));
    }
    let changed = put_all(state, shown);
    for (key, _) in answered.iter().flat_map(|pending| &pending.settling[pending.answered..]) {
        reconcile(state, *key);
    }
    what_was_said_is_over(state);
    let outbox = &state.outbox;
    state.undo.groups.retain(|undo| outbox.can_undo(undo.group));
    super::activity::keep_cursor(state);
    super::batches::settled(state, about_hits, fx);
    if changed {
        super::activity::audit_goes_on(state, fx);
    }
    if changed || !answered.is_empty() {
        state.measured = None;
        state.touch();
    }
}

/// Takes the store's word on a part of very many decisions that it is writing down.
pub(super) fn written(state: &mut State, request: RequestId, entries: Vec<OutboxEntry>, fx: &mut Vec<Effect>) {
    let rewards = rewards(state, &entries);
    let (count, cost) = (entries.len(), entries.iter().map(|entry| cost(state, entry, &rewards)).sum());
    let last = entries.iter().rev().find_map(|entry| entry.assignment);
    // What has left already was told by the sender, and is newer.
    let entries: Vec<_> = entries.into_iter().filter(|entry| state.outbox.entry(entry.id).is_none()).collect();
    let Some(pending) = state.outbox.pending(request) else { return receive(state, entries, fx) };
    if pending.undo {
        // Taken back while it was being written down.
        let ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
        state.undoing.extend(ids.iter().copied());
        return fx.push(Effect::Undo(ids));
    }
    put_all(state, entries);
    if let Some(last) = last {
        for key in state.outbox.written(request, last, count, cost) {
            reconcile(state, key);
        }
    }
    state.touch();
}

/// Takes off the notice line what is true no longer.
fn what_was_said_is_over(state: &mut State) {
    let on_their_way = state.outbox.count(Stage::Sending) + state.outbox.count(Stage::Unknown);
    let waits = state.outbox.next_due().is_some_and(|due| due > state.now.wall);
    match state.notices.topic() {
        Some(Topic::Sending(count)) if state.outbox.unsent() == 0 => {
            say(state, Level::Info, format!("{} sent", format::plural(count, "decision")));
        }
        // They have to wait (the title counts down), or they go now.
        Some(Topic::Sending(_)) if on_their_way == 0 && waits => state.notices.clear(),
        Some(Topic::Before) if state.outbox.count(Stage::Staged) == 0 => state.notices.clear(),
        Some(Topic::Waiting) if on_their_way > 0 || state.outbox.unsent() == 0 => state.notices.clear(),
        _ => {}
    }
}

/// Says what the person has to know: a failure, or that nobody knows.
fn announce(state: &mut State, entry: &OutboxEntry) {
    if state.outbox.entry(entry.id).is_some_and(|known| known.state == entry.state) {
        return;
    }
    match &entry.state {
        OutboxState::Failed { reason } => {
            let text = format!("{} failed: {reason}", words(state, entry));
            say(state, Level::Error, text);
        }
        OutboxState::MaybeSent => {
            let text =
                format!("{} was cut off and may have been carried out; it is not sent again", words(state, entry));
            say(state, Level::Warning, text);
        }
        _ => {}
    }
}

/// The decision in a few words: "approve of A1...".
pub(super) fn words(state: &State, entry: &OutboxEntry) -> String {
    let worker = entry.assignment.and_then(|key| state.model.row(key)).and_then(|row| state.model.worker(row.worker));
    let known = state.people.known.iter().flat_map(|known| &known.types);
    let name = |of: &QualificationTypeId| known.clone().find(|kind| kind.it.id == *of).map(|kind| &kind.it.name);
    let verb = entry.decision.verb();
    match (worker, &entry.target) {
        (Some(worker), _) => format!("{verb} of {worker}"),
        (None, Target::Qualification(of, worker)) => match name(of) {
            Some(name) => format!("{verb} of \"{name}\", {worker},"),
            None => format!("{verb} of {of} {worker}"),
        },
        (None, target @ Target::Type(of)) => match name(of) {
            Some(name) => format!("{verb} \"{name}\""),
            None => format!("{verb} of {target}"),
        },
        (None, target) => format!("{verb} of {target}"),
    }
}

/// Decisions could not be written down: none of them was kept, their rows are as before.
pub(super) fn not_persisted(state: &mut State, request: RequestId, reason: &str) {
    let Some(pending) = state.outbox.release(|pending| pending.request == request) else { return };
    for (key, _) in &pending.settling {
        reconcile(state, *key);
    }
    state.undo.groups.retain(|undo| undo.group != pending.group);
    say(state, Level::Error, format!("nothing was decided: {reason}"));
}
