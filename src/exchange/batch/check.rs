//! What is to be known of a batch before it is published: errors, which stop it, warnings, which never do, and what it
//! costs and pays. Nothing is fetched: addresses are named.

mod columns;
mod handing;
mod page;
mod places;
mod rows;
#[cfg(test)]
mod tests;
mod worth;

use super::Draft;
use crate::domain::batch::{BatchName, Cost, Wage};
use crate::domain::fees::FeeSchedule;
use crate::domain::id::WorkerId;
use crate::domain::money::Usd;
use crate::domain::qualification::{KnownType, Qualification};
use crate::domain::requirement::{Pool, Record, Required};
use crate::question::form::FormField;
use std::fmt;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing is published.
    Error,
    /// It is probably not meant; it never stops anything.
    Warning,
    /// Worth knowing.
    Notice,
}

impl Level {
    /// The word for people.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Notice => "note",
        }
    }
}

/// One thing to be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How much it weighs.
    pub level: Level,
    /// The file it is about.
    pub file: String,
    /// The row, from 1, and the line it begins in.
    pub row: Option<(usize, u64)>,
    /// The column.
    pub column: Option<String>,
    /// What, in words.
    pub words: String,
}

/// `items.csv: row 3 (line 4), column "text": …`.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file)?;
        match (self.row, &self.column) {
            (Some((row, line)), Some(column)) => write!(f, "row {row} (line {line}), column {column:?}: ")?,
            (Some((row, line)), None) => write!(f, "row {row} (line {line}): ")?,
            (None, Some(column)) => write!(f, "column {column:?}: ")?,
            (None, None) => {}
        }
        f.write_str(&self.words)
    }
}

/// Rows that have what a finding says, beside those that are named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct More {
    /// How much it weighs.
    pub level: Level,
    /// The column.
    pub column: Option<String>,
    /// What, in words.
    pub words: String,
    /// The rows, from 1, and the lines they begin in.
    pub rows: Vec<(usize, u64)>,
}

/// What is known of the account and its endpoint.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The qualification types that are known.
    pub types: Vec<KnownType>,
    /// Whether the endpoint is Amazon's sandbox.
    pub sandbox: bool,
    /// Whether the endpoint is Amazon's.
    pub amazon: bool,
    /// The balance, if it is known.
    pub balance: Option<Usd>,
    /// What the endpoint takes.
    pub fees: FeeSchedule,
    /// The workers who are known, and how their work was decided.
    pub workers: Vec<(WorkerId, Record)>,
    /// Who holds which qualification.
    pub scores: Vec<Qualification>,
    /// How many of the rows stand in other batches.
    pub earlier: Vec<(BatchName, u32)>,
    /// How many rows are to be published now.
    pub rows: u64,
}

/// What is known of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Errors first, then warnings, then notices.
    pub findings: Vec<Finding>,
    /// The rows that a finding counts and does not name.
    pub more: Vec<More>,
    /// What the rows that are to be published now cost.
    pub cost: Option<Cost>,
    /// What they would cost as HITs of at most nine assignments, where that is less.
    pub split: Option<Cost>,
    /// The balance before.
    pub balance: Option<Usd>,
    /// What an hour pays.
    pub wage: Option<Wage>,
    /// The fields that come back, as the first row has them.
    pub fields: Vec<FormField>,
    /// What workers' browsers load, and where links lead, as the template names it.
    pub addresses: Vec<String>,
    /// What is required of workers.
    pub required: Vec<Required>,
    /// The same in words: own types by their names.
    pub required_words: Vec<String>,
    /// How many known workers satisfy that.
    pub pool: Option<Pool>,
    /// The longest question: its row, from 1, and its bytes.
    pub longest: Option<(usize, usize)>,
}

impl Report {
    /// Whether something stops it.
    pub fn has_errors(&self) -> bool {
        self.of(Level::Error).next().is_some()
    }

    /// The findings of a level.
    pub fn of(&self, level: Level) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.level == level)
    }
}

/// Looks at a batch from all sides.
pub fn check(draft: &Draft, facts: &Facts) -> Report {
    let mut checking = Checking { draft, facts, report: Report::default() };
    if checking.columns() {
        checking.rows();
        checking.duplicates();
    }
    checking.page();
    checking.requirements();
    checking.money();
    checking.earlier();
    let mut report = checking.report;
    report.findings.sort_by_key(|finding| finding.level);
    report
}

/// A batch while it is looked at.
struct Checking<'c> {
    draft: &'c Draft,
    facts: &'c Facts,
    report: Report,
}

impl Checking<'_> {
    fn find(&mut self, level: Level, file: &str, words: impl Into<String>) {
        let (file, words) = (file.to_owned(), words.into());
        self.report.findings.push(Finding { level, file, row: None, column: None, words });
    }

    fn find_in(&mut self, level: Level, row: Option<usize>, column: Option<&str>, words: impl Into<String>) {
        let row = row.map(|row| self.place(row));
        self.report.findings.push(Finding {
            level,
            file: self.draft.files.data.clone(),
            row,
            column: column.map(str::to_owned),
            words: words.into(),
        });
    }

    /// A row, from 1, and the line it begins in.
    fn place(&self, row: usize) -> (usize, u64) {
        (row + 1, self.draft.table.lines.get(row).copied().unwrap_or_default())
    }

    /// Keeps the rows that a finding counts and does not name.
    fn more(&mut self, level: Level, rows: &[usize], column: Option<&str>, words: &str) {
        if !rows.is_empty() {
            let rows = rows.iter().map(|row| self.place(*row)).collect();
            self.report.more.push(More { level, column: column.map(str::to_owned), words: words.to_owned(), rows });
        }
    }
}

/// "1 row", "12 rows".
fn many(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
