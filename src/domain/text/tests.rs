use super::*;
use proptest::prelude::*;

fn line(text: &str) -> String {
    SafeText::line(text).to_string()
}

#[test]
fn plain_text_is_left_alone() {
    for text in ["", "entailment: yes", "Grüße, 世界 – ok", "שלום", "नमस्ते", "e\u{301}"] {
        let safe = SafeText::line(text);
        assert_eq!((safe.as_str(), safe.hidden()), (text, 0));
    }
    assert_eq!(SafeText::line("世界").width(), 4);
}

#[test]
fn escape_sequences_go_as_a_whole() {
    assert_eq!(line("a\u{1b}[31;1mred\u{1b}[0m"), "a·red·");
    assert_eq!(line("a\u{1b}]52;c;cm0gLXJm\u{7}b"), "a·b");
    assert_eq!(line("a\u{1b}]0;title\u{1b}\\b"), "a·b");
    assert_eq!(line("a\u{1b}P1$r0m\u{9c}b"), "a·b");
    assert_eq!(line("a\u{9b}2Jb\u{9d}0;x\u{9c}c"), "a·b·c");
    assert_eq!(line("a\u{1b}(Bb\u{1b}cd"), "a·b·d");
    assert_eq!(line("a\u{1b}"), "a·");
    assert_eq!(SafeText::line("\u{1b}[1m\u{1b}[2m\u{7}x").hidden(), 3);
    assert_eq!(line("\u{1b}[1m\u{1b}[2m\u{7}x"), "·x", "a run leaves one mark");
}

#[test]
fn an_unfinished_sequence_does_not_hide_what_follows() {
    assert_eq!(line("a\u{1b}]52;c;text"), "a·52;c;text");
    assert_eq!(line("a\u{1b}[31é"), "a·é");
    let many = "\u{1b}]x".repeat(200_000);
    assert_eq!(SafeText::line(&many).hidden(), 200_000);
}

#[test]
fn invisible_and_bidi_characters_leave_a_mark() {
    for c in [
        '\u{200b}',
        '\u{200f}',
        '\u{202e}',
        '\u{2066}',
        '\u{2069}',
        '\u{feff}',
        '\u{ad}',
        '\u{e0041}',
        '\u{3164}',
        '\u{e0100}',
        '\u{7f}',
        '\u{0}',
        '\u{8}',
    ] {
        let safe = SafeText::line(&format!("a{c}b"));
        assert_eq!((safe.as_str(), safe.hidden()), ("a·b", 1), "{c:?}");
    }
}

#[test]
fn emoji_sequences_show_their_base_glyph() {
    assert_eq!(line("❤\u{fe0f}!"), "❤!");
    assert_eq!(line("👨\u{200d}👩\u{200d}👧!"), "👨!");
    assert_eq!(line("👍\u{1f3fd}!"), "👍!");
    assert_eq!(line("a\u{200d}b"), "a·b", "a joiner between letters hides something");
    assert_eq!(line("a\u{fe0f}\u{fe0f}b"), "a·b", "a second selector hides something");
}

#[test]
fn floods_of_combining_marks_are_cut() {
    let flood = format!("e{}x", "\u{301}".repeat(1_000));
    let safe = SafeText::line(&flood);
    assert_eq!(safe.as_str(), format!("e{}·x", "\u{301}".repeat(4)));
    assert_eq!(safe.width(), 3);
    assert_eq!(line("\u{301}x"), "·x", "a mark needs something to sit on");
}

#[test]
fn letters_that_never_break_apart_do_not_pile_up_in_one_cell() {
    for letter in ["\u{1100}", "\u{e33}", "\u{903}"] {
        let safe = SafeText::line(&format!("x{}y", letter.repeat(500)));
        assert!(safe.as_str().graphemes(true).all(|g| g.width() <= WIDEST), "{safe}");
        assert_eq!(safe.hidden(), 1);
        let raw = SafeText::escaped(&format!("x{}y", letter.repeat(500)));
        assert!(raw.as_str().graphemes(true).all(|g| g.width() <= WIDEST));
    }
}

#[test]
fn line_breaks_are_kept_or_shown() {
    assert_eq!(line("one\r\n\ntwo\tthree\n"), "one↵two three");
    let lines: Vec<_> = SafeText::lines("one\r\n\ntwo\u{2028}three\n").iter().map(SafeText::to_string).collect();
    assert_eq!(lines, ["one", "", "two", "three"]);
    assert_eq!(SafeText::lines("").len(), 1);
}

