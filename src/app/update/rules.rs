//! Rules of the configuration: they look at all work, say what they would stage, ask, and stage it as one group.

use super::{bulk, choose, decide, filter, marks, people, say};
use crate::app::arrange::Asking;
use crate::app::bulk::Then;
use crate::app::decide::{Act, Targets, brake, propose, text_of};
use crate::app::effect::{Effect, TextTerm};
use crate::app::event::Level;
use crate::app::format;
use crate::app::options::RuleAction;
use crate::app::overlay::{Answer, AskKind, Choice, ChoiceItem, Overlay};
use crate::app::rules::ReadRule;
use crate::app::state::{Loading, State};
use crate::app::views::Purpose;
use crate::domain::key::AssignmentKey;
use crate::domain::money::Usd;
use crate::domain::nearest::nearest;
use crate::domain::policy::Refusal;
use crate::domain::query::{Found, Query};

/// The place of a rule by its name.
pub(super) fn named(state: &State, name: &str) -> Result<usize, String> {
    let names = || state.rules.iter().map(|read| read.rule.name.as_str());
    names().position(|known| known.eq_ignore_ascii_case(name)).ok_or_else(|| match nearest(name, names()) {
        Some(near) => format!("there is no rule \"{name}\"; did you mean \"{near}\"?"),
        None => format!("there is no rule \"{name}\"; there are: {}", names().collect::<Vec<_>>().join(", ")),
    })
}

/// Lists the rules. What fits those that look at texts is counted when the store has answered.
pub(super) fn open(state: &mut State, fx: &mut Vec<Effect>) {
    let terms: Vec<TextTerm> = readable(state).flat_map(|query| query.text_terms().iter().cloned()).collect();
    let items = items(state, None);
    choose::open(state, "Rules: they look at all work and ask before they stage", items, false);
    if !terms.is_empty() {
        filter::look_up(state, terms, Purpose::Rules, fx);
    }
}

fn readable(state: &State) -> impl Iterator<Item = &Query> {
    state.rules.iter().filter_map(|read| read.query.as_ref().ok())
}

/// The store has found the texts of all rules, one after the other.
pub(super) fn counted(state: &mut State, sets: &[Vec<AssignmentKey>]) {
    let is_rule = |item: &ChoiceItem| matches!(item.choice, Choice::Rule(_));
    if matches!(&state.overlay, Some(Overlay::Chooser(chooser)) if chooser.items.iter().all(is_rule)) {
        let items = items(state, Some(sets));
        if let Some(Overlay::Chooser(chooser)) = &mut state.overlay {
            chooser.items = items;
        }
        state.touch();
    }
}

fn items(state: &State, sets: Option<&[Vec<AssignmentKey>]>) -> Vec<ChoiceItem> {
    let mut rest = sets.unwrap_or_default();
    let mut label = |read: &ReadRule| {
        let name = &read.rule.name;
        let query = match &read.query {
            Ok(query) => query,
            Err(why) => return format!("{name}: cannot be run: {why}"),
        };
        let terms = query.text_terms().len();
        if sets.is_none() && terms > 0 {
            return format!("{name}: {}, counting what fits", read.does());
        }
        let (own, others) = rest.split_at(terms.min(rest.len()));
        rest = others;
        let found = Found::new(own.iter().map(Vec::as_slice));
        format!("{name}: {}, {} fit", read.does(), format::count(matching(state, query, &found).len()))
    };
    let labels: Vec<String> = state.rules.iter().map(&mut label).collect();
    choose::with_letters(labels.into_iter().enumerate().map(|(at, label)| (label, false, Choice::Rule(at))))
}

/// All assignments of the account that fit, whatever the list shows.
fn matching(state: &State, query: &Query, found: &Found) -> Vec<AssignmentKey> {
    let asking = Asking { model: &state.model, query, found, now: state.now.time, me: &state.env.user };
    state.model.rows().iter().filter(|row| asking.fits(row)).map(|row| row.key).collect()
}

