//! Store, client, limiter and clock of one account at one endpoint, tied together for the desk and for subcommands.
//!
//! ```no_run
//! # use hitdeck::runtime::{clock::Clock, engine::{Engine, Options}};
//! # use hitdeck::mturk::Source;
//! # use hitdeck::app::effect::{NewDecision, Subject};
//! # use hitdeck::domain::{decision::Decision, id::AssignmentId};
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let source = Source::Chain { profile: None };
//! // Without the network if it can be: the first frame comes from the store alone.
//! let account = match source.quick_account(|name| std::env::var(name).ok()) {
//!     Some(account) => account,
//!     None => source.account().await?,
//! };
//! let engine = Engine::open(Options {
//!     dir: "data/lab/LAB1".into(),
//!     endpoint: "http://127.0.0.1:7878".into(),
//!     source,
//!     account,
//!     who: "ada@lab".into(),
//!     clock: Clock::system(),
//!     read_only: false,
//!     seed: 1,
//!     probe: None,
//! })?;
//!
//! // The first frame, blocking and fast; then everything, in chunks, on a thread for blocking work.
//! let window = engine.store().read(|reader| reader.urgent(200))?;
//! engine.store().reading(|reader| reader.stream(|chunk| { drop(chunk); true })).await?;
//!
//! // The desk: outcomes come as app events (`Outbox`, `Refreshed`, `Notice`).
//! let (events, mut news) = tokio::sync::mpsc::channel(64);
//! let sender = engine.spawn_sender(events);
//! let decision = Decision::Approve { feedback: None, override_rejection: false };
//! let subject = Subject::Assignment(window.assignments[0].key);
//! let grace = engine.clock().now().wall.plus(5_000);
//! engine.decide(vec![NewDecision { subject, decision }], engine.new_group(), grace).await?;
//! while let Some(event) = news.recv().await { drop(event); }
//! sender.stop().await?;
//!
//! // A subcommand: decide with no grace, send, and say what is left.
//! let left = engine.send_until_idle(std::time::Duration::from_secs(60)).await?;
//! std::process::exit(if left.unsettled == 0 { 0 } else { 5 });
//! # }
//! ```

use super::clock::Clock;
use super::limiter::{Limiter, Pace};
pub use super::sender::Left;
use super::sender::{Sender, Until};
use crate::app::event::{Event, Rows};
use crate::mturk::{self, Client, Source};
use crate::store::{Changes, Stamp, Store, StoreError};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, OnceCell, mpsc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// What stands before the name of an account that was read from files, where others have the address of an endpoint.
pub const OFFLINE: &str = "offline:";

/// Why the engine could not do it.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The endpoint.
    #[error(transparent)]
    Endpoint(#[from] mturk::Error),
    /// Opened with `--read-only`.
    #[error("this was opened read-only: nothing is decided or sent; start it again without --read-only")]
    ReadOnly,
}

/// Where the journal, or an archive, stands when [`Options::probe`] is called. A test ends the process there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Decisions are written down.
    Staged,
    /// Outcomes and claims are about to be written.
    Claim,
    /// Outcomes and claims are written; the claimed requests have not left.
    Claimed,
    /// A request is about to leave.
    Send,
    /// An answer came, and is not yet written down.
    Answered,
    /// The mirror has heard of outcomes.
    Mirrored,
    /// A piece of an archive, or of what says how much of it counts, is written.
    Archived,
}

/// Called at every [`Step`].
pub type Probe = Arc<dyn Fn(Step) + Send + Sync>;

/// What an engine is made of.
#[derive(Clone)]
pub struct Options {
    /// The directory of the store of this account.
    pub dir: PathBuf,
    /// The endpoint's address, in the form that configuration makes of it.
    pub endpoint: String,
    /// Where the keys come from.
    pub source: Source,
    /// The account that the keys have to belong to: [`Source::quick_account`], else [`Source::account`].
    pub account: String,
    /// Who decides (`user@host`).
    pub who: String,
    /// The two clocks.
    pub clock: Clock,
    /// Decide and send nothing.
    pub read_only: bool,
    /// Spreads out back-offs.
    pub seed: u64,
    /// For tests.
    pub probe: Option<Probe>,
}

/// See the module. Clones are the same engine.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

struct Shared {
    options: Options,
    store: Store,
    client: OnceCell<Client>,
    limiter: Limiter,
    staged: Arc<Notify>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("stamp", self.shared.store.stamp()).finish_non_exhaustive()
    }
}

