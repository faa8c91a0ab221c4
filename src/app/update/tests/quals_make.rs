//! The Qualifications screen: test and key from files, the test tried out, requirements put together.

use super::quals::{KEY, TEST, desk, opened};
use super::*;
use crate::app::overlay::Overlay;
use crate::app::quals::Field;

/// The path that is asked for, and the answer.
fn file(desk: &mut Desk, text: Result<&str, &str>) -> String {
    let asked = desk.effects.iter().rev().find_map(|effect| match effect {
        Effect::ReadText { request, path } => Some((*request, path.clone())),
        _ => None,
    });
    let (request, path) = asked.unwrap();
    desk.effects.clear();
    desk.event(Event::TextRead { request, text: text.map(str::to_owned).map_err(str::to_owned) });
    path
}

fn form(desk: &Desk) -> &crate::app::quals::TypeForm {
    match &desk.state.overlay {
        Some(Overlay::TypeForm(form)) => form,
        other => panic!("{other:?}"),
    }
}

fn tryout(desk: &Desk) -> &crate::app::quals::Tryout {
    match &desk.state.overlay {
        Some(Overlay::Tryout(test)) => test,
        other => panic!("{other:?}"),
    }
}

fn builder(desk: &Desk) -> &crate::app::quals::Builder {
    match &desk.state.overlay {
        Some(Overlay::Requirements(builder)) => builder,
        other => panic!("{other:?}"),
    }
}

#[test]
fn test_and_key_are_read_from_files_and_checked() {
    let mut desk = desk();
    desk.keys("nf");
    assert!(form(&desk).remarks[0].contains("put the cursor on one of them"));
    desk.keys("<enter>Careful<enter>j<enter>Reads<enter>jjjjjf/tmp/t.xml<enter>");
    assert_eq!(file(&mut desk, Err("/tmp/t.xml cannot be read: No such file")), "/tmp/t.xml");
    assert_eq!(form(&desk).remarks, ["test: /tmp/t.xml cannot be read: No such file"]);
    // The path is there again: Enter reads it anew.
    desk.keys("f<enter>");
    assert_eq!(file(&mut desk, Ok(&TEST.replace("</Question>", ""))), "/tmp/t.xml");
    assert!(form(&desk).remarks[0].starts_with("test: line "), "{:?}", form(&desk).remarks);
    desk.keys("f<enter>");
    file(&mut desk, Ok(TEST));
    desk.keys("j<enter>40m<enter>jf~/key.xml<enter>");
    assert_eq!(file(&mut desk, Ok(&KEY.replace(">love<", ">luv<"))), "~/key.xml");
    assert!(form(&desk).remarks[0].starts_with("answer key: line "), "{:?}", form(&desk).remarks);
    desk.keys("f<enter>");
    file(&mut desk, Ok(KEY));
    assert_eq!((form(&desk).remarks.len(), form(&desk).value(Field::Key)), (0, KEY));
}

#[test]
fn an_answer_of_another_form_changes_nothing() {
    let mut desk = desk();
    desk.keys("njjjjjjf/tmp/t.xml<enter>");
    desk.event(Event::TextRead { request: RequestId(77), text: Ok(TEST.to_owned()) });
    assert_eq!(form(&desk).value(Field::Test), "");
}

#[test]
fn the_test_of_a_form_is_tried_out_before_anything_is_staged() {
    let mut desk = desk();
    desk.keys("nt");
    assert_eq!(form(&desk).remarks, ["there is no test"]);
    desk.keys("jjjjjjft<enter>");
    file(&mut desk, Ok(TEST));
    desk.keys("t");
    assert!(tryout(&desk).heading().contains("no key"), "{}", tryout(&desk).heading());
    desk.keys("<esc>jjfk<enter>");
    file(&mut desk, Ok(&KEY.replace(">battery<", ">batery<")));
    assert!(form(&desk).remarks[0].contains("batery"), "before what is still to be filled in");
    desk.keys("t");
    assert!(tryout(&desk).heading().contains("value 0 for 0 of 4"), "{}", tryout(&desk).heading());
}

#[test]
fn a_score_follows_every_answer() {
    let mut desk = desk();
    desk.keys("t");
    assert!(desk.notice().contains("put the cursor on a type"), "{}", desk.notice());
    desk.keys("jtj<space>j<enter>j<space>");
    assert_eq!(tryout(&desk).heading(), "Kind 0: value 100 for 4 of 4 points");
    desk.keys("x");
    assert_eq!(tryout(&desk).score().unwrap().value, 50);
    desk.keys("<esc>");
    assert!(desk.state.overlay.is_none());
}

#[test]
fn requirements_are_copied_written_and_kept() {
    let mut desk = desk();
    desk.keys("jinpercent<enter>nlocale<enter>y");
    assert!(builder(&desk).error.as_deref().unwrap().starts_with("requirement 3: In and NotIn"));
    desk.keys("l<enter>de, new york<enter>y");
    let Some(Effect::Copy(text)) = desk.effects.last() else { panic!("{:?}", desk.effects) };
    assert!(text.contains("qualification = \"Kind 0\"\ncomparator = \"exists\"\naction = \"accept\""), "{text}");
    assert!(text.contains("value = [\"DE\", \"US-NY\"]  # Germany (DE), New York (US-NY)"), "{text}");
    desk.keys("w<enter>");
    assert_eq!(builder(&desk).error.as_deref(), Some("a name for the file"));
    desk.keys("who.toml<enter>");
    assert!(matches!(desk.effects.last(), Some(Effect::WriteText { path, .. }) if path == "who.toml"));
    desk.keys("<esc>");
    assert_eq!(desk.state.people.quals.required.len(), 3);
    desk.keys("ikx");
    assert_eq!(builder(&desk).rows().len(), 2);
}

#[test]
fn the_pool_counts_those_who_are_known() {
    let mut desk = desk();
    desk.keys("ji");
    let looked = &builder(&desk).looked;
    // Two hold it, one held it, one holds something else; the desk has read no work.
    assert_eq!((looked.all.of, looked.all.satisfy), (5, 2));
    assert_eq!(looked.how.as_deref(), Some("new workers have to take its test first"));
    desk.keys("l<enter>");
    assert_eq!(builder(&desk).looked.all.satisfy, 3, "does not exist");
    desk.keys("nadult<enter>");
    assert_eq!((builder(&desk).looked.all.satisfy, builder(&desk).looked.all.open), (0, 3));
}

#[test]
fn a_read_only_desk_tries_tests_out_and_stages_nothing() {
    let mut desk = opened(Options { read_only: true, ..Options::default() });
    desk.keys("n");
    assert!(desk.notice().contains("read-only"), "{}", desk.notice());
    desk.keys("je");
    assert!(desk.state.overlay.is_none());
    desk.keys("D");
    assert!(desk.notice().contains("read-only"), "{}", desk.notice());
    desk.keys("tj<space>");
    assert_eq!(tryout(&desk).score().unwrap().value, 50);
    assert_eq!(desk.persisted(), []);
}
