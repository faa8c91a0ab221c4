//! `GetQualificationType`: one's own, or one of the system.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::super::qualification::system_type;
use super::qualification_draft::show;
use crate::domain::system_type::SystemType;
use crate::market::Market;
use crate::market::json::Json;
use crate::market::service::own_qualification_type;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let id = input.required_entity("QualificationTypeId").to_owned();
    input.finish()?;
    if let Some(system) = SystemType::of(&id) {
        let mut json = Json::default();
        system_type(json.open().open_member("QualificationType"), system, &id);
        json.close().close();
        return Ok(json.into_bytes());
    }
    let body = market.service.read(move |view| {
        let record = own_qualification_type(view, who, &id)?;
        Ok(view.show_qualification_type(record.key, show)?)
    });
    Ok(body.await?)
}
