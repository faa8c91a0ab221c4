//! Qualification tests, taken on the site: with the time that is left in view, and the value of a scored test at once.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;

use super::form::{MAX_FORM, document, fill_in};
use crate::domain::time::Time;
use crate::market::Market;
use crate::market::service::Requested;
use crate::market::site::form::{SignedForm, signed_up_to};
use crate::market::site::page;
use crate::market::site::session::{Section, Session};
use crate::market::site::trouble::Trouble;
use crate::question::constraint::Unmet;
use crate::question::question_form::{QuestionForm, read_test};
use crate::question::render::{self, Posted};

/// A test that a worker has before them.
struct Exam {
    id: String,
    name: String,
    requester: String,
    deadline: Time,
    form: QuestionForm,
}

/// The test that this worker has begun; none when they have not, or when its time is over.
async fn begun(market: &Market, session: &Session, id: &str) -> Result<Option<Exam>, Trouble> {
    let (key, wanted) = (session.key, id.to_owned());
    let found = market.service.read(move |view| {
        let Some(offered) = view.offered_type(&wanted)? else { return Ok(None) };
        let attempt = view.attempt(key, offered.record.key)?.filter(|(_, attempt)| view.now() <= attempt.deadline);
        let Some((test, attempt)) = attempt else { return Ok(None) };
        Ok(Some((offered, view.test(test)?.0, attempt.deadline)))
    });
    let Some((offered, test, deadline)) = found.await? else { return Ok(None) };
    let form = read_test(&test, false).map_err(|_| Trouble::refused("This test cannot be shown."))?.value;
    Ok(Some(Exam { id: offered.record.id, name: offered.name, requester: offered.requester, deadline, form }))
}

fn shown(market: &Market, session: &Session, exam: &Exam, posted: Option<&Posted>, unmet: &[Unmet]) -> Response {
    let embedded = fill_in(&exam.form, &format!("/qualifications/{}/test", exam.id), &session.csrf, posted, unmet);
    let left = exam.deadline - market.service.clock().now().time();
    let with = context! {
        embedded => embedded.html, id => &exam.id, name => &exam.name, requester => &exam.requester, left => left.0,
        deadline => exam.deadline.0,
    };
    session.page_with_sources(market, Section::Qualifications, "exam.html", with, &embedded.sources)
}

/// `GET /qualifications/{type}/test`: a link does not begin a test.
pub async fn show(
    State(market): State<Arc<Market>>,
    session: Session,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    match begun(&market, &session, &id).await? {
        Some(exam) => Ok(shown(&market, &session, &exam, None, &[])),
        None => away(&market, &id).await,
    }
}

/// The way to the qualification, if there is one of this ID.
async fn away(market: &Market, id: &str) -> Result<Response, Trouble> {
    let wanted = id.to_owned();
    let found = market.service.read(move |view| Ok(view.offered_type(&wanted)?)).await?;
    let offered = found.ok_or(Trouble::Nowhere("There is no such qualification."))?;
    Ok(page::to(&format!("/qualifications/{}", offered.record.id)))
}

/// `POST /qualifications/{type}/test`
pub async fn hand_in(
    State(market): State<Arc<Market>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Trouble> {
    let SignedForm { session, fields } = signed_up_to(MAX_FORM, request, &market).await?;
    session.check_may_work()?;
    let Some(exam) = begun(&market, &session, &id).await? else {
        return Err(Trouble::refused("You have not begun this test, or its time is over."));
    };
    let posted = Posted(fields.into_pairs());
    let given = render::answers(&exam.form, &posted);
    let unmet = render::unmet(&exam.form, &given);
    if !unmet.is_empty() {
        let mut response = shown(&market, &session, &exam, Some(&posted), &unmet);
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    }
    let answer = document(&given, &exam.form);
    let here = format!("/qualifications/{}", exam.id);
    match market.service.request_qualification(&exam.id, &session.worker, Some(answer)).await? {
        Requested::Granted { .. } => Ok(session.to(&here, "granted")),
        Requested::Pending { .. } => Ok(session.to(&here, "requested")),
        Requested::Test { .. } => Err(Trouble::refused("The time for this test was over. Nothing was handed in.")),
    }
}
