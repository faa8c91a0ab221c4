//! `hitdeck hit`: HITs with their progress, and their end.

use super::args::{HitCommand, HitSelection};
use super::context::Context;
use super::decide::{Item, Plan, is_done};
use super::exit::{Exit, Failure};
use super::selection::hits;
use super::session::{Rows, Session};
use super::sync;
use crate::app::effect::Subject;
use crate::domain::decision::Decision;
use crate::domain::hit::HitStatus;
use crate::domain::id::HitId;
use crate::domain::key::HitKey;
use crate::domain::money::Usd;
use crate::domain::policy::{self, Refusal};
use crate::domain::row::HitRow;
use crate::domain::time::Time;
use crate::exchange::output::{Cell, Format, Writer, record};
use std::collections::HashMap;
use std::io::Write;

/// Runs `hitdeck hit …`.
pub async fn run(context: &Context, command: HitCommand, out: &mut impl Write) -> Result<Exit, Failure> {
    match command {
        HitCommand::List { batch, status, offline } => list(context, batch.as_deref(), status, offline, out).await,
        HitCommand::Show { hits, offline } => show(context, &hits, offline, out).await,
        HitCommand::Expire(selection) => end(context, &selection, "expire", Decision::Expire, out).await,
        HitCommand::Delete(selection) => end(context, &selection, "delete", Decision::Delete, out).await,
    }
}

async fn open(context: &Context, offline: bool) -> Result<(Session, Rows), Failure> {
    let session = Session::open(context).await?;
    if !offline {
        sync::refresh(&session).await?;
    }
    let rows = session.rows().await?;
    Ok((session, rows))
}

/// The next auto-approval of each HIT's undecided work.
fn next_deadlines(rows: &Rows) -> HashMap<HitKey, Time> {
    let mut next: HashMap<HitKey, Time> = HashMap::new();
    for row in &rows.assignments {
        if let (crate::domain::assignment::AssignmentStatus::Submitted, Some(at)) =
            (row.status, row.auto_approval.get())
        {
            next.entry(row.hit).and_modify(|first| *first = (*first).min(at)).or_insert(at);
        }
    }
    next
}

/// Submitted and undecided: the API has no such counter.
const fn undecided(hit: &HitRow) -> u32 {
    hit.max_assignments.saturating_sub(hit.available + hit.pending + hit.completed)
}

async fn list(
    context: &Context,
    batch: Option<&str>,
    status: Option<HitStatus>,
    offline: bool,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let (_, rows) = open(context, offline).await?;
    let next = next_deadlines(&rows);
    let mut all: Vec<&HitRow> = rows.hits.values().collect();
    all.sort_by(|a, b| (&a.batch, a.key).cmp(&(&b.batch, b.key)));
    all.retain(|hit| batch.is_none_or(|name| *hit.batch == *name) && status.is_none_or(|status| hit.status == status));
    let columns = [
        "hit_id",
        "batch",
        "title",
        "status",
        "undecided",
        "completed",
        "pending",
        "available",
        "max",
        "next_auto_approval",
        "reward",
        "created",
        "expires",
        "hit_type_id",
    ];
    let mut writer = Writer::new(out, context.global.output, columns, super::width());
    for hit in all {
        writer.row(vec![
            hit.id.as_str().into(),
            (*hit.batch).into(),
            (*hit.title).into(),
            hit.status.name().into(),
            undecided(hit).into(),
            hit.completed.into(),
            hit.pending.into(),
            hit.available.into(),
            hit.max_assignments.into(),
            next.get(&hit.key).copied().into(),
            hit.reward.into(),
            hit.created.into(),
            hit.expires.into(),
            hit.type_id.as_str().into(),
        ])?;
    }
    writer.finish()?;
    Ok(Exit::Done)
}

