//! What the system tells the process.

use rustix::process::{Signal as Number, getpgrp, getppid, getsid, kill_process_group};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The line is gone: SIGHUP.
    Hangup,
    /// To end, and with which exit code (128 and the signal's number): SIGTERM, SIGINT, SIGQUIT, SIGABRT.
    End(u8),
    /// To stop: SIGTSTP.
    Stop,
    /// To go on: SIGCONT.
    Continue,
    /// The window has another size, or has to be drawn again: SIGWINCH.
    Window,
}

/// The signals, as a stream.
#[derive(Debug)]
pub struct Signals {
    hangup: Signal,
    terminate: Signal,
    interrupt: Signal,
    quit: Signal,
    abort: Signal,
    stop: Signal,
    go_on: Signal,
    window: Signal,
}

impl Signals {
    /// Listens from now on. Needs a running tokio runtime.
    pub fn listen() -> std::io::Result<Self> {
        let listen = |number: Number| signal(SignalKind::from_raw(number.as_raw()));
        Ok(Signals {
            hangup: listen(Number::HUP)?,
            terminate: listen(Number::TERM)?,
            interrupt: listen(Number::INT)?,
            quit: listen(Number::QUIT)?,
            abort: listen(Number::ABORT)?,
            stop: listen(Number::TSTP)?,
            go_on: listen(Number::CONT)?,
            window: listen(Number::WINCH)?,
        })
    }

    /// The next one. Cancel safe.
    pub async fn next(&mut self) -> Told {
        let end = |number: Number| Told::End(128 + u8::try_from(number.as_raw()).unwrap_or(127));
        tokio::select! {
            biased;
            _ = self.hangup.recv() => Told::Hangup,
            _ = self.terminate.recv() => end(Number::TERM),
            _ = self.interrupt.recv() => end(Number::INT),
            _ = self.quit.recv() => end(Number::QUIT),
            _ = self.abort.recv() => end(Number::ABORT),
            _ = self.go_on.recv() => Told::Continue,
            _ = self.stop.recv() => Told::Stop,
            _ = self.window.recv() => Told::Window,
        }
    }
}

/// Stops our process group, as a shell expects of a job; comes back after SIGCONT.
pub fn stop_group() -> std::io::Result<()> {
    Ok(kill_process_group(getpgrp(), Number::STOP)?)
}

/// Whether there is a shell that could bring us back. `ssh -t host hitdeck` has none: who stops there is stuck.
pub fn has_shell() -> bool {
    let ours = getsid(None).ok();
    getppid().is_some_and(|parent| getsid(Some(parent)).ok() == ours)
}
