//! The Workers screen: everybody this account knows, a line each; below it the one under the cursor.

use super::paint::Painter;
use super::theme::Role;
use super::{list, workers_page};
use crate::app::format;
use crate::app::layout::{Area, Pane};
use crate::app::state::State;
use crate::app::workers::{KnownWorker, WorkerSort};
use crate::domain::assignment::AssignmentStatus;
use crate::domain::text::SafeText;

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Worker,
    Sent,
    Approved,
    Rejected,
    Rate,
    Month,
    Week,
    Time,
    Seen,
    Earned,
    Qualifications,
    Blocked,
    Note,
}

/// In the order in which they stand: heading and cells. The note takes what is left.
const COLUMNS: [(Column, &str, u16); 13] = [
    (Column::Worker, "worker", 14),
    (Column::Sent, "sent", 7),
    (Column::Approved, "approved", 8),
    (Column::Rejected, "rejected", 8),
    (Column::Rate, "rate", 7),
    (Column::Month, "30 days", 7),
    (Column::Week, "7 days", 7),
    (Column::Time, "time", 7),
    (Column::Seen, "last seen", 10),
    (Column::Earned, "earned", 9),
    (Column::Qualifications, "quals", 5),
    (Column::Blocked, "block", 7),
    (Column::Note, "note", 11),
];

/// Who keeps its place longest when the window gets narrow.
const PRIORITY: [Column; 13] = [
    Column::Worker,
    Column::Sent,
    Column::Rate,
    Column::Blocked,
    Column::Rejected,
    Column::Seen,
    Column::Time,
    Column::Earned,
    Column::Approved,
    Column::Qualifications,
    Column::Note,
    Column::Month,
    Column::Week,
];

/// Cells before the first column: cursor, mark, badge (verb and stage), blank.
const LEFT: u16 = 6;

/// Where the columns stand in a window of this width: column, heading, cells from the left, cells.
fn place(width: u16) -> Vec<(Column, &'static str, u16, u16)> {
    let mut left = (width + 1).saturating_sub(LEFT);
    let cells =
        |wanted: Column| COLUMNS.iter().find(|(column, ..)| *column == wanted).map_or(0, |(_, _, cells)| *cells);
    let mut kept = Vec::new();
    for column in PRIORITY {
        let needs = cells(column) + 2;
        if needs <= left {
            left -= needs;
            kept.push(column);
        }
    }
    let mut at = LEFT;
    let mut places = Vec::new();
    for (column, name, cells) in COLUMNS {
        if kept.contains(&column) {
            let cells = if column == Column::Note { cells + left } else { cells };
            places.push((column, name, at, cells));
            at += cells + 2;
        }
    }
    places
}

/// Draws the screen.
pub fn draw(p: &mut Painter<'_>, state: &State, area: Area) {
    let workers = &state.people.workers;
    let below = state.layout().people_detail;
    if workers.page {
        let height = area.height + below.map_or(0, |below| below.height);
        return workers_page::draw(p, state, Area { height, ..area });
    }
    if let Some(below) = below {
        p.horizontal(below.x, below.y, below.width);
        workers_page::draw(p, state, below);
    }
    heading(p, state, area.head());
    let body = state.layout().content(Pane::Workers);
    let places = place(area.width);
    for (column, name, at, cells) in &places {
        let role = if sorted(workers.sort) == Some(*column) { Role::Strong } else { Role::Quiet };
        let y = area.body().y;
        if is_number(*column) {
            p.right(area.x + at, y, *cells, name, role);
        } else {
            p.text(area.x + at, y, *cells, name, role);
        }
    }
    if workers.is_empty() {
        let words = match (workers.known(), workers.filter.as_str()) {
            (0, _) => "Nobody has worked for this account yet.",
            _ => "Nobody fits the filter.",
        };
        p.text(body.x + 2, body.y + 1, body.width.saturating_sub(2), words, Role::Quiet);
        return;
    }
    let range = workers.range();
    let visible = workers.shown().enumerate().skip(workers.spot.offset).take(body.height.into());
    for (y, (line, one)) in (body.y..).zip(visible) {
        let is_cursor = line == workers.spot.cursor;
        if is_cursor {
            p.text(body.x, y, 1, ">", Role::Text);
        }
        let marked = workers.marks.contains(&one.id) || range.as_ref().is_some_and(|range| range.contains(&line));
        if marked {
            p.text(body.x + 1, y, 1, "*", Role::Mark);
        }
        let (flag, role) = list::flag(state.outbox.worker_badge(&one.id), AssignmentStatus::Submitted);
        p.text(body.x + 2, y, 2, flag, role);
        for (column, _, at, cells) in &places {
            cell(p, state, one, *column, (body.x + at, y, *cells));
        }
        if is_cursor {
            p.over(body.x, y, LEFT + 14, Role::Cursor);
        }
    }
}

