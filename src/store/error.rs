//! What can go wrong with the files, in words for the person who owns them.

use super::Stamp;
use rusqlite::ErrorCode;
use std::path::PathBuf;

/// Why the store could not do it. What was to be written in that step was not written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The store was made for another endpoint or account.
    #[error(
        "{} holds the decisions of account {} at {}, not of account {} at {}; choose another base for data with --data-dir",
        path.display(), found.account, found.endpoint, wanted.account, wanted.endpoint
    )]
    Foreign {
        /// The directory.
        path: PathBuf,
        /// What it is stamped with.
        found: Stamp,
        /// What was asked for.
        wanted: Stamp,
    },
    /// A directory or file could not be made or locked.
    #[error("cannot {doing} {}: {source}", path.display())]
    File {
        /// "create", "lock", …
        doing: &'static str,
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The disk is full.
    #[error("the disk is full; nothing of this step was written to the store; make room and try again")]
    Full,
    /// The files cannot be written.
    #[error("the store cannot be written; check the owner and the permissions of its directory")]
    ReadOnly,
    /// Another program holds the store for too long.
    #[error("the store is held by another program; close it and try again")]
    Busy,
    /// A file that was named for a key is something else.
    #[error("{} is not a key of 32 bytes; name the file of a key, or one that does not exist yet: a new key is made in it", .0.display())]
    NoKey(PathBuf),
    /// The files are not what they should be.
    #[error("the store is damaged ({0}); keep the directory, and restore its journal.db from a copy")]
    Damaged(String),
    /// The copy of the account is not what it should be; nothing is lost with it.
    #[error("{} is damaged ({reason}); remove it, and the account is read again", path.display())]
    DamagedMirror {
        /// The file.
        path: PathBuf,
        /// SQLite's words.
        reason: String,
    },
    /// The files are of a newer version of this program.
    #[error("the store was written by a newer version of hitdeck; use that version")]
    Newer,
    /// Anything else SQLite says.
    #[error("the store failed: {0}")]
    Sqlite(rusqlite::Error),
    /// The writing thread is gone.
    #[error("the store is closed")]
    Closed,
    /// There are more rows than keys.
    #[error("the store is full: it holds 4,294,967,295 rows of a kind")]
    Keys,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StoreError::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => StoreError::ReadOnly,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Damaged(error.to_string()),
            _ => StoreError::Sqlite(error),
        }
    }
}

impl From<rusqlite_migration::Error> for StoreError {
    fn from(error: rusqlite_migration::Error) -> Self {
        use rusqlite_migration::Error::{MigrationDefinition, RusqliteError};
        match error {
            RusqliteError { err, .. } => err.into(),
            MigrationDefinition(rusqlite_migration::MigrationDefinitionError::DatabaseTooFarAhead) => StoreError::Newer,
            other => StoreError::Damaged(other.to_string()),
        }
    }
}
