//! The form of a qualification type: typing, the editor, the question before anything is staged; deleting a type.

use super::overlay::step_of;
use super::{decide, prompt, quals_try, say};
use crate::app::decide::Proposal;
use crate::app::effect::{Effect, NewDecision, Subject};
use crate::app::event::{Level, RequestId};
use crate::app::format;
use crate::app::key::{Code, Key};
use crate::app::overlay::{Answer, AskKind, Overlay};
use crate::app::quals::{Field, TypeForm};
use crate::app::state::State;
use crate::domain::decision::{Decision, Target};
use crate::domain::policy;
use crate::domain::qualification::TypeStatus;
use tui_input::Input;

/// Opens the form: of the type under the cursor, or of a new one. What was left unfinished is there again.
pub(super) fn open(state: &mut State, new: bool) {
    let of = if new { None } else { state.type_here().map(|kind| kind.it.clone()) };
    let id = |form: &TypeForm| form.of.as_ref().map(|it| it.id.clone());
    let left = state.form.take().filter(|form| id(form) == of.as_ref().map(|it| it.id.clone()));
    let form = left.unwrap_or_else(|| Box::new(TypeForm::new(of)));
    state.overlay = Some(Overlay::TypeForm(form));
}

/// Puts text in where it is typed.
pub(super) fn insert(state: &mut State, text: &str) {
    if let Some(Overlay::TypeForm(form)) = &mut state.overlay
        && let Some(input) = &mut form.typing
    {
        prompt::put_in(input, text);
    }
}

/// One key.
pub(super) fn press(state: &mut State, key: Key, fx: &mut Vec<Effect>) {
    let Some(Overlay::TypeForm(form)) = &mut state.overlay else { return };
    if form.editing.is_some() {
        // The editor has the terminal; its answer belongs to this form.
        return;
    }
    let field = form.field();
    if let Some(input) = &mut form.typing {
        match key.code {
            Code::Esc => (form.typing, form.from_file) = (None, false),
            Code::Enter if form.from_file => read_file(state, fx),
            Code::Enter => {
                let text = input.value().to_owned();
                form.typing = None;
                form.set(field, text);
            }
            _ => {
                if let Some(request) = prompt::request(key) {
                    input.handle(request);
                }
            }
        }
        return;
    }
    if let Some(step) = step_of(key, Field::ALL.len()) {
        form.cursor = form.cursor.saturating_add_signed(step).min(Field::ALL.len() - 1);
        return;
    }
    match key.code {
        Code::Esc => close(state),
        Code::Enter => edit(state, field, fx),
        Code::Char('s') => ask(state),
        Code::Char('f') => type_path(form, field),
        Code::Char('t') => {
            if let Some(Overlay::TypeForm(form)) = state.overlay.take() {
                quals_try::open_from(state, form);
            }
        }
        Code::Char('x') => clear(form, field),
        _ => {}
    }
}

/// Closes the form; what was changed in it stays for the next time.
fn close(state: &mut State) {
    let Some(Overlay::TypeForm(form)) = state.overlay.take() else { return };
    if !form.changes().is_empty() {
        say(state, Level::Info, "nothing was staged; the form is kept as it is until another one is opened");
        state.form = Some(form);
    }
}

fn clear(form: &mut TypeForm, field: Field) {
    match form.locked(field) {
        Some(why) => form.remarks = vec![format!("{}: {why}", field.title())],
        None if field == Field::Status => {}
        None => form.set(field, String::new()),
    }
}

/// Begins to change a field: a line is typed, a document is written in the editor, the status is turned.
fn edit(state: &mut State, field: Field, fx: &mut Vec<Effect>) {
    let request = state.request();
    let Some(Overlay::TypeForm(form)) = &mut state.overlay else { return };
    if let Some(why) = form.locked(field) {
        form.remarks = vec![format!("{}: {why}", field.title())];
    } else if field == Field::Status {
        let active = form.value(field) == TypeStatus::Active.name();
        form.set(field, if active { TypeStatus::Inactive } else { TypeStatus::Active }.name().to_owned());
    } else if field.is_document() {
        form.editing = Some((request, field));
        fx.push(Effect::Edit { request, text: form.value(field).to_owned() });
    } else {
        form.typing = Some(Input::new(form.value(field).to_owned()));
    }
}

/// Begins to type the path of the file that a document is read from.
fn type_path(form: &mut TypeForm, field: Field) {
    if let Some(why) = form.locked(field) {
        form.remarks = vec![format!("{}: {why}", field.title())];
    } else if field.is_document() {
        form.from_file = true;
        form.typing = Some(Input::new(form.file(field).to_owned()));
    } else {
        form.remarks = vec!["f reads the test or the answer key from a file: put the cursor on one of them".to_owned()];
    }
}

/// The path is typed: the file is read.
fn read_file(state: &mut State, fx: &mut Vec<Effect>) {
    let request = state.request();
    let Some(Overlay::TypeForm(form)) = &mut state.overlay else { return };
    let field = form.field();
    form.from_file = false;
    let path = form.typing.take().map_or(String::new(), |input| input.value().trim().to_owned());
    if !path.is_empty() {
        form.set_file(field, path.clone());
        form.editing = Some((request, field));
        fx.push(Effect::ReadText { request, path });
    }
}

