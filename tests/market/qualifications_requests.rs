//! Workers ask for qualifications: granted by itself, by the requester, after a while again.

use aws_sdk_mturk::types::{QualificationRequest, QualificationTypeStatus};
use hitdeck::domain::id::WorkerId;
use hitdeck::market::storage::MessageKind;
use serde_json::{Value, json};

use crate::qualifications::{other, turk_code};
use crate::support::{Desk, desk, refused};

impl Desk {
    /// A worker asks for a type; the market's answer, or why not.
    pub async fn ask(&self, of: &str, worker: &str, answer: Option<&str>) -> Result<Value, String> {
        let body = json!({ "QualificationTypeId": of, "WorkerId": worker, "Answer": answer }).to_string();
        match self.post("/_control/request-qualification", &body).await {
            (200, answer) => Ok(answer),
            (status, refusal) => {
                assert!((400..500).contains(&status), "{status} {refusal}");
                Err(refusal["error"].as_str().unwrap().to_owned())
            }
        }
    }

    pub async fn waiting(&self, of: Option<&str>) -> Vec<QualificationRequest> {
        let list = self.client.list_qualification_requests().set_qualification_type_id(of.map(str::to_owned));
        let pages: Vec<_> = list.into_paginator().page_size(2).send().try_collect().await.unwrap();
        pages.into_iter().flat_map(|page| page.qualification_requests.unwrap()).collect()
    }
}

#[tokio::test]
async fn a_type_without_test_waits_for_the_requester() {
    let desk = desk().await;
    let of = desk.qualification_type_id("Trusted").await;
    let now = desk.market.clock.now().time().0;
    let asked = desk.ask(&of, "A1WORKER", None).await.unwrap();
    assert_eq!(asked["Status"], "Pending");
    let waiting = desk.waiting(None).await;
    assert_eq!(waiting.len(), 1);
    let request = &waiting[0];
    assert_eq!(request.qualification_request_id.as_deref(), asked["QualificationRequestId"].as_str());
    assert_eq!((request.worker_id.as_deref(), request.qualification_type_id.as_ref()), (Some("A1WORKER"), Some(&of)));
    assert_eq!((request.test.as_deref(), request.answer.as_deref()), (None, None));
    assert_eq!(request.submit_time.unwrap().secs(), now);
    assert!(desk.score(&of, "A1WORKER").await.is_err());

    let id = asked["QualificationRequestId"].as_str().unwrap();
    let accept = || desk.client.accept_qualification_request().qualification_request_id(id);
    accept().integer_value(80).send().await.unwrap();
    assert_eq!(desk.score(&of, "A1WORKER").await, Ok(80));
    assert_eq!(desk.waiting(None).await, []);
    assert_eq!(
        turk_code!(accept().send().await, accept_qualification_request::AcceptQualificationRequestError),
        "AWS.MechanicalTurk.InvalidQualificationRequestState"
    );
    let unknown = desk.client.reject_qualification_request().qualification_request_id("none").send().await;
    assert_eq!(
        turk_code!(unknown, reject_qualification_request::RejectQualificationRequestError),
        "AWS.MechanicalTurk.QualificationRequestDoesNotExist"
    );
}

#[tokio::test]
async fn an_accepted_request_without_value_is_worth_one_and_a_rejected_one_nothing() {
    let desk = desk().await;
    let of = desk.qualification_type_id("Trusted").await;
    desk.ask(&of, "A1WORKER", None).await.unwrap();
    desk.ask(&of, "A2WORKER", None).await.unwrap();
    let waiting = desk.waiting(Some(&of)).await;
    let id = |number: usize| waiting[number].qualification_request_id.clone().unwrap();
    desk.client.accept_qualification_request().qualification_request_id(id(0)).send().await.unwrap();
    let reject = desk.client.reject_qualification_request().qualification_request_id(id(1));
    reject.reason("Not this time").send().await.unwrap();
    assert_eq!(desk.score(&of, "A1WORKER").await, Ok(1));
    assert!(desk.score(&of, "A2WORKER").await.unwrap_err().contains("does not exist"));
    assert_eq!(desk.waiting(None).await, []);
}

