//! Answers of crowd-forms: one field `taskAnswers` that holds a JSON array with one object.

use super::entries::FIELDS;
use super::{Field, Value};
use serde::de::IgnoredAny;
use serde_json::{Map, Value as Json};

/// Objects may be nested so deep; what is deeper is shown as JSON.
const DEPTH: usize = 12;

/// Whether a text parses as JSON, a bare number included: the benefit of the doubt is the worker's.
pub(super) fn is_valid(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// Adds the fields of a crowd-form's answer; false when there were too many to take all.
pub(super) fn flatten(text: &str, fields: &mut Vec<Field>) -> Result<bool, serde_json::Error> {
    let json: Json = serde_json::from_str(text.trim())?;
    match json {
        Json::Array(mut items) if items.len() == 1 => add("", items.remove(0), 0, fields),
        json => add("", json, 0, fields),
    }
    Ok(fields.len() < FIELDS)
}

fn add(path: &str, json: Json, depth: usize, fields: &mut Vec<Field>) {
    if fields.len() >= FIELDS {
        return;
    }
    let value = match json {
        Json::Null => Value::Empty,
        Json::Bool(flag) => Value::Flag(flag),
        Json::Number(number) => Value::Text(number.to_string()),
        Json::String(text) if text.is_empty() => Value::Empty,
        Json::String(text) => Value::Text(text),
        json if depth >= DEPTH => Value::Text(json.to_string()),
        Json::Array(items) => match scalars(items) {
            Ok(list) => list,
            Err(items) => {
                for (index, item) in items.into_iter().enumerate() {
                    add(&join(path, &index.to_string()), item, depth + 1, fields);
                }
                return;
            }
        },
        Json::Object(map) => match widget(map, path.is_empty()) {
            Ok(value) => value,
            Err(map) => {
                for (name, item) in map {
                    add(&join(path, &name), item, depth + 1, fields);
                }
                return;
            }
        },
    };
    let name = if path.is_empty() { "taskAnswers".to_owned() } else { path.to_owned() };
    fields.push(Field { name, value });
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// A list of plain values is a choice.
fn scalars(items: Vec<Json>) -> Result<Value, Vec<Json>> {
    if items.iter().any(|item| item.is_object() || item.is_array()) {
        return Err(items);
    }
    let chosen: Vec<String> = items
        .into_iter()
        .filter(|item| !item.is_null())
        .map(|item| match item {
            Json::String(text) => text,
            other => other.to_string(),
        })
        .collect();
    Ok(if chosen.is_empty() { Value::Empty } else { Value::Choice(chosen) })
}

/// The objects that one widget answers with: `{"on":true}` of a check box, one boolean per option of a radio group,
/// `{"label":"Positive"}` and `{"labels":[…]}` of a classifier. The form itself (`is_root`) is never a widget.
fn widget(map: Map<String, Json>, is_root: bool) -> Result<Value, Map<String, Json>> {
    if map.is_empty() {
        return Ok(Value::Empty);
    }
    if is_root {
        return Err(map);
    }
    if map.len() == 1 {
        match map.iter().next() {
            Some((name, Json::Bool(on))) if name == "on" => return Ok(Value::Flag(*on)),
            Some((name, Json::String(label))) if name == "label" => return Ok(Value::Choice(vec![label.clone()])),
            Some((name, Json::Array(labels))) if name == "labels" => {
                return scalars(labels.clone()).map_err(|_| map);
            }
            _ => return Err(map),
        }
    }
    if !map.values().all(Json::is_boolean) {
        return Err(map);
    }
    let chosen: Vec<String> = map.into_iter().filter(|(_, on)| on == &Json::Bool(true)).map(|(name, _)| name).collect();
    Ok(if chosen.is_empty() { Value::Empty } else { Value::Choice(chosen) })
}
