//! The outbox sender: takes decisions whose time has come, carries them out, writes down what became of them.
//!
//! It holds the store's sender lock only while there is something to do. What it claims is committed as Sending before a
//! request leaves; outcomes are committed in groups together with the next claim, so that the disk is waited for once a
//! group and never between two requests: more is claimed than is on its way. A kill leaves what was claimed in doubt,
//! answered or not, and it is read before anything else happens.

mod attempt;
mod hits;
pub(super) mod pause;
mod people;

use super::engine::{Engine, Step};
use crate::app::event::Event;
use crate::domain::assignment::AssignmentStatus;
use crate::domain::decision::{Decision, OutboxEntry, OutboxState, Target};
use crate::domain::time::Millis;
use crate::store::{CarriedOut, Settled, StoreError};
use attempt::Attempt;
use pause::Pause;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Where entries go as they change state.
pub(super) type Events = mpsc::Sender<Event>;

/// When the sender is to stop by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// Never: it waits for new decisions.
    Cancelled,
    /// When nothing is left to send, or nothing has gone through for so long.
    Idle {
        /// How long it puts up with an endpoint that cannot be reached.
        patience: Duration,
    },
}

/// What a sender that stopped by itself leaves behind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Left {
    /// Decisions that are not settled.
    pub unsettled: u32,
    /// Why, if the endpoint was the reason.
    pub trouble: Option<crate::mturk::Error>,
}

/// How long the first outcome of a group waits for others before it is written down. A write costs as much as several
/// requests.
const GATHER: Duration = Duration::from_millis(10);

/// What a task hands back: the outcome, and the trouble with the endpoint if that was the reason.
#[derive(Debug)]
struct Report {
    settled: Settled,
    trouble: Option<crate::mturk::Error>,
}

pub(super) struct Sender {
    engine: Engine,
    events: Option<Events>,
    stop: CancellationToken,
    until: Until,
    /// The last revision of the outbox that was told.
    told: i64,
}

impl Sender {
    pub(super) fn new(engine: Engine, events: Option<Events>, stop: CancellationToken, until: Until) -> Self {
        Sender { engine, events, stop, until, told: 0 }
    }

    /// Runs until it is told to stop, or until what [`Until`] says.
    pub(super) async fn run(mut self) -> Result<Left, StoreError> {
        let store = self.engine.store().clone();
        self.told = store.reading(|reader| Ok(reader.entries_since(i64::MAX)?.1)).await?;
        let mut pause = Pause::new(self.engine.seed());
        loop {
            // Asked for before looking, so that what is staged in between is not missed.
            let staged = self.engine.staged();
            let due = store.reading(crate::store::Reader::next_due).await?;
            let now = self.now();
            match due {
                Some(due) if due <= now && !self.stop.is_cancelled() => {
                    let lock = tokio::select! {
                        lock = store.sender_lock() => lock?,
                        () = self.stop.cancelled() => continue,
                    };
                    self.tell_others().await?;
                    let orphans = store.recover(self.now()).await?;
                    self.tell(orphans).await;
                    self.drain(&mut pause).await?;
                    drop(lock);
                    if self.has_enough(&pause) {
                        break;
                    }
                }
                _ if self.stop.is_cancelled() => break,
                None if matches!(self.until, Until::Idle { .. }) => break,
                due => {
                    let wait = due.map_or(Duration::MAX, |due| millis(due.since(now)));
                    tokio::select! {
                        () = staged => {}
                        () = sleep(wait) => {}
                        () = self.stop.cancelled() => {}
                    }
                }
            }
        }
        let unsettled = store.reading(crate::store::Reader::unsettled).await?;
        Ok(Left { unsettled, trouble: pause.trouble() })
    }

    fn now(&self) -> Millis {
        self.engine.clock().now().wall
    }

    fn has_enough(&self, pause: &Pause) -> bool {
        match self.until {
            Until::Cancelled => false,
            Until::Idle { patience } => pause.is_hopeless(patience),
        }
    }

    /// Sends what is due until nothing is, under the lock.
    async fn drain(&self, pause: &mut Pause) -> Result<(), StoreError> {
        let store = self.engine.store();
        let (done, mut reports) = mpsc::channel::<Report>(256);
        let mut mirror = tokio::task::JoinSet::new();
        let (mut in_hand, mut batch) = (0usize, Vec::new());
        let client = self.engine.client().await;
        // If the store fails under us, what has not left yet must not leave any more.
        let stop = self.stop.child_token();
        let _guard = stop.clone().drop_guard();
        loop {
            let stopping = self.stop.is_cancelled() || self.has_enough(pause);
            let room = if stopping { 0 } else { pause.room(self.now(), self.engine.limiter().worth_having()) };
            let staged = self.engine.staged();
            self.engine.probe(Step::Claim);
            let outcomes = std::mem::take(&mut batch);
            let (settled, claimed) = store.step(outcomes, room.saturating_sub(in_hand), self.now()).await?;
            self.engine.probe(Step::Claimed);
            self.keep_mirror(&settled, &mut mirror);
            let all_taken = claimed.len() < room.saturating_sub(in_hand);
            in_hand += claimed.len();
            let sending = claimed.iter().map(|claimed| claimed.entry.clone());
            self.tell(settled.into_iter().chain(sending.filter(|entry| entry.state == OutboxState::Sending)).collect())
                .await;
            for one in claimed {
                let attempt = Attempt { engine: self.engine.clone(), client: client.clone(), claimed: one };
                let (done, stop) = (done.clone(), stop.clone());
                tokio::spawn(async move {
                    let report = attempt.run(&stop).await;
                    // The receiver outlives every task: it is drained before the lock is given up.
                    let _ = done.send(report).await;
                });
            }
            if in_hand == 0 {
                // Nothing to claim now: because nothing is due, because of a pause, or because of the stop.
                let Some(wait) = pause.rest(self.now()).filter(|_| !stopping) else { break };
                tokio::select! {
                    () = sleep(millis(wait)) => {}
                    () = self.stop.cancelled() => {}
                }
                continue;
            }
            let wake = if all_taken && !stopping { self.next_claim()? } else { Duration::MAX };
            // Half of what may be under way: the rest keeps the line busy while this is written down.
            let enough = in_hand.min(self.engine.limiter().at_once().div_ceil(2));
            let mut fresh = Vec::new();
            tokio::select! {
                _ = reports.recv_many(&mut fresh, 512) => gather(&mut reports, &mut fresh, enough).await,
                () = staged, if !stopping => {}
                () = sleep(wake) => {}
            }
            in_hand -= fresh.len();
            self.heed(&fresh, pause).await;
            batch.extend(fresh.into_iter().map(|report| report.settled));
        }
        while mirror.join_next().await.is_some() {}
        Ok(())
    }

