//! The worker site under load: pages of groups over 10,000 HITs in 200 groups, 50 requests a second.
//!
//! `cargo bench --bench site` prints a table. Requests leave at fixed times whatever became of those before, and each is timed from
//! when it was to leave: what waits behind a slow one counts.

use std::time::{Duration, Instant};

use hitdeck::domain::money::Usd;
use hitdeck::domain::time::Seconds;
use hitdeck::market::answers;
use hitdeck::market::clock::wall_millis;
use hitdeck::market::secret::Secret;
use hitdeck::market::serve::{Options, Running, start};
use hitdeck::market::service::{Content, HitDraft, Joining, NewInvitation, TypeDraft};
use hitdeck::market::storage::{Policies, WorkerAccount};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const GROUPS: usize = 200;
const HITS: usize = 10_000;
const PER_SECOND: u32 = 50;
const SECONDS: u32 = 20;
const PEOPLE: usize = 8;
/// Assignments that each of them has behind them.
const DONE: u32 = 100;
const QUESTION: &str = "<HTMLQuestion xmlns=\"http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/HTMLQuestion.xsd\"><HTMLContent><![CDATA[<p>What is this?</p><input name=\"a\">]]></HTMLContent><FrameHeight>0</FrameHeight></HTMLQuestion>";

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Every third group requires an approval rate, every tenth a place.
fn of(group: usize) -> TypeDraft {
    let requirements = match group {
        n if n % 10 == 0 => {
            r#"[{"QualificationTypeId":"00000000000000000071","Comparator":"EqualTo","LocaleValues":[{"Country":"US"}],"ActionsGuarded":"Accept"}]"#
        }
        n if n % 3 == 0 => {
            r#"[{"QualificationTypeId":"000000000000000000L0","Comparator":"GreaterThanOrEqualTo","IntegerValues":[95],"ActionsGuarded":"Accept"}]"#
        }
        _ => "[]",
    };
    TypeDraft {
        title: format!("Label pictures of kind {group}"),
        description: "Look at a picture and say in a few words what is on it, and how sure you are. ".repeat(3),
        keywords: Some("image, label, quick".into()),
        reward: Usd::cents(1 + i64::try_from(group).unwrap_or(0) % 40),
        duration: Seconds(600),
        auto_approval: Seconds(259_200),
        requirements: requirements.into(),
        masters: false,
    }
}

async fn publish(market: &Running) -> Result<(), Failure> {
    for group in 0..GROUPS {
        let mut made = tokio::task::JoinSet::new();
        for _ in 0..HITS / GROUPS {
            let (service, who) = (market.service.clone(), market.requester);
            let draft = HitDraft {
                content: Content::Question(QUESTION.into()),
                annotation: None,
                policies: Policies::default(),
                max_assignments: 5,
                lifetime: Seconds(86_400),
                token: None,
            };
            made.spawn(async move { service.create_hit(who, of(group), draft, |_| ()).await });
        }
        while let Some(done) = made.join_next().await {
            done??;
        }
    }
    Ok(())
}

/// Somebody who is signed in and has done some of the work; what their browser holds.
async fn person(market: &Running) -> Result<String, Failure> {
    let (service, link, now) = (&market.service, Secret::random(), wall_millis());
    service.invite(NewInvitation { worker: None, note: None, lasts_ms: 60_000 }, &link, now).await?;
    let joining = Joining { passcode: "$argon2id$none".into(), locale: None, adult: false };
    let account: WorkerAccount = service.join(&link, joining, now).await?.ok_or("no account")?;
    let worker = account.worker.parse()?;
    for hit in service.open_hits(&worker, None, DONE).await? {
        let accepted = service.accept(&hit.id.parse()?, &worker).await?;
        service.submit(&accepted.assignment, answers::from_fields([("a", "a dog")])).await?;
    }
    let secret = Secret::random();
    service.begin_session(account.key, &secret, None, now).await?;
    Ok(secret.reveal().to_owned())
}

/// One request over a connection that stays; the size of the page.
async fn fetch(stream: &mut TcpStream, path: &str, session: &str, buffer: &mut Vec<u8>) -> Result<usize, Failure> {
    let head = format!("GET {path} HTTP/1.1\r\nHost: site\r\nCookie: hitdeck_session={session}\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err("the site closed the connection".into());
        }
        let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let text = std::str::from_utf8(&buffer[..end])?.to_ascii_lowercase();
        if !text.starts_with("http/1.1 200") {
            return Err(text.into());
        }
        let length = text.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
        let length: usize = length.ok_or("no length")?.parse()?;
        while buffer.len() < end + 4 + length {
            if stream.read_buf(buffer).await? == 0 {
                return Err("the site closed the connection".into());
            }
        }
        return Ok(length);
    }
}

const PATHS: [&str; 5] =
    ["/work", "/work?page=5", "/work?sort=reward", "/work?q=kind+19", "/work?qualified=1&sort=most"];

async fn measure(address: &str, people: &[String], paths: &[&'static str]) -> Result<(Vec<Duration>, usize), Failure> {
    let begun = Instant::now() + Duration::from_millis(200);
    let every = Duration::from_secs(1) / PER_SECOND;
    let count = usize::try_from(PER_SECOND * SECONDS)?;
    let mut lanes = tokio::task::JoinSet::new();
    for (lane, session) in people.iter().enumerate() {
        let (address, session, paths) = (address.to_owned(), session.clone(), paths.to_vec());
        let people = people.len();
        lanes.spawn(async move {
            let mut stream = TcpStream::connect(&address).await?;
            stream.set_nodelay(true)?;
            let (mut buffer, mut took, mut size) = (Vec::with_capacity(1 << 16), Vec::new(), 0);
            for number in (lane..count).step_by(people) {
                let due = begun + every * u32::try_from(number)?;
                tokio::time::sleep_until(due.into()).await;
                size = fetch(&mut stream, paths[number % paths.len()], &session, &mut buffer).await?;
                took.push(due.elapsed());
            }
            Ok::<_, Failure>((took, size))
        });
    }
    let (mut all, mut size) = (Vec::new(), 0);
    while let Some(done) = lanes.join_next().await {
        let (took, last) = done??;
        all.extend(took);
        size = size.max(last);
    }
    all.sort_unstable();
    Ok((all, size))
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let options =
        Options { data: Some(folder.path().join("market")), balance: Usd::cents(1_000_000_000), ..Options::default() };
    let market = start(options).await?;
    let address = market.endpoint.trim_start_matches("http://").to_owned();
    publish(&market).await?;
    let mut people = Vec::new();
    for _ in 0..PEOPLE {
        people.push(person(&market).await?);
    }
    println!("{HITS} HITs in {GROUPS} groups, {PEOPLE} people, {PER_SECOND} requests/s for {SECONDS} s each");
    let mut rounds: Vec<(&str, Vec<&'static str>)> = vec![("all of these in turn", PATHS.to_vec())];
    rounds.extend(PATHS.map(|path| (path, vec![path])));
    for (name, paths) in rounds {
        let (all, size) = measure(&address, &people, &paths).await?;
        let at = |percent: usize| all[(all.len() * percent / 100).min(all.len() - 1)].as_secs_f64() * 1_000.0;
        let last = all.last().map_or(0.0, |last| last.as_secs_f64() * 1_000.0);
        println!("{name:<32} p50 {:>6.2} ms  p99 {:>6.2} ms  most {last:>6.2} ms  {size} bytes", at(50), at(99));
    }
    tokio::time::timeout(Duration::from_secs(5), market.stop()).await?;
    Ok(())
}
