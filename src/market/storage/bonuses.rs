//! Bonuses.

use rusqlite::params;

use super::{AssignmentKey, Change, HitKey, StorageError, View, WorkerKey};
use crate::domain::money::Usd;
use crate::domain::time::Time;

/// A bonus as the API shows it, borrowed from the row it is read from.
#[derive(Debug)]
pub struct BonusView<'r> {
    /// Its place in the order of payment.
    pub place: i64,
    /// `AssignmentId`.
    pub assignment: &'r str,
    /// `WorkerId`.
    pub worker: &'r str,
    /// `BonusAmount`.
    pub amount: Usd,
    /// `Reason`.
    pub reason: &'r str,
    /// `GrantTime`.
    pub granted: Time,
}

impl View<'_> {
    /// Shows the bonuses of a HIT, or of one of its assignments, to `show`: oldest first, at most `limit`, from behind the
    /// place `after` on.
    pub fn show_bonuses(
        &self,
        hit: HitKey,
        assignment: Option<AssignmentKey>,
        after: Option<i64>,
        limit: u32,
        mut show: impl FnMut(&BonusView<'_>),
    ) -> Result<(), StorageError> {
        let (condition, of) = match assignment {
            Some(key) => ("b.assignment = ?1", key.0),
            None => ("b.hit = ?1", hit.0),
        };
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT b.id, a.assignment_id, w.worker_id, b.amount, b.reason, b.granted
             FROM bonuses b JOIN assignments a ON a.id = b.assignment JOIN workers w ON w.id = b.worker
             WHERE {condition} AND b.id > ?2 ORDER BY b.id LIMIT ?3"
        ))?;
        let mut rows = statement.query(params![of, after.unwrap_or(0), limit])?;
        while let Some(row) = rows.next()? {
            show(&BonusView {
                place: row.get(0)?,
                assignment: row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?,
                worker: row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?,
                amount: Usd::cents(row.get(3)?),
                reason: row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?,
                granted: Time(row.get(5)?),
            });
        }
        Ok(())
    }
}

impl Change<'_> {
    /// Writes down a bonus; the money is not moved here.
    pub fn add_bonus(
        &mut self,
        hit: HitKey,
        assignment: AssignmentKey,
        worker: WorkerKey,
        amount: Usd,
        reason: &str,
    ) -> Result<(), StorageError> {
        self.conn
            .prepare_cached(
                "INSERT INTO bonuses (hit, assignment, worker, amount, reason, granted) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![hit.0, assignment.0, worker.0, amount.as_cents(), reason, self.now.0])?;
        Ok(())
    }
}
