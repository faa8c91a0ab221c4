//! Which assignments or HITs a command is about.

use super::args::{HitSelection, Selection};
use super::exit::Failure;
use super::session::{Rows, Session};
use crate::domain::id::{AssignmentId, HitId, IdError};
use crate::domain::query::{self, Query, QueryError};
use crate::domain::row::{AssignmentRow, HitRow};
use std::collections::HashSet;
use std::hash::Hash;
use std::io::Read;
use std::path::Path;

/// What was found, and what was asked for by name and is not there.
pub struct Chosen<T, I> {
    /// The rows.
    pub rows: Vec<T>,
    /// Not in this account.
    pub missing: Vec<I>,
}

/// Reads `--where`.
pub fn parse_query(text: &str) -> Result<Query, Failure> {
    query::parse(text).map_err(|error| unread(text, &error))
}

/// A query that cannot be read, with a mark under the place.
pub(super) fn unread(text: &str, error: &QueryError) -> Failure {
    Failure::Usage(format!("--where: {error}\n  {text}\n  {:>1$}", "^", error.column))
}

/// The assignments of a selection; of an empty one: all of them.
pub async fn assignments(
    session: &Session,
    rows: &Rows,
    selection: &Selection,
) -> Result<Chosen<AssignmentRow, AssignmentId>, Failure> {
    if let Some(text) = &selection.query {
        let rows = session.query(rows, &parse_query(text)?).await?;
        return Ok(Chosen { rows, missing: Vec::new() });
    }
    if selection.is_empty() {
        return Ok(Chosen { rows: rows.assignments.clone(), missing: Vec::new() });
    }
    let ids = ids(&selection.assignments, selection.ids.as_deref(), AssignmentId::parse)?;
    let found = session
        .engine
        .store()
        .reading(move |reader| {
            let find = |id: AssignmentId| {
                let row = reader.assignment_key(&id)?.map(|key| reader.assignment(key)).transpose()?.flatten();
                Ok((id, row))
            };
            ids.into_iter().map(find).collect::<Result<Vec<_>, crate::store::StoreError>>()
        })
        .await?;
    let mut chosen = Chosen { rows: Vec::new(), missing: Vec::new() };
    for (id, row) in found {
        match row {
            Some(row) => chosen.rows.push(row),
            None => chosen.missing.push(id),
        }
    }
    Ok(chosen)
}

/// The HITs of a selection, which must not be empty.
pub fn hits(rows: &Rows, selection: &HitSelection) -> Result<Chosen<HitRow, HitId>, Failure> {
    let mut all: Vec<&HitRow> = rows.hits.values().collect();
    all.sort_by_key(|hit| hit.key);
    if let Some(name) = &selection.batch {
        let rows: Vec<HitRow> = all.into_iter().filter(|hit| *hit.batch == **name).cloned().collect();
        if rows.is_empty() {
            return Err(Failure::Failed(format!("there is no batch \"{name}\"; `hitdeck batch list` shows them")));
        }
        return Ok(Chosen { rows, missing: Vec::new() });
    }
    let mut chosen = Chosen { rows: Vec::new(), missing: Vec::new() };
    for id in ids(&selection.hits, selection.ids.as_deref(), HitId::parse)? {
        match all.iter().find(|hit| hit.id == id) {
            Some(hit) => chosen.rows.push((*hit).clone()),
            None => chosen.missing.push(id),
        }
    }
    if chosen.rows.is_empty() && chosen.missing.is_empty() {
        return Err(Failure::Usage("which HITs? give IDs, --ids FILE or --batch NAME".into()));
    }
    Ok(chosen)
}

/// The ids of the command line and of a file (one a line; blank lines and `#` comments are skipped), each once.
pub(super) fn ids<I: Clone + Eq + Hash>(
    given: &[I],
    file: Option<&Path>,
    parse: fn(&str) -> Result<I, IdError>,
) -> Result<Vec<I>, Failure> {
    let mut all = given.to_vec();
    if let Some(path) = file {
        let name = path.display();
        let text = read(path).map_err(|reason| Failure::File { what: format!("reading {name}"), reason })?;
        all.extend(ids_in(&text, parse, path)?);
    }
    let mut seen = HashSet::new();
    all.retain(|id| seen.insert(id.clone()));
    Ok(all)
}

/// The ids of a text that was read from `path`.
pub(super) fn ids_in<I>(text: &str, parse: fn(&str) -> Result<I, IdError>, path: &Path) -> Result<Vec<I>, Failure> {
    let mut all = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let at = || format!("{}:{}", path.display(), number + 1);
        all.push(parse(line).map_err(|error| Failure::Usage(format!("{}: {error}", at())))?);
    }
    Ok(all)
}

/// The text of a file, or of stdin for `-`.
pub(super) fn read(path: &Path) -> std::io::Result<String> {
    if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().lock().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_ids_names_the_line_that_is_wrong() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ids.txt");
        std::fs::write(&path, "\u{feff}3AAA\n\n# done yesterday\n  3BBB \r\n3AAA\n").unwrap();
        let found = ids(&[HitId::parse("3CCC").unwrap()], Some(&path), HitId::parse).unwrap();
        assert_eq!(found.iter().map(HitId::as_str).collect::<Vec<_>>(), ["3CCC", "3AAA", "3BBB"]);
        std::fs::write(&path, "3AAA\nnot an id\n").unwrap();
        let error = ids(&[], Some(&path), HitId::parse).unwrap_err().to_string();
        assert!(error.contains("ids.txt:2: \"not an id\" is not a HIT ID"), "{error}");
    }
}
