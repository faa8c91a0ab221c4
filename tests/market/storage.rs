//! A market on disk: durable, private, one process, and quick to take over other work.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use aws_sdk_mturk::types::{AssignmentStatus, HitStatus};
use hitdeck::domain::assignment::AssignmentStatus as Status;
use hitdeck::domain::id::{AssignmentId, HitId, WorkerId};
use hitdeck::domain::money::Usd;
use hitdeck::domain::time::{Seconds, Time};
use hitdeck::market::serve::{Options, start};
use hitdeck::market::service::{TypeDraft, type_digest};
use hitdeck::market::storage::{ImportedAssignment, ImportedHit, NewHitType};

use crate::support::{QUESTION, desk, desk_with, still};

#[tokio::test]
async fn what_was_done_is_there_after_a_restart_and_time_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options { data: Some(dir.path().join("market")), ..still() };
    let first = desk_with(options.clone()).await;
    let hit = first.published().await.hit_id.unwrap();
    let assignment = first.work(&hit, "A1WORKER").await;
    first.client.approve_assignment().assignment_id(&assignment).send().await.unwrap();
    first.advance(1_234).await;
    let (time, money, ledger) = (first.market.clock.now(), first.money().await, first.ledger().await);
    first.market.stop().await;

    let second = desk_with(options).await;
    assert_eq!(second.market.clock.now(), time);
    assert_eq!(second.money().await, money);
    assert_eq!(second.ledger().await, ledger);
    assert_eq!(second.get(&hit).await.number_of_assignments_completed, Some(1));
    second.market.stop().await;
}

#[tokio::test]
async fn time_never_runs_backwards_over_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options { data: Some(dir.path().join("market")), ..still() };
    let market = start(options.clone()).await.unwrap();
    let far = market.service.advance(Duration::from_secs(1_000_000)).await.unwrap();
    market.stop().await;
    let market = start(Options { speed: 1.0, ..options }).await.unwrap();
    assert!(market.clock.now().time() >= far);
    market.stop().await;
}

#[tokio::test]
async fn one_process_serves_a_market_and_its_files_are_private() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("market");
    let options = Options { data: Some(data.clone()), ..still() };
    let market = start(options.clone()).await.unwrap();
    let error = start(options).await.err().unwrap().to_string();
    assert!(error.contains("is served by another process"), "{error}");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    for file in std::fs::read_dir(&data).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    market.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_approvals_at_once_are_each_paid_once() {
    let dir = tempfile::tempdir().unwrap();
    let desk = desk_with(Options { data: Some(dir.path().join("market")), ..still() }).await;
    let hit = desk.hit().max_assignments(200).send().await.unwrap().hit.unwrap().hit_id.unwrap();
    let mut ids = Vec::new();
    for worker in 0..200 {
        ids.push(desk.work(&hit, &format!("A{worker}WORKER")).await);
    }
    // Each is approved twice at the same time: one of the two is refused.
    let calls = ids.iter().chain(&ids).map(|id| {
        let approve = desk.client.approve_assignment().assignment_id(id);
        tokio::spawn(approve.send())
    });
    let mut fine = 0;
    for call in calls.collect::<Vec<_>>() {
        fine += usize::from(call.await.unwrap().is_ok());
    }
    assert_eq!(fine, 200);
    assert_eq!(desk.ledger().await.iter().filter(|m| m["kind"] == "reward").count(), 200);
    assert_eq!(desk.money().await, (1_000_000 - 200 * 7, 0));
    desk.market.stop().await;
}

fn hit_type(id: Option<&str>) -> NewHitType {
    let draft = TypeDraft {
        title: "Imported".into(),
        description: "d".into(),
        keywords: None,
        reward: Usd::cents(2),
        duration: Seconds(600),
        auto_approval: Seconds::DAY,
        requirements: "[]".into(),
        masters: false,
    };
    let digest = type_digest(&draft);
    NewHitType { id: id.map(str::to_owned), digest, ..NewHitType::from(draft) }
}

