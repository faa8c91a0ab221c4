//! How often somebody may come, and how often guess.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::market::bucket::Bucket;
use crate::market::storage::WorkerKey;

/// Requests a second of one address; a second's worth may come at once. A whole room may share an address.
const PER_ADDRESS: u32 = 400;
/// Requests a second of one worker.
const PER_WORKER: u32 = 150;
/// So many are remembered at one time.
const REMEMBERED: usize = 10_000;
/// What was not seen for so long is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(3_600);
/// The longest wait after wrong guesses.
const LONGEST_WAIT: Duration = Duration::from_secs(900);

/// The part of an address that one customer of a network has.
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => IpAddr::V4(four),
            None => {
                let [a, b, c, d, ..] = six.segments();
                IpAddr::from([a, b, c, d, 0, 0, 0, 0])
            }
        },
    }
}

/// What is known of some, and forgotten again.
struct Remembered<K, V>(Mutex<HashMap<K, (V, Instant)>>);

impl<K, V> Default for Remembered<K, V> {
    fn default() -> Self {
        Remembered(Mutex::default())
    }
}

impl<K: Eq + Hash, V> Remembered<K, V> {
    /// Does something with what is known of one.
    fn with<T>(&self, key: K, now: Instant, new: impl Fn() -> V, act: impl FnOnce(&mut V) -> T) -> T {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if map.len() >= REMEMBERED && !map.contains_key(&key) {
            map.retain(|_, (_, seen)| now.saturating_duration_since(*seen) < FORGOTTEN);
        }
        if map.len() >= REMEMBERED && !map.contains_key(&key) {
            // Somebody comes from very many addresses: those that were not seen for longest are forgotten.
            let mut times: Vec<Instant> = map.values().map(|(_, seen)| *seen).collect();
            let (_, middle, _) = times.select_nth_unstable(REMEMBERED / 2);
            let middle = *middle;
            map.retain(|_, (_, seen)| *seen > middle);
        }
        let entry = map.entry(key).or_insert_with(|| (new(), now));
        if now.saturating_duration_since(entry.1) >= FORGOTTEN {
            entry.0 = new();
        }
        entry.1 = now;
        act(&mut entry.0)
    }
}

impl<K: Eq + Hash, V: Copy> Remembered<K, V> {
    /// What is known of one, without remembering it.
    fn peek(&self, key: &K, now: Instant) -> Option<V> {
        let map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        map.get(key).filter(|(_, seen)| now.saturating_duration_since(*seen) < FORGOTTEN).map(|(value, _)| *value)
    }
}

/// How often each may come.
#[derive(Default)]
pub struct Rates {
    addresses: Remembered<IpAddr, Bucket>,
    workers: Remembered<WorkerKey, Bucket>,
}

impl Rates {
    /// Whether another request of an address is served now.
    pub fn admit_address(&self, address: IpAddr, now: Instant) -> bool {
        self.addresses.with(network(address), now, || Bucket::new(PER_ADDRESS, now), |bucket| bucket.take(now))
    }

    /// Whether another request of a worker is served now.
    pub fn admit_worker(&self, worker: WorkerKey, now: Instant) -> bool {
        self.workers.with(worker, now, || Bucket::new(PER_WORKER, now), |bucket| bucket.take(now))
    }
}

/// Wrong guesses of one kind.
#[derive(Clone, Copy)]
struct Wrong {
    count: u32,
    until: Instant,
}

/// What guesses are counted by: who comes from where, whom it is about, and where from at all. A worker whom somebody else guesses
/// at waits little; who guesses waits long.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Counted {
    Pair(String, IpAddr),
    Name(String),
    Address(IpAddr),
}

impl Counted {
    /// So many guesses are free.
    fn free(&self) -> u32 {
        match self {
            Counted::Pair(..) => 5,
            Counted::Name(_) => 20,
            Counted::Address(_) => 40,
        }
    }

    fn longest(&self) -> Duration {
        match self {
            Counted::Name(_) => Duration::from_secs(30),
            _ => LONGEST_WAIT,
        }
    }
}

/// Guesses at passcodes, whether or not there is the worker that they name.
#[derive(Default)]
pub struct Guesses(Remembered<Counted, Wrong>);

