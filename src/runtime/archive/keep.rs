//! Archives that belong to an account of files: copies of what was imported, which can be had back.

use super::error::ArchiveError;
use super::{Archived, Engine};
use crate::exchange::archive::{Kind, MANIFEST, OpenError, manifest_in};
use sha2::{Digest, Sha256};
use std::fs::{DirBuilder, File, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The folder of the copies, in that of the account.
const KEPT: &str = "archives";
/// Digits of a copy's name: of the hash of its manifest.
const DIGITS: usize = 16;

/// Keeps a copy of an archive in an account's folder.
pub async fn keep(account: &Path, from: &Path) -> Result<(), ArchiveError> {
    let (account, from) = (account.to_owned(), from.to_owned());
    let keeping = tokio::task::spawn_blocking(move || {
        let manifest = manifest_in(&from)?.ok_or(OpenError::NoArchive { path: from.clone() })?;
        let digest = Sha256::digest(manifest.to_text());
        let name: String = digest.iter().take(DIGITS / 2).map(|byte| format!("{byte:02x}")).collect();
        let to = account.join(KEPT).join(name);
        if to.exists() {
            return Ok(());
        }
        copy(&from, &to)
    });
    keeping.await.map_err(|_| ArchiveError::Interrupted)?
}

impl Engine {
    /// The archive that this account of files was made of, copied into a folder.
    pub(super) fn restore_archive(&self, path: &Path) -> Result<Archived, ArchiveError> {
        let kept = kept(&self.store().dir().join(KEPT))?;
        let [from] = &kept[..] else { return Err(ArchiveError::NotOne { count: kept.len() }) };
        let manifest = manifest_in(from)?.ok_or(OpenError::NoArchive { path: from.clone() })?;
        match manifest_in(path)? {
            Some(there) if there == manifest => return Ok(Archived { manifest, before: true }),
            Some(_) => return Err(ArchiveError::Occupied { path: path.to_owned() }),
            None => {}
        }
        copy(from, path)?;
        Ok(Archived { manifest, before: false })
    }
}

fn kept(folder: &Path) -> Result<Vec<PathBuf>, ArchiveError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(ArchiveError::of("read", folder, source)),
    };
    let copies = entries.filter_map(|entry| Some(entry.ok()?.path()));
    Ok(copies.filter(|path| path.extension().is_none()).collect())
}

/// Copies an archive beside its place, then gives it its name: a directory that is new, or empty.
fn copy(from: &Path, to: &Path) -> Result<(), ArchiveError> {
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let wrong = |doing| move |path: &Path, source| ArchiveError::of(doing, path, source);
    match std::fs::remove_dir_all(&part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(wrong("clear")(&part, error)),
        _ => {}
    }
    DirBuilder::new().recursive(true).mode(0o700).create(&part).map_err(|error| wrong("create")(&part, error))?;
    for name in Kind::ALL.map(Kind::file).into_iter().chain([MANIFEST]) {
        let place = part.join(name);
        let copied = std::fs::copy(from.join(name), &place).and_then(|_| {
            let file = File::open(&place)?;
            file.set_permissions(Permissions::from_mode(0o600))?;
            file.sync_data()
        });
        copied.map_err(|error| wrong("write")(&place, error))?;
    }
    std::fs::rename(&part, to).map_err(|error| match error.kind() {
        io::ErrorKind::DirectoryNotEmpty => ArchiveError::Occupied { path: to.to_owned() },
        _ => wrong("name")(to, error),
    })
}
