//! The assignment list: tabs, column names, and the rows that are visible. Only those are formatted.

use super::columns::{self, Place};
use super::paint::Painter;
use super::theme::Role;
use crate::app::decide;
use crate::app::format;
use crate::app::layout::{Area, Pane};
use crate::app::list::{Column, Group, GroupBy, GroupOf, Line, SortBy};
use crate::app::outbox::{Badge, Stage};
use crate::app::state::{Loading, State};
use crate::domain::assignment::{AssignmentStatus, work_time};
use crate::domain::row::LightRow;
use crate::domain::text::SafeText;
use crate::domain::time::Seconds;

/// Draws the pane.
pub fn draw(p: &mut Painter<'_>, state: &State, area: Area) {
    heading(p, state, area.head());
    let places = columns::place(&state.list.columns, area.width);
    if let Some(line) = state.layout().columns {
        column_names(p, state, line, &places);
    }
    let body = state.layout().content(Pane::List);
    if state.list.lines.is_empty() {
        return empty(p, state, body);
    }
    let range = decide::range(state);
    let in_range = |line: usize| range.as_ref().is_some_and(|range| range.contains(&line));
    let visible = state.list.lines.iter().enumerate().skip(state.list.offset).take(body.height.into());
    for (y, (index, line)) in (body.y..).zip(visible) {
        let at = Area { y, height: 1, ..body };
        match *line {
            Line::Group(group) => {
                if let Some(group) = state.list.groups.get(group as usize) {
                    group_line(p, state, at, group);
                }
            }
            Line::Row(key) => {
                if let Some(row) = state.model.row(key) {
                    row_line(p, state, at, row, &places, (index == state.list.cursor_line, in_range(index)));
                }
            }
        }
    }
}

/// Tabs on the left; on the right what restricts the list, and where the cursor is.
fn heading(p: &mut Painter<'_>, state: &State, area: Area) {
    let focused = state.focus == Pane::List;
    let place = match state.list.rows {
        0 => String::new(),
        rows => format!("{} of {}", format::count(state.list.position()), format::count(rows)),
    };
    // Room for "8,000 of 8,000", whatever the cursor says.
    let reserved = (format::count(state.list.rows).len() as u16 * 2 + 4).min(area.width / 2);
    p.right(area.x, area.y, area.width, &place, Role::Quiet);
    let mut x = area.x + 1;
    let end = area.x + area.width - reserved - 1;
    for (index, tab) in state.views.tabs.iter().enumerate() {
        let active = index == state.views.current;
        let name = SafeText::line(&tab.name).clip(24);
        let count = tab.count.map_or(String::new(), |count| format!(" {}", format::count(count as usize)));
        let cells = (name.width() + count.len() + 2) as u16;
        if x + cells > end && !active {
            continue;
        }
        let role = match (active, focused) {
            (true, true) => Role::Title,
            (true, false) => Role::Strong,
            _ => Role::Quiet,
        };
        if active {
            p.text(x, area.y, 1, "[", role);
        }
        let mut at = x + 1;
        at += p.safe(at, area.y, end.saturating_sub(at), &name, role);
        at += p.text(at, area.y, end.saturating_sub(at), &count, role);
        if active {
            p.text(at, area.y, 1, "]", role);
        }
        x = at + 2;
    }
    restriction(p, state, x, end, area.y);
}

/// The filter, and the order where no column shows it.
fn restriction(p: &mut Painter<'_>, state: &State, mut x: u16, end: u16, y: u16) {
    let filter = state.views.filter.as_str();
    if state.views.is_changed() && x + 6 < end {
        x += p.text(x, y, end - x, "/", Role::Warn);
        x += p.safe(x, y, end.saturating_sub(x), &SafeText::line(filter), Role::Warn) + 2;
    }
    if !state.list.news.is_empty() {
        let news = format!("{} new", format::count(state.list.news.len()));
        if x + (news.len() as u16) < end {
            x += p.text(x, y, end - x, &news, Role::Accent) + 2;
        }
    }
    let shown = sort_column(state.list.sort).is_some_and(|column| state.list.columns.contains(&column));
    if !shown || state.list.group != GroupBy::Nothing {
        let by = match state.list.group {
            GroupBy::Nothing => format!("by {}", state.list.sort.title()),
            group => format!("grouped by {}", group.title()),
        };
        if x + (by.len() as u16) < end {
            p.text(x, y, end - x, &by, Role::Quiet);
        }
    }
}

