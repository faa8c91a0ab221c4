//! One limiter for everything that goes to an endpoint, decisions before reads.
//!
//! Two things are adapted. How many requests may be under way at once: it doubles every round trip until something goes
//! wrong, then grows by one a round trip, and is halved when connections fail. How many may leave in a second: there is
//! no limit at first (for Amazon's hosts: 3 a second, 10 at once); when the endpoint throttles, the rate falls by the share
//! that was refused, to at most half and to a little more than what was accepted, and it grows again while nothing is
//! throttled. So it settles just above the endpoint's own limit, where nothing is left unused. An endpoint that refuses
//! some requests whatever their number does not bring it down: see [`law`].

mod law;

use law::Law;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// Connections that fail within this time fail together.
const TOGETHER: Duration = Duration::from_millis(100);

/// Whose request it is; the first go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// A decision, or a read that settles one.
    Decision,
    /// A page that says what else there is to read; waits while decisions wait.
    List,
    /// Everything else; waits while anything else waits.
    Read,
}

/// How a request went, as far as the limiter is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was answered.
    Answered,
    /// It was turned away because there were too many.
    Throttled,
    /// There was no connection, or no answer in time.
    Trouble,
}

/// Where the limiter begins and how far it may go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Requests a second to begin with; infinite for none.
    pub rate: f64,
    /// Requests that may leave at once after a pause.
    pub burst: f64,
    /// Requests under way to begin with.
    pub at_once: usize,
    /// The most requests under way.
    pub most: usize,
    /// The least rate that the very first throttle leads to, if there was no limit before.
    pub first: f64,
    /// The rate never falls below this.
    pub floor: f64,
    /// The rate after a throttle, as a multiple of what the endpoint was seen to accept.
    pub over: f64,
    /// Whether it is worth finding out, now and then, what is refused when fewer requests leave.
    pub looks: bool,
}

impl Pace {
    /// For Amazon's hosts, which allow about 3 a second: to find out anything there would take half a minute.
    pub const AMAZON: Pace =
        Pace { rate: 3.0, burst: 10.0, at_once: 4, most: 16, first: 3.0, floor: 0.5, over: 1.1, looks: false };
    /// For everything else.
    pub const WIDE: Pace = Pace {
        rate: f64::INFINITY,
        burst: 10.0,
        at_once: 32,
        most: 64,
        first: 25.0,
        floor: 5.0,
        over: 1.25,
        looks: true,
    };

    /// The pace for an endpoint's address.
    pub fn of(endpoint: &str) -> Self {
        let host = endpoint.split("//").nth(1).unwrap_or(endpoint);
        let host = host.split(['/', ':']).next().unwrap_or(host);
        if host.ends_with(".amazonaws.com") { Pace::AMAZON } else { Pace::WIDE }
    }
}

/// The limiter; clones are the same one.
#[derive(Debug, Clone)]
pub struct Limiter {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    pace: Pace,
    under_way: usize,
    limit: f64,
    /// Whether nothing has gone wrong yet.
    fresh: bool,
    law: Law,
    tokens: f64,
    filled: Instant,
    /// In the order of their priority.
    waiting: [VecDeque<oneshot::Sender<Permit>>; 3],
    timer: bool,
    /// When connections failed the last time that it had a consequence.
    trouble: Option<Instant>,
}

/// The right to have one request under way.
#[derive(Debug)]
pub struct Permit {
    limiter: Option<Limiter>,
}

impl Permit {
    /// Gives the right back and tells how it went.
    pub fn finish(mut self, verdict: Verdict) {
        if let Some(limiter) = self.limiter.take() {
            limiter.give_back(Some(verdict));
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(limiter) = self.limiter.take() {
            limiter.give_back(None);
        }
    }
}

impl Limiter {
    /// A limiter that has seen nothing yet.
    pub fn new(pace: Pace) -> Self {
        Limiter { state: Arc::new(Mutex::new(State::new(pace, Instant::now()))) }
    }

    /// How many requests may be under way at once now.
    pub fn at_once(&self) -> usize {
        self.lock().limit as usize
    }

