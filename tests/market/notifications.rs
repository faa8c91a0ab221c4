//! Notification events: what is told of a HIT's life, to queues, topics and web hooks, and what happens when nobody listens.

use std::time::Duration;

use aws_sdk_mturk::types::{EventType, NotificationSpecification, NotificationTransport};
use hitdeck::market::deliver;
use hitdeck::market::serve::{Options, start};
use hitdeck::market::storage::DestinationRecord;
use serde_json::Value;

use crate::mailbox::{Mailbox, QUEUE, Reply, TOPIC, events_of, options};
use crate::support::{Desk, client, desk, desk_with, refused, still};

const ALL: [EventType; 11] = [
    EventType::AssignmentAccepted,
    EventType::AssignmentAbandoned,
    EventType::AssignmentReturned,
    EventType::AssignmentSubmitted,
    EventType::AssignmentRejected,
    EventType::AssignmentApproved,
    EventType::HitCreated,
    EventType::HitExpired,
    EventType::HitReviewable,
    EventType::HitExtended,
    EventType::HitDisposed,
];

fn to(transport: NotificationTransport, destination: &str, events: &[EventType]) -> NotificationSpecification {
    NotificationSpecification::builder()
        .destination(destination)
        .transport(transport)
        .version("2014-08-15")
        .set_event_types(Some(events.to_vec()))
        .build()
        .unwrap()
}

fn to_queue(events: &[EventType]) -> NotificationSpecification {
    to(NotificationTransport::Sqs, QUEUE, events)
}

/// A market whose queues and topics are the mailbox, and a HIT type that tells these events to the queue.
async fn watched(mailbox: &Mailbox, events: &[EventType]) -> (Desk, String) {
    let desk = desk_with(Options { notify: options(&mailbox.endpoint), ..still() }).await;
    let hit_type = new_type(&desk).await;
    let settings = desk.client.update_notification_settings().hit_type_id(&hit_type);
    settings.notification(to_queue(events)).active(true).send().await.unwrap();
    (desk, hit_type)
}

async fn new_type(desk: &Desk) -> String {
    let made = desk.client.create_hit_type().title("Tag an image").description("d").reward("0.05");
    made.assignment_duration_in_seconds(600).send().await.unwrap().hit_type_id.unwrap()
}

async fn publish(desk: &Desk, hit_type: &str, assignments: i32) -> String {
    let made = desk.client.create_hit_with_hit_type().hit_type_id(hit_type).lifetime_in_seconds(3_600);
    let made = made.max_assignments(assignments).question(crate::support::QUESTION).send().await.unwrap();
    made.hit.unwrap().hit_id.unwrap()
}

