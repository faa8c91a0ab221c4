//! Pseudonyms for workers: an identifier of a worker identifies a person. A pseudonym is made of the identifier and a key
//! that never leaves the data directory, so that it is the same there for ever and says nothing anywhere else.

use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// Digits and letters; without A, so that no pseudonym has the form of a worker's identifier.
const ALPHABET: &[u8; 32] = b"0123456789BCDEFGHJKMNPQRSTUVWXYZ";
/// Characters after the dash: 50 bits, so that no two of a million workers are likely to share one.
const LENGTH: usize = 10;
/// A shorter word is no identifier of a worker.
const SHORTEST: usize = 6;
/// The block size of SHA-256.
const BLOCK: usize = 64;

/// Makes pseudonyms.
#[derive(Clone, PartialEq, Eq)]
pub struct Pseudonyms([u8; 32]);

impl std::fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pseudonyms(..)")
    }
}

impl Pseudonyms {
    /// With the key of a data directory.
    pub const fn new(key: [u8; 32]) -> Self {
        Pseudonyms(key)
    }

    /// The pseudonym of an identifier: `W-7K3FQ9XM2B`, from HMAC-SHA-256.
    pub fn of(&self, id: &str) -> String {
        let padded = |with: u8| {
            let mut block = [with; BLOCK];
            block.iter_mut().zip(self.0).for_each(|(byte, key)| *byte ^= key);
            block
        };
        let inner = Sha256::new().chain_update(padded(0x36)).chain_update(id).finalize();
        let code = Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize();
        let bits = code.iter().take(8).fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
        let digit = |at: usize| char::from(ALPHABET[(bits >> (5 * at) & 31) as usize]);
        std::iter::once('W').chain(std::iter::once('-')).chain((0..LENGTH).map(digit)).collect()
    }

    /// A text with every word that has the form of a worker's identifier replaced: better one too many than one too few.
    pub fn scrub<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
        let is_id = |word: &str| {
            word.len() >= SHORTEST && word.starts_with('A') && word.bytes().any(|byte| byte.is_ascii_digit())
        };
        let mut out = String::new();
        let mut kept = 0;
        let mut at = 0;
        while let Some(start) = text[at..].find(part).map(|found| at + found) {
            let end = text[start..].find(|c| !part(c)).map_or(text.len(), |found| start + found);
            let within = text[..start].ends_with(|c: char| c.is_ascii_lowercase());
            if !within && is_id(&text[start..end]) {
                out.push_str(&text[kept..start]);
                out.push_str(&self.of(&text[start..end]));
                kept = end;
            }
            at = end;
        }
        if kept == 0 {
            return Cow::Borrowed(text);
        }
        out.push_str(&text[kept..]);
        Cow::Owned(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_is_stable_and_depends_on_the_key() {
        let names = Pseudonyms::new([7; 32]);
        let name = names.of("A1EXAMPLEWRKR");
        assert_eq!(name, Pseudonyms::new([7; 32]).of("A1EXAMPLEWRKR"));
        assert_ne!(name, Pseudonyms::new([8; 32]).of("A1EXAMPLEWRKR"));
        assert_ne!(name, names.of("A2EXAMPLEWRKR"));
        assert!(name.len() == 12 && name.starts_with("W-"), "{name}");
        assert!(!format!("{names:?}").contains('7'), "the key is never shown");
    }

    #[test]
    fn identifiers_in_texts_are_replaced_and_nothing_else() {
        let names = Pseudonyms::new([7; 32]);
        let (one, other) = (names.of("A1EXAMPLE"), names.of("A22OTHER"));
        assert_eq!(names.scrub("block of A1EXAMPLE: \"like A22OTHER\""), format!("block of {one}: \"like {other}\""));
        assert_eq!(names.scrub("worker:A1EXAMPLE"), format!("worker:{one}"));
        for text in ["APPROVED", "3MXUWA1EXAMPLE", "A1", "", "äA1", "Activity 5"] {
            assert_eq!(names.scrub(text), text);
        }
    }

    #[test]
    fn the_scrubbed_text_is_scrubbed_for_good() {
        let names = Pseudonyms::new([7; 32]);
        for id in (0..1_000).map(|n| format!("A{n}EXAMPLE")) {
            let once = names.scrub(&id).into_owned();
            assert_eq!(names.scrub(&once), once);
        }
    }
}
