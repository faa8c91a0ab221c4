//! Qualification types, scores and requests.

use super::lab::{Lab, assignment};
use serde_json::{Value, json};
use std::fmt::Write as _;

const SCHEMAS: &str = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas";

/// One question with the selections yes and no.
fn test() -> String {
    let selection = |name: &str| {
        format!("<Selection><SelectionIdentifier>{name}</SelectionIdentifier><Text>{name}</Text></Selection>")
    };
    format!(
        "<QuestionForm xmlns=\"{SCHEMAS}/2017-11-06/QuestionForm.xsd\">\n<Question><QuestionIdentifier>follows\
         </QuestionIdentifier><QuestionContent><Text>Does it follow?</Text></QuestionContent><AnswerSpecification>\
         <SelectionAnswer><Selections>{}{}</Selections></SelectionAnswer></AnswerSpecification></Question>\n</QuestionForm>",
        selection("yes"),
        selection("no")
    )
}

fn key(question: &str) -> String {
    format!(
        "<AnswerKey xmlns=\"{SCHEMAS}/2005-10-01/AnswerKey.xsd\">\n  <Question><QuestionIdentifier>{question}\
         </QuestionIdentifier><AnswerOption><SelectionIdentifier>yes</SelectionIdentifier><AnswerScore>100</AnswerScore>\
         </AnswerOption></Question>\n</AnswerKey>"
    )
}

#[test]
fn a_test_and_its_key_are_checked_before_anything_is_sent() {
    let lab = Lab::empty();
    let (test, good, bad) =
        (lab.file("t.xml", &test()), lab.file("k.xml", &key("follows")), lab.file("b.xml", &key("folows")));
    let create = ["qual", "create", "--name", "Entailment", "--description", "One question", "--retry-delay", "1d 12h"];
    let (_, err) =
        lab.run(&[&create[..], &["--test", &test, "--test-duration", "40m", "--answer-key", &bad]].concat(), 1);
    assert!(err.contains("b.xml:2:") && err.contains("The test has no question \"folows\""), "{err}");
    let broken = lab.file("broken.xml", "<QuestionForm>\n  <Question>\n</QuestionForm>");
    let (_, err) = lab.run(&[&create[..], &["--test", &broken, "--test-duration", "40m"]].concat(), 1);
    assert!(err.contains("broken.xml:"), "{err}");
    let (_, err) = lab.run(&[&create[..], &["--test", &test]].concat(), 2);
    assert!(err.contains("--test needs --test-duration"), "{err}");
    let (_, err) = lab.run(&[&create[..], &["--test", &test, "--auto-grant", "5"]].concat(), 2);
    assert!(err.contains("cannot be used with"), "{err}");
    let (_, err) = lab.run(&[&create[..], &["--answer-key", &good]].concat(), 2);
    assert!(err.contains("needs a test"), "{err}");
    assert_eq!(lab.json(&["qual", "list"], 0), json!([]), "nothing was sent");
    let made = [&create[..], &["--test", &test, "--test-duration", "40m", "--answer-key", &good]].concat();
    let made = lab.json(&made, 0);
    assert_eq!((&made[0]["Name"], &made[0]["State"]), (&json!("Entailment"), &json!("done")));
    let shown = &lab.json(&["qual", "show", "Entailment"], 0)[0];
    assert_eq!(shown["QualificationTypeId"], made[0]["QualificationTypeId"]);
    assert_eq!((&shown["TestDurationInSeconds"], &shown["RetryDelayInSeconds"]), (&json!(2_400), &json!(129_600)));
    assert_eq!((&shown["AutoGranted"], &shown["Holders"]), (&json!(false), &json!(0)));
    let (_, err) = lab.run(&create, 6);
    assert!(err.contains("there is one of that name already"), "{err}");
}

