//! Help, completions, manual pages, and usage errors.

use super::lab::{hitdeck_in, ran};
use tempfile::TempDir;

fn hitdeck(arguments: &[&str], code: i32) -> (String, String) {
    let home = TempDir::new().unwrap();
    ran(hitdeck_in(home.path()).args(arguments), code)
}

#[test]
fn help_names_every_command_and_goes_to_stdout() {
    let (out, err) = hitdeck(&["help"], 0);
    for command in
        ["demo", "market", "balance", "hit", "assignment", "outbox", "sync", "keys", "config", "doctor", "gen"]
    {
        assert!(out.lines().any(|line| line.trim_start().starts_with(command)), "{command}: {out}");
    }
    assert!(out.contains("5 decisions left unsent"), "{out}");
    assert_eq!(err, "");
    assert!(hitdeck(&["assignment", "reject", "--help"], 0).0.contains("--feedback <TEXT>"));
    assert!(hitdeck(&["--version"], 0).0.starts_with("hitdeck 0."));
}

#[test]
fn what_is_no_command_is_a_usage_error() {
    let (out, err) = hitdeck(&["asignment", "list"], 2);
    assert_eq!(out, "");
    assert!(err.contains("assignment"), "{err}");
    hitdeck(&["-o", "xml", "balance"], 2);
    hitdeck(&["assignment", "approve", "not-an-id"], 2);
    hitdeck(&["assignment", "approve", "3A", "--where", "x"], 2);
}

#[test]
fn completions_and_manual_pages_are_made() {
    for (shell, mark) in [("bash", "_hitdeck"), ("zsh", "#compdef hitdeck"), ("fish", "complete -c hitdeck")] {
        assert!(hitdeck(&["gen", "completions", shell], 0).0.contains(mark), "{shell}");
    }
    assert!(hitdeck(&["gen", "man"], 0).0.contains(".TH hitdeck"));
    let folder = TempDir::new().unwrap();
    hitdeck(&["gen", "man", folder.path().to_str().unwrap()], 0);
    assert!(folder.path().join("hitdeck-assignment-approve.1").exists());
}

#[test]
fn without_a_terminal_the_desk_points_at_the_subcommands() {
    let home = TempDir::new().unwrap();
    for arguments in [&[][..], &["demo"]] {
        let (out, err) = ran(hitdeck_in(home.path()).args(arguments), 2);
        assert_eq!(out, "");
        assert!(err.contains("hitdeck assignment list"), "{err}");
    }
}

#[test]
fn an_import_that_does_not_exist_is_named() {
    let (_, err) = hitdeck(&["market", "serve", "--memory", "--listen", "127.0.0.1:0", "--import", "/nowhere.csv"], 1);
    assert!(err.contains("/nowhere.csv"), "{err}");
}
