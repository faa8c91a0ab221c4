//! Stands between the file and the CSV reader: recognises what is no CSV by its first bytes, drops a byte order mark,
//! and stops a row that never ends (a quote that is never closed) before it fills the memory.

use super::BatchError;
use std::io::{self, Read, Seek, SeekFrom};

/// A row may be so long.
pub(super) const ROW: u64 = 32 << 20;

/// The row is longer than [`ROW`].
#[derive(Debug, thiserror::Error)]
#[error("the row is too long")]
pub(super) struct TooLong;

pub(in crate::exchange) struct Guard<R> {
    input: R,
    /// The first bytes of the file, as far as they have not been handed on.
    head: Vec<u8>,
    handed: usize,
    /// The length of the byte order mark, if there is one.
    mark: u64,
    since: u64,
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
                Ok(Ok(Guard { input, head, handed: mark, mark: mark as u64, since: 0 }))
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
        Ok(count)
    }
}
