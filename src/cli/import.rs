//! `hitdeck import`: results files, dumps and archives become an account without an endpoint, which is read, reviewed and exported like
//! any other. Decisions stay where they are; nothing is ever sent.

mod archive;

use super::context::Context;
use super::desk;
use super::exit::{Exit, Failure};
use super::progress::Progress;
use super::session::Session;
use crate::app::effect::{NewDecision, Subject};
use crate::app::format::{count, plural};
use crate::domain::assignment::AssignmentStatus;
use crate::domain::decision::Decision;
use crate::domain::id::AssignmentId;
use crate::domain::money::Usd;
use crate::exchange::archive::is_archive;
use crate::exchange::dump;
use crate::exchange::offline::{FileGroup, FileWork, GroupReader};
use crate::exchange::output::{Column, Format, record};
use crate::exchange::results::Given;
use crate::exchange::review::Verdict;
use crate::runtime::index::index;
use crate::store::{Fetched, Imported, Reader, StoreError};
use clap::Args;
use serde_json::Value as Json;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

/// Assignments that are written in one transaction.
const TOGETHER: usize = 4_096;
/// Broken rows that are named; the rest is counted.
const NAMED: usize = 20;

/// `hitdeck import`.
#[derive(Debug, Clone, Args)]
pub struct ImportArgs {
    /// Batch-results CSVs of the requester website or of programs that write such files, results files of the command-line
    /// tools, JSON that programs have kept of list_hits and list_assignments_for_hit, and directories that
    /// `hitdeck archive` made.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The name of the account: --env offline:NAME opens it again [default: the name of the first file].
    #[arg(long = "as", value_name = "NAME")]
    pub name: Option<String>,
}

/// What the files held.
#[derive(Debug, Default)]
struct Content {
    assignments: usize,
    changed: u32,
    marks: Vec<(AssignmentId, Verdict)>,
    /// Marks that say nothing, with file, row and reason.
    unclear: Vec<String>,
}

/// Runs `hitdeck import`: nothing is written before every file was read to its end.
pub async fn run(context: &Context, args: &ImportArgs, out: &mut impl Write) -> Result<Exit, Failure> {
    let name = match &args.name {
        Some(name) => name.clone(),
        None => args.files.first().map_or_else(String::new, |path| stem(path)),
    };
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')) {
        return Err(Failure::Usage(format!(
            "\"{name}\" cannot be the name of an account: letters, digits, dots and dashes can; --as gives another"
        )));
    }
    let mut settings = context.settings_offline(&name)?;
    settings.environment.profile = None;
    let counts = check(context, &args.files)?;
    if context.global.dry_run {
        context.say("dry run: every row can be read; nothing was written");
        return Ok(Exit::Done);
    }
    let session = Session::open_files(context, settings)?;
    let mut content = Content::default();
    for (path, rows) in args.files.iter().zip(counts) {
        fill(&session, path, rows, &mut content).await?;
    }
    let store = session.engine.store();
    store.count_imported().await?;
    store.pack().await?;
    store.remember_sync(session.engine.clock().now().wall, Usd::ZERO).await?;
    store.tidy().await?;
    let (staged, dropped) = stage(&session, std::mem::take(&mut content.marks)).await?;
    let dropped = dropped.into_iter().map(|(id, why)| format!("{id}: {why}"));
    let left_out: Vec<String> = content.unclear.into_iter().chain(dropped).collect();
    for mark in left_out.iter().take(NAMED) {
        context.say(format_args!("a mark is left out: {mark}"));
    }
    if left_out.len() > NAMED {
        context.say(format_args!("and {} more marks", count(left_out.len() - NAMED)));
    }
    let on_terminal = std::io::stdout().is_terminal() && std::io::stdin().is_terminal();
    if context.global.output == Format::Table && on_terminal {
        let left = desk::open(context, &session, None).await?;
        context.say(format_args!("hitdeck --env {} opens it again", session.settings.environment.name));
        return Ok(left.exit);
    }
    let (total, undecided) = store.reading(|reader| reader.tally()).await?;
    let cells = vec![
        (Column::new("Env", "account"), session.settings.environment.name.as_str().into()),
        (Column::new("Assignments", "assignments"), total.into()),
        (Column::new("Undecided", "undecided"), undecided.into()),
        (Column::new("AssignmentsRead", "read"), i64::try_from(content.assignments).ok().into()),
        (Column::new("AssignmentsChanged", "new or changed"), content.changed.into()),
        (Column::new("Staged", "marks staged"), staged.into()),
    ];
    record(out, context.global.output, cells)?;
    Ok(if left_out.is_empty() { Exit::Done } else { Exit::Partial })
}

/// What a file looks like from its first bytes.
enum Kind {
    Json,
    Table,
    Archive,
}

fn kind(path: &Path) -> Result<Kind, Failure> {
    if is_archive(path) {
        return Ok(Kind::Archive);
    }
    let mut head = [0; 64];
    let failed = |reason| Failure::File { what: format!("reading {}", path.display()), reason };
    let mut file = File::open(path).map_err(failed)?;
    if file.metadata().map_err(failed)?.is_dir() {
        return Err(Failure::Failed(format!(
            "{}: it is a directory without an archive in it; name the files in it",
            path.display()
        )));
    }
    let read = file.read(&mut head).map_err(failed)?;
    let text = head[..read].trim_ascii_start();
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).trim_ascii_start();
    Ok(if text.starts_with(b"{") || text.starts_with(b"[") { Kind::Json } else { Kind::Table })
}

fn rows(path: &Path) -> Result<GroupReader<BufReader<File>>, Failure> {
    let file =
        File::open(path).map_err(|reason| Failure::File { what: format!("reading {}", path.display()), reason })?;
    GroupReader::new(BufReader::with_capacity(1 << 16, file), &stem(path)).map_err(|error| broken(path, &error))
}

