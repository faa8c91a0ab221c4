//! An answer in one line, and as searchable text.

use super::{Answer, Field, Value};

/// So much of one value is worth a place in the line.
const VALUE: usize = 60;

/// Fields that scripts add and that say nothing about the answer.
const BOILERPLATE: &[&str] = &[
    "useragent",
    "user_agent",
    "browser",
    "ip",
    "screen",
    "timezone",
    "timestamp",
    "starttime",
    "endtime",
    "duration",
    "consent",
    "submitbutton",
    "submit",
    "csrf",
    "version",
    "debug",
    "trackingid",
    "sessionid",
];

/// The answer in one line of at most `max_chars` characters, the most telling fields first: choices, then short texts,
/// then long ones; fields of browsers and scripts last, empty ones not at all. Raw text, blanks collapsed.
pub fn summary(answer: &Answer, max_chars: usize) -> String {
    let mut telling: Vec<(u8, &Field)> =
        answer.fields.iter().filter(|field| !field.value.is_empty()).map(|field| (rank(field), field)).collect();
    telling.sort_by_key(|(rank, _)| *rank);
    let mut out = String::new();
    for (_, field) in telling {
        if !out.is_empty() {
            out.push_str("; ");
        }
        if !field.name.is_empty() {
            out.extend(field.name.chars().take(VALUE));
            out.push_str(": ");
        }
        match &field.value {
            Value::Choice(chosen) => push_collapsed(&mut out, chosen.iter().map(String::as_str), ", "),
            Value::Flag(on) => out.push_str(if *on { "yes" } else { "no" }),
            Value::Upload { bytes, .. } => out.push_str(&format!("file of {bytes} bytes")),
            value => push_collapsed(&mut out, std::iter::once(value.text().as_ref()), ""),
        }
        // Counted in bytes first: it is enough to know that there are certainly more characters than wanted.
        if out.len() > max_chars * 4 {
            break;
        }
    }
    if out.is_empty() {
        let word = if answer.problem.is_some() { "(unreadable)" } else { "(empty)" };
        return word.chars().take(max_chars).collect();
    }
    match out.char_indices().nth(max_chars) {
        None => out,
        Some(_) => {
            let mut cut: String = out.chars().take(max_chars.saturating_sub(1)).collect();
            cut.push('…');
            cut
        }
    }
}

/// Adds the start of texts with every run of blanks as one.
fn push_collapsed<'a>(out: &mut String, texts: impl Iterator<Item = &'a str>, separator: &str) {
    let mut left = VALUE * 2;
    for (index, text) in texts.enumerate() {
        if left == 0 {
            break;
        }
        if index > 0 {
            out.push_str(separator);
        }
        let mut blank = false;
        for c in text.trim_start().chars() {
            if left == 0 {
                out.push('…');
                break;
            }
            if c.is_whitespace() {
                blank = true;
                continue;
            }
            if std::mem::take(&mut blank) {
                out.push(' ');
            }
            out.push(c);
            left -= 1;
        }
    }
}

fn rank(field: &Field) -> u8 {
    let name = field.name.to_ascii_lowercase();
    if BOILERPLATE.contains(&name.rsplit('.').next().unwrap_or(&name)) {
        return 9;
    }
    match &field.value {
        Value::Choice(_) => 0,
        Value::Text(text) if text.starts_with("http://") || text.starts_with("https://") => 4,
        Value::Text(text) if text.len() <= VALUE => 1,
        Value::Text(_) => 2,
        Value::Flag(_) => 3,
        Value::Upload { .. } => 4,
        Value::Empty => 9,
    }
}

/// All values, one a line: what a bare word of the query language is looked up in.
pub fn text(answer: &Answer) -> String {
    let mut out = String::new();
    for field in answer.fields.iter().filter(|field| !field.value.is_empty()) {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&field.value.text());
    }
    out
}
