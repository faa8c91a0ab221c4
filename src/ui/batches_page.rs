//! What stands below the list of batches: the figures of the one under the cursor with a chart, or its HITs.

use super::batches::{flag, some, span};
use super::paint::Painter;
use super::table::{self, Place};
use super::theme::Role;
use super::{chart, viewer};
use crate::app::batches::Tab;
use crate::app::format;
use crate::app::layout::{Area, Pane};
use crate::app::state::State;
use crate::domain::hit::HitStatus;
use crate::domain::row::HitRow;
use crate::domain::text::SafeText;
use crate::domain::time::{Seconds, Time};

/// A chart is at most so many lines high.
const CHART: u16 = 8;

/// Draws the pane.
pub fn draw(p: &mut Painter<'_>, state: &State, area: Area) {
    p.horizontal(area.x, area.y, area.width);
    heading(p, state, area.head());
    let body = area.body();
    match state.batches.tab {
        Tab::Progress => progress(p, state, Area { x: body.x + 1, width: body.width.saturating_sub(2), ..body }),
        Tab::Hits => hits(p, state, body),
        Tab::File | Tab::Preview => {
            text(p, state, Area { x: body.x + 1, width: body.width.saturating_sub(2), ..body });
        }
    }
}

fn heading(p: &mut Painter<'_>, state: &State, area: Area) {
    let end = area.x + area.width;
    let mut x = area.x + 1;
    if let Some(name) = state.page_title() {
        let room = area.width / 3;
        p.text(x, area.y, 1, " ", Role::Text);
        let used = p.safe(x + 1, area.y, room, &SafeText::line(name), Role::Strong);
        p.text(x + 1 + used, area.y, 1, " ", Role::Text);
        x += used + 3;
    }
    for tab in Tab::ALL {
        let active = tab == state.batches.tab;
        let role = match active {
            true if state.focus == Pane::BatchPage => Role::Title,
            true => Role::Strong,
            false => Role::Quiet,
        };
        let words = if active { format!("[{}]", tab.title()) } else { format!(" {} ", tab.title()) };
        x += p.text(x, area.y, end.saturating_sub(x), &words, role);
    }
    let list = &state.batches.hits;
    if state.batches.tab != Tab::Hits {
        return;
    }
    let mut more = match (list.lines.len(), list.known) {
        (shown, known) if shown == known => format::count(known),
        (shown, known) => format!("{} of {}", format::count(shown), format::count(known)),
    };
    more += &format!(" by {}{}", list.sort.title(), if list.turned { ", turned" } else { "" });
    x += p.text(x + 1, area.y, end.saturating_sub(x + 1), &format!(" {more} "), Role::Quiet) + 1;
    if !list.filter.is_empty() {
        let words = SafeText::line(&format!(" /{} ", list.filter));
        p.safe(x, area.y, end.saturating_sub(x), &words, Role::Warn);
    }
}

/// Draws the text of the tab; answers how many lines it took.
fn text(p: &mut Painter<'_>, state: &State, body: Area) -> u16 {
    let Some(text) = state.tab_text(body.width) else { return 0 };
    let lines = text.lines.iter().skip(state.batches.scroll);
    let mut used = 0;
    for (y, line) in (body.y..body.y + body.height).zip(lines) {
        viewer::line(p, Area { y, height: 1, ..body }, line);
        used += 1;
    }
    used
}

fn progress(p: &mut Painter<'_>, state: &State, body: Area) {
    let used = text(p, state, body);
    let left = body.height.saturating_sub(used + 1);
    if left >= 3 {
        let height = left.min(CHART + 1);
        over_time(p, state, Area { y: body.y + used + 1, height, ..body });
    }
}

/// How much came in when, with both ends of the time below.
fn over_time(p: &mut Painter<'_>, state: &State, area: Area) {
    let Some(stats) = state.batches.current().map(|one| &one.stats) else { return };
    let Some((from, to)) = stats.period(state.now.time) else { return };
    let parts = parts(area.width, stats.places.handed_in());
    let numbers = stats.histogram((from, to), parts.into());
    let most = numbers.iter().copied().max().unwrap_or(0);
    if most == 0 {
        return;
    }
    let wide = area.width / parts;
    let each_cell: Vec<u32> = numbers.iter().flat_map(|number| vec![*number; wide.into()]).collect();
    chart::draw(p, Area { height: area.height - 1, ..area }, &each_cell, Role::Accent);
    let y = area.y + area.height - 1;
    let moment = |at: Time| format::day_clock(at, state.options.zone);
    let (first, last) = (moment(from), moment(to));
    p.text(area.x, y, area.width, &first, Role::Quiet);
    p.right(area.x, y, wide * parts, &last, Role::Quiet);
    let each = Seconds((to - from).0 / i64::from(parts));
    let middle = format!("handed in, at most {} in {}", format::count(most as usize), brief(each));
    let room = usize::from(area.width).saturating_sub(first.len() + last.len() + 4);
    if middle.len() <= room {
        let x = area.x + (area.width - middle.len() as u16) / 2;
        p.text(x, y, middle.len() as u16, &middle, Role::Quiet);
    }
}

