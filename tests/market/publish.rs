//! HIT types, HITs, expiration, deletion.

use aws_sdk_mturk::primitives::DateTime;
use aws_sdk_mturk::types::{Comparator, HitAccessActions, HitStatus, Locale, QualificationRequirement, ReviewPolicy};

use crate::support::{QUESTION, desk, refused};

#[tokio::test]
async fn a_new_hit_is_shown_in_full() {
    let desk = desk().await;
    let now = desk.market.clock.now().time().0;
    let hit = desk.hit().requester_annotation("row-17").send().await.unwrap().hit.unwrap();
    assert_eq!(hit.hit_status, Some(HitStatus::Assignable));
    assert_eq!(hit.hit_review_status.as_ref().unwrap().as_str(), "NotReviewed");
    assert_eq!((hit.max_assignments, hit.number_of_assignments_available), (Some(5), Some(5)));
    assert_eq!((hit.number_of_assignments_pending, hit.number_of_assignments_completed), (Some(0), Some(0)));
    assert_eq!(hit.reward.as_deref(), Some("0.05"));
    assert_eq!(hit.question.as_deref(), Some(QUESTION));
    assert_eq!(hit.requester_annotation.as_deref(), Some("row-17"));
    assert_eq!(hit.creation_time.unwrap().secs(), now);
    assert_eq!(hit.expiration.unwrap().secs(), now + 3_600);
    assert_ne!(hit.hit_group_id, hit.hit_type_id);
    assert_eq!(hit.hit_id.as_ref().unwrap().len(), 30);
    assert_eq!(desk.get(hit.hit_id.as_deref().unwrap()).await, hit);
}

#[tokio::test]
async fn what_is_not_given_has_the_documented_defaults() {
    let desk = desk().await;
    let hit = desk
        .client
        .create_hit()
        .title("t")
        .description("d")
        .reward("0.1")
        .lifetime_in_seconds(60)
        .assignment_duration_in_seconds(30)
        .question(QUESTION)
        .send()
        .await
        .unwrap()
        .hit
        .unwrap();
    assert_eq!(hit.max_assignments, Some(1));
    assert_eq!(hit.auto_approval_delay_in_seconds, Some(2_592_000));
    assert_eq!((hit.keywords, hit.requester_annotation), (None, None));
    assert_eq!(hit.reward.as_deref(), Some("0.10"));
}

#[tokio::test]
async fn equal_attributes_are_one_hit_type() {
    let desk = desk().await;
    let (one, two) = (desk.published().await, desk.published().await);
    assert_eq!(one.hit_type_id, two.hit_type_id);
    assert_eq!(one.hit_group_id, two.hit_group_id);
    let other = desk.hit().reward("0.06").send().await.unwrap().hit.unwrap();
    assert_ne!(other.hit_type_id, one.hit_type_id);
    let made = desk
        .client
        .create_hit_type()
        .title("Tag an image")
        .description("Give three keywords")
        .keywords("image, tag")
        .reward("0.05")
        .assignment_duration_in_seconds(600)
        .auto_approval_delay_in_seconds(259_200)
        .send()
        .await
        .unwrap();
    assert_eq!(made.hit_type_id, one.hit_type_id);
}

#[tokio::test]
async fn a_hit_can_be_made_of_a_known_type() {
    let desk = desk().await;
    let of = desk.published().await;
    let made = desk.client.create_hit_with_hit_type().lifetime_in_seconds(60).question(QUESTION);
    let hit = made.clone().hit_type_id(of.hit_type_id.as_deref().unwrap()).send().await.unwrap().hit.unwrap();
    assert_eq!((hit.title, hit.reward, hit.max_assignments), (of.title, of.reward, Some(1)));
    let (code, message) = refused(made.hit_type_id("3NOSUCHTYPE").send().await);
    assert_eq!(code, "RequestError");
    assert!(message.starts_with("HITType 3NOSUCHTYPE does not exist. ("), "{message}");
}

