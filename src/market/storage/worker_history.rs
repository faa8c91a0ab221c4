//! What a worker holds, has handed in, has earned and has answered.

use rusqlite::{OptionalExtension, Row, params};

use super::{AssignmentKey, Change, HitKey, StorageError, TypeKey, View, WorkerKey, numbered};
use crate::domain::id::{AssignmentId, HitId};
use crate::domain::money::Usd;
use crate::domain::time::Time;
use crate::market::rules::assignment::Phase;

/// An assignment that a worker holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// `AssignmentId`.
    pub id: AssignmentId,
    /// `HITId`.
    pub hit: HitId,
    /// The HIT type.
    pub of: TypeKey,
    /// `AcceptTime`.
    pub accepted: Time,
    /// Until when it must be handed in.
    pub deadline: Time,
}

/// What a worker answered to a rejection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyRow {
    /// In their words.
    pub text: String,
    /// When.
    pub at: Time,
}

/// An assignment that a worker has handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Its row.
    pub key: AssignmentKey,
    /// Its place in the order of submission.
    pub seq: i64,
    /// `AssignmentId`.
    pub id: String,
    /// The HIT's row.
    pub hit_key: HitKey,
    /// `HITId`.
    pub hit: String,
    /// `HITGroupId`.
    pub group: String,
    /// `Title`.
    pub title: String,
    /// The name of the requester.
    pub requester: String,
    /// `Reward`.
    pub reward: Usd,
    /// Where it stands.
    pub phase: Phase,
    /// `AcceptTime`.
    pub accepted: Option<Time>,
    /// `SubmitTime`.
    pub submitted: Option<Time>,
    /// When it is approved by itself.
    pub auto_approval: Option<Time>,
    /// `ApprovalTime`.
    pub approved: Option<Time>,
    /// `RejectionTime`.
    pub rejected: Option<Time>,
    /// `RequesterFeedback` as requesters read it: with the worker's own answer at its end.
    pub feedback: Option<String>,
    /// The worker's own answer.
    pub reply: Option<ReplyRow>,
    /// Bonuses for it.
    pub bonus: Usd,
}

/// What a worker's work came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Earned {
    /// Assignments that nobody has decided about.
    pub waiting: u32,
    /// Their rewards.
    pub waiting_sum: Usd,
    /// Assignments that were approved.
    pub approved: u32,
    /// Their rewards.
    pub approved_sum: Usd,
    /// Assignments that were rejected.
    pub rejected: u32,
    /// Bonuses.
    pub bonuses: u32,
    /// Their sum.
    pub bonus_sum: Usd,
}

impl Earned {
    fn add(&mut self, phase: Phase, count: u32, sum: Usd) {
        match phase {
            Phase::Submitted => {
                self.waiting += count;
                self.waiting_sum += sum;
            }
            Phase::Approved => {
                self.approved += count;
                self.approved_sum += sum;
            }
            Phase::Rejected => self.rejected += count,
            Phase::Free | Phase::Accepted => {}
        }
    }
}

const HELD: &str = "SELECT a.assignment_id, h.hit_id, h.type, a.accepted, a.deadline
    FROM assignments a JOIN hits h ON h.id = a.hit";

fn held(row: &Row<'_>) -> rusqlite::Result<(String, String, TypeKey, Time, Time)> {
    Ok((row.get(0)?, row.get(1)?, TypeKey(row.get(2)?), Time(row.get(3)?), Time(row.get(4)?)))
}

fn parsed(row: (String, String, TypeKey, Time, Time)) -> Result<Held, StorageError> {
    let (id, hit, of, accepted, deadline) = row;
    let damaged = |error: crate::domain::id::IdError| StorageError::Database(error.to_string().into());
    let (id, hit) = (AssignmentId::parse(&id).map_err(damaged)?, HitId::parse(&hit).map_err(damaged)?);
    Ok(Held { id, hit, of, accepted, deadline })
}

const DONE: &str =
    "SELECT a.id, a.seq, a.assignment_id, h.id, h.hit_id, t.group_id, t.title, r.name, h.reward, a.phase,
    a.accepted, a.submitted, a.auto_approval, a.approved, a.rejected, a.feedback, p.text, p.at,
    (SELECT coalesce(sum(b.amount), 0) FROM bonuses b WHERE b.assignment = a.id)
    FROM assignments a JOIN hits h ON h.id = a.hit JOIN hit_types t ON t.id = h.type
    JOIN requesters r ON r.id = h.requester LEFT JOIN replies p ON p.assignment = a.id";

fn done(row: &Row<'_>) -> rusqlite::Result<Done> {
    let time = |column: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(Time));
    let reply = match (row.get(16)?, time(17)?) {
        (Some(text), Some(at)) => Some(ReplyRow { text, at }),
        _ => None,
    };
    Ok(Done {
        key: AssignmentKey(row.get(0)?),
        seq: row.get(1)?,
        id: row.get(2)?,
        hit_key: HitKey(row.get(3)?),
        hit: row.get(4)?,
        group: row.get(5)?,
        title: row.get(6)?,
        requester: row.get(7)?,
        reward: Usd::cents(row.get(8)?),
        phase: numbered(&Phase::ALL, row, 9)?,
        accepted: time(10)?,
        submitted: time(11)?,
        auto_approval: time(12)?,
        approved: time(13)?,
        rejected: time(14)?,
        feedback: row.get(15)?,
        reply,
        bonus: Usd::cents(row.get(18)?),
    })
}

