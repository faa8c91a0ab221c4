//! A batch file on the Batches screen: opened, checked, looked through, published.

use super::decide::{ask, real_money};
use super::{batches_anew, prompt, say};
use crate::app::batches::line::Line;
use crate::app::batches::{Checked, Ended, Looked, OpenFile, PublishAsk, Running, Tab, cost_rows};
use crate::app::command::CommandId;
use crate::app::effect::Effect;
use crate::app::event::{Level, RequestId};
use crate::app::format;
use crate::app::layout::Pane;
use crate::app::overlay::{Answer, AskKind, Overlay, Prompt, PromptKind};
use crate::app::state::State;
use crate::domain::time::Millis;
use crate::exchange::batch::check;
use std::sync::Arc;
use tui_input::Input;

/// So many files that were opened before are offered, on digits.
const OFFERED: usize = 9;
/// How the hint begins that shows the ways to go on with a path.
const WAYS: &str = "tab: ";

/// Opens the line for the path of a batch file; `argument` comes from the palette.
pub(super) fn open(state: &mut State, argument: &str, fx: &mut Vec<Effect>) -> Result<(), String> {
    if !argument.is_empty() {
        return read(state, argument, fx);
    }
    let hints = offered(state);
    prompt::open(state, PromptKind::Batches(Line::Open), "open batch file".to_owned(), "", hints);
    Ok(())
}

/// The files that were opened before, on digits.
pub(super) fn offered(state: &State) -> Vec<String> {
    let files = state.batches.known.iter().flat_map(|known| &known.files).take(OFFERED);
    files.enumerate().map(|(at, path)| format!("{}  {path}", at + 1)).collect()
}

/// Whether the path of a batch file is typed.
const fn takes_path(prompt: &Prompt) -> bool {
    matches!(prompt.kind, PromptKind::Batches(Line::Open | Line::Require(_)))
}

/// A digit on the empty line picks a file that was opened before. Says whether it did.
pub(super) fn pick(state: &mut State, typed: char) -> bool {
    let Some(Overlay::Prompt(prompt)) = &state.overlay else { return false };
    if !takes_path(prompt) {
        return false;
    }
    let place = typed.to_digit(10).and_then(|digit| (digit as usize).checked_sub(1));
    let files = state.batches.known.as_ref().map(|known| &known.files);
    let picked = place.filter(|_| prompt.input.value().is_empty()).and_then(|at| files?.get(at).cloned());
    let Some(path) = picked else { return false };
    if let Some(Overlay::Prompt(prompt)) = &mut state.overlay {
        prompt.input = Input::new(path);
    }
    true
}

/// Tab goes on with the path: the disk is asked.
pub(super) fn complete(state: &mut State, fx: &mut Vec<Effect>) {
    if let Some(Overlay::Prompt(prompt)) = &state.overlay
        && takes_path(prompt)
    {
        fx.push(Effect::CompletePath(prompt.input.value().to_owned()));
    }
}

/// The ways to go on with a path that was typed; of another text they are dropped.
pub(super) fn completed(state: &mut State, typed: &str, ways: &[String]) {
    let Some(Overlay::Prompt(prompt)) = &mut state.overlay else { return };
    if !takes_path(prompt) || prompt.input.value() != typed {
        return;
    }
    prompt.hints.retain(|hint| !hint.starts_with(WAYS));
    let common = ways.iter().skip(1).fold(ways.first().cloned().unwrap_or_default(), |common, way| {
        let same = common.chars().zip(way.chars()).take_while(|(a, b)| a == b).count();
        common.chars().take(same).collect()
    });
    if common.len() > typed.len() {
        prompt.input = Input::new(common);
        prompt.error = None;
    }
    if ways.len() != 1 {
        let names: Vec<&str> =
            ways.iter().map(|way| way.trim_end_matches('/').rsplit('/').next().unwrap_or(way)).collect();
        prompt.hints.push(format!("{WAYS}{}", if names.is_empty() { "none".to_owned() } else { names.join("  ") }));
    }
    state.touch();
}

