//! The law by which the rate follows what an endpoint accepts: pure, time is handed in.
//!
//! A refusal says one of two things: there were too many requests, or the endpoint refuses some of them whatever there
//! are. Only the first is a reason to go slower, and the second would bring every law to a halt that goes slower at each
//! refusal. What tells them apart is whether going slower helps. So while refusals last, the law looks now and then: for
//! a few dozen answers it lets fewer requests leave, and remembers the share that is accepted then as the usual one.
//! What is refused beyond the usual is refused because there were too many.

use super::Pace;
use tokio::time::Instant;

/// As many answers are waited for before the rate is changed, at the least.
const ENOUGH: u32 = 16;
/// Seconds without an answer, after which what was counted is too old to go on with.
const PAUSE: f64 = 1.0;
/// During a look so much of the rate is left, and so many answers make one.
const LOOK: f64 = 0.7;
const LOOK_ANSWERS: u32 = 64;
/// A look takes no longer, and then at least so many answers must have come for it to say something.
const LOOK_SECONDS: f64 = 12.0;
const LEAST_ANSWERS: u32 = 24;
/// After so many windows with refusals comes the first look; each time it is twice as many, until it is so many.
const FIRST_LOOK: u32 = 3;
const LAST_LOOK: u32 = 16;
/// Below this part of the usual share there are too many requests, without a look.
const WORTH_A_LOOK: f64 = 0.6;
/// However much is refused, the usual share is not believed to be less.
const LEAST_USUAL: f64 = 0.3;

/// The rate, and what led to it.
#[derive(Debug, Clone)]
pub(super) struct Law {
    pace: Pace,
    rate: f64,
    /// The share that is accepted however few requests leave.
    usual: f64,
    /// The share that is accepted now, smoothed.
    share: f64,
    /// Windows with refusals since the last look, and after how many the next one comes.
    refusing: u32,
    patience: u32,
    /// The rate to go back to after the look that is going on.
    look: Option<f64>,
    /// Answers that are still to come to what left before the last look began.
    late: u32,
    start: Instant,
    /// When the last answer came.
    heard: Instant,
    accepted: u32,
    refused: u32,
}

impl Law {
    pub(super) fn new(pace: Pace, now: Instant) -> Self {
        Law {
            pace,
            rate: pace.rate,
            usual: 1.0,
            share: 1.0,
            refusing: 0,
            patience: FIRST_LOOK,
            look: None,
            late: 0,
            start: now,
            heard: now,
            accepted: 0,
            refused: 0,
        }
    }

    /// Requests that may leave in a second; infinite for no limit.
    pub(super) fn rate(&self) -> f64 {
        self.rate
    }

    /// A request leaves, and no other one is under way: what was not asked for before says nothing.
    pub(super) fn wake(&mut self, now: Instant) {
        let pause = (now - self.heard).as_secs_f64();
        if self.accepted + self.refused == 0 || pause > PAUSE.max(2.0 / self.rate) {
            (self.start, self.accepted, self.refused) = (now, 0, 0);
        }
    }

    /// Learns from one answer, with so many more still under way. Says whether there was a reason to go slower.
    pub(super) fn learn(&mut self, accepted: bool, under_way: usize, now: Instant) -> bool {
        self.heard = now;
        if self.late > 0 {
            self.late -= 1;
            self.start = now;
            return false;
        }
        if accepted {
            self.accepted += 1;
        } else {
            self.refused += 1;
        }
        let seen = self.accepted + self.refused;
        let elapsed = (now - self.start).as_secs_f64();
        // Where more is refused than accepted there is nothing to wait for.
        let soon = if self.refused > self.accepted { 0.025 } else { 0.1 };
        let over = match self.look {
            Some(_) => seen >= LOOK_ANSWERS || elapsed >= LOOK_SECONDS,
            None => elapsed >= 2.0 || (elapsed >= soon && seen >= ENOUGH),
        };
        if !over {
            return false;
        }
        let slower = match self.look.take() {
            Some(back) => {
                if seen >= LEAST_ANSWERS {
                    self.usual = self.share_of_window().max(LEAST_USUAL);
                }
                self.rate = back;
                false
            }
            None => self.adapt(elapsed, under_way),
        };
        (self.start, self.accepted, self.refused) = (now, 0, 0);
        slower
    }

    fn share_of_window(&self) -> f64 {
        f64::from(self.accepted) / f64::from((self.accepted + self.refused).max(1))
    }

    fn adapt(&mut self, elapsed: f64, under_way: usize) -> bool {
        let accepted = f64::from(self.accepted) / elapsed;
        let sent = f64::from(self.accepted + self.refused) / elapsed;
        let share = self.share_of_window();
        self.share += (share - self.share) / 4.0;
        if self.rate.is_infinite() {
            if self.refused > 0 {
                self.rate = (accepted * self.pace.over).max(self.pace.first).max(self.pace.floor);
            }
            return self.refused > 0;
        }
        // A rate that is not made use of says nothing about a higher one.
        let is_used = sent >= self.rate * 0.5;
        if self.refused == 0 {
            if is_used {
                self.rate = self.rate * 1.1 + 0.5;
            }
            return false;
        }
        // The share that was accepted, and not how many were: few may have been asked for.
        let wanted = (share / self.usual * self.pace.over).clamp(0.5, self.pace.over);
        if wanted <= 1.0 || is_used {
            self.rate = (self.rate * wanted).max(self.pace.floor);
        }
        self.refusing += u32::from(self.share >= WORTH_A_LOOK * self.usual && is_used);
        if self.pace.looks && self.refusing >= self.patience {
            self.refusing = 0;
            self.patience = (self.patience * 2).min(LAST_LOOK);
            self.look = Some(self.rate);
            self.rate = (self.rate.min(sent) * LOOK).max(self.pace.floor);
            self.late = u32::try_from(under_way).unwrap_or(u32::MAX);
        }
        wanted < 1.0 || self.look.is_some()
    }
}
