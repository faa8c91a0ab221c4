//! What time does: expiry, abandonment, auto-approval. Nobody looks while it passes; it is right whenever somebody does.

use std::time::Duration;

use aws_sdk_mturk::types::{AssignmentStatus, HitStatus};
use hitdeck::domain::id::WorkerId;
use hitdeck::market::serve::Options;

use crate::support::{desk, desk_with, still};

#[tokio::test]
async fn undecided_work_is_approved_by_the_clock() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    let assignment = desk.work(&hit, "A1WORKER").await;
    desk.advance(259_199).await;
    let get = || desk.client.get_assignment().assignment_id(&assignment).send();
    assert_eq!(get().await.unwrap().assignment.unwrap().assignment_status, Some(AssignmentStatus::Submitted));
    desk.advance(500).await;
    let shown = get().await.unwrap().assignment.unwrap();
    assert_eq!(shown.assignment_status, Some(AssignmentStatus::Approved));
    assert_eq!(shown.approval_time, shown.auto_approval_time, "at the time it was due, not when somebody looked");
    assert_eq!(shown.requester_feedback, None);
    let reward = desk.ledger().await.into_iter().find(|m| m["kind"] == "reward").unwrap();
    assert_eq!(reward["at"], shown.approval_time.unwrap().secs());
}

#[tokio::test]
async fn a_delay_of_nothing_approves_at_submission() {
    let desk = desk().await;
    let hit = desk.hit().auto_approval_delay_in_seconds(0).send().await.unwrap().hit.unwrap().hit_id.unwrap();
    let assignment = desk.work(&hit, "A1WORKER").await;
    let shown = desk.client.get_assignment().assignment_id(&assignment).send().await.unwrap().assignment.unwrap();
    assert_eq!(shown.assignment_status, Some(AssignmentStatus::Approved));
    assert_eq!(shown.approval_time, shown.submit_time);
    assert_eq!(desk.money().await, (1_000_000 - 30, 24));
}

#[tokio::test]
async fn a_hit_expires_when_its_lifetime_ends() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    desk.advance(3_599).await;
    assert_eq!(desk.get(&hit).await.hit_status, Some(HitStatus::Assignable));
    desk.advance(1).await;
    assert_eq!(desk.get(&hit).await.hit_status, Some(HitStatus::Reviewable));
    assert_eq!(desk.client.list_reviewable_hits().send().await.unwrap().num_results, Some(1));
    assert_eq!(desk.money().await, (1_000_000, 0));
}

#[tokio::test]
async fn accepted_work_may_be_finished_after_expiry() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    desk.advance(3_500).await;
    let accepted = desk.accept(&hit, "A1WORKER").await;
    desk.advance(200).await;
    assert_eq!(desk.get(&hit).await.hit_status, Some(HitStatus::Unassignable));
    assert_eq!(desk.money().await, (1_000_000 - 30, 30), "nothing is released while somebody works");
    desk.market.service.submit(&accepted, String::new()).await.unwrap();
    let shown = desk.get(&hit).await;
    assert_eq!(shown.hit_status, Some(HitStatus::Reviewable));
    assert_eq!(shown.number_of_assignments_available, Some(4));
    assert_eq!(desk.money().await, (1_000_000 - 6, 6));
}

#[tokio::test]
async fn work_not_handed_in_by_its_deadline_is_abandoned() {
    let desk = desk().await;
    let hit = desk.hit().max_assignments(1).send().await.unwrap().hit.unwrap().hit_id.unwrap();
    let late = desk.accept(&hit, "A1WORKER").await;
    assert_eq!(desk.get(&hit).await.hit_status, Some(HitStatus::Unassignable));
    desk.advance(600).await;
    let shown = desk.get(&hit).await;
    assert_eq!((shown.hit_status, shown.number_of_assignments_available), (Some(HitStatus::Assignable), Some(1)));
    let error = desk.market.service.submit(&late, String::new()).await.unwrap_err().to_string();
    assert!(error.contains("is held by nobody"), "{error}");

    let next = desk.accept(&hit, "A2WORKER").await;
    assert_eq!(next, late, "the slot keeps its assignment ID");
    desk.market.service.submit(&next, String::new()).await.unwrap();
    let list = desk.client.list_assignments_for_hit().hit_id(&hit).send().await.unwrap().assignments.unwrap();
    assert_eq!(list[0].worker_id.as_deref(), Some("A2WORKER"));
}

