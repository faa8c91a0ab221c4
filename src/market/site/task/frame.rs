//! Requesters' pages in frames without an origin: what runs in them can reach neither the worker's session, nor the API, nor another
//! assignment. The path is the only thing that a page knows, and it is good for one acceptance.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{is_own, posted, rewrite};
use crate::domain::id::{AssignmentId, HitId};
use crate::market::connection::Caller;
use crate::market::error::{Refusal, ServiceError};
use crate::market::site::form::is_foreign;
use crate::market::site::page;
use crate::market::site::place::{origin, with_query};
use crate::market::site::session::Session;
use crate::market::site::trouble::Trouble;
use crate::market::{Market, answers};
use crate::question::asked::{self, Asked};
use crate::question::write::html_text;

/// What previews have in place of an `AssignmentId`.
pub const PREVIEW: &str = "ASSIGNMENT_ID_NOT_AVAILABLE";
/// What a page in a frame may do. Not: have an origin, navigate the page around it.
pub const SANDBOX: &str =
    "allow-scripts allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-downloads";

/// The documented parameters of a task's page.
struct Given<'g> {
    assignment: &'g str,
    hit: &'g str,
    /// None in previews.
    worker: Option<&'g str>,
    submit_to: &'g str,
}

impl Given<'_> {
    fn add_to(&self, url: &str) -> String {
        let mut pairs = vec![("assignmentId", self.assignment), ("hitId", self.hit)];
        pairs.extend(self.worker.map(|worker| ("workerId", worker)));
        pairs.push(("turkSubmitTo", self.submit_to));
        with_query(url, &pairs)
    }
}

/// `GET /task/{path}`: on to the page, with its parameters.
pub async fn enter(State(market): State<Arc<Market>>, Path(path): Path<String>, request: Request) -> Response {
    let parts = request.into_parts().0;
    let found = market.service.task_at(&path).await;
    let (Ok(Some((task, question))), Some(site)) = (&found, origin(&parts)) else { return lost(found.map(drop)) };
    let submit_to = format!("{site}/task/{path}");
    let (assignment, worker) = (task.assignment.as_str(), Some(task.worker_id.as_str()));
    let given = Given { assignment, hit: &task.hit, worker, submit_to: &submit_to };
    lead(&market, question, &given, &site)
}

/// `GET /preview/{hit}`: the same for a HIT that is looked at.
pub async fn enter_preview(State(market): State<Arc<Market>>, Path(hit): Path<String>, request: Request) -> Response {
    match previewed(&market, &hit, request.into_parts().0).await {
        Ok((question, site)) => {
            let submit_to = format!("{site}/preview");
            lead(
                &market,
                &question,
                &Given { assignment: PREVIEW, hit: &hit, worker: None, submit_to: &submit_to },
                &site,
            )
        }
        Err(trouble) => trouble.into_response(),
    }
}

/// What is asked by a HIT that this worker may look at, and where the site is.
async fn previewed(market: &Arc<Market>, hit: &str, mut parts: Parts) -> Result<(String, String), Trouble> {
    let session = Session::from_request_parts(&mut parts, market).await?;
    let id = HitId::parse(hit).map_err(|_| Trouble::Nowhere("There is no such HIT."))?;
    let question = market.service.previewed(&id, session.key).await?;
    let site = origin(&parts).ok_or_else(|| Trouble::bad("The address of this site cannot be told."))?;
    Ok((question, site))
}

fn lead(market: &Market, question: &str, given: &Given<'_>, site: &str) -> Response {
    let target = match asked::read(question).map(|checked| checked.value) {
        Ok(Asked::Html { .. }) if given.worker.is_some() => given.add_to(&format!("{}/page", given.submit_to)),
        Ok(Asked::Html { .. }) => given.add_to(&format!("{}/{}/page", given.submit_to, given.hit)),
        Ok(Asked::External { url, .. }) if !is_own(market, Some(site), &url) => given.add_to(&url),
        Ok(Asked::External { .. }) => {
            return say(
                StatusCode::OK,
                "This task cannot be shown",
                "Its page is at an address of this site, where no task is.",
            );
        }
        _ => return say(StatusCode::OK, "This task cannot be shown", "Return it; its requester has to make it anew."),
    };
    let mut response = page::to(&target);
    set_headers(&mut response, false);
    response
}

/// `GET /task/{path}/page`
pub async fn show(State(market): State<Arc<Market>>, Path(path): Path<String>, request: Request) -> Response {
    let parts = request.into_parts().0;
    let found = market.service.task_at(&path).await;
    let (Ok(Some((_, question))), Some(site)) = (&found, origin(&parts)) else { return lost(found.map(drop)) };
    html_page(question, &site, &format!("{site}/task/{path}"), &parts)
}

/// `GET /preview/{hit}/page`
pub async fn show_preview(State(market): State<Arc<Market>>, Path(hit): Path<String>, request: Request) -> Response {
    let parts = request.into_parts().0;
    match previewed(&market, &hit, parts.clone()).await {
        Ok((question, site)) => html_page(&question, &site, &format!("{site}/preview"), &parts),
        Err(trouble) => trouble.into_response(),
    }
}

fn html_page(question: &str, site: &str, submit_to: &str, parts: &Parts) -> Response {
    let Ok(Asked::Html { content, .. }) = asked::read(question).map(|checked| checked.value) else {
        return say(StatusCode::NOT_FOUND, "There is no page here", "");
    };
    let is_secure = parts.extensions.get::<Caller>().is_some_and(|caller| caller.is_secure);
    html(StatusCode::OK, rewrite::rewrite(&content, site, submit_to), is_secure)
}

