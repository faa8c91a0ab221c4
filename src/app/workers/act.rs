//! From an action on workers to decisions: what may be done to whom, and what the question before it says.

use super::Who;
use super::money::Share;
use crate::app::decide::Proposal;
use crate::app::effect::{NewDecision, Subject};
use crate::app::format;
use crate::app::layout::Pane;
use crate::app::message::{Addressee, render};
use crate::app::state::State;
use crate::app::template::is_template;
use crate::domain::decision::{Decision, Target};
use crate::domain::fees::FeeSchedule;
use crate::domain::hit::HitStatus;
use crate::domain::id::{QualificationTypeId, WorkerId};
use crate::domain::key::AssignmentKey;
use crate::domain::money::Usd;
use crate::domain::nearest::nearest;
use crate::domain::policy::{self, NOTIFY_LIMIT, Refusal};
use crate::domain::qualification::KnownType;
use crate::domain::worker_stats::WorkerStats;
use std::collections::HashMap;
use std::sync::Arc;

/// So many workers are named in a question.
const NAMED: usize = 4;

/// What is done to each of some workers.
#[derive(Debug, Clone, PartialEq)]
pub enum WorkerAct {
    /// Block.
    Block {
        /// Why.
        reason: String,
    },
    /// Unblock.
    Unblock {
        /// Why.
        reason: Option<String>,
    },
    /// Grant a qualification, or change its score.
    Qualify {
        /// Which.
        of: QualificationTypeId,
        /// Its name.
        name: Arc<str>,
        /// The score.
        score: i32,
    },
    /// Take a qualification away.
    Disqualify {
        /// Which.
        of: QualificationTypeId,
        /// Its name.
        name: Arc<str>,
        /// What the workers read.
        reason: Option<String>,
    },
}

impl WorkerAct {
    fn words(&self, who: &str) -> String {
        match self {
            WorkerAct::Block { .. } => format!("block {who}"),
            WorkerAct::Unblock { .. } => format!("unblock {who}"),
            WorkerAct::Qualify { name, score, .. } => format!("grant \"{name}\" with score {score} to {who}"),
            WorkerAct::Disqualify { name, .. } => format!("take \"{name}\" from {who}"),
        }
    }

    fn target(&self, worker: &WorkerId) -> Target {
        match self {
            WorkerAct::Block { .. } | WorkerAct::Unblock { .. } => Target::Worker(worker.clone()),
            WorkerAct::Qualify { of, .. } | WorkerAct::Disqualify { of, .. } => {
                Target::Qualification(of.clone(), worker.clone())
            }
        }
    }

    fn decision(&self) -> Decision {
        match self {
            WorkerAct::Block { reason } => Decision::Block { reason: reason.clone() },
            WorkerAct::Unblock { reason } => Decision::Unblock { reason: reason.clone() },
            WorkerAct::Qualify { score, .. } => Decision::Grant { score: *score, tell: false },
            WorkerAct::Disqualify { reason, .. } => Decision::Revoke { reason: reason.clone() },
        }
    }

    /// Whether it would change anything for a worker, as far as this desk knows.
    fn allowed(&self, state: &State, worker: &WorkerId) -> Result<(), Refusal> {
        let known = state.people.known.as_ref();
        let blocked = known.is_some_and(|known| known.blocks.contains_key(worker));
        let score = |of: &QualificationTypeId| known.and_then(|known| known.score(worker, of));
        match self {
            WorkerAct::Block { .. } if blocked => Err(Refusal::AlreadyBlocked),
            WorkerAct::Unblock { .. } if !blocked => Err(Refusal::NotBlocked),
            WorkerAct::Qualify { of, score: new, .. } if score(of) == Some(Some(*new)) => Err(Refusal::AlreadyHeld),
            WorkerAct::Disqualify { of, .. } if score(of).is_none() => Err(Refusal::NotHeld),
            _ => Ok(()),
        }
    }
}

