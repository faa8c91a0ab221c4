//! Frames applied to a terminal show what was drawn, in few bytes.

use super::*;
use proptest::prelude::*;
use ratatui::style::{Color, Modifier, Style};
use std::num::NonZeroU16;

fn terminal(columns: u16, lines: u16) -> vt100::Parser {
    vt100::Parser::new(NonZeroU16::new(lines).unwrap(), NonZeroU16::new(columns).unwrap(), 0)
}

fn frame(painter: &mut Painter, buffer: &Buffer, cursor: Option<(u16, u16)>) -> Vec<u8> {
    painter.canvas(buffer.area.width, buffer.area.height).clone_from(buffer);
    painter.paint(cursor).to_vec()
}

fn colour(colour: Color) -> vt100::Color {
    match colour {
        Color::Red => vt100::Color::Idx(1),
        Color::LightBlue => vt100::Color::Idx(12),
        Color::Indexed(n) => vt100::Color::Idx(n),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        _ => vt100::Color::Default,
    }
}

fn assert_shows(terminal: &vt100::Parser, buffer: &Buffer) {
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < buffer.area.width {
            let cell = &buffer[(x, y)];
            let seen = terminal.screen().cell(y, x).unwrap();
            let text = if seen.has_contents() { seen.contents() } else { " " };
            assert_eq!(text, cell.symbol(), "at {x},{y}");
            assert_eq!(seen.bgcolor(), colour(cell.bg), "background at {x},{y}");
            assert_eq!(seen.inverse(), cell.modifier.contains(Modifier::REVERSED), "reverse at {x},{y}");
            assert_eq!(seen.underline(), cell.modifier.contains(Modifier::UNDERLINED), "underline at {x},{y}");
            if cell.symbol() != " " || seen.inverse() || seen.underline() {
                assert_eq!(seen.fgcolor(), colour(cell.fg), "colour at {x},{y}");
                assert_eq!(seen.bold(), cell.modifier.contains(Modifier::BOLD), "bold at {x},{y}");
                assert_eq!(seen.italic(), cell.modifier.contains(Modifier::ITALIC), "italic at {x},{y}");
                assert_eq!(seen.dim(), cell.modifier.contains(Modifier::DIM), "dim at {x},{y}");
            }
            x += if seen.is_wide() { 2 } else { 1 };
        }
    }
}

fn lines(lines: &[&str]) -> Buffer {
    Buffer::with_lines(lines.iter().copied())
}

#[test]
fn a_frame_like_the_one_before_is_nothing() {
    let mut painter = Painter::new(Colours::All);
    let buffer = lines(&["hello", "world"]);
    assert!(!frame(&mut painter, &buffer, None).is_empty());
    assert_eq!(frame(&mut painter, &buffer, None), b"");
}

#[test]
fn only_what_differs_is_written() {
    let mut painter = Painter::new(Colours::All);
    frame(&mut painter, &lines(&["one   ", "two   ", "three "]), None);
    let bytes = frame(&mut painter, &lines(&["one   ", "two!  ", "three "]), None);
    assert_eq!(String::from_utf8(bytes).unwrap(), "\x1b[?2026h\x1b[2;4H!\x1b[?2026l");
}

#[test]
fn a_short_gap_is_written_again_and_a_long_tail_erased() {
    let mut painter = Painter::new(Colours::All);
    frame(&mut painter, &lines(&["a b c and a long tail of text"]), None);
    let bytes = frame(&mut painter, &lines(&["x b y                        "]), None);
    assert_eq!(String::from_utf8(bytes).unwrap(), "\x1b[?2026h\rx b y\x1b[K\x1b[?2026l");
}

#[test]
fn after_other_scripts_the_place_is_given_anew() {
    let mut painter = Painter::new(Colours::All);
    frame(&mut painter, &lines(&["             "]), None);
    let bytes = frame(&mut painter, &lines(&["漢字 ok 👨‍👩‍👧x  "]), None);
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(text, "\x1b[?2026h\x1b[H漢字\x1b[6Gok 👨‍👩‍👧\x1b[11Gx\x1b[?2026l");
}

