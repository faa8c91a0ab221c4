//! Reading many assignments whole before something is done with them.

use super::{copy, decide, prompt, rules, say, say_for_now};
use crate::app::bulk::{Bulk, MOST, Then};
use crate::app::decide::{Act, Targets, text_of};
use crate::app::detail::Detail;
use crate::app::effect::Effect;
use crate::app::event::{Level, RequestId};
use crate::app::format;
use crate::app::notice::Topic;
use crate::app::state::State;
use crate::app::template;
use crate::domain::key::AssignmentKey;
use std::sync::Arc;

/// The targets of an act that have to be loaded before its text can be filled in, or before the worker's answer to the rejection
/// that it reverses can be shown. Very many are reversed unread: the question about them says how many there are.
pub(super) fn missing_for(state: &State, act: &Act, targets: &Targets) -> Vec<AssignmentKey> {
    let reverses = matches!(act, Act::Override) && targets.keys.len() <= MOST;
    if reverses || template::needs_detail(text_of(act)) { missing(state, targets) } else { Vec::new() }
}

/// The targets that are not loaded as they are now.
pub(super) fn missing(state: &State, targets: &Targets) -> Vec<AssignmentKey> {
    let loaded = |key: &AssignmentKey| state.details.contains_key(key) && !state.outdated.contains(key);
    targets.keys.iter().filter(|key| !loaded(key)).copied().collect()
}

/// Reads what is missing; what was wanted is done when it is there.
pub(super) fn read_first(
    state: &mut State,
    then: Then,
    missing: Vec<AssignmentKey>,
    fx: &mut Vec<Effect>,
) -> Result<(), String> {
    if missing.len() > MOST {
        let (count, most) = (format::count(missing.len()), format::count(MOST));
        return Err(format!(
            "this needs {count} answers that are not loaded; at most {most} are read at once: mark fewer"
        ));
    }
    if state.bulk.is_some() {
        return Err("answers are being read for what was asked before; try again in a moment".to_owned());
    }
    let text = format!("reading {}", format::plural(missing.len(), "answer"));
    say_for_now(state, Level::Info, Topic::Reading, text);
    let request = state.request();
    state.bulk = Some(Bulk { request, then });
    fx.push(Effect::LoadAnswers { request, keys: missing });
    Ok(())
}

/// The answers are there, or will not come.
pub(super) fn receive(
    state: &mut State,
    request: RequestId,
    details: Result<Vec<Detail>, String>,
    fx: &mut Vec<Effect>,
) {
    let Some(Bulk { then, .. }) = state.bulk.take_if(|bulk| bulk.request == request) else { return };
    if state.notices.topic() == Some(Topic::Reading) {
        state.notices.clear();
    }
    let details = match details {
        Ok(details) => details,
        Err(reason) => return say(state, Level::Error, format!("nothing was done: {reason}")),
    };
    if state.overlay.is_some() {
        let text = "nothing was done: the answers came while something else was open; do it again";
        return say(state, Level::Warning, text);
    }
    // They lie beside the loaded ones only as long as they are needed: they lack the other workers' answers.
    let wanted: Vec<_> = details.iter().map(|detail| detail.key).collect();
    let before: Vec<_> = wanted.iter().map(|key| (*key, state.details.remove(key))).collect();
    let outdated: Vec<_> = wanted.iter().filter(|key| state.outdated.remove(key)).copied().collect();
    state.details.extend(details.into_iter().map(|detail| (detail.key, Arc::new(detail))));
    let gone = missing(state, then.targets()).len();
    if gone == 0 {
        go_on(state, then, fx);
    } else {
        let text = format!("nothing was done: {} cannot be read", format::plural(gone, "answer"));
        say(state, Level::Warning, text);
    }
    for (key, detail) in before {
        match detail {
            Some(detail) => state.details.insert(key, detail),
            None => state.details.remove(&key),
        };
    }
    state.outdated.extend(outdated);
    state.touch();
}

fn go_on(state: &mut State, then: Then, fx: &mut Vec<Effect>) {
    let done = match then {
        Then::Decide(act, targets) => {
            let done = decide::decide(state, act.clone(), targets.clone(), fx);
            // The text is not lost: it comes back with what is wrong with it.
            return if let Err(message) = done {
                prompt::again(state, act, targets, message)
            };
        }
        Then::Rule(at, act, targets) => rules::propose_all(state, at, act, targets),
        Then::Pipe(command, targets) => copy::pipe(state, command, &targets, fx),
    };
    if let Err(message) = done {
        say(state, Level::Error, message);
    }
}
