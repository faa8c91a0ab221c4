//! A market with work in it, the store of a desk, and what must be true between the two in the end.

use hitdeck::app::effect::{NewDecision, Subject};
use hitdeck::domain::decision::{Decision, OutboxEntry, OutboxState};
use hitdeck::domain::key::AssignmentKey;
use hitdeck::domain::money::Usd;
use hitdeck::market::import::import_file;
use hitdeck::market::serve::{Options as MarketOptions, Running, start};
use hitdeck::mturk::Source;
use hitdeck::runtime::clock::Clock;
use hitdeck::runtime::engine::{Engine, Options, Probe};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// The faults that the project is judged by.
pub const FAULTS: &str = "throttle=0.2,error500=0.1,reset_before=0.05,reset_after=0.05";
/// How long a sender puts up with an endpoint that is not there.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub struct Lab {
    pub market: Running,
    pub folder: TempDir,
}

/// How to reach a market and open the store of its first requester: all that another process needs to know.
#[derive(Clone)]
pub struct Address {
    pub dir: PathBuf,
    pub endpoint: String,
    pub access_key_id: String,
    pub secret_access_key: String,
}

impl Address {
    pub fn engine(&self, probe: Option<Probe>) -> Engine {
        self.engine_of(&self.access_key_id, probe)
    }

    /// An engine of a store that belongs to `account`.
    pub fn engine_of(&self, account: &str, probe: Option<Probe>) -> Engine {
        let source = Source::Given {
            access_key_id: self.access_key_id.clone(),
            secret_access_key: self.secret_access_key.clone(),
            session_token: None,
        };
        Engine::open(Options {
            dir: self.dir.clone(),
            endpoint: self.endpoint.clone(),
            source,
            account: account.to_owned(),
            who: "ada@lab".into(),
            clock: Clock::system(),
            read_only: false,
            seed: 7,
            probe,
        })
        .unwrap()
    }
}

impl Lab {
    /// A market in which `count` assignments, ten to a HIT, wait for a decision; of the same ten workers.
    pub async fn with(count: usize, faults: &str, seed: u64) -> Lab {
        Lab::of_workers(count, 10, faults, seed).await
    }

    /// The same, of so many workers.
    pub async fn of_workers(count: usize, workers: usize, faults: &str, seed: u64) -> Lab {
        let folder = tempfile::tempdir().unwrap();
        let options =
            MarketOptions { seed, control: true, faults: faults.parse().unwrap(), ..MarketOptions::default() };
        let market = start(options).await.unwrap();
        let mut csv = String::from("HITId,AssignmentId,WorkerId,AssignmentStatus,Reward,Input.text,Answer.label\n");
        for number in 0..count {
            let (hit, worker) = (number / 10, number % workers);
            writeln!(csv, "3HIT{hit:05},3ASSIGNMENT{number:06},A1WORKER{worker},Submitted,$0.05,text {hit},yes")
                .unwrap();
        }
        let file = folder.path().join("results.csv");
        std::fs::write(&file, csv).unwrap();
        let imported = import_file(&market.service, market.requester, &file).await.unwrap();
        assert_eq!(imported.report.assignments, count as u64);
        Lab { market, folder }
    }

    pub fn address(&self) -> Address {
        Address {
            dir: self.folder.path().join("store"),
            endpoint: self.market.endpoint.clone(),
            access_key_id: self.market.access_key_id.clone(),
            secret_access_key: self.market.secret_access_key.clone(),
        }
    }

    pub fn engine(&self) -> Engine {
        self.address().engine(None)
    }

    /// The engine, when its mirror knows everything.
    pub async fn synced(&self) -> Engine {
        let engine = self.engine();
        engine.sync(None, CancellationToken::new()).await.unwrap();
        engine
    }

    /// What goes wrong from now on.
    pub async fn set_faults(&self, faults: &str) {
        self.control("POST", "faults", faults).await;
    }

    /// How many requests for an operation the market has carried out.
    pub async fn carried_out(&self, operation: &str) -> u64 {
        let counts: serde_json::Value = serde_json::from_str(&self.control("GET", "requests", "").await).unwrap();
        counts[operation]["ok"].as_u64().unwrap_or(0)
    }

    /// HITs of payments that were not cleared away.
    pub async fn hits_left(&self) -> Vec<String> {
        let engine = self.synced().await;
        let mut left = Vec::new();
        let take = |chunk: hitdeck::store::Changes| {
            left.extend(chunk.hits.iter().filter(|hit| &*hit.batch == "payments").map(|hit| hit.id.to_string()));
            true
        };
        engine.store().read(|reader| reader.stream(take)).unwrap();
        left
    }

