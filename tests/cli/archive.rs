//! `hitdeck archive`: made, verified against itself and against the service, and damaged in every way.

use super::lab::{HITS, Lab, WORKERS, assignment};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// A market with work in every state, qualifications, requests, blocks and bonuses.
fn lab() -> Lab {
    let lab = Lab::open();
    lab.run(&["assignment", "approve", &assignment(0, 0), &assignment(0, 1), "--feedback", "Thanks", "--yes"], 0);
    lab.run(&["assignment", "reject", &assignment(1, 0), "--feedback", "Empty", "--yes"], 0);
    lab.run(&["assignment", "bonus", &assignment(0, 0), "--amount", "0.50", "--reason", "Fast", "--yes"], 0);
    let trained = lab.qualification("trained", &[]);
    lab.run(&["qual", "grant", &trained, "A1W0", "A1W1", "A1W2", "--score", "80", "--yes"], 0);
    lab.run(&["qual", "revoke", &trained, "A1W2", "--reason", "Mistake", "--yes"], 0);
    lab.ask_for(&trained, "A1W4");
    lab.run(&["worker", "block", "A1W3", "--reason", "Bots", "--yes"], 0);
    lab
}

fn archive(lab: &Lab) -> PathBuf {
    let path = lab.home.path().join("archive");
    lab.run(&["archive", path.to_str().unwrap()], 0);
    path
}

