//! What can happen to the desk. Time comes beside every event (`domain::time::Now`).

use super::batches::{Ended, KnownBatches, Looked};
use super::detail::Detail;
use super::key::Key;
use super::people::Known;
use super::review_file::Reviewed;
use super::workers::money::Money;
use super::workers::page::History;
use crate::domain::decision::OutboxEntry;
use crate::domain::id::WorkerId;
use crate::domain::key::AssignmentKey;
use crate::domain::money::Usd;
use crate::domain::pack::Packed;
use crate::domain::pseudonym::Pseudonyms;
use crate::domain::row::{AssignmentRow, HitRow, WorkerRow};
use crate::domain::time::Millis;
use std::sync::Arc;

/// Who asked: every asynchronous result names the request it answers, so that stale ones die in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RequestId(pub u64);

/// Rows from the store or from a refresh; each part may be empty. Rows replace older rows of the same key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rows {
    /// HITs.
    pub hits: Vec<HitRow>,
    /// Workers that the assignments name.
    pub workers: Vec<WorkerRow>,
    /// Assignments.
    pub assignments: Vec<AssignmentRow>,
    /// More assignments, in packs; only while the store is being read.
    pub packed: Packed,
    /// HITs the endpoint no longer has (deleted).
    pub gone: Vec<crate::domain::key::HitKey>,
    /// The store's list of people, if it has grown.
    pub people: Option<Vec<String>>,
}

/// One line of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number; grows.
    pub id: i64,
    /// When, on the person's clock.
    pub at: Millis,
    /// Who.
    pub who: String,
    /// What it was about: an assignment or HIT identifier.
    pub subject: String,
    /// One of: decided, undone, sending, done, failed, unknown, verified, backed off, discarded.
    pub event: String,
    /// The decision in words, the request, the outcome.
    pub text: String,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The keys of one read from the terminal, in order. Never empty.
    Read(Vec<Key>),
    /// A bracketed paste.
    Paste(String),
    /// The terminal has this size now (columns, lines).
    Resize(u16, u16),
    /// The deadline that the state asked for has come.
    Wake,
    /// The desk is back from a suspension or a child program.
    Resumed,

    /// The first rows, from the store alone: the most urgent undecided work, enough for any screen.
    /// `total` and `undecided` count the whole store.
    Opened {
        /// The window.
        rows: Rows,
        /// Unsettled and recently failed decisions.
        outbox: Vec<OutboxEntry>,
        /// Assignments in the store.
        total: u32,
        /// Of these, Submitted.
        undecided: u32,
        /// Age of the data.
        as_of: Option<Millis>,
        /// Balance as last seen.
        balance: Option<Usd>,
    },
    /// More rows of the store, while it is being read; `last` when all are there. Part of opening, not news.
    Loaded {
        /// The rows.
        rows: Rows,
        /// Whether all rows of the store are there now.
        last: bool,
    },
    /// Rows that a refresh brought.
    Refreshed {
        /// The rows.
        rows: Rows,
    },
    /// A refresh has begun, is under way, has ended.
    Sync(SyncState),
    /// The balance was read: available, on hold.
    Balance(Usd, Option<Usd>),
    /// Details that were asked for.
    Details(Vec<Detail>),
    /// Many assignments, whole but for the other workers' answers, or why not.
    Answers {
        /// The question.
        request: RequestId,
        /// Those that the store has.
        details: Result<Vec<Detail>, String>,
    },
    /// The assignments that hold each of the asked text terms, in the order of asking, keys ascending.
    Found {
        /// The question.
        request: RequestId,
        /// A set of keys per term, or why it could not be answered.
        sets: Result<Vec<Vec<AssignmentKey>>, String>,
    },
    /// What a file says that was reviewed elsewhere, or why it cannot be read.
    Reviewed {
        /// The question.
        request: RequestId,
        /// The file.
        file: Result<Box<Reviewed>, String>,
    },
    /// Decisions were written down, or changed state. The store's word: replaces what was there.
    Outbox(Vec<OutboxEntry>),
    /// A part of very many decisions of one request was written down; the last part comes as `Outbox`.
    Written {
        /// Which request.
        request: RequestId,
        /// The part, in the order of asking.
        entries: Vec<OutboxEntry>,
    },
    /// Writing decisions down failed: nothing of that request was kept.
    NotPersisted {
        /// Which request.
        request: RequestId,
        /// Why, in words.
        reason: String,
    },
    /// Lines of the audit trail, newest first.
    Audit {
        /// The question.
        request: RequestId,
        /// The lines.
        rows: Vec<AuditRow>,
    },
    /// Workers and qualifications, as the mirror has them now.
    People(Box<Known>),
    /// The mirror has taken in what decisions about workers and qualifications have changed.
    PeopleKept,
    /// What the store knows of batches beside the rows.
    Batches(Box<KnownBatches>),
    /// A batch file was looked at, or is none: why, line by line.
    BatchChecked {
        /// The question.
        request: RequestId,
        /// What was found.
        found: Result<Arc<Looked>, String>,
    },
    /// How the files of a batch stand on the disk.
    BatchStands {
        /// The question.
        request: RequestId,
        /// Tells two states of them apart.
        mark: u64,
        /// When one of them was last changed.
        newest: Option<Millis>,
    },
    /// How far publishing is: HITs that are settled, of those that are to be made.
    BatchPublishing {
        /// The question.
        request: RequestId,
        /// Settled.
        done: usize,
        /// All.
        all: usize,
    },
    /// Publishing has ended, or was refused.
    BatchPublished {
        /// The question.
        request: RequestId,
        /// How.
        ended: Result<Ended, String>,
    },
    /// How a path that was typed can go on.
    Paths {
        /// As it was typed.
        typed: String,
        /// The ways; folders end in a slash.
        ways: Vec<String>,
    },
    /// What a worker was sent and paid.
    History(WorkerId, Box<History>),
    /// Bonuses that were paid, and payments that are under way.
    Money(Box<Money>),
    /// What makes the pseudonyms of this data directory.
    Pseudonyms(Pseudonyms),
    /// The text that came back from `$EDITOR`, or why not.
    Edited {
        /// The question.
        request: RequestId,
        /// The text.
        text: Result<String, String>,
    },
    /// A file that was asked for, or why it cannot be read.
    TextRead {
        /// The question.
        request: RequestId,
        /// The text.
        text: Result<String, String>,
    },
    /// A file got another text, or why not: its path as typed, and what to tell the person.
    TextReplaced {
        /// Its path.
        path: String,
        /// What became of it.
        done: Result<String, String>,
    },
    /// A piped command ended: what to tell the person.
    Piped(Result<String, String>),
    /// Nothing of what was decided gets through, and why; it is tried again.
    DecisionsWait(String),
    /// Something to tell the person; never modal.
    Notice {
        /// How bad.
        level: Level,
        /// The words.
        text: String,
    },
}

/// How bad a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Good to know.
    Info,
    /// Worth a look.
    Warning,
    /// Something did not work.
    Error,
}

/// Where a refresh stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyncState {
    /// Reading; so many HITs done of so many.
    Running {
        /// HITs read.
        done: u32,
        /// HITs to read, as far as known.
        of: u32,
    },
    /// Everything was read at this moment.
    Fresh(Millis),
    /// The endpoint could not be read: why, and when it is tried again.
    Failed {
        /// In words, with the remedy.
        reason: String,
        /// The next try.
        retry: Option<Millis>,
    },
}
