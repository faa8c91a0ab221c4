//! Keeping those who took part out of what comes next: workers put on a qualification at a score, with what each way of
//! asking for it leaves of those who ever worked here.

use super::decide::{self, ask};
use super::{prompt, requiring, say, workers, workers_act};
use crate::app::effect::{Effect, NewDecision, Subject};
use crate::app::event::{Level, RequestId};
use crate::app::layout::Pane;
use crate::app::overlay::{Answer, AskKind, Exclusion, PromptKind};
use crate::app::state::State;
use crate::app::tree::Node;
use crate::app::workers::Who;
use crate::app::workers::act::{self, WorkerAct};
use crate::app::workers::line::Line;
use crate::domain::decision::{Decision, Target};
use crate::domain::id::QualificationTypeId;
use crate::domain::key::HitKey;
use crate::domain::qualification::TypeDraft;
use crate::domain::requirement::{Way, exclusion, grant_needed};
use crate::exchange::workers_csv;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Begins to exclude: the workers of the marked rows, else of the one under the cursor; in the HIT list everybody who took
/// part in what is under it. `argument` comes from the palette: a file of workers.
pub(super) fn begin(state: &mut State, argument: &str, fx: &mut Vec<Effect>) -> Result<(), String> {
    if !argument.is_empty() {
        let (request, path) = (state.request(), argument.to_owned());
        state.people.quals.excluding = Some((request, path.clone()));
        fx.push(Effect::ReadText { request, path });
        return Ok(());
    }
    let who = if state.focus == Pane::Hits { who_took_part(state) } else { workers_act::who(state) };
    if who.ids.is_empty() {
        return Err("nobody has taken part in it yet".to_owned());
    }
    exclude(state, who);
    Ok(())
}

/// A file was read. Says whether it was one of workers who are to be excluded.
pub(super) fn file_read(state: &mut State, request: RequestId, text: &Result<String, String>) -> bool {
    let Some((_, path)) = state.people.quals.excluding.take_if(|(asked, _)| *asked == request) else { return false };
    let found = text.as_deref().map_err(ToOwned::to_owned).and_then(|text| {
        let some = workers_csv::named(text).map_err(|error| format!("{path}: {error}"))?;
        if some.is_empty() { Err(format!("{path} names no worker")) } else { Ok(some) }
    });
    match found {
        Err(problem) => say(state, Level::Error, problem),
        Ok(_) if state.overlay.is_some() => {
            say(state, Level::Warning, format!("{path} was read, but something else is open: do it again"));
        }
        Ok(ids) => exclude(state, Who { ids, marked: false }),
    }
    state.touch();
    true
}

/// Everybody who took part in the HIT or the batch under the cursor, or in anything.
fn who_took_part(state: &State) -> Who {
    let hits: Option<HashSet<HitKey>> = match state.tree.nodes.get(state.tree.cursor) {
        Some(Node::Hit(key)) => Some(HashSet::from([*key])),
        Some(Node::Batch(at)) => Some(state.model.batches()[*at].hits.iter().copied().collect()),
        Some(Node::All) | None => None,
    };
    let theirs = state.model.rows().iter().filter(|row| hits.as_ref().is_none_or(|hits| hits.contains(&row.hit)));
    let ids: BTreeSet<_> = theirs.filter_map(|row| state.model.worker(row.worker)).cloned().collect();
    Who { ids: ids.into_iter().collect(), marked: false }
}

/// Asks by which qualification, at which score.
pub(super) fn exclude(state: &mut State, who: Who) {
    let excludes = |name: &str| ["exclu", "took part"].iter().any(|word| name.to_lowercase().contains(word));
    let found = act::own_types(state).map(|one| one.it.name.clone()).find(|name| excludes(name));
    let text = found.map_or(String::new(), |name| format!("{name} 0"));
    let label = format!("exclude {} by, NAME SCORE", act::whom(state, &who.ids));
    let mut hints = workers_act::type_hints(state);
    hints.push("HITs keep its holders out: they require that it does not exist, or a score above this one.".to_owned());
    prompt::open(state, PromptKind::Workers(Line::Exclude(who)), label, &text, hints);
}

