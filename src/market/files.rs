//! The market's files: readable by their owner alone, and on the disk when a function returns.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::error::MarketError;

/// The database, in a market's directory.
pub const DATABASE: &str = "market.db";
/// The key from which secrets follow.
pub const KEY: &str = "market.key";
const LOCK: &str = "market.lock";

/// Names the file and what was tried with it.
pub fn failed<'p>(what: &'static str, path: &'p Path) -> impl FnOnce(io::Error) -> MarketError + 'p {
    move |source| MarketError::File { what, path: path.to_owned(), source }
}

/// Makes a directory (0700) and those above it, unless it is there.
pub fn make_directory(path: &Path) -> Result<(), MarketError> {
    if path.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed("create", path))?;
    sync_parent(path)
}

/// Opens a file (0600), making it unless it is there.
pub fn open(path: &Path) -> Result<File, MarketError> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true).mode(0o600).open(path).map_err(failed("open", path))
}

/// Writes a whole file (0600), in place of what is there: a crash leaves the one or the other.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), MarketError> {
    let partial = partial(path);
    let mut options = OpenOptions::new();
    let mut file =
        options.write(true).create(true).truncate(true).mode(0o600).open(&partial).map_err(failed("create", path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed("write", path))?;
    rename(&partial, path)
}

/// Copies a whole file (0600). The copy must not be there yet.
pub fn copy(from: &Path, to: &Path) -> Result<(), MarketError> {
    let mut source = File::open(from).map_err(failed("read", from))?;
    let mut options = OpenOptions::new();
    let mut target = options.write(true).create_new(true).mode(0o600).open(to).map_err(failed("create", to))?;
    io::copy(&mut source, &mut target).and_then(|_| target.sync_all()).map_err(failed("write", to))
}

/// Puts what is on the disk already in its place.
pub fn rename(from: &Path, to: &Path) -> Result<(), MarketError> {
    std::fs::rename(from, to).map_err(failed("write", to))?;
    sync_parent(to)
}

/// The name of a file or directory while it is not whole.
pub fn partial(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    path.with_file_name(name)
}

/// Writes to the disk what a file or directory holds.
pub fn sync(path: &Path) -> Result<(), MarketError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(failed("write", path))
}

fn sync_parent(path: &Path) -> Result<(), MarketError> {
    let Some(parent) = path.parent() else { return Ok(()) };
    let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    match sync(parent) {
        // A directory that may be written and not read cannot be synced by its user; the system does it in time.
        Err(MarketError::File { source, .. }) if source.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        synced => synced,
    }
}

/// Refuses a file that others than its owner can read.
pub fn check_private(path: &Path) -> Result<(), MarketError> {
    let mode = std::fs::metadata(path).map_err(failed("read", path))?.permissions().mode();
    if mode & 0o077 == 0 { Ok(()) } else { Err(MarketError::Readable(path.to_owned())) }
}

/// The lock of a directory that nobody serves. It is held as long as the file is open, and free when its holder dies.
pub fn lock(directory: &Path) -> Result<File, MarketError> {
    let lock = open(&directory.join(LOCK))?;
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::NonBlockingLockExclusive)
        .map_err(|_| MarketError::Busy(directory.to_owned()))?;
    Ok(lock)
}