impl Engine {
    /// Opens the store. Touches neither the network nor the credentials.
    pub fn open(options: Options) -> Result<Self, StoreError> {
        let stamp = Stamp { endpoint: options.endpoint.clone(), account: options.account.clone() };
        let store = Store::open(&options.dir, &stamp, &options.who)?;
        let limiter = Limiter::new(Pace::of(&options.endpoint));
        let staged = Arc::new(Notify::new());
        Ok(Engine { shared: Arc::new(Shared { options, store, client: OnceCell::new(), limiter, staged }) })
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.shared.store
    }

    /// The clocks.
    pub fn clock(&self) -> &Clock {
        &self.shared.options.clock
    }

    /// The limiter that everything to this endpoint goes through.
    pub fn limiter(&self) -> &Limiter {
        &self.shared.limiter
    }

    /// The client, built when it is first asked for. That of an account which was read from files asks nobody.
    pub async fn client(&self) -> Client {
        let options = &self.shared.options;
        let build = || Client::new(&options.endpoint, &options.source, &options.account);
        self.shared.client.get_or_init(build).await.clone()
    }

    /// Whether it was opened with `--read-only`.
    pub fn is_read_only(&self) -> bool {
        self.shared.options.read_only
    }

    /// Whether the account was read from files: there is no endpoint, and nothing is ever sent.
    pub fn is_offline(&self) -> bool {
        self.shared.options.endpoint.starts_with(OFFLINE)
    }

    /// Sends decisions in the background as they fall due, until the handle is told to stop. Events: `Outbox` as entries
    /// change state, `Refreshed` as the mirror hears of it, `Notice` when the endpoint is not there. Bounded: if nobody
    /// takes the events, sending waits.
    pub fn spawn_sender(&self, events: mpsc::Sender<Event>) -> SenderHandle {
        let stop = CancellationToken::new();
        if self.is_read_only() || self.is_offline() {
            return SenderHandle { stop, task: tokio::spawn(async { Ok(Left::default()) }) };
        }
        let sender = Sender::new(self.clone(), Some(events), stop.clone(), Until::Cancelled);
        SenderHandle { stop, task: tokio::spawn(sender.run()) }
    }

    /// Sends what is in the outbox, waits out back-offs and grace periods, and settles what is unknown. Gives up when
    /// nothing has gone through for as long as `patience`, or at once when the keys are not accepted.
    pub async fn send_until_idle(&self, patience: Duration) -> Result<Left, EngineError> {
        self.send_until_idle_with(patience, None).await
    }

    /// As [`Engine::send_until_idle`], with events as [`Engine::spawn_sender`] sends them.
    pub async fn send_until_idle_with(
        &self,
        patience: Duration,
        events: Option<mpsc::Sender<Event>>,
    ) -> Result<Left, EngineError> {
        self.may_write()?;
        if self.is_offline() {
            return Err(mturk::Error::Offline.into());
        }
        let sender = Sender::new(self.clone(), events, CancellationToken::new(), Until::Idle { patience });
        Ok(sender.run().await?)
    }

    pub(super) fn may_write(&self) -> Result<(), EngineError> {
        if self.is_read_only() { Err(EngineError::ReadOnly) } else { Ok(()) }
    }

    pub(super) fn wake_sender(&self) {
        self.shared.staged.notify_waiters();
    }

    /// Ends when the outbox has been changed by somebody after this call.
    pub(super) fn staged(&self) -> impl Future<Output = ()> + Send + 'static {
        self.shared.staged.clone().notified_owned()
    }

    pub(super) fn seed(&self) -> u64 {
        self.shared.options.seed
    }

    pub(super) fn probe(&self, step: Step) {
        if let Some(probe) = &self.shared.options.probe {
            probe(step);
        }
    }
}

/// A sender in the background.
#[derive(Debug)]
pub struct SenderHandle {
    stop: CancellationToken,
    task: JoinHandle<Result<Left, StoreError>>,
}

impl SenderHandle {
    /// Lets nothing more leave, waits for what is on its way and writes its outcome down.
    pub async fn stop(self) -> Result<Left, StoreError> {
        self.stop.cancel();
        self.task.await.map_err(|_| StoreError::Closed)?
    }
}

/// Rows of the store as the desk takes them.
pub fn rows(changes: Changes) -> Rows {
    let Changes { hits, workers, assignments, packed, gone, others_wrote: _ } = changes;
    Rows { hits, workers, assignments, packed, gone, people: None }
}
