//! `GetFileUploadURL`: questions that take files were withdrawn before this version of the API was in use, and so there is
//! never a file. What is asked for is checked all the same.

use axum::body::Bytes;

use super::super::error::Fault;
use super::super::input::Input;
use crate::market::Market;
use crate::market::error::Refusal;
use crate::market::service::own_assignment;
use crate::market::storage::RequesterKey;

pub async fn call(market: &Market, who: RequesterKey, mut input: Input<'_>) -> Result<Bytes, Fault> {
    let assignment = input.required_entity("AssignmentId").to_owned();
    let question = input.required_text("QuestionIdentifier").chars().take(80).collect();
    input.finish()?;
    market.service.read(move |view| own_assignment(view, who, &assignment)).await?;
    Err(Refusal::NoFile(question).into())
}
