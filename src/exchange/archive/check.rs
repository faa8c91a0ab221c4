//! An archive held against itself: counts, hashes, and what its files say of one another.

use super::kind::Kind;
use super::lines::{LineReader, Sums};
use super::record::Record;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::BufRead;

/// Faults of one file that are named one by one.
const NAMED: usize = 20;

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// In which file.
    pub file: &'static str,
    /// In which line, counted from 1, where it is in one.
    pub line: Option<u64>,
    /// What.
    pub what: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}: {}", self.file, self.what),
            None => write!(f, "{}: {}", self.file, self.what),
        }
    }
}

/// Looks the files of an archive through, one after the other, in the order of [`Kind::ALL`], in which whatever a
/// record names comes before it. Holds some sixteen bytes a record.
#[derive(Debug, Default)]
pub struct Checker {
    seen: HashSet<u64>,
    faults: Vec<Fault>,
    /// Files that are damaged: what refers to their records is not to blame.
    damaged: HashSet<Kind>,
}

impl Checker {
    /// A file is not there.
    pub fn absent(&mut self, kind: Kind, why: &str) {
        self.damaged.insert(kind);
        self.faults.push(Fault { file: kind.file(), line: None, what: why.to_owned() });
    }

    /// Looks a file through. `show` is shown every record that can be read.
    pub fn file(&mut self, kind: Kind, from: impl BufRead, said: &Sums, mut show: impl FnMut(&Record)) {
        let mut reader = LineReader::new(from);
        let mut faults = Vec::new();
        loop {
            match reader.record(kind) {
                Ok(None) => break,
                Ok(Some(record)) => {
                    self.record(kind, &record, reader.number(), &mut faults);
                    show(&record);
                }
                Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                    let cut = if reader.is_whole() { "" } else { "; the line is cut off" };
                    let what = format!("it cannot be read: {error}{cut}");
                    faults.push(Fault { file: kind.file(), line: Some(reader.number()), what });
                }
                Err(error) => {
                    faults.push(Fault { file: kind.file(), line: Some(reader.number()), what: error.to_string() });
                    break;
                }
            }
        }
        let found = reader.sums();
        if let Some(what) = differs(said, &found) {
            self.damaged.insert(kind);
            self.faults.push(Fault { file: kind.file(), line: None, what });
        }
        let more = faults.len().saturating_sub(NAMED);
        self.faults.extend(faults.into_iter().take(NAMED));
        if more > 0 {
            self.faults.push(Fault { file: kind.file(), line: None, what: format!("{more} more lines like these") });
        }
    }

    fn record(&mut self, kind: Kind, record: &Record, line: u64, faults: &mut Vec<Fault>) {
        let mut fault = |what: String| faults.push(Fault { file: kind.file(), line: Some(line), what });
        match record.id() {
            None => fault(format!("it has no {}", kind.identity().join(" and no "))),
            Some(id) => {
                if !self.seen.insert(code(kind, &id)) && !kind.identity().is_empty() {
                    fault(format!("{id} is there twice"));
                }
            }
        }
        for (member, of) in kind.references() {
            let Some(named) = record.text(member) else { continue };
            if !self.damaged.contains(of) && !self.seen.contains(&code(*of, named)) {
                fault(format!("{member} {named} is not in {}", of.file()));
            }
        }
    }

    /// What is wrong; nothing when all is well.
    pub fn faults(self) -> Vec<Fault> {
        self.faults
    }
}

fn differs(said: &Sums, found: &Sums) -> Option<String> {
    if said.records != found.records || said.bytes != found.bytes {
        return Some(format!(
            "the manifest says {} records in {} bytes, the file has {} in {}",
            said.records, said.bytes, found.records, found.bytes
        ));
    }
    (said.sha256 != found.sha256)
        .then(|| "its hash is not that of the manifest: its content was changed or is damaged".to_owned())
}

/// A record by its kind and identifier, in eight bytes.
pub(super) fn code(kind: Kind, id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (kind, id).hash(&mut hasher);
    hasher.finish()
}
