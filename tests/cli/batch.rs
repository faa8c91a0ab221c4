//! From a template and a table to HITs: examples, a pilot and the rest, what is left half-way, what is asked for again.

use super::lab::{Lab, ran};
use hitdeck::domain::money::Usd;
use hitdeck::market::Operator;
use hitdeck::market::serve::Options;
use rstest::rstest;
use serde_json::Value;
use std::path::Path;
use std::time::Duration;

/// HITs of this batch at the market.
pub fn hits(lab: &Lab, batch: &str) -> Vec<Value> {
    lab.json(&["hit", "list", "--batch", batch], 0).as_array().unwrap().clone()
}

/// A batch of cities; its folder is `batch` in the home.
pub fn write_batch(lab: &Lab, more: &str, rows: &str) -> String {
    let folder = lab.home.path().join("batch");
    std::fs::create_dir_all(&folder).unwrap();
    let spec = format!(
        "name = \"cities\"\ntitle = \"Cities\"\ndescription = \"Name the country\"\nkeywords = [\"city\"]\n\
         reward = \"0.05\"\nassignments = 2\nlifetime = \"1h\"\ntime_limit = \"10m\"\nauto_approve = \"3d\"\n\
         template = \"task.html\"\ndata = \"items.csv\"\nconsent = \"none\"\n{more}"
    );
    let page = "<form action=\"https://www.mturk.com/mturk/externalSubmit\">\n<input type=hidden name=assignmentId>\n\
                <p>${city}</p>\n<input name=country></form>";
    std::fs::write(folder.join("batch.toml"), spec).unwrap();
    std::fs::write(folder.join("task.html"), page).unwrap();
    std::fs::write(folder.join("items.csv"), rows).unwrap();
    folder.join("batch.toml").to_str().unwrap().to_owned()
}

#[rstest]
#[case("relations", 6)]
#[case("sentiment", 6)]
#[case("images", 5)]
#[case("text", 3)]
#[case("survey", 1)]
#[case("qualification", 3)]
fn every_example_passes_the_check_and_is_published_once(#[case] example: &str, #[case] rows: usize) {
    let lab = Lab::empty();
    let folder = lab.home.path().join("batches").join(example);
    let folder = folder.to_str().unwrap();
    let (written, _) = lab.run(&["batch", "new", example, folder], 0);
    let spec = written.lines().next().unwrap().to_owned();
    assert!(written.lines().all(|path| Path::new(path).exists()), "{written}");
    lab.run(&["batch", "new", example, folder], 1);
    let report = lab.json(&["batch", "check", &spec], 0);
    assert_eq!((&report["Errors"], report["Rows"].as_u64()), (&Value::from(0), Some(rows as u64)), "{report:#}");
    assert!(!report["Fields"].as_array().unwrap().is_empty(), "{report:#}");
    assert!(report["HourlyWage"].as_str().unwrap().parse::<Usd>().unwrap() >= Usd::cents(1_500), "{report:#}");
    let made = lab.json(&["batch", "publish", &spec, "--yes"], 0);
    assert_eq!(made["HITsMade"].as_u64(), Some(rows as u64), "{made:#}");
    let again = lab.json(&["batch", "publish", &spec, "--yes"], 0);
    assert_eq!((again["HITsMade"].as_u64(), again["RowsBefore"].as_u64()), (Some(0), Some(rows as u64)));
    assert_eq!(hits(&lab, made["Batch"].as_str().unwrap()).len(), rows);
}

