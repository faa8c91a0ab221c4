//! A market's process as an operator meets it: killed, out of space, logged, renewed.

use super::lab::{hitdeck_in, ran};
use super::market::{Served, serve, serve_as};
use super::requester::{QUESTION, client, http, refused};
use aws_sdk_mturk::Client;
use aws_sdk_mturk::types::AssignmentStatus;
use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process, prlimit};
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tokio::sync::mpsc;

fn requester(ready: &serde_json::Value) -> Client {
    let text = |name: &str| ready[name].as_str().unwrap();
    client(text("endpoint"), text("access_key_id"), text("secret_access_key"))
}

fn pid(served: &Served) -> Pid {
    Pid::from_child(&served.0)
}

/// 20 HITs with 100 submitted assignments each.
fn work(home: &TempDir) -> String {
    let mut csv =
        "HITId,HITTypeId,Title,Reward,MaxAssignments,AssignmentId,WorkerId,AssignmentStatus,Answer.label\n".to_owned();
    for number in 0..2_000 {
        let (hit, worker) = (number / 100, number % 100);
        writeln!(csv, "3HIT{hit},3TYPE1,Title,$0.05,100,3ASG{number},A1W{worker},Submitted,yes").unwrap();
    }
    let path = home.path().join("work.csv");
    std::fs::write(&path, csv).unwrap();
    path.to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_under_load_it_has_kept_every_approval_that_it_acknowledged() {
    let home = TempDir::new().unwrap();
    let data = home.path().join("market");
    let data = data.to_str().unwrap();
    let (mut served, ready) = serve(&home, &["--data", data, "--import", &work(&home), "--access-log", "off"]);
    let mturk = requester(&ready);
    let left = Arc::new(Mutex::new((0..2_000).map(|number| format!("3ASG{number}")).collect::<Vec<_>>()));
    let (send, mut acknowledged) = mpsc::unbounded_channel();
    for _ in 0..16 {
        let (left, send, mturk) = (Arc::clone(&left), send.clone(), mturk.clone());
        tokio::spawn(async move {
            loop {
                let Some(id) = left.lock().unwrap().pop() else { return };
                if mturk.approve_assignment().assignment_id(&id).send().await.is_err() {
                    return;
                }
                send.send(id).unwrap();
            }
        });
    }
    drop(send);
    let mut approved = Vec::new();
    while approved.len() < 300 {
        approved.push(acknowledged.recv().await.expect("the market is alive"));
    }
    served.0.kill().unwrap();
    served.0.wait().unwrap();
    while let Some(id) = acknowledged.recv().await {
        approved.push(id);
    }
    assert!(approved.len() < 2_000, "it was killed before all was done");

    let (_served, ready) = serve(&home, &["--data", data, "--control"]);
    let mturk = requester(&ready);
    let mut kept = Vec::new();
    for hit in 0..20 {
        let list = mturk.list_assignments_for_hit().hit_id(format!("3HIT{hit}")).max_results(100);
        let list = list.assignment_statuses(AssignmentStatus::Approved).send().await.unwrap();
        kept.extend(
            list.assignments.unwrap_or_default().into_iter().map(|assignment| assignment.assignment_id.unwrap()),
        );
    }
    let lost: Vec<_> = approved.iter().filter(|id| !kept.contains(id)).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert!(kept.len() <= approved.len() + 16, "no more than was on its way");
    let (_, ledger) = http(ready["endpoint"].as_str().unwrap(), "GET", "/_control/ledger", "", "").await.unwrap();
    assert_eq!(ledger.matches("\"reward\"").count(), kept.len(), "each is paid for once");
}

/// Creates HITs with long questions until one is refused; those that were acknowledged, and the refusal.
async fn fill(mturk: &Client) -> (Vec<String>, (String, String)) {
    let mut made = Vec::new();
    loop {
        match create(mturk, 60_000).await {
            Ok(id) => made.push(id),
            Err(refusal) => return (made, refusal),
        }
        assert!(made.len() < 2_000, "there is no end to the room");
    }
}

async fn create(mturk: &Client, bytes: usize) -> Result<String, (String, String)> {
    let question = QUESTION.replace("</body>", &format!("<p>{}</p></body>", "lorem ".repeat(bytes / 6)));
    let create = mturk.create_hit().title("t").description("d").reward("0.01").lifetime_in_seconds(86_400);
    match create.assignment_duration_in_seconds(600).question(question).send().await {
        Ok(made) => Ok(made.hit.unwrap().hit_id.unwrap()),
        Err(error) => Err(refused::<(), _>(Err(error))),
    }
}

async fn listed(mturk: &Client) -> Vec<String> {
    let mut pages = mturk.list_hits().max_results(100).into_paginator().send();
    let mut ids = Vec::new();
    while let Some(page) = pages.next().await {
        ids.extend(page.unwrap().hits.unwrap_or_default().into_iter().map(|hit| hit.hit_id.unwrap()));
    }
    ids.sort();
    ids
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_written_is_refused_and_goes_on_when_it_can() {
    let home = TempDir::new().unwrap();
    let data = home.path().join("market");
    let data = data.to_str().unwrap();
    let program = assert_cmd::cargo::cargo_bin("hitdeck");
    // No file may grow beyond 2 MiB; the soft limit alone, so that it can be raised again.
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -S -f 4096; exec \"$@\"", "sh"]).arg(program);
    let (served, ready) = serve_as(shell, &home, &["--data", data, "--access-log", "off"]);
    let mturk = requester(&ready);
    let (mut made, (code, message)) = fill(&mturk).await;
    assert_eq!(code, "ServiceFault");
    assert!(message.contains("nothing was changed"), "{message}");
    let balance = mturk.get_account_balance().send().await.unwrap().available_balance.unwrap();
    made.sort();
    assert_eq!(listed(&mturk).await, made, "what was acknowledged is there, and nothing else");
    assert!(create(&mturk, 60_000).await.is_err());
    assert_eq!(mturk.get_account_balance().send().await.unwrap().available_balance.unwrap(), balance);

    let Rlimit { maximum, .. } = getrlimit(Resource::Fsize);
    prlimit(Some(pid(&served)), Resource::Fsize, Rlimit { current: maximum, maximum }).unwrap();
    made.push(create(&mturk, 60_000).await.unwrap());
    drop(served);
    let (_served, ready) = serve(&home, &["--data", data, "--access-log", "off"]);
    made.sort();
    assert_eq!(listed(&requester(&ready)).await, made);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_changes_and_is_over_when_there_is_room() {
    let home = TempDir::new().unwrap();
    let disk = home.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    // A disk of its own, which only the market sees. Where the system does not allow that, there is nothing to test here.
    let mount = "mount -t tmpfs -o size=4m tmpfs \"$0\" && exec \"$@\"";
    let may = Command::new("unshare").args(["-rm", "sh", "-c", mount]).arg(&disk).arg("true").status();
    if !may.is_ok_and(|status| status.success()) {
        println!("no disks of one's own on this system");
        return;
    }
    let mut shell = Command::new("unshare");
    shell.args(["-rm", "sh", "-c", mount]).arg(&disk).arg(assert_cmd::cargo::cargo_bin("hitdeck"));
    let data = disk.join("market");
    let (served, ready) = serve_as(shell, &home, &["--data", data.to_str().unwrap(), "--access-log", "off"]);
    let inside = Path::new("/proc").join(served.0.id().to_string()).join("root").join(disk.strip_prefix("/").unwrap());
    let ballast = inside.join("ballast");
    std::fs::write(&ballast, vec![0; 1 << 20]).unwrap();
    let mturk = requester(&ready);
    let (mut made, (code, message)) = fill(&mturk).await;
    assert_eq!(code, "ServiceFault");
    assert!(message.contains("storage is full: nothing was changed"), "{message}");
    made.sort();
    assert_eq!(listed(&mturk).await, made, "what was acknowledged is there, and nothing else");
    std::fs::remove_file(ballast).unwrap();
    made.push(create(&mturk, 60_000).await.unwrap());
    made.sort();
    assert_eq!(listed(&mturk).await, made);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_request_is_a_line_on_stderr_without_secrets_and_answers() {
    let home = TempDir::new().unwrap();
    let mut program = Command::new(assert_cmd::cargo::cargo_bin("hitdeck"));
    program.stderr(Stdio::piped());
    let (mut served, ready) = serve_as(program, &home, &["--memory", "--control"]);
    let endpoint = ready["endpoint"].as_str().unwrap();
    let mturk = requester(&ready);
    let hit = create(&mturk, 600).await.unwrap();
    let accept = format!(r#"{{"HITId":"{hit}","WorkerId":"A1WORKER"}}"#);
    let (_, accepted) = http(endpoint, "POST", "/_control/accept", "", &accept).await.unwrap();
    let accepted: serde_json::Value = serde_json::from_str(&accepted).unwrap();
    let answer = format!(r#"{{"AssignmentId":{},"Fields":{{"a":"a private answer"}}}}"#, accepted["AssignmentId"]);
    http(endpoint, "POST", "/_control/submit", "", &answer).await.unwrap();
    mturk.list_assignments_for_hit().hit_id(&hit).send().await.unwrap();
    let access_key = ready["access_key_id"].as_str().unwrap();
    let wrong = client(endpoint, access_key, "not the secret");
    assert_eq!(refused(wrong.get_account_balance().send().await).0, "InvalidSignatureException");
    http(endpoint, "GET", "/healthz", "", "").await.unwrap();
    kill_process(pid(&served), Signal::TERM).unwrap();
    assert!(served.0.wait().unwrap().success());

    let mut log = String::new();
    served.0.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    let lines: Vec<serde_json::Value> =
        log.lines().filter(|line| line.starts_with('{')).map(|line| serde_json::from_str(line).unwrap()).collect();
    let seen: Vec<_> =
        lines.iter().map(|line| (line["operation"].as_str().unwrap(), line["status"].as_i64().unwrap())).collect();
    let expected = [
        ("CreateHIT", 200),
        ("/_control/accept", 200),
        ("/_control/submit", 200),
        ("ListAssignmentsForHIT", 200),
        ("GetAccountBalance", 400),
    ];
    assert_eq!(seen, expected);
    assert_eq!((&lines[0]["access_key_id"], &lines[0]["client"]), (&access_key.into(), &"127.0.0.1".into()));
    assert_eq!(
        (&lines[4]["error"], &lines[4]["access_key_id"]),
        (&"InvalidSignatureException".into(), &access_key.into())
    );
    assert_eq!(lines[0]["request"].as_str().unwrap().len(), 36);
    assert!(lines[0]["received"].as_i64().unwrap() > 600 && lines[3]["sent"].as_i64().unwrap() > 100, "{log}");
    for private in ["a private answer", "lorem", ready["secret_access_key"].as_str().unwrap(), "Signature="] {
        assert!(!log.contains(private), "{private}");
    }
}

#[test]
fn a_renewed_certificate_is_read_on_a_hang_up_and_a_broken_one_keeps_the_old() {
    let home = TempDir::new().unwrap();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls");
    let certificate = home.path().join("cert.pem");
    std::fs::copy(kept.join("cert.pem"), &certificate).unwrap();
    let (cert, key) = (certificate.to_str().unwrap(), kept.join("key.pem"));
    let mut program = Command::new(assert_cmd::cargo::cargo_bin("hitdeck"));
    program.stderr(Stdio::piped());
    let options = ["--memory", "--tls-cert", cert, "--tls-key", key.to_str().unwrap()];
    let (mut served, ready) = serve_as(program, &home, &options);
    assert!(ready["endpoint"].as_str().unwrap().starts_with("https://"));
    let mut said = std::io::BufReader::new(served.0.stderr.take().unwrap());
    let mut next = || {
        let mut line = String::new();
        std::io::BufRead::read_line(&mut said, &mut line).unwrap();
        line
    };
    kill_process(pid(&served), Signal::HUP).unwrap();
    assert!(next().contains("the certificate was read again"));
    std::fs::write(&certificate, "half").unwrap();
    kill_process(pid(&served), Signal::HUP).unwrap();
    let line = next();
    assert!(line.contains("stays as it was") && line.contains("cert.pem"), "{line}");
    kill_process(pid(&served), Signal::TERM).unwrap();
    assert!(served.0.wait().unwrap().success());
    let (_, err) = ran(hitdeck_in(home.path()).args(["market", "serve"]).args(options), 1);
    assert!(err.contains("cert.pem"), "{err}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_layout_made_beside_a_running_market_can_be_used_at_once() {
    let home = TempDir::new().unwrap();
    let data = home.path().join("market");
    let data = data.to_str().unwrap();
    let (served, ready) = serve(&home, &["--data", data]);
    let page = home.path().join("page.html");
    std::fs::write(&page, "<form action='/mturk/externalSubmit'>${city}<input name='a'></form>").unwrap();
    let page = page.to_str().unwrap();
    let add = ["market", "requester", "layout", "requester", "cities", page, "--data", data, "-o", "json"];
    let (out, _) = ran(hitdeck_in(home.path()).args(add), 0);
    let added: serde_json::Value = serde_json::from_str(&out).unwrap();
    let added = if added.is_array() { &added[0] } else { &added };
    assert_eq!(added["parameters"], "city");
    let city = aws_sdk_mturk::types::HitLayoutParameter::builder().name("city").value("Bern").build();
    let call = requester(&ready).create_hit().title("t").description("d").reward("0.01").lifetime_in_seconds(60);
    let call = call.assignment_duration_in_seconds(60).hit_layout_id(added["HITLayoutId"].as_str().unwrap());
    let made = call.hit_layout_parameters(city.unwrap()).send().await.unwrap().hit.unwrap();
    assert!(made.question.unwrap().contains("Bern<input"));
    let (_, err) = ran(hitdeck_in(home.path()).args(add), 1);
    assert!(err.contains("a layout named \"cities\" already"), "{err}");
    kill_process(pid(&served), Signal::TERM).unwrap();
}
