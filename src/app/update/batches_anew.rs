//! Publishing on the Batches screen, as far as it is the same for a batch file and for HITs that are published anew: how far
//! it is, that it is stopped, how it ended.

use super::batches_act::on;
use super::decide::{ask, real_money};
use super::{batches_file, prompt, say};
use crate::app::batches::act::{self, On};
use crate::app::batches::anew::plan;
use crate::app::batches::line::{End, Line};
use crate::app::batches::{AnewAsk, Ended, Running};
use crate::app::effect::Effect;
use crate::app::event::{Level, RequestId};
use crate::app::format;
use crate::app::overlay::{Answer, AskKind, PromptKind};
use crate::app::state::State;
use crate::domain::span;
use crate::domain::time::Seconds;

/// Asks how long the new HITs are open; `argument` comes from the palette.
pub(super) fn begin(state: &mut State, argument: &str) -> Result<(), String> {
    free(state)?;
    let on = on(state)?;
    if !argument.is_empty() {
        return enter(state, &on, argument);
    }
    if plan(state, &on).hits.is_empty() {
        return ask_about(state, &on, Seconds::DAY);
    }
    let usual = span::words(act::usual_time(state, &on).0 * 1_000);
    let label = format!("publish anew what is lacking in {}; open for", on.words());
    prompt::open(state, PromptKind::Batches(Line::Anew(on)), label, &usual, Vec::new());
    Ok(())
}

/// The time is typed.
pub(super) fn enter(state: &mut State, on: &On, text: &str) -> Result<(), String> {
    let now = state.now.time;
    let open = End::parse(text, state.options.zone)?.of(now, now) - now;
    ask_about(state, on, open)
}

fn ask_about(state: &mut State, on: &On, open: Seconds) -> Result<(), String> {
    let plan = plan(state, on);
    if plan.hits.is_empty() {
        return Err(format!("nothing to do: {}", plan.proposal.refusals().unwrap_or_default()));
    }
    crate::domain::policy::may_open(open).map_err(|refusal| refusal.to_string())?;
    let mut lines = plan.notes(state, open);
    lines.extend(real_money(state));
    let answers = vec![Answer { key: 'y', label: "publish" }, Answer { key: 'n', label: "publish nothing" }];
    let title = format!("{}?", plan.words(on));
    let of = on.name.clone().unwrap_or_else(|| "marked HITs".to_owned());
    ask(state, AskKind::Anew(AnewAsk { of, hits: plan.hits, open }), title, lines, answers);
    Ok(())
}

/// The person has agreed.
pub(super) fn publish(state: &mut State, agreed: AnewAsk, fx: &mut Vec<Effect>) {
    if let Err(why) = free(state) {
        return say(state, Level::Warning, format!("nothing is published: {why}"));
    }
    let AnewAsk { of, hits, open } = agreed;
    let (request, all) = (state.request(), hits.len());
    state.batches.running =
        Some(Running { request, what: format!("{of}, anew"), key: "A", done: 0, all, stopping: false });
    fx.push(Effect::PublishAnew { request, hits, open });
    state.batches.unmark();
    state.touch();
}

/// Whether something can be published now: one thing at a time.
pub(super) fn free(state: &State) -> Result<(), String> {
    match &state.batches.running {
        None => Ok(()),
        Some(running) => Err(format!("{} is being published: X stops that", running.what)),
    }
}

/// Stops what is being published: what has begun comes to its end.
pub(super) fn stop(state: &mut State, fx: &mut Vec<Effect>) -> Result<(), String> {
    let Some(running) = state.batches.running.as_mut() else { return Err("nothing is being published".to_owned()) };
    running.stopping = true;
    let words = format!("stopping: what has begun is finished; {} goes on", running.key);
    fx.push(Effect::StopPublishing);
    say(state, Level::Info, words);
    Ok(())
}

/// How far it is.
pub(super) fn progressed(state: &mut State, request: RequestId, done: usize, all: usize) {
    let Some(running) = state.batches.running.as_mut().filter(|running| running.request == request) else { return };
    if (running.done, running.all) != (done, all) {
        (running.done, running.all) = (done, all);
        state.touch();
    }
}

/// It has ended: what is there now is read.
pub(super) fn ended(state: &mut State, request: RequestId, ended: Result<Ended, String>, fx: &mut Vec<Effect>) {
    let running = state.batches.running.take_if(|running| running.request == request);
    let key = running.as_ref().map_or("p", |running| running.key);
    let words = match &ended {
        Ok(ended) => {
            let left = match ended.left {
                0 => String::new(),
                left => format!(", {} not: {key} goes on", format::count(left)),
            };
            let refused = match ended.refused.len() {
                0 => String::new(),
                count => format!(", {} refused", format::plural(count, "row")),
            };
            format!("{} published{left}{refused}", format::plural(ended.made, "HIT"))
        }
        Err(why) => format!("nothing was published: {why}"),
    };
    let whole = ended.as_ref().is_ok_and(|ended| ended.left == 0 && ended.refused.is_empty());
    let stopped = running.is_some_and(|running| running.stopping);
    let level = if whole {
        Level::Info
    } else if stopped && ended.is_ok() {
        Level::Warning
    } else {
        Level::Error
    };
    say(state, level, words);
    batches_file::ended(state, request, ended, fx);
    fx.extend([Effect::LoadBatches, Effect::Refresh]);
}
