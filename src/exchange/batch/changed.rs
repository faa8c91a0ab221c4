//! Whether a batch is still what was published under its name: a row is published once, and what workers were asked does
//! not change under them.

use super::Draft;
use crate::domain::batch::{BatchRow, RowKey, StoredBatch};
use std::collections::{HashMap, HashSet};

/// So many rows are named.
const NAMED: usize = 5;

impl Draft {
    /// What is different from what is written down under the batch's name, in words. Rows that are only added are no
    /// difference, and neither are rows that are only left out.
    pub fn changes(&self, stored: &StoredBatch, rows: &[BatchRow]) -> Vec<String> {
        let mut changes = Vec::new();
        if self.task.digest() != stored.digest {
            changes.push(format!("{}: workers would see another task than those before them", self.files.source));
        }
        let before: HashMap<&str, &str> = stored.terms.iter().map(|(key, value)| (&**key, &**value)).collect();
        for (key, now) in self.spec.terms() {
            if let Some(was) = before.get(key.as_str()).filter(|was| **was != now) {
                let quoted = |value: &str| if value.is_empty() { "nothing".to_owned() } else { format!("{value:?}") };
                changes.push(format!("{}: {key} was {} and is {}", self.files.spec, quoted(was), quoted(&now)));
            }
        }
        let new = self.keys();
        let now: HashSet<RowKey> = new.iter().copied().collect();
        let known: HashSet<RowKey> = rows.iter().map(|row| row.key).collect();
        let added =
            (1..).zip(&new).filter(|(_, key)| !known.contains(*key)).map(|(number, _): (usize, _)| number.to_string());
        let added: Vec<String> = added.collect();
        let gone: Vec<String> =
            rows.iter().filter(|row| !now.contains(&row.key)).map(|row| row.number.to_string()).collect();
        if !added.is_empty() && !gone.is_empty() {
            changes.push(format!(
                "{}: rows have changed: {} not in the batch, and {} of the batch {} not in the file any more",
                self.files.data,
                list(&added, "is", "are"),
                list(&gone, "", "").trim_end(),
                if gone.len() == 1 { "is" } else { "are" },
            ));
        }
        changes
    }

    /// The rows of a batch that the file no longer has.
    pub fn left_out(&self, rows: &[BatchRow]) -> usize {
        let now: HashSet<RowKey> = self.keys().into_iter().collect();
        rows.iter().filter(|row| !now.contains(&row.key)).count()
    }
}

/// "row 3 is", "rows 3, 4 and 12 more are".
fn list(numbers: &[String], one: &str, many: &str) -> String {
    let more = numbers.len().saturating_sub(NAMED);
    let shown = numbers.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    match (numbers.len(), more) {
        (1, _) => format!("row {shown} {one}"),
        (_, 0) => format!("rows {shown} {many}"),
        _ => format!("rows {shown} and {more} more {many}"),
    }
}
