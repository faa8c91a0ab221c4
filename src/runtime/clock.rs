//! The two clocks, injected.

use crate::domain::time::{Millis, Now, Time};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Hands out the person's and the endpoint's time.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> Now + Send + Sync>,
}

impl Clock {
    /// The machine's clock for both.
    pub fn system() -> Self {
        Clock::of(|| {
            let wall = wall();
            Now { wall, time: Time(wall.0.div_euclid(1_000)) }
        })
    }

    /// The machine's clock for the person, `time` for the endpoint (a market whose time runs faster, or stands still).
    pub fn with_time(time: impl Fn() -> Time + Send + Sync + 'static) -> Self {
        Clock::of(move || Now { wall: wall(), time: time() })
    }

    /// Any two clocks; a test moves them by hand.
    pub fn of(now: impl Fn() -> Now + Send + Sync + 'static) -> Self {
        Clock { now: Arc::new(now) }
    }

    /// What they show.
    pub fn now(&self) -> Now {
        (self.now)()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.now().fmt(f)
    }
}

fn wall() -> Millis {
    // A machine whose clock stands before 1970 gets 1970.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
