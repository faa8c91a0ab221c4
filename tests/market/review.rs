//! Approving, rejecting, overriding, paying bonuses.

use aws_sdk_mturk::types::{AssignmentStatus, HitStatus};

use crate::support::{desk, refused};

const STATE: &str = "This operation can be called with a status of: Submitted (";

#[tokio::test]
async fn a_submitted_assignment_is_shown_as_the_service_shows_it() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    let accepted = desk.accept(&hit, "A1WORKER").await;
    let (_, message) = refused(desk.client.get_assignment().assignment_id(accepted.as_str()).send().await);
    assert!(message.starts_with(&format!("Assignment {accepted} does not exist. (")), "{message}");

    desk.advance(42).await;
    desk.market.service.submit(&accepted, String::new()).await.unwrap();
    let shown = desk.client.get_assignment().assignment_id(accepted.as_str()).send().await.unwrap();
    let assignment = shown.assignment.unwrap();
    assert_eq!(assignment.assignment_status, Some(AssignmentStatus::Submitted));
    assert_eq!(assignment.worker_id.as_deref(), Some("A1WORKER"));
    let submitted = assignment.submit_time.unwrap().secs();
    assert_eq!(submitted - assignment.accept_time.unwrap().secs(), 42);
    assert_eq!(assignment.auto_approval_time.unwrap().secs() - submitted, 259_200);
    assert_eq!((assignment.approval_time, assignment.rejection_time, assignment.deadline), (None, None, None));
    assert_eq!(shown.hit.unwrap(), desk.get(&hit).await);
}

#[tokio::test]
async fn approving_pays_once() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    let assignment = desk.work(&hit, "A1WORKER").await;
    let approve = desk.client.approve_assignment().assignment_id(&assignment).requester_feedback("good");
    approve.clone().send().await.unwrap();
    let shown = desk.client.get_assignment().assignment_id(&assignment).send().await.unwrap().assignment.unwrap();
    assert_eq!(shown.assignment_status, Some(AssignmentStatus::Approved));
    assert_eq!(shown.requester_feedback.as_deref(), Some("good"));
    assert_eq!(shown.approval_time.unwrap().secs(), desk.market.clock.now().time().0);
    assert_eq!(desk.money().await, (1_000_000 - 30, 24));
    assert_eq!(desk.get(&hit).await.number_of_assignments_completed, Some(1));

    let (code, message) = refused(approve.send().await);
    assert_eq!(code, "RequestError");
    assert!(message.starts_with(STATE), "{message}");
    let reject = desk.client.reject_assignment().assignment_id(&assignment).requester_feedback("no");
    let (_, message) = refused(reject.send().await);
    assert!(message.starts_with(STATE), "{message}");
    assert_eq!(desk.money().await, (1_000_000 - 30, 24));
}

#[tokio::test]
async fn rejecting_releases_the_money_and_keeps_the_slot() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    let assignment = desk.work(&hit, "A1WORKER").await;
    let reject = desk.client.reject_assignment().assignment_id(&assignment);
    let (code, message) = refused(reject.clone().send().await);
    assert_eq!(code, "ValidationException", "{message}");
    reject.requester_feedback("The answer was empty.").send().await.unwrap();
    let shown = desk.client.get_assignment().assignment_id(&assignment).send().await.unwrap().assignment.unwrap();
    assert_eq!(shown.assignment_status, Some(AssignmentStatus::Rejected));
    assert_eq!(shown.requester_feedback.as_deref(), Some("The answer was empty."));
    assert!(shown.rejection_time.is_some() && shown.approval_time.is_none());
    assert_eq!(desk.money().await, (1_000_000 - 24, 24));
    let hit = desk.get(&hit).await;
    assert_eq!((hit.number_of_assignments_available, hit.number_of_assignments_completed), (Some(4), Some(1)));
}

