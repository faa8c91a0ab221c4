//! The tutorial from its first cell to its last as a shell script, run against a market; and its results in pandas.

use super::lab::{HITS, Lab, WORKERS};
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

const PASSED: [(&str, &[&str]); 2] = [("bakery", &["no"]), ("sisters", &["ana-cleo", "bea-cleo"])];
const FAILED: [(&str, &[&str]); 2] = [("bakery", &["yes"]), ("sisters", &["cleo-bea"])];

/// Three workers take the test, and one fails; of the other two one answers in JSON and one does not. The third answer of
/// each row never comes.
fn play(lab: &Lab, part: usize) {
    if part == 0 {
        let all = lab.json(&["qual", "list"], 0);
        let made = all.as_array().unwrap().iter().find(|one| one["Name"] == "Relations: trained").unwrap();
        let qual = made["QualificationTypeId"].as_str().unwrap();
        lab.take_test(qual, "A1GOOD", &PASSED);
        lab.take_test(qual, "A2BARE", &PASSED);
        lab.take_test(qual, "A3FAIL", &FAILED);
        return;
    }
    for hit in lab.json(&["hit", "list", "--batch", "relations-pilot"], 0).as_array().unwrap() {
        let hit = hit["HITId"].as_str().unwrap();
        lab.hand_in(hit, "A1GOOD", &[("relation", "[\"born in\"]"), ("comment", "")]);
        lab.hand_in(hit, "A2BARE", &[("relation", "born in"), ("comment", "sure, I am A2BARE")]);
    }
}

#[test]
fn the_whole_tutorial_runs_as_a_script() {
    let lab = Lab::empty();
    let folder = lab.home.path().join("project");
    // The account is a profile of the AWS files, as in the tutorial.
    let keys = format!(
        "[tutorial]\naws_access_key_id = {}\naws_secret_access_key = {}\nregion = us-east-1\n",
        lab.market.access_key_id, lab.market.secret_access_key
    );
    let keys = lab.file("credentials", &keys);
    let programs = assert_cmd::cargo::cargo_bin("hitdeck").parent().unwrap().display().to_string();
    let mut child = Command::new("sh")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/tutorial.sh"))
        .arg(&folder)
        .env_clear()
        .env("HOME", lab.home.path())
        .env("USER", "ada")
        .env("PATH", format!("{programs}:/usr/local/bin:/usr/bin:/bin"))
        .env("AWS_PROFILE", "tutorial")
        .env("AWS_SHARED_CREDENTIALS_FILE", &keys)
        .env("AWS_ENDPOINT_URL_MTURK", &lab.market.endpoint)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut enter = child.stdin.take().unwrap();
    let mut err = child.stderr.take().unwrap();
    let said = std::thread::spawn(move || std::io::read_to_string(&mut err).unwrap());
    let (mut out, mut parts) = (String::new(), 0);
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        if line.starts_with("===") {
            play(&lab, parts);
            parts += 1;
            enter.write_all(b"\n").unwrap();
        }
        out += &(line + "\n");
    }
    let (ended, said) = (child.wait().unwrap(), said.join().unwrap());
    assert!(ended.success() && parts == 2, "{out}\n{said}");

    // T13: one of two answers of each of the six rows was JSON; T14: those cannot be rejected any more.
    assert_eq!(lab.paid("reward").len(), 6, "{said}");
    assert_eq!(said.matches("already approved").count(), 6, "{said}");
    // T15: nothing is left, and the archive has it all. T16: nobody is blocked. T17: nobody but the first holds the test.
    let left = lab.json(&["hit", "list"], 0);
    assert_eq!(left.as_array().map(Vec::len), Some(0), "{left:#}");
    let kept = std::fs::read_to_string(folder.join("archive/assignments.jsonl")).unwrap();
    assert_eq!(kept.lines().count(), 12);
    assert_eq!(lab.json(&["worker", "blocked"], 0).as_array().map(Vec::len), Some(0));
    let scores = lab.scores("Relations: trained");
    assert_eq!(scores, [("A1GOOD".to_owned(), 100), ("A3FAIL".to_owned(), 0)]);
    // T11, T18: the row stands beside the answer; in the public file no worker is named, not even by themselves.
    let of = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let results = of("results.csv");
    let header = results.lines().next().unwrap();
    let inputs = "\"Input.id\",\"Input.sentence\",\"Input.first\",\"Input.second\",\"Input.gold_relation\"";
    let end = format!("{inputs},\"Answer.comment\",\"Answer.relation\",\"Approve\",\"Reject\"");
    assert!(header.ends_with(&end), "{header}");
    assert_eq!(results.lines().count(), 13);
    assert!(results.contains("A2BARE") && !of("public.csv").contains("A2BARE") && !of("public.csv").contains("A1GOOD"));
    assert!(of("tidy.csv").lines().count() > 12);
}

/// What `hitdeck export` writes is what people who work in pandas expect.
#[test]
fn results_open_in_pandas() {
    let there = Command::new("python3").args(["-c", "import pandas"]).output();
    if !there.is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED: this test needs python3 with pandas (pip install pandas)");
        return;
    }
    let lab = Lab::open();
    lab.run(&["assignment", "approve", &super::lab::assignment(0, 0)], 0);
    for (name, format) in [("website.csv", "website"), ("tidy.csv", "tidy"), ("results.jsonl", "jsonl")] {
        let path = lab.home.path().join(name);
        lab.run(&["batch", "export", "pilot", "--format", format, "--to", path.to_str().unwrap()], 0);
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interop/read_results.py");
    let output = Command::new("python3").arg(script).arg(lab.home.path()).output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{err}");
    let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
    let rows = HITS * WORKERS;
    assert_eq!((&seen["website"], &seen["jsonl"]), (&rows.into(), &rows.into()), "{seen:#}");
    assert_eq!(seen["tidy"], 2 * rows);
    assert_eq!(seen["labels"], serde_json::json!({ "no": 2 * HITS, "yes": 3 * HITS }));
    assert_eq!(seen["approved"], 1);
}
