//! `GetAssignment`: an assignment and its HIT.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::super::wire;
use crate::market::Market;
use crate::market::json::Json;
use crate::market::service::own_assignment;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let id = input.required_entity("AssignmentId").to_owned();
    input.finish()?;
    let body = market.service.read(move |view| {
        let found = own_assignment(view, who, &id)?;
        let mut json = Json::with_capacity(4096);
        json.open();
        view.show_assignment(found.key, |shown| {
            wire::assignment(json.open_member("Assignment"), shown);
            json.close();
        })?;
        view.show_hit(found.hit.key, |hit| wire::hit(json.open_member("HIT"), hit))?;
        json.close().close();
        Ok(json.into_bytes())
    });
    Ok(body.await?)
}
