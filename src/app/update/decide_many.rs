//! Deciding about very many assignments: each step looks at a part, and keys come in between. What the person is asked, what
//! is shown on the rows and what the store is handed is the same as for a few; the store writes all of it in one
//! transaction.

use super::decide::{self, key_of, reconcile, settles};
use super::{marks, say, workers};
use crate::app::decide::{Act, Proposal, Targets};
use crate::app::decide_many::DecideMany;
use crate::app::effect::Effect;
use crate::app::event::{Level, RequestId};
use crate::app::outbox::Pending;
use crate::app::state::State;
use crate::app::undo::Undo;
use std::collections::HashMap;

/// More decisions than this are made step by step.
pub(super) const AT_ONCE: usize = 20_000;
/// Targets that are looked at, decisions that are staged in one step.
const PART: usize = 5_000;

/// Begins to look at the targets.
pub(super) fn check(state: &mut State, act: Act, targets: Targets) -> Result<(), String> {
    if state.deciding.is_some() {
        return Err("very many decisions are being made already; try again in a moment".to_owned());
    }
    let proposal = Proposal::empty(targets.marked);
    state.deciding = Some(DecideMany::Checking { act, targets: targets.keys, at: 0, proposal });
    state.touch();
    Ok(())
}

/// Begins to stage what the person has agreed to.
pub(super) fn stage(state: &mut State, proposal: Proposal) {
    if state.deciding.is_some() {
        return say(
            state,
            Level::Warning,
            "nothing was decided: very many decisions are being made already; do it again",
        );
    }
    let group = state.now.wall.0.max(state.last_group + 1);
    state.last_group = group;
    let request = state.request();
    let due = state.now.wall.plus(state.options.grace);
    state.outbox.hold(Pending {
        request,
        group,
        due,
        count: proposal.decisions.len(),
        settling: Vec::new(),
        answered: 0,
        others: HashMap::new(),
        cost: proposal.sum,
        undo: false,
    });
    let (cursor, words) = (state.list.cursor, proposal.things());
    let workers = workers::unmark_acted(state, proposal.marked);
    state.undo.groups.push(Undo { group, cursor, marks: Vec::new(), others: Vec::new(), workers, words });
    state.deciding = Some(DecideMany::Staging { request, proposal: Box::new(proposal), at: 0 });
    state.touch();
}

/// The next step.
pub(super) fn go_on(state: &mut State, fx: &mut Vec<Effect>) {
    match state.deciding.take() {
        None => {}
        Some(DecideMany::Checking { act, targets, at, mut proposal }) => {
            let to = (at + PART).min(targets.len());
            if let Err(message) = proposal.extend(state, &act, &targets[at..to]) {
                return say(state, Level::Error, format!("nothing was decided: {message}"));
            }
            if to < targets.len() {
                state.deciding = Some(DecideMany::Checking { act, targets, at: to, proposal });
            } else if state.overlay.is_some() {
                let text = "nothing was decided: something else was open when all was checked; do it again";
                say(state, Level::Warning, text);
            } else {
                decide::guard(state, proposal.done_with(act), fx);
            }
        }
        Some(DecideMany::Staging { request, proposal, at }) => stage_on(state, request, proposal, at, fx),
    }
    state.touch();
}

/// What the person has agreed to is handed to the store before the desk ends; what has not been asked about is dropped.
pub(super) fn finish(state: &mut State, fx: &mut Vec<Effect>) {
    while let Some(DecideMany::Staging { request, proposal, at }) = state.deciding.take() {
        stage_on(state, request, proposal, at, fx);
    }
}

fn stage_on(state: &mut State, request: RequestId, mut proposal: Box<Proposal>, at: usize, fx: &mut Vec<Effect>) {
    let Some(pending) = state.outbox.pending(request) else { return };
    let (group, due) = (pending.group, pending.due);
    if pending.undo {
        // Taken back before the store has heard of it.
        state.outbox.release(|pending| pending.request == request);
        return;
    }
    let to = (at + PART).min(proposal.decisions.len());
    let part = &proposal.decisions[at..to];
    let settling: Vec<_> = part.iter().filter_map(settles).collect();
    let acted = part.iter().filter_map(|new| key_of(&new.subject)).filter(|_| proposal.marked);
    let acted: Vec<_> = acted.filter(|key| state.list.marks.contains(key)).collect();
    state.outbox.hold_more(request, &settling);
    for (key, _) in &settling {
        reconcile(state, *key);
    }
    marks::without(state, &acted);
    if let Some(undo) = state.undo.groups.iter_mut().find(|undo| undo.group == group) {
        undo.marks.extend(acted);
    }
    if to < proposal.decisions.len() {
        state.deciding = Some(DecideMany::Staging { request, proposal, at: to });
        return;
    }
    // The time to take it back begins when all of it is on the screen.
    let due = due.max(state.now.wall.plus(state.options.grace));
    if let Some(pending) = state.outbox.pending(request) {
        pending.due = due;
    }
    decide::staged(state, &mut proposal);
    fx.push(Effect::Persist { request, group, due, decisions: proposal.decisions });
}
