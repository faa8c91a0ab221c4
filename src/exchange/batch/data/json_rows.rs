//! JSON lines: an object a line, all with the same keys. Numbers and truth values stand as JSON writes them, null
//! is empty, lists and objects stay JSON.

use super::{Found, Layout, Table};
use serde_json::{Map, Value};

pub(super) fn read(text: &str, found: &mut Found) -> Table {
    let mut table = Table { layout: Layout::JsonLines, ..Table::default() };
    for (line, written) in (1u64..).zip(text.lines()).filter(|(_, written)| !written.trim().is_empty()) {
        if found.is_full() || !found.room(table.rows.len()) {
            break;
        }
        let at = (table.rows.len() + 1, line);
        match serde_json::from_str::<Value>(written) {
            Ok(Value::Object(object)) => row(at, &object, &mut table, found),
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
