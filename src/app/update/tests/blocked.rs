use super::workers::{id, known};
use super::*;
use crate::app::options::{Rule, RuleAction, SavedView};
use crate::app::people::Known;

fn shown(desk: &Desk) -> usize {
    desk.state.list.rows
}

#[test]
fn review_shows_the_work_of_the_blocked() {
    let mut desk = Desk::with(20);
    desk.keys("/blocked:yes<enter>");
    assert!(desk.effects.contains(&Effect::ReadPeople), "who is blocked has to be read first");
    assert_eq!(shown(&desk), 0);
    desk.event(Event::People(Box::new(known())));
    assert_eq!(shown(&desk), 4, "worker 2 is blocked, and 9, who has no work here");
    desk.keys("/-blocked:yes<enter>");
    assert_eq!(shown(&desk), 16);
    // A block that was carried out counts at once for who asks anew.
    desk.keys("/worker:AWORKER3<enter>xspam<enter>y").store();
    desk.becomes(1, OutboxState::Done);
    desk.keys("/blocked:yes<enter>");
    assert_eq!(shown(&desk), 8);
    let more = vec![AssignmentRow { worker: WorkerKey(9), ..row(40) }];
    desk.event(Event::Refreshed { rows: Rows { workers: vec![worker(9)], ..rows_of(more) } });
    desk.keys("R");
    assert_eq!(shown(&desk), 9, "somebody who was blocked before they ever worked here");
}

#[test]
fn a_view_and_a_rule_ask_who_is_blocked_by_themselves() {
    let view = SavedView { name: "banned".into(), query: "blocked:yes".into() };
    let rule = Rule {
        name: "blocked".into(),
        query: "blocked:yes status:submitted".into(),
        action: RuleAction::Flag,
        feedback: None,
    };
    let options = Options { views: vec![view], rules: vec![rule], ..Options::default() };
    let mut desk = Desk::new(options, (0..20).map(row).collect());
    assert!(desk.state.people.blocks_asked, "asked when the rows of the store are there");
    desk.keys(":rule blocked<enter>");
    assert!(desk.notice().contains("is being read"), "{}", desk.notice());
    desk.event(Event::People(Box::new(Known { blocks: [(id(1), "spam".to_owned())].into(), ..known() })));
    let tab = desk.state.views.tabs.iter().find(|tab| tab.name == "banned").unwrap();
    assert_eq!(tab.count, Some(4));
    desk.keys(":rule blocked<enter>");
    assert_eq!(desk.marks(), [1, 6, 11, 16]);
}

#[test]
fn nobody_is_rejected_for_being_blocked() {
    let rule = Rule {
        name: "out".into(),
        query: "blocked:yes".into(),
        action: RuleAction::Reject,
        feedback: Some("No.".into()),
    };
    let mut desk = Desk::new(Options { rules: vec![rule], ..Options::default() }, (0..20).map(row).collect());
    desk.event(Event::People(Box::new(known())));
    desk.keys(":rule out<enter>");
    assert!(desk.notice().contains("not at \"blocked\""), "{}", desk.notice());
}
