//! Workers' requests for qualifications, and the tests they have begun.

use rusqlite::{OptionalExtension, params};

use super::{
    Change, QualificationTypeKey, QualificationTypeRecord, RequesterKey, StorageError, TestKey, View, WorkerKey,
    numbered,
};
use crate::domain::time::Time;
use crate::market::rules::qualification::{Asked, Attempt, RequestState};

/// A request's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct QualificationRequestKey(pub(super) i64);

/// A request without its texts: what decisions need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QualificationRequestRecord {
    /// The row.
    pub key: QualificationRequestKey,
    /// The requester whose type it asks for.
    pub requester: RequesterKey,
    /// What it asks for.
    pub qualification: QualificationTypeKey,
    /// The same by its `QualificationTypeId`.
    pub qualification_id: String,
    /// Who asks.
    pub worker: WorkerKey,
    /// What became of it.
    pub state: RequestState,
}

/// A request as the API shows it, borrowed from the row it is read from.
#[derive(Debug)]
pub struct QualificationRequestView<'r> {
    /// Its place in the order of submission.
    pub place: i64,
    /// `QualificationRequestId`.
    pub id: &'r str,
    /// `QualificationTypeId`.
    pub type_id: &'r str,
    /// `WorkerId`.
    pub worker: &'r str,
    /// `Test`.
    pub test: Option<&'r str>,
    /// `Answer`.
    pub answer: Option<&'r str>,
    /// `SubmitTime`.
    pub submitted: Time,
}

/// A request to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewQualificationRequest {
    /// When the worker asked.
    pub requested: Time,
    /// What became of it.
    pub state: RequestState,
    /// The test that was taken, and the answer.
    pub taken: Option<(TestKey, String)>,
}

impl View<'_> {
    /// What a worker has asked of a type before.
    pub fn asked(&self, worker: WorkerKey, of: QualificationTypeKey) -> Result<Asked, StorageError> {
        let (last, waiting): (Option<i64>, Option<bool>) = self
            .conn
            .prepare_cached(
                "SELECT max(requested), max(state = 0) FROM qualification_requests WHERE worker = ?1 AND type = ?2",
            )?
            .query_row([worker.0, of.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let attempt = self.attempt(worker, of)?.map(|(_, attempt)| attempt);
        Ok(Asked { last: last.map(Time), is_pending: waiting == Some(true), attempt })
    }

    /// The test that a worker has begun and not handed in.
    pub fn attempt(
        &self,
        worker: WorkerKey,
        of: QualificationTypeKey,
    ) -> Result<Option<(TestKey, Attempt)>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT test, started, deadline FROM qualification_attempts WHERE worker = ?1 AND type = ?2",
        )?;
        let found = statement.query_row([worker.0, of.0], |row| {
            let attempt = Attempt { started: Time(row.get(1)?), deadline: Time(row.get(2)?) };
            Ok((TestKey(row.get(0)?), attempt))
        });
        Ok(found.optional()?)
    }

    /// A request by its ID, whosever it is.
    pub fn qualification_request(&self, id: &str) -> Result<Option<QualificationRequestRecord>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT q.id, q.requester, q.type, t.type_id, q.worker, q.state FROM qualification_requests q
             JOIN qualification_types t ON t.id = q.type WHERE q.request_id = ?1",
        )?;
        let found = statement.query_row([id], |row| {
            Ok(QualificationRequestRecord {
                key: QualificationRequestKey(row.get(0)?),
                requester: RequesterKey(row.get(1)?),
                qualification: QualificationTypeKey(row.get(2)?),
                qualification_id: row.get(3)?,
                worker: WorkerKey(row.get(4)?),
                state: numbered(&RequestState::ALL, row, 5)?,
            })
        });
        Ok(found.optional()?)
    }

    /// Shows the requests that wait for a requester, of all types or of one, to `show`: oldest first, at most `limit`, from
    /// behind the place `after` on.
    pub fn show_qualification_requests(
        &self,
        who: RequesterKey,
        of: Option<QualificationTypeKey>,
        after: Option<i64>,
        limit: u32,
        mut show: impl FnMut(&QualificationRequestView<'_>),
    ) -> Result<(), StorageError> {
        let (condition, key) = match of {
            Some(of) => ("q.type = ?1", of.0),
            None => ("q.requester = ?1", who.0),
        };
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT q.id, q.request_id, t.type_id, w.worker_id, k.test, q.answer, q.submitted
             FROM qualification_requests q JOIN qualification_types t ON t.id = q.type
             JOIN workers w ON w.id = q.worker LEFT JOIN qualification_tests k ON k.id = q.test
             WHERE {condition} AND q.state = 0 AND q.id > ?2 ORDER BY q.id LIMIT ?3"
        ))?;
        let mut rows = statement.query(params![key, after.unwrap_or(0), limit])?;
        while let Some(row) = rows.next()? {
            let text = |column: usize| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
            let optional = |column: usize| row.get_ref(column)?.as_str_or_null().map_err(rusqlite::Error::from);
            show(&QualificationRequestView {
                place: row.get(0)?,
                id: text(1)?,
                type_id: text(2)?,
                worker: text(3)?,
                test: optional(4)?,
                answer: optional(5)?,
                submitted: Time(row.get(6)?),
            });
        }
        Ok(())
    }
}

