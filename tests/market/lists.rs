//! Pages: tokens, orders, filters, and whose is whose.

use std::collections::HashSet;

use aws_sdk_mturk::primitives::DateTime;
use aws_sdk_mturk::types::{AssignmentStatus, ReviewableHitStatus};

use crate::support::{Desk, client, desk, refused};

async fn with_work(workers: usize) -> (Desk, String, Vec<String>) {
    let desk = desk().await;
    let hit = desk.hit().max_assignments(20).send().await.unwrap().hit.unwrap().hit_id.unwrap();
    let mut assignments = Vec::new();
    for number in 0..workers {
        assignments.push(desk.work(&hit, &format!("A{number}WORKER")).await);
        desk.advance(1).await;
    }
    (desk, hit, assignments)
}

#[tokio::test]
async fn assignments_come_in_order_of_submission_with_a_token_on_every_page_that_is_not_empty() {
    let (desk, hit, expected) = with_work(7).await;
    let list = desk.client.list_assignments_for_hit().hit_id(&hit).max_results(3);
    let mut found = Vec::new();
    let mut token = None;
    for size in [3, 3, 1] {
        let page = list.clone().set_next_token(token).send().await.unwrap();
        assert_eq!(page.num_results, Some(size));
        found.extend(page.assignments.unwrap().into_iter().map(|a| a.assignment_id.unwrap()));
        token = page.next_token;
        assert_eq!(token.as_ref().map(String::len), Some(67), "also on the last page");
    }
    assert_eq!(found, expected);
    let end = list.set_next_token(token).send().await.unwrap();
    assert_eq!((end.num_results, end.assignments, end.next_token), (Some(0), Some(vec![]), None));
}

#[tokio::test]
async fn a_page_holds_ten_when_nothing_is_said_and_a_hundred_at_most() {
    let (desk, hit, _) = with_work(12).await;
    let list = desk.client.list_assignments_for_hit().hit_id(&hit);
    assert_eq!(list.clone().send().await.unwrap().num_results, Some(10));
    assert_eq!(list.clone().max_results(100).send().await.unwrap().num_results, Some(12));
    for wrong in [0, -1, 101, 1_000] {
        let (code, message) = refused(list.clone().max_results(wrong).send().await);
        assert_eq!(code, "ValidationException");
        assert!(
            message.contains(&format!("Value '{wrong}' at 'maxResults' failed to satisfy constraint")),
            "{message}"
        );
    }
}

#[tokio::test]
async fn assignments_are_filtered_by_any_set_of_states() {
    let (desk, hit, ids) = with_work(6).await;
    for id in &ids[..2] {
        desk.client.approve_assignment().assignment_id(id).send().await.unwrap();
    }
    desk.client.reject_assignment().assignment_id(&ids[2]).requester_feedback("no").send().await.unwrap();
    use AssignmentStatus::{Approved, Rejected, Submitted};
    let sets: [(&[AssignmentStatus], &[usize]); 7] = [
        (&[], &[0, 1, 2, 3, 4, 5]),
        (&[Submitted], &[3, 4, 5]),
        (&[Approved], &[0, 1]),
        (&[Rejected], &[2]),
        (&[Submitted, Rejected], &[2, 3, 4, 5]),
        (&[Rejected, Approved], &[0, 1, 2]),
        (&[Rejected, Approved, Submitted], &[0, 1, 2, 3, 4, 5]),
    ];
    for (states, expected) in sets {
        let expected: Vec<String> = expected.iter().map(|at| ids[*at].clone()).collect();
        let mut found = Vec::new();
        let list = desk.client.list_assignments_for_hit().hit_id(&hit).max_results(2);
        let mut pages = list.set_assignment_statuses(Some(states.to_vec())).into_paginator().send();
        while let Some(page) = pages.next().await {
            found.extend(page.unwrap().assignments.unwrap().into_iter().map(|a| a.assignment_id.unwrap()));
        }
        assert_eq!(found, expected, "{states:?}");
    }
    let list = desk.client.list_assignments_for_hit().hit_id(&hit).assignment_statuses("Accepted".into());
    let (code, message) = refused(list.send().await);
    assert_eq!(code, "ValidationException");
    assert!(message.contains("enum value set: [Submitted, Approved, Rejected]"), "{message}");
}

