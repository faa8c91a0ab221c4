//! Values of conditions: durations, moments, amounts, shares, each as a range of whole numbers.

use crate::domain::money::Usd;
use crate::domain::time::Time;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// How a field and its value are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Is,
    Contains,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// Whole numbers from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    low: i64,
    high: i64,
}

impl Range {
    pub(super) fn contains(&self, value: i64) -> bool {
        self.low <= value && value <= self.high
    }

    /// The numbers that compare so with a value that is itself `from..=to` (a day is many seconds).
    fn compared(op: Op, (from, to): (i64, i64)) -> Range {
        let (low, high) = match op {
            Op::Is | Op::Contains => (from, to),
            Op::Less => (i64::MIN, from - 1),
            Op::AtMost => (i64::MIN, to),
            Op::More => (to + 1, i64::MAX),
            Op::AtLeast => (from, i64::MAX),
        };
        Range { low, high }
    }

    /// `op value`, or `a..b` with either end open. None when a part is not understood.
    pub(super) fn parse(op: Op, text: &str, value: impl Fn(&str) -> Option<(i64, i64)>) -> Option<Range> {
        let Some((from, to)) = text.split_once("..").filter(|_| op == Op::Is) else {
            return value(text).map(|value| Range::compared(op, value));
        };
        let low = if from.is_empty() { i64::MIN } else { value(from)?.0 };
        let high = if to.is_empty() { i64::MAX } else { value(to)?.1 };
        (!from.is_empty() || !to.is_empty()).then_some(Range { low, high })
    }
}

/// A condition on a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// The moment itself.
    Moment(Range),
    /// How far it is from now: into the past, for a deadline into the future.
    Distance(Range),
}

impl When {
    pub(super) fn holds(&self, time: Time, distance: i64) -> bool {
        match self {
            When::Moment(range) => range.contains(time.0),
            When::Distance(range) => range.contains(distance),
        }
    }

    pub(super) fn parse(op: Op, text: &str) -> Option<When> {
        let moment = Range::parse(op, text, moment).map(When::Moment);
        moment.or_else(|| Range::parse(op, text, duration).map(When::Distance))
    }
}

/// `30s`, `1h30m`, `2d`, `1w`; a bare number is seconds.
pub(super) fn duration(text: &str) -> Option<(i64, i64)> {
    if text.is_empty() {
        return None;
    }
    let mut total = 0i64;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: i64 = rest[..digits].parse().ok().filter(|n| *n < 1_000_000_000)?;
        let unit = rest[digits..].bytes().take_while(u8::is_ascii_alphabetic).count();
        let seconds = match &rest[digits..digits + unit] {
            "s" | "sec" => 1,
            "" if digits == text.len() => 1,
            "m" | "min" => 60,
            "h" => 3_600,
            "d" => 86_400,
            "w" => 604_800,
            _ => return None,
        };
        total += number * seconds;
        rest = &rest[digits + unit..];
    }
    Some((total, total))
}

/// `2026-11-01` (the whole day), `2026-11-01T14:30`, with seconds, `Z` or an offset; UTC unless it says otherwise.
pub(super) fn moment(text: &str) -> Option<(i64, i64)> {
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Some((moment.as_second(), moment.as_second()));
    }
    let seconds = |time: DateTime| Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second());
    if !text.contains(['T', ':']) {
        let day: Date = text.parse().ok()?;
        let start = seconds(day.at(0, 0, 0, 0))?;
        return Some((start, start + 86_399));
    }
    let second = seconds(text.parse().ok()?)?;
    Some((second, second))
}

/// `0.10`, also with a dollar sign.
pub(super) fn money(text: &str) -> Option<(i64, i64)> {
    let cents = Usd::parse(text.strip_prefix('$').unwrap_or(text)).ok()?.as_cents();
    Some((cents, cents))
}

/// `90`, `99.5`, also with a percent sign: in millionths.
pub(super) fn percent(text: &str) -> Option<(i64, i64)> {
    let value = Usd::parse(text.strip_suffix('%').unwrap_or(text)).ok()?.as_cents() * 100;
    (value <= 1_000_000).then_some((value, value))
}

/// A number of things.
pub(super) fn count(text: &str) -> Option<(i64, i64)> {
    let number = i64::from(text.parse::<u32>().ok()?);
    Some((number, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, seconds) in [("30s", 30), ("90", 90), ("1h30m", 5_400), ("2d", 172_800), ("1w", 604_800)] {
            assert_eq!(duration(text), Some((seconds, seconds)), "{text}");
        }
        for text in ["", "s", "2 d", "-1d", "1y", "1h30", "99999999999d", "٣s"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn moments_are_utc_and_days_are_whole() {
        assert_eq!(moment("1970-01-02"), Some((86_400, 172_799)));
        assert_eq!(moment("1970-01-02T01:00"), Some((90_000, 90_000)));
        assert_eq!(moment("1970-01-02T01:00Z"), Some((90_000, 90_000)));
        assert_eq!(moment("1970-01-02T01:00+01:00"), Some((86_400, 86_400)));
        for text in ["", "2026", "2026-13-01", "tomorrow", "01.11.2026"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn ranges_include_their_ends() {
        let range = |op, text| Range::parse(op, text, duration).unwrap();
        assert!(range(Op::Less, "30s").contains(29) && !range(Op::Less, "30s").contains(30));
        assert!(range(Op::More, "30s").contains(31) && !range(Op::More, "30s").contains(30));
        assert!(range(Op::Is, "10s..30s").contains(10) && range(Op::Is, "10s..30s").contains(30));
        assert!(range(Op::Is, "..30s").contains(-5) && range(Op::Is, "10s..").contains(1_000));
        assert_eq!(Range::parse(Op::Is, "..", duration), None);
        assert_eq!(Range::parse(Op::Less, "1s..2s", duration), None);
    }
}
