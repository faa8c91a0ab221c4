//! Batch files for the desk: read and looked at, published in the background, their rows that were refused written down.

use crate::app::batches::{Ended, Looked};
use crate::app::event::{Event, RequestId};
use crate::domain::time::{Millis, Seconds};
use crate::domain::top_up::AnewWanted;
use crate::exchange::batch::check::{Finding, Level, check};
use crate::runtime::engine::Engine;
use crate::runtime::publish::{self, AnewOrder, Order, Progress, Published, Until, failed, load, unknown_facts};
use crate::store::{Reader, StoreError};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long publishing goes on while nothing gets through.
const PATIENCE: Duration = Duration::from_secs(60);
/// The name under which the store keeps the files that were opened before.
const FILES: &str = "batch-files";
/// So many of them are kept.
const KEPT: usize = 9;
/// So many ways to go on with a path are told.
const WAYS: usize = 40;

/// What was being published when the desk was left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpublished {
    /// What, in words.
    pub what: String,
    /// HITs that were made, and that were not; none if that was not waited for.
    pub counts: Option<(usize, usize)>,
    /// The command that goes on.
    pub command: String,
}

/// Something that is being published.
#[derive(Debug)]
pub(super) struct Publishing {
    stop: CancellationToken,
    work: JoinHandle<Option<(usize, usize)>>,
    what: String,
    command: String,
}

impl Publishing {
    /// Begins to publish a batch file.
    pub(super) fn of_file(
        engine: Engine,
        order: (RequestId, Arc<Looked>, Option<usize>),
        data: String,
        events: mpsc::Sender<Event>,
    ) -> Publishing {
        let draft = &order.1.draft;
        let (what, command) = (draft.spec.name.to_string(), format!("hitdeck batch publish {}", draft.files.spec));
        let stop = CancellationToken::new();
        let work = tokio::spawn(publish(engine, order, data, events, stop.clone()));
        Publishing { stop, work, what, command }
    }

    /// Begins to publish HITs anew.
    pub(super) fn anew(
        engine: Engine,
        request: RequestId,
        what: (Vec<AnewWanted>, Seconds),
        events: mpsc::Sender<Event>,
    ) -> Publishing {
        let stop = CancellationToken::new();
        let work = tokio::spawn(publish_anew(engine, request, what, events, stop.clone()));
        Publishing { stop, work, what: "HITs anew".to_owned(), command: "hitdeck batch anew".to_owned() }
    }

    /// Whether it has not ended by itself.
    pub(super) fn is_running(&self) -> bool {
        !self.work.is_finished()
    }

    /// Begins nothing more.
    pub(super) fn stop(&self) {
        self.stop.cancel();
    }

    /// What is left if nobody waits for it.
    pub(super) fn cut_off(&self) -> Unpublished {
        Unpublished { what: self.what.clone(), counts: None, command: self.command.clone() }
    }

    /// Waits until what has begun is finished; the HITs that were made and that were not, unless it was refused.
    pub(super) async fn ended(self) -> Option<(usize, usize)> {
        self.work.await.ok().flatten()
    }
}

/// Reads a batch file and looks at it from all sides, of its rows at most so many.
pub async fn look(engine: &Engine, path: String, limit: Option<usize>) -> Result<Arc<Looked>, String> {
    let file = PathBuf::from(&path);
    let read = tokio::task::spawn_blocking(move || load(&file, None).map_err(|error| error.to_string()));
    let draft = Arc::new(read.await.map_err(|error| error.to_string())??);
    let words = |error: StoreError| error.to_string();
    let standing = engine.batch_standing(&draft, limit).await.map_err(words)?;
    remember(engine, path).await.map_err(words)?;
    let (facts, trouble) = match engine.batch_facts(&draft, standing.missing).await {
        Ok(facts) => (facts, None),
        Err(error) => (unknown_facts(standing.missing), Some(error.to_string())),
    };
    let look = {
        let draft = Arc::clone(&draft);
        move || check(&draft, &facts)
    };
    let mut report = tokio::task::spawn_blocking(look).await.map_err(|error| error.to_string())?;
    if let Some(why) = trouble {
        let words = format!("the endpoint could not be asked for balance and qualifications: {why}");
        let file = draft.files.spec.clone();
        report.findings.push(Finding { level: Level::Warning, file, row: None, column: None, words });
    }
    let (missing, there, left_out) = (standing.missing, standing.there, standing.left_out);
    Ok(Arc::new(Looked { draft, report, missing, there, left_out, changes: standing.changes }))
}

/// Publishes what is missing, and counts what was made and what was not. What cannot be told at once about how far it is, is told
/// with the next step.
async fn publish(
    engine: Engine,
    (request, looked, limit): (RequestId, Arc<Looked>, Option<usize>),
    data: String,
    events: mpsc::Sender<Event>,
    stop: CancellationToken,
) -> Option<(usize, usize)> {
    let order = Order {
        draft: Arc::clone(&looked.draft),
        required: looked.report.required.clone(),
        limit,
        until: Until { patience: PATIENCE, stop },
        news: Some(events.clone()),
    };
    let ended = match engine.publish(order, &tell(request, events.clone())).await {
        Ok(published) => Ok(ended(published, &looked, &data)),
        Err(error) => Err(error.to_string()),
    };
    let counts = ended.as_ref().ok().map(|ended| (ended.made, ended.left));
    // A desk that is gone needs no news.
    let _ = events.send(Event::BatchPublished { request, ended }).await;
    counts
}

