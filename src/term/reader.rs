//! The input thread: poll(2) first, then one read(2), so that a terminal that is gone is seen as what it is.
//!
//! (The reader of crossterm 0.29 spins for ever on a dead terminal: crossterm-rs/crossterm#793.)

use super::decode::{Decoder, Input, Patience};
use super::session::Session;
use super::tty::timespec;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use std::io::{PipeReader, PipeWriter, Read, Write};
use std::sync::mpsc as commands;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// Reads that wait for the desk. It is never full in practice: when it is, the thread waits and the kernel buffers.
const WAITING: usize = 64;
/// The rest of a sequence that a person cannot have typed.
const SEQUENCE: Duration = Duration::from_secs(1);
/// The rest of a paste.
const PASTE: Duration = Duration::from_secs(2);

/// What the thread tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Keys or a paste.
    Input(Input),
    /// The terminal is gone; nothing more will come.
    Hangup,
}

#[derive(Debug)]
enum Command {
    Pause(oneshot::Sender<()>),
    Resume,
}

/// The thread's handle. When it is dropped the thread ends.
#[derive(Debug)]
pub struct Reader {
    commands: commands::Sender<Command>,
    wake: PipeWriter,
}

impl Reader {
    /// Starts to read. `escape_delay` is how long an Esc may be the beginning of another key.
    pub fn start(session: &Session, escape_delay: Duration) -> std::io::Result<(Self, mpsc::Receiver<Message>)> {
        let (messages, receiver) = mpsc::channel(WAITING);
        let (sender, commands) = commands::channel();
        let (woken, wake) = std::io::pipe()?;
        let thread = Thread { session: session.clone(), escape_delay, messages, commands, woken };
        std::thread::Builder::new().name("input".into()).spawn(move || thread.run())?;
        Ok((Reader { commands: sender, wake }, receiver))
    }

    /// Comes back when the thread reads no more, so that a child program gets every key.
    pub async fn pause(&mut self) {
        let (confirm, confirmed) = oneshot::channel();
        self.tell(Command::Pause(confirm));
        // The thread may have ended with the terminal: then it does not read either.
        let _ = confirmed.await;
    }

    /// Reads again.
    pub fn resume(&mut self) {
        self.tell(Command::Resume);
    }

    fn tell(&mut self, command: Command) {
        if self.commands.send(command).is_ok() {
            let _ = self.wake.write_all(&[1]);
        }
    }
}

struct Thread {
    session: Session,
    escape_delay: Duration,
    messages: mpsc::Sender<Message>,
    commands: commands::Receiver<Command>,
    woken: PipeReader,
}

enum Ready {
    Bytes(usize),
    Gone,
    Late,
    Command,
    Nothing,
}

impl Thread {
    fn run(mut self) {
        let mut decoder = Decoder::default();
        let mut bytes = vec![0; 1 << 16];
        let mut last = Instant::now();
        loop {
            let deadline = decoder.patience().map(|patience| last + self.span(patience));
            let inputs = match self.wait(deadline, &mut bytes) {
                Ready::Bytes(n) => {
                    last = Instant::now();
                    decoder.feed(&bytes[..n])
                }
                Ready::Late => decoder.expire(),
                Ready::Nothing => continue,
                Ready::Gone => {
                    let _ = self.messages.blocking_send(Message::Hangup);
                    return;
                }
                Ready::Command => {
                    decoder.reset();
                    if self.obey() { continue } else { return }
                }
            };
            for input in inputs {
                if self.messages.blocking_send(Message::Input(input)).is_err() {
                    return;
                }
            }
        }
    }

    fn span(&self, patience: Patience) -> Duration {
        match patience {
            Patience::Key => self.escape_delay,
            Patience::Sequence => SEQUENCE,
            Patience::Paste => PASTE,
        }
    }

    fn wait(&self, deadline: Option<Instant>, bytes: &mut [u8]) -> Ready {
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let left_spec = left.map(timespec);
        let tty = self.session.tty();
        let mut fds = [PollFd::new(&self.woken, PollFlags::IN), PollFd::new(tty, PollFlags::IN)];
        match poll(&mut fds, left_spec.as_ref()) {
            Ok(0) => return Ready::Late,
            Ok(_) => {}
            Err(Errno::INTR) => return Ready::Nothing,
            Err(_) => return Ready::Gone,
        }
        if !fds[0].revents().is_empty() {
            return Ready::Command;
        }
        let events = fds[1].revents();
        if events.contains(PollFlags::IN) {
            return match rustix::io::read(tty, bytes) {
                Ok(0) => Ready::Gone,
                Ok(n) => Ready::Bytes(n),
                Err(Errno::INTR | Errno::AGAIN) => Ready::Nothing,
                Err(_) => Ready::Gone,
            };
        }
        if events.is_empty() { Ready::Nothing } else { Ready::Gone }
    }

    /// Carries out a command; false when the handle was dropped.
    fn obey(&mut self) -> bool {
        let _ = self.woken.read(&mut [0]);
        match self.commands.try_recv() {
            Ok(Command::Pause(confirm)) => {
                let _ = confirm.send(());
                loop {
                    match self.commands.recv() {
                        Ok(Command::Resume) => {
                            let _ = self.woken.read(&mut [0]);
                            return true;
                        }
                        Ok(Command::Pause(confirm)) => {
                            let _ = self.woken.read(&mut [0]);
                            let _ = confirm.send(());
                        }
                        Err(_) => return false,
                    }
                }
            }
            Ok(Command::Resume) | Err(commands::TryRecvError::Empty) => true,
            Err(commands::TryRecvError::Disconnected) => false,
        }
    }
}
