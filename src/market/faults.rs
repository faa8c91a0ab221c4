//! Faults on purpose: throttling, server errors, connections cut before or after the market has acted, delay.

use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::bucket::Bucket;

/// What share of the API's requests goes wrong, and how. The shares add up to at most 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Faults {
    /// `ThrottlingException`, without acting.
    pub throttle: f64,
    /// `ServiceFault` (500), without acting.
    pub error500: f64,
    /// The connection is cut, without acting.
    pub reset_before: f64,
    /// The market acts, then the connection is cut.
    pub reset_after: f64,
    /// How long every request waits before anything else happens.
    pub delay: Duration,
}

/// Why a text is not a description of faults.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultsError {
    /// A name nobody knows.
    #[error("\"{0}\" is not a fault: expected throttle, error500, reset_before, reset_after or delay")]
    Name(String),
    /// Not a share.
    #[error("{name}={value}: expected a share from 0 to 1, such as {name}=0.1")]
    Share {
        /// Of what.
        name: String,
        /// What was given.
        value: String,
    },
    /// Not a duration.
    #[error("delay={0}: expected a duration such as 50ms or 2s")]
    Delay(String),
    /// More than everything goes wrong.
    #[error("the shares of throttle, error500, reset_before and reset_after add up to more than 1")]
    Sum,
}

impl FromStr for Faults {
    type Err = FaultsError;

    /// Reads `throttle=0.1,error500=0.05,reset_before=0.02,reset_after=0.02,delay=50ms`; empty for none.
    fn from_str(text: &str) -> Result<Faults, FaultsError> {
        let mut faults = Faults::default();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let share = || {
                let share = value.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
                share.ok_or_else(|| FaultsError::Share { name: name.into(), value: value.into() })
            };
            match name {
                "throttle" => faults.throttle = share()?,
                "error500" => faults.error500 = share()?,
                "reset_before" => faults.reset_before = share()?,
                "reset_after" => faults.reset_after = share()?,
                "delay" => faults.delay = duration(value).ok_or_else(|| FaultsError::Delay(value.into()))?,
                _ => return Err(FaultsError::Name(name.into())),
            }
        }
        if faults.throttle + faults.error500 + faults.reset_before + faults.reset_after > 1.0 + 1e-9 {
            return Err(FaultsError::Sum);
        }
        Ok(faults)
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Faults { throttle, error500, reset_before, reset_after, delay } = self;
        let delay = delay.as_millis();
        write!(
            f,
            "throttle={throttle},error500={error500},reset_before={reset_before},reset_after={reset_after},delay={delay}ms"
        )
    }
}

fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at(text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len()));
    let number: u64 = number.parse().ok()?;
    match unit {
        "ms" | "" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        _ => None,
    }
}

/// What becomes of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is answered.
    Answered,
    /// It is throttled.
    Throttled,
    /// It meets a server error.
    Error500,
    /// Its connection is cut before anything happens.
    ResetBefore,
    /// It happens, and its connection is cut.
    ResetAfter,
}

/// Decides the fate of requests, from a seed.
pub struct FaultPlan {
    latency: Duration,
    state: Mutex<State>,
}

struct State {
    faults: Faults,
    rng: StdRng,
    bucket: Option<Bucket>,
}

impl FaultPlan {
    /// A plan: faults drawn from `seed`, `latency` on every request, at most `rate` requests a second.
    pub fn new(faults: Faults, seed: u64, latency: Duration, rate: Option<u32>) -> FaultPlan {
        let bucket = rate.map(|rate| Bucket::new(rate, Instant::now()));
        let rng = StdRng::seed_from_u64(seed);
        FaultPlan { latency, state: Mutex::new(State { faults, rng, bucket }) }
    }

    /// Other faults from now on.
    pub fn set(&self, faults: Faults) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).faults = faults;
    }

    /// How long a request waits.
    pub fn delay(&self) -> Option<Duration> {
        let faults = self.state.lock().unwrap_or_else(PoisonError::into_inner).faults;
        Some(self.latency + faults.delay).filter(|delay| !delay.is_zero())
    }

    /// The fate of the next request.
    pub fn draw(&self) -> Fate {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = &mut state.bucket
            && !bucket.take(Instant::now())
        {
            return Fate::Throttled;
        }
        let faults = state.faults;
        let mut drawn: f64 = state.rng.random();
        for (share, fate) in [
            (faults.throttle, Fate::Throttled),
            (faults.error500, Fate::Error500),
            (faults.reset_before, Fate::ResetBefore),
            (faults.reset_after, Fate::ResetAfter),
        ] {
            if drawn < share {
                return fate;
            }
            drawn -= share;
        }
        Fate::Answered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_specification_is_read_and_written() {
        let text = "throttle=0.1,error500=0.05,reset_before=0.02,reset_after=0.02,delay=50ms";
        let faults: Faults = text.parse().unwrap();
        assert_eq!(faults.to_string(), text);
        assert_eq!("".parse(), Ok(Faults::default()));
        assert_eq!("delay=2s".parse(), Ok(Faults { delay: Duration::from_secs(2), ..Faults::default() }));
        for wrong in ["throttle", "throttle=2", "throttle=-0.1", "oops=1", "delay=soon", "throttle=0.6,error500=0.6"] {
            assert!(wrong.parse::<Faults>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn fates_come_in_their_shares_and_from_the_seed() {
        let faults: Faults = "throttle=0.2,error500=0.1,reset_before=0.05,reset_after=0.05".parse().unwrap();
        let draw = |seed| {
            let plan = FaultPlan::new(faults, seed, Duration::ZERO, None);
            (0..10_000).map(|_| plan.draw()).collect::<Vec<_>>()
        };
        let fates = draw(7);
        assert_eq!(fates, draw(7));
        assert_ne!(fates, draw(8));
        for (fate, share) in
            [(Fate::Throttled, 2_000), (Fate::Error500, 1_000), (Fate::ResetBefore, 500), (Fate::ResetAfter, 500)]
        {
            let count = fates.iter().filter(|f| **f == fate).count();
            assert!(count.abs_diff(share) < 200, "{fate:?} {count}");
        }
    }
}
