//! The Qualifications screen: marks, ranges and filters of holders and requests; score files.

use super::quals::{decisions, desk, opened, workers};
use super::*;
use crate::app::overlay::{Ask, Overlay};
use crate::domain::decision::Decision;

fn marked(desk: &Desk) -> usize {
    desk.state.people.quals.marks.len()
}

fn ask(desk: &Desk) -> &Ask {
    match &desk.state.overlay {
        Some(Overlay::Ask(ask)) => ask,
        other => panic!("{other:?}"),
    }
}

/// The answer to the file that was asked for.
fn file(desk: &mut Desk, text: &str) {
    let asked = desk.effects.iter().rev().find_map(|effect| match effect {
        Effect::ReadText { request, .. } => Some(*request),
        _ => None,
    });
    let request = asked.unwrap();
    desk.event(Event::TextRead { request, text: Ok(text.to_owned()) });
}

#[test]
fn a_range_is_decided_about_and_its_second_end_makes_marks() {
    let mut desk = desk();
    desk.keys("j<tab><enter>vj");
    assert_eq!(desk.state.quals_targets().len(), 2);
    desk.keys("<esc>");
    assert_eq!((desk.state.quals_targets().len(), desk.state.focus), (1, crate::app::layout::Pane::TypeTab));
    desk.keys("kvjjv");
    assert_eq!((marked(&desk), desk.state.people.quals.anchor.is_none()), (3, true));
    desk.keys("U");
    desk.keys("kvke5<enter>");
    assert_eq!(decisions(&mut desk).len(), 2);
    assert!(desk.state.people.quals.anchor.is_none());
}

#[test]
fn undo_brings_the_marks_back_that_were_acted_on() {
    let mut desk = desk();
    desk.keys("j<tab><enter>*");
    assert_eq!(marked(&desk), 3);
    desk.keys("e<ctrl-u>80<enter>");
    // One has 80 already.
    assert_eq!((decisions(&mut desk).len(), marked(&desk)), (2, 0));
    desk.keys("u");
    assert_eq!(marked(&desk), 2);
    desk.keys("x<enter>");
    assert_eq!(decisions(&mut desk).len(), 1, "one of them was revoked before");
}

#[test]
fn what_fits_a_query_is_marked() {
    let mut desk = desk();
    desk.keys("j<tab><enter>T>=80<enter>");
    assert_eq!((marked(&desk), desk.notice()), (2, "2 marked"));
    desk.keys("UTheld<enter>");
    assert_eq!(marked(&desk), 2);
    desk.keys("UT worker:AWORKER1<enter>");
    assert_eq!(marked(&desk), 1);
    desk.keys("T80-50<enter>");
    assert!(matches!(&desk.state.overlay, Some(Overlay::Prompt(prompt)) if prompt.error.is_some()));
}

#[test]
fn holders_and_requests_are_filtered_by_score_and_by_worker() {
    let mut desk = desk();
    desk.keys("<tab><enter>/>=50 qual:\"Kind 0\"<enter>");
    assert_eq!(workers(&desk), ["AWORKER0", "AWORKER1"], "who held it once does not hold it");
    desk.keys("/<ctrl-u>qual:nothing<enter>");
    assert_eq!(workers(&desk), [""; 0]);
    desk.keys("/<ctrl-u>>=70<enter><tab>");
    assert_eq!(workers(&desk), ["AWORKER0"], "of requests what would be granted");
    desk.keys("/<ctrl-u><enter>");
    assert_eq!(workers(&desk).len(), 3);
}

#[test]
fn system_types_stand_among_the_others_when_they_are_wanted() {
    let mut desk = desk();
    let names = |desk: &Desk| {
        let known = desk.state.people.known.as_ref().unwrap();
        known.types.iter().map(|kind| kind.it.name.clone()).collect::<Vec<_>>()
    };
    desk.keys("s");
    assert_eq!(names(&desk).len(), 8);
    assert_eq!(names(&desk)[5], "Worker_Locale");
    desk.event(Event::People(Box::new(super::quals::known())));
    assert_eq!(names(&desk).len(), 8, "also after the next read");
    desk.keys("Ge");
    assert!(desk.notice().contains("only its owner"), "{}", desk.notice());
    desk.keys("s");
    assert_eq!(names(&desk).len(), 3);
}

#[test]
fn a_score_file_is_shown_line_by_line_and_staged_as_one_group() {
    let mut desk = desk();
    desk.keys("jIscores.csv<enter>");
    file(&mut desk, "worker,score\nAWORKER0,50\nAWORKER1,81\nAWORKER4,7\nA9NEW,x\nA8NEW,3\n");
    let lines = ask(&desk).lines.join("\n");
    assert!(lines.contains("1 new, 1 changed, 1 unchanged, 1 for unknown workers"), "{lines}");
    assert!(lines.contains("! line 5: ") && lines.contains("81  (was 80)"), "{lines}");
    desk.keys("n");
    assert_eq!(decisions(&mut desk), []);
    desk.keys("Iscores.csv<enter>");
    file(&mut desk, "AWORKER0,51\nAWORKER1,81\n");
    desk.keys("y");
    let grant = |score| Decision::Grant { score, tell: false };
    assert_eq!(
        decisions(&mut desk),
        [("3KIND0 AWORKER0".to_owned(), grant(51)), ("3KIND0 AWORKER1".to_owned(), grant(81))]
    );
    desk.keys("u");
    assert!(desk.notice().contains("2 scores taken back"), "{}", desk.notice());
    desk.keys("Inone.csv<enter>");
    file(&mut desk, "AWORKER0,50\n");
    assert!(desk.notice().contains("nothing to do"), "{}", desk.notice());
}

