use super::*;
use crate::app::batches::{KnownBatches, Published, Tab};
use crate::app::layout::{Pane, Screen};
use crate::app::list::Scope;
use crate::app::overlay::Overlay;
use crate::domain::decision::Decision;
use crate::domain::top_up::Asked;

/// Three batches of ten HITs at 25 cents each, four places a HIT. Batch 0 is full, with one in four rejected and the rest
/// approved; batch 1 is open with half of it done; batch 2 is over, and half of it is missing.
fn account() -> (Vec<HitRow>, Vec<AssignmentRow>) {
    let full = |n| HitRow { completed: 4, ..hit(n) };
    let open = |n| HitRow { status: HitStatus::Assignable, available: 2, ..hit(n) };
    let over = |n| HitRow { expires: Time(START - 60), available: 2, completed: 2, ..hit(n) };
    let hits = (0..10).map(full).chain((10..20).map(open)).chain((20..30).map(over)).collect();
    let rows = (0..120).filter(|n| n / 4 < 10 || n % 4 < 2).map(|n| {
        let status = match (n / 4, n % 4) {
            (0..10, 0) => AssignmentStatus::Rejected,
            (10..20, _) => AssignmentStatus::Submitted,
            _ => AssignmentStatus::Approved,
        };
        AssignmentRow { status, ..row(n) }
    });
    (hits, rows.collect())
}

pub(super) fn desk_with(options: Options) -> Desk {
    let (hits, assignments) = account();
    let mut desk = Desk::new(options, assignments);
    desk.event(Event::Refreshed { rows: Rows { hits, ..Rows::default() } });
    desk.event(Event::Balance(Usd::cents(100_000), None));
    desk.keys("4");
    desk.event(Event::Batches(Box::default()));
    desk.effects.clear();
    desk
}

pub(super) fn desk() -> Desk {
    desk_with(Options::default())
}

pub(super) fn question(desk: &Desk) -> Vec<String> {
    let Some(Overlay::Ask(ask)) = &desk.state.overlay else { panic!("no question: {}", desk.notice()) };
    std::iter::once(ask.title.clone()).chain(ask.lines.clone()).collect()
}

pub(super) fn error(desk: &Desk) -> String {
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!("no line: {}", desk.notice()) };
    prompt.error.as_ref().map_or(String::new(), |error| error.message.clone())
}

/// HIT number and decision of what was handed to the store.
fn decisions(desk: &mut Desk) -> Vec<(u32, Decision)> {
    let of = |new: NewDecision| match new.subject {
        Subject::Hit(key) => (key.0, new.decision),
        other => panic!("{other:?}"),
    };
    desk.persisted().into_iter().map(of).collect()
}

fn names(desk: &Desk) -> Vec<String> {
    desk.state.batches.names().iter().map(ToString::to_string).collect()
}

#[test]
fn what_runs_stands_first_and_what_waits_after_it() {
    let desk = desk();
    assert_eq!((desk.state.screen, desk.state.focus), (Screen::Batches, Pane::Batches));
    assert_eq!(names(&desk), ["batch 1", "batch 2", "batch 0"]);
}

#[test]
fn batches_are_filtered_and_sorted() {
    let mut desk = desk();
    desk.keys("/missing>0<enter>");
    assert_eq!(names(&desk), ["batch 2"]);
    desk.keys("<esc>");
    assert_eq!(names(&desk).len(), 3);
    desk.keys(":sort name<enter>");
    assert_eq!(names(&desk), ["batch 0", "batch 1", "batch 2"]);
    desk.keys("/mising>0");
    assert!(error(&desk).contains("did you mean missing?"), "{}", error(&desk));
    desk.keys("<esc>");
    assert_eq!(names(&desk).len(), 3, "Esc leaves the filter as it was");
}

#[test]
fn new_figures_do_not_move_what_is_looked_at() {
    let mut desk = desk();
    desk.keys("j");
    let first = |n: u32| HitRow { batch: "newest".into(), created: Time(START), ..hit(n) };
    let rows = Rows { hits: (40..45).map(first).collect(), ..Rows::default() };
    desk.event(Event::Refreshed { rows });
    assert_eq!(names(&desk), ["batch 1", "batch 2", "batch 0", "newest"]);
    assert_eq!(desk.state.batches.current().unwrap().name.as_ref(), "batch 2");
}

