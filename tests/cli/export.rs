//! `hitdeck export`: results out of an account on a market, as other programs read them.

use super::lab::{HITS, Lab, WORKERS, assignment};
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// The rows of a CSV text, by the names of their columns.
fn rows(csv: &str) -> Vec<std::collections::HashMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn results_are_written_in_the_websites_layout() {
    let lab = Lab::open();
    lab.run(&["assignment", "reject", &assignment(0, 0), "--feedback", "empty"], 0);
    lab.run(&["assignment", "approve", &assignment(1, 0)], 0);
    let (out, err) = lab.run(&["export"], 0);
    assert!(err.contains("exported 20 assignments of 4 HITs"), "{err}");
    assert!(out.starts_with("\"HITId\",\"HITTypeId\",\"Title\""), "{out}");
    let header = out.lines().next().unwrap();
    assert!(header.ends_with("\"Input.text\",\"Answer.comment\",\"Answer.label\",\"Approve\",\"Reject\""), "{header}");
    let rows = rows(&out);
    assert_eq!(rows.len(), HITS * WORKERS);
    let row = rows.iter().find(|row| row["AssignmentId"] == assignment(0, 0)).unwrap();
    assert_eq!((row["AssignmentStatus"].as_str(), row["RequesterFeedback"].as_str()), ("Rejected", "empty"));
    assert_eq!((row["Reward"].as_str(), row["WorkTimeInSeconds"].as_str()), ("$0.05", "30"));
    assert_eq!(
        (row["LifetimeApprovalRate"].as_str(), row["Last7DaysApprovalRate"].as_str()),
        ("50% (1/2)", "50% (1/2)")
    );
    assert_eq!((row["Input.text"].as_str(), row["Answer.label"].as_str()), ("Text 0", "yes"));
    assert!(row["SubmitTime"].contains(" PST ") || row["SubmitTime"].contains(" PDT "), "{row:?}");
    assert!(row["RejectionTime"].ends_with(&row["SubmitTime"][row["SubmitTime"].len() - 4..]), "{row:?}");
    assert_eq!((row["Approve"].as_str(), row["Reject"].as_str()), ("", ""));
}

#[test]
fn a_query_a_batch_and_a_layout_are_chosen() {
    let lab = Lab::open();
    let (out, _) = lab.run(&["export", "--where", "worker:A1W1 answer.label:no", "--format", "tidy"], 0);
    let tidy = rows(&out);
    assert_eq!(tidy.len(), HITS * 2);
    assert!(tidy.iter().all(|row| row["WorkerId"] == "A1W1"), "{out}");
    assert_eq!((tidy[0]["Field"].as_str(), tidy[0]["Value"].as_str()), ("label", "no"));
    assert!(tidy[0]["SubmitTime"].ends_with('Z'), "{out}");

    let (out, _) = lab.run(&["export", "-o", "jsonl", "--offline"], 0);
    let objects: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects.len(), HITS * WORKERS);
    assert_eq!(objects[0]["Input"]["text"], "Text 0");
    assert_eq!(objects[0]["Answer"]["label"], "yes");

    let (out, _) = lab.run(&["export", "--format", "tools", "--offline"], 0);
    assert_eq!(out.lines().count(), 1 + HITS * WORKERS);
    assert!(out.lines().all(|line| line.split('\t').all(|cell| cell.starts_with('"') && cell.ends_with('"'))), "{out}");

    let (_, err) = lab.run(&["export", "-o", "json", "--offline"], 2);
    assert!(err.contains("--format jsonl"), "{err}");
    let (_, err) = lab.run(&["export", "--where", "nonsense:1", "--offline"], 2);
    assert!(err.contains("--where"), "{err}");
}

#[test]
fn a_file_is_private_whole_and_not_replaced_unasked() {
    let lab = Lab::open();
    let path = lab.home.path().join("out.csv");
    let file = path.to_str().unwrap();
    let (out, err) = lab.run(&["export", "--to", file], 0);
    assert!(out.is_empty() && err.contains("out.csv"), "{err}");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(rows(&fs::read_to_string(&path).unwrap()).len(), HITS * WORKERS);
    fs::write(&path, "marked by hand").unwrap();
    let (_, err) = lab.run(&["export", "--to", file], 2);
    assert!(err.contains("is there already"), "{err}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "marked by hand");
    lab.run(&["export", "--to", file, "--yes"], 0);
    assert!(!path.with_added_extension("part").exists());
    let (_, err) = lab.run(&["export", "--to", "/nowhere/out.csv"], 1);
    assert!(err.contains("/nowhere/out.csv.part"), "{err}");
}

#[test]
fn pseudonyms_are_stable_keyed_and_everywhere() {
    let lab = Lab::empty();
    lab.import(
        "HITId,AssignmentId,WorkerId,Input.text,Answer.note\n\
         3H1,3A1,A1EXAMPLE0WRKR,for A2EXAMPLE7WRKR,I am a1example0wrkr\n\
         3H1,3A2,A2EXAMPLE7WRKR,for A2EXAMPLE7WRKR,=HYPERLINK(\"x\")\n",
    );
    let key = lab.home.path().join("key");
    let key = key.to_str().unwrap();
    let (first, err) = lab.run(&["export", "--pseudonymize", key], 0);
    assert!(err.contains("a new key") && err.contains("1 cell began like a formula"), "{err}");
    assert_eq!(fs::metadata(key).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!first.to_uppercase().contains("EXAMPLE0WRKR") && !first.contains("EXAMPLE7WRKR"), "{first}");
    let (second, err) = lab.run(&["export", "--pseudonymize", key], 0);
    assert_eq!(first, second);
    assert!(!err.contains("a new key"), "{err}");
    let one = &rows(&first)[0]["WorkerId"];
    assert!(one.starts_with("W-") && first.contains(&format!("I am {one}")), "{first}");
    let (other, _) = lab.run(&["export", "--pseudonymize", &format!("{key}2")], 0);
    assert_ne!(first, other);
    let (plain, _) = lab.run(&["export", "--keep-formulas"], 0);
    assert!(plain.contains("\"=HYPERLINK(\"\"x\"\")\""), "{plain}");
    lab.file("short", "no key");
    let (_, err) = lab.run(&["export", "--pseudonymize", lab.home.path().join("short").to_str().unwrap()], 1);
    assert!(err.contains("short is not a key of 32 bytes"), "{err}");
}
