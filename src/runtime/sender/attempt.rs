//! One decision in the hands of the sender: sent once, or read to see what became of an earlier request.

use super::Report;
use super::pause::Jitter;
use crate::domain::assignment::{Assignment, AssignmentStatus};
use crate::domain::decision::{Decision, OutboxEntry, OutboxState, Target};
use crate::domain::id::{AssignmentId, WorkerId};
use crate::domain::money::Usd;
use crate::mturk::{Client, Error};
use crate::runtime::engine::{Engine, Step};
use crate::runtime::limiter::{Priority, Verdict};
use crate::store::{Claimed, Outcome, Settled, StoreError};
use tokio_util::sync::CancellationToken;

/// MTurk remembers request tokens for 24 hours; an hour of it is left for clocks that differ.
const TOKEN_LIFE: i64 = 23 * 3_600 * 1_000;
/// How often a refusal is doubted that the state of the assignment does not explain.
const PATIENCE: u32 = 8;

pub(super) struct Attempt {
    pub engine: Engine,
    pub client: Client,
    pub claimed: Claimed,
}

/// What the requests of an attempt came to.
pub(super) enum Went {
    /// It is carried out; perhaps with something worth telling.
    Done(Option<String>),
    /// Refused for good.
    Failed(String),
    /// Certainly not carried out, and nothing is in the way.
    NotYet(&'static str),
    /// The service refused, but the state does not say why; perhaps later.
    Odd(Error),
    /// A request failed before it could change anything.
    Unsent(Error),
    /// It may have been carried out.
    Unclear(Error),
    /// It may have been carried out, and nothing will ever tell.
    Maybe(String),
    /// The store did not answer.
    Store(StoreError),
    /// The sender stops.
    Stopped,
}

impl Attempt {
    pub(super) async fn run(self, stop: &CancellationToken) -> Report {
        // A request on its way is never given up; only one that has not begun.
        let went = if stop.is_cancelled() { Went::Stopped } else { self.carry_out(stop).await };
        let trouble = match &went {
            Went::Unsent(error) | Went::Unclear(error) => is_trouble(error).then(|| error.clone()),
            _ => None,
        };
        Report { settled: Settled { id: self.claimed.entry.id, outcome: self.outcome(went) }, trouble }
    }

    async fn carry_out(&self, stop: &CancellationToken) -> Went {
        let entry = &self.claimed.entry;
        let doubted = entry.state == OutboxState::Unknown;
        match (&entry.target, &entry.decision) {
            (Target::Assignment(id), Decision::Approve { .. } | Decision::Reject { .. }) if doubted => {
                self.verify_decision(id, stop).await
            }
            (Target::Assignment(id), Decision::Approve { feedback, override_rejection }) => {
                let call = self.client.approve(id, feedback.as_deref(), *override_rejection);
                self.settle_decision(id, self.send(stop, call).await, stop).await
            }
            (Target::Assignment(id), Decision::Reject { feedback }) => {
                self.settle_decision(id, self.send(stop, self.client.reject(id, feedback)).await, stop).await
            }
            (Target::Assignment(id), Decision::Bonus { worker, amount, reason }) => {
                self.bonus(Bonus { id, worker, amount: *amount, reason }, stop).await
            }
            (Target::Hit(id), decision) => self.carry_out_on_hit(id, decision, stop).await,
            _ => self.carry_out_other(stop).await,
        }
    }

