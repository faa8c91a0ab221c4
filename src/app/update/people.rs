//! The Workers and Qualifications screens.

use super::motion::{self, Fallback, Step};
use super::{data, worker_page, workers_pay};
use crate::app::effect::Effect;
use crate::app::layout::{Pane, Screen};
use crate::app::people::Known;
use crate::app::quals::system_types;
use crate::app::state::{Loading, State};
use crate::app::workers::money::Money;
use crate::domain::id::HitId;
use crate::domain::query::Query;
use crate::domain::system_type::{SystemType, is_sandbox};

/// Shows the Workers screen.
pub(super) fn open_workers(state: &mut State, fx: &mut Vec<Effect>) {
    (state.screen, state.focus) = (Screen::Workers, Pane::Workers);
    state.people.workers.made_of = None;
    state.people.workers.in_motion = true;
    read(state, fx);
    ask_for_money(state, Vec::new(), fx);
}

/// Shows the Qualifications screen.
pub(super) fn open_qualifications(state: &mut State, fx: &mut Vec<Effect>) {
    (state.screen, state.focus) = (Screen::Qualifications, Pane::Types);
    read(state, fx);
}

/// So long what was read at the endpoint is new enough for who comes back to a screen.
const NEW: i64 = 60_000;

/// Reads the endpoint, unless that was just done: then the mirror has it all.
fn read(state: &mut State, fx: &mut Vec<Effect>) {
    match state.people.read_at {
        Some(at) if state.now.wall.since(at) < NEW => fx.push(Effect::LoadPeople),
        _ => read_now(state, fx),
    }
}

/// Reads the endpoint.
pub(super) fn read_now(state: &mut State, fx: &mut Vec<Effect>) {
    state.people.read_at = Some(state.now.wall);
    fx.push(Effect::ReadPeople);
}

/// The mirror has taken in what was decided: when the last decision has left, it is shown.
pub(super) fn kept(state: &State, fx: &mut Vec<Effect>) {
    let here = matches!(state.focus, Pane::Types | Pane::TypeTab | Pane::Workers);
    if here && state.outbox.unsent() == 0 {
        fx.push(Effect::LoadPeople);
    }
}

/// Takes the mirror's picture.
pub(super) fn receive(state: &mut State, mut known: Known) {
    if state.people.quals.system {
        known.types.extend(system_types(is_sandbox(&state.env.host)));
    }
    if state.people.known.as_ref() != Some(&known) {
        // The first picture is a part of opening the list.
        state.people.workers.in_motion |= state.people.known.is_none();
        state.people.known = Some(known);
        state.people.workers.made_of = None;
        let new = settle_blocks(state);
        if new && state.views.query.needs_blocks() {
            motion::rebuild(state, Fallback::Near);
        }
        state.touch();
    }
}

/// Puts the types of the system behind the others where they are to be shown, else takes them out.
pub(super) fn complete(state: &mut State) {
    let wanted = state.people.quals.system.then(|| system_types(is_sandbox(&state.env.host)));
    if let Some(known) = &mut state.people.known {
        known.types.retain(|kind| kind.own || SystemType::of(kind.it.id.as_str()).is_none());
        known.types.extend(wanted.into_iter().flatten());
    }
}

/// Lets the model know who is blocked. Says whether that is anything new.
pub(super) fn settle_blocks(state: &mut State) -> bool {
    let blocks = state.people.known.iter().flat_map(|known| known.blocks.keys().cloned()).collect();
    let new = state.model.set_blocks(blocks);
    if new {
        data::recount_tabs(state);
    }
    new
}

/// Asks who is blocked when a view or a rule wants to know and nobody has asked.
pub(super) fn ask_for_blocks(state: &mut State, fx: &mut Vec<Effect>) {
    if state.people.known.is_some() || state.people.blocks_asked || state.loading != Loading::Done {
        return;
    }
    let tabs = state.views.tabs.iter().filter_map(|tab| tab.parsed.as_ref());
    let rules = state.rules.iter().filter_map(|read| read.query.as_ref().ok());
    if tabs.chain(rules).chain([&state.views.query]).any(Query::needs_blocks) {
        state.people.blocks_asked = true;
        read(state, fx);
    }
}

/// What asks who is blocked has to wait until that is known.
pub(super) fn knows_blocks(state: &mut State, query: &Query, fx: &mut Vec<Effect>) -> Result<(), String> {
    if state.people.known.is_some() || !query.needs_blocks() {
        return Ok(());
    }
    state.people.blocks_asked = true;
    read(state, fx);
    Err("who is blocked is being read; try again in a moment".to_owned())
}

/// Asks what was paid; of these HITs at the endpoint. While an answer is awaited nothing more is asked but HITs.
pub(super) fn ask_for_money(state: &mut State, hits: Vec<HitId>, fx: &mut Vec<Effect>) {
    if state.people.money_asked.is_some() && hits.is_empty() {
        state.people.money_asked = Some(true);
        return;
    }
    state.people.money_asked = Some(false);
    fx.push(Effect::LoadMoney(hits));
}

/// Takes what was paid.
pub(super) fn receive_money(state: &mut State, mut money: Money, fx: &mut Vec<Effect>) {
    if money.read.all == 0 {
        // Nothing was asked of the endpoint this time.
        money.read = state.people.money.read;
    }
    if state.people.money_asked.take() == Some(true) {
        ask_for_money(state, Vec::new(), fx);
    }
    if state.people.money.open != money.open {
        // What became of a payment is on the page too.
        state.people.workers.asked = None;
    }
    if state.people.money != money {
        state.people.money = money;
        state.people.workers.made_of = None;
        workers_pay::told_again(state);
        state.touch();
    }
}

/// Moves the cursor of the list of workers, or of the page of one.
pub(super) fn step(state: &mut State, step: Step, page: usize) {
    if state.on_page() {
        return worker_page::step(state, step);
    }
    let count = state.people.workers.len();
    let spot = &mut state.people.workers.spot;
    spot.cursor = motion::target(step, spot.cursor, count, page);
}

/// Keeps the cursor in view.
pub(super) fn keep_in_view(state: &mut State, page: usize) {
    let spot = &mut state.people.workers.spot;
    motion::turn(&mut spot.offset, spot.cursor, page);
}
