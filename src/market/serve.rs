//! A market on a port.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::map_response;
use axum::routing::{any, get, post};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use super::access_log::AccessLog;
use super::accounts::{Accounts, Keyring};
use super::clock::{Clock, Moment, wall_millis};
use super::connection::{self, Front};
use super::error::MarketError;
use super::faults::{FaultPlan, Faults};
use super::id::Mint;
use super::operator::fits;
use super::service::{Service, settle};
use super::storage::{Place, RequesterKey, Storage};
use super::tally::Tally;
use super::tls::{Tls, TlsFiles};
use super::{Market, SiteOptions, api, control, deliver, files, site};
use crate::domain::fees::FeeSchedule;
use crate::domain::money::Usd;

/// How a market is run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where it listens; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Where its data is; in memory when nowhere.
    pub data: Option<PathBuf>,
    /// How many times faster than wall time its clock runs; 0 stands still.
    pub speed: f64,
    /// What chance is drawn from: faults, and the identifiers of a market in memory.
    pub seed: u64,
    /// What it charges.
    pub fees: FeeSchedule,
    /// What a new requester holds.
    pub balance: Usd,
    /// What goes wrong on purpose.
    pub faults: Faults,
    /// How long every request of the API takes at least.
    pub latency: Duration,
    /// How many requests of the API a second are served; the rest is throttled.
    pub rate: Option<u32>,
    /// Whether tests may control it; on loopback only.
    pub control: bool,
    /// The certificate and key of TLS; none for plain HTTP.
    pub tls: Option<TlsFiles>,
    /// Whether a proxy stands before it, whose X-Forwarded headers are believed.
    pub trust_proxy: bool,
    /// Whether requests are logged on stderr.
    pub access_log: bool,
    /// Where notifications go.
    pub notify: deliver::Options,
    /// What the worker site says of itself.
    pub site: SiteOptions,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data: None,
            speed: 1.0,
            seed: 0,
            fees: FeeSchedule::AMAZON,
            balance: Usd::cents(1_000_000),
            faults: Faults::default(),
            latency: Duration::ZERO,
            rate: None,
            control: false,
            tls: None,
            trust_proxy: false,
            access_log: false,
            notify: deliver::Options::default(),
            site: SiteOptions::default(),
        }
    }
}

/// A market that is running. Dropping it stops it without waiting.
pub struct Running {
    /// `http://host:port` or `https://host:port`
    pub endpoint: String,
    /// The first requester's access key; empty when all of theirs are revoked.
    pub access_key_id: String,
    /// The first requester's secret; empty when all of their keys are revoked.
    pub secret_access_key: String,
    /// The market's clock.
    pub clock: Clock,
    /// The operations, in process.
    pub service: Service,
    /// The first requester.
    pub requester: RequesterKey,
    stop: DropGuard,
    tasks: TaskTracker,
    tls: Option<Tls>,
    log: Option<AccessLog>,
    /// Held as long as the market runs: one process serves a market.
    _lock: Option<File>,
}

/// The name of the requester that every market has.
const FIRST_REQUESTER: &str = "requester";
/// How long requests in flight may take when the market stops.
const GRACE: Duration = Duration::from_secs(5);
/// So many connections there are at one time at most.
const MOST_CONNECTIONS: usize = 8_192;
/// So many files the market keeps for itself: the database has three for each of its connections.
const OWN_FILES: usize = 64;

