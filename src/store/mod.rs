//! The desk's SQLite: the journal (outbox, audit trail, notes; `journal.db`, synchronous=FULL) and the mirror of the
//! account (`mirror.db`, can be thrown away). One directory, stamped with one account at one endpoint.
//!
//! Each file has one writing thread; readers have connections of their own and never wait for a write (WAL). Several
//! processes may have the same store open; only the one that holds [`Store::sender_lock`] sends.

mod additions;
mod answers;
mod audit;
mod batch_anew;
mod batch_facts;
mod batches;
mod bonuses;
mod decide;
mod detail;
mod error;
mod gone;
mod hits;
mod imported;
mod lock;
mod mirror;
mod outbox;
mod packs;
mod payments;
mod people;
mod pseudonym;
mod results;
mod revocations;
mod row;
mod rows;
mod search;
mod session;
mod settle;
mod shape;
mod stop;
#[cfg(test)]
mod tests;
mod writer;

pub use audit::AuditLine;
pub use batch_anew::AnewPost;
pub use batches::PostOutcome;
pub use decide::Decided;
pub use detail::{OtherAnswer, StoredAssignment, StoredDetail, StoredHit};
pub use error::StoreError;
pub use imported::Imported;
pub use lock::{PublishLock, SenderLock};
pub use mirror::{AnswerIndex, CarriedOut, Changes, Fetched, HitCounts};
pub use outbox::{Claimed, Undone};
pub use payments::Wanted;
pub use pseudonym::pseudonym_key_in;
pub use results::{ForExport, HitForExport, StoredAnswer, Which, WorkForExport};
pub use settle::{Outcome, Settled};
pub use stop::Stop;

use rusqlite::{Connection, OptionalExtension};
use rusqlite_migration::{M, Migrations};
use std::fs;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use writer::{Writer, transact};

const JOURNAL_STEPS: &[M<'_>] = &[
    M::up(include_str!("journal.sql")),
    M::up(include_str!("journal_2.sql")),
    M::up(include_str!("journal_3.sql")),
    M::up(include_str!("journal_4.sql")),
    M::up(include_str!("journal_6.sql")),
    M::up(include_str!("journal_7.sql")),
    M::up(include_str!("journal_8.sql")),
];
const JOURNAL: Migrations<'_> = Migrations::from_slice(JOURNAL_STEPS);
const MIRROR_STEPS: &[M<'_>] = &[
    M::up(include_str!("mirror.sql")),
    M::up(include_str!("mirror_2.sql")),
    M::up(include_str!("mirror_packs.sql")),
    M::up(include_str!("mirror_import.sql")),
];
const MIRROR: Migrations<'_> = Migrations::from_slice(MIRROR_STEPS);

/// How long a connection waits for another process.
const PATIENCE: Duration = Duration::from_secs(10);

/// The mirror's writing connection: pages in the write-ahead log that make it copy them into the database; the log's size
/// on the disk when it starts over.
const MIRROR_WRITES: &str = "PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 16777216;";
/// Its pages in memory (KiB): many while a whole account is written into an empty mirror, whose indexes are written to at
/// random places; few where most of what is read is there already.
const EMPTY_CACHE: i64 = -24_576;
const CACHE: i64 = -2_048;

/// Whose store it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The endpoint's address, in the one form that configuration makes of it.
    pub endpoint: String,
    /// The AWS account number, else the access key id.
    pub account: String,
}

/// A handle on an open store; clones share everything.
#[derive(Debug, Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    dir: PathBuf,
    stamp: Stamp,
    /// The random name of this store.
    name: String,
    /// The person who uses this handle, as a row of `people`.
    who: i64,
    journal: Writer,
    mirror: Writer,
    readers: Mutex<Vec<Connection>>,
    /// SQLite's number for "somebody else has written to the mirror", as last seen; 0: not yet looked.
    seen: AtomicI64,
}

impl Store {
    /// Opens the store in `dir` for `who` (`user@host`), and makes it if there is none. Directory 0700, files 0600.
    ///
    /// Fails with [`StoreError::Foreign`] if the store belongs to another endpoint or account.
    pub fn open(dir: &Path, stamp: &Stamp, who: &str) -> Result<Self, StoreError> {
        let file = |doing, path: &Path| {
            let path = path.to_owned();
            move |source| StoreError::File { doing, path, source }
        };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(file("create", dir))?;
        let _alone = lock::one_at_a_time(dir)?;
        let mut journal = connect(&dir.join("journal.db"), "FULL")?;
        JOURNAL.to_latest(&mut journal)?;
        let found = read_stamp(&journal)?;
        let (name, who) = match found {
            Some((found, _)) if found != *stamp => {
                return Err(StoreError::Foreign { path: dir.to_owned(), found, wanted: stamp.clone() });
            }
            Some((_, name)) if person(&journal, who)?.is_some() => (name, person(&journal, who)?.unwrap_or_default()),
            _ => transact(&mut journal, |transaction| {
                let name = format!("{:016x}", rand::random::<u64>());
                transaction.execute(
                    "INSERT OR IGNORE INTO stamp VALUES (1, ?1, ?2, ?3)",
                    (&stamp.endpoint, &stamp.account, &name),
                )?;
                transaction.execute("INSERT OR IGNORE INTO people (name) VALUES (?1)", [who])?;
                // Another process may have been first.
                let name = read_stamp(transaction)?.map_or(name, |(_, name)| name);
                Ok((name, person(transaction, who)?.unwrap_or_default()))
            })?,
        };
        let mirror = open_mirror(&dir.join("mirror.db"))?;
        attach(&journal, &dir.join("mirror.db"), "mirror")?;
        attach(&mirror, &dir.join("journal.db"), "journal")?;
        let shared = Shared {
            dir: dir.to_owned(),
            stamp: stamp.clone(),
            name,
            who,
            journal: Writer::spawn("journal", journal).map_err(file("start a writer for", dir))?,
            mirror: Writer::spawn("mirror", mirror).map_err(file("start a writer for", dir))?,
            readers: Mutex::new(Vec::new()),
            seen: AtomicI64::new(0),
        };
        Ok(Store { shared: Arc::new(shared) })
    }

