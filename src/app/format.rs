//! How times, spans and counts are written for people. Nothing here knows what time it is: it is handed in.

use crate::domain::time::{Millis, Seconds, Time};

/// The offset of the person's time zone from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Zone {
    /// Seconds east of UTC.
    pub east: i32,
}

/// A work time: `0:07`, `12:40`, `1:02:03`, `2 d 3 h` for the very long.
pub fn work_time(span: Seconds) -> String {
    let seconds = span.0.max(0);
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{rest:02}"),
        1..=99 => format!("{hours}:{minutes:02}:{rest:02}"),
        _ => coarse(span),
    }
}

/// A span in at most two units, cut and not rounded, changing at most once a minute: `under 1 m`, `42 m`, `2 h 10 m`,
/// `3 d 4 h`, `12 d`.
pub fn coarse(span: Seconds) -> String {
    let minutes = span.0.max(0) / 60;
    let (days, hours) = (minutes / 1_440, minutes / 60 % 24);
    match minutes {
        0 => "under 1 m".to_owned(),
        1..60 => format!("{minutes} m"),
        60..1_440 => format!("{hours} h {} m", minutes % 60),
        1_440..14_400 => format!("{days} d {hours} h"),
        _ => format!("{days} d"),
    }
}

/// How long until `then`: a [`coarse`] span, or `now` when it has come.
pub fn until(then: Time, now: Time) -> String {
    if then <= now { "now".to_owned() } else { coarse(then - now) }
}

/// Hours and minutes: `14:03`.
pub fn clock(at: Millis, zone: Zone) -> String {
    let seconds = at.0.div_euclid(1_000) + i64::from(zone.east);
    let of_day = seconds.rem_euclid(86_400);
    format!("{:02}:{:02}", of_day / 3_600, of_day / 60 % 60)
}

/// Hours, minutes and seconds: `14:03:59`.
pub fn clock_seconds(at: Millis, zone: Zone) -> String {
    let seconds = at.0.div_euclid(1_000) + i64::from(zone.east);
    format!("{}:{:02}", clock(at, zone), seconds.rem_euclid(60))
}

/// Day and time without the year: `11-21 14:03:59`.
pub fn day_clock_seconds(at: Millis, zone: Zone) -> String {
    let days = (at.0.div_euclid(1_000) + i64::from(zone.east)).div_euclid(86_400);
    let (_, month, day) = civil(days);
    format!("{month:02}-{day:02} {}", clock_seconds(at, zone))
}

/// Day and time: `2026-11-21 14:03`.
pub fn day_clock(at: Time, zone: Zone) -> String {
    let days = (at.0 + i64::from(zone.east)).div_euclid(86_400);
    let (year, month, day) = civil(days);
    format!("{year}-{month:02}-{day:02} {}", clock(Millis(at.0.saturating_mul(1_000)), zone))
}

/// A count with thousands separators: `8,000`.
pub fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of things: `1 field`, `12 fields`.
pub fn plural(number: usize, thing: &str) -> String {
    format!("{} {thing}{}", count(number), if number == 1 { "" } else { "s" })
}

/// A number of bytes: `812 B`, `4.2 kB`, `1.0 MB`.
pub fn bytes(number: u64) -> String {
    match number {
        0..1_000 => format!("{number} B"),
        1_000..1_000_000 => format!("{}.{} kB", number / 1_000, number / 100 % 10),
        _ => format!("{}.{} MB", number / 1_000_000, number / 100_000 % 10),
    }
}

/// The proleptic Gregorian date of a day since 1970-01-01 (Howard Hinnant's `civil_from_days`).
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_well() {
        for (seconds, text) in [
            (-5, "under 1 m"),
            (59, "under 1 m"),
            (60, "1 m"),
            (7_800, "2 h 10 m"),
            (7_320, "2 h 2 m"),
            (86_400, "1 d 0 h"),
            (273_600, "3 d 4 h"),
            (864_000, "10 d"),
        ] {
            assert_eq!(coarse(Seconds(seconds)), text, "{seconds}");
        }
        assert_eq!(until(Time(10), Time(10)), "now");
        assert_eq!(until(Time(130), Time(10)), "2 m");
    }

    #[test]
    fn work_times_are_exact() {
        for (seconds, text) in [(0, "0:00"), (7, "0:07"), (760, "12:40"), (3_723, "1:02:03"), (400_000, "4 d 15 h")] {
            assert_eq!(work_time(Seconds(seconds)), text);
        }
    }

    #[test]
    fn clocks_follow_the_zone() {
        let at = 1_795_269_780; // 2026-11-21 14:03:00 UTC
        assert_eq!(day_clock(Time(at), Zone::default()), "2026-11-21 14:03");
        assert_eq!(day_clock(Time(at), Zone { east: 36_000 }), "2026-11-22 00:03");
        assert_eq!(day_clock(Time(at), Zone { east: -18_000 }), "2026-11-21 09:03");
        assert_eq!(clock_seconds(Millis(at * 1_000 + 999), Zone { east: 3_600 }), "15:03:00");
        assert_eq!(day_clock_seconds(Millis(at * 1_000), Zone { east: 36_000 }), "11-22 00:03:00");
        assert_eq!(day_clock(Time(951_782_400), Zone::default()), "2000-02-29 00:00");
    }

    #[test]
    fn counts_have_separators() {
        assert_eq!(count(999), "999");
        assert_eq!(count(8_000), "8,000");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(plural(1, "field"), "1 field");
        assert_eq!(plural(12, "empty field"), "12 empty fields");
        assert_eq!(bytes(812), "812 B");
        assert_eq!(bytes(4_250), "4.2 kB");
        assert_eq!(bytes(1_048_576), "1.0 MB");
    }
}
