//! `hitdeck market requester`: who may sign, with what money, and within which bounds. Everything holds at once, also beside a
//! running market.

use std::io::Write;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::{Data, MarketFailure};
use crate::app::format::plural;
use crate::cli::context::say;
use crate::domain::money::Usd;
use crate::exchange::output::{Cell, Column, Format, Writer, record};
use crate::market::error::MarketError;
use crate::market::{Credentials, Operator, Quota, Requester, rekey as make_new_key};

/// `hitdeck market requester`.
#[derive(Debug, Clone, Subcommand)]
pub enum RequesterCommand {
    /// Add a requester and print the credentials
    Add {
        /// What to call them.
        name: String,
        /// What their account holds.
        #[arg(long, value_name = "AMOUNT", default_value = "10000.00")]
        balance: Usd,
        /// What they may do at most.
        #[command(flatten)]
        limits: Limits,
        /// The market's data.
        #[command(flatten)]
        data: Data,
    },
    /// List the requesters, their balances and their limits
    List {
        /// The market's data.
        #[command(flatten)]
        data: Data,
    },
    /// Issue another access key and print the credentials; those there are stay good
    Key {
        /// The requester's name, or an access key of theirs.
        #[arg(value_name = "REQUESTER")]
        who: String,
        /// The market's data.
        #[command(flatten)]
        data: Data,
    },
    /// Revoke access keys: by a name all that the requester has, by an access key that one; HITs and money stay
    Revoke {
        /// The requester's name, or an access key.
        #[arg(value_name = "REQUESTER")]
        who: String,
        /// Only this one of the requester's access keys.
        #[arg(long, value_name = "ACCESS_KEY")]
        key: Option<String>,
        /// The market's data.
        #[command(flatten)]
        data: Data,
    },
    /// Register a page with placeholders such as ${image_url} as a HIT layout, and print its HITLayoutId
    Layout {
        /// The requester's name, or an access key of theirs.
        #[arg(value_name = "REQUESTER")]
        who: String,
        /// What to call the layout; once for each requester.
        name: String,
        /// The page, in HTML.
        #[arg(value_name = "FILE")]
        page: PathBuf,
        /// FrameHeight of the questions that it makes, in pixels; 0 fills the window.
        #[arg(long, value_name = "PIXELS", default_value_t = 0)]
        frame_height: u32,
        /// The market's data.
        #[command(flatten)]
        data: Data,
    },
    /// Put money into a requester's account
    Deposit(Transfer),
    /// Take money that is not on hold out of a requester's account
    Withdraw(Transfer),
    /// Set what a requester may do at most; what is not given has no limit from then on
    Limit {
        /// The requester's name, or an access key of theirs.
        #[arg(value_name = "REQUESTER")]
        who: String,
        /// What they may do at most.
        #[command(flatten)]
        limits: Limits,
        /// The market's data.
        #[command(flatten)]
        data: Data,
    },
}

/// Money that goes into an account or out of it.
#[derive(Debug, Clone, Args)]
pub struct Transfer {
    /// The requester's name, or an access key of theirs.
    #[arg(value_name = "REQUESTER")]
    who: String,
    /// How much, in dollars.
    #[arg(value_name = "AMOUNT", required_unless_present = "amount")]
    sum: Option<Usd>,
    /// The same as an option.
    #[arg(long, value_name = "AMOUNT", conflicts_with = "sum")]
    amount: Option<Usd>,
    /// The market's data.
    #[command(flatten)]
    data: Data,
}

impl Transfer {
    fn amount(&self) -> Usd {
        self.sum.or(self.amount).unwrap_or(Usd::ZERO)
    }
}

/// What a requester may do at most.
#[derive(Debug, Clone, Args)]
pub struct Limits {
    /// Requests a second; a second's worth may come at once. More are throttled.
    #[arg(long, value_name = "N")]
    rate: Option<NonZeroU32>,
    /// HITs that are open to workers at one time. More are refused.
    #[arg(long, value_name = "N")]
    open_hits: Option<NonZeroU32>,
}

impl Limits {
    fn quota(&self) -> Quota {
        Quota { rate: self.rate.map(NonZeroU32::get), open_hits: self.open_hits.map(NonZeroU32::get) }
    }
}

