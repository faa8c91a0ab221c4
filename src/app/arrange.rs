//! Which rows the list shows, and in which order: filter, sort and group of all rows in one go.

use super::bits::Bits;
use super::counts::Counts;
use super::list::{Due, Group, GroupBy, GroupOf, Line, List, Scope, SortBy};
use super::model::Model;
use crate::domain::assignment::work_time;
use crate::domain::key::{AssignmentKey, HitKey};
use crate::domain::query::{Facts, Found, Query, Record};
use crate::domain::row::AssignmentRow;
use crate::domain::time::{Seconds, Stamp, Time};
use std::collections::HashMap;
use std::ops::Range;

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
    pub(super) fn fits(&self, row: &AssignmentRow) -> bool {
        let model = self.model;
        let (Some(hit), Some(worker)) = (model.hit(row.hit), model.worker(row.worker)) else {
            return self.query.is_all();
        };
        let counts = if self.query.needs_record() { model.record(row.worker).counts } else { Counts::default() };
        let record = Record { approved: counts.approved, rejected: counts.rejected };
        let facts = Facts { row, hit, worker, record, now: self.now, people: model.people(), me: self.me };
        self.query.matches(&facts, self.found)
    }
}

/// Whether a row is in the part of the account that is shown.
pub(super) fn in_scope(model: &Model, scope: &Scope, row: &AssignmentRow) -> bool {
    match scope {
        Scope::All => true,
        Scope::Hit(hit) => row.hit == *hit,
        Scope::Batch(name) => model.hit(row.hit).is_some_and(|hit| hit.batch == *name),
    }
}

/// The rows that are shown, by slot.
pub(super) fn sift(asking: &Asking<'_>, scope: &Scope) -> Bits {
    let model = asking.model;
    let mut shown = Bits::with_len(model.rows().len());
    match scope {
        Scope::All => sift_part(asking, 0..model.rows().len(), &mut shown),
        Scope::Hit(hit) => sift_hit(asking, *hit, &mut shown),
        Scope::Batch(name) => {
            let hits = model.batch_named(name).map_or(&[][..], |batch| &model.batches()[batch].hits);
            hits.iter().for_each(|hit| sift_hit(asking, *hit, &mut shown));
        }
    }
    shown
}

/// Sifts a part of all rows.
pub(super) fn sift_part(asking: &Asking<'_>, part: Range<usize>, shown: &mut Bits) {
    let all = asking.query.is_all();
    for (slot, row) in part.clone().zip(&asking.model.rows()[part]) {
        shown.set(slot, all || asking.fits(row));
    }
}

fn sift_hit(asking: &Asking<'_>, hit: HitKey, shown: &mut Bits) {
    for slot in asking.model.slots_of_hit(hit) {
        shown.set(slot, asking.fits(&asking.model.rows()[slot]));
    }
}

/// Makes the lines of the list anew, of the rows that are to be shown; cursor and page are left to the caller.
pub(super) fn arrange(model: &Model, shown: &Bits, now: Time, list: &mut List) {
    let slots = ordered(model, shown, list);
    let headings = Headings::of(model, shown, &slots, list.group, now);
    list.rows = slots.len();
    list.line_of = vec![u32::MAX; model.rows().len()];
    let count = slots.len() + headings.groups.len();
    list.open = Bits::with_len(count);
    list.lines = vec![Line::Group(0); count];
    let mut next = Vec::with_capacity(headings.groups.len());
    for (at, group) in headings.groups.iter().enumerate() {
        list.lines[group.line] = Line::Group(at as u32);
        next.push(group.line + 1);
    }
    for (index, slot) in slots.into_iter().enumerate() {
        let line = match headings.place.get(index) {
            None => index,
            Some(group) => {
                let line = &mut next[*group as usize];
                *line += 1;
                *line - 1
            }
        };
        let slot = slot as usize;
        list.lines[line] = Line::Row(model.key_of(slot));
        list.line_of[slot] = line as u32;
        list.open.set(line, model.is_open(slot));
    }
    list.groups = headings.groups;
    list.marks_shown =
        list.marks.iter().filter(|key| model.slot(**key).is_some_and(|s| list.line_of(s).is_some())).count();
    list.news.clear();
}

/// All rows in an order, kept while no row changes: then a filter sorts nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Order {
    of: Option<(u64, SortBy, bool)>,
    slots: Vec<u32>,
}

/// The rows that are shown, in the order of the list.
fn ordered(model: &Model, shown: &Bits, list: &mut List) -> Vec<u32> {
    let of = Some((model.version(), list.sort, list.descending));
    let all = model.rows().len();
    if list.order.of != of {
        if shown.count() < all / FEW {
            let mut slots = Vec::with_capacity(shown.count());
            slots.extend(shown.iter().map(|slot| slot as u32));
            return sorted(model, slots, list.sort, list.descending);
        }
        list.order = Order { of, slots: sorted(model, (0..all as u32).collect(), list.sort, list.descending) };
    }
    if shown.count() == all {
        return list.order.slots.clone();
    }
    let mut slots = Vec::with_capacity(shown.count());
    slots.extend(list.order.slots.iter().filter(|slot| shown.contains(**slot as usize)));
    slots
}

/// Less than this part of all rows is sorted for itself.
const FEW: usize = 8;

/// No time is later than any time.
const fn last(stamp: Stamp) -> u32 {
    match stamp.get() {
        Some(time) => time.0 as u32,
        None => u32::MAX,
    }
}

