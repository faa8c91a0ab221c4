use super::workers::{desk, desk_with, id};
use super::*;
use crate::app::layout::{Pane, Screen};
use crate::app::workers::money::Read;
use crate::app::workers::page::{History, Moment, head, tell};
use crate::domain::assignment::BonusPayment;
use crate::domain::decision::Decision;
use crate::domain::worker::{Payment, PaymentState};

/// What happened on the page, a line each.
fn told(desk: &Desk) -> Vec<String> {
    let moments = &desk.state.people.workers.sheet.moments;
    let words = |moment: &Moment| tell(&desk.state, *moment).map(|told| format!("{} {}", told.what, told.text));
    moments.iter().filter_map(words).collect()
}

fn facts(desk: &Desk) -> String {
    let one = desk.state.people.workers.current().unwrap();
    head(&desk.state, one, 120).iter().map(|line| format!("{} {}\n", line.label, line.text.as_str())).collect()
}

fn on(desk: &Desk) -> u32 {
    desk.state.work_on_page().map_or(u32::MAX, |key| key.0)
}

fn bonus(cents: i64, reason: &str, at: i64) -> BonusPayment {
    BonusPayment {
        worker: id(0),
        assignment: AssignmentId::parse("3ASSIGNMENT0").unwrap(),
        amount: Usd::cents(cents),
        reason: reason.into(),
        granted: Some(Time(START + at)),
    }
}

fn payment(state: PaymentState) -> Payment {
    Payment {
        number: 1,
        worker: id(0),
        amount: Usd::cents(250),
        reason: "for the lost session".into(),
        token: "t".into(),
        state,
        cleaned: state != PaymentState::UnderWay,
        type_id: None,
        hit: None,
        begun: Millis((START - 9_000) * 1_000),
    }
}

#[test]
fn everything_that_happened_is_told_the_newest_first() {
    let mut desk = desk();
    desk.keys("<enter>");
    let Some(Effect::LoadHistory(of, hits)) =
        desk.effects.iter().find(|effect| matches!(effect, Effect::LoadHistory(..)))
    else {
        panic!("{:?}", desk.effects)
    };
    assert_eq!((of, hits.len()), (&id(0), 4), "the bonuses of the HITs they worked on are asked for");
    let history = History {
        bonuses: vec![bonus(50, "well done", 100)],
        payments: vec![payment(PaymentState::Paid)],
        read: Read { done: 2, all: 4 },
        ..History::default()
    };
    desk.event(Event::History(id(0), Box::new(history.clone())));
    assert!(facts(&desk).contains("2 of 4 HITs read, there may be more"), "{}", facts(&desk));
    desk.event(Event::History(id(0), Box::new(History { read: Read { done: 4, all: 4 }, ..history })));
    assert!(facts(&desk).contains("4 HITs read, these are all of them"), "{}", facts(&desk));
    let lines = told(&desk);
    assert_eq!(lines.len(), 6);
    assert!(lines[0].starts_with("bonus") && lines[0].ends_with("well done"), "{lines:?}");
    assert!(lines[1].starts_with("Submitted") || lines[1].starts_with("Approved"), "{lines:?}");
    assert!(lines[5].starts_with("payment") && lines[5].contains("paid: for the lost session"), "{lines:?}");
    desk.event(Event::History(id(1), Box::default()));
    assert_eq!(told(&desk), lines, "another's history is not this one's");
    assert!(facts(&desk).contains("$0.75 in rewards, $2.50 by HITs of their own; fees of"), "{}", facts(&desk));
}

#[test]
fn answers_are_decided_on_the_page_as_in_review() {
    let mut desk = desk();
    // Worker 2 sent 2, 7, 12 and 17, none of them decided: the newest is 12 (submitted last), of equals the first known.
    desk.keys("jj<enter>");
    let first = on(&desk);
    desk.keys("a");
    let decisions = desk.persisted();
    assert_eq!(decisions.len(), 1);
    assert_eq!(decisions[0].subject, Subject::Assignment(key(first)));
    assert!(matches!(decisions[0].decision, Decision::Approve { override_rejection: false, .. }));
    let second = on(&desk);
    assert_ne!(second, first, "the cursor goes on to the next undecided");
    desk.keys("rNot what was asked<enter>");
    let rejection = &desk.persisted()[0];
    assert_eq!(rejection.subject, Subject::Assignment(key(second)));
    assert_eq!(rejection.decision, Decision::Reject { feedback: "Not what was asked".into() });
    desk.keys("a").store();
    let third = *desk.state.model.row(desk.outbox[&1].assignment.unwrap()).unwrap();
    assert!(desk.state.badge(&third).is_some());
    desk.keys("u").store();
    assert_eq!(desk.state.badge(&third), None, "taken back");
    assert_eq!(on(&desk), third.key.0, "and the cursor is on it again");
    assert_eq!((desk.state.screen, desk.state.focus), (Screen::Workers, Pane::Workers));
    assert_eq!(desk.state.people.workers.marks.len(), 0);
}

