//! `hitdeck worker`: knowing workers, and dealing with them.

pub mod args;
pub(super) mod block;
mod bonus;
mod bonus_file;
mod duplicates;
mod exclude;
mod list;
mod notify;
mod pay;
mod show;
mod website;

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::store::Wanted;
use args::WorkerCommand;
use std::io::Write;

/// Runs `hitdeck worker …`.
pub async fn run(context: &Context, command: WorkerCommand, out: &mut impl Write) -> Result<Exit, Failure> {
    match command {
        WorkerCommand::List { selection, limit, bonuses, offline } => {
            list::run(context, &selection, limit, (bonuses, offline), out).await
        }
        WorkerCommand::Show { workers, offline } => show::run(context, &workers, offline, out).await,
        WorkerCommand::Block { selection, reason } => block::block(context, &selection, &reason, out).await,
        WorkerCommand::Unblock { selection, reason } => block::unblock(context, &selection, reason, out).await,
        WorkerCommand::Blocked { offline } => block::list(context, offline, out).await,
        WorkerCommand::Notify { selection, subject, text, text_file } => {
            notify::run(context, &selection, &subject, text, text_file.as_deref(), out).await
        }
        WorkerCommand::Bonus { selection, amount, total, reason, skip_broken, again } => {
            let options = bonus_file::Options { skip_broken, again };
            bonus::run(context, bonus::Bonus { selection, amount, total, reason, options }, out).await
        }
        WorkerCommand::Export { selection, offline } => website::export(context, &selection, offline, out).await,
        WorkerCommand::Import { file, reason, skip_broken, tell } => {
            website::import(context, &file, &reason, website::Options { skip_broken, tell }, out).await
        }
        WorkerCommand::Duplicates { fields, batch, offline } => {
            duplicates::run(context, &fields, batch, offline, out).await
        }
        WorkerCommand::Exclude(args) => exclude::run(context, &args, out).await,
        WorkerCommand::Pay { worker, cancel: true, .. } => pay::cancel(context, worker, out).await,
        WorkerCommand::Pay { worker, amount, reason, again, cancel: false } => {
            let Some(amount) = amount else { return Err(Failure::Usage("how much? give --amount".into())) };
            pay::run(context, Wanted { worker, amount, reason, again }, out).await
        }
    }
}
