//! Clients that mean no good: nothing leaks, nothing crashes, and every refusal is a proper error.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::signing::Sign;
use crate::support::{Desk, QUESTION, desk, http, raw};

/// All operations of the API.
const OPERATIONS: [&str; 39] = [
    "AcceptQualificationRequest",
    "ApproveAssignment",
    "AssociateQualificationWithWorker",
    "CreateAdditionalAssignmentsForHIT",
    "CreateHIT",
    "CreateHITType",
    "CreateHITWithHITType",
    "CreateQualificationType",
    "CreateWorkerBlock",
    "DeleteHIT",
    "DeleteQualificationType",
    "DeleteWorkerBlock",
    "DisassociateQualificationFromWorker",
    "GetAccountBalance",
    "GetAssignment",
    "GetFileUploadURL",
    "GetHIT",
    "GetQualificationScore",
    "GetQualificationType",
    "ListAssignmentsForHIT",
    "ListBonusPayments",
    "ListHITs",
    "ListHITsForQualificationType",
    "ListQualificationRequests",
    "ListQualificationTypes",
    "ListReviewPolicyResultsForHIT",
    "ListReviewableHITs",
    "ListWorkerBlocks",
    "ListWorkersWithQualificationType",
    "NotifyWorkers",
    "RejectAssignment",
    "RejectQualificationRequest",
    "SendBonus",
    "SendTestEventNotification",
    "UpdateExpirationForHIT",
    "UpdateHITReviewStatus",
    "UpdateHITTypeOfHIT",
    "UpdateNotificationSettings",
    "UpdateQualificationType",
];

/// Who signs.
#[derive(Clone)]
struct Signer {
    access_key: String,
    secret: String,
}

impl Signer {
    fn of(desk: &Desk) -> Signer {
        Signer { access_key: desk.market.access_key_id.clone(), secret: desk.market.secret_access_key.clone() }
    }

    async fn another(desk: &Desk) -> Signer {
        let (_, account) = desk.post("/_control/requester", r#"{"name":"other"}"#).await;
        let key = |name: &str| account[name].as_str().unwrap().to_owned();
        Signer { access_key: key("access_key_id"), secret: key("secret_access_key") }
    }

    /// The headers of a signed request.
    fn headers(&self, operation: &str, body: &[u8]) -> String {
        Sign::new(&self.access_key, &self.secret, operation).headers(body)
    }

    /// Status and body of a signed request.
    async fn call(&self, desk: &Desk, operation: &str, body: &str) -> (u16, String) {
        http(&desk.market.endpoint, "POST", "/", &self.headers(operation, body.as_bytes()), body).await.unwrap()
    }
}

/// Holds that a refusal is a proper one: a 4xx with a code, in JSON, without a word about the inside.
fn assert_refused(what: &str, status: u16, body: &str) {
    let error: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("{what}: {status} {body}"));
    assert!((400..500).contains(&status), "{what}: {status} {body}");
    let code = error["__type"].as_str().unwrap_or_else(|| panic!("{what}: {body}"));
    assert!(!code.is_empty() && code.bytes().all(|b| b.is_ascii_alphabetic()), "{what}: {body}");
    let said = error["message"].as_str().or(error["Message"].as_str());
    let said = said.unwrap_or_else(|| panic!("{what}: {body}"));
    for inside in ["sqlite", "SELECT ", "panicked", "src/", "requesters", "HDMK"] {
        assert!(!said.contains(inside), "{what}: {body}");
    }
}

async fn alive(desk: &Desk) {
    assert_eq!(http(&desk.market.endpoint, "GET", "/healthz", "", "").await.unwrap(), (200, "ok\n".into()));
    desk.client.get_account_balance().send().await.unwrap();
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|f| serde_json::Number::from_f64(f).map_or(Value::Null, Value::Number)),
        any::<String>().prop_map(Value::from),
        prop_oneof![Just(""), Just("A1WORKER"), Just("0.05"), Just("Active"), Just(QUESTION), Just("\u{0}\u{202e}")]
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name(), inner), 0..4).prop_map(|all| Value::Object(all.into_iter().collect())),
        ]
    })
}

