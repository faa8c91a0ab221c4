//! `GetQualificationScore`.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::super::qualification::qualification;
use crate::market::Market;
use crate::market::json::Json;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let id = input.required_entity("QualificationTypeId");
    let worker = input.required_customer("WorkerId");
    input.finish()?;
    let found = market.service.qualification_score(who, id, worker).await?;
    let mut json = Json::default();
    qualification(json.open().open_member("Qualification"), &found);
    json.close().close();
    Ok(json.into_bytes())
}
