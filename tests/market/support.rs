//! A market in the test's own process, with a clock that the test moves, and clients for it.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_mturk::Client;
use aws_sdk_mturk::config::retry::RetryConfig;
use aws_sdk_mturk::config::{BehaviorVersion, Region};
use aws_sdk_mturk::error::ProvideErrorMetadata;
use aws_sdk_mturk::operation::create_hit::builders::CreateHITFluentBuilder;
use aws_sdk_mturk::types::Hit;
use hitdeck::domain::id::{AssignmentId, HitId, WorkerId};
use hitdeck::market::answers;
use hitdeck::market::serve::{Options, Running, start};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub const QUESTION: &str = "<HTMLQuestion xmlns=\"http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/HTMLQuestion.xsd\"><HTMLContent><![CDATA[<!DOCTYPE html><html><body><form action=\"/mturk/externalSubmit\"><input name=\"a\"></form></body></html>]]></HTMLContent><FrameHeight>0</FrameHeight></HTMLQuestion>";

/// A market and its first requester's client.
pub struct Desk {
    pub market: Running,
    pub client: Client,
}

pub fn still() -> Options {
    Options { speed: 0.0, control: true, ..Options::default() }
}

pub async fn desk() -> Desk {
    desk_with(still()).await
}

pub async fn desk_with(options: Options) -> Desk {
    let market = start(options).await.unwrap();
    let client = client(&market.endpoint, &market.access_key_id, &market.secret_access_key);
    Desk { market, client }
}

/// The SDK as the desk uses it: no retries of its own.
pub fn client(endpoint: &str, access_key: &str, secret: &str) -> Client {
    let config = aws_sdk_mturk::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(endpoint)
        .credentials_provider(Credentials::new(access_key, secret, None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .build();
    Client::from_conf(config)
}

/// Error code and message of a refused call.
pub fn refused<T: std::fmt::Debug, E: ProvideErrorMetadata + std::fmt::Debug>(
    result: Result<T, aws_sdk_mturk::error::SdkError<E>>,
) -> (String, String) {
    let error = result.unwrap_err();
    let error = error.as_service_error().unwrap_or_else(|| panic!("{error:?}"));
    (error.code().unwrap_or_default().to_owned(), error.message().unwrap_or_default().to_owned())
}

impl Desk {
    /// A HIT that can be sent as it is, or changed first: 0.05 for each of 5 assignments, an hour to live, ten minutes to do.
    pub fn hit(&self) -> CreateHITFluentBuilder {
        self.client
            .create_hit()
            .title("Tag an image")
            .description("Give three keywords")
            .keywords("image, tag")
            .reward("0.05")
            .max_assignments(5)
            .lifetime_in_seconds(3_600)
            .assignment_duration_in_seconds(600)
            .auto_approval_delay_in_seconds(259_200)
            .question(QUESTION)
    }

    pub async fn published(&self) -> Hit {
        self.hit().send().await.unwrap().hit.unwrap()
    }

    pub async fn get(&self, hit: &str) -> Hit {
        self.client.get_hit().hit_id(hit).send().await.unwrap().hit.unwrap()
    }

    pub async fn accept(&self, hit: &str, worker: &str) -> AssignmentId {
        let (hit, worker) = (HitId::parse(hit).unwrap(), WorkerId::parse(worker).unwrap());
        self.market.service.accept(&hit, &worker).await.unwrap().assignment
    }

    /// A worker takes a HIT and hands in.
    pub async fn work(&self, hit: &str, worker: &str) -> String {
        let assignment = self.accept(hit, worker).await;
        let answer = answers::from_fields([("keyword1", "dog"), ("note", "ja\u{11f}uar <b>")]);
        self.market.service.submit(&assignment, answer).await.unwrap();
        assignment.to_string()
    }

    pub async fn advance(&self, seconds: u64) {
        self.market.service.advance(Duration::from_secs(seconds)).await.unwrap();
    }

    /// Available and held money, in cents.
    pub async fn money(&self) -> (i64, i64) {
        let account = self.market.service.account(self.market.requester).await.unwrap();
        (account.available.as_cents(), account.held.as_cents())
    }

    pub async fn post(&self, path: &str, body: &str) -> (u16, Value) {
        let (status, body) = http(&self.market.endpoint, "POST", path, "", body).await.unwrap();
        (status, serde_json::from_str(&body).unwrap_or(Value::String(body)))
    }

    pub async fn fetch(&self, path: &str) -> (u16, Value) {
        let (status, body) = http(&self.market.endpoint, "GET", path, "", "").await.unwrap();
        (status, serde_json::from_str(&body).unwrap_or(Value::String(body)))
    }

    pub async fn ledger(&self) -> Vec<Value> {
        self.fetch("/_control/ledger").await.1.as_array().unwrap().clone()
    }
}

/// One plain HTTP request: status and body.
pub async fn http(
    endpoint: &str,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> std::io::Result<(u16, String)> {
    let (head, body) = raw(endpoint, method, path, headers, body).await?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Ok((status, body))
}

/// One plain HTTP request: head and body of the response as they came.
pub async fn raw(
    endpoint: &str,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> std::io::Result<(String, String)> {
    let host = endpoint.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await?;
    let host = if headers.to_ascii_lowercase().contains("host:") { String::new() } else { format!("Host: {host}\r\n") };
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\n{host}{headers}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut response = Vec::new();
    stream.read_to_end(&mut response).await?;
    let response = String::from_utf8_lossy(&response).into_owned();
    let (head, body) = response.split_once("\r\n\r\n").unwrap_or((&response, ""));
    Ok((head.to_owned(), body.to_owned()))
}
