//! How a market is reached: TLS, a proxy, many and slow and strange clients.

use std::path::Path;
use std::sync::Arc;

use hitdeck::market::TlsFiles;
use hitdeck::market::serve::{Options, start};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{desk, desk_with, http, raw, still};
use crate::wire::Signed;

fn certificate() -> TlsFiles {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls");
    TlsFiles { certificate: data.join("cert.pem"), key: data.join("key.pem") }
}

#[tokio::test]
async fn with_a_certificate_it_speaks_tls_and_nothing_else() {
    let desk = desk_with(Options { tls: Some(certificate()), control: false, ..still() }).await;
    let endpoint = desk.market.endpoint.clone();
    assert!(endpoint.starts_with("https://127.0.0.1:"), "{endpoint}");
    let address = endpoint.trim_start_matches("https://").to_owned();

    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(certificate().certificate).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let stream = TcpStream::connect(&address).await.unwrap();
    let name = ServerName::try_from("market.example.org").unwrap();
    let mut stream = connector.connect(name, stream).await.unwrap();
    let request = Signed::new(&desk, "GetAccountBalance", "{}").request();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // The end of a connection that the client asked to close.
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with(r#"{"AvailableBalance":"10000.00"}"#), "{answer}");

    let plain = raw(&format!("http://{address}"), "GET", "/healthz", "", "").await;
    assert!(plain.map_or(true, |(head, _)| !head.contains("200")), "nothing is said without TLS");
    desk.market.stop().await;
}

#[tokio::test]
async fn a_certificate_that_cannot_be_used_keeps_it_from_starting() {
    let files = TlsFiles { key: "/nonexistent/key.pem".into(), ..certificate() };
    let error = start(Options { tls: Some(files), control: false, ..still() }).await.err().unwrap().to_string();
    assert!(error.contains("/nonexistent/key.pem"), "{error}");
}

#[tokio::test]
async fn behind_a_proxy_the_host_that_was_signed_is_the_forwarded_one() {
    let desk = desk_with(Options { trust_proxy: true, control: false, ..still() }).await;
    let send = async |desk, forwarded: &str| {
        let mut request = Signed::new(desk, "GetAccountBalance", "{}").request();
        request = request.replacen("Host: mturk.example.org\r\n", &format!("Host: 127.0.0.1:7878\r\n{forwarded}"), 1);
        let endpoint = &desk.market.endpoint;
        let mut stream = TcpStream::connect(endpoint.trim_start_matches("http://")).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let forwarded = "X-Forwarded-Host: mturk.example.org\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.7\r\n";
    let answer = send(&desk, forwarded).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let answer = send(&desk, "").await;
    assert!(answer.contains("InvalidSignatureException"), "{answer}");
    let direct = crate::support::desk().await;
    let answer = send(&direct, forwarded).await;
    assert!(answer.contains("InvalidSignatureException"), "nobody is believed who is not trusted: {answer}");
    let error = start(Options { trust_proxy: true, ..still() }).await.err().unwrap().to_string();
    assert!(error.contains("--control"), "{error}");
}

#[tokio::test]
async fn requests_that_are_sent_at_once_are_answered_in_order() {
    let desk = desk().await;
    let mut stream = TcpStream::connect(desk.market.endpoint.trim_start_matches("http://")).await.unwrap();
    let keep = |request: String| request.replacen("Connection: close\r\n", "", 1);
    let mut all = keep(Signed::new(&desk, "GetAccountBalance", "{}").request());
    all += &keep(Signed::new(&desk, "GetHIT", r#"{"HITId":"3NOSUCHHIT"}"#).request());
    all += &Signed::new(&desk, "ListHITs", "{}").request();
    stream.write_all(all.as_bytes()).await.unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await.unwrap();
    let places: Vec<usize> = ["AvailableBalance", "Hit 3NOSUCHHIT does not exist", "NumResults"]
        .map(|words| answers.find(words).unwrap_or_else(|| panic!("{answers}")))
        .into();
    assert!(places.is_sorted() && answers.matches("HTTP/1.1 ").count() == 3, "{answers}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_connections_are_served_while_others_say_nothing() {
    let desk = Arc::new(desk().await);
    let address = desk.market.endpoint.trim_start_matches("http://").to_owned();
    let mut silent = Vec::new();
    for number in 0..500 {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        // Half of them begin a request and do not go on.
        if number % 2 == 0 {
            stream.write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"a\"").await.unwrap();
        }
        silent.push(stream);
    }
    let mut busy = Vec::new();
    for _ in 0..500 {
        busy.push(TcpStream::connect(&address).await.unwrap());
    }
    let request = Signed::new(&desk, "GetAccountBalance", "{}").request();
    let answers = busy.into_iter().map(|mut stream| {
        let request = request.clone();
        tokio::spawn(async move {
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer
        })
    });
    for answer in answers.collect::<Vec<_>>() {
        let answer = answer.await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    drop(silent);
}

#[tokio::test]
async fn ten_megabytes_are_refused_in_words_and_the_next_request_is_served() {
    let desk = desk().await;
    let body = format!("{{\"a\":\"{}\"}}", "x".repeat(10 << 20));
    let target = "X-Amz-Target: MTurkRequesterServiceV20170117.GetHIT\r\n";
    let (status, answer) = http(&desk.market.endpoint, "POST", "/", target, &body).await.unwrap();
    assert_eq!((status, answer.contains("RequestEntityTooLargeException")), (413, true), "{answer}");
    assert!(desk.client.get_account_balance().send().await.is_ok());
}

#[tokio::test]
async fn every_path_and_method_is_refused_as_the_api_refuses() {
    let desk = desk().await;
    for (method, path, status) in [
        ("PUT", "/", 405),
        ("DELETE", "/", 405),
        ("POST", "/healthz", 405),
        ("POST", "/nothing", 404),
        ("GET", "/../x", 404),
    ] {
        let (head, body) = raw(&desk.market.endpoint, method, path, "", "").await.unwrap();
        assert!(head.starts_with(&format!("HTTP/1.1 {status}")), "{method} {path}: {head}");
        let json: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(json["__type"], "UnknownOperationException", "{method} {path}");
        assert!(head.to_lowercase().contains("x-amzn-requestid"), "{head}");
    }
    // What is not HTTP at all gets HTTP's own answer.
    let mut stream = TcpStream::connect(desk.market.endpoint.trim_start_matches("http://")).await.unwrap();
    stream.write_all(b"\x16\x03\x01 hello\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    let long = format!("X-Long: {}\r\n", "x".repeat(1 << 20));
    let refused = raw(&desk.market.endpoint, "GET", "/healthz", &long, "").await;
    assert!(refused.map_or(true, |(head, _)| head.starts_with("HTTP/1.1 431")));
    assert!(desk.client.get_account_balance().send().await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_lets_what_is_in_flight_finish_and_waits_for_nobody_else() {
    let desk = desk().await;
    let address = desk.market.endpoint.trim_start_matches("http://").to_owned();
    let idle = TcpStream::connect(&address).await.unwrap();
    let request = Signed::new(&desk, "GetAccountBalance", "{}").request();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let mut stream = TcpStream::connect(&address).await.unwrap();
    stream.write_all(format!("{head}\r\nExpect: 100-continue\r\n\r\n").as_bytes()).await.unwrap();
    // The market asks for the body: the request is in flight.
    let mut asked = [0; 25];
    stream.read_exact(&mut asked).await.unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
    let stopping = tokio::spawn(desk.market.stop());
    while TcpStream::connect(&address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!stopping.is_finished());
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    stopping.await.unwrap();
    drop(idle);
}
