//! Keeping those who took part out of what comes next: workers put on a qualification at a score, with what each way of
//! asking for it leaves of those who ever worked here.

use super::decide::ask;
use super::{prompt, quals_edit, workers, workers_act};
use crate::app::layout::Pane;
use crate::app::overlay::{Answer, AskKind, PromptKind};
use crate::app::state::State;
use crate::app::tree::Node;
use crate::app::workers::Who;
use crate::app::workers::act::{self, WorkerAct};
use crate::app::workers::line::Line;
use crate::domain::key::HitKey;
use crate::domain::requirement::exclusion;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Begins to exclude: the workers of the marked rows, else of the one under the cursor; in the HIT list everybody who took
/// part in what is under it.
pub(super) fn begin(state: &mut State) -> Result<(), String> {
    let who = if state.focus == Pane::Hits { who_took_part(state) } else { workers_act::who(state) };
    if who.ids.is_empty() {
        return Err("nobody has taken part in it yet".to_owned());
    }
    exclude(state, who);
    Ok(())
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
    Who { ids: ids.into_iter().collect(), marked: true }
}

/// Asks by which qualification, at which score.
pub(super) fn exclude(state: &mut State, who: Who) {
    let excludes = |name: &str| ["exclu", "took part"].iter().any(|word| name.to_lowercase().contains(word));
    let found = act::own_types(state).map(|one| one.it.name.clone()).find(|name| excludes(name));
    let text = found.map_or(String::new(), |name| format!("{name} 0"));
    let label = format!("exclude {} by, NAME SCORE", act::names(state, &who.ids));
    let mut hints = workers_act::type_hints(state);
    hints.push("HITs keep its holders out: they require that it does not exist, or a score above this one.".to_owned());
    prompt::open(state, PromptKind::Workers(Line::Exclude(who)), label, &text, hints);
}

/// The qualification is named: says what would happen and what each way leaves, and asks.
pub(super) fn enter(state: &mut State, who: &Who, text: &str) -> Result<(), String> {
    let (of, name, score) = act::type_and_score(state, text)?;
    let mut proposal = act::propose(state, who, &WorkerAct::Qualify { of: of.clone(), name: name.clone(), score });
    workers_act::something(&proposal)?;
    let whom = act::many(state, proposal.decisions.len(), &who.ids);
    proposal.words = format!("exclude {whom} by \"{name}\" at {score}");
    workers::gather_once(state);
    let known = state.people.known.as_ref().ok_or("the qualifications have not been read yet")?;
    let kind = known.types.iter().find(|kind| kind.it.id == of).ok_or("the qualification is gone")?;
    let theirs = known.qualifications.iter().filter(|it| it.type_id == of && !it.revoked);
    let mut held: HashMap<_, _> = theirs.map(|it| (it.worker.clone(), it.score)).collect();
    held.extend(who.ids.iter().map(|id| (id.clone(), Some(score))));
    let past = state.people.workers.everybody().filter(|one| one.stats.submitted > 0).map(|one| &one.id);
    let grant = |value: i32| format!("e on the type (3) sets its auto-grant value to {value},");
    let mut lines = vec![act::names(state, &who.ids)];
    lines.extend(proposal.refusals().map(|refusals| format!("left out: {refusals}")));
    lines.extend(exclusion(&kind.it, score, past, &held, grant));
    lines.push("i on the Qualifications screen writes the requirement for a batch file.".to_owned());
    let title = format!("{}?", proposal.words);
    let answers = vec![Answer { key: 'y', label: "do it" }, Answer { key: 'n', label: "do nothing" }];
    let lines = quals_edit::whole(state, lines);
    ask(state, AskKind::Money(proposal), title, lines, answers);
    Ok(())
}