#[tokio::test]
async fn a_token_belongs_to_its_query() {
    let (desk, hit, _) = with_work(3).await;
    let list = desk.client.list_assignments_for_hit().hit_id(&hit).max_results(1);
    let token = list.clone().send().await.unwrap().next_token.unwrap();
    let other = desk.published().await.hit_id.unwrap();
    let stolen = [
        refused(desk.client.list_assignments_for_hit().hit_id(other).next_token(&token).send().await),
        refused(list.clone().assignment_statuses(AssignmentStatus::Approved).next_token(&token).send().await),
        refused(list.clone().next_token("p1:nonsense").send().await),
    ];
    for (code, message) in stolen {
        assert_eq!(code, "ParameterValidationError");
        assert!(message.contains("is not valid for the parameter NextToken."), "{message}");
    }
    let (code, _) = refused(desk.client.list_hits().next_token(&token).send().await);
    assert_eq!(code, "ParameterValidationError");
    assert!(list.max_results(2).next_token(token).send().await.is_ok(), "another page size is the same query");
}

#[tokio::test]
async fn hits_are_listed_in_full_newest_first_and_once() {
    let desk = desk().await;
    let mut seconds = Vec::new();
    // Seconds with one HIT, with many, with as many as a page holds; within a second the order is that of making them.
    for size in [1, 9, 1, 7, 3, 14, 1] {
        let mut made = Vec::new();
        for number in 0..size {
            let hit = desk.hit().requester_annotation(number.to_string()).send().await.unwrap().hit.unwrap();
            made.push(hit);
        }
        seconds.push(made);
        desk.advance(1).await;
    }
    let made: Vec<_> = seconds.into_iter().rev().flatten().collect();
    for size in [1, 7, 100] {
        let mut found = Vec::new();
        let mut pages = desk.client.list_hits().max_results(size).into_paginator().send();
        while let Some(page) = pages.next().await {
            found.extend(page.unwrap().hits.unwrap());
        }
        assert_eq!(found, made, "with their questions, {size} a page");
    }
}

#[tokio::test]
async fn a_page_shows_every_change_at_once() {
    let (desk, hit, ids) = with_work(12).await;
    let list = desk.client.list_assignments_for_hit().hit_id(&hit).max_results(100);
    let states = || async {
        let page = list.clone().send().await.unwrap();
        let again = list.clone().send().await.unwrap();
        assert_eq!(page.assignments, again.assignments);
        let all = page.assignments.unwrap();
        all.into_iter().map(|a| (a.assignment_status.unwrap(), a.requester_feedback)).collect::<Vec<_>>()
    };
    assert!(states().await.iter().all(|state| *state == (AssignmentStatus::Submitted, None)));
    desk.client.approve_assignment().assignment_id(&ids[1]).send().await.unwrap();
    assert_eq!(states().await[1], (AssignmentStatus::Approved, None));
    desk.client.reject_assignment().assignment_id(&ids[2]).requester_feedback("no").send().await.unwrap();
    assert_eq!(states().await[2], (AssignmentStatus::Rejected, Some("no".to_owned())));
    let overridden = desk.client.approve_assignment().assignment_id(&ids[2]).override_rejection(true);
    overridden.requester_feedback("sorry").send().await.unwrap();
    assert_eq!(states().await[2], (AssignmentStatus::Approved, Some("sorry".to_owned())));
    desk.work(&hit, "AONEMORE").await;
    assert_eq!(states().await.len(), 13);
    desk.advance(259_200).await;
    assert!(states().await.iter().all(|(state, _)| *state == AssignmentStatus::Approved), "by the clock");
}

#[tokio::test]
async fn a_list_goes_on_behind_a_hit_that_was_deleted_meanwhile() {
    let desk = desk().await;
    let mut made = Vec::new();
    for _ in 0..4 {
        made.push(desk.published().await.hit_id.unwrap());
    }
    let list = desk.client.list_hits().max_results(2);
    let page = list.clone().send().await.unwrap();
    let past = DateTime::from_secs(0);
    desk.client.update_expiration_for_hit().hit_id(&made[1]).expire_at(past).send().await.unwrap();
    desk.client.delete_hit().hit_id(&made[1]).send().await.unwrap();
    let rest = list.set_next_token(page.next_token).send().await.unwrap().hits.unwrap();
    let rest: Vec<_> = rest.into_iter().map(|hit| hit.hit_id.unwrap()).collect();
    assert_eq!(rest, made[2..]);
}

