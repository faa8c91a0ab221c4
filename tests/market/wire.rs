//! What goes over the wire, byte by byte, and who may say what.

use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::signing::Sign;
use crate::support::{Desk, client, desk, http, raw, refused};

/// A request signed by hand, so that every part of it can be wrong.
pub struct Signed<'d> {
    desk: &'d Desk,
    operation: &'d str,
    body: &'d str,
    sent_body: Option<&'d str>,
    host: &'static str,
    region: &'static str,
    signed: &'static str,
    at: SystemTime,
}

impl<'d> Signed<'d> {
    pub fn new(desk: &'d Desk, operation: &'d str, body: &'d str) -> Signed<'d> {
        let signed = "content-type;host;x-amz-date;x-amz-target";
        let at = SystemTime::now();
        Signed { desk, operation, body, sent_body: None, host: "mturk.example.org", region: "us-east-1", signed, at }
    }

    pub async fn send(&self) -> (String, String) {
        raw(&self.desk.market.endpoint, "POST", "/", &self.headers(), self.sent_body.unwrap_or(self.body))
            .await
            .unwrap()
    }

    /// The whole request, after which the connection is to be closed.
    pub fn request(&self) -> String {
        let (headers, length, body) = (self.headers(), self.body.len(), self.body);
        format!("POST / HTTP/1.1\r\n{headers}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}")
    }

    fn headers(&self) -> String {
        let market = &self.desk.market;
        Sign {
            host: self.host,
            region: self.region,
            signed: self.signed,
            at: self.at,
            ..Sign::new(&market.access_key_id, &market.secret_access_key, self.operation)
        }
        .headers(self.body.as_bytes())
    }

    async fn code(&self) -> (u16, String) {
        let (head, body) = self.send().await;
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let body: Value = serde_json::from_str(&body).unwrap();
        (status, body["__type"].as_str().unwrap_or("none").to_owned())
    }
}

#[tokio::test]
async fn an_answer_is_compact_and_has_a_request_id() {
    let desk = desk().await;
    let (head, body) = Signed::new(&desk, "GetAccountBalance", "{}").send().await;
    assert_eq!(body, r#"{"AvailableBalance":"10000.00"}"#);
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let head = head.to_ascii_lowercase();
    assert!(head.contains("content-type: application/x-amz-json-1.1"), "{head}");
    assert!(head.contains("content-length: 31") && head.contains("\r\ndate: "), "{head}");
    let id = head.split("x-amzn-requestid: ").nth(1).unwrap().lines().next().unwrap();
    assert_eq!(id.len(), 36, "{id}");
}

#[tokio::test]
async fn a_created_type_is_46_bytes_as_in_the_capture() {
    let desk = desk().await;
    let body = r#"{"Title": "t", "Description": "d", "Reward": "0.05", "AssignmentDurationInSeconds": 60}"#;
    let (_, body) = Signed::new(&desk, "CreateHITType", body).send().await;
    assert_eq!(body.len(), 46, "{body}");
}

#[tokio::test]
async fn timestamps_are_numbers_as_java_prints_them() {
    let desk = desk().await;
    let hit = desk.published().await;
    let body: &'static str = Box::leak(format!(r#"{{"HITId": "{}"}}"#, hit.hit_id.unwrap()).into_boxed_str());
    let (_, body) = Signed::new(&desk, "GetHIT", body).send().await;
    let created = body.split("\"CreationTime\":").nth(1).unwrap().split(',').next().unwrap();
    assert!(created.contains('.') && created.ends_with("E9"), "{created}");
    assert_eq!(created.parse::<f64>().unwrap() as i64, hit.creation_time.unwrap().secs());
    assert!(!body.contains("null") && !body.contains(": "), "{body}");
}

#[tokio::test]
async fn whoever_signs_any_host_is_served() {
    let desk = desk().await;
    for host in ["localhost", "127.0.0.1:1", "mturk-requester.us-east-1.amazonaws.com"] {
        let request = Signed { host, ..Signed::new(&desk, "GetAccountBalance", "{}") };
        assert_eq!(request.code().await, (200, "none".into()), "{host}");
    }
}

#[tokio::test]
async fn a_request_that_is_not_signed_right_is_refused() {
    let desk = desk().await;
    let good = || Signed::new(&desk, "GetAccountBalance", "{}");
    let minutes = |m: i64| {
        let span = Duration::from_secs(m.unsigned_abs() * 60);
        if m < 0 { SystemTime::now() - span } else { SystemTime::now() + span }
    };
    let invalid = (400, "InvalidSignatureException".to_owned());
    assert_eq!(Signed { sent_body: Some("{ }"), ..good() }.code().await, invalid);
    assert_eq!(Signed { region: "eu-west-1", ..good() }.code().await, invalid);
    assert_eq!(Signed { region: "sandbox", ..good() }.code().await, invalid);
    assert_eq!(Signed { at: minutes(-16), ..good() }.code().await, invalid);
    assert_eq!(Signed { at: minutes(16), ..good() }.code().await, invalid);
    assert_eq!(Signed { signed: "host;x-amz-date", ..good() }.code().await, invalid, "the operation must be signed");
    assert_eq!(Signed { signed: "x-amz-date;x-amz-target", ..good() }.code().await, invalid);
    assert_eq!(Signed { at: minutes(-14), ..good() }.code().await, (200, "none".into()));

    let endpoint = &desk.market.endpoint;
    let wrong_secret = client(endpoint, &desk.market.access_key_id, "wrong");
    assert_eq!(refused(wrong_secret.get_account_balance().send().await).0, "InvalidSignatureException");
    let nobody = client(endpoint, "HDMKNOBODY", "wrong");
    assert_eq!(refused(nobody.get_account_balance().send().await).0, "UnrecognizedClientException");
    let target = "X-Amz-Target: MTurkRequesterServiceV20170117.GetAccountBalance\r\n";
    let (status, body) = http(endpoint, "POST", "/", target, "{}").await.unwrap();
    assert_eq!((status, body.contains("MissingAuthenticationTokenException")), (400, true), "{body}");
    let garbage = format!("{target}Authorization: AWS4-HMAC-SHA256 what\r\n");
    let (status, body) = http(endpoint, "POST", "/", &garbage, "{}").await.unwrap();
    assert_eq!((status, body.contains("IncompleteSignatureException")), (400, true), "{body}");
}

#[tokio::test]
async fn the_signature_date_is_wall_time_whatever_the_market_shows() {
    let desk = desk().await;
    desk.advance(400 * 86_400).await;
    assert!(desk.client.get_account_balance().send().await.is_ok());
}

#[tokio::test]
async fn what_is_not_an_operation_or_not_json_is_said() {
    let desk = desk().await;
    assert_eq!(Signed::new(&desk, "getHIT", "{}").code().await, (400, "UnknownOperationException".into()));
    assert_eq!(Signed::new(&desk, "Nonsense", "{}").code().await, (400, "UnknownOperationException".into()));
    for body in ["", "[]", "{", r#"{"HITId":5}"#] {
        let request = Signed::new(&desk, "GetHIT", body);
        assert_eq!(request.code().await, (400, "SerializationException".into()), "{body}");
    }
    let large: &'static str = Box::leak(format!("{{\"a\":\"{}\"}}", "x".repeat(2 << 20)).into_boxed_str());
    let (status, code) = Signed::new(&desk, "GetHIT", large).code().await;
    assert_eq!((status, code.as_str()), (413, "RequestEntityTooLargeException"));
}

#[tokio::test]
async fn errors_carry_the_markets_time_in_milliseconds() {
    let desk = desk().await;
    desk.advance(86_400).await;
    let (_, message) = refused(desk.client.get_hit().hit_id("3NOSUCHHIT").send().await);
    assert!(message.ends_with(&format!(" ({})", desk.market.clock.now().0)), "{message}");
}

#[tokio::test]
async fn a_browser_sees_a_page_and_a_monitor_an_ok() {
    let desk = desk().await;
    let (status, page) = http(&desk.market.endpoint, "GET", "/", "", "").await.unwrap();
    assert_eq!(status, 200);
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("hitdeck market"), "{page}");
    assert_eq!(http(&desk.market.endpoint, "GET", "/healthz", "", "").await.unwrap(), (200, "ok\n".into()));
    assert_eq!(http(&desk.market.endpoint, "GET", "/nothing", "", "").await.unwrap().0, 404);
}
