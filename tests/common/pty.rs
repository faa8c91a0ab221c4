//! A program in a pseudo-terminal, driven as a person drives it: type, look, resize, hang up. What the terminal
//! shows is modelled by vt100, which answers no query: a program that asks one gets no answer here either.

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long something may take that has to happen. Far more than it takes: only a failing test waits so long.
const CAP: Duration = Duration::from_secs(30);

pub struct Pty {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    keyboard: Option<Box<dyn Write + Send>>,
    output: Receiver<Vec<u8>>,
    /// Tells the thread that reads to let go of the terminal.
    closing: Arc<AtomicBool>,
    terminal: vt100::Parser,
    /// Every byte the program has written.
    pub written: Vec<u8>,
}

fn size(columns: u16, lines: u16) -> PtySize {
    PtySize { rows: lines, cols: columns, pixel_width: 0, pixel_height: 0 }
}

fn cells(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).expect("a terminal has cells")
}

impl Pty {
    /// Starts a program in a terminal of this size.
    pub fn start(program: &str, arguments: &[&str], variables: &[(&str, &str)], columns: u16, lines: u16) -> Pty {
        let pair = native_pty_system().openpty(size(columns, lines)).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env("TERM", "xterm-256color");
        for name in ["NO_COLOR", "COLORTERM", "SSH_CONNECTION", "DISPLAY", "WAYLAND_DISPLAY"] {
            command.env_remove(name);
        }
        for (name, value) in variables {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let (sender, output) = channel();
        let closing = Arc::new(AtomicBool::new(false));
        let close = closing.clone();
        std::thread::spawn(move || {
            let mut bytes = vec![0; 1 << 16];
            while let Ok(n @ 1..) = reader.read(&mut bytes) {
                if close.load(Ordering::Relaxed) || sender.send(bytes[..n].to_vec()).is_err() {
                    return;
                }
            }
        });
        let keyboard = pair.master.take_writer().expect("a keyboard");
        Pty {
            child,
            master: Some(pair.master),
            keyboard: Some(keyboard),
            output,
            closing,
            terminal: vt100::Parser::new(cells(lines), cells(columns), 0),
            written: Vec::new(),
        }
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &[u8]) {
        let keyboard = self.keyboard.as_mut().expect("the line is not hung up");
        keyboard.write_all(keys).and_then(|()| keyboard.flush()).expect("the terminal takes keys");
    }

    /// What is on the screen, a line a line.
    pub fn screen(&self) -> String {
        self.terminal.screen().contents()
    }

    pub fn terminal(&self) -> &vt100::Screen {
        self.terminal.screen()
    }

    /// Waits until the screen is as it should be.
    #[track_caller]
    pub fn wait_until(&mut self, what: &str, holds: impl Fn(&vt100::Screen) -> bool) {
        let until = Instant::now() + CAP;
        while !holds(self.terminal.screen()) {
            let left = until.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.show(&bytes),
                Err(RecvTimeoutError::Timeout) => panic!("not in {CAP:?}: {what}\n{}", self.screen()),
                Err(RecvTimeoutError::Disconnected) => panic!("ended before: {what}\n{}", self.screen()),
            }
        }
    }

