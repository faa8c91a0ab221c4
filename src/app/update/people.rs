//! The Workers and Qualifications screens.

use super::motion::{self, Step};
use crate::app::effect::Effect;
use crate::app::layout::{Pane, Screen};
use crate::app::people::{Known, Spot};
use crate::app::state::State;

/// Shows the Workers screen.
pub(super) fn open_workers(state: &mut State, fx: &mut Vec<Effect>) {
    (state.screen, state.focus) = (Screen::Workers, Pane::Workers);
    arrange(state);
    fx.push(Effect::LoadPeople);
}

/// Shows the Qualifications screen.
pub(super) fn open_qualifications(state: &mut State, fx: &mut Vec<Effect>) {
    (state.screen, state.focus) = (Screen::Qualifications, Pane::Types);
    fx.push(Effect::LoadPeople);
}

/// Takes the mirror's picture.
pub(super) fn receive(state: &mut State, known: Known) {
    if state.people.known.as_ref() != Some(&known) {
        state.people.known = Some(known);
        arrange(state);
        state.touch();
    }
}

/// The lines of the Workers screen: those who did most come first.
fn arrange(state: &mut State) {
    let mut keys: Vec<_> = state.model.workers().iter().map(|worker| worker.key).collect();
    keys.sort_by_key(|key| (std::cmp::Reverse(state.model.record(*key).counts.total()), *key));
    let under = state.people.workers.get(state.people.worker.cursor).copied();
    let at = under.and_then(|under| keys.iter().position(|key| *key == under));
    state.people.worker.cursor = at.unwrap_or(state.people.worker.cursor).min(keys.len().saturating_sub(1));
    state.people.workers = keys;
}

/// Moves the cursor of the focused list.
pub(super) fn step(state: &mut State, step: Step, page: usize) {
    let workers = state.focus == Pane::Workers;
    let count = if workers { state.people.workers.len() } else { types(state) };
    let spot = if workers { &mut state.people.worker } else { &mut state.people.kind };
    spot.cursor = motion::target(step, spot.cursor, count, page);
}

/// Keeps the cursors in view.
pub(super) fn keep_in_view(state: &mut State, workers: usize, kinds: usize) {
    let kept = |spot: &mut Spot, page: usize| motion::turn(&mut spot.offset, spot.cursor, page);
    kept(&mut state.people.worker, workers);
    kept(&mut state.people.kind, kinds);
}

fn types(state: &State) -> usize {
    state.people.known.as_ref().map_or(0, |known| known.types.len())
}
