//! Qualification tests: scored by a key and granted at once, or waiting for the requester.

use aws_sdk_mturk::operation::create_qualification_type::builders::CreateQualificationTypeFluentBuilder;
use aws_sdk_mturk::types::QualificationTypeStatus;
use hitdeck::market::answers::{Given, from_given};
use serde_json::json;

use crate::support::{Desk, desk, refused};

const SCHEMAS: &str = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/";

/// A test with two questions, of three and two selections.
fn test() -> String {
    let question = |name: &str, selections: &[&str]| {
        let selections: String = selections
            .iter()
            .map(|name| {
                format!("<Selection><SelectionIdentifier>{name}</SelectionIdentifier><Text>{name}</Text></Selection>")
            })
            .collect();
        format!(
            "<Question><QuestionIdentifier>{name}</QuestionIdentifier><QuestionContent><Text>{name}?</Text></QuestionContent>\
             <AnswerSpecification><SelectionAnswer><Selections>{selections}</Selections></SelectionAnswer>\
             </AnswerSpecification></Question>"
        )
    };
    let (move_, fruit) = (question("nextmove", &["C", "D", "E"]), question("favoritefruit", &["apples", "pears"]));
    format!("<QuestionForm xmlns=\"{SCHEMAS}2017-11-06/QuestionForm.xsd\">{move_}{fruit}</QuestionForm>")
}

/// The documented key: D is worth 5, apples 10.
fn key(mapping: &str) -> String {
    let question = |name: &str, selection: &str, score: i32| {
        format!(
            "<Question><QuestionIdentifier>{name}</QuestionIdentifier><AnswerOption><SelectionIdentifier>{selection}\
             </SelectionIdentifier><AnswerScore>{score}</AnswerScore></AnswerOption></Question>"
        )
    };
    let (move_, fruit) = (question("nextmove", "D", 5), question("favoritefruit", "apples", 10));
    let mapping = if mapping.is_empty() {
        String::new()
    } else {
        format!("<QualificationValueMapping>{mapping}</QualificationValueMapping>")
    };
    format!("<AnswerKey xmlns=\"{SCHEMAS}2005-10-01/AnswerKey.xsd\">{move_}{fruit}{mapping}</AnswerKey>")
}

const PERCENT: &str = "<PercentageMapping><MaximumSummedScore>15</MaximumSummedScore></PercentageMapping>";
const SCALE: &str = "<ScaleMapping><SummedScoreMultiplier>1.5</SummedScoreMultiplier></ScaleMapping>";
const RANGES: &str = "<RangeMapping><SummedScoreRange><InclusiveLowerBound>5</InclusiveLowerBound>\
    <InclusiveUpperBound>7</InclusiveUpperBound><QualificationValue>5</QualificationValue></SummedScoreRange>\
    <SummedScoreRange><InclusiveLowerBound>8</InclusiveLowerBound><InclusiveUpperBound>10</InclusiveUpperBound>\
    <QualificationValue>10</QualificationValue></SummedScoreRange>\
    <OutOfRangeQualificationValue>0</OutOfRangeQualificationValue></RangeMapping>";

fn answer(move_: &str, fruit: &str) -> String {
    let selected = |name: &str| if name.is_empty() { Vec::new() } else { vec![name.to_owned()] };
    let (move_, fruit) = (selected(move_), selected(fruit));
    from_given([("nextmove", Given::Selected(&move_)), ("favoritefruit", Given::Selected(&fruit))])
}

impl Desk {
    /// A type with the test, ten minutes to take it.
    fn tested(&self, name: &str) -> CreateQualificationTypeFluentBuilder {
        let made = self.client.create_qualification_type().name(name).description("Two questions");
        let made = made.qualification_type_status(QualificationTypeStatus::Active);
        made.test(test()).test_duration_in_seconds(600)
    }
}

async fn id(made: CreateQualificationTypeFluentBuilder) -> String {
    made.send().await.unwrap().qualification_type.unwrap().qualification_type_id.unwrap()
}

