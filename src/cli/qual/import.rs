//! `hitdeck qual scores import`: a file against the present scores, then one group of decisions.

use super::super::context::Context;
use super::super::decide::Plan;
use super::super::exit::{Exit, Failure};
use super::super::people::{Fresh, People};
use super::super::selection::read;
use crate::app::format::{count, plural};
use crate::domain::decision::{Decision, Target};
use crate::exchange::scores::{self, Change, ScoreFile};
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

/// What the file changes, in numbers.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::cli) struct Diff {
    new: usize,
    changed: usize,
    unchanged: usize,
    revoked: usize,
    blocks: usize,
    unknown: usize,
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
    let file =
        scores::read(&text, &of.name, options.score).map_err(|error| Failure::Failed(format!("{name}: {error}")))?;
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
    let (mut plan, diff) = compare(&people, &of.id, &file, options.tell).await?;
    plan.count = Some(plural(plan.items.len(), "change"));
    plan.notes.extend(diff.words(&of.name, &file));
    let exit = plan.carry_out(context, &people.session, out).await?;
    Ok(match exit {
        Exit::Done if !file.broken.is_empty() => Exit::Partial,
        other => other,
    })
}

/// The file against the present scores and blocks.
pub(in crate::cli) async fn compare(
    people: &People,
    of: &crate::domain::id::QualificationTypeId,
    file: &ScoreFile,
    tell: bool,
) -> Result<(Plan, Diff), Failure> {
    let held = super::holding(&people.read_holders(of).await?);
    // A file may name anybody: what it changes is asked for like what a query finds.
    let mut plan = Plan { verb: "import scores", by_query: true, ..Plan::default() };
    let mut diff = Diff::default();
    for line in &file.lines {
        let worker = line.worker.clone();
        let before = held.get(&worker).copied();
        let blocked = people.blocks.contains_key(&worker);
        let qualification = Target::Qualification(of.clone(), worker.clone());
        let decided = match line.change {
            Change::Score(score) if before == Some(Some(score)) => None,
            Change::Score(score) => {
                let known = people.is_known(&worker) || before.is_some();
                let change = match before.flatten() {
                    Some(before) => {
                        diff.changed += 1;
                        format!("was {before}")
                    }
                    None if known => {
                        diff.new += 1;
                        "new".to_owned()
                    }
                    None => {
                        diff.unknown += 1;
                        "new, unknown worker".to_owned()
                    }
                };
                Some((qualification, Decision::Grant { score, tell }, change))
            }
            Change::Revoke => before.map(|before| {
                diff.revoked += 1;
                let change = before.map_or("revoked".to_owned(), |before| format!("revoked, was {before}"));
                (qualification, Decision::Revoke { reason: None }, change)
            }),
            Change::Block if blocked => None,
            Change::Unblock if !blocked => None,
            Change::Block => {
                diff.blocks += 1;
                let reason = "UPDATE-BlockStatus of a worker file".to_owned();
                Some((Target::Worker(worker), Decision::Block { reason }, "blocked".to_owned()))
            }
            Change::Unblock => {
                diff.blocks += 1;
                Some((Target::Worker(worker), Decision::Unblock { reason: None }, "unblocked".to_owned()))
            }
        };
        match decided {
            Some((target, decision, change)) => plan.add(target, decision, Some(change)),
            None => diff.unchanged += 1,
        }
    }
    Ok((plan, diff))
}

impl Diff {
    /// In words, what is nothing left out.
    pub(in crate::cli) fn words(self, name: &str, file: &ScoreFile) -> Vec<String> {
        let parts = [
            (self.new, "new"),
            (self.changed, "changed"),
            (self.unchanged, "unchanged"),
            (self.revoked, "revoked"),
            (self.blocks, "blocks set or lifted"),
            (self.unknown, "for unknown workers, whom the endpoint may refuse"),
            (file.untouched as usize, "asking for nothing"),
            (file.repeated as usize, "said twice"),
            (file.broken.len(), "broken and left out"),
        ];
        let some: Vec<String> = parts
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, words)| format!("{} {words}", count(number)))
            .collect();
        vec![format!("scores of \"{name}\" ({} file): {}", file.layout.name(), some.join(", "))]
    }
}
