//! `hitdeck market`: serves an MTurk-compatible market, and looks after its accounts and its data.

mod fees;
mod keep;
mod payout;
mod requester;
mod serve;
mod site;
mod worker;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Subcommand;

use crate::exchange::output::Format;
use crate::market::deliver::Keys;
use crate::market::error::MarketError;
use crate::market::import::ImportError;
use keep::{BackupArgs, RestoreArgs};
use payout::PayoutArgs;
use requester::RequesterCommand;
use serve::ServeArgs;
use worker::WorkerCommand;

/// `hitdeck market`.
#[derive(Debug, Clone, Subcommand)]
pub enum MarketCommand {
    /// Serve a market until SIGTERM or SIGINT
    Serve(Box<ServeArgs>),
    /// Look after requesters' accounts, also beside a running market
    #[command(subcommand)]
    Requester(RequesterCommand),
    /// Look after workers and their accounts, also beside a running market
    #[command(subcommand)]
    Worker(WorkerCommand),
    /// Copy the market's data into a new folder, also while it is served
    Backup(BackupArgs),
    /// Put a backup where no market is
    Restore(RestoreArgs),
    /// Show what workers are owed, and write down that they were paid; also beside a running market
    Payout(PayoutArgs),
    /// Make a new key, and so new secrets for all requesters; for a market that is not served
    Rekey(Data),
}

/// Where a market's data is.
#[derive(Debug, Clone, clap::Args)]
pub struct Data {
    /// The market's data [default: market/ in the data directory].
    #[arg(long = "data", value_name = "DIR")]
    directory: Option<PathBuf>,
}

impl Data {
    /// The directory, which is `default` when nothing is said.
    fn or<'d>(&'d self, default: &'d Path) -> &'d Path {
        self.directory.as_deref().unwrap_or(default)
    }
}

/// Why a market command failed.
#[derive(Debug, thiserror::Error)]
pub enum MarketFailure {
    /// The market does not start or refuses.
    #[error(transparent)]
    Market(#[from] MarketError),
    /// The fee schedule cannot be read.
    #[error("cannot use the fees of {}: {why}", .path.display())]
    Fees {
        /// The file.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// An import failed.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// Output or signals.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Runs a market command. `directory` is where the market's data is when nothing else is said; `keys` sign what goes to queues
/// and topics.
pub async fn run(
    command: &MarketCommand,
    format: Format,
    directory: &Path,
    keys: Option<Keys>,
    out: &mut impl Write,
) -> Result<(), MarketFailure> {
    match command {
        MarketCommand::Serve(args) => {
            serve::run(args, matches!(format, Format::Json | Format::Jsonl), directory, keys, out).await
        }
        MarketCommand::Requester(command) => requester::run(command, format, directory, out).await,
        MarketCommand::Worker(command) => worker::run(command, format, directory, out).await,
        MarketCommand::Backup(args) => keep::backup(args, format, directory, out),
        MarketCommand::Restore(args) => keep::restore(args, format, directory, out),
        MarketCommand::Payout(args) => payout::run(args, format, directory, out).await,
        MarketCommand::Rekey(data) => requester::rekey(data.or(directory), format, out).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use std::sync::mpsc;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(subcommand)]
        command: MarketCommand,
    }

    fn parse(line: &str) -> MarketCommand {
        Line::try_parse_from(line.split(' ')).unwrap().command
    }

    /// Hands on what was written whenever it is flushed.
    struct Pipe(Vec<u8>, mpsc::Sender<String>);

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            let text = String::from_utf8_lossy(&std::mem::take(&mut self.0)).into_owned();
            let _ = self.1.send(text);
            Ok(())
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn serving_says_when_it_is_ready_and_ends_well_on_a_signal() {
        let dir = tempfile::tempdir().unwrap();
        let mut keys = Vec::new();
        for json in [true, false] {
            let command = parse("hitdeck serve --listen 127.0.0.1:0 --simulate 3 --speed 60 --control");
            let (send, said) = mpsc::channel();
            let directory = dir.path().join("market");
            let serving = tokio::spawn(async move {
                run(
                    &command,
                    if json { Format::Json } else { Format::Table },
                    &directory,
                    None,
                    &mut Pipe(Vec::new(), send),
                )
                .await
                .map_err(|error| error.to_string())
            });
            let said = tokio::task::spawn_blocking(move || said.recv().unwrap()).await.unwrap();
            assert!(!serving.is_finished(), "{said}");
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TERM).unwrap();
            assert_eq!(serving.await.unwrap(), Ok(()));
            if json {
                let line: serde_json::Value = serde_json::from_str(&said).unwrap();
                let endpoint = line["endpoint"].as_str().unwrap();
                assert!(endpoint.starts_with("http://127.0.0.1:") && !endpoint.ends_with(":0"), "{said}");
                assert_eq!(line["worker_site"], format!("{endpoint}/"));
                keys.push(line["access_key_id"].as_str().unwrap().to_owned());
            } else {
                let names: Vec<&str> = said.lines().filter_map(|line| line.split('=').next()).collect();
                let expected = ["ENDPOINT_URL_MTURK", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "DEFAULT_REGION"];
                assert_eq!(names, expected.map(|name| format!("export AWS_{name}")));
                assert!(said.contains(&keys[0]), "the same account at every start: {said}");
            }
        }
        let command = parse("hitdeck requester add lab --balance 5");
        let mut out = Vec::new();
        run(&command, Format::Json, &dir.path().join("market"), None, &mut out).await.unwrap();
        let added: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!((added["name"].as_str(), added.as_object().unwrap().len()), (Some("lab"), 3));
        let mut out = Vec::new();
        run(&parse("hitdeck requester list"), Format::Table, &dir.path().join("market"), None, &mut out).await.unwrap();
        let list = String::from_utf8(out).unwrap();
        assert!(list.lines().count() == 3 && list.contains("$5.00"), "{list}");
    }

    #[test]
    fn a_command_line_that_cannot_be_meant_is_refused() {
        for line in [
            "--tls-cert x",
            "--access-log file",
            "--speed -1",
            "--speed fast",
            "--rate 0",
            "--faults oops=1",
            "--memory --data x",
            "--balance 1.234",
        ] {
            let line = format!("hitdeck serve {line}");
            assert!(Line::try_parse_from(line.split(' ')).is_err(), "{line}");
        }
    }
}
