//! The Batches screen: every batch a line, what runs first.

use super::paint::Painter;
use super::table::{self, Place};
use super::theme::Role;
use super::{chart, list};
use crate::app::batches::{BatchSort, OneBatch};
use crate::app::format;
use crate::app::layout::{Area, Pane};
use crate::app::state::State;
use crate::domain::batch_stats::Standing;
use crate::domain::text::SafeText;

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    Status,
    Bar,
    In,
    Review,
    Pace,
    Ready,
    Ends,
    Missing,
    Spent,
    Reserved,
    Time,
    Wage,
    Purge,
}

/// In the order in which they stand: heading and cells. The name takes what is left.
const COLUMNS: [table::Column<Column>; 14] = [
    (Column::Name, "batch", 14),
    (Column::Status, "status", 7),
    (Column::Bar, "", 10),
    (Column::In, "in", 13),
    (Column::Review, "review", 6),
    (Column::Pace, "an hour", 7),
    (Column::Ready, "ready in", 8),
    (Column::Ends, "ends in", 8),
    (Column::Missing, "missing", 7),
    (Column::Spent, "spent", 9),
    (Column::Reserved, "reserved", 9),
    (Column::Time, "time", 7),
    (Column::Wage, "wage/h", 7),
    (Column::Purge, "purge in", 8),
];

/// Who keeps its place longest when the window gets narrow.
const PRIORITY: [Column; 14] = [
    Column::Name,
    Column::In,
    Column::Ready,
    Column::Spent,
    Column::Status,
    Column::Review,
    Column::Wage,
    Column::Reserved,
    Column::Bar,
    Column::Pace,
    Column::Missing,
    Column::Ends,
    Column::Time,
    Column::Purge,
];

/// Cells before the first column: cursor, mark, badge (verb and stage), blank.
const LEFT: u16 = 5;

fn place(width: u16) -> Vec<Place<Column>> {
    table::place(&COLUMNS, &PRIORITY, Column::Name, (LEFT, width))
}

/// Draws the list.
pub fn draw(p: &mut Painter<'_>, state: &State, area: Area) {
    let batches = &state.batches;
    heading(p, state, area.head());
    let body = state.layout().content(Pane::Batches);
    let places = place(area.width);
    for (column, name, at, cells) in &places {
        let role = if sorted(batches.sort) == Some(*column) { Role::Strong } else { Role::Quiet };
        let y = area.body().y;
        match column {
            Column::Name | Column::Status | Column::Bar => {
                p.text(area.x + at, y, *cells, name, role);
            }
            _ => p.right(area.x + at, y, *cells, name, role),
        }
    }
    if batches.is_empty() {
        let words = match (batches.known_count(), batches.is_working()) {
            (0, true) => "Adding up ...",
            (0, false) => "Nothing is published from this account yet.",
            _ => "No batch fits the filter.",
        };
        p.text(body.x + 2, body.y, body.width.saturating_sub(2), words, Role::Quiet);
        return;
    }
    let range = batches.picks.range(batches.names(), batches.spot.cursor);
    let focused = state.focus == Pane::Batches;
    let visible = batches.shown().enumerate().skip(batches.spot.offset).take(body.height.into());
    for (y, (line, one)) in (body.y..).zip(visible) {
        let is_cursor = line == batches.spot.cursor;
        if is_cursor {
            p.text(body.x, y, 1, ">", Role::Text);
        }
        if batches.picks.marks.contains(&one.name) || range.as_ref().is_some_and(|range| range.contains(&line)) {
            p.text(body.x + 1, y, 1, "*", Role::Mark);
        }
        for (column, _, at, cells) in &places {
            cell(p, state, one, *column, (body.x + at, y, *cells));
        }
        if is_cursor {
            let name = places.first().map_or(0, |(_, _, _, cells)| *cells);
            p.over(body.x, y, LEFT + name, if focused { Role::Cursor } else { Role::Idle });
        }
    }
}

fn heading(p: &mut Painter<'_>, state: &State, area: Area) {
    let batches = &state.batches;
    let count = match (batches.len(), batches.known_count()) {
        (shown, known) if shown == known => format::count(known),
        (shown, known) => format!("{} of {}", format::count(shown), format::count(known)),
    };
    let running = batches.shown().filter(|one| one.stats.is_running()).count();
    let role = if state.focus == Pane::Batches { Role::Title } else { Role::Quiet };
    let mut x = area.x + 1;
    x += p.text(x, area.y, area.width, &format!("Batches {count}"), role) + 2;
    if running > 0 {
        x += p.text(x, area.y, area.width, &format!("{running} open"), Role::Accent) + 2;
    }
    let marked = batches.picks.marks.len();
    if marked > 0 {
        let shown = batches.picks.shown(batches.names());
        let hidden = if marked > shown { format!(", {} hidden", marked - shown) } else { String::new() };
        x += p.text(x, area.y, area.width, &format!("{shown} marked{hidden}"), Role::Mark) + 2;
    }
    if !batches.filter.is_empty() {
        x += p.text(x, area.y, 1, "/", Role::Warn);
        x += p.safe(x, area.y, area.width.saturating_sub(x), &SafeText::line(&batches.filter), Role::Warn) + 2;
    }
    let turned = if batches.turned { ", the other way round" } else { "" };
    let by = format!("by {}{turned}", batches.sort.title());
    if usize::from(area.width.saturating_sub(x)) > by.len() {
        p.text(x, area.y, area.width.saturating_sub(x), &by, Role::Quiet);
    }
}