/// Opens the data, listens, and serves until it is stopped.
pub async fn start(options: Options) -> Result<Running, MarketError> {
    if options.control && !options.listen.ip().is_loopback() {
        return Err(MarketError::ControlBeyondLoopback(options.listen));
    }
    if options.control && options.trust_proxy {
        return Err(MarketError::ControlBehindProxy);
    }
    let tls = options.tls.clone().map(Tls::of).transpose()?;
    let (place, lock, mint) = match &options.data {
        None => (Place::Memory, None, Mint::seeded(options.seed)),
        Some(directory) => (Place::Directory(directory.clone()), Some(prepare(directory)?), Mint::random()),
    };
    let clock = clock(&place, options.speed)?;
    let storage = Storage::open(place, &clock, mint, settle)?;
    let service = Service::new(storage, clock.clone(), options.fees.clone());
    let found = service.requesters().await?.into_iter().next();
    let ring = ring(options.data.as_deref(), found.is_none())?;
    if let Some(directory) = &options.data {
        fits(&service, &ring, directory).await?;
    }
    let first = match found {
        Some(first) => first,
        None => {
            let added = service.add_requester(FIRST_REQUESTER, options.balance).await?;
            added.ok_or_else(|| MarketError::RequesterExists(FIRST_REQUESTER.into()))?
        }
    };

    let listen = |source| MarketError::Listen { address: options.listen, source };
    let listener = TcpListener::bind(options.listen).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let endpoint = format!("{}://{address}", if tls.is_some() { "https" } else { "http" });
    let retention = options.site.retention;
    service.save_site(site::row(&options.site, &endpoint)).await?;
    let market = Arc::new(Market {
        service: service.clone(),
        accounts: Accounts::new(service.clone(), ring.clone()),
        faults: FaultPlan::new(options.faults, options.seed, options.latency, options.rate),
        tally: Tally::default(),
        balance: options.balance,
        pages: Arc::default(),
        bodies: api::Bodies::default(),
        site: site::Site::new(options.site),
    });
    let stop = CancellationToken::new();
    let tasks = TaskTracker::new();
    let log = options.access_log.then(|| AccessLog::to(std::io::stderr())).transpose().map_err(listen)?;
    let front = Front {
        router: router(market, options.control),
        tls: tls.clone(),
        log: log.clone(),
        trust_proxy: options.trust_proxy,
        stop: stop.clone(),
    };
    // Behind a proxy a loopback address is no sign that only this machine asks.
    let private = options.notify.private || (options.listen.ip().is_loopback() && !options.trust_proxy);
    let notify = deliver::Options { private, ..options.notify };
    if let Some(days) = retention {
        tasks.spawn(site::forget(service.clone(), days, stop.clone()));
    }
    tasks.spawn(deliver::run(service.clone(), notify, stop.clone()));
    tasks.spawn(connection::accept(listener, front, slots(), tasks.clone()));
    let can_sign = first.keys > 0;
    Ok(Running {
        endpoint,
        secret_access_key: if can_sign { ring.secret(&first.access_key) } else { String::new() },
        access_key_id: if can_sign { first.access_key } else { String::new() },
        clock,
        service,
        requester: first.key,
        stop: stop.drop_guard(),
        tasks,
        tls,
        log,
        _lock: lock,
    })
}

/// The key from which secrets follow. A new market gets a new one; what is lost is never replaced in silence.
fn ring(directory: Option<&Path>, is_new: bool) -> Result<Keyring, MarketError> {
    let Some(directory) = directory else { return Ok(Keyring::random()) };
    match Keyring::of_directory(directory)? {
        Some(ring) => Ok(ring),
        None if is_new => {
            let ring = Keyring::random();
            ring.save(directory)?;
            Ok(ring)
        }
        None => Err(MarketError::NoKey(directory.to_owned())),
    }
}

/// Makes the directory and the database file, and takes the lock.
fn prepare(directory: &Path) -> Result<File, MarketError> {
    files::make_directory(directory)?;
    let lock = files::lock(directory)?;
    files::open(&directory.join(files::DATABASE))?;
    Ok(lock)
}

impl Running {
    /// Stops listening, lets what is in flight finish, and closes.
    pub async fn stop(self) {
        drop(self.stop);
        self.tasks.close();
        if tokio::time::timeout(GRACE, self.tasks.wait()).await.is_err() {
            tracing::warn!("some connections were still busy when the market stopped");
        }
        if let Some(log) = self.log {
            log.close();
        }
    }

    /// Reads the certificate and its key again, for connections from now on.
    pub fn reload_tls(&self) -> Result<(), MarketError> {
        self.tls.as_ref().map_or(Ok(()), Tls::reload)
    }
}

/// The clock, going on from where a market on disk left it.
fn clock(place: &Place, speed: f64) -> Result<Clock, MarketError> {
    let wall = wall_millis();
    Ok(match Storage::clock_of(place)? {
        None => Clock::from_wall(speed),
        Some((latest, _)) if speed == 0.0 => Clock::starting_at(latest, speed),
        Some((latest, offset)) => Clock::starting_at(Moment(wall.saturating_add(offset)).max(latest), speed),
    })
}

fn router(market: Arc<Market>, with_control: bool) -> Router {
    let mut router = site::router(&market).merge(Router::new().route("/", post(api::answer)));
    router = router.route("/healthz", get(site::health));
    if with_control {
        router = router.route(&format!("{}{{name}}", control::PREFIX), any(control::answer));
    }
    router = router.method_not_allowed_fallback(api::no_method).fallback(site::nowhere);
    router.layer(map_response(site::unframed)).with_state(market)
}

/// How many connections there may be at one time: as many as the process may have files, less those that it needs itself.
fn slots() -> usize {
    let files = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    let files = files.and_then(|files| usize::try_from(files).ok()).unwrap_or(MOST_CONNECTIONS);
    files.saturating_sub(OWN_FILES).clamp(8, MOST_CONNECTIONS)
}