#[test]
fn an_update_shows_what_changes_and_refuses_what_cannot() {
    let lab = Lab::empty();
    let of = lab.qualification("Panel", &["--auto-grant", "5"]);
    let (_, err) =
        lab.run(&["qual", "update", "Panel", "--description", "Everybody", "--retry-delay", "2h", "--dry-run"], 0);
    assert!(err.contains("description: For tests -> Everybody") && err.contains("retry after: - -> 2h"), "{err}");
    let (_, err) = lab.run(&["qual", "update", "Panel", "--name", "Other"], 2);
    assert!(err.contains("keeps its name"), "{err}");
    let (_, err) = lab.run(&["qual", "update", "Panel", "--keywords", "a, b"], 2);
    assert!(err.contains("keeps its keywords"), "{err}");
    let test = lab.file("t.xml", &test());
    let (_, err) = lab.run(&["qual", "update", "Panel", "--test", &test, "--test-duration", "40m"], 2);
    assert!(err.contains("excludes a test; add --no-auto-grant"), "{err}");
    lab.run(&["qual", "update", &of, "--test", &test, "--test-duration", "40m", "--no-auto-grant"], 0);
    let (_, err) = lab.run(&["qual", "update", "Panel", "--auto-grant", "1"], 2);
    assert!(err.contains("never removed"), "{err}");

    // A key alone: the test is sent again with it, and stays.
    let key = lab.file("k.xml", &key("follows"));
    let (_, err) = lab.run(&["qual", "update", "Panel", "--answer-key", &key], 0);
    assert!(err.contains("answer key: - -> "), "{err}");
    lab.run(&["qual", "update", "Panel", "--test-duration", "1h"], 0);
    let shown = &lab.json(&["qual", "show", "Panel"], 0)[0];
    assert_eq!(shown["TestDurationInSeconds"], 3_600);
    assert!(shown["Test"].is_string() && shown["AnswerKey"].is_string(), "{shown}");
    let (_, err) = lab.run(&["qual", "update", "Panel", "--test", &test, "--dry-run"], 0);
    assert!(err.contains("without an answer key") && err.contains("-> none"), "{err}");
    let (_, err) = lab.run(&["qual", "update", "Panel", "--status", "active"], 0);
    assert!(err.contains("\"Panel\" is like that already"), "{err}");
    lab.run(&["qual", "update", "Panel", "--status", "inactive"], 0);
    assert_eq!(lab.json(&["qual", "show", "Panel"], 0)[0]["QualificationTypeStatus"], "Inactive");
    let (_, err) = lab.run(&["qual", "update", "Pannel", "--status", "active"], 1);
    assert!(err.contains("is \"Panel\" meant?"), "{err}");
}

#[test]
fn scores_are_granted_changed_and_taken_away() {
    let lab = Lab::open();
    let of = lab.qualification("Skill", &[]);
    lab.run(&["qual", "grant", "Skill", "A1W0", "A1W1", "--score", "40"], 0);
    let done = lab.json(&["qual", "grant", &of, "A1W0", "A1W1", "A1W2", "--score", "80"], 0);
    assert_eq!((&done[0]["Change"], &done[2]["Change"]), (&json!("was 40"), &json!("new")));
    let (_, err) = lab.run(&["qual", "grant", "Skill", "A1W0", "--score", "80"], 0);
    assert!(err.contains("nothing to do for 1: the score is 80 already"), "{err}");
    let (_, err) = lab.run(&["qual", "revoke", "Skill", "A1W1", "--reason", " "], 2);
    assert!(err.contains("--reason"), "{err}");
    lab.run(&["qual", "revoke", "Skill", "A1W1", "--reason", "Take the test again"], 0);
    assert_eq!(lab.scores("Skill"), [("A1W0".to_owned(), 80), ("A1W2".to_owned(), 80)]);
    let revoked = lab.json(&["qual", "holders", "Skill", "--revoked"], 0);
    assert_eq!(revoked.as_array().unwrap().len(), 3);
    assert_eq!(lab.json(&["qual", "holders", "Skill", "--max", "79"], 0), json!([]));
    lab.run(&["qual", "grant", "Skill", "--where", "answer.label:no", "--score", "-3", "--yes"], 0);
    assert_eq!(lab.scores("Skill").len(), 4);
    let (_, err) = lab.run(&["qual", "grant", "Skill", "A9NOBODY"], 6);
    assert!(err.contains("A9NOBODY"), "{err}");
    lab.run(&["qual", "delete", "Skill", "--yes"], 0);
    assert_eq!(lab.json(&["qual", "list"], 0), json!([]));
}

