//! Patterns over identifiers and names: `*` stands for any characters; upper and lower case of A-Z are the same.

/// A pattern, lower-cased once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pattern {
    /// The whole text, with `*`.
    Glob(Box<[u8]>),
    /// Anywhere in the text.
    Contains(Box<[u8]>),
}

impl Pattern {
    pub(super) fn glob(text: &str) -> Pattern {
        Pattern::Glob(text.to_ascii_lowercase().into_bytes().into())
    }

    pub(super) fn contains(text: &str) -> Pattern {
        Pattern::Contains(text.to_ascii_lowercase().into_bytes().into())
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        let text = text.as_bytes();
        match self {
            Pattern::Glob(glob) => matches(glob, text),
            Pattern::Contains(part) if part.is_empty() => true,
            Pattern::Contains(part) => text.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part)),
        }
    }
}

/// Greedy matching with one place to come back to: linear for one `*`, quadratic at worst.
fn matches(glob: &[u8], text: &[u8]) -> bool {
    let (mut at, mut pos) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while pos < text.len() {
        if glob.get(at) == Some(&b'*') {
            at += 1;
            back = Some((at, pos));
        } else if glob.get(at) == Some(&text[pos].to_ascii_lowercase()) {
            at += 1;
            pos += 1;
        } else if let Some((star, from)) = back {
            at = star;
            pos = from + 1;
            back = Some((star, pos));
        } else {
            return false;
        }
    }
    glob[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_characters() {
        for (glob, text, expected) in [
            ("a1b*", "A1B2C", true),
            ("a1b*", "A1", false),
            ("*wrkr", "A1EXAMPLEWRKR", true),
            ("a*m*r", "A1EXAMPLEWRKR", true),
            ("a*x*x", "A1EXAMPLEWRKR", false),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("größe", "größe", true),
        ] {
            assert_eq!(Pattern::glob(glob).matches(text), expected, "{glob} {text}");
        }
        assert!(Pattern::contains("PILOT").matches("rte-pilot-2"));
        assert!(!Pattern::contains("pilots").matches("rte-pilot"));
    }
}