fn heading(p: &mut Painter<'_>, state: &State, area: Area) {
    let workers = &state.people.workers;
    let count = match (workers.len(), workers.known()) {
        (shown, known) if shown == known => format::count(known),
        (shown, known) => format!("{} of {}", format::count(shown), format::count(known)),
    };
    let mut x = area.x + 1;
    x += p.text(x, area.y, area.width, &format!("Workers {count}"), Role::Title) + 2;
    if !workers.filter.is_empty() {
        x += p.text(x, area.y, 1, "/", Role::Warn);
        x += p.safe(x, area.y, area.width.saturating_sub(x), &SafeText::line(&workers.filter), Role::Warn) + 2;
    }
    let turned = if workers.turned { ", the other way round" } else { "" };
    let by = format!("by {}{turned}", workers.sort.title());
    if usize::from(area.width.saturating_sub(x)) > by.len() {
        p.text(x, area.y, area.width.saturating_sub(x), &by, Role::Quiet);
    }
}

const fn sorted(sort: WorkerSort) -> Option<Column> {
    Some(match sort {
        WorkerSort::Sent => Column::Sent,
        WorkerSort::Rate => Column::Rate,
        WorkerSort::Rejected => Column::Rejected,
        WorkerSort::Time => Column::Time,
        WorkerSort::Seen => Column::Seen,
        WorkerSort::Earned => Column::Earned,
        WorkerSort::Blocked => Column::Blocked,
        WorkerSort::Worker => Column::Worker,
    })
}

const fn is_number(column: Column) -> bool {
    !matches!(column, Column::Worker | Column::Seen | Column::Blocked | Column::Note)
}

/// A share in basis points, cut: `98.7 %`; `100 %` is without a rejection.
pub(super) fn rate(share: Option<u32>) -> String {
    match share {
        None => "-".to_owned(),
        Some(10_000) => "100 %".to_owned(),
        Some(share) => format!("{}.{} %", share / 100, share / 10 % 10),
    }
}

fn cell(p: &mut Painter<'_>, state: &State, one: &KnownWorker, column: Column, (x, y, cells): (u16, u16, u16)) {
    let stats = &one.stats;
    let count = |number: u32| format::count(number as usize);
    let text = match column {
        Column::Worker => {
            p.safe(x, y, cells, &SafeText::line(&state.name_of(&one.id)).shorten(cells.into()), Role::Text);
            return;
        }
        Column::Blocked => {
            p.text(x, y, cells, if one.blocked { "blocked" } else { "" }, Role::Bad);
            return;
        }
        Column::Note => {
            p.safe(x, y, cells, &SafeText::line(one.note.as_deref().unwrap_or("")), Role::Quiet);
            return;
        }
        Column::Seen => {
            let day = stats.last.get().map_or(String::new(), |at| format::day_clock(at, state.options.zone));
            p.text(x, y, cells, &day, Role::Text);
            return;
        }
        Column::Qualifications if one.qualifications.is_empty() => String::new(),
        Column::Qualifications => format::count(one.qualifications.len()),
        // Who has never worked here has no figures.
        _ if stats.submitted == 0 => String::new(),
        Column::Sent => count(stats.submitted),
        Column::Approved => count(stats.lifetime.approved),
        Column::Rejected => count(stats.lifetime.rejected),
        Column::Rate => rate(stats.lifetime.rate()),
        Column::Month => rate(stats.month.rate()),
        Column::Week => rate(stats.week.rate()),
        Column::Time => stats.median.map_or("-".to_owned(), format::work_time),
        Column::Earned => stats.earned.display(),
    };
    p.right(x, y, cells, &text, Role::Text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_never_overlap_or_leave_the_window() {
        for width in 40..260 {
            let mut end = LEFT;
            for (column, _, at, cells) in place(width) {
                assert!(at >= end, "{width}: {column:?}");
                end = at + cells;
                assert!(end <= width, "{width}: {column:?}");
                end += 1;
            }
        }
    }

    #[test]
    fn rates_are_cut_and_not_rounded() {
        assert_eq!(
            [None, Some(10_000), Some(9_999), Some(6_666), Some(0)].map(rate),
            ["-", "100 %", "99.9 %", "66.6 %", "0.0 %"]
        );
    }
}
