//! The person's clipboard, through the terminal (OSC 52): works over SSH, needs no library.

use base64::Engine;

/// The most bytes that go onto the clipboard: terminals drop longer sequences silently.
pub const LIMIT: usize = 74_994;

/// The text is longer than terminals take.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{bytes} bytes are more than a terminal's clipboard takes ({LIMIT}); pipe them to a command with | instead")]
pub struct TooLong {
    /// Its length.
    pub bytes: usize,
}

/// The bytes that put this text onto the clipboard. One line, whatever its length: a wrapped one is ignored by many terminals.
pub fn copy(text: &str) -> Result<String, TooLong> {
    if text.len() > LIMIT {
        return Err(TooLong { bytes: text.len() });
    }
    Ok(format!("\x1b]52;c;{}\x07", base64::engine::general_purpose::STANDARD.encode(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_unwrapped_sequence() {
        assert_eq!(copy("A1EXAMPLE").unwrap(), "\x1b]52;c;QTFFWEFNUExF\x07");
        let long = copy(&"x".repeat(LIMIT)).unwrap();
        assert!(!long.contains('\n') && long.len() < 100_020);
    }

    #[test]
    fn what_terminals_would_drop_is_refused_with_a_remedy() {
        let error = copy(&"x".repeat(LIMIT + 1)).unwrap_err();
        assert!(error.to_string().contains("pipe"), "{error}");
    }
}
