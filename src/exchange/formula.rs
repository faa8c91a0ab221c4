//! Cells that a spreadsheet would take for formulas. Answers are written by strangers, and `=HYPERLINK(...)` in a file
//! that somebody opens is an attack; an apostrophe in front makes it text, as OWASP recommends.

use std::borrow::Cow;

/// What a formula begins with, in any of the programs that open such files.
const STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Whether a spreadsheet might calculate with this. A plain number is no formula.
pub fn is_formula(text: &str) -> bool {
    text.starts_with(STARTS) && !is_number(text)
}

/// The text with an apostrophe in front if it is a formula, or if it would look like one that was defused.
pub fn defuse(text: &str) -> Cow<'_, str> {
    if is_formula(text.trim_start_matches('\'')) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text before [`defuse`].
pub fn restore(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'-'))
        && digits.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_become_text_and_numbers_stay() {
        for (text, safe) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
            ("\t=1", "'\t=1"),
            ("＝1", "'＝1"),
            ("'=1", "''=1"),
            ("- yes", "'- yes"),
        ] {
            assert_eq!(defuse(text), safe, "{text}");
        }
        for text in ["-5", "+1.5", "-1e-9", "yes", "'tis", "a=b", "", "'", "-5'"] {
            let expected = if text == "-5'" { "'-5'" } else { text };
            assert_eq!(defuse(text), expected, "{text}");
        }
        assert!(is_formula("-inf") && is_formula("+1-1") && is_formula("-"));
    }

    proptest! {
        #[test]
        fn what_was_defused_comes_back(text in "['=+@\\-\t\n0-9a]{0,6}") {
            let safe = defuse(&text).into_owned();
            prop_assert_eq!(restore(&safe), text.as_str());
            prop_assert!(!is_formula(&safe));
        }
    }
}