#[test]
fn a_rejection_is_overridden_on_the_page() {
    let mut desk = desk();
    desk.keys("j<enter>");
    for _ in 0..4 {
        if on(&desk) == 1 {
            break;
        }
        desk.keys("j");
    }
    desk.event(Event::Details(vec![detail(1, "yes")]));
    desk.keys("o");
    let decisions = desk.persisted();
    assert_eq!(decisions[0].subject, Subject::Assignment(key(1)));
    assert!(matches!(decisions[0].decision, Decision::Approve { override_rejection: true, .. }));
}

#[test]
fn in_the_list_of_workers_answers_are_not_decided() {
    let mut desk = desk();
    for key in ["a", "r", "o"] {
        desk.keys(key);
        assert!(desk.notice().contains("works on a worker's page"), "{key}: {}", desk.notice());
    }
    assert_eq!(desk.persisted(), []);
}

#[test]
fn a_long_page_scrolls_to_its_end_and_back() {
    let assignments = (0..300).map(row).collect();
    let mut desk = Desk::new(Options::default(), assignments);
    desk.event(Event::Resize(80, 24));
    desk.keys("2<enter>");
    let count = desk.state.people.workers.sheet.moments.len();
    assert_eq!(count, 60);
    desk.keys("G");
    assert_eq!(desk.state.people.workers.sheet.cursor, count - 1);
    let line = desk.state.page_line();
    let sheet = &desk.state.people.workers.sheet;
    assert!(line >= sheet.offset && line < sheet.offset + 20, "{line} from {}", sheet.offset);
    for _ in 0..200 {
        desk.keys("k");
    }
    let sheet = &desk.state.people.workers.sheet;
    assert_eq!((sheet.cursor, sheet.offset), (0, 0), "k leads back to what is known of the worker");
    desk.keys("<pagedown><pagedown><pageup>g");
    assert_eq!(desk.state.people.workers.sheet.offset, 0);
}

#[test]
fn what_is_out_of_view_is_not_decided() {
    let mut desk = desk();
    desk.event(Event::Resize(60, 10));
    let known = crate::app::people::Known { notes: [(id(0), "word ".repeat(200))].into(), ..super::workers::known() };
    desk.event(Event::People(Box::new(known)));
    desk.keys("g<enter>a");
    assert_eq!(desk.persisted(), [], "the note fills the window");
    assert!(desk.notice().contains("put the cursor on an answer"), "{}", desk.notice());
    for _ in 0..40 {
        desk.keys("j");
    }
    assert!(desk.state.work_on_page().is_some());
}

#[test]
fn w_goes_to_the_page_and_esc_back_to_the_same_place() {
    let mut desk = Desk::with(20);
    desk.keys("/status:submitted time<<>1h<enter>jjj");
    let (cursor, filter) = (desk.state.list.cursor, desk.state.views.filter.clone());
    desk.keys("w");
    assert_eq!(desk.state.screen, Screen::Workers);
    let worker = desk.state.people.workers.current().unwrap().id.clone();
    let row = *desk.state.model.row(cursor.unwrap()).unwrap();
    assert_eq!(desk.state.model.worker(row.worker), Some(&worker));
    desk.keys("j<enter>");
    assert_eq!(desk.state.views.filter, format!("worker:{worker}"));
    assert_eq!(desk.state.list.rows, 4, "all their answers");
    desk.keys("h");
    assert_eq!(desk.state.screen, Screen::Workers);
    desk.keys("h");
    assert_eq!((desk.state.screen, desk.state.focus), (Screen::Review, Pane::List));
    assert_eq!((desk.state.list.cursor, &desk.state.views.filter), (cursor, &filter));
}

#[test]
fn w_works_on_a_decision_in_activity_too() {
    let mut desk = Desk::with(20);
    desk.keys("a").store();
    desk.keys("5w");
    assert_eq!(desk.state.people.workers.current().unwrap().id, id(0));
    desk.keys("<esc>");
    assert_eq!((desk.state.screen, desk.state.focus), (Screen::Activity, Pane::Activity));
}

#[test]
fn columns_are_chosen_and_the_worker_stays() {
    use crate::app::workers::column::WorkerColumn;
    let mut desk = desk();
    desk.keys("c");
    assert!(desk.state.overlay.is_some());
    desk.keys("s<enter>");
    assert_eq!(desk.state.people.workers.hidden, [WorkerColumn::Sent]);
    desk.keys(":columns worker<enter>:columns sent<enter>:columns bonuses<enter>");
    assert_eq!(desk.state.people.workers.hidden, [WorkerColumn::Bonuses]);
}

#[test]
fn what_arrives_leaves_the_cursor_on_its_answer() {
    let mut desk = desk_with(Options::default());
    desk.keys("jj<enter>j");
    let before = on(&desk);
    let news = AssignmentRow { submitted: Stamp::from(Time(START)), ..row(22) };
    desk.event(Event::Refreshed { rows: rows_of(vec![news]) });
    assert_eq!(desk.state.people.workers.sheet.moments.len(), 5);
    assert_eq!(on(&desk), before);
}
