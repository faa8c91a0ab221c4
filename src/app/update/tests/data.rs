use super::*;
use crate::app::event::SyncState;
use crate::app::list::Line;
use proptest::prelude::*;

#[test]
fn the_first_window_is_the_top_of_the_whole() {
    let env = Environment::default();
    let now = Now { wall: Millis(1_000_000), time: Time(START) };
    let keymap = Keymap::new(&Bindings::new()).unwrap();
    let mut state = State::new(env, Options::default(), keymap);
    update(&mut state, now, Event::Resize(120, 40));
    let window = rows_of((0..50).map(row).collect());
    update(
        &mut state,
        now,
        Event::Opened { rows: window, outbox: vec![], total: 1_000, undecided: 990, as_of: None, balance: None },
    );
    assert_eq!((state.list.cursor, state.list.rows), (Some(key(0)), 50));
    assert_eq!(state.views.tabs[0].count, Some(990));
    for _ in 0..40 {
        update(&mut state, now, Event::Read(parse_keys("j").unwrap()));
    }
    let (cursor, line, offset, version) =
        (state.list.cursor, state.list.cursor_line, state.list.offset, state.version());
    for chunk in 0..10 {
        let rows: Vec<_> = (chunk * 100..chunk * 100 + 100).map(row).collect();
        update(&mut state, now, Event::Loaded { rows: rows_of(rows), last: false });
        assert_eq!(state.version(), version, "a chunk is nothing to draw");
    }
    update(&mut state, now, Event::Loaded { rows: Rows::default(), last: true });
    assert_eq!((state.list.cursor, state.list.cursor_line, state.list.offset), (cursor, line, offset));
    assert_eq!(state.list.rows, 1_000);
}

#[test]
fn older_rows_of_the_store_do_not_undo_a_refresh() {
    let mut desk = Desk::with(4);
    let approved = AssignmentRow { status: AssignmentStatus::Approved, ..row(1) };
    desk.event(Event::Refreshed { rows: rows_of(vec![approved]) });
    desk.event(Event::Loaded { rows: rows_of(vec![row(1)]), last: true });
    assert_eq!(desk.state.model.row(key(1)).unwrap().status, AssignmentStatus::Approved);
}

#[test]
fn new_work_is_announced_and_shown_on_demand() {
    let mut desk = Desk::with(8);
    desk.keys("jjj");
    let urgent = AssignmentRow { auto_approval: Stamp::from(Time(START + 1)), ..row(20) };
    desk.event(Event::Refreshed { rows: rows_of(vec![urgent, row(21)]) });
    assert_eq!((desk.state.list.news.len(), desk.state.list.rows, desk.cursor()), (2, 8, 3));
    desk.keys("R");
    assert_eq!((desk.state.list.news.len(), desk.state.list.rows, desk.cursor()), (0, 10, 3));
    assert_eq!(desk.state.list.lines[0], Line::Row(key(20)));
    assert!(desk.notice().contains("2 new assignments shown"), "{}", desk.notice());
    assert!(desk.effects.contains(&Effect::Refresh));
}

#[test]
fn the_first_read_of_an_account_is_shown_and_no_news() {
    let mut desk = Desk::with(0);
    desk.state.sync.as_of = None;
    desk.event(Event::Refreshed { rows: rows_of(vec![row(5)]) });
    desk.event(Event::Refreshed { rows: rows_of(vec![row(3), row(4)]) });
    // Nobody has pressed a key: the cursor is on the most urgent row.
    assert_eq!((desk.state.list.news.len(), desk.state.list.rows, desk.cursor()), (0, 3, 3));
    desk.keys("jj");
    desk.event(Event::Refreshed { rows: rows_of((10..400).map(row).collect()) });
    desk.event(Event::Refreshed { rows: rows_of((400..500).map(row).collect()) });
    assert_eq!((desk.state.list.news.len(), desk.state.list.rows), (100, 393));
    desk.event(Event::Sync(SyncState::Fresh(Millis(START * 1_000))));
    assert_eq!((desk.state.list.news.len(), desk.state.list.rows, desk.cursor()), (0, 493, 5));
    desk.event(Event::Refreshed { rows: rows_of(vec![row(600)]) });
    assert_eq!((desk.state.list.news.len(), desk.state.list.rows), (1, 493));
}

