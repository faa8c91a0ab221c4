//! Marks of holders and requests: by line, by range, by query. They are kept by what they mark; those that the list does not
//! show are never acted on.

use super::motion::Step;
use super::{prompt, quals, say, workers};
use crate::app::command::CommandId;
use crate::app::effect::{NewDecision, Subject};
use crate::app::event::Level;
use crate::app::format;
use crate::app::overlay::{PromptKind, QualPrompt};
use crate::app::quals::{Item, Shown};
use crate::app::state::State;
use crate::domain::decision::Target;

/// A command about marks.
pub(super) fn run(state: &mut State, id: CommandId, argument: &str) -> Result<(), String> {
    match id {
        CommandId::Mark => toggle(state),
        CommandId::Range if state.people.quals.anchor.is_some() => end_range(state),
        CommandId::Range => state.people.quals.anchor = state.quals_item().map(Item::target),
        CommandId::MarkShown => {
            let shown: Vec<_> = state.quals_items().into_iter().map(Item::target).collect();
            state.people.quals.marks.extend(shown);
            state.people.quals.anchor = None;
        }
        CommandId::MarkQuery if argument.is_empty() => {
            let kind = QualPrompt::Mark;
            prompt::open(state, PromptKind::Qualification(kind), "mark what fits".to_owned(), "", quals::hints(kind));
        }
        CommandId::MarkQuery => by_query(state, argument)?,
        _ => {
            state.people.quals.marks.clear();
            state.people.quals.anchor = None;
        }
    }
    Ok(())
}

/// Marks or unmarks the line under the cursor and moves on.
fn toggle(state: &mut State) {
    let Some(target) = state.quals_item().map(Item::target) else { return };
    if !state.people.quals.marks.remove(&target) {
        state.people.quals.marks.insert(target);
    }
    quals::step(state, Step::Lines(1), 1);
}

/// Marks the lines of a range that was begun, if one was.
pub(super) fn end_range(state: &mut State) {
    let items = state.quals_items();
    let lines = state.quals_range(&items);
    let targets: Vec<_> =
        lines.into_iter().flatten().filter_map(|line| items.get(line)).map(|item| item.target()).collect();
    state.people.quals.marks.extend(targets);
    state.people.quals.anchor = None;
}

/// Marks the shown lines that fit.
pub(super) fn by_query(state: &mut State, text: &str) -> Result<(), String> {
    let wanted = Shown::parse(text)?;
    if wanted.asks() {
        workers::gather_once(state);
    }
    let items = state.quals_items().into_iter();
    let targets: Vec<Target> = items.filter(|item| state.quals_fits(&wanted, *item)).map(Item::target).collect();
    say(state, Level::Info, format!("{} marked", format::count(targets.len())));
    state.people.quals.marks.extend(targets);
    Ok(())
}

/// Takes the marks away from what is decided. Says which they were.
pub(super) fn without(state: &mut State, decisions: &[NewDecision]) -> Vec<Target> {
    let marks = &mut state.people.quals.marks;
    let targets = decisions.iter().filter_map(|new| match &new.subject {
        Subject::Other(target) => Some(target),
        Subject::Assignment(_) | Subject::Hit(_) => None,
    });
    targets.filter_map(|target| marks.take(target)).collect()
}
