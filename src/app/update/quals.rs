//! The Qualifications screen: moving in it, marks, and what is decided about holders and requests.

use super::motion::{self, Step};
use super::{decide, people, prompt, quals_marks, quals_scores, say, workers};
use crate::app::command::CommandId;
use crate::app::decide::Proposal;
use crate::app::effect::{Effect, NewDecision, Subject};
use crate::app::event::Level;
use crate::app::format;
use crate::app::layout::Pane;
use crate::app::options::AfterDecision;
use crate::app::overlay::{PromptError, PromptKind, QualPrompt};
use crate::app::people::Spot;
use crate::app::quals::{Item, Shown, Tab};
use crate::app::state::State;
use crate::domain::decision::{Decision, Target};
use crate::domain::policy::{self, Refusal};

/// Moves the cursor of the types, of the tab's list, or its text.
pub(super) fn step(state: &mut State, step: Step, page: usize) {
    if state.focus == Pane::Types {
        let before = state.people.kind.cursor;
        let count = 1 + state.people.known.as_ref().map_or(0, |known| known.types.len());
        state.people.kind.cursor = motion::target(step, before, count, page);
        if state.people.kind.cursor != before {
            begin(state);
        }
    } else if state.people.quals.tab.is_list() {
        let (count, page) = (state.quals_items().len(), usize::from(state.quals_areas().0.height).max(1));
        let spot = &mut state.people.quals.spot;
        let before = spot.cursor;
        spot.cursor = motion::target(step, before, count, page);
        if spot.cursor != before {
            state.people.quals.scroll = 0;
        }
    } else {
        scroll(state, step);
    }
}

/// The list and the text begin at their top.
fn begin(state: &mut State) {
    (state.people.quals.spot, state.people.quals.scroll) = (Spot::default(), 0);
}

/// Scrolls the text.
pub(super) fn scroll(state: &mut State, step: Step) {
    let lines = state.quals_text().map_or(0, |text| text.lines.len());
    let page = usize::from(state.quals_areas().1.height).max(1);
    let last = lines.saturating_sub(page);
    state.people.quals.scroll = motion::target(step, state.people.quals.scroll, last + 1, page);
}

/// Shows the types of the system among the others, or leaves them out again.
pub(super) fn show_system(state: &mut State) {
    let quals = &mut state.people.quals;
    quals.system = !quals.system;
    let words = if quals.system { "with the types of the system" } else { "without the types of the system" };
    people::complete(state);
    say(state, Level::Info, words);
}

/// Keeps the cursors where there is something, and in view.
pub(super) fn keep_in_view(state: &mut State) {
    if state.people.quals.shown.asks() && matches!(state.focus, Pane::Types | Pane::TypeTab) {
        workers::gather_once(state);
    }
    let layout = state.layout();
    let count = state.people.known.as_ref().map_or(0, |known| known.types.len());
    let kind = &mut state.people.kind;
    kind.cursor = kind.cursor.min(count);
    if layout.types.is_some() {
        motion::turn(&mut kind.offset, kind.cursor, layout.lines(Pane::Types));
    }
    if layout.type_tab.is_some() && state.people.quals.tab.is_list() {
        let (count, page) = (state.quals_items().len(), usize::from(state.quals_areas().0.height).max(1));
        let spot = &mut state.people.quals.spot;
        spot.cursor = spot.cursor.min(count.saturating_sub(1));
        motion::turn(&mut spot.offset, spot.cursor, page);
    }
}

/// Shows the next tab, or the previous one.
pub(super) fn turn_tab(state: &mut State, by: isize) {
    let at = Tab::ALL.iter().position(|tab| *tab == state.people.quals.tab).unwrap_or(0) as isize;
    state.people.quals.tab = Tab::ALL[(at + by).rem_euclid(Tab::ALL.len() as isize) as usize];
    begin(state);
}

/// Goes from the types to what stands beside them.
pub(super) fn open(state: &mut State) {
    state.focus = Pane::TypeTab;
}

/// Goes back to the types.
pub(super) fn back(state: &mut State) -> bool {
    let inside = state.focus == Pane::TypeTab;
    if inside && state.people.quals.anchor.take().is_some() {
        return true;
    }
    if inside && state.people.quals.tab.is_list() && state.people.quals.shown != Shown::default() {
        state.people.quals.shown = Shown::default();
        begin(state);
        say(state, Level::Info, "the filter is off");
    } else if inside {
        state.focus = Pane::Types;
    }
    inside
}