#[test]
fn without_colours_only_attributes_are_written() {
    let mut painter = Painter::new(Colours::None);
    let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 1));
    buffer.set_string(0, 0, "danger", Style::new().fg(Color::Red).bg(Color::LightBlue).bold());
    let text = String::from_utf8(frame(&mut painter, &buffer, None)).unwrap();
    assert!(text.contains("\x1b[1mdanger"), "{text:?}");
}

#[test]
fn a_control_that_slipped_through_is_never_written() {
    let mut painter = Painter::new(Colours::All);
    let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 1));
    for (x, symbol) in ["\u{8}", "\0", "\x1b[2J", "\u{9b}2J", "a\u{7f}", "\u{90}"].iter().enumerate() {
        buffer[(x as u16, 0)].set_symbol(symbol);
    }
    let bytes = frame(&mut painter, &buffer, None);
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("??????"), "{text:?}");
    assert!(!text.contains(['\u{8}', '\0', '\u{9b}', '\u{7f}', '\u{90}']));
}

#[test]
fn the_cursor_is_shown_where_it_is_wanted_and_only_then() {
    let mut painter = Painter::new(Colours::All);
    let mut terminal = terminal(10, 3);
    let buffer = lines(&["one       ", "two       ", "three     "]);
    terminal.process(&frame(&mut painter, &buffer, Some((4, 1))));
    assert_eq!(terminal.screen().cursor_position(), (1, 4));
    assert!(!terminal.screen().hide_cursor());
    assert_eq!(frame(&mut painter, &buffer, Some((4, 1))), b"");
    terminal.process(&frame(&mut painter, &buffer, None));
    assert!(terminal.screen().hide_cursor());
}

fn style() -> impl Strategy<Value = Style> {
    let colours = [Color::Reset, Color::Red, Color::LightBlue, Color::Indexed(99), Color::Rgb(1, 2, 3)];
    let modifiers = [
        Modifier::empty(),
        Modifier::BOLD,
        Modifier::DIM,
        Modifier::REVERSED,
        Modifier::UNDERLINED | Modifier::ITALIC,
        Modifier::BOLD | Modifier::REVERSED,
    ];
    let any = (
        prop::sample::select(colours.to_vec()),
        prop::sample::select(colours.to_vec()),
        prop::sample::select(modifiers.to_vec()),
    )
        .prop_map(|(fg, bg, modifier)| Style::reset().fg(fg).bg(bg).add_modifier(modifier));
    prop_oneof![Just(Style::reset()), any]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ab ]{1,12}", " {1,30}", "[漢字é─│x ]{1,6}", "[🙂a]{1,4}", "(e\u{301}|n\u{303}| ){1,4}"]
}

fn buffer(width: u16, height: u16) -> impl Strategy<Value = Buffer> {
    let piece = (0..width, 0..height, text(), style());
    prop::collection::vec(piece, 0..12).prop_map(move |pieces| {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        for (x, y, text, style) in pieces {
            // As a view does it: a line is drawn in full, so that no half of a wide character stays behind.
            buffer.set_stringn(0, y, " ".repeat(width.into()), width.into(), Style::reset());
            buffer.set_string(x, y, text, style);
        }
        buffer
    })
}

proptest! {
    #[test]
    fn the_terminal_shows_the_frame(frames in prop::collection::vec(buffer(40, 4), 1..5)) {
        let mut painter = Painter::new(Colours::All);
        let mut terminal = terminal(40, 4);
        terminal.process(b"what was there before\r\n\x1b[7mreversed");
        for buffer in &frames {
            terminal.process(&frame(&mut painter, buffer, None));
            assert_shows(&terminal, buffer);
        }
    }
}