/// The qualification is named: says what would happen and what each way leaves, and asks.
pub(super) fn enter(state: &mut State, who: &Who, text: &str) -> Result<(), String> {
    let (of, name, score) = act::type_and_score(state, text)?;
    let mut proposal = act::propose(state, who, &WorkerAct::Qualify { of: of.clone(), name: name.clone(), score });
    let whom = act::many(state, proposal.decisions.len(), &who.ids);
    proposal.words = format!("exclude {whom} by \"{name}\" at {score}");
    workers::gather_once(state);
    let known = state.people.known.as_ref().ok_or("the qualifications have not been read yet")?;
    let kind = known.types.iter().find(|kind| kind.it.id == of).ok_or("the qualification is gone")?;
    let theirs = known.qualifications.iter().filter(|it| it.type_id == of && !it.revoked);
    let mut held: HashMap<_, _> = theirs.map(|it| (it.worker.clone(), it.score)).collect();
    held.extend(who.ids.iter().map(|id| (id.clone(), Some(score))));
    let past = state.people.workers.everybody().filter(|one| one.stats.submitted > 0).map(|one| &one.id);
    let grant = |value: i32| format!("s changes that: it is then granted with {value} to everybody who asks");
    let mut lines = act::meant(state, &proposal);
    lines.extend(proposal.refusals().map(|refusals| format!("left out: {refusals}")));
    lines.extend(exclusion(&kind.it, score, past, &held, grant));
    let nobody = proposal.decisions.is_empty();
    let title = if nobody { format!("nobody is left to put on \"{name}\"") } else { format!("{}?", proposal.words) };
    ask(state, AskKind::Exclude(Exclusion { proposal, of, score }), title, lines, answers(nobody));
    Ok(())
}

/// What can be done; with nobody to exclude only a batch file can be changed.
fn answers(nobody: bool) -> Vec<Answer> {
    let mut answers = match nobody {
        true => vec![
            Answer { key: 'd', label: "let a batch file require that it does not exist (1)" },
            Answer { key: 's', label: "let a batch file require a higher score (2)" },
        ],
        false => vec![
            Answer { key: 'y', label: "do it" },
            Answer { key: 'd', label: "do it, and let a batch file require that it does not exist (1)" },
            Answer { key: 's', label: "do it, and let a batch file require a higher score (2)" },
        ],
    };
    answers.push(Answer { key: 'n', label: "do nothing" });
    answers
}

/// The answer: the workers are put on the qualification, and where it is wanted a batch file is asked for.
pub(super) fn answer(state: &mut State, chosen: char, exclusion: Exclusion, fx: &mut Vec<Effect>) {
    let Exclusion { mut proposal, of, score } = exclusion;
    let way = match chosen {
        'y' => None,
        'd' => Some(Way::Absent),
        's' => Some(Way::Above),
        _ => return,
    };
    if way == Some(Way::Above) {
        proposal.decisions.extend(granted(state, &of, score));
    }
    if !proposal.decisions.is_empty() {
        decide::stage(state, proposal, fx);
    }
    if let Some(way) = way {
        requiring::open(state, vec![way.required(&of, score)]);
    }
}

/// The change of the type by which new workers come to a higher score, where it takes one.
fn granted(state: &State, of: &QualificationTypeId, score: i32) -> Option<NewDecision> {
    let kind = act::own_types(state).find(|kind| kind.it.id == *of)?;
    let value = grant_needed(&kind.it, score)?;
    let draft = TypeDraft { auto_granted: Some(true), auto_granted_value: Some(value), ..TypeDraft::default() };
    let subject = Subject::Other(Target::Type(of.clone()));
    Some(NewDecision { subject, decision: Decision::UpdateType(Box::new(draft)) })
}
