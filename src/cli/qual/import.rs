//! `hitdeck qual scores import`: a file against the present scores, then one group of decisions.

use super::super::context::Context;
use super::super::decide::Plan;
use super::super::exit::{Exit, Failure};
use super::super::people::{Fresh, People};
use super::super::selection::read;
use super::super::worker::block::WARNING;
use crate::app::format::{count, plural};
use crate::app::quals::scores::{self as diff, Present};
use crate::domain::decision::Decision;
use crate::domain::qualification::QualificationType;
use crate::exchange::scores::{self, ScoreFile, ScoreFileError};
use std::io::Write;
use std::path::Path;

/// How the file is taken.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The score of lines that have none.
    pub score: Option<i32>,
    /// Whether broken lines are left out rather than stop the file.
    pub skip_broken: bool,
    /// Whether the endpoint writes to the workers.
    pub tell: bool,
}

/// Runs `hitdeck qual scores import`.
pub async fn run(
    context: &Context,
    path: &Path,
    qual: &str,
    options: Options,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let name = path.display();
    let text = read(path).map_err(|reason| Failure::File { what: format!("reading {name}"), reason })?;
    let people = People::open(context, Fresh::Work).await?;
    let of = people.find_own_type(qual)?.it.clone();
    let file = scores::read(&text, &of.name, options.score).map_err(|error| {
        let remedy = if error == ScoreFileError::NoScores { " (--score N)" } else { "" };
        Failure::Failed(format!("{name}: {error}{remedy}"))
    })?;
    for column in &file.others {
        context.say(format_args!("{name}: the column {column} is left out: it is not of \"{}\"", of.name));
    }
    for broken in &file.broken {
        context.say(format_args!("{name}:{}: {}", broken.line, broken.why));
    }
    if !file.broken.is_empty() && !options.skip_broken {
        return Err(Failure::Failed(format!(
            "{name}: {} of {} broken, each named above; nothing was changed. Mend them, or take the others with \
             --skip-broken",
            count(file.broken.len()),
            plural(file.broken.len() + file.lines.len(), "line")
        )));
    }
    let (mut plan, summary) = compare(&people, &of, &file, options.tell).await?;
    plan.count = Some(plural(plan.items.len(), "change"));
    plan.notes.push(summary);
    let exit = plan.carry_out(context, &people.session, out).await?;
    Ok(match exit {
        Exit::Done if !file.broken.is_empty() => Exit::Partial,
        other => other,
    })
}

/// The file against the present scores and blocks: the decisions, and what it comes to.
pub(in crate::cli) async fn compare(
    people: &People,
    of: &QualificationType,
    file: &ScoreFile,
    tell: bool,
) -> Result<(Plan, String), Failure> {
    let held = super::holding(&people.read_holders(&of.id).await?);
    let present = Present {
        of: &of.id,
        held: &held,
        blocked: &|worker| people.blocks.contains_key(worker),
        known: &|worker| people.is_known(worker),
        tell,
    };
    let diff = diff::compare(file, present);
    let summary = diff.summary(&of.name, file);
    // A file may name anybody: what it changes is asked for like what a query finds.
    let mut plan = Plan { verb: "import scores", by_query: true, ..Plan::default() };
    if diff.changed.iter().any(|one| matches!(one.decision, Decision::Block { .. })) {
        plan.notes.extend(WARNING.map(str::to_owned));
    }
    for one in diff.changed {
        plan.add(one.target, one.decision, Some(one.words));
    }
    Ok((plan, summary))
}