#[tokio::test]
async fn many_things_due_at_once_all_happen() {
    let desk = desk().await;
    let mut hits = Vec::new();
    for _ in 0..30 {
        let hit = desk.hit().max_assignments(100).auto_approval_delay_in_seconds(60).send().await.unwrap();
        let hit = hit.hit.unwrap().hit_id.unwrap();
        for worker in 0..40 {
            desk.work(&hit, &format!("A{worker}WORKER")).await;
        }
        desk.accept(&hit, "AX").await;
        hits.push(hit);
    }
    desk.market.clock.advance(Duration::from_secs(4_000));
    for hit in &hits {
        let shown = desk.get(hit).await;
        assert_eq!(shown.hit_status, Some(HitStatus::Reviewable));
        assert_eq!(
            (shown.number_of_assignments_completed, shown.number_of_assignments_available),
            (Some(40), Some(60))
        );
    }
    let (available, held) = desk.money().await;
    assert_eq!((available, held), (1_000_000 - 30 * 40 * 7, 0));
}

#[tokio::test]
async fn workers_are_shown_what_they_can_take() {
    let desk = desk().await;
    let first = desk.published().await.hit_id.unwrap();
    let second = desk.published().await.hit_id.unwrap();
    let worker = WorkerId::parse("A1WORKER").unwrap();
    let open = |limit| desk.market.service.open_hits(&worker, None, limit);
    let ids: Vec<String> = open(10).await.unwrap().into_iter().map(|hit| hit.id).collect();
    assert_eq!(ids, [first.clone(), second.clone()]);
    assert_eq!(open(1).await.unwrap().len(), 1);
    let taken = desk.accept(&first, "A1WORKER").await;
    assert_eq!(open(10).await.unwrap()[0].id, second);
    desk.market.service.give_back(&taken).await.unwrap();
    assert_eq!(open(10).await.unwrap().len(), 2, "who gave it back may take it again");
    desk.advance(3_600).await;
    assert_eq!(open(10).await.unwrap(), []);
}

#[tokio::test]
async fn a_fast_clock_lets_time_pass_by_itself() {
    let desk = desk_with(Options { speed: 100_000.0, ..still() }).await;
    let hit = desk.published().await.hit_id.unwrap();
    let start = desk.market.clock.now();
    desk.market.clock.pass(Duration::from_secs(3_600)).await;
    assert!(desk.market.clock.now().0 - start.0 >= 3_600_000);
    assert_eq!(desk.get(&hit).await.hit_status, Some(HitStatus::Reviewable));
}

#[tokio::test]
async fn a_closed_hit_is_disposed_of_after_120_days_and_no_sooner() {
    const DAYS: u64 = 120 * 86_400;
    let desk = desk().await;
    let left = desk.published().await.hit_id.unwrap();
    let done = desk.hit().max_assignments(1).lifetime_in_seconds(31_536_000).send().await.unwrap().hit.unwrap();
    let done = done.hit_id.unwrap();
    let open = desk.hit().lifetime_in_seconds(31_536_000).send().await.unwrap().hit.unwrap().hit_id.unwrap();
    let assignment = desk.work(&done, "A1WORKER").await;
    let reject = desk.client.reject_assignment().assignment_id(&assignment).requester_feedback("no");
    reject.send().await.unwrap();
    let states = || async {
        [desk.get(&left).await, desk.get(&done).await, desk.get(&open).await].map(|hit| hit.hit_status.unwrap())
    };
    use HitStatus::{Assignable, Disposed, Reviewable};
    // One is closed since it was done, the other since it expired an hour later.
    desk.advance(DAYS - 1).await;
    assert_eq!(states().await, [Reviewable, Reviewable, Assignable]);
    desk.advance(1).await;
    assert_eq!(states().await, [Reviewable, Disposed, Assignable]);
    desk.advance(3_600).await;
    assert_eq!(states().await, [Disposed, Disposed, Assignable]);
    let listed = desk.client.list_hits().send().await.unwrap().hits.unwrap();
    assert_eq!(listed.iter().map(|hit| hit.hit_id.clone().unwrap()).collect::<Vec<_>>(), [open]);
    let override_it = desk.client.approve_assignment().assignment_id(&assignment).override_rejection(true);
    let (_, message) = crate::support::refused(override_it.send().await);
    assert!(message.starts_with("This operation can be called with a status of: Submitted ("), "{message}");
}

#[tokio::test]
async fn a_hit_that_is_opened_again_starts_its_120_days_anew() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    desk.advance(119 * 86_400).await;
    let later = aws_sdk_mturk::primitives::DateTime::from_secs(desk.market.clock.now().time().0 + 3_600);
    desk.client.update_expiration_for_hit().hit_id(&hit).expire_at(later).send().await.unwrap();
    desk.advance(119 * 86_400).await;
    assert_eq!(desk.get(&hit).await.hit_status, Some(HitStatus::Reviewable));
    desk.client.update_hit_review_status().hit_id(&hit).send().await.unwrap();
    desk.advance(2 * 86_400).await;
    assert_eq!(desk.get(&hit).await.hit_status, Some(HitStatus::Disposed), "the mark of review does not keep it");
}