#[tokio::test]
async fn requests_are_listed_oldest_first_for_all_types_or_for_one() {
    let desk = desk().await;
    let (one, two) = (desk.qualification_type_id("One").await, desk.qualification_type_id("Two").await);
    for (of, worker) in [(&one, "A1W"), (&two, "A2W"), (&one, "A3W"), (&one, "A4W"), (&two, "A1W")] {
        desk.ask(of, worker, None).await.unwrap();
        desk.advance(1).await;
    }
    let workers = async |of: Option<&str>| {
        let waiting = desk.waiting(of).await;
        waiting.into_iter().map(|request| request.worker_id.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(workers(None).await, ["A1W", "A2W", "A3W", "A4W", "A1W"]);
    assert_eq!(workers(Some(&one)).await, ["A1W", "A3W", "A4W"]);
    assert_eq!(workers(Some(&two)).await, ["A2W", "A1W"]);
}

#[tokio::test]
async fn a_type_that_is_granted_by_itself_is_granted_at_once() {
    let desk = desk().await;
    let made = desk.client.create_qualification_type().name("Consent").description("d").auto_granted(true);
    let made = made.qualification_type_status(QualificationTypeStatus::Active).auto_granted_value(42).send().await;
    let of = made.unwrap().qualification_type.unwrap().qualification_type_id.unwrap();
    let asked = desk.ask(&of, "A1WORKER", None).await.unwrap();
    assert_eq!(asked, json!({ "Status": "Granted", "IntegerValue": 42 }));
    assert_eq!(desk.score(&of, "A1WORKER").await, Ok(42));
    assert_eq!(desk.waiting(None).await, []);
    let again = desk.ask(&of, "A1WORKER", None).await.unwrap_err();
    assert!(again.contains("does not allow another request"), "{again}");
}

#[tokio::test]
async fn without_a_delay_a_type_is_asked_for_once_and_with_one_again() {
    let desk = desk().await;
    let of = desk.qualification_type_id("Trusted").await;
    desk.ask(&of, "A1WORKER", None).await.unwrap();
    let refusal = desk.ask(&of, "A1WORKER", None).await.unwrap_err();
    assert!(refusal.contains("that request waits for an answer"), "{refusal}");
    let id = desk.waiting(None).await[0].qualification_request_id.clone().unwrap();
    desk.client.reject_qualification_request().qualification_request_id(id).send().await.unwrap();
    desk.advance(1_000_000).await;
    let refusal = desk.ask(&of, "A1WORKER", None).await.unwrap_err();
    assert!(refusal.contains("does not allow another request"), "{refusal}");

    let update = desk.client.update_qualification_type().qualification_type_id(&of).retry_delay_in_seconds(2_000_000);
    update.send().await.unwrap();
    let refusal = desk.ask(&of, "A1WORKER", None).await.unwrap_err();
    assert!(refusal.contains("can do so again in 1000000 seconds"), "{refusal}");
    desk.advance(999_999).await;
    assert!(desk.ask(&of, "A1WORKER", None).await.unwrap_err().contains("in 1 seconds"));
    desk.advance(1).await;
    assert_eq!(desk.ask(&of, "A1WORKER", None).await.unwrap()["Status"], "Pending");
}

#[tokio::test]
async fn an_inactive_type_cannot_be_asked_for_and_what_waits_can_be_decided() {
    let desk = desk().await;
    let of = desk.qualification_type_id("Trusted").await;
    let id = desk.ask(&of, "A1WORKER", None).await.unwrap();
    let rest = desk.client.update_qualification_type().qualification_type_id(&of);
    rest.qualification_type_status(QualificationTypeStatus::Inactive).send().await.unwrap();
    let refusal = desk.ask(&of, "A2WORKER", None).await.unwrap_err();
    assert!(refusal.contains("cannot be requested: it is Inactive"), "{refusal}");
    let id = id["QualificationRequestId"].as_str().unwrap();
    desk.client.accept_qualification_request().qualification_request_id(id).send().await.unwrap();
    assert_eq!(desk.score(&of, "A1WORKER").await, Ok(1));
}

#[tokio::test]
async fn a_given_value_leaves_the_request_where_it_is() {
    let desk = desk().await;
    let of = desk.qualification_type_id("Trusted").await;
    desk.ask(&of, "A1WORKER", None).await.unwrap();
    desk.grant(&of, "A1WORKER", 9).await;
    let waiting = desk.waiting(None).await;
    assert_eq!(waiting.len(), 1);
    let id = waiting[0].qualification_request_id.clone().unwrap();
    desk.client.accept_qualification_request().qualification_request_id(id).integer_value(2).send().await.unwrap();
    assert_eq!(desk.score(&of, "A1WORKER").await, Ok(2), "accepting overwrites");
}

#[tokio::test]
async fn deleting_a_type_rejects_what_waits_and_takes_nothing_away() {
    let desk = desk().await;
    let of = desk.qualification_type_id("Trusted").await;
    desk.worker("A1WORKER").await;
    desk.grant(&of, "A1WORKER", 3).await;
    let request = desk.ask(&of, "A2WORKER", None).await.unwrap();
    desk.client.delete_qualification_type().qualification_type_id(&of).send().await.unwrap();
    assert_eq!(desk.waiting(None).await, []);
    let id = request["QualificationRequestId"].as_str().unwrap();
    let late = desk.client.accept_qualification_request().qualification_request_id(id).send().await;
    assert!(refused(late).1.starts_with("This operation can be called with a status of: Pending ("));
    assert_eq!(desk.score(&of, "A1WORKER").await, Ok(3));
    let gone = format!("QualificationType {of} does not exist. (");
    let again = refused(desk.client.delete_qualification_type().qualification_type_id(&of).send().await);
    assert!(again.1.starts_with(&gone), "{again:?}");
    let give = desk.client.associate_qualification_with_worker().qualification_type_id(&of).worker_id("A1WORKER");
    assert!(refused(give.send().await).1.starts_with(&gone));
    assert!(desk.ask(&of, "A3WORKER", None).await.unwrap_err().contains("does not exist"));
    // No HIT requires it: its name is free at once.
    desk.qualification_type("Trusted").await;
}

#[tokio::test]
async fn a_worker_is_told_what_was_decided_and_why() {
    let desk = desk().await;
    let (one, two) = (desk.qualification_type_id("One").await, desk.qualification_type_id("Two").await);
    desk.worker("A1WORKER").await;
    let quietly = desk.client.associate_qualification_with_worker().qualification_type_id(&one).worker_id("A1WORKER");
    quietly.send_notification(false).send().await.unwrap();
    desk.grant(&one, "A1WORKER", 2).await;
    let taken = desk.client.disassociate_qualification_from_worker().qualification_type_id(&one).worker_id("A1WORKER");
    taken.reason("too fast").send().await.unwrap();
    for of in [&one, &two] {
        desk.ask(of, "A1WORKER", None).await.unwrap();
    }
    let id = desk.waiting(Some(&one)).await[0].qualification_request_id.clone().unwrap();
    desk.client.reject_qualification_request().qualification_request_id(id).reason("not yet").send().await.unwrap();
    desk.client.delete_qualification_type().qualification_type_id(&two).send().await.unwrap();
    let worker = WorkerId::parse("A1WORKER").unwrap();
    let told = desk.market.service.messages(&worker, None, 10).await.unwrap();
    let told: Vec<_> = told.iter().rev().map(|m| (m.kind, m.qualification.as_ref(), m.text.as_deref())).collect();
    assert_eq!(
        told,
        [
            (MessageKind::Granted, Some(&one), None),
            (MessageKind::Revoked, Some(&one), Some("too fast")),
            (MessageKind::RequestRejected, Some(&one), Some("not yet")),
            (MessageKind::RequestRejected, Some(&two), Some("The qualification type was deleted.")),
        ]
    );
}

#[tokio::test]
async fn anothers_requests_behave_as_not_existing() {
    let desk = desk().await;
    let of = desk.qualification_type_id("Trusted").await;
    let id = desk.ask(&of, "A1WORKER", None).await.unwrap()["QualificationRequestId"].as_str().unwrap().to_owned();
    let other = other(&desk).await;
    assert_eq!(other.list_qualification_requests().send().await.unwrap().num_results, Some(0));
    let refusals = [
        refused(other.accept_qualification_request().qualification_request_id(&id).send().await),
        refused(other.reject_qualification_request().qualification_request_id(&id).send().await),
    ];
    for (_, message) in refusals {
        assert!(message.starts_with(&format!("QualificationRequest {id} does not exist. (")), "{message}");
    }
    assert_eq!(desk.waiting(None).await.len(), 1);
}

#[tokio::test]
async fn what_is_not_a_request_is_refused() {
    let desk = desk().await;
    let of = desk.qualification_type_id("Trusted").await;
    assert!(desk.ask("3NOSUCHTYPE", "A1WORKER", None).await.unwrap_err().contains("does not exist"));
    assert!(desk.ask("000000000000000000L0", "A1WORKER", None).await.unwrap_err().contains("does not exist"));
    assert!(desk.ask(&of, "lower case", None).await.is_err());
    let refusal = desk.ask(&of, "A1WORKER", Some("hello")).await.unwrap_err();
    assert!(refusal.contains("error parsing the XML"), "{refusal}");
    let answer = hitdeck::market::answers::from_fields([("q", "a")]);
    let refusal = desk.ask(&of, "A1WORKER", Some(&answer)).await.unwrap_err();
    assert!(refusal.contains("it has no test"), "{refusal}");
    // Whoever was refused has not become a worker by it.
    let give = desk.client.associate_qualification_with_worker().qualification_type_id(&of).worker_id("A1WORKER");
    assert_eq!(refused(give.send().await).0, "ParameterValidationError");
}
