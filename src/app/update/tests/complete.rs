//! Tab in the palette and in queries.

use super::*;
use crate::app::command::CommandId;
use crate::app::list::{Column, SortBy};
use crate::app::options::SavedView;
use crate::app::overlay::Overlay;

fn with_views() -> Desk {
    let view = |name: &str, query: &str| SavedView { name: name.into(), query: query.into() };
    let views = vec![view("third", "worker:AWORKER3"), view("thin", "time<5s")];
    Desk::new(Options { views, ..Options::default() }, (0..8).map(row).collect())
}

#[track_caller]
fn line(desk: &Desk) -> String {
    match &desk.state.overlay {
        Some(Overlay::Palette(palette)) => palette.input.value().to_owned(),
        Some(Overlay::Prompt(prompt)) => prompt.input.value().to_owned(),
        other => panic!("no line to type in: {other:?}"),
    }
}

#[track_caller]
fn offered(desk: &Desk) -> Vec<String> {
    match &desk.state.overlay {
        Some(Overlay::Palette(palette)) => palette.items.iter().map(|item| item.name.clone()).collect(),
        other => panic!("no palette: {other:?}"),
    }
}

#[test]
fn tab_completes_a_command_and_then_what_follows_it() {
    let mut desk = with_views();
    desk.keys(":vie<tab>");
    assert_eq!(line(&desk), "view ");
    assert_eq!(offered(&desk), ["view undecided", "view all", "view third", "view thin"]);
    desk.keys("thin<tab>");
    assert_eq!(line(&desk), "view thin");
    desk.keys("<enter>");
    assert_eq!(desk.state.views.tabs[desk.state.views.current].name, "thin");
    desk.keys(":view<enter>");
    assert_eq!(line(&desk), "view ", "a view is needed: here they are");
}

#[test]
fn a_part_of_an_argument_is_enough() {
    let mut desk = with_views();
    desk.keys(":view thir<enter>");
    assert_eq!(desk.state.views.filter, "worker:AWORKER3");
    desk.keys(":sort time<enter>");
    assert_eq!(desk.state.list.sort, SortBy::WorkTime);
    desk.keys(":columns sta<enter>");
    assert!(desk.state.list.columns.contains(&Column::Status));
    desk.keys(":columns status<enter>");
    assert!(!desk.state.list.columns.contains(&Column::Status));
    desk.keys(":copy worker<enter>");
    assert!(matches!(desk.effects.last(), Some(Effect::Copy(text)) if text.starts_with("AWORKER")));
    desk.keys(":sort nothing of it<enter>");
    assert!(desk.notice().contains("is none of: auto-approval"), "{}", desk.notice());
}

#[test]
fn queries_are_completed_field_by_field() {
    let mut desk = with_views();
    desk.keys(":filter sta<tab>");
    assert_eq!(line(&desk), "filter status:");
    desk.keys("app<tab> -noted:y<tab>");
    assert_eq!(line(&desk), "filter status:approved -noted:yes");
    desk.keys("<enter>");
    assert_eq!(desk.state.views.filter, "status:approved -noted:yes");
    desk.keys(":filter s<down><enter>");
    assert_eq!(line(&desk), "filter status:", "what is half a query is completed, not run");
    desk.keys("<esc>/hit<tab>");
    assert_eq!(line(&desk), "hit");
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!("no prompt") };
    assert_eq!(prompt.hints.last().map(String::as_str), Some("tab: hit:  hit-status:"));
    desk.keys("-<tab>rev<tab>");
    assert_eq!(line(&desk), "hit-status:review");
}

#[test]
fn the_fields_of_the_answer_at_hand_are_offered() {
    let mut desk = with_views();
    desk.event(Event::Details(vec![detail(0, "yes")]));
    desk.keys("/ans<tab>");
    assert_eq!(line(&desk), "answer");
    desk.keys(".<tab>");
    let name = desk.state.detail(key(0)).unwrap().answer.fields[0].name.clone();
    assert_eq!(line(&desk), format!("answer.{name}:"));
}

#[test]
fn what_is_typed_freely_is_run_as_it_stands() {
    let mut desk = with_views();
    desk.keys(":worker AWORKER2<enter>");
    assert_eq!(desk.state.people.workers.current().unwrap().id.as_str(), "AWORKER2");
    desk.keys("1:approve Well done<tab><esc>");
    assert!(desk.decided().is_empty(), "Tab and Esc decide nothing");
    assert!(CommandId::named("approve").is_some());
}
