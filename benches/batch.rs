//! Batches: a check of very many rows, and publishing them over a line of 20 ms, beside the same requests without journal and
//! limiter.
//!
//! `cargo bench --bench batch` prints a table.

use hitdeck::domain::batch::{BatchName, RowAnnotation};
use hitdeck::domain::hit::{HitTypeDraft, PostDraft};
use hitdeck::domain::money::Usd;
use hitdeck::domain::time::Seconds;
use hitdeck::exchange::batch::Draft;
use hitdeck::exchange::batch::check::check;
use hitdeck::market::serve::{Options as MarketOptions, Running, start};
use hitdeck::mturk::Source;
use hitdeck::runtime::clock::Clock;
use hitdeck::runtime::engine::{Engine, Options};
use hitdeck::runtime::publish::{Order, Until, load, unknown_facts};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

const ROWS: usize = 10_000;
const LATENCY: Duration = Duration::from_millis(20);
/// As many as the limiter lets be under way.
const CONNECTIONS: usize = 64;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Writes a batch whose page has about so many bytes, and whose rows hold a value.
fn write_batch(folder: &Path, bytes: usize, value: &str) -> Result<Draft, Failure> {
    let spec = "name = \"rows\"\ntitle = \"Cities\"\ndescription = \"Name the country\"\nreward = \"0.01\"\nassignments = 1\n\
                lifetime = \"1h\"\ntime_limit = \"10m\"\nauto_approve = \"1d\"\ntemplate = \"task.html\"\ndata = \"rows.csv\"\n\
                consent = \"none\"\n";
    let filler = "<p class=\"x\">Read the text with care, and answer what is asked.</p>\n".repeat(bytes / 67);
    let page = format!(
        "<form action=\"https://www.mturk.com/mturk/externalSubmit\"><input type=hidden name=assignmentId>{filler}\
         <p>${{city}} ${{text}}</p><input name=country></form>"
    );
    let mut data = String::from("city,text\n");
    for row in 0..ROWS {
        writeln!(data, "city {row},{value}")?;
    }
    std::fs::write(folder.join("batch.toml"), spec)?;
    std::fs::write(folder.join("task.html"), page)?;
    std::fs::write(folder.join("rows.csv"), data)?;
    Ok(load(&folder.join("batch.toml"), None)?)
}

fn time_check(folder: &Path, what: &str, value: &str) -> Result<(), Failure> {
    let begun = Instant::now();
    let draft = write_batch(folder, 10_000, value)?;
    let read = begun.elapsed();
    let begun = Instant::now();
    let report = check(&draft, &unknown_facts(ROWS));
    let took = begun.elapsed();
    if report.has_errors() {
        return Err(format!("{:?}", report.findings.first()).into());
    }
    println!(
        "check of {ROWS} rows x 10 kB, {what}: {:.3} s (written and read in {:.3} s)",
        took.as_secs_f64(),
        read.as_secs_f64()
    );
    Ok(())
}

fn engine(market: &Running, folder: &Path) -> Result<Engine, Failure> {
    let source = Source::Given {
        access_key_id: market.access_key_id.clone(),
        secret_access_key: market.secret_access_key.clone(),
        session_token: None,
    };
    Ok(Engine::open(Options {
        dir: folder.join("store"),
        endpoint: market.endpoint.clone(),
        source,
        account: market.access_key_id.clone(),
        who: "bench".into(),
        clock: Clock::system(),
        read_only: false,
        seed: 1,
        probe: None,
    })?)
}

/// The same requests with nothing around them.
async fn bare(engine: &Engine, draft: &Draft) -> Result<Duration, Failure> {
    let client = engine.client().await;
    let spec = &draft.spec;
    let hit_type = client
        .create_hit_type(&HitTypeDraft {
            title: "Bare".into(),
            description: spec.description.clone(),
            keywords: None,
            reward: spec.reward,
            duration: spec.time_limit,
            auto_approval_delay: Seconds(0),
            requirements: Vec::new(),
        })
        .await?;
    let filling = draft.task.filling(&draft.table.columns);
    let name = BatchName::parse("bare")?;
    let drafts = draft.table.rows.iter().zip(draft.keys()).map(|(row, key)| {
        Ok(PostDraft {
            hit_type: hit_type.clone(),
            max_assignments: 1,
            lifetime: spec.lifetime,
            question: filling.question(row)?,
            annotation: RowAnnotation { batch: name.clone(), key, part: 0 }.to_string(),
            assignment_policy: None,
            hit_policy: None,
            token: format!("bare-{key}"),
        })
    });
    let drafts: Vec<PostDraft> = drafts.collect::<Result<_, Failure>>()?;
    let gate = Arc::new(Semaphore::new(CONNECTIONS));
    let begun = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for draft in drafts {
        let permit = Arc::clone(&gate).acquire_owned().await?;
        let client = client.clone();
        tasks.spawn(async move {
            let made = client.post(draft).await;
            drop(permit);
            made.map(drop)
        });
    }
    while let Some(made) = tasks.join_next().await {
        made??;
    }
    Ok(begun.elapsed())
}

async fn publishing(folder: &Path) -> Result<(), Failure> {
    let options = MarketOptions { latency: LATENCY, balance: Usd::cents(100_000_000), ..MarketOptions::default() };
    let market = start(options).await?;
    let engine = engine(&market, folder)?;
    let draft = Arc::new(write_batch(folder, 1_000, "plain")?);
    let order = Order {
        draft: Arc::clone(&draft),
        required: Vec::new(),
        limit: None,
        until: Until { patience: Duration::from_secs(30), stop: CancellationToken::new() },
        news: None,
    };
    let begun = Instant::now();
    let published = engine.publish(order, &|_| ()).await?;
    let ours = begun.elapsed();
    if published.made != ROWS {
        return Err(format!("{published:?}").into());
    }
    let bare = bare(&engine, &draft).await?;
    println!(
        "publish {ROWS} rows at {} ms: {:.2} s; the same requests without journal and limiter: {:.2} s ({:.2}x)",
        LATENCY.as_millis(),
        ours.as_secs_f64(),
        bare.as_secs_f64(),
        bare.as_secs_f64() / ours.as_secs_f64()
    );
    Ok(())
}

fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    time_check(folder.path(), "plain values", "a short and harmless text")?;
    time_check(folder.path(), "markup in each", "a <b>bold</b> text")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(publishing(folder.path()))
}
