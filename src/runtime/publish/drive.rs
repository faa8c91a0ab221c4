//! The requests of a batch, many at once: each is written down before it leaves, and outcomes are written in groups
//! together with what leaves next.

use super::attempt::{Attempt, Went};
use super::news::News;
use super::request::Source;
use super::{Order, Progress, PublishError, Published};
use crate::app::event::Event;
use crate::domain::batch::{BatchName, PostId, PostState, RowAnnotation, RowKey, StoredBatch};
use crate::domain::hit::PostDraft;
use crate::domain::id::{HitGroupId, HitId, HitTypeId};
use crate::domain::time::Millis;
use crate::mturk::Error;
use crate::runtime::engine::{Engine, Step};
use crate::runtime::sender::{gather, millis, pause::Pause};
use crate::store::{AnewPost, PostOutcome, StoreError};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// MTurk remembers request tokens for 24 hours; an hour of it is left for clocks that differ.
const TOKEN_LIFE: i64 = 23 * 3_600 * 1_000;
/// How often one HIT is tried in one run, and how long it rests between two tries, in milliseconds: at first, and at most.
const TRIES: u32 = 24;
const FIRST_REST: i64 = 20;
const LONGEST_REST: i64 = 3_000;

/// A HIT that is to be made.
#[derive(Debug, Clone)]
pub(super) struct Due {
    pub(super) id: PostId,
    /// The row, by its place among the rows of the data.
    pub(super) row: usize,
    pub(super) key: RowKey,
    pub(super) assignments: u32,
    doubted: bool,
    first_sent: Option<Millis>,
    tries: u32,
}

/// What a task hands back.
struct Report {
    due: Due,
    went: Went,
}

/// How long a run goes on.
#[derive(Debug, Clone)]
pub struct Until {
    /// So long while nothing gets through.
    pub patience: Duration,
    /// Until somebody says so: nothing more begins, and what has begun is finished.
    pub stop: CancellationToken,
}

/// A batch while it is published.
pub(super) struct Drive {
    engine: Engine,
    source: Arc<Source>,
    until: Until,
    name: BatchName,
    hit_type: HitTypeId,
    group: Option<HitGroupId>,
    waiting: VecDeque<Due>,
    /// Until when what was cut off rests before it is tried again.
    resting: Vec<(Millis, Due)>,
    published: Published,
    /// Who hears of the HITs as they are made.
    news: Option<mpsc::Sender<Event>>,
}

impl Drive {
    pub(super) async fn new(
        engine: Engine,
        order: Order,
        stored: StoredBatch,
        hit_type: HitTypeId,
    ) -> Result<Drive, PublishError> {
        let (name, group) = (stored.name.clone(), stored.group.clone());
        let rows = engine.store().reading(move |reader| reader.batch_rows(&stored)).await?;
        let places: HashMap<RowKey, usize> =
            order.draft.keys().into_iter().enumerate().map(|(at, key)| (key, at)).collect();
        let limit = order.limit.unwrap_or(usize::MAX);
        let mut published =
            Published { hit_type: Some(hit_type.clone()), group: group.clone(), ..Published::default() };
        let mut waiting = Vec::new();
        for row in &rows {
            let Some(place) = places.get(&row.key).copied() else { continue };
            let mut whole = true;
            for post in &row.posts {
                let doubted = match &post.state {
                    PostState::Published(_) => continue,
                    PostState::Unsure => true,
                    PostState::Planned { .. } | PostState::Failed { .. } => false,
                };
                whole = false;
                // What may have been made is settled whatever the limit is.
                if place < limit || doubted {
                    waiting.push(Due {
                        id: post.id,
                        row: place,
                        key: row.key,
                        assignments: post.assignments,
                        doubted,
                        first_sent: post.first_sent,
                        tries: 0,
                    });
                }
            }
            published.before += usize::from(whole && place < limit);
        }
        waiting.sort_by_key(|due| (!due.doubted, due.row, due.id.part));
        let (until, news) = (order.until, order.news);
        let (source, waiting, resting) = (Arc::new(Source::Files(order.draft)), waiting.into(), Vec::new());
        Ok(Drive { engine, source, until, name, hit_type, group, waiting, resting, published, news })
    }