/// Runs a rule, once the store has found its texts.
pub(super) fn run(state: &mut State, at: usize, fx: &mut Vec<Effect>) {
    let Some(read) = state.rules.get(at) else { return };
    let name = read.rule.name.clone();
    let query = match &read.query {
        Ok(query) => query,
        Err(why) => {
            let text = format!("rule \"{name}\" cannot be run: {why}");
            return say(state, Level::Warning, text);
        }
    };
    let (query, terms) = (query.clone(), query.text_terms().to_vec());
    let decides = read.rule.action != RuleAction::Flag;
    let known = people::knows_blocks(state, &query, fx);
    if state.options.read_only && decides {
        say(state, Level::Warning, Refusal::ReadOnly.to_string());
    } else if state.loading != Loading::Done {
        say(state, Level::Warning, "a rule looks at all work, which is still being read; try again in a moment");
    } else if let Err(why) = known {
        say(state, Level::Warning, why);
    } else if terms.is_empty() {
        found(state, at, &Found::default(), fx);
    } else {
        filter::look_up(state, terms, Purpose::Rule(at), fx);
    }
}

/// What the rule is about is known: it is marked, or proposed.
pub(super) fn found(state: &mut State, at: usize, found: &Found, fx: &mut Vec<Effect>) {
    let Some(ReadRule { rule, query: Ok(query) }) = state.rules.get(at) else { return };
    let name = rule.name.clone();
    let keys = matching(state, query, found);
    if keys.is_empty() {
        return say(state, Level::Info, format!("rule \"{name}\": nothing fits"));
    }
    let Some(act) = state.rules[at].act() else {
        marks::again(state, &keys);
        let hidden = match state.list.marks_hidden() {
            0 => String::new(),
            hidden => format!("; {} of all marks are not in this list", format::count(hidden)),
        };
        return say(state, Level::Info, format!("rule \"{name}\": {} marked{hidden}", format::count(keys.len())));
    };
    let targets = Targets { keys, marked: false };
    let missing = bulk::missing_for(state, &act, &targets);
    let done = match missing.is_empty() {
        true => propose_all(state, at, act, targets),
        false => bulk::read_first(state, Then::Rule(at, act, targets), missing, fx),
    };
    if let Err(message) = done {
        say(state, Level::Error, format!("rule \"{name}\": {message}"));
    }
}

/// Says what the rule would stage, and asks. A rule never stages by itself.
pub(super) fn propose_all(state: &mut State, at: usize, act: Act, targets: Targets) -> Result<(), String> {
    let Some(ReadRule { rule, .. }) = state.rules.get(at) else { return Ok(()) };
    if state.overlay.is_some() {
        return Err("something else was open when the answer came; run it again".to_owned());
    }
    let (name, count) = (rule.name.clone(), targets.keys.len());
    let mut lines = vec![format!("{} of all work: {}", fit(count), rule.query)];
    let text = text_of(&act).to_owned();
    let mut proposal = propose(state, act, targets)?;
    // The rule's decision is not the person's last one: `.` does not repeat it, and the cursor stays.
    let act = proposal.act.take();
    if proposal.decisions.is_empty() {
        let why = proposal.refusals().unwrap_or_default();
        say(state, Level::Warning, format!("rule \"{name}\": nothing to stage: {why}"));
        return Ok(());
    }
    let decisions = proposal.decisions.len();
    lines.push(match act {
        Some(Act::Reject { .. }) => {
            let withheld: Usd =
                proposal.decisions.iter().filter_map(|new| decide::reward_of(state, &new.subject)).sum();
            format!("{} would be staged; {} not paid", format::plural(decisions, "rejection"), withheld.display())
        }
        _ => format!("{} would be staged: {}", format::plural(decisions, "approval"), proposal.sum.display()),
    });
    lines.extend(proposal.refusals().map(|refusals| format!("left out: {refusals}")));
    if !text.is_empty() {
        lines.push(format!("the worker reads: {text}"));
    }
    if let Some(what) = brake(state, &proposal) {
        lines.insert(0, format!("rule \"{name}\""));
        decide::ask_to_type(state, proposal, &what, lines);
        return Ok(());
    }
    lines.extend(decide::real_money(state));
    let title = format!("rule \"{name}\": {}?", proposal.words);
    let answers =
        vec![Answer { key: 'y', label: "stage it; u takes it back" }, Answer { key: 'n', label: "decide nothing" }];
    decide::ask(state, AskKind::Money(proposal), title, lines, answers);
    Ok(())
}

fn fit(count: usize) -> String {
    if count == 1 { "1 assignment fits".to_owned() } else { format!("{} assignments fit", format::count(count)) }
}
