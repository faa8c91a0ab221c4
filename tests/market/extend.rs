//! More assignments, another type, the mark of review, and layouts.

use aws_sdk_mturk::error::ProvideErrorMetadata;
use aws_sdk_mturk::primitives::DateTime;
use aws_sdk_mturk::types::{HitLayoutParameter, HitStatus, ReviewableHitStatus};
use serde_json::json;

use crate::support::{QUESTION, desk, refused};

#[tokio::test]
async fn more_assignments_open_a_hit_again_and_are_paid_for() {
    let desk = desk().await;
    let hit = desk.hit().max_assignments(1).send().await.unwrap().hit.unwrap().hit_id.unwrap();
    desk.work(&hit, "A1WORKER").await;
    assert_eq!(desk.get(&hit).await.hit_status, Some(HitStatus::Reviewable));
    let add = |count| {
        desk.client.create_additional_assignments_for_hit().hit_id(&hit).number_of_additional_assignments(count)
    };
    add(8).send().await.unwrap();
    let shown = desk.get(&hit).await;
    assert_eq!((shown.hit_status, shown.max_assignments), (Some(HitStatus::Assignable), Some(9)));
    assert_eq!(shown.number_of_assignments_available, Some(8));
    assert_eq!(desk.money().await, (1_000_000 - 54, 54));

    let error = add(1).send().await.unwrap_err().into_service_error();
    assert_eq!(error.code(), Some("RequestError"));
    let aws_sdk_mturk::operation::create_additional_assignments_for_hit::CreateAdditionalAssignmentsForHITError::RequestError(error) = error else { panic!("{error:?}") };
    assert_eq!(error.turk_error_code.as_deref(), Some("AWS.MechanicalTurk.InvalidMaximumAssignmentsIncrease"));
    assert_eq!(desk.money().await, (1_000_000 - 54, 54));
}

#[tokio::test]
async fn assignments_that_the_balance_does_not_cover_are_not_added() {
    let desk = desk().await;
    let hit = desk.hit().max_assignments(10).reward("100").send().await.unwrap().hit.unwrap().hit_id.unwrap();
    let before = desk.money().await;
    let add = desk.client.create_additional_assignments_for_hit().hit_id(&hit).number_of_additional_assignments(1_000);
    let add = add.unique_request_token("t");
    for _ in 0..2 {
        let (_, message) = refused(add.clone().send().await);
        assert!(message.contains("insufficient funds"), "the token is not used up: {message}");
    }
    assert_eq!((desk.get(&hit).await.max_assignments, desk.money().await), (Some(10), before));
}

#[tokio::test]
async fn slots_of_an_expired_hit_are_paid_for_when_it_is_opened_again() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    let expire = |at| desk.client.update_expiration_for_hit().hit_id(&hit).expire_at(DateTime::from_secs(at));
    expire(0).send().await.unwrap();
    let add = desk.client.create_additional_assignments_for_hit().hit_id(&hit).number_of_additional_assignments(2);
    add.send().await.unwrap();
    let shown = desk.get(&hit).await;
    assert_eq!((shown.hit_status, shown.number_of_assignments_available), (Some(HitStatus::Reviewable), Some(7)));
    assert_eq!(desk.money().await, (1_000_000, 0));
    expire(desk.market.clock.now().time().0 + 3_600).send().await.unwrap();
    assert_eq!(desk.get(&hit).await.hit_status, Some(HitStatus::Assignable));
    assert_eq!(desk.money().await, (1_000_000 - 42, 42));
}

