//! The list of the Workers screen: everybody this account knows, what their work amounts to, and which of them are shown in
//! which order. Computed when rows or people change, never for a frame.

pub mod act;
pub mod column;
pub mod line;
pub mod money;
pub mod page;
mod sort;

use super::layout::{Pane, Screen};
use super::model::Model;
use super::people::{Known, Spot};
use crate::domain::assignment::AssignmentStatus;
use crate::domain::id::{QualificationTypeId, WorkerId};
use crate::domain::key::WorkerKey;
use crate::domain::money::Usd;
use crate::domain::pseudonym::Pseudonyms;
use crate::domain::query::{WorkerFacts, WorkerQuery};
use crate::domain::time::Time;
use crate::domain::worker_stats::{WorkerStats, worker_stats};
use column::WorkerColumn;
use money::Money;
use page::{Before, History, Page};
pub use sort::WorkerSort;
use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

/// A worker as the screen shows one.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownWorker {
    /// The identifier.
    pub id: WorkerId,
    /// The pseudonym, while those are shown.
    pub alias: Option<Box<str>>,
    /// The row of the store; none for who has never worked here.
    pub key: Option<WorkerKey>,
    /// What their work amounts to.
    pub stats: WorkerStats,
    /// What they were paid in bonuses, as far as is known.
    pub bonuses: Usd,
    /// The fees for approved work on HITs that are deleted.
    pub gone_fees: Usd,
    /// Whether they are blocked.
    pub blocked: bool,
    /// The note on them.
    pub note: Option<Box<str>>,
    /// The names of the qualifications that they hold.
    pub qualifications: Vec<Arc<str>>,
}

impl KnownWorker {
    fn new(id: WorkerId) -> KnownWorker {
        KnownWorker {
            id,
            alias: None,
            key: None,
            stats: WorkerStats::default(),
            bonuses: Usd::ZERO,
            gone_fees: Usd::ZERO,
            blocked: false,
            note: None,
            qualifications: Vec::new(),
        }
    }

    pub(super) fn facts(&self, now: Time) -> WorkerFacts<'_> {
        WorkerFacts {
            id: self.alias.as_deref().unwrap_or(self.id.as_str()),
            stats: &self.stats,
            bonuses: self.bonuses,
            blocked: self.blocked,
            noted: self.note.is_some(),
            qualifications: &self.qualifications,
            now,
        }
    }
}

/// Whom an action on workers is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The workers, each once, in the order of the list.
    pub ids: Vec<WorkerId>,
    /// Whether they are marked ones; else the one under the cursor.
    pub marked: bool,
}

/// What the list is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sources<'a> {
    pub(super) model: &'a Model,
    pub(super) known: Option<&'a Known>,
    pub(super) money: &'a Money,
    pub(super) names: Option<&'a Pseudonyms>,
}

/// The list of the Workers screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Workers {
    all: Vec<KnownWorker>,
    /// The places in `all` of those that are shown, in order.
    lines: Vec<u32>,
    /// Where the list stands.
    pub spot: Spot,
    /// The marked ones, also those that are not shown.
    pub marks: HashSet<WorkerId>,
    /// How many marked ones are shown.
    pub marks_shown: usize,
    /// Where a range was begun.
    pub anchor: Option<WorkerId>,
    /// The order.
    pub sort: WorkerSort,
    /// The other way round.
    pub turned: bool,
    /// The filter, as it was typed.
    pub filter: String,
    /// Whether the page of the worker under the cursor has the screen for itself.
    pub page: bool,
    /// That page: what happened, and where it stands.
    pub sheet: Page,
    /// The columns that are not shown.
    pub hidden: Vec<WorkerColumn>,
    /// What the worker of the page was sent and paid; whose it is.
    pub(super) history: Option<(WorkerId, History)>,
    /// Where `w` was pressed: Esc on the page goes back there.
    pub(super) came_from: Option<(Screen, Pane)>,
    /// Of whom that was asked for, or of nobody.
    pub(super) asked: Option<WorkerId>,
    /// Where Review stood before it showed a worker's answers: Esc there goes back to the page.
    pub(super) answers: Option<Before>,
    pub(super) query: WorkerQuery,
    /// The model's version that this was made of; none when it has to be made anew.
    pub(super) made_of: Option<u64>,
    /// Whether the order may be made anew: not while somebody looks at the list.
    pub(super) in_motion: bool,
}

