//! The Activity screen.

use super::motion::{self, Step};
use crate::app::activity::ActivityTab;
use crate::app::effect::Effect;
use crate::app::event::{AuditRow, RequestId};
use crate::app::layout::{Pane, Screen};
use crate::app::state::State;

/// Lines of the audit trail that are read at once.
const AUDIT_LINES: u32 = 1_000;

fn count(state: &State) -> usize {
    match state.activity.tab.stage() {
        // Those being written down have no line yet.
        Some(stage) => state.outbox.lines(stage),
        None => state.activity.audit.as_ref().map_or(0, Vec::len),
    }
}

/// Shows the screen.
pub(super) fn open(state: &mut State, fx: &mut Vec<Effect>) {
    state.screen = Screen::Activity;
    state.focus = Pane::Activity;
    let has = |tab: &ActivityTab| tab.stage().is_some_and(|stage| state.outbox.lines(stage) > 0);
    // The tab that was left, unless it is empty and another one is not.
    if !has(&state.activity.tab) && state.activity.tab != ActivityTab::Audit {
        let tab = ActivityTab::ALL.into_iter().find(has).unwrap_or(state.activity.tab);
        show_tab(state, tab, fx);
    }
    keep_cursor(state);
}

/// Shows the next tab, or the previous one.
pub(super) fn turn_tab(state: &mut State, by: isize, fx: &mut Vec<Effect>) {
    let all = ActivityTab::ALL;
    let at = all.iter().position(|tab| *tab == state.activity.tab).unwrap_or(0) as isize;
    let next = (at + by).rem_euclid(all.len() as isize) as usize;
    show_tab(state, all[next], fx);
}

fn show_tab(state: &mut State, tab: ActivityTab, fx: &mut Vec<Effect>) {
    state.activity.tab = tab;
    (state.activity.cursor, state.activity.offset, state.activity.on) = (0, 0, None);
    if tab == ActivityTab::Audit {
        load_audit(state, fx);
    }
    remember(state);
}

/// Reads the audit trail again.
pub(super) fn load_audit(state: &mut State, fx: &mut Vec<Effect>) {
    let request = state.request();
    (state.activity.waiting, state.activity.outdated) = (Some(request), false);
    fx.push(Effect::LoadAudit { request, subject: None, limit: AUDIT_LINES });
}

/// Something has happened that is in the audit trail: whoever looks at it sees it. One question at a time.
pub(super) fn audit_goes_on(state: &mut State, fx: &mut Vec<Effect>) {
    if state.screen != Screen::Activity || state.activity.tab != ActivityTab::Audit {
    } else if state.activity.waiting.is_some() {
        state.activity.outdated = true;
    } else {
        load_audit(state, fx);
    }
}

/// Lines of the audit trail; an answer to an older question is dropped. On the newest line the cursor follows what comes;
/// elsewhere it stays on its line, and the page with it.
pub(super) fn receive_audit(state: &mut State, request: RequestId, rows: Vec<AuditRow>, fx: &mut Vec<Effect>) {
    if state.activity.waiting.take_if(|waiting| *waiting == request).is_none() {
        return;
    }
    let activity = &mut state.activity;
    if activity.audit.as_ref() != Some(&rows) {
        let on = activity.audit.as_ref().and_then(|before| before.get(activity.cursor)).map(|row| row.id);
        if let Some(now) = rows.iter().position(|row| Some(row.id) == on).filter(|_| activity.cursor > 0) {
            activity.offset += now.saturating_sub(activity.cursor);
            activity.cursor = now;
        }
        activity.audit = Some(rows);
        state.touch();
    }
    keep_cursor(state);
    if state.activity.outdated {
        audit_goes_on(state, fx);
    }
}

/// Moves the cursor.
pub(super) fn step(state: &mut State, step: Step, page: usize) {
    state.activity.cursor = motion::target(step, state.activity.cursor, count(state), page);
    remember(state);
}

fn remember(state: &mut State) {
    state.activity.on = state.selected_entry().map(|entry| entry.id);
}

/// The cursor stays on its decision while others come and go; when its own has gone, on its line.
pub(super) fn keep_cursor(state: &mut State) {
    if state.screen != Screen::Activity {
        return;
    }
    let found = match (state.activity.on, state.activity.tab.stage()) {
        (Some(on), Some(stage)) => state.outbox.at(stage).position(|entry| entry.id == on),
        _ => None,
    };
    state.activity.cursor = found.unwrap_or(state.activity.cursor).min(count(state).saturating_sub(1));
    remember(state);
}

/// Goes from a decision to its assignment in the list.
pub(super) fn go_to_assignment(state: &mut State, fx: &mut Vec<Effect>) -> Option<bool> {
    let key = state.selected_entry()?.assignment?;
    state.screen = Screen::Review;
    state.focus = Pane::List;
    if motion::go_to(state, key) {
        return Some(true);
    }
    // Not in the list as it is: all work, no filter.
    super::filter::set_scope(state, crate::app::list::Scope::All);
    super::filter::show_view(state, 1, fx);
    Some(motion::go_to(state, key))
}