    /// One call of the control interface: the body of the answer.
    async fn control(&self, method: &str, name: &str, body: &str) -> String {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let host = self.market.endpoint.trim_start_matches("http://");
        let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
        let length = body.len();
        let request = format!(
            "{method} /_control/{name} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    /// Payments of this kind, by assignment: how many, and how much in all.
    pub async fn paid(&self, kind: &str) -> BTreeMap<String, (u32, Usd)> {
        let mut paid = BTreeMap::new();
        for row in self.market.service.ledger().await.unwrap() {
            if row.movement.kind.name() == kind {
                let entry: &mut (u32, Usd) = paid.entry(row.assignment.unwrap()).or_default();
                entry.0 += 1;
                entry.1 += row.movement.amount;
            }
        }
        paid
    }

    /// Holds the ledger against the outbox, and the audit trail against both.
    pub async fn check(&self, engine: &Engine) {
        let entries = engine.store().read(|reader| reader.recent_entries(1_000_000)).unwrap();
        let (rewards, bonuses) = (self.paid("reward").await, self.paid("bonus").await);
        let (mut approved, mut bonus) = (BTreeMap::new(), BTreeMap::new());
        for entry in &entries {
            let OutboxState::Done = entry.state else {
                assert_eq!(entry.state, OutboxState::Undone, "{entry:?}");
                continue;
            };
            let subject = entry.target.to_string();
            match &entry.decision {
                Decision::Approve { .. } => {
                    approved.insert(subject, (1, Usd::cents(5)));
                }
                Decision::Bonus { amount, .. } => {
                    let sum: &mut (u32, Usd) = bonus.entry(subject).or_default();
                    sum.0 += 1;
                    sum.1 += *amount;
                }
                _ => {}
            }
        }
        assert_eq!(rewards, approved, "each approved reward exactly once, no rejected one");
        assert_eq!(bonuses, bonus, "each bonus exactly once");
        self.check_audit(engine, &entries);
    }

    fn check_audit(&self, engine: &Engine, entries: &[OutboxEntry]) {
        let mut story: HashMap<i64, Vec<String>> = HashMap::new();
        for line in engine.store().read(|reader| reader.audit(None, u32::MAX)).unwrap().into_iter().rev() {
            assert_eq!(line.who, "ada@lab");
            story.entry(line.decision.0).or_default().push(line.event);
        }
        assert_eq!(story.len(), entries.len());
        for entry in entries {
            let story = &story[&entry.id.0];
            assert_eq!(story[0], "decided", "{story:?}");
            let last = if entry.state == OutboxState::Done { "done" } else { "undone" };
            assert_eq!(story.last().unwrap(), last, "{story:?}");
            assert_eq!(story.iter().filter(|event| *event == last).count(), 1, "{story:?}");
            let sent = story.iter().filter(|event| *event == "sending").count();
            assert!(sent >= usize::from(last == "done"), "{story:?}");
        }
    }
}

pub fn approve() -> Decision {
    Decision::Approve { feedback: None, override_rejection: false }
}

pub fn reject() -> Decision {
    Decision::Reject { feedback: "The answer was empty.".into() }
}

/// All assignments of the store, by key.
pub fn keys(engine: &Engine) -> Vec<AssignmentKey> {
    let mut keys = Vec::new();
    let take = |chunk: hitdeck::store::Changes| {
        keys.extend(chunk.assignments.iter().map(|row| row.key));
        true
    };
    engine.store().read(|reader| reader.stream(take)).unwrap();
    keys
}

/// Rejects the first `rejections`, approves the rest, gives a bonus to every twentieth; all to leave at once.
pub async fn decide_all(engine: &Engine, rejections: usize) -> usize {
    let mut decisions = Vec::new();
    for (number, key) in keys(engine).into_iter().enumerate() {
        let subject = Subject::Assignment(key);
        let decision = if number < rejections { reject() } else { approve() };
        decisions.push(NewDecision { subject: subject.clone(), decision });
        if number % 20 == 0 {
            let worker = format!("A1WORKER{}", number % 10).parse().unwrap();
            let decision = Decision::Bonus { worker, amount: Usd::cents(7), reason: "Thank you".into() };
            decisions.push(NewDecision { subject, decision });
        }
    }
    let count = decisions.len();
    let written = engine.decide(decisions, engine.new_group(), engine.clock().now().wall).await.unwrap();
    assert_eq!((written.staged.len(), written.already.len(), written.refused.len()), (count, 0, 0));
    count
}