#[test]
fn more_time_is_asked_for_priced_and_staged() {
    let mut desk = desk();
    desk.keys("je<enter>");
    assert!(error(&desk).contains("expected how much longer"), "{}", error(&desk));
    desk.keys("2h<enter>");
    let said = question(&desk);
    assert_eq!(said[0], "extend 10 HITs of batch 2 by 2 h 0 m?");
    // Twenty places at 25 cents, and five of fee each.
    assert!(said[1].contains("$5.00 and $1.00 in Amazon's fees, $6.00 in all"), "{said:?}");
    assert!(said[2].contains("$1,000.00, and $994.00 after that"), "{said:?}");
    assert_eq!(decisions(&mut desk), []);
    desk.keys("y");
    let until = Time(START + 7_200);
    assert_eq!(decisions(&mut desk), (20..30).map(|n| (n, Decision::Extend { until })).collect::<Vec<_>>());
}

#[test]
fn nine_never_become_ten_and_the_reason_is_told() {
    let mut desk = desk();
    desk.keys("a6<enter>");
    assert!(error(&desk).contains("made with fewer than 10 assignments"), "{}", error(&desk));
    assert!(error(&desk).contains("5 more can be added"), "{}", error(&desk));
    desk.keys("<ctrl-u>2<enter>y");
    let add = Decision::AddAssignments { count: 2, from: 4 };
    assert_eq!(decisions(&mut desk), (10..20).map(|n| (n, add.clone())).collect::<Vec<_>>());
}

#[test]
fn rejected_work_is_published_again_once() {
    let mut desk = desk();
    desk.keys("Gr");
    let said = question(&desk);
    assert_eq!(said[0], "republish the rejected work of 10 HITs of batch 0?");
    desk.keys("y");
    let add = Decision::AddAssignments { count: 1, from: 4 };
    assert_eq!(decisions(&mut desk), (0..10).map(|n| (n, add.clone())).collect::<Vec<_>>());
    // It was carried out: the HITs have one more place each, and the store knows what they had at first.
    let more = |n| HitRow { status: HitStatus::Assignable, max_assignments: 5, available: 1, completed: 4, ..hit(n) };
    desk.effects.clear();
    desk.event(Event::Refreshed { rows: Rows { hits: (0..10).map(more).collect(), ..Rows::default() } });
    let asked = Asked { at_first: (0..10).map(|n| (HitKey(n), 4)).collect(), ..Asked::default() };
    desk.event(Event::Batches(Box::new(KnownBatches { asked, ..KnownBatches::default() })));
    desk.state.outbox = crate::app::outbox::Outbox::default();
    desk.keys("r");
    assert_eq!(desk.notice(), "nothing to do: 10 lacking nothing");
}

#[test]
fn what_is_missing_is_topped_up_by_time() {
    let mut desk = desk();
    desk.keys("jt");
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!("{}", desk.notice()) };
    assert!(prompt.label.contains("open those that are over again"), "{}", prompt.label);
    desk.keys("<ctrl-u>1d<enter>y");
    let until = Time(START + 86_400);
    assert_eq!(decisions(&mut desk), (20..30).map(|n| (n, Decision::Extend { until })).collect::<Vec<_>>());
}

#[test]
fn marked_hits_alone_are_acted_on() {
    let mut desk = desk();
    desk.keys("<enter><tab>");
    assert_eq!((desk.state.focus, desk.state.batches.tab), (Pane::BatchPage, Tab::Hits));
    desk.keys("<space>jv j");
    desk.keys("x");
    assert_eq!(question(&desk)[0], "expire 4 HITs?");
    desk.keys("y");
    assert_eq!(decisions(&mut desk).into_iter().map(|(hit, _)| hit).collect::<Vec<_>>(), [10, 12, 13, 14]);
    assert!(desk.state.batches.hits.picks.marks.is_empty(), "what was acted on is marked no longer");
}

