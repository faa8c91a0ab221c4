//! A complete copy of an account in a folder: made, gone on with after an interruption, and verified.
//!
//! The form of the files is `exchange::archive`. Reading ([`pull`]) and writing ([`write`]) are joined by one bounded channel:
//! a slow disk slows the reading down, and no account is too large for the memory.

mod error;
mod folder;
mod hit;
mod keep;
mod pull;
mod verify;
mod write;

pub use error::ArchiveError;
pub use keep::keep;
pub use verify::{Looked, look};

use super::engine::{Engine, Step};
use crate::domain::time::Millis;
use crate::exchange::archive::Manifest;
use folder::Folder;
use pull::{Progress, Pull, Skip};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::mpsc;
use write::Writer;

/// Messages that wait to be written.
const WAITING: usize = 64;

/// An archive that is whole.
#[derive(Debug)]
pub struct Archived {
    /// What it holds.
    pub manifest: Manifest,
    /// Whether it was whole before, so that nothing was read.
    pub before: bool,
}

impl Engine {
    /// Archives the account into a folder, or goes on where an interruption left it. An account of files gives back the archive
    /// that it was made of. `tell` is told how many HITs are done,
    /// and of how many.
    pub async fn archive(
        &self,
        path: &Path,
        tell: impl Fn(u32, u32) + Send + 'static,
    ) -> Result<Archived, ArchiveError> {
        let (engine, place) = (self.clone(), path.to_owned());
        if self.is_offline() {
            let restoring = tokio::task::spawn_blocking(move || engine.restore_archive(&place));
            return restoring.await.map_err(|_| ArchiveError::Interrupted)?;
        }
        let progress = Arc::new(Progress::default());
        let opening = {
            let progress = Arc::clone(&progress);
            tokio::task::spawn_blocking(move || engine.open_archive(&place, progress))
        };
        let (writer, skip) = match opening.await.map_err(|_| ArchiveError::Interrupted)?? {
            Opened::Whole(manifest) => return Ok(Archived { manifest, before: true }),
            Opened::Begun(writer, skip) => (writer, skip),
        };
        let (out, messages) = mpsc::channel(WAITING);
        let pull = Pull::new(self, out, progress).await;
        let (clock, engine) = (self.clock().clone(), self.clone());
        let mut writer = writer.watched(move || engine.probe(Step::Archived));
        let writing = tokio::task::spawn_blocking(move || {
            let written = writer.run(messages, tell);
            (writer, written)
        });
        let read = pull.run(skip).await;
        let (writer, written) = writing.await.map_err(|_| ArchiveError::Interrupted)?;
        // What was read up to a failure of the endpoint is written and counts.
        written?;
        read?;
        let finishing = tokio::task::spawn_blocking(move || writer.finish(moment(clock.now().wall)));
        let manifest = finishing.await.map_err(|_| ArchiveError::Interrupted)??;
        Ok(Archived { manifest, before: false })
    }

    fn open_archive(&self, path: &Path, progress: Arc<Progress>) -> Result<Opened, ArchiveError> {
        let folder = Folder::take(path)?;
        match folder.manifest()? {
            Some(manifest) => {
                same_account(self, path, &manifest)?;
                if manifest.is_finished() {
                    return Ok(Opened::Whole(manifest));
                }
                let (writer, skip) = Writer::resume(folder, manifest, progress)?;
                Ok(Opened::Begun(Box::new(writer), skip))
            }
            None => {
                let stamp = self.store().stamp();
                let program = concat!("hitdeck ", env!("CARGO_PKG_VERSION")).to_owned();
                let begun = moment(self.clock().now().wall);
                let manifest = Manifest::begin(program, stamp.endpoint.clone(), stamp.account.clone(), begun);
                Ok(Opened::Begun(Box::new(Writer::begin(folder, manifest, progress)?), Skip::default()))
            }
        }
    }
}

enum Opened {
    Whole(Manifest),
    Begun(Box<Writer>, Skip),
}

/// An archive belongs to one account at one endpoint.
fn same_account(engine: &Engine, path: &Path, manifest: &Manifest) -> Result<(), ArchiveError> {
    let stamp = engine.store().stamp();
    if (&stamp.endpoint, &stamp.account) == (&manifest.endpoint, &manifest.account) {
        return Ok(());
    }
    Err(ArchiveError::Foreign {
        path: path.to_owned(),
        account: manifest.account.clone(),
        endpoint: manifest.endpoint.clone(),
        mine: stamp.account.clone(),
        here: stamp.endpoint.clone(),
    })
}

fn moment(wall: Millis) -> String {
    let moment = jiff::Timestamp::from_millisecond(wall.0);
    moment.map_or_else(|_| wall.0.to_string(), |moment| format!("{moment:.0}"))
}
