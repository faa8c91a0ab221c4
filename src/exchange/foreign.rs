//! Identifiers of other programs in the form that MTurk's have: numbers, words, hashes, as self-hosted services and
//! published data have them. The same text always becomes the same identifier, and two texts never one.

use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Characters of the text that stay readable.
const READABLE: usize = 24;

/// Of a HIT, a HIT type or an assignment: `X` + what can be read + eight digits of a hash.
pub fn entity(text: &str) -> String {
    in_form("X", text)
}

/// Of a worker: `AX` + what can be read + eight digits of a hash.
pub fn worker(text: &str) -> String {
    in_form("AX", text)
}

fn in_form(prefix: &str, text: &str) -> String {
    let letters = text.chars().filter(char::is_ascii_alphanumeric).take(READABLE);
    let mut id = prefix.to_owned();
    id.extend(letters.map(|c| c.to_ascii_uppercase()));
    for byte in Sha256::digest(text).iter().take(4) {
        // Writing to a String cannot fail.
        let _ = write!(id, "{byte:02X}");
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{AssignmentId, WorkerId};

    #[test]
    fn every_text_gets_its_own_identifier() {
        let texts =
            ["7", "worker_12", "worker12", "Worker12", "é", "", "6f9619ff-8b86-d011-b42d-00cf4fc964ff-and-more"];
        let ids: std::collections::HashSet<String> = texts.iter().map(|text| worker(text)).collect();
        assert_eq!(ids.len(), texts.len());
        for text in texts {
            assert!(WorkerId::parse(&worker(text)).is_ok() && AssignmentId::parse(&entity(text)).is_ok(), "{text}");
        }
        assert!(worker("worker_12").starts_with("AXWORKER12"));
    }
}
