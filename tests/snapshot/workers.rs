//! The pictures of the Workers screen.

use crate::desk::{Desk, START};
use hitdeck::app::event::Event;
use hitdeck::app::people::Known;
use hitdeck::domain::decision::OutboxState;
use hitdeck::domain::id::{QualificationTypeId, WorkerId};
use hitdeck::domain::pseudonym::Pseudonyms;
use hitdeck::domain::qualification::{KnownType, Qualification, QualificationType, TypeStatus};
use insta::assert_snapshot;

fn id(number: u32) -> WorkerId {
    WorkerId::parse(&format!("A{number}EXAMPLE{number}WRKR")).unwrap()
}

fn of_type(number: u32, name: &str) -> KnownType {
    let it = QualificationType {
        id: QualificationTypeId::parse(&format!("3EXAMPLE{number}QUAL")).unwrap(),
        created: START,
        name: name.to_owned(),
        description: "For a picture".to_owned(),
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

fn known() -> Known {
    let held = |of: u32, worker: u32, score| Qualification {
        type_id: QualificationTypeId::parse(&format!("3EXAMPLE{of}QUAL")).unwrap(),
        worker: id(worker),
        granted: None,
        score: Some(score),
        revoked: of == 2,
    };
    Known {
        types: vec![of_type(1, "rte-trained"), of_type(2, "took part in rte-pilot")],
        qualifications: vec![held(1, 1, 85), held(2, 1, 1), held(1, 4, 60)],
        blocks: [(id(3), "copied the answers of another worker".to_owned()), (id(12), "spam".to_owned())].into(),
        notes: [(id(1), "careful, asks good questions".to_owned())].into(),
        ..Known::default()
    }
}

fn open(columns: u16, lines: u16) -> Desk {
    let mut desk = Desk::open(columns, lines);
    desk.press("2");
    desk.event(Event::People(Box::new(known())));
    desk
}

#[test]
fn workers_in_every_size() {
    for (columns, lines) in [(80, 24), (120, 40), (200, 60)] {
        assert_snapshot!(format!("workers_{columns}x{lines}_dark"), open(columns, lines).picture("dark"));
    }
    assert_snapshot!("workers_80x24_ascii", open(80, 24).picture("ascii"));
}

#[test]
fn a_page_has_the_screen_for_itself() {
    let mut desk = open(80, 24);
    desk.press("<enter>");
    assert_snapshot!("worker_page_80x24_dark", desk.picture("dark"));
}

#[test]
fn blocking_asks_and_offers_the_gentler_way() {
    let mut desk = open(80, 24);
    desk.press("<space><space>xcopied answers<enter>");
    assert_snapshot!("worker_block_80x24_dark", desk.picture("dark"));
    desk.press("yGmHello<enter>{{ worker }}, thank you.<enter>y/blocked:no<enter>s");
    desk.outcome(1, OutboxState::Unknown);
    assert_snapshot!("worker_badges_120x40_dark", {
        desk.press("<esc>");
        desk.event(Event::Resize(120, 40));
        desk.picture("dark")
    });
}

#[test]
fn pseudonyms_stand_everywhere() {
    let mut desk = open(80, 24);
    desk.event(Event::Pseudonyms(Pseudonyms::new([7; 32])));
    desk.press("xspam<enter>");
    assert!(!desk.picture("dark").contains("EXAMPLE"), "{}", desk.picture("dark"));
    desk.press("y");
    assert_snapshot!("workers_redacted_80x24_dark", desk.picture("dark"));
    for keys in ["<enter>", "<enter>", "1", "<enter>", "5", "<esc>tw", ":messages<enter>"] {
        desk.press(keys);
        let shown = desk.picture("dark");
        let ids = (1..=12).filter(|n| shown.contains(&format!("{n}EXAMPLE")) || shown.contains(&format!("E{n}WRKR")));
        assert_eq!(ids.count(), 0, "{keys}\n{shown}");
    }
}
