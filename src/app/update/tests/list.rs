use super::*;
use crate::app::layout::{Pane, Screen};
use crate::app::list::{GroupBy, GroupOf, Line, Scope, SortBy};
use crate::app::overlay::Overlay;

fn shown(desk: &Desk) -> Vec<u32> {
    let row = |line: &Line| match line {
        Line::Row(key) => Some(key.0),
        Line::Group(_) => None,
    };
    desk.state.list.lines.iter().filter_map(row).collect()
}

#[test]
fn the_most_urgent_comes_first() {
    let mut rows: Vec<_> = (0..4).map(row).collect();
    rows[0].auto_approval = Stamp::NONE;
    rows[2].auto_approval = Stamp::from(Time(START + 5));
    let desk = Desk::new(Options::default(), rows);
    assert_eq!(shown(&desk), [2, 1, 3, 0]);
    assert_eq!((desk.cursor(), desk.state.focus), (2, Pane::List));
}

#[test]
fn equal_deadlines_follow_the_hit_list_then_submission() {
    let mut rows: Vec<_> = (0..8).map(row).collect();
    for row in &mut rows {
        row.auto_approval = Stamp::from(Time(START + 60));
    }
    let desk = Desk::new(Options::default(), rows);
    assert_eq!(shown(&desk), [0, 1, 2, 3, 7, 4, 5, 6]);
}

#[test]
fn the_bar_moves_and_the_page_turns() {
    let mut desk = Desk::with(100);
    let page = desk.state.layout().lines(Pane::List) as u32;
    desk.at_once(&"j".repeat(page as usize - 1));
    assert_eq!((desk.cursor(), desk.state.list.offset), (page - 1, 0));
    desk.keys("j");
    assert_eq!((desk.cursor(), desk.state.list.offset as u32), (page, page));
    desk.keys("k");
    assert_eq!((desk.cursor(), desk.state.list.offset), (page - 1, 0));
    desk.keys("<pagedown>");
    assert_eq!((desk.cursor(), desk.state.list.offset as u32), (page, page));
    desk.keys("<pageup>");
    assert_eq!((desk.cursor(), desk.state.list.offset), (page - 1, 0));
    desk.keys("G");
    assert_eq!(desk.cursor(), 99);
    desk.keys("gj<ctrl-d>");
    assert_eq!(desk.cursor(), 1 + page / 2);
}

#[test]
fn undecided_rows_are_found_in_both_directions() {
    let mut rows: Vec<_> = (0..200).map(row).collect();
    for row in &mut rows {
        if ![3, 150].contains(&row.key.0) {
            row.status = AssignmentStatus::Approved;
        }
    }
    let mut desk = Desk::new(Options::default(), rows);
    desk.keys("]gn");
    assert_eq!(desk.cursor(), 3);
    desk.keys("n");
    assert_eq!(desk.cursor(), 150);
    desk.keys("n");
    assert_eq!(desk.cursor(), 3, "from the top again");
    desk.keys("N");
    assert_eq!(desk.cursor(), 150);
    desk.keys("aga");
    desk.keys("nan");
    assert!(desk.notice().contains("no other row"), "{}", desk.notice());
}

#[test]
fn ranges_and_marks() {
    let mut desk = Desk::with(20);
    desk.keys("jjvjjv");
    assert_eq!(desk.marks(), [2, 3, 4]);
    desk.keys("U<home>vjj");
    assert_eq!(crate::app::decide::targets(&desk.state).keys.len(), 3, "a range that was begun is what a key acts on");
    desk.keys("a");
    assert_eq!(desk.decided(), [0, 1, 2]);
    desk.keys("uv<esc>v<esc>");
    assert_eq!(desk.state.list.anchor, None);
    desk.keys("U*");
    assert_eq!(desk.marks().len(), 20);
    desk.keys("UTworker:AWORKER3<enter>");
    assert_eq!(desk.marks(), [3, 8, 13, 18]);
    assert_eq!(desk.notice(), "4 marked");
    desk.keys("UTworker<enter>");
    assert_eq!(desk.effects.iter().filter(|effect| matches!(effect, Effect::Find { .. })).count(), 1, "a bare word");
}

