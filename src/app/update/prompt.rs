//! Lines to type: reasons, filters, amounts, notes, commands.

use super::{batches, batches_act, batches_file, copy, decide, filter, motion, quals, say, workers, workers_act};
use crate::app::batches::line::Line as BatchLine;
use crate::app::complete;
use crate::app::decide::{Act, Targets};
use crate::app::effect::Effect;
use crate::app::event::Level;
use crate::app::format;
use crate::app::key::{Code, Key};
use crate::app::overlay::{Overlay, Prompt, PromptError, PromptKind};
use crate::app::state::{State, Typed};
use crate::app::template;
use crate::app::workers::line::Line;
use crate::domain::fees::FeeSchedule;
use crate::domain::money::Usd;
use crate::domain::policy;
use crate::domain::query::QueryError;
use tui_input::{Input, InputRequest};

/// With very many rows a filter is applied when the typing pauses for so many milliseconds, not at every letter.
const PAUSE: i64 = 120;

/// How the hint begins that shows the ways to go on with a query.
const WAYS: &str = "tab: ";

/// Opens a prompt.
pub(super) fn open(state: &mut State, kind: PromptKind, label: String, text: &str, hints: Vec<String>) {
    let input = Input::new(text.to_owned());
    state.overlay = Some(Overlay::Prompt(Prompt { kind, label, input, hints, error: None }));
}

/// Opens the prompt of an act again with the text that was typed, and what is wrong with it.
pub(super) fn again(state: &mut State, act: Act, targets: Targets, message: String) {
    let of = of_words(&targets);
    let (kind, label, text) = match act {
        Act::Reject { reason } => (PromptKind::Reason(targets), format!("reject {of}, reason"), reason),
        Act::Approve { feedback } => {
            (PromptKind::Feedback(targets), format!("approve {of}, feedback"), feedback.unwrap_or_default())
        }
        Act::Bonus { amount, reason } => (
            PromptKind::BonusReason(targets, amount),
            format!("bonus of {} for {of}, reason", amount.display()),
            reason,
        ),
        // It has no text.
        Act::Override => return say(state, Level::Error, message),
    };
    open(state, kind, label, &text, Vec::new());
    fail(state, plain(message));
    state.touch();
}

/// What a prompt says it acts on: "3 marked", "this row".
pub(super) fn of_words(targets: &Targets) -> String {
    if targets.marked { format!("{} marked", format::count(targets.keys.len())) } else { "this one".to_owned() }
}

/// Opens the line for the reason of a rejection, with the templates above it.
pub(super) fn open_reason(state: &mut State, targets: Targets) {
    let hints = state.options.templates.iter().map(|t| format!("{}  {}: {}", t.key, t.name, t.text)).collect();
    let label = format!("reject {}, reason", of_words(&targets));
    open(state, PromptKind::Reason(targets), label, "", hints);
}

fn prompt(state: &mut State) -> Option<&mut Prompt> {
    match &mut state.overlay {
        Some(Overlay::Prompt(prompt)) => Some(prompt),
        _ => None,
    }
}

/// What an editing key asks of a text field.
pub(super) fn request(key: Key) -> Option<InputRequest> {
    use InputRequest as R;
    Some(match key {
        Key { code: Code::Char(c), ctrl: false, alt: false } => R::InsertChar(c),
        Key { code: Code::Backspace, .. } => R::DeletePrevChar,
        Key { code: Code::Delete, .. } => R::DeleteNextChar,
        Key { code: Code::Left, ctrl: false, .. } => R::GoToPrevChar,
        Key { code: Code::Right, ctrl: false, .. } => R::GoToNextChar,
        Key { code: Code::Left, ctrl: true, .. } => R::GoToPrevWord,
        Key { code: Code::Right, ctrl: true, .. } => R::GoToNextWord,
        Key { code: Code::Home, .. } | Key { code: Code::Char('a'), ctrl: true, .. } => R::GoToStart,
        Key { code: Code::End, .. } | Key { code: Code::Char('e'), ctrl: true, .. } => R::GoToEnd,
        Key { code: Code::Char('w'), ctrl: true, .. } => R::DeletePrevWord,
        Key { code: Code::Char('u'), ctrl: true, .. } => R::DeleteLine,
        Key { code: Code::Char('k'), ctrl: true, .. } => R::DeleteTillEnd,
        _ => return None,
    })
}

/// Puts text into a line at its cursor.
pub(super) fn put_in(input: &mut Input, text: &str) {
    for c in text.chars() {
        input.handle(InputRequest::InsertChar(c));
    }
}

/// Puts text in at the cursor.
pub(super) fn insert(state: &mut State, text: &str, fx: &mut Vec<Effect>) {
    if let Some(prompt) = prompt(state) {
        put_in(&mut prompt.input, text);
        prompt.error = None;
    }
    changed(state, fx);
}

