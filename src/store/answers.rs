//! Questions and answers are kept once each, however many HITs and assignments share them; answers with an index of
//! their words and fields.

use super::StoreError;
use super::additions::Additions;
use super::mirror::AnswerIndex;
use super::shape::cut;
use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// How many fields of one answer are found by name. An answer of more is no answer that a person reads.
const FIELDS: usize = 300;
/// Longer values are looked at in the answer itself.
const VALUE: usize = 64;
/// Between name and value.
pub(super) const UNIT: char = '\u{1f}';
/// Between fields.
pub(super) const RECORD: char = '\u{1e}';

fn hash(text: &str) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&Sha256::digest(text.as_bytes())[..16]);
    short
}

pub(super) fn keep_question(connection: &Connection, xml: &str) -> Result<i64, StoreError> {
    let hash = hash(xml);
    let mut find = connection.prepare_cached("SELECT id FROM question WHERE hash = ?1")?;
    if let Some(id) = find.query_row([hash], |row| row.get(0)).optional()? {
        return Ok(id);
    }
    connection.prepare_cached("INSERT INTO question (hash, xml) VALUES (?1, ?2)")?.execute((hash, xml))?;
    Ok(connection.last_insert_rowid())
}

fn keep_shape(connection: &Connection, text: &str) -> Result<i64, StoreError> {
    let hash = hash(text);
    let mut find = connection.prepare_cached("SELECT id FROM shape WHERE hash = ?1")?;
    if let Some(id) = find.query_row([hash], |row| row.get(0)).optional()? {
        return Ok(id);
    }
    connection.prepare_cached("INSERT INTO shape (hash, text) VALUES (?1, ?2)")?.execute((hash, text))?;
    Ok(connection.last_insert_rowid())
}

pub(super) fn keep_answer(
    connection: &Connection,
    xml: &str,
    index: &AnswerIndex,
    additions: &mut Additions,
) -> Result<i64, StoreError> {
    let hash = hash(xml);
    let mut find = connection.prepare_cached("SELECT id FROM answer WHERE hash = ?1")?;
    if let Some(id) = find.query_row([hash], |row| row.get(0)).optional()? {
        return Ok(id);
    }
    let mut fields = String::new();
    let mut text = String::new();
    for (name, value) in &index.fields {
        if !fields.is_empty() {
            fields.push(RECORD);
            text.push('\n');
        }
        fields.push_str(&without_marks(name));
        fields.push(UNIT);
        fields.push_str(&without_marks(value));
        text.push_str(value);
    }
    let shape = cut(xml, &fields).map(|shape| keep_shape(connection, &shape)).transpose()?;
    let whole = shape.is_none().then_some(xml);
    let mut insert =
        connection.prepare_cached("INSERT INTO answer (hash, shape, fields, xml) VALUES (?1, ?2, ?3, ?4)")?;
    insert.execute((hash, shape, fields, whole))?;
    let id = connection.last_insert_rowid();
    additions.words.push((id, text));
    let mut field = connection.prepare_cached(
        "INSERT INTO field (name, value, answer, long, json) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET json = max(json, excluded.json)",
    )?;
    for (name, value) in index.fields.iter().take(FIELDS) {
        let (short, long) = comparable(value);
        let json = serde_json::from_str::<serde::de::IgnoredAny>(value).is_ok();
        let name = additions.field_name(connection, name)?;
        field.execute((name, if long { "" } else { &short }, id, long, json))?;
    }
    Ok(id)
}

fn without_marks(text: &str) -> Cow<'_, str> {
    let is_mark = |byte: u8| char::from(byte) == UNIT || char::from(byte) == RECORD;
    if text.bytes().any(is_mark) { text.replace([UNIT, RECORD], " ").into() } else { text.into() }
}

/// The value as it is compared, of a long one the beginning, and whether it is a long one.
pub(super) fn comparable(value: &str) -> (String, bool) {
    let value = value.trim();
    // One character more than is kept tells a long value from a short one: lower case is never shorter.
    let end = value.char_indices().nth(VALUE + 1).map_or(value.len(), |(end, _)| end);
    let lower = value[..end].to_lowercase();
    match lower.char_indices().nth(VALUE) {
        Some((end, _)) => (lower[..end].to_owned(), true),
        None => (lower, false),
    }
}

pub(super) fn keep_field_name(connection: &Connection, name: &str) -> Result<i64, StoreError> {
    let (name, _) = comparable(name);
    let mut find = connection.prepare_cached("SELECT id FROM field_name WHERE name = ?1")?;
    if let Some(id) = find.query_row([&name], |row| row.get(0)).optional()? {
        return Ok(id);
    }
    connection.prepare_cached("INSERT INTO field_name (name) VALUES (?1)")?.execute([&name])?;
    Ok(connection.last_insert_rowid())
}
