//! Actions on HITs: a line to type where something has to be known, then a question that says what it costs and what is left
//! out, then the outbox.

use super::decide::{ask, real_money};
use super::decide_many::AT_ONCE;
use super::{batches, batches_anew, batches_file, prompt, requiring, say};
use crate::app::batches::act::{self, HitAct, On, Outcome, propose};
use crate::app::batches::line::{End, Line};
use crate::app::command::CommandId;
use crate::app::effect::Effect;
use crate::app::event::Level;
use crate::app::format;
use crate::app::layout::Pane;
use crate::app::overlay::{Answer, AskKind, Overlay, Prompt, PromptKind};
use crate::app::state::State;
use crate::app::tree::Node;
use crate::domain::hit::HitStatus;
use crate::domain::money::Usd;
use crate::domain::span;
use tui_input::Input;

/// So many types are named under the line that asks for one.
const TYPES: usize = 6;

/// The HITs that an action is for: on the Batches screen, or in Review's HIT list.
pub(super) fn on(state: &mut State) -> Result<On, String> {
    batches::end_range(state);
    let on = match state.focus {
        Pane::Hits => on_tree(state),
        _ => state.hits_here(),
    };
    match on.keys.len() {
        0 => Err("there is no HIT here".to_owned()),
        count if count > AT_ONCE => {
            let most = format::count(AT_ONCE);
            Err(format!(
                "{} at once are too many: at most {most}; choose on the HITs tab",
                format::plural(count, "HIT")
            ))
        }
        _ => Ok(on),
    }
}

fn on_tree(state: &State) -> On {
    match state.tree.nodes.get(state.tree.cursor) {
        Some(Node::Hit(key)) => On { keys: vec![*key], ..On::default() },
        Some(Node::Batch(at)) => {
            let batch = &state.model.batches()[*at];
            On { keys: batch.hits.clone(), marked: false, name: Some(act::called(&batch.name)) }
        }
        Some(Node::All) | None => On::default(),
    }
}

/// Begins an action that has a line, or asks at once; `argument` comes from the palette.
pub(super) fn begin(state: &mut State, id: CommandId, argument: &str, fx: &mut Vec<Effect>) -> Result<(), String> {
    let on = on(state)?;
    let of = on.words();
    let (line, label, text, hints) = match id {
        CommandId::Extend => {
            let hint = "how much longer: 2h, 1d12h; or until when: 2026-12-01 14:30".to_owned();
            (Line::Extend(on), format!("extend {of}, by"), String::new(), vec![hint])
        }
        CommandId::AddAssignments => {
            (Line::Add(on), format!("add assignments to {of}, to each"), String::new(), Vec::new())
        }
        CommandId::TopUp | CommandId::Republish => {
            let only_rejected = id == CommandId::Republish;
            let usual = act::usual_time(state, &on);
            let needs_time = on
                .keys
                .iter()
                .filter_map(|key| state.model.hit(*key))
                .any(|hit| act::needs(state, hit, only_rejected).is_ok_and(|it| it.extend));
            if !needs_time {
                return ask_about(state, &on, &HitAct::TopUp { only_rejected, open: usual });
            }
            let label = format!("open those that are over again, of {of}, for");
            (Line::TopUp(on, only_rejected), label, span::words(usual.0 * 1_000), Vec::new())
        }
        CommandId::Retype => {
            (Line::Retype(on), format!("change the type of {of}, to"), String::new(), type_hints(state))
        }
        _ => {
            let waits = |status: HitStatus| move |hit: &crate::domain::row::HitRow| hit.status == status;
            let mut hits = on.keys.iter().filter_map(|key| state.model.hit(*key));
            let off = !hits.clone().any(waits(HitStatus::Reviewable)) && hits.any(waits(HitStatus::Reviewing));
            return ask_about(state, &on, &HitAct::Reviewing(!off));
        }
    };
    if argument.is_empty() {
        prompt::open(state, PromptKind::Batches(line), label, &text, hints);
        return Ok(());
    }
    enter(state, line, argument, fx)
}

fn type_hints(state: &State) -> Vec<String> {
    let types = act::types(state);
    let line = |hit: &&crate::domain::row::HitRow| format!("{}  {}  {}", hit.type_id, hit.reward.display(), hit.title);
    let mut hints: Vec<String> = types.iter().take(TYPES).map(line).collect();
    if types.len() > TYPES {
        hints.push(format!("and {} more: a batch's name stands for its type too", types.len() - TYPES));
    }
    hints
}

