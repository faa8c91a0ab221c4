//! A thread that owns a connection and does one write after the other.

use super::StoreError;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// How many writes may wait before the askers have to.
const WAITING: usize = 256;

/// The way to the thread; clones lead to the same one. It ends when the last of them is gone.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
}

impl Writer {
    pub(super) fn spawn(name: &str, mut connection: Connection) -> std::io::Result<Self> {
        let (jobs, mut waiting) = mpsc::channel::<Job>(WAITING);
        std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            while let Some(job) = waiting.blocking_recv() {
                job(&mut connection);
            }
        })?;
        Ok(Writer { jobs })
    }

    /// Runs `work` in one transaction: all of it is on the disk when this returns Ok, none of it otherwise.
    /// It is carried out also when the asker has lost interest.
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.run(move |connection| transact(connection, work)).await
    }

    /// Runs `work` outside a transaction.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (answer, result) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let done = work(connection);
            // The asker may be gone; the work is done all the same.
            let _ = answer.send(done);
        });
        self.jobs.send(job).await.map_err(|_| StoreError::Closed)?;
        result.await.map_err(|_| StoreError::Closed)?
    }

    /// Changes a setting of the connection: tests make a small disk of it.
    #[cfg(test)]
    pub(super) async fn configure(&self, sql: &'static str) -> Result<(), StoreError> {
        self.run(move |connection| Ok(connection.execute_batch(sql)?)).await
    }
}

/// One immediate transaction around `work`.
pub(super) fn transact<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let value = work(&transaction)?;
    transaction.commit()?;
    Ok(value)
}