/// Bars for so many cells: few work is not torn into single lines.
fn parts(cells: u16, handed_in: u32) -> u16 {
    let most = u16::try_from(handed_in / 2).unwrap_or(u16::MAX).clamp(12, cells.max(12));
    let wide = cells.div_ceil(most).max(1);
    (cells / wide).max(1)
}

fn brief(span: Seconds) -> String {
    if span.0 < 60 { format!("{} s", span.0.max(1)) } else { format::coarse(span) }
}

/// A column of the HITs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Hit,
    Done,
    Open,
    Pending,
    Submitted,
    Approved,
    Rejected,
    Status,
    Ends,
    Reward,
    Title,
}

const COLUMNS: [table::Column<Column>; 11] = [
    (Column::Hit, "HIT", 11),
    (Column::Done, "in", 9),
    (Column::Open, "open", 5),
    (Column::Pending, "pending", 7),
    (Column::Submitted, "review", 6),
    (Column::Approved, "approved", 8),
    (Column::Rejected, "rejected", 8),
    (Column::Status, "status", 12),
    (Column::Ends, "ends in", 8),
    (Column::Reward, "reward", 6),
    (Column::Title, "title", 12),
];

const PRIORITY: [Column; 11] = [
    Column::Hit,
    Column::Done,
    Column::Submitted,
    Column::Status,
    Column::Ends,
    Column::Rejected,
    Column::Open,
    Column::Approved,
    Column::Pending,
    Column::Reward,
    Column::Title,
];

/// Cells before the first column: cursor, mark, badge, blank.
const LEFT: u16 = 5;

fn hits(p: &mut Painter<'_>, state: &State, body: Area) {
    let list = &state.batches.hits;
    let places = table::place(&COLUMNS, &PRIORITY, Column::Title, (LEFT, body.width));
    for (column, name, at, cells) in &places {
        let y = body.y;
        match column {
            Column::Hit | Column::Status | Column::Title => {
                p.text(body.x + at, y, *cells, name, Role::Quiet);
            }
            _ => p.right(body.x + at, y, *cells, name, Role::Quiet),
        }
    }
    let rows = body.body();
    if list.lines.is_empty() {
        let words = if list.known == 0 { "There is no HIT." } else { "No HIT fits the filter." };
        p.text(rows.x + 2, rows.y, rows.width, words, Role::Quiet);
        return;
    }
    let range = list.picks.range(&list.lines, list.spot.cursor);
    let visible = list.lines.iter().enumerate().skip(list.spot.offset).take(rows.height.into());
    for (y, (line, key)) in (rows.y..).zip(visible) {
        let Some(hit) = state.model.hit(*key) else { continue };
        let is_cursor = line == list.spot.cursor;
        if is_cursor {
            p.text(rows.x, y, 1, ">", Role::Text);
        }
        if list.picks.marks.contains(key) || range.as_ref().is_some_and(|range| range.contains(&line)) {
            p.text(rows.x + 1, y, 1, "*", Role::Mark);
        }
        let (sign, role) = flag(state, hit);
        p.text(rows.x + 2, y, 2, sign, role);
        for place in &places {
            cell(p, state, hit, place, (rows.x, y));
        }
        if is_cursor {
            let focused = state.focus == Pane::BatchPage;
            p.over(rows.x, y, LEFT + 11, if focused { Role::Cursor } else { Role::Idle });
        }
    }
}

fn cell(p: &mut Painter<'_>, state: &State, hit: &HitRow, place: &Place<Column>, (left, y): (u16, u16)) {
    let (column, _, at, cells) = *place;
    let x = left + at;
    let counts = state.model.hit_counts(hit.key);
    let gone = hit.status == HitStatus::Disposed;
    let plain = if gone { Role::Quiet } else { Role::Text };
    let (words, role) = match column {
        Column::Hit => {
            p.safe(x, y, cells, &SafeText::line(hit.id.as_str()).shorten(cells.into()), plain);
            return;
        }
        Column::Title => {
            p.safe(x, y, cells, &SafeText::line(&hit.title), Role::Quiet);
            return;
        }
        Column::Status => {
            p.text(x, y, cells, hit.status.name(), if hit.is_closed() { Role::Quiet } else { Role::Text });
            return;
        }
        Column::Done => (format!("{} of {}", counts.total(), hit.max_assignments), plain),
        Column::Open if hit.is_closed() => (String::new(), plain),
        Column::Open => (some(hit.available), plain),
        Column::Pending => (some(hit.pending), plain),
        Column::Submitted => (some(counts.submitted), Role::Warn),
        Column::Approved => (some(counts.approved), Role::Good),
        Column::Rejected => (some(counts.rejected), Role::Bad),
        Column::Ends if hit.is_closed() => (String::new(), plain),
        Column::Ends => (format::until(hit.expires, state.now.time), plain),
        Column::Reward => (hit.reward.to_string(), Role::Quiet),
    };
    p.right(x, y, cells, if column == Column::Ends { span(&words, cells) } else { &words }, role);
}

/// The line of the cursor, from the top of the pane's content.
pub fn cursor_line(state: &State) -> Option<usize> {
    match state.batches.tab {
        Tab::Progress | Tab::File | Tab::Preview => Some(0),
        // The names of the columns stand above the lines.
        Tab::Hits => Some(state.batches.hits.spot.cursor.checked_sub(state.batches.hits.spot.offset)? + 1),
    }
}
