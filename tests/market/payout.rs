//! What workers are given is what they earned, to the cent and once, whatever is earned in between.

use std::collections::BTreeMap;

use hitdeck::domain::id::WorkerId;
use hitdeck::market::{Kind, Payroll};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

use crate::support::{Desk, desk};

const WORKERS: [&str; 4] = ["A1ADA", "A2BOB", "A3CYD", "A4DEE"];

/// What each worker earned by the ledger, in cents.
async fn earned(desk: &Desk) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    for row in desk.market.service.ledger().await.unwrap() {
        if matches!(row.movement.kind, Kind::Reward | Kind::Bonus) {
            *sums.entry(row.worker.unwrap()).or_default() += row.movement.amount.as_cents();
        }
    }
    sums
}

fn add(sums: &mut BTreeMap<String, i64>, payroll: &Payroll) {
    for line in &payroll.lines {
        assert!(line.works + line.extras > 0 && line.total().as_cents() >= 0);
        *sums.entry(line.worker.clone()).or_default() += line.total().as_cents();
    }
}

async fn bonus(desk: &Desk, worker: &str, assignment: &str, amount: &str) {
    let bonus = desk.client.send_bonus().worker_id(worker).assignment_id(assignment).bonus_amount(amount);
    bonus.reason("well done").send().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_paid_and_what_is_owed_is_what_was_earned() {
    for seed in 0..6 {
        let mut random = StdRng::seed_from_u64(seed);
        let desk = desk().await;
        let service = &desk.market.service;
        let mut done: Vec<(String, &str)> = Vec::new();
        let mut shown: Vec<String> = Vec::new();
        let mut paid = 0;
        for step in 0..40 {
            match random.random_range(0..10) {
                0..4 => {
                    let hit = desk.published().await.hit_id.unwrap();
                    let worker = WORKERS.choose(&mut random).copied().unwrap();
                    done.push((desk.work(&hit, worker).await, worker));
                }
                4..6 => {
                    let Some((assignment, _)) = done.choose(&mut random) else { continue };
                    // What is decided already stays so.
                    let _ = desk.client.approve_assignment().assignment_id(assignment).send().await;
                }
                6 => {
                    let Some((assignment, _)) = done.choose(&mut random) else { continue };
                    let reject = desk.client.reject_assignment().assignment_id(assignment);
                    if reject.requester_feedback("no").send().await.is_ok() && random.random_bool(0.5) {
                        let approve = desk.client.approve_assignment().assignment_id(assignment);
                        approve.override_rejection(true).send().await.unwrap();
                    }
                }
                7 => {
                    let Some((assignment, worker)) = done.choose(&mut random) else { continue };
                    bonus(&desk, worker, assignment, "0.10").await;
                }
                8 => shown.push(service.owed().await.unwrap().code),
                _ => {
                    let Some(code) = shown.choose(&mut random).cloned() else { continue };
                    paid += usize::from(service.mark_paid(&code, i64::from(step)).await.unwrap_or(false));
                }
            }
            let mut sums = BTreeMap::new();
            let made = service.payrolls().await.unwrap();
            assert_eq!(made.len(), paid);
            made.iter().for_each(|payroll| add(&mut sums, payroll));
            add(&mut sums, &service.owed().await.unwrap());
            assert_eq!(sums, earned(&desk).await, "seed {seed}, step {step}");
        }
        assert_eq!(desk.fetch("/_control/ledger").await.0, 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_marked_is_what_was_shown() {
    let desk = desk().await;
    let service = &desk.market.service;
    let hit = desk.published().await.hit_id.unwrap();
    let mut assignments = Vec::new();
    for worker in WORKERS {
        let assignment = desk.work(&hit, worker).await;
        desk.client.approve_assignment().assignment_id(&assignment).send().await.unwrap();
        assignments.push(assignment);
    }
    let first = service.owed().await.unwrap();
    assert_eq!((first.lines.len(), first.total().as_cents()), (4, 20));
    // Somebody earns more while the money is on its way: that is not in it.
    bonus(&desk, WORKERS[0], &assignments[0], "1.00").await;
    let both = service.owed().await.unwrap();
    assert_ne!(first.code, both.code);
    assert!(service.mark_paid(&first.code, 1_000).await.unwrap());
    assert!(!service.mark_paid(&first.code, 2_000).await.unwrap(), "twice is once");
    let rest = service.owed().await.unwrap();
    assert_eq!((rest.lines.len(), rest.total().as_cents()), (1, 100));
    // A list that was shown before, and in which the first pay-out is once more, is never marked.
    let refused = service.mark_paid(&both.code, 3_000).await.unwrap_err().to_string();
    assert!(refused.contains("Nothing was marked") && refused.contains(&first.code), "{refused}");
    for wrong in ["", "1", "999999-abcdef", &format!("{}x", rest.code), "-1-000000"] {
        let refused = service.mark_paid(wrong, 3_000).await.unwrap_err().to_string();
        assert!(refused.contains("pay-out"), "{wrong}: {refused}");
    }
    assert_eq!(service.payroll(&first.code).await.unwrap().paid_ms, Some(1_000));
    assert_eq!(service.payrolls().await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_says_what_the_sum_is_made_of() {
    let desk = desk().await;
    let service = &desk.market.service;
    let hit = desk.published().await.hit_id.unwrap();
    let assignment = desk.work(&hit, WORKERS[0]).await;
    desk.client.approve_assignment().assignment_id(&assignment).send().await.unwrap();
    bonus(&desk, WORKERS[0], &assignment, "0.25").await;
    let owed = service.owed().await.unwrap();
    let line = &owed.lines[0];
    let statement = service.statement_in(&owed, line.key).await.unwrap();
    let pieces: Vec<_> = statement.earnings.iter().map(|piece| (piece.is_bonus, piece.amount.as_cents())).collect();
    assert_eq!(pieces, [(false, 5), (true, 25)]);
    assert_eq!((statement.total(), &statement.earnings[0].title), (line.total(), &"Tag an image".to_owned()));
    assert_eq!(statement.earnings[0].assignment, assignment);
    // The worker sees the same, before and after.
    let key = line.key;
    let wages = service.wages(key).await.unwrap();
    assert_eq!((wages.owed.as_ref(), wages.paid.len()), (Some(line), 0));
    service.mark_paid(&owed.code, 5_000).await.unwrap();
    let wages = service.wages(key).await.unwrap();
    assert_eq!(wages.owed, None);
    assert_eq!((&wages.paid[0].0.code, &wages.paid[0].1), (&owed.code, line));
    let theirs = service.statement(key, Some(&owed.code)).await.unwrap();
    assert_eq!((theirs.earnings, theirs.paid_ms), (statement.earnings, Some(5_000)));
    assert!(service.statement(key, None).await.unwrap().earnings.is_empty());
    assert!(WorkerId::parse(&line.worker).is_ok());
}
