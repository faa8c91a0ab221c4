//! Why an archive could not be made or used.

use crate::exchange::archive::OpenError;
use crate::mturk;
use std::io;
use std::path::{Path, PathBuf};

/// Why an archive could not be made or used.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The endpoint.
    #[error(transparent)]
    Endpoint(#[from] mturk::Error),
    /// The archive cannot be read.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A file or a folder.
    #[error("cannot {doing} {path}: {source}")]
    File {
        /// What was to be done.
        doing: &'static str,
        /// With which.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
    /// There is no room.
    #[error(
        "there is no room for {path} ({source}); what was archived so far is kept: free some space and run the same command \
         again, it goes on from there"
    )]
    Full {
        /// For which file.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
    /// The folder holds something else.
    #[error("{path} is not empty and holds no archive: name a directory of its own")]
    Occupied {
        /// The folder.
        path: PathBuf,
    },
    /// Another process writes it.
    #[error("another hitdeck is writing the archive in {path}: wait for it, or end it")]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// It is of another account.
    #[error("{path} holds the archive of account {account} at {endpoint}, and this is account {mine} at {here}")]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// Whose archive it is.
        account: String,
        /// At which endpoint.
        endpoint: String,
        /// Who asks.
        mine: String,
        /// At which endpoint.
        here: String,
    },
    /// What was archived before an interruption is not what the manifest says.
    #[error("{path} is not what was written before the interruption: {why}. Archive into a new directory")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// In what way.
        why: String,
    },
    /// An account of files that was not made of one archive.
    #[error("{}", not_one(*count))]
    NotOne {
        /// Of how many it was made.
        count: usize,
    },
    /// The program is ending.
    #[error("the archive was interrupted: run the same command again, it goes on from there")]
    Interrupted,
}

fn not_one(count: usize) -> String {
    match count {
        0 => "this account was made of results files, which are no archive: `hitdeck export` writes its results"
            .to_owned(),
        count => format!("this account was made of {count} archives: they are in the folder `archives` of its data"),
    }
}

impl ArchiveError {
    /// With the file that could not be used.
    pub(super) fn of(doing: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                ArchiveError::Full { path, source }
            }
            _ => ArchiveError::File { doing, path, source },
        }
    }
}
