//! What happens by itself when time passes, found by indexes on the times at which it is due.

use super::{AssignmentKey, HitKey, StorageError, View};
use crate::domain::time::{Seconds, Time};

/// Something that has become due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// A HIT's lifetime has ended.
    Expiration(HitKey),
    /// A worker's time for an assignment is over.
    Deadline(AssignmentKey),
    /// Nobody decided about an assignment in time.
    AutoApproval(AssignmentKey),
    /// A HIT has been closed and decided about for so long that it is disposed of.
    Disposal(HitKey),
}

/// How long a closed HIT is kept: 120 days.
const KEPT: i64 = 120 * Seconds::DAY.0;

const HEADS: [(&str, i64); 4] = [
    ("SELECT expires FROM hits WHERE lapsed = 0 AND status < 4 ORDER BY expires LIMIT 1", 0),
    ("SELECT deadline FROM assignments WHERE phase = 1 ORDER BY deadline LIMIT 1", 0),
    (
        "SELECT auto_approval FROM assignments WHERE phase = 2 AND auto_approval IS NOT NULL
         ORDER BY auto_approval LIMIT 1",
        0,
    ),
    (
        "SELECT closed FROM hits WHERE status IN (2, 3) AND undecided = 0 AND closed IS NOT NULL
         ORDER BY closed LIMIT 1",
        KEPT,
    ),
];

impl View<'_> {
    /// When the data next changes by itself.
    pub(super) fn next_due(&self) -> Result<Option<Time>, StorageError> {
        let mut next: Option<i64> = None;
        for (head, later) in HEADS {
            let mut statement = self.conn.prepare_cached(head)?;
            let mut rows = statement.query([])?;
            if let Some(row) = rows.next()? {
                let due = row.get::<_, i64>(0)?.saturating_add(later);
                next = Some(next.map_or(due, |next| next.min(due)));
            }
        }
        Ok(next.map(Time))
    }

    /// What has become due and was not acted on, in order of time, at most `limit` of it.
    pub fn due(&self, limit: u32) -> Result<Vec<(Time, Due)>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT at, kind, id FROM (
               SELECT * FROM (SELECT auto_approval AS at, 0 AS kind, id FROM assignments
                 WHERE phase = 2 AND auto_approval IS NOT NULL AND auto_approval <= ?1 ORDER BY auto_approval LIMIT ?2)
               UNION ALL
               SELECT * FROM (SELECT deadline, 1, id FROM assignments
                 WHERE phase = 1 AND deadline <= ?1 ORDER BY deadline LIMIT ?2)
               UNION ALL
               SELECT * FROM (SELECT expires, 2, id FROM hits
                 WHERE lapsed = 0 AND status < 4 AND expires <= ?1 ORDER BY expires LIMIT ?2)
               UNION ALL
               SELECT * FROM (SELECT closed + ?3, 3, id FROM hits
                 WHERE status IN (2, 3) AND undecided = 0 AND closed IS NOT NULL AND closed <= ?1 - ?3
                 ORDER BY closed LIMIT ?2)
             ) ORDER BY at, kind, id LIMIT ?2",
        )?;
        let rows = statement.query_map([self.now.0, i64::from(limit), KEPT], |row| {
            let (at, kind, id): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let due = match kind {
                0 => Due::AutoApproval(AssignmentKey(id)),
                1 => Due::Deadline(AssignmentKey(id)),
                2 => Due::Expiration(HitKey(id)),
                _ => Due::Disposal(HitKey(id)),
            };
            Ok((Time(at), due))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
