//! What a command that decides prints: a row for each thing that was decided about, and on stderr what failed.

use super::super::args::Global;
use super::super::context::Context;
use super::super::exit::{Exit, Failure};
use super::{Item, Outcomes, Plan};
use crate::app::effect::Subject;
use crate::domain::decision::{Decision, OutboxEntry, OutboxState, Target};
use crate::domain::id::WorkerId;
use crate::domain::money::Usd;
use crate::domain::worker::not_reached;
use crate::exchange::output::{Cell, Column, Writer};
use std::io::Write;

/// Which of the columns a set of decisions needs.
#[derive(Debug, Clone, Copy, Default)]
struct Kinds {
    assignment: bool,
    hit: bool,
    worker: bool,
    qualification: bool,
    request: bool,
    of_type: bool,
    score: bool,
    bonus: bool,
    change: bool,
}

impl Kinds {
    fn of(items: &[Item]) -> Self {
        let mut kinds = Kinds::default();
        for item in items {
            match &item.subject {
                Subject::Assignment(_) => kinds.assignment = true,
                Subject::Hit(_) => kinds.hit = true,
                Subject::Other(target) => match target {
                    Target::Qualification(..) => (kinds.worker, kinds.qualification) = (true, true),
                    Target::Request(_) => kinds.request = true,
                    Target::Type(_) | Target::NewType(_) => kinds.of_type = true,
                    _ => kinds.worker = true,
                },
            }
            match &item.decision {
                Decision::Bonus { .. } => (kinds.worker, kinds.bonus) = (true, true),
                Decision::Grant { .. } | Decision::AcceptRequest { .. } => kinds.score = true,
                _ => {}
            }
            kinds.change |= item.change.is_some();
        }
        kinds
    }

    /// Every column, and whether it is wanted, in the order of [`cells`].
    fn columns(self) -> [(Column, bool); 13] {
        let amount = if self.bonus { "BonusAmount" } else { "Reward" };
        let priced = self.assignment || self.hit;
        [
            (Column::new("HITId", "hit"), self.hit),
            (Column::new("AssignmentId", "assignment"), self.assignment),
            (Column::new("QualificationRequestId", "request"), self.request),
            (Column::data("QualificationTypeId"), self.qualification || self.of_type),
            (Column::new("Name", "qualification"), self.of_type),
            (Column::new("WorkerId", "worker"), self.worker),
            (Column::new("Decision", "decision"), true),
            (Column::new("State", "state"), true),
            (Column::new(amount, "amount"), priced),
            (Column::new("Fee", "fee"), priced),
            (Column::new("IntegerValue", "score"), self.score),
            (Column::new("Change", "change"), self.change),
            (Column::long("Note", "note"), true),
        ]
    }
}

/// The values of one row, in the order of [`Kinds::columns`]. `worker` is the one of several that the row is for.
fn cells(item: &Item, entry: Option<&OutboxEntry>, worker: Option<&WorkerId>) -> [Cell; 13] {
    let (assignment, hit) = match &item.subject {
        Subject::Assignment(_) => (Some(item.id.as_str()), None),
        Subject::Hit(_) => (None, Some(item.id.as_str())),
        Subject::Other(_) => (None, None),
    };
    let (mut request, mut of_type, mut name, mut named) = (None, None, None, worker);
    if let Subject::Other(target) = &item.subject {
        match target {
            Target::Worker(worker) => named = Some(worker),
            Target::Qualification(of, worker) => (of_type, named) = (Some(of.to_string()), Some(worker)),
            Target::Request(id) => request = Some(id.as_str()),
            Target::Type(of) => (of_type, name) = (Some(of.to_string()), Some(item.id.as_str())),
            Target::NewType(new) => {
                // The note of a type that was made ends with its identifier.
                let made = entry.and_then(|entry| entry.note.as_deref()?.rsplit(' ').next().map(str::to_owned));
                (of_type, name) = (made, Some(&**new));
            }
            _ => {}
        }
    }
    let score = match &item.decision {
        Decision::Grant { score, .. } | Decision::AcceptRequest { score } => Some(i64::from(*score)),
        Decision::Bonus { worker, .. } => {
            named = Some(worker);
            None
        }
        _ => None,
    };
    let note = entry.and_then(trouble_of);
    let missed = worker.and_then(|worker| {
        let reasons = not_reached(note.as_deref()?);
        reasons.into_iter().find(|(who, _)| who == worker).map(|(_, reason)| reason.to_owned())
    });
    let (state, note) = match (entry, worker) {
        (None, _) => ("dry run", None),
        (Some(_), Some(_)) if missed.is_some() => ("not reached", missed),
        (Some(entry), Some(_)) if entry.state == OutboxState::Done => ("done", None),
        (Some(entry), _) => (entry.state.name(), note),
    };
    let money = |amount: Usd| Some(amount).filter(|amount| *amount > Usd::ZERO);
    [
        hit.into(),
        assignment.into(),
        request.into(),
        of_type.into(),
        name.into(),
        named.map(WorkerId::as_str).into(),
        item.decision.verb().into(),
        state.into(),
        money(item.cost.0).into(),
        money(item.cost.1).into(),
        score.into(),
        item.change.clone().into(),
        note.into(),
    ]
}

impl Plan {
    /// A row for each decision, a message's for each worker.
    pub(super) fn print(&self, global: &Global, outcomes: &Outcomes, out: &mut impl Write) -> Result<(), Failure> {
        let columns = Kinds::of(&self.items).columns();
        let wanted = columns.iter().filter(|(_, wanted)| *wanted).map(|(column, _)| column.clone());
        let mut writer = Writer::new(out, global.output, wanted, super::super::width());
        for item in &self.items {
            let entry = outcomes.get(&item.name());
            let workers: Vec<Option<&WorkerId>> = match &item.subject {
                Subject::Other(Target::Workers(workers)) => workers.iter().map(Some).collect(),
                _ => vec![None],
            };
            for worker in workers {
                let all = columns.iter().zip(cells(item, entry, worker));
                writer.row(all.filter(|((_, wanted), _)| *wanted).map(|(_, cell)| cell).collect())?;
            }
        }
        Ok(writer.finish()?)
    }
}

/// Names on stderr each decision that failed.
pub fn say_outcomes<'a>(context: &Context, entries: impl Iterator<Item = &'a OutboxEntry>) -> Exit {
    let mut exit = Exit::Done;
    for entry in entries {
        let why = trouble_of(entry).unwrap_or_default();
        let missed = not_reached(&why);
        if !missed.is_empty() {
            for (worker, reason) in missed {
                context.say(format_args!("{worker}: not reached: {reason}"));
            }
            exit = Exit::Partial;
        } else if let OutboxState::Failed { .. } | OutboxState::MaybeSent = entry.state {
            context.say(format_args!("{}: {} {}: {why}", entry.target, entry.decision.verb(), entry.state.name()));
            exit = Exit::Partial;
        }
    }
    exit
}

/// What went wrong with a decision, if something did.
pub fn trouble_of(entry: &OutboxEntry) -> Option<String> {
    match &entry.state {
        OutboxState::Failed { reason } => Some(reason.clone()),
        _ => entry.note.clone(),
    }
}

/// The target as `AssignmentId` or `HITId`, if it is one.
pub fn identifiers(target: &Target) -> (Option<&str>, Option<&str>) {
    match target {
        Target::Assignment(id) => (Some(id.as_str()), None),
        Target::Hit(id) => (None, Some(id.as_str())),
        _ => (None, None),
    }
}
