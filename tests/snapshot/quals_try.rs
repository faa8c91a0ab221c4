//! The Qualifications screen: the test being tried out, and the table of requirements.

use crate::quals::{SIZES, opened};
use insta::assert_snapshot;

#[test]
fn a_test_is_answered_and_scored_at_once() {
    for (columns, lines) in SIZES {
        let mut desk = opened(columns, lines);
        desk.press("jtj<space>j<space>jjj");
        assert_snapshot!(format!("quals_try_{columns}x{lines}_dark"), desk.picture("dark"));
    }
    let mut desk = opened(80, 24);
    desk.press("jtjjj<space>");
    assert_snapshot!("quals_try_80x24_mono", desk.picture("mono"));
}

#[test]
fn requirements_are_put_together_with_what_they_come_to() {
    for (columns, lines) in SIZES {
        let mut desk = opened(columns, lines);
        desk.press("ji<enter><enter>lll<enter>nlocale<enter>l<enter>new york, Ger");
        assert_snapshot!(format!("quals_require_typing_{columns}x{lines}_dark"), desk.picture("dark"));
        desk.press("<tab><enter>k");
        assert_snapshot!(format!("quals_require_{columns}x{lines}_dark"), desk.picture("dark"));
    }
}

#[test]
fn a_score_file_is_shown_before_it_is_staged() {
    for (columns, lines) in SIZES {
        let mut desk = opened(columns, lines);
        desk.press("jIscores.csv<enter><down><down>");
        assert_snapshot!(format!("quals_import_{columns}x{lines}_dark"), desk.picture("dark"));
    }
}

#[test]
fn a_range_of_holders_and_the_types_of_the_system() {
    for (columns, lines) in SIZES {
        let mut desk = opened(columns, lines);
        desk.press("sj<tab><enter>/held<enter>jvjj");
        assert_snapshot!(format!("quals_range_{columns}x{lines}_dark"), desk.picture("dark"));
        desk.press("<esc><esc>G");
        assert_snapshot!(format!("quals_system_{columns}x{lines}_dark"), desk.picture("dark"));
    }
}

#[test]
fn excluding_says_what_each_way_leaves() {
    for (columns, lines) in SIZES {
        let mut desk = opened(columns, lines);
        desk.press("1E<ctrl-u>Took part in pilot 2026 0<enter>");
        assert_snapshot!(format!("quals_exclude_{columns}x{lines}_dark"), desk.picture("dark"));
    }
}