/// Runs `hitdeck market requester`.
pub async fn run(
    command: &RequesterCommand,
    format: Format,
    directory: &Path,
    out: &mut impl Write,
) -> Result<(), MarketFailure> {
    match command {
        RequesterCommand::Add { name, balance, limits, data } => {
            let added = Operator::open(data.or(directory))?.add(name, *balance, limits.quota()).await?;
            credentials(&added, format, out)
        }
        RequesterCommand::List { data } => list(&Operator::open(data.or(directory))?.list().await?, format, out),
        RequesterCommand::Key { who, data } => {
            let issued = Operator::open(data.or(directory))?.issue_key(who).await?;
            credentials(&issued, format, out)
        }
        RequesterCommand::Revoke { who, key, data } => {
            let operator = Operator::open(data.or(directory))?;
            let by_key = operator.find(who).await?.name != *who;
            let key = key.as_deref().or(by_key.then_some(who));
            let revoked = operator.revoke(who, key).await?;
            let found = operator.find(who).await?;
            say(format_args!("hitdeck: {} revoked", plural(revoked, "access key")));
            show(&found, format, out)
        }
        RequesterCommand::Layout { who, name, page, frame_height, data } => {
            let operator = Operator::open(data.or(directory))?;
            let text = std::fs::read_to_string(page).map_err(|source| MarketError::File {
                what: "read",
                path: page.clone(),
                source,
            })?;
            let added = operator.add_layout(who, name, &text, *frame_height).await?;
            let cells = vec![
                (Column::from("HITLayoutId"), added.layout.as_str().into()),
                (Column::from("parameters"), added.parameters.join(" ").as_str().into()),
            ];
            Ok(record(out, format, cells)?)
        }
        RequesterCommand::Deposit(transfer) => {
            let operator = Operator::open(transfer.data.or(directory))?;
            operator.deposit(&transfer.who, transfer.amount()).await?;
            show(&operator.find(&transfer.who).await?, format, out)
        }
        RequesterCommand::Withdraw(transfer) => {
            let operator = Operator::open(transfer.data.or(directory))?;
            operator.withdraw(&transfer.who, transfer.amount()).await?;
            show(&operator.find(&transfer.who).await?, format, out)
        }
        RequesterCommand::Limit { who, limits, data } => {
            let operator = Operator::open(data.or(directory))?;
            operator.limit(who, limits.quota()).await?;
            show(&operator.find(who).await?, format, out)
        }
    }
}

/// Runs `hitdeck market rekey`.
pub async fn rekey(directory: &Path, format: Format, out: &mut impl Write) -> Result<(), MarketFailure> {
    let all = make_new_key(directory).await?;
    let columns = ["name", "access_key_id", "secret_access_key"];
    let mut rows = Writer::new(out, format, columns, None);
    for each in all {
        rows.row(vec![each.name.into(), each.access_key_id.into(), each.secret_access_key.into()])?;
    }
    Ok(rows.finish()?)
}

/// For people as lines that a shell takes over.
fn credentials(made: &Credentials, format: Format, out: &mut impl Write) -> Result<(), MarketFailure> {
    let Credentials { name, access_key_id, secret_access_key } = made;
    if format == Format::Table {
        writeln!(out, "export AWS_ACCESS_KEY_ID={access_key_id}")?;
        writeln!(out, "export AWS_SECRET_ACCESS_KEY={secret_access_key}")?;
        return Ok(());
    }
    let cells = [("name", name), ("access_key_id", access_key_id), ("secret_access_key", secret_access_key)];
    let cells = cells.map(|(name, value)| (Column::from(name), Cell::from(value.as_str())));
    Ok(record(out, format, cells.into())?)
}

fn columns() -> Vec<Column> {
    [
        ("name", "name"),
        ("access_key_id", "access key"),
        ("available", "available"),
        ("on_hold", "on hold"),
        ("keys", "keys"),
        ("rate", "requests/s"),
        ("open_hits", "open HITs"),
    ]
    .map(|(name, title)| Column::new(name, title))
    .into()
}

fn cells(requester: &Requester) -> Vec<Cell> {
    let Requester { name, access_key, keys, account, quota, .. } = requester;
    vec![
        name.as_str().into(),
        access_key.as_str().into(),
        account.available.into(),
        account.held.into(),
        (*keys).into(),
        quota.rate.into(),
        quota.open_hits.into(),
    ]
}

fn list(requesters: &[Requester], format: Format, out: &mut impl Write) -> Result<(), MarketFailure> {
    let mut rows = Writer::new(out, format, columns(), None);
    for requester in requesters {
        rows.row(cells(requester))?;
    }
    Ok(rows.finish()?)
}

fn show(requester: &Requester, format: Format, out: &mut impl Write) -> Result<(), MarketFailure> {
    Ok(record(out, format, columns().into_iter().zip(cells(requester)).collect())?)
}
