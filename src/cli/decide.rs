//! Deciding from the command line: the desk's own policy, guards, outbox and sender, without the grace period.

mod print;

pub use print::{identifiers, say_outcomes, trouble_of};

use super::ask;
use super::context::Context;
use super::exit::{Exit, Failure};
use super::progress;
use super::session::{Rows, Session};
use crate::app::effect::{NewDecision, Subject};
use crate::app::format::plural;
use crate::domain::assignment::AssignmentStatus;
use crate::domain::decision::{Decision, DecisionId, OutboxEntry, Target};
use crate::domain::money::Usd;
use crate::domain::policy::{self, Case, Refusal};
use crate::domain::row::AssignmentRow;
use std::collections::{HashMap, HashSet};
use std::io::{IsTerminal, Write};
use std::time::Duration;

/// How long a command goes on while nothing goes through.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Something to decide about, with what people call it.
#[derive(Debug, Clone)]
pub struct Item {
    /// What is decided about.
    pub subject: Subject,
    /// Its identifier.
    pub id: String,
    /// What is decided.
    pub decision: Decision,
    /// What it costs, with the fee apart.
    pub cost: (Usd, Usd),
    /// What it is compared with now: "new", "was 40".
    pub change: Option<String>,
}

impl Item {
    /// A decision that costs nothing about a worker, a qualification, a request or a qualification type.
    pub fn free(target: Target, decision: Decision) -> Self {
        let (id, cost) = (target.to_string(), (Usd::ZERO, Usd::ZERO));
        Item { subject: Subject::Other(target), id, decision, cost, change: None }
    }

    /// Its target, as journal and audit trail name it, and of a HIT the verb: it may get more time and more assignments.
    fn name(&self) -> (String, &'static str) {
        match &self.subject {
            Subject::Other(target) => (target.to_string(), ""),
            Subject::Assignment(_) => (self.id.clone(), ""),
            Subject::Hit(_) => (self.id.clone(), self.decision.verb()),
        }
    }
}