fn records(path: &Path, file: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(path.join(file)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_whole_account_is_in_it() {
    let lab = lab();
    let path = lab.home.path().join("archive");
    let made = &lab.json(&["archive", path.to_str().unwrap()], 0);
    let count = |name: &str| made[name].as_u64().unwrap() as usize;
    assert_eq!((count("HITs"), count("Assignments"), count("BonusPayments")), (HITS, HITS * WORKERS, 1), "{made}");
    assert_eq!((count("Qualifications"), count("QualificationRequests"), count("WorkerBlocks")), (3, 1, 1));
    let hits = records(&path, "hits.jsonl");
    assert!(hits.iter().all(|hit| hit["Question"].as_str().unwrap().contains("Text")));
    let statuses: Vec<String> =
        records(&path, "assignments.jsonl").iter().map(|it| it["AssignmentStatus"].as_str().unwrap().into()).collect();
    let of = |status: &str| statuses.iter().filter(|it| *it == status).count();
    assert_eq!((of("Approved"), of("Rejected"), of("Submitted")), (2, 1, HITS * WORKERS - 3));
    assert_eq!(records(&path, "bonus_payments.jsonl")[0]["Reason"], "Fast");
    let held = records(&path, "qualifications.jsonl");
    let revoked: Vec<_> = held.iter().filter(|it| it["Status"] == "Revoked").map(|it| &it["WorkerId"]).collect();
    assert_eq!(revoked, ["A1W2"]);
    assert_eq!(records(&path, "worker_blocks.jsonl")[0]["Reason"], "Bots");
    assert_eq!(records(&path, "hit_types.jsonl").len(), 1);
    assert!(records(&path, "balance.jsonl")[0]["AvailableBalance"].is_string());
    let manifest: Value = serde_json::from_slice(&std::fs::read(path.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["format"], "hitdeck-archive");
    assert!(manifest["missing"].as_array().unwrap().iter().any(|it| it["what"].as_str().unwrap().contains("messages")));
    assert_eq!(manifest["soonest_gone"].as_array().unwrap().len(), HITS);
}

/// The records of a file without their order: a market lists newest HITs first, and blocks as they came.
fn sorted(path: &Path, file: &str) -> Vec<String> {
    let mut lines: Vec<String> = std::fs::read_to_string(path.join(file)).unwrap().lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

#[test]
fn a_market_started_from_it_is_the_account() {
    let lab = lab();
    let path = archive(&lab);
    let own = Lab::empty();
    let said = own.take_over(&path);
    assert!(
        said.contains("1 qualification types, 3 qualifications, 1 requests, 1 blocks, 4 HITs, 20 assignments"),
        "{said}"
    );
    let again = own.home.path().join("again");
    own.run(&["archive", again.to_str().unwrap()], 0);
    for file in [
        "hit_types.jsonl",
        "hits.jsonl",
        "assignments.jsonl",
        "bonus_payments.jsonl",
        "qualification_types.jsonl",
        "qualifications.jsonl",
        "qualification_requests.jsonl",
        "worker_blocks.jsonl",
    ] {
        assert_eq!(sorted(&path, file), sorted(&again, file), "{file}");
    }
    // Money: what can be spent is what it was, and the undecided work is held.
    let balance = own.json(&["balance"], 0);
    assert_eq!(balance["AvailableBalance"], "10000.00", "{balance}");
    assert!(own.paid("reward").is_empty() && own.paid("bonus").is_empty());
    // Scripts go on: the same IDs, and what is done now stays when the market is started again with the same archive.
    let trained = records(&path, "qualification_types.jsonl")[0]["QualificationTypeId"].as_str().unwrap().to_owned();
    own.run(&["worker", "unblock", "A1W3", "--yes"], 0);
    own.run(&["qual", "grant", &trained, "A1W0", "--score", "95", "--yes"], 0);
    let said = own.take_over(&path);
    assert!(said.contains("was taken over before and was left alone"), "{said}");
    assert_eq!(own.json(&["worker", "blocked"], 0), serde_json::json!([]));
    assert!(own.scores(&trained).contains(&("A1W0".to_owned(), 95)));
}

#[test]
fn a_damaged_archive_is_not_taken_over() {
    let lab = lab();
    let path = archive(&lab);
    let file = path.join("qualifications.jsonl");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("80", "81")).unwrap();
    let name = path.to_str().unwrap();
    let serve = ["market", "serve", "--memory", "--listen", "127.0.0.1:0", "--import", name];
    let (_, err) = lab.run(&serve, 1);
    assert!(
        err.contains("qualifications.jsonl: its hash is not that of the manifest") && err.contains("Nothing was"),
        "{err}"
    );
}

#[test]
fn nobody_else_can_read_it() {
    let lab = lab();
    let path = archive(&lab);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o700);
    let files: Vec<_> = std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 11, "{files:?}");
    assert!(files.iter().all(|file| mode(file) == 0o600), "{files:?}");
}

#[test]
fn two_archives_of_an_unchanged_account_are_the_same_byte_for_byte() {
    let lab = lab();
    let first = archive(&lab);
    let second = lab.home.path().join("again");
    lab.run(&["archive", second.to_str().unwrap()], 0);
    for entry in std::fs::read_dir(&first).unwrap() {
        let name = entry.unwrap().file_name();
        if name != "manifest.json" {
            assert_eq!(
                std::fs::read(first.join(&name)).unwrap(),
                std::fs::read(second.join(&name)).unwrap(),
                "{name:?}"
            );
        }
    }
}

#[test]
fn it_is_verified_against_itself_and_the_service() {
    let lab = lab();
    let path = archive(&lab);
    let name = path.to_str().unwrap();
    let (out, err) = lab.run(&["archive", name, "--verify"], 0);
    assert!(err.contains("as they were written") && err.contains("the service says the same"), "{out}{err}");

    lab.run(&["assignment", "approve", &assignment(2, 0), "--yes"], 0);
    lab.run(&["worker", "unblock", "A1W3", "--yes"], 0);
    lab.run(&["worker", "block", "A1W1", "--reason", "Late", "--yes"], 0);
    let changed = lab.json(&["archive", name, "--verify"], 6);
    let changed: Vec<[String; 3]> = changed
        .as_array()
        .unwrap()
        .iter()
        .map(|it| ["Kind", "ID", "Change"].map(|name| it[name].as_str().unwrap().to_owned()))
        .filter(|it| it[0] != "AccountBalance")
        .collect();
    let expected = [
        ["HITs", "3HIT2", "changed"],
        ["Assignments", &assignment(2, 0), "changed"],
        ["WorkerBlocks", "A1W1", "new"],
        ["WorkerBlocks", "A1W3", "gone"],
    ];
    assert_eq!(changed, expected.map(|row| row.map(str::to_owned)));
    // An archive that is whole is left alone.
    let (_, err) = lab.run(&["archive", name], 0);
    assert!(err.contains("is complete since") && err.contains("--verify"), "{err}");
}

#[test]
fn a_damaged_file_is_named() {
    let lab = lab();
    let path = archive(&lab);
    let name = path.to_str().unwrap();
    let verify = |code| {
        // Without an account, as after it was closed.
        let mut command = lab.hitdeck(&["archive", name, "--verify", "--offline"]);
        command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
        super::lab::ran(&mut command, code).1
    };
    verify(0);
    let damage = |file: &str, change: &dyn Fn(Vec<u8>) -> Option<Vec<u8>>, expected: &str| {
        let place = path.join(file);
        let before = std::fs::read(&place).unwrap();
        match change(before.clone()) {
            Some(after) => std::fs::write(&place, after).unwrap(),
            None => std::fs::remove_file(&place).unwrap(),
        }
        let said = verify(1);
        assert!(said.contains(expected), "{said}");
        std::fs::write(&place, before).unwrap();
    };
    let flip = |mut bytes: Vec<u8>| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        Some(bytes)
    };
    damage("assignments.jsonl", &flip, "assignments.jsonl: its hash is not that of the manifest");
    damage("hits.jsonl", &|bytes| Some(bytes[..bytes.len() - 20].to_vec()), "hits.jsonl, line 4: it cannot be read");
    damage("worker_blocks.jsonl", &|_| None, "worker_blocks.jsonl: it cannot be read: No such file");
    damage("qualifications.jsonl", &|_| Some(Vec::new()), "the manifest says 3 records in ");
    let newer =
        |bytes: Vec<u8>| Some(String::from_utf8(bytes).unwrap().replace("\"version\": 1", "\"version\": 2").into());
    damage("manifest.json", &newer, "manifest.json has format version 2, and this program knows versions up to 1");
    damage("manifest.json", &|_| None, "holds no archive");
    damage("manifest.json", &|_| Some(b"{}".to_vec()), "is not the manifest of an archive");
    verify(0);
}

