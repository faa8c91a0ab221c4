//! From a key to decisions: what it would act on, what may be done, what it costs.

use super::effect::{NewDecision, Subject};
use super::format;
use super::layout::Pane;
use super::review_file::Verdicts;
use super::state::State;
use crate::domain::assignment::AssignmentStatus;
use crate::domain::decision::{Decision, Target};
use crate::domain::fees::FeeSchedule;
use crate::domain::hit::HitStatus;
use crate::domain::id::WorkerId;
use crate::domain::key::AssignmentKey;
use crate::domain::money::Usd;
use crate::domain::policy::{self, Case, Refusal};
use crate::domain::row::LightRow;
use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

/// What is to be decided about assignments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Approve, perhaps with a text for the worker.
    Approve {
        /// What the worker reads; may be a template.
        feedback: Option<String>,
    },
    /// Reject with a reason.
    Reject {
        /// What the worker reads; may be a template.
        reason: String,
    },
    /// Reverse a rejection.
    Override,
    /// Pay a bonus.
    Bonus {
        /// Without the fee.
        amount: Usd,
        /// What the worker reads; may be a template.
        reason: String,
    },
}

impl Act {
    /// The verb.
    pub const fn verb(&self) -> &'static str {
        match self {
            Act::Approve { .. } => "approve",
            Act::Reject { .. } => "reject",
            Act::Override => "override",
            Act::Bonus { .. } => "bonus",
        }
    }
}

/// What a decision key acts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targets {
    /// The assignments, in the order of the list.
    pub keys: Vec<AssignmentKey>,
    /// Whether they are the marked ones; else the row under the cursor.
    pub marked: bool,
}

/// The lines of a range that was begun, up to the cursor.
pub fn range(state: &State) -> Option<RangeInclusive<usize>> {
    let from = state.list.line_of(state.model.slot(state.list.anchor?)?)?;
    let to = state.list.cursor_line;
    Some(from.min(to)..=from.max(to))
}

/// When more than this part of the lines is marked, all lines are walked.
const MANY: usize = 16;

/// The visible marks and the range that was begun, else the row under the cursor; on a worker's page the answer under its
/// cursor. Hidden marks are never acted on.
pub fn targets(state: &State) -> Targets {
    if state.focus == Pane::Workers {
        return Targets { keys: state.work_on_page().into_iter().collect(), marked: false };
    }
    let list = &state.list;
    let range = range(state);
    if list.marks_shown == 0 && range.is_none() {
        return Targets { keys: list.cursor.into_iter().collect(), marked: false };
    }
    if list.marks_shown > list.lines.len() / MANY {
        let in_range = |line: &usize| range.as_ref().is_some_and(|range| range.contains(line));
        let rows = (0..list.lines.len()).filter_map(|line| Some((line, list.row_at(line)?)));
        let keys = rows.filter(|(line, key)| in_range(line) || list.marks.contains(key)).map(|(_, key)| key);
        return Targets { keys: keys.collect(), marked: true };
    }
    let line = |key| state.model.slot(key).and_then(|slot| list.line_of(slot));
    let mut keys: Vec<_> = list.marks.iter().filter_map(|key| Some((line(key)?, key))).collect();
    keys.extend(range.into_iter().flatten().filter_map(|line| Some((line, list.row_at(line)?))));
    keys.sort_unstable();
    keys.dedup();
    Targets { keys: keys.into_iter().map(|(_, key)| key).collect(), marked: true }
}

/// What a decision key would act on, for the footer: "3 marked, 2 hidden by filter".
pub fn target_words(state: &State) -> String {
    let (shown, hidden) = (state.list.marks_shown, state.list.marks_hidden());
    match (shown, hidden) {
        (0, 0) => String::new(),
        (0, hidden) => format!("this row; {hidden} marked, hidden by filter"),
        (shown, 0) => format!("{shown} marked"),
        (shown, hidden) => format!("{shown} marked, {hidden} hidden by filter"),
    }
}

/// Decisions ready to be staged.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// What is done, for repeating it.
    pub act: Option<Act>,
    /// In words, e.g. "approve 3".
    pub words: String,
    /// The decisions that may be made.
    pub decisions: Vec<NewDecision>,
    /// What they pay, without fees.
    pub sum: Usd,
    /// The fees on top of that, by Amazon's schedule.
    pub fees: Usd,
    /// What may not be decided: reasons and how many each.
    pub refused: BTreeMap<Refusal, usize>,
    /// Whether it acts on marks.
    pub marked: bool,
}

