//! Times as the requester website writes them: `Tue Jan 23 12:27:02 PST 2018`, on the clocks of the Pacific coast.

use crate::domain::time::Time;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use std::fmt::Write;

/// The rule since 2007, and the one before. Written out, so that a machine without a time zone database writes the same.
const RULES: [&str; 2] = ["PST8PDT,M3.2.0,M11.1.0", "PST8PDT,M4.1.0,M10.5.0"];

/// The Pacific time zone, made once for many times.
#[derive(Debug, Clone)]
pub struct Pacific {
    now: TimeZone,
    before_2007: TimeZone,
}

impl Default for Pacific {
    fn default() -> Self {
        // Both rules are read by a test; a zone that cannot be read is winter all year.
        let zone = |rule| TimeZone::posix(rule).unwrap_or_else(|_| TimeZone::fixed(Offset::constant(-8)));
        Pacific { now: zone(RULES[0]), before_2007: zone(RULES[1]) }
    }
}

/// 2007-01-01 00:00 Pacific.
const NEW_RULE: Time = Time(1_167_638_400);

impl Pacific {
    /// Appends a time; what lies beyond the calendar is written as its seconds.
    pub fn push(&self, out: &mut String, time: Time) {
        let zone = if time < NEW_RULE { &self.before_2007 } else { &self.now };
        let Ok(moment) = Timestamp::from_second(time.0) else {
            // Writing to a String cannot fail.
            let _ = write!(out, "{}", time.0);
            return;
        };
        let offset = zone.to_offset(moment);
        let local = offset.to_datetime(moment);
        const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        let day = DAYS[usize::from(local.weekday().to_monday_zero_offset().unsigned_abs())];
        let month = MONTHS[usize::from(local.month().unsigned_abs()) - 1];
        let name = if offset.seconds() == -7 * 3_600 { "PDT" } else { "PST" };
        let _ = write!(
            out,
            "{day} {month} {:02} {:02}:{:02}:{:02} {name} {}",
            local.day(),
            local.hour(),
            local.minute(),
            local.second(),
            local.year()
        );
    }

    /// The time as text.
    pub fn text(&self, time: Time) -> String {
        let mut out = String::with_capacity(28);
        self.push(&mut out, time);
        out
    }
}

/// The names of the months.
pub(in crate::exchange) const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::batch_results::parse_time;
    use proptest::prelude::*;

    #[test]
    fn times_are_written_as_on_the_website() {
        let pacific = Pacific::default();
        for (seconds, text) in [
            (1_516_739_222, "Tue Jan 23 12:27:02 PST 2018"),
            (1_532_374_022, "Mon Jul 23 12:27:02 PDT 2018"),
            // The hour that is there twice, and the one that is left out.
            (1_541_321_999, "Sun Nov 04 01:59:59 PDT 2018"),
            (1_541_322_000, "Sun Nov 04 01:00:00 PST 2018"),
            (1_520_762_400, "Sun Mar 11 03:00:00 PDT 2018"),
            // Before 2007 summer ended in October.
            (1_162_200_000, "Mon Oct 30 01:20:00 PST 2006"),
            (1_143_900_000, "Sat Apr 01 06:00:00 PST 2006"),
        ] {
            assert_eq!(pacific.text(Time(seconds)), text);
        }
        assert_eq!(pacific.text(Time(i64::MAX)), i64::MAX.to_string());
    }

    proptest! {
        #[test]
        fn every_time_is_read_again(seconds in 0i64..4_102_444_800) {
            let text = Pacific::default().text(Time(seconds));
            prop_assert_eq!(parse_time(&text), Some(Time(seconds)), "{}", text);
        }
    }
}
