//! Messages to workers: who gets them, and what is said of those who do not.

use aws_sdk_mturk::types::{NotifyWorkersFailureCode, QualificationTypeStatus};
use hitdeck::domain::id::WorkerId;
use hitdeck::market::storage::MessageKind;

use crate::support::{desk, refused};

#[tokio::test]
async fn only_workers_whose_work_was_decided_get_a_message() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    let (good, bad) = (desk.work(&hit, "A1WORKER").await, desk.work(&hit, "A2WORKER").await);
    desk.work(&hit, "A3WORKER").await;
    desk.client.approve_assignment().assignment_id(good).send().await.unwrap();
    desk.client.reject_assignment().assignment_id(bad).requester_feedback("empty").send().await.unwrap();
    let notify = desk.client.notify_workers().subject("New HITs").message_text("There is more work.");
    let failed = notify
        .clone()
        .set_worker_ids(Some(["A1WORKER", "A2WORKER", "A3WORKER", "A4NOBODY", "A1WORKER"].map(str::to_owned).into()))
        .send()
        .await
        .unwrap()
        .notify_workers_failure_statuses
        .unwrap();
    let failed: Vec<(String, String)> = failed
        .into_iter()
        .map(|status| {
            assert_eq!(status.notify_workers_failure_code, Some(NotifyWorkersFailureCode::HardFailure));
            (status.worker_id.unwrap(), status.notify_workers_failure_message.unwrap())
        })
        .collect();
    assert_eq!(failed[0].0, "A3WORKER");
    assert_eq!(failed[0].1, "Cannot send a notification to a worker who has not done any work for you");
    assert_eq!((failed[1].0.as_str(), failed.len()), ("A4NOBODY", 2));

    let read =
        async |worker: &str| desk.market.service.messages(&WorkerId::parse(worker).unwrap(), None, 10).await.unwrap();
    let told = read("A1WORKER").await;
    assert_eq!(told.len(), 1, "named twice, told once");
    assert_eq!((told[0].kind, told[0].from.as_str()), (MessageKind::Letter, "requester"));
    assert_eq!(told[0].subject.as_deref(), Some("New HITs"));
    assert_eq!(told[0].text.as_deref(), Some("There is more work."));
    assert_eq!((read("A2WORKER").await.len(), read("A3WORKER").await.len(), read("A4NOBODY").await.len()), (1, 0, 0));

    let all = notify.worker_ids("A1WORKER").send().await.unwrap();
    assert_eq!(all.notify_workers_failure_statuses, Some(vec![]), "present when all succeeded");
    let told = read("A1WORKER").await;
    let older = desk.market.service.messages(&WorkerId::parse("A1WORKER").unwrap(), Some(told[0].place), 10).await;
    assert_eq!(older.unwrap(), told[1..]);
}

#[tokio::test]
async fn a_message_has_the_documented_bounds() {
    let desk = desk().await;
    let notify = |subject: &str, text: &str, workers: usize| {
        let ids = (0..workers).map(|number| format!("A{number}")).collect();
        desk.client.notify_workers().subject(subject).message_text(text).set_worker_ids(Some(ids)).send()
    };
    assert_eq!(
        notify(&"\u{e4}".repeat(200), &"x".repeat(4_096), 100)
            .await
            .unwrap()
            .notify_workers_failure_statuses
            .unwrap()
            .len(),
        100
    );
    for (subject, text, workers, parameter) in [
        ("x".repeat(201), "x".to_owned(), 1, "Subject"),
        (String::new(), "x".to_owned(), 1, "Subject"),
        ("x".to_owned(), "x".repeat(4_097), 1, "MessageText"),
        ("x".to_owned(), String::new(), 1, "MessageText"),
        ("x".to_owned(), "x".to_owned(), 101, "WorkerIds"),
        ("x".to_owned(), "x".to_owned(), 0, "WorkerIds"),
    ] {
        let (code, message) = refused(notify(&subject, &text, workers).await);
        assert_eq!((code.as_str(), message.contains(parameter)), ("ParameterValidationError", true), "{message}");
    }
    let (code, message) = refused(desk.client.notify_workers().worker_ids("a1").worker_ids("A1").send().await);
    assert_eq!(code, "ValidationException");
    for wrong in ["'subject'", "'messageText'", "'workerIds'", "3 validation errors"] {
        assert!(message.contains(wrong), "{message}");
    }
}

#[tokio::test]
async fn workers_are_told_of_their_qualifications() {
    let desk = desk().await;
    let made = desk.client.create_qualification_type().name("Asked for").description("d");
    let made = made.qualification_type_status(QualificationTypeStatus::Active).send().await.unwrap();
    let made = made.qualification_type.unwrap().qualification_type_id.unwrap();
    let worker = WorkerId::parse("A1WORKER").unwrap();
    let hit = desk.published().await.hit_id.unwrap();
    desk.accept(&hit, worker.as_str()).await;
    let asked = format!(r#"{{"QualificationTypeId":"{made}","WorkerId":"{worker}"}}"#);
    assert_eq!(desk.post("/_control/request-qualification", &asked).await.0, 200);
    let requests = desk.client.list_qualification_requests().send().await.unwrap().qualification_requests.unwrap();
    let request = requests[0].qualification_request_id.clone().unwrap();
    desk.client
        .reject_qualification_request()
        .qualification_request_id(request)
        .reason("not yet")
        .send()
        .await
        .unwrap();
    let grant =
        desk.client.associate_qualification_with_worker().qualification_type_id(&made).worker_id(worker.as_str());
    grant.clone().send_notification(false).send().await.unwrap();
    grant.send().await.unwrap();
    let revoke = desk.client.disassociate_qualification_from_worker().qualification_type_id(&made);
    revoke.worker_id(worker.as_str()).reason("take it again").send().await.unwrap();
    let told = desk.market.service.messages(&worker, None, 10).await.unwrap();
    let told: Vec<(MessageKind, Option<&str>)> = told.iter().map(|told| (told.kind, told.text.as_deref())).collect();
    let expected = [
        (MessageKind::Revoked, Some("take it again")),
        (MessageKind::Granted, None),
        (MessageKind::RequestRejected, Some("not yet")),
    ];
    assert_eq!(told, expected, "a grant without notification is not told");
}
