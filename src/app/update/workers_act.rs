//! Actions on workers: a line to type, then a question that says what would happen, then the outbox.

use super::decide::{ask, real_money};
use super::workers::end_range;
use super::{marks, prompt, quals_exclude, say, workers_pay};
use crate::app::command::CommandId;
use crate::app::decide::{Proposal, targets};
use crate::app::effect::Effect;
use crate::app::event::Level;
use crate::app::format;
use crate::app::layout::Pane;
use crate::app::message::FIELDS;
use crate::app::overlay::{Answer, AskKind, Overlay, Prompt, PromptKind};
use crate::app::state::State;
use crate::app::workers::Who;
use crate::app::workers::act::{self, WorkerAct};
use crate::app::workers::line::Line;
use crate::domain::decision::Decision;
use crate::domain::policy::{self, Refusal};
use crate::domain::qualification::KnownType;
use std::collections::HashSet;
use tui_input::Input;

/// What a block does, before it is decided.
const BLOCKED: [&str; 2] =
    ["A blocked worker can do none of your HITs. Amazon counts blocks:", "several can cost a worker the account."];
/// The gentler way.
const GENTLER: [&str; 2] =
    ["Gentler: a qualification of yours keeps its holders out of HITs that", "require that it does not exist."];

/// What is said before every block.
pub(super) fn block_warning() -> impl Iterator<Item = String> {
    BLOCKED.into_iter().chain(GENTLER).map(str::to_owned)
}

/// The workers that an action is for: marked ones, or the one under the cursor; in Review those of the assignments.
pub(super) fn who(state: &mut State) -> Who {
    if state.focus == Pane::Workers {
        end_range(state);
        return state.people.workers.who();
    }
    marks::end_range(state);
    let targets = targets(state);
    let mut seen = HashSet::new();
    let rows = targets.keys.iter().filter_map(|key| state.model.row(*key));
    let ids = rows.filter(|row| seen.insert(row.worker)).filter_map(|row| state.model.worker(row.worker)).cloned();
    Who { ids: ids.collect(), marked: targets.marked }
}

/// Begins an action: opens its line.
pub(super) fn begin(state: &mut State, id: CommandId) -> Result<(), String> {
    let who = who(state);
    if who.ids.is_empty() {
        return Err("the worker of this row has not been read yet; refresh with R".to_owned());
    }
    let of = act::whom(state, &who.ids);
    let note = |state: &State| match who.ids.as_slice() {
        [one] => state.people.known.as_ref().and_then(|known| known.notes.get(one)).cloned().unwrap_or_default(),
        _ => String::new(),
    };
    let (label, text, hints, line) = match id {
        CommandId::Block => (format!("block {of}, reason"), String::new(), Vec::new(), Line::Block(who)),
        CommandId::Unblock => {
            (format!("unblock {of}, reason (may be empty)"), String::new(), Vec::new(), Line::Unblock(who))
        }
        CommandId::Message => {
            (format!("write to {of}, subject"), String::new(), vec![FIELDS.to_owned()], Line::Subject(who))
        }
        CommandId::Qualify => {
            (format!("grant to {of}, NAME SCORE"), String::new(), type_hints(state), Line::Qualify(who))
        }
        CommandId::Disqualify => {
            (format!("take from {of}, NAME"), String::new(), type_hints(state), Line::Disqualify(who))
        }
        _ => {
            let text = note(state);
            state.may_show(&text)?;
            (format!("note on {of}"), text, Vec::new(), Line::Note(who))
        }
    };
    prompt::open(state, PromptKind::Workers(line), label, &text, hints);
    Ok(())
}

pub(super) fn type_hints(state: &State) -> Vec<String> {
    let names: Vec<&str> = act::own_types(state).take(6).map(|one| one.it.name.as_str()).collect();
    if names.is_empty() { Vec::new() } else { vec![format!("yours: {} (Tab completes)", names.join(", "))] }
}

/// The line is typed. An error is about it, and brings it back.
pub(super) fn enter(state: &mut State, line: Line, text: &str, fx: &mut Vec<Effect>) -> Result<(), String> {
    let text = text.trim();
    let some = (!text.is_empty()).then(|| text.to_owned());
    match line {
        Line::Filter { .. } => {}
        Line::Block(_) if some.is_none() => return Err(Refusal::BlockReasonMissing.to_string()),
        Line::Block(who) => {
            policy::check_feedback(text).map_err(|refusal| refusal.to_string())?;
            ask_to_block(state, who, text)?;
        }
        Line::Unblock(who) => ask_about(state, &who, &WorkerAct::Unblock { reason: some })?,
        Line::Subject(_) if some.is_none() => return Err(Refusal::MessageEmpty.to_string()),
        Line::Subject(who) => {
            let label = format!("write to {}, text", act::whom(state, &who.ids));
            let hints = vec![format!("subject: {text}"), FIELDS.to_owned()];
            prompt::open(state, PromptKind::Workers(Line::Text(who, text.to_owned())), label, "", hints);
        }
        Line::Text(who, subject) => ask_to_write(state, &who, &subject, text)?,
        Line::Note(who) => note(state, who, text, fx),
        Line::Qualify(who) => {
            let (of, name, score) = act::type_and_score(state, text)?;
            ask_about(state, &who, &WorkerAct::Qualify { of, name, score })?;
        }
        Line::Exclude(who) => quals_exclude::enter(state, &who, text)?,
        Line::Disqualify(who) => {
            let (of, name) = act::type_named(state, text)?;
            let label = format!("take \"{name}\" from {}, reason (may be empty)", act::whom(state, &who.ids));
            prompt::open(state, PromptKind::Workers(Line::Reason(who, of, name)), label, "", Vec::new());
        }
        Line::Bonus(who) => workers_pay::bonus_amount(state, who, text)?,
        Line::BonusReason(who, share) => workers_pay::ask_about_bonus(state, &who, share, text)?,
        Line::Pay(who) => workers_pay::payment_amount(state, who, text)?,
        Line::PayReason(who, amount) => workers_pay::ask_to_pay(state, &who, amount, text)?,
        Line::Reason(who, of, name) => ask_about(state, &who, &WorkerAct::Disqualify { of, name, reason: some })?,
    }
    Ok(())
}

