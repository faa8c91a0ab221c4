//! `hitdeck batch`: from a template and a table to HITs, and how far they are.

mod anew;
pub mod args;
mod check;
mod new;
mod preview;
mod publish;
pub(in crate::cli) mod require;
mod status;
mod top_up;
mod words;

use super::context::Context;
use super::exit::{Exit, Failure};
use super::export;
use super::session::Session;
use crate::domain::batch::{BatchName, StoredBatch};
use crate::domain::nearest::nearest;
use crate::exchange::batch::Draft;
use crate::runtime::publish::load;
use args::{BatchCommand, BatchFiles};
use std::io::Write;

/// Runs `hitdeck batch …`.
pub async fn run(context: &Context, command: BatchCommand, out: &mut impl Write) -> Result<Exit, Failure> {
    match command {
        BatchCommand::New { example, folder } => new::run(context, example.as_deref(), folder, out),
        BatchCommand::Check { files, limit, offline } => check::run(context, &files, limit, offline, out).await,
        BatchCommand::Preview { files, row, serve, listen } => {
            preview::run(context, &files, row, serve.then_some(listen), out).await
        }
        BatchCommand::Require(args) => require::run(context, &args, out).await,
        BatchCommand::Publish { files, limit, failed } => publish::run(context, &files, limit, failed, out).await,
        BatchCommand::TopUp { name, lifetime } => top_up::run(context, &name, false, lifetime, out).await,
        BatchCommand::Republish { name, lifetime } => top_up::run(context, &name, true, lifetime, out).await,
        BatchCommand::Anew { name, rejected, lifetime } => anew::run(context, &name, rejected, lifetime, out).await,
        BatchCommand::List { offline } => status::list(context, offline, out).await,
        BatchCommand::Status { name, offline } => status::show(context, &name, offline, out).await,
        BatchCommand::Export { name, how } => export::export(context, None, Some(&name), &how, out).await,
    }
}

/// The batch that the command line names.
fn read(files: &BatchFiles) -> Result<Draft, Failure> {
    let mut draft = load(&files.spec, files.data.as_deref()).map_err(|error| Failure::Failed(error.to_string()))?;
    if let Some(name) = &files.name {
        draft.spec.name = name.clone();
    }
    Ok(draft)
}

/// A batch of the store, by its name.
async fn stored(session: &Session, name: &BatchName) -> Result<StoredBatch, Failure> {
    let wanted = name.clone();
    let (found, all) =
        session.engine.store().reading(move |reader| Ok((reader.batch(&wanted)?, reader.batches()?))).await?;
    found.ok_or_else(|| {
        let near = nearest(name.as_str(), all.iter().map(|batch| batch.name.as_str()));
        let hint = match near {
            Some(near) => format!("; did you mean {near}?"),
            None if all.is_empty() => "; nothing was published from here".to_owned(),
            None => "; `hitdeck batch list` shows them".to_owned(),
        };
        Failure::Failed(format!("there is no batch {name}{hint}"))
    })
}
