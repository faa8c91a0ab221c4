//! Documents about events, brought to queues, topics and web hooks in the background.
//!
//! A document is queued in the change that it tells of. Here it is taken from there, sent, and forgotten when the other end has
//! it. An attempt that fails is made again, later and later; meanwhile everything waits in the storage, over a restart too. A
//! document may so arrive twice, with the same `EventDocId`. The API never waits for any of this.

mod address;
mod http;
mod message;

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::clock::wall_millis;
use super::service::{Attempt, Failure, Service};
use super::storage::{DestinationKey, Document, DueDestination};

pub use address::{Address, BadAddress, Endpoint};
use address::{Route, route};
use http::{Connection, Dialer, SendError};
use message::request;

/// Where documents go, and how.
#[derive(Clone)]
pub struct Options {
    /// An SQS-compatible service; Amazon's own for queues whose URL is there when none.
    pub sqs: Option<Endpoint>,
    /// An SNS-compatible service; Amazon's own when none.
    pub sns: Option<Endpoint>,
    /// What gets the documents of queues and topics for which there is no service.
    pub webhook: Option<Endpoint>,
    /// What requests to queues and topics are signed with.
    pub keys: Option<Keys>,
    /// Whether requesters' web hooks may be at private addresses: yes where only this machine reaches the market.
    pub private: bool,
    /// How long after the first failure it is tried again; each further failure doubles it.
    pub first_retry: Duration,
}

impl Default for Options {
    fn default() -> Options {
        Options { sqs: None, sns: None, webhook: None, keys: None, private: false, first_retry: Duration::from_secs(1) }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Options({:?}, {:?}, {:?})", self.sqs, self.sns, self.webhook)
    }
}

/// Credentials for queues and topics.
#[derive(Clone)]
pub struct Keys {
    /// Access key.
    pub access_key: String,
    /// Secret.
    pub secret: String,
    /// Session token of temporary ones.
    pub session: Option<String>,
}

/// How many destinations are served at once.
const AT_ONCE: usize = 64;
/// How many documents are taken at once for one destination.
const BATCH: u32 = 128;
/// Up to this many documents go one after the other, in their order; more take several ways at once.
const IN_ORDER: usize = 16;
const LANES: usize = 8;
/// The longest time between two attempts.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// How long a document is tried for.
const TRIED_FOR: Duration = Duration::from_secs(4 * 24 * 3_600);
/// After something was queued, how long more is awaited: a burst is then looked up once.
const GATHER: Duration = Duration::from_millis(20);
/// How long a request in flight may still take when the market stops.
const GRACE: Duration = Duration::from_secs(2);

/// Brings documents until it is told to stop.
pub async fn run(service: Service, options: Options, stop: CancellationToken) {
    let courier = Arc::new(Courier { dialer: Dialer::default(), service, options, stop });
    let queued = courier.service.documents_queued();
    let mut busy: HashSet<DestinationKey> = HashSet::new();
    let mut running = JoinSet::new();
    loop {
        let limit = u32::try_from(AT_ONCE + busy.len() + 1).unwrap_or(u32::MAX);
        let due = match courier.service.due_destinations(limit).await {
            Ok(due) => due,
            Err(error) => {
                tracing::warn!(%error, "notifications on their way cannot be read");
                Vec::new()
            }
        };
        let now = wall_millis();
        let mut next = None;
        for destination in due.into_iter().filter(|destination| !busy.contains(&destination.key)).collect::<Vec<_>>() {
            if destination.retry_ms > now {
                next = Some(Duration::from_millis((destination.retry_ms - now).unsigned_abs()));
                break;
            }
            if running.len() < AT_ONCE {
                busy.insert(destination.key);
                running.spawn(Arc::clone(&courier).serve(destination));
            }
        }
        tokio::select! {
            biased;
            () = courier.stop.cancelled() => break,
            Some(done) = running.join_next() => match done {
                Ok(key) => { busy.remove(&key); }
                // Whichever it was is tried again with the next document.
                Err(error) => tracing::error!(%error, "a delivery of notifications broke off"),
            },
            () = queued.notified() => tokio::time::sleep(GATHER).await,
            () = tokio::time::sleep(next.unwrap_or(LONGEST)) => {}
        }
    }
    while running.join_next().await.is_some() {}
}

struct Courier {
    service: Service,
    options: Options,
    dialer: Dialer,
    stop: CancellationToken,
}