#[test]
fn a_filter_shows_what_fits_as_it_is_typed() {
    let mut desk = Desk::with(20);
    desk.keys("/worker:AWORKER");
    assert_eq!(shown(&desk), NONE, "no worker is called so");
    assert!(desk.state.list.cursor.is_none());
    desk.keys("3");
    assert_eq!(shown(&desk), [3, 8, 13, 18]);
    desk.keys("<esc>");
    assert_eq!(shown(&desk).len(), 20);
    assert_eq!(desk.cursor(), 0);
    desk.keys("/hit:*7 or worker:AWORKER2<enter>");
    assert_eq!(desk.state.views.filter, "hit:*7 or worker:AWORKER2");
    desk.keys("<esc>");
    assert_eq!(desk.state.views.filter, "status:submitted", "Esc backs out of the filter");
}

#[test]
fn an_error_names_its_column_and_leaves_the_list() {
    let mut desk = Desk::with(20);
    desk.keys("/worker:AWORKER3 (");
    let Some(Overlay::Prompt(prompt)) = &desk.state.overlay else { panic!("no prompt") };
    let error = prompt.error.as_ref().unwrap();
    assert!(error.column.is_some(), "{error:?}");
    assert_eq!(shown(&desk), [3, 8, 13, 18]);
    desk.keys("<enter>");
    assert!(matches!(desk.state.overlay, Some(Overlay::Prompt(_))), "a query that cannot be read is not taken");
}

#[test]
fn texts_are_looked_up_and_stale_answers_dropped() {
    let mut desk = Desk::with(20);
    desk.keys("/lor");
    let asked = |desk: &Desk| {
        desk.effects.iter().rev().find_map(|effect| match effect {
            Effect::Find { request, .. } => Some(*request),
            _ => None,
        })
    };
    let first = asked(&desk).unwrap();
    desk.keys("em");
    let last = asked(&desk).unwrap();
    assert_ne!(first, last);
    let before = shown(&desk).len();
    desk.event(Event::Found { request: first, sets: Ok(vec![vec![key(1)]]) });
    assert_eq!(shown(&desk).len(), before, "a stale answer");
    desk.event(Event::Found { request: last, sets: Ok(vec![vec![key(4), key(9)]]) });
    assert_eq!(shown(&desk), [4, 9]);
    desk.keys("<enter>");
    assert_eq!(asked(&desk), Some(last), "Enter asks nothing again");
    desk.keys("/<up> worker:AWORKER4");
    assert_eq!(shown(&desk), [4, 9], "what is known of the texts is not looked up again");
    desk.keys("<esc>/<enter>");
    assert_eq!(desk.state.views.filter, "status:submitted", "nothing typed: what the tab shows");
}

#[test]
fn a_filter_over_very_many_rows_lets_keys_pass() {
    let mut desk = Desk::with(600_000);
    desk.keys("/worker:AWORKER1<enter>");
    assert_eq!(desk.state.list.rows, 600_000, "the previous result stays");
    let mut parts = 0;
    while desk.state.views.is_waiting() {
        assert_eq!(desk.state.deadline(), Some(desk.now.wall), "it goes on at once");
        desk.keys("j");
        desk.event(Event::Wake);
        parts += 1;
        assert!(parts < 1_000);
    }
    assert!(parts > 1 && desk.state.list.rows == 120_000, "{parts} parts, {} rows", desk.state.list.rows);
    desk.keys("/worker:AWORKER2<enter>").event(Event::Wake);
    desk.event(Event::Refreshed { rows: rows_of(vec![row(700_002)]) });
    while desk.state.views.is_waiting() {
        desk.event(Event::Wake);
    }
    assert_eq!(desk.state.list.rows, 120_001, "rows that came meanwhile are looked at too");
}