const fn sort_column(sort: SortBy) -> Option<Column> {
    Some(match sort {
        SortBy::AutoApproval => Column::AutoApproval,
        SortBy::Submitted => Column::Submitted,
        SortBy::WorkTime => Column::WorkTime,
        SortBy::Worker => Column::Worker,
        SortBy::Reward => Column::Reward,
        SortBy::Status => Column::Status,
        SortBy::Hit => Column::Hit,
    })
}

fn column_names(p: &mut Painter<'_>, state: &State, area: Area, places: &[Place]) {
    let sorted = sort_column(state.list.sort);
    let glyphs = &p.theme.glyphs;
    let arrow = if state.list.descending { glyphs.down } else { glyphs.up };
    for place in places {
        let title =
            if place.column == Column::AutoApproval && place.width < 13 { "auto" } else { place.column.title() };
        let x = area.x + place.at;
        let used = (title.len() as u16).min(place.width);
        let start = if place.right { x + place.width - used } else { x };
        p.text(start, area.y, used, title, Role::Quiet);
        if sorted == Some(place.column) {
            // Beside the name: in the blank before a right-aligned one, after a left-aligned one.
            let beside = if place.right { start.saturating_sub(1) } else { start + used };
            p.text(beside, area.y, 1, arrow.encode_utf8(&mut [0; 4]), Role::Quiet);
        }
    }
}

fn group_line(p: &mut Painter<'_>, state: &State, area: Area, group: &Group) {
    let title = match &group.of {
        GroupOf::Hit(key) => match state.model.hit(*key) {
            Some(hit) => format!("{}  {}", hit.id, hit.title),
            None => "HIT not read yet".to_owned(),
        },
        GroupOf::Worker(key) => state.model.worker(*key).map_or_else(String::new, ToString::to_string),
        GroupOf::Answer(key) => match state.model.row(*key).map(|row| state.model.summary(row)) {
            Some(text) if !text.is_empty() => text.into_owned(),
            _ => "(empty answer)".to_owned(),
        },
        GroupOf::Deadline(due) => due.title().to_owned(),
    };
    let count = format::count(group.count as usize);
    p.horizontal(area.x, area.y, 2);
    let x = area.x + 3;
    let room = area.width.saturating_sub(count.len() as u16 + 6);
    let used = p.safe(x, area.y, room, &SafeText::line(&title), Role::Accent);
    p.text(x + used + 2, area.y, count.len() as u16, &count, Role::Quiet);
}

fn row_line(
    p: &mut Painter<'_>,
    state: &State,
    area: Area,
    row: &LightRow,
    places: &[Place],
    (here, marked): (bool, bool),
) {
    let (x, y) = (area.x, area.y);
    if here {
        p.text(x, y, 1, ">", Role::Text);
    }
    if marked || state.list.marks.contains(&row.key) {
        p.text(x + 1, y, 1, "*", Role::Mark);
    }
    let (flag, role) = flag(state.badge(row), row.status);
    p.text(x + 2, y, 2, flag, role);
    if row.noted {
        p.text(x + 4, y, 1, "+", Role::Quiet);
    }
    for place in places {
        cell(p, state, row, x + place.at, y, place);
    }
    if here {
        let role = if state.focus == Pane::List { Role::Cursor } else { Role::Idle };
        // A bar over a few cells: moving it costs a fraction of a full line over a slow link.
        let worker = places.first().filter(|place| place.column == Column::Worker);
        p.over(x, y, worker.map_or(columns::LEFT - 1, |place| place.at + place.width), role);
    }
}