#[tokio::test]
async fn requirements_come_back_with_both_guards() {
    let desk = desk().await;
    let share = QualificationRequirement::builder()
        .qualification_type_id("000000000000000000L0")
        .comparator(Comparator::GreaterThanOrEqualTo)
        .integer_values(95)
        .build()
        .unwrap();
    let place = QualificationRequirement::builder()
        .qualification_type_id("00000000000000000071")
        .comparator(Comparator::In)
        .locale_values(Locale::builder().country("US").subdivision("NY").build().unwrap())
        .actions_guarded(HitAccessActions::DiscoverPreviewAndAccept)
        .build()
        .unwrap();
    let hit = desk.hit().qualification_requirements(share).qualification_requirements(place).send().await.unwrap();
    let found = hit.hit.unwrap().qualification_requirements.unwrap();
    #[expect(deprecated)]
    let guards: Vec<_> = found.iter().map(|r| (r.required_to_preview, r.actions_guarded.clone().unwrap())).collect();
    assert_eq!(
        guards,
        [(Some(false), HitAccessActions::Accept), (Some(true), HitAccessActions::DiscoverPreviewAndAccept)]
    );
    assert_eq!(found[1].locale_values.as_ref().unwrap()[0].subdivision.as_deref(), Some("NY"));

    let unknown = QualificationRequirement::builder()
        .qualification_type_id("3NOSUCHQUALIFICATION")
        .comparator(Comparator::Exists)
        .build()
        .unwrap();
    let (_, message) = refused(desk.hit().qualification_requirements(unknown).send().await);
    assert!(message.starts_with("QualificationType 3NOSUCHQUALIFICATION does not exist. ("), "{message}");
}

#[tokio::test]
async fn a_token_makes_one_hit_in_a_day() {
    let desk = desk().await;
    let hit = desk.hit().unique_request_token("b1-17").send().await.unwrap().hit.unwrap();
    let (code, message) = refused(desk.hit().unique_request_token("b1-17").send().await);
    assert_eq!(code, "RequestError");
    assert!(message.contains(hit.hit_id.as_deref().unwrap()), "{message}");
    let error = desk.hit().unique_request_token("b1-17").send().await.unwrap_err().into_service_error();
    let aws_sdk_mturk::operation::create_hit::CreateHITError::RequestError(error) = error else { panic!("{error:?}") };
    assert_eq!(error.turk_error_code.as_deref(), Some("AWS.MechanicalTurk.HitAlreadyExists"));
    assert_eq!(desk.client.list_hits().send().await.unwrap().num_results, Some(1));

    desk.advance(86_400).await;
    let again = desk.hit().unique_request_token("b1-17").send().await.unwrap().hit.unwrap();
    assert_ne!(again.hit_id, hit.hit_id);
}

#[tokio::test]
async fn a_hit_costs_reward_and_fee_of_every_assignment_from_the_start() {
    let desk = desk().await;
    assert_eq!(desk.money().await, (1_000_000, 0));
    desk.published().await;
    assert_eq!(desk.money().await, (1_000_000 - 30, 30));
    desk.hit().max_assignments(10).send().await.unwrap();
    assert_eq!(desk.money().await, (1_000_000 - 30 - 70, 100));
    let balance = desk.client.get_account_balance().send().await.unwrap();
    assert_eq!(balance.available_balance.as_deref(), Some("9999.00"));
    assert_eq!(balance.on_hold_balance.as_deref(), Some("1.00"));
}

#[tokio::test]
async fn a_hit_that_does_not_fit_the_balance_is_refused_and_leaves_nothing() {
    let desk = desk().await;
    let dear = desk.hit().reward("2000").max_assignments(5).unique_request_token("dear");
    let (code, message) = refused(dear.clone().send().await);
    assert_eq!(code, "RequestError");
    assert!(message.starts_with("This Requester has insufficient funds in their account"), "{message}");
    assert_eq!(desk.money().await, (1_000_000, 0));
    assert_eq!(desk.client.list_hits().send().await.unwrap().num_results, Some(0));
    // The token was not used up by the failure.
    let (_, message) = refused(dear.send().await);
    assert!(message.contains("insufficient funds"), "{message}");
}

#[tokio::test]
async fn a_question_must_be_a_question() {
    let desk = desk().await;
    for question in ["", "hello", "<HTMLQuestion>", "<HTMLQuestion/>", &QUESTION.replace("2011", "2012")] {
        let (code, message) = refused(desk.hit().question(question).send().await);
        assert_eq!(code, "ParameterValidationError", "{question}");
        assert!(message.starts_with("There was an error parsing the XML question"), "{message}");
    }
    let large = QUESTION.replace("<form", &format!("<p>{}</p><form", "x".repeat(66_000)));
    let (code, message) = refused(desk.hit().question(large).send().await);
    assert_eq!(code, "ParameterValidationError");
    assert!(message.contains("at most 65535 are allowed"), "{message}");
    let (code, _) = refused(desk.hit().set_question(None).send().await);
    assert_eq!(code, "ParameterValidationError");
    let (code, _) = refused(desk.hit().hit_layout_id("3LAYOUT").send().await);
    assert_eq!(code, "ParameterValidationError");
}