/// Members that operations know, and others.
fn name() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "HITId",
        "HITTypeId",
        "AssignmentId",
        "WorkerId",
        "WorkerIds",
        "Reason",
        "Reward",
        "Title",
        "Description",
        "Question",
        "LifetimeInSeconds",
        "AssignmentDurationInSeconds",
        "MaxAssignments",
        "MaxResults",
        "NextToken",
        "QualificationRequirements",
        "QualificationTypeId",
        "Comparator",
        "IntegerValues",
        "LocaleValues",
        "Notification",
        "Destination",
        "Transport",
        "Version",
        "EventTypes",
        "TestEventType",
        "Active",
        "ExpireAt",
        "BonusAmount",
        "Subject",
        "MessageText",
        "Test",
        "AnswerKey",
        "Name",
        "QualificationTypeStatus",
        "AssignmentReviewPolicy",
        "HITReviewPolicy",
        "PolicyName",
        "Parameters",
        "MapEntries",
        "Key",
        "Values",
        "RequesterFeedback",
        "UniqueRequestToken",
        "HITLayoutId",
        "HITLayoutParameters",
        "MustBeRequestable",
        "QualificationRequestId",
    ];
    prop_oneof![9 => prop::sample::select(KNOWN).prop_map(str::to_owned), 1 => any::<String>()]
}

fn members() -> impl Strategy<Value = Value> {
    prop::collection::vec((name(), value()), 0..8).prop_map(|all| Value::Object(all.into_iter().collect()))
}

/// Runs `check` on many generated values, inside of one market.
async fn for_each<T: std::fmt::Debug>(count: usize, of: impl Strategy<Value = T>, mut check: impl AsyncFnMut(T)) {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..count {
        check(proptest::strategy::ValueTree::current(&of.new_tree(&mut runner).unwrap())).await;
    }
}

#[tokio::test]
async fn no_body_makes_an_operation_fall_over() {
    let desk = desk().await;
    let signer = Signer::of(&desk);
    let bodies = (prop::sample::select(OPERATIONS.to_vec()), members());
    for_each(1_200, bodies, async |(operation, body)| {
        let text = body.to_string();
        let (status, said) = signer.call(&desk, operation, &text).await;
        if status != 200 {
            assert_refused(&format!("{operation} {text}"), status, &said);
        }
    })
    .await;
    alive(&desk).await;
}

#[tokio::test]
async fn what_is_not_json_is_refused() {
    let desk = desk().await;
    let signer = Signer::of(&desk);
    let deep = "[".repeat(100_000);
    let deep_object = format!("{}1{}", "{\"a\":".repeat(50_000), "}".repeat(50_000));
    for body in
        ["", " ", "null", "1", "[]", "{", "{\"a\"", "{\"a\":1,}", "{'a':1}", "\u{feff}{}", "{}{}", &deep, &deep_object]
    {
        for operation in ["GetHIT", "GetAccountBalance", "CreateHIT"] {
            let (status, said) = signer.call(&desk, operation, body).await;
            let shown: String = body.chars().take(20).collect();
            assert_refused(&format!("{operation} {shown}"), status, &said);
        }
    }
    for_each(300, any::<String>(), async |text| {
        let (status, said) = signer.call(&desk, "CreateHIT", &text).await;
        assert_refused(&text, status, &said);
    })
    .await;
    alive(&desk).await;
}

