//! A text file of the person's that gets another text: as a whole or not at all, and only while it is as it was read.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The longest file that is changed.
const LONGEST: u64 = 4 << 20;

/// Why a file cannot be changed. Nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum ReplaceError {
    /// It is not there, or may not be read.
    #[error("{path} cannot be read: {source}")]
    Read {
        /// The file.
        path: String,
        /// The system's words.
        source: io::Error,
    },
    /// A folder, a pipe or the like.
    #[error("{0} is no file")]
    NoFile(String),
    /// Its owner protects it.
    #[error("{0} is read-only: chmod u+w lets it be changed")]
    ReadOnly(String),
    /// Longer than any file of this kind.
    #[error("{0} has more than 4 MB: no batch file is so long")]
    TooLong(String),
    /// Bytes that are no text.
    #[error("{path}:{line}: no UTF-8; save the file as UTF-8")]
    NoText {
        /// The file.
        path: String,
        /// From 1.
        line: usize,
    },
    /// Somebody else was faster.
    #[error("{0} has been changed in the meantime, and was left as it is: look at it again")]
    Changed(String),
    /// The disk is full, or the folder may not be written to.
    #[error("{path} cannot be written, and is as it was: {source}")]
    Write {
        /// The file.
        path: String,
        /// The system's words.
        source: io::Error,
    },
}

/// Reads a file that is to be changed: one that could not be changed is refused now.
pub fn read(path: &Path) -> Result<String, ReplaceError> {
    let name = || path.display().to_string();
    let failed = |source| ReplaceError::Read { path: name(), source };
    // Looked at before it is opened: a pipe would be waited for.
    let about = fs::metadata(path).map_err(failed)?;
    if !about.is_file() {
        return Err(ReplaceError::NoFile(name()));
    }
    if about.permissions().readonly() {
        return Err(ReplaceError::ReadOnly(name()));
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if bytes.len() as u64 > LONGEST {
        return Err(ReplaceError::TooLong(name()));
    }
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        ReplaceError::NoText { path: name(), line: before.iter().filter(|byte| **byte == b'\n').count() + 1 }
    })
}

/// Puts `after` in place of `before`: whoever looks at the file, also after a crash, finds the one or the other. Its rights
/// stay; what a link leads to is changed, and not the link.
pub fn replace(path: &Path, before: &str, after: &str) -> Result<(), ReplaceError> {
    let name = || path.display().to_string();
    let failed = |source| ReplaceError::Write { path: name(), source };
    if read(path)? != before {
        return Err(ReplaceError::Changed(name()));
    }
    let path = fs::canonicalize(path).map_err(failed)?;
    let rights = fs::metadata(&path).map_err(failed)?.permissions();
    let part = partial(&path);
    let written = write(&part, after, rights).and_then(|()| fs::rename(&part, &path));
    if written.is_err() {
        // What is left of it is of no use; the error that is told says why.
        let _ = fs::remove_file(&part);
    }
    written.map_err(failed)?;
    // A folder that may not be read cannot be synced by its user; the system does it in time.
    let _ = path.parent().map(File::open).map(|folder| folder.and_then(|folder| folder.sync_all()));
    Ok(())
}

fn write(part: &Path, text: &str, rights: Permissions) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(part)?;
    file.set_permissions(rights)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// The name of the file while it is not whole.
fn partial(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn a_file_is_replaced_whole_with_its_rights_and_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("pilot.toml"), folder.path().join("link.toml"));
        fs::write(&file, "a = 1\n").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
        symlink(&file, &link).unwrap();
        replace(&link, "a = 1\n", "a = 1\nb = 2\n").unwrap();
        assert_eq!(read(&file).unwrap(), "a = 1\nb = 2\n");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left beside it");
    }

    #[test]
    fn what_somebody_else_wrote_meanwhile_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pilot.toml");
        fs::write(&file, "theirs\n").unwrap();
        assert!(matches!(replace(&file, "as it was read\n", "ours\n"), Err(ReplaceError::Changed(_))));
        assert_eq!(fs::read_to_string(&file).unwrap(), "theirs\n");
    }

    #[test]
    fn what_cannot_be_changed_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let why = |name: &str| read(&at(name)).unwrap_err().to_string();
        assert!(why("none.toml").contains("none.toml cannot be read: No such file"));
        assert!(why("").ends_with("is no file"));
        fs::write(at("fixed.toml"), "a = 1\n").unwrap();
        fs::set_permissions(at("fixed.toml"), Permissions::from_mode(0o444)).unwrap();
        assert!(why("fixed.toml").ends_with("fixed.toml is read-only: chmod u+w lets it be changed"));
        assert!(matches!(replace(&at("fixed.toml"), "a = 1\n", "b"), Err(ReplaceError::ReadOnly(_))));
        fs::write(at("latin.toml"), b"a = 1\nb = \"caf\xe9\"\n").unwrap();
        assert!(why("latin.toml").ends_with("latin.toml:2: no UTF-8; save the file as UTF-8"));
    }
}
