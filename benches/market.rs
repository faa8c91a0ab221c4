//! The market under load: durable approvals, pages of answers beside a static file of the same bytes, publishing.
//!
//! `cargo bench --bench market` prints a table. Requests are signed beforehand: what is measured is the market, and a client
//! that does as little as it can on the same cores.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use hitdeck::domain::assignment::AssignmentStatus;
use hitdeck::domain::id::{AssignmentId, HitId, WorkerId};
use hitdeck::domain::money::Usd;
use hitdeck::domain::time::Seconds;
use hitdeck::market::answers;
use hitdeck::market::serve::{Options, Running, start};
use hitdeck::market::service::TypeDraft;
use hitdeck::market::storage::{ImportedAssignment, ImportedHit, NewHitType};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 32;
const HITS: usize = 200;
const PER_HIT: usize = 100;
const QUESTION: &str = "<HTMLQuestion xmlns=\"http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/HTMLQuestion.xsd\"><HTMLContent><![CDATA[BODY]]></HTMLContent><FrameHeight>0</FrameHeight></HTMLQuestion>";

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A signed request, ready to be written.
fn signed(market: &Running, operation: &str, body: &str) -> Result<Vec<u8>, Failure> {
    let now = SystemTime::now();
    let seconds = i64::try_from(now.duration_since(UNIX_EPOCH)?.as_secs())?;
    let date = jiff::Timestamp::from_second(seconds)?.strftime("%Y%m%dT%H%M%SZ").to_string();
    let scope = format!("{}/us-east-1/mturk-requester/aws4_request", &date[..8]);
    let target = format!("MTurkRequesterServiceV20170117.{operation}");
    let names = "host;x-amz-date;x-amz-target";
    let canonical = format!(
        "POST\n/\n\nhost:market\nx-amz-date:{date}\nx-amz-target:{target}\n\n{names}\n{}",
        hex(body.as_bytes())
    );
    let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(canonical.as_bytes()));
    let key = generate_signing_key(&market.secret_access_key, now, "us-east-1", "mturk-requester");
    let signature = calculate_signature(key, to_sign.as_bytes());
    let (access_key, length) = (&market.access_key_id, body.len());
    Ok(format!("POST / HTTP/1.1\r\nHost: market\r\nX-Amz-Date: {date}\r\nX-Amz-Target: {target}\r\nAuthorization: AWS4-HMAC-SHA256 Credential={access_key}/{scope}, SignedHeaders={names}, Signature={signature}\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes())
}

/// Reads one response into `buffer`; its length.
async fn response(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<usize, Failure> {
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err("the market closed the connection".into());
        }
        let Some(head) = buffer.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let text = std::str::from_utf8(&buffer[..head])?.to_ascii_lowercase();
        if !text.starts_with("http/1.1 200") {
            return Err(String::from_utf8_lossy(buffer).into_owned().into());
        }
        let length: usize =
            text.split("content-length: ").nth(1).ok_or("no length")?.lines().next().ok_or("no length")?.parse()?;
        while buffer.len() < head + 4 + length {
            if stream.read_buf(buffer).await? == 0 {
                return Err("the market closed the connection".into());
            }
        }
        return Ok(length);
    }
}

/// Sends all requests over `connections` connections, each waiting for its answer; requests a second, and bytes received.
async fn drive(address: &str, requests: Vec<Vec<u8>>, connections: usize) -> Result<(f64, usize), Failure> {
    let count = requests.len();
    let mut lanes = vec![Vec::new(); connections];
    for (number, request) in requests.into_iter().enumerate() {
        lanes[number % connections].push(request);
    }
    let mut streams = Vec::new();
    for _ in 0..connections {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        streams.push(stream);
    }
    let begun = Instant::now();
    let mut tasks = Vec::new();
    for (mut stream, lane) in streams.into_iter().zip(lanes) {
        tasks.push(tokio::spawn(async move {
            let (mut buffer, mut bytes) = (Vec::with_capacity(1 << 18), 0);
            for request in lane {
                stream.write_all(&request).await?;
                bytes += response(&mut stream, &mut buffer).await?;
            }
            Ok::<usize, Failure>(bytes)
        }));
    }
    let mut bytes = 0;
    for task in tasks {
        bytes += task.await??;
    }
    Ok((count as f64 / begun.elapsed().as_secs_f64(), bytes))
}

