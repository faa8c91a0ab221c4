//! `hitdeck market worker`: who works here. Everything holds at once, also beside a running market.

use std::io::Write;
use std::path::Path;

use clap::Subcommand;

use super::{Data, MarketFailure};
use crate::app::quals::span;
use crate::cli::context::say;
use crate::domain::id::WorkerId;
use crate::domain::time::Time;
use crate::exchange::output::{Column, Format, Writer, record};
use crate::market::service::NewInvitation;
use crate::market::{Link, Operator};

/// `hitdeck market worker`.
#[derive(Debug, Clone, Subcommand)]
pub enum WorkerCommand {
    /// Make a link with which somebody signs up, and print it; it is shown this once
    Invite {
        /// A worker whom the market knows without an account, whose work the link makes theirs; a new worker when nobody is named.
        #[arg(value_name = "WORKER")]
        worker: Option<WorkerId>,
        /// So many links, each for a new worker.
        #[arg(long, value_name = "N", default_value_t = 1, conflicts_with = "worker", value_parser = clap::value_parser!(u32).range(1..=1000))]
        count: u32,
        /// For yourself: to whom it goes. Nobody else reads it, and it goes when the link is used.
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
        /// How long the link is good.
        #[arg(long, value_name = "SPAN", default_value = "14d", value_parser = span::parse)]
        expires: i64,
        /// The market's data.
        #[command(flatten)]
        data: Data,
    },
    /// List the invitations that nobody has used yet
    Invitations {
        /// The market's data.
        #[command(flatten)]
        data: Data,
    },
    /// Take an invitation back
    Uninvite {
        /// Its number, as `invitations` shows it.
        #[arg(value_name = "NUMBER")]
        number: i64,
        /// The market's data.
        #[command(flatten)]
        data: Data,
    },
    /// List the workers with an account
    List {
        /// Also those without one: imported, simulated, or from the control interface.
        #[arg(long)]
        all: bool,
        /// The market's data.
        #[command(flatten)]
        data: Data,
    },
    /// Keep a worker from taking work, who reads the reason; what they hold they can hand in
    Suspend {
        /// The worker.
        #[arg(value_name = "WORKER")]
        worker: WorkerId,
        /// Why, in words for the worker.
        #[arg(long, value_name = "TEXT", required_unless_present = "lift")]
        reason: Option<String>,
        /// Let them work again.
        #[arg(long, conflicts_with = "reason")]
        lift: bool,
        /// The market's data.
        #[command(flatten)]
        data: Data,
    },
    /// End a worker's passcode and sessions, and print a link to choose another one
    Reset {
        /// The worker.
        #[arg(value_name = "WORKER")]
        worker: WorkerId,
        /// How long the link is good.
        #[arg(long, value_name = "SPAN", default_value = "3d", value_parser = span::parse)]
        expires: i64,
        /// The market's data.
        #[command(flatten)]
        data: Data,
    },
    /// Take away what tells who a worker is: account, messages, answers. Their work stays under a new ID; there is no way back
    Anonymize {
        /// The worker.
        #[arg(value_name = "WORKER")]
        worker: WorkerId,
        /// The market's data.
        #[command(flatten)]
        data: Data,
    },
    /// Print everything that is kept of a worker, as JSON
    Export {
        /// The worker.
        #[arg(value_name = "WORKER")]
        worker: WorkerId,
        /// The market's data.
        #[command(flatten)]
        data: Data,
    },
}