impl Proposal {
    /// What is decided, for a sentence about it: "3 rejections".
    pub fn things(&self) -> String {
        let count = self.decisions.len();
        let mut verdicts = Verdicts::default();
        self.decisions.iter().for_each(|new| verdicts.add(&new.decision));
        if verdicts.are_mixed() {
            return verdicts.words();
        }
        match self.decisions.first().map(|new| &new.decision) {
            Some(Decision::Approve { override_rejection: true, .. }) => format::plural(count, "override"),
            Some(Decision::Reject { .. }) => format::plural(count, "rejection"),
            Some(Decision::Bonus { .. }) if count > 1 => format!("{} bonuses", format::count(count)),
            Some(Decision::Bonus { .. }) => "1 bonus".to_owned(),
            Some(Decision::Expire) => format!("the expiry of {}", format::plural(count, "HIT")),
            Some(Decision::Delete) => format!("the deletion of {}", format::plural(count, "HIT")),
            Some(Decision::Extend { .. }) => format!("the extension of {}", format::plural(count, "HIT")),
            Some(Decision::AddAssignments { .. }) => {
                let more = |new: &NewDecision| match new.decision {
                    Decision::AddAssignments { count, .. } => count as usize,
                    _ => 0,
                };
                let more = format::plural(self.decisions.iter().map(more).sum(), "assignment");
                format!("{more} more on {}", format::plural(count, "HIT"))
            }
            Some(Decision::Retype { .. }) => format!("another type for {}", format::plural(count, "HIT")),
            Some(Decision::Reviewing { .. }) => format!("the review status of {}", format::plural(count, "HIT")),
            Some(Decision::Approve { .. }) | None => format::plural(count, "approval"),
            Some(Decision::Block { .. }) => format::plural(count, "block"),
            Some(Decision::Unblock { .. }) => format!("the unblocking of {}", format::plural(count, "worker")),
            Some(Decision::Notify { .. }) => {
                let workers = |new: &NewDecision| match &new.subject {
                    Subject::Other(Target::Workers(workers)) => workers.len(),
                    _ => 1,
                };
                format::plural(self.decisions.iter().map(workers).sum(), "message")
            }
            Some(Decision::Grant { .. }) => format::plural(count, "score"),
            Some(Decision::Revoke { .. }) => format::plural(count, "revocation"),
            Some(Decision::AcceptRequest { .. } | Decision::RejectRequest { .. }) => {
                format!("the answer to {}", format::plural(count, "request"))
            }
            Some(Decision::CreateType(_) | Decision::UpdateType(_) | Decision::DeleteType) => {
                format!("the change of {}", format::plural(count, "qualification type"))
            }
        }
    }

    /// What it costs, with the fees apart where there are any.
    pub fn cost_words(&self) -> String {
        let (sum, fees) = (self.sum, self.fees);
        if fees == Usd::ZERO {
            return sum.display();
        }
        let (fees, together) = (fees.display(), (sum + fees).display());
        format!("{} and {fees} in Amazon's fees, {together} in all", sum.display())
    }

    /// What it costs, and what is left of the balance, a line each; nothing where it is free.
    pub fn cost_notes(&self, state: &State) -> Vec<String> {
        let cost = self.sum + self.fees;
        if cost == Usd::ZERO {
            return Vec::new();
        }
        let mut notes = vec![format!("It costs up to {}.", self.cost_words())];
        notes.extend(state.balance.map(|balance| {
            format!("The balance is {}, and {} after that.", balance.display(), (balance - cost).display())
        }));
        notes
    }

    /// Why some are left out, for a notice: "2 already approved; 1 with a decision on its way (reject)".
    pub fn refusals(&self) -> Option<String> {
        let words = |(why, count): (&Refusal, &usize)| match why {
            Refusal::Live(verb) => format!("{} with a decision on its way ({verb})", format::count(*count)),
            // They begin with a number of their own.
            why @ (Refusal::UndecidedWork(_) | Refusal::WorkUnderWay(_) | Refusal::TouchedWork(_)) => {
                format!("{} where {why}", format::count(*count))
            }
            why => format!("{} {why}", format::count(*count)),
        };
        let words: Vec<String> = self.refused.iter().map(words).collect();
        (!words.is_empty()).then(|| words.join("; "))
    }
}

/// What the rules need to know of a row.
pub fn case_of(state: &State, row: &LightRow) -> Case {
    Case {
        status: row.status,
        submitted: row.submitted,
        live: state.outbox.live(row.key, row.status).map(|badge| badge.verb),
        hit_deleted: state.model.hit(row.hit).is_some_and(|hit| hit.status == HitStatus::Disposed),
    }
}

/// Whether an act is allowed on a row.
pub fn allowed(state: &State, act: &Act, row: &LightRow) -> Result<(), Refusal> {
    let case = case_of(state, row);
    match act {
        Act::Approve { .. } => policy::may_approve(&case),
        Act::Reject { .. } => policy::may_reject(&case),
        Act::Override => policy::may_override(&case, state.now.time),
        Act::Bonus { amount, .. } => policy::may_bonus(*amount, state.options.bonus_limit),
    }
}

/// Works out what an act on some assignments comes to. An error is about the text that goes to the workers.
pub fn propose(state: &State, act: Act, targets: Targets) -> Result<Proposal, String> {
    let mut proposal = Proposal::empty(targets.marked);
    proposal.decisions.reserve_exact(targets.keys.len());
    proposal.extend(state, &act, &targets.keys)?;
    Ok(proposal.done_with(act))
}

impl Proposal {
    /// Nothing yet.
    pub(super) fn empty(marked: bool) -> Proposal {
        Proposal {
            words: String::new(),
            decisions: Vec::new(),
            sum: Usd::ZERO,
            fees: Usd::ZERO,
            refused: BTreeMap::new(),
            marked,
            act: None,
        }
    }

