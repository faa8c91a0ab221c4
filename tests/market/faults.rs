//! Faults on purpose.

use std::time::Duration;

use aws_sdk_mturk::types::AssignmentStatus;
use hitdeck::market::serve::Options;

use crate::support::{desk, desk_with, refused, still};

#[tokio::test]
async fn throttling_and_server_errors_act_on_nothing() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    let assignment = desk.work(&hit, "A1WORKER").await;
    for (faults, expected) in [("throttle=1", "ThrottlingException"), ("error500=1", "ServiceFault")] {
        assert_eq!(desk.post("/_control/faults", faults).await.0, 200);
        let (code, message) = refused(desk.client.approve_assignment().assignment_id(&assignment).send().await);
        assert_eq!(code, expected, "{message}");
    }
    assert_eq!(desk.post("/_control/faults", "").await.0, 200);
    let shown = desk.client.get_assignment().assignment_id(&assignment).send().await.unwrap().assignment.unwrap();
    assert_eq!(shown.assignment_status, Some(AssignmentStatus::Submitted));
}

#[tokio::test]
async fn a_cut_connection_tells_nothing_about_what_happened() {
    let desk = desk().await;
    let hit = desk.published().await.hit_id.unwrap();
    let untouched = desk.work(&hit, "A1WORKER").await;
    let acted = desk.work(&hit, "A2WORKER").await;
    for (faults, id) in [("reset_before=1", &untouched), ("reset_after=1", &acted)] {
        desk.post("/_control/faults", faults).await;
        let error = desk.client.approve_assignment().assignment_id(id).send().await.unwrap_err();
        assert!(error.as_service_error().is_none(), "no response at all: {error:?}");
    }
    desk.post("/_control/faults", "").await;
    for (id, expected) in [(untouched, AssignmentStatus::Submitted), (acted, AssignmentStatus::Approved)] {
        let shown = desk.client.get_assignment().assignment_id(&id).send().await.unwrap().assignment.unwrap();
        assert_eq!(shown.assignment_status, Some(expected));
    }
    let (_, counts) = desk.fetch("/_control/requests").await;
    assert_eq!(counts["ApproveAssignment"], serde_json::json!({"reset_after": 1, "reset_before": 1}));
    assert_eq!(desk.ledger().await.iter().filter(|m| m["kind"] == "reward").count(), 1);
}

#[tokio::test]
async fn the_same_seed_makes_the_same_faults() {
    let faults = "throttle=0.5".parse().unwrap();
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        let desk = desk_with(Options { faults, seed, ..still() }).await;
        let mut outcomes = Vec::new();
        for _ in 0..40 {
            outcomes.push(desk.client.get_account_balance().send().await.is_ok());
        }
        runs.push(outcomes);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
}

#[tokio::test]
async fn a_rate_throttles_what_is_above_it_and_leaves_control_alone() {
    let desk = desk_with(Options { rate: Some(2), ..still() }).await;
    let mut throttled = 0;
    for _ in 0..10 {
        if desk.client.get_account_balance().send().await.is_err() {
            throttled += 1;
        }
        assert_eq!(desk.fetch("/_control/ledger").await.0, 200);
    }
    assert!(throttled >= 5, "{throttled} of 10");
}

#[tokio::test]
async fn latency_is_the_least_that_a_request_takes() {
    let desk = desk_with(Options { latency: Duration::from_millis(30), ..still() }).await;
    let start = std::time::Instant::now();
    desk.client.get_account_balance().send().await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(30));
}
