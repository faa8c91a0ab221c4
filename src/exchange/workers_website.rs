//! The requester website's worker CSV, whole: everybody with their figures, a pair of columns for each qualification type, and the
//! block. What stands in the UPDATE columns is what an upload changes.

use super::scores::{BrokenLine, Change, ScoreLine};
use super::workers_csv::{WorkersError, is_worker_column};
use crate::domain::id::WorkerId;
use crate::domain::worker_stats::{Tally, WorkerStats};
use std::io;

const UPDATE: &str = "UPDATE-";
const CURRENT: &str = "CURRENT-";
const BLOCKS: &str = "BlockStatus";
/// The figures of each span, as the website names it.
const SPANS: [&str; 3] = ["Lifetime", "Last 30 Days", "Last 7 Days"];

/// A worker, to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkerLine {
    /// Who.
    pub worker: WorkerId,
    /// Their work.
    pub stats: WorkerStats,
    /// The score of each qualification type, in the order of the columns.
    pub scores: Vec<Option<i32>>,
    /// Whether they are blocked.
    pub blocked: bool,
}

/// Writes workers; `names` are the qualification types. The UPDATE columns are empty: that changes nothing.
pub fn write(out: impl io::Write, names: &[&str], workers: impl Iterator<Item = WorkerLine>) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    let mut header = vec!["Worker ID".to_owned()];
    for span in SPANS {
        header.push(format!("Number of HITs approved or rejected - {span}"));
        header.push(format!("Number of HITs approved - {span}"));
        header.push(format!("Your {span} Approval Rate"));
    }
    for name in names.iter().copied().chain([BLOCKS]) {
        header.extend([format!("{CURRENT}{name}"), format!("{UPDATE}{name}")]);
    }
    writer.write_record(&header).map_err(io::Error::other)?;
    for line in workers {
        let mut cells = vec![line.worker.to_string()];
        for tally in [line.stats.lifetime, line.stats.month, line.stats.week] {
            cells.extend([tally.decided().to_string(), tally.approved.to_string(), rate(tally)]);
        }
        for score in &line.scores {
            cells.extend([score.map_or(String::new(), |score| score.to_string()), String::new()]);
        }
        let status = if line.blocked { "Blocked" } else { "Never Blocked" };
        cells.extend([status.to_owned(), String::new()]);
        writer.write_record(&cells).map_err(io::Error::other)?;
    }
    writer.flush()
}

fn rate(of: Tally) -> String {
    of.rate().map_or(String::new(), |rate| format!("{}.{:02}%", rate / 100, rate % 100))
}

/// What an upload asks for beside scores.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Upload {
    /// The qualification types that have an UPDATE column.
    pub names: Vec<String>,
    /// Blocks that are set or lifted.
    pub blocks: Vec<ScoreLine>,
    /// Lines whose block cannot be read.
    pub broken: Vec<BrokenLine>,
}

/// Reads which qualification types a file changes, and the blocks.
pub fn read(text: &str) -> Result<Upload, WorkersError> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| WorkersError::Row { line: 1, why: error.to_string() })?.clone();
    let all = || header.iter().collect::<Vec<_>>().join(", ");
    let worker = header.iter().position(is_worker_column).ok_or_else(|| WorkersError::NoColumn(all()))?;
    let updates = header.iter().filter_map(|name| name.trim().strip_prefix(UPDATE));
    let names = updates.filter(|name| *name != BLOCKS).map(str::to_owned).collect();
    let block = header.iter().position(|name| name.trim().strip_prefix(UPDATE) == Some(BLOCKS));
    let mut upload = Upload { names, ..Upload::default() };
    let Some(block) = block else { return Ok(upload) };
    // A row that is no CSV is named by whoever reads the scores; without scores it is named here.
    for record in reader.records() {
        let line_of = |at: Option<&csv::Position>| at.map_or(0, |at| u32::try_from(at.line()).unwrap_or(u32::MAX));
        let row = match record {
            Ok(row) => row,
            Err(error) => {
                upload.broken.push(BrokenLine { line: line_of(error.position()), why: error.to_string() });
                continue;
            }
        };
        let line = line_of(row.position());
        let change = match row.get(block).unwrap_or_default().trim() {
            "" => continue,
            text if text.eq_ignore_ascii_case("block") => Change::Block,
            text if text.eq_ignore_ascii_case("unblock") => Change::Unblock,
            text => {
                let shown: String = text.chars().take(40).collect();
                let why = format!("{shown:?} in {UPDATE}{BLOCKS}: expected Block, Unblock or nothing");
                upload.broken.push(BrokenLine { line, why });
                continue;
            }
        };
        match WorkerId::parse(row.get(worker).unwrap_or_default().trim()) {
            Ok(worker) => upload.blocks.push(ScoreLine { line, worker, change }),
            Err(error) => upload.broken.push(BrokenLine { line, why: error.to_string() }),
        }
    }
    Ok(upload)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::scores;

    fn worker(id: &str) -> WorkerId {
        WorkerId::parse(id).unwrap()
    }

    #[test]
    fn what_is_written_changes_nothing_until_an_update_column_is_filled_in() {
        let stats = WorkerStats { lifetime: Tally { approved: 2, rejected: 1 }, ..WorkerStats::default() };
        let line = |id, scores, blocked| WorkerLine { worker: worker(id), stats, scores, blocked };
        let lines = [line("A1X", vec![Some(80), None], false), line("A2Y", vec![None, Some(1)], true)];
        let mut out = Vec::new();
        write(&mut out, &["Skill", "Took, part"], lines.into_iter()).unwrap();
        let text = String::from_utf8(out).unwrap();
        let mut rows = text.lines();
        assert!(rows.next().unwrap().ends_with(
            "CURRENT-Skill,UPDATE-Skill,\"CURRENT-Took, part\",\"UPDATE-Took, part\",CURRENT-BlockStatus,UPDATE-BlockStatus"
        ));
        assert_eq!(rows.next(), Some("A1X,3,2,66.66%,0,0,,0,0,,80,,,,Never Blocked,"));
        assert_eq!(rows.next(), Some("A2Y,3,2,66.66%,0,0,,0,0,,,,1,,Blocked,"));
        let upload = read(&text).unwrap();
        assert_eq!(
            (upload.names.as_slice(), upload.blocks.len()),
            (&["Skill".to_owned(), "Took, part".to_owned()][..], 0)
        );
        let file = scores::read(&text, "Skill", None).unwrap();
        assert_eq!((file.lines.len(), file.untouched, file.broken.len()), (0, 2, 0));
    }

    #[test]
    fn blocks_are_read_and_mistakes_named() {
        let text = "Worker ID,UPDATE-BlockStatus\nA1X,Block\nA2Y,\nA3Z,unblock\nnobody,Block\nA4W,perhaps\n";
        let upload = read(text).unwrap();
        let blocks: Vec<(u32, Change)> = upload.blocks.iter().map(|it| (it.line, it.change)).collect();
        assert_eq!(blocks, [(2, Change::Block), (4, Change::Unblock)]);
        assert_eq!(upload.broken.iter().map(|it| it.line).collect::<Vec<_>>(), [5, 6]);
        assert!(read("name\nx\n").is_err());
    }
}
