//! The limiter against endpoints played in the mind.

use super::*;
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

#[tokio::test]
async fn decisions_go_before_lists_and_lists_before_reads() {
    let limiter = Limiter::new(Pace { at_once: 1, most: 1, ..Pace::WIDE });
    let first = limiter.acquire(Priority::Read).await;
    let order = Arc::new(Mutex::new(Vec::new()));
    let wait = |priority| {
        let (limiter, order) = (limiter.clone(), order.clone());
        tokio::spawn(async move {
            let permit = limiter.acquire(priority).await;
            order.lock().unwrap().push(priority);
            permit.finish(Verdict::Answered);
        })
    };
    let tasks = [wait(Priority::Read), wait(Priority::Read), wait(Priority::List), wait(Priority::Decision)];
    let queued = || limiter.lock().waiting.iter().map(VecDeque::len).sum::<usize>();
    while queued() < tasks.len() {
        tokio::task::yield_now().await;
    }
    first.finish(Verdict::Answered);
    for task in tasks {
        task.await.unwrap();
    }
    let expected = [Priority::Decision, Priority::List, Priority::Read, Priority::Read];
    assert_eq!(*order.lock().unwrap(), expected);
}

#[tokio::test]
async fn a_waiter_that_gives_up_costs_nothing() {
    let limiter = Limiter::new(Pace { at_once: 1, most: 1, ..Pace::WIDE });
    let first = limiter.acquire(Priority::Read).await;
    let second = tokio::spawn({
        let limiter = limiter.clone();
        async move { limiter.acquire(Priority::Read).await }
    });
    while limiter.lock().waiting[Priority::Read as usize].is_empty() {
        tokio::task::yield_now().await;
    }
    second.abort();
    let _ = second.await;
    first.finish(Verdict::Answered);
    limiter.acquire(Priority::Decision).await.finish(Verdict::Answered);
    assert_eq!(limiter.lock().under_way, 0);
}

/// Plays `count` requests of 20 ms each, all waiting from the beginning, against an endpoint that says which it
/// accepts; a refused one is asked again. Before that the program has done other things for a while. Answers the seconds of the played time and how many were refused.
fn play(pace: Pace, count: u32, mut accepts: impl FnMut(f64) -> bool) -> (f64, u32) {
    let begin = Instant::now();
    let mut state = State::new(pace, begin);
    let at = |ms: u64| begin + Duration::from_millis(3_000 + ms);
    let mut under_way = VecDeque::new();
    let (mut waiting, mut refused, mut now) = (count, 0, 0u64);
    while waiting > 0 || !under_way.is_empty() {
        while under_way.front().is_some_and(|end| *end <= now) {
            under_way.pop_front();
            state.end();
            let accepted = accepts(now as f64 / 1_000.0);
            if !accepted {
                waiting += 1;
                refused += 1;
            }
            state.learn(if accepted { Verdict::Answered } else { Verdict::Throttled }, at(now));
        }
        state.fill(at(now));
        while waiting > 0 && state.has_room() {
            state.begin();
            waiting -= 1;
            under_way.push_back(now + 20);
        }
        now += 1;
    }
    (now as f64 / 1_000.0, refused)
}

fn bucket(rate: f64, burst: f64) -> impl FnMut(f64) -> bool {
    let (mut tokens, mut last) = (burst, 0.0);
    move |now| {
        tokens = (tokens + (now - last) * rate).min(burst);
        last = now;
        let passed = tokens >= 1.0;
        if passed {
            tokens -= 1.0;
        }
        passed
    }
}

#[test]
fn the_endpoints_own_rate_is_found_and_used() {
    let (seconds, refused) = play(Pace::WIDE, 500, bucket(50.0, 10.0));
    assert!(seconds < 1.1 * (500.0 - 10.0) / 50.0, "{seconds} s, {refused} refused");
    assert!(refused < 260, "{refused} refused");
    let (seconds, refused) = play(Pace::AMAZON, 100, bucket(3.0, 10.0));
    assert!(seconds < 1.15 * (100.0 - 10.0) / 3.0, "{seconds} s, {refused} refused");
    assert!(refused < 30, "{refused} refused");
}

