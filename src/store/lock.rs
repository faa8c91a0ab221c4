//! Who may send: an operating-system lock on a file beside the databases. It is gone the moment its owner is.

use super::{Store, StoreError};
use rustix::fs::{FlockOperation, flock};
use std::fs::File;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use tokio::sync::oneshot;

const SENDER: &str = "sender.lock";
const PUBLISHER: &str = "publish.lock";

/// The right to send the decisions of a store, for as long as it is kept.
#[derive(Debug)]
pub struct SenderLock {
    _file: File,
}

/// The right to publish batches from a store, for as long as it is kept.
#[derive(Debug)]
pub struct PublishLock {
    _file: File,
}

/// Lets one program after the other open the store in `dir`, so that its files are made and brought up to date once. Held as
/// long as the file is kept: a few milliseconds.
pub(super) fn one_at_a_time(dir: &Path) -> Result<File, StoreError> {
    let path = dir.join("open.lock");
    let wrong = |source| StoreError::File { doing: "lock", path: path.clone(), source };
    let file = File::options().write(true).create(true).truncate(false).mode(0o600).open(&path).map_err(wrong)?;
    loop {
        match flock(&file, FlockOperation::LockExclusive) {
            Ok(()) => return Ok(file),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(wrong(error.into())),
        }
    }
}

impl Store {
    /// The right to send, if nobody else has it now.
    pub fn try_sender_lock(&self) -> Result<Option<SenderLock>, StoreError> {
        Ok(self.try_lock(SENDER)?.map(|file| SenderLock { _file: file }))
    }

    /// The right to publish, if nobody else has it now.
    pub fn try_publish_lock(&self) -> Result<Option<PublishLock>, StoreError> {
        Ok(self.try_lock(PUBLISHER)?.map(|file| PublishLock { _file: file }))
    }

    fn try_lock(&self, name: &str) -> Result<Option<File>, StoreError> {
        let file = self.lock_file(name)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(file)),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(self.lock_error(name, error.into())),
        }
    }

    /// The right to send, as soon as its present owner is done or dead. Waits without waking up.
    pub async fn sender_lock(&self) -> Result<SenderLock, StoreError> {
        if let Some(lock) = self.try_sender_lock()? {
            return Ok(lock);
        }
        let file = self.lock_file(SENDER)?;
        let (answer, result) = oneshot::channel();
        // A thread of its own that nobody joins: the end of the program must not wait for somebody else's lock.
        let waiter = std::thread::Builder::new().name("sender lock".into()).spawn(move || {
            loop {
                match flock(&file, FlockOperation::LockExclusive) {
                    Err(rustix::io::Errno::INTR) => {}
                    Err(error) => break drop(answer.send(Err(error.into()))),
                    Ok(()) => break drop(answer.send(Ok(SenderLock { _file: file }))),
                }
            }
        });
        waiter.map_err(|error| self.lock_error(SENDER, error))?;
        result.await.map_err(|_| StoreError::Closed)?.map_err(|error: std::io::Error| self.lock_error(SENDER, error))
    }

    fn lock_file(&self, name: &str) -> Result<File, StoreError> {
        let path = self.dir().join(name);
        let file = File::options().write(true).create(true).truncate(false).mode(0o600).open(path);
        file.map_err(|error| self.lock_error(name, error))
    }

    fn lock_error(&self, name: &str, source: std::io::Error) -> StoreError {
        StoreError::File { doing: "lock", path: self.dir().join(name), source }
    }
}