#[tokio::test]
async fn a_test_with_a_key_is_scored_and_granted_at_once() {
    let desk = desk().await;
    let answers = [("D", "apples"), ("C", "apples"), ("D", "pears"), ("E", "pears"), ("", "")];
    let table = [
        ("", [15, 10, 5, 0, 0]),
        (PERCENT, [100, 67, 33, 0, 0]),
        (SCALE, [23, 15, 8, 0, 0]),
        (RANGES, [0, 10, 5, 0, 0]),
    ];
    for (mapping, expected) in table {
        let of = id(desk.tested(&format!("Test {mapping:.12}")).answer_key(key(mapping))).await;
        for (number, ((move_, fruit), expected)) in answers.into_iter().zip(expected).enumerate() {
            let worker = format!("A{number}WORKER");
            let asked = desk.ask(&of, &worker, Some(&answer(move_, fruit))).await.unwrap();
            assert_eq!(asked, json!({ "Status": "Granted", "IntegerValue": expected }), "{move_} {fruit} {mapping}");
            assert_eq!(desk.score(&of, &worker).await, Ok(expected));
        }
    }
    assert_eq!(desk.waiting(None).await, [], "none of them waits for the requester");
}

#[tokio::test]
async fn a_test_without_a_key_waits_with_question_and_answer() {
    let desk = desk().await;
    let made = desk.tested("By hand").send().await.unwrap().qualification_type.unwrap();
    let (shown, length) = (test(), Some(600));
    assert_eq!((made.test.as_deref(), made.test_duration_in_seconds), (Some(shown.as_str()), length));
    assert_eq!((made.answer_key, made.auto_granted), (None, Some(false)));
    let of = made.qualification_type_id.unwrap();
    let begun = desk.ask(&of, "A1WORKER", None).await.unwrap();
    let now = desk.market.clock.now().time().0;
    assert_eq!(begun, json!({ "Status": "Testing", "Test": test(), "Deadline": now + 600 }));
    assert_eq!(desk.waiting(None).await, [], "a test that is being taken does not concern the requester");

    desk.advance(30).await;
    let given = answer("C", "apples");
    assert_eq!(desk.ask(&of, "A1WORKER", Some(&given)).await.unwrap()["Status"], "Pending");
    let waiting = desk.waiting(Some(&of)).await;
    let request = &waiting[0];
    assert_eq!((request.test.as_deref(), request.answer.as_deref()), (Some(shown.as_str()), Some(given.as_str())));
    assert_eq!(request.submit_time.unwrap().secs(), now + 30);
    let id = request.qualification_request_id.clone().unwrap();
    desk.client.accept_qualification_request().qualification_request_id(id).integer_value(70).send().await.unwrap();
    assert_eq!(desk.score(&of, "A1WORKER").await, Ok(70));
}

#[tokio::test]
async fn a_retake_replaces_the_score_better_or_worse() {
    let desk = desk().await;
    let of = id(desk.tested("Again").answer_key(key("")).retry_delay_in_seconds(3_600)).await;
    let sit = async |move_: &str, fruit: &str| desk.ask(&of, "A1WORKER", Some(&answer(move_, fruit))).await;
    sit("C", "apples").await.unwrap();
    assert_eq!(desk.score(&of, "A1WORKER").await, Ok(10));
    assert!(sit("D", "apples").await.unwrap_err().contains("in 3600 seconds"));
    desk.advance(3_600).await;
    sit("D", "apples").await.unwrap();
    assert_eq!(desk.score(&of, "A1WORKER").await, Ok(15));
    desk.advance(3_600).await;
    sit("C", "pears").await.unwrap();
    assert_eq!(desk.score(&of, "A1WORKER").await, Ok(0));

    let once = id(desk.tested("Once").answer_key(key(""))).await;
    desk.ask(&once, "A1WORKER", Some(&answer("C", "pears"))).await.unwrap();
    desk.advance(1_000_000).await;
    let refusal = desk.ask(&once, "A1WORKER", Some(&answer("D", "apples"))).await.unwrap_err();
    assert!(refusal.contains("does not allow another request"), "{refusal}");
    assert_eq!(desk.score(&once, "A1WORKER").await, Ok(0));
}