#[tokio::test]
async fn values_out_of_bounds_are_refused() {
    let desk = desk().await;
    let policy = ReviewPolicy::builder().policy_name("SimplePlurality/2011-09-01").build().unwrap();
    let attempts = [
        desk.hit().lifetime_in_seconds(29),
        desk.hit().lifetime_in_seconds(31_536_001),
        desk.hit().assignment_duration_in_seconds(29),
        desk.hit().auto_approval_delay_in_seconds(-1),
        desk.hit().auto_approval_delay_in_seconds(2_592_001),
        desk.hit().max_assignments(0),
        desk.hit().max_assignments(1_000_000_001),
        desk.hit().title("x".repeat(129)),
        desk.hit().description("x".repeat(2_001)),
        desk.hit().keywords("x".repeat(1_001)),
        desk.hit().requester_annotation("x".repeat(256)),
        desk.hit().hit_review_policy(policy),
    ];
    for attempt in attempts {
        let said = format!("{attempt:?}");
        let (code, message) = refused(attempt.send().await);
        assert_eq!(code, "ParameterValidationError", "{said}: {message}");
    }
    for attempt in
        [desk.hit().reward("1.234"), desk.hit().reward("$1"), desk.hit().unique_request_token("x".repeat(65))]
    {
        let (code, message) = refused(attempt.send().await);
        assert_eq!(code, "ValidationException", "{message}");
    }
    let (code, message) = refused(desk.client.create_hit().send().await);
    assert_eq!(code, "ValidationException");
    assert!(message.starts_with("5 validation errors detected: Value null at 'title' failed"), "{message}");
    assert_eq!(desk.money().await, (1_000_000, 0));
}

#[tokio::test]
async fn expiring_closes_a_hit_and_releases_what_it_held() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    let expire = desk.client.update_expiration_for_hit().hit_id(&hit).expire_at(DateTime::from_secs(0));
    expire.clone().send().await.unwrap();
    let shown = desk.get(&hit).await;
    assert_eq!(shown.hit_status, Some(HitStatus::Reviewable));
    assert_eq!(shown.number_of_assignments_available, Some(5), "the unfilled slots stay counted");
    assert_eq!(desk.money().await, (1_000_000, 0));
    expire.send().await.expect("expiring an expired HIT succeeds");

    let later = DateTime::from_secs(desk.market.clock.now().time().0 + 7_200);
    let extend = desk.client.update_expiration_for_hit().hit_id(&hit).expire_at(later);
    extend.clone().send().await.unwrap();
    let shown = desk.get(&hit).await;
    assert_eq!((shown.hit_status, shown.expiration), (Some(HitStatus::Assignable), Some(later)));
    assert_eq!(desk.money().await, (1_000_000 - 30, 30));

    let (code, message) = refused(extend.send().await);
    assert_eq!(code, "RequestError");
    assert!(message.starts_with(&format!("The idempotency token \"{hit}")), "{message}");
    assert!(message.contains("\" has already been processed. ("), "{message}");
}

#[tokio::test]
async fn a_hit_can_be_deleted_when_it_is_closed_and_decided() {
    let desk = desk().await;
    let hit = desk.hit().max_assignments(1).send().await.unwrap().hit.unwrap().hit_id.unwrap();
    let delete = desk.client.delete_hit().hit_id(&hit);
    let (code, message) = refused(delete.clone().send().await);
    assert_eq!(code, "RequestError");
    let expected = "This HIT is currently in the state 'Assignable'.  This operation can be called with a status of: Reviewing, Reviewable (";
    assert!(message.starts_with(expected), "{message}");

    let assignment = desk.work(&hit, "A1WORKER").await;
    let (_, message) = refused(delete.clone().send().await);
    assert!(message.contains("in the state 'Reviewable'.  This"), "{message}");

    desk.client.approve_assignment().assignment_id(assignment).send().await.unwrap();
    delete.clone().send().await.unwrap();
    assert_eq!(desk.get(&hit).await.hit_status, Some(HitStatus::Disposed));
    assert_eq!(desk.client.list_hits().send().await.unwrap().num_results, Some(0));
    let (_, message) = refused(delete.send().await);
    assert!(message.contains("in the state 'Disposed'.  This"), "{message}");
}

#[tokio::test]
async fn what_does_not_exist_says_so() {
    let desk = desk().await;
    let error = desk.client.get_hit().hit_id("3NOSUCHHIT").send().await.unwrap_err().into_service_error();
    let aws_sdk_mturk::operation::get_hit::GetHITError::RequestError(error) = error else { panic!("{error:?}") };
    assert_eq!(error.turk_error_code.as_deref(), Some("AWS.MechanicalTurk.HITDoesNotExist"));
    assert!(error.message.unwrap().starts_with("Hit 3NOSUCHHIT does not exist. ("));
    let (_, message) = refused(desk.client.delete_hit().hit_id("3NOSUCHHIT").send().await);
    assert!(message.starts_with("Hit 3NOSUCHHIT does not exist. ("), "{message}");
}