#[tokio::test]
async fn a_rejection_is_reversed_within_thirty_days() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    let mut assignments = Vec::new();
    for worker in ["A1WORKER", "A2WORKER"] {
        let assignment = desk.work(&hit, worker).await;
        let reject = desk.client.reject_assignment().assignment_id(&assignment);
        reject.requester_feedback("hm").send().await.unwrap();
        assignments.push(assignment);
    }
    let approve = |id: &str| desk.client.approve_assignment().assignment_id(id);
    let (_, message) = refused(approve(&assignments[0]).send().await);
    assert!(message.starts_with(STATE), "{message}");
    let before = desk.money().await;
    approve(&assignments[0]).override_rejection(true).send().await.unwrap();
    assert_eq!(desk.money().await, (before.0 - 6, before.1));
    let shown = desk.client.get_assignment().assignment_id(&assignments[0]).send().await.unwrap().assignment.unwrap();
    assert_eq!(shown.assignment_status, Some(AssignmentStatus::Approved));
    assert_eq!(shown.requester_feedback.as_deref(), Some("hm"), "feedback stays when there is none now");
    assert_eq!(desk.get(&hit).await.number_of_assignments_completed, Some(2));

    desk.advance(30 * 86_400 + 1).await;
    let (_, message) = refused(approve(&assignments[1]).override_rejection(true).send().await);
    assert!(message.starts_with(STATE), "{message}");
}

#[tokio::test]
async fn feedback_is_plain_text_of_at_most_1024_characters() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    let assignment = desk.work(&hit, "A1WORKER").await;
    for feedback in ["\u{7}bell".to_owned(), "x".repeat(1_025)] {
        let approve = desk.client.approve_assignment().assignment_id(&assignment).requester_feedback(feedback);
        let error = approve.send().await.unwrap_err().into_service_error();
        let aws_sdk_mturk::operation::approve_assignment::ApproveAssignmentError::RequestError(error) = error else {
            panic!("{error:?}")
        };
        assert_eq!(error.turk_error_code.as_deref(), Some("AWS.MechanicalTurk.InvalidParameterValue"));
    }
}

#[tokio::test]
async fn a_bonus_is_paid_at_once_and_once_for_a_token() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    let assignment = desk.work(&hit, "A1WORKER").await;
    let bonus = desk.client.send_bonus().worker_id("A1WORKER").assignment_id(&assignment).bonus_amount("0.50");
    let bonus = bonus.reason("thanks");
    bonus.clone().unique_request_token("bonus-1").send().await.unwrap();
    assert_eq!(desk.money().await, (1_000_000 - 30 - 60, 30));
    let (code, message) = refused(bonus.clone().unique_request_token("bonus-1").send().await);
    assert_eq!(code, "RequestError");
    assert!(message.starts_with("The idempotency token \"bonus-1\" has already been processed. ("), "{message}");
    bonus.clone().send().await.expect("without a token, another bonus is another bonus");

    let listed = desk.client.list_bonus_payments().assignment_id(&assignment).send().await.unwrap();
    assert_eq!(listed.num_results, Some(2));
    let first = &listed.bonus_payments.unwrap()[0];
    assert_eq!(first.worker_id.as_deref(), Some("A1WORKER"));
    assert_eq!((first.bonus_amount.as_deref(), first.reason.as_deref()), (Some("0.50"), Some("thanks")));
    assert_eq!(first.grant_time.unwrap().secs(), desk.market.clock.now().time().0);
    assert_eq!(desk.client.list_bonus_payments().hit_id(&hit).send().await.unwrap().num_results, Some(2));

    desk.advance(86_400).await;
    bonus.unique_request_token("bonus-1").send().await.expect("a token is remembered for a day");
}

