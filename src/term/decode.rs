//! Bytes of the terminal to keys.
//!
//! A byte-wise state machine, so that it does not matter how the bytes are split over reads. What is not a key we
//! know is swallowed whole: a late reply of a terminal to somebody's question must never arrive as key presses.

use crate::app::key::{Code, Key};

/// The most bytes of one paste that are kept; the rest of a longer paste is dropped.
pub const PASTE_LIMIT: usize = 1 << 20;
/// Replies longer than this are not replies.
const REPLY_LIMIT: usize = 1 << 16;
const SEQUENCE_LIMIT: usize = 64;
const PASTE_END: &[u8; 6] = b"\x1b[201~";
const ESC: u8 = 0x1b;

/// What the terminal sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Keys that came in one read, in order. Never empty.
    Keys(Vec<Key>),
    /// A bracketed paste.
    Paste(String),
}

/// How long an unfinished sequence may stay unfinished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// It may be a key that a person pressed alone (Esc): short.
    Key,
    /// Its beginning can only have come from a machine: longer.
    Sequence,
    /// A paste, over a slow line perhaps.
    Paste,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ground,
    /// In a character of several bytes.
    Utf8 {
        bytes: [u8; 4],
        have: usize,
        need: usize,
        alt: bool,
    },
    /// After ESC.
    Escape,
    /// After ESC [; the parameters are in `sequence`.
    Csi,
    /// A CSI that is too long to be one of ours.
    CsiOverlong,
    /// So many more bytes belong to the sequence (X10 mouse, Linux console function keys).
    Skip(u8),
    /// After ESC O.
    Ss3,
    /// In DCS, OSC, SOS, PM or APC, begun by this byte.
    Reply {
        begun_by: u8,
        length: usize,
        after_esc: bool,
    },
    /// In a bracketed paste; so many bytes of its end were seen.
    Paste {
        matched: usize,
    },
}

/// The decoder.
#[derive(Debug)]
pub struct Decoder {
    state: State,
    sequence: Vec<u8>,
    paste: Vec<u8>,
    out: Vec<Input>,
}

impl Default for Decoder {
    fn default() -> Self {
        Decoder { state: State::Ground, sequence: Vec::new(), paste: Vec::new(), out: Vec::new() }
    }
}