#[test]
fn a_long_file_scrolls_and_its_answers_stay() {
    let mut desk = desk();
    desk.event(Event::Resize(80, 24));
    desk.keys("jIscores.csv<enter>");
    let text: String = (0..200).map(|number| format!("A{number},5\n")).collect();
    file(&mut desk, &text);
    // A summary on two lines, the note that the holders have not been read, the lines, the host that the money is at.
    assert_eq!(ask(&desk).lines.len(), 204);
    desk.keys("j<pagedown>");
    let moved = ask(&desk).offset;
    assert!(moved > 10, "{moved}");
    desk.keys("<end><down>");
    assert_eq!(ask(&desk).offset, 204 - (22 - 2 - 1 - 2));
    desk.keys("g<esc>");
    assert_eq!(decisions(&mut desk), []);
}

#[test]
fn scores_are_written_to_a_file() {
    let mut desk = desk();
    desk.keys("jEout.csv<enter>");
    let Some(Effect::WriteText { path, text }) = desk.effects.last() else { panic!("{:?}", desk.effects) };
    assert_eq!((path.as_str(), text.as_str()), ("out.csv", "worker,score\nAWORKER0,50\nAWORKER1,80\n"));
    desk.keys("Eout.txt<enter>");
    assert!(
        matches!(desk.effects.last(), Some(Effect::WriteText { text, .. }) if text.starts_with("workerid\tscore\n"))
    );
}

#[test]
fn a_read_only_desk_reads_no_score_file() {
    let mut desk = opened(Options { read_only: true, ..Options::default() });
    desk.keys("jI");
    assert!(desk.notice().contains("read-only") && desk.state.overlay.is_none(), "{}", desk.notice());
    desk.keys("<tab><enter>T>=1<enter>v");
    assert!(marked(&desk) > 0, "marks decide nothing");
}

#[test]
fn a_file_that_blocks_says_what_a_block_does_and_which_reason_is_sent() {
    let mut desk = desk();
    desk.keys("jIworkers.csv<enter>");
    file(&mut desk, "Worker ID,UPDATE-Kind 0,UPDATE-BlockStatus\nAWORKER0,50,Block\n");
    let lines = ask(&desk).lines.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(lines.contains("1 block set or lifted"), "{lines}");
    assert!(lines.contains("can do none of your HITs") && lines.contains("Gentler: "), "{lines}");
    assert!(lines.contains("\"UPDATE-BlockStatus of a worker file\""), "{lines}");
    desk.keys("y");
    let reason = "UPDATE-BlockStatus of a worker file".to_owned();
    assert_eq!(decisions(&mut desk), [("AWORKER0".to_owned(), Decision::Block { reason })]);
}

#[test]
fn what_a_file_asks_for_in_vain_is_named() {
    let mut desk = desk();
    desk.keys("jIworkers.csv<enter>");
    let header = "Worker ID,UPDATE-Kind 0,UPDATE-Kind 1,UPDATE-Nope";
    file(&mut desk, &format!("{header}\nAWORKER0,70,1,2\nAWORKER1,81,,\nAWORKER1,82,,\n"));
    let lines = ask(&desk).lines.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(lines.contains("! the column UPDATE-Nope is left out: you have no qualification type"), "{lines}");
    assert!(lines.contains("! the column UPDATE-Kind 1 is left out: it is of another type"), "{lines}");
    assert!(lines.contains("! line 3: AWORKER1 stands in line 4 with something else"), "{lines}");
    assert!(lines.contains("! line 4: AWORKER1 stands in line 3 with something else"), "{lines}");
    desk.keys("y");
    let grant = Decision::Grant { score: 70, tell: false };
    assert_eq!(decisions(&mut desk), [("3KIND0 AWORKER0".to_owned(), grant)], "of two scores neither is taken");
}

#[test]
fn a_list_of_workers_is_asked_for_its_score() {
    let mut desk = desk();
    desk.keys("jIlist.txt<enter>");
    file(&mut desk, "AWORKER0\nAWORKER1\nAWORKER4\n");
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!("{}", desk.notice()) };
    assert!(prompt.label.contains("no scores"), "{}", prompt.label);
    desk.keys("many<enter>");
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!("{}", desk.notice()) };
    assert!(prompt.error.as_ref().is_some_and(|error| error.message.contains("no whole number")));
    desk.keys("<ctrl-u>80<enter>");
    assert!(ask(&desk).lines.join(" ").contains("1 new, 1 changed, 1 unchanged"), "{:?}", ask(&desk).lines);
    desk.keys("y");
    assert_eq!(decisions(&mut desk).len(), 2);
}
