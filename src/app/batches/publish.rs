//! Publishing a batch file, as far as it is talked about: what is agreed to, how it runs, how it ended.

use super::file::Looked;
use crate::app::event::RequestId;
use crate::app::format;
use crate::exchange::batch::check::Level;
use std::sync::Arc;

/// What a person is asked to agree to when a batch file is published.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishAsk {
    /// The file, of which only the rows in question are counted.
    pub looked: Arc<Looked>,
    /// A pilot: of the file's rows only so many, from the first.
    pub limit: Option<usize>,
}

impl PublishAsk {
    /// Why this cannot be published, if it cannot.
    pub fn obstacle(&self) -> Option<String> {
        self.limit.map_or_else(|| self.looked.obstacle(), |rows| self.looked.obstacle_to_pilot(rows))
    }

    /// In words: `publish a pilot of 2 rows of relations`.
    pub fn words(&self) -> String {
        let all = self.looked.draft.table.rows.len();
        let pilot = if self.limit.is_some_and(|rows| rows < all) { "a pilot of " } else { "" };
        format!("publish {pilot}{} of {}", format::plural(self.looked.missing, "row"), self.looked.draft.spec.name)
    }

    /// What of the rows in question is there, where something is.
    pub fn there(&self) -> Option<String> {
        let Looked { there, missing, .. } = *self.looked;
        let (first, all) = (format::plural(there + missing, "row"), self.looked.draft.table.rows.len());
        let of = if there + missing < all { format!("the first {first}") } else { first };
        (there > 0).then(|| format!("of {of} of the file {} published already", are(there)))
    }
}

impl Looked {
    /// Why a pilot with the first rows cannot be published, if it cannot.
    fn obstacle_to_pilot(&self, rows: usize) -> Option<String> {
        let is_whole = rows >= self.draft.table.rows.len();
        if is_whole || self.missing > 0 || !self.changes.is_empty() || self.report.of(Level::Error).count() > 0 {
            return self.obstacle();
        }
        let first = if rows == 1 {
            "the first row of the file is".to_owned()
        } else {
            format!("the first {} rows of the file are", format::count(rows))
        };
        Some(format!("{first} published already: p and a larger number, or nothing for all"))
    }
}

/// `1 is`, `2 are`.
fn are(count: usize) -> String {
    format!("{} {}", format::count(count), if count == 1 { "is" } else { "are" })
}

/// Something that is being published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Who asked.
    pub(in crate::app) request: RequestId,
    /// What it is, in words.
    pub what: String,
    /// The key that goes on with it when it has ended too early.
    pub key: &'static str,
    /// HITs that are settled, of those that are to be made.
    pub done: usize,
    /// All of these.
    pub all: usize,
    /// Whether nothing more is begun.
    pub stopping: bool,
}

impl Running {
    /// How far it is, where there is little room: `publishing 293/3,000`.
    pub fn words(&self) -> String {
        format!("publishing {}/{}", format::count(self.done), format::count(self.all))
    }

    /// What leaving would do to it, a line each.
    pub fn when_left(&self) -> Vec<String> {
        let (done, all) = (format::count(self.done), format::plural(self.all, "HIT"));
        let goes_on = if self.key == "A" { "A, or hitdeck batch anew" } else { "p, or hitdeck batch publish" };
        vec![
            format!("Publishing {}: {done} of {all} made.", self.what),
            format!("What is not published by then is gone on with by {goes_on}."),
        ]
    }
}

/// How publishing ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ended {
    /// HITs that were made.
    pub made: usize,
    /// Rows that were there before.
    pub before: usize,
    /// Rows that were refused, from 0, with the endpoint's words.
    pub refused: Vec<(usize, String)>,
    /// HITs that are still to be made, or of which nobody knows.
    pub left: usize,
    /// What was in the way.
    pub trouble: Option<String>,
    /// The file that the refused rows were written to.
    pub failed: Option<String>,
}