impl Decoder {
    /// Takes the bytes of one read and gives what they complete.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Input> {
        for &byte in bytes {
            self.step(byte);
        }
        std::mem::take(&mut self.out)
    }

    /// Whether something is unfinished, and how long to wait for the rest before [`Decoder::expire`].
    pub fn patience(&self) -> Option<Patience> {
        match self.state {
            State::Ground => None,
            State::Escape | State::Ss3 => Some(Patience::Key),
            State::Csi if self.sequence.is_empty() => Some(Patience::Key),
            State::Reply { length: 0, .. } => Some(Patience::Key),
            State::Paste { .. } => Some(Patience::Paste),
            _ => Some(Patience::Sequence),
        }
    }

    /// Nothing more came in time: what was unfinished is settled as it stands.
    pub fn expire(&mut self) -> Vec<Input> {
        match std::mem::replace(&mut self.state, State::Ground) {
            State::Escape => self.key(Key::plain(Code::Esc)),
            State::Ss3 => self.key(alt(Code::Char('O'))),
            State::Csi if self.sequence.is_empty() => self.key(alt(Code::Char('['))),
            State::Reply { begun_by, length: 0, after_esc: false } => self.key(alt(Code::Char(char::from(begun_by)))),
            State::Paste { matched } => self.end_paste(matched),
            _ => {}
        }
        self.sequence.clear();
        std::mem::take(&mut self.out)
    }

    /// Forgets what is unfinished.
    pub fn reset(&mut self) {
        *self = Decoder::default();
    }

    fn key(&mut self, key: Key) {
        match self.out.last_mut() {
            Some(Input::Keys(keys)) => keys.push(key),
            _ => self.out.push(Input::Keys(vec![key])),
        }
    }

    fn step(&mut self, byte: u8) {
        match self.state {
            State::Ground => self.ground(byte, false),
            State::Utf8 { bytes, have, need, alt } => self.continue_char(byte, bytes, have, need, alt),
            State::Escape => self.escape(byte),
            State::Csi => self.csi(byte),
            State::CsiOverlong => match byte {
                0x40..=0x7e => self.state = State::Ground,
                0x20..=0x3f => {}
                _ => self.again(byte),
            },
            State::Skip(n) => self.state = if n > 1 { State::Skip(n - 1) } else { State::Ground },
            State::Ss3 => self.ss3(byte),
            State::Reply { begun_by, length, after_esc } => self.reply(byte, begun_by, length, after_esc),
            State::Paste { matched } => self.pasted(byte, matched),
        }
    }

    /// The byte ends what was going on and counts for itself.
    fn again(&mut self, byte: u8) {
        self.state = State::Ground;
        self.sequence.clear();
        self.ground(byte, false);
    }

    fn ground(&mut self, byte: u8, alt: bool) {
        self.state = State::Ground;
        let need = match byte {
            ESC => {
                self.state = State::Escape;
                return;
            }
            0x00..=0x7f => {
                self.key(Key { alt, ..ascii(byte) });
                return;
            }
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            // Not UTF-8 (or an eight-bit control): not a key.
            _ => return,
        };
        self.state = State::Utf8 { bytes: [byte, 0, 0, 0], have: 1, need, alt };
    }

    fn continue_char(&mut self, byte: u8, mut bytes: [u8; 4], have: usize, need: usize, alt: bool) {
        if !(0x80..=0xbf).contains(&byte) {
            return self.again(byte);
        }
        bytes[have] = byte;
        if have + 1 < need {
            self.state = State::Utf8 { bytes, have: have + 1, need, alt };
            return;
        }
        self.state = State::Ground;
        let text = std::str::from_utf8(&bytes[..need]).unwrap_or_default();
        if let Some(c) = text.chars().next().filter(|c| !c.is_control()) {
            self.key(Key { code: Code::Char(c), ctrl: false, alt });
        }
    }

    fn escape(&mut self, byte: u8) {
        match byte {
            b'[' => self.state = State::Csi,
            b'O' => self.state = State::Ss3,
            b'P' | b']' | b'X' | b'^' | b'_' => {
                self.state = State::Reply { begun_by: byte, length: 0, after_esc: false };
            }
            // The first Esc was a key; this one may begin something.
            ESC => self.key(Key::plain(Code::Esc)),
            _ => self.ground(byte, true),
        }
    }

    fn ss3(&mut self, byte: u8) {
        self.state = State::Ground;
        match byte {
            b'A'..=b'D' | b'H' | b'F' => self.key(Key::plain(arrow(byte))),
            b'M' => self.key(Key::plain(Code::Enter)),
            0x20..=0x7e => {}
            _ => self.again(byte),
        }
    }

    fn csi(&mut self, byte: u8) {
        match byte {
            0x20..=0x3f if self.sequence.len() < SEQUENCE_LIMIT => self.sequence.push(byte),
            0x20..=0x3f => {
                self.sequence.clear();
                self.state = State::CsiOverlong;
            }
            b'[' if self.sequence.is_empty() => self.state = State::Skip(1),
            b'M' if self.sequence.is_empty() => self.state = State::Skip(3),
            0x40..=0x7e => {
                self.state = State::Ground;
                let sequence = std::mem::take(&mut self.sequence);
                self.end_csi(&sequence, byte);
            }
            _ => self.again(byte),
        }
    }

    fn end_csi(&mut self, sequence: &[u8], last: u8) {
        if let (Some(wheel), b'M') = (sequence.strip_prefix(b"<"), last) {
            // SGR mouse: the wheel moves as the arrows do, the rest has no meaning.
            match wheel.split(|&b| b == b';').next() {
                Some(b"64") => self.key(Key::plain(Code::Up)),
                Some(b"65") => self.key(Key::plain(Code::Down)),
                _ => {}
            }
            return;
        }
        let Some(numbers) = numbers(sequence) else { return };
        let first = numbers.first().copied().unwrap_or(0);
        let code = match last {
            b'A'..=b'D' | b'H' | b'F' => arrow(last),
            b'Z' => Code::BackTab,
            b'~' => match first {
                1 | 7 => Code::Home,
                4 | 8 => Code::End,
                3 => Code::Delete,
                5 => Code::PageUp,
                6 => Code::PageDown,
                200 => {
                    self.state = State::Paste { matched: 0 };
                    return;
                }
                _ => return,
            },
            _ => return,
        };
        let modifiers = numbers.get(1).copied().unwrap_or(1).saturating_sub(1);
        self.key(Key { code, ctrl: modifiers & 4 != 0, alt: modifiers & (2 | 8) != 0 });
    }

    fn reply(&mut self, byte: u8, begun_by: u8, length: usize, after_esc: bool) {
        let length = length + 1;
        match byte {
            b'\\' if after_esc => self.state = State::Ground,
            _ if after_esc => {
                self.state = State::Escape;
                self.escape(byte);
            }
            0x07 | 0x18 | 0x1a => self.state = State::Ground,
            _ if length > REPLY_LIMIT => self.state = State::Ground,
            _ => self.state = State::Reply { begun_by, length, after_esc: byte == ESC },
        }
    }

    fn pasted(&mut self, byte: u8, matched: usize) {
        let mut matched = matched;
        if byte != PASTE_END[matched] {
            self.keep_pasted(&PASTE_END[..matched]);
            matched = 0;
        }
        if byte == PASTE_END[matched] {
            matched += 1;
        } else {
            self.keep_pasted(&[byte]);
        }
        if matched == PASTE_END.len() {
            self.end_paste(0);
            self.state = State::Ground;
        } else {
            self.state = State::Paste { matched };
        }
    }

    fn keep_pasted(&mut self, bytes: &[u8]) {
        let room = PASTE_LIMIT.saturating_sub(self.paste.len());
        self.paste.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn end_paste(&mut self, matched: usize) {
        self.keep_pasted(&PASTE_END[..matched]);
        let bytes = std::mem::take(&mut self.paste);
        let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n").replace('\r', "\n");
        self.out.push(Input::Paste(text));
    }
}

fn alt(code: Code) -> Key {
    Key { alt: true, ..Key::plain(code) }
}

fn ascii(byte: u8) -> Key {
    match byte {
        b'\t' => Key::plain(Code::Tab),
        // Ctrl-J cannot be told from the Enter of terminals that send a line feed.
        b'\r' | b'\n' => Key::plain(Code::Enter),
        0x08 | 0x7f => Key::plain(Code::Backspace),
        0x00 => Key::ctrl(' '),
        0x01..=0x1a => Key::ctrl(char::from(byte + 0x60)),
        0x1b..=0x1f => Key::ctrl(char::from(byte + 0x40)),
        _ => Key::plain(Code::Char(char::from(byte))),
    }
}

fn arrow(last: u8) -> Code {
    match last {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        _ => Code::End,
    }
}

/// The numbers of a plain parameter list; None if there is anything but digits and separators in it.
fn numbers(sequence: &[u8]) -> Option<Vec<u16>> {
    let text = std::str::from_utf8(sequence).ok()?;
    text.split(';')
        .map(|part| {
            let part = part.split(':').next().unwrap_or_default();
            if part.is_empty() {
                Some(0)
            } else {
                part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().unwrap_or(u16::MAX))
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
