//! `hitdeck market`: serves an MTurk-compatible market, and looks after its accounts.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::context::say;
use super::notifications::NotifyArgs;
use crate::domain::fees::FeeSchedule;
use crate::domain::money::Usd;
use crate::market::deliver::Keys;
use crate::market::error::MarketError;
use crate::market::faults::Faults;
use crate::market::import::{ImportError, import_file};
use crate::market::serve::{Options, Running, start};
use crate::market::{add_requester, list_requesters, simulate};

/// `hitdeck market`.
#[derive(Debug, Clone, Subcommand)]
pub enum MarketCommand {
    /// Serve a market until SIGTERM or SIGINT
    Serve(Box<ServeArgs>),
    /// Look after requesters' accounts, also beside a running market
    #[command(subcommand)]
    Requester(RequesterCommand),
}

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
        /// The market's data [default: market/ in the data directory].
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
    /// List the requesters and their balances
    List {
        /// The market's data [default: market/ in the data directory].
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
}

/// `hitdeck market serve`.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Where to listen; port 0 takes any free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7878")]
    pub listen: SocketAddr,
    /// Where the market's data is kept [default: market/ in the data directory].
    #[arg(long, value_name = "DIR", conflicts_with = "memory")]
    pub data: Option<PathBuf>,
    /// Keep the data in memory: it is gone when the market stops.
    #[arg(long)]
    pub memory: bool,
    /// Take over the work of a batch-results CSV; may be given several times.
    #[arg(long, value_name = "FILE")]
    pub import: Vec<PathBuf>,
    /// How many simulated workers work here.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub simulate: u32,
    /// Publish N HITs of demo work beside what is here, and more whenever the simulated workers find little to do.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub hits: u32,
    /// What chance is drawn from.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// How many times faster than wall time the market's clock runs; 0 stands still.
    #[arg(long, value_name = "X", default_value_t = 1.0, value_parser = speed)]
    pub speed: f64,
    /// What the market charges: amazon, none, or a TOML file.
    #[arg(long, value_name = "amazon|none|FILE", default_value = "amazon")]
    pub fees: String,
    /// What a new requester holds.
    #[arg(long, value_name = "AMOUNT", default_value = "10000.00")]
    pub balance: Usd,
    /// What goes wrong on purpose, such as throttle=0.1,error500=0.05,reset_before=0.02,reset_after=0.02,delay=50ms.
    #[arg(long, value_name = "SPEC", default_value = "")]
    pub faults: Faults,
    /// How many milliseconds a request of the API takes at least.
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub latency: u64,
    /// How many requests of the API a second are served; the rest is throttled.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub rate: Option<u32>,
    /// Let tests control the market under /_control/; on a loopback address only.
    #[arg(long)]
    pub control: bool,
    /// Where notifications go.
    #[command(flatten)]
    pub notify: NotifyArgs,
}

fn speed(text: &str) -> Result<f64, String> {
    let speed = text.parse::<f64>().ok().filter(|speed| speed.is_finite() && (0.0..=1e6).contains(speed));
    speed.ok_or_else(|| "expected a number from 0 to 1000000".to_owned())
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

/// The line that says that a market is ready.
#[derive(Debug, Serialize)]
struct Ready<'r> {
    endpoint: &'r str,
    worker_site: String,
    access_key_id: &'r str,
    secret_access_key: &'r str,
}

/// A fee schedule file; what is left out is as Amazon had it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FeesFile {
    reward: u32,
    many: u32,
    many_from: u32,
    masters: u32,
    bonus: u32,
    minimum: String,
}

impl Default for FeesFile {
    fn default() -> FeesFile {
        let FeeSchedule { reward, many, many_from, masters, bonus, minimum } = FeeSchedule::AMAZON;
        FeesFile { reward, many, many_from, masters, bonus, minimum: minimum.to_string() }
    }
}

/// Runs a market command. `directory` is where the market's data is when nothing else is said; `keys` sign what goes to queues
/// and topics.
pub async fn run(
    command: &MarketCommand,
    json: bool,
    directory: &Path,
    keys: Option<Keys>,
    out: &mut impl Write,
) -> Result<(), MarketFailure> {
    match command {
        MarketCommand::Serve(args) => serve(args, json, directory, keys, out).await,
        MarketCommand::Requester(RequesterCommand::Add { name, balance, data }) => {
            let added = add_requester(data.as_deref().unwrap_or(directory), name, *balance).await?;
            if json {
                writeln!(out, "{}", serde_json::to_string(&added).map_err(std::io::Error::from)?)?;
            } else {
                writeln!(out, "export AWS_ACCESS_KEY_ID={}", added.access_key_id)?;
                writeln!(out, "export AWS_SECRET_ACCESS_KEY={}", added.secret_access_key)?;
            }
            Ok(())
        }
        MarketCommand::Requester(RequesterCommand::List { data }) => {
            let requesters = list_requesters(data.as_deref().unwrap_or(directory)).await?;
            if json {
                let rows: Vec<_> = requesters
                    .iter()
                    .map(|r| {
                        let (available, on_hold) = (r.account.available.to_string(), r.account.held.to_string());
                        serde_json::json!({
                            "name": r.name, "access_key_id": r.access_key, "available": available, "on_hold": on_hold,
                        })
                    })
                    .collect();
                writeln!(out, "{}", serde_json::to_string(&rows).map_err(std::io::Error::from)?)?;
                return Ok(());
            }
            let width = requesters.iter().map(|r| r.name.chars().count()).max().unwrap_or(0).max(4);
            writeln!(out, "{:width$}  {:20}  {:>12}  {:>12}", "name", "access key", "available", "on hold")?;
            for r in requesters {
                let (available, held) = (r.account.available.display(), r.account.held.display());
                writeln!(out, "{:width$}  {:20}  {available:>12}  {held:>12}", r.name, r.access_key)?;
            }
            Ok(())
        }
    }
}

