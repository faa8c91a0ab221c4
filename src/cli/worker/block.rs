//! `hitdeck worker block`, `unblock`, `blocked`.

use super::super::context::Context;
use super::super::decide::Plan;
use super::super::exit::{Exit, Failure};
use super::super::people::{Fresh, People};
use super::args::WorkerSelection;
use crate::domain::decision::{Decision, Target};
use crate::domain::policy::Refusal;
use crate::exchange::output::{Column, Writer};
use std::io::Write;

/// What a block does, and what does it more gently.
pub(in crate::cli) const WARNING: [&str; 2] = [
    "a block keeps the worker from all of your HITs; Amazon tells the worker, and several blocks can cost them their account",
    "gentler: `hitdeck worker exclude WORKER... --qual QUAL` puts them on a qualification that your HITs ask not to have: \
     they do not see the HITs, and nothing is held against them",
];

/// Runs `hitdeck worker block`.
pub async fn block(
    context: &Context,
    selection: &WorkerSelection,
    reason: &str,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    if reason.trim().is_empty() {
        return Err(Failure::Usage(format!("--reason: {}", Refusal::BlockReasonMissing)));
    }
    let people = People::open(context, Fresh::People.for_selection(selection)).await?;
    let mut plan = Plan { verb: "block", by_query: selection.query.is_some(), ..Plan::default() };
    plan.notes.extend(WARNING.map(str::to_owned));
    for worker in people.chosen(selection, false).await? {
        match people.blocks.get(&worker) {
            Some(why) => plan.already.push((worker.to_string(), format!("already blocked: {why}"))),
            None => plan.add(Target::Worker(worker), Decision::Block { reason: reason.to_owned() }, None),
        }
    }
    plan.carry_out(context, &people.session, out).await
}

/// Runs `hitdeck worker unblock`.
pub async fn unblock(
    context: &Context,
    selection: &WorkerSelection,
    reason: Option<String>,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let people = People::open(context, Fresh::People.for_selection(selection)).await?;
    let mut plan = Plan { verb: "unblock", by_query: selection.query.is_some(), ..Plan::default() };
    for worker in people.chosen(selection, false).await? {
        if people.blocks.contains_key(&worker) {
            plan.add(Target::Worker(worker), Decision::Unblock { reason: reason.clone() }, None);
        } else {
            plan.already.push((worker.to_string(), "not blocked".to_owned()));
        }
    }
    plan.carry_out(context, &people.session, out).await
}

/// Runs `hitdeck worker blocked`.
pub async fn list(context: &Context, offline: bool, out: &mut impl Write) -> Result<Exit, Failure> {
    let people = People::open(context, if offline { Fresh::Nothing } else { Fresh::People }).await?;
    let mut blocks: Vec<_> = people.blocks.iter().collect();
    blocks.sort();
    let columns = [Column::new("WorkerId", "worker"), Column::long("Reason", "reason")];
    let mut writer = Writer::new(out, context.global.output, columns, super::super::width());
    for (worker, reason) in blocks {
        writer.row(vec![worker.as_str().into(), reason.as_str().into()])?;
    }
    writer.finish()?;
    Ok(Exit::Done)
}
