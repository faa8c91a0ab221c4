//! Rows from the store and from refreshes. What arrives in the background never moves what the person is looking at:
//! known rows change in place, new ones are announced and shown on demand.

use super::decide::reconcile;
use super::motion::{self, Fallback, rebuild};
use super::{activity, filter, outbox, say, say_for_now, viewer};
use crate::app::arrange::{Asking, in_scope};
use crate::app::effect::Effect;
use crate::app::event::{Level, Rows, SyncState};
use crate::app::format;
use crate::app::model::Change;
use crate::app::notice::Topic;
use crate::app::outbox::Stage;
use crate::app::state::{Loading, State};
use crate::app::views::Counting;
use crate::domain::decision::OutboxEntry;
use crate::domain::money::Usd;
use crate::domain::time::Millis;

/// While the account is read for the first time, so many rows are shown as they come; more wait for the end of the read.
const FIRST_SIGHT: usize = 200;
/// The tabs whose counts the model keeps: undecided and all.
const BUILT_IN: usize = 2;
/// Rows that are looked at in one step of counting.
const COUNTED: usize = 50_000;
/// Room is made at once for at most so many rows, whatever the store says.
const MOST_RESERVED: usize = 4 << 20;

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
    state.model.reserve((opening.total as usize).min(MOST_RESERVED));
    state.sync.as_of = opening.as_of;
    // An account made of files has no money.
    state.balance = opening.balance.filter(|_| !state.env.is_offline()).or(state.balance);
    outbox::put_all(state, opening.outbox);
    state.model.settle();
    state.tree.rebuild(&state.model);
    rebuild(state, Fallback::Top);
    count_tabs(state);
    let staged = state.outbox.count(Stage::Staged);
    if staged > 0 {
        let staged = format::plural(staged, "decision");
        let text = match state.env.is_offline() {
            true => format!("{staged} from before: an export has them as marks; 5 shows them"),
            false => format!("{staged} from before not sent yet: $ sends, 5 shows, u there takes back"),
        };
        say_for_now(state, Level::Warning, Topic::Before, text);
    }
    state.touch();
}

/// More rows of the store. They are older than anything a refresh has brought.
pub(super) fn load(state: &mut State, rows: Rows, last: bool, fx: &mut Vec<Effect>) {
    let change = state.model.put_older(rows);
    if state.outbox.has_live() {
        for key in change.new {
            reconcile(state, key);
        }
    }
    if last {
        state.loading = Loading::Done;
        merge(state, fx);
    }
}

/// Rows that a refresh brought.
pub(super) fn refresh(state: &mut State, rows: Rows) {
    // A row that looks as before can have changed where rows show nothing: a worker's answer to a rejection is in the feedback.
    let read_again = rows.assignments.iter().filter(|row| state.details.contains_key(&row.key)).map(|row| row.hit);
    let read_again = read_again.collect();
    let change = state.model.put(rows);
    viewer::outdate(state, &read_again);
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

/// The person's own tabs take a pass over all rows each: after rows have come or changed; of very many rows step by step.
pub(super) fn recount_tabs(state: &mut State) {
    count_tabs(state);
    let model = state.model.version();
    if state.views.tabs.len() > BUILT_IN && state.views.counted != model {
        state.views.counted = model;
        state.views.counting = Some(Counting { tab: BUILT_IN, at: 0, count: 0 });
        while state.model.rows().len() <= motion::AT_ONCE && state.views.counting.is_some() {
            count_on(state);
        }
    }
}

/// The next step of counting what fits the person's own tabs.
pub(super) fn count_on(state: &mut State) {
    let Some(Counting { tab, at, mut count }) = state.views.counting.take() else { return };
    let Some(view) = state.views.tabs.get(tab) else { return };
    let rows = state.model.rows();
    let Some(query) = view.parsed.as_ref().filter(|query| query.text_terms().is_empty()) else {
        state.views.counting = Some(Counting { tab: tab + 1, at: 0, count: 0 });
        return;
    };
    let nothing = crate::domain::query::Found::default();
    let asking = Asking { model: &state.model, query, found: &nothing, now: state.now.time, me: &state.env.user };
    let to = (at + COUNTED).min(rows.len());
    count += rows[at.min(to)..to].iter().filter(|row| asking.fits(row)).count() as u32;
    state.views.counting = Some(if to < rows.len() {
        Counting { tab, at: to, count }
    } else {
        if state.views.tabs[tab].count.replace(count) != Some(count) {
            state.touch();
        }
        Counting { tab: tab + 1, at: 0, count: 0 }
    });
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
            if state.notices.topic() == Some(Topic::Endpoint) {
                say(state, Level::Info, "the endpoint answers again");
            }
            recount_tabs(state);
            // Another program on this store may have decided something.
            activity::audit_goes_on(state, fx);
        }
        SyncState::Failed { reason, .. } => {
            if state.sync.stale_since.is_none() {
                state.sync.stale_since = Some(state.sync.as_of.unwrap_or(state.now.wall));
                let text = format!("the endpoint cannot be read: {reason}");
                say_for_now(state, Level::Error, Topic::Endpoint, text);
            }
        }
    }
    state.sync.state = Some(sync);
    if first || before != (minute(state.sync.as_of), state.sync.stale_since) {
        state.touch();
    }
}
