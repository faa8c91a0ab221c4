//! What is typed on the Batches screen.

use super::act::On;
use crate::app::format::Zone;
use crate::domain::query;
use crate::domain::requirement::Required;
use crate::domain::time::{Seconds, Time};

/// A line to type.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// The filter of the list that has the focus; the one before is restored by Esc.
    Filter {
        /// The filter before.
        before: String,
    },
    /// How much longer HITs are open, or until when.
    Extend(On),
    /// How many assignments are added to each of them.
    Add(On),
    /// For how long HITs that are over are opened again; and whether only rejected work is made up for.
    TopUp(On, bool),
    /// For how long new HITs in their place are open.
    Anew(On),
    /// Which type they get.
    Retype(On),
    /// The path of a batch file.
    Open,
    /// The path of a batch file that is to require this as well.
    Require(Vec<Required>),
    /// How many rows of the open batch file are published; nothing typed: all that are missing.
    Publish,
}

/// A new end of HITs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// So much later than it is now; of a HIT that is over: so much from now.
    Later(Seconds),
    /// This moment.
    At(Time),
}

impl End {
    /// Reads `2h`, `1d12h`, `2026-12-01`, `2026-12-01 14:30` (the person's time), with `Z`: UTC.
    pub fn parse(text: &str, zone: Zone) -> Result<End, String> {
        let text = text.trim();
        if let Some(span) = query::span(&text.replace(' ', "")).filter(|span| span.0 > 0) {
            return Ok(End::Later(span));
        }
        let at = query::moment(&text.replacen(' ', "T", 1));
        let is_utc = text.ends_with('Z');
        let at = at.map(|at| if is_utc { at } else { at - Seconds(zone.east.into()) });
        at.map(End::At).ok_or_else(|| {
            format!("{text:?} is no time: expected how much longer (2h, 1d12h) or until when (2026-12-01 14:30)")
        })
    }

    /// The end of a HIT that ends at `expires`.
    pub fn of(self, expires: Time, now: Time) -> Time {
        match self {
            End::Later(span) => expires.max(now) + span,
            End::At(at) => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("2h", End::Later(Seconds(7_200)))]
    #[case(" 1d 12h ", End::Later(Seconds(129_600)))]
    #[case("1970-01-02 01:00", End::At(Time(86_400)))]
    #[case("1970-01-02T01:00", End::At(Time(86_400)))]
    #[case("1970-01-02 01:00Z", End::At(Time(90_000)))]
    #[case("1970-01-02", End::At(Time(172_799 - 3_600)))]
    fn ends_are_read_in_the_persons_time(#[case] text: &str, #[case] end: End) {
        assert_eq!(End::parse(text, Zone { east: 3_600 }), Ok(end));
    }

    #[rstest]
    #[case("")]
    #[case("2")]
    #[case("0h")]
    #[case("tomorrow")]
    fn what_is_no_time_is_said(#[case] text: &str) {
        assert!(End::parse(text, Zone::default()).unwrap_err().contains("expected how much longer"));
    }

    #[test]
    fn longer_counts_from_the_end_or_from_now() {
        let later = End::Later(Seconds(100));
        assert_eq!((later.of(Time(500), Time(300)), later.of(Time(200), Time(300))), (Time(600), Time(400)));
    }
}
