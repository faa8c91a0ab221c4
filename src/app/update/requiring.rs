//! A batch file on the disk that is made to require something as well: its path, what it gets, and a question before it is
//! written.

use super::decide::ask;
use super::{batches_file, prompt, say};
use crate::app::batches::line::Line;
use crate::app::effect::Effect;
use crate::app::event::{Level, RequestId};
use crate::app::format;
use crate::app::overlay::{Answer, AskKind, Overlay, PromptError, PromptKind, Replacement};
use crate::app::state::State;
use crate::domain::requirement::Required;
use crate::domain::system_type::is_sandbox;
use crate::exchange::batch::require;

/// Asks for the batch file that is to require this as well. The one that is open is offered.
pub(super) fn open(state: &mut State, wanted: Vec<Required>) {
    let path = state.batches.file.as_ref().map_or(String::new(), |file| file.path.clone());
    open_with(state, &path, wanted, None);
}

fn open_with(state: &mut State, path: &str, wanted: Vec<Required>, error: Option<String>) {
    let types = state.people.known.as_ref().map_or(&[][..], |known| &known.types);
    let mut hints = batches_file::offered(state);
    let words = |one: &Required| format!("{} {} {}", one.type_name(types), one.comparator.sign(), one.values_words());
    hints.extend(wanted.iter().map(|one| format!("it gets: {}", words(one).trim_end())));
    prompt::open(state, PromptKind::Batches(Line::Require(wanted)), "batch file".to_owned(), path, hints);
    if let (Some(message), Some(Overlay::Prompt(prompt))) = (error, &mut state.overlay) {
        prompt.error = Some(PromptError { column: None, message });
    }
}

/// The path is typed: the file is read.
pub(super) fn read(state: &mut State, path: &str, wanted: Vec<Required>, fx: &mut Vec<Effect>) -> Result<(), String> {
    if path.is_empty() {
        return Err("a batch file is a TOML file: type its path, Tab completes".to_owned());
    }
    let request = state.request();
    state.people.quals.requiring = Some((request, path.to_owned(), wanted));
    fx.push(Effect::ReadToChange { request, path: path.to_owned() });
    Ok(())
}

/// A file was read. Says whether it was a batch file that was asked for.
pub(super) fn file_read(state: &mut State, request: RequestId, text: &Result<String, String>) -> bool {
    let Some((_, path, wanted)) = state.people.quals.requiring.take_if(|(asked, ..)| *asked == request) else {
        return false;
    };
    if state.overlay.is_some() {
        say(state, Level::Warning, format!("nothing was added to {path}: something else was open; do it again"));
        return true;
    }
    let shown = text.as_deref().map_err(ToOwned::to_owned).and_then(|text| show(state, &path, text, &wanted));
    if let Err(problem) = shown {
        open_with(state, &path, wanted, Some(problem));
    }
    state.touch();
    true
}

/// Shows what the file gets, line by line, and asks.
fn show(state: &mut State, path: &str, text: &str, wanted: &[Required]) -> Result<(), String> {
    let types = state.people.known.as_ref().map_or(&[][..], |known| &known.types);
    // Of several faults the first one is enough to begin with.
    let first = |error: &dyn std::fmt::Display| error.to_string().lines().next().unwrap_or_default().to_owned();
    let addition = require(path, text, wanted, types, is_sandbox(&state.env.host)).map_err(|error| first(&error))?;
    let there: Vec<String> = addition.there.iter().map(|one| format!("it requires {one} already")).collect();
    if addition.added.is_empty() {
        say(state, Level::Info, format!("{path} stays as it is: {}", there.join("; ")));
        return Ok(());
    }
    let mut lines = there;
    lines.extend(addition.lines.iter().map(|(line, text)| format!("{line:>4} + {text}")));
    lines.push("Everything else in the file stays as it is.".to_owned());
    let title = format!("add {} to {path}?", format::plural(addition.added.len(), "requirement"));
    let file = Replacement { path: path.to_owned(), before: text.to_owned(), after: addition.text };
    let answers = vec![Answer { key: 'y', label: "write it" }, Answer { key: 'n', label: "leave the file as it is" }];
    ask(state, AskKind::Require(file), title, lines, answers);
    Ok(())
}

/// A file got another text: if it is the one that is open, it is looked at again.
pub(super) fn replaced(state: &mut State, path: &str, done: Result<String, String>, fx: &mut Vec<Effect>) {
    match done {
        Ok(text) => {
            say(state, Level::Info, text);
            if state.batches.file.as_ref().is_some_and(|file| file.path == path) {
                batches_file::again(state, fx);
            }
        }
        Err(text) => say(state, Level::Error, text),
    }
}
