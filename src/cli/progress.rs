//! How far long work is: one line on stderr, rewritten in place, when it takes over a second and somebody looks on.

use super::decide::PATIENCE as STANDSTILL;
use super::exit::Failure;
use super::session::Session;
use crate::app::event::Event;
use crate::app::format::count;
use crate::domain::decision::DecisionId;
use crate::runtime::engine::Left;
use std::collections::HashSet;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Work that takes longer than this shows how far it is.
const PATIENCE: Duration = Duration::from_secs(1);
/// The line is rewritten no more often than this.
const STEP: Duration = Duration::from_millis(100);
/// The widest bar.
const BAR: usize = 40;
/// Events that wait to be counted; who sends them waits for who is slower.
const WAITING: usize = 64;

/// The line of one piece of work. It is gone when this is dropped.
#[derive(Debug)]
pub struct Progress {
    doing: &'static str,
    of: &'static str,
    begun: Instant,
    shown: Option<Instant>,
    on_terminal: bool,
}

impl Progress {
    /// Work that begins now: "reading", of "HITs".
    pub fn begin(doing: &'static str, of: &'static str) -> Self {
        Progress { doing, of, begun: Instant::now(), shown: None, on_terminal: std::io::stderr().is_terminal() }
    }

    /// So much of it is done.
    pub fn show(&mut self, done: usize, all: usize) {
        let now = Instant::now();
        let too_soon = self.shown.is_some_and(|shown| now - shown < STEP) && done < all;
        if !self.on_terminal || now - self.begun < PATIENCE || too_soon {
            return;
        }
        self.shown = Some(now);
        let columns = rustix::termios::tcgetwinsize(std::io::stderr()).map_or(0, |size| usize::from(size.ws_col));
        let line = line(self.doing, self.of, done, all, if columns == 0 { 80 } else { columns });
        // Nobody to tell is no error of the work.
        let _ = write!(std::io::stderr(), "\r{line}\x1b[K");
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown.is_some() {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

/// `reading [####........] 1,200 of 4,000 HITs`, as wide as there is room.
fn line(doing: &str, of: &str, done: usize, all: usize, columns: usize) -> String {
    let done = done.min(all);
    let words = format!("{} of {} {of}", count(done), count(all));
    // One column stays free, so that no terminal wraps the line.
    let room = columns.saturating_sub(doing.len() + words.len() + 5).min(BAR);
    if room < 5 {
        return format!("{doing} {words}").chars().take(columns.saturating_sub(1)).collect();
    }
    let full = (room * done).checked_div(all).unwrap_or(room);
    format!("{doing} [{}{}] {words}", "#".repeat(full), ".".repeat(room - full))
}

/// Sends what is in the outbox until it is idle, and shows how many of `all` decisions are settled.
pub async fn send(session: &Session, all: usize) -> Result<Left, Failure> {
    let (events, mut news) = mpsc::channel(WAITING);
    let mut progress = Progress::begin("sending", "decisions");
    let watch = async {
        let mut settled: HashSet<DecisionId> = HashSet::new();
        while let Some(event) = news.recv().await {
            if let Event::Outbox(entries) = event {
                settled.extend(entries.iter().filter(|entry| entry.state.is_settled()).map(|entry| entry.id));
                progress.show(settled.len(), all);
            }
        }
    };
    let (left, ()) = tokio::join!(session.engine.send_until_idle_with(STANDSTILL, Some(events)), watch);
    Ok(left?)
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn the_bar_fits_the_terminal() {
        assert_eq!(line("reading", "HITs", 2, 4, 40), "reading [########.........] 2 of 4 HITs");
        assert_eq!(line("reading", "HITs", 9, 4, 24), "reading 4 of 4 HITs");
        assert_eq!(line("reading", "HITs", 0, 0, 35), "reading [############] 0 of 0 HITs");
        for columns in 0..200 {
            assert!(line("sending", "decisions", 1_200, 4_000, columns).len() < columns.max(1), "{columns}");
        }
    }
}