/// Reads a batch file and shows what is to be known of it.
pub(super) fn read(state: &mut State, path: &str, fx: &mut Vec<Effect>) -> Result<(), String> {
    let path = path.trim();
    if path.is_empty() {
        return Err("a batch file is a TOML file: type its path, Tab completes".to_owned());
    }
    batches_anew::free(state)?;
    let request = state.request();
    state.batches.file = Some(OpenFile::new(path, request, state.now.wall));
    (state.batches.tab, state.batches.scroll, state.focus) = (Tab::File, 0, Pane::BatchPage);
    fx.push(Effect::CheckBatch { request, path: path.to_owned(), limit: None });
    Ok(())
}

/// Looks at the open file again, as it is on the disk now.
pub(super) fn again(state: &mut State, fx: &mut Vec<Effect>) {
    let request = state.request();
    if state.batches.running.is_some() {
        return;
    }
    let Some(file) = state.batches.file.as_mut() else { return };
    (file.request, file.asking) = (request, None);
    (file.watch.read, file.watch.waiting) = (state.now.wall, false);
    fx.push(Effect::CheckBatch { request, path: file.path.clone(), limit: None });
}

/// Sees whether the files have changed on the disk, if it is time for that.
pub(super) fn look(state: &mut State, fx: &mut Vec<Effect>) {
    let now = state.now.wall;
    if state.next_look().is_none_or(|at| at > now) {
        return;
    }
    let Some(file) = state.batches.file.as_mut() else { return };
    (file.watch.looked, file.watch.waiting) = (now, true);
    fx.push(Effect::WatchBatch { request: file.request, path: file.path.clone() });
}

/// How the files stand on the disk: `mark` tells two states of them apart, `newest` is when one of them was last changed. What has
/// changed is read again, but not under a question; an answer to an older question is dropped.
pub(super) fn stands(
    state: &mut State,
    request: RequestId,
    (mark, newest): (u64, Option<Millis>),
    fx: &mut Vec<Effect>,
) {
    let is_free = state.overlay.is_none() && state.batches.running.is_none();
    let Some(file) = state.batches.file.as_mut().filter(|file| file.request == request) else { return };
    file.watch.waiting = false;
    if !is_free || file.asking.is_some() {
        return;
    }
    let changed = match file.watch.seen.replace(mark) {
        Some(seen) => seen != mark,
        None => newest.is_some_and(|at| at >= file.watch.read),
    };
    if changed {
        again(state, fx);
    }
}

/// What was found; an answer to an older question is dropped.
pub(super) fn checked(state: &mut State, request: RequestId, found: Result<Arc<Looked>, String>, fx: &mut Vec<Effect>) {
    let Some(file) = state.batches.file.as_mut().filter(|file| file.request == request) else { return };
    let asking = file.asking.take();
    state.touch();
    match (asking, found) {
        // Of a pilot fewer rows were counted: that is for its question alone, the page goes on to show all of them.
        (Some(limit @ Some(_)), Ok(looked)) => ask_to_publish(state, PublishAsk { looked, limit }, fx),
        (asking, Ok(looked)) => {
            show(state, Checked::Ready(Arc::clone(&looked)));
            if asking.is_some() {
                ask_to_publish(state, PublishAsk { looked, limit: None }, fx);
            }
        }
        (_, Err(why)) => show(state, Checked::Failed(why)),
    }
}

fn show(state: &mut State, checked: Checked) {
    let Some(file) = state.batches.file.as_mut() else { return };
    let row = file.preview.as_ref().map_or(0, |preview| preview.row);
    file.checked = checked;
    file.show(row);
}

/// Shows another row of the open file; `argument` is its number, from 1.
pub(super) fn turn(state: &mut State, id: CommandId, argument: &str) -> Result<(), String> {
    let Some(file) = state.batches.file.as_mut() else { return Err("no batch file is open: o opens one".to_owned()) };
    let row = file.preview.as_ref().map_or(0, |preview| preview.row);
    let wanted = match (argument.trim(), id) {
        ("", CommandId::PreviousItem) => row.saturating_sub(1),
        ("", _) => row + 1,
        (text, _) => {
            let number: usize = text.parse().map_err(|_| format!("{text:?} is no number of a row"))?;
            number.saturating_sub(1)
        }
    };
    file.show(wanted);
    (state.batches.tab, state.batches.scroll, state.focus) = (Tab::Preview, 0, Pane::BatchPage);
    Ok(())
}

