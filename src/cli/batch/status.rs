//! `hitdeck batch list` and `hitdeck batch status`: how far batches are.

use super::super::context::Context;
use super::super::exit::{Exit, Failure};
use super::super::session::{Rows, Session};
use super::super::{sync, width};
use super::stored;
use crate::domain::batch::{BatchName, PostState, StoredBatch};
use crate::domain::batch_stats::{BatchStats, Gather};
use crate::domain::fees::FeeSchedule;
use crate::domain::hit::HitStatus;
use crate::domain::key::HitKey;
use crate::domain::row::{AssignmentRow, HitRow};
use crate::exchange::output::{Cell, Column, Format, Writer, record};
use std::collections::HashMap;
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
        Column::new("PreviewURL", ""),
    ];
    let mut writer = Writer::new(out, context.global.output, columns, width());
    for batch in &batches {
        let stats = work.stats(&session, batch);
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
    writer.finish()?;
    Ok(Exit::Done)
}

/// Runs `hitdeck batch status`.
pub async fn show(context: &Context, name: &BatchName, offline: bool, out: &mut impl Write) -> Result<Exit, Failure> {
    let session = Session::open(context).await?;
    let batch = stored(&session, name).await?;
    if !offline {
        sync::refresh(&session).await?;
    }
    let work = Work::of(&session).await?;
    let stats = work.stats(&session, &batch);
    if context.global.output == Format::Table {
        record(&mut *out, Format::Table, overall(&session, &batch, &stats))?;
        writeln!(out)?;
    }
    let of = batch.clone();
    let rows = session.engine.store().reading(move |reader| reader.batch_rows(&of)).await?;
    let columns = vec![
        Column::new("Row", "row"),
        Column::new("Part", ""),
        Column::new("HITId", "hit"),
        Column::new("State", "state"),
        Column::new("Completed", "handed in"),
        Column::new("MaxAssignments", "of"),
        Column::new("NumberOfAssignmentsPending", "at work"),
        Column::new("Undecided", "undecided"),
        Column::long("Note", "note"),
    ];
    let mut writer = Writer::new(out, context.global.output, columns, width());
    for row in &rows {
        for post in &row.posts {
            let hit =
                post.state.hit().and_then(|id| work.by_id.get(id.as_str())).and_then(|key| work.rows.hits.get(key));
            let (state, note) = match &post.state {
                PostState::Planned { note } => ("planned", note.clone()),
                PostState::Unsure => ("unknown", Some("the next publish settles it".to_owned())),
                PostState::Failed { reason } => ("refused", Some(reason.clone())),
                PostState::Published(_) => (hit.map_or("published", |hit| hit.status.name()), None),
            };
            let handed_in = hit.map(|hit| hit.max_assignments - hit.available - hit.pending);
            writer.row(vec![
                row.number.into(),
                post.id.part.into(),
                post.state.hit().map(ToString::to_string).into(),
                state.into(),
                handed_in.into(),
                hit.map_or(post.assignments, |hit| hit.max_assignments).into(),
                hit.map(|hit| hit.pending).into(),
                hit.map(HitRow::undecided).into(),
                note.into(),
            ])?;
        }
    }
    writer.finish()?;
    Ok(Exit::Done)
}

fn preview(session: &Session, batch: &StoredBatch) -> Option<String> {
    let site = &session.settings.environment.worker_site;
    batch.group.as_ref().map(|group| format!("{site}/mturk/preview?groupId={group}"))
}

fn overall(session: &Session, batch: &StoredBatch, stats: &BatchStats) -> Vec<(Column, Cell)> {
    let counts = batch.counts;
    let places = stats.places;
    let left = stats.left().map(Cell::from);
    let mut cells: Vec<(&'static str, Cell)> = vec![
        ("batch", batch.name.as_str().into()),
        ("title", batch.title.as_str().into()),
        ("rows", counts.rows.into()),
        ("HITs", format!("{} of {} published, {} complete", counts.published, counts.hits(), stats.complete).into()),
        ("handed in", format!("{} of {}", places.handed_in(), places.wanted()).into()),
        ("undecided", places.submitted.into()),
        ("approved", places.approved.into()),
        ("rejected", places.rejected.into()),
        ("open", places.open.into()),
        ("at work", places.pending.into()),
        ("missing", places.missing.into()),
        ("an hour", stats.pace.map_or(Cell::Missing, |pace| pace.hourly().into())),
        ("time left", left.unwrap_or(Cell::Missing)),
        ("spent", stats.spent.total().into()),
        ("reserved", stats.reserved.total().into()),
        ("median time", stats.median.map_or(Cell::Missing, Cell::from)),
        ("hourly wage", stats.hourly.map_or(Cell::Missing, Cell::from)),
        ("target", batch.target_wage.map_or(Cell::Missing, Cell::from)),
        ("preview", preview(session, batch).into()),
    ];
    if counts.failed + counts.unsure > 0 {
        let words = format!("{} refused, {} not known", counts.failed, counts.unsure);
        cells.insert(4, ("not there", words.into()));
    }
    let has_some = |(_, cell): &(&'static str, Cell)| *cell != Cell::Missing;
    cells.into_iter().filter(has_some).map(|(title, cell)| (Column::shown(title), cell)).collect()
}

/// The account's work, by HIT.
pub(super) struct Work {
    pub rows: Rows,
    pub by_id: HashMap<String, HitKey>,
    by_hit: HashMap<HitKey, Vec<AssignmentRow>>,
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
        Ok(Work { rows, by_id, by_hit })
    }

    /// The assignments of a HIT.
    pub(super) fn assignments(&self, hit: HitKey) -> &[AssignmentRow] {
        self.by_hit.get(&hit).map_or(&[], Vec::as_slice)
    }

    /// The HITs of a batch that are still there.
    pub(super) fn hits(&self, batch: &StoredBatch) -> impl Iterator<Item = &HitRow> {
        let name = batch.name.as_str().to_owned();
        self.rows.hits.values().filter(move |hit| *hit.batch == *name && hit.status != HitStatus::Disposed)
    }

    fn stats(&self, session: &Session, batch: &StoredBatch) -> BatchStats {
        const AMAZON: &FeeSchedule = &FeeSchedule::AMAZON;
        let mut gather = Gather::new(session.engine.clock().now().time, AMAZON);
        for hit in self.rows.hits.values().filter(|hit| *hit.batch == *batch.name.as_str()) {
            gather.hit(hit, self.assignments(hit.key));
        }
        gather.done()
    }
}
