use super::*;
use crate::app::layout::{Pane, Screen};
use crate::app::people::Known;
use crate::app::workers::WorkerSort;
use crate::domain::id::QualificationTypeId;
use crate::domain::qualification::{KnownType, Qualification, QualificationType, TypeStatus};
use crate::domain::worker_stats::GoneWork;

pub(super) fn id(number: u32) -> WorkerId {
    worker(number).id
}

fn own_type() -> KnownType {
    let it = QualificationType {
        id: QualificationTypeId::parse("3QUALTRAINED").unwrap(),
        created: Time(START),
        name: "trained".into(),
        description: "has done the training".into(),
        keywords: None,
        status: TypeStatus::Active,
        test: None,
        test_duration: None,
        answer_key: None,
        retry_delay: None,
        requestable: false,
        auto_granted: None,
    };
    KnownType { it, own: true, holders: 1, requests: 0, read_at: None }
}

/// Worker 2 is blocked, worker 3 trained and noted; worker 9 is blocked and has never worked here.
pub(super) fn known() -> Known {
    let held = Qualification {
        type_id: QualificationTypeId::parse("3QUALTRAINED").unwrap(),
        worker: id(3),
        granted: None,
        score: Some(80),
        revoked: false,
    };
    Known {
        uses: Vec::new(),
        types: vec![own_type()],
        requests: Vec::new(),
        qualifications: vec![held],
        blocks: [(id(2), "spam".to_owned()), (id(9), "two accounts".to_owned())].into(),
        notes: [(id(3), "careful".to_owned())].into(),
        gone: Vec::new(),
    }
}

/// Assignment `n` is by worker `n % 5`; the first three of worker 0 are approved, the first of worker 1 rejected.
pub(super) fn desk_with(options: Options) -> Desk {
    let decided = |number: u32| {
        let status = match number {
            0 | 5 | 10 => AssignmentStatus::Approved,
            1 => AssignmentStatus::Rejected,
            _ => return row(number),
        };
        AssignmentRow { status, decided: Time(START - 100).into(), ..row(number) }
    };
    let mut desk = Desk::new(options, (0..18).map(decided).collect());
    desk.keys("2");
    desk.event(Event::People(Box::new(known())));
    desk.effects.clear();
    desk
}

pub(super) fn desk() -> Desk {
    desk_with(Options::default())
}

fn shown(desk: &Desk) -> Vec<String> {
    desk.state.people.workers.shown().map(|one| one.id.to_string()).collect()
}

#[test]
fn everybody_is_there_once_with_their_figures() {
    let desk = desk();
    assert_eq!((desk.state.screen, desk.state.focus), (Screen::Workers, Pane::Workers));
    // 18 assignments over five workers; those who sent most come first, of equals by identifier.
    assert_eq!(shown(&desk), ["AWORKER0", "AWORKER1", "AWORKER2", "AWORKER3", "AWORKER4", "AWORKER9"]);
    let workers = &desk.state.people.workers;
    let first = workers.named(&id(0)).unwrap();
    assert_eq!((first.stats.submitted, first.stats.lifetime.approved, first.stats.undecided()), (4, 3, 1));
    assert_eq!(first.stats.earned, Usd::cents(75));
    assert_eq!(workers.named(&id(1)).unwrap().stats.lifetime.rate(), Some(0));
    let third = workers.named(&id(3)).unwrap();
    assert_eq!((third.qualifications.len(), third.note.as_deref()), (1, Some("careful")));
    assert!(workers.named(&id(9)).unwrap().blocked);
}

#[test]
fn work_that_arrives_moves_nobody_into_a_range() {
    let mut desk = desk();
    let before = shown(&desk);
    desk.keys("vj");
    let more = [19, 24, 29, 34, 39].map(row).to_vec();
    desk.event(Event::Refreshed { rows: rows_of(more) });
    assert_eq!(desk.state.people.workers.named(&id(4)).unwrap().stats.submitted, 8);
    assert_eq!(shown(&desk), before, "who has most now stays where they were");
    desk.keys("v");
    assert_eq!(desk.state.people.workers.marks, [id(0), id(1)].into());
    desk.keys("R");
    assert_eq!(shown(&desk)[0], "AWORKER4", "asked for anew, the order is made anew");
}

#[test]
fn the_list_is_sorted_by_what_one_looks_for() {
    let mut desk = desk();
    desk.keys(":sort approval rate<enter>");
    assert_eq!(desk.state.people.workers.sort, WorkerSort::Rate);
    assert_eq!(shown(&desk)[..2], ["AWORKER1", "AWORKER0"], "the lowest rate first, then the others");
    desk.keys("s");
    desk.keys("b");
    assert_eq!(shown(&desk)[..2], ["AWORKER2", "AWORKER9"]);
    desk.keys("sb");
    assert_eq!(shown(&desk)[4..], ["AWORKER9", "AWORKER2"], "the same again turns it round");
}

#[test]
fn a_filter_shows_what_it_finds_while_it_is_typed() {
    let mut desk = desk();
    desk.keys("/blocked:yes");
    assert_eq!(shown(&desk), ["AWORKER2", "AWORKER9"]);
    desk.keys("<enter>");
    assert_eq!(desk.state.people.workers.filter, "blocked:yes");
    desk.keys("/approved-rate<<>90");
    assert_eq!(shown(&desk), ["AWORKER1"], "who has no decided work has no rate");
}

#[test]
fn work_whose_hit_is_deleted_stays_in_the_record() {
    let before = |desk: &Desk| desk.state.people.workers.named(&id(0)).unwrap().clone();
    let mut desk = desk();
    let one = before(&desk);
    let of = |key: u32| GoneWork {
        row: AssignmentRow { status: AssignmentStatus::Approved, worker: WorkerKey(0), ..row(key) }.light(),
        reward: Usd::cents(50),
        fee: Usd::cents(10),
    };
    // Assignment 5 was deleted in this run: it is among the rows too, and counts once.
    desk.event(Event::People(Box::new(Known { gone: vec![of(900), of(5)], ..known() })));
    let now = before(&desk);
    assert_eq!(
        (now.stats.submitted, now.stats.lifetime.approved),
        (one.stats.submitted + 1, one.stats.lifetime.approved + 1)
    );
    assert_eq!(now.stats.earned, one.stats.earned + Usd::cents(50));
    assert_eq!(now.gone_fees, Usd::cents(10));
}
