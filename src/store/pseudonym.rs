//! The key of the pseudonyms: a file of its own beside the databases, made when it is first asked for.

use super::{Store, StoreError};
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Its name.
const FILE: &str = "pseudonyms.key";

impl Store {
    /// The key of the pseudonyms in this data directory: the same for ever.
    pub fn pseudonym_key(&self) -> Result<[u8; 32], StoreError> {
        pseudonym_key_in(&self.dir().join(FILE))
    }
}

/// The key in a file of its own, which is made if there is none: for its owner only.
pub fn pseudonym_key_in(path: &Path) -> Result<[u8; 32], StoreError> {
    let file = |doing| move |source| StoreError::File { doing, path: path.to_owned(), source };
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Ok(mut new) => {
            let key: [u8; 32] = rand::random();
            new.write_all(&key).and_then(|()| new.sync_all()).map_err(file("write"))?;
            Ok(key)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let bytes = fs::read(path).map_err(file("read"))?;
            bytes.try_into().map_err(|_| StoreError::NoKey(path.to_owned()))
        }
        Err(error) => Err(file("create")(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_key_is_named_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("short.key");
        fs::write(&path, "notes").unwrap();
        let said = pseudonym_key_in(&path).unwrap_err().to_string();
        assert!(said.contains("short.key is not a key of 32 bytes"), "{said}");
        assert!(!said.contains("store") && !said.contains("remove"), "{said}");
        assert_eq!(fs::read(&path).unwrap(), b"notes");
        let made = pseudonym_key_in(&dir.path().join("new.key")).unwrap();
        assert_eq!(pseudonym_key_in(&dir.path().join("new.key")).unwrap(), made);
    }
}
