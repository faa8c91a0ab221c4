//! Where a demo lives: a folder that goes with it, or one that is kept.

use super::super::context::say;
use super::super::exit::Failure;
use rustix::fs::{FlockOperation, flock};
use std::fs::{DirBuilder, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

const PREFIX: &str = "hitdeck-demo-";
const LOCK: &str = "lock";
const PORT: &str = "port";

/// A folder of a demo, locked as long as it is used.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    kept: bool,
    _lock: File,
}

impl Folder {
    /// A folder that is removed at the end. Those of demos that were killed are removed first.
    pub fn passing(below: &Path) -> Result<Self, Failure> {
        sweep(below);
        let path = below.join(format!("{PREFIX}{:016x}", rand::random::<u64>()));
        Folder::make(path, false)
    }

    /// A folder that stays, and is used again.
    pub fn kept(path: &Path) -> Result<Self, Failure> {
        Folder::make(path.to_owned(), true)
    }

    fn make(path: PathBuf, kept: bool) -> Result<Self, Failure> {
        let failed = |reason| Failure::File { what: format!("making {}", path.display()), reason };
        DirBuilder::new().recursive(kept).mode(0o700).create(&path).map_err(failed)?;
        let lock = open_private(&path.join(LOCK)).map_err(failed)?;
        if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
            return Err(Failure::Failed(format!("another demo is running in {}", path.display())));
        }
        Ok(Folder { path, kept, _lock: lock })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it stays.
    pub const fn is_kept(&self) -> bool {
        self.kept
    }

    /// The port of the demo that was here before.
    pub fn port(&self) -> Result<Option<u16>, Failure> {
        let path = self.path.join(PORT);
        match std::fs::read_to_string(&path) {
            Ok(text) => text.trim().parse().map(Some).map_err(|_| {
                Failure::Failed(format!("{} holds no port number; remove it to begin anew", path.display()))
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(reason) => Err(Failure::File { what: format!("reading {}", path.display()), reason }),
        }
    }

    /// Writes the port down for the next time.
    pub fn keep_port(&self, port: u16) -> Result<(), Failure> {
        let path = self.path.join(PORT);
        std::fs::write(&path, format!("{port}\n"))
            .map_err(|reason| Failure::File { what: format!("writing {}", path.display()), reason })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.kept
            && let Err(error) = std::fs::remove_dir_all(&self.path)
        {
            say(format_args!("hitdeck: {} could not be removed: {error}", self.path.display()));
        }
    }
}

fn open_private(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path)
}

/// Removes what killed demos of this person left: their locks are free.
fn sweep(below: &Path) {
    let Ok(entries) = std::fs::read_dir(below) else { return };
    let me = rustix::process::getuid().as_raw();
    for entry in entries.flatten() {
        let path = entry.path();
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX)
            && std::fs::symlink_metadata(&path).is_ok_and(|data| data.is_dir() && data.uid() == me);
        if !ours {
            continue;
        }
        // One that has no lock yet is just being made.
        let Ok(lock) = OpenOptions::new().write(true).open(path.join(LOCK)) else { continue };
        if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_ok() {
            // Another demo's rubbish is no reason to stop.
            let _ = std::fs::remove_dir_all(&path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passing_folder_goes_and_so_does_that_of_a_killed_demo() {
        let temp = tempfile::tempdir().unwrap();
        let dead = Folder::passing(temp.path()).unwrap();
        let dead_path = dead.path().to_owned();
        // A killed process drops nothing, but its locks are released: an open file that is forgotten without one.
        drop(dead);
        std::fs::create_dir(&dead_path).unwrap();
        std::fs::write(dead_path.join(LOCK), "").unwrap();
        let living = Folder::passing(temp.path()).unwrap();
        let other = Folder::passing(temp.path()).unwrap();
        assert!(!dead_path.exists());
        assert!(living.path().exists() && other.path().exists());
        let path = living.path().to_owned();
        drop(living);
        assert!(!path.exists());
    }

    #[test]
    fn a_kept_folder_stays_and_remembers_its_port() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("a/b");
        let folder = Folder::kept(&path).unwrap();
        assert_eq!(folder.port().unwrap(), None);
        folder.keep_port(40117).unwrap();
        assert!(Folder::kept(&path).unwrap_err().to_string().contains("another demo is running"));
        drop(folder);
        assert_eq!(Folder::kept(&path).unwrap().port().unwrap(), Some(40117));
    }
}
