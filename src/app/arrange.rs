//! Which rows the list shows, and in which order: filter, sort and group of all rows in one go.

use super::bits::Bits;
use super::list::{Due, Group, GroupBy, GroupOf, Line, List, Scope, SortBy};
use super::model::Model;
use crate::domain::assignment::work_time;
use crate::domain::query::{Facts, Found, Query, Record};
use crate::domain::row::AssignmentRow;
use crate::domain::time::{Seconds, Stamp, Time};
use std::collections::HashMap;

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
        let counts = model.worker_counts(row.worker);
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

/// Makes the lines of the list anew; cursor, marks and page are left to the caller.
pub(super) fn arrange(asking: &Asking<'_>, list: &mut List) {
    let model = asking.model;
    let rows = model.rows();
    let mut slots = slots_in(model, &list.scope);
    if !asking.query.is_all() {
        slots.retain(|slot| asking.fits(&rows[*slot as usize]));
    }
    let slots = sorted(model, slots, list.sort, list.descending);
    let groups = groups_of(model, &slots, list.group, asking.now);

    list.rows = slots.len();
    list.lines = Vec::with_capacity(slots.len() + groups.as_ref().map_or(0, |(_, of)| of.len()));
    list.groups = Vec::new();
    match groups {
        None => list.lines.extend(slots.iter().map(|slot| Line::Row(rows[*slot as usize].key))),
        Some((place, of)) => lay_in_groups(model, &slots, &place, of, list),
    }
    list.line_of = vec![u32::MAX; rows.len()];
    list.open = Bits::with_len(list.lines.len());
    for (at, line) in list.lines.iter().enumerate() {
        if let Line::Row(key) = line
            && let Some(slot) = model.slot(*key)
        {
            list.line_of[slot] = at as u32;
            list.open.set(at, model.is_open(slot));
        }
    }
    list.marks_shown =
        list.marks.iter().filter(|key| model.slot(**key).is_some_and(|s| list.line_of(s).is_some())).count();
    list.news.clear();
}

fn slots_in(model: &Model, scope: &Scope) -> Vec<u32> {
    match scope {
        Scope::All => (0..model.rows().len() as u32).collect(),
        Scope::Hit(hit) => model.slots_of_hit(*hit).map(|slot| slot as u32).collect(),
        Scope::Batch(name) => {
            let hits = model.batch_named(name).map_or(&[][..], |batch| &model.batches()[batch].hits);
            hits.iter().flat_map(|hit| model.slots_of_hit(*hit)).map(|slot| slot as u32).collect()
        }
    }
}

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
    let key = |slot: u32| {
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
    let mut keyed: Vec<(u128, u32)> = slots.into_iter().map(|slot| (key(slot), slot)).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, slot)| slot).collect()
}

/// For each row the place of its group, and the groups in the order in which they are shown.
fn groups_of(model: &Model, slots: &[u32], by: GroupBy, now: Time) -> Option<(Vec<u32>, Vec<GroupOf>)> {
    if by == GroupBy::Nothing {
        return None;
    }
    let mut known: HashMap<GroupOf, u32> = HashMap::new();
    let mut groups: Vec<GroupOf> = Vec::new();
    let mut counts: Vec<u32> = Vec::new();
    let mut place = Vec::with_capacity(slots.len());
    for slot in slots {
        let row = &model.rows()[*slot as usize];
        let of = match by {
            GroupBy::Hit | GroupBy::Nothing => GroupOf::Hit(row.hit),
            GroupBy::Worker => GroupOf::Worker(row.worker),
            GroupBy::Answer => GroupOf::Answer(row.summary.clone()),
            GroupBy::Deadline => GroupOf::Deadline(due(row.auto_approval, now)),
        };
        let at = *known.entry(of).or_insert_with_key(|of| {
            groups.push(of.clone());
            counts.push(0);
            groups.len() as u32 - 1
        });
        counts[at as usize] += 1;
        place.push(at);
    }
    // Answers: the most frequent first. Deadlines: the soonest first. The others stand as the rows come.
    let mut order: Vec<u32> = (0..groups.len() as u32).collect();
    match by {
        GroupBy::Answer => order.sort_by_key(|at| std::cmp::Reverse(counts[*at as usize])),
        GroupBy::Deadline => order.sort_by_key(|at| match groups[*at as usize] {
            GroupOf::Deadline(due) => due,
            _ => Due::Never,
        }),
        _ => {}
    }
    let mut shown = vec![0; order.len()];
    for (to, from) in order.iter().enumerate() {
        shown[*from as usize] = to as u32;
    }
    let place = place.into_iter().map(|at| shown[at as usize]).collect();
    let groups = order.into_iter().map(|at| groups[at as usize].clone()).collect();
    Some((place, groups))
}

fn lay_in_groups(model: &Model, slots: &[u32], place: &[u32], of: Vec<GroupOf>, list: &mut List) {
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); of.len()];
    for (slot, at) in slots.iter().zip(place) {
        members[*at as usize].push(*slot);
    }
    for (at, (of, members)) in of.into_iter().zip(members).enumerate() {
        list.groups.push(Group { of, count: members.len() as u32, line: list.lines.len() });
        list.lines.push(Line::Group(at as u32));
        list.lines.extend(members.into_iter().map(|slot| Line::Row(model.rows()[slot as usize].key)));
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
