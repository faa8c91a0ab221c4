//! Rows from the store and from refreshes. What arrives in the background never moves what the person is looking at:
//! known rows change in place, new ones are announced and shown on demand.

use super::decide::reconcile;
use super::motion::{Fallback, rebuild};
use super::{filter, outbox, say, viewer};
use crate::app::arrange::{Asking, in_scope};
use crate::app::effect::Effect;
use crate::app::event::{Level, Rows, SyncState};
use crate::app::format;
use crate::app::model::Change;
use crate::app::outbox::Stage;
use crate::app::state::{Loading, State};
use crate::domain::decision::OutboxEntry;
use crate::domain::money::Usd;
use crate::domain::time::Millis;

/// While the account is read for the first time, so many rows are shown as they come; more wait for the end of the read.
const FIRST_SIGHT: usize = 200;

/// What the store says first.
pub(super) struct Opening {
    pub(super) rows: Rows,
    pub(super) outbox: Vec<OutboxEntry>,
    pub(super) total: u32,
    pub(super) undecided: u32,
    pub(super) as_of: Option<Millis>,
    pub(super) balance: Option<Usd>,
}

/// The first rows: the most urgent undecided work.
pub(super) fn open(state: &mut State, opening: Opening) {
    state.model.put(opening.rows);
    state.loading = Loading::Window { total: opening.total, undecided: opening.undecided };
    state.sync.as_of = opening.as_of;
    state.balance = opening.balance.or(state.balance);
    outbox::put_all(state, opening.outbox);
    state.model.settle();
    state.tree.rebuild(&state.model);
    rebuild(state, Fallback::Top);
    count_tabs(state);
    let staged = state.outbox.count(Stage::Staged);
    if staged > 0 {
        let staged = format::plural(staged, "decision");
        say(state, Level::Warning, format!("{staged} from before not sent yet: $ sends, 5 shows, u there takes back"));
    }
    state.touch();
}

/// More rows of the store. They are older than anything a refresh has brought.
pub(super) fn load(state: &mut State, rows: Rows, last: bool, fx: &mut Vec<Effect>) {
    let change = state.model.put_older(rows);
    for key in change.new {
        reconcile(state, key);
    }
    if last {
        state.loading = Loading::Done;
        merge(state, fx);
    }
}

/// Rows that a refresh brought.
pub(super) fn refresh(state: &mut State, rows: Rows) {
    let change = state.model.put(rows);
    if change.is_empty() {
        return;
    }
    for key in change.updated.iter().chain(&change.new) {
        reconcile(state, *key);
    }
    state.model.settle();
    let hits = change.updated.iter().chain(&change.new).filter_map(|key| Some(state.model.row(*key)?.hit)).collect();
    viewer::outdate(state, &hits);
    announce(state, &change);
    let first_read = state.sync.as_of.is_none() && state.list.rows < FIRST_SIGHT;
    if (state.list.rows == 0 || first_read) && !state.list.news.is_empty() {
        start_at_the_top(state);
        rebuild(state, Fallback::Top);
    }
    if state.tree.nodes.len() <= 1 {
        state.tree.rebuild(&state.model);
    }
    count_tabs(state);
    state.measured = None;
    state.touch();
}

/// As long as nobody has pressed a key the cursor belongs on the most urgent work, whatever came first.
fn start_at_the_top(state: &mut State) {
    if !state.used {
        state.list.cursor = None;
    }
}

/// Remembers new rows that the list would show. While the store is still being read nobody can say what is new.
fn announce(state: &mut State, change: &Change) {
    if state.loading != Loading::Done {
        return;
    }
    let asking = state.views.asking(&state.model, state.now.time, &state.env.user);
    let shown = |key: &_| {
        let row = state.model.row(*key)?;
        // Texts of new rows have not been looked up: better one too many announced than one lost.
        let fits = !state.views.query.text_terms().is_empty() || asking.fits(row);
        (fits && in_scope(&state.model, &state.list.scope, row)).then_some(*key)
    };
    let news: Vec<_> = change.new.iter().filter_map(shown).collect();
    state.list.news.extend(news);
}

/// Shows what has arrived: the list and the HIT list are made anew, cursor and page stay.
pub(super) fn merge(state: &mut State, fx: &mut Vec<Effect>) {
    state.tree.rebuild(&state.model);
    rebuild(state, Fallback::Near);
    recount_tabs(state);
    filter::look_up_again(state, fx);
    state.touch();
}

/// The built-in tabs, whose counts the model keeps.
fn count_tabs(state: &mut State) {
    let totals = state.model.totals();
    let (submitted, total) = match state.loading {
        Loading::Window { total, undecided } => (undecided, total),
        _ => (totals.submitted, totals.total()),
    };
    for (tab, count) in state.views.tabs.iter_mut().zip([submitted, total]) {
        tab.count = Some(count);
    }
}

/// The person's own tabs, which take a pass over all rows each: when rows have come or been merged, not in between.
fn recount_tabs(state: &mut State) {
    count_tabs(state);
    let nothing = crate::domain::query::Found::default();
    for at in 2..state.views.tabs.len() {
        let Some(query) = &state.views.tabs[at].parsed else { continue };
        if query.text_terms().is_empty() {
            let asking =
                Asking { model: &state.model, query, found: &nothing, now: state.now.time, me: &state.env.user };
            let count = state.model.rows().iter().filter(|row| asking.fits(row)).count();
            state.views.tabs[at].count = Some(count as u32);
        }
    }
}

/// Where a refresh stands. A background read that brings nothing new changes nothing on the screen within the minute.
///
/// When the account has been read for the first time, everything is shown: then nothing is news.
pub(super) fn sync(state: &mut State, sync: SyncState, fx: &mut Vec<Effect>) {
    if state.sync.as_of.is_none() && matches!(sync, SyncState::Fresh(_)) && !state.list.news.is_empty() {
        start_at_the_top(state);
        merge(state, fx);
    }
    let minute = |at: Option<Millis>| at.map(|at| at.0.div_euclid(60_000));
    let before = (minute(state.sync.as_of), state.sync.stale_since);
    let first = state.sync.state.is_none();
    match &sync {
        SyncState::Running { .. } => {}
        SyncState::Fresh(at) => {
            state.sync.as_of = Some(*at);
            state.sync.stale_since = None;
        }
        SyncState::Failed { reason, .. } => {
            if state.sync.stale_since.is_none() {
                state.sync.stale_since = Some(state.sync.as_of.unwrap_or(state.now.wall));
                let text = format!("the endpoint cannot be read: {reason}");
                say(state, Level::Error, text);
            }
        }
    }
    state.sync.state = Some(sync);
    if first || before != (minute(state.sync.as_of), state.sync.stale_since) {
        state.touch();
    }
}
