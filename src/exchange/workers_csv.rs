//! The workers of a results file: the requester website's, the command-line tools', or any other with a column of workers.

use crate::domain::id::WorkerId;
use std::collections::HashSet;

/// Why a file's workers cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkersError {
    /// No column of workers.
    #[error("no column is called WorkerId, workerid or Worker ID; there are: {0}")]
    NoColumn(String),
    /// A row that is no CSV, or has something else where the worker should be.
    #[error("line {line}: {why}")]
    Row {
        /// Which line.
        line: u64,
        /// What is wrong.
        why: String,
    },
}

/// Whether a column of this name holds workers.
pub fn is_worker_column(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    plain.eq_ignore_ascii_case("workerid")
}

/// The workers that a file names, each once, in order: one with a column of workers, or a list of them, one a line.
pub fn named(text: &str) -> Result<Vec<WorkerId>, WorkersError> {
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty());
    let mut seen = HashSet::new();
    match lines.map(|line| WorkerId::parse(line).ok()).collect::<Option<Vec<WorkerId>>>() {
        Some(list) => Ok(list.into_iter().filter(|worker| seen.insert(worker.clone())).collect()),
        None => workers(text),
    }
}

/// The workers of a results file, each once, in order. Rows without a worker (HITs that nobody took) are skipped.
pub fn workers(text: &str) -> Result<Vec<WorkerId>, WorkersError> {
    let text = text.trim_start_matches('\u{feff}');
    let opening = text.lines().next().unwrap_or_default();
    let delimiter = if opening.contains('\t') { b'\t' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let broken = |error: csv::Error| {
        let line = error.position().map_or(0, csv::Position::line);
        WorkersError::Row { line, why: error.to_string() }
    };
    let header = reader.headers().map_err(broken)?.clone();
    let names = || header.iter().collect::<Vec<_>>().join(", ");
    let column = header.iter().position(is_worker_column).ok_or_else(|| WorkersError::NoColumn(names()))?;
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let cell = record.get(column).unwrap_or_default().trim();
        if cell.is_empty() || record == header {
            continue;
        }
        let line = record.position().map_or(0, csv::Position::line);
        let worker = WorkerId::parse(cell).map_err(|error| WorkersError::Row { line, why: error.to_string() })?;
        if seen.insert(worker.clone()) {
            found.push(worker);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_are_found_by_the_name_of_their_column() {
        let website = "\u{feff}\"HITId\",\"WorkerId\",\"Answer.text\"\n\"3A\",\"A1X\",\"two\nlines\"\n\"3A\",\"A2Y\",\"\"\n\"3B\",\"A1X\",\"\"\n";
        let tools =
            "\"hitid\"\t\"workerid\"\n\"3A\"\t\"A1X\"\n\"3B\"\t\"\"\n\"hitid\"\t\"workerid\"\n\"3C\"\t\"A2Y\"\n";
        for text in [website, tools] {
            let found = workers(text).unwrap();
            assert_eq!(found.iter().map(WorkerId::as_str).collect::<Vec<_>>(), ["A1X", "A2Y"]);
        }
    }

    #[test]
    fn a_list_needs_no_column() {
        let of = |text: &str| named(text).map(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(of("\u{feff}A1X\n\n A2Y \nA1X\n").unwrap(), ["A1X", "A2Y"]);
        assert_eq!(of("workerid,score\nA1X,5\n").unwrap(), ["A1X"]);
        assert_eq!(of("").unwrap(), Vec::<String>::new());
        assert!(of("A1X\nsomebody\n").unwrap_err().to_string().contains("there are: A1X"));
    }

    #[test]
    fn what_is_no_worker_is_named_with_its_line() {
        let error = workers("HITId,WorkerId\n3A,A1X\n3B,somebody\n").unwrap_err().to_string();
        assert!(error.contains("line 3: \"somebody\" is not a worker ID"), "{error}");
        let error = workers("a,b\n1,2\n").unwrap_err().to_string();
        assert!(error.contains("WorkerId") && error.contains("a, b"), "{error}");
    }
}
