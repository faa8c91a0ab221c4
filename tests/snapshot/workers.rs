//! The pictures of the Workers screen.

use crate::desk::{Desk, START};
use hitdeck::app::effect::Effect;
use hitdeck::app::event::{Event, Level};
use hitdeck::app::people::Known;
use hitdeck::app::workers::money::Money;
use hitdeck::app::workers::page::History;
use hitdeck::domain::assignment::BonusPayment;
use hitdeck::domain::decision::{Decision, DecisionId, OutboxEntry, OutboxState, Target};
use hitdeck::domain::id::{AssignmentId, QualificationTypeId, WorkerId};
use hitdeck::domain::money::Usd;
use hitdeck::domain::pseudonym::Pseudonyms;
use hitdeck::domain::qualification::{KnownType, Qualification, QualificationType, TypeStatus};
use hitdeck::domain::time::{Millis, Time};
use hitdeck::domain::worker::{Payment, PaymentState, bonus_sums};
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

fn bonus(worker: u32, cents: i64, reason: &str) -> BonusPayment {
    BonusPayment {
        worker: id(worker),
        assignment: AssignmentId::parse("3EXAMPLEASSIGNMENT").unwrap(),
        amount: Usd::cents(cents),
        reason: reason.to_owned(),
        granted: Some(Time(START.0 - 40_000)),
    }
}

fn payment(worker: u32, state: PaymentState) -> Payment {
    Payment {
        number: 1,
        worker: id(worker),
        amount: Usd::cents(250),
        reason: "For the session that was lost".to_owned(),
        token: "hitdeck-example-pay-1".to_owned(),
        state,
        cleaned: state != PaymentState::UnderWay,
        type_id: None,
        hit: None,
        begun: Millis((START.0 - 20_000) * 1_000),
    }
}

fn paid() -> Money {
    let bonuses = bonus_sums(&[bonus(1, 50, "Found a mistake in the task"), bonus(4, 125, "Well explained")]);
    Money { bonuses, open: [(id(1), payment(1, PaymentState::UnderWay))].into(), ..Money::default() }
}

#[test]
fn a_page_has_the_screen_for_itself() {
    for (columns, lines) in [(80, 24), (120, 40), (200, 60)] {
        let mut desk = open(columns, lines);
        desk.event(Event::Money(Box::new(paid())));
        desk.press("<enter>");
        let bonuses = vec![bonus(1, 50, "Found a mistake in the task")];
        let payments = vec![payment(1, PaymentState::UnderWay)];
        desk.event(Event::History(id(1), Box::new(History { bonuses, payments, ..History::default() })));
        assert_snapshot!(format!("worker_page_{columns}x{lines}_dark"), desk.picture("dark"));
    }
}

#[test]
fn money_is_asked_about_with_what_was_paid_before() {
    for (columns, lines) in [(80, 24), (120, 40), (200, 60)] {
        let mut desk = open(columns, lines);
        desk.event(Event::Money(Box::new(paid())));
        desk.press("<space><space><space>btotal 1.00<enter>Careful work<enter>");
        assert_snapshot!(format!("worker_bonus_{columns}x{lines}_dark"), desk.picture("dark"));
        desk.press("<esc>UGP2.50<enter>For the session that was lost<enter>");
        assert_snapshot!(format!("worker_pay_{columns}x{lines}_dark"), desk.picture("dark"));
    }
}

#[test]
fn columns_are_chosen_from_a_list() {
    let mut desk = open(120, 40);
    desk.press("c");
    assert_snapshot!("workers_columns_120x40_dark", desk.picture("dark"));
}

#[test]
fn blocking_asks_and_offers_the_gentler_way() {
    for (columns, lines) in [(80, 24), (120, 40), (200, 60)] {
        let mut desk = open(columns, lines);
        desk.press("<space><space>xcopied answers<enter>");
        assert_snapshot!(format!("worker_block_{columns}x{lines}_dark"), desk.picture("dark"));
        desk.press("<esc>mHello<enter>{{ worker }}, thank you for the work on the first part of the study.<enter>");
        assert_snapshot!(format!("worker_message_{columns}x{lines}_dark"), desk.picture("dark"));
    }
    let mut desk = open(80, 24);
    desk.press(
        "<space><space>xcopied answers<enter>yg<space><space>GmHello<enter>{{ worker }}, thank you.<enter>y/blocked:no<enter>s",
    );
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
    shows_nobody("a block", &desk.picture("dark"));
}

/// Fails if a text tells the identifier of one of the workers, whole or shortened in the middle.
fn shows_nobody(what: &str, text: &str) {
    let told = (1..=12).find(|n| text.contains(&format!("A{n}EXA")) || text.contains(&format!("{n}WRKR")));
    assert_eq!(told, None, "{what}\n{text}");
}

/// What a worker was sent and paid, with identifiers in all its texts.
fn telling() -> History {
    let sent = OutboxEntry {
        id: DecisionId(900),
        target: Target::Workers([id(1), id(2)].into()),
        assignment: None,
        decision: Decision::Notify {
            subject: format!("For {}", id(1)),
            text: format!("{}, {} told us of you", id(1), id(2)),
        },
        state: OutboxState::Done,
        attempts: 1,
        group: 1,
        token: None,
        who: "anna@lab".to_owned(),
        decided: Millis(START.0 * 1_000),
        changed: Millis(START.0 * 1_000),
        note: Some(format!("not reached: 1 of 2. {}: unknown worker", id(2))),
    };
    let payment = Payment { reason: format!("as {} asked", id(3)), ..payment(1, PaymentState::UnderWay) };
    History {
        messages: vec![sent],
        bonuses: vec![bonus(1, 50, &format!("better than {}", id(4)))],
        payments: vec![payment],
        ..History::default()
    }
}