impl Change<'_> {
    /// Writes down that a worker has begun a test.
    pub fn begin_test(
        &mut self,
        worker: WorkerKey,
        of: QualificationTypeKey,
        test: TestKey,
        attempt: Attempt,
    ) -> Result<(), StorageError> {
        self.conn
            .prepare_cached(
                "INSERT INTO qualification_attempts (worker, type, test, started, deadline) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (worker, type) DO UPDATE SET test = excluded.test, started = excluded.started,
                 deadline = excluded.deadline",
            )?
            .execute([worker.0, of.0, test.0, attempt.started.0, attempt.deadline.0])?;
        Ok(())
    }

    /// Writes down a request, in place of a test that was begun for it; its ID.
    pub fn add_qualification_request(
        &mut self,
        worker: WorkerKey,
        of: &QualificationTypeRecord,
        new: &NewQualificationRequest,
    ) -> Result<String, StorageError> {
        self.conn
            .prepare_cached("DELETE FROM qualification_attempts WHERE worker = ?1 AND type = ?2")?
            .execute([worker.0, of.key.0])?;
        let id = self.mint.entity();
        self.conn
            .prepare_cached(
                "INSERT INTO qualification_requests (request_id, type, requester, worker, requested, submitted, state,
                 test, answer) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                id,
                of.key.0,
                of.requester.0,
                worker.0,
                new.requested.0,
                self.now.0,
                new.state as i64,
                new.taken.as_ref().map(|(test, _)| test.0),
                new.taken.as_ref().map(|(_, answer)| answer),
            ])?;
        Ok(id)
    }

    /// Writes down what became of a request.
    pub fn save_qualification_request(
        &mut self,
        key: QualificationRequestKey,
        state: RequestState,
        reason: Option<&str>,
    ) -> Result<(), StorageError> {
        self.conn
            .prepare_cached("UPDATE qualification_requests SET state = ?2, reason = ?3 WHERE id = ?1")?
            .execute(params![key.0, state as i64, reason])?;
        Ok(())
    }

    /// Rejects all requests for a type that wait, and ends the tests that were begun for it. Returns who had asked.
    pub fn reject_qualification_requests(
        &mut self,
        of: QualificationTypeKey,
        reason: &str,
    ) -> Result<Vec<WorkerKey>, StorageError> {
        self.conn.prepare_cached("DELETE FROM qualification_attempts WHERE type = ?1")?.execute([of.0])?;
        let mut statement = self.conn.prepare_cached(
            "UPDATE qualification_requests SET state = 2, reason = ?2 WHERE type = ?1 AND state = 0 RETURNING worker",
        )?;
        let rows = statement.query_map(params![of.0, reason], |row| row.get(0).map(WorkerKey))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
