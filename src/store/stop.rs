//! Ending a read from another thread.

use super::{Reader, Store, StoreError};
use rusqlite::InterruptHandle;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Ends what is being read with it: the read fails, and the next one may begin.
#[derive(Clone, Default)]
pub struct Stop(Arc<Mutex<Option<InterruptHandle>>>);

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stop")
    }
}

impl Stop {
    /// Ends the read that is under way, if there is one.
    pub fn stop(&self) {
        // While the lock is held the connection is not given back: no other read can be hit.
        if let Some(read) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            read.interrupt();
        }
    }

    fn set(&self, read: Option<InterruptHandle>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = read;
    }
}

impl Store {
    /// As [`Store::read`], until it is stopped. One `Stop` is for one read at a time.
    pub fn read_until<T>(
        &self,
        stop: &Stop,
        work: impl FnOnce(&Reader) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.read(|reader| {
            stop.set(Some(reader.connection.get_interrupt_handle()));
            let result = work(reader);
            stop.set(None);
            result
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::store::{Stop, StoreError, tests};
    use std::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn a_read_without_end_is_ended_and_the_next_one_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let store = tests::open(&dir);
        let (stop, done) = (Stop::default(), AtomicBool::new(false));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::SeqCst) {
                    stop.stop();
                    std::thread::yield_now();
                }
            });
            let endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";
            let ended: Result<i64, StoreError> =
                store.read_until(&stop, |reader| Ok(reader.connection.query_row(endless, [], |row| row.get(0))?));
            ended.unwrap_err();
            for _ in 0..100 {
                assert_eq!(store.read(|reader| reader.unpacked()).unwrap(), 0);
            }
            done.store(true, Ordering::SeqCst);
        });
    }
}
