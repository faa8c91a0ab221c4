//! The guard of the terminal: what was changed is changed back, in reverse, once, however the program ends.

use super::tty::Tty;
use rustix::termios::{OptionalActions, Termios, tcsetattr};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

/// How long a terminal that takes no bytes may hold up our leaving it.
const FAREWELL: Duration = Duration::from_millis(250);

/// Alternate screen, bracketed paste, no automatic line wrap (so that the last column is like any other), no cursor.
const ENTER: &str = "\x1b[?1049h\x1b[?2004h\x1b[?7l\x1b[?25l";
const LEAVE: &str = "\x1b[?2026l\x1b[m\x1b[?25h\x1b[?7h\x1b[?2004l\x1b[?1049l\x1b[23;2t";
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";

/// The terminal while it is ours. Clones are handles on the same session.
#[derive(Debug, Clone)]
pub struct Session(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    tty: Tty,
    title: String,
    /// The modes to go back to, while we are in.
    before: Mutex<Option<Termios>>,
    mouse: AtomicBool,
    panicked: AtomicBool,
    panic: Notify,
}

impl Session {
    /// Enters the terminal. `title` is shown in the window's title bar while we are in.
    pub fn enter(tty: Tty, title: &str) -> std::io::Result<Self> {
        let title = title.chars().filter(|c| !c.is_control()).take(100).collect();
        let session = Session(Arc::new(Inner {
            tty,
            title,
            before: Mutex::new(None),
            mouse: AtomicBool::new(false),
            panicked: AtomicBool::new(false),
            panic: Notify::new(),
        }));
        session.re_enter()?;
        Ok(session)
    }

    /// The device.
    pub fn tty(&self) -> &Tty {
        &self.0.tty
    }

    /// Enters again after [`Session::leave`]. Entering twice repeats what a child may have undone.
    pub fn re_enter(&self) -> std::io::Result<()> {
        let inner = &*self.0;
        let mut before = inner.lock();
        let modes = inner.tty.modes()?;
        let mut raw = modes.clone();
        raw.make_raw();
        tcsetattr(&inner.tty, OptionalActions::Now, &raw)?;
        let mut hello = String::new();
        if before.is_none() {
            *before = Some(modes);
            hello = format!("\x1b[22;2t\x1b]2;{}\x07", inner.title);
        }
        hello.push_str(ENTER);
        if inner.mouse.load(Ordering::Relaxed) {
            hello.push_str(MOUSE_ON);
        }
        inner.tty.write_all(hello.as_bytes(), FAREWELL)
    }

    /// Gives the terminal back. Does nothing when it is not ours.
    pub fn leave(&self) {
        self.0.leave();
    }

    /// Whether the terminal is ours now.
    pub fn is_in(&self) -> bool {
        self.0.lock().is_some()
    }

    /// Turns mouse reports on or off.
    pub fn mouse(&self, on: bool) -> std::io::Result<()> {
        self.0.mouse.store(on, Ordering::Relaxed);
        let text = if on { MOUSE_ON } else { MOUSE_OFF };
        self.0.tty.write_all(text.as_bytes(), FAREWELL)
    }

    /// From now on a panic of any thread gives the terminal back before its report is printed, and is told by
    /// [`Session::panicked`].
    pub fn guard_panics(&self) {
        let session = Arc::downgrade(&self.0);
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |report| {
            if let Some(inner) = session.upgrade() {
                inner.leave();
                inner.panicked.store(true, Ordering::Relaxed);
                inner.panic.notify_one();
            }
            previous(report);
        }));
    }

    /// Comes back when a thread or task has panicked: a desk of which a part is missing does not go on.
    pub async fn panicked(&self) {
        if !self.0.panicked.load(Ordering::Relaxed) {
            self.0.panic.notified().await;
        }
    }
}

impl Inner {
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Termios>> {
        // A panic while the lock was held leaves the modes as good as they were.
        self.before.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn leave(&self) {
        let Some(before) = self.lock().take() else { return };
        if self.mouse.load(Ordering::Relaxed) {
            let _ = self.tty.write_all(MOUSE_OFF.as_bytes(), FAREWELL);
        }
        // A terminal that is gone cannot be told; the modes are tried all the same.
        let _ = self.tty.write_all(LEAVE.as_bytes(), FAREWELL);
        let _ = tcsetattr(&self.tty, OptionalActions::Now, &before);
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.leave();
    }
}

#[cfg(test)]
mod tests;