fn dump(path: &Path) -> Result<Vec<FileGroup>, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|reason| Failure::File { what: format!("reading {}", path.display()), reason })?;
    dump::read(text.trim_start_matches('\u{feff}'), &stem(path)).map_err(|error| broken(path, &error))
}

fn broken(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::Failed(format!("{}: {error}; nothing was imported", path.display()))
}

fn stem(path: &Path) -> String {
    path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

/// Reads every file to its end and names what is broken. Answers how many rows each has.
fn check(context: &Context, files: &[PathBuf]) -> Result<Vec<usize>, Failure> {
    let (mut problems, mut counts) = (0usize, Vec::new());
    for path in files {
        match kind(path)? {
            Kind::Archive => counts.push(archive::check(path)?),
            Kind::Json => counts.push(dump(path)?.iter().map(|group| group.work.len()).sum()),
            Kind::Table => {
                let mut good = 0;
                for row in rows(path)?.into_rows() {
                    let Err(error) = row else {
                        good += 1;
                        continue;
                    };
                    problems += 1;
                    if problems <= NAMED {
                        context.say(format_args!("{}: {error}", path.display()));
                    }
                }
                counts.push(good);
            }
        }
    }
    match problems {
        0 => Ok(counts),
        problems => {
            let rest = problems.saturating_sub(NAMED);
            let more = if rest > 0 { format!(" ({} more are not named)", count(rest)) } else { String::new() };
            Err(Failure::Failed(format!("{} broken{more}; nothing was imported", plural(problems, "row"))))
        }
    }
}

/// Writes a file of so many rows into the store.
async fn fill(session: &Session, path: &Path, rows_of: usize, content: &mut Content) -> Result<(), Failure> {
    let mut progress = Progress::begin("importing", "assignments");
    let kind = kind(path)?;
    let groups: Box<dyn Iterator<Item = Result<FileGroup, Failure>> + Send> = match kind {
        Kind::Archive => Box::new(archive::groups(path)?),
        Kind::Json => Box::new(dump(path)?.into_iter().map(Ok)),
        Kind::Table => {
            let path = path.to_owned();
            Box::new(rows(&path)?.map(move |group| group.map_err(|error| broken(&path, &error))))
        }
    };
    let (mut waiting, mut weight, begun) = (Vec::new(), 0, content.assignments);
    for group in groups {
        let mut group = group?;
        content.assignments += group.work.len();
        for work in &mut group.work {
            match std::mem::replace(&mut work.mark, Ok(None)) {
                Ok(mark) => content.marks.extend(mark.map(|mark| (work.assignment.id.clone(), mark))),
                Err(why) => content.unclear.push(format!("{}: {why}", path.display())),
            }
        }
        weight += group.work.len() + 1;
        waiting.push(imported(group));
        if weight >= TOGETHER {
            content.changed += session.engine.store().put_imported(std::mem::take(&mut waiting)).await?;
            weight = 0;
            progress.show(content.assignments - begun, rows_of);
        }
    }
    content.changed += session.engine.store().put_imported(waiting).await?;
    if let Kind::Archive = kind {
        archive::fill_people(session, path).await?;
    }
    Ok(())
}

fn imported(group: FileGroup) -> Imported {
    let FileGroup { hit, work } = group;
    let work_given = work.iter().map(|work| given(&work.given)).collect();
    let assignments = work.into_iter().map(|FileWork { assignment, .. }| {
        let answer = index(&assignment.answer);
        (assignment, answer)
    });
    let inputs = hit.inputs.map(|inputs| {
        let cells = inputs.into_iter().map(|(name, value)| (name.to_string(), Json::String(value)));
        Json::Object(cells.collect()).to_string()
    });
    let given = given(&hit.given);
    Imported {
        fetched: Fetched { assignments: assignments.collect(), hit: hit.hit, complete: None },
        inputs,
        given,
        work_given,
    }
}

fn given(cells: &Given) -> Option<String> {
    let json = || Json::Object(cells.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect());
    (!cells.is_empty()).then(|| json().to_string())
}

/// Stages what somebody has marked in the files. Answers how many decisions that are, and which marks mean nothing.
async fn stage(
    session: &Session,
    marks: Vec<(AssignmentId, Verdict)>,
) -> Result<(u32, Vec<(AssignmentId, String)>), Failure> {
    let read = move |reader: &Reader| {
        let row = |(id, verdict)| {
            let key = reader.assignment_key(&id)?;
            Ok((id, verdict, key.map(|key| reader.assignment(key)).transpose()?.flatten()))
        };
        marks.into_iter().map(row).collect::<Result<Vec<_>, StoreError>>()
    };
    let found = session.engine.store().reading(read).await?;
    let (mut decisions, mut names) = (Vec::new(), HashMap::new());
    for (id, verdict, row) in found {
        let Some(row) = row else { continue };
        let override_rejection = row.status == AssignmentStatus::Rejected;
        let decision = match verdict {
            Verdict::Approve { feedback } => Decision::Approve { feedback, override_rejection },
            Verdict::Reject { reason } => Decision::Reject { feedback: reason.unwrap_or_default() },
        };
        let subject = Subject::Assignment(row.key);
        names.insert(subject.clone(), id);
        decisions.push(NewDecision { subject, decision });
    }
    let now = session.engine.clock().now().wall;
    let written = session.engine.decide(decisions, session.engine.new_group(), now).await?;
    let dropped = written.refused.into_iter().filter_map(|(subject, why)| Some((names.remove(&subject)?, why)));
    Ok((u32::try_from(written.staged.len()).unwrap_or(u32::MAX), dropped.collect()))
}
