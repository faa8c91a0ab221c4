//! A simulated requester: publishes a few more HITs of the demo when the workers find little to do, so that it never runs dry.

use super::backlog::{LIFETIME, hit_type};
use super::crew::stream;
use super::tasks::{BATCHES, Subject};
use crate::domain::time::{Seconds, Time};
use crate::market::error::ServiceError;
use crate::market::service::Service;
use crate::market::storage::{ImportedHit, RequesterKey};
use rand::Rng;

/// How long they wait before they look again whether more is wanted. It bounds how much comes in at a high speed.
pub const ROUND: Seconds = Seconds(240);
/// Somebody who finds fewer open HITs than this finds little.
pub const LITTLE: usize = 5;
/// So many HITs are published together.
const BATCH: usize = 4;

/// Somebody with work to give.
pub struct Requester {
    who: RequesterKey,
    seed: u64,
    published: u64,
}

impl Requester {
    /// One who publishes for this account.
    pub fn new(who: RequesterKey, seed: u64) -> Requester {
        Requester { who, seed, published: 0 }
    }

    /// Publishes a small batch; the account is credited with what it holds, so that the demo costs nothing.
    pub async fn publish(&mut self, service: &Service) -> Result<(), ServiceError> {
        let hits = batch(self.seed, self.published, service.clock().now().time());
        self.published += 1;
        service.import(self.who, hits).await.map(drop)
    }
}

/// The `number`th batch of a seed, published at a time.
fn batch(seed: u64, number: u64, now: Time) -> Vec<ImportedHit> {
    let mut rng = stream(seed, 2_000 + number);
    let batch = &BATCHES[(number % BATCHES.len() as u64) as usize];
    let rows = batch.rows();
    let first = rng.random_range(0..rows.len());
    let hit = |index: usize| ImportedHit {
        id: None,
        hit_type: hit_type(batch),
        question: batch.question(&rows[(first + index) % rows.len()]),
        annotation: Some(format!("hitdeck:{}:{}", name(batch.subject, now), index + 1)),
        created: now,
        expires: now + LIFETIME,
        max: batch.assignments,
        assignments: Vec::new(),
    };
    (0..BATCH).map(hit).collect()
}

/// A batch's name: market time makes it another one every time, also when a demo is opened again.
fn name(subject: Subject, now: Time) -> String {
    let subject = match subject {
        Subject::Entailment => "entailment",
        Subject::Summary => "summaries",
        Subject::Relation => "kg",
    };
    match jiff::Timestamp::from_second(now.0) {
        Ok(at) => format!("{subject}-{}", at.strftime("%m%d-%H%M")),
        Err(_) => format!("{subject}-{}", now.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_800_000_000);

    #[test]
    fn a_seed_makes_the_same_batches() {
        let print = |seed, number| format!("{:?}", batch(seed, number, NOW));
        assert_eq!(print(1, 0), print(1, 0));
        assert_ne!(print(1, 0), print(2, 0));
        assert_ne!(print(1, 0), print(1, BATCHES.len() as u64));
    }

    #[test]
    fn a_batch_is_small_and_has_a_name_of_its_own() {
        let hits = batch(1, 1, NOW);
        assert_eq!(hits.len(), BATCH);
        assert_eq!(hits[0].annotation.as_deref(), Some("hitdeck:entailment-0115-0800:1"));
        let later = batch(1, 1, NOW + Seconds(300));
        assert_ne!(hits[0].annotation, later[0].annotation);
    }
}