/// Waits until the only destination is as it must be.
async fn destination(desk: &Desk, is: impl Fn(&DestinationRecord) -> bool) -> DestinationRecord {
    let wait = async {
        loop {
            let found = desk.market.service.destinations().await.unwrap().pop();
            if let Some(found) = found
                && is(&found)
            {
                return found;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), wait).await.expect("the destination never got there")
}

#[tokio::test]
async fn the_life_of_a_hit_is_told_event_by_event() {
    let mut mailbox = Mailbox::open().await;
    let (desk, hit_type) = watched(&mailbox, &ALL).await;
    let hit = publish(&desk, &hit_type, 2).await;
    let created = mailbox.next().await;
    assert_eq!(created.path, "/123456789012/events");
    let form = created.queued("sqs", "eu-west-1");
    assert_eq!((form["Action"].as_str(), form["QueueUrl"].as_str()), ("SendMessage", QUEUE));
    let document: Value = serde_json::from_str(&form["MessageBody"]).unwrap();
    assert_eq!(document["EventDocVersion"], "2014-08-15");
    assert!(document["CustomerId"].as_str().unwrap().starts_with('A'));
    let event = &document["Events"][0];
    for (member, expected) in [("EventType", "HITCreated"), ("HITTypeId", &hit_type), ("HITId", &hit)] {
        assert_eq!(event[member], expected, "{member}");
    }
    let at: jiff::Timestamp = event["EventTimestamp"].as_str().unwrap().parse().unwrap();
    assert_eq!(at.as_second(), desk.market.clock.now().time().0);

    let first = desk.accept(&hit, "A1WORKER").await;
    assert_eq!(mailbox.events().await, [format!("AssignmentAccepted {first}")]);
    desk.market.service.give_back(&first).await.unwrap();
    assert_eq!(mailbox.events().await, [format!("AssignmentReturned {first}")]);
    let first = desk.accept(&hit, "A1WORKER").await;
    mailbox.events().await;
    desk.advance(600).await;
    assert_eq!(mailbox.events().await, [format!("AssignmentAbandoned {first}")]);
    let (good, bad) = (desk.work(&hit, "A1WORKER").await, desk.work(&hit, "A2WORKER").await);
    for _ in 0..3 {
        mailbox.events().await;
    }
    assert_eq!(mailbox.events().await, [format!("AssignmentSubmitted {bad}"), "HITReviewable".into()]);
    desk.client.approve_assignment().assignment_id(&good).send().await.unwrap();
    assert_eq!(mailbox.events().await, [format!("AssignmentApproved {good}")]);
    desk.client.reject_assignment().assignment_id(&bad).requester_feedback("no").send().await.unwrap();
    assert_eq!(mailbox.events().await, [format!("AssignmentRejected {bad}")]);
    desk.client.delete_hit().hit_id(&hit).send().await.unwrap();
    assert_eq!(mailbox.events().await, ["HITDisposed"]);

    let hit = publish(&desk, &hit_type, 1).await;
    mailbox.events().await;
    desk.advance(3_600).await;
    assert_eq!(mailbox.events().await, ["HITExpired", "HITReviewable"]);
    let later = aws_sdk_mturk::primitives::DateTime::from_secs(desk.market.clock.now().time().0 + 60);
    desk.client.update_expiration_for_hit().hit_id(&hit).expire_at(later).send().await.unwrap();
    assert_eq!(mailbox.events().await, ["HITExtended"]);
    assert!(mailbox.is_empty());
    let record = destination(&desk, |record| record.waiting == 0).await;
    assert_eq!((record.delivered, record.dropped, record.last_error), (15, 0, None));
}

#[tokio::test]
async fn only_what_the_settings_name_is_told_and_only_while_they_are_active() {
    let mut mailbox = Mailbox::open().await;
    let (desk, hit_type) = watched(&mailbox, &[EventType::AssignmentSubmitted]).await;
    let hit = publish(&desk, &hit_type, 9).await;
    let settings = || desk.client.update_notification_settings().hit_type_id(&hit_type);
    let one = desk.work(&hit, "A1WORKER").await;
    settings().active(false).send().await.unwrap();
    desk.work(&hit, "A2WORKER").await;
    settings().notification(to_queue(&[EventType::AssignmentApproved])).send().await.unwrap();
    desk.client.approve_assignment().assignment_id(&one).send().await.unwrap();
    settings().active(true).send().await.unwrap();
    let other = desk.work(&hit, "A3WORKER").await;
    desk.client.approve_assignment().assignment_id(&other).send().await.unwrap();
    assert_eq!(mailbox.events().await, [format!("AssignmentSubmitted {one}")]);
    assert_eq!(mailbox.events().await, [format!("AssignmentApproved {other}")], "replaced while inactive, then active");
    let unwatched = desk.published().await.hit_id.unwrap();
    desk.work(&unwatched, "A1WORKER").await;
    let record = destination(&desk, |record| record.waiting == 0).await;
    assert_eq!(record.delivered, 2);
}

#[tokio::test]
async fn a_change_that_is_refused_tells_nothing() {
    let mut mailbox = Mailbox::open().await;
    let (desk, hit_type) = watched(&mailbox, &ALL).await;
    let dear = desk.client.create_hit_with_hit_type().hit_type_id(&hit_type).lifetime_in_seconds(60);
    let dear = dear.max_assignments(9_999_999).question(crate::support::QUESTION).send().await;
    assert_eq!(refused(dear).0, "RequestError");
    publish(&desk, &hit_type, 1).await;
    assert_eq!(mailbox.events().await, ["HITCreated"]);
    assert_eq!(destination(&desk, |record| record.waiting == 0).await.delivered, 1);
}

#[tokio::test]
async fn what_cannot_be_delivered_is_tried_again_as_the_same_document() {
    let mut mailbox = Mailbox::open().await;
    mailbox.answers(&[Reply::Status(500), Reply::Status(403), Reply::Status(302)]);
    let (desk, hit_type) = watched(&mailbox, &[EventType::HitCreated]).await;
    publish(&desk, &hit_type, 1).await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(mailbox.message().await["EventDocId"].clone());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "the same at every attempt");
    let record = destination(&desk, |record| record.delivered == 1).await;
    assert_eq!((record.failures, record.waiting, record.dropped), (0, 0, 0));
    assert!(record.last_error.unwrap().starts_with("answered 302"), "kept for the operator");
    publish(&desk, &hit_type, 1).await;
    assert_ne!(mailbox.message().await["EventDocId"], ids[0]);
}