    /// Waits until bytes were written since there were `before` of them.
    #[track_caller]
    pub fn wait_for_bytes(&mut self, before: usize, needle: &str) {
        let until = Instant::now() + CAP;
        while !String::from_utf8_lossy(&self.written[before..]).contains(needle) {
            let left = until.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.show(&bytes),
                Err(error) => panic!("{error}: {needle:?} was not written\n{}", self.screen()),
            }
        }
    }

    /// Waits for a text on the screen.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) {
        self.wait_until(text, |screen| screen.contents().contains(text));
    }

    /// Reads what comes within this time, and tells how many bytes that were.
    pub fn observe(&mut self, time: Duration) -> usize {
        let (until, before) = (Instant::now() + time, self.written.len());
        while let Ok(bytes) = self.output.recv_timeout(until.saturating_duration_since(Instant::now())) {
            self.show(&bytes);
        }
        self.written.len() - before
    }

    fn show(&mut self, bytes: &[u8]) {
        self.written.extend_from_slice(bytes);
        self.terminal.process(bytes);
    }

    /// Gives the window another size (or the same again).
    pub fn resize(&mut self, columns: u16, lines: u16) {
        self.master.as_ref().expect("the line is not hung up").resize(size(columns, lines)).expect("a resize");
        self.terminal.screen_mut().set_size(cells(lines), cells(columns));
    }

    pub fn pid(&self) -> u32 {
        self.child.process_id().expect("a process")
    }

    /// Sends a signal to the program.
    pub fn signal(&self, name: &str) {
        signal(self.pid(), name);
    }

    /// Closes the terminal, as a dropped connection does.
    pub fn hang_up(&mut self) {
        // The thread that reads lets go when the next byte comes: everything is drawn again for that.
        self.closing.store(true, Ordering::Relaxed);
        self.press(b"\x0c");
        self.keyboard = None;
        self.master = None;
    }

    /// Waits for the program to end.
    #[track_caller]
    pub fn wait_for_end(&mut self) -> ExitStatus {
        let until = Instant::now() + CAP;
        loop {
            // The channel is closed when the last holder of the terminal is gone.
            if let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(5)) {
                self.show(&bytes);
            }
            if let Some(status) = self.child.try_wait().expect("a child") {
                while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(50)) {
                    self.show(&bytes);
                }
                return status;
            }
            assert!(Instant::now() < until, "still running after {CAP:?}\n{}", self.screen());
        }
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a process.
pub fn signal(pid: u32, name: &str) {
    let status = std::process::Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).status();
    assert!(status.expect("kill runs").success(), "kill -{name} {pid}");
}

/// A field of /proc/PID/status, e.g. `State`.
pub fn proc_status(pid: u32, field: &str) -> Option<String> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status.lines().find_map(|line| Some(line.strip_prefix(field)?.strip_prefix(':')?.trim().to_owned()))
}

/// Waits for something outside the terminal.
#[track_caller]
pub fn wait_for(what: &str, holds: impl Fn() -> bool) {
    let until = Instant::now() + CAP;
    while !holds() {
        assert!(Instant::now() < until, "not in {CAP:?}: {what}");
        std::thread::yield_now();
    }
}

/// What the bytes hold that a desk must not write: queries, control bytes, sequences outside the short list it needs.
pub fn forbidden(bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = bytes;
    while let Some(&byte) = rest.first() {
        let length = match byte {
            0x1b => {
                let (length, allowed) = sequence(rest);
                if !allowed {
                    found.push(String::from_utf8_lossy(&rest[..length]).escape_debug().to_string());
                }
                length
            }
            b'\r' | b'\n' | 0x20.. => 1,
            _ => {
                found.push(format!("control byte {byte:#04x}"));
                1
            }
        };
        rest = &rest[length..];
    }
    found
}

fn sequence(bytes: &[u8]) -> (usize, bool) {
    match bytes.get(1) {
        Some(b'[') => {
            let Some(end) = bytes.iter().skip(2).position(|b| (0x40..=0x7e).contains(b)) else {
                return (bytes.len(), false);
            };
            let (parameters, last) = (&bytes[2..end + 2], bytes[end + 2]);
            let numbers = parameters.iter().all(|b| b.is_ascii_digit() || *b == b';');
            let allowed = match last {
                b'A' | b'B' | b'C' | b'D' | b'G' | b'H' | b'J' | b'K' | b'X' | b'm' => numbers,
                b'h' | b'l' => parameters.starts_with(b"?"),
                b't' => parameters == b"22;2" || parameters == b"23;2",
                _ => false,
            };
            (end + 3, allowed)
        }
        Some(b']') => {
            let Some(end) = bytes.iter().position(|b| *b == 0x07) else { return (bytes.len(), false) };
            let text = &bytes[2..end];
            (end + 1, text.starts_with(b"2;") || (text.starts_with(b"52;c;") && !text.ends_with(b"?")))
        }
        _ => (2.min(bytes.len()), false),
    }
}