const fn sorted(sort: BatchSort) -> Option<Column> {
    Some(match sort {
        BatchSort::Status => Column::Status,
        BatchSort::Made => return None,
        BatchSort::Name => Column::Name,
        BatchSort::Ready => Column::Ready,
        BatchSort::Submitted => Column::Review,
        BatchSort::Missing => Column::Missing,
        BatchSort::Spent => Column::Spent,
        BatchSort::Wage => Column::Wage,
        BatchSort::Purge => Column::Purge,
    })
}

/// How a standing looks.
const fn role(standing: Standing) -> Role {
    match standing {
        Standing::Running => Role::Accent,
        Standing::Idle | Standing::Review | Standing::Short => Role::Warn,
        Standing::Done => Role::Good,
        Standing::Deleted => Role::Quiet,
    }
}

/// A number; nothing where there is none.
pub(super) fn some(number: u32) -> String {
    if number == 0 { String::new() } else { format::count(number as usize) }
}

/// The larger unit of a span and, where there is room, the smaller one: `2 h`, `2 h 5 m`.
pub(super) fn span(words: &str, cells: u16) -> &str {
    let cut = words.match_indices(' ').nth(1).map_or(words.len(), |(cut, _)| cut);
    if words.len() > usize::from(cells) { &words[..cut] } else { words }
}

fn cell(p: &mut Painter<'_>, state: &State, one: &OneBatch, column: Column, (x, y, cells): (u16, u16, u16)) {
    let stats = &one.stats;
    let (places, now) = (stats.places, state.now.time);
    let (words, role) = match column {
        Column::Name => {
            let role = if stats.standing() == Standing::Deleted { Role::Quiet } else { Role::Text };
            p.safe(x, y, cells, &SafeText::line(&one.name), role);
            return;
        }
        Column::Status => {
            p.text(x, y, cells, stats.standing().title(), role(stats.standing()));
            return;
        }
        Column::Bar => return chart::share(p, (x, y, cells), places.handed_in(), places.wanted(), Role::Accent),
        Column::In => {
            let of = |count: u32| format::count(count as usize);
            let words = format!("{} of {}", of(places.handed_in()), of(places.wanted()));
            let percent = format!("{} %", crate::app::batches::percent(places.handed_in(), places.wanted()));
            (if words.len() > usize::from(cells) { percent } else { words }, Role::Text)
        }
        Column::Review => (some(places.submitted), Role::Warn),
        Column::Pace => (stats.pace.filter(|_| stats.is_running()).map_or(String::new(), hourly), Role::Text),
        Column::Ready => (stats.left().map_or(String::new(), format::coarse), Role::Strong),
        Column::Ends => {
            let role = if stats.will_miss(now) > 0 { Role::Warn } else { Role::Text };
            (stats.ends.map_or(String::new(), |at| format::until(at, now)), role)
        }
        Column::Missing => (some(places.missing), Role::Warn),
        Column::Spent => {
            let bonuses = state.batches.bonuses(&one.name).unwrap_or_default();
            ((stats.spent.total() + bonuses.sum + bonuses.fees).display(), Role::Text)
        }
        Column::Reserved => (stats.reserved.total().display(), Role::Quiet),
        Column::Time => (stats.median.map_or(String::new(), format::work_time), Role::Text),
        Column::Wage => {
            let target = state.batches.published(&one.name).and_then(|file| file.target).or(state.batches.target);
            let role = match (stats.hourly, target) {
                (Some(wage), Some(target)) if wage < target => Role::Bad,
                (Some(_), Some(_)) => Role::Good,
                _ => Role::Text,
            };
            (stats.hourly.map_or(String::new(), |wage| wage.to_string()), role)
        }
        Column::Purge => (stats.purge.map_or(String::new(), |at| format::until(at, now)), Role::Quiet),
    };
    p.right(x, y, cells, span_of(column, &words, cells), role);
}

fn span_of(column: Column, words: &str, cells: u16) -> &str {
    match column {
        Column::Ready | Column::Ends | Column::Purge => span(words, cells),
        _ => words,
    }
}

fn hourly(pace: crate::domain::batch_stats::Pace) -> String {
    match pace.hourly() {
        0 => "<1".to_owned(),
        count => format::count(count as usize),
    }
}

/// The flag of what is on its way for a HIT.
pub(super) fn flag(state: &State, hit: &crate::domain::row::HitRow) -> (&'static str, Role) {
    let badge = state.outbox.badge_of(&crate::domain::decision::Target::Hit(hit.id.clone()));
    match badge.filter(|badge| badge.stage != crate::app::outbox::Stage::Sent) {
        Some(badge) => list::flag(Some(badge), crate::domain::assignment::AssignmentStatus::Submitted),
        None => ("", Role::Text),
    }
}
