//! The name of a batch: unique in the account's store, and part of every HIT's annotation.

use std::fmt;
use std::sync::Arc;

/// The longest name: it shares the 255 characters of an annotation.
const LONGEST: usize = 64;

/// A batch's name: letters, digits, `.`, `-` and `_` of ASCII.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchName(Arc<str>);

/// Why a text is no name of a batch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is not a name for a batch: expected 1 to {LONGEST} letters, digits, -, _ or ., beginning with a letter or digit"
)]
pub struct BatchNameError(String);

impl BatchName {
    /// Checks the form.
    pub fn parse(text: &str) -> Result<BatchName, BatchNameError> {
        let part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let fits = (1..=LONGEST).contains(&text.len())
            && text.bytes().all(part)
            && text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
        if fits { Ok(BatchName(text.into())) } else { Err(BatchNameError(text.chars().take(80).collect())) }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BatchName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl std::str::FromStr for BatchName {
    type Err = BatchNameError;

    fn from_str(text: &str) -> Result<BatchName, BatchNameError> {
        BatchName::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::BatchName;

    #[test]
    fn names_fit_into_an_annotation_and_a_query() {
        for name in ["kg-pilot", "2026_pilot.2", "A", &"a".repeat(64)] {
            assert!(BatchName::parse(name).is_ok(), "{name}");
        }
        for name in ["", "a b", "a:b", "über", ".hidden", "-x", "a;b", &"a".repeat(65)] {
            assert!(BatchName::parse(name).is_err(), "{name}");
        }
    }
}
