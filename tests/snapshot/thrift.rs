//! What the pictures cost: how few cells change from frame to frame, and that nothing unsafe is ever in one.

use crate::desk::{Desk, START, answer};
use hitdeck::app::event::{Event, Rows};
use hitdeck::question::item::Item;
use hitdeck::ui;
use ratatui::buffer::Buffer;
use std::collections::BTreeSet;

/// Cells that a terminal would be told about.
fn changed(before: &Buffer, after: &Buffer) -> usize {
    before.diff(after).len()
}

#[test]
fn moving_the_cursor_changes_two_short_bars() {
    let mut desk = Desk::open(120, 40);
    desk.press("z");
    let before = desk.buffer("dark");
    let after = desk.press("j").buffer("dark");
    assert!(changed(&before, &after) <= 2 * 20 + 2, "{} cells", changed(&before, &after));
}

#[test]
fn a_mark_changes_little_more_than_a_move() {
    let mut desk = Desk::open(120, 40);
    desk.press("z<space>");
    let before = desk.buffer("dark");
    let after = desk.press("<space>").buffer("dark");
    assert!(changed(&before, &after) <= 2 * 20 + 8, "{} cells", changed(&before, &after));
}

#[test]
fn a_decision_changes_badge_bar_and_counts() {
    let mut desk = Desk::open(120, 40);
    desk.press("za");
    let before = desk.buffer("dark");
    let after = desk.press("a").buffer("dark");
    assert!(changed(&before, &after) <= 100, "{} cells", changed(&before, &after));
}

#[test]
fn the_same_state_is_drawn_the_same() {
    let desk = Desk::open(120, 40);
    assert_eq!(desk.buffer("dark"), desk.buffer("dark"));
}

#[test]
fn time_that_passes_changes_nothing_within_a_minute() {
    let mut desk = Desk::open(120, 40);
    let before = desk.buffer("dark");
    desk.pass(900);
    assert_eq!(changed(&before, &desk.buffer("dark")), 0);
}

#[test]
fn news_never_moves_what_is_read() {
    let mut desk = Desk::open(120, 40);
    desk.press("jj");
    let before = desk.buffer("dark");
    let row = |at: i64| {
        let mut row = desk.state.current().unwrap().with_summary("yes".into());
        row.key.0 = 500 + at as u32;
        // Of somebody else: the viewer counts what the worker has sent.
        row.worker.0 += 1;
        row.auto_approval = hitdeck::domain::time::Time(START.0 + at).into();
        row
    };
    let rows = Rows { assignments: vec![row(60), row(120)], ..Rows::default() };
    desk.event(Event::Refreshed { rows });
    let after = desk.buffer("dark");
    // The heading announces them; the HIT list counts them; list and viewer stand still.
    for (x, y, _) in before.diff(&after) {
        assert!(y == 1 || x < 32 || y >= 37, "cell {x},{y} changed");
    }
    assert!(changed(&before, &after) > 0);
}

#[test]
fn the_terminals_cursor_is_on_the_focused_row() {
    let mut desk = Desk::open(120, 40);
    let mut rows = BTreeSet::new();
    for _ in 0..3 {
        let (_, y) = ui::cursor(&desk.state).unwrap();
        let worker = desk.state.model.worker(desk.state.current().unwrap().worker).unwrap().to_string();
        let buffer = desk.buffer("ascii");
        let line: String = (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect();
        assert!(line.contains(&worker), "{worker} is not in {line}");
        rows.insert(y);
        desk.press("j");
    }
    assert_eq!(rows.len(), 3, "it goes along");
}

#[test]
fn no_control_or_format_character_reaches_a_cell() {
    let hostile: String = (0..0x3000u32).chain(0xe0000..0xe0100).filter_map(char::from_u32).collect();
    let item = Item {
        pairs: vec![(hostile.clone(), hostile.clone())],
        text: vec![hostile.clone()],
        url: Some(hostile.clone()),
        problem: Some(hostile.clone()),
    };
    for (columns, lines) in [(40, 12), (80, 24), (120, 40), (200, 60)] {
        let answers = vec![answer(&[(&hostile, &hostile)]), answer(&[("a", &hostile)])];
        let mut desk = Desk::with(columns, lines, &hostile, item.clone(), answers);
        for keys in ["", "V", "V<tab>", "<esc>ta", "z<enter>G"] {
            desk.press(keys);
            for cell in desk.buffer("dark").content() {
                let bad = |c: char| {
                    c.is_control()
                        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
                };
                assert!(!cell.symbol().contains(bad), "{:?} after {keys:?}", cell.symbol());
            }
        }
    }
}
