//! The log: one file a day in the state directory, readable by its owner alone. It holds no secrets and no answers: the
//! SDK, which would write down whole requests, never logs below warnings.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

/// How many days of logs are kept.
const KEPT: usize = 14;

/// Starts logging for the rest of the run: into `folder`, and to stderr too where `stderr` is set. A folder that cannot be
/// written is no reason to stop: its error is returned for a word on stderr.
pub fn start(folder: &Path, verbosity: u8, stderr: bool) -> Result<(), std::io::Error> {
    let own = match verbosity {
        0 => "info",
        1 => "debug",
        _ => "trace",
    };
    let filter = || EnvFilter::new(format!("warn,hitdeck={own}"));
    let terminal = (stderr && verbosity > 0).then(|| {
        tracing_subscriber::fmt::layer()
            .with_writer(std::io::stderr)
            .with_ansi(false)
            .without_time()
            .with_filter(filter())
    });
    let (file, result) = match DailyFile::open(folder) {
        Ok(file) => (Some(file), Ok(())),
        Err(error) => (None, Err(error)),
    };
    let file = file.map(|file| {
        tracing_subscriber::fmt::layer().with_writer(Mutex::new(file)).with_ansi(false).with_filter(filter())
    });
    // Only the first start of a process counts; there is no second one.
    let _ = tracing_subscriber::registry().with(file).with(terminal).try_init();
    result
}

/// Appends to `hitdeck.YYYY-MM-DD.log`, whichever day it is.
struct DailyFile {
    folder: PathBuf,
    day: jiff::civil::Date,
    file: File,
}

impl DailyFile {
    fn open(folder: &Path) -> std::io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let day = today();
        let file = file_of(folder, day)?;
        forget_old(folder);
        Ok(DailyFile { folder: folder.to_owned(), day, file })
    }
}

impl Write for DailyFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let day = today();
        if day != self.day {
            self.file = file_of(&self.folder, day)?;
            self.day = day;
            forget_old(&self.folder);
        }
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

fn today() -> jiff::civil::Date {
    jiff::Zoned::now().date()
}

fn file_of(folder: &Path, day: jiff::civil::Date) -> std::io::Result<File> {
    OpenOptions::new().create(true).append(true).mode(0o600).open(folder.join(format!("hitdeck.{day}.log")))
}

/// Removes all but the newest files. What cannot be removed stays: a log is not worth an error.
fn forget_old(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let is_log = |name: &str| name.starts_with("hitdeck.") && name.ends_with(".log");
    let mut logs: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(is_log))
        .collect();
    logs.sort();
    for old in logs.iter().rev().skip(KEPT) {
        let _ = std::fs::remove_file(old);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_log_belongs_to_its_owner_alone_and_old_ones_go() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("state");
        std::fs::create_dir(&folder).unwrap();
        for day in 10..30 {
            std::fs::write(folder.join(format!("hitdeck.2020-01-{day}.log")), "old").unwrap();
        }
        std::fs::write(folder.join("notes.txt"), "mine").unwrap();
        let mut log = DailyFile::open(&folder).unwrap();
        log.write_all(b"a line\n").unwrap();
        let path = folder.join(format!("hitdeck.{}.log", log.day));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a line\n");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), KEPT + 1);
        assert!(folder.join("notes.txt").exists());
    }
}
