//! Guards against keys that nobody meant: pastes into the list, bursts of decisions.

use super::key::Key;
use crate::domain::time::Millis;
use std::collections::VecDeque;

/// A read of more keys than this, unless it is one held motion key, looks like a paste.
pub const PASTE_KEYS: usize = 16;
/// A paste is over after this many milliseconds without a key.
pub const PASTE_SILENCE: i64 = 100;
/// A question ignores keys for this many milliseconds: they were meant for something else.
pub const ASK_DELAY: i64 = 250;

/// What the guards remember.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct InputGuard {
    /// Keys that look like a paste, held until there is silence.
    pub(super) held: Vec<Key>,
    /// When the last of them came.
    pub(super) held_at: Millis,
    /// When the last decisions were made.
    decisions: VecDeque<Millis>,
    /// How many decisions the read that is being handled has made.
    pub(super) in_read: usize,
}

impl InputGuard {
    /// Whether one more decision now would be a burst.
    pub(super) fn is_burst(&self, now: Millis, count: usize, window: i64) -> bool {
        let recent = self.decisions.iter().filter(|at| now.since(**at) < window).count();
        count > 0 && (recent >= count || self.in_read >= count)
    }

    /// Remembers a decision.
    pub(super) fn decided(&mut self, now: Millis, window: i64) {
        self.in_read += 1;
        self.decisions.retain(|at| now.since(*at) < window);
        self.decisions.push_back(now);
    }

    /// Forgets the decisions so far: the person said that they were meant.
    pub(super) fn forgive(&mut self) {
        self.decisions.clear();
        self.in_read = 0;
    }
}
