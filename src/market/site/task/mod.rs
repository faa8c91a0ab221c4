//! What stands inside a page of the site and comes from a requester.

use std::sync::Arc;

use axum::Router;

use super::session::Session;
use super::trouble::Trouble;
use crate::domain::id::HitId;
use crate::market::Market;
use crate::market::storage::Held;

/// A requester's page inside one of the site's.
pub struct Embedded {
    /// A frame, or a form of the site's own: put into the page as it is.
    pub html: String,
    /// Where frames in it may come from, as a content security policy names it.
    pub frames: String,
}

/// The paths of requesters' pages.
pub fn routes() -> Router<Arc<Market>> {
    Router::new()
}

/// A HIT that nobody has accepted.
pub async fn preview(_market: &Arc<Market>, _session: &Session, hit: &HitId) -> Result<Embedded, Trouble> {
    Ok(Embedded { html: format!("<p>HIT <span class=\"id\">{hit}</span></p>"), frames: "'none'".into() })
}

/// A HIT that this worker holds an assignment of.
pub async fn frame(_market: &Arc<Market>, _session: &Session, held: &Held) -> Result<Embedded, Trouble> {
    Ok(Embedded { html: format!("<p>HIT <span class=\"id\">{}</span></p>", held.hit), frames: "'none'".into() })
}