#[tokio::test]
async fn a_repeated_token_names_the_request_that_used_it() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    let add = desk.client.create_additional_assignments_for_hit().hit_id(&hit).number_of_additional_assignments(1);
    let add = add.unique_request_token("more");
    let first = add.clone().send().await.unwrap();
    let request = aws_sdk_mturk::operation::RequestId::request_id(&first).unwrap().to_owned();
    // With other parameters too: the token is what counts.
    let (code, message) = refused(add.clone().number_of_additional_assignments(2).send().await);
    assert_eq!(code, "RequestError");
    let expected = format!("The idempotency token \"more\" has already been processed by the request {request}. (");
    assert!(message.starts_with(&expected), "{message}");
    assert_eq!(desk.get(&hit).await.max_assignments, Some(6));
    desk.advance(86_400).await;
    add.send().await.unwrap();
    assert_eq!(desk.get(&hit).await.max_assignments, Some(7));
}

#[tokio::test]
async fn a_hit_changes_its_type_before_anybody_has_accepted_it() {
    let desk = desk().await;
    let hit = desk.published().await;
    let (id, old) = (hit.hit_id.unwrap(), hit.hit_type_id.unwrap());
    let dear = desk.hit().reward("0.10").title("Dear").assignment_duration_in_seconds(60).max_assignments(1);
    let dear = dear.send().await.unwrap().hit.unwrap();
    assert_eq!(desk.money().await.1, 30 + 12);
    let retype = |of: &str| desk.client.update_hit_type_of_hit().hit_id(&id).hit_type_id(of);
    retype(dear.hit_type_id.as_deref().unwrap()).send().await.unwrap();
    let shown = desk.get(&id).await;
    assert_eq!((shown.title.as_deref(), shown.reward.as_deref()), (Some("Dear"), Some("0.10")));
    assert_eq!((shown.hit_type_id, shown.hit_group_id), (dear.hit_type_id.clone(), dear.hit_group_id));
    assert_eq!(desk.money().await, (1_000_000 - 72, 72));

    let taken = desk.accept(&id, "A1WORKER").await;
    let error = retype(&old).send().await.unwrap_err().into_service_error();
    let aws_sdk_mturk::operation::update_hit_type_of_hit::UpdateHITTypeOfHITError::RequestError(error) = error else {
        panic!("{error:?}")
    };
    assert_eq!(error.turk_error_code.as_deref(), Some("AWS.MechanicalTurk.InvalidHITState"));
    desk.market.service.give_back(&taken).await.unwrap();
    retype(&old).send().await.unwrap();
    assert_eq!((desk.get(&id).await.reward.as_deref(), desk.money().await.1), (Some("0.05"), 42));

    let balance = desk.money().await;
    let ruinous = desk.hit().reward("9000").title("Ruinous").max_assignments(1).send().await;
    assert!(refused(ruinous).1.contains("insufficient funds"));
    let ruinous = desk
        .client
        .create_hit_type()
        .title("Ruinous")
        .description("d")
        .reward("9000")
        .assignment_duration_in_seconds(60);
    let ruinous = ruinous.send().await.unwrap().hit_type_id.unwrap();
    assert!(refused(retype(&ruinous).send().await).1.contains("insufficient funds"));
    assert_eq!((desk.get(&id).await.hit_type_id, desk.money().await), (Some(old), balance), "nothing has changed");
}

#[tokio::test]
async fn a_hit_in_review_is_marked_and_unmarked() {
    let desk = desk().await;
    let hit = desk.hit().max_assignments(1).send().await.unwrap().hit.unwrap().hit_id.unwrap();
    let mark = desk.client.update_hit_review_status().hit_id(&hit);
    let (_, message) = refused(mark.clone().send().await);
    assert!(message.starts_with("This HIT is currently in the state 'Assignable'.  This operation can be called with a status of: Reviewable ("), "{message}");
    let assignment = desk.work(&hit, "A1WORKER").await;
    mark.clone().revert(false).send().await.unwrap();
    let shown = desk.get(&hit).await;
    assert_eq!(
        (shown.hit_status, shown.hit_review_status.unwrap().as_str()),
        (Some(HitStatus::Reviewing), "NotReviewed")
    );
    let list = |status| desk.client.list_reviewable_hits().status(status);
    assert_eq!(list(ReviewableHitStatus::Reviewing).send().await.unwrap().num_results, Some(1));
    assert_eq!(list(ReviewableHitStatus::Reviewable).send().await.unwrap().num_results, Some(0));
    desk.client.approve_assignment().assignment_id(assignment).send().await.unwrap();
    assert_eq!(desk.get(&hit).await.hit_status, Some(HitStatus::Reviewing), "a decision leaves the mark");
    mark.clone().revert(true).send().await.unwrap();
    assert_eq!(desk.get(&hit).await.hit_status, Some(HitStatus::Reviewable));
    mark.send().await.unwrap();
    desk.client.delete_hit().hit_id(&hit).send().await.expect("a HIT that is Reviewing can be deleted");
}