async fn serve(
    args: &ServeArgs,
    json: bool,
    directory: &Path,
    keys: Option<Keys>,
    out: &mut impl Write,
) -> Result<(), MarketFailure> {
    // Before anything takes time, so that a signal during the start is not missed.
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let data = if args.memory { None } else { Some(args.data.clone().unwrap_or_else(|| directory.to_owned())) };
    if !args.listen.ip().is_loopback() {
        say(format_args!(
            "hitdeck: {} is open to everybody who can reach this machine. Requests are signed but not encrypted: put a proxy with TLS before it.",
            args.listen
        ));
    }
    let options = Options {
        listen: args.listen,
        data,
        speed: args.speed,
        seed: args.seed,
        fees: fees(&args.fees)?,
        balance: args.balance,
        faults: args.faults,
        latency: Duration::from_millis(args.latency),
        rate: args.rate,
        control: args.control,
        notify: args.notify.options(keys),
    };
    let market = start(options).await?;
    for file in &args.import {
        say(format_args!("hitdeck: {}", import_file(&market.service, market.requester, file).await?));
    }
    let mut publisher = None;
    if args.hits > 0 {
        let published = simulate::publish_demo(&market.service, market.requester, args.hits, args.seed).await;
        published.map_err(MarketError::from)?;
        publisher = Some(market.requester);
    }
    let stop = CancellationToken::new();
    let people = simulate::People { workers: args.simulate, publisher, seed: args.seed };
    let workers = simulate::run(market.service.clone(), people, stop.clone());
    ready(&market, json, out)?;
    let signalled = async {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
        stop.cancel();
    };
    let (worked, ()) = tokio::join!(workers, signalled);
    if let Err(error) = worked {
        say(format_args!("hitdeck: the simulated workers gave up: {error}"));
    }
    market.stop().await;
    Ok(())
}

fn ready(market: &Running, json: bool, out: &mut impl Write) -> Result<(), MarketFailure> {
    let Running { endpoint, access_key_id, secret_access_key, .. } = market;
    if json {
        let line = Ready { endpoint, worker_site: format!("{endpoint}/"), access_key_id, secret_access_key };
        writeln!(out, "{}", serde_json::to_string(&line).map_err(std::io::Error::from)?)?;
    } else {
        writeln!(out, "export AWS_ENDPOINT_URL_MTURK={endpoint}")?;
        writeln!(out, "export AWS_ACCESS_KEY_ID={access_key_id}")?;
        writeln!(out, "export AWS_SECRET_ACCESS_KEY={secret_access_key}")?;
        writeln!(out, "export AWS_DEFAULT_REGION=us-east-1")?;
    }
    Ok(out.flush()?)
}

/// The fee schedule that `--fees` names.
fn fees(named: &str) -> Result<FeeSchedule, MarketFailure> {
    match named {
        "amazon" => return Ok(FeeSchedule::AMAZON),
        "none" => return Ok(FeeSchedule::NONE),
        _ => {}
    }
    let path = PathBuf::from(named);
    let failed = |why: String| MarketFailure::Fees { path: path.clone(), why };
    let text = std::fs::read_to_string(&path).map_err(|error| failed(error.to_string()))?;
    let file: FeesFile = toml::from_str(&text).map_err(|error| failed(error.to_string()))?;
    let minimum = Usd::parse(&file.minimum).map_err(|error| failed(format!("minimum: {error}")))?;
    let FeesFile { reward, many, many_from, masters, bonus, .. } = file;
    Ok(FeeSchedule { reward, many, many_from, masters, bonus, minimum })
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
                run(&command, json, &directory, None, &mut Pipe(Vec::new(), send))
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
        run(&command, true, &dir.path().join("market"), None, &mut out).await.unwrap();
        let added: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!((added["name"].as_str(), added.as_object().unwrap().len()), (Some("lab"), 3));
        let mut out = Vec::new();
        run(&parse("hitdeck requester list"), false, &dir.path().join("market"), None, &mut out).await.unwrap();
        let list = String::from_utf8(out).unwrap();
        assert!(list.lines().count() == 3 && list.contains("$5.00"), "{list}");
    }

    #[test]
    fn a_command_line_that_cannot_be_meant_is_refused() {
        for line in
            ["--speed -1", "--speed fast", "--rate 0", "--faults oops=1", "--memory --data x", "--balance 1.234"]
        {
            let line = format!("hitdeck serve {line}");
            assert!(Line::try_parse_from(line.split(' ')).is_err(), "{line}");
        }
    }

    #[test]
    fn fees_are_named_or_in_a_file() {
        assert_eq!(fees("amazon").unwrap(), FeeSchedule::AMAZON);
        assert_eq!(fees("none").unwrap(), FeeSchedule::NONE);
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("fees.toml");
        std::fs::write(&path, "reward = 1000\nminimum = \"0.00\"\n").unwrap();
        let read = fees(path.to_str().unwrap()).unwrap();
        assert_eq!((read.reward, read.minimum, read.bonus), (1_000, Usd::ZERO, 2_000));
        std::fs::write(&path, "rewards = 1000\n").unwrap();
        let error = fees(path.to_str().unwrap()).unwrap_err().to_string();
        assert!(error.contains("rewards") && error.contains("fees.toml"), "{error}");
    }
}
