//! What the Batches screen is told beside the rows: bonuses, what HITs were published with, what has left in a file.

use super::{Reader, Store, StoreError};
use crate::domain::fees::FeeSchedule;
use crate::domain::key::HitKey;
use crate::domain::money::Usd;
use rusqlite::OptionalExtension;
use std::collections::HashMap;

/// The name under which the store keeps what an hour is to pay where no batch file says so.
const TARGET: &str = "target-wage";

impl Store {
    /// Keeps what an hour is to pay where no batch file says so; none takes it away.
    pub async fn put_target_wage(&self, target: Option<Usd>) -> Result<(), StoreError> {
        let cents = target.map_or(String::new(), |target| target.as_cents().to_string());
        self.remember(vec![(TARGET.to_owned(), cents)]).await
    }
}

impl Reader {
    /// What an hour is to pay where no batch file says so.
    pub fn target_wage(&self) -> Result<Option<Usd>, StoreError> {
        let kept = self.remembered(TARGET)?.unwrap_or_default();
        Ok(kept.parse().ok().map(Usd::cents))
    }

    /// The bonuses that were paid for work of each batch: how many, how much, and the fees on them.
    pub fn bonuses_by_batch(&self) -> Result<HashMap<String, (u32, Usd, Usd)>, StoreError> {
        let mut find = self
            .connection
            .prepare_cached("SELECT h.batch FROM assignment a JOIN hit h ON h.key = a.hit WHERE a.id = ?1")?;
        let mut batches: HashMap<String, (u32, Usd, Usd)> = HashMap::new();
        for bonus in self.bonuses()? {
            let batch = find.query_row([bonus.assignment.as_str()], |row| row.get::<_, String>(0)).optional()?;
            let Some(batch) = batch else { continue };
            let sum = batches.entry(batch).or_default();
            sum.0 += 1;
            sum.1 += bonus.amount;
            sum.2 += FeeSchedule::AMAZON.of_bonus(bonus.amount);
        }
        Ok(batches)
    }

    /// How many assignments HITs had before this store added some: those to which it did.
    pub(super) fn assignments_at_first(&self) -> Result<HashMap<HitKey, u32>, StoreError> {
        self.by_hit(
            "SELECT h.key, min(json_extract(o.detail, '$[1]')) FROM outbox o JOIN hit h ON h.id = o.target
             WHERE o.verb = 'add assignments' AND o.state = 3 GROUP BY h.key",
        )
    }

    /// How many assignments of HITs have left in a file.
    pub fn exported_of_hits(&self) -> Result<HashMap<HitKey, u32>, StoreError> {
        self.by_hit("SELECT h.key, e.assignments FROM exported e JOIN hit h ON h.id = e.hit")
    }

    /// The HIT group of the newest HIT of each batch: workers find it under that.
    pub fn groups_by_batch(&self) -> Result<HashMap<String, String>, StoreError> {
        let sql = "SELECT batch, group_id, max(key) FROM hit WHERE gone = 0 AND group_id IS NOT NULL GROUP BY batch";
        let mut find = self.connection.prepare_cached(sql)?;
        let found = find.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    pub(super) fn by_hit(&self, sql: &str) -> Result<HashMap<HitKey, u32>, StoreError> {
        let mut find = self.connection.prepare_cached(sql)?;
        let found = find.query_map([], |row| Ok((HitKey(row.get(0)?), row.get(1)?)))?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}
