//! The Qualifications screen: the test being tried out, and the table of requirements.

use crate::desk::Desk;
use crate::quals::{SIZES, opened};
use hitdeck::app::effect::Effect;
use hitdeck::app::event::Event;
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
        desk.press("<esc><esc><esc>G");
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

const NEXT: &str = "name = \"next\"\ntitle = \"Read\"\ndescription = \"Read\"\nreward = \"0.05\"\nassignments = 3\n\
                    lifetime = \"1h\"\ntime_limit = \"10m\"\nauto_approve = \"3d\"\ntemplate = \"task.html\"\nconsent = \"none\"\n";

#[test]
fn a_batch_file_is_shown_with_what_it_gets() {
    for (columns, lines) in SIZES {
        let mut desk = opened(columns, lines);
        desk.press("1E<ctrl-u>Took part in pilot 2026 0<enter>dstudies/next.toml");
        assert_snapshot!(format!("quals_batch_file_{columns}x{lines}_dark"), desk.picture("dark"));
        let read = |desk: &mut Desk, text: &str| {
            desk.press("<enter>");
            let request = desk.asked.iter().rev().find_map(|effect| match effect {
                Effect::ReadToChange { request, .. } => Some(*request),
                _ => None,
            });
            desk.event(Event::TextRead { request: request.unwrap(), text: Ok(text.to_owned()) });
        };
        read(&mut desk, &NEXT.replace("\"0.05\"", "0.05"));
        assert_snapshot!(format!("quals_batch_file_wrong_{columns}x{lines}_dark"), desk.picture("dark"));
        read(&mut desk, NEXT);
        assert_snapshot!(format!("quals_batch_file_gets_{columns}x{lines}_dark"), desk.picture("dark"));
    }
}