    fn next_claim(&self) -> Result<Duration, StoreError> {
        let due = self.engine.store().read(crate::store::Reader::next_claim)?;
        Ok(due.map_or(Duration::MAX, |due| millis(due.since(self.now()).max(1))))
    }

    /// Learns from how a group went whether the endpoint is there at all.
    async fn heed(&self, reports: &[Report], pause: &mut Pause) {
        let trouble = reports.iter().rev().find_map(|report| report.trouble.clone());
        match trouble {
            Some(error) if reports.iter().all(|report| report.trouble.is_some()) => {
                if pause.begin(self.now(), &error)
                    && let Some(events) = &self.events
                {
                    let _ = events.send(Event::DecisionsWait(error.to_string())).await;
                }
            }
            _ if !reports.is_empty() => pause.end(),
            _ => {}
        }
    }

    async fn tell(&self, entries: Vec<OutboxEntry>) {
        if let Some(events) = &self.events
            && !entries.is_empty()
        {
            // A desk that is gone needs no news.
            let _ = events.send(Event::Outbox(entries)).await;
        }
    }

    /// Tells what other processes did to the outbox while they held the lock.
    async fn tell_others(&mut self) -> Result<(), StoreError> {
        let told = self.told;
        let (entries, now) = self.engine.store().reading(move |reader| reader.entries_since(told)).await?;
        self.told = now;
        self.tell(entries).await;
        Ok(())
    }

    /// Lets the mirror know what was carried out, beside the sending.
    fn keep_mirror(&self, settled: &[OutboxEntry], tasks: &mut tokio::task::JoinSet<()>) {
        let time = self.engine.clock().now().time;
        let (mut decided, mut gone, mut hits, mut others) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for entry in settled.iter().filter(|entry| entry.state == OutboxState::Done) {
            let (id, status, feedback) = match (&entry.target, &entry.decision) {
                (Target::Assignment(id), Decision::Approve { feedback, .. }) => {
                    (id, AssignmentStatus::Approved, feedback.clone())
                }
                (Target::Assignment(id), Decision::Reject { feedback }) => {
                    (id, AssignmentStatus::Rejected, Some(feedback.clone()))
                }
                (Target::Hit(id), Decision::Delete) => {
                    gone.push(id.clone());
                    continue;
                }
                (Target::Hit(_), _) => {
                    hits.push(entry.clone());
                    continue;
                }
                (Target::Assignment(_), _) => continue,
                _ => {
                    others.push(entry.clone());
                    continue;
                }
            };
            decided.push(CarriedOut { id: id.clone(), status, at: time, who: entry.who.clone(), feedback });
        }
        if !others.is_empty() {
            let (engine, events) = (self.engine.clone(), self.events.clone());
            tasks.spawn(async move {
                if let Err(error) = engine.keep_people(others, time).await {
                    tracing::warn!(%error, "the mirror did not take a decision");
                } else if let Some(events) = events {
                    // A desk that is gone needs no news.
                    let _ = events.send(Event::PeopleKept).await;
                }
            });
        }
        if decided.is_empty() && gone.is_empty() && hits.is_empty() {
            return;
        }
        let (engine, events) = (self.engine.clone(), self.events.clone());
        tasks.spawn(async move {
            let store = engine.store();
            let changes = async {
                let mut changes = store.put_decided(decided).await?;
                changes.gone = store.put_gone(gone).await?.gone;
                changes.hits = store.put_changed_hits(hits, time).await?.hits;
                Ok::<_, StoreError>(changes)
            };
            match changes.await {
                Ok(changes) => {
                    if let Some(events) = events {
                        let _ = events.send(Event::Refreshed { rows: super::engine::rows(changes) }).await;
                    }
                }
                // The mirror is a copy: the next refresh reads what is missing here.
                Err(error) => tracing::warn!(%error, "the mirror did not take a decision"),
            }
            engine.probe(Step::Mirrored);
        });
    }
}

/// Takes further outcomes until there are `enough`, or a moment has passed.
pub(super) async fn gather<T>(reports: &mut mpsc::Receiver<T>, fresh: &mut Vec<T>, enough: usize) {
    let moment = tokio::time::sleep(GATHER);
    tokio::pin!(moment);
    while fresh.len() < enough {
        tokio::select! {
            biased;
            _ = reports.recv_many(fresh, 512) => {}
            () = &mut moment => break,
        }
    }
}

pub(super) fn millis(ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap_or(0))
}

/// Sleeps; for ever if it is longer than a year.
async fn sleep(wait: Duration) {
    if wait > Duration::from_secs(365 * 86_400) {
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(wait).await;
}