/// What became of decisions, by [`Item::name`].
type Outcomes = HashMap<(String, &'static str), OutboxEntry>;

fn of_entry(entry: &OutboxEntry) -> (String, &'static str) {
    let verb = if entry.decision.is_about_hit() { entry.decision.verb() } else { "" };
    (entry.target.to_string(), verb)
}

/// What a command is going to do.
#[derive(Debug, Default)]
pub struct Plan {
    /// The verb, for people.
    pub verb: &'static str,
    /// What is counted, where it is not one thing for each decision: "3 workers in 1 message".
    pub count: Option<String>,
    /// What a person should know before they say yes.
    pub notes: Vec<String>,
    /// To be decided.
    pub items: Vec<Item>,
    /// Nothing to do: identifier and why. No failure.
    pub already: Vec<(String, String)>,
    /// May not be decided: identifier and why.
    pub refused: Vec<(String, String)>,
    /// Why more than a yes is asked for, if it is.
    pub brake: Option<String>,
    /// The rows were chosen by a query and not by name.
    pub by_query: bool,
}

impl Plan {
    /// Shows it, asks, writes it down and sends it; says what became of each.
    pub async fn carry_out(
        mut self,
        context: &Context,
        session: &Session,
        out: &mut impl Write,
    ) -> Result<Exit, Failure> {
        for line in self.summary() {
            context.say(line);
        }
        for (id, why) in &self.refused {
            context.say(format_args!("{id}: {why}"));
        }
        if session.settings.read_only && !context.global.dry_run {
            return Err(Failure::Failed(Refusal::ReadOnly.to_string()));
        }
        let partial = if self.refused.is_empty() { Exit::Done } else { Exit::Partial };
        if self.items.is_empty() {
            return Ok(partial);
        }
        if context.global.dry_run {
            self.print(&context.global, &HashMap::new(), out)?;
            context.say("dry run: nothing was written down or sent");
            return Ok(partial);
        }
        self.confirm(context, session)?;
        let decisions = self
            .items
            .iter()
            .map(|item| NewDecision { subject: item.subject.clone(), decision: item.decision.clone() });
        let now = session.engine.clock().now().wall;
        let written = session.engine.decide(decisions.collect(), session.engine.new_group(), now).await?;
        let names: HashMap<Subject, String> =
            self.items.iter().map(|item| (item.subject.clone(), item.id.clone())).collect();
        let refused = written.refused.len();
        for (subject, why) in written.already.iter().chain(&written.refused) {
            context.say(format_args!("{}: {why}", names.get(subject).map_or("", String::as_str)));
        }
        if session.engine.is_offline() {
            let staged: Outcomes = written.staged.into_iter().map(|entry| (of_entry(&entry), entry)).collect();
            self.items.retain(|item| staged.contains_key(&item.name()));
            self.print(&context.global, &staged, out)?;
            context
                .say("this account was read from files: nothing is sent; `hitdeck export` writes decisions as marks");
            return Ok(if refused == 0 { partial } else { Exit::Partial });
        }
        let mut ids: Vec<DecisionId> = written.staged.iter().map(|entry| entry.id).collect();
        let already: HashSet<Subject> = written.already.into_iter().map(|(subject, _)| subject).collect();
        if !already.is_empty() {
            // An earlier command that was cut off has written these down: how they end is told here.
            let ours: HashSet<(String, &str)> =
                self.items.iter().filter(|item| already.contains(&item.subject)).map(Item::name).collect();
            let live = session.engine.store().reading(|reader| reader.open_entries()).await?;
            let live = live.iter().filter(|entry| !entry.state.is_settled());
            ids.extend(live.filter(|entry| ours.contains(&of_entry(entry))).map(|entry| entry.id));
        }
        let left = progress::send(session, ids.len()).await?;
        let entries = session
            .engine
            .store()
            .reading(move |reader| ids.into_iter().map(|id| reader.entry(id)).collect::<Result<Vec<_>, _>>())
            .await?;
        let outcomes: Outcomes = entries.into_iter().flatten().map(|entry| (of_entry(&entry), entry)).collect();
        self.items.retain(|item| outcomes.contains_key(&item.name()));
        self.print(&context.global, &outcomes, out)?;
        let exit = say_outcomes(context, outcomes.values());
        if let Some(trouble) = left.trouble {
            context.say(format_args!("{trouble}"));
        }
        Ok(match (left.unsettled, exit) {
            (0, Exit::Done) if refused == 0 => partial,
            (0, _) => Exit::Partial,
            (count, _) => {
                context.say(format_args!(
                    "not settled: {}; `hitdeck outbox send` goes on",
                    plural(count as usize, "decision")
                ));
                Exit::Unsent
            }
        })
    }

    /// What will happen, and what is left out.
    fn summary(&self) -> Vec<String> {
        let (sum, fees) = self.cost();
        let mut head = match &self.count {
            Some(count) => format!("{}: {count}", self.verb),
            None => format!("{}: {}", self.verb, self.items.len()),
        };
        if sum > Usd::ZERO {
            head += &format!(
                ", {} and {} in fees (Amazon's schedule), {} together",
                sum.display(),
                fees.display(),
                (sum + fees).display()
            );
        }
        let mut lines = vec![head];
        let mut reasons: Vec<(&str, usize)> = Vec::new();
        for (_, why) in &self.already {
            match reasons.iter_mut().find(|(known, _)| known == why) {
                Some((_, count)) => *count += 1,
                None => reasons.push((why, 1)),
            }
        }
        lines.extend(reasons.into_iter().map(|(why, count)| format!("nothing to do for {count}: {why}")));
        if !self.refused.is_empty() {
            lines.push(format!("left out: {}", self.refused.len()));
        }
        lines.extend(self.notes.iter().cloned());
        lines
    }

    fn cost(&self) -> (Usd, Usd) {
        (self.items.iter().map(|item| item.cost.0).sum(), self.items.iter().map(|item| item.cost.1).sum())
    }

    fn confirm(&self, context: &Context, session: &Session) -> Result<(), Failure> {
        let count = self.count.clone().unwrap_or_else(|| self.items.len().to_string());
        Stake {
            what: format!("{} {count}", self.verb),
            decisions: self.items.len(),
            cost: self.cost(),
            brake: self.brake.as_deref(),
            by_query: self.by_query,
        }
        .confirm(context, session)
    }
}

/// What a yes is asked for.
pub struct Stake<'a> {
    /// In words: "approve 12".
    pub what: String,
    /// How many decisions.
    pub decisions: usize,
    /// What they cost, with the fees apart.
    pub cost: (Usd, Usd),
    /// Why more than a yes is asked for, if it is.
    pub brake: Option<&'a str>,
    /// What is decided about was chosen by a query and not by name.
    pub by_query: bool,
}