#[test]
fn another_type_is_only_for_untouched_hits() {
    let mut desk = desk();
    let fresh = HitRow { status: HitStatus::Assignable, available: 4, batch: "fresh".into(), ..hit(50) };
    let other = HitRow { type_id: HitTypeId::parse("3OTHER").unwrap(), batch: "other".into(), ..hit(60) };
    desk.event(Event::Refreshed { rows: Rows { hits: vec![fresh, other], ..Rows::default() } });
    desk.keys("/fresh<enter>cot<tab>");
    desk.keys("<enter>y");
    let to = HitTypeId::parse("3OTHER").unwrap();
    assert_eq!(decisions(&mut desk), [(50, Decision::Retype { to })]);
    desk.keys("<esc>gcother<enter>");
    assert!(error(&desk).contains("only an untouched HIT changes its type"), "{}", error(&desk));
}

#[test]
fn the_review_status_goes_there_and_back() {
    let mut desk = desk();
    desk.keys("Gmy");
    assert_eq!(decisions(&mut desk).len(), 10);
    let reviewing = |n| HitRow { status: HitStatus::Reviewing, completed: 4, ..hit(n) };
    desk.event(Event::Refreshed { rows: Rows { hits: (0..10).map(reviewing).collect(), ..Rows::default() } });
    desk.state.outbox = crate::app::outbox::Outbox::default();
    desk.keys("my");
    assert_eq!(decisions(&mut desk)[0].1, Decision::Reviewing { on: false });
}

#[test]
fn deleting_says_what_was_never_exported() {
    let mut desk = desk();
    desk.keys("GD");
    assert!(desk.state.overlay.is_none(), "the store is asked first");
    let exported = (0..9).map(|n| (HitKey(n), 4)).collect();
    desk.event(Event::Batches(Box::new(KnownBatches { exported, ..KnownBatches::default() })));
    let said = question(&desk);
    assert_eq!(said[0], "delete 10 HITs of batch 0?");
    assert!(said.contains(&"! 4 answers of 1 HIT were never exported from here.".to_owned()), "{said:?}");
    desk.keys("<esc>");
    assert_eq!(decisions(&mut desk), []);
    desk.keys("gD");
    desk.event(Event::Batches(Box::default()));
    assert_eq!(desk.notice(), "nothing to do: 10 where 2 of its assignments are undecided");
}

#[test]
fn the_work_of_a_batch_opens_in_review_and_esc_comes_back() {
    let mut desk = desk();
    desk.keys("j<enter><enter>");
    assert_eq!(desk.state.screen, Screen::Review);
    assert_eq!(desk.state.list.scope, Scope::Batch("batch 2".into()));
    desk.keys("<esc>");
    assert_eq!((desk.state.screen, desk.state.focus), (Screen::Batches, Pane::BatchPage));
    assert_eq!(desk.state.list.scope, Scope::All);
    desk.keys("<tab><enter>");
    assert_eq!(desk.state.list.scope, Scope::Hit(HitKey(20)));
}

#[test]
fn nothing_is_decided_in_a_read_only_desk() {
    let mut desk = desk_with(Options { read_only: true, ..Options::default() });
    for keys in ["e", "a", "t", "r", "c", "m", "x", "D"] {
        desk.keys(keys);
        assert!(desk.notice().contains("the desk is read-only (--read-only)"), "{keys}: {}", desk.notice());
        assert!(desk.state.overlay.is_none(), "{keys}");
    }
    assert_eq!(desk.effects, []);
}

#[test]
fn very_many_rows_are_added_up_between_keys() {
    let mut desk = Desk::new(Options::default(), (0..30_000).map(row).collect());
    desk.keys("4");
    assert!(desk.state.batches.is_empty() && desk.state.is_working(), "the screen is there before the figures are");
    let mut steps = 0;
    while desk.state.is_working() {
        desk.event(Event::Wake);
        steps += 1;
    }
    assert!(steps > 1, "{steps}");
    assert_eq!(desk.state.batches.known_count(), 750);
}

