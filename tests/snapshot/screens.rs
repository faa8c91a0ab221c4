//! The pictures.

use crate::desk::{Desk, START, answer};
use hitdeck::app::event::{Event, Level, SyncState};
use hitdeck::domain::decision::OutboxState;
use hitdeck::domain::time::Millis;
use hitdeck::question::item::Item;
use insta::assert_snapshot;

const SIZES: [(u16, u16); 4] = [(40, 12), (80, 24), (120, 40), (200, 60)];

#[test]
fn review_in_every_size() {
    for (columns, lines) in SIZES {
        let desk = Desk::open(columns, lines);
        assert_snapshot!(format!("review_{columns}x{lines}_dark"), desk.picture("dark"));
    }
}

#[test]
fn review_in_every_theme() {
    for theme in ["light", "mono", "ascii"] {
        let desk = Desk::open(120, 40);
        assert_snapshot!(format!("review_120x40_{theme}"), desk.picture(theme));
    }
    assert_snapshot!("review_80x24_ascii", Desk::open(80, 24).picture("ascii"));
    assert_snapshot!("review_40x12_mono", Desk::open(40, 12).picture("mono"));
}

#[test]
fn real_money_cannot_be_overlooked() {
    for (columns, lines) in [(40, 12), (80, 24), (120, 40)] {
        let desk = Desk::open_real(columns, lines);
        assert_snapshot!(format!("real_money_{columns}x{lines}_dark"), desk.picture("dark"));
    }
    assert_snapshot!("real_money_80x24_mono", Desk::open_real(80, 24).picture("mono"));
}

#[test]
fn badges_tell_how_far_each_decision_has_come() {
    let mut desk = Desk::open(120, 40);
    desk.press("aaaar1<enter>a");
    desk.outcome(1, OutboxState::Done);
    desk.outcome(2, OutboxState::Failed { reason: "the assignment was approved by somebody else".to_owned() });
    desk.outcome(3, OutboxState::Unknown);
    desk.outcome(4, OutboxState::Sending);
    assert_snapshot!("badges_120x40_dark", desk.picture("dark"));
    assert_snapshot!("badges_120x40_ascii", desk.picture("ascii"));
    desk.event(Event::Resize(80, 24));
    assert_snapshot!("badges_80x24_dark", desk.picture("dark"));
    desk.press("5");
    assert_snapshot!("activity_80x24_dark", desk.picture("dark"));
    desk.event(Event::Resize(120, 40));
    assert_snapshot!("activity_120x40_dark", desk.picture("dark"));
    desk.press("<tab><tab>");
    assert_snapshot!("activity_failed_120x40_dark", desk.picture("dark"));
    desk.press("<tab><tab><tab>");
    assert_snapshot!("activity_audit_120x40_dark", desk.picture("dark"));
}

#[test]
fn a_filter_hides_marks_and_says_so() {
    let mut desk = Desk::open(80, 24);
    desk.press("<space><space><space>/answer.entailment:no<enter>");
    assert_snapshot!("filter_80x24_dark", desk.picture("dark"));
    desk.event(Event::Resize(40, 12));
    assert_snapshot!("filter_40x12_mono", desk.picture("mono"));
}

#[test]
fn a_filter_with_a_mistake_shows_the_place() {
    let mut desk = Desk::open(80, 24);
    desk.press("/status:submited<enter>");
    assert_snapshot!("filter_error_80x24_dark", desk.picture("dark"));
}

#[test]
fn rejecting_asks_for_the_reason() {
    let mut desk = Desk::open(80, 24);
    desk.press("r");
    assert_snapshot!("reject_80x24_dark", desk.picture("dark"));
    desk.press("2");
    assert_snapshot!("reject_template_80x24_dark", desk.picture("dark"));
    desk.event(Event::Resize(40, 12));
    assert_snapshot!("reject_template_40x12_ascii", desk.picture("ascii"));
}

#[test]
fn much_money_is_confirmed() {
    for theme in ["dark", "mono", "ascii"] {
        let mut desk = Desk::open_real(80, 24);
        desk.state.options.confirm_count = 5;
        desk.press("*a");
        assert_snapshot!(format!("confirm_80x24_{theme}"), desk.picture(theme));
    }
}

#[test]
fn leaving_with_staged_decisions_asks() {
    let mut desk = Desk::open(80, 24);
    desk.press("aQ");
    assert_snapshot!("quit_80x24_dark", desk.picture("dark"));
}

#[test]
fn overlays() {
    for (name, keys) in [
        ("help", "?"),
        ("palette", ":app"),
        ("sort", "s"),
        ("group", "t"),
        ("columns", "c"),
        ("copy", "y"),
        ("hits", "<tab>"),
    ] {
        let mut desk = Desk::open(80, 24);
        desk.press(keys);
        assert_snapshot!(format!("{name}_80x24_dark"), desk.picture("dark"));
    }
    let mut desk = Desk::open(120, 40);
    desk.press("?");
    assert_snapshot!("help_120x40_ascii", desk.picture("ascii"));
    desk.event(Event::Resize(40, 12));
    assert_snapshot!("help_40x12_dark", desk.picture("dark"));
}

