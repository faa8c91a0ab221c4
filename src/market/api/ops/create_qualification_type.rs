//! `CreateQualificationType`.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use super::qualification_draft::{check_description, said, show};
use super::shared::length;
use crate::market::Market;
use crate::market::error::Refusal;
use crate::market::rules::qualification::{TypeStatus, automatic};
use crate::market::storage::{NewQualificationType, RequesterKey};

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let name = input.required_text("Name");
    let keywords = input.text("Keywords");
    let description = input.required_text("Description");
    input.require("QualificationTypeStatus");
    let said = said(&mut input, true);
    input.finish()?;
    length("Name", name, 1, 200)?;
    length("Keywords", keywords.unwrap_or_default(), 0, 1_000)?;
    check_description(description)?;
    let said = said?;
    let auto_value = automatic(None, said.test.is_some(), said.auto_granted, said.auto_value)
        .map_err(|error| Refusal::Parameters(error.to_string()))?;
    let new = NewQualificationType {
        name: name.to_owned(),
        keywords: keywords.map(str::to_owned),
        description: description.to_owned(),
        status: said.status.unwrap_or(TypeStatus::Active),
        retry: said.retry,
        auto_value,
        test: said.test,
    };
    Ok(market.service.create_qualification_type(who, new, show).await?)
}