#[test]
fn no_screen_and_no_copy_tells_who_a_worker_is() {
    for (columns, lines) in [(40, 12), (80, 24), (120, 40), (200, 60)] {
        let mut desk = open(columns, lines);
        desk.state.env.worker_site = Some("http://127.0.0.1:7878".to_owned());
        let blocks = [(id(3), format!("the same answers as {}", id(5))), (id(12), "spam".to_owned())].into();
        let notes = [(id(1), format!("knows {}", id(2)))].into();
        desk.event(Event::People(Box::new(Known { blocks, notes, ..known() })));
        desk.event(Event::Money(Box::new(paid())));
        desk.event(Event::Pseudonyms(Pseudonyms::new([7; 32])));
        let steps = [
            // The list of workers: every line, question and chooser.
            "2",
            "y",
            "x",
            "spam<enter>",
            "<esc>",
            "X",
            "<esc>",
            "m",
            "Hello {{ worker }}<enter>",
            "To {{ worker }}<enter>",
            "<esc>",
            "b",
            "0.50<enter>",
            "For {{ worker }}<enter>",
            "y",
            "P",
            "y",
            "P",
            "t",
            "+",
            "rte-trained 5<enter>",
            "y",
            "-",
            "rte-trained<enter>",
            "why<enter>",
            "<esc>",
            "'",
            "<esc>",
            "s",
            "<esc>",
            "c",
            "<esc>",
            "/",
            "<esc>",
            "v",
            "jj",
            "x",
            "<esc>",
            "*",
            "x",
            "spam<enter>",
            "<esc>",
            "b",
            "total 3<enter>",
            "Thanks<enter>",
            "<esc>",
            "P",
            "<esc>",
            "U",
            ":",
            "<esc>",
            "?",
            "<esc>",
            // A page, and the answers in Review.
            "g<enter>",
            "jjj",
            "G",
            "a",
            "rNot {{ worker }}<enter>",
            "u",
            "n",
            "b",
            "<esc>",
            "x",
            "<esc>",
            "m",
            "<esc>",
            "<enter>",
            "/",
            "<esc>",
            "<enter>",
            "<esc>",
            "t",
            "w",
            "<esc>",
            "y",
            "w",
            "<esc>",
            "T",
            "<esc>",
            "<esc>",
            "<esc>",
            // Review: lists, headings, the viewer, raw answers, copies.
            "1",
            "w",
            "<esc>",
            "tw",
            "s",
            "<esc>",
            "t",
            "<esc>",
            "<enter>",
            "V",
            "V",
            "y",
            "a",
            "y",
            "u",
            "y",
            "h",
            "b",
            "<esc>",
            "x",
            "<esc>",
            "m",
            "<esc>",
            "<tab>",
            "<esc>",
            "r",
            "no<enter>",
            "$",
            "/worker:A1*",
            "<enter>",
            "<esc>",
            // Qualifications, with holders.
            "3",
            "jj",
            "<tab>",
            "<enter>",
            "e",
            "<esc>",
            "x",
            "<esc>",
            "<tab>",
            "<enter>",
            "A",
            "<esc>",
            "r",
            "<esc>",
            "<esc>",
            // Activity, all its tabs, and what was said.
            "5",
            "<tab>",
            "<tab>",
            "<tab>",
            "<tab>",
            "<tab>",
            "w",
            "<esc>",
            ":messages<enter>",
            "<esc>",
            ":worker ",
            "<esc>",
        ];
        for (at, keys) in steps.into_iter().enumerate() {
            desk.press(keys);
            if at == 60 || desk.state.people.workers.page {
                desk.event(Event::History(id(1), Box::new(telling())));
            }
            if at % 7 == 3 {
                desk.event(Event::Notice { level: Level::Warning, text: format!("{} was not paid", id(2)) });
            }
            shows_nobody(&format!("{columns}x{lines} {at}: {keys}"), &desk.picture("dark"));
        }
        let copied = desk.asked.iter().filter_map(|effect| match effect {
            Effect::Copy(text) => Some(text),
            _ => None,
        });
        let copied: Vec<&String> = copied.collect();
        assert!(!copied.is_empty());
        copied.iter().for_each(|text| shows_nobody("a copy", text));
    }
}

#[test]
fn the_marks_are_counted_and_the_blocked_can_be_unblocked() {
    let mut desk = open(80, 24);
    let text = |desk: &Desk| crate::picture::text(&desk.buffer("dark"));
    assert!(!text(&desk).contains("marked") && !text(&desk).contains("X unblock"), "{}", text(&desk));
    desk.press("<space><space>");
    let (first, last) = (text(&desk), text(&desk).trim_end().lines().last().unwrap().to_owned());
    assert!(first.lines().any(|line| line.contains("Workers ") && line.contains("2 marked")), "{first}");
    assert!(last.contains("on 2 marked"), "{last}");
    desk.press("/blocked:yes<enter>");
    let now = text(&desk);
    assert!(now.contains("0 marked, 2 hidden") && now.contains("on this one; 0 marked, 2 hidden"), "{now}");
    desk.press("U");
    let last = text(&desk).trim_end().lines().last().unwrap().to_owned();
    assert!(last.contains("X unblock"), "{last}");
}
