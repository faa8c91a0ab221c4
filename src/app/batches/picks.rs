//! Marks and a range over the lines of a list, by key: they mean the same lines whatever the list shows in between.

use std::collections::HashSet;
use std::hash::Hash;
use std::ops::RangeInclusive;

/// What is marked in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Picks<K: Eq + Hash> {
    /// The marked ones, also those that are not shown.
    pub marks: HashSet<K>,
    /// Where a range was begun.
    pub anchor: Option<K>,
}

impl<K: Eq + Hash> Default for Picks<K> {
    fn default() -> Self {
        Picks { marks: HashSet::new(), anchor: None }
    }
}

impl<K: Eq + Hash + Clone> Picks<K> {
    /// The lines of a range that was begun, up to the cursor.
    pub fn range(&self, lines: &[K], cursor: usize) -> Option<RangeInclusive<usize>> {
        let anchor = self.anchor.as_ref()?;
        let from = lines.iter().position(|line| line == anchor)?;
        Some(from.min(cursor)..=from.max(cursor))
    }

    /// How many marked ones the list shows.
    pub fn shown(&self, lines: &[K]) -> usize {
        if self.marks.is_empty() { 0 } else { lines.iter().filter(|line| self.marks.contains(line)).count() }
    }

    /// The marks that are shown and the range that was begun, else the line under the cursor; and whether it is marks.
    /// Hidden marks are never acted on.
    pub fn targets(&self, lines: &[K], cursor: usize) -> (Vec<K>, bool) {
        let range = self.range(lines, cursor);
        let picked = |(at, line): &(usize, &K)| {
            range.as_ref().is_some_and(|range| range.contains(at)) || self.marks.contains(line)
        };
        let picked: Vec<K> = lines.iter().enumerate().filter(picked).map(|(_, line)| line.clone()).collect();
        match picked.is_empty() {
            true => (lines.get(cursor).cloned().into_iter().collect(), false),
            false => (picked, true),
        }
    }

    /// Marks or unmarks a line.
    pub(in crate::app) fn toggle(&mut self, line: K) {
        if !self.marks.remove(&line) {
            self.marks.insert(line);
        }
    }

    /// Begins a range at a line, or marks everything from its beginning to the cursor.
    pub(in crate::app) fn turn_range(&mut self, lines: &[K], cursor: usize) {
        match self.anchor {
            None => self.anchor = lines.get(cursor).cloned(),
            Some(_) => self.end_range(lines, cursor),
        }
    }

    /// Marks the lines of a range that was begun, if one was.
    pub(in crate::app) fn end_range(&mut self, lines: &[K], cursor: usize) {
        let range = self.range(lines, cursor);
        self.marks.extend(range.into_iter().flatten().filter_map(|at| lines.get(at).cloned()));
        self.anchor = None;
    }

    /// Takes all marks away.
    pub(in crate::app) fn clear(&mut self) {
        self.marks.clear();
        self.anchor = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_marks_are_never_acted_on() {
        let mut picks = Picks::default();
        picks.toggle(1);
        picks.toggle(9);
        assert_eq!(picks.targets(&[1, 2, 3], 2), (vec![1], true));
        assert_eq!((picks.targets(&[2, 3], 1), picks.shown(&[2, 3])), ((vec![3], false), 0));
        assert_eq!(picks.targets(&[], 0), (vec![], false));
    }

    #[test]
    fn a_range_joins_the_marks() {
        let mut picks = Picks::default();
        let lines = [1, 2, 3, 4];
        picks.turn_range(&lines, 2);
        assert_eq!(picks.targets(&lines, 1), (vec![2, 3], true));
        picks.turn_range(&lines, 0);
        assert_eq!(picks.targets(&lines, 3), (vec![1, 2, 3], true));
        assert!(picks.anchor.is_none());
    }
}
