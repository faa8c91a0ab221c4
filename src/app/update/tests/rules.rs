//! Rules and texts that need answers which are not loaded.

use super::*;
use crate::app::options::{Rule, RuleAction};
use crate::app::overlay::{Overlay, PromptKind};
use crate::domain::decision::Decision;

fn rule(name: &str, query: &str, action: RuleAction, feedback: Option<&str>) -> Rule {
    Rule { name: name.into(), query: query.into(), action, feedback: feedback.map(Into::into) }
}

fn desk(rules: Vec<Rule>, count: u32) -> Desk {
    Desk::new(Options { rules, brake_count: 100, ..Options::default() }, (0..count).map(row).collect())
}

fn answers(desk: &mut Desk, text: impl Fn(u32) -> String) -> Vec<u32> {
    let Some(Effect::LoadAnswers { request, keys }) = desk.effects.pop() else { panic!("nothing is read") };
    let details = keys.iter().map(|key| detail(key.0, &text(key.0))).collect();
    desk.event(Event::Answers { request, details: Ok(details) });
    keys.into_iter().map(|key| key.0).collect()
}

fn question(desk: &Desk) -> (String, String) {
    match &desk.state.overlay {
        Some(Overlay::Ask(ask)) => (ask.title.clone(), ask.lines.join("\n")),
        other => panic!("no question: {other:?}; {}", desk.notice()),
    }
}

#[test]
fn a_rule_says_what_it_would_stage_and_asks() {
    let mut desk = desk(vec![rule("by one", "worker:AWORKER1", RuleAction::Approve, Some("Thank you"))], 20);
    desk.keys("/worker:AWORKER2<enter>").keys("jja").store();
    let approved = AssignmentRow { status: AssignmentStatus::Approved, ..row(6) };
    desk.event(Event::Refreshed { rows: rows_of(vec![approved]) });
    desk.keys(":rule<space>by<space>one<enter>");
    assert!(desk.persisted().is_empty(), "a rule never stages by itself");
    let (title, lines) = question(&desk);
    assert_eq!(title, "rule \"by one\": approve 3?");
    for expected in [
        "4 assignments fit",
        "worker:AWORKER1",
        "3 approvals would be staged: $0.75",
        "1 already approved",
        "Thank you",
    ] {
        assert!(lines.contains(expected), "{expected}: {lines}");
    }
    let cursor = desk.cursor();
    desk.keys("y");
    assert_eq!(desk.cursor(), cursor);
    let Some(Effect::Persist { decisions, .. }) = desk.effects.last().cloned() else { panic!("not staged") };
    assert!(decisions.iter().all(|new| matches!(&new.decision, Decision::Approve { feedback: Some(_), .. })));
    desk.store();
    desk.keys("u");
    assert!(matches!(desk.effects.last(), Some(Effect::Undo(ids)) if ids.len() == 3), "one group");
}

