//! An archive in a folder, as whoever reads it opens it.

use super::check::{Checker, Fault};
use super::kind::Kind;
use super::lines::LineReader;
use super::manifest::{MANIFEST, Manifest, ManifestError};
use super::record::Record;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

/// Faults that an error names.
const NAMED: usize = 5;

/// Why an archive cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A file of it.
    #[error("cannot read {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
    /// There is none.
    #[error("{path} holds no archive: there is no manifest.json in it")]
    NoArchive {
        /// The folder.
        path: PathBuf,
    },
    /// Its manifest cannot be used.
    #[error("{path}: {source}")]
    Manifest {
        /// The folder.
        path: PathBuf,
        /// Why not.
        source: ManifestError,
    },
    /// It was not finished.
    #[error(
        "the archive in {path} is not finished: run `hitdeck archive` on it again, it goes on from where it was interrupted"
    )]
    Unfinished {
        /// The folder.
        path: PathBuf,
    },
    /// It is not what was written.
    #[error("the archive in {path} is damaged: {}", listed(faults))]
    Damaged {
        /// The folder.
        path: PathBuf,
        /// In what ways.
        faults: Vec<Fault>,
    },
}

fn listed(faults: &[Fault]) -> String {
    let named: Vec<String> = faults.iter().take(NAMED).map(ToString::to_string).collect();
    let more = faults.len().saturating_sub(NAMED);
    let words = named.join("; ");
    if more > 0 { format!("{words}; and {more} more") } else { words }
}

/// Whether a folder holds an archive, finished or not.
pub fn is_archive(path: &Path) -> bool {
    path.join(MANIFEST).is_file()
}

/// The manifest of the archive in a folder, if there is one.
pub fn manifest_in(path: &Path) -> Result<Option<Manifest>, OpenError> {
    let file = path.join(MANIFEST);
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(OpenError::File { path: file, source }),
    };
    let manifest = Manifest::parse(&text);
    manifest.map(Some).map_err(|source| OpenError::Manifest { path: path.to_owned(), source })
}

/// Looks a finished archive through: hashes, counts, and what its files say of one another. `show` is shown every record.
pub fn look(path: &Path, mut show: impl FnMut(&Record)) -> Result<(Manifest, Vec<Fault>), OpenError> {
    let Some(manifest) = manifest_in(path)? else { return Err(OpenError::NoArchive { path: path.to_owned() }) };
    if !manifest.is_finished() {
        return Err(OpenError::Unfinished { path: path.to_owned() });
    }
    let mut checker = Checker::default();
    for kind in Kind::ALL {
        match (manifest.sums(kind), File::open(path.join(kind.file()))) {
            (None, _) => checker.absent(kind, "the manifest does not name it"),
            (Some(_), Err(error)) => checker.absent(kind, &format!("it cannot be read: {error}")),
            (Some(said), Ok(file)) => checker.file(kind, buffered(file), said, &mut show),
        }
    }
    Ok((manifest, checker.faults()))
}

/// As [`look`]; a damaged archive is an error.
pub fn open(path: &Path) -> Result<Manifest, OpenError> {
    match look(path, |_| ())? {
        (manifest, faults) if faults.is_empty() => Ok(manifest),
        (_, faults) => Err(OpenError::Damaged { path: path.to_owned(), faults }),
    }
}

/// The records of one kind, one after the other.
pub fn records(path: &Path, kind: Kind) -> Result<Records, OpenError> {
    let path = path.join(kind.file());
    match File::open(&path) {
        Ok(file) => Ok(Records { kind, reader: LineReader::new(buffered(file)), path }),
        Err(source) => Err(OpenError::File { path, source }),
    }
}

/// See [`records`].
pub struct Records {
    kind: Kind,
    path: PathBuf,
    reader: LineReader<BufReader<File>>,
}

impl Iterator for Records {
    type Item = Result<Record, OpenError>;

    fn next(&mut self) -> Option<Self::Item> {
        let read = self.reader.record(self.kind).transpose()?;
        Some(read.map_err(|source| OpenError::File { path: self.path.clone(), source }))
    }
}

fn buffered(file: File) -> BufReader<File> {
    BufReader::with_capacity(1 << 17, file)
}
