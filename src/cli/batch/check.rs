//! `hitdeck batch check`: errors, warnings, cost and wage, before anybody else sees the batch.

use super::super::context::Context;
use super::super::exit::{Exit, Failure};
use super::super::session::Session;
use super::args::BatchFiles;
use super::{read, words};
use crate::domain::text::SafeText;
use crate::exchange::batch::Draft;
use crate::exchange::batch::check::{Facts, check};
use crate::exchange::output::Format;
use crate::runtime::publish::{Standing, unknown_facts};
use std::io::Write;
use std::sync::Arc;

/// Runs `hitdeck batch check`.
pub async fn run(
    context: &Context,
    files: &BatchFiles,
    limit: Option<usize>,
    offline: bool,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    if limit == Some(0) {
        return Err(Failure::Usage("--limit 0 is no row at all: give 1 or more".into()));
    }
    let draft = Arc::new(read(files)?);
    let all = limit.unwrap_or(usize::MAX).min(draft.table.rows.len());
    let nothing = || (unknown_facts(all), Standing { missing: all, ..Standing::default() });
    let (facts, standing) = if offline {
        nothing()
    } else {
        match known(context, &draft, limit).await {
            Ok(known) => known,
            // A batch can be looked at before there is an account; what is unknown is said.
            Err(failure) => {
                let why = failure.message().unwrap_or_default();
                context.say(format_args!(
                    "note: balance, qualification types and earlier batches are not known here: {why}"
                ));
                nothing()
            }
        }
    };
    let report = check(&draft, &facts);
    if context.global.output == Format::Table {
        words::findings(&report).into_iter().chain(changes(&standing)).for_each(|line| context.say(line));
        for line in words::summary(&draft, &report, standing.missing, standing.there) {
            writeln!(out, "{line}")?;
        }
    } else {
        changes(&standing).for_each(|line| context.say(line));
        writeln!(out, "{}", words::json(&draft, &report, standing.missing, standing.there))?;
    }
    out.flush()?;
    Ok(if report.has_errors() || !standing.changes.is_empty() { Exit::Failed } else { Exit::Done })
}

/// What is different from what was published, as errors.
fn changes(standing: &Standing) -> impl Iterator<Item = SafeText> + '_ {
    let hint = " (put it back, or use --as NEW)";
    let words = move |change: &String| format!("error: published already from something else: {change}{hint}");
    standing.changes.iter().map(move |change| SafeText::line(&words(change)))
}

async fn known(context: &Context, draft: &Arc<Draft>, limit: Option<usize>) -> Result<(Facts, Standing), Failure> {
    let session = Session::open(context).await?;
    let standing = session.engine.batch_standing(draft, limit).await?;
    Ok((session.engine.batch_facts(draft, standing.missing).await?, standing))
}
