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
mod groups;
mod hits;
mod import;
mod layouts;
mod messages;
mod open;
mod open_hits;
mod payouts;
mod policies;
mod qualifications;
mod qualifications_offered;
mod qualifications_requests;
mod qualifications_types;
mod takeover;
mod task_paths;
#[cfg(test)]
mod tests;
mod types;
mod worker_accounts;
mod worker_data;
mod worker_history;
mod writer;

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::{Notify, mpsc, oneshot};

use super::clock::{Clock, Moment};
use super::error::ServiceError;
use super::id::Mint;
use crate::domain::time::Time;

pub use accounts::{LedgerRow, Licence, Posting, Quota, Requester, RequesterKey};
pub use assignments::{AssignmentKey, AssignmentState, AssignmentView, WorkerKey};
pub use blocks::BlockView;
pub use bonuses::BonusView;
pub use due::Due;
pub use events::{DestinationKey, DestinationRecord, Document, DueDestination, Watch};
pub use groups::{Group, OpenGroup};
pub use hits::{HitKey, HitList, HitRecord, HitView, NewHit};
pub use import::{ImportedAssignment, ImportedHit};
pub use layouts::Layout;
pub use messages::{LetterKey, Message, MessageKind, Notice};
pub use open::Place;
pub use open_hits::OpenHit;
pub use payouts::{Earning, LedgerPlace, PayLine, Payout};
pub use policies::{EntryKind, EntryView, HandedIn, Level, Policies};
pub use qualifications::Qualification;
pub use qualifications_offered::{OfferedType, OwnQualification, WaitingRequest};
pub use qualifications_requests::{
    NewQualificationRequest, QualificationRequestKey, QualificationRequestRecord, QualificationRequestView,
};
pub use qualifications_types::{
    NewQualificationType, NewTest, QualificationTypeKey, QualificationTypeRecord, QualificationTypeView, TestKey,
};
pub use task_paths::Task;
pub use types::{HitType, NewHitType, TypeKey};
pub use worker_accounts::{Invitation, SessionRow, SiteRow, WorkerAccount, WorkerRow};
pub use worker_history::{Done, Earned, Held, ReplyRow};

/// Why the storage could not do something.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StorageError {
    /// There is no room for a change.
    #[error("the market's storage is full: nothing was changed; free some space and try again")]
    Full,
    /// Something is there already that can be there only once.
    #[error("it is there already")]
    Conflict,
    /// What a change would write cannot be written: a limit or a quota is reached, or the disk is broken.
    #[error("the market's storage cannot be written: nothing was changed ({0}); look at the disk and at quotas")]
    Unwritable(Arc<str>),
    /// A later version of the program has made the data what it is.
    #[error(
        "the market's data has version {found}, and this program knows versions up to {known}: use the program that served it last, or a later one"
    )]
    Newer {
        /// The version of the data.
        found: i64,
        /// The latest version that is known here.
        known: i64,
    },
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
            Some(rusqlite::ErrorCode::SystemIoFailure) => StorageError::Unwritable(error.to_string().into()),
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
        let time = writer::Keeps::Time { settle, next_due: Arc::clone(&next_due) };
        Storage::of(place, conn, clock, mint, time, next_due)
    }

    /// Opens a market's data beside the process that serves it: time does not pass here, and is not written down.
    pub fn beside(place: Place, clock: &Clock, mint: Mint) -> Result<Storage, StorageError> {
        let conn = open::connection(&place)?;
        Storage::of(place, conn, clock, mint, writer::Keeps::Nothing, Arc::new(AtomicI64::new(i64::MAX)))
    }

    fn of(
        place: Place,
        conn: Connection,
        clock: &Clock,
        mint: Mint,
        keeps: writer::Keeps,
        next_due: Arc<AtomicI64>,
    ) -> Result<Storage, StorageError> {
        let queued = Arc::new(Notify::new());
        let commands = writer::spawn(conn, clock.clone(), mint, keeps, Arc::clone(&queued))?;
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

    /// Whether a market's data is as this program writes it: not of an earlier version, which opening it would change.
    pub fn is_current(place: &Place) -> Result<bool, StorageError> {
        open::is_current(place)
    }

    /// Writes a whole and consistent copy of a market's data into a file that is not there yet, also while it is served.
    pub fn copy(place: &Place, target: &std::path::Path) -> Result<(), StorageError> {
        open::copy(place, target)
    }

    /// What tells the key of a market's data from others, without bringing the data up to this version.
    pub fn key_check_of(place: &Place) -> Result<Option<String>, StorageError> {
        open::key_check(place)
    }

    /// What is wrong with the pages, indexes and keys of a market's data; nothing when all is well.
    pub fn faults(place: &Place) -> Result<Vec<String>, StorageError> {
        open::faults(place)
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
        let is_due = self.0.next_due.load(Ordering::Acquire) <= now.time().0;
        if is_due && !matches!(self.0.readers, Readers::Writer) {
            match self.change(|_| Ok(())).await {
                // Without room nothing happens by itself; what is there can still be looked at.
                Ok(()) | Err(ServiceError::Failed(StorageError::Full)) => {}
                Err(error) => return Err(error),
            }
        }
        self.glance(now.time(), work).await
    }

    /// Looks at what does not change by itself as time passes, without letting anything happen first.
    pub async fn glance<T, F>(&self, now: Time, work: F) -> Result<T, ServiceError>
    where
        T: Send + 'static,
        F: FnOnce(&View<'_>) -> Result<T, ServiceError> + Send + 'static,
    {
        if matches!(self.0.readers, Readers::Writer) {
            let (send, answer) = oneshot::channel();
            let command = writer::Command::read(work, send);
            self.0.commands.send(command).await.map_err(|_| StorageError::Stopped)?;
            return answer.await.map_err(|_| StorageError::Stopped)?;
        }
        // A page is read in less time than handing it to another thread and back takes.
        self.0.read_now(now, work)
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
