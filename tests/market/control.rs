//! The control interface.

use hitdeck::market::serve::{Options, start};
use serde_json::json;

use crate::support::{desk, desk_with, http, still};

#[tokio::test]
async fn tests_are_workers_hands() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    let (status, accepted) =
        desk.post("/_control/accept", &json!({"HITId": hit, "WorkerId": "A1WORKER"}).to_string()).await;
    assert_eq!(status, 200, "{accepted}");
    let id = accepted["AssignmentId"].as_str().unwrap();
    let fields =
        json!({"AssignmentId": id, "Fields": {"sentiment": "good", "note": "a < b \u{1F600}", "workerId": "x"}});
    assert_eq!(desk.post("/_control/submit", &fields.to_string()).await, (200, json!({})));
    let shown = desk.client.get_assignment().assignment_id(id).send().await.unwrap().assignment.unwrap();
    let answer = shown.answer.unwrap();
    assert!(answer.contains("<QuestionIdentifier>sentiment</QuestionIdentifier><FreeText>good</FreeText>"), "{answer}");
    assert!(answer.contains("<FreeText>a &lt; b &#128512;</FreeText>") && !answer.contains("workerId"), "{answer}");
    let (status, again) = desk.post("/_control/submit", &fields.to_string()).await;
    assert_eq!((status, again["error"].as_str().unwrap().contains("was submitted already")), (409, true));
}

#[tokio::test]
async fn an_answer_can_be_given_as_a_document() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    let id = desk.accept(&hit, "A1WORKER").await;
    for wrong in ["<QuestionFormAnswers>", "plain", "<a/>"] {
        let body = json!({"AssignmentId": id.as_str(), "Answer": wrong}).to_string();
        assert_eq!(desk.post("/_control/submit", &body).await.0, 409, "{wrong}");
    }
    let document = "<QuestionFormAnswers xmlns=\"http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/QuestionFormAnswers.xsd\"/>";
    let body = json!({"AssignmentId": id.as_str(), "Answer": document}).to_string();
    assert_eq!(desk.post("/_control/submit", &body).await.0, 200);
    let shown = desk.client.get_assignment().assignment_id(id.as_str()).send().await.unwrap().assignment.unwrap();
    assert_eq!(shown.answer.as_deref(), Some(document));
}

#[tokio::test]
async fn what_a_worker_cannot_do_is_refused_with_the_reason() {
    let desk = desk().await;
    let hit = desk.hit().max_assignments(1).send().await.unwrap().hit.unwrap().hit_id.unwrap();
    let accept = |hit: &str, worker: &str| json!({"HITId": hit, "WorkerId": worker}).to_string();
    let id = desk.accept(&hit, "A1WORKER").await;
    let table = [
        ("accept", accept("3NOSUCHHIT", "A1WORKER"), 404, "does not exist"),
        ("accept", accept(&hit, "A1WORKER"), 409, "has an assignment of HIT"),
        ("accept", accept(&hit, "A2WORKER"), 409, "it is Unassignable"),
        ("accept", accept(&hit, "nobody"), 400, "not a worker ID"),
        ("accept", json!({"HITId": hit}).to_string(), 400, "\"WorkerId\" must be given"),
        ("accept", "no json".into(), 400, "not JSON"),
        ("submit", json!({"AssignmentId": "3NOSUCH", "Fields": {}}).to_string(), 404, "does not exist"),
        ("submit", json!({"AssignmentId": id.as_str()}).to_string(), 400, "either \"Answer\""),
        ("submit", json!({"AssignmentId": id.as_str(), "Fields": {"a": 1}}).to_string(), 400, "must be a text"),
        ("return", json!({"AssignmentId": "3NOSUCH"}).to_string(), 404, "does not exist"),
        ("clock", json!({"advance_seconds": -1}).to_string(), 400, "never runs backwards"),
        ("clock", json!({}).to_string(), 400, "advance_seconds"),
        ("faults", "oops=1".into(), 400, "is not a fault"),
        ("request-qualification", "{}".into(), 400, "QualificationTypeId"),
        ("nonsense", "{}".into(), 404, "there is no"),
        ("ledger", "{}".into(), 405, "called with GET"),
    ];
    for (call, body, status, reason) in table {
        let (got, said) = desk.post(&format!("/_control/{call}"), &body).await;
        assert_eq!(got, status, "{call} {body}: {said}");
        assert!(said["error"].as_str().unwrap().contains(reason), "{call} {body}: {said}");
    }
    assert_eq!(
        desk.post("/_control/return", &json!({"AssignmentId": id.as_str()}).to_string()).await,
        (200, json!({}))
    );
}

#[tokio::test]
async fn the_clock_is_moved_and_money_follows() {
    let desk = desk().await;
    let before = desk.market.clock.now().time().0;
    let (status, moved) = desk.post("/_control/clock", r#"{"advance_seconds": 3600}"#).await;
    assert_eq!((status, moved), (200, json!({"now": before + 3_600})));
    assert_eq!(desk.fetch("/_control/clock").await, (200, json!({"now": before + 3_600})));
    let deposit = &desk.ledger().await[0];
    assert_eq!((deposit["kind"].as_str(), deposit["amount"].as_str()), (Some("deposit"), Some("10000.00")));
}

#[tokio::test]
async fn requests_are_counted_by_outcome() {
    let desk = desk().await;
    desk.client.list_hits().send().await.unwrap();
    desk.client.list_hits().send().await.unwrap();
    desk.client.get_hit().hit_id("3NOSUCHHIT").send().await.unwrap_err();
    let counts = json!({"GetHIT": {"RequestError": 1}, "ListHITs": {"ok": 2}});
    assert_eq!(desk.fetch("/_control/requests").await, (200, counts));
}

#[tokio::test]
async fn web_pages_are_kept_out() {
    let desk = desk().await;
    for header in ["Origin: http://localhost\r\n", "Sec-Fetch-Site: same-origin\r\n", "Host: example.org\r\n"] {
        let (status, body) = http(&desk.market.endpoint, "GET", "/_control/ledger", header, "").await.unwrap();
        assert_eq!(status, 403, "{header}{body}");
    }
}

#[tokio::test]
async fn control_is_off_unless_asked_for_and_never_beyond_loopback() {
    let desk = desk_with(Options { control: false, ..still() }).await;
    assert_eq!(desk.fetch("/_control/ledger").await.0, 404);
    let wide = Options { listen: "0.0.0.0:0".parse().unwrap(), ..still() };
    let error = start(wide).await.err().unwrap().to_string();
    assert!(error.contains("loopback address only"), "{error}");
}
