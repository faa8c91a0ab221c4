//! The work itself: an assignment that this worker holds, with the time left in view.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use minijinja::context;

use super::form::SignedForm;
use super::group::accept_next;
use super::session::{Section, Session};
use super::trouble::Trouble;
use super::{page, task};
use crate::domain::id::AssignmentId;
use crate::market::Market;
use crate::market::storage::{Group, Held, TypeKey};

/// What is said of an assignment that this worker does not hold.
const NOT_HELD: &str = "You do not hold this assignment: it was handed in or returned, or its time was over.";

/// An assignment that this worker holds, and its group.
pub async fn held(market: &Market, session: &Session, id: &str) -> Result<Option<(Held, Group)>, Trouble> {
    let (key, id) = (session.key, id.to_owned());
    let found = market.service.read(move |view| match view.held_by(key, &id)? {
        Some(held) => {
            let group = view.group_at(held.of)?;
            Ok(Some((held, group)))
        }
        None => Ok(None),
    });
    Ok(found.await?)
}

/// `GET /work/assignments/{assignment}`
pub async fn show(
    State(market): State<Arc<Market>>,
    session: Session,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let Some((held, group)) = held(&market, &session, &id).await? else { return gone(&market, &session, &id).await };
    let embedded = task::frame(&market, &session, &held).await?;
    Ok(around(&market, &session, &held, &group, &embedded))
}

/// The page around what an assignment asks.
pub fn around(market: &Market, session: &Session, held: &Held, group: &Group, embedded: &task::Embedded) -> Response {
    let now = market.service.clock().now().time();
    let with = context! {
        embedded => &embedded.html,
        wide => true,
        assignment => held.id.as_str(),
        group => &group.id,
        title => &group.title,
        description => &group.description,
        requester => &group.requester_name,
        reward => group.reward.display(),
        left => (held.deadline - now).0,
        deadline => held.deadline.0,
        auto_next => session.account.auto_next,
    };
    session.page_with_sources(market, Section::Work, "assignment.html", with, &embedded.sources)
}

/// The page of an assignment that this worker has handed in, or a word on why there is none.
pub async fn gone(market: &Market, session: &Session, id: &str) -> Result<Response, Trouble> {
    let (key, wanted) = (session.key, id.to_owned());
    match market.service.read(move |view| Ok(view.done_by(key, &wanted)?)).await? {
        Some(done) => Ok(page::to(&format!("/history/{}", done.id))),
        None => Err(Trouble::Nowhere(NOT_HELD)),
    }
}

/// `GET /work/assignments/{assignment}/state`: for the script around a frame, which cannot look into it.
pub async fn state(
    State(market): State<Arc<Market>>,
    session: Session,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let is_held = held(&market, &session, &id).await?.is_some();
    let mut response = if is_held { "held" } else { "over" }.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    Ok(response)
}

/// `POST /work/assignments/{assignment}/return`
pub async fn give_back(
    State(market): State<Arc<Market>>,
    Path(id): Path<String>,
    form: SignedForm,
) -> Result<Response, Trouble> {
    let session = form.session;
    let (held, group) = held(&market, &session, &id).await?.ok_or(Trouble::Nowhere(NOT_HELD))?;
    market.service.give_back_of(session.key, &held.id).await?;
    Ok(session.to(&format!("/work/groups/{}", group.id), "returned"))
}

/// `POST /work/auto`: whether the next HIT is accepted after a submission. Nothing is answered, so that the page stays as it is: what
/// is filled in there is not lost.
pub async fn set_auto_next(State(market): State<Arc<Market>>, form: SignedForm) -> Result<Response, Trouble> {
    let SignedForm { session, fields } = form;
    market.service.set_auto_next(session.key, fields.is_ticked("on")).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /work/go-on`: from a page whose frame may have handed in the assignment, to what comes next.
pub async fn go_on(State(market): State<Arc<Market>>, form: SignedForm) -> Result<Response, Trouble> {
    let SignedForm { session, fields } = form;
    let id = AssignmentId::parse(fields.text("assignment")).map_err(|_| Trouble::Nowhere(NOT_HELD))?;
    if held(&market, &session, id.as_str()).await?.is_some() {
        // Too early: the page stays, and so does what is filled in there.
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let (key, wanted) = (session.key, id.clone());
    let of = market.service.read(move |view| match view.done_by(key, wanted.as_str())? {
        Some(done) => Ok(Some(view.hit_at(done.hit_key)?.type_key)),
        None => Ok(None),
    });
    match of.await? {
        Some(of) => after_submission(&market, &session, of).await,
        None => Err(Trouble::Nowhere(NOT_HELD)),
    }
}

/// The way on after a submission: the next HIT of the group, accepted if the worker likes that, else the group.
pub async fn after_submission(market: &Arc<Market>, session: &Session, of: TypeKey) -> Result<Response, Trouble> {
    let group = market.service.read(move |view| Ok(view.group_at(of)?)).await?;
    if !session.account.auto_next || session.account.suspended.is_some() {
        return Ok(session.to(&format!("/work/groups/{}", group.id), "submitted"));
    }
    match accept_next(market, session, of).await {
        Ok(Some(next)) => Ok(session.to(&format!("/work/assignments/{next}"), "next")),
        Ok(None) => Ok(session.to("/work", "no_next")),
        // The worker lost a qualification, or the requester has blocked them: the group's page says so.
        Err(crate::market::error::ServiceError::Refused(_)) => {
            Ok(session.to(&format!("/work/groups/{}", group.id), "submitted"))
        }
        Err(error) => Err(error.into()),
    }
}
