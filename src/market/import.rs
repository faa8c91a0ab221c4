//! `--import`: a batch-results CSV becomes HITs and handed-in work of this market; an archive moves a whole account here.
//!
//! The wire carries a Question and not the columns of the file, so each HIT gets an HTMLQuestion with a table of its
//! `Input.*` columns. Times are moved together so that the newest is now; what the file does not say stays unsaid.

mod archive;
mod survey;
#[cfg(test)]
mod tests;
mod work;

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::clock::wall_millis;
use super::id::request_id;
use super::service::{ImportReport, Service};
use super::storage::RequesterKey;
use crate::domain::time::Seconds;
use crate::exchange::archive::{OpenError, is_archive};
use crate::exchange::batch_results::BatchError;
use crate::market::error::ServiceError;
pub use archive::{TakenArchive, import_archive};
pub use survey::Survey;

/// Why a file could not be imported. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be opened.
    #[error("cannot open {path}: {source}")]
    Open {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// It is not as it should be.
    #[error("{path}: {}. Nothing was imported", without_stop(.source))]
    File {
        /// Which.
        path: PathBuf,
        /// What is wrong, and where.
        source: BatchError,
    },
    /// The market does not take it.
    #[error("{path}: {}. Nothing was imported", without_stop(.source))]
    Market {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: ServiceError,
    },
    /// The archive cannot be used.
    #[error("{source}. Nothing was imported")]
    Archive {
        /// Why not.
        source: OpenError,
    },
    /// The reading thread was ended.
    #[error("{path}: reading was interrupted. Nothing was imported")]
    Interrupted {
        /// Which.
        path: PathBuf,
    },
}

/// Words that another sentence follows.
fn without_stop(source: &impl std::fmt::Display) -> String {
    let words = source.to_string();
    words.strip_suffix('.').map(str::to_owned).unwrap_or(words)
}

/// What an import brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The file.
    pub path: PathBuf,
    /// What the market made of it.
    pub report: ImportReport,
    /// What the file held.
    pub content: Content,
    /// How long it took, in milliseconds of wall time.
    pub took: i64,
}

/// What a file held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Content {
    /// Assignments.
    pub assignments: u64,
    /// Of these, undecided.
    pub undecided: u64,
    /// Different workers.
    pub workers: u64,
    /// Rows that do not say when they were submitted.
    pub without_times: u64,
    /// By how much the times were moved; none when there are no times.
    pub moved: Option<Seconds>,
}

/// For people: one line.
impl std::fmt::Display for Imported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (report, content) = (&self.report, &self.content);
        let name = self.path.file_name().map_or_else(|| self.path.to_string_lossy(), |name| name.to_string_lossy());
        write!(
            f,
            "{name}: {} HITs, {} assignments ({} undecided) by {} workers; {} credited and on hold",
            report.hits,
            report.assignments,
            content.undecided,
            content.workers,
            report.credited.display()
        )?;
        if report.known > 0 {
            write!(f, "; {} HITs were here before and were left alone", report.known)?;
        }
        match content.moved {
            Some(Seconds(0)) | None => {}
            Some(by) => write!(f, "; times moved by {} days, so that the newest is now", by.0 / 86_400)?,
        }
        if content.without_times > 0 {
            write!(f, "; {} rows say no times and stay without", content.without_times)?;
        }
        write!(f, "; took {}.{} s", self.took / 1_000, self.took % 1_000 / 100)
    }
}

/// Imports a batch-results CSV, or the archive in a directory, for a requester, all or nothing. Answers what it brought, in
/// words for people.
pub async fn import_path(service: &Service, who: RequesterKey, path: &Path) -> Result<String, ImportError> {
    if is_archive(path) {
        return Ok(import_archive(service, who, path).await?.to_string());
    }
    Ok(import_file(service, who, path).await?.to_string())
}

/// Imports a file for a requester, all or nothing.
pub async fn import_file(service: &Service, who: RequesterKey, path: &Path) -> Result<Imported, ImportError> {
    let path = path.to_owned();
    let begun = wall_millis();
    let now = service.clock().now().time();
    let reading = {
        let path = path.clone();
        tokio::task::spawn_blocking(move || {
            let file = open(&path).map_err(|source| ImportError::Open { path: path.clone(), source })?;
            Survey::of(file, now).map_err(|source| ImportError::File { path, source })
        })
    };
    let survey = reading.await.map_err(|_| ImportError::Interrupted { path: path.clone() })??;
    let content = survey.content();
    match service.import_each(who, survey).await {
        Ok(report) => Ok(Imported { path, report, content, took: wall_millis().saturating_sub(begun).max(0) }),
        Err(source) => Err(ImportError::Market { path, source }),
    }
}

/// A file that can be read twice. What can be read once only, such as a pipe, goes into a file without a name first.
fn open(path: &Path) -> std::io::Result<File> {
    let mut file = File::open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_dir() {
        return Err(std::io::Error::other(
            "it is a directory without an archive in it; name a CSV file, or the directory that `hitdeck archive` made",
        ));
    }
    if kind.is_file() {
        return Ok(file);
    }
    let name = std::env::temp_dir().join(format!("hitdeck-import-{}", request_id()));
    let mut copy = File::options().read(true).write(true).create_new(true).mode(0o600).open(&name)?;
    std::fs::remove_file(&name)?;
    std::io::copy(&mut file, &mut copy)?;
    copy.seek(SeekFrom::Start(0))?;
    Ok(copy)
}
