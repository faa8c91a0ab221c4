//! The memory that pages are written into, used again and again: a page is large enough for the system to hand out and take back
//! memory for each one, which costs more than writing it.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;

/// So many are kept for the next page; as many more as are needed are made.
const KEPT: usize = 8;
/// Larger ones are given back to the system.
const LARGEST: usize = 1 << 20;

/// Buffers that are free. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Buffers(Arc<Mutex<Vec<Vec<u8>>>>);

impl Buffers {
    /// An empty buffer, with the room that it had when it was used last.
    pub fn take(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    /// What stands in a buffer from `start` on, to be sent; the buffer is free again when that is done.
    pub fn lend(&self, buffer: Vec<u8>, start: usize) -> Bytes {
        Bytes::from_owner(Lent { buffer, home: self.clone() }).slice(start..)
    }
}

struct Lent {
    buffer: Vec<u8>,
    home: Buffers,
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.buffer
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let mut buffer = std::mem::take(&mut self.buffer);
        let mut free = self.home.0.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() < KEPT && buffer.capacity() <= LARGEST {
            buffer.clear();
            free.push(buffer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_is_free_when_nobody_reads_it_any_more() {
        let buffers = Buffers::default();
        let mut one = buffers.take();
        one.extend_from_slice(b"..page");
        let place = one.as_ptr();
        let sent = buffers.lend(one, 2);
        let copy = sent.clone();
        assert_eq!(sent, b"page".as_slice());
        drop(sent);
        let mut other = buffers.take();
        assert_eq!(other.capacity(), 0, "the first one is still read");
        other.push(b'x');
        drop(buffers.lend(other, 0));
        drop(copy);
        let again = [buffers.take(), buffers.take()];
        assert!(again.iter().all(|buffer| buffer.is_empty() && buffer.capacity() > 0));
        assert!(again.iter().any(|buffer| buffer.as_ptr() == place));
    }

    #[test]
    fn neither_many_nor_huge_ones_are_kept() {
        let buffers = Buffers::default();
        drop(buffers.lend(vec![0; LARGEST + 1], 0));
        assert_eq!(buffers.take().capacity(), 0);
        let many: Vec<Bytes> = (0..3 * KEPT).map(|_| buffers.lend(vec![0; 10], 0)).collect();
        drop(many);
        assert_eq!(buffers.0.lock().unwrap().len(), KEPT);
    }
}