#[tokio::test]
async fn documents_that_attack_the_parser_are_refused_or_kept_as_text() {
    let desk = desk().await;
    let signer = Signer::of(&desk);
    let bomb = "<!DOCTYPE lolz [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><HTMLQuestion>&b;</HTMLQuestion>";
    let outside = "<!DOCTYPE q [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><QuestionForm>&x;</QuestionForm>";
    let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
    let create = |question: &str| {
        json!({"Title": "t", "Description": "d", "Reward": "0.05", "LifetimeInSeconds": 60,
            "AssignmentDurationInSeconds": 60, "Question": question})
        .to_string()
    };
    for document in
        [bomb, outside, &deep, "<", "<HTMLQuestion", "]]>", "&#0;", "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>"]
    {
        let (status, said) = signer.call(&desk, "CreateHIT", &create(document)).await;
        assert_refused(document, status, &said);
        assert!(!said.contains("root:"), "{said}");
        let test = json!({"Name": "n", "Description": "d", "QualificationTypeStatus": "Active", "Test": document,
            "TestDurationInSeconds": 60});
        let (status, said) = signer.call(&desk, "CreateQualificationType", &test.to_string()).await;
        assert_refused(document, status, &said);
    }
    // Bytes of a good document, changed at random places.
    let places = (any::<prop::sample::Index>(), any::<char>());
    for_each(300, prop::collection::vec(places, 1..6), async |changes| {
        let mut letters: Vec<char> = QUESTION.chars().collect();
        for (place, letter) in changes {
            let at = place.index(letters.len());
            letters[at] = letter;
        }
        let (status, said) = signer.call(&desk, "CreateHIT", &create(&letters.iter().collect::<String>())).await;
        if status != 200 {
            assert_refused("a changed question", status, &said);
        }
    })
    .await;
    alive(&desk).await;
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_refused_and_not_kept() {
    let desk = desk().await;
    let body = format!("{{\"a\":\"{}\"}}", "x".repeat(10 << 20));
    // Whoever refuses early may close before all was written; then there is nothing to read.
    if let Ok((status, said)) =
        http(&desk.market.endpoint, "POST", "/", &Signer::of(&desk).headers("GetHIT", body.as_bytes()), &body).await
        && status != 0
    {
        assert_eq!(status, 413);
        assert_refused("ten megabytes", status, &said);
    }
    alive(&desk).await;
}

#[tokio::test]
async fn clients_that_say_little_do_not_keep_others_out() {
    let desk = desk().await;
    let host = desk.market.endpoint.trim_start_matches("http://").to_owned();
    let mut slow = Vec::new();
    for number in 0..300 {
        let mut stream = TcpStream::connect(&host).await.unwrap();
        let said: &[u8] = match number % 3 {
            0 => b"",
            1 => b"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-",
            _ => b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
        };
        stream.write_all(said).await.unwrap();
        slow.push(stream);
    }
    tokio::time::timeout(Duration::from_secs(10), alive(&desk)).await.expect("the market answers others");
    drop(slow);
    alive(&desk).await;
}

#[tokio::test]
async fn what_is_not_http_is_answered_or_closed() {
    let desk = desk().await;
    let host = desk.market.endpoint.trim_start_matches("http://").to_owned();
    let long = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(200_000));
    let many = format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "X-A: b\r\n".repeat(5_000));
    for sent in [
        "\r\n\r\n",
        "HELLO\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /_control/ledger HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nBad Header: \u{0}\r\n\r\n",
        &long,
        &many,
        "\u{16}\u{3}\u{1}\u{2}\u{0}",
    ] {
        let mut stream = TcpStream::connect(&host).await.unwrap();
        // The market may have closed already.
        let _ = stream.write_all(sent.as_bytes()).await;
        let _ = stream.shutdown().await;
        let mut said = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut said)).await;
        let shown: String = sent.chars().take(60).collect();
        let _ = read.unwrap_or_else(|_| panic!("held open: {shown}"));
        let said = String::from_utf8_lossy(&said);
        assert!(!said.contains("HTTP/1.1 5") && !said.contains("\"kind\""), "{shown}: {said}");
    }
    alive(&desk).await;
}

