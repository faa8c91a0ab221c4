//! `hitdeck market` as a process: its ready line is all that a program needs.

use super::lab::{hitdeck_in, ran};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A market of its own process, when it is ready, with its ready line.
fn serve(home: &TempDir, arguments: &[&str]) -> (Served, serde_json::Value) {
    let mut child = Served(
        Command::new(assert_cmd::cargo::cargo_bin("hitdeck"))
            .args(["market", "serve", "--listen", "127.0.0.1:0", "-o", "json"])
            .args(arguments)
            .env_clear()
            .env("HOME", home.path())
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
