//! Endpoints that are down, slow, something else, or do not like the credentials.

use super::lab::{Lab, assignment, hitdeck_in, ran};
use hitdeck::market::serve::Options;
use hitdeck::mturk::credentials::account_of;
use hitdeck::mturk::{Client, Source};
use std::io::{Read, Write};
use std::net::TcpListener;
use tempfile::TempDir;

/// The program with credentials for an endpoint that is no market.
fn at(home: &TempDir, endpoint: &str, arguments: &[&str]) -> assert_cmd::Command {
    let mut command = hitdeck_in(home.path());
    command
        .env("AWS_ENDPOINT_URL_MTURK", endpoint)
        .env("AWS_ACCESS_KEY_ID", "AKIALAB")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .args(arguments);
    command
}

#[test]
fn an_endpoint_that_is_down_is_named_with_the_remedy() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let home = TempDir::new().unwrap();
    let endpoint = format!("http://127.0.0.1:{port}");
    for arguments in [&["balance"][..], &["assignment", "list"], &["assignment", "approve", "3ASG", "--yes"]] {
        let (out, err) = ran(&mut at(&home, &endpoint, arguments), 1);
        assert_eq!(out, "");
        assert!(err.contains(&format!("{endpoint}: the endpoint cannot be reached")), "{err}");
        assert!(err.contains("check the address"), "{err}");
    }
    let (out, _) = ran(&mut at(&home, &endpoint, &["doctor"]), 1);
    assert!(out.contains("connection") && out.contains("hitdeck market serve"), "{out}");
}

#[test]
fn a_web_server_is_told_from_a_market() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let page = "<html><body>It works!</body></html>";
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}",
                page.len()
            );
        }
    });
    let home = TempDir::new().unwrap();
    let (_, err) = ran(&mut at(&home, &endpoint, &["balance"]), 1);
    assert!(err.contains("no Mechanical Turk endpoint"), "{err}");
    let (out, _) = ran(&mut at(&home, &endpoint, &["doctor"]), 1);
    assert!(out.contains("no Mechanical Turk endpoint"), "{out}");
}

#[test]
fn refused_credentials_are_exit_code_4() {
    let lab = Lab::open();
    for (variable, value) in [("AWS_SECRET_ACCESS_KEY", "wrong"), ("AWS_ACCESS_KEY_ID", "AKIANOBODY")] {
        for arguments in [&["balance"][..], &["assignment", "list"], &["doctor"]] {
            let (out, err) = ran(lab.hitdeck(arguments).env(variable, value), 4);
            let said = if err.is_empty() { out } else { err };
            assert!(said.contains("the endpoint does not accept the credentials"), "{said}");
        }
    }
}

