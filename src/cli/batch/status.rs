//! `hitdeck batch list` and `hitdeck batch status`: how far batches are.

use super::super::context::Context;
use super::super::exit::{Exit, Failure};
use super::super::session::{Rows, Session};
use super::super::{sync, width};
use super::stored;
use crate::domain::assignment::AssignmentStatus;
use crate::domain::batch::{BatchName, PostState, StoredBatch};
use crate::domain::batch_stats::{BatchStats, Gather};
use crate::domain::fees::FeeSchedule;
use crate::domain::hit::HitStatus;
use crate::domain::key::HitKey;
use crate::domain::money::Usd;
use crate::domain::row::{AssignmentRow, HitRow};
use crate::domain::top_up::{self, Asked};
use crate::exchange::output::{Cell, Column, Format, Writer, record};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Write;

/// Runs `hitdeck batch list`.
pub async fn list(context: &Context, offline: bool, out: &mut impl Write) -> Result<Exit, Failure> {
    let session = Session::open(context).await?;
    if !offline {
        sync::refresh(&session).await?;
    }
    let batches = session.engine.store().reading(|reader| reader.batches()).await?;
    let work = Work::of(&session).await?;
    let columns = vec![
        Column::new("Batch", "batch"),
        Column::long("Title", "title"),
        Column::new("Rows", "rows"),
        Column::new("HITs", "HITs"),
        Column::new("HITsPublished", "published"),
        Column::new("HITsComplete", "complete"),
        Column::new("AssignmentsWanted", "wanted"),
        Column::new("AssignmentsSubmitted", "undecided"),
        Column::new("AssignmentsApproved", "approved"),
        Column::new("Reward", "reward"),
        Column::new("Spent", "spent"),
        Column::data("PreviewURL"),
    ];
    let mut writer = Writer::new(out, context.global.output, columns, width());
    for batch in &batches {
        let stats = work.stats(&session, batch.name.as_str());
        writer.row(vec![
            batch.name.as_str().into(),
            batch.title.as_str().into(),
            batch.counts.rows.into(),
            batch.counts.hits().into(),
            batch.counts.published.into(),
            stats.complete.into(),
            stats.places.wanted().into(),
            stats.places.submitted.into(),
            stats.places.approved.into(),
            batch.reward.into(),
            stats.spent.total().into(),
            preview(&session, batch).into(),
        ])?;
    }
    // Of those that were not published from here, the HITs are all that is known.
    let published: HashSet<&str> = batches.iter().map(|batch| batch.name.as_str()).collect();
    let hits = work.rows.hits.values().filter(|hit| !published.contains(&*hit.batch) && !hit.batch.is_empty());
    let mut others: BTreeMap<&str, Vec<&HitRow>> = BTreeMap::new();
    for hit in hits {
        others.entry(&hit.batch).or_default().push(hit);
    }
    for (name, hits) in &others {
        let stats = work.stats(&session, name);
        let first = hits.iter().min_by_key(|hit| hit.key);
        writer.row(vec![
            (*name).into(),
            first.map(|hit| hit.title.to_string()).into(),
            Cell::Missing,
            i64::try_from(hits.len()).ok().into(),
            i64::from(stats.hits_there()).into(),
            stats.complete.into(),
            stats.places.wanted().into(),
            stats.places.submitted.into(),
            stats.places.approved.into(),
            first.map(|hit| hit.reward).into(),
            stats.spent.total().into(),
            Cell::Missing,
        ])?;
    }
    writer.finish()?;
    Ok(Exit::Done)
}

/// Runs `hitdeck batch status`: of a batch that was published from here, or else of the HITs of that name.
pub async fn show(context: &Context, name: &str, offline: bool, out: &mut impl Write) -> Result<Exit, Failure> {
    let session = Session::open(context).await?;
    if !offline {
        sync::refresh(&session).await?;
    }
    let work = Work::of(&session).await?;
    let known = work.rows.hits.values().any(|hit| *hit.batch == *name);
    // HITs from elsewhere may have names that a batch of ours could not have.
    let published = match BatchName::parse(name) {
        Ok(name) => stored(&session, &name).await,
        Err(error) => Err(Failure::Failed(error.to_string())),
    };
    let batch = match published {
        Ok(batch) => Some(batch),
        Err(_) if known => None,
        Err(failure) => return Err(failure),
    };
    if context.global.output == Format::Table {
        let target = session.engine.store().reading(|reader| reader.target_wage()).await?;
        record(
            &mut *out,
            Format::Table,
            overall((&session, target), name, batch.as_ref(), &work.stats(&session, name)),
        )?;
        writeln!(out)?;
    }
    let columns = vec![
        Column::new("Row", "row"),
        Column::data("Part"),
        Column::new("HITId", "hit"),
        Column::new("State", "state"),
        Column::new("Completed", "handed in"),
        Column::new("MaxAssignments", "of"),
        Column::new("NumberOfAssignmentsPending", "at work"),
        Column::new("Undecided", "undecided"),
        Column::long("Note", "note"),
    ];
    let mut writer = Writer::new(out, context.global.output, columns, width());
    let Some(batch) = batch else {
        for hit in work.hits(name) {
            writer.row(line(
                None,
                Some(hit.id.to_string()),
                hit.status.name(),
                Some(hit),
                hit.max_assignments,
                None,
            ))?;
        }
        writer.finish()?;
        return Ok(Exit::Done);
    };
    let rows = session.engine.store().reading(move |reader| reader.batch_rows(&batch)).await?;
    for row in &rows {
        for post in &row.posts {
            let id = post.state.hit();
            let hit = id.and_then(|id| work.by_id.get(id.as_str())).and_then(|key| work.rows.hits.get(key));
            let (state, note) = match &post.state {
                PostState::Planned { note } => ("planned", note.clone()),
                PostState::Unsure => ("unknown", Some("the next publish settles it".to_owned())),
                PostState::Failed { reason } => ("refused", Some(reason.clone())),
                PostState::Published(_) => (hit.map_or("published", |hit| hit.status.name()), None),
            };
            let place = Some((row.number, post.id.part));
            writer.row(line(place, id.map(ToString::to_string), state, hit, post.assignments, note))?;
        }
    }
    writer.finish()?;
    Ok(Exit::Done)
}

