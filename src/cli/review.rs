//! `hitdeck review import`: marks that somebody made outside, shown as a summary and decided as one group.

use super::assignment::cost;
use super::context::Context;
use super::decide::{Item, Plan, brake, case, is_done};
use super::exit::{Exit, Failure};
use super::session::Session;
use super::sync;
use crate::app::effect::Subject;
use crate::app::format::{count, plural};
use crate::app::review_file::{Verdicts, by_worker, judge};
use crate::domain::decision::Decision;
use crate::domain::policy::{self, Refusal};
use crate::domain::row::AssignmentRow;
use crate::exchange::review::{self, ReviewFile, ReviewLine};
use crate::store::Reader;
use clap::Subcommand;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Workers that the summary names.
const NAMED: usize = 12;

/// `hitdeck review`.
#[derive(Debug, Subcommand)]
pub enum ReviewCommand {
    /// Decide what a reviewed file says: Approve and Reject marks of a batch-results CSV, or a results, approve or reject
    /// file of the command-line tools
    Import {
        /// The file; - for stdin.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// What workers read whose rejection says no reason in the file.
        #[arg(long, value_name = "TEXT")]
        feedback: Option<String>,
        /// Leave broken lines out instead of stopping.
        #[arg(long)]
        skip_broken: bool,
    },
}

/// Runs `hitdeck review …`.
pub async fn run(context: &Context, command: &ReviewCommand, out: &mut impl Write) -> Result<Exit, Failure> {
    let ReviewCommand::Import { file, feedback, skip_broken } = command;
    let name = file.display().to_string();
    if let Some(text) = feedback {
        policy::check_reason(text).map_err(|refusal| Failure::Usage(format!("--feedback: {refusal}")))?;
    }
    let reviewed = read(file)?;
    for broken in &reviewed.broken {
        context.say(format_args!("{name}:{}: {}", broken.line, broken.why));
    }
    if !reviewed.broken.is_empty() && !skip_broken {
        return Err(Failure::Failed(format!(
            "{name}: {} broken, each named above; nothing was decided. Mend them, or take the others with --skip-broken",
            plural(reviewed.broken.len(), "line")
        )));
    }
    let session = Session::open(context).await?;
    sync::refresh(&session).await?;
    let plan = plan(&session, &name, &reviewed, feedback.as_deref()).await?;
    let exit = plan.carry_out(context, &session, out).await?;
    Ok(match exit {
        Exit::Done if !reviewed.broken.is_empty() => Exit::Partial,
        other => other,
    })
}

fn read(path: &Path) -> Result<ReviewFile, Failure> {
    let name = path.display();
    let read = if path == Path::new("-") {
        review::read(std::io::stdin().lock())
    } else {
        let file = File::open(path).map_err(|reason| Failure::File { what: format!("reading {name}"), reason })?;
        review::read(file)
    };
    read.map_err(|error| Failure::Failed(format!("{name}: {error}")))
}

async fn plan(session: &Session, name: &str, reviewed: &ReviewFile, feedback: Option<&str>) -> Result<Plan, Failure> {
    let rows = session.rows().await?;
    let lines = reviewed.lines.clone();
    let find = move |reader: &Reader| {
        let row = |line: ReviewLine| {
            let key = reader.assignment_key(&line.assignment)?;
            Ok((line, key.map(|key| reader.assignment(key)).transpose()?.flatten()))
        };
        lines.into_iter().map(row).collect::<Result<Vec<(ReviewLine, Option<AssignmentRow>)>, _>>()
    };
    let found = session.engine.store().reading(find).await?;
    let now = session.engine.clock().now().time;
    // A file decides about many at once, as a query does.
    let mut plan = Plan { verb: "review", by_query: true, ..Plan::default() };
    let (mut verdicts, mut decided, mut rejecting) = (Verdicts::default(), Vec::new(), Vec::new());
    for (line, row) in found {
        let id = line.assignment.to_string();
        let at = format!("{name}:{}: {id}", line.line);
        let Some(row) = row else {
            plan.refused.push((at, "not in this account".to_owned()));
            continue;
        };
        let (Some(hit), Some(worker)) = (rows.hits.get(&row.hit), rows.workers.get(&row.worker)) else {
            plan.refused.push((at, Refusal::HitDeleted.to_string()));
            continue;
        };
        let judged = judge(line.verdict, row.status, &case(&rows, &row), (feedback, now));
        let Some((decision, allowed)) = judged else {
            let why = "the file says no reason, which the worker has to read; --feedback gives one for all";
            plan.refused.push((at, why.to_owned()));
            continue;
        };
        match allowed {
            Ok(()) => {
                if matches!(decision, Decision::Reject { .. }) {
                    rejecting.push(row.clone());
                }
                verdicts.add(&decision);
                decided.push((worker.clone(), decision.clone()));
                let cost = cost(hit, &decision);
                plan.items.push(Item { subject: Subject::Assignment(row.key), id, decision, cost, change: None });
            }
            Err(refusal) if is_done(&refusal, &decision) => plan.already.push((id, refusal.to_string())),
            Err(refusal) => plan.refused.push((at, refusal.to_string())),
        }
    }
    plan.count = Some(verdicts.words()).filter(|words| !words.is_empty());
    plan.notes.push(format!("{name}: a {}{}", reviewed.kind.name(), left_over(reviewed)));
    plan.notes.extend(by_worker(decided.iter().map(|(worker, decision)| (worker.as_str(), decision)), NAMED));
    plan.brake = brake(session, &rows, &rejecting);
    Ok(plan)
}

/// What the file holds beside decisions.
fn left_over(reviewed: &ReviewFile) -> String {
    let parts = [
        (reviewed.undecided as usize, "undecided"),
        (reviewed.repeated as usize, "said twice"),
        (reviewed.broken.len(), "broken and left out"),
    ];
    let some = parts.into_iter().filter(|(number, _)| *number > 0);
    let words: Vec<String> = some.map(|(number, what)| format!("{} {what}", count(number))).collect();
    if words.is_empty() { String::new() } else { format!("; lines without effect: {}", words.join(", ")) }
}
