//! `hitdeck assignment`: reading assignments, and deciding about them.

mod fields;
mod show;

use super::args::{AssignmentCommand, Selection};
use super::context::Context;
use super::decide::{Item, Plan, brake, case, is_done};
use super::exit::{Exit, Failure};
use super::selection::{Chosen, assignments, parse_query};
use super::session::{Rows, Session};
use super::shape::Shape;
use super::sync;
use crate::app::effect::Subject;
use crate::domain::decision::Decision;
use crate::domain::fees::FeeSchedule;
use crate::domain::id::{AssignmentId, WorkerId};
use crate::domain::money::Usd;
use crate::domain::policy::{self, Refusal};
use crate::domain::row::{AssignmentRow, Decider, HitRow};
use crate::exchange::output::Writer;
use fields::Whole;
use std::collections::HashMap;
use std::io::Write;

/// Runs `hitdeck assignment …`.
pub async fn run(context: &Context, command: AssignmentCommand, out: &mut impl Write) -> Result<Exit, Failure> {
    match command {
        AssignmentCommand::List { selection, limit, offline } => list(context, &selection, limit, offline, out).await,
        AssignmentCommand::Show { selection, offline } => show::run(context, &selection, offline, out).await,
        AssignmentCommand::Approve { selection, feedback, override_rejection } => {
            if let Some(text) = &feedback {
                policy::check_feedback(text).map_err(usage("--feedback"))?;
            }
            let verb = if override_rejection { "override the rejection of" } else { "approve" };
            decide(
                context,
                &selection,
                verb,
                |_| Decision::Approve { feedback: feedback.clone(), override_rejection },
                out,
            )
            .await
        }
        AssignmentCommand::Reject { selection, feedback } => {
            policy::check_reason(&feedback).map_err(usage("--feedback"))?;
            if let Some(query) = selection.query.as_deref().map(parse_query).transpose()? {
                policy::may_reject_by(&query).map_err(usage("--where"))?;
            }
            decide(context, &selection, "reject", |_| Decision::Reject { feedback: feedback.clone() }, out).await
        }
        AssignmentCommand::Bonus { selection, amount, reason } => {
            let limit = context.settings()?.review.bonus_limit.0;
            policy::may_bonus(amount, limit).map_err(usage("--amount"))?;
            policy::check_bonus_reason(&reason).map_err(usage("--reason"))?;
            let decision =
                |worker: &WorkerId| Decision::Bonus { worker: worker.clone(), amount, reason: reason.clone() };
            decide(context, &selection, "pay a bonus for", decision, out).await
        }
    }
}

fn usage(option: &'static str) -> impl Fn(Refusal) -> Failure {
    move |refusal| Failure::Usage(format!("{option}: {refusal}"))
}

/// An account with the assignments that were asked for.
struct Opened {
    session: Session,
    rows: Rows,
    chosen: Chosen<AssignmentRow, AssignmentId>,
    ids: HashMap<crate::domain::key::AssignmentKey, AssignmentId>,
}

impl Opened {
    /// Reads the endpoint first, unless `offline`.
    async fn new(context: &Context, selection: &Selection, offline: bool) -> Result<Self, Failure> {
        let session = Session::open(context).await?;
        if !offline {
            sync::refresh(&session).await?;
            if selection.query.as_deref().is_some_and(|text| text.contains("blocked")) {
                session.engine.sync_people().await?;
            }
        }
        let rows = session.rows().await?;
        let chosen = assignments(&session, &rows, selection).await?;
        let keys: Vec<_> = chosen.rows.iter().map(|row| row.key).collect();
        let ids = session
            .engine
            .store()
            .reading(move |reader| {
                let mut ids = HashMap::with_capacity(keys.len());
                for key in keys {
                    ids.extend(reader.assignment_id(key)?.map(|id| (key, id)));
                }
                Ok(ids)
            })
            .await?;
        Ok(Opened { session, rows, chosen, ids })
    }

    fn id(&self, row: &AssignmentRow) -> &str {
        self.ids.get(&row.key).map_or("", AssignmentId::as_str)
    }

    fn hit(&self, row: &AssignmentRow) -> Option<&HitRow> {
        self.rows.hits.get(&row.hit)
    }

