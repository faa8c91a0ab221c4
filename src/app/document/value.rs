//! The values of an answer in words.

use super::super::format;
use crate::domain::text::SafeText;
use crate::question::answer::{Field, Value};
use std::borrow::Cow;

/// Longer values are cut here, with a line that says so: a worker can send megabytes.
const LONGEST_VALUE: usize = 64 * 1024;

/// A value in words.
pub(super) fn value_text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Empty => Cow::Borrowed(""),
        Value::Text(text) => Cow::Borrowed(text),
        Value::Choice(chosen) if chosen.is_empty() => Cow::Borrowed("none chosen"),
        Value::Choice(chosen) => Cow::Owned(chosen.join(", ")),
        Value::Flag(yes) => Cow::Borrowed(if *yes { "yes" } else { "no" }),
        Value::Upload { key, bytes } => Cow::Owned(format!("file {key} ({})", format::bytes(*bytes))),
    }
}

/// How many things had to be removed from a field to make it safe.
pub(super) fn hidden_in(field: &Field) -> usize {
    let count = |text: &str| match text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t')) {
        true => 0,
        false => SafeText::lines(cut(text).0).iter().map(SafeText::hidden).sum(),
    };
    count(&field.name) + count(&value_text(&field.value))
}

/// The part of a text that is shown, and how many bytes are not.
pub(super) fn cut(text: &str) -> (&str, usize) {
    if text.len() <= LONGEST_VALUE {
        return (text, 0);
    }
    let end = text.floor_char_boundary(LONGEST_VALUE);
    (&text[..end], text.len() - end)
}
