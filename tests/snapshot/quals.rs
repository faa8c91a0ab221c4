//! The Qualifications screen: types, holders, requests with their answers, the test, the form.

use crate::desk::{Desk, START};
use hitdeck::app::event::Event;
use hitdeck::app::people::Known;
use hitdeck::domain::id::{QualificationRequestId, QualificationTypeId, WorkerId};
use hitdeck::domain::qualification::{
    HitUse, KnownType, Qualification, QualificationRequest, QualificationType, TypeStatus,
};
use hitdeck::domain::time::{Seconds, Time};
use insta::assert_snapshot;

pub const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];
const TEST: &str = include_str!("../data/qualification/test.xml");
const KEY: &str = include_str!("../data/qualification/key.xml");

fn id(number: u32) -> QualificationTypeId {
    QualificationTypeId::parse(&format!("3QUALIFICATION{number:016}")).unwrap()
}

fn kind(number: u32, name: &str, holders: u32, requests: u32) -> KnownType {
    let it = QualificationType {
        id: id(number),
        created: Time(START.0 - 864_000),
        name: name.to_owned(),
        description: "Whoever holds it has read the guidelines and passed the test on them.".to_owned(),
        keywords: Some("sentiment, reviews".to_owned()),
        status: if number == 2 { TypeStatus::Inactive } else { TypeStatus::Active },
        test: (number < 2).then(|| TEST.to_owned()),
        test_duration: (number < 2).then_some(Seconds(2_400)),
        answer_key: (number == 0).then(|| KEY.to_owned()),
        retry_delay: Some(Seconds(86_400)),
        requestable: true,
        auto_granted: (number == 2).then_some(1),
    };
    KnownType { it, own: number < 3, holders, requests, read_at: None }
}

fn worker(number: u32) -> WorkerId {
    WorkerId::parse(&format!("A{number}EXAMPLEWORKER")).unwrap()
}

fn request(number: u32, of: u32) -> QualificationRequest {
    let answer = "<QuestionFormAnswers xmlns='u'><Answer><QuestionIdentifier>battery</QuestionIdentifier>\
        <SelectionIdentifier>bad</SelectionIdentifier></Answer><Answer><QuestionIdentifier>words</QuestionIdentifier>\
        <SelectionIdentifier>love</SelectionIdentifier></Answer></QuestionFormAnswers>";
    QualificationRequest {
        id: QualificationRequestId::parse(&format!("3REQUEST{number}")).unwrap(),
        type_id: id(of),
        worker: worker(20 + number),
        test: Some(TEST.to_owned()),
        answer: Some(answer.to_owned()),
        submitted: Some(Time(START.0 - 7_200 + i64::from(number) * 600)),
    }
}

fn held(number: u32) -> Qualification {
    let score = Some([100, 75, 75, 50, 100, 25, 0, 75][number as usize % 8]);
    let granted = Some(Time(START.0 - 90_000 + i64::from(number) * 1_000));
    Qualification { type_id: id(0), worker: worker(number), granted, score, revoked: number == 5 }
}

pub fn opened(columns: u16, lines: u16) -> Desk {
    let mut desk = Desk::open(columns, lines);
    desk.press("3");
    let requirement = format!("{} GreaterThanOrEqualTo 75 PreviewAndAccept", id(0));
    desk.event(Event::People(Box::new(Known {
        types: vec![
            kind(0, "Sentiment basics", 13, 2),
            kind(1, "Sentiment, judged by hand", 0, 1),
            kind(2, "Took part in pilot 2026", 412, 0),
            kind(3, "Masters of somebody else \u{1b}[31m", 0, 0),
        ],
        requests: vec![request(0, 0), request(1, 1), request(2, 0)],
        qualifications: (0..14).map(held).collect(),
        uses: vec![HitUse { title: "Judge a product review".to_owned(), hits: 120, requirements: vec![requirement] }],
        ..Known::default()
    })));
    desk
}

#[test]
fn types_with_everything_about_the_one_under_the_cursor() {
    for (columns, lines) in SIZES {
        let mut desk = opened(columns, lines);
        desk.press("j");
        assert_snapshot!(format!("quals_types_{columns}x{lines}_dark"), desk.picture("dark"));
    }
}

#[test]
fn requests_with_answers_and_marks() {
    for (columns, lines) in SIZES {
        let mut desk = opened(columns, lines);
        desk.press("<tab><tab><enter><space>a");
        assert_snapshot!(format!("quals_requests_{columns}x{lines}_dark"), desk.picture("dark"));
    }
}

#[test]
fn holders_in_a_range_of_scores() {
    for (columns, lines) in SIZES {
        let mut desk = opened(columns, lines);
        desk.press("j<tab><enter>/>=50<enter><space><space>");
        assert_snapshot!(format!("quals_holders_{columns}x{lines}_dark"), desk.picture("dark"));
    }
}

#[test]
fn the_test_as_a_worker_sees_it() {
    for (columns, lines) in SIZES {
        let mut desk = opened(columns, lines);
        desk.press("j<tab><tab><tab>");
        assert_snapshot!(format!("quals_test_{columns}x{lines}_dark"), desk.picture("dark"));
    }
}

#[test]
fn the_form_says_what_is_locked_and_the_question_what_changes() {
    for (columns, lines) in SIZES {
        let mut desk = opened(columns, lines);
        desk.press("je<enter>");
        assert_snapshot!(format!("quals_form_{columns}x{lines}_dark"), desk.picture("dark"));
        desk.press("j<enter> Twice.<enter>jjjj<enter><ctrl-u>12h<enter>s");
        assert_snapshot!(format!("quals_diff_{columns}x{lines}_dark"), desk.picture("dark"));
    }
    let mut desk = opened(80, 24);
    desk.press("je");
    assert_snapshot!("quals_form_80x24_ascii", desk.picture("ascii"));
}

/// The last line of the screen.
fn footer(desk: &Desk) -> String {
    crate::picture::text(&desk.buffer("dark")).trim_end().lines().last().unwrap_or_default().to_owned()
}

#[test]
fn the_footer_offers_what_the_line_under_the_cursor_needs() {
    let mut desk = opened(80, 24);
    desk.press("j<tab><enter>");
    assert!(!footer(&desk).contains("o restore"), "{}", footer(&desk));
    desk.press("/revoked<enter>");
    assert!(footer(&desk).contains("o restore"), "{}", footer(&desk));
    let mut desk = opened(80, 24);
    desk.press("<tab><tab><enter>");
    assert!(!footer(&desk).contains("A grant with value"), "a key proposes it: {}", footer(&desk));
    desk.press("j");
    assert!(footer(&desk).contains("A grant with value"), "{}", footer(&desk));
}