impl Workers {
    /// How many are known.
    pub const fn known(&self) -> usize {
        self.all.len()
    }

    /// How many are shown.
    pub const fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether nobody is shown.
    pub const fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The worker of a line.
    pub fn at(&self, line: usize) -> Option<&KnownWorker> {
        self.all.get(*self.lines.get(line)? as usize)
    }

    /// The worker under the cursor.
    pub fn current(&self) -> Option<&KnownWorker> {
        self.at(self.spot.cursor)
    }

    /// Everybody who is known, shown or not, by identifier.
    pub fn everybody(&self) -> impl Iterator<Item = &KnownWorker> {
        self.all.iter()
    }

    /// The workers that are shown, in order.
    pub fn shown(&self) -> impl Iterator<Item = &KnownWorker> {
        self.lines.iter().filter_map(|place| self.all.get(*place as usize))
    }

    /// A worker by identifier, shown or not.
    pub fn named(&self, id: &WorkerId) -> Option<&KnownWorker> {
        self.all.binary_search_by(|one| one.id.cmp(id)).ok().map(|place| &self.all[place])
    }

    /// The line of a worker, if the list shows them.
    pub fn line_of(&self, id: &WorkerId) -> Option<usize> {
        let place = self.all.binary_search_by(|one| one.id.cmp(id)).ok()?;
        self.lines.iter().position(|line| *line as usize == place)
    }

    /// The lines of a range that was begun, up to the cursor.
    pub fn range(&self) -> Option<RangeInclusive<usize>> {
        let (from, to) = (self.line_of(self.anchor.as_ref()?)?, self.spot.cursor);
        Some(from.min(to)..=from.max(to))
    }

    /// The marks that are shown and the range that was begun, else the worker under the cursor; on a page the worker whose
    /// page it is. Hidden marks are never acted on.
    pub fn who(&self) -> Who {
        let range = self.range();
        if self.page || (self.marks_shown == 0 && range.is_none()) {
            return Who { ids: self.current().map(|one| one.id.clone()).into_iter().collect(), marked: false };
        }
        let in_range = |line: usize| range.as_ref().is_some_and(|range| range.contains(&line));
        let wanted = |(line, one): &(usize, &KnownWorker)| in_range(*line) || self.marks.contains(&one.id);
        let ids = self.shown().enumerate().filter(wanted).map(|(_, one)| one.id.clone()).collect();
        Who { ids, marked: true }
    }

    /// Puts the cursor on a worker. Says whether the list shows them.
    pub(super) fn go_to(&mut self, id: &WorkerId) -> bool {
        let line = self.line_of(id);
        self.spot.cursor = line.unwrap_or(self.spot.cursor);
        line.is_some()
    }

    /// Marks or unmarks.
    pub(super) fn mark(&mut self, ids: impl IntoIterator<Item = WorkerId>, on: bool) {
        for id in ids {
            if on {
                self.marks.insert(id);
            } else {
                self.marks.remove(&id);
            }
        }
        self.count_marks();
    }

    /// How many marked ones are not shown.
    pub fn marks_hidden(&self) -> usize {
        self.marks.len() - self.marks_shown
    }

    fn count_marks(&mut self) {
        let shown =
            if self.marks.is_empty() { 0 } else { self.shown().filter(|one| self.marks.contains(&one.id)).count() };
        self.marks_shown = shown;
    }

