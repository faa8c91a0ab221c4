//! `hitdeck hit`: HITs with their progress, and what can be done to them.

mod change;

pub use change::Until;

use super::args::{HitCommand, HitOrder, HitSelection};
use super::context::Context;
use super::exit::{Exit, Failure};
use super::selection::hits;
use super::session::{Rows, Session};
use super::shape::Shape;
use super::sync;
use crate::domain::assignment::AssignmentStatus;
use crate::domain::hit::{HitStatus, purge_time};
use crate::domain::id::HitId;
use crate::domain::key::HitKey;
use crate::domain::row::HitRow;
use crate::domain::system_type::SystemType;
use crate::domain::time::Time;
use crate::exchange::output::{Cell, Column, Writer, records};
use change::Change;
use std::collections::HashMap;
use std::io::Write;

/// Runs `hitdeck hit …`.
pub async fn run(context: &Context, command: HitCommand, out: &mut impl Write) -> Result<Exit, Failure> {
    match command {
        HitCommand::List { batch, status, sort, offline } => {
            list(context, batch.as_deref(), status, sort, offline, out).await
        }
        HitCommand::Show { hits, offline } => show(context, &hits, offline, out).await,
        HitCommand::Expire(selection) => change::run(context, &selection, &Change::Expire, out).await,
        HitCommand::Delete(selection) => change::run(context, &selection, &Change::Delete, out).await,
        HitCommand::Extend { selection, until, add } => {
            change::run(context, &selection, &Change::Extend { until, add }, out).await
        }
        HitCommand::Retype { selection, to } => change::run(context, &selection, &Change::Retype { to }, out).await,
        HitCommand::ReviewStatus { selection, revert } => {
            change::run(context, &selection, &Change::Reviewing { on: !revert }, out).await
        }
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

/// What the work on the HITs says of them.
#[derive(Default)]
struct Work {
    /// The next auto-approval of undecided work.
    deadlines: HashMap<HitKey, Time>,
    /// When the last of it was handed in.
    last_in: HashMap<HitKey, Time>,
}

impl Work {
    fn of(rows: &Rows) -> Self {
        let mut work = Work::default();
        for row in &rows.assignments {
            if let (AssignmentStatus::Submitted, Some(at)) = (row.status, row.auto_approval.get()) {
                work.deadlines.entry(row.hit).and_modify(|first| *first = (*first).min(at)).or_insert(at);
            }
            if let Some(at) = row.submitted.get() {
                work.last_in.entry(row.hit).and_modify(|last| *last = (*last).max(at)).or_insert(at);
            }
        }
        work
    }

    /// When the endpoint may dispose of a HIT, at the earliest.
    fn purge(&self, hit: &HitRow) -> Option<Time> {
        purge_time(hit.status, hit.created, hit.expires, self.last_in.get(&hit.key).copied())
    }
}

/// Submitted and undecided: the API has no such counter.
const fn undecided(hit: &HitRow) -> u32 {
    hit.max_assignments.saturating_sub(hit.available + hit.pending + hit.completed)
}

async fn list(
    context: &Context,
    batch: Option<&str>,
    status: Option<HitStatus>,
    sort: HitOrder,
    offline: bool,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let (session, rows) = open(context, offline).await?;
    let work = Work::of(&rows);
    let mut all: Vec<HitRow> = rows.hits.values().cloned().collect();
    all.sort_by(|a, b| (&a.batch, a.key).cmp(&(&b.batch, b.key)));
    if sort == HitOrder::Purge {
        // Those without a date are gone already.
        all.sort_by_key(|hit| work.purge(hit).map_or(i64::MAX, |at| at.0));
    }
    all.retain(|hit| batch.is_none_or(|name| *hit.batch == *name) && status.is_none_or(|status| hit.status == status));
    let mut writer = Writer::new(out, context.global.output, columns(Shape::List), super::width());
    for cells in cells(&session, work, all).await? {
        writer.row(cells)?;
    }
    writer.finish()?;
    Ok(Exit::Done)
}

async fn show(context: &Context, ids: &[HitId], offline: bool, out: &mut impl Write) -> Result<Exit, Failure> {
    let (session, rows) = open(context, offline).await?;
    let chosen = hits(&rows, &HitSelection { hits: ids.to_vec(), ..HitSelection::default() })?;
    let found = cells(&session, Work::of(&rows), chosen.rows).await?;
    records(out, context.global.output, columns(Shape::Record), found)?;
    for id in &chosen.missing {
        context.say(format_args!("{id}: not in this account"));
    }
    Ok(if chosen.missing.is_empty() { Exit::Done } else { Exit::Partial })
}

/// Programs read the names of the API, people short titles; only a record has the question.
fn columns(shape: Shape) -> Vec<Column> {
    let of_record = |name, title| shape.of_record(name, title);
    let mut columns = vec![
        Column::new("HITId", "hit"),
        Column::new("Batch", "batch"),
        Column::long("Title", "title"),
        Column::new("HITStatus", "status"),
        Column::new("Undecided", "undecided"),
        Column::new("NumberOfAssignmentsCompleted", "completed"),
        Column::new("NumberOfAssignmentsPending", "pending"),
        Column::new("NumberOfAssignmentsAvailable", "available"),
        Column::new("MaxAssignments", "max"),
        Column::new("NextAutoApprovalTime", "auto-approves"),
        Column::new("Reward", "reward"),
        Column::new("CreationTime", "created"),
        Column::new("Expiration", "expires"),
        Column::new("PurgeTime", "gone from"),
        of_record("HITTypeId", "hit type"),
        of_record("HITGroupId", "group"),
        of_record("Description", "description"),
        of_record("Keywords", "keywords"),
        of_record("RequesterAnnotation", "annotation"),
        of_record("QualificationRequirements", "requirements"),
        Column::data("HITReviewStatus"),
        of_record("AssignmentDurationInSeconds", "time allowed"),
        of_record("AutoApprovalDelayInSeconds", "auto-approval"),
    ];
    if shape == Shape::Record {
        columns.extend([Column::new("PreviewURL", "preview"), Column::new("Question", "question")]);
    }
    columns
}

/// Requirements for people and programs, each with the name of its type where that is known: `3QUAL ("Skill") Exists Accept`.
fn named(requirements: &str, types: &HashMap<String, String>) -> String {
    let line = |line: &str| {
        let (id, rest) = line.split_once(' ').unwrap_or((line, ""));
        let name = types.get(id).map(String::as_str).or_else(|| SystemType::of(id).map(SystemType::name));
        let name = name.map(|name| format!("(\"{name}\")"));
        let words = std::iter::once(id).chain(name.as_deref()).chain(rest.split_whitespace());
        words.collect::<Vec<_>>().join(" ")
    };
    requirements.lines().map(line).collect::<Vec<_>>().join("; ")
}

/// HITs in the order of [`columns`].
async fn cells(session: &Session, work: Work, hits: Vec<HitRow>) -> Result<Vec<Vec<Cell>>, Failure> {
    let site = session.settings.environment.worker_site.clone();
    let read = move |reader: &crate::store::Reader| {
        let mut all = Vec::with_capacity(hits.len());
        let types: HashMap<_, _> = reader.types()?.into_iter().map(|of| (of.it.id.to_string(), of.it.name)).collect();
        for hit in hits {
            let Some(stored) = reader.stored_hit(hit.key)? else { continue };
            let preview = stored.group.as_ref().map(|group| format!("{site}/mturk/preview?groupId={group}"));
            all.push(vec![
                hit.id.as_str().into(),
                (*hit.batch).into(),
                (*hit.title).into(),
                hit.status.name().into(),
                undecided(&hit).into(),
                hit.completed.into(),
                hit.pending.into(),
                hit.available.into(),
                hit.max_assignments.into(),
                work.deadlines.get(&hit.key).copied().into(),
                hit.reward.into(),
                hit.created.into(),
                hit.expires.into(),
                work.purge(&hit).into(),
                hit.type_id.as_str().into(),
                stored.group.into(),
                stored.description.into(),
                stored.keywords.into(),
                stored.annotation.into(),
                named(&stored.requirements, &types).into(),
                stored.review_status.into(),
                stored.duration.into(),
                hit.auto_approval_delay.into(),
                preview.into(),
                stored.question.into(),
            ]);
        }
        Ok(all)
    };
    Ok(session.engine.store().reading(read).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_are_told_with_the_names_of_their_types() {
        let types = HashMap::from([("3SKILL".to_owned(), "Skill".to_owned())]);
        let stored = "3SKILL GreaterThanOrEqualTo 75 PreviewAndAccept\n3OTHER Exists  Accept";
        let told = "3SKILL (\"Skill\") GreaterThanOrEqualTo 75 PreviewAndAccept; 3OTHER Exists Accept";
        assert_eq!(named(stored, &types), told);
        assert!(named("00000000000000000071 In US Accept", &types).contains("(\""), "system types have names too");
        assert_eq!(named("", &types), "");
    }
}
