//! `GetHIT`.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::super::wire;
use crate::market::Market;
use crate::market::json::Json;
use crate::market::service::own_hit;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let id = input.required_entity("HITId").to_owned();
    input.finish()?;
    let body = market.service.read(move |view| {
        let hit = own_hit(view, who, &id)?;
        Ok(view.show_hit(hit.key, |hit| {
            let mut json = Json::with_capacity(1024 + hit.question.len());
            wire::hit(json.open().open_member("HIT"), hit);
            json.close().close();
            json.into_bytes()
        })?)
    });
    Ok(body.await?)
}