/// Requests a second that 64 connections carry at 20 ms each.
const CARRIED: f64 = 64.0 / 0.02;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// An endpoint that refuses one in five whatever it is asked: at least half of what the connections carry gets through,
    /// from the first request to the last.
    #[test]
    fn random_refusals_do_not_bring_it_down(seed: u64, refused in 0.01..0.21) {
        let mut random = StdRng::seed_from_u64(seed);
        let (seconds, _) = play(Pace::WIDE, 10_000, |_| random.random_bool(1.0 - refused));
        let ideal = 10_000.0 / (CARRIED * (1.0 - refused));
        prop_assert!(seconds < 2.0 * ideal, "{seconds} s of {ideal} s at the least");
    }

    /// One in three costs more, but is no halt.
    #[test]
    fn not_even_one_in_three(seed: u64) {
        let mut random = StdRng::seed_from_u64(seed);
        let (seconds, _) = play(Pace::WIDE, 10_000, |_| random.random_bool(0.67));
        prop_assert!(seconds < 120.0, "{seconds} s");
    }

    /// A hard limit is used to nine tenths at the least, and what is refused stays below a third of all requests.
    #[test]
    fn a_hard_limit_is_kept_to(rate in 20.0..1_500.0f64) {
        let count = (rate * 30.0) as u32;
        let (seconds, refused) = play(Pace::WIDE, count, bucket(rate, 10.0));
        prop_assert!(seconds < 30.0 / 0.9, "{seconds} s at {rate}/s");
        prop_assert!(refused < count / 2, "{refused} refused of {count} at {rate}/s");
    }

    /// Both at once: a hard limit behind random refusals.
    #[test]
    fn a_hard_limit_is_kept_to_behind_random_refusals(seed: u64, rate in 50.0..1_000.0f64) {
        let mut random = StdRng::seed_from_u64(seed);
        let mut bucket = bucket(rate, 10.0);
        let count = (rate * 30.0) as u32;
        let (seconds, refused) = play(Pace::WIDE, count, |now| random.random_bool(0.8) && bucket(now));
        prop_assert!(seconds < 30.0 / 0.6, "{seconds} s at {rate}/s");
        prop_assert!(refused < count, "{refused} refused of {count} at {rate}/s");
    }

    /// What was learnt from random refusals is forgotten when a hard limit comes, and the other way round.
    #[test]
    fn what_was_learnt_is_learnt_anew(seed: u64, rate in 50.0..500.0f64) {
        let mut random = StdRng::seed_from_u64(seed);
        let mut bucket = bucket(rate, 10.0);
        let (mut late, mut refused) = (0, 0);
        play(Pace::WIDE, 40_000, |now| match now {
            ..=10.0 => random.random_bool(0.8),
            now => {
                let accepted = bucket(now);
                if now > 40.0 {
                    late += 1;
                    refused += u32::from(!accepted);
                }
                accepted
            }
        });
        prop_assert!(f64::from(refused) < 0.4 * f64::from(late), "{refused} of {late} refused at {rate}/s");
        let mut bucket = self::bucket(rate, 10.0);
        let mut accepted = 0;
        play(Pace::WIDE, 40_000, |now| match now {
            ..=10.0 => bucket(now),
            now => {
                let passed = random.random_bool(0.8);
                accepted += u32::from(passed && now < 40.0);
                passed
            }
        });
        prop_assert!(accepted > 20_000, "{accepted} in 30 s after a hard limit of {rate}/s");
    }
}

#[test]
fn a_pause_says_nothing_about_the_endpoint() {
    let begin = Instant::now();
    let mut state = State::new(Pace::WIDE, begin);
    let at = |ms: u64| begin + Duration::from_millis(ms);
    // One answer, a long pause, then many at once, of which one is refused.
    state.begin();
    state.end();
    state.learn(Verdict::Answered, at(20));
    state.fill(at(5_000));
    (0..32).for_each(|_| state.begin());
    for n in 0..32 {
        state.end();
        let verdict = if n == 0 { Verdict::Throttled } else { Verdict::Answered };
        state.learn(verdict, at(5_020 + 3 * n));
    }
    state.begin();
    state.end();
    state.learn(Verdict::Answered, at(5_120));
    assert!(state.law.rate() > 200.0, "{}", state.law.rate());
}

#[test]
fn lost_connections_halve_what_is_under_way() {
    let mut state = State::new(Pace::WIDE, Instant::now());
    state.learn(Verdict::Trouble, Instant::now());
    state.learn(Verdict::Trouble, Instant::now());
    assert_eq!(state.limit as usize, Pace::WIDE.at_once / 2);
}

#[test]
fn what_is_taken_in_hand_follows_the_pace() {
    assert_eq!(Limiter::new(Pace::WIDE).worth_having(), 64);
    // Three a second, ten at once: not a whole window full of decisions that nobody could take back any more.
    assert_eq!(Limiter::new(Pace { at_once: 16, ..Pace::AMAZON }).worth_having(), 10);
    assert_eq!(Limiter::new(Pace { at_once: 1, burst: 0.5, rate: 0.5, ..Pace::AMAZON }).worth_having(), 1);
}

#[test]
fn amazon_is_known_by_its_host() {
    assert_eq!(Pace::of("https://mturk-requester.us-east-1.amazonaws.com"), Pace::AMAZON);
    assert_eq!(Pace::of("http://127.0.0.1:7878"), Pace::WIDE);
    assert_eq!(Pace::of("http://amazonaws.com.evil.example/.amazonaws.com"), Pace::WIDE);
}
