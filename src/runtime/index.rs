//! What the store keeps of an answer: decoded here, because the store does not know how to.

use crate::question::answer::{decode, summary};
use crate::store::AnswerIndex;

/// How long the one-line answer is.
const SUMMARY: usize = 80;

/// Decodes an answer document for the store.
pub fn index(document: &str) -> AnswerIndex {
    let answer = decode(document);
    let summary = summary(&answer, SUMMARY);
    let fields = answer.fields.into_iter().map(|field| (field.value.text().into_owned(), field.name));
    AnswerIndex { summary, fields: fields.map(|(value, name)| (name, value)).collect() }
}
