//! Deciding: once, with guards, and never by accident.

use super::lab::{HITS, Lab, assignment};
use std::io::Write;

#[test]
fn an_approval_pays_once_and_a_second_one_does_nothing() {
    let lab = Lab::open();
    let id = assignment(0, 0);
    let done = lab.json(&["assignment", "approve", &id, "--feedback", "Thank you"], 0);
    assert_eq!(
        (&done[0]["AssignmentId"], &done[0]["Decision"], &done[0]["State"]),
        (&id.as_str().into(), &"approve".into(), &"done".into())
    );
    assert_eq!((&done[0]["Reward"], &done[0]["Fee"]), (&"0.05".into(), &"0.01".into()));
    assert_eq!(lab.status(&id), "Approved");
    let (out, err) = lab.run(&["assignment", "approve", &id], 0);
    assert_eq!(out, "");
    assert!(err.contains("nothing to do for 1: already approved"), "{err}");
    assert_eq!(lab.paid("reward"), [id]);
}

#[test]
fn a_dry_run_says_what_it_would_do_and_sends_nothing() {
    let lab = Lab::open();
    let (out, err) = lab.run(&["assignment", "approve", "--where", "answer.label:yes", "--dry-run"], 0);
    assert_eq!(out.lines().count(), 1 + 3 * HITS);
    assert!(err.contains("approve: 12, $0.60 and $0.12 in fees"), "{err}");
    assert!(err.contains("nothing was written down or sent"), "{err}");
    lab.run(&["--dry-run", "assignment", "reject", &assignment(0, 1), "--feedback", "Empty."], 0);
    lab.run(&["hit", "expire", "3HIT0", "--dry-run"], 0);
    assert_eq!(lab.paid("reward"), Vec::<String>::new());
    assert_eq!(lab.status(&assignment(0, 1)), "Submitted");
    assert_eq!(lab.json(&["outbox", "list", "--all"], 0), serde_json::json!([]));
}

#[test]
fn read_only_decides_nothing() {
    let lab = Lab::open();
    let (_, err) = lab.run(&["--read-only", "assignment", "approve", &assignment(0, 0), "--yes"], 1);
    assert!(err.contains("read-only"), "{err}");
    assert_eq!(lab.status(&assignment(0, 0)), "Submitted");
}

#[test]
fn a_rejection_needs_a_reason() {
    let lab = Lab::open();
    let id = assignment(0, 1);
    let (_, err) = lab.run(&["assignment", "reject", &id], 2);
    assert!(err.contains("--feedback"), "{err}");
    let (_, err) = lab.run(&["assignment", "reject", &id, "--feedback", "  "], 2);
    assert!(err.contains("a rejection needs a reason"), "{err}");
    lab.run(&["assignment", "reject", &id, "--feedback", "The answer was empty."], 0);
    assert_eq!(lab.status(&id), "Rejected");
    assert_eq!(lab.json(&["assignment", "show", &id], 0)[0]["RequesterFeedback"], "The answer was empty.");
}

#[test]
fn a_rejection_is_reversed_by_an_override_only() {
    let lab = Lab::open();
    let id = assignment(0, 1);
    lab.run(&["assignment", "reject", &id, "--feedback", "Wrong."], 0);
    let (_, err) = lab.run(&["assignment", "approve", &id], 6);
    assert!(err.contains("already rejected; an override reverses that"), "{err}");
    lab.run(&["assignment", "approve", &id, "--override"], 0);
    assert_eq!(lab.status(&id), "Approved");
    let (_, err) = lab.run(&["assignment", "reject", &id, "--feedback", "Wrong."], 6);
    assert!(err.contains(&format!("{id}: already approved")), "{err}");
    assert_eq!(lab.paid("reward"), [id]);
}

#[test]
fn what_a_query_finds_is_not_decided_without_a_yes() {
    let lab = Lab::open();
    let (_, err) = lab.run(&["assignment", "approve", "--where", "worker:A1W0"], 2);
    assert!(err.contains("approve: 4, $0.20") && err.contains("--yes"), "{err}");
    assert_eq!(lab.paid("reward"), Vec::<String>::new());
    lab.run(&["assignment", "approve", "--where", "worker:A1W0", "--yes"], 0);
    assert_eq!(lab.paid("reward").len(), HITS);
}

