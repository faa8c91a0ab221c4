//! When the endpoint is not there, or does not take our keys, everything waits: one probe after a growing pause, instead
//! of every decision failing for itself.

use crate::domain::time::Millis;
use crate::mturk::Error;
use std::time::Duration;

/// Spreads out what would otherwise happen at once. Seeded, so that a test can play it again.
#[derive(Debug, Clone)]
pub(super) struct Jitter(u64);

impl Jitter {
    pub(super) const fn new(seed: u64) -> Self {
        Jitter(seed)
    }

    /// A length between half of `ms` and one and a half of it.
    pub(super) fn spread(&mut self, ms: i64) -> i64 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let part = ((z ^ (z >> 31)) % 1_001) as i64;
        ms / 2 + ms * part / 1_000
    }
}

const FIRST: i64 = 500;
const LONGEST: i64 = 60_000;

#[derive(Debug)]
pub(in crate::runtime) struct Pause {
    jitter: Jitter,
    begun: Option<Millis>,
    until: Millis,
    failures: u32,
    last: Millis,
    error: Option<Error>,
}

impl Pause {
    pub(in crate::runtime) const fn new(seed: u64) -> Self {
        Pause { jitter: Jitter::new(seed), begun: None, until: Millis(0), failures: 0, last: Millis(0), error: None }
    }

    /// Notes that nothing of a group got through; answers whether that is news.
    pub(in crate::runtime) fn begin(&mut self, now: Millis, error: &Error) -> bool {
        let news = self.error.as_ref() != Some(error);
        self.error = Some(error.clone());
        self.begun = self.begun.or(Some(now));
        self.last = now;
        if now >= self.until {
            let length = (FIRST << self.failures.min(8)).min(LONGEST);
            self.until = now.plus(self.jitter.spread(length));
            self.failures += 1;
        }
        news
    }

    pub(in crate::runtime) fn end(&mut self) {
        self.begun = None;
        self.until = Millis(0);
        self.failures = 0;
        self.error = None;
    }

    /// How many decisions may be in hand: none during a pause, one as a probe after it.
    pub(in crate::runtime) fn room(&self, now: Millis, usual: usize) -> usize {
        match self.begun {
            None => usual,
            Some(_) if now < self.until => 0,
            Some(_) => 1,
        }
    }

    /// How long it still takes, in milliseconds.
    pub(in crate::runtime) fn rest(&self, now: Millis) -> Option<i64> {
        (self.begun.is_some() && now < self.until).then(|| self.until.since(now))
    }

    /// Whether there is no point in waiting any longer: keys that are not accepted do not get better by themselves.
    pub(in crate::runtime) fn is_hopeless(&self, patience: Duration) -> bool {
        match (&self.error, self.begun) {
            (Some(Error::Credentials { .. }), _) => true,
            (Some(_), Some(begun)) => i128::from(self.last.since(begun)) >= patience.as_millis() as i128,
            _ => false,
        }
    }

    pub(in crate::runtime) fn trouble(&self) -> Option<Error> {
        self.error.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gone() -> Error {
        Error::NotSent { why: "refused".into() }
    }

    #[test]
    fn pauses_grow_and_let_one_through() {
        let mut pause = Pause::new(7);
        assert_eq!(pause.room(Millis(0), 32), 32);
        assert!(pause.begin(Millis(0), &gone()));
        let first = pause.rest(Millis(0)).unwrap();
        assert!((250..=750).contains(&first), "{first}");
        assert_eq!(pause.room(Millis(first - 1), 32), 0);
        assert_eq!(pause.room(Millis(first), 32), 1);
        assert!(!pause.begin(Millis(first), &gone()));
        assert!(pause.rest(Millis(first)).unwrap() >= 500);
        pause.end();
        assert_eq!((pause.room(Millis(first), 32), pause.trouble()), (32, None));
    }

    #[test]
    fn patience_ends_and_wrong_keys_have_none() {
        let mut pause = Pause::new(7);
        pause.begin(Millis(0), &gone());
        assert!(!pause.is_hopeless(Duration::from_secs(10)));
        pause.begin(Millis(10_000), &gone());
        assert!(pause.is_hopeless(Duration::from_secs(10)));
        let mut pause = Pause::new(7);
        pause.begin(Millis(0), &Error::Credentials { why: "no".into() });
        assert!(pause.is_hopeless(Duration::from_secs(10)));
    }
}