#[test]
fn the_target_wage_is_kept_and_comes_back() {
    let mut desk = desk();
    // As at a start, before anything was read.
    desk.state.batches.known = None;
    desk.event(Event::Batches(Box::new(KnownBatches { target: Some(Usd::cents(1_200)), ..KnownBatches::default() })));
    assert_eq!(desk.state.batches.target, Some(Usd::cents(1_200)));
    desk.keys(":target-wage<space>15<enter>");
    assert!(desk.effects.contains(&Effect::KeepTargetWage(Some(Usd::cents(1_500)))));
    // What was read before that was written does not take it back.
    desk.event(Event::Batches(Box::default()));
    assert_eq!(desk.state.batches.target, Some(Usd::cents(1_500)));
}

#[test]
fn publishing_anew_says_what_is_left_out_and_what_it_costs() {
    let mut desk = desk();
    desk.keys("GA");
    assert!(desk.notice().ends_with("10 not published from a batch file here"), "{}", desk.notice());
    let published = ["batch 0", "batch 2"].map(|name| (name.into(), crate::app::batches::Published::default()));
    let known = || KnownBatches { published: published.clone().into(), ..KnownBatches::default() };
    desk.event(Event::Batches(Box::new(known())));
    desk.keys("A");
    assert!(matches!(&desk.state.overlay, Some(Overlay::Prompt(_))), "{}", desk.notice());
    desk.keys("<enter>");
    assert!(!matches!(&desk.state.overlay, Some(Overlay::Prompt(_))), "{}", error(&desk));
    let said = question(&desk);
    assert_eq!(said[0], "publish 10 HITs of batch 0 anew?");
    let said = said.join(" ");
    assert!(said.contains("New HITs of the same rows ask for the 10 answers that are lacking."), "{said}");
    assert!(said.contains("It costs up to $2.50 and $0.50 in Amazon's fees, $3.00 in all."), "{said}");
    desk.keys("<esc>");
    assert!(!desk.effects.iter().any(|effect| matches!(effect, Effect::PublishAnew { .. })), "Esc publishes nothing");
    desk.keys(":anew<space>5s<enter>");
    assert!(!matches!(&desk.state.overlay, Some(Overlay::Ask(_))), "a HIT is open for 30 seconds at the least");
    desk.keys("<esc><esc>4:anew<space>1h<enter>");
    desk.wait(1_000).keys("y");
    let asked = desk.effects.iter().find_map(|effect| match effect {
        Effect::PublishAnew { hits, open, .. } => Some((hits.clone(), *open)),
        _ => None,
    });
    let (hits, open) = asked.expect("it is published");
    assert_eq!((hits.len(), hits[0].add, hits[0].before, open), (10, 1, 0, Seconds::HOUR));
}

#[test]
fn deleting_says_what_is_still_open() {
    let mut desk = desk();
    // Of the batch that is full every HIT has become open again.
    let again = |n| HitRow { status: HitStatus::Assignable, available: 2, completed: 2, ..hit(n) };
    desk.event(Event::Refreshed { rows: Rows { hits: (0..10).map(again).collect(), ..Rows::default() } });
    desk.keys("G:delete<enter>");
    desk.event(Event::Batches(Box::default()));
    let said = question(&desk);
    assert!(said[1].starts_with("! 10 HITs are still open: 20 assignments to accept, "), "{said:?}");
    assert_eq!(said[2], "  They are expired first.");
}

#[test]
fn new_hits_are_open_as_long_as_the_batch_file_said() {
    let mut desk = desk();
    let file = Published { lifetime: Some(Seconds(3 * 86_400)), ..Published::default() };
    let published = [("batch 2".into(), file)].into();
    desk.event(Event::Batches(Box::new(KnownBatches { published, ..KnownBatches::default() })));
    desk.keys("jA");
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!("{}", desk.notice()) };
    assert_eq!(prompt.input.value(), "3d");
    desk.keys("<enter>");
    let said = question(&desk);
    assert!(said.iter().all(|line| line.chars().count() <= 70), "whole at 80 columns: {said:?}");
    assert!(
        said.contains(&"  row again. t adds to the old HITs instead, where they take more.".to_owned()),
        "{said:?}"
    );
}