#[test]
fn the_raw_view_shows_everything() {
    let raw = SafeText::escaped("a\u{1b}[31m\u{202e}\n\tb\u{9b}é\u{200d}");
    assert_eq!(raw.as_str(), "a\\x1b[31m\\u{202e}\\n\\tb\\x9bé\\u{200d}");
}

#[test]
fn clipping_and_shortening_respect_the_width() {
    let text = SafeText::line("a世界b");
    assert_eq!(text.clip(6).as_str(), "a世界b");
    assert_eq!(text.clip(5).as_str(), "a世…");
    assert_eq!(text.clip(1).as_str(), "…");
    assert_eq!(text.clip(0).as_str(), "");
    assert_eq!(SafeText::line("3MXUWSJ6ZRFVXZTXW7AZ5UKJKSLR7V").shorten(11).as_str(), "3MXUW..LR7V");
    assert_eq!(SafeText::line("SHORT").shorten(11).as_str(), "SHORT");
}

#[test]
fn wrapping_breaks_between_words() {
    let wrap =
        |text: &str, columns| SafeText::line(text).wrap(columns).iter().map(SafeText::to_string).collect::<Vec<_>>();
    assert_eq!(wrap("one two three", 7), ["one two", "three"]);
    assert_eq!(wrap("one two three", 6), ["one", "two", "three"]);
    assert_eq!(wrap("abcdefghijklmn k", 6), ["abcdef", "ghijkl", "mn k"]);
    assert_eq!(wrap("世界世界世界", 7), ["世界世", "界世界"]);
    assert_eq!(wrap("", 6), [""]);
}

/// Text with more of what hurts than chance would bring.
fn nasty() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        any::<char>().prop_map(String::from),
        (0u32..0x3100).prop_filter_map("char", char::from_u32).prop_map(String::from),
        "[ -~]{0,6}",
        Just("\u{1b}[31m".to_owned()),
        Just("\u{1b}]52;c;".to_owned()),
        Just("\u{7}".to_owned()),
        Just("\u{200d}👩\u{fe0f}".to_owned()),
        Just("👍\u{1f3fd}🇩🇪".to_owned()),
        Just("لا".to_owned()),
        Just("\u{301}\u{301}\u{301}".to_owned()),
        Just("ᄒᄒᄒᄒ\u{e33}\u{e33}\u{e33}\u{e33}\u{e33}\u{e33}".to_owned()),
        Just("ᄒ\u{1161}\u{11ab}".to_owned()),
    ];
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

fn assert_clean(safe: &SafeText) {
    let text = safe.as_str();
    assert!(
        !text.chars().any(|c| c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')),
        "{text:?}"
    );
    assert_eq!(safe.width(), text.graphemes(true).map(UnicodeWidthStr::width).sum::<usize>(), "{text:?}");
}

proptest! {
    #[test]
    fn graphemes_are_those_of_the_standard(text in r"(\PC|[\r\n a-z]|[\u{600}\u{301}\u{200d}\u{94d}\u{1f1e6}-\u{1f1ff}\u{1f468}\u{1f3fd}])*") {
        prop_assert_eq!(graphemes(&text).collect::<Vec<_>>(), text.graphemes(true).collect::<Vec<_>>());
    }

    #[test]
    fn nothing_dangerous_gets_through(text in nasty()) {
        let safe = SafeText::line(&text);
        assert_clean(&safe);
        assert_clean(&SafeText::escaped(&text));
        SafeText::lines(&text).iter().for_each(assert_clean);
        let again = SafeText::line(safe.as_str());
        prop_assert_eq!(again.as_str(), safe.as_str());
        prop_assert_eq!(again.hidden(), 0);
    }

    #[test]
    fn cut_text_fits(text in nasty(), columns in 0usize..30) {
        let safe = SafeText::line(&text);
        for cut in [safe.clip(columns), safe.shorten(columns)] {
            assert_clean(&cut);
            prop_assert!(cut.width() <= columns);
        }
        let wrapped = safe.wrap(columns);
        for line in &wrapped {
            assert_clean(line);
            prop_assert!(line.width() <= columns.max(WIDEST));
        }
        let joined: String = wrapped.iter().flat_map(|line| line.as_str().chars()).filter(|c| *c != ' ').collect();
        let whole: String = safe.as_str().chars().filter(|c| *c != ' ').collect();
        prop_assert_eq!(joined, whole);
    }
}

#[test]
fn every_character_alone_is_clean() {
    for c in (0..=0x10ffff).filter_map(char::from_u32) {
        assert_clean(&SafeText::line(&format!("x{c}y")));
    }
}