    fn worker(&self, row: &AssignmentRow) -> Option<&WorkerId> {
        self.rows.workers.get(&row.worker)
    }

    /// Who decided an assignment, as far as this store knows.
    fn decider(&self, row: &AssignmentRow) -> Option<&str> {
        match row.by {
            Decider::Unknown => None,
            Decider::Person(number) => self.rows.people.get(usize::from(number)).map(String::as_str),
            Decider::Elsewhere => Some("elsewhere"),
            Decider::Clock => Some("auto-approval"),
        }
    }

    /// Names on stderr what is not there.
    fn say_missing(&self, context: &Context) -> Exit {
        for id in &self.chosen.missing {
            context.say(format_args!("{id}: not in this account"));
        }
        if self.chosen.missing.is_empty() { Exit::Done } else { Exit::Partial }
    }
}

async fn list(
    context: &Context,
    selection: &Selection,
    limit: Option<usize>,
    offline: bool,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let opened = Opened::new(context, selection, offline).await?;
    let rows = &opened.chosen.rows[..opened.chosen.rows.len().min(limit.unwrap_or(usize::MAX))];
    let format = context.global.output;
    let columns = fields::columns(Shape::List, fields::names(&opened, rows, format).await?);
    let mut writer = Writer::new(out, format, columns, super::width());
    for some in rows.chunks(fields::TOGETHER) {
        let whole = Whole::read(&opened, some).await?;
        for row in some {
            let mut cells = whole.cells(&opened, row);
            cells.insert(fields::SUMMARY, (*row.summary).into());
            writer.row(cells)?;
        }
    }
    writer.finish()?;
    Ok(opened.say_missing(context))
}

/// What `decision` makes of each worker's assignment is planned, shown, confirmed and carried out.
async fn decide(
    context: &Context,
    selection: &Selection,
    verb: &'static str,
    decision: impl Fn(&WorkerId) -> Decision,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    if selection.is_empty() {
        return Err(Failure::Usage("which assignments? give IDs, --ids FILE or --where QUERY".into()));
    }
    let opened = Opened::new(context, selection, false).await?;
    let now = opened.session.engine.clock().now().time;
    let mut plan = Plan { verb, by_query: selection.query.is_some(), ..Plan::default() };
    plan.refused.extend(opened.chosen.missing.iter().map(|id| (id.to_string(), "not in this account".to_owned())));
    let mut rejecting = Vec::new();
    for row in &opened.chosen.rows {
        let (Some(hit), Some(worker)) = (opened.hit(row), opened.worker(row)) else {
            plan.refused.push((opened.id(row).to_owned(), Refusal::HitDeleted.to_string()));
            continue;
        };
        let decision = decision(worker);
        let case = case(&opened.rows, row);
        let allowed = match &decision {
            Decision::Approve { override_rejection: true, .. } => policy::may_override(&case, now),
            Decision::Approve { .. } => policy::may_approve(&case),
            Decision::Reject { .. } => policy::may_reject(&case),
            // The amount was checked, and any submitted work may get one.
            _ => Ok(()),
        };
        let id = opened.id(row).to_owned();
        match allowed {
            Ok(()) => {
                if let Decision::Reject { .. } = decision {
                    rejecting.push(row.clone());
                }
                let cost = cost(hit, &decision);
                plan.items.push(Item { subject: Subject::Assignment(row.key), id, decision, cost, change: None });
            }
            Err(refusal) if is_done(&refusal, &decision) => plan.already.push((id, refusal.to_string())),
            Err(refusal) => plan.refused.push((id, refusal.to_string())),
        }
    }
    plan.brake = brake(&opened.session, &opened.rows, &rejecting);
    plan.carry_out(context, &opened.session, out).await
}

/// What a decision costs, and the fee on top.
pub(super) fn cost(hit: &HitRow, decision: &Decision) -> (Usd, Usd) {
    match decision {
        Decision::Approve { .. } => (hit.reward, FeeSchedule::AMAZON.of_hit(hit)),
        Decision::Bonus { amount, .. } => (*amount, FeeSchedule::AMAZON.of_bonus(*amount)),
        _ => (Usd::ZERO, Usd::ZERO),
    }
}
