//! The filter and the saved views. While the store looks texts up, the previous result stays.

use super::motion::{Fallback, begin, rebuild};
use super::{marks, people, rules, say};
use crate::app::effect::{Effect, TextTerm};
use crate::app::event::{Level, RequestId};
use crate::app::list::Scope;
use crate::app::state::State;
use crate::app::views::{Purpose, Waiting};
use crate::domain::key::AssignmentKey;
use crate::domain::query::{Found, Query, QueryError, parse};

/// Shows only the rows that fit a query. An error leaves the list as it is.
pub(super) fn set(state: &mut State, text: &str, fx: &mut Vec<Effect>) -> Result<(), QueryError> {
    let query = parse(text)?;
    text.trim().clone_into(&mut state.views.filter);
    if query.text_terms().is_empty() {
        state.views.waiting = None;
        put_in_force(state, query, Found::default());
    } else if query.text_terms() == state.views.query.text_terms() {
        state.views.waiting = None;
        let found = std::mem::take(&mut state.views.found);
        put_in_force(state, query, found);
    } else {
        look_up(state, query.text_terms().to_vec(), Purpose::Filter(query), fx);
    }
    Ok(())
}

fn put_in_force(state: &mut State, query: Query, found: Found) {
    begin(state, Some((query, found)), Fallback::Top);
    state.touch();
}

/// Asks the store for texts; a question that is still open is dropped.
pub(super) fn look_up(state: &mut State, terms: Vec<TextTerm>, purpose: Purpose, fx: &mut Vec<Effect>) {
    let request = state.request();
    fx.push(Effect::Find { request, terms });
    state.views.waiting = Some(Waiting { request, purpose });
    state.touch();
}

/// Looks the texts of the filter up again, after rows have come.
pub(super) fn look_up_again(state: &mut State, fx: &mut Vec<Effect>) {
    if !state.views.query.text_terms().is_empty() && state.views.waiting.is_none() {
        let query = state.views.query.clone();
        look_up(state, query.text_terms().to_vec(), Purpose::Filter(query), fx);
    }
}

/// Marks the shown rows that fit a query.
pub(super) fn mark(state: &mut State, text: &str, fx: &mut Vec<Effect>) -> Result<(), QueryError> {
    let query = parse(text)?;
    people::knows_blocks(state, &query, fx).map_err(|message| QueryError { column: 1, message })?;
    if query.text_terms().is_empty() {
        marks::by_query(state, &query, &Found::default());
    } else {
        look_up(state, query.text_terms().to_vec(), Purpose::Mark(query), fx);
    }
    Ok(())
}

/// What the store found. An answer to a question that is no longer asked is dropped.
pub(super) fn found(
    state: &mut State,
    request: RequestId,
    sets: Result<Vec<Vec<AssignmentKey>>, String>,
    fx: &mut Vec<Effect>,
) {
    let Some(waiting) = state.views.waiting.take_if(|waiting| waiting.request == request) else { return };
    let sets = match sets {
        Ok(sets) => sets,
        Err(reason) => return say(state, Level::Error, format!("the answers cannot be searched: {reason}")),
    };
    let found = Found::new(sets.iter().map(Vec::as_slice));
    match waiting.purpose {
        Purpose::Filter(query) => return put_in_force(state, query, found),
        Purpose::Mark(query) => marks::by_query(state, &query, &found),
        Purpose::Rule(at) => rules::found(state, at, &found, fx),
        Purpose::Rules => rules::counted(state, &sets),
    }
    // The lookup may have pushed one for the filter aside.
    if parse(&state.views.filter).is_ok_and(|query| query != state.views.query) {
        let text = state.views.filter.clone();
        if let Err(error) = set(state, &text, fx) {
            say(state, Level::Error, error.to_string());
        }
    }
}

/// Shows a saved view.
pub(super) fn show_view(state: &mut State, at: usize, fx: &mut Vec<Effect>) {
    let Some(tab) = state.views.tabs.get(at) else { return };
    let (name, query) = (tab.name.clone(), tab.query.clone());
    state.views.current = at;
    if let Err(error) = set(state, &query, fx) {
        say(state, Level::Error, format!("the view \"{name}\": {error}"));
    }
    state.touch();
}

/// Shows a part of the account.
pub(super) fn set_scope(state: &mut State, scope: Scope) {
    if state.list.scope != scope {
        state.list.scope = scope;
        rebuild(state, Fallback::Top);
    }
    state.touch();
}