    /// Whose store it is.
    pub fn stamp(&self) -> &Stamp {
        &self.shared.stamp
    }

    /// Where it is.
    pub fn dir(&self) -> &Path {
        &self.shared.dir
    }

    /// Runs `work` on a connection for reading. Blocks for as long as the query takes: in asynchronous code use
    /// [`Store::reading`].
    pub fn read<T>(&self, work: impl FnOnce(&Reader) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let spare = self.shared.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let reader = Reader { connection: spare.map_or_else(|| self.connect_reader(), Ok)? };
        let result = work(&reader);
        self.shared.readers.lock().unwrap_or_else(PoisonError::into_inner).push(reader.connection);
        result
    }

    /// As [`Store::read`], on a thread for blocking work.
    pub async fn reading<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Reader) -> Result<T, StoreError> + Send + 'static,
    {
        let store = self.clone();
        tokio::task::spawn_blocking(move || store.read(work)).await.map_err(|_| StoreError::Closed)?
    }

    fn connect_reader(&self) -> Result<Connection, StoreError> {
        let connection = connect(&self.shared.dir.join("mirror.db"), "NORMAL")?;
        attach(&connection, &self.shared.dir.join("journal.db"), "journal")?;
        connection.pragma_update(None, "query_only", true)?;
        // KiB. The system keeps the file's pages too, and there is one such cache for each query at a time.
        connection.pragma_update(None, "cache_size", -1_000)?;
        Ok(connection)
    }
}

/// A connection for reading: the queries are in `rows`, `detail`, `search`, `outbox`, `audit`, `batches` and
/// `session`.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
}

fn connect(path: &Path, synchronous: &str) -> Result<Connection, StoreError> {
    if !path.exists() {
        // Made here, so that it is private from its first byte; SQLite gives its side files the same mode.
        let made = fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path);
        let file = made.map_err(|source| StoreError::File { doing: "create", path: path.to_owned(), source })?;
        // The mode above is cut by the umask only, but an inherited access list may have widened it.
        let private = file.set_permissions(fs::Permissions::from_mode(0o600));
        private.map_err(|source| StoreError::File { doing: "protect", path: path.to_owned(), source })?;
    }
    let connection = Connection::open(path)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(64);
    let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    if mode != "wal" {
        connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    }
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "journal_size_limit", 4 << 20)?;
    Ok(connection)
}

fn open_mirror(path: &Path) -> Result<Connection, StoreError> {
    let open = || {
        let mut mirror = connect(path, "NORMAL")?;
        MIRROR.to_latest(&mut mirror)?;
        mirror.execute_batch(MIRROR_WRITES)?;
        let empty: bool = mirror.query_row("SELECT NOT EXISTS (SELECT 1 FROM hit)", [], |row| row.get(0))?;
        mirror.pragma_update(None, "cache_size", if empty { EMPTY_CACHE } else { CACHE })?;
        Ok(mirror)
    };
    open().map_err(|error| match error {
        StoreError::Damaged(reason) => StoreError::DamagedMirror { path: path.to_owned(), reason },
        other => other,
    })
}

/// Attaches the other database for reading only: a transaction for writing takes the write lock of every database that
/// could be written, and the two writing threads would wait for each other.
fn attach(connection: &Connection, path: &Path, name: &str) -> Result<(), StoreError> {
    let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    connection.execute(&format!("ATTACH ?1 AS {name}"), [format!("file:{path}?mode=ro")])?;
    Ok(())
}

fn read_stamp(connection: &Connection) -> Result<Option<(Stamp, String)>, StoreError> {
    let query = "SELECT endpoint, account, store FROM stamp";
    let stamp = connection.query_row(query, [], |row| {
        Ok((Stamp { endpoint: row.get(0)?, account: row.get(1)? }, row.get::<_, String>(2)?))
    });
    Ok(stamp.optional()?)
}

fn person(connection: &Connection, name: &str) -> Result<Option<i64>, StoreError> {
    Ok(connection.query_row("SELECT id FROM people WHERE name = ?1", [name], |row| row.get(0)).optional()?)
}
