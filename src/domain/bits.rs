//! A set of small integers: one bit each, so that a million rows cost 125 kB and "the next one" looks at words.

/// A set of positions.
#[derive(Debug, Clone, Default)]
pub struct Bits {
    words: Vec<u64>,
    count: usize,
}

/// Equal sets are equal, whatever room they have.
impl PartialEq for Bits {
    fn eq(&self, other: &Bits) -> bool {
        self.count == other.count && self.words.iter().zip(&other.words).all(|(one, another)| one == another)
    }
}

impl Eq for Bits {}

impl Bits {
    /// Nothing, with room for positions below `len`.
    pub fn with_len(len: usize) -> Self {
        Bits { words: vec![0; len.div_ceil(64)], count: 0 }
    }

    /// How many positions are in the set.
    pub const fn count(&self) -> usize {
        self.count
    }

    /// Whether a position is in the set.
    pub fn contains(&self, at: usize) -> bool {
        self.words.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    /// Puts a position in or takes it out.
    pub fn set(&mut self, at: usize, on: bool) {
        if self.contains(at) == on {
            return;
        }
        if at / 64 >= self.words.len() {
            self.words.resize(at / 64 + 1, 0);
        }
        self.words[at / 64] ^= 1 << (at % 64);
        if on {
            self.count += 1;
        } else {
            self.count -= 1;
        }
    }

    /// Takes out what is not in the other set.
    pub fn keep(&mut self, other: &Bits) {
        self.words.truncate(other.words.len());
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word &= other);
        self.count = self.words.iter().map(|word| word.count_ones() as usize).sum();
    }

    /// The first position at or after `from`.
    pub fn next(&self, from: usize) -> Option<usize> {
        let mut index = from / 64;
        let mut word = *self.words.get(index)? & (u64::MAX << (from % 64));
        while word == 0 {
            index += 1;
            word = *self.words.get(index)?;
        }
        Some(index * 64 + word.trailing_zeros() as usize)
    }

    /// All positions, in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.next(0), |at| self.next(at + 1))
    }

    /// The last position before `before`.
    pub fn previous(&self, before: usize) -> Option<usize> {
        let last = before.min(self.words.len() * 64).checked_sub(1)?;
        let mut index = last / 64;
        let mut word = self.words[index] & (u64::MAX >> (63 - last % 64));
        while word == 0 {
            index = index.checked_sub(1)?;
            word = self.words[index];
        }
        Some(index * 64 + 63 - word.leading_zeros() as usize)
    }
}

impl Extend<usize> for Bits {
    fn extend<T: IntoIterator<Item = usize>>(&mut self, positions: T) {
        positions.into_iter().for_each(|at| self.set(at, true));
    }
}

impl FromIterator<usize> for Bits {
    fn from_iter<T: IntoIterator<Item = usize>>(positions: T) -> Bits {
        let mut bits = Bits::default();
        bits.extend(positions);
        bits
    }
}

#[cfg(test)]
mod tests {
    use super::Bits;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn behaves_as_a_set(steps in prop::collection::vec((0usize..300, any::<bool>()), 0..200), at in 0usize..400) {
            let (mut bits, mut set) = (Bits::with_len(100), BTreeSet::new());
            for (position, on) in steps {
                bits.set(position, on);
                if on { set.insert(position); } else { set.remove(&position); }
            }
            prop_assert_eq!(bits.count(), set.len());
            prop_assert!(bits.iter().eq(set.iter().copied()));
            prop_assert_eq!(bits.contains(at), set.contains(&at));
            prop_assert_eq!(bits.next(at), set.range(at..).next().copied());
            prop_assert_eq!(bits.previous(at), set.range(..at).next_back().copied());
        }

        #[test]
        fn what_both_have_is_kept(one in prop::collection::btree_set(0usize..300, 0..60), other in prop::collection::btree_set(0usize..300, 0..60)) {
            let mut bits: Bits = one.iter().copied().collect();
            bits.keep(&other.iter().copied().collect());
            prop_assert!(bits.iter().eq(one.intersection(&other).copied()));
            prop_assert_eq!(bits.count(), one.intersection(&other).count());
        }
    }
}
