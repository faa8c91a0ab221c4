//! What another account's archive tells, written down as it is told: identifiers and times stay.

use rusqlite::params;

use super::{
    AssignmentState, Change, NewTest, QualificationTypeKey, QualificationTypeRecord, RequesterKey, StorageError, View,
    WorkerKey,
};
use crate::domain::assignment::BonusPayment;
use crate::domain::qualification::{Qualification, QualificationRequest, QualificationType};
use crate::domain::time::Seconds;
use crate::market::rules::qualification::{QualificationStatus, RequestState};

/// How long a test takes that does not say: an hour.
const TEST_DURATION: Seconds = Seconds::HOUR;

impl View<'_> {
    /// Whether an archive was taken over for a requester.
    pub fn has_archive(&self, who: RequesterKey, digest: &str) -> Result<bool, StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT 1 FROM archives WHERE requester = ?1 AND digest = ?2")?;
        Ok(statement.exists(params![who.0, digest])?)
    }
}

impl Change<'_> {
    /// Writes down that an archive was taken over.
    pub fn save_archive(&mut self, who: RequesterKey, digest: &str) -> Result<(), StorageError> {
        self.conn
            .prepare_cached("INSERT INTO archives (requester, digest, at) VALUES (?1, ?2, ?3)")?
            .execute(params![who.0, digest, self.now.0])?;
        Ok(())
    }

    /// Writes down a qualification type.
    pub fn take_type(&mut self, who: RequesterKey, of: &QualificationType) -> Result<(), StorageError> {
        let duration = of.test_duration.unwrap_or(TEST_DURATION);
        let test = match &of.test {
            Some(test) => {
                Some(self.add_test(&NewTest { test: test.clone(), answer_key: of.answer_key.clone(), duration })?)
            }
            None => None,
        };
        self.conn
            .prepare_cached(
                "INSERT INTO qualification_types (type_id, requester, created, name, keywords, description, status,
                 retry_delay, auto_value, test, test_duration) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                of.id.as_str(),
                who.0,
                of.created.0,
                of.name,
                of.keywords,
                of.description,
                of.status as i64,
                of.retry_delay.map(|delay| delay.0),
                of.auto_granted.filter(|_| test.is_none()),
                test.map(|test| test.0),
                test.map(|_| duration.0),
            ])?;
        Ok(())
    }

    /// Writes down who holds, or held, a qualification; what a worker has here already stays.
    pub fn take_qualification(
        &mut self,
        worker: WorkerKey,
        of: QualificationTypeKey,
        held: &Qualification,
    ) -> Result<(), StorageError> {
        let status = if held.revoked { QualificationStatus::Revoked } else { QualificationStatus::Granted };
        self.conn
            .prepare_cached(
                "INSERT OR IGNORE INTO qualifications (worker, type, value, granted, status) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                worker.0,
                of.0,
                held.score.unwrap_or(1),
                held.granted.unwrap_or(self.now).0,
                status as i64,
            ])?;
        Ok(())
    }

    /// Writes down a request that waits.
    pub fn take_request(
        &mut self,
        worker: WorkerKey,
        of: &QualificationTypeRecord,
        request: &QualificationRequest,
    ) -> Result<(), StorageError> {
        let test = match (&request.test, of.test) {
            (Some(taken), Some((now, _))) if self.test(now)?.0 == *taken => Some(now),
            // A test that the type does not have any more, or whose key is not known.
            (Some(taken), _) => {
                let duration = TEST_DURATION;
                Some(self.add_test(&NewTest { test: taken.clone(), answer_key: None, duration })?)
            }
            (None, _) => None,
        };
        let asked = request.submitted.unwrap_or(self.now).0;
        self.conn
            .prepare_cached(
                "INSERT INTO qualification_requests (request_id, type, requester, worker, requested, submitted, state,
                 test, answer) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                request.id.as_str(),
                of.key.0,
                of.requester.0,
                worker.0,
                asked,
                RequestState::Pending as i64,
                test.map(|test| test.0),
                request.answer,
            ])?;
        Ok(())
    }

    /// Writes down a bonus that was paid elsewhere; no money is moved.
    pub fn take_bonus(
        &mut self,
        assignment: &AssignmentState,
        worker: WorkerKey,
        bonus: &BonusPayment,
    ) -> Result<(), StorageError> {
        self.conn
            .prepare_cached(
                "INSERT INTO bonuses (hit, assignment, worker, amount, reason, granted) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                assignment.hit.key.0,
                assignment.key.0,
                worker.0,
                bonus.amount.as_cents(),
                bonus.reason,
                bonus.granted.unwrap_or(self.now).0,
            ])?;
        Ok(())
    }
}
