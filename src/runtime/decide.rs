//! The one way to decide: for the desk's keys and for subcommands.

use super::engine::{Engine, EngineError};
use crate::domain::decision::{DecisionId, NewDecision, OutboxEntry, Subject};
use crate::domain::time::Millis;
use crate::store::{Decided, Undone};

/// What became of a set of new decisions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// In the outbox now.
    pub staged: Vec<OutboxEntry>,
    /// Left alone: decided, or on their way, the same way. With the reason.
    pub already: Vec<(Subject, String)>,
    /// Not allowed. With the reason.
    pub refused: Vec<(Subject, String)>,
}

impl Engine {
    /// Writes decisions down in one transaction, to leave at `due` (now or earlier: at once). On an error nothing was
    /// written. Wakes the sender.
    pub async fn decide(&self, decisions: Vec<NewDecision>, group: i64, due: Millis) -> Result<Written, EngineError> {
        self.may_write()?;
        let decided = self.store().decide(decisions, group, due, self.clock().now()).await?;
        let mut written = Written::default();
        for one in decided {
            match one {
                Decided::Staged(entry) => written.staged.push(entry),
                Decided::Already { subject, why } => written.already.push((subject, why)),
                Decided::Refused { subject, why } => written.refused.push((subject, why)),
            }
        }
        self.probe(super::engine::Step::Staged);
        self.wake_sender();
        Ok(written)
    }

    /// A number for decisions that are undone together, not used before in this store.
    pub fn new_group(&self) -> i64 {
        // Milliseconds leave room for two thousand groups each; two commands in one millisecond do not share one.
        self.clock().now().wall.0 << 11 | i64::from(rand::random::<u16>() & 0x7ff)
    }

    /// Takes staged decisions back; those that have left by then stay. Answers how each stands now.
    pub async fn undo(&self, ids: Vec<DecisionId>) -> Result<Vec<OutboxEntry>, EngineError> {
        let entries = self.store().undo(ids, Undone::Undo, self.clock().now().wall).await?;
        self.wake_sender();
        Ok(entries)
    }

    /// Throws staged decisions out of the outbox. Answers how each stands now.
    pub async fn discard(&self, ids: Vec<DecisionId>) -> Result<Vec<OutboxEntry>, EngineError> {
        let entries = self.store().undo(ids, Undone::Discard, self.clock().now().wall).await?;
        self.wake_sender();
        Ok(entries)
    }

    /// Lets staged decisions leave now; none named: all of them.
    pub async fn send_now(&self, ids: Vec<DecisionId>) -> Result<Vec<OutboxEntry>, EngineError> {
        self.may_write()?;
        let entries = self.store().send_now(ids, self.clock().now().wall).await?;
        self.wake_sender();
        Ok(entries)
    }

    /// Stages failed decisions again, to leave at once.
    pub async fn retry(&self, ids: Vec<DecisionId>) -> Result<Vec<OutboxEntry>, EngineError> {
        self.may_write()?;
        let entries = self.store().retry(ids, self.clock().now().wall).await?;
        self.wake_sender();
        Ok(entries)
    }
}