#[test]
fn messages_are_kept() {
    let mut desk = Desk::open(80, 24);
    desk.event(Event::Notice { level: Level::Info, text: "copied A1EXAMPLE1WRKR".to_owned() });
    desk.event(Event::Notice { level: Level::Warning, text: "throttled, next try in 2 s".to_owned() });
    desk.event(Event::Notice { level: Level::Error, text: "the pipe command failed: exit code 2".to_owned() });
    assert_snapshot!("notice_80x24_dark", desk.picture("dark"));
    desk.press(":messages<enter>");
    assert_snapshot!("messages_80x24_dark", desk.picture("dark"));
    let mut desk = Desk::open(40, 12);
    desk.event(Event::Notice { level: Level::Warning, text: "throttled, next try in 2 s".to_owned() });
    assert_snapshot!("notice_40x12_dark", desk.picture("dark"));
}

#[test]
fn groups_have_headings() {
    for (name, letter) in [("hit", "h"), ("worker", "w"), ("answer", "a"), ("deadline", "d")] {
        let mut desk = Desk::open(80, 24);
        desk.press(&format!("t{letter}"));
        assert_snapshot!(format!("grouped_by_{name}_80x24_dark"), desk.picture("dark"));
    }
}

#[test]
fn other_scripts_and_hostile_text() {
    let mut desk = Desk::open(80, 24);
    desk.press("G");
    assert_snapshot!("hostile_80x24_dark", desk.picture("dark"));
    desk.press("V");
    assert_snapshot!("hostile_raw_80x24_dark", desk.picture("dark"));
    desk.press("Vkk");
    assert_snapshot!("emoji_80x24_dark", desk.picture("dark"));
    desk.press("k");
    assert_snapshot!("cjk_80x24_mono", desk.picture("mono"));
}

#[test]
fn many_fields_are_folded() {
    let names: Vec<String> = (0..120).map(|n| format!("question{n:03}")).collect();
    let fields: Vec<(&str, &str)> =
        names.iter().enumerate().map(|(n, name)| (name.as_str(), if n % 9 == 0 { "some words" } else { "" })).collect();
    let other: Vec<(&str, &str)> = names.iter().take(2).map(|name| (name.as_str(), "other words")).collect();
    let desk = Desk::with(120, 40, "survey", Item::default(), vec![answer(&fields), answer(&other)]);
    assert_snapshot!("many_fields_120x40_dark", desk.picture("dark"));
}

#[test]
fn a_long_item_does_not_hide_the_answer() {
    let text = "A sentence of a long text that a worker had to read. ".repeat(40);
    let item = Item { pairs: vec![("text".to_owned(), text)], ..Item::default() };
    let mut desk = Desk::with(80, 24, "essays", item, vec![answer(&[("summary", "It is long.")])]);
    assert_snapshot!("long_item_80x24_dark", desk.picture("dark"));
    desk.press("<enter>G");
    assert_snapshot!("long_item_end_80x24_dark", desk.picture("dark"));
}

#[test]
fn zoom_gives_one_pane_the_window() {
    let mut desk = Desk::open(120, 40);
    desk.press("z");
    assert_snapshot!("zoom_list_120x40_dark", desk.picture("dark"));
    desk.press("<enter>");
    assert_snapshot!("zoom_viewer_120x40_dark", desk.picture("dark"));
    let mut desk = Desk::open(40, 12);
    desk.press("<enter>");
    assert_snapshot!("viewer_40x12_dark", desk.picture("dark"));
}

#[test]
fn an_empty_account_says_what_will_happen() {
    assert_snapshot!("empty_80x24_dark", Desk::empty(80, 24).picture("dark"));
    assert_snapshot!("empty_120x40_ascii", Desk::empty(120, 40).picture("ascii"));
}

#[test]
fn an_endpoint_that_cannot_be_read_is_said() {
    let mut desk = Desk::open(80, 24);
    desk.event(Event::Sync(SyncState::Failed {
        reason: "127.0.0.1:7878 refused the connection; is the market running?".to_owned(),
        retry: Some(Millis(START.0 * 1_000 + 30_000)),
    }));
    assert_snapshot!("sync_error_80x24_dark", desk.picture("dark"));
}

#[test]
fn a_window_that_is_too_small_says_so() {
    assert_snapshot!("too_small_39x9_dark", Desk::open(39, 9).picture("dark"));
}

#[test]
fn the_title_keeps_its_halves_apart() {
    let mut desk = Desk::open(80, 24);
    desk.press("aaaaaaaaaaa");
    desk.outcome(1, OutboxState::Failed { reason: "no".to_owned() });
    for columns in 40..=200 {
        desk.event(Event::Resize(columns, 24));
        let picture = desk.picture("dark");
        let title = picture.lines().next().unwrap_or_default();
        for side in ["$9,871.20", "as of 14:03", "127.0.0.1:7878"] {
            let after = title.split_once(side).map_or("", |(_, after)| after);
            assert!(after.is_empty() || after.starts_with(' '), "{columns}: {title}");
        }
    }
}

#[test]
fn long_batch_names_are_whole_while_there_is_room() {
    let name = "Does the text entail the hypothesis?";
    let answers = || vec![answer(&[("entailment", "yes")]), answer(&[("entailment", "no")])];
    let mut desk = Desk::with(120, 40, name, Item::default(), answers());
    assert_snapshot!("batch_name_120x40_dark", desk.press("<backtab>").picture("dark"));
    desk.press("j<space>j");
    assert!(desk.picture("dark").ends_with("cursor at 0,5\n"), "below All work and two lines of a name");
    desk.event(Event::Resize(80, 24));
    assert_snapshot!("batch_name_80x24_dark", desk.picture("dark"));
}
