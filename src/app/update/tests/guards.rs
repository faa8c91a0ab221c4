use super::*;
use crate::app::overlay::{AskKind, Overlay};

fn asks(desk: &Desk) -> Option<&AskKind> {
    match &desk.state.overlay {
        Some(Overlay::Ask(ask)) => Some(&ask.kind),
        _ => None,
    }
}

#[test]
fn much_money_is_asked_about_with_count_and_sum() {
    let mut desk = Desk::with(60);
    desk.keys("*a");
    let Some(Overlay::Ask(ask)) = &desk.state.overlay else { panic!("no question") };
    assert_eq!(ask.title, "approve 60 for $15.00?");
    assert_eq!(ask.lines[0], "60 approvals: $15.00 and $3.00 in Amazon's fees, $18.00 in all");
    desk.keys("y");
    assert_eq!(desk.decided().len(), 60);
}

#[test]
fn a_question_ignores_keys_that_come_at_once_and_means_no() {
    let mut desk = Desk::with(60);
    desk.keys("*").at_once("ayyy");
    assert!(asks(&desk).is_some());
    desk.wait(249).at_once("y");
    assert_eq!(desk.decided(), NONE);
    for no in ["n", "<esc>", "<enter>"] {
        desk.keys(no);
        assert!(desk.state.overlay.is_none());
        assert_eq!(desk.decided(), NONE);
        desk.keys("a");
    }
    desk.keys("xj ");
    assert!(asks(&desk).is_some(), "other keys change nothing");
}

#[test]
fn a_paste_decides_nothing() {
    let mut desk = Desk::with(60);
    desk.at_once("aaaarrrrhello world a a a");
    desk.wait(50).at_once("aaa");
    desk.wait(99).event(Event::Wake);
    assert!(desk.state.overlay.is_none(), "the paste is not over");
    let deadline = desk.state.deadline().unwrap();
    assert_eq!(deadline, desk.now.wall.plus(1));
    desk.wait(1).event(Event::Wake);
    let Some(AskKind::Paste(keys)) = asks(&desk) else { panic!("no question") };
    assert_eq!(keys.len(), 28, "two reads are one paste");
    desk.keys("n");
    assert_eq!(desk.decided(), NONE);
    assert!(desk.state.overlay.is_none());
}

#[test]
fn a_paste_that_was_meant_is_run_as_keys() {
    let mut desk = Desk::with(60);
    desk.at_once("jjjjjjjjjjjjjjjjjjk").wait(100).event(Event::Wake);
    desk.keys("y");
    assert_eq!(desk.cursor(), 17);
}

#[test]
fn a_held_motion_key_passes_whole() {
    let mut desk = Desk::with(600);
    desk.at_once(&"j".repeat(500));
    assert_eq!(desk.cursor(), 500);
}

#[test]
fn a_held_deciding_key_is_stopped() {
    let mut desk = Desk::with(60);
    desk.at_once(&"a".repeat(17)).wait(100).event(Event::Wake);
    assert!(matches!(asks(&desk), Some(AskKind::Paste(_))));
    assert_eq!(desk.decided(), NONE);
}

#[test]
fn a_bracketed_paste_outside_text_fields_is_ignored() {
    let mut desk = Desk::with(60);
    desk.event(Event::Paste("a\na\na\n".repeat(2_000)));
    assert_eq!(desk.decided(), NONE);
    assert!(desk.notice().contains("12,000 characters was ignored"), "{}", desk.notice());
    desk.keys("/");
    desk.event(Event::Paste("worker:\u{7}AWORKER1\n".into()));
    assert_eq!(desk.state.views.filter, "worker:AWORKER1");
}

#[test]
fn a_paste_into_a_text_field_never_leaves_it() {
    let mut desk = Desk::with(60);
    desk.keys("r").at_once("a reason that was pasted<enter>aaaaaaa<esc>aaaa");
    assert_eq!(desk.decided(), NONE);
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!("no prompt") };
    assert_eq!(prompt.input.value(), "a reason that was pastedaaaaaaaaaaa");
}

#[test]
fn a_burst_of_decisions_stops_and_asks() {
    let mut desk = Desk::with(60);
    desk.at_once("aaaaaaaj");
    assert_eq!(desk.decided(), [0, 1, 2, 3, 4]);
    let Some(AskKind::Burst(keys)) = asks(&desk) else { panic!("no question") };
    assert_eq!(keys.len(), 3);
    desk.keys("y");
    assert_eq!(desk.decided(), [5, 6]);
    assert_eq!(desk.cursor(), 8);
}

#[test]
fn five_decisions_at_once_are_honest() {
    let mut desk = Desk::with(60);
    desk.at_once("aaaaa");
    assert_eq!(desk.decided(), [0, 1, 2, 3, 4]);
    assert!(desk.state.overlay.is_none());
}

#[test]
fn decisions_in_separate_reads_are_a_burst_within_the_window() {
    let mut desk = Desk::with(60);
    for _ in 0..6 {
        desk.wait(50).at_once("a");
    }
    assert!(matches!(asks(&desk), Some(AskKind::Burst(_))));
    assert_eq!(desk.decided().len(), 5);
    let mut slow = Desk::with(60);
    for _ in 0..6 {
        slow.wait(100).at_once("a");
    }
    assert_eq!(slow.decided().len(), 6);
}

#[test]
fn the_burst_brake_can_be_turned_off() {
    let mut desk = Desk::new(Options { burst_count: 0, ..Options::default() }, (0..60).map(row).collect());
    desk.at_once("aaaaaaaa");
    assert_eq!(desk.decided().len(), 8);
}

