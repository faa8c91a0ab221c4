//! What publishing has made, for whoever watches: the HITs go into the mirror while it goes on, and the balance is asked for.

use crate::app::event::Event;
use crate::domain::hit::Hit;
use crate::domain::time::Millis;
use crate::mturk::Client;
use crate::runtime::engine::{Engine, rows};
use crate::store::{Fetched, StoreError};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Between two times that something is told, in milliseconds.
const PAUSE: i64 = 1_000;

/// What has been made and is not told yet.
pub(super) struct News {
    engine: Engine,
    client: Client,
    events: mpsc::Sender<Event>,
    made: Vec<Hit>,
    told: Option<Millis>,
    balance: Option<JoinHandle<()>>,
}

impl News {
    pub(super) fn new(engine: Engine, client: Client, events: mpsc::Sender<Event>) -> News {
        News { engine, client, events, made: Vec::new(), told: None, balance: None }
    }

    /// A HIT is there.
    pub(super) fn add(&mut self, hit: Hit) {
        self.made.push(hit);
    }

    /// Tells what is there by now, if it is time; what is told `last` is told at once.
    pub(super) async fn tell(&mut self, now: Millis, last: bool) -> Result<(), StoreError> {
        if self.made.is_empty() || (!last && self.told.is_some_and(|told| now.since(told) < PAUSE)) {
            return Ok(());
        }
        self.told = Some(now);
        let made = std::mem::take(&mut self.made).into_iter();
        // Whether they have assignments by now is for the next reading of the account to say.
        let fetched = made.map(|hit| Fetched { hit, assignments: Vec::new(), complete: None }).collect();
        let changes = self.engine.store().put(fetched).await?;
        // A desk that is gone needs no news.
        let _ = self.events.send(Event::Refreshed { rows: rows(changes) }).await;
        if self.balance.as_ref().is_none_or(JoinHandle::is_finished) {
            self.balance = Some(tokio::spawn(balance(self.engine.clone(), self.client.clone(), self.events.clone())));
        }
        Ok(())
    }
}

/// Reads the balance. What is in the way of that is in the way of publishing too, which tells of it.
async fn balance(engine: Engine, client: Client, events: mpsc::Sender<Event>) {
    if let Ok(balance) = engine.ask(|| client.balance()).await {
        let _ = events.send(Event::Balance(balance.available, balance.on_hold)).await;
    }
}
