//! Batches published under fire: whatever cuts a run off, in the end every row is one HIT, and no row is two.

use super::child::{Death, spawn_publisher, was_killed};
use super::lab::{FAULTS, Lab, PATIENCE};
use hitdeck::domain::batch::{BatchName, PostState, RowAnnotation};
use hitdeck::domain::time::{Now, Seconds};
use hitdeck::market::serve::{Options as MarketOptions, start};
use hitdeck::mturk::Source;
use hitdeck::runtime::clock::Clock;
use hitdeck::runtime::engine::{Engine, Options, Step};
use hitdeck::runtime::publish::{Order, Published, Until, load};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use rstest::rstest;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// A market without work.
pub async fn lab(faults: &str, seed: u64) -> Lab {
    let options = MarketOptions { seed, control: true, faults: faults.parse().unwrap(), ..MarketOptions::default() };
    Lab { market: start(options).await.unwrap(), folder: tempfile::tempdir().unwrap() }
}

/// Writes a batch of so many rows, each of which becomes so many HITs.
pub fn write_batch(lab: &Lab, rows: usize, assignments: u32) {
    let spec = format!(
        "name = \"rows\"\ntitle = \"Cities\"\ndescription = \"Name the country\"\nkeywords = \"city\"\nreward = \"0.01\"\n\
         assignments = {assignments}\nsplit = true\nlifetime = \"1h\"\ntime_limit = \"10m\"\nauto_approve = \"1d\"\n\
         template = \"task.html\"\ndata = \"rows.csv\"\nconsent = \"none\"\n"
    );
    let page = "<form action=\"https://www.mturk.com/mturk/externalSubmit\"><input type=hidden name=assignmentId>\
                <p>${city}</p><input name=country></form>";
    let mut data = String::from("city\n");
    (0..rows).for_each(|row| writeln!(data, "city {row}").unwrap());
    let put = |name: &str, text: &str| std::fs::write(lab.folder.path().join(name), text).unwrap();
    put("batch.toml", &spec);
    put("task.html", page);
    put("rows.csv", &data);
}

/// What the orders of [`spawn_publisher`] are carried out with, in this process or another.
pub async fn publish(engine: &Engine, folder: &Path, name: &str) -> Published {
    let mut draft = load(&folder.join("batch.toml"), None).unwrap();
    draft.spec.name = BatchName::parse(name).unwrap();
    let stop = CancellationToken::new();
    let order = Order {
        draft: Arc::new(draft),
        required: Vec::new(),
        limit: None,
        until: Until { patience: PATIENCE, stop },
        news: None,
    };
    engine.publish(order, &|_| ()).await.unwrap()
}

pub async fn run(lab: &Lab, name: &str, death: Option<Death>) -> ExitStatus {
    let orders = format!("{};{name}", lab.folder.path().display());
    let child = spawn_publisher(&lab.address(), death, &orders);
    tokio::task::spawn_blocking(move || child.wait_with_output().unwrap().status).await.unwrap()
}

/// The HITs of a batch at the market, by row and part.
pub async fn hits_by_row(engine: &Engine, name: &str) -> BTreeMap<(String, u32), Vec<String>> {
    let client = engine.client().await;
    let mut found: BTreeMap<(String, u32), Vec<String>> = BTreeMap::new();
    let mut next = None;
    loop {
        let page = client.list_hits(next).await.unwrap();
        for hit in &page.items {
            let of = RowAnnotation::read(hit.annotation.as_deref().unwrap()).unwrap();
            if of.batch.as_str() == name {
                found.entry((of.key.to_string(), of.part)).or_default().push(hit.id.to_string());
            }
        }
        next = page.next;
        if next.is_none() || page.items.is_empty() {
            return found;
        }
    }
}

/// Every row is one HIT (or its parts), at the market and in the store, and the store knows which.
async fn check(lab: &Lab, engine: &Engine, name: &str, rows: usize, parts: usize) {
    lab.set_faults("").await;
    let found = hits_by_row(engine, name).await;
    assert_eq!(found.len(), rows * parts, "{name}: no row is lost");
    let name = BatchName::parse(name).unwrap();
    let batch = engine.store().read(|reader| reader.batch(&name)).unwrap().unwrap();
    assert_eq!(batch.counts.published as usize, rows * parts, "{:?}", batch.counts);
    for row in engine.store().read(|reader| reader.batch_rows(&batch)).unwrap() {
        for post in row.posts {
            let there = &found[&(row.key.to_string(), post.id.part)];
            let PostState::Published(hit) = &post.state else { panic!("{:?}", post.state) };
            assert_eq!(there, &[hit.to_string()], "row {} exactly once", row.number);
        }
    }
}