#[test]
fn a_pilot_is_published_and_later_the_rest() {
    let lab = Lab::empty();
    let spec = write_batch(&lab, "", "id,city\n1,Rome\n2,Bonn\n3,Nice\n");
    let pilot = lab.json(&["batch", "publish", &spec, "--limit", "1", "--yes"], 0);
    assert_eq!(pilot["HITsMade"], 1);
    let link = pilot["PreviewURL"].as_str().unwrap().to_owned();
    assert!(link.ends_with(&format!("/mturk/preview?groupId={}", pilot["HITGroupId"].as_str().unwrap())), "{link}");
    assert_eq!(lab.json(&["batch", "publish", &spec, "--limit", "1", "--yes"], 0)["HITsMade"], 0);
    let rest = lab.json(&["batch", "publish", &spec, "--yes"], 0);
    assert_eq!(
        (&rest["HITsMade"], &rest["RowsBefore"], rest["PreviewURL"].as_str()),
        (&2.into(), &1.into(), Some(&*link))
    );
    // Rows may be added; the batch grows by them.
    write_batch(&lab, "", "id,city\n1,Rome\n2,Bonn\n3,Nice\n4,Oslo\n");
    assert_eq!(lab.json(&["batch", "publish", &spec, "--yes"], 0)["HITsMade"], 1);
    let annotations: Vec<String> = hits(&lab, "cities")
        .iter()
        .map(|hit| hit["HITId"].as_str().unwrap().to_owned())
        .map(|hit| lab.json(&["hit", "show", &hit], 0)[0]["RequesterAnnotation"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(annotations.len(), 4);
    assert!(annotations.iter().all(|annotation| annotation.starts_with("hitdeck:cities:")), "{annotations:?}");
    let listed = lab.json(&["batch", "list"], 0);
    assert_eq!((&listed[0]["Batch"], &listed[0]["HITsPublished"]), (&"cities".into(), &4.into()));
}

#[test]
fn an_edited_batch_needs_another_name() {
    let lab = Lab::empty();
    let rows = "id,city\n1,Rome\n2,Bonn\n";
    let spec = write_batch(&lab, "", rows);
    lab.json(&["batch", "publish", &spec, "--yes"], 0);
    let refused = |expected: &str| {
        let (_, said) = lab.run(&["batch", "publish", &spec, "--yes"], 1);
        assert!(said.contains(expected) && said.contains("--as NEW"), "{said}");
        let (_, said) = lab.run(&["batch", "check", &spec], 1);
        assert!(said.contains(expected), "{said}");
        assert_eq!(hits(&lab, "cities").len(), 2);
    };
    write_batch(&lab, "", "id,city\n1,Roma\n2,Bonn\n");
    refused("row 1 is not in the batch, and row 1 of the batch is not in the file any more");
    write_batch(&lab, "", rows);
    std::fs::write(
        lab.home.path().join("batch/task.html"),
        "<crowd-form>${city}<crowd-input name=x></crowd-input></crowd-form>",
    )
    .unwrap();
    refused("workers would see another task");
    write_batch(&lab, "", rows);
    let cheaper = std::fs::read_to_string(&spec).unwrap().replace("0.05", "0.04");
    std::fs::write(&spec, cheaper).unwrap();
    refused("reward was \"0.05\" and is \"0.04\"");
    let other = lab.json(&["batch", "publish", &spec, "--yes", "--as", "cities-2"], 0);
    assert_eq!((&other["HITsMade"], &other["Batch"]), (&2.into(), &"cities-2".into()));
}

#[test]
fn nothing_is_published_without_a_yes() {
    let lab = Lab::empty();
    let spec = write_batch(&lab, "", "city\nRome\n");
    let (_, said) = lab.run(&["batch", "publish", &spec], 2);
    assert!(said.contains("publish 1 row of cities on") && said.contains("--yes"), "{said}");
    let (_, said) = lab.run(&["batch", "publish", &spec, "--dry-run"], 0);
    assert!(said.contains("$0.05 each = $0.10") && said.contains("dry run"), "{said}");
    lab.run(&["batch", "publish", &spec, "--yes", "--read-only"], 1);
    assert!(hits(&lab, "cities").is_empty());
    assert_eq!(lab.json(&["batch", "list"], 0).as_array().map(Vec::len), Some(0));
}

#[test]
fn money_that_ends_half_way_is_no_loss() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("market");
    let lab = Lab::with(Options { balance: Usd::cents(30), data: Some(data.clone()), ..Options::default() });
    let spec = write_batch(&lab, "", "city\nRome\nBonn\nNice\nOslo\n");
    let (out, said) = ran(lab.hitdeck(&["batch", "publish", &spec, "--yes", "-o", "json"]).env("TZ", "UTC"), 5);
    let made: Value = serde_json::from_str(&out).unwrap();
    // A row costs 2 x ($0.05 + $0.01).
    assert_eq!((&made["HITsMade"], &made["Left"]), (&2.into(), &2.into()), "{said}");
    assert!(said.contains("it is enough for 2 rows (--limit 2)"), "{said}");
    assert!(said.contains("not published: 2 HITs: refused: This Requester has insufficient funds"), "{said}");
    let operator = Operator::open(&data).unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(operator.deposit("requester", Usd::cents(500))).unwrap();
    assert_eq!(lab.json(&["batch", "publish", &spec, "--yes"], 0)["HITsMade"], 2);
    assert_eq!(hits(&lab, "cities").len(), 4);
}

#[test]
fn refused_rows_go_to_a_file_with_the_reason() {
    let lab = Lab::empty();
    let policy = "[[review_policy]]\nname = \"ScoreMyKnownAnswers\"\nAnswerKey = { country = \"x\" }\n\
                  ApproveIfKnownAnswerScoreIsAtLeast = \"${level}\"\n";
    let spec = write_batch(&lab, policy, "city,level\nRome,80\n\"Bonn, DE\",none\nNice,90\n");
    let (_, said) = lab.run(&["batch", "publish", &spec, "--yes"], 6);
    assert!(said.contains("row 2 (line 3): refused:"), "{said}");
    let failed = lab.home.path().join("batch/items.failed.csv");
    let text = std::fs::read_to_string(&failed).unwrap();
    assert!(text.starts_with("city,level,hitdeck_error\n\"Bonn, DE\",none,"), "{text}");
    assert!(text.contains("ApproveIfKnownAnswerScoreIsAtLeast"), "{text}");
    let status = lab.json(&["batch", "status", "cities"], 0);
    assert_eq!((&status[1]["State"], &status[0]["MaxAssignments"]), (&"refused".into(), &2.into()), "{status:#}");
    // The file is data again, of another batch.
    std::fs::write(&failed, text.replace(",none,", ",70,")).unwrap();
    let made = lab.json(&["batch", "publish", &spec, failed.to_str().unwrap(), "--as", "cities-2", "--yes"], 0);
    assert_eq!(made["HITsMade"], 1);
    assert!(failed.exists(), "what was read is never removed");
}

#[test]
fn answers_that_are_missing_are_asked_for_again() {
    let lab = Lab::empty();
    let spec = write_batch(&lab, "", "city\nRome\nBonn\n");
    lab.json(&["batch", "publish", &spec, "--yes"], 0);
    let ids: Vec<String> = hits(&lab, "cities").iter().map(|hit| hit["HITId"].as_str().unwrap().to_owned()).collect();
    let (_, said) = lab.run(&["batch", "top-up", "cities", "--yes"], 0);
    assert!(said.contains("no answers are missing"), "{said}");
    let bad = lab.work_on(&ids[0], "A1W0");
    lab.work_on(&ids[0], "A1W1");
    lab.work_on(&ids[1], "A1W0");
    lab.run(&["assignment", "reject", &bad, "--feedback", "This is no country."], 0);
    // One HIT lacks the rejected answer; the other is over before its second came.
    lab.advance(Duration::from_secs(7_200));
    lab.run(&["batch", "top-up", "cities", "--yes", "--lifetime", "2d"], 0);
    let after = hits(&lab, "cities");
    let of = |id: &str| after.iter().find(|hit| hit["HITId"] == id).unwrap().clone();
    let open = |id: &str| {
        let hit = of(id);
        (
            hit["HITStatus"].as_str().unwrap().to_owned(),
            hit["NumberOfAssignmentsAvailable"].as_u64(),
            hit["MaxAssignments"].as_u64(),
        )
    };
    assert_eq!(open(&ids[0]), ("Assignable".to_owned(), Some(1), Some(3)));
    assert_eq!(open(&ids[1]), ("Assignable".to_owned(), Some(1), Some(2)));
    let (_, said) = lab.run(&["batch", "top-up", "cities", "--yes"], 0);
    assert!(said.contains("no answers are missing"), "{said}");
    let (_, said) = lab.run(&["batch", "top-up", "citis"], 1);
    assert!(said.contains("did you mean cities?"), "{said}");
}

#[test]
fn ten_assignments_become_hits_of_nine() {
    let lab = Lab::empty();
    let spec = write_batch(&lab, "split = true\n", "city\nRome\n");
    let more = std::fs::read_to_string(&spec).unwrap().replace("assignments = 2", "assignments = 20");
    std::fs::write(&spec, more).unwrap();
    assert_eq!(lab.json(&["batch", "publish", &spec, "--yes"], 0)["HITsMade"], 3);
    let mut sizes: Vec<u64> = hits(&lab, "cities").iter().map(|hit| hit["MaxAssignments"].as_u64().unwrap()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [2, 9, 9]);
    assert_eq!(lab.json(&["batch", "publish", &spec, "--yes"], 0)["HITsMade"], 0);
}
