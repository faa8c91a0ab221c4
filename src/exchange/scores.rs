//! Score files: the requester website's worker CSV, the command-line tools' `workerid<TAB>score`, plain `worker,score`, and
//! bare lists of workers. Each line is read by itself, so that a broken one is named and spoils no other.

mod line;
#[cfg(test)]
mod tests;

use crate::domain::id::WorkerId;
use line::cells;
use std::collections::HashMap;
use std::io::{self, Write};

/// What a file looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// The requester website's worker CSV: `Worker ID`, `UPDATE-<name>`, `UPDATE-BlockStatus`.
    Website,
    /// The command-line tools': `workerid<TAB>score`.
    Tab,
    /// `worker,score`.
    Csv,
    /// A worker a line.
    List,
}

impl Layout {
    /// All of them.
    pub const ALL: [Layout; 4] = [Layout::Website, Layout::Tab, Layout::Csv, Layout::List];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Layout::Website => "website",
            Layout::Tab => "tab",
            Layout::Csv => "csv",
            Layout::List => "list",
        }
    }
}

/// What a line asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// This score.
    Score(i32),
    /// The qualification taken away.
    Revoke,
    /// The worker blocked.
    Block,
    /// The block lifted.
    Unblock,
}

/// A line that can be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreLine {
    /// Its number, from 1.
    pub line: u32,
    /// Who.
    pub worker: WorkerId,
    /// What is asked for.
    pub change: Change,
}

/// A line that cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenLine {
    /// Its number, from 1.
    pub line: u32,
    /// What is wrong with it.
    pub why: String,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreFile {
    /// What it looks like.
    pub layout: Layout,
    /// What is asked for, in order, of each worker once.
    pub lines: Vec<ScoreLine>,
    /// What cannot be followed, in order.
    pub broken: Vec<BrokenLine>,
    /// Lines that say once more what a line before them said.
    pub repeated: u32,
    /// Lines that ask for nothing.
    pub untouched: u32,
    /// UPDATE columns of other qualifications: what they ask for is not in here.
    pub others: Vec<String>,
}

/// Why a file cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScoreFileError {
    /// There is nothing in it.
    #[error("there is no worker in it")]
    Empty,
    /// A header without a column of workers.
    #[error("line 1: no column is called \"Worker ID\" or \"workerid\"; there are: {0}")]
    NoWorkers(String),
    /// The website's file, without the column of this qualification.
    #[error("line 1: no column is called \"UPDATE-{name}\"; there are: {found}")]
    OtherQualification {
        /// The qualification that was asked for.
        name: String,
        /// The UPDATE columns there are.
        found: String,
    },
    /// Workers without scores.
    #[error("it has no scores: one is needed for all of its workers")]
    NoScores,
}

const UPDATE: &str = "UPDATE-";
const BLOCKS: &str = "BlockStatus";
/// What the website takes.
const WEBSITE_SCORES: std::ops::RangeInclusive<i32> = 0..=100;

/// Where in a line things stand.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Plan {
    layout: Layout,
    delimiter: char,
    /// The cells of the header, if the first line is one.
    header: Option<Vec<String>>,
    worker: usize,
    score: Option<usize>,
    block: Option<usize>,
}

