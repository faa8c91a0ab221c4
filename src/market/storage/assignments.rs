//! Workers, assignments and their answers.

use rusqlite::{OptionalExtension, Row, params};

use super::hits::{record, record_columns};
use super::{Change, HitKey, HitRecord, StorageError, View, numbered};
use crate::domain::assignment::AssignmentStatus;
use crate::domain::time::Time;
use crate::market::json::Json;
use crate::market::rules::assignment::Phase;

/// A worker's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WorkerKey(pub(super) i64);

/// An assignment's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AssignmentKey(pub(super) i64);

/// An assignment without its texts, and its HIT: what decisions need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentState {
    /// The row.
    pub key: AssignmentKey,
    /// Where it stands.
    pub phase: Phase,
    /// Who holds or did it.
    pub worker: Option<WorkerKey>,
    /// When it was handed in, if that is known.
    pub submitted: Option<Time>,
    /// Its HIT.
    pub hit: HitRecord,
}

/// A submitted assignment as the API shows it, borrowed from the row it is read from.
#[derive(Debug)]
pub struct AssignmentView<'r> {
    /// Its place in the order of submission.
    pub seq: i64,
    /// `AssignmentStatus`.
    pub status: AssignmentStatus,
    /// `ApprovalTime`.
    pub approved: Option<Time>,
    /// `RejectionTime`.
    pub rejected: Option<Time>,
    /// `RequesterFeedback`.
    pub feedback: Option<&'r str>,
    /// All other members as JSON, without the braces: `AssignmentId`, `WorkerId`, `HITId`, the times up to the submission, and
    /// `Answer`.
    pub fixed: &'r [u8],
}

const STATE: &str = "SELECT a.id, a.phase, a.worker, a.submitted, ";
const FULL: &str = "SELECT a.seq, a.phase, a.approved, a.rejected, a.feedback, s.answer
    FROM assignments a JOIN answers s ON s.seq = a.seq";

/// What does not change any more about an assignment that was handed in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fixed<'a> {
    /// `AssignmentId`.
    pub id: &'a str,
    /// `WorkerId`.
    pub worker: &'a str,
    /// `HITId`.
    pub hit: &'a str,
    /// `AutoApprovalTime`.
    pub auto_approval: Option<Time>,
    /// `AcceptTime`.
    pub accepted: Option<Time>,
    /// `SubmitTime`.
    pub submitted: Option<Time>,
}

fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Time>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Time))
}

fn state(row: &Row<'_>) -> rusqlite::Result<AssignmentState> {
    Ok(AssignmentState {
        key: AssignmentKey(row.get(0)?),
        phase: numbered(&Phase::ALL, row, 1)?,
        worker: row.get::<_, Option<i64>>(2)?.map(WorkerKey),
        submitted: time(row, 3)?,
        hit: record(row, 4)?,
    })
}

fn view<'r>(row: &'r Row<'_>) -> rusqlite::Result<AssignmentView<'r>> {
    let phase: Phase = numbered(&Phase::ALL, row, 1)?;
    Ok(AssignmentView {
        seq: row.get(0)?,
        status: phase.visible().ok_or(rusqlite::Error::IntegralValueOutOfRange(1, phase as i64))?,
        approved: time(row, 2)?,
        rejected: time(row, 3)?,
        feedback: row.get_ref(4)?.as_str_or_null()?,
        fixed: row.get_ref(5)?.as_blob()?,
    })
}