#[test]
fn new_work_that_the_filter_hides_is_no_news() {
    let mut desk = Desk::with(8);
    desk.keys("/worker:AWORKER1<enter>");
    desk.event(Event::Refreshed { rows: rows_of(vec![row(20), row(21)]) });
    assert_eq!(desk.state.list.news, [key(21)]);
}

#[test]
fn an_empty_list_takes_new_work_at_once() {
    let mut desk = Desk::with(0);
    assert_eq!(desk.state.list.cursor, None);
    desk.event(Event::Refreshed { rows: rows_of(vec![row(5), row(4)]) });
    assert_eq!((desk.state.list.rows, desk.cursor()), (2, 4));
}

#[test]
fn a_row_that_no_longer_fits_stays_where_it_is() {
    let mut desk = Desk::with(8);
    let approved = AssignmentRow { status: AssignmentStatus::Approved, by: Decider::Elsewhere, ..row(3) };
    desk.event(Event::Refreshed { rows: rows_of(vec![approved]) });
    assert_eq!(desk.state.list.lines[3], Line::Row(key(3)));
    assert_eq!(desk.state.model.decider(desk.state.model.row(key(3)).unwrap()), "elsewhere");
    assert_eq!(desk.state.list.open_rows(), 7);
    desk.keys("R");
    assert_eq!(desk.state.list.rows, 7);
}

#[test]
fn counts_follow_every_change() {
    let mut desk = Desk::with(8);
    let of_hit = |desk: &Desk, hit| desk.state.model.hit_counts(HitKey(hit));
    assert_eq!((of_hit(&desk, 0).left(), of_hit(&desk, 0).next), (4, row(0).auto_approval));
    desk.keys("a");
    assert_eq!(
        (of_hit(&desk, 0).left(), of_hit(&desk, 0).decided(), of_hit(&desk, 0).next),
        (3, 1, row(1).auto_approval)
    );
    let rejected = AssignmentRow { status: AssignmentStatus::Rejected, ..row(1) };
    desk.event(Event::Refreshed { rows: rows_of(vec![rejected]) });
    assert_eq!(of_hit(&desk, 0).next, row(2).auto_approval);
    let totals = desk.state.model.totals();
    assert_eq!((totals.left(), totals.rejected, totals.total(), totals.next), (6, 1, 8, row(2).auto_approval));
    assert_eq!(desk.state.model.batches()[0].counts, totals);
}

#[test]
fn the_workers_record_follows_every_change() {
    let mut desk = Desk::with(10);
    let took = |seconds| Stamp::from(Time(START - 4_000 + seconds));
    let one = AssignmentRow { status: AssignmentStatus::Approved, submitted: took(60), ..row(1) };
    let six = AssignmentRow { status: AssignmentStatus::Rejected, submitted: took(10), ..row(6) };
    desk.event(Event::Refreshed { rows: rows_of(vec![one, six]) });
    let record = desk.state.model.record(WorkerKey(1));
    assert_eq!((record.counts.approved, record.counts.rejected, record.counts.total()), (1, 1, 2));
    assert_eq!(record.mean_time(), Some(Seconds(35)));
    desk.event(Event::Refreshed {
        rows: rows_of(vec![
            AssignmentRow { submitted: Stamp::NONE, ..row(6) },
            AssignmentRow { submitted: took(30), ..row(11) },
        ]),
    });
    let record = desk.state.model.record(WorkerKey(1));
    assert_eq!((record.counts.submitted, record.counts.approved, record.counts.rejected), (2, 1, 0));
    assert_eq!(record.mean_time(), Some(Seconds(45)));
    assert_eq!(desk.state.model.record(WorkerKey(99)).mean_time(), None, "nothing is known of this one");
}

#[test]
fn the_viewer_shows_the_workers_record() {
    let mut desk = Desk::with(10);
    desk.event(Event::Details(vec![detail(0, "yes")]));
    let text = |desk: &Desk| -> Vec<String> {
        let document = desk.state.document().unwrap();
        let words = |line: &crate::app::document::Line| {
            line.spans.iter().map(|span| span.text.as_str()).collect::<Vec<_>>().join(" ")
        };
        document.lines.iter().map(words).collect()
    };
    assert!(text(&desk).contains(&"With you 2 sent, 0:02 on average".to_owned()), "{:?}", text(&desk));
    desk.event(Event::Refreshed {
        rows: rows_of(vec![AssignmentRow { status: AssignmentStatus::Rejected, ..row(5) }]),
    });
    assert!(text(&desk).contains(&"With you 2 sent, 1 rejected, 0:02 on average".to_owned()), "{:?}", text(&desk));
}

