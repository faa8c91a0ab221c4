//! An archive held against itself, and against what the endpoint says now.

use super::error::ArchiveError;
use super::folder::manifest_in;
use super::pull::{Message, Progress, Pull, Skip};
use super::same_account;
use crate::exchange::archive::{Checker, Difference, Fault, Index, Kind, LineReader, Manifest, Record};
use crate::runtime::engine::Engine;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::mpsc;

/// Messages that wait to be compared.
const WAITING: usize = 64;

/// An archive that was looked through.
#[derive(Debug)]
pub struct Looked {
    /// What its manifest says.
    pub manifest: Manifest,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
    path: PathBuf,
    index: Index,
}

/// Looks the archive in a folder through: manifest, hashes, counts, and what its files say of one another.
pub async fn look(path: &Path) -> Result<Looked, ArchiveError> {
    let path = path.to_owned();
    tokio::task::spawn_blocking(move || look_now(path)).await.map_err(|_| ArchiveError::Interrupted)?
}

fn look_now(path: PathBuf) -> Result<Looked, ArchiveError> {
    let Some(manifest) = manifest_in(&path)? else { return Err(ArchiveError::NoArchive { path }) };
    if !manifest.is_finished() {
        return Err(ArchiveError::Unfinished { path });
    }
    let (mut checker, mut index) = (Checker::default(), Index::default());
    for kind in Kind::ALL {
        match (manifest.sums(kind), File::open(path.join(kind.file()))) {
            (None, _) => checker.absent(kind, "the manifest does not name it"),
            (Some(_), Err(error)) => checker.absent(kind, &format!("it cannot be read: {error}")),
            (Some(said), Ok(file)) => {
                checker.file(kind, BufReader::with_capacity(1 << 17, file), said, |record| index.add(record));
            }
        }
    }
    Ok(Looked { manifest, faults: checker.faults(), path, index })
}

impl Looked {
    /// What has changed at the endpoint since the archive was made. Reads the whole account again. `tell` is told how many
    /// HITs were read, and of how many.
    pub async fn compare(
        self,
        engine: &Engine,
        tell: impl Fn(u32, u32) + Send + 'static,
    ) -> Result<Vec<Difference>, ArchiveError> {
        same_account(engine, &self.path, &self.manifest)?;
        let (out, mut messages) = mpsc::channel(WAITING);
        let progress = Arc::new(Progress::default());
        let pull = Pull::new(engine, out, Arc::clone(&progress)).await;
        let Looked { path, mut index, .. } = self;
        let comparing = tokio::task::spawn_blocking(move || {
            let (mut differences, mut hits) = (Vec::new(), 0);
            while let Some(message) = messages.blocking_recv() {
                match message {
                    Message::Records(records) => differences.extend(records.iter().filter_map(|it| index.meet(it))),
                    Message::Whole { gone: Some(_), .. } => {
                        hits += 1;
                        tell(hits, progress.listed.load(Ordering::Relaxed));
                    }
                    Message::Whole { .. } => {}
                }
            }
            (differences, index)
        });
        pull.run(Skip::default()).await?;
        let (mut differences, index) = comparing.await.map_err(|_| ArchiveError::Interrupted)?;
        let gone = tokio::task::spawn_blocking(move || {
            let mut gone = Vec::new();
            for kind in Kind::ALL {
                each(&path, kind, |record| gone.extend(index.missed(&record)))?;
            }
            Ok::<_, ArchiveError>(gone)
        });
        differences.extend(gone.await.map_err(|_| ArchiveError::Interrupted)??);
        differences.sort_by(|a, b| (a.kind, a.change, &a.id).cmp(&(b.kind, b.change, &b.id)));
        Ok(differences)
    }
}

/// Shows every record of a file of an archive.
pub fn each(path: &Path, kind: Kind, mut show: impl FnMut(Record)) -> Result<(), ArchiveError> {
    let path = path.join(kind.file());
    let wrong = |source| ArchiveError::of("read", &path, source);
    let mut reader = LineReader::new(BufReader::with_capacity(1 << 17, File::open(&path).map_err(wrong)?));
    while let Some(record) = reader.record(kind).map_err(wrong)? {
        show(record);
    }
    Ok(())
}