    /// For HITs whose requests are made.
    pub(super) fn ready(
        engine: Engine,
        stored: StoredBatch,
        hit_type: HitTypeId,
        posts: Vec<(AnewPost, PostDraft)>,
        until: Until,
    ) -> Drive {
        let (name, group) = (stored.name, stored.group);
        let published = Published { hit_type: Some(hit_type.clone()), group: group.clone(), ..Published::default() };
        let due = |post: &AnewPost| Due {
            id: post.post.id,
            row: (post.number as usize).saturating_sub(1),
            key: post.key,
            assignments: post.post.assignments,
            doubted: post.post.state == PostState::Unsure,
            first_sent: post.post.first_sent,
            tries: 0,
        };
        let waiting = posts.iter().map(|(post, _)| due(post)).collect();
        let made = posts.into_iter().map(|(post, draft)| (post.post.id, draft)).collect();
        let source = Arc::new(Source::Ready(made));
        Drive { engine, source, until, name, hit_type, group, waiting, resting: Vec::new(), published, news: None }
    }

    pub(super) fn name(&self) -> &BatchName {
        &self.name
    }

    /// Settles what has been in doubt for so long that its token may be forgotten: the account's HITs say whether it is
    /// there.
    pub(super) async fn settle_old(&mut self) -> Result<(), PublishError> {
        let now = self.engine.clock().now().wall;
        let is_old = |due: &Due| due.doubted && due.first_sent.is_none_or(|sent| now.since(sent) >= TOKEN_LIFE);
        if !self.waiting.iter().any(is_old) {
            return Ok(());
        }
        let client = self.engine.client().await;
        let mut found: HashMap<RowAnnotation, HitId> = HashMap::new();
        for hit in self.engine.all(|next| client.list_hits(next)).await? {
            if let Some(of) = hit.annotation.as_deref().and_then(RowAnnotation::read) {
                found.insert(of, hit.id);
            }
        }
        let mut outcomes = Vec::new();
        let mut waiting = VecDeque::with_capacity(self.waiting.len());
        for mut due in std::mem::take(&mut self.waiting) {
            if is_old(&due) {
                if let Some(hit) = found.remove(&self.annotation(&due)) {
                    outcomes.push((due.id, PostOutcome::Published(hit)));
                    self.published.made += 1;
                    continue;
                }
                outcomes.push((due.id, PostOutcome::Later { note: None }));
                due.doubted = false;
            }
            waiting.push_back(due);
        }
        self.waiting = waiting;
        Ok(self.engine.store().post_step(outcomes, Vec::new(), now).await?)
    }

    fn annotation(&self, due: &Due) -> RowAnnotation {
        RowAnnotation { batch: self.name.clone(), key: due.key, part: due.id.part }
    }