/// One HIT: row and part, identifier, state, progress.
fn line(
    place: Option<(u32, u32)>,
    id: Option<String>,
    state: &str,
    hit: Option<&HitRow>,
    wanted: u32,
    note: Option<String>,
) -> Vec<Cell> {
    vec![
        place.map(|(row, _)| row).into(),
        place.map(|(_, part)| part).into(),
        id.into(),
        state.into(),
        hit.map(|hit| hit.max_assignments - hit.available - hit.pending).into(),
        hit.map_or(wanted, |hit| hit.max_assignments).into(),
        hit.map(|hit| hit.pending).into(),
        hit.map(HitRow::undecided).into(),
        note.into(),
    ]
}

fn preview(session: &Session, batch: &StoredBatch) -> Option<String> {
    let site = &session.settings.environment.worker_site;
    batch.group.as_ref().map(|group| format!("{site}/mturk/preview?groupId={group}"))
}

fn overall(
    (session, target): (&Session, Option<Usd>),
    name: &str,
    batch: Option<&StoredBatch>,
    stats: &BatchStats,
) -> Vec<(Column, Cell)> {
    let places = stats.places;
    let counts = batch.map(|batch| batch.counts);
    let published = counts.map_or_else(
        || format!("{}, {} complete", stats.hits_there(), stats.complete),
        |counts| format!("{} of {} published, {} complete", counts.published, counts.hits(), stats.complete),
    );
    let missing = counts.filter(|counts| counts.failed + counts.unsure > 0);
    let missing = missing.map(|counts| format!("{} refused, {} not known", counts.failed, counts.unsure));
    let cells: Vec<(&'static str, Cell)> = vec![
        ("batch", name.into()),
        ("title", batch.map(|batch| batch.title.clone()).into()),
        ("rows", counts.map(|counts| counts.rows).into()),
        ("HITs", published.into()),
        ("not there", missing.into()),
        ("handed in", format!("{} of {}", places.handed_in(), places.wanted()).into()),
        ("undecided", places.submitted.into()),
        ("approved", places.approved.into()),
        ("rejected", places.rejected.into()),
        ("open", places.open.into()),
        ("at work", places.pending.into()),
        ("missing", places.missing.into()),
        ("an hour", stats.pace.map(|pace| pace.hourly()).into()),
        ("time left", stats.left().into()),
        ("spent", stats.spent.total().into()),
        ("reserved", stats.reserved.total().into()),
        ("median time", stats.median.into()),
        ("hourly wage", stats.hourly.into()),
        ("target", batch.and_then(|batch| batch.target_wage).or(target).into()),
        ("preview", batch.and_then(|batch| preview(session, batch)).into()),
    ];
    let has_some = |(_, cell): &(&'static str, Cell)| *cell != Cell::Missing;
    cells.into_iter().filter(has_some).map(|(title, cell)| (Column::shown(title), cell)).collect()
}

/// The account's work, by HIT.
pub(super) struct Work {
    pub rows: Rows,
    pub by_id: HashMap<String, HitKey>,
    by_hit: HashMap<HitKey, Vec<AssignmentRow>>,
    /// What its HITs were to bring, where that is not what they say.
    pub asked: Asked,
}

impl Work {
    /// What the mirror knows.
    pub(super) async fn of(session: &Session) -> Result<Work, Failure> {
        let rows = session.rows().await?;
        let by_id = rows.hits.values().map(|hit| (hit.id.to_string(), hit.key)).collect();
        let mut by_hit: HashMap<HitKey, Vec<AssignmentRow>> = HashMap::new();
        for row in &rows.assignments {
            by_hit.entry(row.hit).or_default().push(row.clone());
        }
        let asked = session.engine.store().reading(|reader| reader.asked_of_hits()).await?;
        Ok(Work { rows, by_id, by_hit, asked })
    }

    /// The assignments of a HIT.
    pub(super) fn assignments(&self, hit: HitKey) -> &[AssignmentRow] {
        self.by_hit.get(&hit).map_or(&[], Vec::as_slice)
    }

    /// What is in a HIT.
    pub(super) fn in_hit(&self, hit: HitKey) -> top_up::Work {
        let rows = self.assignments(hit);
        let rejected = rows.iter().filter(|row| row.status == AssignmentStatus::Rejected).count();
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        top_up::Work { good: count(rows.len() - rejected), rejected: count(rejected) }
    }

    /// The HITs of a batch that are still there, oldest first.
    pub(super) fn hits(&self, batch: &str) -> Vec<&HitRow> {
        let there = |hit: &&HitRow| *hit.batch == *batch && hit.status != HitStatus::Disposed;
        let mut hits: Vec<&HitRow> = self.rows.hits.values().filter(there).collect();
        hits.sort_by_key(|hit| hit.key);
        hits
    }

    fn stats(&self, session: &Session, batch: &str) -> BatchStats {
        const AMAZON: &FeeSchedule = &FeeSchedule::AMAZON;
        let mut gather = Gather::new(session.engine.clock().now().time, AMAZON);
        for hit in self.rows.hits.values().filter(|hit| *hit.batch == *batch) {
            gather.hit(hit, self.asked.anew(hit.key).assignments, self.assignments(hit.key));
        }
        gather.done()
    }
}
