//! What stands inside a page of the site and comes from a requester: pages in frames without an origin, forms of questions, tests;
//! and what came of it: statements of what was paid.

mod exam;
mod files;
mod form;
mod frame;
mod posted;
mod rewrite;
mod statements;

pub use files::file as script;
pub use frame::{PREVIEW, SANDBOX};
pub use posted::read as read_posted;
pub use rewrite::rewrite;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::page::Sources;
use super::place;
use super::session::Session;
use super::trouble::Trouble;
use crate::domain::id::HitId;
use crate::market::Market;
use crate::market::storage::Held;
use crate::question::asked::{self, Asked};
use crate::question::question_form::QuestionForm;

/// A requester's page inside one of the site's.
pub struct Embedded {
    /// A frame, or a form of the site's own: put into the page as it is.
    pub html: String,
    /// Where what is in it may come from.
    pub sources: Sources,
}

/// The paths of requesters' pages.
pub fn routes() -> Router<Arc<Market>> {
    let submit = || get(frame::submit).post(frame::submit);
    let submit_preview = || get(frame::submit_preview).post(frame::submit_preview);
    Router::new()
        .route("/task/{path}", get(frame::enter))
        .route("/task/{path}/page", get(frame::show))
        .route("/task/{path}/mturk/externalSubmit", submit())
        .route("/task/{path}/externalSubmit", submit())
        .route("/preview/{hit}", get(frame::enter_preview))
        .route("/preview/{hit}/page", get(frame::show_preview))
        .route("/preview/mturk/externalSubmit", submit_preview())
        .route("/preview/{hit}/mturk/externalSubmit", submit_preview())
        .route("/mturk/externalSubmit", get(frame::submit_bare).post(frame::submit_bare))
        .route("/work/assignments/{assignment}/answers", post(form::hand_in))
        .route("/qualifications/{type}/test", get(exam::show).post(exam::hand_in))
        .route("/crowd/{file}", get(files::file))
        .route("/statements", get(statements::list))
        .route("/statements/{payout}", get(statements::show))
        .route("/statements/{payout}/csv", get(statements::csv))
        // Answers have their own limit.
        .layer(DefaultBodyLimit::disable())
}

/// A HIT that nobody has accepted.
pub async fn preview(market: &Arc<Market>, session: &Session, hit: &HitId) -> Result<Embedded, Trouble> {
    let question = market.service.previewed(hit, session.key).await?;
    let place = Place { path: format!("/preview/{hit}"), is_held: false };
    Ok(embed(market, session, &question, &place, form::preview))
}

/// A HIT that this worker holds an assignment of.
pub async fn frame(market: &Arc<Market>, session: &Session, held: &Held) -> Result<Embedded, Trouble> {
    let question = market.service.asked_of(session.key, &held.id).await?;
    let path = market.service.task_path(session.key, &held.id).await?;
    let (place, action) = (Place { path: format!("/task/{path}"), is_held: true }, form::path(&held.id));
    Ok(embed(market, session, &question, &place, |asked| form::fill_in(asked, &action, &session.csrf, None, &[])))
}

/// Whether an address of a requester's is one of this site, by whatever spelling, or none that could be told from one. `site` is where
/// the browser found the site; the operator can have named another place.
fn is_own(market: &Market, site: Option<&str>, url: &str) -> bool {
    let Some(origin) = place::origin_of(url) else { return true };
    let own = [site, market.site.options.url.as_deref()].into_iter().flatten();
    site.is_none() || own.filter_map(place::origin_of).any(|own| place::is_same_place(&own, &origin))
}

/// Where a frame begins.
struct Place {
    path: String,
    /// Whether the worker has accepted what is in it.
    is_held: bool,
}

/// A question as it stands in a page: a form of our own, or a frame.
fn embed(
    market: &Market,
    session: &Session,
    question: &str,
    place: &Place,
    as_form: impl FnOnce(&QuestionForm) -> Embedded,
) -> Embedded {
    match asked::read(question).map(|checked| checked.value) {
        Ok(Asked::Form(form)) => as_form(&form),
        Ok(Asked::External { url, frame_height }) if !is_own(market, session.origin.as_deref(), &url) => {
            // A page of another site keeps its own origin, which is not ours: else it could not use what its site keeps for it.
            // Should it lead the frame back to us, nothing stands there: our own pages cannot be framed, and requesters' pages
            // say themselves that they have no origin.
            let plain = place::origin_of(&url).map(|origin| origin.ascii_serialization());
            let plain = plain.filter(|origin| origin.starts_with("http://")).unwrap_or_default();
            in_frame(place, frame_height, " allow-same-origin", format!("'self' https: {plain}").trim_end())
        }
        Ok(Asked::Html { frame_height, .. } | Asked::External { frame_height, .. }) => {
            in_frame(place, frame_height, "", "'self'")
        }
        Err(_) => Embedded {
            html: "<p class=\"note bad\">What this HIT asks cannot be shown. Return it; its requester has to make it anew.</p>"
                .to_owned(),
            sources: Sources::none(),
        },
    }
}

fn in_frame(place: &Place, height: u32, more: &str, frames: &str) -> Embedded {
    let (class, height) = match height {
        0 => (" fit", String::new()),
        pixels => ("", format!(" height=\"{}\"", pixels.min(20_000))),
    };
    let sandbox = frame::SANDBOX;
    // Where work is done, the worker may be asked for sound and pictures; the page can have come from anywhere.
    let devices = if place.is_held { "; camera *; microphone *" } else { "" };
    let html = format!(
        "<link rel=\"stylesheet\" href=\"/crowd/task.css\"><script src=\"/crowd/task.js\" defer></script>\n\
         <iframe class=\"task-frame{class}\" src=\"{}\"{height} title=\"The task\" sandbox=\"{sandbox}{more}\" \
         allow=\"fullscreen; autoplay; clipboard-write{devices}\" referrerpolicy=\"no-referrer\"></iframe>",
        place.path
    );
    let sources = Sources { frames: frames.to_owned(), devices: place.is_held, ..Sources::none() };
    Embedded { html, sources }
}
