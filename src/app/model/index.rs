//! From keys to slots.

/// No slot.
pub(super) const NONE: u32 = u32::MAX;

/// From key numbers to slots. Keys are row numbers of the store, so they are dense.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Index(Vec<u32>);

impl Index {
    /// Room for keys below this is there.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Makes room for keys below this.
    pub(super) fn reserve(&mut self, keys: usize) {
        self.0.reserve_exact(keys.saturating_sub(self.0.len()));
    }

    pub(super) fn get(&self, key: u32) -> Option<usize> {
        self.0.get(key as usize).filter(|slot| **slot != NONE).map(|slot| *slot as usize)
    }

    pub(super) fn put(&mut self, key: u32, slot: usize) {
        if self.0.len() <= key as usize {
            self.0.resize(key as usize + 1, NONE);
        }
        self.0[key as usize] = slot as u32;
    }
}