/// The line is typed. An error is about it, and brings it back.
pub(super) fn enter(state: &mut State, line: Line, text: &str, fx: &mut Vec<Effect>) -> Result<(), String> {
    let text = text.trim();
    match line {
        Line::Open => batches_file::read(state, text, fx),
        Line::Require(wanted) => requiring::read(state, text, wanted, fx),
        Line::Publish => batches_file::limited(state, text, fx),
        Line::Filter { .. } => batches::set_filter(state, text).map_err(|error| error.to_string()),
        Line::Extend(on) => {
            let end = End::parse(text, state.options.zone)?;
            ask_about(state, &on, &HitAct::Extend(end))
        }
        Line::Add(on) => {
            let count = text.trim_start_matches('+').replace(',', "");
            let count = count.parse().map_err(|_| format!("{text:?} is no number of assignments"))?;
            ask_about(state, &on, &HitAct::Add(count))
        }
        Line::TopUp(on, only_rejected) => {
            let end = End::parse(text, state.options.zone)?;
            let open = end.of(state.now.time, state.now.time) - state.now.time;
            ask_about(state, &on, &HitAct::TopUp { only_rejected, open })
        }
        Line::Anew(on) => batches_anew::enter(state, &on, text),
        Line::Retype(on) => {
            let to = act::type_named(state, text)?;
            ask_about(state, &on, &HitAct::Retype(to))
        }
    }
}

/// Expires HITs, after a question.
pub(super) fn expire(state: &mut State) -> Result<(), String> {
    let on = on(state)?;
    ask_about(state, &on, &HitAct::Expire)
}

/// Deletes HITs, after a question that says what was never exported: the store is asked first.
pub(super) fn delete(state: &mut State, fx: &mut Vec<Effect>) -> Result<(), String> {
    let on = on(state)?;
    state.batches.deleting = Some(on);
    fx.push(Effect::LoadBatches);
    Ok(())
}

/// What was exported is known: the question can be put.
pub(super) fn ask_to_delete(state: &mut State, on: &On) {
    if state.overlay.is_some() {
        return say(state, Level::Warning, "nothing was deleted: something else was open; do it again");
    }
    if let Err(problem) = ask_about(state, on, &HitAct::Delete) {
        say(state, Level::Warning, problem);
    }
    state.touch();
}

fn ask_about(state: &mut State, on: &On, act: &HitAct) -> Result<(), String> {
    let Outcome { proposal, mut notes } = propose(state, on, act);
    let left_out = proposal.refusals();
    if proposal.decisions.is_empty() {
        return Err(format!("nothing to do: {}", left_out.unwrap_or_default()));
    }
    notes.extend(left_out.map(|refusals| format!("left out: {refusals}")));
    notes.extend(real_money(state));
    let title = format!("{}?", proposal.words);
    let answers = vec![Answer { key: 'y', label: "do it" }, Answer { key: 'n', label: "leave them as they are" }];
    ask(state, AskKind::Money(proposal), title, notes, answers);
    Ok(())
}

/// Holds wages against another target, where no batch file says one.
pub(super) fn target_wage(state: &mut State, argument: &str, fx: &mut Vec<Effect>) -> Result<(), String> {
    let text = argument.trim().trim_start_matches('$');
    state.batches.target = match text {
        "" | "none" => None,
        text => Some(Usd::parse(text).map_err(|error| error.to_string())?),
    };
    fx.push(Effect::KeepTargetWage(state.batches.target));
    Ok(())
}

/// Tab completes the ID of a type, or the name of a batch.
pub(super) fn complete(state: &mut State) {
    let Some(Overlay::Prompt(Prompt { kind: PromptKind::Batches(Line::Retype(_)), input, .. })) = &state.overlay else {
        return;
    };
    let typed = input.value().trim_start().to_lowercase();
    let ids = act::types(state).into_iter().map(|hit| hit.type_id.to_string());
    let names = state.model.batches().iter().filter(|batch| !batch.hits.is_empty()).map(|batch| batch.name.to_string());
    let fitting: Vec<String> = ids.chain(names).filter(|one| one.to_lowercase().starts_with(&typed)).take(2).collect();
    if let ([one], Some(Overlay::Prompt(prompt))) = (fitting.as_slice(), &mut state.overlay) {
        prompt.input = Input::new(one.clone());
        prompt.error = None;
    }
}