#[tokio::test]
async fn reviewable_hits_are_those_in_review_of_one_type_if_wanted() {
    let desk = desk().await;
    let mut closed = Vec::new();
    for reward in ["0.05", "0.06", "0.05"] {
        let hit = desk.hit().reward(reward).max_assignments(1).send().await.unwrap().hit.unwrap();
        desk.work(hit.hit_id.as_deref().unwrap(), "A1WORKER").await;
        closed.push(hit);
    }
    desk.published().await;
    let ids = |hits: Option<Vec<aws_sdk_mturk::types::Hit>>| -> Vec<String> {
        hits.unwrap().into_iter().map(|hit| hit.hit_id.unwrap()).collect()
    };
    let all = desk.client.list_reviewable_hits().send().await.unwrap();
    let expected: Vec<String> = closed.iter().map(|hit| hit.hit_id.clone().unwrap()).collect();
    assert_eq!(ids(all.hits), expected);
    let of_type = desk.client.list_reviewable_hits().hit_type_id(closed[1].hit_type_id.as_deref().unwrap());
    assert_eq!(ids(of_type.send().await.unwrap().hits), [expected[1].clone()]);
    let reviewing = desk.client.list_reviewable_hits().status(ReviewableHitStatus::Reviewing).send().await.unwrap();
    assert_eq!(reviewing.num_results, Some(0));
    let (_, message) = refused(desk.client.list_reviewable_hits().hit_type_id("3NOSUCHTYPE").send().await);
    assert!(message.starts_with("HITType 3NOSUCHTYPE does not exist."), "{message}");
}

#[tokio::test]
async fn bonuses_are_listed_of_a_hit_or_of_an_assignment() {
    let (desk, hit, ids) = with_work(3).await;
    for (worker, id) in ids.iter().enumerate() {
        let bonus = desk.client.send_bonus().worker_id(format!("A{worker}WORKER")).assignment_id(id);
        bonus.bonus_amount("0.10").reason("r").send().await.unwrap();
    }
    let list = desk.client.list_bonus_payments();
    let mut seen = HashSet::new();
    let mut pages = list.clone().hit_id(&hit).max_results(2).into_paginator().send();
    while let Some(page) = pages.next().await {
        seen.extend(page.unwrap().bonus_payments.unwrap().into_iter().map(|b| b.assignment_id.unwrap()));
    }
    assert_eq!(seen, ids.iter().cloned().collect());
    assert_eq!(list.clone().assignment_id(&ids[1]).send().await.unwrap().num_results, Some(1));
    assert_eq!(refused(list.clone().send().await).0, "ParameterValidationError");
    let both = list.clone().assignment_id(&ids[1]);
    assert_eq!(both.clone().hit_id(&hit).send().await.unwrap().num_results, Some(1));
    let elsewhere = desk.published().await.hit_id.unwrap();
    let (_, message) = refused(both.hit_id(elsewhere).send().await);
    assert!(message.starts_with(&format!("Assignment {} does not exist. (", ids[1])), "{message}");
}

#[tokio::test]
async fn another_requesters_work_does_not_exist() {
    let (desk, hit, ids) = with_work(1).await;
    let (status, account) = desk.post("/_control/requester", r#"{"name":"other"}"#).await;
    assert_eq!(status, 200);
    let key = |name: &str| account[name].as_str().unwrap().to_owned();
    let other = client(&desk.market.endpoint, &key("access_key_id"), &key("secret_access_key"));
    assert_eq!(other.list_hits().send().await.unwrap().num_results, Some(0));
    assert_eq!(other.list_reviewable_hits().send().await.unwrap().num_results, Some(0));
    let no_hit = format!("Hit {hit} does not exist. (");
    let no_assignment = format!("Assignment {} does not exist. (", ids[0]);
    let id = &ids[0];
    let past = DateTime::from_secs(0);
    let answers = [
        (refused(other.get_hit().hit_id(&hit).send().await), &no_hit),
        (refused(other.delete_hit().hit_id(&hit).send().await), &no_hit),
        (refused(other.update_expiration_for_hit().hit_id(&hit).expire_at(past).send().await), &no_hit),
        (refused(other.list_assignments_for_hit().hit_id(&hit).send().await), &no_hit),
        (refused(other.list_bonus_payments().hit_id(&hit).send().await), &no_hit),
        (refused(other.get_assignment().assignment_id(id).send().await), &no_assignment),
        (refused(other.approve_assignment().assignment_id(id).send().await), &no_assignment),
        (refused(other.reject_assignment().assignment_id(id).requester_feedback("x").send().await), &no_assignment),
    ];
    for ((_, message), expected) in answers {
        assert!(message.starts_with(expected.as_str()), "{message}");
    }
    let foreign_type = desk.get(&hit).await.hit_type_id.unwrap();
    let made = other.create_hit_with_hit_type().hit_type_id(&foreign_type).lifetime_in_seconds(60);
    let (_, message) = refused(made.question(crate::support::QUESTION).send().await);
    assert!(message.starts_with(&format!("HITType {foreign_type} does not exist. (")), "{message}");
}
