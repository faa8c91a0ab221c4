//! What a file has otherwise than this program would write it. Kept with the work, so that it goes out as it came in.

use super::cells::unmistakable;
use super::website::{HIT, WORK, hit_text, work_text};
use super::{Given, ResultHit, Work};
use crate::exchange::pacific::Pacific;

/// The cells of a HIT that this program would write otherwise; a column that the file does not have counts as empty.
pub fn given_of_hit(hit: &ResultHit, pacific: &Pacific, cell: impl Fn(&str) -> Option<String>) -> Given {
    let differs = |column: &&str| {
        let given = cell(column).unwrap_or_default();
        (unmistakable(&hit_text(hit, column, pacific)) != given).then(|| ((*column).to_owned(), given))
    };
    HIT.iter().filter_map(differs).collect()
}

/// The cells of an assignment that this program would write otherwise, of the columns that the file has.
pub fn given_of_work(work: &Work<'_>, pacific: &Pacific, cell: impl Fn(&str) -> Option<String>) -> Given {
    let differs = |column: &&str| {
        let given = cell(column)?;
        (unmistakable(&work_text(work, column, pacific)) != given).then(|| ((*column).to_owned(), given))
    };
    WORK.iter().filter_map(differs).collect()
}

/// Adds the cells of inputs or answers that this program would write otherwise: `texts` are what the cells mean.
pub fn add_given<'a>(
    given: &mut Given,
    prefix: &str,
    texts: impl Iterator<Item = (&'a str, &'a str)>,
    cells: impl Iterator<Item = Option<String>>,
) {
    for ((name, text), cell) in texts.zip(cells) {
        if let Some(cell) = cell.filter(|cell| unmistakable(text) != *cell) {
            given.insert(format!("{prefix}{name}"), cell);
        }
    }
}