    /// Makes what is missing.
    pub(super) async fn run(&mut self, tell: &(dyn Fn(Progress) + Send + Sync)) -> Result<Published, PublishError> {
        let source = Arc::clone(&self.source);
        let maker = source.maker();
        let client = self.engine.client().await;
        let store = self.engine.store().clone();
        let mut news = self.news.take().map(|events| News::new(self.engine.clone(), client.clone(), events));
        let mut pause = Pause::new(self.engine.seed());
        let (done, mut reports) = mpsc::channel::<Report>(256);
        let mut progress = Progress { done: 0, all: self.waiting.len() };
        let (mut in_hand, mut outcomes, mut poor) = (0usize, Vec::new(), None);
        tell(progress);
        loop {
            self.wake();
            let stopping = self.until.stop.is_cancelled() || pause.is_hopeless(self.until.patience) || poor.is_some();
            let room = if stopping { 0 } else { pause.room(self.now(), self.engine.limiter().worth_having()) };
            let leaving: Vec<Due> = (0..room.saturating_sub(in_hand)).map_while(|_| self.waiting.pop_front()).collect();
            if !outcomes.is_empty() || !leaving.is_empty() {
                self.engine.probe(Step::Claim);
                let ids = leaving.iter().map(|due| due.id).collect();
                store.post_step(std::mem::take(&mut outcomes), ids, self.now()).await?;
                self.engine.probe(Step::Claimed);
            }
            in_hand += leaving.len();
            for due in leaving {
                let of = self.annotation(&due);
                let draft = maker.request(&due, &of, &self.hit_type)?;
                let attempt =
                    Attempt { engine: self.engine.clone(), client: client.clone(), draft, of, doubted: due.doubted };
                let done = done.clone();
                tokio::spawn(async move {
                    let went = attempt.run().await;
                    // The receiver is gone only when the store has failed, and then nothing can be written down.
                    let _ = done.send(Report { due, went }).await;
                });
            }
            if in_hand == 0 {
                let first = self.resting.iter().map(|(until, _)| until.since(self.now())).min();
                if stopping || (self.waiting.is_empty() && first.is_none()) {
                    break;
                }
                let rest = if self.waiting.is_empty() { first } else { None };
                let wait = pause.rest(self.now()).or(rest).unwrap_or(0);
                tokio::select! {
                    () = tokio::time::sleep(millis(wait)) => {}
                    () = self.until.stop.cancelled() => {}
                }
                continue;
            }
            let enough = in_hand.min(self.engine.limiter().at_once().div_ceil(2));
            let mut fresh = Vec::new();
            reports.recv_many(&mut fresh, 512).await;
            gather(&mut reports, &mut fresh, enough).await;
            in_hand -= fresh.len();
            heed(&fresh, &mut pause, self.now());
            for Report { due, went } in fresh {
                if let Some(error) = went.error.as_ref().filter(|error| error.is_poor()) {
                    poor = Some(error.to_string());
                }
                if let Some(hit) = went.hit {
                    self.keep_group(hit.group.clone()).await?;
                    if let Some(news) = &mut news {
                        news.add(*hit);
                    }
                }
                outcomes.push((due.id, went.outcome.clone()));
                let throttled = matches!(went.error, Some(Error::Throttled { .. }));
                progress.done += usize::from(self.settle(due, went.outcome, throttled));
            }
            tell(progress);
            if let Some(news) = &mut news {
                news.tell(self.now(), false).await?;
            }
        }
        if let Some(mut news) = news {
            news.tell(self.now(), true).await?;
        }
        let resting = std::mem::take(&mut self.resting).into_iter().map(|(_, due)| due);
        for due in std::mem::take(&mut self.waiting).into_iter().chain(resting) {
            let count = if due.doubted { &mut self.published.unsure } else { &mut self.published.left };
            *count += 1;
        }
        let trouble = poor.or_else(|| pause.trouble().map(|error| error.to_string()));
        // Of what was settled in the end nobody needs to know what was in its way.
        let last = self.published.trouble.take().filter(|_| self.published.left + self.published.unsure > 0);
        self.published.trouble = trouble.or(last);
        Ok(std::mem::take(&mut self.published))
    }

    fn now(&self) -> Millis {
        self.engine.clock().now().wall
    }

    /// What has rested goes in line again.
    fn wake(&mut self) {
        let now = self.now();
        for (_, due) in self.resting.extract_if(.., |(until, _)| *until <= now) {
            self.waiting.push_back(due);
        }
    }

    /// Counts what is settled, and puts what is not in line again; answers which of the two.
    fn settle(&mut self, mut due: Due, outcome: PostOutcome, throttled: bool) -> bool {
        match outcome {
            PostOutcome::Published(_) => {
                self.published.made += 1;
                return true;
            }
            PostOutcome::Refused { reason } => {
                self.published.refused.push((due.row, reason));
                return true;
            }
            PostOutcome::Later { note } => self.published.trouble = note,
            PostOutcome::Unsure { note } => {
                due.doubted = true;
                due.first_sent = due.first_sent.or(Some(self.now()));
                self.published.trouble = Some(note);
            }
        }
        // The limiter sets the pace of what is throttled.
        due.tries += u32::from(!throttled);
        if throttled {
            self.waiting.push_back(due);
        } else if due.tries < TRIES {
            let rest = (FIRST_REST << due.tries.min(10)).min(LONGEST_REST);
            self.resting.push((self.now().plus(rest), due));
        } else if due.doubted {
            self.published.unsure += 1;
        } else {
            self.published.left += 1;
        }
        false
    }

    async fn keep_group(&mut self, group: Option<HitGroupId>) -> Result<(), StoreError> {
        if self.group.is_some() || group.is_none() {
            return Ok(());
        }
        self.group.clone_from(&group);
        self.published.group.clone_from(&group);
        self.engine.store().put_batch_group(self.name.clone(), self.hit_type.clone(), group).await
    }
}

/// Learns from how a group went whether the endpoint is there at all.
fn heed(reports: &[Report], pause: &mut Pause, now: Millis) {
    let trouble = |report: &Report| {
        let error = report.went.error.clone();
        error.filter(|it| matches!(it, Error::NotSent { .. } | Error::Credentials { .. } | Error::NotMturk { .. }))
    };
    match reports.iter().rev().find_map(trouble) {
        Some(error) if reports.iter().all(|report| trouble(report).is_some()) => {
            pause.begin(now, &error);
        }
        _ => pause.end(),
    }
}