#[tokio::test]
async fn nobody_waits_for_an_end_that_says_nothing() {
    let mut silent = Mailbox::open().await;
    silent.answers(&[Reply::Silence; 64]);
    let (desk, hit_type) = watched(&silent, &ALL).await;
    let hit = publish(&desk, &hit_type, 2).await;
    silent.next().await;
    // A delivery hangs now. The API goes on, and so do deliveries to others.
    let mut other = Mailbox::open().await;
    let hook = format!("{}/hook", other.endpoint);
    let second = desk.client.create_hit_type().title("Other").description("d").reward("0.05");
    let second = second.assignment_duration_in_seconds(600).send().await.unwrap().hit_type_id.unwrap();
    let settings = desk.client.update_notification_settings().hit_type_id(&second);
    settings.notification(to(NotificationTransport::Sns, &hook, &ALL)).active(true).send().await.unwrap();
    let assignment = desk.work(&hit, "A1WORKER").await;
    desk.client.approve_assignment().assignment_id(assignment).send().await.unwrap();
    publish(&desk, &second, 1).await;
    let received = other.next().await;
    assert_eq!((received.path.as_str(), received.header("content-type")), ("/hook", "application/json"));
    assert_eq!(received.header("authorization"), "", "a web hook gets no signature of the operator's");
    assert_eq!(events_of(&serde_json::from_str(&received.body).unwrap()), ["HITCreated"]);
    let stopping = tokio::time::timeout(Duration::from_secs(10), desk.market.stop());
    stopping.await.expect("a hanging delivery does not hold the market");
}

#[tokio::test]
async fn what_waits_survives_a_restart() {
    let mut mailbox = Mailbox::open().await;
    let dir = tempfile::tempdir().unwrap();
    // Nobody listens at this address.
    let deaf = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let market =
        |endpoint: String| Options { data: Some(dir.path().join("market")), notify: options(&endpoint), ..still() };
    let first = start(market(format!("http://{deaf}"))).await.unwrap();
    let desk = Desk { client: client(&first.endpoint, &first.access_key_id, &first.secret_access_key), market: first };
    let hit_type = new_type(&desk).await;
    let settings = desk.client.update_notification_settings().hit_type_id(&hit_type);
    settings.notification(to_queue(&ALL)).send().await.expect("a first specification is active by itself");
    let hit = publish(&desk, &hit_type, 2).await;
    let worked = desk.work(&hit, "A1WORKER").await;
    let record = destination(&desk, |record| record.failures > 0).await;
    assert!(record.last_error.unwrap().starts_with("cannot reach 127.0.0.1"));
    assert_eq!(record.waiting, 3);
    desk.market.stop().await;
    let second = start(market(mailbox.endpoint.clone())).await.unwrap();
    let told = [mailbox.events().await, mailbox.events().await, mailbox.events().await].concat();
    assert_eq!(
        told,
        ["HITCreated".into(), format!("AssignmentAccepted {worked}"), format!("AssignmentSubmitted {worked}")]
    );
    second.stop().await;
}

#[tokio::test]
async fn a_burst_arrives_whole() {
    let mut mailbox = Mailbox::open().await;
    let (desk, hit_type) = watched(&mailbox, &[EventType::AssignmentAccepted]).await;
    let hit = publish(&desk, &hit_type, 300).await;
    let mut taken = Vec::new();
    for number in 0..300 {
        taken.push(format!("AssignmentAccepted {}", desk.accept(&hit, &format!("A{number}")).await));
    }
    let mut told = Vec::new();
    for _ in 0..300 {
        told.extend(mailbox.events().await);
    }
    told.sort();
    taken.sort();
    assert_eq!(told, taken);
    assert_eq!(destination(&desk, |record| record.waiting == 0).await.delivered, 300);
}

#[tokio::test]
async fn topics_get_a_publish_and_the_operators_hook_what_has_no_service() {
    let mut mailbox = Mailbox::open().await;
    let desk = desk_with(Options { notify: options(&mailbox.endpoint), ..still() }).await;
    let test = |desk: &Desk, destination: NotificationSpecification| {
        desk.client.send_test_event_notification().notification(destination).test_event_type(EventType::Ping).send()
    };
    test(&desk, to(NotificationTransport::Sns, TOPIC, &[EventType::HitCreated])).await.unwrap();
    let received = mailbox.next().await;
    let form = received.queued("sns", "us-west-2");
    assert_eq!((received.path.as_str(), form["Action"].as_str()), ("/", "Publish"));
    assert_eq!(form["TopicArn"], TOPIC);
    assert_eq!(events_of(&serde_json::from_str(&form["Message"]).unwrap()), ["Ping"]);

    let notify =
        deliver::Options { webhook: Some(format!("{}/all", mailbox.endpoint).parse().unwrap()), ..Default::default() };
    let hooked = desk_with(Options { notify, ..still() }).await;
    for destination in [to_queue(&ALL), to(NotificationTransport::Sns, TOPIC, &ALL)] {
        let named = destination.destination.clone();
        test(&hooked, destination).await.unwrap();
        let received = mailbox.next().await;
        assert_eq!((received.path.as_str(), received.header("x-mturk-destination")), ("/all", named.as_str()));
        assert_eq!(events_of(&serde_json::from_str(&received.body).unwrap()), ["Ping"]);
    }
}

