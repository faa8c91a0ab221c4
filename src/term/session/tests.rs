//! The session and the input thread on a real pseudo-terminal.

use super::*;
use crate::app::key::{Code, Key};
use crate::term::decode::Input;
use crate::term::reader::{Message, Reader};
use portable_pty::{MasterPty, PtySize, native_pty_system};
use rustix::termios::{LocalModes, tcgetattr};
use std::io::{Read, Write};
use tokio::sync::mpsc;

struct Line {
    master: Box<dyn MasterPty + Send>,
    _slave: Box<dyn portable_pty::SlavePty + Send>,
    keyboard: Box<dyn Write + Send>,
}

fn line() -> (Line, Tty) {
    let pair = native_pty_system().openpty(PtySize { rows: 30, cols: 100, pixel_width: 0, pixel_height: 0 }).unwrap();
    let name = pair.master.tty_name().unwrap();
    let flags = rustix::fs::OFlags::RDWR | rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    let fd = rustix::fs::open(name, flags, rustix::fs::Mode::empty()).unwrap();
    let keyboard = pair.master.take_writer().unwrap();
    (Line { master: pair.master, _slave: pair.slave, keyboard }, Tty::from_fd(fd))
}

impl Line {
    /// What was written so far, up to and with `last`.
    fn written(&self, last: &str) -> String {
        let mut reader = self.master.try_clone_reader().unwrap();
        let mut all = Vec::new();
        while !all.ends_with(last.as_bytes()) {
            let mut byte = [0];
            reader.read_exact(&mut byte).unwrap();
            all.push(byte[0]);
        }
        String::from_utf8(all).unwrap()
    }

    fn press(&mut self, keys: &[u8]) {
        self.keyboard.write_all(keys).unwrap();
    }
}

fn is_raw(tty: &Tty) -> bool {
    !tcgetattr(tty).unwrap().local_modes.contains(LocalModes::ICANON)
}

fn plain(c: char) -> Key {
    Key::plain(Code::Char(c))
}

#[test]
fn what_is_changed_is_changed_back_once() {
    let (line, tty) = line();
    assert_eq!(tty.size(), (100, 30));
    assert!(!is_raw(&tty));
    let session = Session::enter(tty, "hitdeck \x1b]0;lab\x07").unwrap();
    assert!(is_raw(session.tty()) && session.is_in());
    assert_eq!(line.written("\x1b[?25l"), "\x1b[22;2t\x1b]2;hitdeck ]0;lab\x07\x1b[?1049h\x1b[?2004h\x1b[?7l\x1b[?25l");
    session.leave();
    session.leave();
    assert!(!is_raw(session.tty()) && !session.is_in());
    assert_eq!(line.written("\x1b[23;2t"), LEAVE);
    session.re_enter().unwrap();
    assert!(is_raw(session.tty()));
    // Had the second leave written anything, it would stand before this.
    assert!(line.written("\x1b[?25l").starts_with("\x1b[22;2t\x1b]2;"));
}

#[test]
fn a_terminal_that_takes_nothing_does_not_hold_us_up() {
    let (_line, tty) = line();
    let session = Session::enter(tty, "hitdeck").unwrap();
    // Nobody reads the master side: sooner or later it takes no more.
    let full = (0..1000).find_map(|_| session.tty().write_all(&[b'x'; 4096], Duration::from_millis(1)).err());
    assert_eq!(full.unwrap().kind(), std::io::ErrorKind::TimedOut);
    session.leave();
    assert!(!is_raw(session.tty()));
}

fn keys(message: Option<Message>) -> Vec<Key> {
    match message {
        Some(Message::Input(Input::Keys(keys))) => keys,
        other => panic!("{other:?}"),
    }
}

async fn keys_until(messages: &mut mpsc::Receiver<Message>, last: Key) -> Vec<Key> {
    let mut all = Vec::new();
    while all.last() != Some(&last) {
        all.extend(keys(messages.recv().await));
    }
    all
}

#[tokio::test]
async fn keys_of_one_read_come_together_and_a_dead_line_is_a_hangup() {
    let (mut line, tty) = line();
    let session = Session::enter(tty, "hitdeck").unwrap();
    let (_reader, mut messages) = Reader::start(&session, Duration::from_millis(20)).unwrap();
    line.press(b"jjk");
    assert_eq!(keys(messages.recv().await), [plain('j'), plain('j'), plain('k')]);
    line.press(b"\x1b");
    assert_eq!(keys(messages.recv().await), [Key::plain(Code::Esc)]);
    // The keyboard says goodbye with an end of file before the line is dropped.
    drop(line);
    let mut last = None;
    while let Some(message) = messages.recv().await {
        last = Some(message);
    }
    assert_eq!(last, Some(Message::Hangup));
}

#[tokio::test]
async fn while_it_is_paused_the_keys_belong_to_the_child() {
    let (mut line, tty) = line();
    let session = Session::enter(tty, "hitdeck").unwrap();
    let (mut reader, mut messages) = Reader::start(&session, Duration::from_millis(20)).unwrap();
    line.press(b"a");
    assert_eq!(keys(messages.recv().await), [plain('a')]);
    reader.pause().await;
    line.press(b"to the editor");
    let mut child = [0; 13];
    let mut have = 0;
    while have < child.len() {
        match rustix::io::read(session.tty(), &mut child[have..]) {
            Ok(n) => have += n,
            Err(rustix::io::Errno::AGAIN) => std::thread::yield_now(),
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(&child, b"to the editor");
    reader.resume();
    line.press(b"bc");
    assert_eq!(keys_until(&mut messages, plain('c')).await, [plain('b'), plain('c')]);
}

#[tokio::test]
async fn the_thread_ends_with_its_handle() {
    let (_line, tty) = line();
    let session = Session::enter(tty, "hitdeck").unwrap();
    let (reader, mut messages) = Reader::start(&session, Duration::from_millis(20)).unwrap();
    drop(reader);
    assert_eq!(messages.recv().await, None);
}

#[tokio::test]
async fn five_hundred_held_keys_are_few_messages() {
    let (mut line, tty) = line();
    let session = Session::enter(tty, "hitdeck").unwrap();
    let (_reader, mut messages) = Reader::start(&session, Duration::from_millis(20)).unwrap();
    line.press(&[[b'j'; 499].as_slice(), b"k"].concat());
    assert_eq!(keys_until(&mut messages, plain('k')).await.len(), 500);
}

#[tokio::test]
async fn a_panic_of_any_thread_gives_the_terminal_back_first() {
    let (line, tty) = line();
    let session = Session::enter(tty, "hitdeck").unwrap();
    session.guard_panics();
    line.written("\x1b[?25l");
    let worker = std::thread::spawn(|| panic!("a part of the program is missing"));
    assert!(worker.join().is_err());
    session.panicked().await;
    assert!(!is_raw(session.tty()));
    assert_eq!(line.written("\x1b[23;2t"), LEAVE);
}