impl Guesses {
    fn all(name: &str, address: IpAddr) -> [Counted; 3] {
        let (name, address) = (name.chars().take(80).collect::<String>(), network(address));
        [Counted::Pair(name.clone(), address), Counted::Name(name), Counted::Address(address)]
    }

    /// Counts a guess before it is looked at, so that many at one time are counted too; or says how long to wait.
    pub fn begin(&self, name: &str, address: IpAddr, now: Instant) -> Result<(), Duration> {
        let all = Guesses::all(name, address);
        let none = || Wrong { count: 0, until: now };
        // Looking leaves no trace: else names without number would push out what is known of others.
        let waits = all.iter().filter_map(|of| self.0.peek(of, now)).map(|wrong| wrong.until - now.min(wrong.until));
        let wait = waits.max().unwrap_or_default();
        if !wait.is_zero() {
            return Err(wait);
        }
        for of in all {
            let (free, longest) = (of.free(), of.longest());
            self.0.with(of, now, none, |wrong| {
                wrong.count += 1;
                if wrong.count >= free {
                    let seconds = 1_u64 << (wrong.count - free).min(20);
                    wrong.until = now + Duration::from_secs(seconds).min(longest);
                }
            });
        }
        Ok(())
    }

    /// A guess was right: what was counted against this worker from there is forgotten.
    pub fn succeeded(&self, name: &str, address: IpAddr, now: Instant) {
        for of in Guesses::all(name, address) {
            let is_address = matches!(of, Counted::Address(_));
            self.0.with(
                of,
                now,
                || Wrong { count: 0, until: now },
                |wrong| {
                    // One right guess among many wrong ones does not make an address a good one.
                    let count = if is_address { wrong.count.saturating_sub(1) } else { 0 };
                    *wrong = Wrong { count, until: now };
                },
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn guessing_becomes_slower_and_slower() {
        let (guesses, start) = (Guesses::default(), Instant::now());
        for _ in 0..5 {
            assert_eq!(guesses.begin("A1", address(1), start), Ok(()));
        }
        assert_eq!(guesses.begin("A1", address(1), start), Err(Duration::from_secs(1)));
        let mut now = start;
        let mut tried = 0;
        while now < start + Duration::from_secs(3_600) {
            match guesses.begin("A1", address(1), now) {
                Ok(()) => tried += 1,
                Err(wait) => now += wait,
            }
        }
        assert!(tried < 16, "{tried} guesses in an hour");
    }

    #[test]
    fn somebody_elses_guesses_lock_nobody_out() {
        let (guesses, now) = (Guesses::default(), Instant::now());
        for _ in 0..10 {
            let _ = guesses.begin("A1", address(1), now);
        }
        assert_eq!(guesses.begin("A1", address(2), now), Ok(()), "the worker at home");
        for last in 3..200 {
            let _ = guesses.begin("A1", address(last), now);
        }
        let wait = guesses.begin("A1", address(2), now).unwrap_err();
        assert!(wait <= Duration::from_secs(30), "{wait:?}");
        guesses.succeeded("A1", address(2), now);
        assert_eq!(guesses.begin("A1", address(2), now), Ok(()));
    }

    #[test]
    fn many_names_from_one_address_are_counted_together() {
        let (guesses, now) = (Guesses::default(), Instant::now());
        let tried = (0..200).filter(|n| guesses.begin(&format!("A{n}"), address(1), now).is_ok()).count();
        assert_eq!(tried, 40);
    }

    #[test]
    fn a_network_is_told_by_its_prefix() {
        let six = |text: &str| network(text.parse().unwrap());
        assert_eq!(six("2001:db8:1:2:3::4"), six("2001:db8:1:2::ffff"));
        assert_ne!(six("2001:db8:1:2::1"), six("2001:db8:1:3::1"));
        assert_eq!(six("::ffff:192.0.2.1"), address(1));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let (rates, now) = (Rates::default(), Instant::now());
        for n in 0..(REMEMBERED as u32 * 2) {
            assert!(rates.admit_address(IpAddr::from(n.to_be_bytes()), now));
        }
        assert!(rates.addresses.0.lock().unwrap().len() <= REMEMBERED);
        let from = address(1);
        let served = (0..1_000).filter(|_| rates.admit_address(from, now)).count();
        assert_eq!(served, PER_ADDRESS as usize);
    }
}