#[test]
fn an_archive_of_another_account_is_not_touched() {
    let (lab, other) = (lab(), Lab::open());
    let path = archive(&lab);
    let name = path.to_str().unwrap();
    for arguments in [&["archive", name][..], &["archive", name, "--verify"]] {
        let (_, err) = other.run(arguments, 1);
        assert!(err.contains("holds the archive of account") && err.contains(&other.market.endpoint), "{err}");
    }
    let occupied = lab.home.path().join("papers");
    std::fs::create_dir(&occupied).unwrap();
    std::fs::write(occupied.join("thesis.tex"), "x").unwrap();
    let (_, err) = lab.run(&["archive", occupied.to_str().unwrap()], 1);
    assert!(err.contains("is not empty and holds no archive"), "{err}");
    assert_eq!(std::fs::read_dir(&occupied).unwrap().count(), 1);
}

#[test]
fn it_opens_as_an_account_without_an_endpoint_and_comes_out_as_it_went_in() {
    let lab = lab();
    let path = archive(&lab);
    let trained = records(&path, "qualification_types.jsonl")[0]["QualificationTypeId"].as_str().unwrap().to_owned();
    let home = tempfile::TempDir::new().unwrap();
    let offline = |arguments: &[&str], code: i32| {
        let mut command = super::lab::hitdeck_in(home.path());
        super::lab::ran(command.args(arguments), code)
    };
    let json = |arguments: &[&str]| -> Value {
        serde_json::from_str(&offline(&[arguments, &["-o", "json", "--env", "offline:old"]].concat(), 0).0).unwrap()
    };
    let (out, _) = offline(&["import", path.to_str().unwrap(), "--as", "old", "-o", "json"], 0);
    let done: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&done["Assignments"], &done["Undecided"]), (&20.into(), &17.into()), "{done}");
    let hit = &json(&["hit", "show", "3HIT1"])[0];
    assert!(hit["Question"].as_str().unwrap().contains("Text 1") && hit["PurgeTime"].is_string(), "{hit}");
    assert_eq!(json(&["assignment", "list", "--where", "status:rejected"]).as_array().unwrap().len(), 1);
    assert_eq!(json(&["qual", "list"])[0]["Name"], "trained");
    let holders = json(&["qual", "holders", &trained]);
    let of = |worker: &str| {
        holders.as_array().unwrap().iter().find(|it| it["WorkerId"] == worker).unwrap()["IntegerValue"].clone()
    };
    assert_eq!((of("A1W0"), of("A1W1")), (80.into(), 80.into()), "{holders}");
    assert_eq!(json(&["qual", "requests", "list"]).as_array().unwrap().len(), 1);
    assert_eq!(json(&["worker", "blocked"])[0]["WorkerId"], "A1W3");
    // What came in goes out, to the last byte.
    let out = home.path().join("out");
    offline(&["archive", out.to_str().unwrap(), "--env", "offline:old"], 0);
    for entry in std::fs::read_dir(&path).unwrap() {
        let name = entry.unwrap().file_name();
        assert_eq!(std::fs::read(path.join(&name)).unwrap(), std::fs::read(out.join(&name)).unwrap(), "{name:?}");
    }
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&out), mode(&out.join("hits.jsonl"))), (0o700, 0o600));
    let (_, err) = offline(&["archive", out.to_str().unwrap(), "--verify", "--env", "offline:old"], 0);
    assert!(err.contains("as they were written"), "{err}");
    // A damaged one is not imported.
    std::fs::write(path.join("worker_blocks.jsonl"), "{}\n").unwrap();
    let (_, err) = offline(&["import", path.to_str().unwrap(), "--as", "new"], 1);
    assert!(err.contains("worker_blocks.jsonl") && err.contains("nothing was imported"), "{err}");
}
