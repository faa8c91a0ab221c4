//! Decisions: guards, staging, undo, sending, repeating.

use super::{bulk, decide_many, marks, motion, outbox, quals_marks, say, say_for_now, workers};
use crate::app::activity::ActivityTab;
use crate::app::bulk::Then;
use crate::app::counts::Live;
use crate::app::decide::{Act, Proposal, Targets, brake, propose, targets};
use crate::app::effect::{Effect, NewDecision, Subject};
use crate::app::event::Level;
use crate::app::format;
use crate::app::guard::ASK_DELAY;
use crate::app::layout::{Pane, Screen};
use crate::app::notice::Topic;
use crate::app::options::{AfterDecision, Danger};
use crate::app::outbox::{Pending, Stage};
use crate::app::overlay::{Answer, Ask, AskKind, Overlay, Prompt, PromptKind};
use crate::app::state::State;
use crate::app::undo::Undo;
use crate::domain::decision::{Decision, Target};
use crate::domain::key::AssignmentKey;
use crate::domain::money::Usd;
use crate::domain::policy;
use crate::domain::text::SafeText;
use crate::domain::worker_answer;
use tui_input::Input;

/// The columns that a question has on the narrowest screen that shows one whole.
const QUESTION_WIDTH: usize = 56;

/// Decides about assignments, unless a guard wants to ask first. An error is about the text for the workers. A text that
/// names fields of answers which are not loaded waits for them.
pub(super) fn decide(state: &mut State, act: Act, targets: Targets, fx: &mut Vec<Effect>) -> Result<(), String> {
    let missing = bulk::missing_for(state, &act, &targets);
    if !missing.is_empty() {
        return bulk::read_first(state, Then::Decide(act, targets), missing, fx);
    }
    if targets.keys.len() > decide_many::AT_ONCE {
        return decide_many::check(state, act, targets);
    }
    let proposal = propose(state, act, targets)?;
    guard(state, proposal, fx);
    Ok(())
}

/// Stages a proposal, unless a guard wants to ask first.
pub(super) fn guard(state: &mut State, proposal: Proposal, fx: &mut Vec<Effect>) {
    if proposal.decisions.is_empty() {
        let why = proposal.refusals().unwrap_or_else(|| "there is nothing to decide".to_owned());
        return say(state, Level::Warning, format!("nothing was decided: {why}"));
    }
    if let Some(what) = brake(state, &proposal) {
        ask_to_type(state, proposal, &what, Vec::new());
    } else if proposal.decisions.len() > state.options.confirm_count
        || proposal.sum + proposal.fees > state.options.confirm_sum
        || !answers_to_rejections(state, &proposal).is_empty()
    {
        ask_about_money(state, proposal);
    } else {
        stage(state, proposal, fx);
    }
}

/// The reject brake: only typed words let so many rejections go.
pub(super) fn ask_to_type(state: &mut State, proposal: Proposal, what: &str, mut hints: Vec<String>) {
    let words = proposal.words.clone();
    hints.extend([
        format!(
            "{what}: that is more than {} % and more than {}.",
            state.options.brake_share / 100,
            state.options.brake_count
        ),
        format!("Rejected work is not paid and counts against the worker. To go on, type: {words}"),
    ]);
    let kind = PromptKind::Brake { words, proposal };
    state.overlay = Some(Overlay::Prompt(Prompt {
        kind,
        label: "type it".to_owned(),
        input: Input::default(),
        hints,
        error: None,
    }));
    state.touch();
}

fn ask_about_money(state: &mut State, proposal: Proposal) {
    let free = proposal.sum == Usd::ZERO && proposal.act.is_none();
    let cost = if free { String::new() } else { format!(": {}", proposal.cost_words()) };
    let mut lines = vec![format!("{}{cost}", proposal.things())];
    if let Some(refusals) = proposal.refusals() {
        lines.push(format!("left out: {refusals}"));
    }
    lines.extend(answers_to_rejections(state, &proposal));
    lines.extend(real_money(state));
    let sum = if free { String::new() } else { format!(" for {}", proposal.sum.display()) };
    let title = format!("{}{sum}?", proposal.words);
    let answers = vec![Answer { key: 'y', label: "do it" }, Answer { key: 'n', label: "decide nothing" }];
    ask(state, AskKind::Money(proposal), title, lines, answers);
}

/// What workers answer to the rejections that are about to be overridden, as far as that was read: in lines that a question has room
/// for, since all of it is to be read before the answer to the question.
fn answers_to_rejections(state: &State, proposal: &Proposal) -> Vec<String> {
    let said = proposal.decisions.iter().filter_map(|one| {
        let (Decision::Approve { override_rejection: true, .. }, Subject::Assignment(key)) =
            (&one.decision, &one.subject)
        else {
            return None;
        };
        let (_, answer) = worker_answer::split(state.detail(*key)?.feedback.as_deref()?);
        let row = state.model.row(*key).filter(|_| proposal.decisions.len() > 1);
        let who =
            row.and_then(|row| state.model.worker(row.worker)).map_or("the worker".into(), |id| state.name_of(id));
        let words = answer?.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(SafeText::line(&format!("{who} answers: {words}")))
    });
    said.flat_map(|line| line.wrap(QUESTION_WIDTH)).map(|line| line.as_str().to_owned()).collect()
}

