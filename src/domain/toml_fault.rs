//! What a reader of TOML says is wrong, in words for people, and where.

use super::nearest::nearest;

/// Line and column, from 1, of a byte of the text.
pub fn place(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

/// serde's "unknown field `garce`, expected one of `grace`, `after_decision`" in words for people.
pub fn explain(message: &str) -> String {
    let Some(rest) = message.strip_prefix("unknown field ").or_else(|| message.strip_prefix("unknown variant ")) else {
        return message.trim_end().to_owned();
    };
    let what = if message.starts_with("unknown field") { "key" } else { "value" };
    let mut names = rest.split('`').skip(1).step_by(2);
    let typed = names.next().unwrap_or_default();
    let known: Vec<&str> = names.collect();
    match nearest(typed, known.iter().copied()) {
        Some(name) => format!("unknown {what} `{typed}`: did you mean `{name}`?"),
        None if known.is_empty() => format!("unknown {what} `{typed}`: nothing is expected here"),
        None => format!("unknown {what} `{typed}`: expected one of {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_from_one() {
        assert_eq!(place("a = 1\nü = 2", 0), (1, 1));
        assert_eq!(place("a = 1\nü = 2", 6), (2, 1));
        assert_eq!(place("a = 1\nü = 2", 8), (2, 2));
    }
}