/// One key.
pub(super) fn press(state: &mut State, key: Key, fx: &mut Vec<Effect>) {
    match key.code {
        Code::Esc => leave(state, fx),
        Code::Enter => enter(state, fx),
        Code::Up => recall(state, fx),
        Code::Tab => complete_query(state, fx),
        _ if pick_template(state, key) => {}
        Code::Char(c) if batches_file::pick(state, c) => {}
        _ => {
            let Some(request) = request(key) else { return };
            let Some(prompt) = prompt(state) else { return };
            if prompt.input.handle(request).is_some_and(|change| change.value) {
                prompt.error = None;
                changed(state, fx);
            }
        }
    }
}

/// Leaves without a decision; a filter is as it was before.
fn leave(state: &mut State, fx: &mut Vec<Effect>) {
    let Some(Overlay::Prompt(prompt)) = state.overlay.take() else { return };
    state.typed = None;
    match prompt.kind {
        PromptKind::Filter { before, cursor } => {
            if let Err(error) = filter::set(state, &before, fx) {
                say(state, Level::Error, error.to_string());
            }
            if let Some(cursor) = cursor {
                motion::go_to(state, cursor);
            }
        }
        PromptKind::Workers(line) => workers::leave(state, line),
        PromptKind::Batches(line) => batches::leave(state, line),
        PromptKind::Brake { .. } => say(state, Level::Info, "nothing was rejected"),
        _ => {}
    }
}

/// The up arrow on the empty filter line brings the filter back that was in force.
fn recall(state: &mut State, fx: &mut Vec<Effect>) {
    let may_show = state.may_show(&state.views.filter);
    if let Some(prompt) = prompt(state)
        && let PromptKind::Filter { before, .. } = &prompt.kind
        && prompt.input.value().is_empty()
    {
        if let Err(why) = may_show {
            return fail(state, plain(why));
        }
        prompt.input = Input::new(before.clone());
        changed(state, fx);
    }
}

/// Tab goes on with a query: what all the ways have in common is put in, and the ways are shown.
fn complete_query(state: &mut State, fx: &mut Vec<Effect>) {
    workers_act::complete(state);
    batches_act::complete(state);
    batches_file::complete(state, fx);
    let Some(Overlay::Prompt(Prompt { kind: PromptKind::Filter { .. } | PromptKind::Mark, input, .. })) =
        &state.overlay
    else {
        return;
    };
    let typed = input.value().to_owned();
    let candidates = complete::query(state, &typed);
    let words: Vec<&str> = candidates.iter().map(|one| one.text.rsplit(' ').next().unwrap_or_default()).collect();
    let ways = format!("{WAYS}{}", if words.is_empty() { "none".to_owned() } else { words.join("  ") });
    let common = complete::common(&candidates).filter(|common| common.len() > typed.len());
    let Some(prompt) = prompt(state) else { return };
    prompt.hints.retain(|hint| !hint.starts_with(WAYS));
    if candidates.len() != 1 {
        prompt.hints.push(ways);
    }
    if let Some(common) = common {
        prompt.input = Input::new(common);
        prompt.error = None;
        changed(state, fx);
    }
}

/// A digit on the empty reason line picks a template.
fn pick_template(state: &mut State, key: Key) -> bool {
    let Some(Overlay::Prompt(Prompt { kind: PromptKind::Reason(targets), input, .. })) = &state.overlay else {
        return false;
    };
    let Some(c) = super::input::character(key).filter(|_| input.value().is_empty()) else { return false };
    let Some(picked) = state.options.templates.iter().find(|template| template.key == c) else { return false };
    // For one assignment the template is filled in at once and can be edited; for several it is filled in for each.
    let filled = match targets.keys.as_slice() {
        // What is not loaded is read when the line is done.
        [key] if state.detail(*key).is_none() && template::needs_detail(&picked.text) => None,
        [key] => state.model.row(*key).map(|row| match template::is_template(&picked.text) {
            true => template::render(state, row, &picked.text),
            false => Ok(picked.text.clone()),
        }),
        _ => None,
    };
    let (text, error) = match filled {
        Some(Ok(text)) => (text, None),
        Some(Err(message)) => (picked.text.clone(), Some(PromptError { column: None, message })),
        None => (picked.text.clone(), None),
    };
    if let Some(prompt) = prompt(state) {
        prompt.input = Input::new(text);
        prompt.error = error;
    }
    true
}