    /// Adds what the act on some more assignments comes to.
    pub(super) fn extend(&mut self, state: &State, act: &Act, keys: &[AssignmentKey]) -> Result<(), String> {
        let text = TextFor::new(act)?;
        for row in keys.iter().filter_map(|key| state.model.row(*key)) {
            if let Err(refusal) = allowed(state, act, row) {
                *self.refused.entry(refusal).or_default() += 1;
                continue;
            }
            let worker = state.model.worker(row.worker);
            let decision = decision_on(act, worker, text.render(state, row)?)?;
            let (pay, fee) = match act {
                Act::Approve { .. } | Act::Override => {
                    let fee = state.model.hit(row.hit).map_or(Usd::ZERO, |hit| FeeSchedule::AMAZON.of_hit(hit));
                    (state.model.reward(row), fee)
                }
                Act::Bonus { amount, .. } => (*amount, FeeSchedule::AMAZON.of_bonus(*amount)),
                Act::Reject { .. } => (Usd::ZERO, Usd::ZERO),
            };
            self.sum += pay;
            self.fees += fee;
            self.decisions.push(NewDecision { subject: Subject::Assignment(row.key), decision });
        }
        Ok(())
    }

    /// Says what it is, when it is whole.
    pub(super) fn done_with(mut self, act: Act) -> Proposal {
        self.words = format!("{} {}", act.verb(), self.decisions.len());
        self.act = Some(act);
        self
    }
}

fn decision_on(act: &Act, worker: Option<&WorkerId>, text: String) -> Result<Decision, String> {
    Ok(match act {
        Act::Approve { feedback } => {
            policy::check_feedback(&text).map_err(|refusal| refusal.to_string())?;
            Decision::Approve { feedback: feedback.as_ref().map(|_| text), override_rejection: false }
        }
        Act::Override => Decision::Approve { feedback: None, override_rejection: true },
        Act::Reject { .. } => {
            policy::check_reason(&text).map_err(|refusal| refusal.to_string())?;
            Decision::Reject { feedback: text }
        }
        Act::Bonus { amount, .. } => {
            policy::check_bonus_reason(&text).map_err(|refusal| refusal.to_string())?;
            let worker = worker.ok_or("the worker of this assignment has not been read yet; refresh with R")?.clone();
            Decision::Bonus { worker, amount: *amount, reason: text }
        }
    })
}

/// What the workers read, as it was typed.
pub(super) fn text_of(act: &Act) -> &str {
    match act {
        Act::Approve { feedback } => feedback.as_deref().unwrap_or(""),
        Act::Reject { reason } | Act::Bonus { reason, .. } => reason,
        Act::Override => "",
    }
}

/// The text that goes to the workers: as typed, or a template that is filled in for each.
struct TextFor<'a> {
    text: &'a str,
    template: bool,
}

impl<'a> TextFor<'a> {
    fn new(act: &'a Act) -> Result<Self, String> {
        let text = text_of(act);
        Ok(TextFor { text, template: super::template::is_template(text) })
    }

    fn render(&self, state: &State, row: &LightRow) -> Result<String, String> {
        if self.template { super::template::render(state, row, self.text) } else { Ok(self.text.to_owned()) }
    }
}

/// Where the reject brake takes hold: a batch or a worker of whose decided work too much would be rejected.
pub fn brake(state: &State, proposal: &Proposal) -> Option<String> {
    let (share, count) = (state.options.brake_share, state.options.brake_count);
    let mut batches: HashMap<usize, u32> = HashMap::new();
    let mut workers = HashMap::new();
    for new in &proposal.decisions {
        if let (Subject::Assignment(key), Decision::Reject { .. }) = (&new.subject, &new.decision)
            && let Some(row) = state.model.row(*key)
        {
            *workers.entry(row.worker).or_insert(0) += 1;
            if let Some(batch) = state.model.batch_of(row.hit) {
                *batches.entry(batch).or_insert(0) += 1;
            }
        }
    }
    let batches = batches.into_iter().map(|(at, more)| {
        let batch = &state.model.batches()[at];
        (format!("batch {}", batch.name), batch.counts, more)
    });
    let name = |key| state.model.worker(key).map_or("a worker".to_owned(), |id| format!("worker {id}"));
    let workers = workers.into_iter().map(|(key, more)| (name(key), state.model.record(key).counts, more));
    let over = |(_, counts, more): &(String, super::counts::Counts, u32)| {
        policy::brakes(counts.rejected + counts.rejecting, counts.decided(), *more, count, share)
    };
    let (name, counts, more) = batches.chain(workers).filter(over).max_by_key(|(_, _, more)| *more)?;
    let rejected = counts.rejected + counts.rejecting + more;
    Some(format!("{rejected} of {} decided of {name} would be rejected", counts.decided() + more))
}

/// Whether an assignment waits for a decision, so that its auto-approval is still ahead.
pub fn waits(row: &LightRow) -> bool {
    row.status == AssignmentStatus::Submitted
}
