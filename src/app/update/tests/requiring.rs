//! Batch files that are made to require something: of those who are kept out, and of what was put together by name.

use super::quals::decisions;
use super::workers::desk;
use super::workers_act::{error, question};
use super::*;
use crate::app::overlay::{Overlay, Replacement};
use crate::domain::decision::Decision;

const SPEC: &str = "name = \"next\"\ntitle = \"Read\"\ndescription = \"Read\"\nreward = \"0.05\"\nassignments = 3\n\
                    lifetime = \"1h\"\ntime_limit = \"10m\"\nauto_approve = \"3d\"\ntemplate = \"task.html\"\nconsent = \"none\"\n";

/// The file that was asked for has come.
fn file(desk: &mut Desk, text: Result<&str, &str>) {
    let asked = desk.effects.iter().rev().find_map(|effect| match effect {
        Effect::ReadToChange { request, .. } => Some(*request),
        _ => None,
    });
    let request = asked.expect("a file was asked for");
    desk.event(Event::TextRead { request, text: text.map(str::to_owned).map_err(str::to_owned) });
}

fn replaced(desk: &mut Desk) -> Option<Replacement> {
    std::mem::take(&mut desk.effects).into_iter().find_map(|effect| match effect {
        Effect::ReplaceText(file) => Some(file),
        _ => None,
    })
}

#[test]
fn who_is_kept_out_is_kept_out_by_a_batch_file() {
    let mut desk = desk();
    desk.keys("vjEtrained 0<enter>d");
    assert_eq!(decisions(&mut desk).len(), 2, "they are put on the qualification");
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!("no prompt: {}", desk.notice()) };
    assert!(prompt.hints.contains(&"it gets: trained does not exist".to_owned()), "{:?}", prompt.hints);
    desk.keys("<enter>");
    assert!(error(&desk).contains("type its path"), "{}", error(&desk));
    desk.keys("next.toml<enter>");
    file(&mut desk, Ok(SPEC));
    let said = question(&desk);
    assert_eq!(said[0], "add 1 requirement to next.toml?");
    assert_eq!(
        said[1..5],
        [
            "  12 + [[requirement]]",
            "  13 + qualification = \"trained\"",
            "  14 + comparator = \"does not exist\"",
            "  15 + action = \"discover\"",
        ]
    );
    desk.keys("y");
    let Replacement { path, before, after } = replaced(&mut desk).unwrap();
    assert_eq!((path.as_str(), before.as_str()), ("next.toml", SPEC));
    assert!(after.starts_with(SPEC));
    desk.event(Event::TextReplaced { path, done: Ok("written: next.toml".into()) });
    assert_eq!(desk.notice(), "written: next.toml");

    // The same again: they are on their way there, and the file has it.
    desk.keys("gvjEtrained 0<enter>dnext.toml<enter>");
    file(&mut desk, Ok(&after));
    assert!(desk.notice().contains("next.toml stays as it is: it requires trained does not exist already"));
    assert_eq!(replaced(&mut desk), None);
}

#[test]
fn the_way_by_scores_lets_new_workers_come_to_a_higher_one() {
    let mut desk = desk();
    desk.keys("vjEtrained 3<enter>s");
    let staged = decisions(&mut desk);
    let Some((of, Decision::UpdateType(draft))) = staged.last() else { panic!("{staged:?}") };
    assert_eq!((staged.len(), of.as_str()), (3, "3QUALTRAINED"));
    assert_eq!((draft.auto_granted, draft.auto_granted_value, draft.description.as_ref()), (Some(true), Some(4), None));
    desk.keys("next.toml<enter>");
    file(&mut desk, Ok(SPEC));
    let said = question(&desk).join("\n");
    assert!(said.contains("+ comparator = \">\"") && said.contains("+ value = 3"), "{said}");
    desk.keys("n");
    assert_eq!(replaced(&mut desk), None);
}

#[test]
fn all_who_are_on_it_already_can_still_be_kept_out() {
    let mut desk = desk();
    desk.keys("/noted:yes<enter>Etrained 80<enter>");
    let said = question(&desk).join("\n");
    assert!(said.starts_with("nobody is left to put on \"trained\""), "{said}");
    desk.keys("y");
    assert!(matches!(&desk.state.overlay, Some(Overlay::Ask(_))), "there is nobody to put on it");
    desk.keys("d");
    assert_eq!(decisions(&mut desk), []);
    assert!(matches!(&desk.state.overlay, Some(Overlay::Prompt(_))));
}

#[test]
fn what_is_wrong_with_the_file_brings_its_line_back() {
    let mut desk = desk();
    desk.keys("Etrained 0<enter>dnext.toml<enter>");
    file(&mut desk, Ok(&SPEC.replace("\"0.05\"", "\"five\"")));
    assert!(error(&desk).starts_with("next.toml:4:10: "), "{}", error(&desk));
    desk.keys("<enter>");
    file(&mut desk, Err("next.toml is read-only: chmod u+w lets it be changed"));
    assert!(error(&desk).contains("is read-only"), "{}", error(&desk));
    desk.keys("<enter>");
    file(&mut desk, Ok(&format!("{SPEC}[[requirement]]\nqualification = \"trained\"\ncomparator = \"exists\"\n")));
    assert!(error(&desk).starts_with("next.toml:11: the batch requires trained exists already"), "{}", error(&desk));
    desk.keys("<esc>");
    assert_eq!(replaced(&mut desk), None);
}

#[test]
fn what_was_put_together_goes_into_a_batch_file() {
    let mut desk = super::quals::desk();
    desk.keys("jib");
    desk.keys("next.toml<enter>");
    desk.keys("?");
    file(&mut desk, Ok(SPEC));
    assert!(desk.notice().contains("something else was open"), "{}", desk.notice());
    desk.keys("<esc>ibnext.toml<enter>");
    file(&mut desk, Ok(SPEC));
    assert_eq!(question(&desk)[0], "add 1 requirement to next.toml?");
    desk.keys("y");
    assert!(replaced(&mut desk).unwrap().after.ends_with("comparator = \"exists\"\naction = \"accept\"\n"));
    desk.event(Event::TextReplaced { path: "next.toml".into(), done: Err("the disk is full".into()) });
    assert_eq!(desk.notice(), "the disk is full");
    assert_eq!(desk.state.people.quals.required.len(), 1, "it is kept for the next file");
}

#[test]
fn the_file_that_is_open_is_offered_and_looked_at_again() {
    let mut desk = super::quals::desk();
    desk.keys("4onext.toml<enter>3jib");
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!("no prompt: {}", desk.notice()) };
    assert_eq!(prompt.input.value(), "next.toml");
    desk.effects.clear();
    desk.event(Event::TextReplaced { path: "other.toml".into(), done: Ok("written: other.toml".into()) });
    assert_eq!(desk.effects, []);
    desk.event(Event::TextReplaced { path: "next.toml".into(), done: Ok("written: next.toml".into()) });
    assert!(
        matches!(&desk.effects[..], [Effect::CheckBatch { path, .. }] if path == "next.toml"),
        "{:?}",
        desk.effects
    );
}