#[tokio::test]
async fn a_test_event_is_sent_whatever_the_specification_names() {
    let mut mailbox = Mailbox::open().await;
    let desk = desk_with(Options { notify: options(&mailbox.endpoint), ..still() }).await;
    let send = desk.client.send_test_event_notification().notification(to_queue(&[EventType::HitCreated]));
    send.test_event_type(EventType::AssignmentSubmitted).send().await.unwrap();
    assert_eq!(mailbox.events().await, ["AssignmentSubmitted TESTASSIGNMENT"]);
}

#[tokio::test]
async fn a_requesters_hook_cannot_reach_into_the_network_of_an_open_market() {
    let mailbox = Mailbox::open().await;
    let listen = ([0, 0, 0, 0], 0).into();
    let market = start(Options { listen, speed: 0.0, notify: options(&mailbox.endpoint), ..Options::default() }).await;
    let market = market.unwrap();
    let client = client(&market.endpoint, &market.access_key_id, &market.secret_access_key);
    let desk = Desk { market, client };
    let hook = to(NotificationTransport::Sns, &mailbox.endpoint, &ALL);
    let send = desk.client.send_test_event_notification().notification(hook);
    send.test_event_type(EventType::Ping).send().await.unwrap();
    let record = destination(&desk, |record| record.failures > 0).await;
    assert!(record.last_error.unwrap().contains("in a private network"));
    assert!(mailbox.is_empty());
}

#[tokio::test]
async fn settings_that_cannot_be_meant_are_refused() {
    let desk = desk().await;
    let hit_type = new_type(&desk).await;
    let settings = |id: &str| desk.client.update_notification_settings().hit_type_id(id);
    let (code, message) = refused(settings(&hit_type).send().await);
    assert_eq!((code.as_str(), message.contains("Either Notification or Active")), ("ParameterValidationError", true));
    let (code, message) = refused(settings(&hit_type).active(true).send().await);
    assert_eq!(
        (code.as_str(), message.contains("no notification specification yet")),
        ("ParameterValidationError", true)
    );
    let (code, message) = refused(settings("3NOSUCHTYPE").notification(to_queue(&ALL)).send().await);
    assert_eq!((code.as_str(), message.starts_with("HITType 3NOSUCHTYPE does not exist.")), ("RequestError", true));
    for (transport, destination) in [
        (NotificationTransport::Sqs, "arn:aws:sqs:us-east-1:1:queue"),
        (NotificationTransport::Sqs, "file:///etc/passwd"),
        (NotificationTransport::Sns, QUEUE.trim_start_matches("https://")),
        (NotificationTransport::Sns, "arn:aws:sns:us-east-1:1:a b"),
    ] {
        let refusal = settings(&hit_type).notification(to(transport, destination, &ALL)).send().await;
        let error = refusal.unwrap_err().into_service_error();
        let aws_sdk_mturk::operation::update_notification_settings::UpdateNotificationSettingsError::RequestError(
            error,
        ) = error
        else {
            panic!("{error:?}")
        };
        assert_eq!(error.turk_error_code.as_deref(), Some("AWS.MechanicalTurk.InvalidTransportEndpoint"));
    }
    let mail = to(NotificationTransport::Email, "me@example.org", &ALL);
    assert!(refused(settings(&hit_type).notification(mail).send().await).1.contains("sends no e-mail"));
    let ping = to_queue(&[EventType::HitCreated, EventType::Ping]);
    assert!(refused(settings(&hit_type).notification(ping).send().await).1.contains("SendTestEventNotification"));
    assert!(refused(settings(&hit_type).notification(to_queue(&[])).send().await).1.contains("at least one event"));
    let mut old = to_queue(&ALL);
    old.version = "2006-05-05".into();
    settings(&hit_type).notification(old.clone()).send().await.expect("the model's own version");
    old.version = "1.0".into();
    assert!(refused(settings(&hit_type).notification(old).send().await).1.contains("for the parameter Version"));
    let odd = to(NotificationTransport::from("Pigeon"), QUEUE, &[EventType::from("HITLost")]);
    let (code, message) = refused(settings(&hit_type).notification(odd).send().await);
    assert_eq!(code, "ValidationException");
    assert!(message.contains("'notification.transport'") && message.contains("'notification.eventTypes'"), "{message}");
}
