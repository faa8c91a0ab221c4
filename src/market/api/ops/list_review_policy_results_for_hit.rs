//! `ListReviewPolicyResultsForHIT`: what a HIT's review policies have found and done, oldest first.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::super::wire;
use crate::market::Market;
use crate::market::service::own_hit;
use crate::market::storage::{EntryKind, Level, RequesterKey};

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let id = input.required_entity("HITId").to_owned();
    let names = Level::ALL.map(Level::name);
    let wanted = input.list_of("PolicyLevels", &names);
    let mut kinds = Vec::new();
    for (name, kind) in [("RetrieveResults", EntryKind::Result), ("RetrieveActions", EntryKind::Action)] {
        if input.boolean(name).unwrap_or(true) {
            kinds.push(kind);
        }
    }
    let (token, limit) = input.page();
    let token = token.map(str::to_owned);
    input.finish()?;
    let levels: Vec<Level> =
        Level::ALL.into_iter().filter(|level| wanted.is_empty() || wanted.contains(&level.name())).collect();
    let paged = market.paged(format!("ListReviewPolicyResultsForHIT {who:?} {id} {levels:?} {kinds:?}"));
    let after = paged.place(token.as_deref())?;
    let body = market.service.read(move |view| {
        let hit = own_hit(view, who, &id)?;
        let mut reports = wire::Reports::default();
        view.show_entries(hit.key, &levels, &kinds, after, limit, |entry| reports.add(entry))?;
        let token = reports.last.map(|place| paged.token(place));
        Ok(reports.answer(&hit, &levels, token.as_deref()))
    });
    Ok(body.await?)
}
