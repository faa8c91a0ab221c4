use super::*;

#[test]
fn an_idle_desk_asks_for_nothing() {
    let mut rows: Vec<_> = (0..8).map(row).collect();
    for row in &mut rows {
        row.auto_approval = Stamp::NONE;
    }
    let desk = Desk::new(Options::default(), rows);
    assert_eq!(desk.state.deadline(), None);
}

#[test]
fn spans_are_drawn_anew_once_a_minute_and_only_when_they_read_differently() {
    let mut desk = Desk::with(8);
    desk.keys("j");
    let deadline = desk.state.deadline().unwrap();
    assert_eq!(deadline.since(desk.now.wall), 60_000);
    let version = desk.state.version();
    desk.wait(60_000).event(Event::Wake);
    assert_eq!(desk.state.version(), version, "the endpoint's clock stood still");
    let next = desk.state.deadline().unwrap();
    assert_eq!(next.since(desk.now.wall), 60_000, "a quiet minute is not asked about again");
    desk.now.time = Time(desk.now.time.0 + 60);
    desk.wait(60_000).event(Event::Wake);
    assert!(desk.state.version() > version);
}

#[test]
fn nothing_ticks_for_spans_that_nobody_sees() {
    let mut desk = Desk::with(8);
    desk.event(Event::Details((0..8).map(|number| detail(number, "x")).collect()));
    desk.keys("<enter>z");
    assert_eq!(desk.state.deadline(), None);
}

#[test]
fn a_countdown_ticks_by_the_second() {
    let mut desk = Desk::with(8);
    desk.keys("a").store();
    let due = desk.state.outbox.next_due().unwrap();
    assert_eq!(due.since(desk.now.wall), 5_000);
    let mut ticks = 0;
    while let Some(deadline) = desk.state.deadline().filter(|deadline| *deadline <= due.plus(1)) {
        let version = desk.state.version();
        assert!(deadline > desk.now.wall);
        desk.now.wall = deadline;
        desk.event(Event::Wake);
        assert!(desk.state.version() > version, "a tick that nobody sees");
        ticks += 1;
    }
    assert!((5..=6).contains(&ticks), "{ticks}");
    desk.becomes(1, OutboxState::Done);
    assert!(desk.state.deadline().unwrap().since(desk.now.wall) > 1_000);
}

#[test]
fn a_question_is_drawn_anew_when_it_can_be_answered() {
    let mut desk = Desk::with(60);
    desk.keys("*a");
    assert_eq!(desk.state.deadline().unwrap().since(desk.now.wall), 250);
}