/// Each step of a publishing run, until a run is over before the step comes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_every_step_each_row_is_published_once() {
    let lab = lab("", 1).await;
    write_batch(&lab, 3, 10);
    let engine = lab.engine();
    let mut steps = 0;
    for nth in 1..40 {
        let name = format!("rows-{nth}");
        let first = run(&lab, &name, Some(Death { step: None, nth })).await;
        assert!(was_killed(first) || first.success(), "{first}");
        assert!(run(&lab, &name, None).await.success());
        check(&lab, &engine, &name, 3, 2).await;
        if !was_killed(first) {
            break;
        }
        steps = nth;
    }
    assert!((8..39).contains(&steps), "{steps} steps");
}

#[rstest]
#[case("throttle=0.2,reset_after=0.05", 1, 400)]
#[case(FAULTS, 2, 120)]
#[case("reset_after=0.3,reset_before=0.1", 3, 60)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_anywhere_while_everything_goes_wrong(#[case] faults: &str, #[case] seed: u64, #[case] rows: usize) {
    let lab = lab(faults, seed).await;
    write_batch(&lab, rows, 1);
    let engine = lab.engine();
    let mut random = StdRng::seed_from_u64(seed);
    let mut kills = 0;
    for _ in 0..5 {
        let nth = random.random_range(1..rows as u32);
        let status = run(&lab, "rows", Some(Death { step: None, nth })).await;
        assert!(was_killed(status) || status.success(), "{status}");
        kills += u32::from(was_killed(status));
    }
    assert!(kills > 1, "{kills} kills");
    assert!(run(&lab, "rows", None).await.success());
    check(&lab, &engine, "rows", rows, 1).await;
}

/// A request in doubt for longer than the endpoint remembers tokens: sending it again would make a second HIT.
#[rstest]
#[case(Step::Send)]
#[case(Step::Answered)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_day_the_hit_is_looked_for(#[case] step: Step) {
    let lab = lab("", 5).await;
    write_batch(&lab, 40, 1);
    assert!(was_killed(run(&lab, "rows", Some(Death { step: Some(step), nth: 10 })).await));
    lab.market.service.advance(Duration::from_secs(25 * 3_600)).await.unwrap();
    let address = lab.address();
    let later = Clock::of(|| {
        let Now { wall, time } = Clock::system().now();
        Now { wall: wall.plus(25 * 3_600_000), time: time + Seconds(25 * 3_600) }
    });
    let engine = Engine::open(Options {
        dir: address.dir.clone(),
        endpoint: address.endpoint.clone(),
        source: Source::Given {
            access_key_id: address.access_key_id.clone(),
            secret_access_key: address.secret_access_key.clone(),
            session_token: None,
        },
        account: address.access_key_id.clone(),
        who: "ada@lab".into(),
        clock: later,
        read_only: false,
        seed: 7,
        probe: None,
    })
    .unwrap();
    let published = publish(&engine, lab.folder.path(), "rows").await;
    assert_eq!((published.left, published.unsure), (0, 0));
    check(&lab, &engine, "rows", 40, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_runs_at_once_publish_each_row_once() {
    let lab = lab("", 9).await;
    write_batch(&lab, 200, 1);
    let runs = tokio::join!(run(&lab, "rows", None), run(&lab, "rows", None));
    assert!(runs.0.success() || runs.1.success(), "{runs:?}");
    check(&lab, &lab.engine(), "rows", 200, 1).await;
}

/// The long run of `scripts/publish.sh`: 10,000 rows, ten kills from outside at random moments.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes; scripts/publish.sh runs it"]
async fn the_long_run() {
    let seed = std::env::var("HITDECK_FAULTS_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let lab = lab("throttle=0.2,reset_after=0.05", seed).await;
    write_batch(&lab, 10_000, 1);
    let mut random = StdRng::seed_from_u64(seed);
    let begun = Instant::now();
    let mut kills = 0;
    while kills < 10 {
        let orders = format!("{};rows", lab.folder.path().display());
        let mut child = spawn_publisher(&lab.address(), None, &orders);
        // The moment is the point of this test: it has to be unrelated to what the program is doing.
        tokio::time::sleep(Duration::from_millis(random.random_range(200..1_400))).await;
        child.kill().unwrap();
        let status = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap().status).await.unwrap();
        if !was_killed(status) {
            break;
        }
        kills += 1;
        let counts = lab.engine().store().read(hitdeck::store::Reader::batches).unwrap();
        println!("kill {kills}: {:?}", counts.first().map(|batch| batch.counts));
    }
    assert!(run(&lab, "rows", None).await.success());
    println!("10,000 rows after {kills} kills in {:.1} s", begun.elapsed().as_secs_f64());
    check(&lab, &lab.engine(), "rows", 10_000, 1).await;
}