/// A warning where it is no play.
pub(super) fn real_money(state: &State) -> Option<String> {
    (state.env.danger == Danger::RealMoney).then(|| format!("This is real money, at {}.", state.env.host))
}

/// What is agreed to is read whole: nothing of it is cut off at the frame.
fn whole(state: &State, lines: Vec<String>) -> Vec<String> {
    let cells = usize::from(state.size.0.saturating_sub(10)).clamp(20, 86);
    let mut all = Vec::with_capacity(lines.len());
    for line in lines {
        // No text is wider than it has bytes, and a file may have very many lines.
        if line.len() <= cells {
            all.push(line);
        } else {
            // What hangs under a line stands under it whole.
            let indent = line.len() - line.trim_start_matches(' ').len();
            let parts = SafeText::line(&line[indent..]).wrap(cells.saturating_sub(indent));
            all.extend(parts.into_iter().map(|part| format!("{:indent$}{}", "", part.as_str())));
        }
    }
    all
}

/// Puts a question. Keys that come at once were meant for something else.
pub(super) fn ask(state: &mut State, kind: AskKind, title: String, lines: Vec<String>, answers: Vec<Answer>) {
    let armed_at = state.now.wall.plus(ASK_DELAY);
    let lines = whole(state, lines);
    state.overlay = Some(Overlay::Ask(Ask { kind, title, lines, answers, offset: 0, armed_at }));
    state.touch();
}

/// Hands decisions to the store and shows them at once.
pub(super) fn stage(state: &mut State, mut proposal: Proposal, fx: &mut Vec<Effect>) {
    if state.options.read_only {
        return say(state, Level::Warning, policy::Refusal::ReadOnly.to_string());
    }
    if proposal.decisions.len() > decide_many::AT_ONCE {
        return decide_many::stage(state, proposal);
    }
    let group = state.now.wall.0.max(state.last_group + 1);
    state.last_group = group;
    let request = state.request();
    let due = state.now.wall.plus(state.options.grace);
    let settling: Vec<_> = proposal.decisions.iter().filter_map(settles).collect();
    let keys: Vec<_> = proposal.decisions.iter().filter_map(|new| key_of(&new.subject)).collect();
    state.outbox.hold(Pending {
        request,
        group,
        due,
        count: proposal.decisions.len(),
        settling: settling.clone(),
        answered: 0,
        others: proposal.decisions.iter().filter_map(|new| other(state, new)).collect(),
        cost: proposal.sum,
        undo: false,
    });
    for (key, _) in &settling {
        reconcile(state, *key);
    }
    let acted = if proposal.marked { keys } else { Vec::new() };
    let acted: Vec<_> = acted.into_iter().filter(|key| state.list.marks.contains(key)).collect();
    let words = proposal.things();
    let cursor = state.work_on_page().or(state.list.cursor);
    let others = quals_marks::without(state, &proposal.decisions);
    let workers = workers::unmark_acted(state, proposal.marked);
    state.undo.groups.push(Undo { group, cursor, marks: acted.clone(), others, workers, words });
    marks::without(state, &acted);
    if proposal.marked && state.focus != Pane::Workers && state.list.marks_shown > 0 {
        // What was left out cannot be decided this way: its mark would only stand in the way of the next key.
        let left_out = targets(state).keys;
        marks::without(state, &left_out);
    }
    if proposal.decisions.iter().any(|new| matches!(new.subject, Subject::Hit(_))) {
        super::batches::unmark(state);
        say(state, Level::Info, format!("{} staged; u takes it back", proposal.things()));
    }
    staged(state, &mut proposal);
    let requests = |new: &NewDecision| matches!(new.subject, Subject::Other(Target::Request(_)));
    if state.focus == Pane::TypeTab && proposal.decisions.iter().any(requests) {
        super::quals::move_on(state);
    }
    fx.push(Effect::Persist { request, group, due, decisions: proposal.decisions });
    state.touch();
}

/// Says what was staged, and moves on.
pub(super) fn staged(state: &mut State, proposal: &mut Proposal) {
    if let Some(refusals) = proposal.refusals() {
        say(state, Level::Info, format!("{}; left out: {refusals}", proposal.things()));
    }
    if matches!(proposal.decisions.first().map(|new| &new.decision), Some(Decision::Bonus { .. })) {
        say(state, Level::Info, format!("{}: {}", proposal.things(), proposal.cost_words()));
    }
    if let Some(act) = proposal.act.take() {
        state.last_act = Some(act);
        move_on(state);
    }
    state.guard.decided(state.now.wall, state.options.burst_window);
}

