//! Files of lines, written and read with their hashes.

use super::kind::Kind;
use super::record::Record;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::io::{self, BufRead, Read, Write};

/// The longest line that is read: a HIT's question is at most 64 KiB, an answer not much more. What is longer is damage.
const LONGEST: u64 = 256 << 20;

/// How much there is, and what it hashes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// Records: lines.
    pub records: u64,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 of them, in hexadecimal digits.
    pub sha256: String,
}

/// Counts and hashes what passes.
#[derive(Clone, Default)]
struct Counter {
    records: u64,
    bytes: u64,
    hash: Sha256,
}

impl Counter {
    fn count(&mut self, line: &[u8]) {
        self.records += 1;
        self.bytes += line.len() as u64;
        self.hash.update(line);
    }

    fn sums(&self) -> Sums {
        let digest = self.hash.clone().finalize();
        let sha256 = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Sums { records: self.records, bytes: self.bytes, sha256 }
    }
}

/// Writes lines, and knows which of them count: those up to the last [`LineWriter::commit`].
pub struct LineWriter<W: Write> {
    out: io::BufWriter<W>,
    written: Counter,
    committed: Sums,
}

impl<W: Write> LineWriter<W> {
    /// A file that is empty.
    pub fn new(out: W) -> Self {
        let written = Counter::default();
        let committed = written.sums();
        LineWriter { out: io::BufWriter::with_capacity(1 << 16, out), written, committed }
    }

    /// A file that goes on behind what `before` holds; `show` is shown each line of it.
    pub fn behind(before: impl BufRead, out: W, mut show: impl FnMut(&str)) -> io::Result<Self> {
        let mut reader = LineReader::new(before);
        while let Some(line) = reader.text()? {
            show(line);
        }
        let committed = reader.sums();
        let LineReader { counter: written, .. } = reader;
        Ok(LineWriter { out: io::BufWriter::with_capacity(1 << 16, out), written, committed })
    }

    /// Writes a line; its end is added.
    pub fn line(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())?;
        self.out.write_all(b"\n")?;
        self.written.count(text.as_bytes());
        self.written.bytes += 1;
        self.written.hash.update(b"\n");
        Ok(())
    }

    /// What was written so far counts.
    pub fn commit(&mut self) {
        self.committed = self.written.sums();
    }

    /// What counts.
    pub fn committed(&self) -> &Sums {
        &self.committed
    }

    /// Hands everything to the file below, and the file to the caller, for what only a file can do.
    pub fn flushed(&mut self) -> io::Result<&mut W> {
        self.out.flush()?;
        Ok(self.out.get_mut())
    }
}

/// Reads lines one after the other.
pub struct LineReader<R: BufRead> {
    from: R,
    line: Vec<u8>,
    counter: Counter,
    /// Whether the last line had an end.
    whole: bool,
}

impl<R: BufRead> LineReader<R> {
    /// From the beginning of a file.
    pub fn new(from: R) -> Self {
        LineReader { from, line: Vec::new(), counter: Counter::default(), whole: true }
    }

    /// The next line without its end.
    pub fn text(&mut self) -> io::Result<Option<&str>> {
        self.line.clear();
        if (&mut self.from).take(LONGEST).read_until(b'\n', &mut self.line)? == 0 {
            return Ok(None);
        }
        self.counter.count(&self.line);
        self.whole = self.line.last() == Some(&b'\n');
        let text = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        let text = std::str::from_utf8(text).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "no UTF-8"))?;
        Ok(Some(text))
    }

    /// The next record.
    pub fn record(&mut self, kind: Kind) -> io::Result<Option<Record>> {
        let Some(line) = self.text()? else { return Ok(None) };
        let members: Map<String, Value> = serde_json::from_str(line)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, format!("no JSON object: {error}")))?;
        Ok(Some(Record { kind, members }))
    }

    /// The number of the line that was read last.
    pub fn number(&self) -> u64 {
        self.counter.records
    }

    /// Whether every line so far had an end.
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// How much was read, and what it hashes to.
    pub fn sums(&self) -> Sums {
        self.counter.sums()
    }
}
