//! Writing what is read into the folder, so that the process may end at any moment.

use super::error::ArchiveError;
use super::folder::{Folder, entries};
use super::pull::{Message, Progress, Skip};
use crate::exchange::archive::{Kind, LineReader, LineWriter, Manifest, Missing, Record, Soonest};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// The manifest is brought up to date after so long, or so many whole parts, whichever comes first.
const EVERY: Duration = Duration::from_secs(1);
const PARTS: u32 = 256;
/// HITs of which the manifest says when they are gone.
const SOONEST: usize = 10;

/// Takes what is read and writes it. Runs on a thread of its own.
pub struct Writer {
    folder: Folder,
    manifest: Manifest,
    files: BTreeMap<Kind, LineWriter<File>>,
    /// Bytes of each file that are on the disk.
    safe: BTreeMap<Kind, u64>,
    /// HIT types that are written.
    types: HashSet<String>,
    soonest: BTreeSet<Soonest>,
    hits: u32,
    progress: Arc<Progress>,
    saved: Instant,
    parts: u32,
    step: Box<dyn Fn() + Send>,
}

impl Writer {
    /// Begins an archive.
    pub fn begin(folder: Folder, manifest: Manifest, progress: Arc<Progress>) -> Result<Self, ArchiveError> {
        // First of all, so that the folder is known for what it is.
        folder.write_manifest(&manifest)?;
        Writer::with(folder, manifest, progress, |folder, _, kind, _| folder.create(kind)).map(|(writer, _)| writer)
    }

    /// Goes on with one that was interrupted. Answers what need not be read again.
    pub fn resume(folder: Folder, manifest: Manifest, progress: Arc<Progress>) -> Result<(Self, Skip), ArchiveError> {
        Writer::with(folder, manifest, progress, |folder, manifest, kind, show| folder.resume(kind, manifest, show))
    }

    fn with(
        folder: Folder,
        manifest: Manifest,
        progress: Arc<Progress>,
        open: impl Fn(&Folder, &Manifest, Kind, &mut dyn FnMut(&str)) -> Result<LineWriter<File>, ArchiveError>,
    ) -> Result<(Self, Skip), ArchiveError> {
        let (mut files, mut safe) = (BTreeMap::new(), BTreeMap::new());
        let (mut skip, mut types, mut hits) = (Skip::default(), HashSet::new(), 0);
        for kind in Kind::ALL {
            let mut show = |line: &str| {
                let id = || LineReader::new(line.as_bytes()).record(kind).ok().flatten()?.id();
                match kind {
                    Kind::Hits | Kind::QualificationTypes => skip.ids.extend(id()),
                    Kind::HitTypes => types.extend(id()),
                    _ => {}
                }
                hits += u32::from(kind == Kind::Hits);
            };
            let writer = open(&folder, &manifest, kind, &mut show)?;
            safe.insert(kind, writer.committed().bytes);
            files.insert(kind, writer);
        }
        skip.lists = manifest.done.iter().filter_map(|name| Kind::of_file(name)).collect();
        let soonest = manifest.soonest_gone.iter().cloned().collect();
        progress.listed.store(hits, Ordering::Relaxed);
        let (saved, parts, step) = (Instant::now(), 0, Box::new(|| ()));
        Ok((Writer { folder, manifest, files, safe, types, soonest, hits, progress, saved, parts, step }, skip))
    }

    /// Calls `step` whenever something is written.
    pub fn watched(self, step: impl Fn() + Send + 'static) -> Self {
        Writer { step: Box::new(step), ..self }
    }

    /// Writes everything that comes, and what is known when nothing more comes. `tell` is told how many HITs are done, and
    /// of how many.
    pub fn run(&mut self, mut messages: mpsc::Receiver<Message>, tell: impl Fn(u32, u32)) -> Result<(), ArchiveError> {
        while let Some(message) = messages.blocking_recv() {
            match message {
                Message::Records(records) => records.iter().try_for_each(|record| self.record(record))?,
                Message::Whole { lane, gone, missing } => {
                    for kind in lane.kinds() {
                        if let Some(file) = self.files.get_mut(kind) {
                            file.commit();
                        }
                    }
                    if let [list] = lane.kinds() {
                        self.manifest.done.push(list.file().to_owned());
                    }
                    missing.into_iter().for_each(|missing| self.miss(missing));
                    if let Some(gone) = gone {
                        self.soonest.insert(gone);
                        while self.soonest.len() > SOONEST {
                            self.soonest.pop_last();
                        }
                        self.hits += 1;
                        tell(self.hits, self.progress.listed.load(Ordering::Relaxed));
                    }
                    self.parts += 1;
                    if self.parts >= PARTS || self.saved.elapsed() >= EVERY {
                        self.save()?;
                    }
                }
            }
            (self.step)();
        }
        self.save()
    }

    /// Everything was read: the files get their names, and the manifest says so.
    pub fn finish(mut self, ended: String) -> Result<Manifest, ArchiveError> {
        self.save()?;
        self.folder.name_files(&self.step)?;
        self.manifest.ended = Some(ended);
        self.manifest.done.clear();
        self.folder.write_manifest(&self.manifest)?;
        (self.step)();
        Ok(self.manifest)
    }

    fn record(&mut self, record: &Record) -> Result<(), ArchiveError> {
        if record.kind == Kind::HitTypes && !record.id().is_some_and(|id| self.types.insert(id)) {
            return Ok(());
        }
        let Some(file) = self.files.get_mut(&record.kind) else { return Ok(()) };
        let written = file.line(&record.line());
        written.map_err(|source| ArchiveError::of("write", &self.folder.part_of(record.kind), source))
    }

    fn miss(&mut self, missing: Missing) {
        if !self.manifest.missing.contains(&missing) {
            self.manifest.missing.push(missing);
        }
    }

    /// Brings to the disk what counts, and then the manifest that says so.
    fn save(&mut self) -> Result<(), ArchiveError> {
        for (kind, file) in &mut self.files {
            let counts = file.committed().bytes;
            if self.safe.get(kind) != Some(&counts) {
                let wrong = |source| ArchiveError::of("write", &self.folder.part_of(*kind), source);
                file.flushed().map_err(wrong)?.sync_data().map_err(wrong)?;
                self.safe.insert(*kind, counts);
                (self.step)();
            }
        }
        self.manifest.files = entries(self.files.iter().map(|(kind, file)| (*kind, file.committed().clone())));
        self.manifest.soonest_gone = self.soonest.iter().cloned().collect();
        self.folder.write_manifest(&self.manifest)?;
        (self.step)();
        (self.saved, self.parts) = (Instant::now(), 0);
        Ok(())
    }
}
