//! Requests for qualifications scored by a key, answered from a file; scores that grow and come back.

use super::lab::Lab;
use serde_json::json;

const TEST: &str = include_str!("../data/qualification/test.xml");
const KEY: &str = include_str!("../data/qualification/key.xml");

/// A type with a test and no key, and three workers who took it: everything right, half of it, nothing.
fn tested() -> Lab {
    let lab = Lab::empty();
    let test = lab.file("test.xml", TEST);
    let of = lab.qualification("Basics", &["--test", &test, "--test-duration", "40m"]);
    lab.take_test(&of, "A1RIGHT", &[("battery", &["bad"]), ("words", &["love", "great"])]);
    lab.take_test(&of, "A2HALF", &[("battery", &["bad"]), ("words", &["broke"])]);
    lab.take_test(&of, "A3WRONG", &[("battery", &["good"]), ("words", &["broke"])]);
    lab
}

fn request(lab: &Lab, worker: &str) -> String {
    let list = lab.json(&["qual", "requests", "list"], 0);
    let found = list.as_array().unwrap().iter().find(|row| row["WorkerId"] == worker).unwrap();
    found["QualificationRequestId"].as_str().unwrap().to_owned()
}

#[test]
fn requests_are_granted_with_what_a_key_makes_of_each() {
    let lab = tested();
    let key = lab.file("key.xml", KEY);
    let (_, err) = lab.run(&["qual", "requests", "grant", "--qual", "Basics", "--yes"], 6);
    assert!(err.contains("no answer key scores this test: give --score or --answer-key"), "{err}");
    assert_eq!(lab.scores("Basics"), []);
    let list = lab.json(&["qual", "requests", "list", "--answer-key", &key], 0);
    let of = |worker: &str| list.as_array().unwrap().iter().find(|row| row["WorkerId"] == worker).unwrap();
    let value = |worker: &str| of(worker)["KeyValue"].as_i64().unwrap();
    assert_eq!([value("A1RIGHT"), value("A2HALF"), value("A3WRONG")], [100, 50, 0]);
    assert_eq!(of("A2HALF")["KeyMarks"], json!({"battery": 2, "words": 0}));
    let preview = ["qual", "requests", "grant", "--qual", "Basics", "--answer-key", &key, "--dry-run"];
    let (out, _) = lab.run(&preview, 0);
    assert!(out.contains("A2HALF asks for Basics, granted with 50"), "{out}");
    assert_eq!(lab.scores("Basics"), [], "only looked at");
    lab.run(&["qual", "requests", "grant", &request(&lab, "A2HALF"), "--answer-key", &key], 0);
    // With the key on the type, the others go by it.
    lab.run(&["qual", "update", "Basics", "--answer-key", &key], 0);
    lab.run(&["qual", "requests", "grant", "--qual", "Basics", "--yes"], 0);
    let all = [("A1RIGHT".to_owned(), 100), ("A2HALF".to_owned(), 50), ("A3WRONG".to_owned(), 0)];
    assert_eq!(lab.scores("Basics"), all);
}

#[test]
fn requests_are_scored_offline_in_a_file_looked_at_and_answered() {
    let lab = tested();
    let (out, _) = lab.run(&["qual", "requests", "list", "-o", "csv"], 0);
    assert!(out.lines().next().unwrap().ends_with(",Score,Reason"), "{out}");
    let fill = |line: &str| match line {
        line if line.contains("A1RIGHT") => line.strip_suffix(",,").unwrap().to_owned() + ",90,",
        line if line.contains("A3WRONG") => {
            line.strip_suffix(",,").unwrap().to_owned() + ",reject,Please read the text again"
        }
        line => line.to_owned(),
    };
    let filled: Vec<String> = out.lines().map(fill).collect();
    let file = lab.file("answers.csv", &filled.join("\n"));
    let (out, err) = lab.run(&["qual", "requests", "import", &file, "--dry-run"], 0);
    assert!(
        out.contains("A1RIGHT asks for Basics, granted with 90") && err.contains("1 line without a score"),
        "{out}{err}"
    );
    let (_, err) = lab.run(&["qual", "requests", "import", &file], 2);
    assert!(err.contains("--yes"), "{err}");
    lab.run(&["qual", "requests", "import", &file, "--yes"], 0);
    assert_eq!(lab.scores("Basics"), [("A1RIGHT".to_owned(), 90)]);
    assert_eq!(lab.json(&["qual", "requests", "list"], 0)[0]["WorkerId"], "A2HALF");
    let (_, err) = lab.run(&["qual", "requests", "import", &file, "--yes"], 6);
    assert!(err.contains("it may have been answered"), "{err}");
    let broken = lab.file("broken.csv", "QualificationRequestId,Score\n3A,many\n");
    let (_, err) = lab.run(&["qual", "requests", "import", &broken, "--yes"], 1);
    assert!(err.contains("broken.csv:2: \"many\" is neither a score") && err.contains("nothing was answered"), "{err}");
}

