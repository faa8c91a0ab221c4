//! What a file has otherwise than this program would write it. Kept with the work, so that it goes out as it came in.

use super::website::{HIT, WORK, hit_text, work_text};
use super::{Given, ResultHit, Work};
use crate::exchange::pacific::Pacific;

/// The cells of a HIT that this program would write otherwise; a column that the file does not have counts as empty.
pub fn given_of_hit(hit: &ResultHit, pacific: &Pacific, cell: impl Fn(&str) -> Option<String>) -> Given {
    let differs = |column: &&str| {
        let given = cell(column).unwrap_or_default();
        (hit_text(hit, column, pacific) != given).then(|| ((*column).to_owned(), given))
    };
    HIT.iter().filter_map(differs).collect()
}

/// The cells of an assignment that this program would write otherwise, of the columns that the file has.
pub fn given_of_work(work: &Work<'_>, pacific: &Pacific, cell: impl Fn(&str) -> Option<String>) -> Given {
    let differs = |column: &&str| {
        let given = cell(column)?;
        (work_text(work, column, pacific) != given).then(|| ((*column).to_owned(), given))
    };
    WORK.iter().filter_map(differs).collect()
}