#[test]
fn a_failed_lookup_says_so() {
    let mut desk = Desk::with(20);
    desk.keys("/x<enter>");
    let Some(Effect::Find { request, .. }) = desk.effects.pop() else { panic!("no lookup") };
    desk.event(Event::Found { request, sets: Err("the index is broken".into()) });
    assert!(desk.notice().contains("the index is broken"));
    assert!(!desk.state.views.is_waiting());
}

#[test]
fn views_are_tabs_with_counts() {
    let view = |name: &str, query: &str| crate::app::options::SavedView { name: name.into(), query: query.into() };
    let views = vec![view("third", "worker:AWORKER3"), view("broken", "(worker:A")];
    let mut rows: Vec<_> = (0..20).map(row).collect();
    rows[3].status = AssignmentStatus::Approved;
    let mut desk = Desk::new(Options { views, ..Options::default() }, rows);
    let counts: Vec<_> = desk.state.views.tabs.iter().map(|tab| tab.count).collect();
    assert_eq!(counts, [Some(19), Some(20), Some(4), None]);
    desk.keys("]");
    assert_eq!(shown(&desk).len(), 20);
    desk.keys(":view third<enter>");
    assert_eq!(shown(&desk), [3, 8, 13, 18]);
    desk.keys("]");
    assert!(desk.notice().contains("the view \"broken\""), "{}", desk.notice());
    desk.keys("]");
    assert_eq!(desk.state.views.current, 0);
}

#[test]
fn orders_turn_round_when_chosen_again() {
    let mut desk = Desk::with(8);
    desk.keys("sw<enter>");
    assert_eq!(desk.state.list.sort, SortBy::WorkTime);
    desk.keys(":sort worker<enter>");
    assert_eq!(shown(&desk), [0, 5, 1, 6, 2, 7, 3, 4]);
    desk.keys(":sort worker<enter>");
    assert_eq!(shown(&desk), [4, 3, 2, 7, 1, 6, 0, 5]);
    assert!(desk.state.list.descending);
    desk.keys(":sort beauty<enter>");
    assert!(desk.notice().contains("none of: auto-approval"), "{}", desk.notice());
}

#[test]
fn groups_have_headings() {
    let mut desk = Desk::with(8);
    desk.keys(":group answer<enter>");
    let groups: Vec<_> = desk.state.list.groups.iter().map(|group| (group.of, group.count)).collect();
    assert_eq!(groups, [(GroupOf::Answer(key(1)), 5), (GroupOf::Answer(key(0)), 3)]);
    assert_eq!(desk.state.list.lines[0], Line::Group(0));
    assert_eq!(desk.cursor(), 0, "the cursor stays on its row");
    desk.keys("gk");
    assert_eq!(desk.cursor(), 1, "a heading is never under the cursor");
    desk.keys("Gkkk");
    assert_eq!(desk.cursor(), 7, "over the heading");
    assert_eq!(desk.state.list.position(), 5);
    for by in GroupBy::ALL {
        desk.keys(&format!(":group {}<enter>", by.title()));
        assert_eq!(desk.state.list.rows, 8);
    }
}

#[test]
fn columns_are_chosen() {
    let mut desk = Desk::with(8);
    let before = desk.state.list.columns.len();
    desk.keys("c<space><esc>");
    assert_eq!(desk.state.list.columns.len(), before - 1);
}

#[test]
fn the_hit_list_narrows_the_list() {
    let mut desk = Desk::with(80);
    desk.keys("<backtab>jj<enter>");
    assert_eq!(desk.state.list.scope, Scope::Batch("batch 1".into()));
    assert_eq!(shown(&desk).len(), 40);
    assert_eq!(desk.state.focus, Pane::List);
    desk.keys("<backtab><space>j<enter>");
    assert_eq!(shown(&desk), [40, 41, 42, 43]);
    desk.keys("<esc>");
    assert_eq!(shown(&desk).len(), 80, "Esc backs out of it");
}

