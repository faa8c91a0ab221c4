//! Stands between the file and the CSV reader: recognises what is no CSV by its first bytes, drops a byte order mark,
//! stops a row that never ends before it fills the memory, and follows the quotes.

use super::BatchError;
use crate::exchange::quotes::{QuoteFault, Quotes};
use std::collections::VecDeque;
use std::io::{self, Read, Seek, SeekFrom};

/// A row may be so long.
pub(super) const ROW: u64 = 32 << 20;

/// The row is longer than [`ROW`].
#[derive(Debug, thiserror::Error)]
#[error("the row is too long")]
pub(super) struct TooLong;

/// A quote is open where the file ends.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.wrong)]
pub(in crate::exchange) struct Unclosed(pub QuoteFault);

/// So many wrong quotes wait to be told.
const WAITING: usize = 10_000;

pub(in crate::exchange) struct Guard<R> {
    input: R,
    /// The first bytes of the file, as far as they have not been handed on.
    head: Vec<u8>,
    handed: usize,
    /// The length of the byte order mark, if there is one.
    mark: u64,
    since: u64,
    /// None until the delimiter is known, and after going back in the file.
    quotes: Option<Quotes>,
    misplaced: VecDeque<QuoteFault>,
}

impl<R: Read> Guard<R> {
    /// Looks at the first bytes.
    pub(in crate::exchange) fn open(mut input: R) -> io::Result<Result<Self, BatchError>> {
        let mut head = Vec::with_capacity(4);
        input.by_ref().take(4).read_to_end(&mut head)?;
        let not = |what: &str| Ok(Err(BatchError::NotBatchResults(what.to_owned())));
        match head.as_slice() {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..] => {
                not("it is UTF-16 text; save it as CSV UTF-8, or convert it with: iconv -f UTF-16 -t UTF-8 FILE")
            }
            [b'P', b'K', 3, 4] => not("it is an Excel workbook; save it as CSV UTF-8"),
            [0x1f, 0x8b, ..] => not("it is compressed; unpack it with gunzip first"),
            [b'<', ..] => not("it is HTML or XML; download the file itself, not the page"),
            bytes => {
                let mark = if bytes.starts_with(&[0xef, 0xbb, 0xbf]) { 3 } else { 0 };
                let (quotes, misplaced) = (None, VecDeque::new());
                Ok(Ok(Guard { input, head, handed: mark, mark: mark as u64, since: 0, quotes, misplaced }))
            }
        }
    }

    /// The first line, without taking it from who reads on.
    pub(in crate::exchange) fn first_line(&mut self) -> io::Result<&[u8]> {
        while !self.head.contains(&b'\n') && (self.head.len() as u64) < ROW {
            let before = self.head.len();
            self.input.by_ref().take(4_096).read_to_end(&mut self.head)?;
            if self.head.len() == before {
                break;
            }
        }
        let line = &self.head[self.handed..];
        Ok(&line[..line.iter().position(|byte| *byte == b'\n').unwrap_or(line.len())])
    }

    /// What is to be added to the line that the CSV reader tells of a row behind the header: where lines end with a carriage
    /// return and a newline, it counts the newline as the row's.
    pub(in crate::exchange) fn behind(&mut self) -> io::Result<u64> {
        Ok(u64::from(self.first_line()?.ends_with(b"\r")))
    }

    /// From here on quotes are followed: a file that ends in one is an error to who reads.
    pub(in crate::exchange) fn follow_quotes(&mut self, delimiter: u8) {
        self.quotes = Some(Quotes::new(delimiter));
    }

    /// The first wrong quote before a byte, which has not been told.
    pub(in crate::exchange) fn misplaced(&mut self, before: u64) -> Option<QuoteFault> {
        let count = self.misplaced.iter().take_while(|fault| fault.byte < before).count();
        self.misplaced.drain(..count).next()
    }

    /// A row is complete; the next one may be long again.
    pub(in crate::exchange) fn next_row(&mut self) {
        self.since = 0;
    }
}

impl<R: Seek> Seek for Guard<R> {
    /// Places are counted from behind the byte order mark, as the reader counts them.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let SeekFrom::Start(at) = to else { return Err(io::ErrorKind::Unsupported.into()) };
        self.input.seek(SeekFrom::Start(at + self.mark))?;
        self.handed = self.head.len();
        self.since = 0;
        self.quotes = None;
        Ok(at)
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since > ROW {
            return Err(io::Error::new(io::ErrorKind::InvalidData, TooLong));
        }
        let count = if self.handed < self.head.len() {
            let count = (&self.head[self.handed..]).read(buffer)?;
            self.handed += count;
            count
        } else {
            self.input.read(buffer)?
        };
        self.since += count as u64;
        if let Some(quotes) = &mut self.quotes {
            let misplaced = &mut self.misplaced;
            quotes.follow(&buffer[..count], |fault| {
                if misplaced.len() < WAITING {
                    misplaced.push_back(fault);
                }
            });
            if count == 0
                && !buffer.is_empty()
                && let Some(fault) = quotes.unclosed()
            {
                self.quotes = None;
                return Err(io::Error::new(io::ErrorKind::InvalidData, Unclosed(fault)));
            }
        }
        Ok(count)
    }
}
