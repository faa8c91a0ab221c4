//! The Workers and Qualifications screens.

use super::motion::{self, Step};
use crate::app::effect::Effect;
use crate::app::layout::{Pane, Screen};
use crate::app::people::Known;
use crate::app::state::State;

/// Shows the Workers screen.
pub(super) fn open_workers(state: &mut State, fx: &mut Vec<Effect>) {
    (state.screen, state.focus) = (Screen::Workers, Pane::Workers);
    state.people.workers.made_of = None;
    state.people.workers.in_motion = true;
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
        // The first picture is a part of opening the list.
        state.people.workers.in_motion |= state.people.known.is_none();
        state.people.known = Some(known);
        state.people.workers.made_of = None;
        state.touch();
    }
}

/// Moves the cursor of the list of workers.
pub(super) fn step(state: &mut State, step: Step, page: usize) {
    let count = state.people.workers.len();
    let spot = &mut state.people.workers.spot;
    spot.cursor = motion::target(step, spot.cursor, count, page);
}

/// Keeps the cursor in view.
pub(super) fn keep_in_view(state: &mut State, page: usize) {
    let spot = &mut state.people.workers.spot;
    motion::turn(&mut spot.offset, spot.cursor, page);
}
