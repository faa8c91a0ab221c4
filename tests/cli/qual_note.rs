//! The note on qualifications as a shell script, run against a market.

use super::lab::Lab;
use std::process::{Command, Output};

fn script(lab: &Lab, step: &str) -> Output {
    let program = assert_cmd::cargo::cargo_bin("hitdeck");
    let folder = program.parent().unwrap().display();
    Command::new("sh")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/qualification-note.sh"))
        .arg(step)
        .env_clear()
        .env("HOME", lab.home.path())
        .env("USER", "ada")
        .env("BATCH", "pilot")
        .env("PATH", format!("{folder}:/usr/local/bin:/usr/bin:/bin"))
        .env("AWS_ENDPOINT_URL_MTURK", &lab.market.endpoint)
        .env("AWS_ACCESS_KEY_ID", &lab.market.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &lab.market.secret_access_key)
        .output()
        .unwrap()
}

#[test]
fn the_whole_note_runs_as_a_script() {
    let lab = Lab::open();
    let before = script(&lab, "before");
    assert!(before.status.success(), "{}", String::from_utf8_lossy(&before.stderr));
    let by_hand = lab.json(&["qual", "show", "Note: by hand"], 0)[0]["QualificationTypeId"].clone();
    for worker in ["A1ASKS", "A2ASKS", "A3ASKS"] {
        lab.ask_for(by_hand.as_str().unwrap(), worker);
    }
    let key = lab.json(&["qual", "show", "Note: test"], 0)[0]["AnswerKey"].as_str().unwrap().to_owned();
    assert!(key.contains("<AnswerScore>90</AnswerScore>"), "{key}");

    let after = script(&lab, "after");
    let err = String::from_utf8_lossy(&after.stderr);
    assert!(after.status.success(), "{err}");
    assert!(err.contains("would still qualify"), "{err}");
    assert_eq!(lab.scores("Note: by hand").iter().map(|(_, score)| *score).collect::<Vec<_>>(), [70, 70]);
    let took_part = lab.scores("Note: took part");
    assert_eq!(took_part.len(), 5);
    assert!(took_part.iter().all(|(worker, score)| worker.starts_with("A1W") && *score == 0), "{took_part:?}");
    let new_here = lab.scores("Note: new here");
    assert_eq!(new_here.len(), 4, "one was taken away again");
    assert!(new_here.iter().all(|(_, score)| *score == 80), "{new_here:?}");
    assert_eq!(lab.json(&["qual", "show", "Note: open house"], 0)[0]["AutoGranted"], false);
    let out = String::from_utf8_lossy(&before.stdout);
    for line in ["comparator = \">=\"", "comparator = \"exists\"", "qualification = \"PercentAssignmentsApproved\""] {
        assert!(out.contains(line), "{out}");
    }
    assert!(err.contains("requires Note: took part > 0 already"), "the second time: {err}");
    let hits = super::batch::hits(&lab, "note-next");
    let hit = hits[0]["HITId"].as_str().unwrap().to_owned();
    assert!(!lab.accepts(&hit, "A1W0"), "who took part has no more than 0");
    assert!(!lab.accepts(&hit, "A1NEW"), "who is new has to ask for it");
    lab.ask_for(lab.json(&["qual", "show", "Note: took part"], 0)[0]["QualificationTypeId"].as_str().unwrap(), "A1NEW");
    assert!(lab.accepts(&hit, "A1NEW"), "and is granted 100");
    assert!(String::from_utf8_lossy(&after.stdout).contains("A script answered."), "who is blocked is listed");
    assert_eq!(lab.json(&["worker", "blocked"], 0), serde_json::json!([]));
}
