//! Work on HITs that the endpoint has deleted: gone from the list, and still a part of its workers' records.

use super::row::{ASSIGNMENT_COLUMNS, HIT_COLUMNS, assignment_row, hit_row};
use super::{Reader, StoreError};
use crate::domain::fees::FeeSchedule;
use crate::domain::worker_stats::GoneWork;

impl Reader {
    /// The assignments of deleted HITs, with what each cost.
    pub fn gone_work(&self) -> Result<Vec<GoneWork>, StoreError> {
        // The HITs first: they are few, and their assignments are found by an index.
        let mut hits = self.connection.prepare_cached(&format!("SELECT {HIT_COLUMNS} FROM hit WHERE gone = 1"))?;
        let of_hit = format!("SELECT {ASSIGNMENT_COLUMNS} FROM assignment WHERE hit = ?1 ORDER BY key");
        let mut work = self.connection.prepare_cached(&of_hit)?;
        let mut gone = Vec::new();
        let mut found = hits.query([])?;
        while let Some(row) = found.next()? {
            let hit = hit_row(row)?;
            let fee = FeeSchedule::AMAZON.of_hit(&hit);
            for row in work.query_map([hit.key.0], assignment_row)? {
                gone.push(GoneWork { row: row?.light(), reward: hit.reward, fee });
            }
        }
        Ok(gone)
    }
}