#[tokio::test]
async fn every_bit_of_a_signed_request_counts() {
    let desk = desk().await;
    let signer = Signer::of(&desk);
    let body = "{}";
    let headers = signer.headers("GetAccountBalance", body.as_bytes());
    let send = async |headers: &str, path: &str| raw(&desk.market.endpoint, "POST", path, headers, body).await.unwrap();
    assert!(send(&headers, "/").await.0.starts_with("HTTP/1.1 200"));
    assert!(send(&headers, "/").await.0.starts_with("HTTP/1.1 200"), "the same within its time: as with Amazon");
    let other = |from: &str, to: &str| {
        assert!(headers.contains(from), "{from}");
        headers.replacen(from, to, 1)
    };
    let signature = headers.split("Signature=").nth(1).unwrap().trim().to_owned();
    let mut flipped = signature.clone().into_bytes();
    flipped[10] = if flipped[10] == b'0' { b'1' } else { b'0' };
    for tampered in [
        other("GetAccountBalance", "ListHITs"),
        other(&signature, &String::from_utf8(flipped).unwrap()),
        other(&signature, &signature.to_uppercase()),
        other(&signature, &signature[..63]),
        other(&signature, ""),
        other("us-east-1", "us-east-2"),
        other("mturk-requester/", "sqs/"),
        other("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"),
        other("content-type;", ""),
        other("x-amz-target,", "x-amz-target;x-amz-target,"),
        other("aws4_request", "aws5_request"),
        format!("{headers}X-Amz-Target: MTurkRequesterServiceV20170117.DeleteHIT\r\n"),
        format!("{headers}Authorization: AWS4-HMAC-SHA256 Credential=a\r\n").replacen("Authorization", "X-Other", 1),
    ] {
        let (head, said) = send(&tampered, "/").await;
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        assert_refused(&tampered, status, &said);
    }
    for path in ["/?Action=GetAccountBalance", "/?a=b&c", "//", "/%2e", "/../", "/./", "/_control/ledger"] {
        let (head, said) = send(&headers, path).await;
        assert!(!head.starts_with("HTTP/1.1 200"), "{path}: {head}");
        assert!(!said.contains("AvailableBalance"), "{path}");
    }
    alive(&desk).await;
}

