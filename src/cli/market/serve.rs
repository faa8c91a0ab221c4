//! `hitdeck market serve`.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use serde::Serialize;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::MarketFailure;
use super::fees::fees;
use super::site::SiteArgs;
use crate::cli::context::say;
use crate::cli::notifications::NotifyArgs;
use crate::domain::money::Usd;
use crate::market::deliver::Keys;
use crate::market::error::MarketError;
use crate::market::faults::Faults;
use crate::market::import::import_path;
use crate::market::serve::{Options, Running, start};
use crate::market::{TlsFiles, simulate};

/// So many files the process asks for: connections, and what it needs itself.
const MOST_FILES: u64 = 16_384;

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
    /// Take over the work of a batch-results CSV, or a whole account out of its archive (a directory); may be given several
    /// times.
    #[arg(long, value_name = "FILE|DIR")]
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
    /// Serve over TLS, with this certificate (PEM, with those that vouch for it); SIGHUP reads it again.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// The certificate's private key (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Believe the X-Forwarded-For and X-Forwarded-Host headers of the proxy that stands before the market.
    #[arg(long)]
    pub trust_proxy: bool,
    /// Where each request is logged, as a line of JSON.
    #[arg(long, value_name = "WHERE", value_enum, default_value_t = AccessLog::Stderr)]
    pub access_log: AccessLog,
    /// Where notifications go.
    #[command(flatten)]
    pub notify: NotifyArgs,
    /// The worker site.
    #[command(flatten)]
    pub site: SiteArgs,
}

/// Where requests are logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AccessLog {
    /// On stderr.
    Stderr,
    /// Nowhere.
    Off,
}

fn speed(text: &str) -> Result<f64, String> {
    let speed = text.parse::<f64>().ok().filter(|speed| speed.is_finite() && (0.0..=1e6).contains(speed));
    speed.ok_or_else(|| "expected a number from 0 to 1000000".to_owned())
}

/// The line that says that a market is ready.
#[derive(Debug, Serialize)]
struct Ready<'r> {
    endpoint: &'r str,
    worker_site: String,
    access_key_id: &'r str,
    secret_access_key: &'r str,
}

/// Serves a market until it is told to stop.
pub async fn run(
    args: &ServeArgs,
    json: bool,
    directory: &Path,
    keys: Option<Keys>,
    out: &mut impl Write,
) -> Result<(), MarketFailure> {
    // Before anything takes time, so that a signal during the start is not missed.
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    // Without TLS there is nothing to read again, and a hang-up ends the process as it ends any other.
    let mut renewed = if args.tls_cert.is_some() { Some(signal(SignalKind::hangup())?) } else { None };
    let data = if args.memory { None } else { Some(args.data.clone().unwrap_or_else(|| directory.to_owned())) };
    for warning in warnings(args) {
        say(format_args!("hitdeck: {warning}"));
    }
    allow_many_connections();
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
        tls: args.tls_cert.clone().zip(args.tls_key.clone()).map(|(certificate, key)| TlsFiles { certificate, key }),
        trust_proxy: args.trust_proxy,
        access_log: args.access_log == AccessLog::Stderr,
        notify: args.notify.options(keys),
        site: args.site.options()?,
    };
    let market = start(options).await?;
    for file in &args.import {
        say(format_args!("hitdeck: {}", import_path(&market.service, market.requester, file).await?));
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
        loop {
            let renewal = async {
                match &mut renewed {
                    Some(signals) => signals.recv().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = terminated.recv() => break,
                _ = interrupted.recv() => break,
                _ = renewal => match market.reload_tls() {
                    Ok(()) => say("hitdeck: the certificate was read again"),
                    Err(error) => say(format_args!("hitdeck: the certificate stays as it was: {error}")),
                },
            }
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
        if access_key_id.is_empty() {
            say("hitdeck: the first requester has no access key; see: hitdeck market requester key");
        } else {
            writeln!(out, "export AWS_ACCESS_KEY_ID={access_key_id}")?;
            writeln!(out, "export AWS_SECRET_ACCESS_KEY={secret_access_key}")?;
        }
        writeln!(out, "export AWS_DEFAULT_REGION=us-east-1")?;
    }
    Ok(out.flush()?)
}

/// What an operator should know before others can reach the market.
fn warnings(args: &ServeArgs) -> Vec<String> {
    if args.listen.ip().is_loopback() {
        return Vec::new();
    }
    let address = args.listen;
    let mut said = vec![match args.tls_cert {
        Some(_) => format!(
            "{address} is open to everybody who can reach this machine; what they send is encrypted, and served when it is signed."
        ),
        None => format!(
            "{address} is open to everybody who can reach this machine. Requests are signed but not encrypted: give --tls-cert and --tls-key, or put a proxy with TLS before it."
        ),
    }];
    if args.trust_proxy {
        said.push(format!(
            "with --trust-proxy whoever reaches {address} past the proxy can claim any address in the access log."
        ));
    }
    said
}

/// Raises the limit of open files as far as it may be: each connection is one.
fn allow_many_connections() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(MOST_FILES, |maximum| maximum.min(MOST_FILES));
    if current.is_some_and(|current| current < wanted) {
        // With the old limit there are fewer connections at a time; that is all.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum });
    }
}
