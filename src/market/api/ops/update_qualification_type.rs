//! `UpdateQualificationType`.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::qualification_draft::{check_description, said, show};
use crate::market::Market;
use crate::market::service::QualificationTypeChange;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let id = input.required_entity("QualificationTypeId");
    let description = input.text("Description");
    let said = said(&mut input, false);
    input.finish()?;
    if let Some(description) = description {
        check_description(description)?;
    }
    let said = said?;
    let draft = QualificationTypeChange {
        description: description.map(str::to_owned),
        status: said.status,
        retry: said.retry,
        test: said.test,
        auto_granted: said.auto_granted,
        auto_value: said.auto_value,
    };
    Ok(market.service.update_qualification_type(who, id, draft, show).await?)
}
