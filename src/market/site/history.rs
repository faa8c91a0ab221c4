//! `/history`: what this worker has handed in, what became of it, what it earned, and answers to rejections.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::form::{Fields, SignedForm};
use super::session::{Section, Session};
use super::trouble::Trouble;
use crate::domain::money::Usd;
use crate::domain::time::{Seconds, Time};
use crate::domain::worker_answer::{LONGEST_ANSWER, join};
use crate::market::Market;
use crate::market::error::{Refusal, ServiceError};
use crate::market::rules::assignment::Phase;
use crate::market::storage::{Done, Earned};

/// So many assignments stand on a page.
const ON_A_PAGE: u32 = 25;
/// What "lately" means.
const LATELY: Seconds = Seconds(30 * 86_400);

/// An assignment as the pages show it.
#[derive(Debug, Serialize)]
struct Row {
    seq: i64,
    assignment: String,
    hit: String,
    group: String,
    title: String,
    requester: String,
    reward: String,
    bonus: Option<String>,
    status: &'static str,
    submitted: Option<i64>,
    auto_approval: Option<i64>,
    decided: Option<i64>,
    spent: Option<i64>,
    feedback: Option<String>,
    reply: Option<String>,
    replied: Option<i64>,
    may_reply: bool,
}

impl From<Done> for Row {
    fn from(done: Done) -> Row {
        let seconds = |time: Option<Time>| time.map(|time| time.0);
        Row {
            feedback: own_feedback(&done),
            may_reply: done.phase == Phase::Rejected && done.reply.is_none(),
            seq: done.seq,
            assignment: done.id,
            hit: done.hit,
            group: done.group,
            title: done.title,
            requester: done.requester,
            reward: done.reward.display(),
            bonus: (done.bonus > Usd::ZERO).then(|| done.bonus.display()),
            status: status(done.phase),
            submitted: seconds(done.submitted),
            auto_approval: seconds(done.auto_approval).filter(|_| done.phase == Phase::Submitted),
            decided: seconds(if done.phase == Phase::Rejected { done.rejected } else { done.approved }),
            spent: done.submitted.zip(done.accepted).map(|(submitted, accepted)| (submitted - accepted).0),
            replied: done.reply.as_ref().map(|reply| reply.at.0),
            reply: done.reply.map(|reply| reply.text),
        }
    }
}

/// What the requester wrote, without the answer that stands behind it.
fn own_feedback(done: &Done) -> Option<String> {
    let feedback = done.feedback.as_deref()?;
    let answer = done.reply.as_ref().map(|reply| join("", &reply.text));
    let own = answer.and_then(|answer| feedback.strip_suffix(&answer)).unwrap_or(feedback);
    Some(own.to_owned()).filter(|own| !own.is_empty())
}

/// What a worker is told of a phase.
const fn status(phase: Phase) -> &'static str {
    match phase {
        Phase::Free | Phase::Accepted => "held",
        Phase::Submitted => "waiting",
        Phase::Approved => "approved",
        Phase::Rejected => "rejected",
    }
}

fn sums(earned: &Earned) -> Value {
    context! {
        waiting => earned.waiting,
        waiting_sum => earned.waiting_sum.display(),
        approved => earned.approved,
        approved_sum => earned.approved_sum.display(),
        rejected => earned.rejected,
        bonuses => earned.bonuses,
        bonus_sum => earned.bonus_sum.display(),
        total => (earned.approved_sum + earned.bonus_sum).display(),
    }
}

/// `GET /history?status=&before=`
pub async fn list(
    State(market): State<Arc<Market>>,
    session: Session,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let wanted = Phase::ALL.into_iter().skip(2).find(|phase| status(*phase) == fields.text("status"));
    let before = fields.text("before").parse::<i64>().ok();
    let key = session.key;
    let (rows, always, lately, rate) = market
        .service
        .read(move |view| {
            let rows: Vec<Row> = view.done(key, wanted, before, ON_A_PAGE + 1)?.into_iter().map(Row::from).collect();
            let record = view.standings(key)?.record;
            let rate = (record.approved + record.rejected > 0)
                .then(|| u64::from(record.approved) * 100 / u64::from(record.approved + record.rejected));
            let (always, lately) = view.earned(key, view.now() - LATELY)?;
            Ok((rows, always, lately, rate))
        })
        .await?;
    let shown = rows.len().min(ON_A_PAGE as usize);
    let next = (rows.len() > shown).then(|| {
        let status = wanted.map_or(String::new(), |phase| format!("status={}&", status(phase)));
        format!("/history?{status}before={}", rows[shown - 1].seq)
    });
    let with = context! {
        rows => Serde(&rows[..shown]),
        status => wanted.map(status),
        next,
        is_later => before.is_some(),
        always => sums(&always),
        lately => sums(&lately),
        rate,
    };
    Ok(session.page(&market, Section::History, "history.html", with))
}

/// `GET /history/{assignment}`
pub async fn show(
    State(market): State<Arc<Market>>,
    session: Session,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    one(&market, &session, id, "", "").await
}

/// `POST /history/{assignment}/answer`
pub async fn answer(
    State(market): State<Arc<Market>>,
    Path(id): Path<String>,
    form: SignedForm,
) -> Result<Response, Trouble> {
    let SignedForm { session, fields } = form;
    match market.service.answer_rejection(session.key, &id, fields.text("text")).await {
        Ok(()) => Ok(session.to(&format!("/history/{id}"), "answered")),
        Err(ServiceError::Refused(Refusal::Worker(wrong))) => {
            let mut response = one(&market, &session, id, &wrong, fields.text("text")).await?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

async fn one(market: &Market, session: &Session, id: String, wrong: &str, text: &str) -> Result<Response, Trouble> {
    let key = session.key;
    let found = market.service.read(move |view| match view.done_by(key, &id)? {
        Some(done) => {
            let bonuses = view.bonuses_for(done.key)?;
            Ok(Some((Row::from(done), bonuses)))
        }
        None => Ok(None),
    });
    let (row, bonuses) = found.await?.ok_or(Trouble::Nowhere("You have handed in no such assignment."))?;
    let bonuses: Vec<_> = bonuses.into_iter().map(|(amount, why, at)| (amount.display(), why, at.0)).collect();
    let with = context! { row => Serde(row), bonuses => Serde(bonuses), wrong, text, longest => LONGEST_ANSWER };
    Ok(session.page(market, Section::History, "done.html", with))
}
