//! A file of bonuses: a worker a line, with an amount and perhaps an assignment and a reason of their own. Every line that
//! cannot be followed is named.

use super::scores::BrokenLine;
use crate::domain::id::{AssignmentId, WorkerId};
use crate::domain::money::Usd;
use std::collections::HashMap;

/// A line that can be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BonusLine {
    /// Its number, from 1.
    pub line: u32,
    /// Who; none: whoever did the assignment.
    pub worker: Option<WorkerId>,
    /// For which work; none: the worker's latest.
    pub assignment: Option<AssignmentId>,
    /// How much.
    pub amount: Usd,
    /// What the worker reads.
    pub reason: String,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BonusFile {
    /// What can be followed, in order.
    pub lines: Vec<BonusLine>,
    /// What cannot, in order.
    pub broken: Vec<BrokenLine>,
    /// Lines without an amount: they ask for nothing.
    pub untouched: u32,
}

/// Why a file cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BonusFileError {
    /// Nobody is named.
    #[error("line 1: neither a column of workers (WorkerId) nor one of assignments (AssignmentId); there are: {0}")]
    Nobody(String),
    /// Not a CSV.
    #[error("line {0}: {1}")]
    Csv(u64, String),
}

/// The plain name of a column: `Worker ID`, `workerid` and `WORKER_ID` are the same.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// What may be paid, and for what, where a line does not say.
#[derive(Debug, Clone, Copy, Default)]
pub struct Defaults<'a> {
    /// The amount.
    pub amount: Option<Usd>,
    /// The reason.
    pub reason: Option<&'a str>,
}

fn delimiter_of(text: &str) -> u8 {
    if text.lines().next().unwrap_or_default().contains('\t') { b'\t' } else { b',' }
}

/// Whether a text is a file of bonuses and not a bare list of workers: its first line names a column of amounts.
pub fn is_bonus_file(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    let opening = text.lines().next().unwrap_or_default();
    opening.split(char::from(delimiter_of(text))).any(|name| is_amount(&plain(name)))
}

fn is_amount(name: &str) -> bool {
    matches!(name, "bonusamount" | "bonus" | "amount")
}

/// Reads a file of bonuses. An assignment stands in it once; so does a worker who has none beside the name.
pub fn read(text: &str, defaults: Defaults<'_>) -> Result<BonusFile, BonusFileError> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter_of(text)).flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| BonusFileError::Csv(1, error.to_string()))?.clone();
    let names: Vec<String> = header.iter().map(plain).collect();
    let column = |wanted: &dyn Fn(&str) -> bool| names.iter().position(|name| wanted(name));
    let worker = column(&|name| matches!(name, "workerid" | "worker"));
    let assignment = column(&|name| matches!(name, "assignmentid" | "assignment"));
    let (amount, reason) = (column(&is_amount), column(&|name| matches!(name, "reason" | "bonusreason" | "message")));
    if worker.is_none() && assignment.is_none() {
        return Err(BonusFileError::Nobody(header.iter().collect::<Vec<_>>().join(", ")));
    }
    let mut file = BonusFile::default();
    let mut seen: HashMap<String, u32> = HashMap::new();
    for record in reader.records() {
        let (line, row) = match record {
            Ok(row) => (row.position().map_or(0, csv::Position::line), row),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                file.broken.push(BrokenLine { line: number(line), why: error.to_string() });
                continue;
            }
        };
        let line = number(line);
        let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).map(str::trim).filter(|cell| !cell.is_empty());
        let read = || -> Result<Option<BonusLine>, String> {
            let amount = match cell(amount) {
                None if amount.is_some() && defaults.amount.is_none() => return Ok(None),
                None => defaults.amount.ok_or("no amount, and none was given with --amount")?,
                Some(text) => Usd::parse(text.trim_start_matches('$')).map_err(|error| error.to_string())?,
            };
            let parse = |text| WorkerId::parse(text).map_err(|error| error.to_string());
            let worker = cell(worker).map(parse).transpose()?;
            let parse = |text| AssignmentId::parse(text).map_err(|error| error.to_string());
            let assignment = cell(assignment).map(parse).transpose()?;
            if worker.is_none() && assignment.is_none() {
                return Err("neither a worker nor an assignment".to_owned());
            }
            let reason = cell(reason).or(defaults.reason).ok_or("no reason, and none was given with --reason")?;
            Ok(Some(BonusLine { line, worker, assignment, amount, reason: reason.to_owned() }))
        };
        match read() {
            Ok(None) => file.untouched += 1,
            Err(why) => file.broken.push(BrokenLine { line, why }),
            Ok(Some(found)) => {
                let name = found.assignment.as_ref().map(ToString::to_string);
                let name = name.or(found.worker.as_ref().map(ToString::to_string)).unwrap_or_default();
                match seen.get(&name) {
                    Some(before) => {
                        let why = format!("{name} stands in line {before} already: put what they get into one line");
                        file.broken.push(BrokenLine { line, why });
                    }
                    None => {
                        seen.insert(name, line);
                        file.lines.push(found);
                    }
                }
            }
        }
    }
    Ok(file)
}

fn number(line: u64) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_has_its_own_amount_and_reason() {
        let text = "\u{feff}WorkerId,AssignmentId,BonusAmount,Reason\nA1X,3ASG,0.50,\"Good, really\"\nA2Y,,$1,\n,3BSG,2,Thanks\nA3Z,3CSG,,\n";
        let defaults = Defaults { amount: None, reason: Some("For all") };
        let file = read(text, defaults).unwrap();
        assert_eq!(file.broken, []);
        let lines: Vec<(u32, i64, &str)> =
            file.lines.iter().map(|it| (it.line, it.amount.as_cents(), it.reason.as_str())).collect();
        assert_eq!(lines, [(2, 50, "Good, really"), (3, 100, "For all"), (4, 200, "Thanks")]);
        assert_eq!((file.lines[1].assignment.as_ref(), file.lines[2].worker.as_ref()), (None, None));
        assert_eq!(file.untouched, 1, "a line without an amount asks for nothing");
        assert!(is_bonus_file(text) && !is_bonus_file("A1X\nA2Y\n") && !is_bonus_file("WorkerId\nA1X\n"));
    }

    #[test]
    fn every_broken_line_is_named() {
        let text = "worker\tamount\treason\nA1X\t0.50\tx\nnobody\t1\tx\nA2Y\tmuch\tx\n\t1\tx\nA3Z\t1\t\nA1X\t2\ty\n";
        let file = read(text, Defaults::default()).unwrap();
        let broken: Vec<(u32, &str)> = file.broken.iter().map(|it| (it.line, it.why.as_str())).collect();
        assert_eq!(broken.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4, 5, 6, 7]);
        assert!(broken[0].1.contains("nobody"), "{broken:?}");
        assert!(broken[2].1.contains("neither a worker nor an assignment"), "{broken:?}");
        assert!(broken[3].1.contains("no reason"), "{broken:?}");
        assert_eq!(broken[4].1, "A1X stands in line 2 already: put what they get into one line");
        assert_eq!(file.lines.len(), 1);
        let error = read("name,amount\nx,1\n", Defaults::default()).unwrap_err().to_string();
        assert!(error.contains("name, amount"), "{error}");
    }
}