#[test]
fn missing_credentials_are_exit_code_4_and_say_what_to_set() {
    let lab = Lab::open();
    let mut command = lab.hitdeck(&["balance"]);
    let (_, err) = ran(command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY"), 4);
    assert!(err.contains(&format!("{}: no credentials were found", lab.market.endpoint)), "{err}");
    assert!(err.contains("AWS_ACCESS_KEY_ID") && err.contains("--profile"), "{err}");
    assert!(err.contains("hitdeck market serve") && !err.contains("IMDS"), "{err}");
}

#[test]
fn a_machine_without_a_role_is_not_waited_for() {
    let lab = Lab::open();
    // Takes connections and says nothing, like a firewall in front of a metadata service.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut command = lab.hitdeck(&["balance"]);
    command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY").env_remove("AWS_EC2_METADATA_DISABLED");
    command.env("AWS_EC2_METADATA_SERVICE_ENDPOINT", format!("http://{}", silent.local_addr().unwrap()));
    let begun = std::time::Instant::now();
    let (_, err) = ran(&mut command, 4);
    assert!(err.contains("no credentials were found") && err.contains("AWS_ACCESS_KEY_ID"), "{err}");
    // The chain's own patience is four tries of a second each.
    assert!(begun.elapsed() < std::time::Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[test]
fn a_profile_that_is_named_is_used_and_nothing_else() {
    let lab = Lab::open();
    let (_, err) = lab.run(&["--profile", "nobody", "balance"], 4);
    assert!(err.contains("there is no profile \"nobody\"") && err.contains("--profile"), "{err}");
}

#[test]
fn a_profile_of_the_shared_files_is_used() {
    let lab = Lab::open();
    let file = lab.home.path().join("credentials");
    let text = format!(
        "[lab]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        lab.market.access_key_id, lab.market.secret_access_key
    );
    std::fs::write(&file, text).unwrap();
    let mut command = lab.hitdeck(&["--profile", "lab", "balance", "-o", "csv"]);
    command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    let (out, _) = ran(command.env("AWS_SHARED_CREDENTIALS_FILE", &file), 0);
    assert!(out.starts_with("AvailableBalance,OnHoldBalance\n"), "{out}");
}

#[test]
fn a_slow_endpoint_is_waited_for() {
    let latency = std::time::Duration::from_millis(300);
    let lab = Lab::with(Options { latency, ..Options::default() });
    lab.run(&["balance"], 0);
}

#[test]
fn throttling_and_server_errors_are_overcome_and_nothing_is_paid_twice() {
    let faults = "throttle=0.2,error500=0.1,reset_before=0.05,reset_after=0.05".parse().unwrap();
    let lab = Lab::with(Options { faults, seed: 3, speed: 0.0, ..Options::default() });
    lab.import(
        "HITId,HITTypeId,Title,Reward,AssignmentId,WorkerId,AssignmentStatus,Answer.a\n\
         3HIT1,3TYPE1,T,$0.05,3ASG1,A1W1,Submitted,x\n3HIT1,3TYPE1,T,$0.05,3ASG2,A1W2,Submitted,x\n\
         3HIT1,3TYPE1,T,$0.05,3ASG3,A1W3,Submitted,x\n3HIT1,3TYPE1,T,$0.05,3ASG4,A1W4,Submitted,x\n",
    );
    lab.run(&["assignment", "approve", "3ASG1", "3ASG2", "3ASG3", "3ASG4", "--yes"], 0);
    let mut paid = lab.paid("reward");
    paid.sort();
    assert_eq!(paid, ["3ASG1", "3ASG2", "3ASG3", "3ASG4"]);
}

#[test]
fn the_doctor_finds_nothing_wrong_with_a_good_market() {
    let lab = Lab::open();
    let findings = lab.json(&["doctor"], 0);
    let verdicts: Vec<(&str, &str)> = findings
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (finding["Check"].as_str().unwrap(), finding["Verdict"].as_str().unwrap()))
        .collect();
    for check in ["configuration", "environment", "name", "connection", "credentials", "account", "data", "log"] {
        assert!(verdicts.contains(&(check, "ok")), "{check}: {verdicts:?}");
    }
    let (out, _) = lab.run(&["doctor"], 0);
    assert!(out.contains("30 September 2026") && out.contains("live Amazon was not reachable"), "{out}");
}

#[test]
fn two_accounts_never_share_a_store() {
    let lab = Lab::open();
    lab.run(&["assignment", "reject", &assignment(0, 1), "--feedback", "Empty."], 0);
    let other =
        lab.hitdeck(&["outbox", "list", "--all", "-o", "json"]).env("AWS_ACCESS_KEY_ID", "AKIAOTHER").output().unwrap();
    assert_eq!(String::from_utf8(other.stdout).unwrap().trim(), "[]");
}

/// Over TLS nothing but the SDK's own answers tells what time it is at the endpoint; `doctor` reads it there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_tells_the_time_of_the_endpoint() {
    let market = hitdeck::market::serve::start(Default::default()).await.unwrap();
    let source = |secret: &str| Source::Given {
        access_key_id: market.access_key_id.clone(),
        secret_access_key: secret.to_owned(),
        session_token: None,
    };
    let account = account_of(&market.access_key_id);
    let client = Client::new(&market.endpoint, &source(&market.secret_access_key), &account).await;
    assert_eq!(client.date(), None, "nothing has been asked yet");
    client.balance().await.unwrap();
    let date = client.date().unwrap();
    assert!(date.ends_with(" GMT"), "{date}");
    // Also where the keys, or the clock, are wrong: that is when it matters.
    let stranger = Client::new(&market.endpoint, &source("wrong"), &account).await;
    stranger.balance().await.unwrap_err();
    assert!(stranger.date().is_some());
    market.stop().await;
}
