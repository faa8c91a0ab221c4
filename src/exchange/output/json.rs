//! Objects in JSON that a terminal can be shown.

use super::{Cell, Column, iso};
use serde_json::Value;
use std::fmt::Write;

/// One object on one line.
pub(super) fn object(columns: &[Column], cells: &[Cell]) -> String {
    let map: serde_json::Map<String, Value> =
        columns.iter().zip(cells).map(|(column, cell)| (column.name().to_owned(), value(cell))).collect();
    harmless(Value::Object(map).to_string())
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Missing => Value::Null,
        Cell::Text(text) => Value::String(text.clone()),
        Cell::Number(number) => Value::from(*number),
        Cell::Money(amount) => Value::String(amount.to_string()),
        Cell::Flag(flag) => Value::Bool(*flag),
        Cell::Time(time) => Value::String(iso(*time)),
        Cell::Span(span) => Value::from(span.0),
        Cell::Json(json) => json.clone(),
    }
}

/// JSON escapes the C0 controls only. DEL, the C1 controls and characters that turn or hide text are escaped here; they
/// can stand inside strings only, so the document stays the same.
pub(in crate::exchange) fn harmless(json: String) -> String {
    let acts = |c: char| {
        matches!(c, '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
    };
    if json.is_ascii() && !json.contains('\u{7f}') || !json.contains(acts) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if acts(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}