/// After a request was decided the cursor goes on, unless marks were decided elsewhere and its own line still waits.
pub(super) fn move_on(state: &mut State) {
    let items = state.quals_items();
    let waits = |line: &usize| {
        let item = items.get(*line).copied();
        item.is_some_and(|item| matches!(item, Item::Request(_)) && state.quals_live(item).is_none())
    };
    let (cursor, count) = (state.people.quals.spot.cursor, items.len());
    let next = match state.options.after_decision {
        AfterDecision::Stay => None,
        AfterDecision::Next => Some(cursor + 1).filter(|line| *line < count),
        AfterDecision::NextUndecided if waits(&cursor) => None,
        AfterDecision::NextUndecided => (cursor + 1..count).chain(0..cursor).find(waits),
    };
    if let Some(line) = next {
        state.people.quals.spot.cursor = line;
        state.people.quals.scroll = 0;
    }
}

/// A command that decides about the marked lines, or asks for what it needs first.
pub(super) fn run(state: &mut State, id: CommandId, argument: &str, fx: &mut Vec<Effect>) -> Result<(), String> {
    let of = of_words(state);
    let given = (!argument.is_empty()).then_some(argument);
    let mut now = None;
    let (kind, label, text) = match id {
        CommandId::Grant => return grant(state, None, fx),
        CommandId::Restore => {
            change(state, fx, |item| match item {
                Item::Holder(held) if held.revoked => held.score.map(|score| Decision::Grant { score, tell: false }),
                _ => None,
            });
            return Ok(());
        }
        CommandId::GrantWith => {
            let proposed = match state.quals_item() {
                Some(Item::Request(asked)) => state.proposed_value(asked),
                _ => None,
            };
            now = proposed
                .map(|value| format!("proposed: {value}; Enter on the empty line takes what is proposed for each"));
            (QualPrompt::Value, format!("grant {of}, value"), String::new())
        }
        CommandId::Refuse => (QualPrompt::Reason, format!("reject {of}, reason for the worker"), String::new()),
        CommandId::Score => {
            // It is typed anew: a digit behind the present score would make another one of it.
            now = match state.quals_item() {
                Some(Item::Holder(held)) => held.score.map(|score| format!("now {score}")),
                _ => None,
            };
            (QualPrompt::Score, format!("score of {of}"), String::new())
        }
        CommandId::Revoke => (QualPrompt::Revoke, format!("revoke {of}, reason for the worker"), String::new()),
        _ => (QualPrompt::Range, "scores".to_owned(), state.people.quals.shown.words()),
    };
    match given {
        Some(text) => enter(state, kind, text, fx).map_err(|error| error.message),
        None => {
            let hints = now.into_iter().chain(hints(kind)).collect();
            prompt::open(state, PromptKind::Qualification(kind), label, &text, hints);
            Ok(())
        }
    }
}

pub(super) fn hints(kind: QualPrompt) -> Vec<String> {
    let hint = match kind {
        QualPrompt::Range | QualPrompt::Mark => {
            "50-80  >=90  <10  7  held  revoked  all  approved-rate<90  sent>=10  qual:NAME"
        }
        QualPrompt::ListScore => "a whole number, for every worker of the file",
        QualPrompt::Import => {
            "the website's worker file, workerid<TAB>score, worker,score, or workers alone (the score is asked)"
        }
        QualPrompt::Export => "a new file: worker,score; NAME.tab or NAME.txt is written as workerid<TAB>score",
        QualPrompt::Reason | QualPrompt::Revoke => "the worker reads it; it may be left empty",
        QualPrompt::Score => "a whole number; +5 adds to what each has, +-5 takes off; the workers are not told",
        QualPrompt::Value => return Vec::new(),
    };
    vec![hint.to_owned()]
}

fn of_words(state: &State) -> String {
    match state.quals_targets().as_slice() {
        [one] => state.name_of(one.worker()).into_owned(),
        many => format!("{} marked", format::count(many.len())),
    }
}

