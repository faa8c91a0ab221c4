//! `hitdeck batch publish`: what is missing of a batch, after a summary and a yes.

use super::super::ask;
use super::super::context::Context;
use super::super::decide::PATIENCE;
use super::super::exit::{Exit, Failure};
use super::super::progress::Progress;
use super::super::session::Session;
use super::args::BatchFiles;
use super::{read, words};
use crate::app::format::plural;
use crate::config::Danger;
use crate::domain::batch::BatchName;
use crate::domain::policy::Refusal;
use crate::exchange::batch::check::check;
use crate::exchange::batch::data::{ERROR_COLUMN, Table};
use crate::exchange::output::{Cell, Column, record};
use crate::runtime::publish::{self, Order, PublishError, Published, Until, failed};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio_util::sync::CancellationToken;

/// So many refused rows are named one by one.
const NAMED: usize = 20;

/// Runs `hitdeck batch publish`.
pub async fn run(
    context: &Context,
    files: &BatchFiles,
    limit: Option<usize>,
    failed: Option<PathBuf>,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    if limit == Some(0) {
        return Err(Failure::Usage("--limit 0 is no row at all: give 1 or more".into()));
    }
    let draft = Arc::new(read(files)?);
    let session = Session::open(context).await?;
    let standing = session.engine.batch_standing(&draft, limit).await?;
    if !standing.changes.is_empty() {
        let (name, changes) = (draft.spec.name.clone(), standing.changes);
        return Err(PublishError::Changed { name, changes }.into());
    }
    let facts = session.engine.batch_facts(&draft, standing.missing).await?;
    let report = check(&draft, &facts);
    words::findings(&report).into_iter().for_each(|line| context.say(line));
    if report.has_errors() {
        return Err(Failure::Failed("nothing was published: the errors come first".into()));
    }
    for line in words::summary(&draft, &report, standing.missing, standing.there) {
        context.say(line);
    }
    if standing.left_out > 0 {
        let rows = plural(standing.left_out, "row");
        context.say(format_args!("note: {rows} of the batch are not in {} any more", draft.files.data));
    }
    let site = session.settings.environment.worker_site.clone();
    if context.global.dry_run {
        context.say("dry run: nothing was written down or sent");
        return Ok(Exit::Done);
    }
    if session.settings.read_only {
        return Err(Failure::Failed(Refusal::ReadOnly.to_string()));
    }
    if standing.missing > 0 {
        let what = format!("{} of {}", plural(standing.missing, "row"), draft.spec.name);
        confirm(context, &session, &what)?;
    }
    let order = Order {
        draft: Arc::clone(&draft),
        required: report.required,
        limit,
        until: Until { patience: PATIENCE, stop: stop_at_interrupt(context) },
        news: None,
    };
    let progress = Mutex::new(Progress::begin("publishing", "HITs"));
    let published = session.engine.publish(order, &|at| show(&progress, at)).await?;
    drop(progress);
    record(out, context.global.output, cells(&draft.spec.name, &published, &site))?;
    let file = failed.unwrap_or_else(|| failed::beside(Path::new(&draft.files.data)));
    put_failed(context, &file, &draft.table, &published)?;
    Ok(ended(context, &published))
}

/// How far it is.
pub(super) fn show(progress: &Mutex<Progress>, at: publish::Progress) {
    progress.lock().unwrap_or_else(PoisonError::into_inner).show(at.done, at.all);
}

/// The summary is read; now a yes is needed.
pub(super) fn confirm(context: &Context, session: &Session, what: &str) -> Result<(), Failure> {
    if context.global.yes {
        return Ok(());
    }
    let environment = &session.settings.environment;
    let place = match environment.danger {
        Danger::RealMoney => format!("{} (REAL MONEY)", environment.name),
        Danger::Play => format!("{} (play money)", environment.name),
    };
    if ask::yes(&format!("publish {what} on {place}?"))? {
        Ok(())
    } else {
        Err(Failure::Failed("nothing was published".into()))
    }
}

/// Ctrl-C lets what has begun come to its end.
pub(super) fn stop_at_interrupt(context: &Context) -> CancellationToken {
    let stop = CancellationToken::new();
    let (token, context) = (stop.clone(), context.clone());
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            context.say("\nfinishing what has begun; the same command goes on later");
            token.cancel();
        }
    });
    stop
}

pub(super) fn cells(name: &BatchName, published: &Published, site: &str) -> Vec<(Column, Cell)> {
    let number = |count: usize| Cell::Number(i64::try_from(count).unwrap_or(i64::MAX));
    let preview = published.group.as_ref().map(|group| format!("{site}/mturk/preview?groupId={group}"));
    vec![
        (Column::new("Batch", "batch"), name.as_str().into()),
        (Column::new("HITsMade", "HITs made"), number(published.made)),
        (Column::new("RowsBefore", "there before"), number(published.before)),
        (Column::new("Refused", "refused"), number(published.refused.len())),
        (Column::new("Left", "left"), number(published.left + published.unsure)),
        (Column::new("HITTypeId", "hit type"), published.hit_type.as_ref().map(ToString::to_string).into()),
        (Column::new("HITGroupId", "group"), published.group.as_ref().map(ToString::to_string).into()),
        (Column::new("PreviewURL", "preview"), preview.into()),
    ]
}

/// Writes the rows that were refused; after a run without any the file of an earlier one goes.
fn put_failed(context: &Context, file: &Path, table: &Table, published: &Published) -> Result<(), Failure> {
    let wrong = |what: &str| {
        let what = format!("{what} {}", file.display());
        move |reason| Failure::File { what, reason }
    };
    let mut refused = published.refused.clone();
    refused.sort_by_key(|(row, _)| *row);
    refused.dedup_by_key(|(row, _)| *row);
    if refused.is_empty() {
        // Only what an earlier run has written, whatever the file is called.
        let ours = fs::read_to_string(file)
            .is_ok_and(|text| text.lines().next().is_some_and(|head| head.contains(ERROR_COLUMN)));
        return if ours { fs::remove_file(file).map_err(wrong("removing")) } else { Ok(()) };
    }
    failed::put(file, table, &refused).map_err(wrong("writing"))?;
    for (row, why) in refused.iter().take(NAMED) {
        let line = table.lines.get(*row).copied().unwrap_or_default();
        context.say(format_args!("row {} (line {line}): refused: {why}", row + 1));
    }
    context.say(format_args!(
        "{}: refused, written to {} with the reasons",
        plural(refused.len(), "row"),
        file.display()
    ));
    Ok(())
}

pub(super) fn ended(context: &Context, published: &Published) -> Exit {
    let open = published.left + published.unsure;
    if open > 0 {
        let why = published.trouble.as_ref().map_or_else(String::new, |why| format!(": {why}"));
        context.say(format_args!("not published: {}{why}; the same command goes on", plural(open, "HIT")));
        return Exit::Unsent;
    }
    if published.refused.is_empty() { Exit::Done } else { Exit::Partial }
}

impl From<PublishError> for Failure {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::Engine(error) => error.into(),
            error => Failure::Failed(error.to_string()),
        }
    }
}