#[test]
fn a_file_is_shown_as_a_diff_and_applied_whole() {
    let lab = Lab::open();
    lab.qualification("Skill", &[]);
    lab.run(&["qual", "grant", "Skill", "A1W0", "A1W1", "--score", "40"], 0);
    let file = lab.file("scores.txt", "workerid\tscore\nA1W0\t40\nA1W1\t60\nA1W2\t70\nA9NOBODY\t1\n");
    let import = ["qual", "scores", "import", &file, "--qual", "Skill"];
    let (out, err) = lab.run(&[&import[..], &["--dry-run"]].concat(), 0);
    assert!(err.contains("1 new, 1 changed, 1 unchanged, 1 for unknown workers"), "{err}");
    assert!(out.contains("was 40") && out.contains("new, unknown worker"), "{out}");
    let (_, err) = lab.run(&[&import[..], &["--yes"]].concat(), 6);
    assert!(err.contains("A9NOBODY"), "the endpoint refuses somebody it does not know: {err}");
    let scores = [("A1W0".to_owned(), 40), ("A1W1".to_owned(), 60), ("A1W2".to_owned(), 70)];
    assert_eq!(lab.scores("Skill"), scores);
    let (_, err) = lab.run(&["qual", "scores", "import", &file, "--qual", "Nobody"], 1);
    assert!(err.contains("there is no qualification type \"Nobody\""), "{err}");
}

#[test]
fn one_broken_line_stops_the_file_unless_it_may_be_left_out() {
    let lab = Lab::open();
    lab.qualification("Skill", &[]);
    let file = lab.file("scores.csv", "worker,score\nA1W0,40\nA1W1,sixty\nW2,70\nA1W3,80\n");
    let import = ["qual", "scores", "import", &file, "--qual", "Skill", "--yes"];
    let (_, err) = lab.run(&import, 1);
    assert!(err.contains("scores.csv:3: \"sixty\" is not a score") && err.contains("scores.csv:4: "), "{err}");
    assert!(err.contains("2 of 4 lines broken") && err.contains("nothing was changed"), "{err}");
    assert_eq!(lab.scores("Skill"), []);
    lab.run(&[&import[..], &["--skip-broken"]].concat(), 6);
    assert_eq!(lab.scores("Skill"), [("A1W0".to_owned(), 40), ("A1W3".to_owned(), 80)]);
}

#[test]
fn the_website_file_grants_revokes_and_blocks() {
    let lab = Lab::open();
    lab.qualification("Skill", &[]);
    lab.run(&["qual", "grant", "Skill", "A1W0", "A1W1", "--score", "40"], 0);
    let header = "Worker ID,CURRENT-Skill,UPDATE-Skill,CURRENT-BlockStatus,UPDATE-BlockStatus";
    let lines = "A1W0,40,90,Never Blocked,\nA1W1,40,Revoke,Never Blocked,Block\nA1W2,,,Never Blocked,\n";
    let file = lab.file("workers.csv", &format!("{header}\n{lines}"));
    lab.run(&["qual", "scores", "import", &file, "--qual", "Skill", "--yes"], 0);
    assert_eq!(lab.scores("Skill"), [("A1W0".to_owned(), 90)]);
    assert_eq!(lab.json(&["worker", "blocked"], 0)[0]["WorkerId"], "A1W1");
    let (out, _) = lab.run(&["qual", "scores", "export", "--qual", "Skill", "--layout", "website"], 0);
    let expected = "A1W0,90,,Never Blocked,\nA1W1,,,Blocked,\nA1W2,,,Never Blocked,\n";
    assert!(out.starts_with(&format!("{header}\n{expected}")), "{out}");
}

#[test]
fn what_is_exported_is_imported_as_it_was() {
    let lab = Lab::open();
    lab.qualification("Skill", &[]);
    lab.qualification("Copy", &[]);
    lab.run(&["qual", "grant", "Skill", "--where", "worker:A1W*", "--score", "7", "--yes"], 0);
    for layout in ["csv", "tab"] {
        let (out, _) = lab.run(&["qual", "scores", "export", "--qual", "Skill", "--layout", layout], 0);
        let file = lab.file(layout, &out);
        lab.run(&["qual", "scores", "import", &file, "--qual", "Copy", "--yes"], 0);
        assert_eq!(lab.scores("Copy"), lab.scores("Skill"));
    }
    let (list, _) = lab.run(&["qual", "scores", "export", "--qual", "Skill", "--layout", "list"], 0);
    let mut import = lab.hitdeck(&["qual", "scores", "import", "-", "--qual", "Copy", "--score", "0", "--yes"]);
    super::lab::ran(import.write_stdin(list), 0);
    assert!(lab.scores("Copy").iter().all(|(_, score)| *score == 0));
}

