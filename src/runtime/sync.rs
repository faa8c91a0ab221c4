//! Reading the account into the mirror: the list of HITs, then the assignments of those that can have changed.
//!
//! The counters of a HIT say whether its assignments moved: undecided and completed against what the mirror holds. What no
//! counter shows, a rejection overridden elsewhere, is found by reading a few HITs with rejected work again each time,
//! those first that were not read for the longest. Pages of different HITs are read at the same time under the limiter and
//! written as they come, so that the first rows are there after two round trips; a refresh that fails or is cancelled
//! leaves what was written, which is true, and does not count as a refresh.

use super::engine::{Engine, EngineError, rows};
use super::index::index;
use super::limiter::{Priority, Verdict};
use crate::app::event::{Event, SyncState};
use crate::domain::assignment::OVERRIDE_WINDOW;
use crate::domain::hit::{Hit, HitStatus};
use crate::domain::id::HitId;
use crate::domain::key::AssignmentKey;
use crate::mturk::{Balance, Client, Error};
use crate::store::{Changes, Fetched, HitCounts};
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// HITs with rejected work that are read again each time although nothing says that they changed.
const ROLLING: u32 = 20;
/// HITs that may be waiting for their assignments at once; more would only cost memory.
const AHEAD: usize = 128;
/// How much is written in one transaction: so many HITs, or answers of so many bytes.
const TOGETHER: usize = 512;
const WEIGHT: usize = 4 << 20;
/// How often a read is tried that does not get through.
const TRIES: u32 = 8;

/// What a refresh found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Synced {
    /// HITs of the account.
    pub hits: u32,
    /// Of these, how many had their assignments read.
    pub read: u32,
    /// Assignments that were new or had changed.
    pub changed: u32,
    /// HITs that are no longer there.
    pub gone: u32,
}

impl Engine {
    /// Reads what can have changed. Events: `Sync` (running, fresh), `Refreshed`, `Balance`. A failure is the result, not
    /// an event: the caller knows when it will be tried again. None when it was cancelled.
    pub async fn sync(
        &self,
        events: Option<mpsc::Sender<Event>>,
        cancel: CancellationToken,
    ) -> Result<Option<Synced>, EngineError> {
        if self.is_offline() {
            return Ok(Some(Synced::default()));
        }
        let refresh = Refresh { engine: self.clone(), client: self.client().await, events };
        tokio::select! {
            done = refresh.run() => done.map(Some),
            () = cancel.cancelled() => Ok(None),
        }
    }

    /// Asks again while the endpoint throttles, and a few times when it cannot be reached. For reads only.
    pub(super) async fn ask<T, A>(&self, call: impl Fn() -> A) -> Result<T, Error>
    where
        A: Future<Output = Result<T, Error>>,
    {
        self.ask_as(Priority::Read, call).await
    }

    /// As [`Engine::ask`], before or behind other requests.
    pub(super) async fn ask_as<T, A>(&self, priority: Priority, call: impl Fn() -> A) -> Result<T, Error>
    where
        A: Future<Output = Result<T, Error>>,
    {
        if self.is_offline() {
            return Err(Error::Offline);
        }
        let mut tries = 0;
        loop {
            let permit = self.limiter().acquire(priority).await;
            let answer = call().await;
            permit.finish(match &answer {
                Err(Error::Throttled { .. }) => Verdict::Throttled,
                Err(Error::NotSent { .. }) => Verdict::Trouble,
                _ => Verdict::Answered,
            });
            let wait = match &answer {
                Err(Error::Throttled { .. }) => Duration::from_millis(50),
                Err(Error::NotSent { .. } | Error::Maybe { .. }) if tries + 1 < TRIES => {
                    tries += 1;
                    Duration::from_millis(25 << tries.min(5))
                }
                _ => return answer,
            };
            tokio::time::sleep(wait).await;
        }
    }
}

#[derive(Clone)]
struct Refresh {
    engine: Engine,
    client: Client,
    events: Option<mpsc::Sender<Event>>,
}

/// What a task of the refresh found out.
enum Found {
    Balance(Balance),
    Assignments(Box<Fetched>),
    Gone(HitId),
}

