//! Pure views: the state as cells of a buffer. Nothing here remembers anything or computes what is true; the state says
//! what is so, the layout says where, the theme says how it looks.

mod activity;
mod batches;
mod batches_page;
mod chart;
mod columns;
mod footer;
mod hits;
mod list;
mod overlay;
mod paint;
mod quals;
mod quals_form;
mod quals_require;
mod quals_try;
mod table;
pub mod theme;
mod title;
mod viewer;
mod workers;
mod workers_page;

use crate::app::layout::{Layout, MIN_COLUMNS, MIN_LINES, Pane};
use crate::app::options::Danger;
use crate::app::overlay::Overlay;
use crate::app::state::State;
use paint::Painter;
use ratatui::buffer::Buffer;
use theme::{Role, Theme};

/// Draws the whole desk. The buffer's area is the window, as the state knows it.
pub fn draw(state: &State, theme: &Theme, buffer: &mut Buffer) {
    buffer.reset();
    let edge = if state.env.danger == Danger::RealMoney { Role::Edge } else { Role::Border };
    let p = &mut Painter { buffer, theme, edge, names: state.redaction.as_ref() };
    let layout = state.layout();
    if layout.too_small {
        let words = format!("terminal too small (need {MIN_COLUMNS}x{MIN_LINES}); q quits");
        p.text(0, 0, layout.title.width, &words, Role::Text);
        return;
    }
    title::draw(p, state, layout.title);
    panes(p, state, &layout);
    footer::draw(p, state, &layout);
    if let Some(overlay) = &state.overlay {
        overlay::draw(p, state, overlay);
    }
}

fn panes(p: &mut Painter<'_>, state: &State, layout: &Layout) {
    if let Some(area) = layout.activity {
        activity::draw(p, state, area);
    }
    if let Some(area) = layout.batches {
        batches::draw(p, state, area);
    }
    if let Some(area) = layout.batch_page {
        batches_page::draw(p, state, area);
    }
    if let Some(area) = layout.workers {
        workers::draw(p, state, area);
    }
    if let Some(area) = layout.types {
        quals::types(p, state, area);
    }
    if let Some(area) = layout.type_tab {
        quals::tab(p, state, area);
    }
    if let Some(area) = layout.list {
        list::draw(p, state, area);
    }
    if let Some(area) = layout.viewer {
        viewer::draw(p, state, area);
    }
    if let Some(area) = layout.divider {
        p.vertical(area.x, area.y, area.height);
        if let Some(viewer) = layout.viewer.filter(|_| p.theme.glyphs.frames) {
            let joint = p.theme.glyphs.joint;
            p.text(area.x, viewer.y, 1, joint.encode_utf8(&mut [0; 4]), p.edge);
        }
    }
    if let Some(area) = layout.hits {
        hits::draw(p, state, area);
    }
}

/// Where the terminal's own cursor belongs: in the text that is being typed, else on the focused row, so that screen
/// readers and braille lines follow it.
pub fn cursor(state: &State) -> Option<(u16, u16)> {
    let layout = state.layout();
    if layout.too_small {
        return None;
    }
    if let Some(overlay) = &state.overlay {
        return overlay_cursor(state, overlay);
    }
    let content = match state.focus {
        Pane::TypeTab => state.quals_areas().0,
        Pane::Workers if state.people.workers.page => state.page_area().body(),
        focus => layout.content(focus),
    };
    let line = match state.focus {
        Pane::List => state.list.cursor_line.checked_sub(state.list.offset),
        Pane::Hits => hits::cursor_line(state, content),
        Pane::Workers if state.people.workers.page => state.page_line().checked_sub(state.people.workers.sheet.offset),
        Pane::Workers => state.people.workers.spot.cursor.checked_sub(state.people.workers.spot.offset),
        Pane::Types => state.people.kind.cursor.checked_sub(state.people.kind.offset),
        Pane::TypeTab if !state.people.quals.tab.is_list() => Some(0),
        Pane::TypeTab => state.people.quals.spot.cursor.checked_sub(state.people.quals.spot.offset),
        Pane::Batches => state.batches.spot.cursor.checked_sub(state.batches.spot.offset),
        Pane::BatchPage => batches_page::cursor_line(state),
        Pane::Activity => state.activity.cursor.checked_sub(state.activity.offset),
        Pane::Viewer => Some(0),
    }?;
    (line < usize::from(content.height)).then_some((content.x, content.y + line as u16))
}

fn overlay_cursor(state: &State, overlay: &Overlay) -> Option<(u16, u16)> {
    let area = overlay::area(state, overlay);
    let row = |line: usize| {
        let y = area.y + 1 + u16::try_from(line).unwrap_or(u16::MAX).min(area.height.saturating_sub(3));
        Some((area.x + 2, y))
    };
    match overlay {
        Overlay::Prompt(prompt) => {
            Some((overlay::prompt::cursor(area, prompt), area.y + area.height.saturating_sub(1)))
        }
        Overlay::Palette(palette) => {
            let cells = area.width.saturating_sub(5);
            Some((area.x + 3 + overlay::prompt::input_cursor(cells, &palette.input), area.y + 1))
        }
        Overlay::Help(help) => row(help.cursor.saturating_sub(help.offset)),
        Overlay::TypeForm(form) => Some(quals_form::cursor(overlay::inner(area), form)),
        Overlay::Tryout(test) => Some(quals_try::cursor(overlay::inner(area), test)),
        Overlay::Requirements(builder) => Some(quals_require::cursor(overlay::inner(area), builder)),
        Overlay::Chooser(chooser) => row(chooser.cursor),
        Overlay::Ask(_) | Overlay::Messages { .. } | Overlay::Text { .. } => row(0),
    }
}
