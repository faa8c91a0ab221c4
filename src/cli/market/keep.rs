//! `hitdeck market backup` and `restore`.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Data, MarketFailure};
use crate::cli::context::say;
use crate::exchange::output::{Cell, Column, Format, record};
use crate::market::{self, Copied};

/// `hitdeck market backup`.
#[derive(Debug, Clone, Args)]
pub struct BackupArgs {
    /// The folder to write; it must not be there yet.
    #[arg(value_name = "FOLDER")]
    target: PathBuf,
    /// Leave market.key out: without it the backup cannot be restored, and with it whoever has the backup can sign as any
    /// requester.
    #[arg(long)]
    without_key: bool,
    /// The market's data.
    #[command(flatten)]
    data: Data,
}

/// `hitdeck market restore`.
#[derive(Debug, Clone, Args)]
pub struct RestoreArgs {
    /// The folder that `backup` wrote.
    #[arg(value_name = "FOLDER")]
    backup: PathBuf,
    /// The market's key, where the backup was written without it.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Where the market's data is to be.
    #[command(flatten)]
    data: Data,
}

/// Runs `hitdeck market backup`.
pub fn backup(args: &BackupArgs, format: Format, directory: &Path, out: &mut impl Write) -> Result<(), MarketFailure> {
    let copied = market::backup(args.data.or(directory), &args.target, !args.without_key)?;
    say(if copied.with_key {
        "hitdeck: market.key is in the backup: whoever has it can sign as any requester"
    } else {
        "hitdeck: market.key is not in the backup: keep it elsewhere, nothing can be restored without it"
    });
    show(&copied, format, out)
}

/// Runs `hitdeck market restore`.
pub fn restore(
    args: &RestoreArgs,
    format: Format,
    directory: &Path,
    out: &mut impl Write,
) -> Result<(), MarketFailure> {
    let copied = market::restore(&args.backup, args.data.or(directory), args.key.as_deref())?;
    show(&copied, format, out)
}

fn show(copied: &Copied, format: Format, out: &mut impl Write) -> Result<(), MarketFailure> {
    let bytes = i64::try_from(copied.bytes).unwrap_or(i64::MAX);
    let cells = vec![
        (Column::from("folder"), Cell::from(copied.directory.display().to_string())),
        (Column::from("bytes"), bytes.into()),
        (Column::from("with_key"), copied.with_key.into()),
    ];
    Ok(record(out, format, cells)?)
}
