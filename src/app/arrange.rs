//! Which rows the list shows, and in which order: filter, sort and group of all rows, in steps of a millisecond or two so
//! that no key waits for a million rows.

mod headings;
mod order;

use super::counts::Counts;
use super::list::{GroupBy, Line, List, Scope};
use super::model::Model;
use crate::domain::bits::Bits;
use crate::domain::query::{Facts, Found, Query, Record};
use crate::domain::row::LightRow;
use crate::domain::time::Time;
use headings::Headings;
pub(super) use order::Order;
use order::Ordering;

/// Rows that are looked at in one step.
const SIFTED: usize = 50_000;
/// HITs whose rows are looked at in one step.
const SIFTED_HITS: usize = 4_000;
/// Rows that get their lines in one step.
const PLACED: usize = 50_000;

/// What a query is asked with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) model: &'a Model,
    pub(super) query: &'a Query,
    pub(super) found: &'a Found,
    pub(super) now: Time,
    pub(super) me: &'a str,
}

impl Asking<'_> {
    /// Whether a row fits the query. A row whose HIT or worker has not been read fits only the query that all fit.
    pub(super) fn fits(&self, row: &LightRow) -> bool {
        let model = self.model;
        let (Some(hit), Some(worker)) = (model.hit(row.hit), model.worker(row.worker)) else {
            return self.query.is_all();
        };
        let counts = if self.query.needs_record() { model.record(row.worker).counts } else { Counts::default() };
        let blocked = self.query.needs_record() && model.is_blocked(row.worker);
        let record = Record { approved: counts.approved, rejected: counts.rejected, blocked };
        let facts = Facts { row, hit, worker, record, now: self.now, people: model.people(), me: self.me };
        self.query.matches(&facts, self.found)
    }
}

/// Whether a row is in the part of the account that is shown.
pub(super) fn in_scope(model: &Model, scope: &Scope, row: &LightRow) -> bool {
    match scope {
        Scope::All => true,
        Scope::Hit(hit) => row.hit == *hit,
        Scope::Batch(name) => model.hit(row.hit).is_some_and(|hit| *hit.batch == **name),
    }
}

/// The lines of a list in the making.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Work {
    /// Of what: scope, order and headings of this list.
    aim: List,
    now: Time,
    stage: Stage,
    /// How many rows are looked at: those that come later are news.
    rows: usize,
    shown: Bits,
    /// The rows that are shown, in order.
    slots: Vec<u32>,
    headings: Headings,
    /// Rows whose standing has changed meanwhile, by slot.
    pub(super) touched: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq)]
enum Stage {
    /// The next row, or the next HIT of the batch, to be looked at.
    Sift(usize),
    Order(Box<Ordering>),
    Group,
    /// The next row to get its line.
    Place(usize),
    Done,
}

impl Work {
    /// Begins to make a list in the manner of this one.
    pub(super) fn new(list: &mut List, now: Time) -> Work {
        let aim = List {
            scope: list.scope.clone(),
            sort: list.sort,
            descending: list.descending,
            group: list.group,
            order: std::mem::take(&mut list.order),
            ..List::default()
        };
        Work {
            aim,
            now,
            stage: Stage::Sift(0),
            rows: 0,
            shown: Bits::default(),
            slots: Vec::new(),
            headings: Headings::default(),
            touched: Vec::new(),
        }
    }

    /// Gives the order back that it would have used.
    pub(super) fn cancel(self, list: &mut List) {
        list.order = self.aim.order;
    }

    /// How far it is, in tenths.
    pub(super) fn tenths(&self) -> usize {
        let part = |at: usize, of: usize, tenths: usize| at * tenths / of.max(1);
        match &self.stage {
            Stage::Sift(at) => part(*at, self.rows.max(*at), 2),
            Stage::Order(ordering) => 2 + part(ordering.done(), 100, 4),
            Stage::Group => 6 + part(self.headings.done(), 100, 2),
            Stage::Place(at) => 8 + part(*at, self.slots.len(), 2),
            Stage::Done => 10,
        }
    }

