//! Notification settings, and documents about events on their way. Times of delivery are wall time in milliseconds: the other
//! end does not live in market time.

use rusqlite::{OptionalExtension, params};

use super::{AssignmentKey, Change, RequesterKey, StorageError, TypeKey, View, WorkerKey, numbered};
use crate::domain::time::Time;
use crate::market::rules::event::{EventSet, MAX_WAITING, Transport};

/// A destination's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DestinationKey(i64);

/// Who watches a HIT type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// Where documents go.
    pub destination: DestinationKey,
    /// What is told.
    pub events: EventSet,
    /// `HITTypeId`.
    pub hit_type: String,
    /// The access key of the requester whose type it is.
    pub access_key: String,
}

/// A destination for which documents wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueDestination {
    /// The row.
    pub key: DestinationKey,
    /// How it is reached.
    pub transport: Transport,
    /// Queue URL, topic ARN, or web hook.
    pub address: String,
    /// Attempts that failed since the last one that did not.
    pub failures: u32,
    /// Not before.
    pub retry_ms: i64,
}

/// A destination and what became of its documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DestinationRecord {
    /// The requester's name.
    pub requester: String,
    /// How it is reached.
    pub transport: Transport,
    /// Queue URL, topic ARN, or web hook.
    pub address: String,
    /// Documents on their way.
    pub waiting: i64,
    /// Attempts that failed since the last one that did not.
    pub failures: i64,
    /// Documents that arrived.
    pub delivered: i64,
    /// Documents given up: too old, or too many.
    pub dropped: i64,
    /// What the last failed attempt said.
    pub last_error: Option<String>,
}

/// A document on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The row.
    pub key: i64,
    /// The JSON.
    pub body: String,
}

