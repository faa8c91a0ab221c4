//! The folder of an archive: its lock, its manifest, its files, and how they go on after an interruption.
//!
//! While an archive is made its files end in `.part`, and the manifest says how much of each counts. What was written behind
//! that is cut off when it goes on: so it does not matter at which moment the process ended.

use super::error::ArchiveError;
use crate::exchange::archive::{File as Entry, Kind, LineWriter, MANIFEST, Manifest, manifest_in};
use rustix::fs::{FlockOperation, flock};
use std::fs::{DirBuilder, File, Permissions};
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// A folder that this process alone writes.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Its lock is gone with it.
    handle: File,
}

impl Folder {
    /// Makes the folder, or takes one that is empty or holds an archive.
    pub fn take(path: &Path) -> Result<Self, ArchiveError> {
        let file = |doing| move |source| ArchiveError::of(doing, path, source);
        if !path.exists() {
            DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(file("create"))?;
        }
        let handle = File::open(path).map_err(file("open"))?;
        match flock(&handle, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => return Err(ArchiveError::Busy { path: path.to_owned() }),
            Err(error) => return Err(ArchiveError::of("lock", path, error.into())),
        }
        let folder = Folder { path: path.to_owned(), handle };
        if !folder.place(MANIFEST).exists() {
            let mut entries = std::fs::read_dir(path).map_err(file("read"))?.filter_map(Result::ok);
            if entries.any(|entry| entry.file_name().to_string_lossy() != part(MANIFEST)) {
                return Err(ArchiveError::Occupied { path: path.to_owned() });
            }
        }
        folder.handle.set_permissions(Permissions::from_mode(0o700)).map_err(file("protect"))?;
        Ok(folder)
    }

    /// The manifest, if there is one.
    pub fn manifest(&self) -> Result<Option<Manifest>, ArchiveError> {
        Ok(manifest_in(&self.path)?)
    }

    /// Writes the manifest: the old one stays until the new one is whole and on the disk.
    pub fn write_manifest(&self, manifest: &Manifest) -> Result<(), ArchiveError> {
        let path = self.place(&part(MANIFEST));
        let wrong = |source| ArchiveError::of("write", &path, source);
        let mut file =
            File::options().write(true).create(true).truncate(true).mode(0o600).open(&path).map_err(wrong)?;
        file.write_all(manifest.to_text().as_bytes()).map_err(wrong)?;
        file.sync_data().map_err(wrong)?;
        std::fs::rename(&path, self.place(MANIFEST)).map_err(wrong)?;
        self.handle.sync_data().map_err(wrong)
    }

    /// The file of a kind, empty.
    pub fn create(&self, kind: Kind) -> Result<LineWriter<File>, ArchiveError> {
        let path = self.place(&part(kind.file()));
        let options = File::options().write(true).create(true).truncate(true).mode(0o600).open(&path);
        Ok(LineWriter::new(options.map_err(|source| ArchiveError::of("create", &path, source))?))
    }

    /// The file of a kind as far as the manifest says that it counts; the rest of it is cut off. `show` is shown each line.
    pub fn resume(
        &self,
        kind: Kind,
        manifest: &Manifest,
        show: impl FnMut(&str),
    ) -> Result<LineWriter<File>, ArchiveError> {
        let Some(said) = manifest.sums(kind) else { return self.create(kind) };
        let path = self.place(&part(kind.file()));
        let whole = self.place(kind.file());
        let wrong = |source| ArchiveError::of("go on with", &path, source);
        if !path.exists() && whole.exists() {
            // It had got its name already, and the manifest was not written any more.
            std::fs::rename(&whole, &path).map_err(wrong)?;
        }
        let mut file = File::options().read(true).write(true).open(&path).map_err(wrong)?;
        let before = file.try_clone().map_err(wrong)?.take(said.bytes);
        let mut writer = LineWriter::behind(BufReader::new(before), file.try_clone().map_err(wrong)?, show)
            .map_err(|error| ArchiveError::Damaged { path: path.clone(), why: error.to_string() })?;
        if writer.committed() != said {
            let why = "its length or its hash is another one".to_owned();
            return Err(ArchiveError::Damaged { path, why });
        }
        file.set_len(said.bytes).map_err(wrong)?;
        file.seek(SeekFrom::End(0)).map_err(wrong)?;
        writer.commit();
        Ok(writer)
    }

    /// Gives the files their names; `step` is called after each.
    pub fn name_files(&self, step: impl Fn()) -> Result<(), ArchiveError> {
        for kind in Kind::ALL {
            let (from, to) = (self.place(&part(kind.file())), self.place(kind.file()));
            std::fs::rename(&from, &to).map_err(|source| ArchiveError::of("rename", &from, source))?;
            step();
        }
        self.handle.sync_data().map_err(|source| ArchiveError::of("write", &self.path, source))
    }

    /// A file in it.
    pub fn place(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The file of a kind while it is written.
    pub fn part_of(&self, kind: Kind) -> PathBuf {
        self.place(&part(kind.file()))
    }
}

fn part(name: &str) -> String {
    format!("{name}.part")
}

/// What a manifest says of files.
pub(super) fn entries(sums: impl Iterator<Item = (Kind, crate::exchange::archive::Sums)>) -> Vec<Entry> {
    sums.map(|(kind, sums)| Entry { name: kind.file().to_owned(), sums }).collect()
}