/// Refuses to ask about nothing.
pub(super) fn something(proposal: &Proposal) -> Result<(), String> {
    if !proposal.decisions.is_empty() {
        return Ok(());
    }
    Err(format!("nothing to do: {}", proposal.refusals().unwrap_or_default()))
}

/// Who it is about, what it says to them, what is left out.
fn summary(state: &State, proposal: &Proposal) -> Vec<String> {
    let mut lines = act::meant(state, proposal);
    if let Some(text) = proposal.decisions.first().and_then(|new| new.decision.text()) {
        lines.push(format!("\"{text}\""));
    }
    lines.extend(proposal.refusals().map(|refusals| format!("left out: {refusals}")));
    lines
}

fn ask_about(state: &mut State, who: &Who, act: &WorkerAct) -> Result<(), String> {
    let proposal = act::propose(state, who, act);
    something(&proposal)?;
    let mut lines = summary(state, &proposal);
    if matches!(act, WorkerAct::Disqualify { .. }) {
        lines.push("The workers are told. Where there is a test, they can take it again.".to_owned());
    }
    put(state, proposal, lines);
    Ok(())
}

/// Asks before a proposal is staged.
pub(super) fn put(state: &mut State, proposal: Proposal, mut lines: Vec<String>) {
    lines.extend(real_money(state));
    let title = format!("{}?", proposal.words);
    let answers = vec![Answer { key: 'y', label: "do it" }, Answer { key: 'n', label: "do nothing" }];
    ask(state, AskKind::Money(proposal), title, lines, answers);
}

fn ask_to_block(state: &mut State, who: Who, reason: &str) -> Result<(), String> {
    let proposal = act::propose(state, &who, &WorkerAct::Block { reason: reason.to_owned() });
    something(&proposal)?;
    let mut lines = summary(state, &proposal);
    lines.extend(block_warning());
    let title = format!("{}?", proposal.words);
    let answers = vec![
        Answer { key: 'y', label: "block" },
        Answer { key: 'e', label: "exclude by a qualification instead" },
        Answer { key: 'n', label: "do nothing" },
    ];
    ask(state, AskKind::Block(proposal, who), title, lines, answers);
    Ok(())
}

fn ask_to_write(state: &mut State, who: &Who, subject: &str, text: &str) -> Result<(), String> {
    let proposal = act::propose_message(state, who, subject, text)?;
    let mut lines = act::meant(state, &proposal);
    if let Some(Decision::Notify { subject, text }) = proposal.decisions.first().map(|new| &new.decision) {
        let first = if proposal.decisions.len() > 1 { "the first reads: " } else { "" };
        lines.push(format!("{first}{subject}"));
        lines.push(format!("\"{text}\""));
    }
    lines.push(format!(
        "{}; it cannot be called back once it is sent",
        format::plural(proposal.decisions.len(), "request")
    ));
    put(state, proposal, lines);
    Ok(())
}

/// Keeps a note on each of some workers.
fn note(state: &mut State, who: Who, text: &str, fx: &mut Vec<Effect>) {
    for id in who.ids {
        let notes = state.people.known.as_mut().map(|known| &mut known.notes);
        match (notes, text) {
            (Some(notes), "") => drop(notes.remove(&id)),
            (Some(notes), text) => drop(notes.insert(id.clone(), text.to_owned())),
            (None, _) => {}
        }
        fx.push(Effect::NoteWorker(id, text.to_owned()));
    }
    state.people.workers.made_of = None;
    say(state, Level::Info, if text.is_empty() { "note removed" } else { "noted" });
}

/// Tab completes the name of a qualification.
pub(super) fn complete(state: &mut State) {
    let Some(Overlay::Prompt(Prompt {
        kind: PromptKind::Workers(Line::Qualify(_) | Line::Exclude(_) | Line::Disqualify(_)),
        input,
        ..
    })) = &state.overlay
    else {
        return;
    };
    let typed = input.value().trim_start().to_lowercase();
    let fits = |one: &&KnownType| one.it.name.to_lowercase().starts_with(&typed);
    let fitting: Vec<String> = act::own_types(state).filter(fits).take(2).map(|one| one.it.name.clone()).collect();
    if let ([name], Some(Overlay::Prompt(prompt))) = (fitting.as_slice(), &mut state.overlay) {
        prompt.input = Input::new(name.clone());
        prompt.error = None;
    }
}