/// `GET` and `POST /task/{path}/mturk/externalSubmit`: the end of one acceptance.
pub async fn submit(State(market): State<Arc<Market>>, Path(path): Path<String>, request: Request) -> Response {
    let found = market.service.task_at(&path).await;
    let Ok(Some((task, _))) = &found else { return readable(lost(found.map(drop))) };
    let fields = match posted::read(request).await {
        Ok(fields) => fields,
        Err(trouble) => return readable(refused(trouble)),
    };
    let of = fields.iter().find(|(name, value)| name == "assignmentId" && !value.is_empty());
    if of.is_some_and(|(_, of)| *of != task.assignment) {
        let words = "The page names another assignment than the one that you hold. Nothing was handed in.";
        return readable(say(StatusCode::FORBIDDEN, "That is another assignment", words));
    }
    let handed_in = market.service.submit_at(&path, document(fields)).await;
    readable(match handed_in {
        Ok(Some(_)) => say(StatusCode::OK, "Handed in", "Thank you. Go on with the page around this one."),
        other => lost(other.map(drop)),
    })
}

/// `GET` and `POST /preview/mturk/externalSubmit`: nothing is handed in from a preview.
pub async fn submit_preview() -> Response {
    readable(preview_only())
}

fn preview_only() -> Response {
    let words = "This was a preview: nothing was handed in. Accept the HIT on the page around this one, then answer.";
    say(StatusCode::FORBIDDEN, "Accept the HIT first", words)
}

/// `GET` and `POST /mturk/externalSubmit`: pages that know Amazon's path only. It is good for the worker who holds the assignment,
/// from a page of this site.
pub async fn submit_bare(State(market): State<Arc<Market>>, request: Request) -> Result<Response, Trouble> {
    let (parts, body) = request.into_parts();
    let host = parts.extensions.get::<Caller>().and_then(|caller| caller.host.clone());
    let is_foreign = is_foreign(&parts.headers, host.as_ref());
    let session = Session::find(&market, &parts).await?;
    let words = "Answers are taken here from the worker who holds the assignment, and from no other site. Nothing was handed in.";
    let none = || say(StatusCode::FORBIDDEN, "Nobody is signed in here", words);
    let (Some(session), false) = (session, is_foreign) else { return Ok(none()) };
    let fields = posted::read(Request::from_parts(parts, body)).await?;
    let of = fields.iter().find(|(name, _)| name == "assignmentId").map_or("", |(_, of)| of.as_str());
    if of == PREVIEW {
        return Ok(preview_only());
    }
    let id = AssignmentId::parse(of).map_err(|_| Trouble::bad("The form names no assignment (assignmentId)."))?;
    market.service.submit_of(session.key, &id, document(fields)).await?;
    Ok(page::to(&format!("/work/assignments/{id}")))
}

fn document(fields: Vec<(String, String)>) -> String {
    let fields = posted::joined(fields);
    answers::from_fields(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

/// A page whose path leads nowhere, or could not be followed.
fn lost(found: Result<(), ServiceError>) -> Response {
    match found {
        Ok(()) => {
            let words = "It was handed in or returned, or its time was over. Go on with the page around this one.";
            say(StatusCode::GONE, "This task is over", words)
        }
        Err(ServiceError::Refused(refusal @ Refusal::Document(_))) => {
            say(StatusCode::BAD_REQUEST, "These answers cannot be kept", &refusal.to_string())
        }
        Err(ServiceError::Refused(refusal)) => say(StatusCode::CONFLICT, "That is not possible", &refusal.to_string()),
        Err(ServiceError::Failed(error)) => {
            tracing::error!(%error, "a task's page could not be served");
            let words = "Nothing was handed in. Go back and try again in a while.";
            say(StatusCode::SERVICE_UNAVAILABLE, "The market has a problem", words)
        }
    }
}

fn refused(trouble: Trouble) -> Response {
    match trouble {
        Trouble::Refused(status, words) => say(status, "That is not possible", &words),
        _ => say(StatusCode::BAD_REQUEST, "That is not possible", "Nothing was handed in."),
    }
}

/// A page of our own inside the frame.
fn say(status: StatusCode, title: &str, words: &str) -> Response {
    let (title, words) = (html_text(title), html_text(words));
    let text = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title><style>body{{font:1rem/1.5 system-ui,sans-serif;color:#1b2320;background:#fff;margin:3rem auto;\
         max-width:36rem;padding:0 1rem;text-align:center}}h1{{font-size:1.4rem}}</style></head>\
         <body><h1>{title}</h1><p>{words}</p></body></html>\n"
    );
    html(status, text, false)
}

fn html(status: StatusCode, text: String, is_secure: bool) -> Response {
    let mut response = (status, text).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    set_headers(&mut response, is_secure);
    response
}

/// Whatever runs in a page has no origin, may load what real tasks load, and stands in a frame of this site only. `is_secure`: what
/// it loads without encryption is loaded with it.
fn set_headers(response: &mut Response, is_secure: bool) {
    let plain = if is_secure { "" } else { " http: ws:" };
    let upgrade = if is_secure { "; upgrade-insecure-requests" } else { "" };
    let policy = format!(
        "sandbox {SANDBOX}; default-src https:{plain} data: blob:; script-src 'unsafe-inline' 'unsafe-eval' https:{plain} data: blob:; \
         style-src 'unsafe-inline' https:{plain}; img-src * data: blob:; media-src * data: blob:; font-src https:{plain} data:; \
         connect-src https: wss:{plain} data: blob:; frame-src https:{plain} data: blob:; frame-ancestors 'self'{upgrade}"
    );
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(page::PERMISSIONS, page::WITH_DEVICES);
    // The path is a secret of this frame: other sites learn which market it is and no more.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("unsafe-none"));
}

/// A script that hands in may read that it did: a path is known to its page alone, and no credentials go with it.
fn readable(mut response: Response) -> Response {
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}