#[tokio::test]
async fn a_test_has_its_time() {
    let desk = desk().await;
    let of = id(desk.tested("Timed").answer_key(key("")).retry_delay_in_seconds(3_600)).await;
    let right = answer("D", "apples");
    let first = desk.ask(&of, "A1WORKER", None).await.unwrap();
    desk.advance(600).await;
    let resumed = desk.ask(&of, "A1WORKER", None).await.unwrap();
    assert_eq!(resumed, first, "whoever comes back goes on with the test that was begun");
    desk.ask(&of, "A2WORKER", None).await.unwrap();
    desk.advance(1).await;
    let refusal = desk.ask(&of, "A1WORKER", Some(&right)).await.unwrap_err();
    assert!(refusal.contains("the time for the test was over 1 seconds ago"), "{refusal}");
    assert!(desk.score(&of, "A1WORKER").await.is_err());
    desk.ask(&of, "A2WORKER", Some(&right)).await.unwrap();
    // Beginning a test is asking: the delay counts from there.
    assert!(desk.ask(&of, "A1WORKER", None).await.unwrap_err().contains("in 2999 seconds"));
    desk.advance(2_999).await;
    desk.ask(&of, "A1WORKER", None).await.unwrap();
    desk.ask(&of, "A1WORKER", Some(&right)).await.unwrap();
    assert_eq!(desk.score(&of, "A1WORKER").await, Ok(15));
}

#[tokio::test]
async fn a_test_is_added_and_changed_but_never_taken_away() {
    let desk = desk().await;
    let of = desk.qualification_type_id("Growing").await;
    let update = || desk.client.update_qualification_type().qualification_type_id(&of);
    let with_test = || update().test(test()).test_duration_in_seconds(60);
    let added = with_test().answer_key(key("")).send().await.unwrap().qualification_type.unwrap();
    assert_eq!((added.test, added.answer_key), (Some(test()), Some(key(""))));
    assert_eq!(added.test_duration_in_seconds, Some(60));

    let kept = update().description("Without a word of the test").send().await.unwrap().qualification_type.unwrap();
    assert_eq!((kept.test, kept.answer_key), (Some(test()), Some(key(""))));
    for wrong in [update().auto_granted(true), update().answer_key(key("")), update().test(test())] {
        assert_eq!(refused(wrong.send().await).0, "ParameterValidationError");
    }
    // Whoever has begun the test finishes it by the rules it was begun with.
    desk.ask(&of, "A1WORKER", None).await.unwrap();
    let unscored = with_test().send().await.unwrap().qualification_type.unwrap();
    assert_eq!((unscored.test, unscored.answer_key), (Some(test()), None), "a test without a key has none any more");
    let asked = desk.ask(&of, "A1WORKER", Some(&answer("D", "pears"))).await.unwrap();
    assert_eq!(asked, json!({ "Status": "Granted", "IntegerValue": 5 }));
    let asked = desk.ask(&of, "A2WORKER", Some(&answer("D", "pears"))).await.unwrap();
    assert_eq!(asked["Status"], "Pending");
}

#[tokio::test]
async fn wrong_tests_and_keys_are_refused_with_line_and_column() {
    let desk = desk().await;
    let broken = test().replace("</QuestionForm>", "\n  <Question/></QuestionForm>");
    let free = test().replace("<SelectionAnswer>", "<FreeTextAnswer/><SelectionAnswer>");
    let attempts = [
        (desk.tested("n").test(broken), "Test: line 2, column 3"),
        (desk.tested("n").test(free), "Test: line 1"),
        (desk.tested("n").test("<p>no test</p>"), "Test: line 1, column 1"),
        (desk.tested("n").test("x".repeat(65_536)), "65535"),
        (desk.tested("n").answer_key(key("").replace("nextmove", "lastmove")), "AnswerKey: line 1"),
        (desk.tested("n").answer_key(key("").replace(">D<", ">X<")), "AnswerKey: line 1"),
        (desk.tested("n").answer_key(key("<Nothing/>")), "AnswerKey: line 1"),
    ];
    for (attempt, place) in attempts {
        let (code, message) = refused(attempt.send().await);
        assert_eq!(code, "ParameterValidationError");
        assert!(message.starts_with("There was an error parsing the XML") && message.contains(place), "{message}");
    }
    let automatic = refused(desk.tested("n").auto_granted(true).send().await);
    assert_eq!(automatic.0, "ParameterValidationError");
    assert!(automatic.1.contains("AutoGranted must not be true"), "{automatic:?}");
}