impl Refresh {
    async fn run(self) -> Result<Synced, EngineError> {
        let engine = &self.engine;
        let begun = engine.clock().now();
        let since = begun.time - OVERRIDE_WINDOW;
        let known = engine.store().reading(move |reader| {
            Ok((reader.hit_counts()?, reader.longest_unread(since, ROLLING)?, reader.newest()?))
        });
        let (mut known, rolling, newest) = known.await?;
        let rolling: HashSet<HitId> = rolling.into_iter().collect();

        let (found, mut finds) = mpsc::channel::<Fetched>(AHEAD);
        let writer = tokio::spawn({
            let refresh = self.clone();
            async move {
                let mut changes = Tally { newest, changed: 0, others_wrote: false };
                while let Some(first) = finds.recv().await {
                    // What has come by now, and not what may still come: the first rows are wanted at once.
                    let (mut weight, mut batch) = (weight(&first), vec![first]);
                    while weight < WEIGHT
                        && batch.len() < TOGETHER
                        && let Ok(next) = finds.try_recv()
                    {
                        weight += self::weight(&next);
                        batch.push(next);
                    }
                    let written = refresh.engine.store().put(batch).await?;
                    changes.count(&written);
                    refresh.tell_rows(written).await;
                }
                Ok::<_, EngineError>(changes)
            }
        });
        let mut tasks: JoinSet<Result<Found, Error>> = JoinSet::new();
        tasks.spawn({
            let Refresh { engine, client, .. } = self.clone();
            async move { Ok(Found::Balance(engine.ask(|| client.balance()).await?)) }
        });
        let mut state = State { found, synced: Synced::default(), balance: None, gone: Vec::new(), done: 0 };
        let mut next = None;
        loop {
            // Each page has to be waited for before the next can be asked for: not behind what the last one led to.
            let page = engine.ask_as(Priority::List, || self.client.list_hits(next.clone())).await?;
            let mut unchanged = Vec::new();
            for hit in page.items {
                state.synced.hits += 1;
                let counts = known.remove(&hit.id);
                if rolling.contains(&hit.id) || has_changed(&hit, counts) {
                    state.synced.read += 1;
                    while tasks.len() >= AHEAD {
                        self.take(&mut tasks, &mut state).await?;
                    }
                    tasks.spawn(self.clone().read(hit));
                } else {
                    unchanged.push(Fetched { hit, assignments: Vec::new(), complete: None });
                }
            }
            for one in unchanged {
                // The writer only ends before the sender when it failed; its error is the result then.
                let _ = state.found.send(one).await;
            }
            next = page.next;
            if next.is_none() {
                break;
            }
        }
        self.look_for(known, &mut tasks, &mut state).await?;
        while !tasks.is_empty() {
            self.take(&mut tasks, &mut state).await?;
        }
        let State { found, mut synced, balance, gone, .. } = state;
        drop(found);
        let tally = writer.await.map_err(|_| crate::store::StoreError::Closed)??;
        let new = engine.store().reading(move |reader| reader.count_after(newest)).await?;
        synced.changed = tally.changed + new;
        synced.gone = gone.len() as u32;
        if !gone.is_empty() {
            let changes = engine.store().put_gone(gone).await?;
            self.tell_rows(changes).await;
        }
        if tally.others_wrote {
            self.tell_everything().await?;
        }
        if let Some(balance) = balance {
            engine.store().remember_sync(begun.wall, balance.available).await?;
        }
        self.tell(Event::Sync(SyncState::Fresh(begun.wall))).await;
        // For the next start. What other processes have changed is packed here too.
        engine.store().pack().await?;
        if synced.changed > 0 {
            engine.store().tidy().await?;
        }
        Ok(synced)
    }

    /// Takes one finished task.
    async fn take(&self, tasks: &mut JoinSet<Result<Found, Error>>, state: &mut State) -> Result<(), EngineError> {
        let Some(done) = tasks.join_next().await else { return Ok(()) };
        match done.map_err(|_| crate::store::StoreError::Closed)?? {
            Found::Balance(balance) => {
                state.balance = Some(balance);
                self.tell(Event::Balance(balance.available, balance.on_hold)).await;
            }
            Found::Assignments(fetched) => {
                let _ = state.found.send(*fetched).await;
                state.done += 1;
                // Not for every one of thousands.
                if state.done.is_multiple_of(16) || state.done == 1 {
                    let running = SyncState::Running { done: state.done, of: state.synced.read };
                    self.tell(Event::Sync(running)).await;
                }
            }
            Found::Gone(id) => state.gone.push(id),
        }
        Ok(())
    }