#[test]
fn scores_grow_are_taken_away_and_come_back() {
    let lab = Lab::open();
    lab.qualification("Skill", &[]);
    lab.run(&["qual", "grant", "Skill", "A1W0", "--score", "40"], 0);
    let done = lab.json(&["qual", "grant", "Skill", "A1W0", "A1W1", "--add", "5"], 0);
    assert_eq!((&done[0]["Change"], &done[1]["Change"]), (&json!("was 40, now 45"), &json!("new, now 5")));
    lab.run(&["qual", "grant", "Skill", "A1W0", "--add", "-50"], 0);
    assert_eq!(lab.scores("Skill"), [("A1W0".to_owned(), -5), ("A1W1".to_owned(), 5)]);
    lab.run(&["qual", "revoke", "Skill", "A1W0", "A1W1", "--reason", "The key was wrong"], 0);
    assert_eq!(lab.scores("Skill"), []);
    let done = lab.json(&["qual", "restore", "Skill", "A1W1"], 0);
    assert_eq!(done[0]["Change"], "was revoked, 5 again");
    let (_, err) = lab.run(&["qual", "restore", "Skill", "A1W1", "A1W2"], 0);
    assert!(err.contains("not taken away") && err.contains("never held"), "{err}");
    lab.run(&["qual", "restore", "Skill", "--yes"], 0);
    assert_eq!(lab.scores("Skill"), [("A1W0".to_owned(), -5), ("A1W1".to_owned(), 5)]);
}

/// Everybody whose work was approved is granted a qualification; the same command again grants it to those who came since.
#[test]
fn all_who_were_approved_in_a_batch_are_granted_a_qualification() {
    let lab = Lab::open();
    lab.qualification("Done well", &[]);
    lab.run(&["assignment", "approve", "--where", "worker:A1W0", "--yes"], 0);
    let grant = ["qual", "grant", "Done well", "--where", "batch:pilot status:approved", "--score", "1", "--yes"];
    lab.run(&grant, 0);
    assert_eq!(lab.scores("Done well"), [("A1W0".to_owned(), 1)]);
    lab.run(&["assignment", "approve", "--where", "worker:A1W1", "--yes"], 0);
    lab.run(&grant, 0);
    assert_eq!(lab.scores("Done well"), [("A1W0".to_owned(), 1), ("A1W1".to_owned(), 1)]);
}

#[test]
fn nothing_is_done_read_only_and_the_reason_is_said() {
    let lab = tested();
    let (test, key) = (lab.file("t.xml", TEST), lab.file("k.xml", KEY));
    let scores = lab.file("scores.csv", "A1RIGHT,5\n");
    let one = request(&lab, "A1RIGHT");
    let answers = lab.file("answers.csv", &format!("QualificationRequestId,Score\n{one},5\n"));
    lab.qualification("Plain", &[]);
    lab.run(&["qual", "requests", "grant", &request(&lab, "A3WRONG"), "--score", "7"], 0);
    let before = lab.json(&["qual", "list"], 0);
    let commands: [&[&str]; 11] = [
        &["qual", "create", "--name", "New", "--description", "x"],
        &["qual", "create", "--name", "New", "--description", "x", "--test", &test, "--test-duration", "1h"],
        &["qual", "update", "Basics", "--answer-key", &key],
        &["qual", "delete", "Plain"],
        &["qual", "grant", "Basics", "A3WRONG", "--score", "5"],
        &["qual", "grant", "Basics", "A3WRONG", "--add", "5"],
        &["qual", "revoke", "Basics", "A3WRONG", "--reason", "x"],
        &["qual", "scores", "import", &scores, "--qual", "Basics"],
        &["qual", "requests", "grant", &one, "--answer-key", &key],
        &["qual", "requests", "reject", &one, "--reason", "x"],
        &["qual", "requests", "import", &answers],
    ];
    for command in commands {
        let (_, err) = lab.run(&[command, &["--read-only", "--yes"]].concat(), 1);
        assert!(err.contains("read-only"), "{command:?}: {err}");
    }
    lab.run(&["qual", "revoke", "Basics", "A3WRONG", "--reason", "x"], 0);
    let (_, err) = lab.run(&["qual", "restore", "Basics", "--read-only", "--yes"], 1);
    assert!(err.contains("read-only"), "{err}");
    assert_eq!(lab.json(&["qual", "list"], 0).as_array().unwrap().len(), before.as_array().unwrap().len());
    assert_eq!(lab.scores("Basics"), []);
    assert_eq!(lab.json(&["qual", "requests", "list"], 0).as_array().unwrap().len(), 2);
}
