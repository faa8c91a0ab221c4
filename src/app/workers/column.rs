//! The columns of the Workers screen.

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WorkerColumn {
    /// The identifier, or the pseudonym.
    Worker,
    /// Assignments handed in.
    Sent,
    /// Approved.
    Approved,
    /// Rejected.
    Rejected,
    /// The approval rate of all decided work.
    Rate,
    /// Of what was decided in the last 30 days.
    Month,
    /// Of what was decided in the last 7 days.
    Week,
    /// The median work time.
    Time,
    /// When the worker was first at work here.
    First,
    /// When the worker was last at work here.
    Seen,
    /// Rewards of approved work.
    Earned,
    /// What was paid in bonuses.
    Bonuses,
    /// How many qualifications the worker holds.
    Qualifications,
    /// Whether the worker is blocked.
    Blocked,
    /// The note.
    Note,
}

use WorkerColumn as C;

impl WorkerColumn {
    /// All of them, as they stand from left to right.
    pub const ALL: [WorkerColumn; 15] = [
        C::Worker,
        C::Sent,
        C::Approved,
        C::Rejected,
        C::Rate,
        C::Month,
        C::Week,
        C::Time,
        C::First,
        C::Seen,
        C::Earned,
        C::Bonuses,
        C::Qualifications,
        C::Blocked,
        C::Note,
    ];

    /// Who keeps its place longest when the window gets narrow.
    const PRIORITY: [WorkerColumn; 15] = [
        C::Worker,
        C::Sent,
        C::Rate,
        C::Blocked,
        C::Rejected,
        C::Earned,
        C::Bonuses,
        C::Seen,
        C::Time,
        C::Approved,
        C::Qualifications,
        C::Note,
        C::Month,
        C::Week,
        C::First,
    ];

    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            C::Worker => "worker",
            C::Sent => "sent",
            C::Approved => "approved",
            C::Rejected => "rejected",
            C::Rate => "rate",
            C::Month => "30 days",
            C::Week => "7 days",
            C::Time => "time",
            C::First => "first seen",
            C::Seen => "last seen",
            C::Earned => "earned",
            C::Bonuses => "bonuses",
            C::Qualifications => "quals",
            C::Blocked => "block",
            C::Note => "note",
        }
    }

    /// How many cells it takes.
    const fn cells(self) -> u16 {
        match self {
            C::Worker => 14,
            C::Approved | C::Rejected | C::Bonuses => 8,
            C::First | C::Seen => 10,
            C::Earned => 9,
            C::Qualifications => 5,
            C::Note => 11,
            C::Sent | C::Rate | C::Month | C::Week | C::Time | C::Blocked => 7,
        }
    }

    /// Whether it holds numbers, which stand on the right.
    pub const fn is_number(self) -> bool {
        !matches!(self, C::Worker | C::First | C::Seen | C::Blocked | C::Note)
    }
}

/// Where a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which.
    pub column: WorkerColumn,
    /// Cells from the left.
    pub at: u16,
    /// Cells that it has.
    pub cells: u16,
}

/// Where the columns stand in so many cells, `left` of which come before the first. The note takes what is left over.
pub fn place(hidden: &[WorkerColumn], width: u16, left: u16) -> Vec<Place> {
    let mut room = (width + 1).saturating_sub(left);
    let mut kept = Vec::new();
    for column in C::PRIORITY.into_iter().filter(|column| !hidden.contains(column)) {
        let needs = column.cells() + 2;
        if needs <= room {
            room -= needs;
            kept.push(column);
        }
    }
    let mut at = left;
    let mut places = Vec::new();
    for column in C::ALL.into_iter().filter(|column| kept.contains(column)) {
        let cells = column.cells() + if column == C::Note { room } else { 0 };
        places.push(Place { column, at, cells });
        at += cells + 2;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_never_overlap_or_leave_the_window() {
        for hidden in [&[][..], &[C::Sent, C::Note], &C::ALL[1..]] {
            for width in 40..260 {
                let mut end = 6;
                for Place { column, at, cells } in place(hidden, width, 6) {
                    assert!(at >= end, "{width}: {column:?}");
                    end = at + cells;
                    assert!(end <= width, "{width}: {column:?}");
                    end += 1;
                }
            }
        }
    }

    #[test]
    fn what_is_hidden_makes_room_for_others() {
        let has = |hidden: &[C], column| place(hidden, 80, 6).iter().any(|place| place.column == column);
        assert!(!has(&[], C::Seen) && has(&[C::Earned, C::Bonuses], C::Seen));
        assert!(!has(&[C::Sent], C::Sent));
    }
}
