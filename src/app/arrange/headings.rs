//! Which heading each row stands under, a part of the rows at a time.

use super::has_headings;
use crate::app::list::{Due, Group, GroupBy, GroupOf};
use crate::app::model::Model;
use crate::domain::time::{Seconds, Stamp, Time};
use std::hash::{BuildHasher, RandomState};

/// Rows whose heading is found in one step.
const GROUPED: usize = 50_000;
/// The same where texts are compared.
const COMPARED: usize = 10_000;

/// Rows under headings.
#[derive(Debug, Clone, Default)]
pub(super) struct Headings {
    by: GroupBy,
    /// For each row its heading, by the number in which they were found; nothing where there are none.
    place: Vec<u32>,
    rows: usize,
    /// The heading of a HIT, a worker, a deadline.
    numbers: Vec<u32>,
    texts: Texts,
    found: Vec<(GroupOf, u32)>,
    groups: Vec<Group>,
    /// For each heading the line of its next row.
    next: Vec<usize>,
}

/// What was found is said by the rows and the numbers.
impl PartialEq for Headings {
    fn eq(&self, other: &Headings) -> bool {
        self.place == other.place && self.groups == other.groups
    }
}

impl Headings {
    pub(super) fn new(by: GroupBy, rows: usize) -> Headings {
        let texts = if by == GroupBy::Answer { Texts::with_room(rows) } else { Texts::default() };
        let place = Vec::with_capacity(if has_headings(by) { rows } else { 0 });
        Headings { by, place, rows, texts, ..Headings::default() }
    }

    /// How far it is, in hundredths.
    pub(super) fn done(&self) -> usize {
        self.place.len() * 100 / self.rows.max(1)
    }

    /// One step. Says whether that was the last.
    pub(super) fn step(&mut self, model: &Model, slots: &[u32], now: Time) -> bool {
        if !has_headings(self.by) {
            return true;
        }
        let from = self.place.len();
        let part = if self.by == GroupBy::Answer { COMPARED } else { GROUPED };
        let to = (from + part).min(slots.len());
        for slot in &slots[from..to] {
            let slot = *slot as usize;
            let row = &model.rows()[slot];
            let next = self.found.len() as u32;
            let at = match self.by {
                GroupBy::Answer => self.texts.number(model, slot, next),
                GroupBy::Worker => numbered(&mut self.numbers, row.worker.0, next),
                GroupBy::Deadline => numbered(&mut self.numbers, due(row.auto_approval, now) as u32, next),
                GroupBy::Hit | GroupBy::Nothing => numbered(&mut self.numbers, row.hit.0, next),
            };
            if at == next {
                let of = match self.by {
                    GroupBy::Answer => GroupOf::Answer(row.key),
                    GroupBy::Worker => GroupOf::Worker(row.worker),
                    GroupBy::Deadline => GroupOf::Deadline(due(row.auto_approval, now)),
                    GroupBy::Hit | GroupBy::Nothing => GroupOf::Hit(row.hit),
                };
                self.found.push((of, 0));
            }
            self.found[at as usize].1 += 1;
            self.place.push(at);
        }
        if to == slots.len() {
            self.arrange();
        }
        to == slots.len()
    }

    /// Answers: the most frequent first. Deadlines: the soonest first. The others stand as the rows come.
    fn arrange(&mut self) {
        let found = std::mem::take(&mut self.found);
        (self.numbers, self.texts) = (Vec::new(), Texts::default());
        let mut order: Vec<u32> = (0..found.len() as u32).collect();
        match self.by {
            GroupBy::Answer => order.sort_by_key(|at| std::cmp::Reverse(found[*at as usize].1)),
            GroupBy::Deadline => order.sort_by_key(|at| match found[*at as usize].0 {
                GroupOf::Deadline(due) => due,
                _ => Due::Never,
            }),
            _ => {}
        }
        self.next = vec![0; order.len()];
        self.groups = Vec::with_capacity(order.len());
        let mut line = 0;
        for from in order {
            let (of, count) = found[from as usize];
            self.groups.push(Group { of, count, line });
            self.next[from as usize] = line + 1;
            line += count as usize + 1;
        }
    }

    /// The headings as they are shown, when all steps are done.
    pub(super) fn take_groups(&mut self) -> Vec<Group> {
        std::mem::take(&mut self.groups)
    }

    /// The line of a row by its place in the order; rows are asked for in this order, each once.
    pub(super) fn line(&mut self, index: usize) -> usize {
        match self.place.get(index) {
            None => index,
            Some(heading) => {
                let line = &mut self.next[*heading as usize];
                *line += 1;
                *line - 1
            }
        }
    }
}

/// The number of something, or the next one if it is new.
fn numbered(numbers: &mut Vec<u32>, of: u32, next: u32) -> u32 {
    let at = of as usize;
    if numbers.len() <= at {
        numbers.resize(at + 1, u32::MAX);
    }
    numbers[at] = numbers[at].min(next);
    numbers[at]
}

/// A number for each different summary: a table that holds the first row of each and not the text again.
#[derive(Debug, Clone, Default)]
struct Texts {
    hasher: RandomState,
    /// Hash, slot of the first row, number; a number of `u32::MAX` is a free place.
    places: Vec<(u32, u32, u32)>,
}

impl Texts {
    fn with_room(rows: usize) -> Texts {
        let places = vec![(0, 0, u32::MAX); (rows * 3 / 2).next_power_of_two()];
        Texts { hasher: RandomState::new(), places }
    }

    fn number(&mut self, model: &Model, slot: usize, next: u32) -> u32 {
        let row = &model.rows()[slot];
        let text = model.summary(row);
        let hash = self.hasher.hash_one(&*text) as u32;
        let mut at = hash as usize & (self.places.len() - 1);
        loop {
            let (known, first, number) = self.places[at];
            if number == u32::MAX {
                self.places[at] = (hash, slot as u32, next);
                return next;
            }
            if known == hash && model.summary(&model.rows()[first as usize]) == text {
                return number;
            }
            at = (at + 1) & (self.places.len() - 1);
        }
    }
}

/// How soon the clock approves.
fn due(auto_approval: Stamp, now: Time) -> Due {
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
