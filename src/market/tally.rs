//! How often each operation was called, and what came of it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Operation, then outcome, then count.
pub type Counts = BTreeMap<String, BTreeMap<&'static str, u64>>;

/// Counts since the market started.
#[derive(Default)]
pub struct Tally(Mutex<Counts>);

impl Tally {
    /// Counts one call.
    pub fn count(&self, operation: &str, outcome: &'static str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = operation.bytes().all(|b| b.is_ascii_alphanumeric()) && (1..=64).contains(&operation.len());
        let operation = if known { operation } else { "unknown" };
        if !counts.contains_key(operation) && counts.len() >= 200 {
            return;
        }
        *counts.entry(operation.to_owned()).or_default().entry(outcome).or_default() += 1;
    }

    /// What was counted so far.
    pub fn counts(&self) -> Counts {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
