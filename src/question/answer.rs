//! `QuestionFormAnswers` decoded to fields, and written. Everything in it is what a worker's browser chose to send.

mod decode;
pub(super) mod entries;
mod json;
mod posted;
mod shape;
mod summary;
#[cfg(test)]
mod tests;
mod write;

pub use decode::decode;
pub use posted::posted;
pub use summary::{summary, text};
pub use write::write;

use std::borrow::Cow;

/// The value of one field of an answer. All text is raw: untrusted, not yet safe to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing was entered.
    Empty,
    /// A text.
    Text(String),
    /// One of several options that arrived as one boolean each, or a selection: what was chosen.
    Choice(Vec<String>),
    /// A yes/no that stands alone.
    Flag(bool),
    /// An uploaded file.
    Upload {
        /// `UploadedFileKey`.
        key: String,
        /// `UploadedFileSizeInBytes`.
        bytes: u64,
    },
}

impl Value {
    /// The value as one text, as the query language compares it: choices joined with `|`, `true` and `false`, a file's
    /// key; empty for nothing.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Value::Empty => Cow::Borrowed(""),
            Value::Text(text) => Cow::Borrowed(text),
            Value::Choice(chosen) => match chosen.as_slice() {
                [one] => Cow::Borrowed(one),
                many => Cow::Owned(many.join("|")),
            },
            Value::Flag(true) => Cow::Borrowed("true"),
            Value::Flag(false) => Cow::Borrowed("false"),
            Value::Upload { key, .. } => Cow::Borrowed(key),
        }
    }

    /// Whether nothing was entered.
    pub fn is_empty(&self) -> bool {
        match self {
            Value::Empty => true,
            Value::Text(text) => text.trim().is_empty(),
            Value::Choice(chosen) => chosen.is_empty(),
            Value::Flag(_) | Value::Upload { .. } => false,
        }
    }

    /// Whether it is text that parses as JSON.
    pub fn is_json(&self) -> bool {
        matches!(self, Value::Text(text) if json::is_valid(text))
    }
}

/// One field of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// `QuestionIdentifier`, or the path inside a JSON answer joined with dots.
    pub name: String,
    /// What was answered.
    pub value: Value,
}

/// An answer, decoded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// In document order.
    pub fields: Vec<Field>,
    /// What was wrong with the document, in words for people; the fields hold what could be read all the same.
    pub problem: Option<String>,
}

impl Answer {
    /// The first field of this name; upper and lower case are the same.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }
}
