//! The desk on a screen: the loop, and what carries out what it wants done.

mod audit;
mod batches;
mod bonuses;
mod clerk;
mod cycle;
mod details;
mod files;
mod keeper;
mod lend;
mod office;
mod people;
pub mod programs;
mod publish;
mod review;
pub mod screen;
mod search;
mod worker;

pub use cycle::{Desk, Ending, Outside, Sources};
pub use keeper::Pauses;
pub use office::Office;
pub use publish::Unpublished;

use super::engine::{self, Engine};
use crate::app::event::{Event, Level};
use crate::app::keymap::Keymap;
use crate::app::options::{Environment, Options};
use crate::app::state::State;
use crate::store::StoreError;
use crate::term::session::Session;
use crate::term::signals::Signals;
use crate::term::terminal::Surroundings;
use crate::term::tty::TtyError;
use crate::ui::theme::Theme;
use programs::Programs;
use screen::Console;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Rows of the first frame: more than any window has lines.
const WINDOW: u32 = 256;
/// Signals, outcomes and results that wait for the loop. Who has more waits.
const WAITING: usize = 64;

/// What a desk is made of.
#[derive(Debug)]
pub struct DeskOptions {
    /// Store, endpoint, clocks.
    pub engine: Engine,
    /// What the title bar says of the endpoint.
    pub environment: Environment,
    /// What the person configured.
    pub options: Options,
    /// Their keys.
    pub keymap: Keymap,
    /// Their colours.
    pub theme: Theme,
    /// What the environment says about the terminal.
    pub surroundings: Surroundings,
    /// Editor and browser.
    pub programs: Programs,
    /// How often the endpoint is read.
    pub pauses: Pauses,
    /// What went wrong elsewhere in the program and ought to be seen; nothing if it ends without a word.
    pub news: Option<oneshot::Receiver<String>>,
    /// Says something where the desk was, once it has left the screen.
    pub say: fn(&str),
    /// Where to panic as soon as the desk is open: so a test sees that the terminal is given back.
    #[cfg(debug_assertions)]
    pub panic: Option<Panic>,
}

/// A panic that was asked for; release builds know none.
#[cfg(debug_assertions)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panic {
    /// In a task of the background.
    Task,
    /// In the loop itself.
    Loop,
}

#[cfg(debug_assertions)]
impl Panic {
    fn now(self) {
        let panic = || panic!("HITDECK_PANIC asked for this");
        match self {
            Panic::Task => drop(tokio::spawn(async move { panic() })),
            Panic::Loop => panic(),
        }
    }
}

/// Why there is no desk.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is no terminal to draw on.
    #[error(transparent)]
    Terminal(#[from] TtyError),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system does not let us listen to its signals.
    #[error("the signals of the system could not be listened to: {0}")]
    Signals(#[source] std::io::Error),
}

impl Ending {
    /// The exit code of the process. Decisions that are left unsent are the caller's business.
    pub const fn code(self) -> u8 {
        match self {
            Ending::Quit => 0,
            Ending::Panic => 1,
            Ending::Hangup => 129,
            Ending::Signal(code) => code,
        }
    }

    /// How long the process may still wait for the disk and the endpoint.
    const fn patience(self) -> Duration {
        match self {
            Ending::Quit => Duration::from_secs(5),
            Ending::Hangup | Ending::Signal(_) | Ending::Panic => Duration::from_secs(1),
        }
    }
}

/// Runs the desk on the terminal until the person leaves or something ends it. The terminal is theirs again when this
/// comes back. Call it on a runtime that is then shut down without waiting: after a hang-up nothing may hold the process.
/// With the ending comes what was being published and is not.
pub async fn run(options: DeskOptions) -> Result<(Ending, Vec<Unpublished>), DeskError> {
    #[cfg(debug_assertions)]
    let panic = options.panic;
    let DeskOptions { engine, environment, options, keymap, theme, surroundings, programs, pauses, news, say, .. } =
        options;
    let first = first(&engine)?;
    let title = format!("hitdeck {}", environment.name);
    let signals = Signals::listen().map_err(DeskError::Signals)?;
    let (console, input) = Console::open(&title, surroundings)?;
    let outside = watch(signals, console.session().clone());
    let (outcomes, outcomes_in) = mpsc::channel(WAITING);
    let (data, data_in) = mpsc::channel(WAITING);
    let sources = Sources { outside, input, outcomes: outcomes_in, data: data_in };
    let clock = engine.clock().clone();
    if let Some(news) = news {
        tokio::spawn(announce(news, data.clone()));
    }
    let office = Office::open(engine, pauses, outcomes, data);
    let state = State::new(environment, options, keymap);
    let mut desk = Desk::new(state, theme, console, clock, sources, office, programs);
    desk.open(first).await;
    #[cfg(debug_assertions)]
    panic.into_iter().for_each(Panic::now);
    let ending = desk.run().await;
    let left = desk.close(ending.patience(), &say).await;
    Ok((ending, left))
}

async fn announce(news: oneshot::Receiver<String>, data: mpsc::Sender<Event>) {
    if let Ok(text) = news.await {
        // A desk that is gone needs no news.
        let _ = data.send(Event::Notice { level: Level::Error, text }).await;
    }
}

/// What the first frame shows, from the store alone.
pub fn first(engine: &Engine) -> Result<Event, StoreError> {
    engine.store().read(|reader| {
        let (total, undecided) = reader.tally()?;
        Ok(Event::Opened {
            rows: engine::rows(reader.urgent(WINDOW)?),
            outbox: reader.open_entries()?,
            total,
            undecided,
            as_of: reader.as_of()?,
            balance: reader.balance()?,
        })
    })
}

/// Signals and panics, as one stream.
fn watch(mut signals: Signals, session: Session) -> mpsc::Receiver<Outside> {
    let (sender, outside) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        loop {
            let news = tokio::select! {
                biased;
                told = signals.next() => Outside::Signal(told),
                () = session.panicked() => Outside::Panicked,
            };
            if sender.send(news).await.is_err() || news == Outside::Panicked {
                return;
            }
        }
    });
    outside
}
