//! Files that were reviewed elsewhere, for the desk: read, and their assignments found in the store.

use crate::app::review_file::Reviewed;
use crate::exchange::review;
use crate::store::Store;
use std::fs::File;

/// Reads a file and finds its assignments.
pub fn read(store: &Store, path: &str) -> Result<Reviewed, String> {
    let file = File::open(path).map_err(|error| format!("{path} cannot be read: {error}"))?;
    let file = review::read(file).map_err(|error| format!("{path}: {error}"))?;
    let mut problems: Vec<String> =
        file.broken.iter().map(|line| format!("line {}: {}", line.line, line.why)).collect();
    let find = store.read(|reader| {
        let mut marks = Vec::with_capacity(file.lines.len());
        for line in file.lines {
            match reader.assignment_key(&line.assignment)? {
                Some(key) => marks.push((key, line.verdict)),
                None => problems.push(format!("line {}: {} is not in this account", line.line, line.assignment)),
            }
        }
        Ok(marks)
    });
    let marks = find.map_err(|error| format!("the assignments of {path} could not be looked up: {error}"))?;
    let name = path.rsplit('/').next().unwrap_or(path).to_owned();
    Ok(Reviewed { name, kind: file.kind.name(), marks, problems, undecided: file.undecided })
}