#[test]
fn under_120_columns_the_hit_list_comes_over() {
    let mut desk = Desk::with(8);
    desk.event(Event::Resize(80, 24));
    desk.keys("<tab>");
    assert!(desk.state.layout().hits.is_some() && desk.state.layout().list.is_none());
    desk.keys("<tab>");
    assert!(desk.state.layout().hits.is_none());
}

#[test]
fn a_worker_has_a_page_with_their_answers() {
    let mut desk = Desk::with(20);
    desk.keys("jw");
    assert_eq!(desk.state.screen, Screen::Workers);
    assert_eq!(desk.state.people.workers.current().unwrap().id.as_str(), "AWORKER1");
    desk.keys("<enter>");
    assert_eq!(shown(&desk), [1, 6, 11, 16]);
    desk.keys("<esc>");
    assert_eq!(desk.state.screen, Screen::Workers);
    desk.keys("<esc>");
    assert_eq!((desk.state.screen, desk.cursor()), (Screen::Review, 1));
    assert_eq!(shown(&desk).len(), 20);
    desk.keys(":worker AWORKER2<enter><enter>");
    assert_eq!(shown(&desk), [2, 7, 12, 17]);
    desk.keys(":worker A77<enter>");
    assert_eq!(desk.notice(), "nobody here is called A77");
}

#[test]
fn digits_lead_to_the_screens() {
    let mut desk = Desk::with(8);
    desk.keys("4");
    assert_eq!(desk.state.screen, Screen::Batches);
    desk.keys("5");
    assert_eq!(desk.state.screen, Screen::Activity);
    desk.keys("1");
    assert_eq!((desk.state.screen, desk.state.focus), (Screen::Review, Pane::List));
}

#[test]
fn zoom_gives_the_list_the_window() {
    let mut desk = Desk::with(8);
    desk.keys("z");
    assert!(desk.state.layout().viewer.is_none());
    desk.keys("<enter>");
    assert!(desk.state.layout().viewer.is_some() && desk.state.layout().list.is_none());
    desk.keys("<esc><esc>");
    assert!(!desk.state.zoom);
}

#[test]
fn a_window_that_is_too_small_still_quits() {
    let mut desk = Desk::with(8);
    desk.event(Event::Resize(30, 8));
    desk.keys("ar");
    assert_eq!(desk.decided(), NONE);
    desk.keys("q");
    assert_eq!(desk.effects, [Effect::Quit { send: false }]);
}

#[test]
fn very_many_rows_are_arranged_between_keys_and_stand_as_few_would() {
    let count = 130_000;
    let mut desk = Desk::with(count);
    desk.keys(":sort worker<enter>:group answer<enter>");
    assert_eq!(desk.state.list.groups.len(), 0, "the previous list stays");
    assert!(desk.state.progress().is_some_and(|words| words.starts_with("arranging")));
    let before = desk.cursor();
    desk.keys("ja");
    let mut steps = 0;
    while desk.state.is_working() {
        desk.event(Event::Wake);
        steps += 1;
    }
    assert!(steps > 5, "{steps}");
    let list = &desk.state.list;
    let counts: Vec<_> = list.groups.iter().map(|group| (group.line, group.count)).collect();
    let no = count - count.div_ceil(3);
    assert_eq!(counts, [(0, no), (no as usize + 1, count.div_ceil(3))]);
    assert_eq!(list.open_rows(), count as usize - 1, "what was decided meanwhile is not open");
    assert_eq!(list.position(), list.rows.min(list.position()));
    assert!(desk.cursor() > before, "the cursor stays on its row");
    let mut expected: Vec<u32> = (0..count).collect();
    expected.sort_by_key(|number| (number % 3 == 0, number % 5, *number));
    assert_eq!(shown(&desk), expected);
}
