//! What a question or an answer must be before the market takes it.

use crate::question::asked;
use crate::question::schema;

/// What is wrong with a document, in words for the requester.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadDocument(pub String);

/// Checks the `Question` of a HIT in full. What is doubtful in it passes.
pub fn check_question(text: &str) -> Result<(), BadDocument> {
    asked::read(text).map(drop).map_err(|faults| BadDocument(faults.to_string()))
}

/// Checks an answer document: well-formed, with its root in its namespace.
pub fn check_answer(text: &str) -> Result<(), BadDocument> {
    schema::check_answer(text).map_err(|faults| BadDocument(faults.to_string()))
}