/// Asks how many rows are published; `argument` comes from the palette.
pub(super) fn begin(state: &mut State, argument: &str, fx: &mut Vec<Effect>) -> Result<(), String> {
    let Some(file) = &state.batches.file else { return Err("no batch file is open: o opens one".to_owned()) };
    batches_anew::free(state)?;
    let Some(looked) = file.looked().cloned() else { return Err("the file cannot be published as it is".to_owned()) };
    state.batches.tab = Tab::File;
    if let Some(obstacle) = looked.obstacle() {
        return Err(obstacle);
    }
    if !argument.is_empty() {
        return limited(state, argument, fx);
    }
    let label = format!("publish {}, rows", looked.draft.spec.name);
    let hints = vec![
        format!("empty: all {} that are missing", format::plural(looked.missing, "row")),
        "a number N: a pilot, what is missing of the file's first N rows".to_owned(),
    ];
    prompt::open(state, PromptKind::Batches(Line::Publish), label, "", hints);
    Ok(())
}

/// The number of rows is typed: the file is read again with it, and then there is a question.
pub(super) fn limited(state: &mut State, text: &str, fx: &mut Vec<Effect>) -> Result<(), String> {
    let limit = match text.trim() {
        "" => None,
        text => match text.replace(',', "").parse() {
            Ok(0) => return Err("a pilot of no rows publishes nothing: 1 or more, or nothing for all".to_owned()),
            Err(_) => return Err(format!("{text:?} is no number of rows")),
            Ok(limit) => Some(limit),
        },
    };
    let request = state.request();
    let Some(file) = state.batches.file.as_mut() else { return Ok(()) };
    (file.request, file.asking, file.watch.waiting) = (request, Some(limit), false);
    fx.push(Effect::CheckBatch { request, path: file.path.clone(), limit });
    Ok(())
}

fn ask_to_publish(state: &mut State, wanted: PublishAsk, fx: &mut Vec<Effect>) {
    if let Some(obstacle) = wanted.obstacle() {
        say(state, Level::Warning, format!("nothing is published: {obstacle}"));
        // What is in the way may be newer than what is shown.
        return again(state, fx);
    }
    if state.overlay.is_some() {
        return say(state, Level::Warning, "nothing is published: something else was open; do it again");
    }
    let looked = &wanted.looked;
    let mut lines: Vec<String> = wanted.there().into_iter().collect();
    if let Some(cost) = &looked.report.cost {
        let assignments = format::plural(cost.assignments as usize, "assignment");
        lines.push(format!("{}, {assignments}", format::plural(cost.hits as usize, "HIT")));
    }
    for (label, pieces) in cost_rows(looked) {
        let labels = std::iter::once(label).chain(std::iter::repeat(""));
        lines.extend(labels.zip(pieces).map(|(label, (words, _))| format!("{label:<9}{words}")));
    }
    if let Some(wage) = looked.report.wage {
        let short = if wage.is_fair() { "" } else { ", which is under the target" };
        lines.push(format!("an hour  {}{short}", wage.hourly.display()));
    }
    let warnings = looked.report.of(check::Level::Warning).count();
    if warnings > 0 {
        lines.push(format!("! {}: the tab \"file\" has them", format::plural(warnings, "warning")));
    }
    lines.extend(real_money(state));
    let title = format!("{}?", wanted.words());
    let answers = vec![Answer { key: 'y', label: "publish" }, Answer { key: 'n', label: "publish nothing" }];
    ask(state, AskKind::Publish(wanted), title, lines, answers);
}

/// The person has agreed.
pub(super) fn publish(state: &mut State, agreed: PublishAsk, fx: &mut Vec<Effect>) {
    let Some(file) = state.batches.file.as_mut() else { return };
    let PublishAsk { looked, limit } = agreed;
    file.ended = None;
    let (request, failed) = (file.request, looked.draft.files.data.clone());
    let (what, all) = (looked.draft.spec.name.to_string(), looked.missing);
    state.batches.running = Some(Running { request, what, key: "p", done: 0, all, stopping: false });
    fx.push(Effect::PublishBatch { request, looked, limit, data: failed });
    state.touch();
}

/// Publishing has ended: if it was that of the open file, it is looked at again.
pub(super) fn ended(state: &mut State, request: RequestId, ended: Result<Ended, String>, fx: &mut Vec<Effect>) {
    if let Some(file) = state.batches.file.as_mut().filter(|file| file.request == request) {
        file.ended = Some(ended);
        again(state, fx);
    }
}