/// Publishes HITs in place of others, which is told of in the same way.
async fn publish_anew(
    engine: Engine,
    request: RequestId,
    (hits, lifetime): (Vec<AnewWanted>, Seconds),
    events: mpsc::Sender<Event>,
    stop: CancellationToken,
) -> Option<(usize, usize)> {
    let order = AnewOrder { hits, lifetime, until: Until { patience: PATIENCE, stop } };
    let ended = match engine.publish_anew(order, &tell(request, events.clone())).await {
        Ok(Published { made, before, refused, left, unsure, trouble, .. }) => {
            Ok(Ended { made, before, refused, left: left + unsure, trouble, failed: None })
        }
        Err(error) => Err(error.to_string()),
    };
    let counts = ended.as_ref().ok().map(|ended| (ended.made, ended.left));
    // A desk that is gone needs no news.
    let _ = events.send(Event::BatchPublished { request, ended }).await;
    counts
}

fn tell(request: RequestId, events: mpsc::Sender<Event>) -> impl Fn(Progress) + Send + Sync {
    move |at| drop(events.try_send(Event::BatchPublishing { request, done: at.done, all: at.all }))
}

fn ended(published: Published, looked: &Looked, data: &str) -> Ended {
    let Published { made, before, mut refused, left, unsure, trouble, .. } = published;
    refused.sort_by_key(|(row, _)| *row);
    refused.dedup_by_key(|(row, _)| *row);
    let mut ended = Ended { made, before, refused, left: left + unsure, trouble, failed: None };
    if !ended.refused.is_empty() {
        let file = failed::beside(Path::new(data));
        match failed::put(&file, &looked.draft.table, &ended.refused) {
            Ok(()) => ended.failed = Some(file.display().to_string()),
            Err(error) => ended.trouble = Some(format!("{} cannot be written: {error}", file.display())),
        }
    }
    ended
}

/// How the files of a batch stand on the disk: what tells two states of them apart, and when one was last changed.
pub fn stands(path: &Path) -> (u64, Option<Millis>) {
    let mut mark = DefaultHasher::new();
    let mut newest = None;
    for file in publish::files(path) {
        let found = fs::metadata(&file).ok();
        let changed = found.as_ref().and_then(|found| found.modified().ok()?.duration_since(UNIX_EPOCH).ok());
        (&file, found.map(|found| found.len()), changed).hash(&mut mark);
        newest = newest.max(changed.map(|at| Millis(i64::try_from(at.as_millis()).unwrap_or(i64::MAX))));
    }
    (mark.finish(), newest)
}

/// The files that were opened before, the newest first.
pub fn files(reader: &Reader) -> Result<Vec<String>, StoreError> {
    let kept = reader.remembered(FILES)?.unwrap_or_default();
    Ok(serde_json::from_str(&kept).unwrap_or_default())
}

async fn remember(engine: &Engine, path: String) -> Result<(), StoreError> {
    let mut kept = engine.store().reading(files).await?;
    kept.retain(|one| *one != path);
    kept.insert(0, path);
    kept.truncate(KEPT);
    let value = serde_json::to_string(&kept).unwrap_or_default();
    engine.store().remember(vec![(FILES.to_owned(), value)]).await
}

/// How a path can go on: folders, which end in a slash, and files that may be batch files.
pub fn ways(typed: &str) -> Vec<String> {
    let (folder, begun) = typed.rsplit_once('/').map_or(("", typed), |(folder, begun)| (folder, begun));
    let prefix = &typed[..typed.len() - begun.len()];
    let place = match (folder, prefix) {
        ("", "/") => PathBuf::from("/"),
        ("", _) => PathBuf::from("."),
        (folder, _) => PathBuf::from(folder),
    };
    let Ok(entries) = fs::read_dir(place) else { return Vec::new() };
    let mut ways: Vec<String> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let is_folder = entry.path().is_dir();
            let fits = name.starts_with(begun) && (begun.starts_with('.') || !name.starts_with('.'));
            let wanted = is_folder || Path::new(&name).extension().is_some_and(|end| end == "toml");
            (fits && wanted).then(|| format!("{prefix}{name}{}", if is_folder { "/" } else { "" }))
        })
        .collect();
    ways.sort();
    ways.truncate(WAYS);
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_change_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pilot.toml");
        let spec = "name = \"pilot\"\ntitle = \"Label\"\ndescription = \"One\"\nreward = \"0.05\"\nassignments = 2\n\
            lifetime = \"1h\"\ntime_limit = \"10m\"\nauto_approve = \"3d\"\ntemplate = \"task.html\"\ndata = \"items.csv\"\n\
            consent = \"none\"\n";
        let before = stands(&path);
        assert_eq!((before.1, stands(&path)), (None, before));
        fs::write(&path, spec).unwrap();
        let mut marks = vec![before.0, stands(&path).0];
        for (name, text) in [("task.html", "<p>"), ("items.csv", "text\n"), ("items.csv", "text\none\n")] {
            fs::write(folder.path().join(name), text).unwrap();
            marks.push(stands(&path).0);
        }
        assert_eq!(stands(&path), stands(&path));
        assert!(marks.windows(2).all(|two| two[0] != two[1]), "{marks:?}");
    }

    #[test]
    fn paths_go_on_to_folders_and_batch_files() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["pilot.toml", "pictures.csv", ".hidden.toml"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        fs::create_dir(folder.path().join("plans")).unwrap();
        let root = folder.path().display().to_string();
        assert_eq!(ways(&format!("{root}/p")), [format!("{root}/pilot.toml"), format!("{root}/plans/")]);
        assert_eq!(ways(&format!("{root}/.h")), [format!("{root}/.hidden.toml")]);
        assert_eq!(ways(&format!("{root}/none/x")), Vec::<String>::new());
    }
}
