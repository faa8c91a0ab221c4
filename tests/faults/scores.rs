//! Score files under fire: throttled and killed again and again, the market's scores equal the file, each sent once.

use super::child::{Death, spawn, was_killed};
use super::lab::{FAULTS, Lab, PATIENCE};
use hitdeck::domain::decision::{Decision, NewDecision, Subject, Target};
use hitdeck::domain::id::{QualificationTypeId, WorkerId};
use hitdeck::domain::qualification::{TypeDraft, TypeStatus};
use hitdeck::exchange::scores::{self, Change};
use hitdeck::runtime::engine::{Engine, Step};
use hitdeck::store::Reader;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use rstest::rstest;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A score file for this many workers, and what it says.
fn score_file(workers: usize) -> (String, BTreeMap<WorkerId, i32>) {
    let (mut text, mut wanted) = (String::from("workerid\tscore\n"), BTreeMap::new());
    for number in 0..workers {
        let (worker, score) = (format!("A1WORKER{number}"), (number * 37 % 101) as i32);
        writeln!(text, "{worker}\t{score}").unwrap();
        wanted.insert(worker.parse().unwrap(), score);
    }
    (text, wanted)
}

/// A new qualification type.
async fn qualification(engine: &Engine) -> QualificationTypeId {
    let draft = TypeDraft {
        name: Some("Skill".into()),
        description: Some("For tests".into()),
        status: Some(TypeStatus::Active),
        ..TypeDraft::default()
    };
    let subject = Subject::Other(Target::NewType("Skill".into()));
    let decision = Decision::CreateType(Box::new(draft));
    let now = engine.clock().now().wall;
    engine.decide(vec![NewDecision { subject, decision }], 1, now).await.unwrap();
    engine.send_until_idle(PATIENCE).await.unwrap();
    engine.sync_people().await.unwrap();
    engine.store().read(Reader::types).unwrap().remove(0).it.id
}

/// The scores that the market has.
async fn on_the_market(engine: &Engine, of: &QualificationTypeId) -> BTreeMap<WorkerId, i32> {
    engine.sync_holders(of).await.unwrap();
    let holders = engine.store().read(|reader| reader.holders(of)).unwrap();
    holders.into_iter().filter(|it| !it.revoked).map(|it| (it.worker, it.score.unwrap())).collect()
}

/// Writes a file's changes down as one group.
async fn stage(engine: &Engine, of: &QualificationTypeId, text: &str) -> usize {
    let file = scores::read(text, "Skill", None).unwrap();
    let decisions: Vec<NewDecision> = file
        .lines
        .into_iter()
        .map(|line| {
            let Change::Score(score) = line.change else { panic!("{line:?}") };
            let subject = Subject::Other(Target::Qualification(of.clone(), line.worker));
            NewDecision { subject, decision: Decision::Grant { score, tell: false } }
        })
        .collect();
    let (count, now) = (decisions.len(), engine.clock().now().wall);
    let written = engine.decide(decisions, engine.new_group(), now).await.unwrap();
    assert_eq!(written.staged.len(), count);
    count
}

#[rstest]
#[case::throttled("throttle=0.2", true)]
#[case::everything(FAULTS, false)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_every_step_the_market_has_what_the_file_says(#[case] faults: &str, #[case] only_throttled: bool) {
    let lab = Lab::of_workers(150, 150, "", 3).await;
    let engine = lab.synced().await;
    let of = qualification(&engine).await;
    let (text, wanted) = score_file(150);
    let count = stage(&engine, &of, &text).await;
    lab.set_faults(faults).await;
    for step in [Step::Claim, Step::Claimed, Step::Send, Step::Answered, Step::Mirrored] {
        let child = spawn(&lab.address(), Some(Death { step: Some(step), nth: 3 }));
        let status = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap().status).await.unwrap();
        assert!(was_killed(status) || status.success(), "{status}");
    }
    engine.send_until_idle(PATIENCE).await.unwrap();
    lab.set_faults("").await;
    assert_eq!(on_the_market(&engine, &of).await, wanted);
    assert_eq!(engine.store().read(Reader::unsettled).unwrap(), 0);
    if only_throttled {
        assert_eq!(lab.carried_out("AssociateQualificationWithWorker").await, count as u64, "each sent once");
    }
}

/// The built program, killed from outside whenever a further share of its file has gone through.
async fn upload_with_kills(workers: usize, kills: usize, seed: u64) -> Vec<u32> {
    let lab = Lab::of_workers(workers, workers, "", seed).await;
    let engine = lab.synced().await;
    let of = qualification(&engine).await;
    let (text, wanted) = score_file(workers);
    let file = lab.folder.path().join("scores.txt");
    std::fs::write(&file, text).unwrap();
    lab.set_faults("throttle=0.2").await;
    let home = lab.folder.path().join("home");
    std::fs::create_dir(&home).unwrap();
    let import = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hitdeck"));
        command
            .args(["qual", "scores", "import", file.to_str().unwrap(), "--qual", "Skill", "--yes"])
            .env_clear()
            .env("HOME", &home)
            .env("USER", "ada")
            .env("AWS_ENDPOINT_URL_MTURK", &lab.market.endpoint)
            .env("AWS_ACCESS_KEY_ID", &lab.market.access_key_id)
            .env("AWS_SECRET_ACCESS_KEY", &lab.market.secret_access_key)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    };
    let mut random = StdRng::seed_from_u64(seed);
    let mut at_kills = Vec::new();
    for kill in 0..kills {
        let mut child = import().spawn().unwrap();
        // Somewhere in the share of this kill: the market counts what has gone through.
        let share = workers / (kills + 1);
        let threshold = (kill * share + random.random_range(1..share)) as u64;
        let deadline = Instant::now() + Duration::from_secs(300);
        while lab.carried_out("AssociateQualificationWithWorker").await < threshold {
            assert!(child.try_wait().unwrap().is_none(), "it ended before {threshold} changes had gone through");
            assert!(Instant::now() < deadline, "{threshold} changes never went through");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        at_kills.push(lab.carried_out("AssociateQualificationWithWorker").await as u32);
    }
    let mut last = import();
    let status = tokio::task::spawn_blocking(move || last.status().unwrap()).await.unwrap();
    assert!(status.success(), "{status}");
    lab.set_faults("").await;
    assert_eq!(on_the_market(&engine, &of).await, wanted, "the market's scores equal the file");
    assert_eq!(lab.carried_out("AssociateQualificationWithWorker").await, workers as u64, "each sent once");
    at_kills
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_is_killed_goes_on_where_it_was() {
    let at_kills = upload_with_kills(300, 3, 1).await;
    assert!(at_kills.is_sorted() && at_kills[2] < 300, "{at_kills:?}");
}

/// The long run of `scripts/scores.sh`: 5,000 changes, ten kills.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes; scripts/scores.sh runs it"]
async fn the_long_run() {
    let seed = std::env::var("HITDECK_FAULTS_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let begun = Instant::now();
    let at_kills = upload_with_kills(5_000, 10, seed).await;
    let seconds = begun.elapsed().as_secs_f64();
    println!("seed {seed}: killed after {at_kills:?} of 5,000 changes; all there, each sent once, in {seconds:.1} s");
}
