//! The worker site: what people see in a browser.
//!
//! A request passes the [`guard`] (limits, headers, log), then a handler. A handler takes a [`Session`] if only those who are
//! signed in may come there, and a [`SignedForm`] if it changes something: that one refuses what another site made the browser send.
//! Pages are rendered by [`page`], refusals by [`Trouble`].

mod account;
mod assets;
mod cookie;
mod form;
mod front;
mod group;
mod groups;
mod guard;
mod history;
mod join;
mod known_paths;
mod limits;
mod messages;
mod page;
mod place;
mod qualifications;
mod queue;
mod requirements;
mod session;
mod sign_in;
mod task;
mod trouble;
mod words;
mod work;

/// What shows requesters' pages, for whoever shows them without a market.
pub mod embed {
    pub use super::place::with_query;
    pub use super::task::{PREVIEW, SANDBOX, read_posted, rewrite, script};
}

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_util::sync::CancellationToken;

use super::Market;
use super::clock::wall_millis;
use super::service::Service;
use super::storage::SiteRow;
pub use front::{health, nowhere};
pub use guard::unframed;
use limits::{Guesses, Rates};
use trouble::Trouble;

/// How often it is looked for what is older than the retention time.
const FORGET_EVERY: Duration = Duration::from_secs(3_600);
/// How long a passcode waits for being hashed at most.
const HASHING: Duration = Duration::from_secs(10);

/// What the operator says about the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteOptions {
    /// What it is called.
    pub name: String,
    /// Where people reach it, without a slash at the end; the endpoint when nothing is said.
    pub url: Option<String>,
    /// What the privacy notice says besides what is true of every market: who runs it, how to reach them.
    pub notice: Option<String>,
    /// After how many days without a sign of them what is left of a person goes; never when none.
    pub retention: Option<u32>,
}

impl Default for SiteOptions {
    fn default() -> SiteOptions {
        SiteOptions { name: "hitdeck market".into(), url: None, notice: None, retention: Some(365) }
    }
}

/// What the site keeps while it runs.
pub struct Site {
    options: SiteOptions,
    guesses: Guesses,
    rates: Rates,
    /// So many passcodes are hashed at one time: each takes memory and a core.
    hashing: Semaphore,
}

impl Site {
    /// A site that nobody has visited.
    pub fn new(options: SiteOptions) -> Site {
        Site { options, guesses: Guesses::default(), rates: Rates::default(), hashing: Semaphore::new(2) }
    }

    /// A place among those whose passcodes are hashed now. Who has to wait for long is asked to come again.
    async fn hashing(&self) -> Result<SemaphorePermit<'_>, Trouble> {
        match tokio::time::timeout(HASHING, self.hashing.acquire()).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) => Err(Trouble::Failed),
            Err(_) => Err(Trouble::TooMuch(HASHING.as_secs())),
        }
    }
}

/// What those are told who write invitations beside the market.
pub fn row(options: &SiteOptions, endpoint: &str) -> SiteRow {
    let url = options.url.as_deref().unwrap_or(endpoint).trim_end_matches('/').to_owned();
    SiteRow { name: options.name.clone(), url, retention: options.retention }
}

/// Takes away what is older than the retention time, now and every hour, until it is told to stop.
pub async fn forget(service: Service, days: u32, stop: CancellationToken) {
    loop {
        match service.forget_old(days, wall_millis()).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "workers who were not here for the retention time were anonymized"),
            Err(error) => tracing::error!(%error, "what is older than the retention time could not be taken away"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(FORGET_EVERY) => {}
        }
    }
}

/// All paths of the site.
pub fn router(market: &Arc<Market>) -> Router<Arc<Market>> {
    Router::new()
        .route("/", get(front::landing))
        .route("/privacy", get(front::privacy))
        .route("/signin", get(sign_in::show).post(sign_in::enter))
        .route("/signout", get(sign_in::ask_to_leave).post(sign_in::leave))
        .route("/join/{secret}", get(join::show).post(join::join))
        .route("/site/{file}", get(assets::file))
        .route("/work", get(groups::list))
        .route("/work/groups/{group}", get(group::show))
        .route("/work/groups/{group}/preview", get(group::preview))
        .route("/work/hits/{hit}", get(group::of_hit))
        .route("/work/accept", post(group::accept))
        .route("/work/auto", post(work::set_auto_next))
        .route("/work/go-on", post(work::go_on))
        .route("/work/assignments/{assignment}", get(work::show))
        .route("/work/assignments/{assignment}/state", get(work::state))
        .route("/work/assignments/{assignment}/return", post(work::give_back))
        .route("/queue", get(queue::show))
        .route("/history", get(history::list))
        .route("/history/{assignment}", get(history::show))
        .route("/history/{assignment}/answer", post(history::answer))
        .route("/qualifications", get(qualifications::list))
        .route("/qualifications/{type}", get(qualifications::show))
        .route("/qualifications/{type}/request", post(qualifications::request))
        .route("/messages", get(messages::list))
        .route("/account", get(account::show))
        .route("/account/profile", post(account::save_profile))
        .route("/account/passcode", post(account::save_passcode))
        .route("/account/sessions", post(account::end_others))
        .route("/account/hook", post(account::save_hook))
        .route("/account/export", get(account::export))
        .merge(known_paths::routes())
        .merge(task::routes())
        .layer(from_fn_with_state(Arc::clone(market), guard::guard))
}
