//! `hitdeck worker list`: one row for everybody who ever worked for the account.

use super::super::context::Context;
use super::super::exit::{Exit, Failure};
use super::super::people::{Fresh, People};
use super::args::WorkerSelection;
use crate::domain::id::{HitId, QualificationTypeId, WorkerId};
use crate::domain::money::Usd;
use crate::domain::worker::{BonusSum, bonus_sums};
use crate::domain::worker_stats::WorkerStats;
use crate::exchange::output::{Cell, Column, Writer};
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use std::io::Write;

/// Runs `hitdeck worker list`.
pub async fn run(
    context: &Context,
    selection: &WorkerSelection,
    limit: Option<usize>,
    (bonuses, offline): (bool, bool),
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let mut people = People::open(context, if offline { Fresh::Nothing } else { Fresh::Holders }).await?;
    if bonuses {
        let hits: Vec<HitId> = people.rows.hits.values().map(|hit| hit.id.clone()).collect();
        people.read_bonuses(&hits).await?;
    }
    let mut workers = people.chosen(selection, true).await?;
    let submitted = |worker: &WorkerId| people.stats.get(worker).map_or(0, |stats| stats.submitted);
    workers.sort_by(|a, b| submitted(b).cmp(&submitted(a)).then_with(|| a.cmp(b)));
    let table = Table::new(&people).await?;
    let mut writer = Writer::new(out, context.global.output, columns(), super::super::width());
    for worker in workers.iter().take(limit.unwrap_or(usize::MAX)) {
        writer.row(table.cells(worker))?;
    }
    writer.finish()?;
    let unknown = workers.iter().filter(|worker| !table.is_anybody(worker)).count();
    if unknown > 0 {
        context.say(format_args!("{unknown} of these have never worked for this account and hold nothing of it"));
    }
    Ok(Exit::Done)
}

/// The columns, in the order of [`Table::cells`]. The three rates have the names of batch-results files.
pub(super) fn columns() -> Vec<Column> {
    vec![
        Column::new("WorkerId", "worker"),
        Column::new("NumberSubmitted", "submitted"),
        Column::new("NumberApproved", "approved"),
        Column::new("NumberRejected", "rejected"),
        Column::new("LifetimeApprovalRate", "rate %"),
        Column::new("Last30DaysApprovalRate", "30 d"),
        Column::new("Last7DaysApprovalRate", "7 d"),
        Column::new("MedianWorkTimeInSeconds", "median time"),
        Column::new("Earned", "earned"),
        Column::new("Bonuses", "bonuses"),
        Column::shown("blocked"),
        Column::data("Blocked"),
        Column::data("BlockReason"),
        Column::long("", "qualifications"),
        Column::data("Qualifications"),
        Column::new("LastSeenTime", "last seen"),
        Column::new("FirstSeenTime", "first seen"),
        Column::long("Note", "note"),
    ]
}

/// What the rows are made of.
pub(super) struct Table<'a> {
    people: &'a People,
    held: HashMap<WorkerId, Vec<(QualificationTypeId, Option<i32>)>>,
    names: HashMap<&'a QualificationTypeId, &'a str>,
    bonuses: HashMap<WorkerId, BonusSum>,
}

impl<'a> Table<'a> {
    pub(super) async fn new(people: &'a People) -> Result<Self, Failure> {
        let all = people.session.engine.store().reading(|reader| reader.qualifications()).await?;
        let mut held: HashMap<WorkerId, Vec<(QualificationTypeId, Option<i32>)>> = HashMap::new();
        for it in all.into_iter().filter(|it| !it.revoked) {
            held.entry(it.worker).or_default().push((it.type_id, it.score));
        }
        let names = people.types.iter().map(|of| (&of.it.id, of.it.name.as_str())).collect();
        Ok(Table { people, held, names, bonuses: bonus_sums(&people.bonuses) })
    }

    /// Whether anything is known of the worker.
    fn is_anybody(&self, worker: &WorkerId) -> bool {
        self.people.is_known(worker) || self.held.contains_key(worker) || self.people.blocks.contains_key(worker)
    }

    /// A row in the order of [`columns`].
    pub(super) fn cells(&self, worker: &WorkerId) -> Vec<Cell> {
        let none = WorkerStats::default();
        let stats = self.people.stats.get(worker).unwrap_or(&none);
        let block = self.people.blocks.get(worker);
        let held = self.held.get(worker).map(Vec::as_slice).unwrap_or_default();
        let name =
            |of: &QualificationTypeId| self.names.get(of).map_or_else(|| of.to_string(), |name| (*name).to_owned());
        let words: Vec<String> = held
            .iter()
            .map(|(of, score)| format!("{} {}", name(of), score.map_or("-".to_owned(), |score| score.to_string())))
            .collect();
        let object: Map<String, Json> = held.iter().map(|(of, score)| (name(of), json!(score))).collect();
        vec![
            worker.as_str().into(),
            stats.submitted.into(),
            stats.lifetime.approved.into(),
            stats.lifetime.rejected.into(),
            percent(stats.lifetime.rate()),
            percent(stats.month.rate()),
            percent(stats.week.rate()),
            stats.median.into(),
            stats.earned.into(),
            self.bonuses.get(worker).map_or(Usd::ZERO, |paid| paid.sum).into(),
            block.map(|_| "yes").into(),
            block.is_some().into(),
            block.map(String::as_str).into(),
            Some(words.join(", ")).filter(|words| !words.is_empty()).into(),
            Cell::Json(object.into()),
            stats.last.get().into(),
            stats.first.get().into(),
            self.people.notes.get(worker).map(String::as_str).into(),
        ]
    }
}

/// A rate as a number of percent.
fn percent(rate: Option<u32>) -> Cell {
    rate.map_or(Cell::Missing, |rate| Cell::Json(json!(f64::from(rate) / 100.0)))
}