impl View<'_> {
    /// Who watches a HIT type now. This is asked at every change of a HIT: without active settings it costs one probe.
    pub fn watch(&self, of: TypeKey) -> Result<Option<Watch>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT s.destination, s.events, t.type_id, r.access_key FROM notification_settings s
             JOIN hit_types t ON t.id = s.type JOIN requesters r ON r.id = t.requester
             WHERE s.type = ?1 AND s.active = 1",
        )?;
        let watch = statement.query_row([of.0], |row| {
            Ok(Watch {
                destination: DestinationKey(row.get(0)?),
                events: EventSet::of_bits(row.get(1)?),
                hit_type: row.get(2)?,
                access_key: row.get(3)?,
            })
        });
        Ok(watch.optional()?)
    }

    /// Whether a HIT type's settings are active; `None` when it never had any.
    pub fn is_watched(&self, of: TypeKey) -> Result<Option<bool>, StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT active FROM notification_settings WHERE type = ?1")?;
        Ok(statement.query_row([of.0], |row| row.get(0)).optional()?)
    }

    /// `AssignmentId` of a row, and until when its worker has time.
    pub fn assignment_deadline(&self, key: AssignmentKey) -> Result<(String, Option<Time>), StorageError> {
        let mut statement =
            self.conn.prepare_cached("SELECT assignment_id, deadline FROM assignments WHERE id = ?1")?;
        Ok(statement.query_row([key.0], |row| Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?.map(Time))))?)
    }

    /// How many destinations a requester has named.
    pub fn count_destinations(&self, who: RequesterKey) -> Result<i64, StorageError> {
        let mut statement =
            self.conn.prepare_cached("SELECT count(*) FROM destinations WHERE requester = ?1 AND worker IS NULL")?;
        Ok(statement.query_row([who.0], |row| row.get(0))?)
    }

    /// Destinations for which documents wait, the first one to be tried first, at most `limit`.
    pub fn due_destinations(&self, limit: u32) -> Result<Vec<DueDestination>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, transport, address, failures, retry_ms FROM destinations
             WHERE waiting > 0 ORDER BY retry_ms LIMIT ?1",
        )?;
        let rows = statement.query_map([limit], |row| {
            Ok(DueDestination {
                key: DestinationKey(row.get(0)?),
                transport: numbered(&Transport::ALL, row, 1)?,
                address: row.get(2)?,
                failures: row.get(3)?,
                retry_ms: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Documents that wait for a destination, oldest first, at most `limit`.
    pub fn waiting_documents(&self, of: DestinationKey, limit: u32) -> Result<Vec<Document>, StorageError> {
        let mut statement =
            self.conn.prepare_cached("SELECT id, body FROM documents WHERE destination = ?1 ORDER BY id LIMIT ?2")?;
        let rows = statement
            .query_map([of.0, i64::from(limit)], |row| Ok(Document { key: row.get(0)?, body: row.get(1)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All destinations and what became of their documents.
    pub fn destinations(&self) -> Result<Vec<DestinationRecord>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT r.name, d.transport, d.address, d.waiting, d.failures, d.delivered, d.dropped, d.last_error
             FROM destinations d JOIN requesters r ON r.id = d.requester ORDER BY d.id",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(DestinationRecord {
                requester: row.get(0)?,
                transport: numbered(&Transport::ALL, row, 1)?,
                address: row.get(2)?,
                waiting: row.get(3)?,
                failures: row.get(4)?,
                delivered: row.get(5)?,
                dropped: row.get(6)?,
                last_error: row.get(7)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Change<'_> {
    /// A requester's destination, made if there is none.
    pub fn find_or_add_destination(
        &mut self,
        who: RequesterKey,
        transport: Transport,
        address: &str,
    ) -> Result<DestinationKey, StorageError> {
        self.conn
            .prepare_cached(
                "INSERT INTO destinations (requester, transport, address) VALUES (?1, ?2, ?3)
                 ON CONFLICT (requester, transport, address) DO NOTHING",
            )?
            .execute(params![who.0, transport as i64, address])?;
        let mut statement = self
            .conn
            .prepare_cached("SELECT id FROM destinations WHERE requester = ?1 AND transport = ?2 AND address = ?3")?;
        let key = statement.query_row(params![who.0, transport as i64, address], |row| row.get(0))?;
        Ok(DestinationKey(key))
    }

    /// The web hook of a worker, for what this requester tells them.
    pub fn find_or_add_hook(
        &mut self,
        who: RequesterKey,
        worker: WorkerKey,
        address: &str,
    ) -> Result<DestinationKey, StorageError> {
        self.conn
            .prepare_cached(
                "INSERT INTO destinations (requester, transport, address, worker) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (requester, transport, address) DO NOTHING",
            )?
            .execute(params![who.0, Transport::Sns as i64, address, worker.0])?;
        self.find_or_add_destination(who, Transport::Sns, address)
    }

    /// Gives up what is on its way to a worker's web hook.
    pub fn remove_hooks(&mut self, worker: WorkerKey) -> Result<(), StorageError> {
        const THEIRS: &str = "SELECT id FROM destinations WHERE worker = ?1
            AND id NOT IN (SELECT destination FROM notification_settings)";
        for sql in [
            format!("DELETE FROM documents WHERE destination IN ({THEIRS})"),
            format!("DELETE FROM destinations WHERE id IN ({THEIRS})"),
        ] {
            self.conn.prepare_cached(&sql)?.execute([worker.0])?;
        }
        Ok(())
    }

    /// Writes down a HIT type's settings; those that were there are replaced.
    pub fn save_notification(
        &mut self,
        of: TypeKey,
        destination: DestinationKey,
        events: EventSet,
        active: bool,
    ) -> Result<(), StorageError> {
        self.conn
            .prepare_cached(
                "INSERT INTO notification_settings (type, destination, events, active) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (type) DO UPDATE SET destination = excluded.destination, events = excluded.events,
                 active = excluded.active",
            )?
            .execute(params![of.0, destination.0, events.bits(), active])?;
        Ok(())
    }

    /// Switches a HIT type's notifications on or off.
    pub fn set_watched(&mut self, of: TypeKey, active: bool) -> Result<(), StorageError> {
        self.conn
            .prepare_cached("UPDATE notification_settings SET active = ?2 WHERE type = ?1")?
            .execute(params![of.0, active])?;
        Ok(())
    }

    /// Puts a document on its way, or counts it as dropped when too many wait there already.
    pub fn queue_document(&mut self, to: DestinationKey, body: &str, now_ms: i64) -> Result<(), StorageError> {
        let queued = self
            .conn
            .prepare_cached("UPDATE destinations SET waiting = waiting + 1 WHERE id = ?1 AND waiting < ?2")?
            .execute([to.0, MAX_WAITING])?;
        if queued == 0 {
            self.conn.prepare_cached("UPDATE destinations SET dropped = dropped + 1 WHERE id = ?1")?.execute([to.0])?;
            return Ok(());
        }
        self.conn
            .prepare_cached("INSERT INTO documents (destination, body, queued_ms) VALUES (?1, ?2, ?3)")?
            .execute(params![to.0, body, now_ms])?;
        // Whoever is woken looks through the writer, so only after this command.
        self.queued.notify_one();
        Ok(())
    }

    /// Writes down that documents arrived.
    pub fn save_delivered(&mut self, to: DestinationKey, documents: &[i64], now_ms: i64) -> Result<(), StorageError> {
        let mut delete = self.conn.prepare_cached("DELETE FROM documents WHERE id = ?1")?;
        for key in documents {
            delete.execute([key])?;
        }
        self.conn
            .prepare_cached(
                "UPDATE destinations SET waiting = waiting - ?2, delivered = delivered + ?2, failures = 0, retry_ms = 0,
                 last_ms = ?3 WHERE id = ?1",
            )?
            .execute(params![to.0, documents.len() as i64, now_ms])?;
        Ok(())
    }

    /// Writes down that an attempt failed and when the next one is due, and gives up documents from before `too_old_ms`.
    pub fn save_failed(
        &mut self,
        to: DestinationKey,
        error: &str,
        retry_ms: i64,
        too_old_ms: i64,
        now_ms: i64,
    ) -> Result<(), StorageError> {
        let dropped = self
            .conn
            .prepare_cached("DELETE FROM documents WHERE destination = ?1 AND queued_ms < ?2")?
            .execute([to.0, too_old_ms])?;
        self.conn
            .prepare_cached(
                "UPDATE destinations SET waiting = waiting - ?2, dropped = dropped + ?2, failures = failures + 1,
                 retry_ms = ?3, last_ms = ?4, last_error = ?5 WHERE id = ?1",
            )?
            .execute(params![to.0, dropped as i64, retry_ms, now_ms, error])?;
        Ok(())
    }
}
