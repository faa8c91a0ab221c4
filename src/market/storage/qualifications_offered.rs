//! Qualifications as workers see them: those they have, those they asked for, those that are offered.

use rusqlite::{Row, params};

use super::qualifications_types::{RECORD, record};
use super::{QualificationTypeRecord, StorageError, View, WorkerKey, numbered};
use crate::domain::time::Time;
use crate::market::rules::qualification::QualificationStatus;

/// A qualification type that can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedType {
    /// What the rules know of it.
    pub record: QualificationTypeRecord,
    /// `Name`.
    pub name: String,
    /// `Description`.
    pub description: String,
    /// `Keywords`.
    pub keywords: Option<String>,
    /// The name of the requester.
    pub requester: String,
}

/// A qualification of a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnQualification {
    /// `QualificationTypeId`.
    pub type_id: String,
    /// `Name`.
    pub name: String,
    /// The name of the requester.
    pub requester: String,
    /// `GrantTime`.
    pub granted: Time,
    /// `IntegerValue`.
    pub value: i32,
    /// `Status`.
    pub status: QualificationStatus,
    /// Why it was revoked.
    pub reason: Option<String>,
}

/// A request of a worker that waits for the requester.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingRequest {
    /// `QualificationTypeId`.
    pub type_id: String,
    /// `Name`.
    pub name: String,
    /// `SubmitTime`.
    pub submitted: Time,
}

const OFFERED: &str = "t.name, t.description, t.keywords, r.name FROM qualification_types t
    JOIN requesters r ON r.id = t.requester LEFT JOIN qualification_tests k ON k.id = t.test";

fn offered(row: &Row<'_>) -> rusqlite::Result<OfferedType> {
    Ok(OfferedType {
        record: record(row)?,
        name: row.get(9)?,
        description: row.get(10)?,
        keywords: row.get(11)?,
        requester: row.get(12)?,
    })
}

impl View<'_> {
    /// The types that can be asked for, newest first.
    pub fn offered_types(&self) -> Result<Vec<OfferedType>, StorageError> {
        let sql = format!("SELECT {RECORD}, {OFFERED} WHERE t.status = 0 ORDER BY t.id DESC");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map([], offered)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A type that was not deleted.
    pub fn offered_type(&self, id: &str) -> Result<Option<OfferedType>, StorageError> {
        use rusqlite::OptionalExtension;
        let sql = format!("SELECT {RECORD}, {OFFERED} WHERE t.type_id = ?1 AND t.status < 2");
        Ok(self.conn.prepare_cached(&sql)?.query_row([id], offered).optional()?)
    }

    /// What a worker was granted, newest first; what was revoked as well.
    pub fn qualifications_of(&self, worker: WorkerKey) -> Result<Vec<OwnQualification>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT t.type_id, t.name, r.name, q.granted, q.value, q.status, q.reason
             FROM qualifications q JOIN qualification_types t ON t.id = q.type AND t.status < 2
             JOIN requesters r ON r.id = t.requester WHERE q.worker = ?1 ORDER BY q.granted DESC, q.id DESC",
        )?;
        let rows = statement.query_map([worker.0], |row| {
            Ok(OwnQualification {
                type_id: row.get(0)?,
                name: row.get(1)?,
                requester: row.get(2)?,
                granted: Time(row.get(3)?),
                value: row.get(4)?,
                status: numbered(&QualificationStatus::ALL, row, 5)?,
                reason: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What a worker has asked for and waits for, newest first.
    pub fn waiting_requests(&self, worker: WorkerKey) -> Result<Vec<WaitingRequest>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT t.type_id, t.name, q.submitted FROM qualification_requests q
             JOIN qualification_types t ON t.id = q.type WHERE q.worker = ?1 AND q.state = 0 ORDER BY q.id DESC",
        )?;
        let rows = statement.query_map(params![worker.0], |row| {
            Ok(WaitingRequest { type_id: row.get(0)?, name: row.get(1)?, submitted: Time(row.get(2)?) })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