#[tokio::test]
async fn a_layout_and_its_parameters_make_a_question() {
    let desk = desk().await;
    let page = "<!DOCTYPE html><html><head><title>t</title></head><body><form action=\"/mturk/externalSubmit\"><p>${a} ${b}</p><input name=\"x\"></form></body></html>";
    let (status, layout) =
        desk.post("/_control/layout", &json!({"name": "l", "page": page, "frame_height": 300}).to_string()).await;
    assert_eq!((status, layout["parameters"].to_string().as_str()), (200, r#"["a","b"]"#));
    let id = layout["HITLayoutId"].as_str().unwrap();
    assert_eq!(id.len(), 30);
    let (status, _) = desk.post("/_control/layout", &json!({"name": "l", "page": page}).to_string()).await;
    assert_eq!(status, 409, "a name is given once");

    let parameter = |name: &str, value: &str| HitLayoutParameter::builder().name(name).value(value).build().unwrap();
    let make = || desk.hit().set_question(None).hit_layout_id(id);
    let hit = make().hit_layout_parameters(parameter("b", "<b>&amp;</b>")).hit_layout_parameters(parameter("a", "1"));
    let hit = hit.send().await.unwrap().hit.unwrap();
    assert_eq!(hit.hit_layout_id.as_deref(), Some(id));
    let question = hit.question.unwrap();
    assert!(
        question.contains("<p>1 <b>&amp;</b></p>") && question.contains("<FrameHeight>300</FrameHeight>"),
        "{question}"
    );
    assert_eq!(desk.get(hit.hit_id.as_deref().unwrap()).await.question, Some(question));

    let long = "x".repeat(65_535);
    let wrong = [
        (make().hit_layout_parameters(parameter("a", "1")), "placeholder ${b}"),
        (
            make().hit_layout_parameters(parameter("a", "1")).hit_layout_parameters(parameter("c", "1")),
            "no placeholder ${c}",
        ),
        (
            make().hit_layout_parameters(parameter("a", "1")).hit_layout_parameters(parameter("b", &long)),
            "at most 65535",
        ),
        (
            make().hit_layout_id("3NOSUCHLAYOUT"),
            "The value \"3NOSUCHLAYOUT\" is not valid for the parameter HITLayoutId.",
        ),
        (make().question(QUESTION), "Exactly one of Question and HITLayoutId"),
    ];
    for (attempt, why) in wrong {
        let (code, message) = refused(attempt.send().await);
        assert_eq!(code, "ParameterValidationError");
        assert!(message.contains(why), "{message} should say {why}");
    }
    let (_, account) = desk.post("/_control/requester", r#"{"name":"other"}"#).await;
    let key = |name: &str| account[name].as_str().unwrap().to_owned();
    let other = crate::support::client(&desk.market.endpoint, &key("access_key_id"), &key("secret_access_key"));
    let foreign = other
        .create_hit()
        .title("t")
        .description("d")
        .reward("0")
        .lifetime_in_seconds(60)
        .assignment_duration_in_seconds(60);
    let (_, message) = refused(foreign.hit_layout_id(id).send().await);
    assert!(message.contains("parameter HITLayoutId"), "another requester's layout does not exist: {message}");
}
