//! `--read-only`: every subcommand about workers, qualifications and requirements that would change something is refused, with
//! the reason. The list of subcommands is the program's own, so that a new one cannot be forgotten here.

use super::lab::Lab;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The subcommands that the help of a command lists.
fn subcommands(lab: &Lab, command: &[&str]) -> Vec<String> {
    let (help, _) = lab.run(&[command, &["--help"]].concat(), 0);
    let Some((_, after)) = help.split_once("\nCommands:\n") else { return Vec::new() };
    let lines = after.lines().take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next().filter(|name| !name.is_empty()));
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

/// All of them, down to the last level, with the words that lead there.
fn leaves(lab: &Lab, command: &[&str]) -> BTreeSet<String> {
    let all = subcommands(lab, command);
    if all.is_empty() {
        return BTreeSet::from([command.join(" ")]);
    }
    all.iter().flat_map(|name| leaves(lab, &[command, &[name.as_str()]].concat())).collect()
}

/// What of the account these commands could have changed.
fn account(lab: &Lab) -> Value {
    let of = |command: &[&str]| lab.json(command, 0);
    json!([
        of(&["worker", "blocked"]),
        of(&["qual", "list"]),
        of(&["qual", "holders", "Skill", "--revoked"]),
        of(&["qual", "requests", "list"]),
        of(&["outbox", "list", "--all"]),
        lab.paid("bonus"),
        of(&["hit", "list"]).as_array().unwrap().len(),
    ])
}

#[test]
fn whatever_changes_something_is_refused_with_the_reason() {
    let lab = Lab::open();
    let skill = lab.qualification("Skill", &[]);
    lab.run(&["qual", "grant", "Skill", "A1W3", "A1W4", "--score", "9"], 0);
    lab.run(&["qual", "revoke", "Skill", "A1W4", "--reason", "x"], 0);
    lab.run(&["worker", "block", "A1W2", "--reason", "x"], 0);
    lab.ask_for(&skill, "A1ASKS");
    let asked = lab.json(&["qual", "requests", "list"], 0)[0]["QualificationRequestId"].as_str().unwrap().to_owned();
    let scores = lab.file("scores.csv", "A1W0,5\n");
    let bonuses = lab.file("bonuses.csv", "WorkerId,Amount,Reason\nA1W0,1,x\n");
    let workers = lab.file("workers.csv", "Worker ID,UPDATE-Skill,UPDATE-BlockStatus\nA1W0,5,Block\n");
    let answers = lab.file("answers.csv", &format!("QualificationRequestId,score\n{asked},5\n"));
    let text = super::require::SPEC;
    let batch = lab.file("batch.toml", text);
    let acting: &[&[&str]] = &[
        &["worker", "block", "A1W1", "--reason", "x"],
        &["worker", "unblock", "A1W2"],
        &["worker", "notify", "A1W1", "--subject", "x", "--text", "y"],
        &["worker", "bonus", "A1W1", "--amount", "1", "--reason", "x"],
        &["worker", "bonus", "--file", &bonuses],
        &["worker", "import", &workers],
        &["worker", "exclude", "A1W1", "--qual", "Skill"],
        &["worker", "exclude", "--after", "1", "--qual", "Skill"],
        &["worker", "exclude", "A1W1", "--qual", "Skill", "--require-in", &batch],
        &["worker", "pay", "A1W1", "--amount", "1"],
        &["worker", "pay", "A1W1", "--cancel"],
        &["qual", "create", "--name", "Other", "--description", "x"],
        &["qual", "update", "Skill", "--description", "x"],
        &["qual", "update", "Skill", "--status", "Inactive"],
        &["qual", "delete", "Skill"],
        &["qual", "grant", "Skill", "A1W1"],
        &["qual", "grant", "Skill", "A1W3", "--add", "1"],
        &["qual", "revoke", "Skill", "A1W3", "--reason", "x"],
        &["qual", "restore", "Skill", "A1W4"],
        &["qual", "scores", "import", &scores, "--qual", "Skill"],
        &["qual", "requests", "grant", &asked, "--score", "5"],
        &["qual", "requests", "reject", &asked, "--reason", "x"],
        &["qual", "requests", "import", &answers],
        &["batch", "require", &batch, "Skill", ">=", "5"],
    ];
    let reading: &[&[&str]] = &[
        &["worker", "list"],
        &["worker", "show", "A1W0"],
        &["worker", "blocked"],
        &["worker", "export"],
        &["worker", "duplicates", "--field", "label"],
        &["qual", "list"],
        &["qual", "show", "Skill"],
        &["qual", "holders", "Skill"],
        &["qual", "scores", "export", "--qual", "Skill"],
        &["qual", "requests", "list"],
    ];
    let before = account(&lab);
    for command in acting {
        let (out, err) = lab.run(&[command, &["--read-only", "--yes"][..]].concat(), 1);
        assert!(err.contains("read-only"), "{command:?}: {err}");
        assert_eq!(out, "", "{command:?}");
    }
    for command in reading {
        lab.run(&[command, &["--read-only"][..]].concat(), 0);
    }
    assert_eq!(account(&lab), before);
    assert_eq!(std::fs::read_to_string(&batch).unwrap(), text);

    let words = |command: &&[&str]| command.join(" ") + " ";
    let tried: Vec<String> = acting.iter().chain(reading).map(words).collect();
    let all: BTreeSet<String> = ["worker", "qual"].into_iter().flat_map(|noun| leaves(&lab, &[noun])).collect();
    assert!(all.len() > 20 && all.contains("qual requests import"), "{all:?}");
    let forgotten: Vec<_> =
        all.iter().filter(|leaf| !tried.iter().any(|words| words.starts_with(&format!("{leaf} ")))).collect();
    assert_eq!(forgotten, Vec::<&String>::new(), "add them to one of the lists above");
}