    /// Waits for the limiter and asks.
    pub(super) async fn send<T>(
        &self,
        stop: &CancellationToken,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Ask> {
        let permit = tokio::select! {
            biased;
            () = stop.cancelled() => return Err(Ask::Stopped),
            permit = self.engine.limiter().acquire(Priority::Decision) => permit,
        };
        self.engine.probe(Step::Send);
        let answer = call.await;
        permit.finish(verdict(&answer));
        self.engine.probe(Step::Answered);
        answer.map_err(Ask::Failed)
    }

    async fn settle_decision(&self, id: &AssignmentId, sent: Result<(), Ask>, stop: &CancellationToken) -> Went {
        match sent {
            // Somebody was faster, or an earlier request of ours got through after all: the state says which.
            Err(Ask::Failed(error)) if error.is_wrong_state() => match self.read(id, stop).await {
                Ok(now) => match self.compare(&now, true) {
                    Went::NotYet(_) => Went::Odd(error),
                    went => went,
                },
                Err(went) => went,
            },
            sent => plain(sent),
        }
    }

    async fn verify_decision(&self, id: &AssignmentId, stop: &CancellationToken) -> Went {
        match self.read(id, stop).await {
            Ok(now) => self.compare(&now, false),
            Err(went) => went,
        }
    }

    async fn read(&self, id: &AssignmentId, stop: &CancellationToken) -> Result<Assignment, Went> {
        self.send(stop, self.client.get_assignment(id)).await.map_err(|ask| match ask {
            Ask::Stopped => Went::Stopped,
            Ask::Failed(error) if error.is_missing() => Went::Failed(error.to_string()),
            Ask::Failed(error) => Went::Unclear(error),
        })
    }

    /// What the assignment's state means for the decision. `refused`: the service had just refused it.
    fn compare(&self, now: &Assignment, refused: bool) -> Went {
        use AssignmentStatus::{Approved, Rejected, Submitted};
        let overrides = matches!(self.claimed.entry.decision, Decision::Approve { override_rejection: true, .. });
        let rejects = matches!(self.claimed.entry.decision, Decision::Reject { .. });
        // A request of ours that was cut off may be the one that decided it.
        let ours = self.claimed.entry.attempts > 1 || !refused;
        let already = |word: &str| if ours { None } else { Some(format!("already {word} {}", by_whom(now))) };
        match (now.status, rejects) {
            (Approved, false) => Went::Done(already("approved")),
            (Rejected, true) => Went::Done(already("rejected")),
            (Approved, true) => Went::Failed(format!("already approved {}; an approval is final", by_whom(now))),
            (Rejected, false) if overrides && refused => {
                Went::Failed("the rejection can no longer be overridden".into())
            }
            (Rejected, false) if overrides => Went::NotYet("it had not been carried out: still rejected"),
            (Rejected, false) => Went::Failed(format!("already rejected {}; override it instead", by_whom(now))),
            (Submitted, _) => Went::NotYet("it had not been carried out: still submitted"),
        }
    }

    async fn bonus(&self, bonus: Bonus<'_>, stop: &CancellationToken) -> Went {
        let entry = &self.claimed.entry;
        let Some(token) = &entry.token else { return Went::Failed("the outbox row has no request token".into()) };
        let doubted = entry.state == OutboxState::Unknown;
        if doubted && self.is_token_forgotten() {
            match self.is_paid(&bonus, stop).await {
                Ok(true) => return Went::Done(Some("found among the bonuses paid".into())),
                Ok(false) => {}
                Err(went) => return went,
            }
        }
        let call = self.client.send_bonus(bonus.worker, bonus.id, bonus.amount, bonus.reason, token);
        match self.send(stop, call).await {
            Ok(()) => Went::Done(None),
            Err(Ask::Failed(error)) if error.is_repeated() => Went::Done(None),
            // The earlier request may have got through before whatever is in the way now.
            Err(Ask::Failed(error @ Error::Refused { .. })) if doubted => match self.is_paid(&bonus, stop).await {
                Ok(true) => Went::Done(Some("found among the bonuses paid".into())),
                Ok(false) => Went::Failed(error.to_string()),
                Err(went) => went,
            },
            // Still in doubt: it must not become a staged row that could be taken back.
            Err(Ask::Failed(error)) if doubted => Went::Unclear(error),
            sent => plain(sent),
        }
    }

    /// Whether the service may no longer remember the token of the first request.
    pub(super) fn is_token_forgotten(&self) -> bool {
        let age = self.claimed.first_sent.map_or(0, |first| self.engine.clock().now().wall.since(first));
        age > TOKEN_LIFE
    }

    /// Whether more such bonuses were paid than this store has settled: then this one is among them.
    async fn is_paid(&self, bonus: &Bonus<'_>, stop: &CancellationToken) -> Result<bool, Went> {
        let mut paid = 0;
        let mut next = None;
        loop {
            let page = self.send(stop, self.client.list_bonuses(bonus.id, next)).await.map_err(|ask| match ask {
                Ask::Stopped => Went::Stopped,
                Ask::Failed(error) => Went::Unclear(error),
            })?;
            paid += page.items.iter().filter(|it| bonus.is(it)).count();
            next = page.next;
            if next.is_none() || page.items.is_empty() {
                break;
            }
        }
        let like: OutboxEntry = self.claimed.entry.clone();
        let settled = self.engine.store().reading(move |reader| reader.equal_bonuses_done(&like)).await;
        Ok(paid > settled.map_err(Went::Store)? as usize)
    }

    fn outcome(&self, went: Went) -> Outcome {
        let entry = &self.claimed.entry;
        let doubted = entry.state == OutboxState::Unknown;
        let now = self.engine.clock().now().wall;
        let mut jitter = Jitter::new(self.engine.seed() ^ (entry.id.0 as u64) << 8 ^ u64::from(self.claimed.tries));
        let mut wait = |first: i64, most: i64| {
            let ms = jitter.spread((first << self.claimed.tries.min(10)).min(most));
            (now.plus(ms), ms)
        };
        match went {
            Went::Done(note) => Outcome::Done { note },
            Went::Failed(reason) => Outcome::Failed { reason },
            Went::NotYet(note) => Outcome::Later { due: now, note: note.into() },
            Went::Odd(error) if self.claimed.tries >= PATIENCE => Outcome::Failed { reason: error.to_string() },
            Went::Odd(error) | Went::Unsent(error) if !doubted => {
                let (due, ms) = match &error {
                    // The limiter sets the pace; this only keeps the same row from coming back at once.
                    Error::Throttled { .. } => wait(50, 1_000),
                    _ => wait(500, 5_000),
                };
                Outcome::Later { due, note: format!("{error}; next try in {}", span(ms)) }
            }
            Went::Odd(error) | Went::Unsent(error) | Went::Unclear(error) => {
                let (due, ms) = match &error {
                    Error::Throttled { .. } => wait(50, 1_000),
                    _ if !doubted => (now, 0),
                    // An endpoint that is not there is waited for by the pause of the whole sender.
                    _ => wait(100, 2_000),
                };
                Outcome::Doubt { due, note: format!("{error}; its state is read in {}", span(ms)) }
            }
            Went::Maybe(reason) => Outcome::Maybe { reason },
            Went::Store(error) => Outcome::Doubt { due: wait(500, 5_000).0, note: error.to_string() },
            Went::Stopped => Outcome::Released,
        }
    }
}

/// A bonus to be paid.
struct Bonus<'a> {
    id: &'a AssignmentId,
    worker: &'a WorkerId,
    amount: Usd,
    reason: &'a str,
}

impl Bonus<'_> {
    fn is(&self, paid: &crate::domain::assignment::BonusPayment) -> bool {
        paid.worker == *self.worker && paid.amount == self.amount && paid.reason == self.reason
    }
}