    /// One step. Says whether that was the last.
    pub(super) fn step(&mut self, asking: &Asking<'_>) -> bool {
        let model = asking.model;
        match &mut self.stage {
            Stage::Sift(at) => {
                if let Some(next) = sift(asking, &self.aim.scope, *at, &mut self.shown) {
                    *at = next;
                    self.rows = model.rows().len();
                } else {
                    self.rows = model.rows().len();
                    let ordering = Ordering::new(model, &self.shown, self.rows, &self.aim);
                    self.stage = Stage::Order(Box::new(ordering));
                }
            }
            Stage::Order(ordering) => {
                if ordering.step(model, &self.shown, &mut self.aim.order) {
                    self.slots = ordering.take();
                    self.headings = Headings::new(self.aim.group, self.slots.len());
                    self.stage = Stage::Group;
                }
            }
            Stage::Group => {
                if self.headings.step(model, &self.slots, self.now) {
                    let aim = &mut self.aim;
                    aim.groups = self.headings.take_groups();
                    aim.rows = self.slots.len();
                    aim.line_of = vec![u32::MAX; self.rows];
                    aim.lines = vec![Line::Group(0); self.slots.len() + aim.groups.len()];
                    aim.open = Bits::with_len(aim.lines.len());
                    for (at, group) in aim.groups.iter().enumerate() {
                        aim.lines[group.line] = Line::Group(at as u32);
                    }
                    self.stage = Stage::Place(0);
                }
            }
            Stage::Place(at) => {
                let to = (*at + PLACED).min(self.slots.len());
                for index in *at..to {
                    let slot = self.slots[index] as usize;
                    let line = self.headings.line(index);
                    self.aim.lines[line] = Line::Row(model.key_of(slot));
                    self.aim.line_of[slot] = line as u32;
                    self.aim.open.set(line, model.is_open(slot));
                }
                *at = to;
                if to == self.slots.len() {
                    self.stage = Stage::Done;
                }
            }
            Stage::Done => {}
        }
        self.stage == Stage::Done
    }

    /// Puts the finished lines into the list; cursor and page are left to the caller. Rows that have come meanwhile and
    /// fit are news.
    pub(super) fn finish(self, asking: &Asking<'_>, list: &mut List) {
        let Work { aim, rows, touched, .. } = self;
        let model = asking.model;
        let List { lines, groups, rows: count, order, line_of, open, .. } = aim;
        (list.lines, list.groups, list.rows) = (lines, groups, count);
        (list.order, list.line_of, list.open) = (order, line_of, open);
        for slot in touched {
            if let Some(line) = list.line_of(slot) {
                list.open.set(line, model.is_open(slot));
            }
        }
        list.marks_shown =
            list.marks.iter().filter(|key| model.slot(*key).is_some_and(|s| list.line_of(s).is_some())).count();
        let later = &model.rows()[rows.min(model.rows().len())..];
        let fits = |row: &&LightRow| in_scope(model, &list.scope, row) && asking.fits(row);
        list.news = later.iter().filter(fits).map(|row| row.key).collect();
    }
}

/// Looks at the next rows; where to go on, if there are more.
fn sift(asking: &Asking<'_>, scope: &Scope, at: usize, shown: &mut Bits) -> Option<usize> {
    let model = asking.model;
    let next = match scope {
        Scope::All
            if at == 0
                && let Some(keys) = asking.query.candidates(asking.found, SIFTED) =>
        {
            for slot in keys.into_iter().filter_map(|key| model.slot(key)) {
                shown.set(slot, asking.fits(&model.rows()[slot]));
            }
            return None;
        }
        Scope::All => {
            let to = (at + SIFTED).min(model.rows().len());
            let all = asking.query.is_all();
            for (slot, row) in (at..to).zip(&model.rows()[at..to]) {
                shown.set(slot, all || asking.fits(row));
            }
            to
        }
        Scope::Hit(hit) => {
            sift_hit(asking, *hit, shown);
            return None;
        }
        Scope::Batch(name) => {
            let hits = model.batch_named(name).map_or(&[][..], |batch| &model.batches()[batch].hits);
            let to = (at + SIFTED_HITS).min(hits.len());
            hits[at.min(to)..to].iter().for_each(|hit| sift_hit(asking, *hit, shown));
            return (to < hits.len()).then_some(to);
        }
    };
    (next < model.rows().len()).then_some(next)
}

fn sift_hit(asking: &Asking<'_>, hit: crate::domain::key::HitKey, shown: &mut Bits) {
    for slot in asking.model.slots_of_hit(hit) {
        shown.set(slot, asking.fits(&asking.model.rows()[slot]));
    }
}

/// Whether the list has headings.
const fn has_headings(by: GroupBy) -> bool {
    !matches!(by, GroupBy::Nothing)
}
