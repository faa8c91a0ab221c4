//! Where the columns of a table stand: fixed for a width, so that nothing moves from frame to frame.

/// A column: which, its heading, its cells.
pub type Column<C> = (C, &'static str, u16);

/// A column on the screen: which, its heading, cells from the left, cells.
pub type Place<C> = (C, &'static str, u16, u16);

/// Places as many columns as there is room for in a window of this width: `columns` in the order in which they stand,
/// `priority` says who keeps its place longest, and `wide` takes what is left. `left` cells lie before the first.
pub fn place<C: Copy + PartialEq>(
    columns: &[Column<C>],
    priority: &[C],
    wide: C,
    (left, width): (u16, u16),
) -> Vec<Place<C>> {
    let mut room = (width + 1).saturating_sub(left);
    let cells = |wanted: C| columns.iter().find(|(column, ..)| *column == wanted).map_or(0, |(_, _, cells)| *cells);
    let mut kept = Vec::new();
    for column in priority {
        let needs = cells(*column) + 2;
        if needs <= room {
            room -= needs;
            kept.push(*column);
        }
    }
    let mut at = left;
    let mut places = Vec::new();
    for (column, name, cells) in columns {
        if kept.contains(column) {
            let cells = if *column == wide { *cells + room } else { *cells };
            places.push((*column, *name, at, cells));
            at += cells + 2;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_never_overlap_or_leave_the_window() {
        let columns: [Column<u8>; 4] = [(0, "name", 14), (1, "in", 9), (2, "left", 7), (3, "note", 20)];
        for width in 20..200 {
            let mut end = 4;
            let places = place(&columns, &[0, 2, 1, 3], 0, (4, width));
            for (column, _, at, cells) in &places {
                assert!(*at >= end, "{width}: {column}");
                end = at + cells;
                assert!(end <= width, "{width}: {column}");
                end += 1;
            }
            assert_eq!(places.first().map(|(column, ..)| *column), Some(0), "{width}");
        }
    }
}