/// Reads a file for the qualification type `name`. `default` is the score of lines that have none.
pub fn read(text: &str, name: &str, default: Option<i32>) -> Result<ScoreFile, ScoreFileError> {
    let text = text.trim_start_matches('\u{feff}');
    let lines = || (1u32..).zip(text.lines()).filter(|(_, line)| !is_blank(line));
    let (first, opening) = lines().next().ok_or(ScoreFileError::Empty)?;
    let plan = plan(opening, name)?;
    if plan.score.is_none() && plan.block.is_none() && default.is_none() {
        return Err(ScoreFileError::NoScores);
    }
    let mut file = ScoreFile {
        layout: plan.layout,
        lines: Vec::new(),
        broken: Vec::new(),
        repeated: 0,
        untouched: 0,
        others: plan.others(),
    };
    let mut seen: HashMap<(WorkerId, bool), Said> = HashMap::new();
    let is_block = |change| matches!(change, Change::Block | Change::Unblock);
    for (number, line) in lines() {
        if number == first && plan.header.is_some() {
            continue;
        }
        let asked = match cells(line, plan.delimiter) {
            // Files may be appended to each other.
            Ok(cells) if plan.header.as_ref().is_some_and(|header| cells.iter().eq(header)) => continue,
            Ok(cells) => plan.read(&cells, default),
            Err(why) => Err(why.to_owned()),
        };
        match asked {
            Err(why) => file.broken.push(BrokenLine { line: number, why }),
            Ok((_, changes)) if changes.is_empty() => file.untouched += 1,
            Ok((worker, changes)) => {
                for change in changes {
                    let of = (worker.clone(), is_block(change));
                    match seen.get_mut(&of) {
                        None => {
                            seen.insert(of, Said { line: number, change, disputed: false });
                            file.lines.push(ScoreLine { line: number, worker: worker.clone(), change });
                        }
                        Some(said) if said.change == change && !said.disputed => file.repeated += 1,
                        Some(said) => {
                            // Nobody can tell which one is meant: neither is taken.
                            let with = |line: u32| format!("{worker} stands in line {line} with something else");
                            if !std::mem::replace(&mut said.disputed, true) {
                                file.broken.push(BrokenLine { line: said.line, why: with(number) });
                            }
                            file.broken.push(BrokenLine { line: number, why: with(said.line) });
                        }
                    }
                }
            }
        }
    }
    file.lines
        .retain(|line| !seen.get(&(line.worker.clone(), is_block(line.change))).is_some_and(|said| said.disputed));
    file.broken.sort_by_key(|broken| broken.line);
    if file.lines.is_empty() && file.broken.is_empty() && file.untouched == 0 {
        return Err(ScoreFileError::Empty);
    }
    Ok(file)
}

/// What a file says of a worker.
struct Said {
    /// In which line first.
    line: u32,
    change: Change,
    /// Whether another line says something else.
    disputed: bool,
}

