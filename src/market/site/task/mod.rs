//! What stands inside a page of the site and comes from a requester: pages in frames without an origin, forms of questions, tests;
//! and what came of it: statements of what was paid.

mod exam;
mod files;
mod form;
mod frame;
mod place;
mod posted;
mod rewrite;
mod statements;

pub use files::file as script;
pub use frame::{PREVIEW, SANDBOX};
pub use place::with_query;
pub use posted::read as read_posted;
pub use rewrite::rewrite;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::page::Sources;
use super::session::Session;
use super::trouble::Trouble;
use crate::domain::id::HitId;
use crate::market::Market;
use crate::market::storage::Held;
use crate::question::asked::{self, Asked};

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
    Ok(embed(&question, &format!("/preview/{hit}"), form::preview))
}

/// A HIT that this worker holds an assignment of.
pub async fn frame(market: &Arc<Market>, session: &Session, held: &Held) -> Result<Embedded, Trouble> {
    let question = market.service.asked_of(session.key, &held.id).await?;
    let path = market.service.task_path(session.key, &held.id).await?;
    let action = form::path(&held.id);
    Ok(embed(&question, &format!("/task/{path}"), |asked| form::fill_in(asked, &action, &session.csrf, None, &[])))
}

/// A question as it stands in a page: a form of our own, or a frame of what is at `path`.
fn embed(
    question: &str,
    path: &str,
    as_form: impl FnOnce(&crate::question::question_form::QuestionForm) -> Embedded,
) -> Embedded {
    match asked::read(question).map(|checked| checked.value) {
        Ok(Asked::Form(form)) => as_form(&form),
        Ok(Asked::Html { frame_height, .. }) => in_frame(path, frame_height, ("", "'self'")),
        Ok(Asked::External { url, frame_height }) => {
            // A page of another site keeps its own origin, which is not ours: else it could not use what its site keeps for it.
            // The frame leads nowhere else but back to us, where no page that runs anything can stand in it with an origin.
            let plain = place::origin_of(&url).filter(|origin| origin.starts_with("http://")).unwrap_or_default();
            in_frame(path, frame_height, (" allow-same-origin", &format!("'self' https: {plain}")))
        }
        Err(_) => Embedded {
            html: "<p class=\"note bad\">What this HIT asks cannot be shown. Return it; its requester has to make it anew.</p>"
                .to_owned(),
            sources: Sources::none(),
        },
    }
}

fn in_frame(path: &str, height: u32, (more, sources): (&str, &str)) -> Embedded {
    let (class, height) = match height {
        0 => (" fit", String::new()),
        pixels => ("", format!(" height=\"{}\"", pixels.min(20_000))),
    };
    let sandbox = frame::SANDBOX;
    let html = format!(
        "<link rel=\"stylesheet\" href=\"/crowd/task.css\"><script src=\"/crowd/task.js\" defer></script>\n\
         <iframe class=\"task-frame{class}\" src=\"{path}\"{height} title=\"The task\" sandbox=\"{sandbox}{more}\" \
         allow=\"fullscreen; autoplay; clipboard-write\" referrerpolicy=\"no-referrer\"></iframe>"
    );
    Embedded { html, sources: Sources { frames: sources.trim_end().to_owned(), media: false } }
}
