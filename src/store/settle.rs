//! What became of the decisions that were sent: outcomes are committed in groups, together with the next claim.

use super::audit::{By, log};
use super::outbox::{Claimed, claim, in_hand, next_rev, read_entry};
use super::row::{DONE, FAILED, MAYBE, STAGED, UNKNOWN};
use super::{Store, StoreError};
use crate::domain::decision::{DecisionId, OutboxEntry, OutboxState};
use crate::domain::time::Millis;
use rusqlite::Transaction;

/// What became of a claimed decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The endpoint has done it, perhaps before we asked.
    Done {
        /// Worth telling: "already approved by …".
        note: Option<String>,
    },
    /// The endpoint refused it for good.
    Failed {
        /// Its words and ours.
        reason: String,
    },
    /// It was certainly not carried out; it leaves again at `due`.
    Later {
        /// When.
        due: Millis,
        /// Why not now.
        note: String,
    },
    /// It may have been carried out; its subject is read at `due`.
    Doubt {
        /// When.
        due: Millis,
        /// What came instead of an answer.
        note: String,
    },
    /// It may have been carried out, and nothing will ever tell: it is left to a person.
    Maybe {
        /// What came instead of an answer.
        reason: String,
    },
    /// The sender stops and never began with it.
    Released,
}

/// The outcome of one decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Which.
    pub id: DecisionId,
    /// What became of it.
    pub outcome: Outcome,
}

impl Store {
    /// Writes outcomes down and claims up to `limit` further decisions, in one transaction. Answers the settled ones as
    /// they stand now, and the claimed ones. Only the owner of the [`super::SenderLock`] may call this.
    pub async fn step(
        &self,
        outcomes: Vec<Settled>,
        limit: usize,
        at: Millis,
    ) -> Result<(Vec<OutboxEntry>, Vec<Claimed>), StoreError> {
        let by = By { who: self.shared.who, at };
        self.shared
            .journal
            .write(move |transaction| {
                let rev = if outcomes.is_empty() { 0 } else { next_rev(transaction)? };
                let settled = outcomes.into_iter().map(|settled| settle(transaction, by, settled, rev));
                let settled = settled.collect::<Result<Vec<_>, _>>()?;
                let claimed = if limit == 0 { Vec::new() } else { claim(transaction, by, limit)? };
                Ok((settled, claimed))
            })
            .await
    }
}

fn settle(transaction: &Transaction<'_>, by: By, settled: Settled, rev: i64) -> Result<OutboxEntry, StoreError> {
    let Settled { id, outcome } = settled;
    let before = read_entry(transaction, id)?;
    if !in_hand(&before.state) {
        return Ok(before);
    }
    let doubted = before.state == OutboxState::Unknown;
    let target = &before.target;
    let tell = |event: &str, text: &str| log(transaction, by, (id, target), event, text);
    let mut update = transaction.prepare_cached(
        "UPDATE outbox SET state = ?2, due = coalesce(?3, due), note = ?4, reason = ?5, tries = tries + ?6, changed = ?7,
           rev = ?8 WHERE id = ?1",
    )?;
    let mut set = |state: i64, due: Option<Millis>, note: Option<&str>, reason: Option<&str>, unlucky: u32| {
        update.execute((id.0, state, due.map(|due| due.0), note, reason, unlucky, by.at.0, rev))
    };
    let (state, note) = match outcome {
        Outcome::Done { note } => {
            set(DONE, None, note.as_deref(), None, 0)?;
            tell("done", note.as_deref().unwrap_or(if doubted { "it had been carried out" } else { "carried out" }))?;
            (OutboxState::Done, note)
        }
        Outcome::Failed { reason } => {
            set(FAILED, None, None, Some(&reason), 0)?;
            tell("failed", &reason)?;
            (OutboxState::Failed { reason }, None)
        }
        Outcome::Maybe { reason } => {
            set(MAYBE, None, Some(&reason), None, 0)?;
            tell("unknown", &reason)?;
            (OutboxState::MaybeSent, Some(reason))
        }
        Outcome::Later { due, note } => {
            set(STAGED, Some(due), Some(&note), None, 1)?;
            tell(if doubted { "verified" } else { "backed off" }, &note)?;
            (OutboxState::Staged { due }, Some(note))
        }
        Outcome::Doubt { due, note } => {
            set(UNKNOWN, Some(due), Some(&note), None, 1)?;
            tell("unknown", &note)?;
            (OutboxState::Unknown, Some(note))
        }
        Outcome::Released if doubted => {
            set(UNKNOWN, Some(by.at), before.note.as_deref(), None, 0)?;
            (OutboxState::Unknown, before.note.clone())
        }
        Outcome::Released => {
            transaction.execute("UPDATE outbox SET attempts = attempts - 1 WHERE id = ?1", [id.0])?;
            set(STAGED, Some(by.at), before.note.as_deref(), None, 0)?;
            tell("backed off", "the sender stopped before the request left")?;
            return read_entry(transaction, id);
        }
    };
    Ok(OutboxEntry { state, note, changed: by.at, ..before })
}