#[test]
fn rules_are_listed_with_what_fits_them() {
    let rules = vec![
        rule("no json", "-answer.label:json", RuleAction::Reject, Some("Not JSON.")),
        rule("by one", "worker:AWORKER1", RuleAction::Flag, None),
        rule("by two", "answer.label:2 worker:AWORKER2", RuleAction::Approve, None),
        rule("fast", "time<5s", RuleAction::Reject, Some("Too fast.")),
    ];
    let mut desk = desk(rules, 20);
    let labels = |desk: &Desk| match &desk.state.overlay {
        Some(Overlay::Chooser(chooser)) => chooser.items.iter().map(|item| item.label.clone()).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    desk.keys(":rules<enter>");
    assert_eq!(labels(&desk)[..2], ["no json: stages rejections, counting what fits", "by one: marks, 4 fit"]);
    assert!(labels(&desk)[3].starts_with("fast: cannot be run: a rejection by rule"), "{:?}", labels(&desk));
    let Some(Effect::Find { request, terms }) = desk.effects.pop() else { panic!("not asked") };
    assert_eq!(terms.len(), 2);
    let sets = Ok(vec![(0..17).map(key).collect(), vec![key(2), key(7), key(8)]]);
    desk.event(Event::Found { request, sets });
    assert_eq!(labels(&desk)[0], "no json: stages rejections, 3 fit");
    assert_eq!(labels(&desk)[2], "by two: stages approvals, 2 fit");
    desk.keys("j<enter>");
    assert_eq!(desk.marks(), [1, 6, 11, 16]);
}

#[test]
fn a_rule_over_texts_waits_for_the_store() {
    let mut desk = desk(vec![rule("no json", "-answer.label:json", RuleAction::Reject, Some("Not JSON."))], 20);
    desk.keys(":rule<space>no<space>json<enter>");
    let Some(Effect::Find { request, .. }) = desk.effects.pop() else { panic!("not asked") };
    desk.event(Event::Found { request, sets: Ok(vec![(2..20).map(key).collect()]) });
    let (title, lines) = question(&desk);
    assert_eq!(title, "rule \"no json\": reject 2?");
    assert!(lines.contains("2 rejections would be staged; $0.50 not paid"), "{lines}");
    desk.keys("y");
    assert_eq!(desk.decided(), [0, 1]);
}

#[test]
fn the_reject_brake_holds_rules_too() {
    let rules = vec![rule("all", "", RuleAction::Reject, Some("No."))];
    let mut desk = Desk::new(Options { rules, ..Options::default() }, (0..20).map(row).collect());
    desk.keys(":rule<space>all<enter>");
    assert!(
        matches!(&desk.state.overlay, Some(Overlay::Prompt(prompt)) if matches!(prompt.kind, PromptKind::Brake { .. }))
    );
    desk.keys("y<enter>");
    assert_eq!(desk.decided(), NONE);
    desk.keys("<ctrl-u>reject<space>20<enter>");
    assert_eq!(desk.decided().len(), 20);
}

#[test]
fn a_mistyped_rule_is_suggested() {
    let mut desk = desk(vec![rule("no json", "", RuleAction::Flag, None)], 4);
    desk.keys(":rule<space>no<space>jsn<enter>");
    assert!(desk.notice().contains("did you mean \"no json\"?"), "{}", desk.notice());
    let mut none = Desk::with(4);
    none.keys(":rules<enter>");
    assert!(
        matches!(&none.state.overlay, Some(Overlay::Palette(palette)) if palette.error.as_deref().unwrap().contains("no [[rule]]"))
    );
}

#[test]
fn a_text_that_names_fields_reads_the_answers_first() {
    let mut desk = Desk::with(20);
    desk.event(Event::Details(vec![detail(0, "here")]));
    desk.keys("<space><space><space>r").keys("Not<space>{{<space>fields.label<space>}}.<enter>");
    assert_eq!(answers(&mut desk, |number| format!("answer {number}")), [1, 2]);
    assert_eq!(desk.decided_texts(), ["Not here.", "Not answer 1.", "Not answer 2."]);
    assert!(desk.state.detail(key(1)).is_none(), "what lacks the others' answers is not kept");
}

#[test]
fn a_text_that_cannot_be_filled_in_comes_back() {
    let mut desk = Desk::with(20);
    desk.keys("<space><space>r").keys("{{<space>fields.none<space>}}<enter>");
    answers(&mut desk, |_| String::new());
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!("the text is lost") };
    assert_eq!(prompt.input.value(), "{{ fields.none }}");
    assert!(prompt.error.as_ref().unwrap().message.contains("cannot be filled in"));
    assert_eq!(desk.decided(), NONE);
}

#[test]
fn answers_that_come_while_something_else_is_open_do_nothing() {
    let mut desk = Desk::with(20);
    desk.keys("<space><space>r").keys("{{<space>fields.label<space>}}<enter>");
    let load = desk.effects.pop();
    desk.keys("/");
    desk.effects.extend(load);
    answers(&mut desk, |_| "x".to_owned());
    assert_eq!(desk.decided(), NONE);
    assert!(desk.notice().contains("nothing was done"), "{}", desk.notice());
    assert!(
        matches!(&desk.state.overlay, Some(Overlay::Prompt(prompt)) if matches!(prompt.kind, PromptKind::Filter { .. }))
    );
}

#[test]
fn a_pipe_gets_the_answers_of_all_rows() {
    let mut desk = Desk::with(20);
    desk.keys("<space><space>|").keys("jq<enter>");
    answers(&mut desk, |number| format!("answer {number}"));
    let Some(Effect::Pipe { command, input }) = desk.effects.pop() else { panic!("no pipe") };
    assert_eq!(command, "jq");
    assert!(input.contains("answer 0") && input.contains("answer 1") && input.lines().count() == 2, "{input}");
}

#[test]
fn too_many_answers_are_refused() {
    let mut desk = Desk::with(6_000);
    desk.keys("*|").keys("jq<enter>");
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!("the command is lost") };
    let message = &prompt.error.as_ref().unwrap().message;
    assert!(message.contains("6,000 answers") && message.contains("at most 5,000"), "{message}");
    assert!(desk.effects.is_empty());
}
