//! The device: its file, its size, writes that never block for ever.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::termios::{Termios, tcgetattr, tcgetpgrp, tcgetwinsize, ttyname};
use std::io::IsTerminal;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

/// Why there is no terminal to draw on.
#[derive(Debug, thiserror::Error)]
pub enum TtyError {
    /// Output goes to a file or a pipe.
    #[error("standard output is not a terminal, and the desk needs one; {HINT}")]
    NotATerminal,
    /// `TERM` says that the terminal cannot place a cursor.
    #[error("this terminal cannot show a full screen (TERM={term}); {HINT}")]
    Dumb {
        /// The value of `TERM`.
        term: String,
    },
    /// The device does not do what terminals do.
    #[error("the terminal could not be opened: {0}; {HINT}")]
    Device(#[from] std::io::Error),
}

const HINT: &str = "without a screen use the subcommands, for example `hitdeck assignment list` (see `hitdeck --help`)";

/// The terminal.
#[derive(Debug)]
pub struct Tty {
    fd: OwnedFd,
}

impl Tty {
    /// Opens the terminal that standard output is, with a file description of our own: it does not block, and the
    /// shell's stays as it is.
    pub fn open() -> Result<Self, TtyError> {
        let term = std::env::var("TERM").unwrap_or_default();
        let stdout = std::io::stdout();
        if !stdout.is_terminal() {
            return Err(TtyError::NotATerminal);
        }
        if term.is_empty() || term == "dumb" {
            return Err(TtyError::Dumb { term });
        }
        let flags = OFlags::RDWR | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let named = ttyname(stdout.as_fd(), Vec::new()).and_then(|name| rustix::fs::open(name, flags, Mode::empty()));
        // In some containers the name of the device does not lead to it.
        let fd = named
            .or_else(|_| rustix::fs::open("/proc/self/fd/1", flags, Mode::empty()))
            .or_else(|_| rustix::fs::open("/dev/tty", flags, Mode::empty()))
            .map_err(std::io::Error::from)?;
        Ok(Tty { fd })
    }

    /// A terminal for tests: the slave side of a pseudo-terminal.
    #[cfg(test)]
    pub(crate) fn from_fd(fd: OwnedFd) -> Self {
        Tty { fd }
    }

    /// Columns and lines; a terminal that does not know counts as 80x24.
    pub fn size(&self) -> (u16, u16) {
        match tcgetwinsize(&self.fd) {
            Ok(size) if size.ws_col > 0 && size.ws_row > 0 => (size.ws_col, size.ws_row),
            _ => (80, 24),
        }
    }

    /// Whether our process group may use the terminal now; a job in the background may not.
    pub fn is_ours(&self) -> bool {
        tcgetpgrp(&self.fd).map_or(true, |group| group == rustix::process::getpgrp())
    }

    pub(crate) fn modes(&self) -> Result<Termios, std::io::Error> {
        Ok(tcgetattr(&self.fd)?)
    }

    /// Writes what the terminal takes now: 0 when it takes nothing.
    pub fn write(&self, bytes: &[u8]) -> std::io::Result<usize> {
        loop {
            match rustix::io::write(&self.fd, bytes) {
                Ok(n) => return Ok(n),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Ok(0),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Writes all of it, or gives up when the terminal has taken nothing for `patience`.
    pub fn write_all(&self, mut bytes: &[u8], patience: Duration) -> std::io::Result<()> {
        while !bytes.is_empty() {
            let n = self.write(bytes)?;
            bytes = &bytes[n..];
            if n == 0 && !self.wait(patience)? {
                return Err(std::io::ErrorKind::TimedOut.into());
            }
        }
        Ok(())
    }

    /// Waits until the terminal takes more, is gone, or `patience` is over.
    pub(crate) fn wait_for_room(&self, patience: Duration) {
        // Whatever the reason of an error, the next write meets it.
        let _ = self.wait(patience);
    }

    fn wait(&self, patience: Duration) -> std::io::Result<bool> {
        let until = Instant::now() + patience;
        loop {
            let left = timespec(until.saturating_duration_since(Instant::now()));
            match poll(&mut [PollFd::new(&self.fd, PollFlags::OUT)], Some(&left)) {
                Ok(n) => return Ok(n > 0),
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl AsFd for Tty {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

pub(crate) fn timespec(duration: Duration) -> Timespec {
    Timespec { tv_sec: duration.as_secs().try_into().unwrap_or(i64::MAX), tv_nsec: duration.subsec_nanos().into() }
}