/// The text has changed: a filter shows what it finds while it is typed.
fn changed(state: &mut State, fx: &mut Vec<Effect>) {
    let Some(prompt) = prompt(state) else { return };
    if let PromptKind::Workers(Line::Filter { .. }) = prompt.kind {
        let text = prompt.input.value().to_owned();
        if let Err(error) = workers::typed(state, &text) {
            fail(state, error);
        }
        return;
    }
    let Some(prompt) = self::prompt(state) else { return };
    if let PromptKind::Batches(BatchLine::Filter { .. }) = prompt.kind {
        let text = prompt.input.value().to_owned();
        if let Err(error) = batches::typed(state, &text) {
            fail(state, error);
        }
        return;
    }
    let Some(prompt) = self::prompt(state) else { return };
    if let PromptKind::Filter { .. } = prompt.kind {
        let text = prompt.input.value().to_owned();
        let pause = if state.model.rows().len() > motion::AT_ONCE { PAUSE } else { 0 };
        state.typed = Some(Typed { at: state.now.wall.plus(pause), text });
        if pause == 0 {
            apply_typed(state, fx);
        }
    }
}

/// Applies the filter as it was typed. What cannot be read yet is said, and the list stays.
pub(super) fn apply_typed(state: &mut State, fx: &mut Vec<Effect>) {
    let Some(typed) = state.typed.take() else { return };
    let error = filter::set(state, &typed.text, fx).err().map(at_column);
    if let Some(prompt) = prompt(state) {
        prompt.error = error;
    }
    state.touch();
}

fn at_column(error: QueryError) -> PromptError {
    PromptError { column: Some(error.column - 1), message: error.to_string() }
}

fn fail(state: &mut State, error: PromptError) {
    if let Some(prompt) = prompt(state) {
        prompt.error = Some(error);
    }
}

fn enter(state: &mut State, fx: &mut Vec<Effect>) {
    let Some(Overlay::Prompt(prompt)) = &state.overlay else { return };
    let (text, kind) = (prompt.input.value().to_owned(), prompt.kind.clone());
    // The prompt closes first, so that a guard can put its question in its place; an error brings it back.
    let prompt = state.overlay.take();
    let done = match kind {
        PromptKind::Reason(targets) => policy::check_reason(&text)
            .map_err(|refusal| plain(refusal.to_string()))
            .and_then(|()| decide::decide(state, Act::Reject { reason: text }, targets, fx).map_err(plain)),
        PromptKind::Feedback(targets) => {
            let feedback = (!text.trim().is_empty()).then_some(text);
            decide::decide(state, Act::Approve { feedback }, targets, fx).map_err(plain)
        }
        PromptKind::BonusAmount(targets) => bonus_amount(state, &text, targets),
        PromptKind::BonusReason(targets, amount) => policy::check_bonus_reason(&text)
            .map_err(|refusal| plain(refusal.to_string()))
            .and_then(|()| decide::decide(state, Act::Bonus { amount, reason: text }, targets, fx).map_err(plain)),
        PromptKind::Filter { .. } => {
            state.typed = None;
            // Nothing typed: what the tab shows.
            let tab = state.views.tabs.get(state.views.current).map_or("", |tab| tab.query.as_str());
            let text = if text.trim().is_empty() { tab.to_owned() } else { text };
            if text == state.views.filter { Ok(()) } else { filter::set(state, &text, fx).map_err(at_column) }
        }
        PromptKind::Workers(Line::Filter { .. }) => workers::typed(state, &text),
        PromptKind::Workers(line) => workers_act::enter(state, line, &text, fx).map_err(plain),
        PromptKind::Batches(line) => batches_act::enter(state, line, &text, fx).map_err(plain),
        PromptKind::Mark => filter::mark(state, &text, fx).map_err(at_column),
        PromptKind::Note(key) => {
            copy::note(state, key, text, fx);
            Ok(())
        }
        PromptKind::Qualification(kind) => quals::enter(state, kind, &text, fx),
        PromptKind::Pipe(targets) => copy::pipe(state, text, &targets, fx).map_err(plain),
        PromptKind::Brake { words, proposal } => {
            if text.trim() == words {
                decide::stage(state, proposal, fx);
                Ok(())
            } else {
                Err(plain(format!("to go on, type: {words}; Esc rejects nothing")))
            }
        }
    };
    if let Err(error) = done {
        state.overlay = prompt;
        fail(state, error);
    }
}

const fn plain(message: String) -> PromptError {
    PromptError { column: None, message }
}

fn bonus_amount(state: &mut State, text: &str, targets: Targets) -> Result<(), PromptError> {
    let text = text.trim().trim_start_matches('$');
    let amount = Usd::parse(text).map_err(|error| plain(error.to_string()))?;
    policy::may_bonus(amount, state.options.bonus_limit).map_err(|refusal| plain(refusal.to_string()))?;
    let label = format!("bonus of {} for {}, reason", amount.display(), of_words(&targets));
    let count = targets.keys.len() as u64;
    let (sum, fees) = (amount.times(count), FeeSchedule::AMAZON.of_bonus(amount).times(count));
    let together = (sum + fees).display();
    let cost = format!("{} and {} in Amazon's fees, {together} in all", sum.display(), fees.display());
    open(state, PromptKind::BonusReason(targets, amount), label, "", vec![cost]);
    Ok(())
}
