//! From an action on HITs to decisions: what may be done to which of them, what it costs, and what the question says.

use super::line::End;
use crate::app::decide::Proposal;
use crate::app::effect::{NewDecision, Subject};
use crate::app::format;
use crate::app::state::State;
use crate::domain::decision::Decision;
use crate::domain::fees::FeeSchedule;
use crate::domain::hit::HitStatus;
use crate::domain::id::HitTypeId;
use crate::domain::key::HitKey;
use crate::domain::policy::{self, HitCase, Refusal};
use crate::domain::row::HitRow;
use crate::domain::time::{Seconds, Time};
use crate::domain::top_up::{TopUp, Wanted, Work, top_up};
use std::collections::HashMap;

/// The HITs that an action is for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct On {
    /// Which.
    pub keys: Vec<HitKey>,
    /// Whether they are marked ones.
    pub marked: bool,
    /// The batch or batches that they are all of; none when HITs were chosen.
    pub name: Option<String>,
}

/// What a batch is called in a sentence: the requester website's go by a number, and have the word in their name.
pub fn called(name: &str) -> String {
    if name.starts_with("batch ") { name.to_owned() } else { format!("batch {name}") }
}

impl On {
    /// What an action is for, in words: `batch pilot, 12 HITs`.
    pub fn words(&self) -> String {
        let hits = format::plural(self.keys.len(), if self.marked { "marked HIT" } else { "HIT" });
        match &self.name {
            Some(name) => format!("{name}, {}", format::plural(self.keys.len(), "HIT")),
            None if self.keys.len() == 1 && !self.marked => "this HIT".to_owned(),
            None => hits,
        }
    }
}

/// What is done to each of some HITs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HitAct {
    /// More time.
    Extend(End),
    /// More assignments.
    Add(u32),
    /// What is lacking: more assignments and, for those that are over, so much time from now.
    TopUp {
        /// Only what was rejected is made up for.
        only_rejected: bool,
        /// How long those that are over are opened again.
        open: Seconds,
    },
    /// Another type.
    Retype(HitTypeId),
    /// The requester's flag.
    Reviewing(bool),
    /// Nobody can accept them any more.
    Expire,
    /// They go.
    Delete,
}

/// What an act on some HITs comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The decisions, and what they cost.
    pub proposal: Proposal,
    /// What else a person has to know before they agree, a line each.
    pub notes: Vec<String>,
}

/// Works out what an act on some HITs comes to.
pub fn propose(state: &State, on: &On, act: &HitAct) -> Outcome {
    let mut sum = Sum { proposal: Proposal::empty(on.marked), hits: 0, over: 0, short: 0, until: None };
    for hit in on.keys.iter().filter_map(|key| state.model.hit(*key)) {
        if let Err(refusal) = sum.add(state, hit, act) {
            *sum.proposal.refused.entry(refusal).or_default() += 1;
        }
    }
    let notes = sum.notes(state, act);
    let Sum { mut proposal, hits, .. } = sum;
    proposal.words = words(act, hits, on);
    Outcome { proposal, notes }
}

/// What deleting HITs does to those of them that workers can still accept; nothing if there are none.
pub fn open_ones<'a>(hits: impl Iterator<Item = &'a HitRow>, now: Time) -> Option<[String; 2]> {
    let is_open = |hit: &&HitRow| hit.status == HitStatus::Assignable && hit.expires > now && hit.available > 0;
    let (mut count, mut places, mut last) = (0, 0, now);
    for hit in hits.filter(is_open) {
        count += 1;
        places += hit.available as usize;
        last = last.max(hit.expires);
    }
    let (hits, work) = (format::plural(count, "HIT"), format::plural(places, "assignment"));
    let (are, they) = if count == 1 { ("is", "It is") } else { ("are", "They are") };
    let words = format!("{hits} {are} still open: {work} to accept, {} left.", format::coarse(last - now));
    (count > 0).then(|| [words, format!("{they} expired first.")])
}

struct Sum {
    proposal: Proposal,
    /// HITs that something is done to.
    hits: usize,
    /// Of these, those that nobody can accept even so.
    over: usize,
    /// Assignments that are lacking and cannot be added.
    short: u32,
    /// The latest end that is asked for.
    until: Option<Time>,
}