/// Why there is no answer.
pub(super) enum Ask {
    /// The endpoint's answer, or why there is none.
    Failed(Error),
    /// The sender stops.
    Stopped,
}

/// What a mutating request came to, where no state has to be looked at.
pub(super) fn plain(sent: Result<(), Ask>) -> Went {
    match sent {
        Ok(()) => Went::Done(None),
        Err(Ask::Stopped) => Went::Stopped,
        Err(Ask::Failed(error @ (Error::Throttled { .. } | Error::NotSent { .. } | Error::Credentials { .. }))) => {
            Went::Unsent(error)
        }
        Err(Ask::Failed(error @ Error::Refused { .. })) => Went::Failed(error.to_string()),
        Err(Ask::Failed(error)) => Went::Unclear(error),
    }
}

/// A reading that did not succeed settles nothing.
pub(super) fn unread<T>(read: Result<T, Ask>) -> Went {
    match read {
        Err(Ask::Failed(error)) => Went::Unclear(error),
        Ok(_) | Err(Ask::Stopped) => Went::Stopped,
    }
}

fn verdict<T>(answer: &Result<T, Error>) -> Verdict {
    match answer {
        Err(Error::Throttled { .. }) => Verdict::Throttled,
        Err(Error::NotSent { .. }) => Verdict::Trouble,
        _ => Verdict::Answered,
    }
}

fn is_trouble(error: &Error) -> bool {
    matches!(error, Error::NotSent { .. } | Error::Credentials { .. } | Error::NotMturk { .. })
}

fn by_whom(now: &Assignment) -> &'static str {
    if now.approved.is_some() && now.approved == now.auto_approval && now.feedback.is_none() {
        "by the auto-approval clock"
    } else {
        "elsewhere"
    }
}

fn span(ms: i64) -> String {
    if ms < 1_000 { format!("{ms} ms") } else { format!("{} s", (ms + 500) / 1_000) }
}
