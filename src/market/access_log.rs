//! The access log: one line of JSON on stderr for each request of the API and of the control interface. It holds no secrets, no
//! questions and no answers.
//!
//! The lines are written by a thread of their own. When whoever reads stderr is too slow, lines are left out (and counted);
//! requests never wait for the log.

use std::io::Write;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::json::Json;

/// So many lines wait for the thread at most.
const WAITING: usize = 8_192;
/// So many lines are written at once at most.
const TOGETHER: usize = 512;
/// How long the end waits for the last lines.
const PATIENCE: Duration = Duration::from_secs(1);

/// What is known of a request when it has been answered; the part that only the API knows.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// `x-amzn-RequestId`.
    pub request_id: String,
    /// The access key that it claims to be signed with; the error says if it was not.
    pub access_key: Option<String>,
    /// The operation, or the path of a call of the control interface.
    pub operation: String,
    /// The error code, if it was refused.
    pub error: Option<&'static str>,
    /// The size of its body, in bytes.
    pub received: usize,
}

/// One line.
#[derive(Debug, Clone)]
pub struct Entry {
    /// When the request came, in wall time: milliseconds since 1970.
    pub at: i64,
    /// Who sent it.
    pub client: IpAddr,
    /// What it was.
    pub told: Told,
    /// The status of the answer; none when the connection was cut.
    pub status: Option<u16>,
    /// How long it took until the answer was there, in microseconds.
    pub micros: u64,
    /// The size of the answer's body, in bytes.
    pub sent: u64,
}

impl Entry {
    fn line(&self) -> Vec<u8> {
        let at =
            jiff::Timestamp::from_millisecond(self.at).map_or_else(|_| self.at.to_string(), |at| format!("{at:.3}"));
        let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        let mut json = Json::with_capacity(320);
        json.open()
            .text("at", &at)
            .text("request", &self.told.request_id)
            .text("client", &self.client.to_string())
            .optional("access_key_id", self.told.access_key.as_deref())
            .text("operation", &self.told.operation);
        if let Some(status) = self.status {
            json.number("status", i64::from(status));
        }
        json.optional("error", self.told.error)
            .number("micros", number(self.micros))
            .number("received", number(self.told.received as u64))
            .number("sent", number(self.sent))
            .close();
        let mut line = json.into_bytes().to_vec();
        line.push(b'\n');
        line
    }
}

/// Where lines are handed in; clones write to the same log.
#[derive(Clone)]
pub struct AccessLog(Arc<Inner>);

struct Inner {
    lines: Mutex<Option<SyncSender<Entry>>>,
    left_out: Arc<AtomicU64>,
    written: Mutex<Receiver<()>>,
}

impl AccessLog {
    /// A log that is written to `out`.
    pub fn to(out: impl Write + Send + 'static) -> std::io::Result<AccessLog> {
        let (lines, entries) = sync_channel(WAITING);
        let (done, written) = sync_channel(1);
        let left_out = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&left_out);
        std::thread::Builder::new().name("market-log".into()).spawn(move || {
            write(out, &entries, &counted);
            // Nobody may be waiting any more.
            let _ = done.send(());
        })?;
        Ok(AccessLog(Arc::new(Inner { lines: Mutex::new(Some(lines)), left_out, written: Mutex::new(written) })))
    }

    /// Hands in a line.
    pub fn write(&self, entry: Entry) {
        let lines = self.0.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.as_ref().is_some_and(|lines| lines.try_send(entry).is_err()) {
            self.0.left_out.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Ends the log. Lines that cannot be written within a second are lost.
    pub fn close(&self) {
        drop(self.0.lines.lock().unwrap_or_else(PoisonError::into_inner).take());
        // Too late is as good as done.
        let _ = self.0.written.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(PATIENCE);
    }
}

fn write(mut out: impl Write, entries: &Receiver<Entry>, left_out: &AtomicU64) {
    let mut text = Vec::new();
    while let Ok(first) = entries.recv() {
        text.extend(first.line());
        for entry in entries.try_iter().take(TOGETHER - 1) {
            text.extend(entry.line());
        }
        let missing = left_out.swap(0, Ordering::Relaxed);
        if missing > 0 {
            text.extend(format!("{{\"left_out\":{missing}}}\n").into_bytes());
        }
        // A log that nobody can read any more is no reason to stop.
        let _ = out.write_all(&text).and_then(|()| out.flush());
        text.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    fn entry(operation: &str) -> Entry {
        let told = Told {
            request_id: "r1".into(),
            access_key: Some("HDMK1".into()),
            operation: operation.into(),
            error: Some("RequestError"),
            received: 12,
        };
        let client = IpAddr::from([127, 0, 0, 1]);
        Entry { at: 1_558_393_704_007, client, told, status: Some(400), micros: 150, sent: 80 }
    }

    #[test]
    fn a_line_is_json_that_holds_what_an_operator_asks_for() {
        assert_eq!(
            String::from_utf8(entry("GetHIT\n\"x").line()).unwrap(),
            "{\"at\":\"2019-05-20T23:08:24.007Z\",\"request\":\"r1\",\"client\":\"127.0.0.1\",\"access_key_id\":\"HDMK1\",\"operation\":\"GetHIT\\n\\\"x\",\"status\":400,\"error\":\"RequestError\",\"micros\":150,\"received\":12,\"sent\":80}\n"
        );
    }

    /// Writes only when it is allowed to.
    struct Gate(Receiver<()>, mpsc::Sender<Vec<u8>>);

    impl Write for Gate {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let _ = self.0.recv();
            let _ = self.1.send(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_is_stuck_costs_lines_and_never_time() {
        let (open, gate) = mpsc::channel();
        let (send, written) = mpsc::channel();
        let log = AccessLog::to(Gate(gate, send)).unwrap();
        let handed = WAITING + TOGETHER + 1_000;
        for _ in 0..handed {
            log.write(entry("GetHIT"));
        }
        drop(open);
        log.close();
        let text = String::from_utf8(written.iter().flatten().collect()).unwrap();
        let (lines, notes): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.contains("GetHIT"));
        let left_out: usize = notes
            .iter()
            .map(|note| note.trim_start_matches("{\"left_out\":").trim_end_matches('}').parse::<usize>().unwrap())
            .sum();
        assert!(left_out >= 1_000 - TOGETHER && !notes.is_empty(), "{left_out}");
        assert_eq!(lines.len() + left_out, handed);
    }
}
