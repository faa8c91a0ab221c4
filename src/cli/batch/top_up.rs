//! `hitdeck batch top-up`: asks again for answers that are missing. Rejected work is made up for by more assignments, and HITs
//! that have expired without all their answers are opened again. `hitdeck batch republish`: the first of these alone.

use super::super::context::Context;
use super::super::decide::{Item, Plan};
use super::super::exit::{Exit, Failure};
use super::super::session::Session;
use super::super::sync;
use super::status::Work;
use super::stored;
use crate::app::effect::Subject;
use crate::config::Span;
use crate::domain::batch::{BatchName, StoredBatch};
use crate::domain::decision::Decision;
use crate::domain::fees::FeeSchedule;
use crate::domain::hit::HitStatus;
use crate::domain::policy::{HitCase, Refusal, may_add, may_extend};
use crate::domain::row::HitRow;
use crate::domain::time::Time;
use crate::domain::top_up::{Wanted, lacking};
use std::io::Write;

/// Runs `hitdeck batch top-up`.
pub async fn run(
    context: &Context,
    name: &BatchName,
    only_rejected: bool,
    lifetime: Span,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let session = Session::open(context).await?;
    let batch = stored(&session, name).await?;
    sync::refresh(&session).await?;
    let work = Work::of(&session).await?;
    let add = additions(&work, &batch, only_rejected);
    let asked = !add.items.is_empty();
    let mut first = Exit::Done;
    if asked || !add.refused.is_empty() {
        first = add.carry_out(context, &session, out).await?;
        if first == Exit::Unsent || context.global.dry_run {
            return Ok(first);
        }
        // Whether a HIT is over is the endpoint's to say: its clock need not be this machine's.
        sync::refresh(&session).await?;
    }
    let work = Work::of(&session).await?;
    let now = session.engine.clock().now().time;
    let open = openings(&work, &batch, only_rejected, (Time(now.0 + lifetime.millis / 1_000), now));
    if open.items.is_empty() && open.refused.is_empty() {
        if !asked && first == Exit::Done {
            context.say(format_args!("{name}: no answers are missing"));
        }
        return Ok(first);
    }
    // Who said yes to the first step was told of this one.
    let mut context = context.clone();
    context.global.yes |= asked;
    let then = open.carry_out(&context, &session, out).await?;
    Ok(if first == Exit::Done { then } else { first })
}

/// The places that HITs lack.
fn additions(work: &Work, batch: &StoredBatch, only_rejected: bool) -> Plan {
    let mut plan = Plan { verb: "add assignments", by_query: true, ..Plan::default() };
    for (hit, missing) in missing(work, batch, only_rejected) {
        let more = missing.saturating_sub(hit.available);
        if more == 0 {
            continue;
        }
        let decision = Decision::AddAssignments { count: more, from: hit.max_assignments };
        match may_add(&HitCase::of(hit, None), more) {
            Ok(()) => plan.items.push(item(hit, decision, more)),
            Err(refusal) => plan.refused.push((hit.id.to_string(), hint(&refusal))),
        }
    }
    if !plan.items.is_empty() {
        plan.notes.push("HITs that are over are opened again after that".to_owned());
    }
    plan
}

/// The HITs that have places which nobody can take.
fn openings(work: &Work, batch: &StoredBatch, only_rejected: bool, (until, now): (Time, Time)) -> Plan {
    let mut plan = Plan { verb: "open again", by_query: true, ..Plan::default() };
    for (hit, _) in missing(work, batch, only_rejected) {
        if hit.available == 0 || (hit.status == HitStatus::Assignable && hit.expires > now) {
            continue;
        }
        match may_extend(&HitCase::of(hit, None), until, now) {
            Ok(()) => plan.items.push(item(hit, Decision::Extend { until }, hit.available)),
            Err(refusal) => plan.refused.push((hit.id.to_string(), refusal.to_string())),
        }
    }
    plan
}

/// The HITs that lack answers, and how many: rejected ones do not count, and who is at work may still hand in. Places that
/// nobody has taken yet are lacking too.
fn missing<'w>(work: &'w Work, batch: &StoredBatch, only_rejected: bool) -> impl Iterator<Item = (&'w HitRow, u32)> {
    let lack = move |hit: &'w HitRow| {
        let wanted = Wanted { answers: work.asked.answers(hit), only_rejected };
        Some((hit, lacking(hit, work.in_hit(hit.key), wanted, true).ok()?))
    };
    work.hits(batch.name.as_str()).into_iter().filter_map(lack)
}

/// Why not, and what does help.
fn hint(refusal: &Refusal) -> String {
    match refusal {
        Refusal::BelowTen(_) => format!("{refusal}; `hitdeck batch anew` publishes a new one for them"),
        refusal => refusal.to_string(),
    }
}

fn item(hit: &HitRow, decision: Decision, count: u32) -> Item {
    let count = u64::from(count);
    let cost = (hit.reward.times(count), FeeSchedule::AMAZON.of_hit(hit).times(count));
    Item { subject: Subject::Hit(hit.key), id: hit.id.to_string(), decision, cost, change: None }
}