fn imported(id: &str, now: Time, statuses: &[Status]) -> ImportedHit {
    let one = |(number, status): (usize, &Status)| {
        let submitted = now - Seconds(1_000 - number as i64);
        ImportedAssignment {
            id: Some(AssignmentId::parse(&format!("{id}A{number}")).unwrap()),
            worker: WorkerId::parse(&format!("AW{number}")).unwrap(),
            status: *status,
            accepted: Some(submitted - Seconds(30)),
            submitted: Some(submitted),
            auto_approval: Some(submitted + Seconds::DAY),
            approved: (*status == Status::Approved).then_some(now),
            rejected: (*status == Status::Rejected).then_some(now),
            feedback: (*status == Status::Rejected).then(|| "no".to_owned()),
            answer: String::new(),
        }
    };
    ImportedHit {
        id: Some(HitId::parse(id).unwrap()),
        hit_type: hit_type(Some("3IMPORTEDTYPE")),
        question: QUESTION.into(),
        annotation: Some("batch".into()),
        created: now - Seconds::DAY,
        expires: now,
        max: 0,
        assignments: statuses.iter().enumerate().map(one).collect(),
    }
}

#[tokio::test]
async fn imported_work_is_there_as_it_was_and_costs_what_is_open() {
    let desk = desk().await;
    let now = desk.market.clock.now().time();
    let hit =
        imported("3IMPORTEDHIT", now, &[Status::Submitted, Status::Approved, Status::Rejected, Status::Submitted]);
    let report = desk.market.service.import(desk.market.requester, vec![hit.clone()]).await.unwrap();
    assert_eq!((report.hits, report.assignments, report.known), (1, 4, 0));
    assert_eq!(report.credited, Usd::cents(6), "two undecided at 0.02 and a fee of 0.01");
    assert_eq!(desk.money().await, (1_000_000, 6));

    let shown = desk.get("3IMPORTEDHIT").await;
    assert_eq!(shown.hit_type_id.as_deref(), Some("3IMPORTEDTYPE"));
    assert_eq!((shown.hit_status, shown.max_assignments), (Some(HitStatus::Reviewable), Some(4)));
    assert_eq!(shown.number_of_assignments_completed, Some(2));
    let list = desk.client.list_assignments_for_hit().hit_id("3IMPORTEDHIT").send().await.unwrap();
    let list = list.assignments.unwrap();
    assert_eq!(list[0].submit_time.unwrap().secs(), now.0 - 1_000);
    assert_eq!(list[2].assignment_status, Some(AssignmentStatus::Rejected));
    assert_eq!(list[2].requester_feedback.as_deref(), Some("no"));

    desk.client.approve_assignment().assignment_id("3IMPORTEDHITA0").send().await.unwrap();
    assert_eq!(desk.money().await, (1_000_000, 3));
    let again = desk.market.service.import(desk.market.requester, vec![hit]).await.unwrap();
    assert_eq!((again.hits, again.known, again.credited), (0, 1, Usd::ZERO), "what is there is left alone");
}

#[tokio::test]
async fn an_import_that_contradicts_itself_leaves_nothing() {
    let desk = desk().await;
    let now = desk.market.clock.now().time();
    let mut hit = imported("3IMPORTEDHIT", now, &[Status::Submitted, Status::Submitted]);
    hit.assignments[1].worker = hit.assignments[0].worker.clone();
    let error = desk.market.service.import(desk.market.requester, vec![hit]).await.unwrap_err().to_string();
    assert!(error.contains("3IMPORTEDHITA1") && error.contains("AW0"), "{error}");
    assert_eq!(desk.client.list_hits().send().await.unwrap().num_results, Some(0));
    assert_eq!(desk.money().await, (1_000_000, 0));
}

#[tokio::test]
async fn work_without_times_is_never_approved_by_the_clock() {
    let desk = desk().await;
    let now = desk.market.clock.now().time();
    let mut hit = imported("3IMPORTEDHIT", now, &[Status::Submitted]);
    let only = &mut hit.assignments[0];
    (only.accepted, only.submitted, only.auto_approval) = (None, None, None);
    desk.market.service.import(desk.market.requester, vec![hit]).await.unwrap();
    desk.advance(1_000 * 86_400).await;
    let shown = desk.client.get_assignment().assignment_id("3IMPORTEDHITA0").send().await.unwrap().assignment.unwrap();
    assert_eq!((shown.assignment_status, shown.submit_time), (Some(AssignmentStatus::Submitted), None));
}
