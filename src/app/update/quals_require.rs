//! The table of requirements: its keys, and what the account says of them.

use super::{overlay, prompt, requiring, say, workers};
use crate::app::effect::Effect;
use crate::app::event::Level;
use crate::app::format;
use crate::app::key::{Code, Key};
use crate::app::overlay::Overlay;
use crate::app::quals::{Builder, Looked, Typing};
use crate::app::state::State;
use crate::domain::policy;
use crate::domain::qualification::KnownType;
use crate::domain::requirement::{self, Comparator, Guard, Required};
use crate::domain::system_type::{SystemType, is_sandbox};
use tui_input::Input;

const NOTHING: &str = "there is no requirement yet: n begins one";

/// Opens the table with what was put together last; with the type under the cursor where that is nothing.
pub(super) fn open(state: &mut State) {
    let mut rows = state.people.quals.required.clone();
    if let Some(kind) = state.type_here().filter(|_| rows.is_empty()) {
        rows.push(Required {
            qualification: kind.it.id.to_string(),
            comparator: Comparator::Exists,
            integers: Vec::new(),
            locales: Vec::new(),
            guard: Guard::Accept,
        });
    }
    state.overlay = Some(Overlay::Requirements(Box::new(Builder::new(rows, is_sandbox(&state.env.host)))));
    look(state);
}

/// Asks the account what the requirements come to.
fn look(state: &mut State) {
    workers::gather_once(state);
    let Some(Overlay::Requirements(builder)) = &state.overlay else { return };
    let scores = state.people.known.as_ref().map_or(&[][..], |known| &known.qualifications);
    let everybody = || state.people.workers.everybody().map(|one| (&one.id, one.stats.lifetime));
    let current = builder.current();
    let looked = Looked {
        all: requirement::pool(builder.rows(), everybody(), scores),
        one: requirement::pool(current.map_or(&[][..], std::slice::from_ref), everybody(), scores),
        how: current.and_then(|one| how(state, one)),
    };
    if let Some(Overlay::Requirements(builder)) = &mut state.overlay {
        builder.looked = looked;
    }
}

/// How workers come by what is required, where they need something for it.
fn how(state: &State, required: &Required) -> Option<String> {
    if required.comparator == Comparator::DoesNotExist || SystemType::of(&required.qualification).is_some() {
        return None;
    }
    let kind = types(state).iter().find(|kind| kind.it.id.as_str() == required.qualification)?;
    let it = &kind.it;
    Some(match (it.auto_granted, &it.test, it.requestable) {
        (_, _, false) => "new workers cannot ask for it: only those you give it to qualify".to_owned(),
        (Some(value), ..) => format!("new workers have to ask for it, and are granted {value} at once"),
        (None, Some(_), true) if it.answer_key.is_some() => "new workers have to take its test first".to_owned(),
        (None, Some(_), true) => "new workers have to take its test and wait for you".to_owned(),
        (None, None, true) => "new workers have to ask for it and wait for you".to_owned(),
    })
}

fn types(state: &State) -> &[KnownType] {
    state.people.known.as_ref().map_or(&[], |known| &known.types)
}

/// Puts text in where it is typed.
pub(super) fn insert(state: &mut State, text: &str) {
    if let Some(Overlay::Requirements(builder)) = &mut state.overlay
        && let Some(input) = &mut builder.typing
    {
        prompt::put_in(input, text);
    }
}

/// One key.
pub(super) fn press(state: &mut State, key: Key, fx: &mut Vec<Effect>) {
    state.notices.clear();
    // Beside the overlay, so that both can be borrowed.
    let Some(Overlay::Requirements(mut builder)) = state.overlay.take() else { return };
    let known = types(state);
    if let Some(input) = &mut builder.typing {
        match key.code {
            Code::Esc => (builder.typing, builder.error) = (None, None),
            Code::Enter if builder.what == Typing::File => write(state, &mut builder, fx),
            Code::Enter => builder.typed(known),
            Code::Tab => builder.complete(known),
            _ => {
                if let Some(request) = prompt::request(key) {
                    input.handle(request);
                    builder.error = None;
                }
            }
        }
    } else if overlay::closes(key) {
        return close(state, *builder);
    } else {
        match key.code {
            Code::Enter | Code::Char(' ') => builder.change(true),
            Code::Backspace => builder.change(false),
            Code::Char('n') => builder.begin(),
            Code::Char('x') => builder.remove(),
            Code::Char('l') | Code::Right | Code::Tab => builder.turn(1),
            Code::Char('h') | Code::Left | Code::BackTab => builder.turn(-1),
            Code::Char('y') => copy(state, &mut builder, fx),
            Code::Char('w') => begin_to_write(&mut builder),
            Code::Char('b') => match for_batch(state, &builder) {
                Ok(wanted) => {
                    close(state, *builder);
                    return requiring::open(state, wanted);
                }
                Err(problem) => builder.error = Some(problem),
            },
            _ => {
                if let Some(by) = overlay::step_of(key, 10) {
                    builder.step(by);
                    builder.error = None;
                }
            }
        }
    }
    state.overlay = Some(Overlay::Requirements(builder));
    look(state);
}

fn toml(state: &State, builder: &Builder) -> Result<String, String> {
    match builder.required()?.as_slice() {
        [] => Err(NOTHING.to_owned()),
        some => Ok(requirement::toml(some, types(state), builder.sandbox)),
    }
}

fn copy(state: &mut State, builder: &mut Builder, fx: &mut Vec<Effect>) {
    match toml(state, builder) {
        Ok(text) => {
            fx.push(Effect::Copy(text));
            let count = format::plural(builder.rows().len(), "requirement");
            say(state, Level::Info, format!("copied as tables of a batch file: {count}"));
        }
        Err(problem) => builder.error = Some(problem),
    }
}

fn begin_to_write(builder: &mut Builder) {
    match builder.required() {
        Ok(_) => (builder.typing, builder.what) = (Some(Input::default()), Typing::File),
        Err(problem) => builder.error = Some(problem),
    }
}

/// What a batch file is to require.
fn for_batch(state: &State, builder: &Builder) -> Result<Vec<Required>, String> {
    match builder.required()? {
        _ if state.options.read_only => Err(policy::Refusal::ReadOnly.to_string()),
        none if none.is_empty() => Err(NOTHING.to_owned()),
        some => Ok(some),
    }
}

fn write(state: &mut State, builder: &mut Builder, fx: &mut Vec<Effect>) {
    let path = builder.typing.as_ref().map_or(String::new(), |input| input.value().trim().to_owned());
    match toml(state, builder) {
        Ok(text) if !path.is_empty() => {
            builder.typing = None;
            fx.push(Effect::WriteText { path, text });
        }
        Ok(_) => builder.error = Some("a name for the file".to_owned()),
        Err(problem) => builder.error = Some(problem),
    }
}

/// Leaves the table. What was put together stays for the next time, and for batches.
fn close(state: &mut State, builder: Builder) {
    let count = builder.rows().len();
    state.people.quals.required = builder.rows().to_vec();
    if count > 0 {
        say(state, Level::Info, format!("{} kept for the next time", format::plural(count, "requirement")));
    }
}
