//! HITs as workers find them.

use rusqlite::params;

use super::{StorageError, TypeKey, View, WorkerKey};
use crate::domain::money::Usd;
use crate::domain::time::Seconds;

/// A HIT that a worker could take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenHit {
    /// `HITId`.
    pub id: String,
    /// `Title`.
    pub title: String,
    /// `Question`.
    pub question: String,
    /// `Reward`.
    pub reward: Usd,
    /// `AssignmentDurationInSeconds`.
    pub duration: Seconds,
}

impl View<'_> {
    /// HITs that a worker could take now, but for those of some types, oldest first, from behind `after` on.
    pub fn open_hits(
        &self,
        worker: Option<WorkerKey>,
        closed: &[TypeKey],
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<OpenHit>, StorageError> {
        let after = match after {
            None => 0,
            Some(id) => self.hit(id)?.map_or(0, |hit| hit.key.0),
        };
        let mut statement = self.conn.prepare_cached(
            "SELECT h.hit_id, t.title, q.question, h.reward, t.duration
             FROM hits h JOIN hit_types t ON t.id = h.type JOIN questions q ON q.hit = h.id
             WHERE h.status = 0 AND h.id > ?1
             AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.hit = h.id AND a.worker = ?2)
             AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.requester = h.requester AND b.worker = ?2)
             AND h.type NOT IN (SELECT value FROM json_each(?4))
             ORDER BY h.id LIMIT ?3",
        )?;
        let closed: Vec<String> = closed.iter().map(|of| of.0.to_string()).collect();
        let closed = format!("[{}]", closed.join(","));
        let rows = statement.query_map(params![after, worker.map(|key| key.0), limit, closed], |row| {
            Ok(OpenHit {
                id: row.get(0)?,
                title: row.get(1)?,
                question: row.get(2)?,
                reward: Usd::cents(row.get(3)?),
                duration: Seconds(row.get(4)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether a worker could find an open HIT of a type.
    pub fn has_open_hits(&self, of: TypeKey) -> Result<bool, StorageError> {
        let mut statement =
            self.conn.prepare_cached("SELECT 1 FROM hits WHERE type = ?1 AND status < 4 AND status = 0 LIMIT 1")?;
        Ok(statement.exists([of.0])?)
    }
}
