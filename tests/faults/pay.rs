//! Paying somebody who has no payable assignment, killed at every step: one HIT, one message, one reward.

use super::child::{Death, spawn_payer, was_killed};
use super::lab::{Lab, approve, keys};
use hitdeck::app::effect::{NewDecision, Subject};
use hitdeck::domain::id::WorkerId;
use hitdeck::domain::money::Usd;
use hitdeck::domain::worker::PaymentState;
use hitdeck::market::answers::from_fields;
use hitdeck::runtime::engine::Engine;
use rstest::rstest;
use std::process::ExitStatus;

/// The steps of the journal that one run comes to are fewer than this.
const MANY: u32 = 200;

/// A payment that dies at the `nth` step of whatever it does, and then one that lives. Whether the first one died.
async fn die_and_go_on(lab: &Lab, worker: &WorkerId, nth: u32) -> bool {
    let first = run(lab, worker, Some(Death { step: None, nth })).await;
    assert!(was_killed(first) || first.success(), "{first}");
    let second = run(lab, worker, None).await;
    assert!(second.success(), "{second}");
    was_killed(first)
}

async fn run(lab: &Lab, worker: &WorkerId, death: Option<Death>) -> ExitStatus {
    let child = spawn_payer(&lab.address(), death, worker.as_str());
    tokio::task::spawn_blocking(move || child.wait_with_output().unwrap().status).await.unwrap()
}

/// Everybody has decided work, so that messages reach them.
async fn prepared(workers: usize, faults: &str) -> (Lab, Engine) {
    let lab = Lab::of_workers(workers, workers, "", 1).await;
    let engine = lab.synced().await;
    let approvals =
        keys(&engine).into_iter().map(|key| NewDecision { subject: Subject::Assignment(key), decision: approve() });
    let now = engine.clock().now().wall;
    engine.decide(approvals.collect(), 1, now).await.unwrap();
    engine.send_until_idle(super::lab::PATIENCE).await.unwrap();
    lab.set_faults(faults).await;
    (lab, engine)
}

/// The worker finds the one HIT, does it, and is paid for it once.
async fn take_and_check(lab: &Lab, engine: &Engine, worker: &WorkerId, nth: u32) -> bool {
    let who = worker.clone();
    let payment = engine.store().read(move |reader| reader.open_payment(&who)).unwrap().unwrap();
    let hit = payment.hit.expect("the HIT is known when the payment waits");
    let assignment = lab.market.service.accept(&hit, worker).await.unwrap().assignment;
    lab.market.service.submit(&assignment, from_fields([("read", "yes")])).await.unwrap();
    let died = die_and_go_on(lab, worker, nth).await;
    let rewards = lab.paid("reward").await;
    assert_eq!(rewards.get(&assignment.to_string()), Some(&(1, Usd::cents(250))), "step {nth}");
    let messages = engine.store().read(|reader| reader.messages(worker)).unwrap();
    assert_eq!(messages.len(), 1, "step {nth}: {messages:?}");
    let payments = engine.store().read(|reader| reader.payments(worker)).unwrap();
    assert_eq!((payments.len(), payments[0].state, payments[0].cleaned), (1, PaymentState::Paid, true), "step {nth}");
    died
}

/// Each step of both halves, until the runs are over before the step comes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_every_step_a_payment_is_made_once() {
    let (lab, engine) = prepared(60, "").await;
    let mut steps = 0;
    for nth in 1..60 {
        let worker: WorkerId = format!("A1WORKER{nth}").parse().unwrap();
        let before = die_and_go_on(&lab, &worker, nth).await;
        let after = take_and_check(&lab, &engine, &worker, nth).await;
        if !before && !after {
            break;
        }
        steps = nth;
    }
    assert!((10..MANY.min(59)).contains(&steps), "{steps} steps");
    let paid: Vec<u32> =
        lab.paid("reward").await.values().filter(|(_, sum)| *sum == Usd::cents(250)).map(|it| it.0).collect();
    assert_eq!(paid.len() as u32, steps + 1, "one for each worker");
    assert!(lab.hits_left().await.is_empty(), "every HIT that paid is cleared away");
}

#[rstest]
#[case("throttle=0.2,error500=0.1,reset_before=0.05,reset_after=0.05")]
#[case("reset_after=0.3")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_gets_through_faults_and_is_made_once(#[case] faults: &str) {
    let (lab, engine) = prepared(4, faults).await;
    for number in 0..4 {
        let worker: WorkerId = format!("A1WORKER{number}").parse().unwrap();
        die_and_go_on(&lab, &worker, 5 + 7 * number).await;
        take_and_check(&lab, &engine, &worker, 3 + 2 * number).await;
    }
    lab.set_faults("").await;
    let paid = lab.paid("reward").await;
    assert_eq!(paid.values().filter(|(_, sum)| *sum == Usd::cents(250)).count(), 4);
    assert!(lab.hits_left().await.is_empty());
}