#[tokio::test]
async fn a_bonus_goes_to_the_worker_who_did_the_work() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    let assignment = desk.work(&hit, "A1WORKER").await;
    desk.work(&hit, "A2WORKER").await;
    let bonus = desk.client.send_bonus().assignment_id(&assignment).bonus_amount("0.50").reason("thanks");
    for worker in ["A2WORKER", "A3NOBODY"] {
        let (code, message) = refused(bonus.clone().worker_id(worker).send().await);
        assert_eq!(code, "ParameterValidationError");
        assert!(
            message.starts_with(&format!("The value \"{worker}\" is not valid for the parameter WorkerId.")),
            "{message}"
        );
    }
    let (code, message) = refused(bonus.clone().worker_id("nobody").send().await);
    assert_eq!(code, "ValidationException");
    assert!(message.ends_with("Member must satisfy regular expression pattern: ^A[A-Z0-9]+$"), "{message}");
    let (code, _) = refused(bonus.clone().worker_id("A1WORKER").bonus_amount("0").send().await);
    assert_eq!(code, "ParameterValidationError");
    let (_, message) = refused(bonus.clone().worker_id("A1WORKER").bonus_amount("9000").send().await);
    assert!(message.contains("insufficient funds"), "{message}");

    let open = desk.accept(&hit, "A4WORKER").await;
    let early = bonus.worker_id("A4WORKER").assignment_id(open.as_str());
    let (_, message) = refused(early.send().await);
    assert!(message.starts_with(&format!("Assignment {open} does not exist. (")), "{message}");
    assert_eq!(desk.client.list_bonus_payments().hit_id(&hit).send().await.unwrap().num_results, Some(0));
}

#[tokio::test]
async fn the_ledger_tells_every_movement_and_balances() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    let approved = desk.work(&hit, "A1WORKER").await;
    let rejected = desk.work(&hit, "A2WORKER").await;
    desk.client.approve_assignment().assignment_id(&approved).send().await.unwrap();
    desk.client.reject_assignment().assignment_id(&rejected).requester_feedback("no").send().await.unwrap();
    let bonus = desk.client.send_bonus().worker_id("A1WORKER").assignment_id(&approved).bonus_amount("1.00");
    bonus.reason("thanks").unique_request_token("t1").send().await.unwrap();

    let ledger = desk.ledger().await;
    let told: Vec<_> = ledger.iter().map(|m| (m["kind"].as_str().unwrap(), m["amount"].as_str().unwrap())).collect();
    assert_eq!(
        told,
        [
            ("deposit", "10000.00"),
            ("hold", "0.30"),
            ("reward", "0.05"),
            ("fee", "0.01"),
            ("release", "0.06"),
            ("hold", "1.20"),
            ("bonus", "1.00"),
            ("fee", "0.20"),
        ]
    );
    let reward = &ledger[2];
    assert_eq!(reward["AssignmentId"], approved);
    assert_eq!((reward["WorkerId"].as_str(), reward["HITId"].as_str()), (Some("A1WORKER"), Some(hit.as_str())));
    assert_eq!(ledger[6]["token"], "t1");

    let sum = |kinds: &[&str]| -> i64 {
        let of_kind = ledger.iter().filter(|m| kinds.contains(&m["kind"].as_str().unwrap()));
        of_kind.map(|m| m["amount"].as_str().unwrap().replace('.', "").parse::<i64>().unwrap()).sum()
    };
    let available = sum(&["deposit", "release"]) - sum(&["hold", "withdraw"]);
    let held = sum(&["hold"]) - sum(&["release", "reward", "bonus", "fee"]);
    assert_eq!(desk.money().await, (available, held));
}

#[tokio::test]
async fn a_hit_is_reviewable_when_all_work_is_in() {
    let desk = desk().await;
    let hit = desk.hit().max_assignments(2).send().await.unwrap().hit.unwrap().hit_id.unwrap();
    desk.work(&hit, "A1WORKER").await;
    assert_eq!(desk.get(&hit).await.hit_status, Some(HitStatus::Assignable));
    let last = desk.accept(&hit, "A2WORKER").await;
    assert_eq!(desk.get(&hit).await.hit_status, Some(HitStatus::Unassignable));
    assert_eq!(desk.client.list_reviewable_hits().send().await.unwrap().num_results, Some(0));
    desk.market.service.submit(&last, String::new()).await.unwrap();
    assert_eq!(desk.get(&hit).await.hit_status, Some(HitStatus::Reviewable));
    assert_eq!(desk.client.list_reviewable_hits().send().await.unwrap().num_results, Some(1));
}
