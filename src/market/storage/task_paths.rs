//! The random paths of tasks' pages: one for each acceptance, gone with it.

use rusqlite::{OptionalExtension, params};

use super::{AssignmentKey, Change, HitKey, StorageError, View, WorkerKey};
use crate::domain::time::Time;

/// An assignment that a worker holds, as its path leads to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The assignment's row.
    pub key: AssignmentKey,
    /// `AssignmentId`
    pub assignment: String,
    /// Who holds it.
    pub worker: WorkerKey,
    /// `WorkerId`
    pub worker_id: String,
    /// `HITId`
    pub hit: String,
    /// The HIT's row.
    pub hit_key: HitKey,
    /// Until when it must be handed in.
    pub deadline: Time,
}

impl View<'_> {
    /// The path of an assignment's task, if it was made.
    pub fn task_path(&self, key: AssignmentKey) -> Result<Option<String>, StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT secret FROM task_paths WHERE assignment = ?1")?;
        Ok(statement.query_row([key.0], |row| row.get(0)).optional()?)
    }

    /// The assignment that a path leads to, as long as it is held.
    pub fn task_at(&self, secret: &str) -> Result<Option<Task>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT a.id, a.assignment_id, w.id, w.worker_id, h.hit_id, h.id, a.deadline
             FROM task_paths p JOIN assignments a ON a.id = p.assignment JOIN workers w ON w.id = a.worker
             JOIN hits h ON h.id = a.hit WHERE p.secret = ?1 AND a.phase = 1 AND a.deadline >= ?2",
        )?;
        let task = statement.query_row(params![secret, self.now.0], |row| {
            Ok(Task {
                key: AssignmentKey(row.get(0)?),
                assignment: row.get(1)?,
                worker: WorkerKey(row.get(2)?),
                worker_id: row.get(3)?,
                hit: row.get(4)?,
                hit_key: HitKey(row.get(5)?),
                deadline: Time(row.get(6)?),
            })
        });
        Ok(task.optional()?)
    }

    /// What a HIT asks: the document that its requester sent.
    pub fn question(&self, hit: HitKey) -> Result<String, StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT question FROM questions WHERE hit = ?1")?;
        Ok(statement.query_row([hit.0], |row| row.get(0))?)
    }
}

impl Change<'_> {
    /// Makes a path for an assignment that is held, unless there is one.
    pub fn make_task_path(&mut self, key: AssignmentKey, secret: &str) -> Result<(), StorageError> {
        let sql = "INSERT INTO task_paths (assignment, secret) VALUES (?1, ?2) ON CONFLICT (assignment) DO NOTHING";
        self.conn.prepare_cached(sql)?.execute(params![key.0, secret])?;
        Ok(())
    }
}
