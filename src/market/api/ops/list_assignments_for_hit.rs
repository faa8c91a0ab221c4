//! `ListAssignmentsForHIT`: what was submitted, in order of submission.

use std::sync::Arc;

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::super::kept::Query;
use super::super::wire;
use crate::domain::assignment::AssignmentStatus;
use crate::market::Market;
use crate::market::service::own_hit;
use crate::market::storage::RequesterKey;

/// Room for an assignment with its answer; a page of larger ones grows.
const ROW: usize = 2_048;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let id = input.required_entity("HITId").to_owned();
    let names = AssignmentStatus::ALL.map(AssignmentStatus::name);
    let wanted = input.list_of("AssignmentStatuses", &names);
    let (token, limit) = input.page();
    let token = token.map(str::to_owned);
    input.finish()?;
    let statuses: Vec<AssignmentStatus> =
        AssignmentStatus::ALL.into_iter().filter(|status| wanted.contains(&status.name())).collect();
    let paged = market.paged(format!("ListAssignmentsForHIT {who:?} {id} {statuses:?}"));
    let after = paged.place(token.as_deref())?;
    let pages = Arc::clone(&market.pages);
    let body = market.service.read(move |view| {
        let hit = own_hit(view, who, &id)?;
        let query = Query { hit: hit.key, statuses, after, limit };
        if let Some(body) = pages.find(&query, hit.version) {
            return Ok(body);
        }
        let most = limit.min(hit.state.undecided + hit.state.completed) as usize;
        let mut json = paged.list(most * ROW);
        let (mut count, mut last) = (0, None);
        view.show_assignments(hit.key, &query.statuses, after, limit, |shown| {
            wire::assignment(json.open(), shown);
            json.close();
            count += 1;
            last = Some(shown.seq);
        })?;
        let body = paged.answer("Assignments", json, count, last);
        pages.keep(query, hit.version, &body);
        Ok(body)
    });
    Ok(body.await?)
}