fn backlog(market: &Running) -> Result<Vec<ImportedHit>, Failure> {
    let now = market.clock.now().time();
    let of = NewHitType::from(TypeDraft {
        title: "Bench".into(),
        description: "d".into(),
        keywords: None,
        reward: Usd::cents(5),
        duration: Seconds(600),
        auto_approval: Seconds(2_592_000),
        requirements: "[]".into(),
        masters: false,
    });
    let answer = answers::from_fields([("text", "lorem ipsum dolor sit amet ".repeat(46).as_str())]);
    let mut hits = Vec::new();
    for hit in 0..HITS {
        let mut assignments = Vec::new();
        for number in 0..PER_HIT {
            assignments.push(ImportedAssignment {
                id: Some(AssignmentId::parse(&format!("3BENCH{hit}A{number}"))?),
                worker: WorkerId::parse(&format!("AW{number}"))?,
                status: AssignmentStatus::Submitted,
                accepted: Some(now),
                submitted: Some(now),
                auto_approval: Some(now + Seconds(2_592_000)),
                approved: None,
                rejected: None,
                feedback: None,
                answer: answer.clone(),
            });
        }
        hits.push(ImportedHit {
            id: Some(HitId::parse(&format!("3BENCH{hit}"))?),
            hit_type: of.clone(),
            question: QUESTION.into(),
            annotation: None,
            created: now,
            expires: now,
            max: PER_HIT as u32,
            assignments,
        });
    }
    Ok(hits)
}

/// A server of one body, as quick as axum is.
async fn static_file(body: Vec<u8>) -> Result<String, Failure> {
    let body = axum::body::Bytes::from(body);
    let router = axum::Router::new().route("/", axum::routing::post(move || async move { body }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// Requests for the static file.
fn plain(count: usize) -> Vec<Vec<u8>> {
    vec![b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".to_vec(); count]
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let options =
        Options { data: Some(folder.path().join("market")), balance: Usd::cents(1_000_000_000), ..Options::default() };
    let market = start(options).await?;
    let address = market.endpoint.trim_start_matches("http://").to_owned();

    let begun = Instant::now();
    market.service.import(market.requester, backlog(&market)?).await?;
    let count = HITS * PER_HIT;
    println!("import of {count} assignments        {:>10.0} ms", begun.elapsed().as_secs_f64() * 1_000.0);

    let list = |hit: usize, limit: usize| {
        signed(&market, "ListAssignmentsForHIT", &format!(r#"{{"HITId":"3BENCH{hit}","MaxResults":{limit}}}"#))
    };
    // No two of these ask for the same page, so that none is answered with one that was written before.
    let first = (0..4_000).map(|number| list(number % HITS, 100 - number / HITS)).collect::<Result<Vec<_>, _>>()?;
    let (rate, bytes) = drive(&address, first, CONNECTIONS).await?;
    let page = bytes / 4_000;
    println!("first reads of pages, {page} bytes    {rate:>10.0} /s");
    let fixed = static_file(vec![b'x'; page]).await?;
    let (yardstick, _) = drive(&fixed, plain(8_000), CONNECTIONS).await?;
    println!("a static file of these bytes          {yardstick:>10.0} /s   ({:.2} of it)", rate / yardstick);
    let pages = (0..4_000).map(|number| list(number % HITS, 100)).collect::<Result<Vec<_>, _>>()?;
    let (rate, bytes) = drive(&address, pages, CONNECTIONS).await?;
    let page = bytes / 4_000;
    println!("pages read again, {page} bytes        {rate:>10.0} /s");
    let fixed = static_file(vec![b'x'; page]).await?;
    let (yardstick, _) = drive(&fixed, plain(8_000), CONNECTIONS).await?;
    println!("a static file of these bytes          {yardstick:>10.0} /s   ({:.2} of it)", rate / yardstick);

    if std::env::args().any(|argument| argument == "pages") {
        return Ok(());
    }
    let approve = |n: usize| {
        let body = format!(r#"{{"AssignmentId":"3BENCH{}A{}"}}"#, n / PER_HIT, n % PER_HIT);
        signed(&market, "ApproveAssignment", &body)
    };
    let approvals = (0..count).map(approve).collect::<Result<Vec<_>, _>>()?;
    let (rate, _) = drive(&address, approvals, CONNECTIONS).await?;
    println!("approvals, durable, {CONNECTIONS} connections    {rate:>10.0} /s");

    let question = QUESTION.replace("BODY", &"<p>lorem ipsum</p>".repeat(570)).replace('"', "\\\"");
    let create = |number: usize| {
        let body = format!(
            r#"{{"Title":"t","Description":"d","Reward":"0.05","LifetimeInSeconds":86400,"AssignmentDurationInSeconds":600,"RequesterAnnotation":"{number}","Question":"{question}"}}"#
        );
        signed(&market, "CreateHIT", &body)
    };
    let creations = (0..5_000).map(create).collect::<Result<Vec<_>, _>>()?;
    let (rate, _) = drive(&address, creations, CONNECTIONS).await?;
    println!("CreateHIT with a 10 kB question       {rate:>10.0} /s");
    tokio::time::timeout(Duration::from_secs(5), market.stop()).await?;
    Ok(())
}
