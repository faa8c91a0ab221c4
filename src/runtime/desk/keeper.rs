//! What goes on while a person works: the rows of the store come in, decisions are sent as they fall due, the endpoint
//! is read again and again.

use crate::app::event::{Event, Level, Rows, SyncState};
use crate::runtime::engine::{self, Engine};
use crate::store::StoreError;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Between two reads of the endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pauses {
    /// So long while something changes ...
    pub every: Duration,
    /// ... and twice as long each time nothing has, up to this.
    pub at_most: Duration,
}

impl Default for Pauses {
    fn default() -> Self {
        Pauses { every: Duration::from_secs(10), at_most: Duration::from_secs(60) }
    }
}

/// A read of a large account is long: the pause after it is so many times as long, at most `RAREST`, so that an idle desk
/// stays idle.
const REST: u32 = 20;
const RAREST: Duration = Duration::from_secs(600);
/// After a failure: so long at first, twice as long each time it fails again.
const FIRST_RETRY: Duration = Duration::from_secs(2);
/// The longest pause between two tries.
const LAST_RETRY: Duration = Duration::from_secs(60);

/// The background of a desk.
#[derive(Debug)]
pub struct Keeper {
    stop: CancellationToken,
    wanted: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Keeper {
    /// Begins.
    pub fn start(engine: Engine, pauses: Pauses, outcomes: mpsc::Sender<Event>, data: mpsc::Sender<Event>) -> Self {
        let (stop, wanted) = (CancellationToken::new(), Arc::new(Notify::new()));
        let task = tokio::spawn(keep(engine, pauses, outcomes, data, stop.clone(), wanted.clone()));
        Keeper { stop, wanted, task }
    }

    /// Reads the endpoint now, or again if it is being read.
    pub fn refresh(&self) {
        self.wanted.notify_one();
    }

    /// Lets nothing more leave, and waits for what is on its way.
    pub async fn stop(self) {
        self.stop.cancel();
        // The task does not panic; if the runtime ends it, there is nothing to wait for.
        let _ = self.task.await;
    }
}

async fn keep(
    engine: Engine,
    pauses: Pauses,
    outcomes: mpsc::Sender<Event>,
    data: mpsc::Sender<Event>,
    stop: CancellationToken,
    wanted: Arc<Notify>,
) {
    // Rows of the store first: what is read later from the endpoint is newer, and must come later.
    if let Err(error) = load(&engine, &data).await {
        let text = format!("the work could not be read from the store: {error}");
        let _ = data.send(Event::Notice { level: Level::Error, text }).await;
    }
    let sender = engine.spawn_sender(outcomes);
    read_again_and_again(&engine, pauses, &data, &wanted, &stop).await;
    if let Err(error) = sender.stop().await {
        tracing::error!(%error, "the sender ended badly");
    }
}

async fn load(engine: &Engine, data: &mpsc::Sender<Event>) -> Result<(), StoreError> {
    let to = data.clone();
    engine
        .store()
        .reading(move |reader| {
            let people = Rows { people: Some(reader.people()?), ..Rows::default() };
            let loaded = |rows, last| to.blocking_send(Event::Loaded { rows, last }).is_ok();
            if loaded(people, false) {
                reader.stream_packed(|changes| loaded(engine::rows(changes), false))?;
            }
            loaded(Rows::default(), true);
            Ok(())
        })
        .await
}

async fn read_again_and_again(
    engine: &Engine,
    pauses: Pauses,
    data: &mpsc::Sender<Event>,
    wanted: &Notify,
    stop: &CancellationToken,
) {
    let (mut pause, mut retry) = (pauses.every, FIRST_RETRY);
    loop {
        let begun = tokio::time::Instant::now();
        let wait = match engine.sync(Some(data.clone()), stop.clone()).await {
            Ok(None) => return,
            Ok(Some(found)) => {
                let quiet = found.changed == 0 && found.gone == 0;
                pause = if quiet { (pause * 2).min(pauses.at_most) } else { pauses.every };
                retry = FIRST_RETRY;
                pause.max((begun.elapsed() * REST).min(RAREST))
            }
            Err(error) => {
                let at = engine.clock().now().wall.plus(i64::try_from(retry.as_millis()).unwrap_or(i64::MAX));
                let failed = SyncState::Failed { reason: error.to_string(), retry: Some(at) };
                let _ = data.send(Event::Sync(failed)).await;
                let wait = retry;
                retry = (retry * 2).min(LAST_RETRY);
                wait
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = wanted.notified() => {}
            () = stop.cancelled() => return,
        }
    }
}