/// A file was read: the form's, if it asked for it.
pub(super) fn file_read(state: &mut State, request: RequestId, text: Result<String, String>) {
    let Some(Overlay::TypeForm(form)) = &mut state.overlay else { return };
    let Some((_, field)) = form.editing.take_if(|(asked, _)| *asked == request) else { return };
    match text {
        Ok(text) => form.set(field, text),
        Err(reason) => form.remarks = vec![format!("{}: {reason}", field.title())],
    }
    state.touch();
}

/// The document that came back from the editor, if it is the form's.
pub(super) fn edited(state: &mut State, request: RequestId, text: &Result<String, String>) -> bool {
    let Some(Overlay::TypeForm(form)) = &mut state.overlay else { return false };
    let Some((_, field)) = form.editing.take_if(|(asked, _)| *asked == request) else { return false };
    match text {
        Ok(text) if text.trim().is_empty() => form.set(field, String::new()),
        // Editors end a file with a newline; that alone is no change.
        Ok(text) if text.trim_end() == form.value(field).trim_end() => {}
        Ok(text) => form.set(field, text.clone()),
        Err(reason) => form.remarks = vec![format!("the editor: {reason}")],
    }
    state.touch();
    true
}

/// Shows what would change and asks.
fn ask(state: &mut State) {
    let read_only = state.options.read_only;
    let Some(Overlay::TypeForm(form)) = &mut state.overlay else { return };
    let draft = match form.draft() {
        _ if read_only => Err(policy::Refusal::ReadOnly.to_string()),
        _ if form.changes().is_empty() => Err("nothing has been changed".to_owned()),
        draft => draft,
    };
    let draft = match draft {
        Ok(draft) => Box::new(draft),
        Err(problem) => {
            form.remarks = vec![problem];
            return;
        }
    };
    let name = form.value(Field::Name).trim().to_owned();
    let (target, decision) = match &form.of {
        Some(it) => (Target::Type(it.id.clone()), Decision::UpdateType(draft)),
        None => (Target::NewType(name.as_str().into()), Decision::CreateType(draft)),
    };
    if let Err(refusal) = policy::may_decide_other(&target, &decision) {
        form.remarks = vec![refusal.to_string()];
        return;
    }
    let lines = form.diff().into_iter().chain(form.remarks.clone()).collect();
    let words = format!("{} {name}", decision.verb());
    let kept = state.overlay.take();
    if let Some(Overlay::TypeForm(form)) = kept {
        state.form = Some(form);
    }
    put(state, target, decision, words, lines, "do it", "back to the form");
}

fn put(
    state: &mut State,
    target: Target,
    decision: Decision,
    words: String,
    lines: Vec<String>,
    yes: &'static str,
    no: &'static str,
) {
    let mut proposal = Proposal::empty(false);
    let title = format!("{words}?");
    proposal.words = words;
    proposal.decisions.push(NewDecision { subject: Subject::Other(target), decision });
    let lines = lines.into_iter().chain(decide::real_money(state)).collect();
    let answers = vec![Answer { key: 'y', label: yes }, Answer { key: 'n', label: no }];
    decide::ask(state, AskKind::Type(proposal), title, lines, answers);
}

/// The answer to the question before a type is created, changed or deleted.
pub(super) fn answer(state: &mut State, yes: bool, proposal: Proposal, fx: &mut Vec<Effect>) {
    if yes {
        state.form = None;
        let words = proposal.words.clone();
        decide::stage(state, proposal, fx);
        say(state, Level::Info, format!("{words}: staged; u takes it back"));
    } else if let Some(form) = state.form.take() {
        state.overlay = Some(Overlay::TypeForm(form));
    }
}

/// Asks whether the type under the cursor is to be deleted, and says what that brings about.
pub(super) fn delete(state: &mut State) {
    let Some(kind) = state.type_here().cloned() else { return };
    let target = Target::Type(kind.it.id.clone());
    state.form = None;
    let known = state.people.known.as_ref();
    let uses: u32 =
        known.into_iter().flat_map(|known| &known.uses).filter(|of| of.requires(&kind.it.id)).map(|of| of.hits).sum();
    let mut lines = vec!["HIT types that require it are deleted with it; what was granted remains.".to_owned()];
    if uses > 0 {
        lines.push(format!("! {} that are known here require it.", format::plural(uses as usize, "HIT")));
    }
    if kind.requests > 0 {
        lines.push(format!("! {} waiting would be rejected.", format::plural(kind.requests as usize, "request")));
    }
    lines.push("Its name cannot be used again for up to 48 hours.".to_owned());
    lines.push("Made inactive instead (e), it can no longer be asked for, and everything stays.".to_owned());
    let words = format!("delete type {}", kind.it.name);
    put(state, target, Decision::DeleteType, words, lines, "delete it", "leave it");
}