#[test]
fn a_deleted_hit_cannot_be_decided() {
    let mut desk = Desk::with(8);
    desk.event(Event::Refreshed { rows: Rows { gone: vec![HitKey(0)], ..Rows::default() } });
    desk.keys("a");
    assert_eq!(desk.decided(), NONE);
    assert!(desk.notice().contains("deleted"), "{}", desk.notice());
}

#[test]
fn equal_poll_data_is_nothing_to_draw() {
    let mut desk = Desk::with(40);
    desk.event(Event::Sync(SyncState::Fresh(desk.now.wall)));
    desk.event(Event::Balance(Usd::cents(500), None));
    desk.keys("a").store();
    let version = desk.state.version();
    desk.wait(900);
    desk.event(Event::Sync(SyncState::Running { done: 3, of: 10 }));
    desk.event(Event::Refreshed { rows: rows_of((0..40).map(row).collect()) });
    desk.event(Event::Sync(SyncState::Fresh(desk.now.wall)));
    desk.event(Event::Balance(Usd::cents(500), None));
    let entry = desk.outbox[&1].clone();
    desk.event(Event::Outbox(vec![entry]));
    assert_eq!(desk.state.version(), version);
}

#[test]
fn stale_data_says_since_when() {
    let mut desk = Desk::with(4);
    desk.event(Event::Sync(SyncState::Fresh(Millis(500_000))));
    desk.event(Event::Sync(SyncState::Failed { reason: "connection refused".into(), retry: None }));
    assert_eq!(desk.state.sync.stale_since, Some(Millis(500_000)));
    assert!(desk.notice().contains("connection refused"));
    desk.event(Event::Sync(SyncState::Fresh(Millis(900_000))));
    assert_eq!((desk.state.sync.stale_since, desk.state.sync.as_of), (None, Some(Millis(900_000))));
}

#[test]
fn the_viewer_asks_for_what_it_shows_and_a_little_more() {
    let mut desk = Desk::with(40);
    desk.keys("j");
    assert_eq!(desk.loads, [Effect::LoadDetails([1, 2, 3, 4, 0].map(key).to_vec())]);
    desk.event(Event::Details((0..5).map(|number| detail(number, "x")).collect()));
    desk.keys("k");
    assert_eq!(desk.loads, []);
    desk.event(Event::Refreshed {
        rows: rows_of(vec![AssignmentRow { status: AssignmentStatus::Approved, ..row(2) }]),
    });
    let again = desk.loads.iter().any(|effect| matches!(effect, Effect::LoadDetails(keys) if keys[0] == key(0)));
    assert!(again, "another answer to the same HIT has changed");
    assert!(desk.state.detail(key(0)).is_some(), "what is there stays until it is replaced");
    desk.keys("zjjjjjjj");
    assert_eq!(desk.loads, [], "nobody looks at the viewer");
}

#[test]
fn held_keys_ask_once() {
    let mut desk = Desk::with(400);
    desk.at_once(&"j".repeat(300));
    assert_eq!(desk.loads.len(), 1);
}

proptest! {
    #[test]
    fn a_refresh_moves_nothing(
        at in 0usize..60,
        updates in prop::collection::vec((0u32..120, 0usize..3, 0i64..10_000), 0..40),
    ) {
        let mut desk = Desk::with(60);
        desk.at_once(&"j".repeat(at));
        let before = (desk.state.list.cursor, desk.state.list.cursor_line, desk.state.list.offset, desk.state.list.lines.clone());
        let change = |(number, status, deadline): (u32, usize, i64)| AssignmentRow {
            status: AssignmentStatus::ALL[status],
            auto_approval: Stamp::from(Time(START + deadline)),
            ..row(number)
        };
        desk.event(Event::Refreshed { rows: rows_of(updates.into_iter().map(change).collect()) });
        let list = &desk.state.list;
        prop_assert_eq!(before, (list.cursor, list.cursor_line, list.offset, list.lines.clone()));
        let open = list.lines.iter().filter(|line| match line {
            Line::Row(key) => desk.state.model.is_open(desk.state.model.slot(*key).unwrap()),
            Line::Group(_) => false,
        });
        prop_assert_eq!(list.open_rows(), open.count());
    }
}
