//! What is done to HITs: their end, more time, more assignments, another type, the requester's flag.

use super::super::args::HitSelection;
use super::super::context::Context;
use super::super::decide::{Item, Plan, is_done};
use super::super::exit::{Exit, Failure};
use super::super::selection::hits;
use super::{open, undecided};
use crate::app::batches::act::open_ones;
use crate::app::effect::Subject;
use crate::app::format::plural;
use crate::config::Span;
use crate::domain::decision::Decision;
use crate::domain::fees::FeeSchedule;
use crate::domain::id::HitTypeId;
use crate::domain::key::HitKey;
use crate::domain::money::Usd;
use crate::domain::policy::{self, HitCase, Refusal};
use crate::domain::row::HitRow;
use crate::domain::time::{Seconds, Time};
use crate::store::Reader;
use jiff::civil;
use jiff::tz::TimeZone;
use std::collections::HashSet;
use std::io::Write;

/// A moment: named, or so long from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// At this moment.
    At(Time),
    /// So long from now.
    In(Seconds),
}

impl std::str::FromStr for Until {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Ok(moment) = text.parse::<jiff::Timestamp>() {
            return Ok(Until::At(Time(moment.as_second())));
        }
        if let Ok(local) = text.parse::<civil::DateTime>() {
            let moment = local.to_zoned(TimeZone::system()).map_err(|error| error.to_string())?;
            return Ok(Until::At(Time(moment.timestamp().as_second())));
        }
        Span::parse(text).map(|span| Until::In(Seconds(span.millis / 1_000))).map_err(|_| {
            format!(
                "\"{text}\" is not a moment: expected a time such as 2026-12-01T18:00 (here) or 2026-12-01T18:00:00Z, \
                 or a span from now such as 12h or 3d"
            )
        })
    }
}

/// What is to be done to HITs.
#[derive(Debug)]
pub(super) enum Change {
    Expire,
    Delete,
    Extend { until: Option<Until>, add: Option<u32> },
    Retype { to: HitTypeId },
    Reviewing { on: bool },
}

impl Change {
    const fn verb(&self) -> &'static str {
        match self {
            Change::Expire => "expire",
            Change::Delete => "delete",
            Change::Extend { .. } => "extend",
            Change::Retype { .. } => "change the type of",
            Change::Reviewing { on: true } => "mark as Reviewing",
            Change::Reviewing { on: false } => "mark as Reviewable",
        }
    }

    /// The decisions that it takes for a HIT.
    fn decisions(&self, hit: &HitRow, now: Time) -> Vec<Decision> {
        match self {
            Change::Expire => vec![Decision::Expire],
            Change::Delete => vec![Decision::Delete],
            Change::Retype { to } => vec![Decision::Retype { to: to.clone() }],
            Change::Reviewing { on } => vec![Decision::Reviewing { on: *on }],
            Change::Extend { until, add } => {
                let until = until.map(|until| match until {
                    Until::At(at) => at,
                    Until::In(span) => now + span,
                });
                // Places first: time alone opens no HIT that is full.
                let add = add.map(|count| Decision::AddAssignments { count, from: hit.max_assignments });
                add.into_iter().chain(until.map(|until| Decision::Extend { until })).collect()
            }
        }
    }
}

/// Plans the change for each HIT, shows it, asks and carries it out.
pub(super) async fn run(
    context: &Context,
    selection: &HitSelection,
    change: &Change,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    if let Change::Extend { until: None, add: None } = change {
        return Err(Failure::Usage("extend by what? give --until TIME, --add N, or both".to_owned()));
    }
    let (session, rows) = open(context, false).await?;
    let chosen = hits(&rows, selection)?;
    let now = session.engine.clock().now().time;
    let mut plan = Plan { verb: change.verb(), by_query: selection.batch.is_some(), ..Plan::default() };
    plan.refused.extend(chosen.missing.iter().map(|id| (id.to_string(), "not in this account".to_owned())));
    let mut leaving = Vec::new();
    for hit in &chosen.rows {
        for decision in change.decisions(hit, now) {
            let id = hit.id.to_string();
            match allowed(hit, &decision, now) {
                Ok(()) => {
                    if decision == Decision::Delete {
                        leaving.push((hit.key, hit.id.clone()));
                    }
                    let cost = cost(hit, &decision);
                    plan.items.push(Item { subject: Subject::Hit(hit.key), id, decision, cost, change: None });
                }
                Err(refusal @ Refusal::HitDeleted) if decision == Decision::Delete => {
                    plan.already.push((id, refusal.to_string()));
                }
                Err(refusal) if is_done(&refusal, &decision) => plan.already.push((id, refusal.to_string())),
                Err(refusal) => plan.refused.push((id, refusal.to_string())),
            }
        }
    }
    if matches!(change, Change::Delete) {
        let keys: HashSet<HitKey> = leaving.iter().map(|(key, _)| *key).collect();
        let open = open_ones(chosen.rows.iter().filter(|hit| keys.contains(&hit.key)), now);
        plan.notes.extend(open.map(|words| words.join(" ")));
    }
    let unexported = move |reader: &Reader| {
        let mut left = (0usize, 0usize);
        for (key, id) in leaving {
            let missing = reader.unexported(key, &id)?;
            left = (left.0 + missing as usize, left.1 + usize::from(missing > 0));
        }
        Ok(left)
    };
    let (assignments, hits) = session.engine.store().reading(unexported).await?;
    if assignments > 0 {
        plan.notes.push(format!(
            "{} of {} were never exported; what is deleted can no longer be read from the endpoint. `hitdeck export` \
             writes them to a file",
            plural(assignments, "assignment"),
            plural(hits, "HIT")
        ));
        // A script has to say that it means it.
        plan.by_query = true;
    }
    plan.carry_out(context, &session, out).await
}

fn allowed(hit: &HitRow, decision: &Decision, now: Time) -> Result<(), Refusal> {
    let case = HitCase::of(hit, None);
    match decision {
        Decision::Delete => policy::may_delete(hit.status, undecided(hit), hit.pending),
        Decision::Extend { until } => policy::may_extend(&case, *until, now),
        Decision::AddAssignments { count, .. } => policy::may_add(&case, *count),
        Decision::Retype { to } => policy::may_retype(&case, *to == hit.type_id),
        Decision::Reviewing { on } => policy::may_review(&case, *on),
        _ => policy::may_expire(hit.status, hit.expires, now),
    }
}

/// What a change reserves: the rewards of more assignments, and their fees.
fn cost(hit: &HitRow, decision: &Decision) -> (Usd, Usd) {
    match decision {
        Decision::AddAssignments { count, .. } => {
            let count = u64::from(*count);
            (hit.reward.times(count), FeeSchedule::AMAZON.of_hit(hit).times(count))
        }
        _ => (Usd::ZERO, Usd::ZERO),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_named_or_counted_from_now() {
        assert_eq!("2026-12-01T18:00:00Z".parse(), Ok(Until::At(Time(1_796_148_000))));
        assert_eq!("3d".parse(), Ok(Until::In(Seconds(3 * 86_400))));
        assert!(matches!("2026-12-01 18:00".parse(), Ok(Until::At(_))));
        let error = "tomorrow".parse::<Until>().unwrap_err();
        assert!(error.contains("\"tomorrow\" is not a moment") && error.contains("3d"), "{error}");
    }
}
