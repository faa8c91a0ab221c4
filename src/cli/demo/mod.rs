//! `hitdeck demo`: a market on a loopback port in this process, and the desk on it, through HTTP like on any other.

mod folder;

use super::args::DemoArgs;
use super::context::Context;
use super::desk;
use super::exit::{Exit, Failure};
use super::session::Session;
use crate::app::format::plural;
use crate::config::{Danger, Endpoint, Environment, Origin};
use crate::domain::money::Usd;
use crate::market::serve::{self, Running};
use crate::market::{import, simulate};
use crate::mturk::Source;
use crate::mturk::credentials::account_of;
use crate::runtime::clock::Clock;
use folder::Folder;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The desk opens when the work is there, or after this: a large file comes in while it is open.
const HEAD_START: Duration = Duration::from_millis(250);

/// So many HITs of demo work there are when nothing is imported and nothing else is said.
const HITS: u32 = 60;

/// What a new requester of the demo holds.
const BALANCE: Usd = Usd::cents(1_000_000);

/// Runs the demo in `folder`, which was prepared by [`prepare`].
pub async fn run(context: &Context, args: &DemoArgs, folder: &Folder) -> Result<Exit, Failure> {
    desk::on_terminal(context)?;
    let is_new = folder.port()?.is_none();
    let market = start(args, folder).await?;
    let stop = CancellationToken::new();
    let mut filling = fill(&market, args, is_new, &stop);
    let early = tokio::time::timeout(HEAD_START, &mut filling).await.ok();
    let is_filled = early.is_some();
    if let Some(filled) = early {
        say(context, &told(filled)?);
    }
    let session = open(context, &market, folder)?;
    let (tell, news) = oneshot::channel();
    let filling = (!is_filled).then(|| {
        tokio::spawn(async move {
            let filled = told(filling.await);
            if let Err(failure) = &filled {
                // A desk that was left in the meantime is told by what this returns.
                let _ = tell.send(failure.to_string());
            }
            filled
        })
    });
    let left = desk::open(context, &session, Some(news)).await;
    stop.cancel();
    if let Some(filling) = filling {
        say(context, &told(filling.await.map(|filled| filled.map_err(|failure| failure.to_string())))?);
    }
    drop(session);
    market.stop().await;
    let left = left?;
    if folder.is_kept() || left.unsent == 0 {
        return Ok(left.say(context));
    }
    context.say(format_args!("{} gone with the demo", plural(left.unsent as usize, "unsent decision")));
    Ok(left.exit)
}

/// The folder of a demo: the one to keep, else one that goes with it.
pub fn prepare(args: &DemoArgs) -> Result<Folder, Failure> {
    match &args.keep {
        Some(path) => Folder::kept(path),
        None => Folder::passing(&std::env::temp_dir()),
    }
}

async fn start(args: &DemoArgs, folder: &Folder) -> Result<Running, Failure> {
    let kept = folder.is_kept();
    let options = serve::Options {
        // The store of the desk belongs to one endpoint, so a kept demo comes back to its port.
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, folder.port()?.unwrap_or(0))),
        data: kept.then(|| folder.path().join("market")),
        speed: args.speed,
        seed: args.seed,
        balance: BALANCE,
        ..serve::Options::default()
    };
    let market = serve::start(options).await.map_err(|error| Failure::Failed(error.to_string()))?;
    if kept {
        folder.keep_port(Endpoint::parse(&market.endpoint).map_err(Failure::Failed)?.port())?;
    }
    Ok(market)
}

/// Puts the work on the market, then lets the simulated workers go on with it.
fn fill(
    market: &Running,
    args: &DemoArgs,
    is_new: bool,
    stop: &CancellationToken,
) -> JoinHandle<Result<String, String>> {
    let (service, who, args, stop) = (market.service.clone(), market.requester, args.clone(), stop.clone());
    tokio::spawn(async move {
        let mut said = Vec::new();
        for path in &args.import {
            said.push(import_one(&service, who, path).await?);
        }
        let words = |error: crate::market::error::ServiceError| error.to_string();
        let hits = args.hits.unwrap_or(if args.import.is_empty() { HITS } else { 0 });
        if hits > 0 && is_new {
            let demo = simulate::publish_demo(&service, who, hits, args.seed).await.map_err(words)?;
            said.push(format!("{} HITs, {} assignments ({} undecided)", demo.hits, demo.assignments, demo.undecided));
        }
        tokio::spawn(async move {
            let publisher = (hits > 0).then_some(who);
            let people = simulate::People { workers: args.workers, publisher, seed: args.seed };
            if let Err(error) = simulate::run(service, people, stop).await {
                tracing::error!(%error, "the simulated workers stopped");
            }
        });
        Ok(said.join("\n"))
    })
}

async fn import_one(
    service: &crate::market::service::Service,
    who: crate::market::storage::RequesterKey,
    path: &Path,
) -> Result<String, String> {
    import::import_path(service, who, path).await.map_err(|error| error.to_string())
}

fn say(context: &Context, words: &str) {
    if !words.is_empty() {
        context.say(words);
    }
}

/// What filling the market came to.
fn told(filled: Result<Result<String, String>, tokio::task::JoinError>) -> Result<String, Failure> {
    filled.unwrap_or_else(|error| Err(format!("the market could not be filled: {error}"))).map_err(Failure::Failed)
}

/// The desk's side: an environment of its own, which no configuration knows, with the market's keys and clock.
fn open(context: &Context, market: &Running, folder: &Folder) -> Result<Session, Failure> {
    let mut settings = context.settings_elsewhere()?;
    settings.environment = Environment {
        name: "demo".to_owned(),
        endpoint: Endpoint::parse(&market.endpoint).map_err(Failure::Failed)?,
        origin: Origin::Environment,
        profile: None,
        danger: Danger::Play,
        worker_site: market.endpoint.clone(),
    };
    settings.paths.data = folder.path().join("desk");
    let source = Source::Given {
        access_key_id: market.access_key_id.clone(),
        secret_access_key: market.secret_access_key.clone(),
        session_token: None,
    };
    let account = account_of(&market.access_key_id);
    let clock = market.clock.clone();
    Session::open_as(context, settings, source, account, Clock::with_time(move || clock.now().time()))
}
