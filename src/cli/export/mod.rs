//! `hitdeck export`: results as files for other programs, streamed out of the mirror.

mod read;

use super::ask;
use super::context::Context;
use super::exit::{Exit, Failure};
use super::selection::parse_query;
use super::session::Session;
use super::sync;
use crate::app::format::plural;
use crate::domain::pseudonym::Pseudonyms;
use crate::exchange::output::Format;
use crate::exchange::redact::Redactor;
use crate::exchange::results::{Layout, Manner, ResultsWriter, Tally};
use crate::store::pseudonym_key_in;
use clap::{Args, ValueEnum};
use read::Results;
use std::fs::{self, File};
use std::io::{BufWriter, IsTerminal, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// What is written to a file or a pipe at once.
const BUFFER: usize = 1 << 18;

/// `hitdeck export`.
#[derive(Debug, Clone, Default, Args)]
pub struct ExportArgs {
    /// Only what a query finds, e.g. 'batch:pilot status:approved'.
    #[arg(long = "where", value_name = "QUERY")]
    pub query: Option<String>,
    /// How it is written.
    #[command(flatten)]
    pub how: ExportOptions,
}

/// How results are written.
#[derive(Debug, Clone, Default, Args)]
pub struct ExportOptions {
    /// The layout of the file [default: website; jsonl with -o jsonl].
    #[arg(long, value_enum, value_name = "LAYOUT")]
    pub format: Option<FileFormat>,
    /// Write to this file, for its owner only, instead of stdout.
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// Replace every worker ID, also in texts, by a pseudonym made with the key in this file; without such a file a key
    /// is made.
    #[arg(long, value_name = "KEYFILE")]
    pub pseudonymize: Option<PathBuf>,
    /// Leave cells that a spreadsheet would take for formulas as they are.
    #[arg(long)]
    pub keep_formulas: bool,
    /// Also the work of HITs that have been deleted at the endpoint.
    #[arg(long)]
    pub deleted: bool,
    /// Export what the last sync brought, without asking the endpoint.
    #[arg(long)]
    pub offline: bool,
}

/// The layout of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FileFormat {
    /// The requester website's batch-results CSV, with empty Approve and Reject columns
    Website,
    /// CSV with one row an answer
    Tidy,
    /// One JSON object an assignment, a line each
    Jsonl,
    /// The command-line tools' results file
    Tools,
}

/// Runs `hitdeck export`.
pub async fn run(context: &Context, args: &ExportArgs, out: &mut impl Write) -> Result<Exit, Failure> {
    export(context, args.query.as_deref(), None, &args.how, out).await
}

/// Exports what a query finds, of one batch or of all.
pub async fn export(
    context: &Context,
    query: Option<&str>,
    batch: Option<&str>,
    how: &ExportOptions,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let layout = layout(how.format, context.global.output)?;
    let query = query.map(parse_query).transpose()?;
    if let Some(path) = &how.to {
        may_replace(context, path)?;
    }
    let session = Session::open(context).await?;
    if !how.offline && !session.engine.is_offline() {
        sync::refresh(&session).await?;
    }
    let results = Results::prepare(&session, query, batch, how.deleted).await?;
    let redactor = how.pseudonymize.as_deref().map(|path| redactor(context, &session, path)).transpose()?;
    let for_terminal = how.to.is_none() && std::io::stdout().is_terminal();
    let manner = Manner { keep_formulas: how.keep_formulas, for_terminal, redactor };
    if context.global.dry_run {
        let written = results.write(ResultsWriter::new(std::io::sink(), layout, results.columns(layout)?, manner)?)?;
        context.say(format_args!("{}; dry run: nothing was written", words(&written.tally, written.hits.len())));
        return Ok(Exit::Done);
    }
    let columns = results.columns(layout)?;
    let written = match &how.to {
        None => results.write(ResultsWriter::new(BufWriter::with_capacity(BUFFER, out), layout, columns, manner)?)?,
        Some(path) => {
            let part = path.with_added_extension("part");
            let failed = |reason| Failure::File { what: format!("writing {}", part.display()), reason };
            let file =
                File::options().write(true).create(true).truncate(true).mode(0o600).open(&part).map_err(failed)?;
            let begun = ResultsWriter::new(BufWriter::with_capacity(BUFFER, &file), layout, columns, manner);
            let written = begun.map_err(failed).and_then(|writer| results.write(writer));
            let kept = written.and_then(|written| {
                file.sync_all().and_then(|()| fs::rename(&part, path)).map_err(failed).map(|()| written)
            });
            if kept.is_err() {
                // What is left of it is of no use; the error that is told says why.
                let _ = fs::remove_file(&part);
            }
            kept?
        }
    };
    let at = session.engine.clock().now().wall;
    let (tally, hits) = (written.tally, written.hits.len());
    if !session.settings.read_only {
        session.engine.store().put_exported(written.hits, at).await?;
    }
    let place = how.to.as_deref().map_or_else(String::new, |path| format!(" to {}", path.display()));
    context.say(format_args!("exported {}{place}", words(&tally, hits)));
    if tally.defused > 0 {
        context.say(format_args!(
            "{} began like a formula and got an apostrophe in front, so that no spreadsheet calculates; \
             --keep-formulas leaves them as they are",
            plural(tally.defused as usize, "cell")
        ));
    }
    Ok(Exit::Done)
}

fn words(tally: &Tally, hits: usize) -> String {
    format!("{} of {}", plural(tally.assignments as usize, "assignment"), plural(hits, "HIT"))
}

/// The layout that was asked for; `-o` says no more than which family of programs reads it.
fn layout(format: Option<FileFormat>, output: Format) -> Result<Layout, Failure> {
    Ok(match (format, output) {
        (Some(FileFormat::Website), _) | (None, Format::Table | Format::Csv) => Layout::Website,
        (Some(FileFormat::Tidy), _) => Layout::Tidy,
        (Some(FileFormat::Jsonl), _) | (None, Format::Jsonl) => Layout::Jsonl,
        (Some(FileFormat::Tools), _) => Layout::Tools,
        (None, Format::Json) => {
            return Err(Failure::Usage(
                "results are exported one object a line: give -o jsonl or --format jsonl".to_owned(),
            ));
        }
    })
}

/// A file that is there may hold marks that somebody made by hand.
fn may_replace(context: &Context, path: &Path) -> Result<(), Failure> {
    if context.global.yes || context.global.dry_run || !path.exists() {
        return Ok(());
    }
    match ask::yes(&format!("{} is there already. Replace it?", path.display()))? {
        true => Ok(()),
        false => Err(Failure::Failed("nothing was exported".to_owned())),
    }
}

fn redactor(context: &Context, session: &Session, path: &Path) -> Result<Redactor, Failure> {
    let made = !path.exists();
    let key = pseudonym_key_in(path)?;
    let name = path.display();
    if made {
        context.say(format_args!(
            "{name}: a new key; the same key makes the same pseudonyms, and whoever has it can tell who is who: keep it \
             apart from the export"
        ));
    } else if fs::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o077 != 0) {
        context.say(format_args!("{name}: others on this machine can read the key; chmod 600 {name} keeps it to you"));
    }
    let workers = session.engine.store().read(|reader| reader.worker_ids())?;
    Ok(Redactor::new(Pseudonyms::new(key), workers.iter().map(String::as_str)))
}
