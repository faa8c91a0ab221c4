//! Configuration, from the outside.

use super::lab::{Lab, hitdeck_in, ran};
use tempfile::TempDir;

fn with_config(text: &str, arguments: &[&str], code: i32) -> (String, String) {
    let home = TempDir::new().unwrap();
    let folder = home.path().join(".config/hitdeck");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("config.toml"), text).unwrap();
    ran(hitdeck_in(home.path()).args(arguments), code)
}

#[test]
fn a_typing_error_is_shown_with_line_column_and_the_nearest_name() {
    for arguments in [&["config", "check"][..], &["balance"], &["keys"], &["assignment", "list"]] {
        let (out, err) = with_config("[review]\ngarce = \"5s\"\n", arguments, 3);
        assert_eq!(out, "");
        assert!(err.contains("config.toml:2:1: unknown key `garce`: did you mean `grace`?"), "{err}");
    }
}

#[test]
fn keys_are_checked_against_the_command_table() {
    let (_, err) = with_config("[keys]\naprove = \"p\"\n", &["config", "check"], 3);
    assert!(err.contains("config.toml:2:10: there is no command \"aprove\"; did you mean \"approve\"?"), "{err}");
    let (_, err) = with_config("[keys]\napprove = \"r\"\n", &["keys"], 3);
    assert!(err.contains("\"approve\"") && err.contains("\"reject\""), "{err}");
    let (out, _) = with_config("[keys]\napprove = [\"p\", \"<ctrl-a>\"]\n", &["keys", "-o", "jsonl"], 0);
    assert!(out.contains(r#"{"Command":"approve","Keys":"p <ctrl-a>""#), "{out}");
}

#[test]
fn two_environments_at_once_are_an_error() {
    let lab = Lab::empty();
    let (_, err) = lab.run(&["--env", "production", "balance"], 3);
    assert!(err.contains("--env production means https://mturk-requester.us-east-1.amazonaws.com"), "{err}");
    assert!(err.contains("AWS_ENDPOINT_URL_MTURK says http://127.0.0.1:"), "{err}");
    lab.run(&["balance", "--endpoint", &lab.market.endpoint, "--env", "sandbox"], 3);
    let config = lab.home.path().join("lab.toml");
    std::fs::write(&config, format!("env = \"lab\"\n[env.lab]\nendpoint = \"{}\"\n", lab.market.endpoint)).unwrap();
    lab.run(&["--config", config.to_str().unwrap(), "--env", "lab", "balance"], 0);
}

#[test]
fn an_environment_of_the_file_needs_no_variable() {
    let lab = Lab::empty();
    let config = lab.home.path().join("lab.toml");
    std::fs::write(&config, format!("env = \"lab\"\n[env.lab]\nendpoint = \"{}\"\n", lab.market.endpoint)).unwrap();
    let mut command = lab.hitdeck(&["--config", config.to_str().unwrap(), "config", "check", "-o", "json"]);
    let (out, err) = ran(command.env_remove("AWS_ENDPOINT_URL_MTURK"), 0);
    let checked: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&checked["Environment"], &checked["Danger"]), (&"lab".into(), &"play".into()));
    assert!(err.contains("lab.toml: good"), "{err}");
}

#[test]
fn a_configuration_that_was_named_must_be_there() {
    let home = TempDir::new().unwrap();
    let (_, err) = ran(hitdeck_in(home.path()).args(["--config", "/nowhere/x.toml", "config", "check"]), 3);
    assert!(err.contains("cannot read /nowhere/x.toml"), "{err}");
    let (out, _) = ran(hitdeck_in(home.path()).args(["config", "path"]), 0);
    assert_eq!(out, format!("{}\n", home.path().join(".config/hitdeck/config.toml").display()));
}

#[test]
fn the_schema_is_json() {
    let home = TempDir::new().unwrap();
    let (out, _) = ran(hitdeck_in(home.path()).args(["config", "schema"]), 0);
    let schema: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(schema["properties"]["review"].is_object());
}

#[test]
fn data_and_logs_belong_to_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let lab = Lab::open();
    lab.run(&["assignment", "approve", &super::lab::assignment(0, 0), "--yes", "-vv"], 0);
    let mut open = vec![lab.home.path().join(".local/share/hitdeck"), lab.home.path().join(".local/state/hitdeck")];
    let mut files = 0;
    while let Some(path) = open.pop() {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        if path.is_dir() {
            assert_eq!(mode, 0o700, "{}", path.display());
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            assert_eq!(mode, 0o600, "{}", path.display());
            files += 1;
            let bytes = std::fs::read(&path).unwrap();
            let secret = lab.market.secret_access_key.as_bytes();
            assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{} holds the secret", path.display());
            if path.extension().is_some_and(|end| end == "log") {
                assert!(!String::from_utf8_lossy(&bytes).contains("Comment"), "{} holds an answer", path.display());
            }
        }
    }
    assert!(files >= 2);
}
