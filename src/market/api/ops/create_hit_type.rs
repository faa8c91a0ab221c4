//! `CreateHITType`: finds the type with these attributes, or makes it.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::shared::type_draft;
use crate::market::Market;
use crate::market::json::Json;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let draft = type_draft(&mut input);
    input.finish()?;
    let id = market.service.create_type(who, draft?).await?;
    let mut json = Json::default();
    json.open().text("HITTypeId", &id).close();
    Ok(json.into_bytes())
}
