//! The untidy shapes of plain form fields: lists joined with `|`, and options that come as one boolean field each.

use super::{Field, Value};
use std::collections::HashMap;

/// A `|` list has so many parts at most, and each so many characters: prose and tables are not lists.
const LIST: usize = 50;
const PART: usize = 60;

/// The value that one posted text stands for.
pub(super) fn of_text(text: String) -> Value {
    if text.is_empty() {
        return Value::Empty;
    }
    let is_part = |part: &str| !part.is_empty() && part.trim() == part && part.chars().count() <= PART;
    let parts = text.bytes().filter(|byte| *byte == b'|').count() + 1;
    if (2..=LIST).contains(&parts) && !text.contains('\n') && text.split('|').all(is_part) {
        return Value::Choice(text.split('|').map(str::to_owned).collect());
    }
    Value::Text(text)
}

/// Joins fields that are the options of one group, one boolean each (`age.18-25` false, `age.26-35` true, as the
/// requester website writes radio groups into its files), into one choice; and `agree.on` into a yes/no.
pub(super) fn join_options(fields: Vec<Field>) -> Vec<Field> {
    if !fields.iter().any(|field| option(field).is_some()) {
        return fields;
    }
    // Per group: how many fields there are, how many of them are booleans, what is chosen.
    let mut groups: HashMap<&str, (usize, usize, Vec<String>)> = HashMap::new();
    for field in &fields {
        let Some((group, _)) = field.name.rsplit_once('.') else { continue };
        let entry = groups.entry(group).or_default();
        entry.0 += 1;
        if let Some((_, name, on)) = option(field) {
            entry.1 += 1;
            if on {
                entry.2.push(name.to_owned());
            }
        }
    }
    groups.retain(|_, (all, booleans, _)| all == booleans && *all > 1);
    let mut joined: HashMap<String, Vec<String>> =
        groups.into_iter().map(|(group, (_, _, chosen))| (group.to_owned(), chosen)).collect();
    let mut done = Vec::new();
    let mut out = Vec::with_capacity(fields.len());
    for field in fields {
        match option(&field) {
            Some((group, _, _)) if joined.contains_key(group) => {
                let group = group.to_owned();
                let chosen = joined.remove(&group).unwrap_or_default();
                let value = if chosen.is_empty() { Value::Empty } else { Value::Choice(chosen) };
                out.push(Field { name: group.clone(), value });
                done.push(group);
            }
            Some((group, _, _)) if done.iter().any(|name| name == group) => {}
            Some((group, "on", on)) => out.push(Field { name: group.to_owned(), value: Value::Flag(on) }),
            _ => out.push(field),
        }
    }
    out
}

/// Group, option and whether it is chosen, of a field `group.option` that holds `true` or `false`.
fn option(field: &Field) -> Option<(&str, &str, bool)> {
    let (group, name) = field.name.rsplit_once('.').filter(|(group, name)| !group.is_empty() && !name.is_empty())?;
    match &field.value {
        Value::Text(text) if text == "true" => Some((group, name, true)),
        Value::Text(text) if text == "false" => Some((group, name, false)),
        Value::Flag(on) => Some((group, name, *on)),
        _ => None,
    }
}
