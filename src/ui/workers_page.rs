//! A worker's page: what is known of one worker, and what happened.

use super::list;
use super::paint::Painter;
use super::theme::Role;
use super::viewer::role;
use crate::app::layout::Area;
use crate::app::state::State;
use crate::app::workers::page::{Moment, NAMES, head, tell};
use crate::domain::text::SafeText;

/// Where the words of a moment stand: when, what, the rest.
const WHAT: u16 = 22;
const TEXT: u16 = 33;

/// Draws the page of the worker under the cursor; its first line is its heading.
pub fn draw(p: &mut Painter<'_>, state: &State, area: Area) {
    let Some(one) = state.people.workers.current() else { return };
    p.text(area.x + 2, area.y, 1, " ", Role::Text);
    let name = SafeText::line(&state.name_of(&one.id));
    let used = p.safe(area.x + 3, area.y, area.width.saturating_sub(6), &name, Role::Strong);
    p.text(area.x + 3 + used, area.y, 1, " ", Role::Text);
    let body = area.body();
    let page = state.people.workers.page;
    let sheet = &state.people.workers.sheet;
    let from = if page { sheet.offset } else { 0 };
    let head = head(state, one, area.width);
    for (at, y) in (from..).zip(body.y..body.y + body.height) {
        if let Some(line) = head.get(at) {
            p.text(body.x + 1, y, NAMES, line.label, Role::Label);
            p.safe(body.x + 1 + NAMES, y, body.width.saturating_sub(NAMES + 3), &line.text, role(line.tone));
            continue;
        }
        let at = at - head.len();
        let Some(moment) = sheet.moments.get(at).copied() else { return };
        draw_moment(p, state, Area { y, height: 1, ..body }, moment);
        if page && at == sheet.cursor {
            p.text(body.x, y, 1, ">", Role::Text);
            p.over(body.x, y, TEXT, Role::Cursor);
        }
    }
}

fn draw_moment(p: &mut Painter<'_>, state: &State, area: Area, moment: Moment) {
    let Some(told) = tell(state, moment) else { return };
    if let Moment::Work(key) = moment
        && let Some(row) = state.model.row(key)
    {
        let (flag, role) = list::flag(state.badge(row), row.status);
        p.text(area.x + 1, area.y, 2, flag, role);
    }
    p.text(area.x + 4, area.y, 16, &told.when, Role::Quiet);
    p.text(area.x + WHAT, area.y, TEXT - WHAT - 1, told.what, role(told.tone));
    let text = SafeText::line(&told.text);
    p.safe(area.x + TEXT, area.y, area.width.saturating_sub(TEXT + 1), &text, Role::Text);
}
