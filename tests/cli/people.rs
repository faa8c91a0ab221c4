//! `hitdeck market worker`, beside a running market.

use super::lab::{hitdeck_in, ran};
use super::market::serve;
use super::requester::http;
use serde_json::Value;
use tempfile::TempDir;

#[tokio::test]
async fn an_operator_invites_suspends_resets_exports_and_anonymizes() {
    let home = TempDir::new().unwrap();
    let data = home.path().join("market").to_str().unwrap().to_owned();
    let csv = home.path().join("work.csv");
    std::fs::write(&csv, "HITId,AssignmentId,WorkerId,AssignmentStatus,Answer.a\n3HIT,3ASG,A1KNOWN,Approved,dog\n")
        .unwrap();
    let url = "https://work.example.org";
    let more = ["--data", &data, "--import", csv.to_str().unwrap(), "--site-url", url, "--site-name", "The lab"];
    let (_served, ready) = serve(&home, &more);
    let endpoint = ready["endpoint"].as_str().unwrap();
    let run = |arguments: &[&str], code: i32| {
        let mut command = hitdeck_in(home.path());
        ran(command.args(["market", "worker"]).args(arguments).args(["--data", &data, "-o", "json"]), code)
    };
    let worker = |arguments: &[&str]| -> Value {
        let (out, _) = run(arguments, 0);
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {out}"))
    };
    assert_eq!(worker(&["list"]), serde_json::json!([]), "nobody has an account");
    assert_eq!(worker(&["list", "--all"])[0]["WorkerId"], "A1KNOWN");

    let links = worker(&["invite", "--count", "2", "--note", "Maria", "--expires", "2h"]);
    assert_eq!(links.as_array().unwrap().len(), 2);
    let link = worker(&["invite", "A1KNOWN"])[0]["link"].as_str().unwrap().to_owned();
    let path = link.strip_prefix(url).expect("the site's own address").to_owned();
    let waiting = worker(&["invitations"]);
    assert_eq!((waiting[0]["note"].as_str(), waiting.as_array().unwrap().len()), (Some("Maria"), 3));
    assert!(!waiting.to_string().contains(path.trim_start_matches("/join/")), "a link is shown once");
    let number = waiting[0]["number"].to_string();
    run(&["uninvite", &number], 0);
    run(&["uninvite", &number], 1);
    let (status, page) = http(endpoint, "GET", &path, "", "").await.unwrap();
    assert!(status == 200 && page.contains("A1KNOWN") && page.contains("The lab"), "{status} {page}");

    let suspended = worker(&["suspend", "A1KNOWN", "--reason", "Two people used it."]);
    assert_eq!(suspended["suspended"], "Two people used it.");
    assert_eq!(worker(&["suspend", "A1KNOWN", "--lift"])["suspended"], Value::Null);
    let reset = worker(&["reset", "A1KNOWN"]);
    assert!(reset[0]["link"].as_str().unwrap().starts_with(&format!("{url}/join/")));
    let (status, _) = http(endpoint, "GET", &path, "", "").await.unwrap();
    assert_eq!(status, 404, "the link before is over");

    let kept = worker(&["export", "A1KNOWN"]);
    assert_eq!(kept["Assignments"][0]["AssignmentId"], "3ASG");
    let gone = worker(&["anonymize", "A1KNOWN"]);
    assert_eq!(gone["WorkerId"], "A1KNOWN");
    let after = gone["work_stays_under"].as_str().unwrap();
    assert_eq!(worker(&["export", after])["Assignments"][0]["AssignmentId"], "3ASG");
    let (_, refused) = run(&["export", "A1KNOWN"], 1);
    assert!(refused.contains("no worker A1KNOWN"), "{refused}");
}
