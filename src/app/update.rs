//! The only writer of the state: one event in, effects out. Pure: time comes with the event.

mod activity;
mod batches;
mod batches_act;
mod batches_anew;
mod batches_file;
mod bulk;
mod choose;
mod command;
mod copy;
mod data;
mod decide;
mod decide_many;
mod filter;
mod input;
mod leaving;
mod marks;
mod motion;
mod outbox;
mod overlay;
mod palette;
mod people;
mod prompt;
mod quals;
mod quals_edit;
mod quals_exclude;
mod quals_marks;
mod quals_require;
mod quals_scores;
mod quals_try;
mod requiring;
mod review_file;
mod rules;
mod viewer;
mod worker_page;
mod workers;
mod workers_act;
mod workers_pay;

use super::effect::Effect;
use super::event::{Event, Level};
use super::notice::Topic;
use super::state::State;
use crate::domain::time::Now;

/// Takes one event at one moment, and says what is to be done.
pub fn update(state: &mut State, now: Now, event: Event) -> Vec<Effect> {
    let mut effects = Vec::new();
    let fx = &mut effects;
    state.now = now;
    match event {
        Event::Read(keys) => {
            state.used = true;
            input::read(state, keys, fx);
        }
        Event::Paste(text) => input::paste(state, &text, fx),
        Event::Resize(columns, lines) => {
            state.size = if columns == 0 || lines == 0 { (80, 24) } else { (columns, lines) };
            fx.push(Effect::Repaint);
            state.touch();
        }
        Event::Wake => input::wake(state, fx),
        Event::Resumed => {
            fx.push(Effect::Repaint);
            state.touch();
        }
        Event::Opened { rows, outbox, total, undecided, as_of, balance } => {
            data::open(state, data::Opening { rows, outbox, total, undecided, as_of, balance });
        }
        Event::Loaded { rows, last } => data::load(state, rows, last, fx),
        Event::Refreshed { rows } => data::refresh(state, rows),
        Event::Sync(sync) => data::sync(state, sync, fx),
        Event::Balance(available, on_hold) => {
            if (state.balance, state.on_hold) != (Some(available), on_hold) {
                (state.balance, state.on_hold) = (Some(available), on_hold);
                state.touch();
            }
        }
        Event::Details(details) => viewer::receive(state, details),
        Event::Answers { request, details } => bulk::receive(state, request, details, fx),
        Event::Found { request, sets } => filter::found(state, request, sets, fx),
        Event::Reviewed { request, file } => review_file::loaded(state, request, file),
        Event::Outbox(entries) => outbox::receive(state, entries, fx),
        Event::Written { request, entries } => outbox::written(state, request, entries, fx),
        Event::NotPersisted { request, reason } => outbox::not_persisted(state, request, &reason),
        Event::Audit { request, rows } => activity::receive_audit(state, request, rows, fx),
        Event::People(known) => people::receive(state, *known),
        Event::PeopleKept => people::kept(state, fx),
        Event::Batches(known) => batches::receive(state, *known),
        Event::BatchChecked { request, found } => batches_file::checked(state, request, found, fx),
        Event::BatchStands { request, mark, newest } => batches_file::stands(state, request, (mark, newest), fx),
        Event::BatchPublishing { request, done, all } => batches_anew::progressed(state, request, done, all),
        Event::BatchPublished { request, ended } => batches_anew::ended(state, request, ended, fx),
        Event::Paths { typed, ways } => batches_file::completed(state, &typed, &ways),
        Event::History(worker, history) => worker_page::receive(state, worker, *history),
        Event::Money(money) => people::receive_money(state, *money, fx),
        Event::Pseudonyms(names) => workers::redact(state, Some(names)),
        Event::Edited { request, text } => {
            if !quals_edit::edited(state, request, &text) {
                copy::edited(state, request, text, fx);
            }
        }
        Event::TextRead { request, text } => {
            if !quals_scores::file_read(state, request, &text)
                && !requiring::file_read(state, request, &text)
                && !quals_exclude::file_read(state, request, &text)
            {
                quals_edit::file_read(state, request, text);
            }
        }
        Event::TextReplaced { path, done } => requiring::replaced(state, &path, done, fx),
        Event::Piped(Ok(text)) => say(state, Level::Info, text),
        Event::Piped(Err(text)) => say(state, Level::Error, text),
        Event::DecisionsWait(why) => {
            say_for_now(state, Level::Warning, Topic::Waiting, format!("decisions wait: {why}"));
        }
        Event::Notice { level, text } => say(state, level, text),
    }
    if state.deciding.is_some() && fx.iter().any(|effect| matches!(effect, Effect::Quit { .. })) {
        let mut before = Vec::new();
        decide_many::finish(state, &mut before);
        fx.splice(0..0, before);
    }
    state.model.settle();
    workers::settle(state, fx);
    batches::settle(state);
    people::ask_for_blocks(state, fx);
    motion::keep_in_view(state);
    viewer::ask_for_details(state, fx);
    effects
}

/// Tells the person something that is true only for a while.
fn say_for_now(state: &mut State, level: Level, topic: Topic, text: impl Into<String>) {
    state.notices.say_for_now(state.now.wall, level, topic, text);
    state.touch();
}

/// Tells the person something.
fn say(state: &mut State, level: Level, text: impl Into<String>) {
    state.notices.say(state.now.wall, level, text);
    state.touch();
}

#[cfg(test)]
mod tests;