/// Sorts by one number per row: what is asked for, then auto-approval, HIT list order, submission or key. One pass over
/// integers is several times faster than comparing rows.
fn sorted(model: &Model, slots: Vec<u32>, by: SortBy, descending: bool) -> Vec<u32> {
    let worker_ranks = if by == SortBy::Worker { model.worker_ranks() } else { Vec::new() };
    let turn = |number: u32| if descending { !number } else { number };
    let number = |slot: u32| {
        let row = &model.rows()[slot as usize];
        let auto = last(row.auto_approval);
        // HIT list order is the order in which HITs became known: the store opens with the same one.
        let hit = row.hit.0;
        let time = || work_time(row.accepted.get(), row.submitted.get()).map_or(u32::MAX, |s| s.0.max(0) as u32);
        let (first, second, third) = match by {
            SortBy::AutoApproval => (auto, hit, last(row.submitted)),
            SortBy::Submitted => (last(row.submitted), hit, 0),
            SortBy::WorkTime => (time(), auto, hit),
            SortBy::Worker => (worker_ranks.get(row.worker.0 as usize).copied().unwrap_or(u32::MAX), auto, hit),
            SortBy::Reward => (model.reward(row).as_cents().clamp(0, i64::from(u32::MAX)) as u32, auto, hit),
            SortBy::Status => (row.status as u32, auto, hit),
            SortBy::Hit => (hit, last(row.submitted), 0),
        };
        (u128::from(turn(first)) << 96) | (u128::from(second) << 64) | (u128::from(third) << 32) | u128::from(row.key.0)
    };
    let mut numbers: Vec<u128> = slots.into_iter().map(number).collect();
    numbers.sort_unstable();
    // The key in the lowest bits leads back to the slot.
    numbers.into_iter().filter_map(|number| Some(model.slot(AssignmentKey(number as u32))? as u32)).collect()
}

/// A number for each different answer among the rows that are shown, by slot. They are read in the order in which they
/// lie in memory, which for very many rows is several times faster than in the order of the list.
fn texts(model: &Model, shown: &Bits) -> Vec<u32> {
    let mut known: HashMap<&str, u32> = HashMap::new();
    let mut numbers = vec![u32::MAX; model.rows().len()];
    for slot in shown.iter() {
        let next = known.len() as u32;
        numbers[slot] = *known.entry(&model.rows()[slot].summary).or_insert(next);
    }
    numbers
}

/// Which heading each row stands under.
#[derive(Default)]
struct Headings {
    /// For each row its heading; nothing where there are none.
    place: Vec<u32>,
    /// As they are shown.
    groups: Vec<Group>,
}

impl Headings {
    fn of(model: &Model, shown: &Bits, slots: &[u32], by: GroupBy, now: Time) -> Headings {
        if by == GroupBy::Nothing {
            return Headings::default();
        }
        let texts = if by == GroupBy::Answer { texts(model, shown) } else { Vec::new() };
        let mut numbers: Vec<u32> = Vec::new();
        let mut numbered = |number: u32, next: u32| {
            let at = number as usize;
            if numbers.len() <= at {
                numbers.resize(at + 1, u32::MAX);
            }
            numbers[at] = numbers[at].min(next);
            numbers[at]
        };
        let mut found: Vec<(GroupOf, u32)> = Vec::new();
        let mut place = Vec::with_capacity(slots.len());
        for slot in slots {
            let row = &model.rows()[*slot as usize];
            let next = found.len() as u32;
            let at = match by {
                GroupBy::Answer => numbered(texts[*slot as usize], next),
                GroupBy::Worker => numbered(row.worker.0, next),
                GroupBy::Deadline => numbered(due(row.auto_approval, now) as u32, next),
                GroupBy::Hit | GroupBy::Nothing => numbered(row.hit.0, next),
            };
            if at == next {
                let of = match by {
                    GroupBy::Answer => GroupOf::Answer(row.summary.clone()),
                    GroupBy::Worker => GroupOf::Worker(row.worker),
                    GroupBy::Deadline => GroupOf::Deadline(due(row.auto_approval, now)),
                    GroupBy::Hit | GroupBy::Nothing => GroupOf::Hit(row.hit),
                };
                found.push((of, 0));
            }
            found[at as usize].1 += 1;
            place.push(at);
        }
        // Answers: the most frequent first. Deadlines: the soonest first. The others stand as the rows come.
        let mut order: Vec<u32> = (0..found.len() as u32).collect();
        match by {
            GroupBy::Answer => order.sort_by_key(|at| std::cmp::Reverse(found[*at as usize].1)),
            GroupBy::Deadline => order.sort_by_key(|at| match found[*at as usize].0 {
                GroupOf::Deadline(due) => due,
                _ => Due::Never,
            }),
            _ => {}
        }
        let mut shown = vec![0; order.len()];
        let mut groups = Vec::with_capacity(order.len());
        let mut line = 0;
        for (to, from) in order.into_iter().enumerate() {
            shown[from as usize] = to as u32;
            let (of, count) = found[from as usize].clone();
            groups.push(Group { of, count, line });
            line += count as usize + 1;
        }
        place.iter_mut().for_each(|at| *at = shown[*at as usize]);
        Headings { place, groups }
    }
}

/// How soon the clock approves.
pub(super) fn due(auto_approval: Stamp, now: Time) -> Due {
    let Some(at) = auto_approval.get() else { return Due::Never };
    match at - now {
        Seconds(..=0) => Due::Past,
        Seconds(..=3_600) => Due::Hour,
        Seconds(..=21_600) => Due::SixHours,
        Seconds(..=86_400) => Due::Day,
        Seconds(..=259_200) => Due::ThreeDays,
        Seconds(_) => Due::Later,
    }
}
