//! Blocks: whom a requester lets work no more.

use rusqlite::params;

use super::{Change, RequesterKey, StorageError, View, WorkerKey};

/// A block as the API shows it, borrowed from the row it is read from.
#[derive(Debug)]
pub struct BlockView<'r> {
    /// Its place in the list.
    pub place: i64,
    /// `WorkerId`.
    pub worker: &'r str,
    /// `Reason`.
    pub reason: &'r str,
}

impl View<'_> {
    /// Whether a requester has blocked a worker.
    pub fn is_blocked(&self, who: RequesterKey, worker: WorkerKey) -> Result<bool, StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT 1 FROM blocks WHERE requester = ?1 AND worker = ?2")?;
        Ok(statement.exists([who.0, worker.0])?)
    }

    /// How many workers a requester has blocked.
    pub fn count_blocks(&self, who: RequesterKey) -> Result<i64, StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT count(*) FROM blocks WHERE requester = ?1")?;
        Ok(statement.query_row([who.0], |row| row.get(0))?)
    }

    /// Shows a requester's blocks to `show`, oldest first, at most `limit`, from behind the place `after` on.
    pub fn show_blocks(
        &self,
        who: RequesterKey,
        after: Option<i64>,
        limit: u32,
        mut show: impl FnMut(&BlockView<'_>),
    ) -> Result<(), StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT b.id, w.worker_id, b.reason FROM blocks b JOIN workers w ON w.id = b.worker
             WHERE b.requester = ?1 AND b.id > ?2 ORDER BY b.id LIMIT ?3",
        )?;
        let mut rows = statement.query(params![who.0, after.unwrap_or(0), limit])?;
        while let Some(row) = rows.next()? {
            show(&BlockView {
                place: row.get(0)?,
                worker: row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?,
                reason: row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?,
            });
        }
        Ok(())
    }
}

impl Change<'_> {
    /// Writes down a block; the reason of one that is there is replaced.
    pub fn save_block(&mut self, who: RequesterKey, worker: WorkerKey, reason: &str) -> Result<(), StorageError> {
        self.conn
            .prepare_cached(
                "INSERT INTO blocks (requester, worker, reason, at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (requester, worker) DO UPDATE SET reason = excluded.reason",
            )?
            .execute(params![who.0, worker.0, reason, self.now.0])?;
        Ok(())
    }

    /// Takes a block away; whether there was one.
    pub fn remove_block(&mut self, who: RequesterKey, worker: WorkerKey) -> Result<bool, StorageError> {
        let mut statement = self.conn.prepare_cached("DELETE FROM blocks WHERE requester = ?1 AND worker = ?2")?;
        Ok(statement.execute([who.0, worker.0])? > 0)
    }
}
