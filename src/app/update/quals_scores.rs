//! Score files in the desk: read against the present scores, shown line by line, staged as one group; and written.

use super::decide::{ask, real_money};
use super::workers_act::block_warning;
use super::{decide, prompt, quals, say, workers};
use crate::app::command::CommandId;
use crate::app::decide::Proposal;
use crate::app::effect::{Effect, NewDecision, Subject};
use crate::app::event::{Level, RequestId};
use crate::app::format;
use crate::app::overlay::{Answer, AskKind, PromptKind, QualPrompt};
use crate::app::people::Known;
use crate::app::quals::scores::{BLOCK_REASON, Changed, Present, compare};
use crate::app::state::State;
use crate::domain::decision::Decision;
use crate::domain::id::{QualificationTypeId, WorkerId};
use crate::domain::policy;
use crate::exchange::scores::{self, Held, Layout, ScoreFile, ScoreFileError};
use std::collections::HashMap;

/// Asks for a file, unless it was named.
pub(super) fn begin(state: &mut State, id: CommandId, argument: &str, fx: &mut Vec<Effect>) -> Result<(), String> {
    let name = state.type_here().map_or("", |kind| kind.it.name.as_str());
    let (kind, label) = match id {
        CommandId::ImportScores => (QualPrompt::Import, format!("scores of {name} from the file")),
        _ => (QualPrompt::Export, format!("scores of {name} to the file")),
    };
    if argument.is_empty() {
        prompt::open(state, PromptKind::Qualification(kind), label, "", quals::hints(kind));
        return Ok(());
    }
    enter(state, kind, argument, fx)
}

/// The name of the file is typed.
pub(super) fn enter(state: &mut State, kind: QualPrompt, path: &str, fx: &mut Vec<Effect>) -> Result<(), String> {
    let path = path.trim().to_owned();
    if path.is_empty() {
        return Err("a file is needed".to_owned());
    }
    let of = state.type_here().map(|kind| kind.it.id.clone()).ok_or("put the cursor on a type")?;
    if kind == QualPrompt::Import {
        let request = state.request();
        state.people.quals.reading = Some((request, of));
        fx.push(Effect::ReadText { request, path });
        return Ok(());
    }
    let layout = if path.ends_with(".tab") || path.ends_with(".txt") { Layout::Tab } else { Layout::Csv };
    let holders = held(state, &of).into_iter();
    let mut rows: Vec<Held> = holders.map(|(worker, score)| Held { worker, score, blocked: false }).collect();
    rows.sort_by(|a, b| a.worker.cmp(&b.worker));
    let mut out = Vec::new();
    scores::write(&mut out, layout, "", &rows).map_err(|error| error.to_string())?;
    let text = String::from_utf8(out).map_err(|error| error.to_string())?;
    fx.push(Effect::WriteText { path, text });
    Ok(())
}

/// Who holds a type, with which score.
fn held(state: &State, of: &QualificationTypeId) -> HashMap<WorkerId, Option<i32>> {
    let known = state.people.known.iter().flat_map(|known| &known.qualifications);
    known.filter(|it| it.type_id == *of && !it.revoked).map(|it| (it.worker.clone(), it.score)).collect()
}

/// A file was read. Says whether it was a score file that was asked for.
pub(super) fn file_read(state: &mut State, request: RequestId, text: &Result<String, String>) -> bool {
    let Some((_, of)) = state.people.quals.reading.take_if(|(asked, _)| *asked == request) else { return false };
    if let Err(problem) = text.as_deref().map_err(ToOwned::to_owned).and_then(|text| show(state, &of, text, None)) {
        say(state, Level::Error, problem);
    }
    true
}

