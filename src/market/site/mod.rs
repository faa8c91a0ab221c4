//! The worker site: what people see in a browser.
//!
//! A request passes the [`guard`] (limits, headers, log), then a handler. A handler takes a [`Session`] if only those who are
//! signed in may come there, and a [`SignedForm`] if it changes something: that one refuses what another site made the browser send.
//! Pages are rendered by [`page`], refusals by [`Trouble`].

mod assets;
mod cookie;
mod form;
mod front;
mod guard;
mod join;
mod limits;
mod page;
mod session;
mod sign_in;
mod trouble;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use tokio::sync::Semaphore;

use super::Market;
use super::storage::SiteRow;
pub use front::{health, nowhere};
use limits::{Guesses, Rates};

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
}

/// What those are told who write invitations beside the market.
pub fn row(options: &SiteOptions, endpoint: &str) -> SiteRow {
    let url = options.url.as_deref().unwrap_or(endpoint).trim_end_matches('/').to_owned();
    SiteRow { name: options.name.clone(), url, retention: options.retention }
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
        .layer(from_fn_with_state(Arc::clone(market), guard::guard))
}
