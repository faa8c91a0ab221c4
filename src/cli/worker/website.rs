//! `hitdeck worker export` and `import`: the requester website's worker CSV, all qualification types in one file.

use super::super::context::Context;
use super::super::decide::Plan;
use super::super::exit::{Exit, Failure};
use super::super::people::{Fresh, People};
use super::super::qual::import::compare;
use super::super::selection::read;
use super::args::WorkerSelection;
use crate::app::format::{count, plural};
use crate::domain::decision::{Decision, Target};
use crate::domain::id::{QualificationTypeId, WorkerId};
use crate::exchange::scores::{self, Change};
use crate::exchange::workers_website::{self, WorkerLine};
use std::collections::{BTreeSet, HashMap};
use std::io::Write;
use std::path::Path;

/// Runs `hitdeck worker export`.
pub async fn export(
    context: &Context,
    selection: &WorkerSelection,
    offline: bool,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let people = People::open(context, if offline { Fresh::Nothing } else { Fresh::Holders }).await?;
    let all = people.session.engine.store().reading(|reader| reader.qualifications()).await?;
    let held = all.into_iter().filter(|it| !it.revoked);
    let mut held: HashMap<(WorkerId, QualificationTypeId), Option<i32>> =
        held.map(|it| ((it.worker, it.type_id), it.score)).collect();
    let own: Vec<_> = people.types.iter().filter(|of| of.own).collect();
    let names: Vec<&str> = own.iter().map(|of| of.it.name.as_str()).collect();
    let mut workers: BTreeSet<WorkerId> = people.chosen(selection, true).await?.into_iter().collect();
    if selection.is_empty() {
        // Whoever holds something or is blocked is in the website's file too.
        workers.extend(held.keys().map(|(worker, _)| worker.clone()));
        workers.extend(people.blocks.keys().cloned());
    }
    let lines = workers.into_iter().map(|worker| WorkerLine {
        stats: people.stats.get(&worker).copied().unwrap_or_default(),
        scores: own.iter().map(|of| held.remove(&(worker.clone(), of.it.id.clone())).flatten()).collect(),
        blocked: people.blocks.contains_key(&worker),
        worker,
    });
    workers_website::write(out, &names, lines)?;
    Ok(Exit::Done)
}

/// How a file is taken.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Whether broken lines are left out rather than stop the file.
    pub skip_broken: bool,
    /// Whether the endpoint writes to workers whose scores change.
    pub tell: bool,
}

/// Runs `hitdeck worker import`.
pub async fn import(
    context: &Context,
    path: &Path,
    reason: &str,
    options: Options,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let name = path.display();
    let failed = |error: &dyn std::fmt::Display| Failure::Failed(format!("{name}: {error}"));
    let text = read(path).map_err(|reason| Failure::File { what: format!("reading {name}"), reason })?;
    let upload = workers_website::read(&text).map_err(|error| failed(&error))?;
    if upload.names.is_empty() && upload.blocks.is_empty() && upload.broken.is_empty() {
        return Err(failed(&"nothing to change: no UPDATE column, or all of them are empty"));
    }
    let people = People::open(context, Fresh::Work).await?;
    let mut broken: BTreeSet<(u32, String)> = upload.broken.iter().map(|it| (it.line, it.why.clone())).collect();
    let mut plan = Plan { verb: "import workers", by_query: true, ..Plan::default() };
    for of in &upload.names {
        let of = people.find_own_type(of)?.it.clone();
        let mut file = scores::read(&text, &of.name, None).map_err(|error| failed(&error))?;
        broken.extend(std::mem::take(&mut file.broken).into_iter().map(|it| (it.line, it.why)));
        // Blocks stand beside every qualification; they are taken once, below.
        file.lines.retain(|line| !matches!(line.change, Change::Block | Change::Unblock));
        let (part, summary) = compare(&people, &of, &file, options.tell).await?;
        plan.items.extend(part.items);
        plan.already.extend(part.already);
        plan.refused.extend(part.refused);
        plan.notes.push(summary);
    }
    for (line, why) in &broken {
        context.say(format_args!("{name}:{line}: {why}"));
    }
    if !broken.is_empty() && !options.skip_broken {
        let lines = text.lines().count().saturating_sub(1);
        return Err(Failure::Failed(format!(
            "{name}: {} of {} broken, each named above; nothing was changed. Mend them, or take the others with \
             --skip-broken",
            count(broken.len()),
            plural(lines, "line")
        )));
    }
    let mut blocks = 0;
    for line in &upload.blocks {
        let blocked = people.blocks.contains_key(&line.worker);
        let (decision, change) = match line.change {
            Change::Block if !blocked => (Decision::Block { reason: reason.to_owned() }, "blocked"),
            Change::Unblock if blocked => (Decision::Unblock { reason: None }, "unblocked"),
            _ => {
                plan.already.push((line.worker.to_string(), "the block is as the file wants it".to_owned()));
                continue;
            }
        };
        blocks += 1;
        plan.add(Target::Worker(line.worker.clone()), decision, Some(change.to_owned()));
    }
    if blocks > 0 {
        plan.notes.push(format!("{} set or lifted", plural(blocks, "block")));
        plan.notes.extend(super::block::WARNING.map(str::to_owned));
    }
    plan.count = Some(plural(plan.items.len(), "change"));
    let exit = plan.carry_out(context, &people.session, out).await?;
    Ok(match exit {
        Exit::Done if !broken.is_empty() => Exit::Partial,
        other => other,
    })
}