    /// Reads all assignments of a HIT.
    async fn read(self, mut hit: Hit) -> Result<Found, Error> {
        let at = self.engine.clock().now().wall;
        let expected = (hit.undecided() + hit.completed) as usize;
        let (mut assignments, mut next) = (Vec::new(), None);
        loop {
            let page = self.engine.ask(|| self.client.list_assignments(&hit.id, next.clone())).await;
            let page = match page {
                // Deleted since the list was made.
                Err(error) if error.is_missing() => return Ok(Found::Gone(hit.id)),
                page => page?,
            };
            // Every page but an empty one carries a token; a short page that brings what the counters promised is the last.
            let last = page.next.is_none() || page.items.is_empty();
            let full = page.is_full();
            assignments.extend(page.items.into_iter().map(|it| {
                let index = index(&it.answer);
                (it, index)
            }));
            if last || (!full && assignments.len() >= expected) {
                break;
            }
            next = page.next;
        }
        hit.question.shrink_to_fit();
        Ok(Found::Assignments(Box::new(Fetched { hit, assignments, complete: Some(at) })))
    }

    /// HITs of the mirror that were not in the list: deleted, or not listed yet.
    async fn look_for(
        &self,
        missing: HashMap<HitId, HitCounts>,
        tasks: &mut JoinSet<Result<Found, Error>>,
        state: &mut State,
    ) -> Result<(), EngineError> {
        for id in missing.into_keys() {
            while tasks.len() >= AHEAD {
                self.take(tasks, state).await?;
            }
            let Refresh { engine, client, .. } = self.clone();
            tasks.spawn(async move {
                match engine.ask(|| client.get_hit(&id)).await {
                    Ok(hit) if hit.status == HitStatus::Disposed => Ok(Found::Gone(id)),
                    Ok(hit) => {
                        Ok(Found::Assignments(Box::new(Fetched { hit, assignments: Vec::new(), complete: None })))
                    }
                    Err(error) if error.is_missing() => Ok(Found::Gone(id)),
                    Err(error) => Err(error),
                }
            });
        }
        Ok(())
    }

    /// Another process has written to the mirror: its changes are not among ours.
    async fn tell_everything(&self) -> Result<(), EngineError> {
        let Some(events) = self.events.clone() else { return Ok(()) };
        let all = move |reader: &crate::store::Reader| {
            reader.stream(|chunk| events.blocking_send(Event::Refreshed { rows: rows(chunk) }).is_ok())
        };
        Ok(self.engine.store().reading(all).await?)
    }

    async fn tell_rows(&self, changes: Changes) {
        let rows = rows(changes);
        if rows != crate::app::event::Rows::default() {
            self.tell(Event::Refreshed { rows }).await;
        }
    }

    async fn tell(&self, event: Event) {
        if let Some(events) = &self.events {
            // A desk that is gone needs no news.
            let _ = events.send(event).await;
        }
    }
}

struct State {
    found: mpsc::Sender<Fetched>,
    synced: Synced,
    balance: Option<Balance>,
    gone: Vec<HitId>,
    done: u32,
}

struct Tally {
    /// The newest row before the refresh.
    newest: AssignmentKey,
    /// Rows that were there and have changed. New ones are counted at the end, because another process that refreshes at
    /// the same time writes some of them.
    changed: u32,
    others_wrote: bool,
}

impl Tally {
    fn count(&mut self, changes: &Changes) {
        self.changed += changes.assignments.iter().filter(|row| row.key <= self.newest).count() as u32;
        self.others_wrote |= changes.others_wrote;
    }
}

/// Bytes of answers.
fn weight(fetched: &Fetched) -> usize {
    fetched.assignments.iter().map(|(assignment, _)| assignment.answer.len()).sum()
}

/// Whether the counters say that assignments moved since the mirror was written.
fn has_changed(hit: &Hit, counts: Option<HitCounts>) -> bool {
    let counts = counts.unwrap_or_default();
    let as_mirrored = counts.undecided == hit.undecided() && counts.decided == hit.completed;
    // Where an endpoint drops the open places of an expired HIT, the first comparison never holds.
    let as_read = counts.read == Some((hit.pending, hit.available, hit.completed));
    !as_mirrored && !as_read
}
