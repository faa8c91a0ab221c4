//! The desk's store with 100,000 assignments: what the first frame, the list, the keys and the search wait for.
//!
//! `cargo bench --bench store`. Filling the store takes some seconds and is timed once, on stderr.

use criterion::{Criterion, criterion_group, criterion_main};
use hitdeck::domain::assignment::{Assignment, AssignmentStatus};
use hitdeck::domain::decision::{Decision, DecisionId, NewDecision, Subject};
use hitdeck::domain::hit::{Hit, HitReviewStatus, HitStatus};
use hitdeck::domain::id::{AssignmentId, HitId, HitTypeId, WorkerId};
use hitdeck::domain::key::AssignmentKey;
use hitdeck::domain::money::Usd;
use hitdeck::domain::query::TextTerm;
use hitdeck::domain::time::{Millis, Now, Seconds, Time};
use hitdeck::store::{AnswerIndex, Decided, Fetched, Outcome, Settled, Stamp, Store, Undone};
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

const HITS: usize = 10_000;
const PER_HIT: usize = 10;
const DECISIONS: u32 = 1_000;
const NOW: Now = Now { wall: Millis(1_800_000_000_000), time: Time(1_800_000_000) };
const WORDS: [&str; 16] = [
    "review", "answer", "picture", "worker", "bicycle", "wall", "street", "people", "unclear", "blurry", "neutral",
    "positive", "receipt", "total", "invoice", "customer",
];

fn open(dir: &Path) -> Store {
    let stamp = Stamp { endpoint: "http://127.0.0.1:7878".into(), account: "BENCH".into() };
    Store::open(dir, &stamp, "bench@bench").expect("the store opens")
}

fn hit(number: usize) -> Hit {
    Hit {
        id: HitId::parse(&format!("3HIT{number:026}")).expect("an identifier"),
        type_id: HitTypeId::parse("3TYPE").expect("an identifier"),
        group: None,
        title: "Describe the picture".into(),
        description: String::new(),
        keywords: String::new(),
        question: format!("<HTMLQuestion>{number}</HTMLQuestion>"),
        status: HitStatus::Reviewable,
        review_status: HitReviewStatus::NotReviewed,
        reward: Usd::cents(5),
        created: NOW.time,
        expires: NOW.time,
        duration: Seconds(600),
        auto_approval_delay: Seconds(86_400),
        max_assignments: PER_HIT as u32,
        pending: 0,
        available: 0,
        completed: 0,
        annotation: None,
        requirements: Vec::new(),
    }
}

fn answered(hit: &Hit, number: usize) -> (Assignment, AnswerIndex) {
    // A plain generator of numbers: the store is the same in every run.
    let mut seed = number as u64 * 7_919 + 17;
    let mut words = |count: usize| {
        let mut text = String::new();
        for _ in 0..count {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(WORDS[(seed >> 60) as usize]);
            text.push(' ');
        }
        text
    };
    let needle = if number == HITS * PER_HIT / 2 { "needle " } else { "" };
    let fields = vec![
        ("label".to_owned(), words(1)),
        ("comment".to_owned(), format!("{needle}{}", words(60))),
        ("notes".to_owned(), words(95)),
    ];
    let document = fields.iter().map(|(name, value)| format!("<Answer><Q>{name}</Q><T>{value}</T></Answer>")).collect();
    let assignment = Assignment {
        id: AssignmentId::parse(&format!("3ASN{:026}", (number * 7_919) % 1_000_003)).expect("an identifier"),
        hit: hit.id.clone(),
        worker: WorkerId::parse(&format!("A{:013}", number * 31 % 4_001)).expect("an identifier"),
        status: AssignmentStatus::Submitted,
        accepted: Some(NOW.time),
        submitted: Some(NOW.time),
        auto_approval: Some(NOW.time + Seconds((number % 86_400) as i64)),
        approved: None,
        rejected: None,
        feedback: None,
        answer: document,
    };
    let summary = fields[1].1.chars().take(80).collect();
    (assignment, AnswerIndex { summary, fields })
}

