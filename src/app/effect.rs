//! What the desk wants done. Effects are data; `runtime` carries them out.

use super::batches::Looked;
use super::event::RequestId;
use super::overlay::Replacement;
use super::workers::money::PayStep;
use crate::domain::decision::DecisionId;
use crate::domain::id::{HitId, WorkerId};
use crate::domain::key::AssignmentKey;
use crate::domain::money::Usd;
use crate::domain::time::{Millis, Seconds};
use crate::domain::top_up::AnewWanted;

pub use crate::domain::decision::{NewDecision, Subject};
pub use crate::domain::query::TextTerm;
use std::sync::Arc;

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Write these down in one transaction, to leave at `due`; answered by `Outbox` or `NotPersisted`.
    Persist {
        /// Who asks.
        request: RequestId,
        /// The undo group.
        group: i64,
        /// When they may leave.
        due: Millis,
        /// The decisions.
        decisions: Vec<NewDecision>,
    },
    /// Take staged decisions back; those that have left by then stay. Answered by `Outbox`.
    Undo(Vec<DecisionId>),
    /// Let staged decisions leave now. Empty: all of them.
    SendNow(Vec<DecisionId>),
    /// Stage failed decisions again, to leave at once.
    Retry(Vec<DecisionId>),
    /// Load what the viewer needs, the first one first; latest request wins.
    LoadDetails(Vec<AssignmentKey>),
    /// Read these whole, but without the other workers' answers; answered by `Answers`.
    LoadAnswers {
        /// Who asks.
        request: RequestId,
        /// Which.
        keys: Vec<AssignmentKey>,
    },
    /// Find the assignments that hold each of these; answered by `Found`. Latest request wins.
    Find {
        /// Who asks.
        request: RequestId,
        /// The terms.
        terms: Vec<TextTerm>,
    },
    /// Read the audit trail, newest first, at most so many lines, of one subject or of all.
    LoadAudit {
        /// Who asks.
        request: RequestId,
        /// Only of this assignment or HIT.
        subject: Option<Subject>,
        /// At most so many.
        limit: u32,
    },
    /// Read workers and qualifications from the mirror; answered by `People`.
    LoadPeople,
    /// The same, then from the endpoint; answered by `People` each time.
    ReadPeople,
    /// Read what the store knows of batches beside the rows; answered by `Batches`.
    LoadBatches,
    /// Read a batch file and look at it, of its rows at most so many; answered by `BatchChecked`.
    CheckBatch {
        /// Who asks.
        request: RequestId,
        /// Where it is.
        path: String,
        /// At most so many rows: a pilot.
        limit: Option<usize>,
    },
    /// See how a batch file, its template and its rows stand on the disk; answered by `BatchStands`.
    WatchBatch {
        /// Who asks.
        request: RequestId,
        /// Where it is.
        path: String,
    },
    /// Publish what is missing of a batch that was looked at; answered by `BatchPublishing` and, at the end, by
    /// `BatchPublished`.
    PublishBatch {
        /// Who asks.
        request: RequestId,
        /// What.
        looked: Arc<Looked>,
        /// At most so many rows.
        limit: Option<usize>,
        /// The file of its rows: those that are refused are written down beside it.
        data: String,
    },
    /// Publish HITs in place of others; answered as `PublishBatch` is.
    PublishAnew {
        /// Who asks.
        request: RequestId,
        /// Which are made up for.
        hits: Vec<AnewWanted>,
        /// How long the new ones are open.
        open: Seconds,
    },
    /// Keep what an hour is to pay where no batch file says so.
    KeepTargetWage(Option<Usd>),
    /// Begin nothing more of what is being published.
    StopPublishing,
    /// Look up how a path that was typed can go on; answered by `Paths`.
    CompletePath(String),
    /// Read the endpoint now.
    Refresh,
    /// Keep the reviewer's note (empty removes it).
    Note(AssignmentKey, String),
    /// Keep the note on a worker (empty removes it).
    NoteWorker(WorkerId, String),
    /// Read what a worker was sent and paid from here; then the bonuses of these HITs at the endpoint. Answered by `History`
    /// each time.
    LoadHistory(WorkerId, Vec<HitId>),
    /// Read what bonuses were paid, of these HITs at the endpoint, and which payments are under way; answered by `Money`.
    LoadMoney(Vec<HitId>),
    /// Pay workers by HITs of their own, as far as that goes now; `site` is where workers find HITs. Answered by notices and
    /// `Money`.
    Pay {
        /// Where workers find HITs.
        site: String,
        /// Whom, and what is done.
        steps: Vec<(WorkerId, PayStep)>,
    },
    /// Read the key of the pseudonyms; answered by `Pseudonyms`.
    LoadPseudonyms,
    /// Read a file that was reviewed elsewhere; answered by `Reviewed`.
    LoadReview {
        /// Who asks.
        request: RequestId,
        /// Its path, as typed.
        path: String,
    },
    /// Put a text on the person's clipboard (OSC 52).
    Copy(String),
    /// Open an address in a browser if there is a display.
    OpenUrl(String),
    /// Let the person edit a text in `$EDITOR`.
    Edit {
        /// Who asks.
        request: RequestId,
        /// The text to begin with.
        text: String,
    },
    /// Read a file of text; answered by `TextRead`.
    ReadText {
        /// Who asks.
        request: RequestId,
        /// Its path, as typed.
        path: String,
    },
    /// The same, of a file that is to be changed: one that may not be is refused.
    ReadToChange {
        /// Who asks.
        request: RequestId,
        /// Its path, as typed.
        path: String,
    },
    /// Give a file another text, as a whole, if it still has the one that was read; answered by `TextReplaced`.
    ReplaceText(Replacement),
    /// Write a file of text, unless there is one of that name already; answered by a notice.
    WriteText {
        /// Its path, as typed.
        path: String,
        /// All of it.
        text: String,
    },
    /// Run a shell command with this on its standard input.
    Pipe {
        /// As typed.
        command: String,
        /// JSON lines.
        input: String,
    },
    /// Forget what is on the terminal and draw everything.
    Repaint,
    /// Turn the mouse on or off.
    Mouse(bool),
    /// Stop the process group, come back with SIGCONT.
    Suspend,
    /// Leave. Staged decisions stay in the store.
    Quit {
        /// Send what is staged first.
        send: bool,
    },
}
