//! The Qualifications screen: holders, requests, and what is decided about them.

use super::*;
use crate::app::layout::Pane;
use crate::app::outbox::Stage;
use crate::app::people::Known;
use crate::app::quals::{Item, Tab};
use crate::domain::decision::Decision;
use crate::domain::id::{QualificationRequestId, QualificationTypeId};
use crate::domain::qualification::{KnownType, Qualification, QualificationRequest, QualificationType, TypeStatus};

pub(super) const TEST: &str = include_str!("../../../../tests/data/qualification/test.xml");
pub(super) const KEY: &str = include_str!("../../../../tests/data/qualification/key.xml");

fn kind(number: u32, own: bool) -> KnownType {
    let it = QualificationType {
        id: QualificationTypeId::parse(&format!("3KIND{number}")).unwrap(),
        created: Time(START),
        name: format!("Kind {number}"),
        description: "For a test".into(),
        keywords: None,
        status: TypeStatus::Active,
        test: Some(TEST.into()),
        test_duration: Some(Seconds(600)),
        answer_key: (number == 0).then(|| KEY.into()),
        retry_delay: None,
        requestable: true,
        auto_granted: None,
    };
    KnownType { it, own, holders: 3, requests: 1, read_at: None }
}

fn request(number: u32, of: u32, test: Option<&str>, chosen: &[&str]) -> QualificationRequest {
    let answer = |name: &str, chosen: &[&str]| {
        let each: String =
            chosen.iter().map(|one| format!("<SelectionIdentifier>{one}</SelectionIdentifier>")).collect();
        format!("<Answer><QuestionIdentifier>{name}</QuestionIdentifier>{each}</Answer>")
    };
    let answers = answer("battery", &["bad"]) + &answer("words", chosen);
    QualificationRequest {
        id: QualificationRequestId::parse(&format!("3REQUEST{number}")).unwrap(),
        type_id: kind(of, true).it.id,
        worker: worker(number).id,
        test: test.map(str::to_owned),
        answer: test.map(|_| format!("<QuestionFormAnswers xmlns='u'>{answers}</QuestionFormAnswers>")),
        submitted: Some(Time(START - 60)),
    }
}

fn held(number: u32, of: u32, score: i32, revoked: bool) -> Qualification {
    let (type_id, worker) = (kind(of, true).it.id, worker(number).id);
    Qualification { type_id, worker, granted: Some(Time(START)), score: Some(score), revoked }
}

/// Two types of one's own, of which the first has a key, one of somebody else; a request for each, and one untested.
pub(super) fn known() -> Known {
    Known {
        types: vec![kind(0, true), kind(1, true), kind(2, false)],
        requests: vec![
            request(0, 0, Some(TEST), &["love"]),
            request(1, 1, Some(TEST), &["love", "great"]),
            request(2, 1, None, &[]),
        ],
        qualifications: vec![held(0, 0, 50, false), held(1, 0, 80, false), held(2, 0, 90, true), held(3, 2, 7, false)],
        ..Known::default()
    }
}

pub(super) fn opened(options: Options) -> Desk {
    let mut desk = Desk::new(options, vec![]);
    desk.keys("3");
    assert!(desk.effects.contains(&Effect::ReadPeople));
    desk.event(Event::People(Box::new(known())));
    desk.effects.clear();
    desk
}

pub(super) fn desk() -> Desk {
    opened(Options::default())
}

pub(super) fn decisions(desk: &mut Desk) -> Vec<(String, Decision)> {
    let target = |new: NewDecision| match new.subject {
        Subject::Other(target) => (target.to_string(), new.decision),
        other => panic!("{other:?}"),
    };
    desk.persisted().into_iter().map(target).collect()
}

pub(super) fn workers(desk: &Desk) -> Vec<&str> {
    desk.state.quals_items().into_iter().map(|item| item.worker().as_str()).collect()
}

