//! Keys: overlays first, then the keymap; pastes and bursts are stopped and asked about.

use super::decide::ask;
use super::{batches, batches_file, command, data, decide_many, motion, overlay, say};
use crate::app::clock;
use crate::app::command::Danger;
use crate::app::effect::Effect;
use crate::app::event::Level;
use crate::app::format;
use crate::app::guard::{PASTE_KEYS, PASTE_SILENCE};
use crate::app::key::{Code, Key};
use crate::app::overlay::{Answer, AskKind};
use crate::app::state::State;

/// The keys of one read.
pub(super) fn read(state: &mut State, keys: Vec<Key>, fx: &mut Vec<Effect>) {
    state.guard.in_read = 0;
    if !state.guard.held.is_empty() {
        state.guard.held.extend(keys);
        state.guard.held_at = state.now.wall;
        return;
    }
    if keys.len() > PASTE_KEYS && !is_harmless(state, &keys) {
        match &state.overlay {
            Some(over) if overlay::takes_text(over) => {
                let text: String = keys.iter().filter_map(|key| character(*key)).collect();
                let taken = text.chars().count();
                overlay::insert(state, &text, fx);
                if taken < keys.len() {
                    say(state, Level::Info, "what looks like a paste was put in as text only; go on with Enter");
                }
                state.touch();
            }
            Some(_) => {
                let count = format::plural(keys.len(), "key");
                say(state, Level::Warning, format!("{count} at once look like a paste and were ignored"));
            }
            None => {
                state.guard.held = keys;
                state.guard.held_at = state.now.wall;
            }
        }
        return;
    }
    run(state, keys, fx);
}

/// The character that a key types.
pub(super) fn character(key: Key) -> Option<char> {
    match key {
        Key { code: Code::Char(c), ctrl: false, alt: false } => Some(c),
        _ => None,
    }
}

/// One key held down, as long as it decides nothing.
fn is_harmless(state: &State, keys: &[Key]) -> bool {
    let same = keys.windows(2).all(|pair| pair[0] == pair[1]);
    let decides = |key: &Key| state.keymap.command(state.focus, *key).is_some_and(|id| id.spec().is_deciding());
    same && (state.overlay.is_some() || !keys.iter().any(decides))
}

/// Runs keys one by one; a burst of decisions stops them.
pub(super) fn run(state: &mut State, keys: Vec<Key>, fx: &mut Vec<Effect>) {
    let mut rest = keys.into_iter();
    while let Some(key) = rest.next() {
        if bursts(state, key) {
            let held: Vec<Key> = std::iter::once(key).chain(rest).collect();
            return ask_about_burst(state, held);
        }
        press(state, key, fx);
    }
}

fn press(state: &mut State, key: Key, fx: &mut Vec<Effect>) {
    state.touch();
    if state.layout().too_small {
        if character(key).is_some_and(|c| c.eq_ignore_ascii_case(&'q')) {
            fx.push(Effect::Quit { send: false });
        }
    } else if state.overlay.is_some() {
        overlay::press(state, key, fx);
    } else if let Some(id) = state.keymap.command(state.focus, key) {
        state.notices.clear();
        command::dispatch(state, id, "", fx);
    }
}

/// Whether a key would make one decision too many in too short a time.
fn bursts(state: &State, key: Key) -> bool {
    let decides = match &state.overlay {
        Some(over) => overlay::would_decide(over, key),
        None => {
            let id = state.keymap.command(state.focus, key);
            id.is_some_and(|id| matches!(id.spec().danger, Danger::Decides))
        }
    };
    decides && state.guard.is_burst(state.now.wall, state.options.burst_count, state.options.burst_window)
}

fn ask_about_burst(state: &mut State, held: Vec<Key>) {
    let count = state.options.burst_count;
    let lines = vec![
        format!("More than {count} decisions came within {} ms.", state.options.burst_window),
        format!("{} wait. What was decided so far is staged; u takes it back.", format::plural(held.len(), "key")),
    ];
    let answers = vec![Answer { key: 'y', label: "they were meant: go on" }, Answer { key: 'n', label: "drop them" }];
    ask(state, AskKind::Burst(held), "So many decisions at once?".to_owned(), lines, answers);
}

/// A bracketed paste: text for a text field, nothing anywhere else.
pub(super) fn paste(state: &mut State, text: &str, fx: &mut Vec<Effect>) {
    match &state.overlay {
        Some(over) if overlay::takes_text(over) => {
            let clean: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
            let clean: String = clean.chars().filter(|c| !c.is_control()).collect();
            overlay::insert(state, clean.trim_end(), fx);
            state.touch();
        }
        _ => {
            let count = format::count(text.chars().count());
            say(
                state,
                Level::Warning,
                format!("a paste of {count} characters was ignored: there is no text field here"),
            );
        }
    }
}

/// The moment that the state asked for has come.
pub(super) fn wake(state: &mut State, fx: &mut Vec<Effect>) {
    if !state.guard.held.is_empty() && state.now.wall.since(state.guard.held_at) >= PASTE_SILENCE {
        let held = std::mem::take(&mut state.guard.held);
        ask_about_paste(state, held);
    }
    overlay::apply_typed(state, fx);
    batches_file::look(state, fx);
    if state.deciding.is_some() {
        decide_many::go_on(state, fx);
    } else if state.views.arranging.is_some() {
        motion::go_on(state);
    } else if state.batches.is_working() {
        batches::go_on(state);
    } else {
        data::count_on(state);
    }
    if clock::face(state, state.drawn) != clock::face(state, state.now) {
        state.touch();
    }
}

fn ask_about_paste(state: &mut State, held: Vec<Key>) {
    let shown: String = held.iter().take(40).map(Key::to_string).collect();
    let more = if held.len() > 40 { " ..." } else { "" };
    let lines = vec![format!("{} came at once: {shown}{more}", format::plural(held.len(), "key"))];
    let answers = vec![Answer { key: 'y', label: "run them as keys" }, Answer { key: 'n', label: "drop them" }];
    ask(state, AskKind::Paste(held), "This looks like a paste".to_owned(), lines, answers);
}