impl Sum {
    fn add(&mut self, state: &State, hit: &HitRow, act: &HitAct) -> Result<(), Refusal> {
        let now = state.now.time;
        let live = |decision: &Decision| state.outbox.waited_for(&hit.id, decision);
        let case = |decision: &Decision| HitCase::of(hit, live(decision));
        let from = hit.max_assignments;
        match act {
            HitAct::Extend(end) => {
                let until = end.of(hit.expires, now);
                let decision = Decision::Extend { until };
                policy::may_extend(&case(&decision), until, now)?;
                // Whoever opens a HIT again pays for the places that it has left.
                let reopened = if hit.is_closed() { hit.available } else { 0 };
                self.take(hit, decision, reopened);
                self.until = self.until.max(Some(until));
            }
            HitAct::Add(count) => {
                let decision = Decision::AddAssignments { count: *count, from };
                policy::may_add(&case(&decision), *count)?;
                self.take(hit, decision, *count);
                self.over += usize::from(hit.expires <= now);
            }
            HitAct::TopUp { only_rejected, open } => {
                let it = needs(state, hit, *only_rejected)?;
                let until = now + *open;
                self.short += it.short;
                if it.add > 0 {
                    self.take(hit, Decision::AddAssignments { count: it.add, from }, it.add);
                    self.hits -= usize::from(it.extend);
                }
                if it.extend {
                    self.take(hit, Decision::Extend { until }, it.reopened);
                    self.until = self.until.max(Some(until));
                }
            }
            HitAct::Retype(to) => {
                let decision = Decision::Retype { to: to.clone() };
                policy::may_retype(&case(&decision), hit.type_id == *to)?;
                self.take(hit, decision, 0);
            }
            HitAct::Reviewing(on) => {
                let decision = Decision::Reviewing { on: *on };
                policy::may_review(&case(&decision), *on)?;
                self.take(hit, decision, 0);
            }
            HitAct::Expire => {
                waits(live(&Decision::Expire))?;
                policy::may_expire(hit.status, hit.expires, now)?;
                self.take(hit, Decision::Expire, 0);
            }
            HitAct::Delete => {
                waits(live(&Decision::Delete))?;
                policy::may_delete(hit.status, state.model.hit_counts(hit.key).submitted, hit.pending)?;
                self.take(hit, Decision::Delete, 0);
            }
        }
        Ok(())
    }

    /// Takes a decision in, with the cost of so many assignments that can then be accepted.
    fn take(&mut self, hit: &HitRow, decision: Decision, assignments: u32) {
        let count = u64::from(assignments);
        self.proposal.sum += hit.reward.times(count);
        self.proposal.fees += FeeSchedule::AMAZON.of_hit(hit).times(count);
        self.proposal.decisions.push(NewDecision { subject: Subject::Hit(hit.key), decision });
        self.hits += 1;
    }

    fn hits_of<'a>(&'a self, state: &'a State) -> impl Iterator<Item = &'a HitRow> {
        self.proposal.decisions.iter().filter_map(|new| match new.subject {
            Subject::Hit(key) => state.model.hit(key),
            _ => None,
        })
    }

    fn notes(&self, state: &State, act: &HitAct) -> Vec<String> {
        let mut notes = Vec::new();
        notes.extend(self.proposal.cost_notes(state));
        if let Some(until) = self.until {
            let until = format::day_clock(until, state.options.zone);
            notes.push(format!("Workers can accept them until {until}."));
        }
        if self.over > 0 {
            let hits = format::plural(self.over, "HIT");
            notes.push(format!("{hits} of them are over: nobody can accept them before e extends them."));
        }
        if self.short > 0 {
            let more = format::plural(self.short as usize, "assignment");
            notes.push(format!("{more} that are lacking cannot be added:"));
        }
        if self.short > 0 || self.proposal.refused.keys().any(|refusal| matches!(refusal, Refusal::BelowTen(_))) {
            notes.extend(NINE.map(str::to_owned));
        }
        match act {
            HitAct::Delete => {
                let open = open_ones(self.hits_of(state), state.now.time);
                notes.extend(open.into_iter().flat_map(|[open, then]| [format!("! {open}"), format!("  {then}")]));
                notes.push("Deleted HITs and their answers can no longer be read from the endpoint.".to_owned());
                notes.extend(unexported(state, &self.proposal));
            }
            HitAct::Expire => {
                notes.push("Nobody can accept an expired HIT; work that was begun can still be submitted.".to_owned());
            }
            HitAct::Retype(_) => {
                notes.push("They get the title, reward, times and requirements of that type.".to_owned());
            }
            HitAct::Reviewing(on) => {
                let words = if *on { "Reviewing" } else { "Reviewable" };
                notes.push(format!("Their status becomes {words}: a flag for you, no worker sees it."));
            }
            HitAct::Extend(_) | HitAct::Add(_) | HitAct::TopUp { .. } => {}
        }
        notes
    }
}

/// The rule of nine and ten, and the way round it.
const NINE: [&str; 3] = [
    "From ten assignments on a HIT costs a higher fee (40 %, not 20 %), and",
    "one made with fewer never gets ten. A publishes those rows anew, as",
    "new HITs of up to nine, which keeps the lower fee.",
];

fn waits(live: Option<&'static str>) -> Result<(), Refusal> {
    live.map_or(Ok(()), |verb| Err(Refusal::Live(verb)))
}

/// What a HIT needs to have the answers that it was to get.
pub fn needs(state: &State, hit: &HitRow, only_rejected: bool) -> Result<TopUp, Refusal> {
    let (work, wanted, live) = what_is_in(state, hit, only_rejected);
    top_up(hit, work, wanted, live, state.now.time)
}

