//! The screen of a real terminal: session, painter, and bytes that the terminal has not taken yet.

use super::paint::Painter;
use super::session::Session;
use super::sgr::Colours;
use super::tty::{Tty, TtyError};
use ratatui::buffer::Buffer;
use std::time::Duration;
use tokio::task::JoinHandle;

/// What the environment says about the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Surroundings {
    /// The colours that may be written.
    pub colours: Colours,
    /// How long an Esc may be the beginning of another key.
    pub escape_delay: Duration,
}

impl Surroundings {
    /// Reads `NO_COLOR`, `COLORTERM` and `SSH_CONNECTION`.
    pub fn read() -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let all = std::env::var("COLORTERM").is_ok_and(|value| value == "truecolor" || value == "24bit");
        let colours = match (set("NO_COLOR"), all) {
            (true, _) => Colours::None,
            (false, true) => Colours::All,
            (false, false) => Colours::Palette,
        };
        // Over a line, the bytes of one key can come apart.
        let escape_delay = Duration::from_millis(if set("SSH_CONNECTION") { 100 } else { 50 });
        Surroundings { colours, escape_delay }
    }
}

/// A terminal that is ours, as a screen to draw on.
#[derive(Debug)]
pub struct Terminal {
    session: Session,
    painter: Painter,
    size: (u16, u16),
    pending: Vec<u8>,
    sent: usize,
    /// A thread that waits until the terminal takes more; there is one only while we are behind.
    waiting: Option<JoinHandle<()>>,
}

impl Terminal {
    /// Enters the terminal that standard output is.
    pub fn open(title: &str, colours: Colours) -> Result<Self, TtyError> {
        let session = Session::enter(Tty::open()?, title)?;
        session.guard_panics();
        let size = session.tty().size();
        let painter = Painter::new(colours);
        Ok(Terminal { session, painter, size, pending: Vec::new(), sent: 0, waiting: None })
    }

    /// The session, for the input thread.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Columns and lines.
    pub fn size(&self) -> (u16, u16) {
        self.size
    }

    /// Asks the system for the size; what is on the terminal is not known any more.
    pub fn resized(&mut self) {
        self.size = self.session.tty().size();
        self.painter.forget();
    }

    /// What is on the terminal is not known any more.
    pub fn forget(&mut self) {
        self.painter.forget();
    }

    /// The buffer of the next frame, empty.
    pub fn canvas(&mut self) -> &mut Buffer {
        self.painter.canvas(self.size.0, self.size.1)
    }

    /// Shows the canvas: one write, of which the terminal may take a part. Not while [`Terminal::is_behind`].
    pub fn show(&mut self, cursor: Option<(u16, u16)>) -> std::io::Result<()> {
        let frame = self.painter.paint(cursor);
        if !frame.is_empty() {
            let taken = if self.pending.is_empty() { self.session.tty().write(frame)? } else { 0 };
            self.pending.extend_from_slice(&frame[taken..]);
        }
        Ok(())
    }

    /// Writes control text (never a query) after what is under way.
    pub fn send(&mut self, text: &str) -> std::io::Result<()> {
        self.pending.extend_from_slice(text.as_bytes());
        self.flush()
    }

    /// Mouse reports on or off.
    pub fn mouse(&mut self, on: bool) -> std::io::Result<()> {
        self.session.mouse(on)
    }

    /// Whether the terminal has not taken everything yet: no new frame until it has.
    pub fn is_behind(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Comes back when the terminal has taken everything. Cancel safe.
    pub async fn catch_up(&mut self) -> std::io::Result<()> {
        loop {
            self.flush()?;
            if self.pending.is_empty() {
                return Ok(());
            }
            let session = self.session.clone();
            let waiting = self.waiting.get_or_insert_with(|| {
                tokio::task::spawn_blocking(move || session.tty().wait_for_room(Duration::from_secs(1)))
            });
            // The task neither panics nor is cancelled; if the terminal is gone, the next write says so.
            let _ = waiting.await;
            self.waiting = None;
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        while self.sent < self.pending.len() {
            let taken = self.session.tty().write(&self.pending[self.sent..])?;
            if taken == 0 {
                return Ok(());
            }
            self.sent += taken;
        }
        self.pending.clear();
        self.sent = 0;
        Ok(())
    }

    /// Gives the terminal back, for a stop or a child program.
    pub fn leave(&mut self) {
        self.settle();
        self.session.leave();
    }

    /// Takes the terminal again.
    pub fn re_enter(&mut self) -> std::io::Result<()> {
        self.session.re_enter()?;
        self.resized();
        Ok(())
    }

    /// What is under way is finished if the terminal takes it soon, so that no sequence is cut in two.
    fn settle(&mut self) {
        if self.session.is_in() {
            let _ = self.session.tty().write_all(&self.pending[self.sent..], Duration::from_millis(100));
        }
        self.pending.clear();
        self.sent = 0;
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.leave();
    }
}