/// Runs `hitdeck market worker`.
pub async fn run(
    command: &WorkerCommand,
    format: Format,
    directory: &Path,
    out: &mut impl Write,
) -> Result<(), MarketFailure> {
    let open = |data: &Data| Operator::open(data.or(directory));
    match command {
        WorkerCommand::Invite { worker, count, note, expires, data } => {
            let operator = open(data)?;
            let mut made = Vec::new();
            for _ in 0..*count {
                let lasts_ms = expires.saturating_mul(1_000);
                let new = NewInvitation { worker: worker.clone(), note: note.clone(), lasts_ms };
                made.push(operator.invite(new).await?);
            }
            links(&made, format, out)
        }
        WorkerCommand::Reset { worker, expires, data } => {
            let made = open(data)?.reset(worker, expires.saturating_mul(1_000)).await?;
            links(&[made], format, out)
        }
        WorkerCommand::Invitations { data } => invitations(&open(data)?, format, out).await,
        WorkerCommand::Uninvite { number, data } => {
            open(data)?.uninvite(*number).await?;
            say(format_args!("hitdeck: invitation {number} is not good any more"));
            Ok(())
        }
        WorkerCommand::List { all, data } => list(&open(data)?, *all, format, out).await,
        WorkerCommand::Suspend { worker, reason, lift: _, data } => {
            let account = open(data)?.suspend(worker, reason.clone()).await?;
            let cells = vec![
                (Column::from("WorkerId"), account.worker.into()),
                (Column::from("suspended"), account.suspended.into()),
            ];
            Ok(record(out, format, cells)?)
        }
        WorkerCommand::Anonymize { worker, data } => {
            let after = open(data)?.anonymize(worker).await?;
            let cells = vec![
                (Column::from("WorkerId"), worker.as_str().into()),
                (Column::from("work_stays_under"), after.into()),
            ];
            Ok(record(out, format, cells)?)
        }
        WorkerCommand::Export { worker, data } => {
            let kept = open(data)?.export(worker).await?;
            writeln!(out, "{}", serde_json::to_string_pretty(&kept).map_err(std::io::Error::from)?)?;
            Ok(())
        }
    }
}

fn at(ms: i64) -> Time {
    Time(ms.div_euclid(1_000))
}

/// Links for people stand alone on their lines, so that they can be copied.
fn links(made: &[Link], format: Format, out: &mut impl Write) -> Result<(), MarketFailure> {
    if made.iter().any(|link| link.address.starts_with('/')) {
        say("hitdeck: the market was never served since it has a worker site: put its address before the link");
    }
    if format == Format::Table {
        for link in made {
            writeln!(out, "{}", link.address)?;
        }
        return Ok(());
    }
    let mut rows = Writer::new(out, format, ["number", "link", "WorkerId", "expires"], None);
    for link in made {
        rows.row(vec![
            link.number.into(),
            link.address.as_str().into(),
            link.worker.as_deref().into(),
            at(link.expires_ms).into(),
        ])?;
    }
    Ok(rows.finish()?)
}

async fn invitations(operator: &Operator, format: Format, out: &mut impl Write) -> Result<(), MarketFailure> {
    let mut rows = Writer::new(out, format, ["number", "WorkerId", "note", "made", "expires"], None);
    for invitation in operator.invitations().await? {
        rows.row(vec![
            invitation.key.into(),
            invitation.worker.into(),
            invitation.note.into(),
            at(invitation.made_ms).into(),
            at(invitation.expires_ms).into(),
        ])?;
    }
    Ok(rows.finish()?)
}

async fn list(operator: &Operator, all: bool, format: Format, out: &mut impl Write) -> Result<(), MarketFailure> {
    let columns = ["WorkerId", "signed_up", "last_seen", "submitted", "approved", "rejected", "suspended"];
    let mut rows = Writer::new(out, format, columns, None);
    for row in operator.workers(all).await? {
        let account = row.account.as_ref();
        rows.row(vec![
            row.worker.as_str().into(),
            account.is_some_and(|account| account.passcode.is_some()).into(),
            account.map(|account| at(account.active_ms)).into(),
            row.record.submitted.into(),
            row.record.approved.into(),
            row.record.rejected.into(),
            account.and_then(|account| account.suspended.as_deref()).into(),
        ])?;
    }
    Ok(rows.finish()?)
}
