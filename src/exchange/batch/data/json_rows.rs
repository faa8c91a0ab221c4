//! JSON lines: an object a line, all with the same keys. Numbers and truth values stand as JSON writes them, null
//! is empty, lists and objects stay JSON.

use super::{Found, Layout, Table};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::fmt;

pub(super) fn read(text: &str, found: &mut Found) -> Table {
    let mut table = Table { layout: Layout::JsonLines, ..Table::default() };
    for (line, written) in (1u64..).zip(text.lines()).filter(|(_, written)| !written.trim().is_empty()) {
        if found.is_full() || !found.room(table.rows.len()) {
            break;
        }
        let at = (table.rows.len() + 1, line);
        match serde_json::from_str::<Value>(written) {
            Ok(Value::Object(object)) => {
                // Of two values under one key the map has kept the last.
                if let Ok(Twice(Some(key))) = serde_json::from_str(written) {
                    found.add(Some(at), Some(&key), "this key stands here twice");
                }
                row(at, &object, &mut table, found);
            }
            Ok(Value::Array(_)) if line == 1 => {
                found.add(Some(at), None, "a list: each line must hold one object (JSON lines)");
            }
            Ok(_) => found.add(Some(at), None, "not an object: each line must hold one, such as {\"text\": \"…\"}"),
            Err(_) if line == 1 && written.trim() == "[" => {
                found.add(Some(at), None, "a list: each line must hold one object (JSON lines)");
                break;
            }
            Err(error) => found.add(Some(at), None, format!("no JSON: {error}")),
        }
    }
    if table.rows.is_empty() && found.faults.is_empty() {
        found.whole("it is empty: each line must hold one object");
    }
    table
}

/// The first key of an object that it has twice.
struct Twice(Option<String>);

impl<'de> Deserialize<'de> for Twice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Twice;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Twice, A::Error> {
                let (mut seen, mut twice) = (HashSet::new(), None);
                while let Some((key, _)) = map.next_entry::<String, IgnoredAny>()? {
                    if twice.is_none() && seen.contains(&key) {
                        twice = Some(key);
                    } else {
                        seen.insert(key);
                    }
                }
                Ok(Twice(twice))
            }
        }
        deserializer.deserialize_map(Keys)
    }
}

fn row(at: (usize, u64), object: &Map<String, Value>, table: &mut Table, found: &mut Found) {
    if table.rows.is_empty() {
        table.columns = object.keys().cloned().collect();
        found.columns(&table.columns);
    }
    for key in object.keys().filter(|key| !table.columns.contains(key)) {
        found.add(Some(at), Some(key), "the first row has no such key");
    }
    let mut cells = Vec::with_capacity(table.columns.len());
    for column in &table.columns {
        let cell = match object.get(column) {
            None => {
                found.add(Some(at), Some(column), "it is missing here");
                String::new()
            }
            Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        found.cell(at, column, &cell);
        cells.push(cell);
    }
    table.rows.push(cells);
    table.lines.push(at.1);
}
