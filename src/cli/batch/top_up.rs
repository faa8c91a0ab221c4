//! `hitdeck batch top-up`: asks again for answers that are missing. Rejected work is asked for anew, and HITs that have
//! expired without all their answers are opened again.

use super::super::context::Context;
use super::super::decide::{Item, Plan};
use super::super::exit::{Exit, Failure};
use super::super::session::Session;
use super::super::sync;
use super::status::Work;
use super::stored;
use crate::app::effect::Subject;
use crate::app::format::plural;
use crate::config::Span;
use crate::domain::assignment::AssignmentStatus;
use crate::domain::batch::BatchName;
use crate::domain::decision::Decision;
use crate::domain::fees::FeeSchedule;
use crate::domain::hit::HitStatus;
use crate::domain::money::Usd;
use crate::domain::policy::{HitCase, may_add, may_extend};
use crate::domain::row::HitRow;
use crate::domain::time::Time;
use std::collections::HashMap;
use std::io::Write;

/// Runs `hitdeck batch top-up`.
pub async fn run(context: &Context, name: &BatchName, lifetime: Span, out: &mut impl Write) -> Result<Exit, Failure> {
    let session = Session::open(context).await?;
    let batch = stored(&session, name).await?;
    sync::refresh(&session).await?;
    let work = Work::of(&session).await?;
    let of = batch.clone();
    let rows = session.engine.store().reading(move |reader| reader.batch_rows(&of)).await?;
    let wanted: HashMap<String, u32> = rows
        .iter()
        .flat_map(|row| &row.posts)
        .filter_map(|post| Some((post.state.hit()?.to_string(), post.assignments)))
        .collect();
    let now = session.engine.clock().now().time;
    let until = Time(now.0 + lifetime.millis / 1_000);
    let mut add = Plan { verb: "add assignments", by_query: true, ..Plan::default() };
    let mut open = Plan { verb: "open again", by_query: true, ..Plan::default() };
    let mut hits: Vec<&HitRow> = work.hits(&batch).collect();
    hits.sort_by_key(|hit| hit.key);
    for hit in hits {
        let Some(wanted) = wanted.get(hit.id.as_str()) else { continue };
        let useful = work.assignments(hit.key).iter().filter(|row| row.status != AssignmentStatus::Rejected).count();
        let need = need(*wanted, u32::try_from(useful).unwrap_or(u32::MAX), hit, now);
        let unit = hit.reward + FeeSchedule::AMAZON.of_hit(hit);
        let case = HitCase::of(hit, None);
        let mut refused = false;
        if need.more > 0 {
            let decision = Decision::AddAssignments { count: need.more, from: hit.max_assignments };
            match may_add(&case, need.more) {
                Ok(()) => add.items.push(item(hit, decision, need.more, unit)),
                Err(refusal) => {
                    refused = true;
                    add.refused.push((hit.id.to_string(), refusal.to_string()));
                }
            }
        }
        if need.reopen && (!refused || need.open > 0) {
            let decision = Decision::Extend { until };
            match may_extend(&case, until, now) {
                Ok(()) => open.items.push(item(hit, decision, need.open, unit)),
                Err(refusal) => open.refused.push((hit.id.to_string(), refusal.to_string())),
            }
        }
    }
    if add.items.is_empty() && open.items.is_empty() && add.refused.is_empty() && open.refused.is_empty() {
        context.say(format_args!("{name}: no answers are missing"));
        return Ok(Exit::Done);
    }
    if !add.items.is_empty() && !open.items.is_empty() {
        add.notes.push(format!("then {} are opened again", plural(open.items.len(), "HIT")));
    }
    carry_out(context, &session, add, open, out).await
}

/// One after the other: what is added to a HIT that is over can be taken only when it is open again.
async fn carry_out(
    context: &Context,
    session: &Session,
    add: Plan,
    open: Plan,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let asked = !add.items.is_empty();
    let first = if asked || !add.refused.is_empty() { add.carry_out(context, session, out).await? } else { Exit::Done };
    if open.items.is_empty() && open.refused.is_empty() || first == Exit::Unsent {
        return Ok(first);
    }
    // Who said yes to the first step was told of the second.
    let mut context = context.clone();
    context.global.yes |= asked;
    let then = open.carry_out(&context, session, out).await?;
    Ok(if first == Exit::Done { then } else { first })
}

fn item(hit: &HitRow, decision: Decision, count: u32, unit: Usd) -> Item {
    let reward = hit.reward.times(u64::from(count));
    Item {
        subject: Subject::Hit(hit.key),
        id: hit.id.to_string(),
        decision,
        cost: (reward, unit.times(u64::from(count)) - reward),
        change: None,
    }
}

/// What a HIT lacks.
#[derive(Debug, PartialEq, Eq)]
struct Need {
    /// Places that must be added.
    more: u32,
    /// Places that are there and cannot be taken.
    open: u32,
    /// Whether it must be opened again.
    reopen: bool,
}

/// `wanted` answers, of which so many are in that are not rejected. Who is at work may still hand in.
fn need(wanted: u32, useful: u32, hit: &HitRow, now: Time) -> Need {
    let missing = wanted.saturating_sub(useful + hit.pending);
    let over = hit.expires <= now || hit.status != HitStatus::Assignable && hit.available > 0;
    let more = missing.saturating_sub(hit.available);
    let reopen = missing > 0 && over;
    Need { more, open: if reopen { hit.available } else { 0 }, reopen }
}