/// What was typed.
pub(super) fn enter(state: &mut State, kind: QualPrompt, text: &str, fx: &mut Vec<Effect>) -> Result<(), PromptError> {
    let plain = |message: String| PromptError { column: None, message };
    let number = |text: &str| {
        let wrong = || format!("{:?} is no whole number from -2147483648 to 2147483647", text.trim());
        text.trim().parse::<i32>().map_err(|_| plain(wrong()))
    };
    let reason = || (!text.trim().is_empty()).then(|| text.trim().to_owned());
    match kind {
        QualPrompt::Range => {
            state.people.quals.shown = Shown::parse(text).map_err(plain)?;
            begin(state);
        }
        QualPrompt::Mark => quals_marks::by_query(state, text).map_err(plain)?,
        QualPrompt::Import | QualPrompt::Export => {
            quals_scores::enter(state, kind, text, fx).map_err(plain)?;
        }
        QualPrompt::ListScore => quals_scores::list_score(state, number(text)?).map_err(plain)?,
        QualPrompt::Value if text.trim().is_empty() => grant(state, None, fx).map_err(plain)?,
        QualPrompt::Value => grant(state, Some(number(text)?), fx).map_err(plain)?,
        QualPrompt::Score => {
            let text = text.trim();
            let more = text.strip_prefix('+').map(number).transpose()?;
            let given = if more.is_some() { 0 } else { number(text)? };
            change(state, fx, |item| {
                let Item::Holder(held) = item else { return None };
                let now = held.score.filter(|_| !held.revoked);
                let score = more.map_or(given, |more| now.unwrap_or(0).saturating_add(more));
                (now != Some(score)).then_some(Decision::Grant { score, tell: false })
            });
        }
        QualPrompt::Revoke | QualPrompt::Reason => {
            policy::check_feedback(text).map_err(|refusal| plain(refusal.to_string()))?;
            let reason = reason();
            change(state, fx, |item| match item {
                Item::Holder(held) if held.revoked => None,
                Item::Holder(_) => Some(Decision::Revoke { reason: reason.clone() }),
                Item::Request(_) => Some(Decision::RejectRequest { reason: reason.clone() }),
            });
        }
    }
    Ok(())
}

/// Grants requests: with one value, or each with what is proposed for it.
fn grant(state: &mut State, value: Option<i32>, fx: &mut Vec<Effect>) -> Result<(), String> {
    let decisions: Vec<(Target, Option<Decision>)> = targets(state, |state, item| match item {
        Item::Request(asked) => {
            value.or_else(|| state.proposed_value(asked)).map(|score| Decision::AcceptRequest { score })
        }
        Item::Holder(_) => None,
    });
    if decisions.iter().all(|(_, decision)| decision.is_none()) {
        return Err("no key scores these tests: A asks for the value".to_owned());
    }
    stage(state, decisions, fx);
    Ok(())
}

fn change(state: &mut State, fx: &mut Vec<Effect>, decision: impl Fn(Item<'_>) -> Option<Decision>) {
    let decisions = targets(state, |_, item| decision(item));
    stage(state, decisions, fx);
}

fn targets(state: &State, decide: impl Fn(&State, Item<'_>) -> Option<Decision>) -> Vec<(Target, Option<Decision>)> {
    state.quals_targets().into_iter().map(|item| (item.target(), decide(state, item))).collect()
}

/// Stages what may be decided, unless a guard wants to ask first, and says what is left out.
fn stage(state: &mut State, decisions: Vec<(Target, Option<Decision>)>, fx: &mut Vec<Effect>) {
    quals_marks::end_range(state);
    let mut proposal = Proposal::empty(false);
    let live: std::collections::HashMap<Target, &'static str> = state
        .quals_targets()
        .into_iter()
        .filter_map(|item| Some((item.target(), state.quals_live(item)?.verb)))
        .collect();
    let mut unchanged = 0;
    for (target, decision) in decisions {
        let Some(decision) = decision else {
            unchanged += 1;
            continue;
        };
        let allowed = match live.get(&target) {
            Some(verb) => Err(Refusal::Live(verb)),
            None => policy::may_decide_other(&target, &decision),
        };
        match allowed {
            Ok(()) => proposal.decisions.push(NewDecision { subject: Subject::Other(target), decision }),
            Err(refusal) => *proposal.refused.entry(refusal).or_default() += 1,
        }
    }
    if proposal.decisions.is_empty() && proposal.refused.is_empty() {
        return say(state, Level::Warning, "nothing was decided: all of them are so already");
    }
    let count = proposal.decisions.len();
    let verb = proposal.decisions.first().map_or("", |new| new.decision.verb());
    proposal.words = format!("{verb}: {}", format::count(count));
    let words = proposal.things();
    let refused = proposal.refusals().map_or(String::new(), |refused| format!("; left out: {refused}"));
    decide::guard(state, proposal, fx);
    let staged = fx.iter().any(|effect| matches!(effect, Effect::Persist { .. }));
    if staged {
        let unchanged = if unchanged == 0 { String::new() } else { format!("; {unchanged} left as they are") };
        // What was left out cannot be decided this way: its mark would only stand in the way of the next key.
        state.people.quals.marks.clear();
        say(state, Level::Info, format!("{words} staged{unchanged}{refused}; u takes it back"));
    }
}