/// What an act on some workers comes to.
pub fn propose(state: &State, who: &Who, act: &WorkerAct) -> Proposal {
    let mut proposal = Proposal::empty(who.marked);
    let decision = act.decision();
    for worker in &who.ids {
        let target = act.target(worker);
        let live = state.outbox.live_on(worker, &target).map_or(Ok(()), |verb| Err(Refusal::Live(verb)));
        let fits = live.and_then(|()| act.allowed(state, worker));
        match fits.and_then(|()| policy::may_decide_other(&target, &decision)) {
            Ok(()) => {
                proposal.decisions.push(NewDecision { subject: Subject::Other(target), decision: decision.clone() });
            }
            Err(refusal) => *proposal.refused.entry(refusal).or_default() += 1,
        }
    }
    proposal.words = act.words(&many(state, proposal.decisions.len(), &who.ids));
    proposal
}

/// A message to some workers: those who are sent the very same share requests of at most a hundred.
pub fn propose_message(state: &State, who: &Who, subject: &str, text: &str) -> Result<Proposal, String> {
    if (is_template(subject) || is_template(text)) && format!("{subject}{text}").contains("bonuses") {
        return Err(
            "the desk knows only bonuses that were paid from here; hitdeck worker notify reads them all and fills {{ bonuses }} in"
                .into(),
        );
    }
    let none = WorkerStats::default();
    let mut letters: Vec<((String, String), Vec<WorkerId>)> = Vec::new();
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    for worker in &who.ids {
        let to = addressee(state, worker, &none);
        let letter = (render(subject, to)?, render(text, to)?);
        policy::check_message(&letter.0, &letter.1).map_err(|refusal| refusal.to_string())?;
        let place = *places.entry(letter.clone()).or_insert_with(|| {
            letters.push((letter, Vec::new()));
            letters.len() - 1
        });
        letters[place].1.push(worker.clone());
    }
    let mut proposal = Proposal::empty(who.marked);
    for ((subject, text), workers) in letters {
        for some in workers.chunks(NOTIFY_LIMIT) {
            let decision = Decision::Notify { subject: subject.clone(), text: text.clone() };
            proposal.decisions.push(NewDecision { subject: Subject::Other(Target::Workers(some.into())), decision });
        }
    }
    proposal.words = format!("write to {}", many(state, who.ids.len(), &who.ids));
    Ok(proposal)
}

/// The latest work of each of some workers; of who has none, nothing. Work on HITs that are gone is taken if there is no other.
pub fn latest_work(state: &State, ids: &[WorkerId]) -> HashMap<WorkerId, AssignmentKey> {
    let keys: HashMap<_, _> = ids.iter().filter_map(|id| Some((state.people.workers.named(id)?.key?, id))).collect();
    let mut newest = HashMap::new();
    for row in state.model.rows().iter().filter(|row| keys.contains_key(&row.worker)) {
        let there = state.model.hit(row.hit).is_some_and(|hit| hit.status != HitStatus::Disposed);
        let rank = (there, row.submitted, row.key);
        let best = newest.entry(row.worker).or_insert(rank);
        *best = rank.max(*best);
    }
    newest.into_iter().filter_map(|(key, (_, _, work))| Some(((*keys.get(&key)?).clone(), work))).collect()
}

/// A bonus for some workers, each on their latest work.
pub fn propose_bonus(state: &State, who: &Who, share: Share, reason: &str) -> Result<Proposal, String> {
    let latest = latest_work(state, &who.ids);
    let none = WorkerStats::default();
    let mut amounts = share.amounts(latest.len()).into_iter();
    let mut proposal = Proposal::empty(who.marked);
    for worker in &who.ids {
        let Some((work, amount)) = latest.get(worker).and_then(|work| Some((work, amounts.next()?))) else {
            *proposal.refused.entry(Refusal::NoAssignment).or_default() += 1;
            continue;
        };
        if let Err(refusal) = policy::may_bonus(amount, state.options.bonus_limit) {
            *proposal.refused.entry(refusal).or_default() += 1;
            continue;
        }
        let reason = render(reason, addressee(state, worker, &none))?;
        policy::check_bonus_reason(&reason).map_err(|refusal| refusal.to_string())?;
        proposal.sum += amount;
        proposal.fees += FeeSchedule::AMAZON.of_bonus(amount);
        let decision = Decision::Bonus { worker: worker.clone(), amount, reason };
        proposal.decisions.push(NewDecision { subject: Subject::Assignment(*work), decision });
    }
    proposal.words = format!("pay a bonus to {}", many(state, proposal.decisions.len(), &who.ids));
    Ok(proposal)
}