impl Stake<'_> {
    /// Asks where something is at stake. Without a terminal, and without `--yes`, only what was named one by one and is
    /// under the guards goes through.
    pub fn confirm(&self, context: &Context, session: &Session) -> Result<(), Failure> {
        if context.global.yes {
            return Ok(());
        }
        let limit = session.settings.review.confirm_over;
        let over = self.decisions > limit.count as usize || self.cost.0 + self.cost.1 > limit.sum.0;
        let environment = &session.settings.environment;
        let place = match environment.danger {
            crate::config::Danger::RealMoney => format!("{} (REAL MONEY)", environment.name),
            crate::config::Danger::Play => format!("{} (play money)", environment.name),
        };
        let on_terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        if !on_terminal && !over && !self.by_query && self.brake.is_none() {
            return Ok(());
        }
        let question = format!("{} on {place}?", self.what);
        let agreed = match self.brake {
            Some(brake) => ask::typed(&format!("{brake}\n{question}"), &self.what)?,
            None => ask::yes(&question)?,
        };
        if agreed { Ok(()) } else { Err(Failure::Failed("nothing was decided".into())) }
    }
}

/// What policy needs to know of an assignment.
pub fn case(rows: &Rows, row: &AssignmentRow) -> Case {
    let live = rows.live.get(&row.key).filter(|entry| entry.decision.settles_assignment());
    Case {
        status: row.status,
        submitted: row.submitted,
        live: live.map(|entry| entry.decision.verb()),
        hit_deleted: !rows.hits.contains_key(&row.hit),
    }
}

/// Whether what policy refuses is done already, the same way: then there is nothing to do, and nothing failed.
pub fn is_done(refusal: &Refusal, decision: &Decision) -> bool {
    match decision {
        Decision::Approve { .. } => {
            matches!(refusal, Refusal::AlreadyApproved | Refusal::Live("approve") | Refusal::Live("override"))
        }
        Decision::Reject { .. } => matches!(refusal, Refusal::AlreadyRejected | Refusal::Live("reject")),
        Decision::Expire => matches!(refusal, Refusal::AlreadyExpired),
        Decision::Extend { .. } => matches!(refusal, Refusal::OpenLonger),
        Decision::Retype { .. } => matches!(refusal, Refusal::SameType),
        Decision::Reviewing { .. } => matches!(refusal, Refusal::ReviewedSo(_)),
        _ => false,
    }
}

/// The reject brake, over each batch and each worker.
pub fn brake(session: &Session, rows: &Rows, rejecting: &[AssignmentRow]) -> Option<String> {
    let limit = session.settings.review.reject_brake;
    let batch_of = |row: &AssignmentRow| rows.hits.get(&row.hit).map(|hit| format!("batch {}", hit.batch));
    let worker_of = |row: &AssignmentRow| rows.workers.get(&row.worker).map(|worker| format!("worker {worker}"));
    let mut tallies: HashMap<String, (u32, u32, u32)> = HashMap::new();
    for row in rejecting {
        for name in [batch_of(row), worker_of(row)].into_iter().flatten() {
            tallies.entry(name).or_default().2 += 1;
        }
    }
    for row in rows.assignments.iter().filter(|row| row.status != AssignmentStatus::Submitted) {
        for name in [batch_of(row), worker_of(row)].into_iter().flatten() {
            if let Some((rejected, decided, _)) = tallies.get_mut(&name) {
                *decided += 1;
                *rejected += u32::from(row.status == AssignmentStatus::Rejected);
            }
        }
    }
    let mut over: Vec<String> = tallies
        .into_iter()
        .filter(|(_, (rejected, decided, more))| {
            policy::brakes(*rejected, *decided, *more, limit.count, limit.share.basis_points)
        })
        .map(|(name, (rejected, decided, more))| {
            format!("{name}: {} of {} decided would be rejected", rejected + more, decided + more)
        })
        .collect();
    over.sort();
    let first = over.first()?;
    let others = if over.len() > 1 { format!(" (and {} more)", over.len() - 1) } else { String::new() };
    Some(format!("that is a mass rejection. {first}{others}"))
}
