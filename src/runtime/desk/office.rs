//! Carries out what the desk wants done beside the screen: decisions in the order in which they were made, reads so
//! that the latest wins.

use super::bonuses::Bonuses;
use super::clerk;
use super::details::Details;
use super::keeper::{Keeper, Pauses};
use super::publish::{Publishing, Unpublished};
use super::search::Search;
use super::worker;
use crate::app::effect::{Effect, Subject, TextTerm};
use crate::app::event::{Event, Level, RequestId};
use crate::domain::key::AssignmentKey;
use crate::runtime::engine::Engine;
use crate::store::Store;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;

/// Changes of the journal that wait for the disk. When there are more, the newest is refused and the person is told.
const WAITING: usize = 1_024;

/// Counts what was begun and is not finished.
#[derive(Debug, Clone, Default)]
struct Work(Arc<Count>);

#[derive(Debug, Default)]
struct Count {
    open: AtomicUsize,
    finished: Notify,
}

/// Something that was begun; finished when it is dropped.
#[derive(Debug)]
pub(super) struct Open(Arc<Count>);

impl Work {
    fn begin(&self) -> Open {
        self.0.open.fetch_add(1, Ordering::Relaxed);
        Open(self.0.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
        self.0.finished.notify_one();
    }
}

/// The desk's hands.
#[derive(Debug)]
pub struct Office {
    engine: Engine,
    store: Store,
    details: Details,
    search: Search,
    bonuses: Bonuses,
    journal: mpsc::Sender<(Effect, Open)>,
    clerk: JoinHandle<()>,
    keeper: Option<Keeper>,
    outcomes: mpsc::Sender<Event>,
    data: mpsc::Sender<Event>,
    pauses: Pauses,
    /// What is being published, and how it is stopped.
    publishing: Vec<Publishing>,
    work: Work,
}

impl Office {
    /// Opens for business. What becomes of decisions goes to `outcomes`, what was read to `data`.
    pub fn open(engine: Engine, pauses: Pauses, outcomes: mpsc::Sender<Event>, data: mpsc::Sender<Event>) -> Self {
        let (journal, changes) = mpsc::channel(WAITING);
        let store = engine.store().clone();
        Office {
            details: Details::new(store.clone()),
            search: Search::new(store.clone()),
            store,
            bonuses: Bonuses::default(),
            journal,
            clerk: tokio::spawn(clerk::write_down(engine.clone(), changes, outcomes.clone(), data.clone())),
            keeper: None,
            engine,
            outcomes,
            data,
            pauses,
            publishing: Vec::new(),
            work: Work::default(),
        }
    }

    /// Begins what goes on in the background: the whole store is read, then what is due is sent and the endpoint is read
    /// again and again. Not before the first frame is on the screen.
    pub fn start(&mut self) {
        let start = || Keeper::start(self.engine.clone(), self.pauses, self.outcomes.clone(), self.data.clone());
        self.keeper.get_or_insert_with(start);
    }

    /// Begins to carry out an effect. An event that is due at once is the answer.
    pub fn carry_out(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::LoadDetails(keys) => self.load_details(keys),
            Effect::LoadAnswers { request, keys } => self.load_answers(request, keys),
            Effect::Find { request, terms } => self.find(request, terms),
            Effect::LoadReview { request, path } => {
                let store = self.store.clone();
                self.run_blocking(move |data| {
                    let file = super::review::read(&store, &path).map(Box::new);
                    // A desk that is gone needs no news.
                    let _ = data.blocking_send(Event::Reviewed { request, file });
                });
            }
            Effect::LoadAudit { request, subject, limit } => self.load_audit(request, subject, limit),
            Effect::LoadPeople => self.spawn(super::people::load(self.engine.clone(), self.data.clone(), false)),
            Effect::ReadPeople => self.spawn(super::people::load(self.engine.clone(), self.data.clone(), true)),
            Effect::LoadHistory(worker, hits) => {
                let reading = self.bonuses.begin(hits);
                self.spawn(worker::load_history(self.engine.clone(), worker, reading, self.data.clone()));
            }
            Effect::LoadMoney(hits) => {
                let reading = self.bonuses.begin(hits);
                self.spawn(worker::load_money(self.engine.clone(), reading, self.data.clone()));
            }
            Effect::Pay { site, steps } => {
                let (outcomes, data) = (self.outcomes.clone(), self.data.clone());
                self.spawn(worker::pay(self.engine.clone(), site, steps, outcomes, data));
            }
            Effect::LoadBatches => {
                let store = self.store.clone();
                self.run(async move {
                    match store.reading(super::batches::known).await {
                        Ok(known) => Event::Batches(Box::new(known)),
                        Err(error) => failed("reading the batches", &error),
                    }
                });
            }
            Effect::CheckBatch { request, path, limit } => {
                let engine = self.engine.clone();
                self.run(async move {
                    let found = super::publish::look(&engine, path, limit).await;
                    Event::BatchChecked { request, found }
                });
            }
            Effect::WatchBatch { request, path } => self.run_blocking(move |data| {
                let (mark, newest) = super::publish::stands(Path::new(&path));
                // A desk that is gone needs no news.
                let _ = data.blocking_send(Event::BatchStands { request, mark, newest });
            }),
            // One at a time: the store sees to that.
            Effect::PublishBatch { request, looked, limit, data } => {
                let order = (request, looked, limit);
                self.publishing.push(Publishing::of_file(self.engine.clone(), order, data, self.data.clone()));
            }
            Effect::PublishAnew { request, hits, open } => {
                let what = (hits, open);
                self.publishing.push(Publishing::anew(self.engine.clone(), request, what, self.data.clone()));
            }
            Effect::KeepTargetWage(target) => {
                let (store, data) = (self.store.clone(), self.data.clone());
                self.spawn(async move {
                    if let Err(error) = store.put_target_wage(target).await {
                        // A desk that is gone needs no news.
                        let _ = data.send(failed("keeping the target wage", &error)).await;
                    }
                });
            }
            Effect::StopPublishing => self.publishing.iter().for_each(Publishing::stop),
            Effect::CompletePath(typed) => {
                self.run_blocking(move |data| {
                    let ways = super::publish::ways(&typed);
                    let _ = data.blocking_send(Event::Paths { typed, ways });
                });
            }
            Effect::Refresh => self.keeper.iter().for_each(Keeper::refresh),
            change => return self.write_down(change),
        }
        None
    }