/// What merge fields are filled with; `none` is the work of who has never worked here.
fn addressee<'a>(state: &'a State, worker: &'a WorkerId, none: &'a WorkerStats) -> Addressee<'a> {
    let known = state.people.workers.named(worker);
    let bonuses = state.people.money.bonuses.get(worker).map_or(Usd::ZERO, |paid| paid.sum);
    Addressee { worker, stats: known.map_or(none, |one| &one.stats), bonuses }
}

/// What is acted on, for a question: the identifier of one, the number of several.
pub fn many(state: &State, count: usize, ids: &[WorkerId]) -> String {
    match ids {
        [one] => state.name_of(one).into_owned(),
        _ => format::plural(count, "worker"),
    }
}

/// Whom a line to type is about: with several, first how many.
pub fn whom(state: &State, ids: &[WorkerId]) -> String {
    match ids {
        [_] => names(state, ids),
        _ => format!("{} ({})", format::plural(ids.len(), "worker"), names(state, ids)),
    }
}

/// Whom a question is about: those whom it would reach, and that marks which the filter hides are not among them.
pub fn meant(state: &State, proposal: &Proposal) -> Vec<String> {
    let mut ids = Vec::with_capacity(proposal.decisions.len());
    for new in &proposal.decisions {
        match (&new.subject, &new.decision) {
            (_, Decision::Bonus { worker, .. }) => ids.push(worker.clone()),
            (Subject::Other(Target::Worker(id) | Target::Qualification(_, id)), _) => ids.push(id.clone()),
            (Subject::Other(Target::Workers(some)), _) => ids.extend(some.iter().cloned()),
            _ => {}
        }
    }
    let named = (!ids.is_empty()).then(|| names(state, &ids));
    named.into_iter().chain(hidden(state)).collect()
}

/// That marks are hidden by the filter, and so left out.
pub fn hidden(state: &State) -> Option<String> {
    let hidden = state.people.workers.marks_hidden();
    let counts = state.focus == Pane::Workers && !state.people.workers.page && hidden > 0;
    counts.then(|| format!("{} marked and hidden by the filter: not meant", format::count(hidden)))
}

/// Whom a question is about, in one line: "A1..., A2... and 12 more".
pub fn names(state: &State, ids: &[WorkerId]) -> String {
    let named = ids.iter().take(NAMED).map(|id| state.name_of(id)).collect::<Vec<_>>().join(", ");
    match ids.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {} more", format::count(more)),
    }
}

/// The account's own qualification types, by name.
pub fn own_types(state: &State) -> impl Iterator<Item = &KnownType> {
    state.people.known.iter().flat_map(|known| &known.types).filter(|one| one.own)
}

/// A qualification type of the account by its name or identifier.
pub fn type_named(state: &State, wanted: &str) -> Result<(QualificationTypeId, Arc<str>), String> {
    let wanted = wanted.trim();
    let fits = |one: &&KnownType| one.it.name.eq_ignore_ascii_case(wanted) || one.it.id.as_str() == wanted;
    if let Some(one) = own_types(state).find(fits) {
        return Ok((one.it.id.clone(), one.it.name.as_str().into()));
    }
    let names = || own_types(state).map(|one| one.it.name.as_str());
    Err(match nearest(wanted, names()) {
        _ if names().next().is_none() => {
            "this account has no qualification of its own yet; the Qualifications screen (3) makes one".to_owned()
        }
        Some(near) => format!("there is no qualification \"{wanted}\"; did you mean \"{near}\"?"),
        None => format!("there is no qualification \"{wanted}\" among your own; Tab completes names"),
    })
}

/// Reads `NAME` or `NAME SCORE`; without a score it is 1, as at the endpoint.
pub fn type_and_score(state: &State, text: &str) -> Result<(QualificationTypeId, Arc<str>, i32), String> {
    let text = text.trim();
    let score = text.rsplit_once(char::is_whitespace).and_then(|(name, last)| Some((name, last.parse::<i32>().ok()?)));
    // A name may end in a number itself.
    match (type_named(state, text), score) {
        (Ok((of, name)), _) => Ok((of, name, 1)),
        (Err(_), Some((name, score))) => type_named(state, name).map(|(of, name)| (of, name, score)),
        (Err(problem), None) => Err(problem),
    }
}
