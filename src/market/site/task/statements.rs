//! `/statements`: what a worker was paid out, what of it for which work, and what they are owed.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use minijinja::{Value, context};

use crate::exchange::output::{Column, Format, Writer};
use crate::market::Market;
use crate::market::service::Statement;
use crate::market::site::session::{Section, Session};
use crate::market::site::trouble::Trouble;
use crate::market::storage::PayLine;

/// The name of what is owed since the last pay-out, in a path.
const OWED: &str = "owed";

fn sums(line: &PayLine) -> Value {
    context! {
        total => line.total().display(),
        rewards => line.rewards.display(),
        works => line.works,
        bonuses => line.bonuses.display(),
        extras => line.extras,
    }
}

/// `GET /statements`
pub async fn list(State(market): State<Arc<Market>>, session: Session) -> Result<Response, Trouble> {
    let wages = market.service.wages(session.key).await?;
    let rows: Vec<Value> = wages
        .paid
        .iter()
        .map(|(payout, line)| context! { code => &payout.code, paid => payout.paid_ms.div_euclid(1_000), ..sums(line) })
        .collect();
    let with = context! { rows, owed => wages.owed.as_ref().map(sums) };
    Ok(session.page(&market, Section::History, "statements.html", with))
}

async fn statement(market: &Market, session: &Session, code: &str) -> Result<Statement, Trouble> {
    Ok(market.service.statement(session.key, (code != OWED).then_some(code)).await?)
}

/// `GET /statements/{payout}`
pub async fn show(
    State(market): State<Arc<Market>>,
    session: Session,
    Path(code): Path<String>,
) -> Result<Response, Trouble> {
    let statement = statement(&market, &session, &code).await?;
    let rows: Vec<Value> = statement
        .earnings
        .iter()
        .map(|piece| {
            context! {
                at => piece.at.0, is_bonus => piece.is_bonus, amount => piece.amount.display(), requester => &piece.requester,
                title => &piece.title, assignment => &piece.assignment,
            }
        })
        .collect();
    let with = context! {
        rows,
        code => (code != OWED).then_some(statement.code.as_str()),
        paid => statement.paid_ms.map(|ms| ms.div_euclid(1_000)),
        total => statement.total().display(),
        site => &market.site.options.name,
    };
    Ok(session.page(&market, Section::History, "statement.html", with))
}

/// `GET /statements/{payout}/csv`
pub async fn csv(
    State(market): State<Arc<Market>>,
    session: Session,
    Path(code): Path<String>,
) -> Result<Response, Trouble> {
    let statement = statement(&market, &session, &code).await?;
    let mut text = Vec::new();
    let columns = ["time", "kind", "amount", "requester", "Title", "HITId", "AssignmentId"].map(Column::from);
    let mut rows = Writer::new(&mut text, Format::Csv, columns, None);
    for piece in &statement.earnings {
        let kind = if piece.is_bonus { "bonus" } else { "reward" };
        let texts = [&piece.requester, &piece.title, &piece.hit, &piece.assignment];
        let cells = [piece.at.into(), kind.into(), piece.amount.into()];
        let row = cells.into_iter().chain(texts.map(|text| text.as_str().into())).collect();
        rows.row(row).map_err(|_| Trouble::Failed)?;
    }
    rows.finish().map_err(|_| Trouble::Failed)?;
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"statement.csv\""));
    Ok(response)
}
