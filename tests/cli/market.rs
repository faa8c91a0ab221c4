//! `hitdeck market` as a process: its ready line is all that a program needs.

use super::lab::{hitdeck_in, ran};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A market of its own process, killed when it is dropped.
pub struct Served(pub Child);

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A market of its own process, when it is ready, with its ready line.
pub fn serve(home: &TempDir, arguments: &[&str]) -> (Served, serde_json::Value) {
    serve_as(Command::new(assert_cmd::cargo::cargo_bin("hitdeck")), home, arguments)
}

/// The same with a command that becomes the program.
pub fn serve_as(mut program: Command, home: &TempDir, arguments: &[&str]) -> (Served, serde_json::Value) {
    let mut child = Served(
        program
            .args(["market", "serve", "--listen", "127.0.0.1:0", "-o", "json"])
            .args(arguments)
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", "/usr/bin:/bin")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let mut line = String::new();
    BufReader::new(child.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready = serde_json::from_str(&line).unwrap();
    (child, ready)
}

#[test]
fn the_ready_line_is_enough_to_use_a_market() {
    let home = TempDir::new().unwrap();
    let (mut child, ready) = serve(&home, &["--memory", "--balance", "12.34"]);
    let text = |name: &str| ready[name].as_str().unwrap();
    assert_eq!(text("worker_site"), format!("{}/", text("endpoint")));
    let mut command = hitdeck_in(home.path());
    command
        .env("AWS_ENDPOINT_URL", text("endpoint"))
        .env("AWS_ACCESS_KEY_ID", text("access_key_id"))
        .env("AWS_SECRET_ACCESS_KEY", text("secret_access_key"));
    let (out, _) = ran(command.args(["balance", "-o", "jsonl"]), 0);
    assert!(out.contains(r#""AvailableBalance":"12.34""#), "{out}");
    let pid = child.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert_eq!(child.0.wait().unwrap().code(), Some(0));
}

#[test]
fn requesters_are_added_to_the_data_of_a_running_market() {
    let home = TempDir::new().unwrap();
    let data = home.path().join("market");
    let data = data.to_str().unwrap();
    let (_child, _ready) = serve(&home, &["--data", data]);
    let add = ["market", "requester", "add", "ada", "--balance", "5.00", "--data", data, "-o", "json"];
    let (out, _) = ran(hitdeck_in(home.path()).args(add), 0);
    let added: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(added["name"], "ada");
    assert!(added["secret_access_key"].as_str().unwrap().len() > 20);
    ran(hitdeck_in(home.path()).args(add), 1);
    let (out, _) = ran(hitdeck_in(home.path()).args(["market", "requester", "list", "--data", data]), 0);
    assert!(out.contains("ada"), "{out}");
}

#[test]
fn accounts_are_looked_after_beside_a_running_market() {
    let home = TempDir::new().unwrap();
    let data = home.path().join("market");
    let data = data.to_str().unwrap();
    let (_child, ready) = serve(&home, &["--data", data]);
    let requester = |words: &str, code: i32| {
        let words = words.split(' ').chain(["--data", data, "-o", "json"]);
        ran(hitdeck_in(home.path()).args(["market", "requester"]).args(words), code)
    };
    let json = |words: &str| serde_json::from_str::<serde_json::Value>(&requester(words, 0).0).unwrap();
    let balance = |account: &serde_json::Value, code: i32| {
        let mut command = hitdeck_in(home.path());
        command
            .env("AWS_ENDPOINT_URL", ready["endpoint"].as_str().unwrap())
            .env("AWS_ACCESS_KEY_ID", account["access_key_id"].as_str().unwrap())
            .env("AWS_SECRET_ACCESS_KEY", account["secret_access_key"].as_str().unwrap());
        ran(command.args(["balance", "-o", "json"]), code).0
    };
    let first = json("add ada --balance 5.00 --rate 50");
    assert_eq!(json("deposit ada 2.50")["available"], "7.50");
    assert_eq!(json("withdraw ada --amount 7")["available"], "0.50");
    let (_, err) = requester("withdraw ada 0.51", 1);
    assert!(err.contains("$0.50 available"), "{err}");
    assert_eq!(json("limit ada --open-hits 3")["open_hits"], 3);
    assert!(balance(&first, 0).contains("0.50"));
    let second = json("key ada");
    assert_eq!(json(&format!("revoke {}", first["access_key_id"].as_str().unwrap()))["keys"], 1);
    balance(&first, 4);
    assert!(balance(&second, 0).contains("0.50"));
    assert_eq!(json("revoke ada")["keys"], 0);
    balance(&second, 4);
    let list = json("list");
    assert_eq!(
        (&list[1]["name"], &list[1]["available"], &list[1]["rate"]),
        (&"ada".into(), &"0.50".into(), &().into())
    );
    requester("deposit nobody 1", 1);
    requester("deposit ada", 2);
    let csv = ["market", "requester", "list", "--data", data, "-o", "csv"];
    let (out, _) = ran(hitdeck_in(home.path()).args(csv), 0);
    assert!(out.starts_with("name,access_key_id,available,on_hold,keys,rate,open_hits"), "{out}");
}

#[test]
fn a_backup_of_a_running_market_is_restored_elsewhere() {
    let home = TempDir::new().unwrap();
    let place = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    let (data, target, other) = (place("market"), place("backup"), place("other"));
    let (_child, ready) = serve(&home, &["--data", &data]);
    let (out, err) = ran(hitdeck_in(home.path()).args(["market", "backup", &target, "--data", &data, "-o", "json"]), 0);
    let made: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&made["with_key"], made["folder"].as_str()), (&true.into(), Some(target.as_str())));
    assert!(err.contains("can sign as any requester"), "{err}");
    let (_, err) = ran(hitdeck_in(home.path()).args(["market", "restore", &target, "--data", &data]), 1);
    assert!(err.contains("is served by another process"), "{err}");
    ran(hitdeck_in(home.path()).args(["market", "restore", &target, "--data", &other]), 0);
    let (_child, again) = serve(&home, &["--data", &other]);
    assert_eq!(again["secret_access_key"], ready["secret_access_key"]);
}