    /// How many requests may leave in a second now; infinite for no limit.
    pub fn rate(&self) -> f64 {
        self.lock().law.rate()
    }

    /// How many requests are worth having ready, those under way among them: as many again as may be under way, so that
    /// the line does not run dry while something is written down, but no more than leave in a second.
    pub fn worth_having(&self) -> usize {
        let state = self.lock();
        let soon = state.law.rate().max(state.pace.burst) as usize;
        (2 * state.limit as usize).min(soon).max(1)
    }

    /// Waits until a request may leave.
    pub async fn acquire(&self, priority: Priority) -> Permit {
        let (grant, granted) = oneshot::channel();
        self.lock().waiting[priority as usize].push_back(grant);
        self.pump();
        match granted.await {
            Ok(permit) => permit,
            // The queue is only emptied by granting, so this cannot happen; a free permit does no harm.
            Err(_) => Permit { limiter: None },
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Grants what can be granted, decisions first; arms one timer if only the rate is in the way.
    fn pump(&self) {
        let mut granted = Vec::new();
        {
            let mut state = self.lock();
            state.fill(Instant::now());
            while state.has_room() {
                let Some(next) = state.waiting.iter_mut().find_map(VecDeque::pop_front) else { break };
                // Nobody waits for it any more.
                if next.is_closed() {
                    continue;
                }
                state.begin();
                granted.push(next);
            }
            if state.tokens < 1.0 && state.waiting.iter().any(|queue| !queue.is_empty()) {
                self.arm(&mut state);
            }
        }
        for next in granted {
            // If it was given up in this very moment, the permit comes back by being dropped.
            let _ = next.send(Permit { limiter: Some(self.clone()) });
        }
    }

    fn arm(&self, state: &mut State) {
        if state.timer {
            return;
        }
        state.timer = true;
        let wait = state.until_token();
        let limiter = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            limiter.lock().timer = false;
            limiter.pump();
        });
    }

    fn give_back(&self, verdict: Option<Verdict>) {
        {
            let mut state = self.lock();
            state.end();
            if let Some(verdict) = verdict {
                state.learn(verdict, Instant::now());
            }
        }
        self.pump();
    }
}

impl State {
    fn new(pace: Pace, now: Instant) -> Self {
        State {
            pace,
            under_way: 0,
            limit: pace.at_once as f64,
            fresh: true,
            law: Law::new(pace, now),
            tokens: pace.burst,
            filled: now,
            waiting: Default::default(),
            timer: false,
            trouble: None,
        }
    }

    fn has_room(&self) -> bool {
        self.under_way < self.limit as usize && self.tokens >= 1.0
    }

    fn begin(&mut self) {
        if self.under_way == 0 {
            self.law.wake(self.filled);
        }
        self.under_way += 1;
        if self.law.rate().is_finite() {
            self.tokens -= 1.0;
        }
    }

    fn end(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }

    fn until_token(&self) -> Duration {
        Duration::from_secs_f64(((1.0 - self.tokens) / self.law.rate()).clamp(0.001, 5.0))
    }

    fn fill(&mut self, now: Instant) {
        let rate = self.law.rate();
        if rate.is_finite() {
            let burst = self.pace.burst.max(rate * 0.05);
            self.tokens = (self.tokens + rate * (now - self.filled).as_secs_f64()).min(burst);
        }
        self.filled = now;
    }

    fn learn(&mut self, verdict: Verdict, now: Instant) {
        match verdict {
            Verdict::Answered => {
                self.limit += if self.fresh { 1.0 } else { 1.0 / self.limit.max(1.0) };
                self.limit = self.limit.min(self.pace.most as f64);
            }
            Verdict::Throttled => self.fresh = false,
            Verdict::Trouble => {
                self.fresh = false;
                // Those that failed together are one failure.
                if self.trouble.is_none_or(|last| now - last >= TOGETHER) {
                    self.trouble = Some(now);
                    self.limit = (self.limit / 2.0).max(1.0);
                }
                return;
            }
        }
        if self.law.learn(verdict == Verdict::Answered, self.under_way, now) {
            self.tokens = self.tokens.min(1.0);
        }
    }
}

#[cfg(test)]
mod tests;
