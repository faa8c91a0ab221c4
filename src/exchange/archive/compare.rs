//! What two copies of an account differ in: an archive and another one, or an archive and what the service says now.

use super::check::code;
use super::kind::Kind;
use super::record::Record;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// How a record differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It is there now and was not.
    New,
    /// It was there and says something else now.
    Changed,
    /// It was there and is no more.
    Gone,
}

impl Change {
    /// For people and programs.
    pub const fn name(self) -> &'static str {
        match self {
            Change::New => "new",
            Change::Changed => "changed",
            Change::Gone => "gone",
        }
    }
}

/// One record that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is.
    pub kind: Kind,
    /// Which.
    pub id: String,
    /// How.
    pub change: Change,
}

/// The records of an archive, each in some forty bytes: enough to know whether another copy says the same.
#[derive(Debug, Default)]
pub struct Index {
    /// By identifier: what it said, and whether the other copy had it too.
    known: HashMap<u64, (u64, bool)>,
}

impl Index {
    /// Takes a record of the archive.
    pub fn add(&mut self, record: &Record) {
        if let Some(id) = record.id() {
            self.known.insert(code(record.kind, &id), (content(record), false));
        }
    }

    /// Holds a record of the other copy against it.
    pub fn meet(&mut self, record: &Record) -> Option<Difference> {
        let id = record.id()?;
        let change = match self.known.get_mut(&code(record.kind, &id)) {
            None => Change::New,
            Some((said, met)) => {
                *met = true;
                if *said == content(record) {
                    return None;
                }
                Change::Changed
            }
        };
        Some(Difference { kind: record.kind, id: shown(record, id), change })
    }

    /// A record of the archive that the other copy did not have.
    pub fn missed(&self, record: &Record) -> Option<Difference> {
        let id = record.id()?;
        let (_, met) = self.known.get(&code(record.kind, &id))?;
        (!met).then(|| Difference { kind: record.kind, id: shown(record, id), change: Change::Gone })
    }
}

/// A bonus has no identifier: its assignment tells people which it is.
fn shown(record: &Record, id: String) -> String {
    match record.kind {
        Kind::Bonuses => {
            let part = |member| record.text(member).unwrap_or_default();
            format!("{} {}", part("AssignmentId"), part("BonusAmount"))
        }
        _ => id,
    }
}

fn content(record: &Record) -> u64 {
    let mut hasher = DefaultHasher::new();
    record.line().hash(&mut hasher);
    hasher.finish()
}
