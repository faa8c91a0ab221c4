//! Senders that die.

use super::child::{Death, spawn, was_killed};
use super::lab::{FAULTS, Lab, decide_all};
use hitdeck::runtime::engine::Step;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use rstest::rstest;
use std::time::{Duration, Instant};

async fn wait(child: std::process::Child) -> std::process::ExitStatus {
    tokio::task::spawn_blocking(move || child.wait_with_output().unwrap().status).await.unwrap()
}

#[rstest]
#[case(Step::Claim)]
#[case(Step::Claimed)]
#[case(Step::Send)]
#[case(Step::Answered)]
#[case(Step::Mirrored)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_a_step_of_the_journal(#[case] step: Step) {
    let lab = Lab::with(40, "", 1).await;
    let engine = lab.synced().await;
    decide_all(&engine, 5).await;
    for nth in [1, 2] {
        let status = wait(spawn(&lab.address(), Some(Death { step: Some(step), nth }))).await;
        assert!(was_killed(status) || status.success(), "{status}");
        assert!(nth > 1 || was_killed(status), "it came to {step:?}");
    }
    let status = wait(spawn(&lab.address(), None)).await;
    assert!(status.success(), "{status}");
    lab.check(&engine).await;
}

#[rstest]
#[case(1)]
#[case(2)]
#[case(3)]
#[case(4)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_anywhere_while_everything_goes_wrong(#[case] seed: u64) {
    let lab = Lab::with(120, FAULTS, seed).await;
    let engine = lab.synced().await;
    decide_all(&engine, 20).await;
    let mut random = StdRng::seed_from_u64(seed);
    for _ in 0..6 {
        let nth = random.random_range(1..150);
        let status = wait(spawn(&lab.address(), Some(Death { step: None, nth }))).await;
        assert!(was_killed(status) || status.success(), "{status}");
    }
    let status = wait(spawn(&lab.address(), None)).await;
    assert!(status.success(), "{status}");
    lab.check(&engine).await;
}

/// The long run of `scripts/faults.sh`: 2,000 approvals and 200 rejections, ten kills from outside at random moments.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes; scripts/faults.sh runs it"]
async fn the_long_run() {
    let seed = std::env::var("HITDECK_FAULTS_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let lab = Lab::with(2_200, FAULTS, seed).await;
    let begun = Instant::now();
    let engine = lab.synced().await;
    println!("seed {seed}: read 2,200 assignments in {:.1} s", begun.elapsed().as_secs_f64());
    let count = decide_all(&engine, 200).await;
    let mut random = StdRng::seed_from_u64(seed);
    let begun = Instant::now();
    let mut kills = 0;
    while kills < 10 {
        let mut child = spawn(&lab.address(), None);
        // The moment is the point of this test: it has to be unrelated to what the sender is doing.
        tokio::time::sleep(Duration::from_millis(random.random_range(30..350))).await;
        child.kill().unwrap();
        let status = wait(child).await;
        let left = engine.store().read(hitdeck::store::Reader::unsettled).unwrap();
        if was_killed(status) {
            kills += 1;
            println!("kill {kills}: {left} of {count} decisions not settled");
        }
        if left == 0 {
            break;
        }
    }
    let status = wait(spawn(&lab.address(), None)).await;
    assert!(status.success(), "{status}");
    println!("{count} decisions settled after {kills} kills in {:.1} s", begun.elapsed().as_secs_f64());
    lab.check(&engine).await;
    let audit = engine.store().read(|reader| reader.audit(None, u32::MAX)).unwrap();
    let mut events = std::collections::BTreeMap::<&str, u32>::new();
    for line in &audit {
        *events.entry(line.event.as_str()).or_default() += 1;
    }
    println!("rewards paid: {}, bonuses paid: {}", lab.paid("reward").await.len(), lab.paid("bonus").await.len());
    println!("audit: {} lines {events:?}", audit.len());
}