/// Two characters that say what was decided (letter) and how far it has come (sign).
pub fn flag(badge: Option<Badge>, status: AssignmentStatus) -> (&'static str, Role) {
    let Some(badge) = badge else {
        return match status {
            AssignmentStatus::Submitted => ("", Role::Text),
            AssignmentStatus::Approved => ("A", Role::Good),
            AssignmentStatus::Rejected => ("R", Role::Bad),
        };
    };
    let flags = match badge.verb {
        "approve" => ["a", "a>", "a?", "a!", "A"],
        "override" => ["o", "o>", "o?", "o!", "O"],
        "reject" => ["r", "r>", "r?", "r!", "R"],
        "bonus" => ["b", "b>", "b?", "b!", "B"],
        "block" => ["x", "x>", "x?", "x!", "X"],
        "unblock" => ["u", "u>", "u?", "u!", "U"],
        "notify" => ["m", "m>", "m?", "m!", "M"],
        "grant" => ["+", "+>", "+?", "+!", "+"],
        "revoke" => ["-", "->", "-?", "-!", "-"],
        "extend" => ["e", "e>", "e?", "e!", "E"],
        "add assignments" => ["+", "+>", "+?", "+!", "+"],
        "change type" => ["t", "t>", "t?", "t!", "T"],
        "expire" => ["x", "x>", "x?", "x!", "X"],
        _ => ["d", "d>", "d?", "d!", "D"],
    };
    let role = match badge.stage {
        Stage::Staged | Stage::Sending | Stage::Unknown => Role::Warn,
        Stage::Failed => Role::Bad,
        Stage::Sent if badge.verb == "reject" => Role::Bad,
        Stage::Sent => Role::Good,
    };
    (flags[badge.stage as usize], role)
}

fn cell(p: &mut Painter<'_>, state: &State, row: &LightRow, x: u16, y: u16, place: &Place) {
    let width = place.width;
    match place.column {
        Column::Worker => {
            if let Some(id) = state.model.worker(row.worker) {
                p.safe(x, y, width, &SafeText::line(&state.name_of(id)).shorten(width.into()), Role::Text);
            }
        }
        Column::Hit => {
            if let Some(hit) = state.model.hit(row.hit) {
                p.safe(x, y, width, &SafeText::line(hit.id.as_str()).shorten(width.into()), Role::Text);
            }
        }
        Column::Answer => answer(p, &state.model.summary(row), x, y, width),
        Column::WorkTime => {
            if let Some(span) = work_time(row.accepted.get(), row.submitted.get()) {
                p.right(x, y, width, &format::work_time(span), Role::Text);
            }
        }
        Column::Submitted => {
            if let Some(time) = row.submitted.get() {
                p.right(x, y, width, &format::day_clock(time, state.options.zone), Role::Text);
            }
        }
        Column::AutoApproval if row.status != AssignmentStatus::Submitted => {}
        Column::AutoApproval => {
            if let Some(time) = row.auto_approval.get() {
                let soon = time - state.now.time < Seconds::HOUR;
                let role = if soon { Role::Warn } else { Role::Text };
                p.right(x, y, width, &format::until(time, state.now.time), role);
            }
        }
        Column::Reward => p.right(x, y, width, &state.model.reward(row).to_string(), Role::Text),
        Column::Status => {
            p.text(x, y, width, row.status.name(), Role::Text);
        }
        Column::By => {
            p.safe(x, y, width, &SafeText::line(state.model.decider(row)), Role::Quiet);
        }
    }
}

fn answer(p: &mut Painter<'_>, summary: &str, x: u16, y: u16, width: u16) {
    if summary.is_empty() {
        p.text(x, y, width, "(empty)", Role::Quiet);
        return;
    }
    let text = SafeText::line(summary);
    // Where name and value do not both fit, the value says more.
    match summary.split_once(": ") {
        Some((_, value)) if text.width() > width.into() => p.safe(x, y, width, &SafeText::line(value), Role::Text),
        _ => p.safe(x, y, width, &text, Role::Text),
    };
}

fn empty(p: &mut Painter<'_>, state: &State, area: Area) {
    let filtered = state.views.is_changed();
    let lines: [&str; 2] = match state.loading {
        Loading::Waiting => ["Opening the account ...", ""],
        _ if state.model.rows().is_empty() => {
            ["No work has come in yet.", "Submitted assignments appear here as soon as the endpoint reports them."]
        }
        Loading::Window { .. } => ["Reading the rest of the account ...", ""],
        Loading::Done if filtered => ["Nothing fits the filter.", "Esc takes it away; / changes it."],
        Loading::Done => ["Nothing here.", "Other work may be in another tab, or under All work in the HIT list."],
    };
    for (y, line) in (area.y + 1..area.y + area.height).zip(lines) {
        p.safe(area.x + 2, y, area.width.saturating_sub(3), &SafeText::line(line), Role::Quiet);
    }
}