    /// Runs something that sends its own events.
    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let open = self.work.begin();
        tokio::spawn(async move {
            work.await;
            drop(open);
        });
    }

    /// Runs something whose result is an event.
    pub fn run(&self, work: impl Future<Output = Event> + Send + 'static) {
        let (data, open) = (self.data.clone(), self.work.begin());
        tokio::spawn(async move {
            let event = work.await;
            // A desk that is gone needs no news.
            let _ = data.send(event).await;
            drop(open);
        });
    }

    /// Whether anything that was asked for has not been answered. Sending and refreshing do not count.
    pub fn is_busy(&self) -> bool {
        self.work.0.open.load(Ordering::Relaxed) > 0
    }

    /// Comes back when something has been finished since the last time. Cancel safe.
    pub async fn finished(&self) {
        self.work.0.finished.notified().await;
    }

    /// Runs blocking work that sends its own events.
    pub(super) fn run_blocking(&self, work: impl FnOnce(&mpsc::Sender<Event>) + Send + 'static) {
        let (data, open) = (self.data.clone(), self.work.begin());
        tokio::task::spawn_blocking(move || {
            work(&data);
            drop(open);
        });
    }

    /// Sees that what was decided is written down and that what is on its way arrives, within `patience`. What was being
    /// published is told at once, and what of it was not is the result.
    pub async fn close(self, patience: Duration, say: &(dyn Fn(&str) + Send + Sync)) -> Vec<Unpublished> {
        let Office { journal, clerk, keeper, mut publishing, .. } = self;
        drop(journal);
        publishing.retain(Publishing::is_running);
        // What is not published yet is written down: the same again goes on.
        publishing.iter().for_each(Publishing::stop);
        if !publishing.is_empty() {
            say("leaving: what of the publishing is on its way is finished first ...");
        }
        let mut left: Vec<Unpublished> = publishing.iter().map(Publishing::cut_off).collect();
        let all = async {
            // The clerk ends when everything is written.
            let _ = clerk.await;
            for (left, one) in left.iter_mut().zip(publishing) {
                left.counts = one.ended().await;
            }
            if let Some(keeper) = keeper {
                keeper.stop().await;
            }
        };
        if tokio::time::timeout(patience, all).await.is_err() {
            tracing::warn!("left before everything that was on its way had arrived");
        }
        left.retain(|one| one.counts.is_none_or(|(_, left)| left > 0));
        left
    }

    fn write_down(&mut self, change: Effect) -> Option<Event> {
        let change = match self.journal.try_send((change, self.work.begin())) {
            Ok(()) => return None,
            Err(error) => error.into_inner().0,
        };
        let reason = "the disk does not keep up with writing decisions down; try again in a moment".to_owned();
        Some(match change {
            Effect::Persist { request, .. } => Event::NotPersisted { request, reason },
            _ => Event::Notice { level: Level::Error, text: reason },
        })
    }

    fn load_details(&self, keys: Vec<AssignmentKey>) {
        let (details, request) = (self.details.clone(), self.details.request());
        self.run_blocking(move |data| {
            if let Err(error) = details.load(request, &keys, data) {
                // A desk that is gone needs no news.
                let _ = data.blocking_send(failed("reading an answer", &error));
            }
        });
    }

    fn load_answers(&self, request: RequestId, keys: Vec<AssignmentKey>) {
        let details = self.details.clone();
        self.run_blocking(move |data| {
            let details = details.answers(&keys).map_err(|error| format!("the answers cannot be read: {error}"));
            // A desk that is gone needs no news.
            let _ = data.blocking_send(Event::Answers { request, details });
        });
    }

    fn find(&self, request: RequestId, terms: Vec<TextTerm>) {
        let answer = self.search.ask(request, terms);
        self.run_blocking(move |data| {
            if let Some(event) = answer() {
                let _ = data.blocking_send(event);
            }
        });
    }

    fn load_audit(&self, request: RequestId, subject: Option<Subject>, limit: u32) {
        let store = self.store.clone();
        self.run_blocking(move |data| {
            let event = match super::audit::read(&store, subject, limit) {
                Ok(rows) => Event::Audit { request, rows },
                Err(error) => failed("reading the audit trail", &error),
            };
            let _ = data.blocking_send(event);
        });
    }
}

pub(super) fn failed(doing: &str, error: &dyn std::fmt::Display) -> Event {
    Event::Notice { level: Level::Error, text: format!("{doing} failed: {error}") }
}
