//! One assignment: a heading that says whose it is and how it stands, and the document below.

use super::paint::Painter;
use super::theme::Role;
use crate::app::clock;
use crate::app::document::{Document, Line, Tone};
use crate::app::layout::{Area, Pane};
use crate::app::outbox::Stage;
use crate::app::state::State;
use crate::domain::assignment::AssignmentStatus;
use crate::domain::row::LightRow;
use crate::domain::text::SafeText;

/// Draws the pane.
pub fn draw(p: &mut Painter<'_>, state: &State, area: Area) {
    let head = area.head();
    p.horizontal(head.x, head.y, head.width);
    let Some(row) = state.current() else { return };
    let document = state.document();
    heading(p, state, head, row, document.as_ref());
    let body = area.body();
    let Some(document) = document else { return };
    let left = body.x + 1;
    let mut body = body;
    if document.answer.is_some_and(|line| line >= state.viewer.scroll + usize::from(body.height)) && body.height > 2 {
        // A long item must not hide what was answered: the last line says it until the text has come that far.
        body.height -= 1;
        let y = body.y + body.height;
        let x = left + p.text(left, y, body.width, "Answer below  ", Role::Accent);
        let room = (body.x + body.width).saturating_sub(x + 1);
        p.safe(x, y, room, &SafeText::line(&state.model.summary(row)), Role::Strong);
    }
    for (y, line) in (body.y..body.y + body.height).zip(document.lines.iter().skip(state.viewer.scroll)) {
        self::line(p, Area { x: left, y, width: (body.x + body.width).saturating_sub(left), height: 1 }, line);
    }
}

/// One line of a document.
pub fn line(p: &mut Painter<'_>, area: Area, line: &Line) {
    for span in &line.spans {
        let room = area.width.saturating_sub(span.at);
        p.safe(area.x + span.at, area.y, room, &span.text, role(span.tone));
    }
}

/// How a tone looks.
pub const fn role(tone: Tone) -> Role {
    match tone {
        Tone::Heading => Role::Accent,
        Tone::Label => Role::Quiet,
        Tone::Text => Role::Text,
        Tone::Strong => Role::Strong,
        Tone::Quiet => Role::Quiet,
        Tone::Good => Role::Good,
        Tone::Bad => Role::Bad,
        Tone::Warn => Role::Warn,
    }
}

fn heading(p: &mut Painter<'_>, state: &State, area: Area, row: &LightRow, document: Option<&Document>) {
    let focused = state.focus == Pane::Viewer;
    let end = area.x + area.width;
    let mut x = area.x + 2;
    let say = |p: &mut Painter<'_>, x: &mut u16, text: &SafeText, role: Role| {
        let room = end.saturating_sub(*x + 2);
        if room > 0 && !text.is_empty() {
            p.text(*x, area.y, 1, " ", Role::Text);
            let used = p.safe(*x + 1, area.y, room, text, role);
            p.text(*x + 1 + used, area.y, 1, " ", Role::Text);
            *x += used + 3;
        }
    };
    if let Some(worker) = state.model.worker(row.worker) {
        let role = if focused { Role::Title } else { Role::Strong };
        say(p, &mut x, &SafeText::line(worker.as_str()), role);
    }
    let (words, role) = standing(state, row);
    say(p, &mut x, &SafeText::line(&words), role);
    if state.viewer.raw {
        say(p, &mut x, &SafeText::line("raw"), Role::Warn);
    }
    let lines = document.map_or(0, |document| document.lines.len());
    let height = state.layout().lines(Pane::Viewer);
    if lines > height {
        let last = (state.viewer.scroll + height).min(lines);
        let place = format!(" {}-{last} of {lines} ", state.viewer.scroll + 1);
        let cells = place.len() as u16;
        if x + cells < end {
            p.text(end - cells - 1, area.y, cells, &place, Role::Quiet);
        }
    }
}

/// How the assignment stands, in words: what the badge in the list says with two characters.
fn standing(state: &State, row: &LightRow) -> (String, Role) {
    if let Some(badge) = state.badge(row) {
        let role = if badge.stage == Stage::Failed { Role::Bad } else { Role::Warn };
        return (format!("{} {}", badge.verb, badge.stage.title()), role);
    }
    let by = match state.model.decider(row) {
        "" => String::new(),
        who => format!(" by {who}"),
    };
    match row.status {
        AssignmentStatus::Submitted => ("undecided".to_owned(), Role::Text),
        AssignmentStatus::Approved => (format!("approved{by}"), Role::Good),
        AssignmentStatus::Rejected => {
            let left = clock::override_left(row.status, row.submitted, state.now);
            let left = left.map_or(String::new(), |left| format!(", override within {left}"));
            (format!("rejected{by}{left}"), Role::Bad)
        }
    }
}