fn text(desk: &Desk) -> String {
    let document = desk.state.quals_text().unwrap();
    let line = |line: &crate::app::document::Line| {
        line.spans.iter().map(|span| span.text.as_str()).collect::<Vec<_>>().join(" ")
    };
    document.lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_first_line_stands_for_all_types_and_the_others_for_one() {
    let mut desk = desk();
    desk.keys("<tab><tab>");
    assert_eq!(workers(&desk), ["AWORKER0", "AWORKER1", "AWORKER2"]);
    desk.keys("j");
    assert_eq!(workers(&desk), ["AWORKER0"]);
    desk.keys("j");
    assert_eq!(workers(&desk), ["AWORKER1", "AWORKER2"]);
    desk.keys("<backtab>kk");
    assert_eq!(workers(&desk).len(), 4);
}

#[test]
fn a_request_shows_its_answers_and_what_the_key_makes_of_each() {
    let mut desk = desk();
    desk.keys("j<tab><tab>");
    let text = text(&desk);
    assert!(text.contains("(o) displeased") && text.contains("( ) pleased"), "{text}");
    assert!(text.contains("2 of 2 points") && text.contains("1 of 2 points"), "{text}");
    assert!(text.contains("75, for 3 points"), "{text}");
}

#[test]
fn a_grant_takes_what_the_key_proposes_and_can_be_taken_back() {
    let mut desk = desk();
    desk.keys("j<tab><tab><enter>a");
    assert_eq!(decisions(&mut desk), [("3REQUEST0".to_owned(), Decision::AcceptRequest { score: 75 })]);
    assert_eq!(desk.notice(), "the answer to 1 request staged; u takes it back");
    let badge = desk.state.quals_live(desk.state.quals_item().unwrap()).unwrap();
    assert_eq!((badge.verb, badge.stage), ("accept request", Stage::Staged));
    // The store has not answered, and nothing is decided twice.
    desk.keys("a");
    assert_eq!(decisions(&mut desk), []);
    desk.keys("u");
    assert_eq!(desk.state.quals_live(desk.state.quals_item().unwrap()), None);
}

#[test]
fn without_a_key_nothing_is_proposed_and_a_value_is_asked_for() {
    let mut desk = desk();
    desk.keys("jj<tab><tab><enter>a");
    assert_eq!(decisions(&mut desk), []);
    assert!(desk.notice().contains("no key that scores it"), "{}", desk.notice());
    desk.keys("Amuch<enter>");
    assert!(desk.state.overlay.is_some(), "a value is a number");
    desk.keys("<ctrl-u>88<enter>");
    assert_eq!(decisions(&mut desk), [("3REQUEST1".to_owned(), Decision::AcceptRequest { score: 88 })]);
    // Where nothing is tested the API's own value is proposed.
    desk.keys("ja");
    assert_eq!(decisions(&mut desk), [("3REQUEST2".to_owned(), Decision::AcceptRequest { score: 1 })]);
}

#[test]
fn all_that_is_shown_is_granted_as_far_as_something_is_proposed() {
    let mut desk = desk();
    desk.keys("<tab><tab><enter>*a");
    let values = decisions(&mut desk);
    assert_eq!(values.len(), 2, "{values:?}");
    assert!(desk.notice().contains("1 left as they are"), "{}", desk.notice());
    assert!(desk.state.people.quals.marks.is_empty());
}

#[test]
fn requests_are_rejected_with_a_reason() {
    let mut desk = desk();
    desk.keys("<tab><tab><enter><space><space>rPlease try again<enter>");
    let reason = Some("Please try again".to_owned());
    let reject = || Decision::RejectRequest { reason: reason.clone() };
    assert_eq!(decisions(&mut desk), [("3REQUEST0".to_owned(), reject()), ("3REQUEST1".to_owned(), reject())]);
    desk.keys("rno\u{7}");
    assert_eq!(decisions(&mut desk), []);
}

#[test]
fn holders_are_chosen_by_score_changed_revoked_and_restored() {
    let mut desk = desk();
    desk.keys("j<tab><enter>/>=60<enter>");
    assert_eq!(workers(&desk), ["AWORKER1", "AWORKER2"]);
    desk.keys("o");
    assert_eq!(decisions(&mut desk), [], "nothing was revoked");
    desk.keys("*e<ctrl-u>95<enter>");
    let grant = |score| Decision::Grant { score, tell: false };
    let of = |number: u32| format!("3KIND0 AWORKER{number}");
    assert_eq!(decisions(&mut desk), [(of(1), grant(95)), (of(2), grant(95))]);
    desk.keys("u");
    desk.keys("*xNot used any more<enter>");
    let revoke = Decision::Revoke { reason: Some("Not used any more".into()) };
    assert_eq!(decisions(&mut desk), [(of(1), revoke)]);
    desk.keys("uU");
    desk.keys("/<ctrl-u>revoked<enter>o");
    assert_eq!(decisions(&mut desk), [(of(2), grant(90))]);
}

#[test]
fn of_what_belongs_to_somebody_else_nothing_is_taken() {
    let mut desk = desk();
    desk.keys("jjj<tab><enter>");
    assert!(matches!(desk.state.quals_item(), Some(Item::Holder(held)) if held.score == Some(7)));
    desk.keys("x");
    assert_eq!(decisions(&mut desk), []);
    assert!(desk.notice().contains("only its owner"), "{}", desk.notice());
}

#[test]
fn many_at_once_are_asked_about_without_a_word_of_money() {
    let mut desk = opened(Options { confirm_count: 1, ..Options::default() });
    desk.keys("<tab><tab><enter>*A7<enter>");
    assert_eq!(decisions(&mut desk), []);
    let Some(crate::app::overlay::Overlay::Ask(ask)) = &desk.state.overlay else { panic!() };
    assert!(!format!("{} {:?}", ask.title, ask.lines).contains('$'), "{ask:?}");
    desk.keys("y");
    assert_eq!(decisions(&mut desk).len(), 3);
}

#[test]
fn a_read_only_desk_looks_and_decides_nothing() {
    let mut desk = opened(Options { read_only: true, ..Options::default() });
    desk.keys("<tab><tab><enter>a");
    assert!(desk.notice().contains("read-only"), "{}", desk.notice());
    desk.keys("rno<enter>A1<enter><backtab>x<enter>e1<enter>o");
    assert_eq!(decisions(&mut desk), []);
}

#[test]
fn when_everything_has_left_the_mirror_is_read_and_not_the_endpoint() {
    let mut desk = desk();
    desk.keys("*<tab><tab><enter>j<space><space>A1<enter>").store();
    desk.effects.clear();
    desk.becomes(1, OutboxState::Done);
    desk.event(Event::PeopleKept);
    assert_eq!(desk.effects, [], "another one is still to go");
    desk.becomes(2, OutboxState::Done);
    desk.event(Event::PeopleKept);
    assert_eq!(desk.effects, [Effect::LoadPeople]);
}

#[test]
fn the_endpoint_is_read_when_a_screen_is_opened_unless_that_was_just_done() {
    let mut desk = desk();
    desk.keys("132");
    assert_eq!(desk.effects.iter().filter(|effect| **effect == Effect::LoadPeople).count(), 2);
    assert!(!desk.effects.contains(&Effect::ReadPeople));
    desk.effects.clear();
    desk.keys("R");
    assert!(desk.effects.contains(&Effect::ReadPeople));
    desk.wait(60_000);
    desk.effects.clear();
    desk.keys("3");
    assert_eq!(desk.effects, [Effect::ReadPeople]);
}

fn lines_of_question(desk: &Desk) -> Vec<String> {
    let Some(crate::app::overlay::Overlay::Ask(ask)) = &desk.state.overlay else { panic!("no question") };
    ask.lines.clone()
}

/// What the editor is asked to open, and the answer that it gives.
fn write_in_editor(desk: &mut Desk, text: &str) {
    let request = desk.effects.iter().rev().find_map(|effect| match effect {
        Effect::Edit { request, .. } => Some(*request),
        _ => None,
    });
    desk.event(Event::Edited { request: request.unwrap(), text: Ok(text.to_owned()) });
}

#[test]
fn a_type_is_created_from_the_form_after_a_look_at_all_of_it() {
    let mut desk = desk();
    desk.keys("n<enter>Careful<enter>j<enter>Reads<enter>jjjj<enter>1d<enter>j<enter>");
    write_in_editor(&mut desk, TEST);
    desk.keys("j<enter>40m<enter>j<enter>");
    write_in_editor(&mut desk, KEY);
    desk.keys("s");
    let lines = lines_of_question(&desk);
    assert!(lines.iter().any(|line| line == "+ ask again after: 1d"), "{lines:?}");
    assert_eq!(decisions(&mut desk), []);
    desk.keys("y");
    let staged = decisions(&mut desk);
    let [(target, Decision::CreateType(draft))] = staged.as_slice() else { panic!("{staged:?}") };
    assert_eq!((target.as_str(), draft.test_duration, draft.retry_delay), ("Careful", Some(2_400), Some(86_400)));
    assert_eq!((draft.test.as_deref(), draft.answer_key.as_deref()), (Some(TEST), Some(KEY)));
    desk.keys("u");
    assert!(desk.notice().contains("taken back"), "{}", desk.notice());
}

#[test]
fn a_refused_question_leads_back_to_the_form_and_a_left_form_is_kept() {
    let mut desk = desk();
    desk.keys("je j<enter><ctrl-u>Reads twice<enter>sn");
    let Some(crate::app::overlay::Overlay::TypeForm(form)) = &desk.state.overlay else { panic!() };
    assert_eq!(form.changes().len(), 1);
    desk.keys("<esc>e");
    let Some(crate::app::overlay::Overlay::TypeForm(form)) = &desk.state.overlay else { panic!() };
    assert_eq!(form.changes().len(), 1);
    desk.keys("sy");
    let staged = decisions(&mut desk);
    assert!(matches!(staged.as_slice(), [(_, Decision::UpdateType(_))]), "{staged:?}");
    desk.store();
    desk.keys("e");
    assert!(desk.notice().contains("already on its way"), "{}", desk.notice());
}

#[test]
fn what_cannot_be_staged_says_why_in_the_form() {
    let mut desk = desk();
    desk.keys("je<enter>");
    let remarks = |desk: &Desk| match &desk.state.overlay {
        Some(crate::app::overlay::Overlay::TypeForm(form)) => form.remarks.join(" "),
        other => panic!("{other:?}"),
    };
    assert!(remarks(&desk).contains("renamed"), "{}", remarks(&desk));
    desk.keys("s");
    assert!(remarks(&desk).contains("nothing has been changed"), "{}", remarks(&desk));
    desk.keys("jjjjjj<enter>");
    write_in_editor(&mut desk, &TEST.replace("</QuestionForm>", ""));
    desk.keys("s");
    assert!(remarks(&desk).starts_with("test: line "), "{}", remarks(&desk));
    assert_eq!(decisions(&mut desk), []);
}

#[test]
fn deleting_a_type_says_what_goes_with_it() {
    let mut desk = desk();
    desk.keys("jD");
    assert!(lines_of_question(&desk).iter().any(|line| line.contains("1 request waiting would be rejected")));
    desk.keys("n");
    assert_eq!(decisions(&mut desk), []);
    desk.keys("Dy");
    assert_eq!(decisions(&mut desk), [("3KIND0".to_owned(), Decision::DeleteType)]);
    desk.keys("jjD");
    assert!(desk.notice().contains("somebody else"), "{}", desk.notice());
}

#[test]
fn after_a_request_the_cursor_goes_to_the_next_one_that_waits() {
    let mut desk = desk();
    desk.keys("<tab><tab><enter>");
    assert_eq!((desk.state.people.quals.tab, desk.state.quals_items().len()), (Tab::Requests, 3));
    desk.keys("a");
    assert_eq!(desk.state.people.quals.spot.cursor, 1);
    desk.keys("jA7<enter>");
    assert_eq!(desk.state.people.quals.spot.cursor, 1, "the one that was left out is the last that waits");
    desk.keys("r<enter>");
    assert_eq!(decisions(&mut desk).len(), 3);
    assert_eq!(desk.state.people.quals.spot.cursor, 1, "nobody waits any more");
}

#[test]
fn esc_backs_out_of_the_filter_before_it_leaves_the_list() {
    let mut desk = desk();
    desk.keys("j<tab><enter>/>=80<enter>");
    let before = desk.state.quals_items().len();
    desk.keys("<esc>");
    assert!(desk.state.quals_items().len() > before, "{}", desk.notice());
    assert_eq!(desk.state.focus, Pane::TypeTab);
    desk.keys("<esc>");
    assert_eq!(desk.state.focus, Pane::Types);
}