/// Blank lines and comments are skipped.
fn is_blank(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

fn plan(opening: &str, name: &str) -> Result<Plan, ScoreFileError> {
    let delimiter = if opening.contains('\t') { '\t' } else { ',' };
    let layout = if delimiter == '\t' { Layout::Tab } else { Layout::Csv };
    let found = cells(opening, delimiter).unwrap_or_default();
    let at = |wanted: fn(&str) -> bool| found.iter().position(|cell| wanted(cell));
    let worker = at(|cell| {
        let plain: String = cell.chars().filter(char::is_ascii_alphanumeric).collect();
        matches!(plain.to_ascii_lowercase().as_str(), "workerid" | "worker")
    });
    let score = at(|cell| matches!(cell.to_ascii_lowercase().as_str(), "score" | "integervalue" | "value"));
    let updates: Vec<&str> = found.iter().filter_map(|cell| cell.strip_prefix(UPDATE)).collect();
    let Some(worker) = worker else {
        if score.is_some() || !updates.is_empty() {
            return Err(ScoreFileError::NoWorkers(found.join(", ")));
        }
        // No header: the first cell is a worker, the second, if there is one, a score.
        let (layout, score) = if found.len() > 1 { (layout, Some(1)) } else { (Layout::List, None) };
        return Ok(Plan { layout, delimiter, header: None, worker: 0, score, block: None });
    };
    if updates.is_empty() {
        let layout = if score.is_none() { Layout::List } else { layout };
        return Ok(Plan { layout, delimiter, header: Some(found), worker, score, block: None });
    }
    let column = |of: &str| found.iter().position(|cell| cell.strip_prefix(UPDATE) == Some(of));
    let Some(score) = column(name) else {
        let found = updates.iter().map(|update| format!("{UPDATE}{update}")).collect::<Vec<_>>().join(", ");
        return Err(ScoreFileError::OtherQualification { name: name.to_owned(), found });
    };
    let block = column(BLOCKS);
    Ok(Plan { layout: Layout::Website, delimiter, header: Some(found), worker, score: Some(score), block })
}

impl Plan {
    /// The UPDATE columns that are not followed.
    fn others(&self) -> Vec<String> {
        let (score, block) = (self.score, self.block);
        let others =
            self.header.iter().flatten().enumerate().filter(|(at, _)| Some(*at) != score && Some(*at) != block);
        others.filter(|(_, cell)| cell.starts_with(UPDATE)).map(|(_, cell)| cell.clone()).collect()
    }

    /// Who a line is about, and what it asks for.
    fn read(&self, cells: &[String], default: Option<i32>) -> Result<(WorkerId, Vec<Change>), String> {
        let cell = |at: usize| cells.get(at).map(|cell| cell.as_str()).unwrap_or_default();
        if self.header.is_none() && cells.len() > 2 {
            return Err(format!("{} cells; expected a worker and a score", cells.len()));
        }
        let worker = WorkerId::parse(cell(self.worker)).map_err(|error| error.to_string())?;
        let mut changes = Vec::new();
        match self.score.map(cell) {
            Some("") | None if self.layout == Layout::Website => {}
            Some("") | None => {
                changes.push(Change::Score(default.ok_or("no score, and none was given for such lines")?));
            }
            Some(text) if text.eq_ignore_ascii_case("revoke") && self.layout == Layout::Website => {
                changes.push(Change::Revoke);
            }
            Some(text) => changes.push(Change::Score(self.score(text)?)),
        }
        match self.block.map(cell) {
            Some("") | None => {}
            Some(text) if text.eq_ignore_ascii_case("block") => changes.push(Change::Block),
            Some(text) if text.eq_ignore_ascii_case("unblock") => changes.push(Change::Unblock),
            Some(text) => {
                return Err(format!("{:?} in {UPDATE}{BLOCKS}: expected Block, Unblock or nothing", shortened(text)));
            }
        }
        Ok((worker, changes))
    }

    fn score(&self, text: &str) -> Result<i32, String> {
        let number: Option<i32> = text.parse().ok();
        match (number, self.layout) {
            (Some(score), Layout::Website) if !WEBSITE_SCORES.contains(&score) => {
                Err(format!("{score} is not a score of the website, which takes 0 to 100"))
            }
            (Some(score), _) => Ok(score),
            (None, Layout::Website) => {
                Err(format!("{:?} is not a score: expected 0 to 100, Revoke or nothing", shortened(text)))
            }
            (None, _) => Err(format!("{:?} is not a score: expected a whole number", shortened(text))),
        }
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

/// A worker's score, to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Who.
    pub worker: WorkerId,
    /// The score; none: the worker does not hold the qualification.
    pub score: Option<i32>,
    /// Whether the worker is blocked.
    pub blocked: bool,
}

/// Writes scores of the qualification type `name` in a layout that [`read`] reads.
pub fn write(mut out: impl Write, layout: Layout, name: &str, held: &[Held]) -> io::Result<()> {
    let mut csv = |cells: &[&str], delimiter: &str| {
        let quoted: Vec<String> = cells.iter().map(|cell| quoted(cell, delimiter)).collect();
        writeln!(out, "{}", quoted.join(delimiter))
    };
    match layout {
        Layout::Website => {
            let (current, update) = (format!("CURRENT-{name}"), format!("{UPDATE}{name}"));
            let (was, block) = (format!("CURRENT-{BLOCKS}"), format!("{UPDATE}{BLOCKS}"));
            csv(&["Worker ID", &current, &update, &was, &block], ",")?;
        }
        Layout::Tab => csv(&["workerid", "score"], "\t")?,
        Layout::Csv => csv(&["worker", "score"], ",")?,
        Layout::List => {}
    }
    for it in held {
        let score = it.score.map(|score| score.to_string());
        match (layout, &score) {
            (Layout::Website, _) => {
                let status = if it.blocked { "Blocked" } else { "Never Blocked" };
                csv(&[it.worker.as_str(), score.as_deref().unwrap_or_default(), "", status, ""], ",")?;
            }
            (Layout::Tab, Some(score)) => csv(&[it.worker.as_str(), score], "\t")?,
            (Layout::Csv, Some(score)) => csv(&[it.worker.as_str(), score], ",")?,
            (Layout::List, Some(_)) => csv(&[it.worker.as_str()], ",")?,
            (_, None) => {}
        }
    }
    out.flush()
}

fn quoted(cell: &str, delimiter: &str) -> String {
    if cell.contains(delimiter) || cell.contains(['"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