impl View<'_> {
    /// The assignments that a worker holds, that with the least time left first.
    pub fn held(&self, worker: WorkerKey) -> Result<Vec<Held>, StorageError> {
        let sql = format!("{HELD} WHERE a.worker = ?1 AND a.phase = 1 ORDER BY a.deadline, a.id");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map([worker.0], held)?;
        rows.map(|row| parsed(row?)).collect()
    }

    /// An assignment that a worker holds, by its `AssignmentId`.
    pub fn held_by(&self, worker: WorkerKey, id: &str) -> Result<Option<Held>, StorageError> {
        let sql = format!("{HELD} WHERE a.assignment_id = ?2 AND a.worker = ?1 AND a.phase = 1");
        let found = self.conn.prepare_cached(&sql)?.query_row(params![worker.0, id], held).optional()?;
        found.map(parsed).transpose()
    }

    /// What a worker has handed in, in one phase or in any, newest first, at most `limit`, from before the place `before` on.
    pub fn done(
        &self,
        worker: WorkerKey,
        phase: Option<Phase>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Done>, StorageError> {
        let sql = format!(
            "{DONE} WHERE a.worker = ?1 AND a.seq IS NOT NULL AND a.seq < ?2 AND (?3 IS NULL OR a.phase = ?3)
             ORDER BY a.seq DESC LIMIT ?4"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let phase = phase.map(|phase| phase as i64);
        let rows = statement.query_map(params![worker.0, before.unwrap_or(i64::MAX), phase, limit], done)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One of them, by its `AssignmentId`.
    pub fn done_by(&self, worker: WorkerKey, id: &str) -> Result<Option<Done>, StorageError> {
        let sql = format!("{DONE} WHERE a.assignment_id = ?2 AND a.worker = ?1 AND a.seq IS NOT NULL");
        Ok(self.conn.prepare_cached(&sql)?.query_row(params![worker.0, id], done).optional()?)
    }

    /// What a worker's work came to, in all and of what was handed in, and what bonuses were paid, since a moment.
    pub fn earned(&self, worker: WorkerKey, since: Time) -> Result<(Earned, Earned), StorageError> {
        let (mut all, mut lately) = (Earned::default(), Earned::default());
        let mut statement = self.conn.prepare_cached(
            "SELECT a.phase, coalesce(a.submitted, 0) >= ?2 AS late, count(*), sum(h.reward)
             FROM assignments a JOIN hits h ON h.id = a.hit
             WHERE a.worker = ?1 AND a.seq IS NOT NULL GROUP BY a.phase, late",
        )?;
        let mut rows = statement.query([worker.0, since.0])?;
        while let Some(row) = rows.next()? {
            let phase = numbered(&Phase::ALL, row, 0)?;
            let (is_late, count, sum) = (row.get(1)?, row.get(2)?, Usd::cents(row.get(3)?));
            all.add(phase, count, sum);
            if is_late {
                lately.add(phase, count, sum);
            }
        }
        let mut statement = self.conn.prepare_cached(
            "SELECT granted >= ?2 AS late, count(*), sum(amount) FROM bonuses WHERE worker = ?1 GROUP BY late",
        )?;
        let mut rows = statement.query([worker.0, since.0])?;
        while let Some(row) = rows.next()? {
            let (is_late, count, sum): (bool, u32, _) = (row.get(0)?, row.get(1)?, Usd::cents(row.get(2)?));
            for earned in [Some(&mut all), is_late.then_some(&mut lately)].into_iter().flatten() {
                earned.bonuses += count;
                earned.bonus_sum += sum;
            }
        }
        Ok((all, lately))
    }

    /// What the worker answered to the rejection of an assignment.
    pub fn reply_to(&self, assignment: AssignmentKey) -> Result<Option<String>, StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT text FROM replies WHERE assignment = ?1")?;
        Ok(statement.query_row([assignment.0], |row| row.get(0)).optional()?)
    }

    /// The bonuses for an assignment, oldest first: amount, reason, when.
    pub fn bonuses_for(&self, assignment: AssignmentKey) -> Result<Vec<(Usd, String, Time)>, StorageError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT amount, reason, granted FROM bonuses WHERE assignment = ?1 ORDER BY id")?;
        let rows =
            statement.query_map([assignment.0], |row| Ok((Usd::cents(row.get(0)?), row.get(1)?, Time(row.get(2)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Change<'_> {
    /// Writes down what a worker answers to a rejection, and the feedback with it, as requesters read it from now on.
    pub fn add_reply(&mut self, to: &Done, text: &str, feedback: &str) -> Result<(), StorageError> {
        self.conn
            .prepare_cached("INSERT INTO replies (assignment, text, at) VALUES (?1, ?2, ?3)")?
            .execute(params![to.key.0, text, self.now.0])?;
        self.conn
            .prepare_cached("UPDATE assignments SET feedback = ?2 WHERE id = ?1")?
            .execute(params![to.key.0, feedback])?;
        self.conn.prepare_cached("UPDATE hits SET version = version + 1 WHERE id = ?1")?.execute([to.hit_key.0])?;
        Ok(())
    }
}
