//! Those who took part kept out of what comes next; scores that grow.

use super::quals::decisions;
use super::workers::{desk, desk_with};
use super::workers_act::{error, question};
use super::*;
use crate::app::overlay::Overlay;
use crate::domain::decision::Decision;

#[test]
fn both_ways_to_ask_for_it_are_measured_before_anything_is_staged() {
    let mut desk = desk();
    desk.keys("vjE");
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!() };
    assert!(prompt.label.starts_with("exclude 2 workers (AWORKER"), "{}", prompt.label);
    desk.keys("nobody 0<enter>");
    assert!(error(&desk).contains("there is no qualification \"nobody\""), "{}", error(&desk));
    desk.keys("<ctrl-u>trained 0<enter>");
    let said = question(&desk).join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.starts_with("exclude 2 workers by \"trained\" at 0?"), "{said}");
    // Two of five are put on it, and one held it before.
    assert!(
        said.contains("DoesNotExist") && said.contains("2 of the 5 who ever worked here would still qualify"),
        "{said}"
    );
    assert!(said.contains("GreaterThan 0") && said.contains("1 of the 5"), "{said}");
    assert!(said.contains("s changes that: it is then granted with 1 to everybody who asks"), "{said}");
    assert_eq!(desk.persisted(), []);
    desk.keys("y");
    let staged = decisions(&mut desk);
    assert_eq!(staged.len(), 2);
    assert!(staged.iter().all(|(_, decision)| *decision == Decision::Grant { score: 0, tell: false }), "{staged:?}");
}

#[test]
fn everybody_who_took_part_in_a_batch_is_excluded_from_the_hit_list() {
    let mut desk = desk();
    desk.keys("1<backtab>jEtrained 7<enter>");
    let said = question(&desk);
    assert_eq!(said[0], "exclude 5 workers by \"trained\" at 7?");
    desk.keys("n");
    assert_eq!(desk.persisted(), []);
}

#[test]
fn a_read_only_desk_excludes_nobody() {
    let mut desk = desk_with(Options { read_only: true, ..Options::default() });
    desk.keys("E");
    assert!(desk.notice().contains("read-only") && desk.state.overlay.is_none(), "{}", desk.notice());
}

#[test]
fn scores_grow_by_what_is_added_to_each() {
    let mut desk = super::quals::desk();
    desk.keys("j<tab><enter>*e<ctrl-u>+5<enter>");
    let scores: Vec<i32> = decisions(&mut desk)
        .into_iter()
        .map(|(_, decision)| match decision {
            Decision::Grant { score, .. } => score,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(scores, [55, 85, 5], "what was revoked begins at 0");
    desk.keys("u");
    desk.keys("Ue<ctrl-u>+-7<enter>");
    assert_eq!(decisions(&mut desk).len(), 1);
}
