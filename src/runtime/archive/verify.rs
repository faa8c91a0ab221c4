//! An archive held against itself, and against what the endpoint says now.

use super::error::ArchiveError;
use super::pull::{Message, Progress, Pull, Skip};
use super::same_account;
use crate::exchange::archive::{self, Difference, Fault, Index, Kind, Manifest};
use crate::runtime::engine::Engine;
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
    let mut index = Index::default();
    let (manifest, faults) = archive::look(&path, |record| index.add(record))?;
    Ok(Looked { manifest, faults, path, index })
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
                for record in archive::records(&path, kind)? {
                    gone.extend(index.missed(&record?));
                }
            }
            Ok::<_, ArchiveError>(gone)
        });
        differences.extend(gone.await.map_err(|_| ArchiveError::Interrupted)??);
        differences.sort_by(|a, b| (a.kind, a.change, &a.id).cmp(&(b.kind, b.change, &b.id)));
        Ok(differences)
    }
}