/// Shows what a file changes, and asks.
/// `default` is the score of workers who have none in it.
fn show(state: &mut State, of: &QualificationTypeId, text: &str, default: Option<i32>) -> Result<(), String> {
    if state.overlay.is_some() {
        return Err("the score file was read, but something else is open: read it again".to_owned());
    }
    workers::gather_once(state);
    let known = state.people.known.as_ref().ok_or("the qualifications have not been read yet")?;
    let kind = known.types.iter().find(|kind| kind.it.id == *of).ok_or("the type is gone")?;
    let (name, read) = (kind.it.name.clone(), kind.read_at.is_some());
    let file = match scores::read(text, &name, default) {
        Err(ScoreFileError::NoScores) => {
            state.people.quals.list = Some((of.clone(), text.to_owned()));
            let (kind, label) = (QualPrompt::ListScore, format!("{name}: the file has no scores, one for all of it"));
            prompt::open(state, PromptKind::Qualification(kind), label, "", quals::hints(kind));
            return Ok(());
        }
        file => file.map_err(|error| error.to_string())?,
    };
    let present = Present {
        of,
        held: &held(state, of),
        blocked: &|worker| known.blocks.contains_key(worker),
        known: &|worker| state.people.workers.named(worker).is_some(),
        tell: false,
    };
    let diff = compare(&file, present);
    let mut proposal = Proposal::empty(false);
    let mut lines = vec![diff.summary(&name, &file)];
    if !read {
        lines.push("! the holders have not been read whole: R reads them".to_owned());
    }
    lines.extend(file.others.iter().map(|column| others(known, column)));
    if diff.changed.iter().any(|one| matches!(one.decision, Decision::Block { .. })) {
        lines.extend(block_warning());
        lines.push(format!("The reason that is sent with a block: \"{BLOCK_REASON}\""));
    }
    lines.extend(file.broken.iter().map(|broken| format!("! line {}: {}", broken.line, broken.why)));
    lines.extend(diff.changed.iter().map(|one| words(state, one)));
    for one in diff.changed {
        let live = state.outbox.live_on(&one.worker, &one.target);
        let allowed = live.map_or(Ok(()), |verb| Err(policy::Refusal::Live(verb)));
        match allowed.and_then(|()| policy::may_decide_other(&one.target, &one.decision)) {
            Ok(()) => {
                let (subject, decision) = (Subject::Other(one.target), one.decision);
                proposal.decisions.push(NewDecision { subject, decision });
            }
            Err(refusal) => *proposal.refused.entry(refusal).or_default() += 1,
        }
    }
    lines.extend(proposal.refusals().map(|refusals| format!("left out: {refusals}")));
    put(state, &name, &file, proposal, lines);
    Ok(())
}

/// A column of the file that is not followed here.
fn others(known: &Known, column: &str) -> String {
    let name = column.strip_prefix("UPDATE-").unwrap_or(column);
    if known.types.iter().any(|kind| kind.own && kind.it.name == name) {
        format!("! the column {column} is left out: it is of another type; put the cursor on that one")
    } else {
        format!("! the column {column} is left out: you have no qualification type of this name")
    }
}

/// The score for all of a list is typed.
pub(super) fn list_score(state: &mut State, score: i32) -> Result<(), String> {
    let (of, text) = state.people.quals.list.take().ok_or("read the file again")?;
    show(state, &of, &text, Some(score))
}

/// One change for people.
fn words(state: &State, one: &Changed) -> String {
    let what = match &one.decision {
        Decision::Grant { score, .. } => format!("{score}  ({})", one.words),
        _ => one.words.clone(),
    };
    format!("{:<16}  {what}", state.name_of(&one.worker))
}

fn put(state: &mut State, name: &str, file: &ScoreFile, mut proposal: Proposal, mut lines: Vec<String>) {
    let count = proposal.decisions.len();
    if count == 0 && file.broken.is_empty() {
        return say(state, Level::Info, format!("{}; nothing to do", lines[0]));
    }
    proposal.words = format!("scores of {name}: {}", format::plural(count, "change"));
    lines.extend(real_money(state));
    let title = format!("{}?", proposal.words);
    let leave = Answer { key: 'n', label: "change nothing" };
    let answers = match (count, file.broken.is_empty()) {
        (0, _) => vec![leave],
        (_, true) => vec![Answer { key: 'y', label: "stage all of it as one group" }, leave],
        (_, false) => vec![Answer { key: 'y', label: "stage the good lines, leave the broken ones out" }, leave],
    };
    ask(state, AskKind::Scores(proposal), title, lines, answers);
}

/// What was agreed to is staged.
pub(super) fn stage(state: &mut State, proposal: Proposal, fx: &mut Vec<Effect>) {
    let words = proposal.words.clone();
    decide::stage(state, proposal, fx);
    say(state, Level::Info, format!("{words} staged; u takes all of it back"));
}
