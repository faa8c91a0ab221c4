//! Market time: wall time at some speed, or standing still until it is moved. It never runs backwards.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

use crate::domain::time::Time;

/// A moment of market time, in milliseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment(pub i64);

impl Moment {
    /// The moment in whole seconds, as the API reports it.
    pub const fn time(self) -> Time {
        Time(self.0.div_euclid(1000))
    }

    /// The first moment of a whole second.
    pub const fn of(time: Time) -> Moment {
        Moment(time.0.saturating_mul(1000))
    }
}

/// The market's clock. Clones share the same time.
#[derive(Clone)]
pub struct Clock(Arc<Inner>);

struct Inner {
    speed: f64,
    base: Mutex<Base>,
    latest: AtomicI64,
    moved: watch::Sender<()>,
}

/// Where market time and wall time were known together, and the wall time that was seen last.
#[derive(Clone, Copy)]
struct Base {
    market: i64,
    wall: i64,
    seen: i64,
}

/// When the wall clock is set back by more than this, market time goes on from where it is; by less, it waits.
const SET_BACK: i64 = 1_000;

/// Wall time in milliseconds since the epoch.
pub fn wall_millis() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

impl Clock {
    /// A clock that shows `start` now and runs `speed` times as fast as the wall clock; 0 stands still.
    pub fn starting_at(start: Moment, speed: f64) -> Clock {
        Clock(Arc::new(Inner {
            speed: if speed.is_finite() { speed.max(0.0) } else { 1.0 },
            base: Mutex::new(Base::at(start.0, wall_millis())),
            latest: AtomicI64::new(start.0),
            moved: watch::Sender::new(()),
        }))
    }

    /// A clock that shows wall time and runs `speed` times as fast; 0 stands still.
    pub fn from_wall(speed: f64) -> Clock {
        Clock::starting_at(Moment(wall_millis()), speed)
    }

    /// How many times faster than the wall clock it runs; 0 when it stands still.
    pub fn speed(&self) -> f64 {
        self.0.speed
    }

    /// The market's time, with millisecond precision. Never earlier than any moment shown before.
    pub fn now(&self) -> Moment {
        self.seen_at(wall_millis())
    }

    fn seen_at(&self, wall: i64) -> Moment {
        let mut base = self.0.base.lock().unwrap_or_else(PoisonError::into_inner);
        if wall < base.seen - SET_BACK {
            *base = Base::at(self.0.latest.load(Ordering::Acquire), wall);
        }
        base.seen = wall;
        let shown = self.at(*base, wall);
        Moment(self.0.latest.fetch_max(shown, Ordering::AcqRel).max(shown))
    }

    /// Moves the clock forward and returns the new time.
    pub fn advance(&self, by: Duration) -> Moment {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        {
            let mut base = self.0.base.lock().unwrap_or_else(PoisonError::into_inner);
            base.market = base.market.saturating_add(by);
        }
        self.0.moved.send_replace(());
        self.now()
    }

    /// How far market time is ahead of wall time, in milliseconds.
    pub fn offset(&self) -> i64 {
        self.now().0.saturating_sub(wall_millis())
    }

    /// Waits until the market's clock shows `due`. On a clock that stands still, only [`Clock::advance`] ends the wait.
    pub async fn until(&self, due: Moment) {
        let mut moved = self.0.moved.subscribe();
        loop {
            moved.mark_unchanged();
            let left = due.0.saturating_sub(self.now().0);
            if left <= 0 {
                return;
            }
            if self.0.speed == 0.0 {
                // The sender lives in `self`, so this cannot fail while we wait.
                let _ = moved.changed().await;
                continue;
            }
            let wall = Duration::from_millis(((left as f64 / self.0.speed).ceil() as u64).clamp(1, 86_400_000));
            tokio::select! {
                () = tokio::time::sleep(wall) => {}
                _ = moved.changed() => {}
            }
        }
    }

    /// Lets `span` of market time pass.
    pub async fn pass(&self, span: Duration) {
        let span = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        self.until(Moment(self.now().0.saturating_add(span))).await;
    }

    fn at(&self, base: Base, wall: i64) -> i64 {
        if self.0.speed == 0.0 {
            return base.market;
        }
        let passed = wall.saturating_sub(base.wall).max(0);
        base.market.saturating_add((passed as f64 * self.0.speed) as i64)
    }
}

impl Base {
    const fn at(market: i64, wall: i64) -> Base {
        Base { market, wall, seen: wall }
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clock({} ms, {}x)", self.now().0, self.0.speed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stands_still_until_it_is_moved() {
        let clock = Clock::starting_at(Moment(1_000_500), 0.0);
        assert_eq!(clock.now(), Moment(1_000_500));
        assert_eq!(clock.now().time(), Time(1_000));
        let shared = clock.clone();
        assert_eq!(clock.advance(Duration::from_secs(60)), Moment(1_060_500));
        assert_eq!(shared.now(), Moment(1_060_500));
    }

    #[test]
    fn runs_as_many_times_faster_as_it_was_told() {
        let clock = Clock::starting_at(Moment(5_000), 60.0);
        assert_eq!(clock.at(Base::at(5_000, 100), 1_100), 65_000);
        assert_eq!(clock.at(Base::at(5_000, 100), 50), 5_000);
    }

    #[test]
    fn goes_on_when_the_wall_clock_is_set_back_and_never_runs_backwards() {
        let clock = Clock::starting_at(Moment(0), 1.0);
        let wall = wall_millis() + 60_000;
        let before = clock.seen_at(wall);
        let hour = 3_600_000;
        assert_eq!(clock.seen_at(wall - hour), before);
        assert_eq!(clock.seen_at(wall - hour + 500).0, before.0 + 500, "it does not stand still for an hour");
        assert_eq!(clock.seen_at(wall - hour).0, before.0 + 500, "a small step back is waited out");
        assert_eq!(clock.seen_at(wall - hour + 700).0, before.0 + 700);
    }

    #[tokio::test]
    async fn a_waiter_on_a_standing_clock_is_woken_by_moving_it() {
        let clock = Clock::starting_at(Moment(0), 0.0);
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { clock.until(Moment(10_000)).await }
        });
        tokio::task::yield_now().await;
        clock.advance(Duration::from_secs(9));
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        clock.advance(Duration::from_secs(1));
        waiting.await.unwrap();
    }
}