/// The reward of a subject, if it is an assignment.
pub(super) fn reward_of(state: &State, subject: &Subject) -> Option<Usd> {
    Some(state.model.reward(state.model.row(key_of(subject)?)?))
}

pub(super) const fn key_of(subject: &Subject) -> Option<AssignmentKey> {
    match subject {
        Subject::Assignment(key) => Some(*key),
        Subject::Hit(_) | Subject::Other(_) => None,
    }
}

/// What else a decision is about than assignments.
fn other(state: &State, new: &NewDecision) -> Option<(Target, &'static str)> {
    let target = match &new.subject {
        Subject::Other(target) => target.clone(),
        Subject::Hit(key) => Target::Hit(state.model.hit(*key)?.id.clone()),
        Subject::Assignment(_) => return None,
    };
    Some((target, new.decision.verb()))
}

pub(super) fn settles(new: &NewDecision) -> Option<(AssignmentKey, &'static str)> {
    Some((key_of(&new.subject)?, new.decision.verb())).filter(|_| new.decision.settles_assignment())
}

/// After a decision the cursor goes on, unless marks were decided elsewhere and its own row is still to be judged.
fn move_on(state: &mut State) {
    if state.on_page() {
        return super::worker_page::move_on(state);
    }
    let still_open =
        state.list.cursor.and_then(|key| state.model.slot(key)).is_some_and(|slot| state.model.is_open(slot));
    match state.options.after_decision {
        AfterDecision::Stay => {}
        AfterDecision::Next => {
            motion::go_to_line(state, state.list.cursor_line + 1, true);
        }
        AfterDecision::NextUndecided if still_open => {}
        AfterDecision::NextUndecided => {
            if motion::next_open(state) == motion::Moved::Not {
                let news = match state.list.news.len() {
                    0 => String::new(),
                    count => format!("; {} new, R shows them", format::count(count)),
                };
                say(state, Level::Info, format!("nothing undecided is left in this list{news}"));
            }
        }
    }
}

/// Brings a row's standing in model and list in line with the outbox.
pub(super) fn reconcile(state: &mut State, key: AssignmentKey) {
    let Some(slot) = state.model.slot(key) else { return };
    let status = state.model.rows()[slot].status;
    let live = state.outbox.live(key, status).map(|badge| match badge.verb {
        "reject" => Live::Rejecting,
        _ => Live::Approving,
    });
    state.model.set_live(key, live);
    if let Some(arranging) = &mut state.views.arranging {
        arranging.work.touched.push(slot);
    }
    if let Some(line) = state.list.line_of(slot) {
        state.list.open.set(line, state.model.is_open(slot));
    }
}

/// Takes back what has not left: the entry under the cursor of Activity, else the newest group.
pub(super) fn undo(state: &mut State, fx: &mut Vec<Effect>) {
    if state.screen == Screen::Activity
        && state.activity.tab == ActivityTab::Staged
        && let Some((id, words)) = state.selected_entry().map(|entry| (entry.id, outbox::words(state, entry)))
    {
        take_back(state, &[id], fx);
        say(state, Level::Info, format!("taken back: {words}"));
        return super::activity::keep_cursor(state);
    }
    let Some(group) = state.undo_group() else { return };
    let at = state.undo.groups.iter().position(|undo| undo.group == group);
    let Some(undo) = at.map(|at| state.undo.groups.remove(at)) else { return };
    if let Some(rows) = state.outbox.undo_pending(group) {
        for key in rows {
            reconcile(state, key);
        }
    }
    let ids = state.outbox.staged_of_group(group);
    if !ids.is_empty() {
        take_back(state, &ids, fx);
    }
    marks::again(state, &undo.marks);
    state.people.quals.marks.extend(undo.others);
    state.people.workers.mark(undo.workers, true);
    if let Some(cursor) = undo.cursor
        && !super::worker_page::go_to_work(state, cursor)
    {
        motion::go_to(state, cursor);
    }
    say(state, Level::Info, format!("{} taken back", undo.words));
}

fn take_back(state: &mut State, ids: &[crate::domain::decision::DecisionId], fx: &mut Vec<Effect>) {
    for id in ids {
        state.undoing.insert(*id);
        if let Some(key) = state.outbox.take_back(*id) {
            reconcile(state, key);
        }
    }
    fx.push(Effect::Undo(ids.to_vec()));
    state.touch();
}

/// Lets everything staged leave now.
pub(super) fn send(state: &mut State, fx: &mut Vec<Effect>) {
    fx.push(Effect::SendNow(Vec::new()));
    let count = state.outbox.count(Stage::Staged);
    let text = format!("sending {}", format::plural(count, "decision"));
    say_for_now(state, Level::Info, Topic::Sending(count), text);
}

/// Stages the failed decision under the cursor of Activity again.
pub(super) fn retry(state: &mut State, fx: &mut Vec<Effect>) {
    if let Some(id) = state.selected_entry().map(|entry| entry.id) {
        fx.push(Effect::Retry(vec![id]));
        say_for_now(state, Level::Info, Topic::Sending(1), "sending it again");
    }
}
