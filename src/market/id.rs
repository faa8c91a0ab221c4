//! New identifiers, in the forms that MTurk's have today.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

const ALPHABET: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const HEX: &[u8; 16] = b"0123456789abcdef";

/// Mints identifiers. Two mints with the same seed mint the same ones, so a market on disk is never seeded.
pub struct Mint(StdRng);

impl Mint {
    /// From the operating system's randomness.
    pub fn random() -> Mint {
        Mint(StdRng::from_os_rng())
    }

    /// From a seed: the same identifiers every time, for a market in memory.
    pub fn seeded(seed: u64) -> Mint {
        Mint(StdRng::seed_from_u64(seed))
    }

    /// A HIT, HIT type, HIT group or assignment: 30 characters, the first a 3.
    pub fn entity(&mut self) -> String {
        self.text("3", 29)
    }

    /// An access key: 20 characters.
    pub fn access_key(&mut self) -> String {
        self.text("HDMK", 16)
    }

    /// A worker: 14 characters, the first an A.
    pub fn worker(&mut self) -> String {
        self.text("A", 13)
    }

    fn text(&mut self, prefix: &str, count: usize) -> String {
        let mut text = String::with_capacity(prefix.len() + count);
        text.push_str(prefix);
        for _ in 0..count {
            text.push(char::from(ALPHABET[self.0.random_range(0..ALPHABET.len())]));
        }
        text
    }
}

/// A random UUID (version 4), for request ids.
pub fn request_id() -> String {
    let mut bytes: [u8; 16] = rand::random();
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push(char::from(HEX[usize::from(byte >> 4)]));
        text.push(char::from(HEX[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{HitId, WorkerId};

    #[test]
    fn entities_have_the_form_of_mturks() {
        let mut mint = Mint::random();
        let id = mint.entity();
        assert_eq!(id.len(), 30);
        assert!(id.starts_with('3') && HitId::parse(&id).is_ok());
        assert_ne!(id, mint.entity());
        assert!(WorkerId::parse(&mint.worker()).is_ok());
        assert_eq!(Mint::seeded(7).entity(), Mint::seeded(7).entity());
    }

    #[test]
    fn request_ids_are_version_four_uuids() {
        let id = request_id();
        assert_eq!(id.len(), 36);
        assert_eq!(id.as_bytes()[14], b'4');
        assert_eq!(id.match_indices('-').map(|(at, _)| at).collect::<Vec<_>>(), [8, 13, 18, 23]);
    }
}