/// What the lanes of one attempt share.
struct Load {
    left: Mutex<VecDeque<Document>>,
    done: Mutex<(Vec<i64>, Option<String>)>,
}

impl Courier {
    /// Sends what waits for a destination, until nothing does or an attempt fails.
    async fn serve(self: Arc<Self>, mut to: DueDestination) -> DestinationKey {
        while !self.stop.is_cancelled() {
            let documents = match self.service.waiting_documents(to.key, BATCH).await {
                Ok(documents) if !documents.is_empty() => documents,
                _ => break,
            };
            let (delivered, error) = self.send(&to, documents).await;
            if !delivered.is_empty() {
                to.failures = 0;
            }
            let now = wall_millis();
            let failed = error.map(|error| {
                let after = back_off(self.options.first_retry, to.failures);
                tracing::warn!(address = to.address, error, "a notification was not delivered");
                let ms = |span: Duration| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
                Failure {
                    error,
                    retry_ms: now.saturating_add(ms(after)),
                    too_old_ms: now.saturating_sub(ms(TRIED_FOR)),
                }
            });
            let give_up = failed.is_some();
            if let Err(error) = self.service.save_attempt(to.key, Attempt { delivered, failed }).await {
                tracing::error!(%error, "the outcome of a delivery cannot be written down");
                break;
            }
            if give_up {
                break;
            }
        }
        to.key
    }

    /// Sends documents; which of them arrived, and why the rest did not.
    async fn send(&self, to: &DueDestination, documents: Vec<Document>) -> (Vec<i64>, Option<String>) {
        let route = match route(to.transport, &to.address, &self.options) {
            Ok(route) => route,
            Err(why) => return (Vec::new(), Some(why)),
        };
        let lanes = documents.len().div_ceil(IN_ORDER).clamp(1, LANES);
        let load = Load { left: Mutex::new(documents.into()), done: Mutex::default() };
        let mut ways = Vec::with_capacity(lanes);
        for _ in 0..lanes {
            ways.push(self.lane(&route, &load));
        }
        tokio::select! {
            () = join(ways) => {}
            () = async { self.stop.cancelled().await; tokio::time::sleep(GRACE).await } => {}
        }
        let mut done = load.done.lock().unwrap_or_else(PoisonError::into_inner);
        (std::mem::take(&mut done.0), done.1.take())
    }

    /// One connection, over which documents go one after the other until none is left or one fails.
    async fn lane(&self, route: &Route, load: &Load) {
        let mut open: Option<Connection> = None;
        loop {
            let broken = load.done.lock().unwrap_or_else(PoisonError::into_inner).1.is_some();
            if broken || self.stop.is_cancelled() {
                return;
            }
            let Some(document) = load.left.lock().unwrap_or_else(PoisonError::into_inner).pop_front() else { return };
            let sent = self.one(route, &document, &mut open).await;
            let mut done = load.done.lock().unwrap_or_else(PoisonError::into_inner);
            match sent {
                Ok(()) => done.0.push(document.key),
                Err(error) => {
                    done.1.get_or_insert(error.to_string());
                    return;
                }
            }
        }
    }

    async fn one(&self, route: &Route, document: &Document, open: &mut Option<Connection>) -> Result<(), SendError> {
        let request = request(route, self.options.keys.as_ref(), &document.body, std::time::SystemTime::now())?;
        if !open.as_ref().is_some_and(Connection::is_open) {
            *open = Some(self.dialer.connect(&route.url, route.reach).await?);
        }
        match open {
            Some(connection) => connection.send(request).await,
            None => Err(SendError::Closed),
        }
    }
}

/// Drives all of them to their end, together.
async fn join<F: Future<Output = ()>>(futures: Vec<F>) {
    let mut waiting: Vec<_> = futures.into_iter().map(Box::pin).collect();
    std::future::poll_fn(|context| {
        waiting.retain_mut(|future| future.as_mut().poll(context).is_pending());
        if waiting.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

/// How long to wait after an attempt that failed, when `failures` had failed before it.
fn back_off(first: Duration, failures: u32) -> Duration {
    first.saturating_mul(1 << failures.min(20)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_doubles_the_wait_up_to_a_bound() {
        let second = Duration::from_secs(1);
        let waits: Vec<u64> = (0..12).map(|failures| back_off(second, failures).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!(back_off(second, u32::MAX), LONGEST);
    }
}