impl View<'_> {
    /// A worker by ID.
    pub fn worker(&self, id: &str) -> Result<Option<WorkerKey>, StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT id FROM workers WHERE worker_id = ?1")?;
        Ok(statement.query_row([id], |row| row.get(0).map(WorkerKey)).optional()?)
    }

    /// An assignment by its ID, whosever it is and whether or not it was submitted.
    pub fn assignment(&self, id: &str) -> Result<Option<AssignmentState>, StorageError> {
        let hit = record_columns();
        let sql = format!("{STATE} {hit} FROM assignments a JOIN hits h ON h.id = a.hit WHERE a.assignment_id = ?1");
        Ok(self.conn.prepare_cached(&sql)?.query_row([id], state).optional()?)
    }

    /// An assignment by its row.
    pub fn assignment_at(&self, key: AssignmentKey) -> Result<AssignmentState, StorageError> {
        let hit = record_columns();
        let sql = format!("{STATE} {hit} FROM assignments a JOIN hits h ON h.id = a.hit WHERE a.id = ?1");
        Ok(self.conn.prepare_cached(&sql)?.query_row([key.0], state)?)
    }

    /// Whether a worker holds or did an assignment of a HIT.
    pub fn has_taken(&self, hit: HitKey, worker: WorkerKey) -> Result<bool, StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT 1 FROM assignments WHERE hit = ?1 AND worker = ?2")?;
        Ok(statement.exists([hit.0, worker.0])?)
    }

    /// Shows a whole submitted assignment to `show`.
    pub fn show_assignment<T>(
        &self,
        key: AssignmentKey,
        show: impl FnOnce(&AssignmentView<'_>) -> T,
    ) -> Result<T, StorageError> {
        let mut statement = self.conn.prepare_cached(&format!("{FULL} WHERE a.id = ?1"))?;
        Ok(statement.query_row([key.0], |row| Ok(show(&view(row)?)))?)
    }

    /// Shows a HIT's submitted assignments in the given states to `show`, in order of submission, at most `limit`, from
    /// behind the place `after` on.
    pub fn show_assignments(
        &self,
        hit: HitKey,
        statuses: &[AssignmentStatus],
        after: Option<i64>,
        limit: u32,
        mut show: impl FnMut(&AssignmentView<'_>),
    ) -> Result<(), StorageError> {
        let wanted = |status| statuses.contains(&status);
        let condition = match statuses {
            [] | [_, _, _] => "a.seq IS NOT NULL AND ?3 = ?3 AND ?4 = ?4",
            [AssignmentStatus::Submitted] => "a.phase = 2 AND ?3 = ?3 AND ?4 = ?4",
            _ => "a.seq IS NOT NULL AND a.phase IN (?3, ?4)",
        };
        let mut phases = AssignmentStatus::ALL.into_iter().filter(|s| wanted(*s)).map(|s| Phase::from(s) as i64);
        let first = phases.next().unwrap_or(-1);
        let second = phases.next().unwrap_or(first);
        let sql = format!("{FULL} WHERE a.hit = ?1 AND a.seq > ?2 AND {condition} ORDER BY a.seq LIMIT ?5");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query(params![hit.0, after.unwrap_or(0), first, second, limit])?;
        while let Some(row) = rows.next()? {
            show(&view(row)?);
        }
        Ok(())
    }
}

impl Change<'_> {
    /// A worker by ID, made known if nobody knew them.
    pub fn find_or_add_worker(&mut self, id: &str) -> Result<WorkerKey, StorageError> {
        if let Some(known) = self.worker(id)? {
            return Ok(known);
        }
        self.conn
            .prepare_cached("INSERT INTO workers (worker_id, created) VALUES (?1, ?2)")?
            .execute(params![id, self.now.0])?;
        Ok(WorkerKey(self.conn.last_insert_rowid()))
    }

    /// Gives a slot to a worker and returns its `AssignmentId`: that of a slot given back, else a new one.
    pub fn take_slot(&mut self, hit: HitKey, worker: WorkerKey, deadline: Time) -> Result<String, StorageError> {
        let free: Option<(i64, String)> = self
            .conn
            .prepare_cached("SELECT id, assignment_id FROM assignments WHERE hit = ?1 AND phase = 0 LIMIT 1")?
            .query_row([hit.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let now = self.now.0;
        if let Some((key, id)) = free {
            self.conn
                .prepare_cached(
                    "UPDATE assignments SET worker = ?2, phase = 1, accepted = ?3, deadline = ?4 WHERE id = ?1",
                )?
                .execute([key, worker.0, now, deadline.0])?;
            return Ok(id);
        }
        let id = self.mint.entity();
        self.conn
            .prepare_cached(
                "INSERT INTO assignments (assignment_id, hit, worker, phase, accepted, deadline)
                 VALUES (?1, ?2, ?3, 1, ?4, ?5)",
            )?
            .execute(params![id, hit.0, worker.0, now, deadline.0])?;
        Ok(id)
    }

    /// Takes a slot back from its worker.
    pub fn free_slot(&mut self, key: AssignmentKey) -> Result<(), StorageError> {
        self.conn
            .prepare_cached(
                "UPDATE assignments SET worker = NULL, phase = 0, accepted = NULL, deadline = NULL WHERE id = ?1",
            )?
            .execute([key.0])?;
        Ok(())
    }

    /// Puts an answer behind all others; its place among them. It is kept as the JSON that it is read as again and again, with
    /// all that does not change beside it.
    pub(super) fn add_answer(&mut self, fixed: Fixed<'_>, answer: &str) -> Result<i64, StorageError> {
        let mut json = Json::with_capacity(answer.len() + answer.len() / 8 + 300);
        json.text("AssignmentId", fixed.id)
            .text("WorkerId", fixed.worker)
            .text("HITId", fixed.hit)
            .optional_time("AutoApprovalTime", fixed.auto_approval)
            .optional_time("AcceptTime", fixed.accepted)
            .optional_time("SubmitTime", fixed.submitted)
            .text("Answer", answer);
        let members: &[u8] = &json.into_bytes();
        self.conn.prepare_cached("INSERT INTO answers (answer) VALUES (?1)")?.execute([members])?;
        Ok(self.conn.last_insert_rowid())
    }

    /// Writes down an answer.
    pub fn save_answer(&mut self, key: AssignmentKey, answer: &str, auto_approval: Time) -> Result<(), StorageError> {
        let (id, worker, hit, accepted) = self
            .conn
            .prepare_cached(
                "SELECT a.assignment_id, w.worker_id, h.hit_id, a.accepted FROM assignments a
                 JOIN workers w ON w.id = a.worker JOIN hits h ON h.id = a.hit WHERE a.id = ?1",
            )?
            .query_row([key.0], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, time(row, 3)?))
            })?;
        let fixed = Fixed {
            id: &id,
            worker: &worker,
            hit: &hit,
            auto_approval: Some(auto_approval),
            accepted,
            submitted: Some(self.now),
        };
        let seq = self.add_answer(fixed, answer)?;
        self.conn
            .prepare_cached(
                "UPDATE assignments SET phase = 2, seq = ?2, submitted = ?3, auto_approval = ?4, worker_id = ?5
                 WHERE id = ?1",
            )?
            .execute(params![key.0, seq, self.now.0, auto_approval.0, worker])?;
        Ok(())
    }

    /// Writes down an approval; feedback that is there stays when there is none now.
    pub fn save_approval(&mut self, key: AssignmentKey, at: Time, feedback: Option<&str>) -> Result<(), StorageError> {
        self.conn
            .prepare_cached(
                "UPDATE assignments SET phase = 3, approved = ?2, feedback = coalesce(?3, feedback) WHERE id = ?1",
            )?
            .execute(params![key.0, at.0, feedback])?;
        Ok(())
    }

    /// Writes down a rejection.
    pub fn save_rejection(&mut self, key: AssignmentKey, at: Time, feedback: Option<&str>) -> Result<(), StorageError> {
        self.conn
            .prepare_cached("UPDATE assignments SET phase = 4, rejected = ?2, feedback = ?3 WHERE id = ?1")?
            .execute(params![key.0, at.0, feedback])?;
        Ok(())
    }
}
