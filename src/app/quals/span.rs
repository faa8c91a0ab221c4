//! Spans of time as people write them: `40m`, `1d`, `2h 30m`, `90s`.

const UNITS: [(char, i64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// The seconds of a span; the error says what was expected.
pub fn parse(text: &str) -> Result<i64, String> {
    let wrong = || format!("{:?} is no span of time; expected a number and its unit, such as 40m, 2h 30m or 1d", text);
    let mut total = 0_i64;
    let mut digits = String::new();
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let unit = UNITS.iter().find(|(name, _)| *name == c).ok_or_else(wrong)?.1;
        let number: i64 = std::mem::take(&mut digits).parse().map_err(|_| wrong())?;
        total = number.checked_mul(unit).and_then(|span| total.checked_add(span)).ok_or_else(wrong)?;
    }
    // What is left has no unit.
    if digits.is_empty() && text.chars().any(|c| c.is_ascii_digit()) { Ok(total) } else { Err(wrong()) }
}

/// A span as [`parse`] reads it, without losing a second.
pub fn write(seconds: i64) -> String {
    let mut rest = seconds.max(0);
    let mut parts = Vec::new();
    for (unit, size) in UNITS {
        if rest >= size {
            parts.push(format!("{}{unit}", rest / size));
            rest %= size;
        }
    }
    if parts.is_empty() { "0s".to_owned() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("40m", 2_400)]
    #[case("1d", 86_400)]
    #[case(" 2h30m ", 9_000)]
    #[case("0s", 0)]
    fn spans_have_units(#[case] text: &str, #[case] seconds: i64) {
        assert_eq!(parse(text), Ok(seconds));
    }

    #[rstest]
    #[case("40")]
    #[case("m")]
    #[case("")]
    #[case("1 week")]
    #[case("-1d")]
    #[case("99999999999999999999d")]
    #[case("9223372036854775807d")]
    fn what_is_no_span_is_said(#[case] text: &str) {
        assert!(parse(text).unwrap_err().contains("40m"));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(seconds in 0_i64..i64::MAX) {
            prop_assert_eq!(parse(&write(seconds)), Ok(seconds));
        }
    }
}
