//! What leaves the desk by other ways than decisions: the clipboard, the browser, the editor, other programs; and notes.

use super::{bulk, say};
use crate::app::bulk::Then;
use crate::app::decide::Targets;
use crate::app::effect::Effect;
use crate::app::event::{Level, RequestId};
use crate::app::format;
use crate::app::overlay::CopyWhat;
use crate::app::state::State;
use crate::domain::assignment::work_time;
use crate::domain::key::AssignmentKey;
use crate::domain::row::LightRow;
use crate::exchange::output::iso;
use crate::question::answer::Value;
use serde_json::{Map, json};
use std::sync::Arc;

/// Copies something of the row under the cursor, and shows it so that it can be selected by hand.
pub(super) fn copy(state: &mut State, what: CopyWhat, fx: &mut Vec<Effect>) {
    let Some(row) = state.current() else { return };
    let detail = state.detail(row.key);
    let text = match what {
        CopyWhat::Worker => state.model.worker(row.worker).map(ToString::to_string),
        CopyWhat::Hit => state.model.hit(row.hit).map(|hit| hit.id.to_string()),
        CopyWhat::Assignment => detail.map(|detail| detail.id.to_string()),
        CopyWhat::Url => address(state, row),
        CopyWhat::Answer => detail.map(|detail| detail.answer.fields.iter().map(line).collect::<Vec<_>>().join("\n")),
    };
    match text {
        Some(text) => {
            let text = state.scrub(&text);
            fx.push(Effect::Copy(text.clone()));
            say(state, Level::Info, format!("copied: {text}"));
        }
        None => say(state, Level::Warning, "that has not been loaded yet; try again in a moment"),
    }
}

fn line(field: &crate::question::answer::Field) -> String {
    format!("{}: {}", field.name, words(&field.value))
}

fn words(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => text.clone(),
        Value::Choice(chosen) => chosen.join("|"),
        Value::Flag(flag) => flag.to_string(),
        Value::Upload { key, .. } => key.clone(),
    }
}

/// The address under which a worker sees the task.
fn address(state: &State, row: &LightRow) -> Option<String> {
    let site = state.env.worker_site.as_deref()?.trim_end_matches('/');
    let group = state.detail(row.key)?.group.as_ref()?;
    Some(format!("{site}/mturk/preview?groupId={group}"))
}

/// Opens the task as a worker sees it, and shows the address.
pub(super) fn open_url(state: &mut State, fx: &mut Vec<Effect>) {
    let address = state.current().and_then(|row| address(state, row));
    match address {
        Some(address) => {
            say(state, Level::Info, address.clone());
            fx.push(Effect::OpenUrl(address));
        }
        None if state.env.worker_site.is_none() => {
            say(state, Level::Warning, "this environment has no worker site that is known");
        }
        None => {
            state.wants_detail = true;
            say(state, Level::Warning, "the HIT's group has not been loaded yet; try again in a moment");
        }
    }
}

/// Keeps a note.
pub(super) fn note(state: &mut State, key: AssignmentKey, text: String, fx: &mut Vec<Effect>) {
    let text = text.trim_end().to_owned();
    state.model.set_noted(key, !text.is_empty());
    if let Some(detail) = state.details.get_mut(&key) {
        Arc::make_mut(detail).note = (!text.is_empty()).then(|| text.clone());
    }
    state.measured = None;
    say(state, Level::Info, if text.is_empty() { "note removed" } else { "noted" });
    fx.push(Effect::Note(key, text));
}

/// The note of a row, as far as it has been loaded.
pub(super) fn note_of(state: &State, key: AssignmentKey) -> String {
    state.detail(key).and_then(|detail| detail.note.clone()).unwrap_or_default()
}

/// Opens the note in the person's editor.
pub(super) fn edit(state: &mut State, fx: &mut Vec<Effect>) {
    let Some(key) = state.list.cursor else { return };
    let request = state.request();
    state.editing = Some((request, key));
    fx.push(Effect::Edit { request, text: note_of(state, key) });
}

/// The text that came back from the editor.
pub(super) fn edited(state: &mut State, request: RequestId, text: Result<String, String>, fx: &mut Vec<Effect>) {
    let Some((_, key)) = state.editing.take_if(|(asked, _)| *asked == request) else { return };
    match text {
        Ok(text) if text.trim_end() == note_of(state, key).trim_end() => {}
        Ok(text) => note(state, key, text, fx),
        Err(reason) => say(state, Level::Error, format!("the editor: {reason}")),
    }
}

/// Hands rows to a program as JSON lines; those that are not loaded are read first.
pub(super) fn pipe(state: &mut State, command: String, targets: &Targets, fx: &mut Vec<Effect>) -> Result<(), String> {
    if command.trim().is_empty() {
        return Err("a command is needed, such as jq .WorkerId".to_owned());
    }
    let missing = bulk::missing(state, targets);
    if !missing.is_empty() {
        return bulk::read_first(state, Then::Pipe(command, targets.clone()), missing, fx);
    }
    let mut input = String::new();
    for row in targets.keys.iter().filter_map(|key| state.model.row(*key)) {
        input.push_str(&json_line(state, row));
        input.push('\n');
    }
    say(state, Level::Info, format!("{} given to: {command}", format::plural(targets.keys.len(), "row")));
    fx.push(Effect::Pipe { command, input });
    Ok(())
}

fn json_line(state: &State, row: &LightRow) -> String {
    let hit = state.model.hit(row.hit);
    let mut line = Map::new();
    let detail = state.detail(row.key);
    let mut put = |name: &str, value: serde_json::Value| line.insert(name.to_owned(), value);
    if let Some(detail) = detail {
        put("AssignmentId", json!(detail.id.as_str()));
    }
    put("WorkerId", json!(state.model.worker(row.worker).map(|id| id.as_str())));
    put("HITId", json!(hit.map(|hit| hit.id.as_str())));
    put("Batch", json!(hit.map(|hit| &*hit.batch)));
    put("AssignmentStatus", json!(row.status.name()));
    put("Reward", json!(hit.map(|hit| hit.reward.to_string())));
    put("WorkTimeInSeconds", json!(work_time(row.accepted.get(), row.submitted.get()).map(|span| span.0)));
    put("SubmitTime", json!(row.submitted.get().map(iso)));
    put("Summary", json!(&*state.model.summary(row)));
    if let Some(detail) = detail {
        let fields: Map<_, _> =
            detail.answer.fields.iter().map(|field| (field.name.clone(), json!(words(&field.value)))).collect();
        put("Answer", json!(fields));
    }
    serde_json::Value::Object(line).to_string()
}