#[test]
fn requests_are_shown_with_the_answers_granted_and_rejected() {
    let lab = Lab::empty();
    let of = lab.qualification("By hand", &[]);
    for worker in ["A1ASKS", "A2ASKS", "A3ASKS"] {
        lab.ask_for(&of, worker);
    }
    let list = lab.json(&["qual", "requests", "list", "--qual", "By hand"], 0);
    let id = |worker: &str| {
        let found = list.as_array().unwrap().iter().find(|row| row["WorkerId"] == worker).unwrap();
        found["QualificationRequestId"].as_str().unwrap().to_owned()
    };
    lab.run(&["qual", "requests", "reject", &id("A2ASKS"), "--reason", "Not this time"], 0);
    let (_, err) = lab.run(&["qual", "requests", "grant", &id("A1ASKS"), "3NONE", "--score", "70"], 6);
    assert!(err.contains("3NONE: no such request waits"), "{err}");
    let (_, err) = lab.run(&["qual", "requests", "grant", "--qual", "By hand", "--score", "50"], 2);
    assert!(err.contains("--yes"), "all that wait are not granted without a yes: {err}");
    lab.run(&["qual", "requests", "grant", "--qual", "By hand", "--score", "50", "--yes"], 0);
    assert_eq!(lab.scores("By hand"), [("A1ASKS".to_owned(), 70), ("A3ASKS".to_owned(), 50)]);
    assert_eq!(lab.json(&["qual", "requests", "list"], 0), json!([]));
    let (_, err) = lab.run(&["qual", "requests", "reject", "3NONE", "--reason", ""], 2);
    assert!(err.contains("--reason"), "{err}");
}

/// A file of 100,000 workers, of which every hundredth line is broken: each is named, and nothing is changed.
#[test]
fn a_thousand_broken_lines_are_all_named() {
    let lab = Lab::open();
    lab.qualification("Skill", &[]);
    let mut text = String::from("worker,score\n");
    for number in 0..100_000 {
        let score = if number % 100 == 7 { "?" } else { "5" };
        writeln!(text, "A{number},{score}").unwrap();
    }
    let file = lab.file("large.csv", &text);
    let import = ["qual", "scores", "import", &file, "--qual", "Skill", "--yes"];
    let (_, err) = lab.run(&import, 1);
    let named: Vec<&str> = err.lines().filter(|line| line.contains("is not a score")).collect();
    assert_eq!(named.len(), 1_000);
    assert!(named[0].contains("large.csv:9: ") && named[999].contains("large.csv:99909: "), "{}", named[999]);
    let (out, err) = lab.run(&[&import[..], &["--skip-broken", "--dry-run", "-o", "jsonl"]].concat(), 6);
    assert_eq!(out.lines().count(), 99_000);
    assert!(err.contains("99,000 for unknown workers") && err.contains("1,000 broken and left out"), "{}", err.len());
    assert_eq!(lab.scores("Skill"), []);
    assert_eq!(lab.status(&assignment(0, 0)), "Submitted");
}

/// Undoing an upload that has not left: everything of it goes together.
#[test]
fn an_upload_is_one_group() {
    let lab = Lab::open();
    lab.qualification("Skill", &[]);
    let file = lab.file("scores.csv", "A1W0,1\nA1W1,2\n");
    lab.run(&["qual", "scores", "import", &file, "--qual", "Skill", "--yes"], 0);
    let list = lab.json(&["outbox", "list", "--all"], 0);
    let grants: Vec<&Value> = list.as_array().unwrap().iter().filter(|row| row["Decision"] == "grant").collect();
    assert_eq!(grants.len(), 2);
    assert!(grants.iter().all(|row| row["Attempts"] == 1 && row["State"] == "done"), "{grants:?}");
}