async fn show(context: &Context, ids: &[HitId], offline: bool, out: &mut impl Write) -> Result<Exit, Failure> {
    let (session, rows) = open(context, offline).await?;
    let chosen = hits(&rows, &HitSelection { hits: ids.to_vec(), ..HitSelection::default() })?;
    let next = next_deadlines(&rows);
    let mut records = Vec::new();
    for hit in &chosen.rows {
        let mut cells: Vec<(&'static str, Cell)> = vec![
            ("hit_id", hit.id.as_str().into()),
            ("hit_type_id", hit.type_id.as_str().into()),
            ("title", (*hit.title).into()),
            ("batch", (*hit.batch).into()),
            ("status", hit.status.name().into()),
            ("reward", hit.reward.into()),
            ("max", hit.max_assignments.into()),
            ("available", hit.available.into()),
            ("pending", hit.pending.into()),
            ("undecided", undecided(hit).into()),
            ("completed", hit.completed.into()),
            ("created", hit.created.into()),
            ("expires", hit.expires.into()),
            ("auto_approval_delay", hit.auto_approval_delay.into()),
            ("next_auto_approval", next.get(&hit.key).copied().into()),
        ];
        if !offline {
            let full = session.engine.client().await.get_hit(&hit.id).await?;
            let preview = full
                .group
                .as_ref()
                .map(|group| format!("{}/mturk/preview?groupId={group}", session.settings.environment.worker_site));
            cells.extend([
                ("description", full.description.into()),
                ("keywords", full.keywords.into()),
                ("duration", full.duration.into()),
                ("annotation", full.annotation.into()),
                ("preview", preview.into()),
                ("question", full.question.into()),
            ]);
        }
        records.push(cells);
    }
    print(context.global.output, records, out)?;
    for id in &chosen.missing {
        context.say(format_args!("{id}: not in this account"));
    }
    Ok(if chosen.missing.is_empty() { Exit::Done } else { Exit::Partial })
}

fn print(format: Format, records: Vec<Vec<(&'static str, Cell)>>, out: &mut impl Write) -> Result<(), Failure> {
    if format == Format::Table {
        for (index, cells) in records.into_iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            record(&mut *out, format, cells.into_iter().filter(|(_, cell)| *cell != Cell::Missing).collect())?;
        }
        return Ok(());
    }
    let names: Vec<&'static str> =
        records.first().map_or(vec!["hit_id"], |cells| cells.iter().map(|(name, _)| *name).collect());
    let mut writer = Writer::new(out, format, names, None);
    for cells in records {
        writer.row(cells.into_iter().map(|(_, cell)| cell).collect())?;
    }
    Ok(writer.finish()?)
}

async fn end(
    context: &Context,
    selection: &HitSelection,
    verb: &'static str,
    decision: Decision,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let (session, rows) = open(context, false).await?;
    let chosen = hits(&rows, selection)?;
    let now = session.engine.clock().now().time;
    let mut plan = Plan { verb, by_query: selection.batch.is_some(), ..Plan::default() };
    plan.refused.extend(chosen.missing.iter().map(|id| (id.to_string(), "not in this account".to_owned())));
    for hit in &chosen.rows {
        let allowed = match decision {
            Decision::Delete => policy::may_delete(hit.status, undecided(hit), hit.pending),
            _ => policy::may_expire(hit.status, hit.expires, now),
        };
        let id = hit.id.to_string();
        match allowed {
            Ok(()) => plan.items.push(Item {
                subject: Subject::Hit(hit.key),
                id,
                decision: decision.clone(),
                cost: (Usd::ZERO, Usd::ZERO),
            }),
            Err(refusal @ Refusal::HitDeleted) if decision == Decision::Delete => {
                plan.already.push((id, refusal.to_string()))
            }
            Err(refusal) if is_done(&refusal, &decision) => plan.already.push((id, refusal.to_string())),
            Err(refusal) => plan.refused.push((id, refusal.to_string())),
        }
    }
    plan.carry_out(context, &session, out).await
}
