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
            let wrong = |_| StoreError::Damaged(format!("{} is not a key of 32 bytes; remove it", path.display()));
            bytes.try_into().map_err(wrong)
        }
        Err(error) => Err(file("create")(error)),
    }
}
