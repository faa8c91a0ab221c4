//! Work that was rejected, and work that nobody did: asked for in the same HITs again, or in new ones.

use super::batch::{hits, write_batch};
use super::lab::Lab;
use serde_json::Value;
use std::time::Duration;

/// Two rows of two assignments; the first HIT has one answer that was rejected and one that is good, the second has one, and
/// both are over.
fn lab() -> (Lab, String, Vec<String>) {
    let lab = Lab::empty();
    let policy = "annotation = \"site ${city}\"\n[[review_policy]]\nname = \"ScoreMyKnownAnswers\"\n\
                  AnswerKey = { country = \"${land}\" }\nApproveIfKnownAnswerScoreIsAtLeast = \"101\"\n";
    let spec = write_batch(&lab, policy, "city,land\nRome,it\nBonn,de\n");
    lab.json(&["batch", "publish", &spec, "--yes"], 0);
    let all = hits(&lab, "cities");
    let ids: Vec<String> = all.iter().map(|hit| hit["HITId"].as_str().unwrap().to_owned()).collect();
    let bad = lab.work_on(&ids[0], "A1W0");
    lab.work_on(&ids[0], "A1W1");
    lab.work_on(&ids[1], "A1W0");
    lab.run(&["assignment", "reject", &bad, "--feedback", "This is no country."], 0);
    lab.advance(Duration::from_secs(7_200));
    (lab, spec, ids)
}

fn shown(lab: &Lab, hit: &Value) -> Value {
    lab.json(&["hit", "show", hit["HITId"].as_str().unwrap()], 0)[0].clone()
}

#[test]
fn what_hits_do_not_get_any_more_is_published_anew_once() {
    let (lab, spec, old) = lab();
    let (_, said) = lab.run(&["batch", "anew", "cities"], 2);
    assert!(said.contains("2 HITs for 2 answers of cities anew: up to $0.10 and $0.02 in Amazon's fees"), "{said}");
    assert!(said.contains("they can answer that row again") && said.contains("--yes"), "{said}");
    lab.run(&["batch", "anew", "cities", "--dry-run"], 0);
    lab.run(&["batch", "anew", "cities", "--yes", "--read-only"], 1);
    assert_eq!(hits(&lab, "cities").len(), 2, "nothing without a yes");
    let made = lab.json(&["batch", "anew", "cities", "--yes", "--lifetime", "2d"], 0);
    assert_eq!((&made["HITsMade"], &made["Left"]), (&2.into(), &0.into()), "{made:#}");
    let all = hits(&lab, "cities");
    let new: Vec<Value> =
        all.iter().filter(|hit| !old.iter().any(|id| hit["HITId"] == **id)).map(|hit| shown(&lab, hit)).collect();
    assert_eq!(new.len(), 2);
    let before: Vec<Value> = old.iter().map(|id| lab.json(&["hit", "show", id], 0)[0].clone()).collect();
    for hit in &new {
        let before = before.iter().find(|before| before["Question"] == hit["Question"]).expect("the same question");
        assert_eq!((&hit["HITStatus"], &hit["MaxAssignments"]), (&"Assignable".into(), &1.into()), "{hit:#}");
        assert_eq!(hit["HITTypeId"], before["HITTypeId"]);
        let (was, is) = (&before["RequesterAnnotation"], &hit["RequesterAnnotation"]);
        let (was, is) = (was.as_str().unwrap(), is.as_str().unwrap());
        let (row, own) = was.split_once(';').unwrap();
        assert_eq!(is, format!("{row}.1;{own}"));
    }
    let (_, said) = lab.run(&["batch", "anew", "cities", "--yes"], 0);
    assert!(said.contains("no answers are missing"), "{said}");
    let (_, said) = lab.run(&["batch", "top-up", "cities", "--yes"], 0);
    assert!(said.contains("no answers are missing"), "the old HITs are made up for: {said}");
    assert_eq!(lab.json(&["batch", "publish", &spec, "--yes"], 0)["HITsMade"], 0);
    assert_eq!(hits(&lab, "cities").len(), 4);
    // A new one is a HIT of its row like the first: its input is exported, and it is made up for in its turn.
    let of_rome = new.iter().find(|hit| hit["Question"].as_str().unwrap().contains("Rome")).unwrap();
    let third = lab.work_on(of_rome["HITId"].as_str().unwrap(), "A1W2");
    lab.run(&["assignment", "reject", &third, "--feedback", "No country either."], 0);
    let (out, _) = lab.run(&["batch", "export", "cities", "--format", "jsonl"], 0);
    let of_third = out.lines().find(|line| line.contains(&third)).unwrap();
    assert_eq!(serde_json::from_str::<Value>(of_third).unwrap()["Input"]["city"], "Rome");
    let made = lab.json(&["batch", "anew", "cities", "--yes", "--rejected"], 0);
    assert_eq!(made["HITsMade"], 1, "{made:#}");
}

#[test]
fn the_review_policies_of_a_row_go_with_it() {
    let (lab, _, old) = lab();
    lab.json(&["batch", "anew", "cities", "--yes"], 0);
    let all = hits(&lab, "cities");
    let new = all.iter().find(|hit| !old.iter().any(|id| hit["HITId"] == **id)).unwrap();
    let hit = new["HITId"].as_str().unwrap();
    lab.work_on(hit, "A1W5");
    let (_, kept) = lab.run(&["archive", lab.home.path().join("kept").to_str().unwrap()], 0);
    let results = std::fs::read_to_string(lab.home.path().join("kept/review_policy_results.jsonl")).unwrap();
    let of_it = results.lines().find(|line| line.contains(hit)).unwrap_or_else(|| panic!("{kept}{results}"));
    assert!(of_it.contains("ScoreMyKnownAnswers/2011-09-01"), "{of_it}");
}

#[test]
fn rejected_work_is_republished_in_the_same_hits() {
    let (lab, _, old) = lab();
    let (_, said) = lab.run(&["batch", "republish", "cities", "--yes"], 0);
    assert!(said.contains("add assignments"), "{said}");
    let after = hits(&lab, "cities");
    assert_eq!(after.len(), 2);
    let of = |id: &str| after.iter().find(|hit| hit["HITId"] == id).unwrap();
    assert_eq!(of(&old[0])["MaxAssignments"], 3, "one was rejected");
    assert_eq!((&of(&old[1])["MaxAssignments"], &of(&old[1])["HITStatus"]), (&2.into(), &"Reviewable".into()));
    let (_, said) = lab.run(&["batch", "republish", "cities", "--yes"], 0);
    assert!(said.contains("no answers are missing"), "{said}");
}

#[test]
fn bad_times_and_names_are_refused() {
    let (lab, _, _) = lab();
    let (_, said) = lab.run(&["batch", "anew", "cities", "--yes", "--lifetime", "5s"], 1);
    assert!(said.contains("30 seconds at the least"), "{said}");
    let (_, said) = lab.run(&["batch", "anew", "citis", "--yes"], 1);
    assert!(said.contains("did you mean cities?"), "{said}");
    assert_eq!(hits(&lab, "cities").len(), 2);
}
