//! Trying a qualification test out: its keys.

use super::{overlay, prompt};
use crate::app::key::{Code, Key};
use crate::app::overlay::Overlay;
use crate::app::quals::{Tryout, TypeForm};
use crate::app::state::State;

/// Shows the test of the type under the cursor, to be answered.
pub(super) fn open(state: &mut State) -> Result<(), String> {
    let kind = state.type_here().ok_or("put the cursor on a type")?;
    let (test, key) = (kind.it.test.as_deref().unwrap_or(""), kind.it.answer_key.as_deref().unwrap_or(""));
    let test = Tryout::new(&kind.it.name, test, key)?;
    state.overlay = Some(Overlay::Tryout(Box::new(test)));
    settle(state, 0);
    Ok(())
}

/// Shows the test of a form; the form waits below.
pub(super) fn open_from(state: &mut State, form: Box<TypeForm>) {
    use crate::app::quals::Field;
    let name = form.value(Field::Name).trim();
    let name = if name.is_empty() { "new type" } else { name };
    match Tryout::new(name, form.value(Field::Test), form.value(Field::Key)) {
        Ok(mut test) => {
            test.from_form = true;
            state.form = Some(form);
            state.overlay = Some(Overlay::Tryout(Box::new(test)));
            settle(state, 0);
        }
        Err(problem) => {
            let mut form = form;
            form.remarks = vec![problem];
            state.overlay = Some(Overlay::TypeForm(form));
        }
    }
}

/// The text's width and height inside the overlay.
fn view(state: &State) -> (u16, usize) {
    let area = state.overlay.as_ref().map(|over| over.area(state.size.0, state.size.1, 0)).unwrap_or_default();
    (area.width.saturating_sub(4), usize::from(area.height.saturating_sub(2)).max(1))
}

/// Moves the cursor by so many answers, and brings it into view.
fn settle(state: &mut State, by: isize) {
    let (width, height) = view(state);
    if let Some(Overlay::Tryout(test)) = &mut state.overlay {
        test.step(by, width, height);
    }
}

/// Puts text in where it is typed.
pub(super) fn insert(state: &mut State, text: &str) {
    if let Some(Overlay::Tryout(test)) = &mut state.overlay
        && let Some(input) = &mut test.typing
    {
        prompt::put_in(input, text);
    }
}

/// One key.
pub(super) fn press(state: &mut State, key: Key) {
    let (width, height) = view(state);
    let Some(Overlay::Tryout(test)) = &mut state.overlay else { return };
    if let Some(input) = &mut test.typing {
        match key.code {
            Code::Esc => test.typing = None,
            Code::Enter => test.typed(),
            _ => {
                if let Some(request) = prompt::request(key) {
                    input.handle(request);
                }
            }
        }
        return;
    }
    let page = height as isize / 2;
    match key {
        _ if overlay::closes(key) => close(state),
        Key { code: Code::Char('J'), .. } => test.scroll(1, width, height),
        Key { code: Code::Char('K'), .. } => test.scroll(-1, width, height),
        Key { code: Code::PageDown, .. } | Key { code: Code::Char('d'), ctrl: true, .. } => {
            test.scroll(page, width, height);
        }
        Key { code: Code::PageUp, .. } | Key { code: Code::Char('u'), ctrl: true, .. } => {
            test.scroll(-page, width, height);
        }
        Key { code: Code::Enter | Code::Char(' '), .. } => {
            test.answer();
            settle(state, 0);
        }
        Key { code: Code::Char('x'), .. } => test.take_back(),
        _ => {
            if let Some(by) = overlay::step_of(key, height) {
                settle(state, by);
            }
        }
    }
}

/// Goes back to the form that waits, or to the screen.
fn close(state: &mut State) {
    let Some(Overlay::Tryout(test)) = state.overlay.take() else { return };
    if test.from_form
        && let Some(form) = state.form.take()
    {
        state.overlay = Some(Overlay::TypeForm(form));
    }
}
