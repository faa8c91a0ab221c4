//! What workers are told: kept for the pages on which they read it.

use rusqlite::params;

use super::{Change, RequesterKey, StorageError, View, WorkerKey, numbered};
use crate::domain::time::Time;

/// What a requester tells a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice<'n> {
    /// A message, written once with [`Change::add_letter`].
    Letter(LetterKey),
    /// A qualification was granted, or its value was changed.
    Granted {
        /// `QualificationTypeId`.
        qualification: &'n str,
    },
    /// A qualification was taken away.
    Revoked {
        /// `QualificationTypeId`.
        qualification: &'n str,
        /// What the requester says why.
        reason: Option<&'n str>,
    },
    /// A request for a qualification was rejected.
    RequestRejected {
        /// `QualificationTypeId`.
        qualification: &'n str,
        /// What the requester says why.
        reason: Option<&'n str>,
    },
    /// The worker can take no more of the requester's work. The reason is the requester's alone.
    Blocked,
    /// The worker can take the requester's work again.
    Unblocked,
}

/// A text that was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LetterKey(i64);

/// The kind of a [`Message`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageKind {
    /// Sent with NotifyWorkers: subject and text.
    Letter,
    /// A qualification was granted.
    Granted,
    /// A qualification was taken away.
    Revoked,
    /// A request for a qualification was rejected.
    RequestRejected,
    /// The requester has blocked the worker.
    Blocked,
    /// The requester has taken the block back.
    Unblocked,
}

impl MessageKind {
    /// All, in the order in which storage numbers them.
    const ALL: [MessageKind; 6] = [
        MessageKind::Letter,
        MessageKind::Granted,
        MessageKind::Revoked,
        MessageKind::RequestRejected,
        MessageKind::Blocked,
        MessageKind::Unblocked,
    ];
}

/// A message as its worker reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its place among all messages: later ones have higher ones.
    pub place: i64,
    /// When it was sent.
    pub at: Time,
    /// The name of the requester who sent it.
    pub from: String,
    /// What it is.
    pub kind: MessageKind,
    /// Of a letter.
    pub subject: Option<String>,
    /// Of a letter the text, else the reason that was given.
    pub text: Option<String>,
    /// The qualification type it is about.
    pub qualification: Option<String>,
}

impl View<'_> {
    /// Whether a requester has approved or rejected work of a worker.
    pub fn has_decided_about(&self, who: RequesterKey, worker: WorkerKey) -> Result<bool, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT 1 FROM assignments a JOIN hits h ON h.id = a.hit
             WHERE a.worker = ?2 AND a.worker IS NOT NULL AND a.phase IN (3, 4) AND h.requester = ?1 LIMIT 1",
        )?;
        Ok(statement.exists([who.0, worker.0])?)
    }

    /// What a worker was told, newest first, at most `limit`, from before the place `before` on.
    pub fn messages(&self, worker: WorkerKey, before: Option<i64>, limit: u32) -> Result<Vec<Message>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT m.id, m.at, r.name, m.kind, l.subject, coalesce(l.text, m.reason), m.about
             FROM messages m JOIN requesters r ON r.id = m.requester LEFT JOIN letters l ON l.id = m.letter
             WHERE m.worker = ?1 AND m.id < ?2 ORDER BY m.id DESC LIMIT ?3",
        )?;
        let rows = statement.query_map(params![worker.0, before.unwrap_or(i64::MAX), limit], |row| {
            Ok(Message {
                place: row.get(0)?,
                at: Time(row.get(1)?),
                from: row.get(2)?,
                kind: numbered(&MessageKind::ALL, row, 3)?,
                subject: row.get(4)?,
                text: row.get(5)?,
                qualification: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Change<'_> {
    /// Writes down a text that is about to be sent.
    pub fn add_letter(&mut self, subject: &str, text: &str) -> Result<LetterKey, StorageError> {
        self.conn.prepare_cached("INSERT INTO letters (subject, text) VALUES (?1, ?2)")?.execute([subject, text])?;
        Ok(LetterKey(self.conn.last_insert_rowid()))
    }

    /// Tells a worker something, in the name of a requester.
    pub fn tell_worker(
        &mut self,
        from: RequesterKey,
        worker: WorkerKey,
        notice: Notice<'_>,
    ) -> Result<(), StorageError> {
        let (kind, letter, about, reason) = match notice {
            Notice::Letter(letter) => (MessageKind::Letter, Some(letter.0), None, None),
            Notice::Granted { qualification } => (MessageKind::Granted, None, Some(qualification), None),
            Notice::Revoked { qualification, reason } => (MessageKind::Revoked, None, Some(qualification), reason),
            Notice::RequestRejected { qualification, reason } => {
                (MessageKind::RequestRejected, None, Some(qualification), reason)
            }
            Notice::Blocked => (MessageKind::Blocked, None, None, None),
            Notice::Unblocked => (MessageKind::Unblocked, None, None, None),
        };
        self.conn
            .prepare_cached(
                "INSERT INTO messages (worker, requester, at, kind, letter, about, reason)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![worker.0, from.0, self.now.0, kind as i64, letter, about, reason])?;
        Ok(())
    }
}
