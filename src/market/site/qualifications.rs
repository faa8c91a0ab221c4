//! `/qualifications`: what this worker is qualified for, what can be asked for, and asking.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;

use super::form::{Fields, SignedForm};
use super::page;
use super::requirements::system_name;
use super::session::{Section, Session};
use super::trouble::Trouble;
use crate::domain::requirement::Standing;
use crate::domain::system_type::SystemType;
use crate::market::Market;
use crate::market::error::ServiceError;
use crate::market::rules::qualification::{AskRefusal, Asks, Offer, Outcome, QualificationStatus, ask};
use crate::market::service::Requested;
use crate::market::storage::{OfferedType, View, WorkerKey};

/// So many types stand on a page.
const ON_A_PAGE: usize = 20;

/// A type that can be asked for, as one worker stands to it.
#[derive(Debug, Serialize)]
struct Row {
    id: String,
    name: String,
    description: String,
    requester: String,
    keywords: Option<String>,
    /// The worker's value, if they have it.
    value: Option<i32>,
    is_active: bool,
    is_automatic: bool,
    test: Option<i64>,
    is_scored: bool,
    retry: Option<i64>,
    may_ask: bool,
    /// Seconds left for a test that was begun.
    left: Option<i64>,
    is_pending: bool,
    /// Seconds until it can be asked for again.
    wait: Option<i64>,
    is_final: bool,
}

fn row(view: &View<'_>, worker: WorkerKey, offered: OfferedType) -> Result<Row, ServiceError> {
    let record = &offered.record;
    let (asked, held) = (view.asked(worker, record.key)?, view.qualification(worker, record.key)?);
    let outcome = ask(record.status, record.offer(), record.retry, asked, Asks::Begin, view.now());
    let (test, is_scored) = match record.offer() {
        Offer::Test { duration, is_scored } => (Some(duration.0), is_scored),
        _ => (None, false),
    };
    let is_running = asked.attempt.is_some_and(|attempt| view.now() <= attempt.deadline);
    Ok(Row {
        value: held.filter(|held| held.status == QualificationStatus::Granted).map(|held| held.value),
        is_active: !matches!(outcome, Err(AskRefusal::Status(_))),
        is_automatic: matches!(record.offer(), Offer::Automatic(_)),
        test,
        is_scored,
        retry: record.retry.map(|delay| delay.0),
        may_ask: outcome.is_ok(),
        left: match outcome {
            Ok(Outcome::Sitting(attempt)) if is_running => Some((attempt.deadline - view.now()).0),
            _ => None,
        },
        is_pending: outcome == Err(AskRefusal::Pending),
        wait: match outcome {
            Err(AskRefusal::TooEarly(wait)) => Some(wait.0),
            _ => None,
        },
        is_final: outcome == Err(AskRefusal::NoRetake),
        id: offered.record.id,
        name: offered.name,
        description: offered.description,
        requester: offered.requester,
        keywords: offered.keywords,
    })
}

/// A qualification of this worker.
#[derive(Debug, Serialize)]
struct Own {
    id: String,
    name: String,
    requester: String,
    value: i32,
    granted: i64,
    reason: Option<String>,
}

/// `GET /qualifications?q=&page=`
pub async fn list(
    State(market): State<Arc<Market>>,
    session: Session,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let q: String = fields.text("q").chars().take(200).collect();
    let at = fields.text("page").parse::<usize>().unwrap_or(1).clamp(1, 100_000);
    let words: Vec<String> = q.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let key = session.key;
    let found = market.service.read(move |view| {
        let fits = |offered: &OfferedType| {
            let keywords = offered.keywords.as_deref().unwrap_or_default();
            let texts = [&offered.name, &offered.description, keywords, &offered.requester];
            words.iter().all(|word| texts.iter().any(|text| text.to_lowercase().contains(word)))
        };
        let offered: Vec<OfferedType> = view.offered_types()?.into_iter().filter(fits).collect();
        let count = offered.len();
        let page = offered.into_iter().skip((at - 1) * ON_A_PAGE).take(ON_A_PAGE);
        let rows = page.map(|offered| row(view, key, offered)).collect::<Result<Vec<Row>, ServiceError>>()?;
        let (mut own, mut lost) = (Vec::new(), Vec::new());
        for had in view.qualifications_of(key)? {
            let list = if had.status == QualificationStatus::Granted { &mut own } else { &mut lost };
            list.push(Own {
                id: had.type_id,
                name: had.name,
                requester: had.requester,
                value: had.value,
                granted: had.granted.0,
                reason: had.reason,
            });
        }
        let waiting = view.waiting_requests(key)?.into_iter();
        let waiting: Vec<_> = waiting.map(|request| (request.type_id, request.name, request.submitted.0)).collect();
        Ok((rows, count, own, lost, waiting, view.standings(key)?))
    });
    let (rows, count, own, lost, waiting, standings) = found.await?;
    let systems = SystemType::ALL.map(|system| {
        let value = match standings.of(system.id()) {
            Standing::None => "none".to_owned(),
            Standing::Integer(value) if system == SystemType::Adult => {
                if value == 1 { "agreed to" } else { "not agreed to" }.into()
            }
            Standing::Integer(_) if system == SystemType::Masters => "granted".into(),
            Standing::Integer(value) => value.to_string(),
            Standing::Place(place) => place.to_string(),
        };
        (system_name(system), value, system.description())
    });
    let pages = count.div_ceil(ON_A_PAGE).max(1);
    let path = |to: usize| {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("q", &q)
            .append_pair("page", &to.to_string())
            .finish();
        format!("/qualifications?{query}")
    };
    let with = context! {
        count, pages,
        rows => Serde(rows),
        own => Serde(own),
        lost => Serde(lost),
        waiting => Serde(waiting),
        systems => Serde(systems),
        page => at,
        q => &q,
        previous => (at > 1).then(|| path(at - 1)),
        next => (at < pages).then(|| path(at + 1)),
    };
    Ok(session.page(&market, Section::Qualifications, "qualifications.html", with))
}

/// `GET /qualifications/{type}`
pub async fn show(
    State(market): State<Arc<Market>>,
    session: Session,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let key = session.key;
    let found = market.service.read(move |view| match view.offered_type(&id)? {
        Some(offered) => Ok(Some(row(view, key, offered)?)),
        None => Ok(None),
    });
    let row = found.await?.ok_or(Trouble::Nowhere("There is no such qualification."))?;
    Ok(session.page(&market, Section::Qualifications, "qualification.html", context! { row => Serde(row) }))
}

/// `POST /qualifications/{type}/request`: the qualification, a place in the requester's list, or a test.
pub async fn request(
    State(market): State<Arc<Market>>,
    Path(id): Path<String>,
    form: SignedForm,
) -> Result<Response, Trouble> {
    let session = form.session;
    session.check_may_work()?;
    let here = format!("/qualifications/{id}");
    Ok(match market.service.request_qualification(&id, &session.worker, None).await? {
        Requested::Granted { .. } => session.to(&here, "granted"),
        Requested::Pending { .. } => session.to(&here, "requested"),
        Requested::Test { .. } => page::to(&format!("{here}/test")),
    })
}