#[tokio::test]
async fn guessed_ids_of_another_requester_tell_nothing() {
    let desk = desk().await;
    let own = Signer::of(&desk);
    let hit = desk.published().await;
    let (hit_id, type_id) = (hit.hit_id.unwrap(), hit.hit_type_id.unwrap());
    let assignment = desk.work(&hit_id, "A1WORKER").await;
    let made = json!({"Name": "mine", "Description": "a secret of mine", "QualificationTypeStatus": "Active"});
    let (status, made) = own.call(&desk, "CreateQualificationType", &made.to_string()).await;
    assert_eq!(status, 200, "{made}");
    let made: Value = serde_json::from_str(&made).unwrap();
    let qualification = made["QualificationType"]["QualificationTypeId"].as_str().unwrap().to_owned();
    let asked = json!({"QualificationTypeId": qualification, "WorkerId": "A1WORKER"}).to_string();
    desk.post("/_control/request-qualification", &asked).await;
    let (_, requests) = own.call(&desk, "ListQualificationRequests", "{}").await;
    let requests: Value = serde_json::from_str(&requests).unwrap();
    let request = requests["QualificationRequests"][0]["QualificationRequestId"].as_str().unwrap().to_owned();
    let block = json!({"WorkerId": "A1WORKER", "Reason": "a secret of mine"}).to_string();
    own.call(&desk, "CreateWorkerBlock", &block).await;
    let (_, page) = own.call(&desk, "ListHITs", r#"{"MaxResults":1}"#).await;
    let token = serde_json::from_str::<Value>(&page).unwrap()["NextToken"].as_str().unwrap().to_owned();
    let before = desk.money().await;

    let thief = Signer::another(&desk).await;
    let all = json!({
        "HITId": hit_id, "HITTypeId": type_id, "AssignmentId": assignment, "WorkerId": "A1WORKER",
        "QualificationTypeId": qualification, "QualificationRequestId": request, "QuestionIdentifier": "q",
        "ExpireAt": 0, "NumberOfAdditionalAssignments": 1, "RequesterFeedback": "x", "Reason": "x", "BonusAmount": "0.01",
        "LifetimeInSeconds": 60, "Question": QUESTION, "IntegerValue": 1, "MustBeRequestable": false,
        "MustBeOwnedByCaller": true, "Subject": "s", "MessageText": "m", "WorkerIds": ["A1WORKER"],
        "Notification": {"Destination": "arn:aws:sns:us-east-1:1:t", "Transport": "SNS", "Version": "2014-08-15",
            "EventTypes": ["HITCreated"]},
        "TestEventType": "Ping", "Title": "t", "Description": "d", "Reward": "0.01", "AssignmentDurationInSeconds": 60,
        "Name": "theirs", "QualificationTypeStatus": "Active",
    });
    let only = |names: &[&str]| {
        let picked = names.iter().map(|name| ((*name).to_owned(), all[*name].clone()));
        Value::Object(picked.collect()).to_string()
    };
    // What names an object of somebody else does not exist.
    for (operation, names) in [
        ("AcceptQualificationRequest", &["QualificationRequestId"][..]),
        ("ApproveAssignment", &["AssignmentId"]),
        ("AssociateQualificationWithWorker", &["QualificationTypeId", "WorkerId"]),
        ("CreateAdditionalAssignmentsForHIT", &["HITId", "NumberOfAdditionalAssignments"]),
        ("CreateHITWithHITType", &["HITTypeId", "LifetimeInSeconds", "Question"]),
        ("DeleteHIT", &["HITId"]),
        ("DeleteQualificationType", &["QualificationTypeId"]),
        ("DisassociateQualificationFromWorker", &["QualificationTypeId", "WorkerId"]),
        ("GetAssignment", &["AssignmentId"]),
        ("GetFileUploadURL", &["AssignmentId", "QuestionIdentifier"]),
        ("GetHIT", &["HITId"]),
        ("GetQualificationScore", &["QualificationTypeId", "WorkerId"]),
        ("ListAssignmentsForHIT", &["HITId"]),
        ("ListBonusPayments", &["HITId"]),
        ("ListBonusPayments", &["AssignmentId"]),
        ("ListHITsForQualificationType", &["QualificationTypeId"]),
        ("ListQualificationRequests", &["QualificationTypeId"]),
        ("ListReviewPolicyResultsForHIT", &["HITId"]),
        ("ListReviewableHITs", &["HITTypeId"]),
        ("ListWorkersWithQualificationType", &["QualificationTypeId"]),
        ("RejectAssignment", &["AssignmentId", "RequesterFeedback"]),
        ("RejectQualificationRequest", &["QualificationRequestId"]),
        ("SendBonus", &["WorkerId", "AssignmentId", "BonusAmount", "Reason"]),
        ("UpdateExpirationForHIT", &["HITId", "ExpireAt"]),
        ("UpdateHITReviewStatus", &["HITId"]),
        ("UpdateHITTypeOfHIT", &["HITId", "HITTypeId"]),
        ("UpdateNotificationSettings", &["HITTypeId", "Notification"]),
        ("UpdateQualificationType", &["QualificationTypeId", "Description"]),
    ] {
        let (status, said) = thief.call(&desk, operation, &only(names)).await;
        let empty = status == 200 && said.contains("\"NumResults\":0");
        if !empty {
            assert_refused(operation, status, &said);
            assert!(said.contains("does not exist") || operation == "GetFileUploadURL", "{operation}: {said}");
        }
    }
    // What lists or sends shows nothing of anybody else; a page's token is good for its owner alone.
    for operation in OPERATIONS {
        if operation == "GetQualificationType" {
            continue; // Types are public, as with Amazon; their tests and keys are not.
        }
        let (_, said) = thief.call(&desk, operation, &all.to_string()).await;
        assert!(!said.contains("secret of mine") && !said.contains("keyword1"), "{operation}: {said}");
    }
    let stolen = json!({"NextToken": token}).to_string();
    let (status, said) = thief.call(&desk, "ListHITs", &stolen).await;
    assert_refused("a stolen token", status, &said);

    assert_eq!(desk.money().await, before);
    let still = desk.get(&hit_id).await;
    assert_eq!((still.hit_status.unwrap().as_str(), still.max_assignments), ("Assignable", Some(5)));
    alive(&desk).await;
}
