//! The Workers screen: everybody this account knows, a line each; below it the one under the cursor.

use super::paint::Painter;
use super::theme::Role;
use super::{list, workers_page};
use crate::app::format;
use crate::app::layout::{Area, Pane};
use crate::app::state::State;
use crate::app::workers::column::{Place, WorkerColumn as Column, place};
use crate::app::workers::page::rate;
use crate::app::workers::{KnownWorker, WorkerSort};
use crate::domain::assignment::AssignmentStatus;
use crate::domain::money::Usd;
use crate::domain::text::SafeText;

/// Cells before the first column: cursor, mark, badge (verb and stage), blank.
const LEFT: u16 = 6;

/// Draws the screen.
pub fn draw(p: &mut Painter<'_>, state: &State, area: Area) {
    let workers = &state.people.workers;
    let below = state.layout().people_detail;
    if workers.page {
        return workers_page::draw(p, state, state.page_area());
    }
    if let Some(below) = below {
        p.horizontal(below.x, below.y, below.width);
        workers_page::draw(p, state, below);
    }
    heading(p, state, area.head());
    let body = state.layout().content(Pane::Workers);
    let places = place(&workers.hidden, area.width, LEFT);
    for Place { column, at, cells } in &places {
        let role = if sorted(workers.sort) == *column { Role::Strong } else { Role::Quiet };
        let y = area.body().y;
        if column.is_number() {
            p.right(area.x + at, y, *cells, column.title(), role);
        } else {
            p.text(area.x + at, y, *cells, column.title(), role);
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
        for Place { column, at, cells } in &places {
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
    let in_range = workers.range().map(|_| workers.who().ids.len());
    let marks = match (in_range.unwrap_or(workers.marks_shown), workers.marks_hidden()) {
        (0, 0) => String::new(),
        (shown, hidden) => {
            let word = if in_range.is_some() { "in range" } else { "marked" };
            let hidden = if hidden > 0 { format!(", {} hidden", format::count(hidden)) } else { String::new() };
            format!("{} {word}{hidden}", format::count(shown))
        }
    };
    if !marks.is_empty() {
        x += p.text(x, area.y, area.width.saturating_sub(x), &marks, Role::Mark) + 2;
    }
    let turned = if workers.turned { ", the other way round" } else { "" };
    let by = format!("by {}{turned}", workers.sort.title());
    if usize::from(area.width.saturating_sub(x)) > by.len() {
        p.text(x, area.y, area.width.saturating_sub(x), &by, Role::Quiet);
    }
}

const fn sorted(sort: WorkerSort) -> Column {
    match sort {
        WorkerSort::Sent => Column::Sent,
        WorkerSort::Rate => Column::Rate,
        WorkerSort::Rejected => Column::Rejected,
        WorkerSort::Time => Column::Time,
        WorkerSort::Seen => Column::Seen,
        WorkerSort::First => Column::First,
        WorkerSort::Earned => Column::Earned,
        WorkerSort::Bonuses => Column::Bonuses,
        WorkerSort::Blocked => Column::Blocked,
        WorkerSort::Worker => Column::Worker,
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
        Column::First | Column::Seen => {
            let at = if column == Column::Seen { stats.last } else { stats.first };
            let day = at.get().map_or(String::new(), |at| format::day_clock(at, state.options.zone));
            p.text(x, y, cells, &day, Role::Text);
            return;
        }
        Column::Qualifications if one.qualifications.is_empty() => String::new(),
        Column::Qualifications => format::count(one.qualifications.len()),
        Column::Bonuses if one.bonuses == Usd::ZERO => String::new(),
        Column::Bonuses => one.bonuses.display(),
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
