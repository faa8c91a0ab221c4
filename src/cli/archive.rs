//! `hitdeck archive`: a complete copy of the account in a folder, and whether it is still one.

use super::context::Context;
use super::exit::{Exit, Failure};
use super::progress::Progress;
use super::session::Session;
use crate::app::format::count;
use crate::domain::text::SafeText;
use crate::exchange::archive::{Kind, Manifest};
use crate::exchange::output::{Cell, Column, Writer, record};
use crate::runtime::archive::{ArchiveError, Looked, look};
use clap::Args;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Mutex;

/// HITs that are named as those that go first.
const NAMED: usize = 3;

/// `hitdeck archive`.
#[derive(Debug, Clone, Args)]
pub struct ArchiveArgs {
    /// The directory of the archive: a new or empty one, or one that was interrupted, which goes on.
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// Hold an archive against itself (hashes, counts, references) and against what the service says now.
    #[arg(long)]
    pub verify: bool,
    /// With --verify: against itself only, without asking the service. Needs no account.
    #[arg(long, requires = "verify")]
    pub offline: bool,
}

/// Runs `hitdeck archive`.
pub async fn run(context: &Context, args: &ArchiveArgs, out: &mut impl Write) -> Result<Exit, Failure> {
    if args.verify { verify(context, args, out).await } else { make(context, args, out).await }
}

async fn make(context: &Context, args: &ArchiveArgs, out: &mut impl Write) -> Result<Exit, Failure> {
    let session = Session::open(context).await?;
    let made = session.engine.archive(&args.directory, bar("archiving")).await?;
    let manifest = &made.manifest;
    if made.before {
        context.say(format_args!(
            "{} is complete since {} and was left alone: a new directory takes a new archive, --verify says what has changed",
            args.directory.display(),
            manifest.ended.as_deref().unwrap_or_default()
        ));
    }
    let counts = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Balance);
    let mut cells: Vec<(Column, Cell)> =
        counts.map(|kind| (Column::new(kind.name(), kind.title()), records(manifest, kind).into())).collect();
    cells.push((Column::new("Begun", "begun"), manifest.begun.as_str().into()));
    cells.push((Column::new("Ended", "ended"), manifest.ended.clone().into()));
    let first = manifest.soonest_gone.first().map(|soonest| soonest.from.clone());
    cells.push((Column::new("FirstPurgeTime", "first HIT gone from"), first.into()));
    record(out, context.global.output, cells)?;
    say_soonest(context, manifest);
    let noted = manifest.noted();
    for missing in &noted {
        context.say(format_args!("missing: {}: {}", SafeText::line(&missing.what), SafeText::line(&missing.why)));
    }
    Ok(if noted.is_empty() || made.before { Exit::Done } else { Exit::Partial })
}

fn records(manifest: &Manifest, kind: Kind) -> i64 {
    manifest.sums(kind).map_or(0, |sums| i64::try_from(sums.records).unwrap_or(i64::MAX))
}

fn say_soonest(context: &Context, manifest: &Manifest) {
    if manifest.soonest_gone.is_empty() {
        return;
    }
    context.say("the service keeps HITs for 120 days after their end; the first to go, at the earliest:");
    for soonest in manifest.soonest_gone.iter().take(NAMED) {
        context.say(format_args!("  {}  from {}", SafeText::line(&soonest.hit), SafeText::line(&soonest.from)));
    }
}

async fn verify(context: &Context, args: &ArchiveArgs, out: &mut impl Write) -> Result<Exit, Failure> {
    let looked = look(&args.directory).await?;
    if !say_state(context, args, &looked) {
        return Ok(Exit::Failed);
    }
    if args.offline {
        return Ok(Exit::Done);
    }
    let session = Session::open(context).await?;
    if session.engine.is_offline() {
        context.say("an account of files has no service that could say something else");
        return Ok(Exit::Done);
    }
    let ended = looked.manifest.ended.clone().unwrap_or_default();
    let differences = looked.compare(&session.engine, bar("comparing")).await?;
    let columns = vec![Column::new("Kind", "what"), Column::long("ID", "id"), Column::new("Change", "change")];
    let mut writer = Writer::new(out, context.global.output, columns, super::width());
    for difference in &differences {
        writer.row(vec![
            difference.kind.name().into(),
            difference.id.as_str().into(),
            difference.change.name().into(),
        ])?;
    }
    writer.finish()?;
    if differences.is_empty() {
        context.say(format_args!("the service says the same as the archive of {ended}"));
        return Ok(Exit::Done);
    }
    context.say(format_args!("{} records are not what they were in the archive of {ended}", count(differences.len())));
    Ok(Exit::Partial)
}

/// Says what an archive is, and what is wrong with it; whether all is well.
fn say_state(context: &Context, args: &ArchiveArgs, looked: &Looked) -> bool {
    let Looked { manifest, faults, .. } = looked;
    for fault in faults {
        context.say(format_args!("{}", SafeText::line(&fault.to_string())));
    }
    if !faults.is_empty() {
        context.say(format_args!("{} is damaged: see above", args.directory.display()));
        return false;
    }
    let records: u64 = manifest.files.iter().map(|file| file.sums.records).sum();
    context.say(format_args!(
        "{}: {} records of account {} at {}, as they were written",
        args.directory.display(),
        count(usize::try_from(records).unwrap_or(usize::MAX)),
        SafeText::line(&manifest.account),
        SafeText::line(&manifest.endpoint),
    ));
    true
}

fn bar(doing: &'static str) -> impl Fn(u32, u32) + Send + 'static {
    let progress = Mutex::new(Progress::begin(doing, "HITs"));
    move |done, of| {
        if let Ok(mut progress) = progress.lock() {
            progress.show(done as usize, of as usize);
        }
    }
}

impl From<ArchiveError> for Failure {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Endpoint(error) => error.into(),
            error => Failure::Failed(error.to_string()),
        }
    }
}
