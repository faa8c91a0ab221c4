//! Time as a value. Pure code is handed the time; it never asks for it.

use std::ops::{Add, Sub};

/// A moment on the endpoint's clock: whole seconds since 1970-01-01 UTC, the precision of the MTurk API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(pub i64);

/// A span of whole seconds; may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Seconds(pub i64);

impl Seconds {
    /// One minute.
    pub const MINUTE: Seconds = Seconds(60);
    /// One hour.
    pub const HOUR: Seconds = Seconds(3_600);
    /// One day.
    pub const DAY: Seconds = Seconds(86_400);
}

impl Add<Seconds> for Time {
    type Output = Time;
    fn add(self, span: Seconds) -> Time {
        Time(self.0.saturating_add(span.0))
    }
}

impl Sub<Seconds> for Time {
    type Output = Time;
    fn sub(self, span: Seconds) -> Time {
        Time(self.0.saturating_sub(span.0))
    }
}

impl Sub<Time> for Time {
    type Output = Seconds;
    fn sub(self, other: Time) -> Seconds {
        Seconds(self.0.saturating_sub(other.0))
    }
}

/// Milliseconds since the epoch on the person's own clock: grace periods, ages of data, latencies.
/// Market time may run faster than this, or stand still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Millis(pub i64);

impl Millis {
    /// This moment `ms` milliseconds later.
    pub const fn plus(self, ms: i64) -> Millis {
        Millis(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this moment.
    pub const fn since(self, earlier: Millis) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// The two clocks, as handed to pure code with every event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Now {
    /// The person's clock.
    pub wall: Millis,
    /// The endpoint's clock.
    pub time: Time,
}

/// An optional [`Time`] in four bytes, for rows that are kept by the hundred thousand. Holds 1970-01-01 00:00:01 to 2106.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Stamp(u32);

impl Stamp {
    /// No time.
    pub const NONE: Stamp = Stamp(0);

    /// The time, if there is one.
    pub const fn get(self) -> Option<Time> {
        if self.0 == 0 { None } else { Some(Time(self.0 as i64)) }
    }

    /// As a number, in the order of time; 0 for none.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Out of [`Stamp::bits`].
    pub const fn of_bits(bits: u32) -> Stamp {
        Stamp(bits)
    }
}

impl From<Option<Time>> for Stamp {
    fn from(time: Option<Time>) -> Self {
        Stamp(time.map_or(0, |time| time.0.clamp(1, u32::MAX as i64) as u32))
    }
}

impl From<Time> for Stamp {
    fn from(time: Time) -> Self {
        Some(time).into()
    }
}

impl std::fmt::Debug for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.get().fmt(f)
    }
}
