//! Secrets that people carry: the last part of an invitation, what a browser holds, a passcode. Of each only a hash is kept.

use std::fmt::Write;
use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use sha2::{Digest, Sha256};

/// A secret of 32 random bytes, as 64 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new one.
    pub fn random() -> Secret {
        Secret(hex(&rand::random::<[u8; 32]>()))
    }

    /// One that somebody shows; none if it does not have the form of one.
    pub fn parse(text: &str) -> Option<Secret> {
        let fine = text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        fine.then(|| Secret(text.to_owned()))
    }

    /// The secret itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// Another secret that follows from this one and from which this one does not.
    pub fn derive(&self, purpose: &str) -> String {
        hex(&Sha256::digest(format!("{purpose}\n{}", self.0)))
    }
}

/// Nobody reads it in a log.
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing into a text does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Compares two texts in a time that does not tell where they differ.
pub fn is_same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

/// A passcode could not be hashed.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the passcode could not be hashed: {0}")]
pub struct HashError(String);

/// Hashes a passcode; takes tens of milliseconds on purpose.
pub fn hash_passcode(passcode: &str) -> Result<String, HashError> {
    let hash = Argon2::default().hash_password(passcode.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| HashError(error.to_string()))
}

/// Whether this is the passcode of the hash. Without a hash it is not, and it takes as long to say so.
pub fn is_passcode(passcode: &str, hash: Option<&str>) -> bool {
    static NOBODYS: LazyLock<String> = LazyLock::new(|| hash_passcode("nobody's").unwrap_or_default());
    let fits = Argon2::default().verify_password(passcode.as_bytes(), hash.unwrap_or(&NOBODYS)).is_ok();
    fits && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passcode_is_known_by_its_hash_alone() {
        let hash = hash_passcode("seven green kettles").unwrap();
        assert!(hash.starts_with("$argon2id$") && !hash.contains("kettles"), "{hash}");
        assert_ne!(hash, hash_passcode("seven green kettles").unwrap(), "salted");
        assert!(is_passcode("seven green kettles", Some(&hash)));
        assert!(!is_passcode("seven green kettle", Some(&hash)));
        assert!(!is_passcode("nobody's", None), "who has no passcode cannot give it");
        assert!(!is_passcode("", Some("")), "a damaged hash fits nothing");
    }

    #[test]
    fn secrets_are_read_back_and_say_nothing_in_a_log() {
        let secret = Secret::random();
        assert_eq!(Secret::parse(secret.reveal()), Some(secret.clone()));
        assert!(Secret::parse("0123").is_none() && Secret::parse(&"G".repeat(64)).is_none());
        assert!(!format!("{secret:?}").contains(secret.reveal()));
        assert_ne!(secret.derive("a"), secret.derive("b"));
    }

    #[test]
    fn texts_are_compared_as_a_whole() {
        assert!(is_same("abc", "abc") && !is_same("abc", "abd") && !is_same("abc", "ab") && is_same("", ""));
    }
}