    /// Learns everything anew. Those who are shown keep their places and new ones come last, unless the list was just opened
    /// or asked for anew: what arrives in the background moves nobody into a range.
    pub(super) fn gather(&mut self, from: &Sources<'_>, now: Time) {
        let Sources { model, known, money, names } = *from;
        let under = self.current().map(|one| one.id.clone());
        let settled = !std::mem::take(&mut self.in_motion);
        let places = (0usize..).zip(self.shown()).filter(|_| settled);
        let places: HashMap<WorkerId, usize> = places.map(|(place, one)| (one.id.clone(), place)).collect();
        // What was deleted in this run is still among the rows.
        let gone = known.into_iter().flat_map(|known| &known.gone).filter(|work| model.slot(work.row.key).is_none());
        let rows = model.rows().iter().map(|row| (row, model.reward(row)));
        let stats = worker_stats(rows.chain(gone.clone().map(|work| (&work.row, work.reward))), now);
        let mut fees: HashMap<WorkerKey, Usd> = HashMap::new();
        for work in gone.filter(|work| work.row.status == AssignmentStatus::Approved) {
            *fees.entry(work.row.worker).or_default() += work.fee;
        }
        let mut all: HashMap<WorkerId, KnownWorker> = HashMap::with_capacity(model.workers().len());
        for row in model.workers() {
            let stats = stats.get(&row.key).copied().unwrap_or_default();
            let gone_fees = fees.get(&row.key).copied().unwrap_or_default();
            let one = KnownWorker { key: Some(row.key), stats, gone_fees, ..KnownWorker::new(row.id.clone()) };
            all.insert(row.id.clone(), one);
        }
        let mut of = |id: &WorkerId, learn: &dyn Fn(&mut KnownWorker)| {
            learn(all.entry(id.clone()).or_insert_with(|| KnownWorker::new(id.clone())));
        };
        money.bonuses.iter().for_each(|(id, paid)| of(id, &|one| one.bonuses = paid.sum));
        if let Some(known) = known {
            let names: HashMap<&QualificationTypeId, Arc<str>> =
                known.types.iter().map(|one| (&one.it.id, one.it.name.as_str().into())).collect();
            for it in known.qualifications.iter().filter(|it| !it.revoked) {
                let name = names.get(&it.type_id).cloned().unwrap_or_else(|| it.type_id.as_str().into());
                of(&it.worker, &|one| one.qualifications.push(name.clone()));
            }
            known.blocks.keys().for_each(|id| of(id, &|one| one.blocked = true));
            known.notes.iter().for_each(|(id, text)| of(id, &|one| one.note = Some(text.as_str().into())));
        }
        self.all = all.into_values().collect();
        if let Some(names) = names {
            self.all.iter_mut().for_each(|one| one.alias = Some(names.of(one.id.as_str()).into()));
        }
        self.all.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        self.made_of = Some(model.version());
        self.sheet.outdated();
        self.arrange_on(under, &places, now);
    }

    /// Shows those who answer the query, in the order; the cursor stays on its worker.
    pub(super) fn arrange(&mut self, now: Time) {
        let under = self.current().map(|one| one.id.clone());
        self.arrange_on(under, &HashMap::new(), now);
    }

    fn arrange_on(&mut self, under: Option<WorkerId>, places: &HashMap<WorkerId, usize>, now: Time) {
        let depth = self.spot.cursor.saturating_sub(self.spot.offset);
        let fits = |one: &KnownWorker| self.query.is_all() || self.query.matches(&one.facts(now));
        let fitting = (0u32..).zip(&self.all).filter(|(_, one)| fits(one)).map(|(place, _)| place);
        let mut lines: Vec<u32> = fitting.collect();
        let (all, sort) = (&self.all, self.sort);
        // They lie by identifier, and the sort is stable.
        lines.sort_by(|a, b| sort.compare(&all[*a as usize], &all[*b as usize]));
        if self.turned {
            lines.reverse();
        }
        lines.sort_by_key(|line| places.get(&all[*line as usize].id).copied().unwrap_or(usize::MAX));
        self.lines = lines;
        let kept = under.and_then(|id| self.line_of(&id));
        self.spot.cursor = kept.unwrap_or(self.spot.cursor).min(self.lines.len().saturating_sub(1));
        if kept.is_some() {
            self.spot.offset = self.spot.cursor.saturating_sub(depth);
        }
        if self.anchor.as_ref().is_some_and(|anchor| self.line_of(anchor).is_none()) {
            self.anchor = None;
        }
        self.count_marks();
    }
}