async fn fill(store: &Store) {
    let begun = Instant::now();
    for first in (0..HITS).step_by(300) {
        let fetched = (first..HITS.min(first + 300)).map(|number| {
            let hit = hit(number);
            let assignments = (0..PER_HIT).map(|place| answered(&hit, number * PER_HIT + place)).collect();
            Fetched { hit, assignments, complete: Some(NOW.wall) }
        });
        store.put(fetched.collect()).await.expect("the rows are written");
    }
    store.tidy().await.expect("the log is cut");
    eprintln!("{} assignments written in {:.1} s", HITS * PER_HIT, begun.elapsed().as_secs_f64());
}

/// Decides about the first rows; the decisions.
async fn decide(store: &Store) -> Vec<DecisionId> {
    let decision = Decision::Approve { feedback: None, override_rejection: false };
    let entry = |key| NewDecision { subject: Subject::Assignment(AssignmentKey(key)), decision: decision.clone() };
    let decided = store.decide((1..=DECISIONS).map(entry).collect(), 1, NOW.wall, NOW).await.expect("they are decided");
    let id = |one| match one {
        Decided::Staged(entry) => entry.id,
        other => panic!("{other:?}"),
    };
    decided.into_iter().map(id).collect()
}

fn benches(c: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path().join("store");
    let store = open(&dir);
    runtime.block_on(fill(&store));

    c.bench_function("open the store and read the first window", |b| {
        b.iter(|| {
            let store = open(&dir);
            store.read(|reader| Ok((reader.tally()?, reader.urgent(200)?))).expect("the window is read")
        });
    });
    c.bench_function("stream 100,000 rows", |b| {
        b.iter(|| {
            let mut rows = 0;
            let stream = store.read(|reader| {
                reader.stream(|chunk| {
                    rows += black_box(chunk).assignments.len();
                    true
                })
            });
            stream.expect("the rows are read");
            assert_eq!(rows, HITS * PER_HIT);
        });
    });
    c.bench_function("find a word", |b| {
        let term = TextTerm::Word("needle".into());
        b.iter(|| assert_eq!(store.read(|reader| reader.find(&term)).expect("it is found").len(), 1));
    });
    c.bench_function("persist 1,000 decisions", |b| {
        b.iter_custom(|rounds| {
            let mut spent = Duration::ZERO;
            for _ in 0..rounds {
                let begun = Instant::now();
                let ids = runtime.block_on(decide(&store));
                spent += begun.elapsed();
                runtime.block_on(store.undo(ids, Undone::Undo, NOW.wall)).expect("they are taken back");
            }
            spent
        });
    });
    let _lock = store.try_sender_lock().expect("the lock can be asked for").expect("nobody else sends");
    c.bench_function("claim and settle 1,000 decisions", |b| {
        b.iter_custom(|rounds| {
            let mut spent = Duration::ZERO;
            for _ in 0..rounds {
                runtime.block_on(decide(&store));
                let begun = Instant::now();
                runtime.block_on(async {
                    let (_, claimed) = store.step(Vec::new(), DECISIONS as usize, NOW.wall).await.expect("a claim");
                    // Failed, so that the same rows can be decided again; written as those that are done.
                    let outcome = Outcome::Failed { reason: "bench".into() };
                    let settled = claimed.iter().map(|one| Settled { id: one.entry.id, outcome: outcome.clone() });
                    let (settled, _) = store.step(settled.collect(), 0, NOW.wall).await.expect("an outcome");
                    assert_eq!(settled.len(), DECISIONS as usize);
                });
                spent += begun.elapsed();
            }
            spent
        });
    });
}

criterion_group! {
    name = store;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(4)).warm_up_time(Duration::from_secs(1));
    targets = benches
}
criterion_main!(store);
