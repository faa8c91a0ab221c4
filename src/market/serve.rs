//! A market on a port.

use std::fs::{DirBuilder, File, OpenOptions};
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use axum::routing::{any, get, post};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use super::accounts::{Accounts, Keyring};
use super::api::Cut;
use super::clock::{Clock, Moment, wall_millis};
use super::error::MarketError;
use super::faults::{FaultPlan, Faults};
use super::id::Mint;
use super::service::{Service, settle};
use super::storage::{Place, RequesterKey, Storage};
use super::tally::Tally;
use super::{Market, api, control, deliver, site};
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
    /// Where notifications go.
    pub notify: deliver::Options,
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
            notify: deliver::Options::default(),
        }
    }
}

/// A market that is running. Dropping it stops it without waiting.
pub struct Running {
    /// `http://host:port`
    pub endpoint: String,
    /// The first requester's access key.
    pub access_key_id: String,
    /// The first requester's secret.
    pub secret_access_key: String,
    /// The market's clock.
    pub clock: Clock,
    /// The operations, in process.
    pub service: Service,
    /// The first requester.
    pub requester: RequesterKey,
    stop: DropGuard,
    tasks: TaskTracker,
    /// Held as long as the market runs: one process serves a market.
    _lock: Option<File>,
}

/// The name of the requester that every market has.
const FIRST_REQUESTER: &str = "requester";
/// How long requests in flight may take when the market stops.
const GRACE: Duration = Duration::from_secs(5);

/// Opens the data, listens, and serves until it is stopped.
pub async fn start(options: Options) -> Result<Running, MarketError> {
    if options.control && !options.listen.ip().is_loopback() {
        return Err(MarketError::ControlBeyondLoopback(options.listen));
    }
    let (place, ring, lock, mint) = match &options.data {
        None => (Place::Memory, Keyring::random(), None, Mint::seeded(options.seed)),
        Some(directory) => {
            let lock = prepare(directory)?;
            let ring = Keyring::of_directory(directory)?;
            (Place::Directory(directory.clone()), ring, Some(lock), Mint::random())
        }
    };
    let clock = clock(&place, options.speed)?;
    let storage = Storage::open(place, &clock, mint, settle)?;
    let service = Service::new(storage, clock.clone(), options.fees.clone());
    let first = match service.requesters().await?.into_iter().next() {
        Some(first) => first,
        None => {
            let added = service.add_requester(FIRST_REQUESTER, options.balance).await?;
            added.ok_or_else(|| MarketError::RequesterExists(FIRST_REQUESTER.into()))?
        }
    };

    let listen = |source| MarketError::Listen { address: options.listen, source };
    let listener = TcpListener::bind(options.listen).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let market = Arc::new(Market {
        service: service.clone(),
        accounts: Accounts::new(service.clone(), ring.clone()),
        faults: FaultPlan::new(options.faults, options.seed, options.latency, options.rate),
        tally: Tally::default(),
        balance: options.balance,
        pages: Arc::default(),
    });
    let stop = CancellationToken::new();
    let tasks = TaskTracker::new();
    let private = options.notify.private || options.listen.ip().is_loopback();
    let notify = deliver::Options { private, ..options.notify };
    tasks.spawn(deliver::run(service.clone(), notify, stop.clone()));
    tasks.spawn(accept(listener, router(market, options.control), stop.clone(), tasks.clone()));
    Ok(Running {
        endpoint: format!("http://{address}"),
        secret_access_key: ring.secret(&first.access_key),
        access_key_id: first.access_key,
        clock,
        service,
        requester: first.key,
        stop: stop.drop_guard(),
        tasks,
        _lock: lock,
    })
}

impl Running {
    /// Stops listening, lets what is in flight finish, and closes.
    pub async fn stop(self) {
        drop(self.stop);
        self.tasks.close();
        if tokio::time::timeout(GRACE, self.tasks.wait()).await.is_err() {
            tracing::warn!("some connections were still busy when the market stopped");
        }
    }
}

/// Makes the directory (0700) and the database file (0600), and takes the lock.
fn prepare(directory: &Path) -> Result<File, MarketError> {
    let failed = |what, path: &Path| {
        let path = path.to_owned();
        move |source| MarketError::File { what, path, source }
    };
    DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(failed("create", directory))?;
    let private = |name: &str| {
        let path = directory.join(name);
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true).mode(0o600).open(&path).map_err(failed("open", &path))
    };
    private("market.db")?;
    let lock = private("market.lock")?;
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::NonBlockingLockExclusive)
        .map_err(|_| MarketError::Busy(directory.to_owned()))?;
    Ok(lock)
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
    let mut router =
        Router::new().route("/", post(api::answer).get(site::landing)).route("/healthz", get(|| async { "ok\n" }));
    if with_control {
        router = router.route(&format!("{}{{name}}", control::PREFIX), any(control::answer));
    }
    router.with_state(market)
}

async fn accept(listener: TcpListener, router: Router, stop: CancellationToken, tasks: TaskTracker) {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                tasks.spawn(connection(stream, router.clone(), stop.clone()));
            }
            Err(error) => {
                // Out of file descriptors, or a connection that went away: the next one may be fine.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

/// The connection is cut in place of a response.
#[derive(Debug, thiserror::Error)]
#[error("the connection is cut on purpose")]
struct CutOnPurpose;

async fn connection(stream: TcpStream, router: Router, stop: CancellationToken) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection was gone before it was served");
        return;
    }
    let routes = TowerToHyperService::new(router);
    let service = service_fn(move |request: Request<Incoming>| {
        let answered = routes.call(request);
        async move {
            let response: Response<Body> = match answered.await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            if response.extensions().get::<Cut>().is_some() { Err(CutOnPurpose) } else { Ok(response) }
        }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new());
    let mut connection = builder.serve_connection(TokioIo::new(stream), service);
    let result = tokio::select! {
        result = &mut connection => result,
        () = stop.cancelled() => {
            std::pin::Pin::new(&mut connection).graceful_shutdown();
            (&mut connection).await
        }
    };
    if let Err(error) = result
        && error.is_user()
    {
        // Let the client see a reset and not an orderly end.
        let stream = connection.into_parts().io.into_inner();
        if let Err(error) = stream.set_zero_linger() {
            tracing::debug!(%error, "a connection that was to be cut was gone already");
        }
    }
}
