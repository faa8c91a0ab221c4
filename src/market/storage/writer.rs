//! The thread that writes: group commit.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use rusqlite::Connection;
use tokio::sync::{Notify, mpsc, oneshot};

use super::{Change, Settle, StorageError, View};
use crate::market::clock::{Clock, wall_millis};
use crate::market::error::ServiceError;
use crate::market::id::Mint;

/// At most this many commands share a transaction, so that the first of them does not wait too long.
const MAX_GROUP: usize = 512;

/// What is left to do when it is known whether the transaction was committed.
type Answer = Box<dyn FnOnce(Result<(), StorageError>) + Send>;

/// What a command has done.
enum Done {
    /// It may have changed something: its answer waits for the commit.
    Changed(Answer),
    /// It changed nothing, or nothing of it may stay; with the failure, if the storage was the reason.
    Refused(Answer, Option<StorageError>),
    /// It only looked.
    Looked(Answer),
}

impl Done {
    fn answer(self) -> Answer {
        match self {
            Done::Changed(answer) | Done::Refused(answer, _) | Done::Looked(answer) => answer,
        }
    }
}

/// Given an error in place of the data, it only answers with that.
type Work = dyn FnOnce(Result<&mut Change<'_>, StorageError>) -> Done + Send;

/// Work for the writer's thread.
pub struct Command(Box<Work>);

fn answer<T: Send + 'static>(
    result: Result<T, ServiceError>,
    send: oneshot::Sender<Result<T, ServiceError>>,
) -> Answer {
    Box::new(move |committed| {
        let result = match committed {
            Ok(()) => result,
            Err(error) => Err(error.into()),
        };
        // Whoever asked may have gone away; the change stands all the same.
        let _ = send.send(result);
    })
}

impl Command {
    /// A command that may change something.
    pub fn change<T, F>(work: F, send: oneshot::Sender<Result<T, ServiceError>>) -> Command
    where
        T: Send + 'static,
        F: FnOnce(&mut Change<'_>) -> Result<T, ServiceError> + Send + 'static,
    {
        Command(Box::new(move |change| {
            let result = change.map_err(ServiceError::from).and_then(work);
            let failed = result.as_ref().err().map(|error| match error {
                ServiceError::Failed(error) => Some(error.clone()),
                ServiceError::Refused(_) => None,
            });
            let answer = answer(result, send);
            match failed {
                Some(failure) => Done::Refused(answer, failure),
                None => Done::Changed(answer),
            }
        }))
    }

    /// A command that only looks.
    pub fn read<T, F>(work: F, send: oneshot::Sender<Result<T, ServiceError>>) -> Command
    where
        T: Send + 'static,
        F: FnOnce(&View<'_>) -> Result<T, ServiceError> + Send + 'static,
    {
        Command(Box::new(move |change| {
            let result = change.map_err(ServiceError::from).and_then(|change| work(change));
            Done::Looked(answer(result, send))
        }))
    }
}

/// Whether time passes here.
pub enum Keeps {
    /// This process serves the market: what is due happens, and where the clock stands is written down.
    Time {
        /// Lets happen what is due.
        settle: Settle,
        /// When the data next changes by itself.
        next_due: Arc<AtomicI64>,
    },
    /// Another process does.
    Nothing,
}

/// Starts the thread. It ends when the last sender is gone.
pub fn spawn(
    conn: Connection,
    clock: Clock,
    mint: Mint,
    keeps: Keeps,
    queued: Arc<Notify>,
) -> Result<mpsc::Sender<Command>, StorageError> {
    let (send, commands) = mpsc::channel(1024);
    let writer = Writer { conn, clock, mint, keeps, queued };
    std::thread::Builder::new()
        .name("market-writer".into())
        .spawn(move || writer.run(commands))
        .map_err(|error| StorageError::Database(error.to_string().into()))?;
    Ok(send)
}

struct Writer {
    conn: Connection,
    clock: Clock,
    mint: Mint,
    keeps: Keeps,
    queued: Arc<Notify>,
}

impl Writer {
    fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        let mut taken = Vec::new();
        while commands.blocking_recv_many(&mut taken, MAX_GROUP) > 0 {
            let mut waiting: VecDeque<Command> = taken.drain(..).collect();
            while !waiting.is_empty() {
                self.group(&mut waiting);
            }
        }
    }

    /// Runs waiting commands in one transaction and answers them. Leaves those that must run in another one.
    fn group(&mut self, waiting: &mut VecDeque<Command>) {
        let mut answers: Vec<Answer> = Vec::with_capacity(waiting.len());
        let outcome = self.transaction(waiting, &mut answers);
        if let Err(error) = &outcome {
            tracing::error!(%error, "a transaction of the market failed and was rolled back");
            if !self.conn.is_autocommit() {
                // If even this fails, the next BEGIN says why.
                let _ = self.conn.execute_batch("ROLLBACK");
            }
            if answers.is_empty() {
                // It failed before any command ran: none of them can, until the cause is gone.
                answers.extend(waiting.drain(..).map(|Command(work)| work(Err(error.clone())).answer()));
            }
        }
        for answer in answers {
            answer(outcome.clone());
        }
    }

    fn transaction(&mut self, waiting: &mut VecDeque<Command>, answers: &mut Vec<Answer>) -> Result<(), StorageError> {
        self.conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        let moment = self.clock.now();
        let now = moment.time();
        let mut change = Change { view: View { conn: &self.conn, now }, mint: &mut self.mint, queued: &self.queued };
        if let Keeps::Time { settle, next_due } = &self.keeps
            && next_due.load(Ordering::Acquire) <= now.0
        {
            settle(&mut change).map_err(|error| match error {
                ServiceError::Failed(error) => error,
                ServiceError::Refused(refusal) => StorageError::Database(refusal.to_string().into()),
            })?;
        }
        while let Some(Command(work)) = waiting.pop_front() {
            self.conn.prepare_cached("SAVEPOINT command")?.execute([])?;
            let done = work(Ok(&mut change));
            let keep = !matches!(done, Done::Refused(..));
            let failure = if let Done::Refused(_, failure) = &done { failure.clone() } else { None };
            answers.push(done.answer());
            if self.conn.is_autocommit() {
                // SQLite gave the whole transaction up (a full disk): nothing of this group has happened.
                return Err(failure.unwrap_or(StorageError::Full));
            }
            if !keep {
                self.conn.prepare_cached("ROLLBACK TO command")?.execute([])?;
            }
            self.conn.prepare_cached("RELEASE command")?.execute([])?;
        }
        let Keeps::Time { next_due, .. } = &self.keeps else {
            self.conn.prepare_cached("COMMIT")?.execute([])?;
            return Ok(());
        };
        let due = change.next_due()?;
        change.save_clock(moment.0, moment.0.saturating_sub(wall_millis()))?;
        self.conn.prepare_cached("COMMIT")?.execute([])?;
        next_due.store(due.map_or(i64::MAX, |time| time.0), Ordering::Release);
        Ok(())
    }
}
