//! Copies of a market's data that it can be restored from.
//!
//! A backup is a directory with `market.db` and, unless it was told to stay out, `market.key`. It appears under its name when it
//! is whole, checked, and on the disk.

use std::path::{Path, PathBuf};

use super::accounts::Keyring;
use super::error::MarketError;
use super::files::{self, DATABASE, KEY};
use super::storage::{Place, Storage, StorageError};

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// The directory.
    pub directory: PathBuf,
    /// The size of the database.
    pub bytes: u64,
    /// Whether the key is with it.
    pub with_key: bool,
}

/// Copies the data of the market in `data`, also while it is served, as it is at one moment, into a new directory.
pub fn backup(data: &Path, target: &Path, with_key: bool) -> Result<Copied, MarketError> {
    if !data.join(DATABASE).exists() {
        return Err(MarketError::NoMarket(data.to_owned()));
    }
    if target.exists() {
        return Err(MarketError::Exists(target.to_owned()));
    }
    let partial = files::partial(target);
    clear(&partial)?;
    files::make_directory(&partial)?;
    let copied = fill(data, &partial, with_key);
    if copied.is_err() {
        clear(&partial)?;
    }
    let bytes = copied?;
    files::rename(&partial, target)?;
    Ok(Copied { directory: target.to_owned(), bytes, with_key })
}

fn fill(data: &Path, partial: &Path, with_key: bool) -> Result<u64, MarketError> {
    let database = partial.join(DATABASE);
    // Made here, so that nobody else can read it while it grows.
    drop(files::open(&database)?);
    Storage::copy(&Place::Directory(data.to_owned()), &database).map_err(|error| match error {
        // It is the copy that has no room, not the market.
        StorageError::Full => files::failed("write", &database)(std::io::ErrorKind::StorageFull.into()),
        other => other.into(),
    })?;
    check(partial)?;
    files::sync(&database)?;
    if with_key {
        files::copy(&data.join(KEY), &partial.join(KEY))?;
    }
    files::sync(partial)?;
    Ok(std::fs::metadata(&database).map_err(files::failed("read", &database))?.len())
}

/// Puts a backup into `data`, where no market may be. `key` is the key file of a backup that was written without it.
pub fn restore(backup: &Path, data: &Path, key: Option<&Path>) -> Result<Copied, MarketError> {
    let source = backup.join(DATABASE);
    if !source.is_file() {
        return Err(MarketError::NoBackup(backup.to_owned()));
    }
    let own = backup.join(KEY);
    let key = match key {
        Some(key) => key.to_owned(),
        None if own.is_file() => own,
        None => return Err(MarketError::NoBackupKey(backup.to_owned())),
    };
    let ring = Keyring::of_file(&key)?;
    files::make_directory(data)?;
    let _lock = files::lock(data)?;
    let database = data.join(DATABASE);
    for file in [&database, &data.join(KEY)] {
        if file.exists() {
            return Err(MarketError::Exists(file.clone()));
        }
    }
    let partial = data.join("restore.partial");
    clear(&partial)?;
    files::make_directory(&partial)?;
    let checked = files::copy(&source, &partial.join(DATABASE)).and_then(|()| check(&partial)).and_then(|()| {
        let known = Storage::key_check_of(&Place::Directory(partial.clone()))?;
        if known.is_some_and(|known| known != ring.check()) { Err(MarketError::OtherKey(key)) } else { Ok(()) }
    });
    if checked.is_err() {
        clear(&partial)?;
    }
    checked?;
    // The database comes last: as long as it is not there, nothing is.
    ring.save(data)?;
    files::rename(&partial.join(DATABASE), &database)?;
    clear(&partial)?;
    let bytes = std::fs::metadata(&database).map_err(files::failed("read", &database))?.len();
    Ok(Copied { directory: data.to_owned(), bytes, with_key: true })
}

/// Refuses a database that is damaged.
fn check(directory: &Path) -> Result<(), MarketError> {
    let wrong = Storage::faults(&Place::Directory(directory.to_owned()))?;
    if wrong.is_empty() { Ok(()) } else { Err(MarketError::Damaged { path: directory.join(DATABASE), wrong }) }
}

/// Removes what an earlier, interrupted copy has left.
fn clear(partial: &Path) -> Result<(), MarketError> {
    if !partial.exists() {
        return Ok(());
    }
    for name in [DATABASE, "market.db-wal", "market.db-shm", "market.db-journal", KEY, "market.key.partial"] {
        match std::fs::remove_file(partial.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(files::failed("remove", &partial.join(name))(error));
            }
            _ => {}
        }
    }
    std::fs::remove_dir(partial).map_err(files::failed("remove", partial))
}