/// What is in a HIT, what was wanted of it, and the verb of a decision that has to be waited for.
pub(super) fn what_is_in(state: &State, hit: &HitRow, only_rejected: bool) -> (Work, Wanted, Option<&'static str>) {
    let counts = state.model.hit_counts(hit.key);
    let work = Work { good: counts.submitted + counts.approved, rejected: counts.rejected };
    let answers = state.batches.known.as_ref().map_or(hit.max_assignments, |known| known.asked.answers(hit));
    let both = [Decision::AddAssignments { count: 1, from: 0 }, Decision::Extend { until: state.now.time }];
    let live = both.iter().find_map(|decision| state.outbox.waited_for(&hit.id, decision));
    (work, Wanted { answers, only_rejected }, live)
}

/// Answers that would go with deleted HITs and have never left in a file.
fn unexported(state: &State, proposal: &Proposal) -> Vec<String> {
    let Some(known) = &state.batches.known else { return Vec::new() };
    let (mut hits, mut answers) = (0, 0);
    for new in &proposal.decisions {
        let Subject::Hit(key) = new.subject else { continue };
        let total = state.model.hit_counts(key).total();
        let left = total.saturating_sub(known.exported.get(&key).copied().unwrap_or(0));
        hits += usize::from(left > 0);
        answers += left as usize;
    }
    if answers == 0 {
        return Vec::new();
    }
    vec![
        format!(
            "! {} of {} were never exported from here.",
            format::plural(answers, "answer"),
            format::plural(hits, "HIT")
        ),
        "  hitdeck export, or hitdeck archive, keeps them.".to_owned(),
    ]
}

fn words(act: &HitAct, hits: usize, on: &On) -> String {
    let of = on.name.as_ref().map_or(String::new(), |name| format!(" of {name}"));
    let hits = format::plural(hits, "HIT");
    match act {
        HitAct::Extend(End::Later(span)) => format!("extend {hits}{of} by {}", format::coarse(*span)),
        HitAct::Extend(End::At(_)) => format!("extend {hits}{of}"),
        HitAct::Add(count) => format!("add {} to {hits}{of}", format::plural(*count as usize, "assignment")),
        HitAct::TopUp { only_rejected: true, .. } => format!("republish the rejected work of {hits}{of}"),
        HitAct::TopUp { only_rejected: false, .. } => format!("top up {hits}{of}"),
        HitAct::Retype(_) => format!("change the type of {hits}{of}"),
        HitAct::Reviewing(true) => format!("mark {hits}{of} as being reviewed"),
        HitAct::Reviewing(false) => format!("mark {hits}{of} as not being reviewed"),
        HitAct::Expire => format!("expire {hits}{of}"),
        HitAct::Delete => format!("delete {hits}{of}"),
    }
}

/// The HIT types that are known, with a HIT of each: the newest first.
pub fn types(state: &State) -> Vec<&HitRow> {
    let mut newest: HashMap<&HitTypeId, &HitRow> = HashMap::new();
    for hit in state.model.hits().filter(|hit| hit.status != HitStatus::Disposed) {
        let one = newest.entry(&hit.type_id).or_insert(hit);
        if hit.key > one.key {
            *one = hit;
        }
    }
    let mut types: Vec<&HitRow> = newest.into_values().collect();
    types.sort_unstable_by_key(|hit| std::cmp::Reverse(hit.key));
    types
}

/// A HIT type by its identifier, or that of the HITs of a batch by its name.
pub fn type_named(state: &State, wanted: &str) -> Result<HitTypeId, String> {
    let wanted = wanted.trim();
    let of_batch = state.model.batch_named(wanted).map(|at| &state.model.batches()[at].hits);
    let mut found: Vec<HitTypeId> =
        of_batch.into_iter().flatten().filter_map(|key| state.model.hit(*key)).map(|hit| hit.type_id.clone()).collect();
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => HitTypeId::parse(wanted)
            .map_err(|_| format!("{wanted:?} is neither the ID of a HIT type nor the name of a batch; Tab completes")),
        many => Err(format!("the HITs of {wanted} are of {} types: give the ID of one", many.len())),
    }
}

/// How long HITs that are over are opened again, or new ones are open, unless somebody says otherwise: as long as the batch file
/// said. Of a batch that was not published from here: as long as the longest of them was to be open, at least an hour.
pub fn usual_time(state: &State, on: &On) -> Seconds {
    let hits = || on.keys.iter().filter_map(|key| state.model.hit(*key));
    let said = hits().filter_map(|hit| state.batches.published(&hit.batch)?.lifetime).max();
    let spans = hits().map(|hit| hit.expires - hit.created);
    said.or_else(|| spans.max()).unwrap_or(Seconds::DAY).max(Seconds::HOUR).min(policy::LIFETIME_LIMIT)
}