#[test]
fn mass_rejection_has_to_be_typed() {
    let mut desk = Desk::with(60);
    desk.keys("*/answer<esc>/hit:*0*<esc>U");
    desk.keys("vjjjjjjjjjjv").keys("rbad<enter>");
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!("no brake: {:?}", desk.state.overlay) };
    assert!(prompt.hints[0].contains("11 of 11 decided of batch batch 0"), "{:?}", prompt.hints);
    desk.keys("yes<enter>");
    assert_eq!(desk.decided(), NONE);
    desk.keys("<ctrl-u>reject 11<enter>");
    assert_eq!(desk.decided().len(), 11);
}

#[test]
fn the_reject_brake_counts_what_is_staged() {
    let mut desk = Desk::with(60);
    desk.keys("vjjjjjjjjjvrbad<enter>");
    assert_eq!(desk.decided().len(), 10, "not more than the count");
    desk.keys("rbad<enter>");
    assert!(matches!(desk.state.overlay, Some(Overlay::Prompt(_))), "the eleventh is");
    assert_eq!(desk.decided(), NONE);
}

#[test]
fn a_share_below_the_brake_passes() {
    let mut rows: Vec<_> = (0..40).map(row).collect();
    for row in &mut rows {
        row.worker = WorkerKey(row.key.0 % 4);
        if row.key.0 < 30 {
            row.status = AssignmentStatus::Approved;
        }
    }
    let mut desk = Desk::new(Options { brake_count: 2, ..Options::default() }, rows);
    desk.keys("vjjvrbad<enter>");
    assert_eq!(desk.decided().len(), 3, "3 of 33 is under a fifth");
}

/// A desk on rejected work, with the page of it open.
fn desk_on_rejections(count: u32) -> Desk {
    let rejected = |number| AssignmentRow { status: AssignmentStatus::Rejected, ..row(number) };
    let mut desk = Desk::new(Options::default(), (0..count).map(rejected).collect());
    desk.keys("]g");
    desk
}

fn answered(number: u32, answer: &str) -> Detail {
    let feedback = crate::domain::worker_answer::join("No keyword fits.", answer);
    Detail { feedback: Some(feedback), ..detail(number, "a dog") }
}

#[test]
fn an_override_shows_what_the_worker_answers_whatever_it_costs() {
    let mut desk = desk_on_rejections(1);
    let long = format!("There is\na dog in it. {}", "Look at the left. ".repeat(8));
    desk.event(Event::Details(vec![answered(0, &long)]));
    desk.keys("o");
    let Some(Overlay::Ask(ask)) = &desk.state.overlay else { panic!("no question: {}", desk.notice()) };
    let said = ask.lines.join(" ");
    assert!(said.contains(&format!("the worker answers: {}", long.replace('\n', " ").trim())), "{said}");
    assert!(ask.lines.iter().all(|line| line.chars().count() <= 60), "no line is cut: {:?}", ask.lines);
    desk.keys("y");
    assert_eq!(desk.persisted().len(), 1);
}

#[test]
fn an_override_without_an_answer_is_staged_at_once() {
    let mut desk = desk_on_rejections(1);
    desk.event(Event::Details(vec![Detail { feedback: Some("No keyword fits.".into()), ..detail(0, "a dog") }]));
    desk.keys("o");
    assert_eq!(desk.persisted().len(), 1);
}

#[test]
fn an_override_reads_first_whether_the_worker_has_answered() {
    let mut desk = desk_on_rejections(1);
    desk.keys("o");
    let request = desk.effects.iter().find_map(|effect| match effect {
        Effect::LoadAnswers { request, .. } => Some(*request),
        _ => None,
    });
    let details = Ok(vec![answered(0, "There is a dog.")]);
    assert_eq!(desk.decided(), NONE, "nothing is decided before it is known");
    desk.event(Event::Answers { request: request.expect("it is read"), details });
    let Some(Overlay::Ask(ask)) = &desk.state.overlay else { panic!("no question: {}", desk.notice()) };
    assert!(ask.lines.contains(&"the worker answers: There is a dog.".to_owned()), "{:?}", ask.lines);
}

#[test]
fn overrides_of_several_show_who_answers_what() {
    let mut desk = desk_on_rejections(2);
    desk.event(Event::Details(vec![answered(0, "There is a \u{1b}[2Jdog."), answered(1, "I wrote two.")]));
    desk.keys("vjvo");
    let Some(Overlay::Ask(ask)) = &desk.state.overlay else { panic!("no question: {}", desk.notice()) };
    let said: Vec<&String> = ask.lines.iter().filter(|line| line.contains(" answers: ")).collect();
    assert_eq!(said.len(), 2, "{:?}", ask.lines);
    assert!(said.iter().all(|line| line.starts_with('A')), "by their IDs: {said:?}");
    assert!(ask.lines.iter().all(|line| !line.contains(char::is_control)), "{:?}", ask.lines);
}

#[test]
fn an_answer_that_comes_later_is_read_although_its_row_looks_as_before() {
    let mut desk = desk_on_rejections(1);
    desk.event(Event::Details(vec![Detail { feedback: Some("No keyword fits.".into()), ..detail(0, "a dog") }]));
    let rows = rows_of(vec![AssignmentRow { status: AssignmentStatus::Rejected, ..row(0) }]);
    let effects = desk.event(Event::Refreshed { rows });
    assert!(effects.contains(&Effect::LoadDetails(vec![key(0)])), "{effects:?}");
    desk.event(Event::Details(vec![answered(0, "There is a dog.")]));
    desk.keys("o");
    assert!(asks(&desk).is_some(), "{}", desk.notice());
}