#[test]
fn the_money_guard_asks_over_its_sum() {
    let lab = Lab::open();
    let config = lab.home.path().join("config.toml");
    std::fs::write(&config, "[review]\nconfirm_over = { sum = \"0.10\" }\n").unwrap();
    let config = config.to_str().unwrap();
    let ids = [assignment(0, 0), assignment(0, 2)];
    let (_, err) = lab.run(&["--config", config, "assignment", "approve", &ids[0], &ids[1]], 2);
    assert!(err.contains("$0.12 together") && err.contains("--yes"), "{err}");
    assert_eq!(lab.paid("reward"), Vec::<String>::new());
    lab.run(&["--config", config, "assignment", "approve", &ids[0]], 0);
    lab.run(&["--config", config, "assignment", "approve", &ids[0], &ids[1], "--yes"], 0);
    assert_eq!(lab.paid("reward").len(), 2);
}

#[test]
fn the_reject_brake_stops_a_mass_rejection() {
    let lab = Lab::open();
    let all = ["assignment", "reject", "--where", "batch:pilot", "--feedback", "Nonsense."];
    let (_, err) = lab.run(&all, 2);
    assert!(err.contains("mass rejection") && err.contains("batch pilot: 20 of 20"), "{err}");
    let ids = lab.home.path().join("ids.txt");
    let mut file = std::fs::File::create(&ids).unwrap();
    for worker in 0..5 {
        for hit in 0..HITS {
            writeln!(file, "{}", assignment(hit, worker)).unwrap();
        }
    }
    let by_file = ["assignment", "reject", "--ids", ids.to_str().unwrap(), "--feedback", "Nonsense."];
    let (_, err) = lab.run(&by_file, 2);
    assert!(err.contains("mass rejection"), "{err}");
    assert_eq!(lab.status(&assignment(0, 0)), "Submitted");
    lab.run(&[&all[..], &["--yes"]].concat(), 0);
    assert_eq!(lab.status(&assignment(0, 0)), "Rejected");
}

#[test]
fn evidence_rejects_nobody() {
    let lab = Lab::open();
    let (_, err) = lab.run(&["assignment", "reject", "--where", "time<31s", "--feedback", "Too fast.", "--yes"], 2);
    assert!(err.contains("evidence sorts and explains"), "{err}");
    lab.run(&["assignment", "approve", "--where", "time<31s", "--yes"], 0);
    assert_eq!(lab.paid("reward").len(), HITS);
}

#[test]
fn a_bonus_is_paid_with_its_reason() {
    let lab = Lab::open();
    let id = assignment(3, 2);
    let done = lab.json(&["assignment", "bonus", &id, "--amount", "0.50", "--reason", "Careful work"], 0);
    assert_eq!(
        (&done[0]["State"], &done[0]["BonusAmount"], &done[0]["Fee"]),
        (&"done".into(), &"0.50".into(), &"0.10".into())
    );
    assert_eq!(lab.paid("bonus"), std::slice::from_ref(&id));
    let (_, err) = lab.run(&["assignment", "bonus", &id, "--amount", "0.505", "--reason", "x"], 2);
    assert!(err.contains("not an amount in dollars"), "{err}");
    let (_, err) = lab.run(&["assignment", "bonus", &id, "--amount", "500", "--reason", "x"], 2);
    assert!(err.contains("bonus_limit"), "{err}");
    let (_, err) = lab.run(&["assignment", "bonus", &id, "--amount", "1", "--reason", " "], 2);
    assert!(err.contains("a bonus needs a reason"), "{err}");
}

#[test]
fn files_of_ids_are_read_and_errors_name_the_line() {
    let lab = Lab::open();
    let ids = lab.home.path().join("ids.txt");
    std::fs::write(&ids, format!("{}\n\n{}\n", assignment(0, 0), assignment(1, 0))).unwrap();
    let ids = ids.to_str().unwrap();
    lab.run(&["assignment", "approve", "--ids", ids], 0);
    assert_eq!(lab.paid("reward").len(), 2);
    let mut command = lab.hitdeck(&["assignment", "approve", "--ids", "-"]);
    super::lab::ran(command.write_stdin(assignment(2, 0)), 0);
    assert_eq!(lab.paid("reward").len(), 3);
    std::fs::write(ids, "3GOOD\nbad id\n").unwrap();
    let (_, err) = lab.run(&["assignment", "approve", "--ids", ids], 2);
    assert!(err.contains("ids.txt:2: \"bad id\" is not a assignment ID"), "{err}");
    let (_, err) = lab.run(&["assignment", "approve"], 2);
    assert!(err.contains("which assignments?"), "{err}");
}

#[test]
fn some_that_fail_are_named_and_the_others_are_done() {
    let lab = Lab::open();
    let (out, err) = lab.run(&["assignment", "approve", "3NOSUCHASSIGNMENT", &assignment(0, 0)], 6);
    assert!(err.contains("3NOSUCHASSIGNMENT: not in this account"), "{err}");
    assert!(out.contains("done"), "{out}");
    assert_eq!(lab.paid("reward"), [assignment(0, 0)]);
}
