//! HITs of an archive together with the work on them.

use super::folder::{OpenError, Records, records};
use super::kind::Kind;
use super::read::RecordError;
use super::record::Record;
use crate::domain::assignment::Assignment;
use crate::domain::hit::Hit;
use std::iter::Peekable;
use std::path::Path;

/// Why records cannot be taken over.
#[derive(Debug, thiserror::Error)]
pub enum UseError {
    /// A file of the archive.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A record says what cannot be.
    #[error("{file}, {id}: {source}")]
    Record {
        /// In which file.
        file: &'static str,
        /// Which.
        id: String,
        /// What.
        source: RecordError,
    },
    /// Assignments do not follow their HITs.
    #[error("{}, {id}: assignments do not stand in the order of their HITs", Kind::Assignments.file())]
    Order {
        /// The first that does not.
        id: String,
    },
}

impl UseError {
    /// Of a record.
    pub fn of(record: &Record, source: RecordError) -> Self {
        UseError::Record { file: record.kind.file(), id: record.id().unwrap_or_default(), source }
    }
}

/// A HIT with the work on it.
#[derive(Debug)]
pub struct Worked {
    /// The HIT as it was written.
    pub record: Record,
    /// The HIT.
    pub hit: Hit,
    /// Its assignments.
    pub work: Vec<Assignment>,
}

/// The HITs of an archive, each with its assignments.
pub fn worked(path: &Path) -> Result<Works, OpenError> {
    Ok(Works { hits: records(path, Kind::Hits)?, work: records(path, Kind::Assignments)?.peekable() })
}

/// See [`worked`].
pub struct Works {
    hits: Records,
    /// In the order of their HITs.
    work: Peekable<Records>,
}

impl Works {
    fn one(&mut self, record: Record) -> Result<Worked, UseError> {
        let hit = record.hit().map_err(|error| UseError::of(&record, error))?;
        let mut work = Vec::new();
        let belongs = |next: &Result<Record, OpenError>| {
            // What cannot be read is taken, so that it is told.
            next.as_ref().map_or(true, |next| next.text("HITId") == Some(hit.id.as_str()))
        };
        while let Some(next) = self.work.next_if(belongs) {
            let next = next?;
            work.push(next.assignment().map_err(|error| UseError::of(&next, error))?);
        }
        Ok(Worked { record, hit, work })
    }
}

impl Iterator for Works {
    type Item = Result<Worked, UseError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.hits.next() {
            Some(Ok(record)) => Some(self.one(record)),
            Some(Err(error)) => Some(Err(error.into())),
            None => self.work.next().map(|left| Err(UseError::Order { id: left?.id().unwrap_or_default() })),
        }
    }
}
