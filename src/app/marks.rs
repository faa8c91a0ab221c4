//! The marked assignments: one bit each, so that a million marks cost 125 kB and marking all is no wait.

use crate::domain::bits::Bits;
use crate::domain::key::AssignmentKey;

/// A set of assignments.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Marks(Bits);

impl Marks {
    /// How many are marked.
    pub const fn len(&self) -> usize {
        self.0.count()
    }

    /// Whether none is marked.
    pub const fn is_empty(&self) -> bool {
        self.0.count() == 0
    }

    /// Whether an assignment is marked.
    pub fn contains(&self, key: &AssignmentKey) -> bool {
        self.0.contains(key.0 as usize)
    }

    /// Marks or unmarks an assignment. Says whether that changed anything.
    pub fn set(&mut self, key: AssignmentKey, on: bool) -> bool {
        let changed = self.contains(&key) != on;
        self.0.set(key.0 as usize, on);
        changed
    }

    /// Unmarks all.
    pub fn clear(&mut self) {
        self.0 = Bits::default();
    }

    /// All marked assignments, by key.
    pub fn iter(&self) -> impl Iterator<Item = AssignmentKey> + '_ {
        self.0.iter().map(|key| AssignmentKey(key as u32))
    }
}
