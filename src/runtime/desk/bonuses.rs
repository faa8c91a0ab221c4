//! The bonuses of HITs, which only the endpoint knows: a request for each HIT, so some at a time, and only for who asked last.

use crate::app::workers::money::Read;
use crate::domain::id::HitId;
use crate::domain::time::Millis;
use crate::runtime::engine::{Engine, EngineError};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many HITs are read until the desk hears of them.
const PART: usize = 20;
/// So long what was read is new enough, in milliseconds.
const NEW: i64 = 600_000;

/// What was asked of bonuses, and when which HITs were read.
#[derive(Debug, Clone, Default)]
pub struct Bonuses(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    newest: AtomicU64,
    read: Mutex<HashMap<HitId, Millis>>,
}

impl Bonuses {
    /// Begins to read these HITs, in this order. What was begun before ends with its next step, unless nothing is asked now.
    pub fn begin(&self, hits: Vec<HitId>) -> Reading {
        let asks = u64::from(!hits.is_empty());
        let mine = self.0.newest.fetch_add(asks, Ordering::Relaxed) + asks;
        Reading { of: self.clone(), mine, hits, done: 0 }
    }

    fn read(&self) -> MutexGuard<'_, HashMap<HitId, Millis>> {
        // Whoever panicked with it had at most not yet put a HIT in.
        self.0.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// HITs that are being read.
#[derive(Debug)]
pub struct Reading {
    of: Bonuses,
    mine: u64,
    hits: Vec<HitId>,
    done: usize,
}

impl Reading {
    /// How far it is.
    pub fn far(&self) -> Read {
        Read { done: self.done, all: self.hits.len() }
    }

    /// Reads some more. Says whether there is anything new to tell.
    pub async fn go_on(&mut self, engine: &Engine) -> Result<bool, EngineError> {
        if self.done == self.hits.len() || self.of.0.newest.load(Ordering::Relaxed) != self.mine {
            return Ok(false);
        }
        let now = engine.clock().now().wall;
        let (mut asked, mut next) = (Vec::new(), self.done);
        while next < self.hits.len() && asked.len() < PART {
            let hit = &self.hits[next];
            if self.of.read().get(hit).is_none_or(|at| now.since(*at) > NEW) {
                asked.push(hit.clone());
            }
            next += 1;
        }
        engine.sync_bonuses(&asked).await?;
        self.of.read().extend(asked.into_iter().map(|hit| (hit, now)));
        self.done = next;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(count: usize) -> Vec<HitId> {
        (0..count).map(|number| HitId::parse(&format!("3HIT{number}")).unwrap()).collect()
    }

    #[test]
    fn who_asks_last_is_answered_and_who_asks_nothing_is_in_nobodys_way() {
        let all = Bonuses::default();
        let first = all.begin(hits(30));
        assert_eq!(first.far(), Read { done: 0, all: 30 });
        let nothing = all.begin(Vec::new());
        assert_eq!((first.mine, nothing.mine), (1, 1));
        let second = all.begin(hits(2));
        assert_ne!(first.mine, second.mine);
        assert_eq!(all.0.newest.load(Ordering::Relaxed), second.mine);
    }
}
