//! The market's data behind one narrow interface of domain operations. Nothing outside this directory writes SQL.
//!
//! One thread owns the only connection that writes. It takes all commands that are waiting, runs each in a savepoint of one
//! transaction, and answers them after the commit, so that concurrent commands share one fsync. Reads have connections of
//! their own (on disk) and never wait for an fsync. A command sees one [`View`] and changes it through one [`Change`].

mod accounts;
mod assignments;
mod blocks;
mod bonuses;
mod due;
mod events;
mod hits;
mod import;
mod layouts;
mod messages;
mod open;
mod policies;
mod qualifications;
mod qualifications_requests;
mod qualifications_types;
#[cfg(test)]
mod tests;
mod types;
mod writer;

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::{Notify, mpsc, oneshot};

use super::clock::{Clock, Moment};
use super::error::ServiceError;
use super::id::Mint;
use crate::domain::time::Time;

pub use accounts::{LedgerRow, Posting, Requester, RequesterKey};
pub use assignments::{AssignmentKey, AssignmentState, AssignmentView, WorkerKey};
pub use blocks::BlockView;
pub use bonuses::BonusView;
pub use due::Due;
pub use events::{DestinationKey, DestinationRecord, Document, DueDestination, Watch};
pub use hits::{HitKey, HitList, HitRecord, HitView, NewHit, OpenHit};
pub use import::{ImportedAssignment, ImportedHit};
pub use layouts::Layout;
pub use messages::{LetterKey, Message, MessageKind, Notice};
pub use open::Place;
pub use policies::{EntryKind, EntryView, HandedIn, Level, Policies};
pub use qualifications::Qualification;
pub use qualifications_requests::{
    NewQualificationRequest, QualificationRequestKey, QualificationRequestRecord, QualificationRequestView,
};
pub use qualifications_types::{
    NewQualificationType, NewTest, QualificationTypeKey, QualificationTypeRecord, QualificationTypeView, TestKey,
};
pub use types::{HitType, NewHitType, TypeKey};

/// Why the storage could not do something.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StorageError {
    /// There is no room for a change.
    #[error("the market's storage is full: nothing was changed; free some space and try again")]
    Full,
    /// Something is there already that can be there only once.
    #[error("it is there already")]
    Conflict,
    /// The database cannot be used.
    #[error("the market's storage failed: {0}")]
    Database(Arc<str>),
    /// The market was stopped.
    #[error("the market is stopping")]
    Stopped,
}

impl From<rusqlite::Error> for StorageError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => StorageError::Full,
            Some(rusqlite::ErrorCode::ConstraintViolation) => StorageError::Conflict,
            _ => StorageError::Database(error.to_string().into()),
        }
    }
}

impl From<rusqlite::Error> for ServiceError {
    fn from(error: rusqlite::Error) -> Self {
        StorageError::from(error).into()
    }
}

/// What is done to the data when time has passed, before anything else sees it.
pub type Settle = fn(&mut Change<'_>) -> Result<(), ServiceError>;

/// A consistent picture of the data.
pub struct View<'c> {
    conn: &'c Connection,
    now: Time,
}

impl View<'_> {
    /// The market's time at which this picture is true.
    pub fn now(&self) -> Time {
        self.now
    }
}

/// A picture that can be changed. All changes of one command happen, or none.
pub struct Change<'c> {
    view: View<'c>,
    mint: &'c mut Mint,
    /// Rung when a document is put on its way.
    queued: &'c Notify,
}

impl<'c> std::ops::Deref for Change<'c> {
    type Target = View<'c>;

    fn deref(&self) -> &View<'c> {
        &self.view
    }
}

/// The market's data. Clones share it; the last one dropped closes it.
#[derive(Clone)]
pub struct Storage(Arc<Inner>);

