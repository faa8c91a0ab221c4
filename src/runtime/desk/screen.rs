//! What the loop asks of a screen. A terminal is one; a test's memory is another.

use crate::term::reader::{Message, Reader};
use crate::term::session::Session;
use crate::term::signals;
use crate::term::terminal::{Surroundings, Terminal};
use crate::term::tty::TtyError;
use ratatui::buffer::Buffer;
use std::io;
use tokio::sync::mpsc;

/// A screen to draw frames on, which can be lent to other programs.
pub trait Screen {
    /// Columns and lines.
    fn size(&self) -> (u16, u16);
    /// The window has changed: its size is asked for again, and everything is drawn.
    fn resized(&mut self);
    /// What is shown is not known any more: the next frame is drawn whole.
    fn forget(&mut self);
    /// An empty buffer for the next frame.
    fn canvas(&mut self) -> &mut Buffer;
    /// Shows the canvas, with the cursor at this place or nowhere.
    fn show(&mut self, cursor: Option<(u16, u16)>) -> io::Result<()>;
    /// Puts a text on the person's clipboard.
    fn copy(&mut self, text: &str) -> Result<(), String>;
    /// Mouse reports on or off.
    fn mouse(&mut self, on: bool) -> io::Result<()>;
    /// Whether the screen has not taken the last frame yet.
    fn is_behind(&self) -> bool;
    /// Comes back when it has. Cancel safe.
    fn catch_up(&mut self) -> impl Future<Output = io::Result<()>>;
    /// Lends the screen and the keyboard to another program. Comes back when no key is read any more.
    fn hand_over(&mut self) -> impl Future<Output = ()>;
    /// Takes them back.
    fn take_back(&mut self) -> io::Result<()>;
    /// Whether they may be taken back: not while the job is in the background.
    fn may_take_back(&self) -> bool;
    /// Stops the process group until SIGCONT. An error says why that would be no good.
    fn stop(&mut self) -> Result<(), String>;
    /// Whether there is somebody to go on after [`Screen::stop`].
    fn can_stop(&self) -> bool;
}

/// The terminal with its input thread.
#[derive(Debug)]
pub struct Console {
    terminal: Terminal,
    reader: Reader,
}

impl Console {
    /// Takes the terminal that standard output is.
    pub fn open(title: &str, around: Surroundings) -> Result<(Self, mpsc::Receiver<Message>), TtyError> {
        let terminal = Terminal::open(title, around.colours)?;
        let (reader, messages) = Reader::start(terminal.session(), around.escape_delay)?;
        Ok((Console { terminal, reader }, messages))
    }

    /// The session of the terminal.
    pub fn session(&self) -> &Session {
        self.terminal.session()
    }
}

impl Screen for Console {
    fn size(&self) -> (u16, u16) {
        self.terminal.size()
    }

    fn resized(&mut self) {
        self.terminal.resized();
    }

    fn forget(&mut self) {
        self.terminal.forget();
    }

    fn canvas(&mut self) -> &mut Buffer {
        self.terminal.canvas()
    }

    fn show(&mut self, cursor: Option<(u16, u16)>) -> io::Result<()> {
        self.terminal.show(cursor)
    }

    fn copy(&mut self, text: &str) -> Result<(), String> {
        let sequence = crate::term::clipboard::copy(text).map_err(|error| error.to_string())?;
        self.terminal.send(&sequence).map_err(|error| error.to_string())
    }

    fn mouse(&mut self, on: bool) -> io::Result<()> {
        self.terminal.mouse(on)
    }

    fn is_behind(&self) -> bool {
        self.terminal.is_behind()
    }

    async fn catch_up(&mut self) -> io::Result<()> {
        self.terminal.catch_up().await
    }

    async fn hand_over(&mut self) {
        self.reader.pause().await;
        self.terminal.leave();
    }

    fn take_back(&mut self) -> io::Result<()> {
        self.terminal.re_enter()?;
        self.reader.resume();
        Ok(())
    }

    fn may_take_back(&self) -> bool {
        self.terminal.session().tty().is_ours()
    }

    fn stop(&mut self) -> Result<(), String> {
        signals::stop_group().map_err(|error| error.to_string())
    }

    fn can_stop(&self) -> bool {
        signals::has_shell()
    }
}
