//! Where the columns of the assignment list stand: fixed for a width, so that nothing moves from frame to frame.

use crate::app::list::Column;

/// Cells before the first column: cursor, mark, badge (verb and stage), note, blank.
pub const LEFT: u16 = 6;

/// A column on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which.
    pub column: Column,
    /// Cells from the left edge of the list.
    pub at: u16,
    /// Cells.
    pub width: u16,
    /// Numbers and times stand at the right edge of their column.
    pub right: bool,
}

/// Who keeps its place longest when the list gets narrow.
const PRIORITY: [Column; 8] = [
    Column::Worker,
    Column::AutoApproval,
    Column::WorkTime,
    Column::Reward,
    Column::Status,
    Column::Hit,
    Column::Submitted,
    Column::By,
];

/// A wider answer is harder to read across than the columns after it are worth.
const WIDEST_ANSWER: u16 = 84;

/// Places the chosen columns in a list of this width: the answer takes what is left, and columns give way to it.
pub fn place(chosen: &[Column], width: u16) -> Vec<Place> {
    let least = match width {
        0..60 => 11,
        60..100 => 24,
        _ => 30,
    };
    let answer = chosen.contains(&Column::Answer);
    let reserved = if answer { least } else { 0 };
    // Two blanks between columns, none after the last one.
    let mut left = (width + 2).saturating_sub(LEFT + if answer { 2 } else { 0 });
    let mut kept = Vec::with_capacity(PRIORITY.len());
    for column in PRIORITY {
        let needs = cells(column, width) + 2;
        if chosen.contains(&column) && left >= needs + reserved {
            left -= needs;
            kept.push(column);
        }
    }
    let mut at = LEFT;
    let mut places = Vec::with_capacity(kept.len() + 1);
    for column in Column::ALL {
        let cells = match column {
            Column::Answer if answer => left.min(WIDEST_ANSWER),
            _ if kept.contains(&column) => cells(column, width),
            _ => continue,
        };
        let right = matches!(column, Column::WorkTime | Column::AutoApproval | Column::Reward | Column::Submitted);
        places.push(Place { column, at, width: cells, right });
        at += cells + 2;
    }
    places
}

const fn cells(column: Column, width: u16) -> u16 {
    match column {
        Column::Worker if width < 60 => 10,
        Column::Worker => 14,
        Column::Answer => 0,
        Column::WorkTime => 7,
        Column::Submitted => 16,
        Column::AutoApproval if width < 76 => 9,
        Column::AutoApproval => 13,
        Column::Reward => 6,
        Column::Hit => 11,
        Column::Status => 9,
        Column::By => 12,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_never_overlap_or_leave_the_list() {
        for width in 20..260 {
            let mut end = LEFT;
            for place in place(&Column::ALL, width) {
                assert!(place.at >= end, "{width}: {place:?}");
                end = place.at + place.width;
                assert!(end <= width, "{width}: {place:?}");
            }
        }
    }

    #[test]
    fn a_narrow_list_keeps_worker_answer_and_clock() {
        let kept: Vec<Column> = place(&Column::DEFAULT, 40).into_iter().map(|place| place.column).collect();
        assert_eq!(kept, [Column::Worker, Column::Answer, Column::AutoApproval]);
        let kept: Vec<Column> = place(&Column::DEFAULT, 80).into_iter().map(|place| place.column).collect();
        assert_eq!(kept, [Column::Worker, Column::Answer, Column::WorkTime, Column::AutoApproval, Column::Reward]);
    }
}
