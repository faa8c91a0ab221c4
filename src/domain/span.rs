//! Spans of time as people write them: `300ms`, `5s`, `10m`, `1h 30m`, `2d`.

const UNITS: [(&str, i64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// Reads a span, in milliseconds. A bare `0` is zero; any other number needs its unit.
pub fn parse(text: &str) -> Result<i64, String> {
    let expected = || format!("\"{text}\" is not a span of time: expected for example 300ms, 5s, 10m or 1h 30m");
    if text.trim() == "0" {
        return Ok(0);
    }
    let mut millis: i64 = 0;
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(expected());
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(expected)?;
        let number: i64 = rest[..digits].parse().map_err(|_| expected())?;
        let after = &rest[digits..];
        let end = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (_, unit) = UNITS.iter().find(|(name, _)| *name == &after[..end]).ok_or_else(expected)?;
        millis = number.checked_mul(*unit).and_then(|part| millis.checked_add(part)).ok_or_else(expected)?;
        rest = after[end..].trim_start();
    }
    Ok(millis)
}

/// Writes a span of milliseconds as [`parse`] reads it.
pub fn words(millis: i64) -> String {
    if millis == 0 {
        return "0s".to_owned();
    }
    let mut left = millis;
    let mut parts = Vec::new();
    for (name, unit) in UNITS {
        if left >= unit {
            parts.push(format!("{}{name}", left / unit));
            left %= unit;
        }
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_written_with_their_unit() {
        for (text, millis) in
            [("5s", 5_000), ("300ms", 300), ("1h 30m", 5_400_000), ("1h30m", 5_400_000), ("0", 0), ("2d", 172_800_000)]
        {
            assert_eq!(parse(text), Ok(millis), "{text}");
        }
        for text in ["5", "", "s", "-5s", "5 s", "1.5h", "5 parsecs", "99999999999999999999s", "9223372036854775807d"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!((words(5_400_300), words(0)), ("1h 30m 300ms".to_owned(), "0s".to_owned()));
    }
}
