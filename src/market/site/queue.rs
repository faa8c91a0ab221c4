//! `/queue`: what this worker holds.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;

use super::session::{Section, Session};
use super::trouble::Trouble;
use crate::market::Market;

#[derive(Debug, Serialize)]
struct Row {
    assignment: String,
    group: String,
    title: String,
    requester: String,
    reward: String,
    left: i64,
}

/// `GET /queue`
pub async fn show(State(market): State<Arc<Market>>, session: Session) -> Result<Response, Trouble> {
    let key = session.key;
    let rows = market.service.read(move |view| {
        let row = |held: crate::market::storage::Held| {
            let group = view.group_at(held.of)?;
            Ok(Row {
                assignment: held.id.to_string(),
                group: group.id,
                title: group.title,
                requester: group.requester_name,
                reward: group.reward.display(),
                left: (held.deadline - view.now()).0,
            })
        };
        view.held(key)?.into_iter().map(row).collect::<Result<Vec<Row>, crate::market::error::ServiceError>>()
    });
    let rows = rows.await?;
    Ok(session.page(&market, Section::Queue, "queue.html", context! { rows => Serde(rows) }))
}
