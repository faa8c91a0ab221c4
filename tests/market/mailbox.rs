//! The other end of notifications: takes what a queue, a topic or a web hook would get, and answers as it is told.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use hitdeck::market::deliver::{Keys, Options};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

pub const QUEUE: &str = "https://sqs.eu-west-1.amazonaws.com/123456789012/events";
pub const TOPIC: &str = "arn:aws:sns:us-west-2:123456789012:events";
const SECRET: &str = "not/a+secret";

/// A request as it arrived.
#[derive(Debug)]
pub struct Received {
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
}

/// What it does with a request.
#[derive(Debug, Clone, Copy)]
pub enum Reply {
    Status(u16),
    /// Nothing, ever.
    Silence,
}

pub struct Mailbox {
    pub endpoint: String,
    pub replies: Arc<Mutex<VecDeque<Reply>>>,
    received: mpsc::UnboundedReceiver<Received>,
    server: tokio::task::JoinHandle<()>,
}

type Shared = (mpsc::UnboundedSender<Received>, Arc<Mutex<VecDeque<Reply>>>);

async fn take(State((send, replies)): State<Shared>, uri: Uri, headers: HeaderMap, body: Bytes) -> StatusCode {
    let reply = replies.lock().unwrap().pop_front().unwrap_or(Reply::Status(200));
    send.send(Received { path: uri.to_string(), headers, body: String::from_utf8(body.to_vec()).unwrap() }).unwrap();
    match reply {
        Reply::Status(status) => StatusCode::from_u16(status).unwrap(),
        Reply::Silence => std::future::pending().await,
    }
}

impl Mailbox {
    pub async fn open() -> Mailbox {
        Mailbox::at("127.0.0.1:0").await
    }

    pub async fn at(address: &str) -> Mailbox {
        let listener = tokio::net::TcpListener::bind(address).await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let (send, received) = mpsc::unbounded_channel();
        let replies = Arc::new(Mutex::new(VecDeque::new()));
        let router = Router::new().fallback(take).with_state((send, Arc::clone(&replies)));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Mailbox { endpoint, replies, received, server }
    }

    pub fn answers(&self, replies: &[Reply]) {
        self.replies.lock().unwrap().extend(replies);
    }

    /// The next request; it must come.
    pub async fn next(&mut self) -> Received {
        let arrived = tokio::time::timeout(Duration::from_secs(30), self.received.recv());
        arrived.await.expect("nothing arrived").expect("the mailbox is open")
    }

    /// The document in the next message to a queue, whose request is right in every part.
    pub async fn message(&mut self) -> Value {
        let received = self.next().await;
        serde_json::from_str(&received.queued("sqs", "eu-west-1")["MessageBody"]).unwrap()
    }

    /// The events of the next message to a queue, as `type` or `type assignment`.
    pub async fn events(&mut self) -> Vec<String> {
        events_of(&self.message().await)
    }

    pub fn is_empty(&self) -> bool {
        self.received.is_empty()
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.server.abort();
    }
}

pub fn events_of(document: &Value) -> Vec<String> {
    let told = |event: &Value| match event["AssignmentId"].as_str() {
        Some(assignment) => format!("{} {assignment}", event["EventType"].as_str().unwrap()),
        None => event["EventType"].as_str().unwrap().to_owned(),
    };
    document["Events"].as_array().unwrap().iter().map(told).collect()
}

/// Keys, a quick first retry, and this mailbox as queue and topic service.
pub fn options(mailbox: &str) -> Options {
    let endpoint = || Some(mailbox.parse().unwrap());
    let keys = Keys { access_key: "AKLAB".into(), secret: SECRET.into(), session: Some("session".into()) };
    Options {
        sqs: endpoint(),
        sns: endpoint(),
        keys: Some(keys),
        first_retry: Duration::from_millis(1),
        ..Options::default()
    }
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The form, if the signature is that of the keys for this service and region: worked out here once more, from what
    /// arrived.
    pub fn queued(&self, service: &str, region: &str) -> HashMap<String, String> {
        let hex = |bytes: &[u8]| Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect::<String>();
        let authorization = self.header("authorization");
        let part = |name: &str| authorization.split(&format!("{name}=")).nth(1).unwrap().split(',').next().unwrap();
        let date = self.header("x-amz-date");
        let scope = format!("{}/{region}/{service}/aws4_request", &date[..8]);
        assert_eq!(part("Credential"), format!("AKLAB/{scope}"));
        let signed = part("SignedHeaders");
        for must in ["host", "content-type", "x-amz-date", "x-amz-security-token"] {
            assert!(signed.split(';').any(|name| name == must), "{must}: {signed}");
        }
        let headers: String = signed.split(';').map(|name| format!("{name}:{}\n", self.header(name))).collect();
        let canonical = format!("POST\n{}\n\n{headers}\n{signed}\n{}", self.path, hex(self.body.as_bytes()));
        let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(canonical.as_bytes()));
        let at = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", date).unwrap().to_zoned(jiff::tz::TimeZone::UTC);
        let at = UNIX_EPOCH + Duration::from_secs(at.unwrap().timestamp().as_second() as u64);
        let key = generate_signing_key(SECRET, at, region, service);
        assert_eq!(part("Signature"), calculate_signature(key, to_sign.as_bytes()));
        assert_eq!(self.header("x-amz-security-token"), "session");
        self.body.split('&').map(|pair| pair.split_once('=').unwrap()).map(|(k, v)| (k.into(), decode(v))).collect()
    }
}

fn decode(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).unwrap()
}