struct Inner {
    clock: Clock,
    commands: mpsc::Sender<writer::Command>,
    readers: Readers,
    /// When, in market time, the data next changes by itself.
    next_due: Arc<AtomicI64>,
    queued: Arc<Notify>,
}

/// Where reads happen.
enum Readers {
    /// On connections of their own.
    Pool { place: open::Place, idle: Mutex<Vec<Connection>> },
    /// On the writer's connection: a database in memory has only one.
    Writer,
}

impl Storage {
    /// Opens or creates a market's data. `settle` brings the data up to the time at which it is looked at.
    pub fn open(place: Place, clock: &Clock, mint: Mint, settle: Settle) -> Result<Storage, StorageError> {
        let conn = open::connection(&place)?;
        let next_due = Arc::new(AtomicI64::new(i64::MIN));
        let queued = Arc::new(Notify::new());
        let commands = writer::spawn(conn, clock.clone(), mint, settle, Arc::clone(&next_due), Arc::clone(&queued))?;
        let readers = match place {
            Place::Memory => Readers::Writer,
            place @ Place::Directory(_) => Readers::Pool { place, idle: Mutex::new(Vec::new()) },
        };
        Ok(Storage(Arc::new(Inner { clock: clock.clone(), commands, readers, next_due, queued })))
    }

    /// Where the clock of an existing market stood: its latest moment, and how far it was ahead of wall time.
    pub fn clock_of(place: &Place) -> Result<Option<(Moment, i64)>, StorageError> {
        open::saved_clock(place)
    }

    /// Rings whenever a document about events has been put on its way.
    pub fn documents_queued(&self) -> Arc<Notify> {
        Arc::clone(&self.0.queued)
    }

    /// Runs a command: all of its changes are durable when this returns, or none happened.
    pub async fn change<T, F>(&self, work: F) -> Result<T, ServiceError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Change<'_>) -> Result<T, ServiceError> + Send + 'static,
    {
        let (send, answer) = oneshot::channel();
        let command = writer::Command::change(work, send);
        self.0.commands.send(command).await.map_err(|_| StorageError::Stopped)?;
        answer.await.map_err(|_| StorageError::Stopped)?
    }

    /// Looks at the data as it is at the market's present time.
    pub async fn read<T, F>(&self, work: F) -> Result<T, ServiceError>
    where
        T: Send + 'static,
        F: FnOnce(&View<'_>) -> Result<T, ServiceError> + Send + 'static,
    {
        let now = self.0.clock.now();
        if matches!(self.0.readers, Readers::Writer) {
            let (send, answer) = oneshot::channel();
            let command = writer::Command::read(work, send);
            self.0.commands.send(command).await.map_err(|_| StorageError::Stopped)?;
            return answer.await.map_err(|_| StorageError::Stopped)?;
        }
        if self.0.next_due.load(Ordering::Acquire) <= now.time().0 {
            self.change(|_| Ok(())).await?;
        }
        // A page is read in less time than handing it to another thread and back takes.
        self.0.read_now(now.time(), work)
    }
}

impl Inner {
    fn read_now<T>(
        &self,
        now: Time,
        work: impl FnOnce(&View<'_>) -> Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        let Readers::Pool { place, idle } = &self.readers else { return Err(StorageError::Stopped.into()) };
        let waiting = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = match waiting {
            Some(conn) => conn,
            None => open::reader(place)?,
        };
        let result = {
            // One snapshot for all statements of this read.
            conn.prepare_cached("BEGIN")?.execute([])?;
            let result = work(&View { conn: &conn, now });
            conn.prepare_cached("COMMIT")?.execute([])?;
            result
        };
        idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
        result
    }
}

/// A value that is stored as its place in a list.
fn numbered<T: Copy>(all: &[T], row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<T> {
    let number: i64 = row.get(column)?;
    let value = usize::try_from(number).ok().and_then(|at| all.get(at));
    value.copied().ok_or(rusqlite::Error::IntegralValueOutOfRange(column, number))
}
