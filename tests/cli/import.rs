//! `hitdeck import`: files as an account without an endpoint, and back out again.

use super::lab::{hitdeck_in, ran};
use hitdeck::exchange::formula;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::TempDir;

const WEBSITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/batch_results.csv");

/// A home without any endpoint.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Home(TempDir::new().unwrap())
    }

    fn run(&self, arguments: &[&str], code: i32) -> (String, String) {
        ran(hitdeck_in(self.0.path()).args(arguments), code)
    }

    fn json(&self, arguments: &[&str], code: i32) -> serde_json::Value {
        let (out, err) = self.run(&[arguments, &["-o", "json"]].concat(), code);
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}\n{err}"))
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

type Row = BTreeMap<String, String>;

/// The rows of a CSV by AssignmentId.
fn rows(csv: &str) -> BTreeMap<String, Row> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let row = |row: Result<Row, csv::Error>| {
        let row: Row = row.unwrap();
        (row["AssignmentId"].clone(), row)
    };
    reader.deserialize().map(row).collect()
}

/// Every cell of the first is in the second.
fn assert_all_there(first: &str, second: &str) {
    let (first, second) = (rows(first), rows(second));
    assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
    for (id, row) in first {
        for (name, cell) in row {
            assert_eq!(second[&id].get(&name), Some(&cell), "{id}, {name}");
        }
    }
}

#[test]
fn a_websites_file_goes_out_as_it_came_in() {
    let home = Home::new();
    let done = home.json(&["import", WEBSITE, "--as", "rain"], 0);
    assert_eq!(
        (&done["Env"], &done["Assignments"], &done["Undecided"]),
        (&"offline:rain".into(), &4.into(), &2.into())
    );
    assert_eq!(done["Staged"], 1);
    let batches = home.json(&["batch", "list", "--env", "offline:rain"], 0);
    let listed = batches.as_array().unwrap();
    assert!(!listed.is_empty());
    for batch in listed {
        let shown = home.json(&["batch", "status", batch["Batch"].as_str().unwrap(), "--env", "offline:rain"], 0);
        assert_eq!(batch["HITs"], shown.as_array().unwrap().len());
    }
    let (out, err) = home.run(&["export", "--env", "offline:rain"], 0);
    let original = std::fs::read_to_string(WEBSITE).unwrap();
    assert_eq!(out.lines().next(), original.lines().next(), "{err}");
    assert_all_there(&original, &out);
    // And again: what was exported is imported as what it was.
    let again = home.file("again.csv", &out);
    home.run(&["import", &again], 0);
    let (twice, _) = home.run(&["export", "--env", "offline:again"], 0);
    assert_eq!(out, twice);
}

#[test]
fn an_account_of_files_is_searched_and_reviewed_and_never_sends() {
    let home = Home::new();
    home.run(&["import", WEBSITE, "--as", "rain"], 0);
    let offline = ["--env", "offline:rain"];
    let with = |arguments: &[&'static str]| [arguments, &offline].concat();
    let found = home.json(&with(&["assignment", "list", "--where", "answer.label:yes status:submitted"]), 0);
    assert_eq!(found.as_array().unwrap().len(), 2);
    let hits = home.json(&with(&["hit", "list"]), 0);
    assert_eq!((&hits[0]["NumberOfAssignmentsCompleted"], &hits[0]["MaxAssignments"]), (&1.into(), &2.into()));
    let id = "3ASGAAAAAAAAAAAAAAAAAAAAAAAAA1";
    let (_, err) = home.run(&with(&["assignment", "reject", id, "--feedback", "=no"]), 0);
    assert!(err.contains("nothing is sent"), "{err}");
    let (out, _) = home.run(&with(&["export"]), 0);
    let rows = rows(&out);
    assert_eq!((rows[id]["Approve"].as_str(), rows[id]["Reject"].as_str()), ("", "'=no"));
    assert_eq!(rows[id]["AssignmentStatus"], "Submitted");
    assert_eq!(rows["3ASGAAAAAAAAAAAAAAAAAAAAAAAAA4"]["Approve"], "x");
    for command in [&["outbox", "send"][..], &["balance"], &["worker", "block", "A1EXAMPLE0WRKR", "--reason", "x"]] {
        let (_, err) = home.run(&[command, &offline, &["--yes"]].concat(), if command[0] == "worker" { 0 } else { 1 });
        assert!(err.contains("read from files"), "{command:?}: {err}");
    }
    let shown = home.json(&with(&["worker", "show", "A1EXAMPLE0WRKR"]), 0);
    assert_eq!(shown[0]["WorkerId"], "A1EXAMPLE0WRKR");
    let (_, err) = home.run(&["hit", "list", "--env", "offline:sun"], 2);
    assert!(err.contains("there is no account offline:sun") && err.contains("offline:rain"), "{err}");
    let (_, err) = home.run(&["hit", "list", "--env", "offline:rain", "--endpoint", "http://127.0.0.1:1"], 3);
    assert!(err.contains("no endpoint"), "{err}");
}

#[test]
fn files_of_other_programs_are_opened_with_their_own_identifiers() {
    let home = Home::new();
    let turkle = "HITId,HITTypeId,Title,CreationTime,MaxAssignments,AssignmentDurationInSeconds,AssignmentId,WorkerId,\
                  AcceptTime,SubmitTime,WorkTimeInSeconds,Input.text,Answer.label,Turkle.Username\n\
                  12,3,Rain?,Mon Jan 22 17:00:00 UTC 2018,2,24,101,7,Tue Jan 23 20:26:20 UTC 2018,\
                  Tue Jan 23 20:27:02 UTC 2018,42,A fox,yes,ada\n\
                  12,3,Rain?,Mon Jan 22 17:00:00 UTC 2018,2,24,102,worker_b,Tue Jan 23 20:26:20 UTC 2018,\
                  Tue Jan 23 20:27:02 UTC 2018,40,A fox,no,bob\n";
    let file = home.file("turkle.csv", turkle);
    home.run(&["import", &file], 0);
    let (out, _) = home.run(&["export", "--env", "offline:turkle"], 0);
    let known: Vec<String> = turkle.lines().map(|line| line.rsplit_once(',').unwrap().0.to_owned()).collect();
    assert_all_there(&known.join("\n"), &out);
    let (out, _) = home.run(&["export", "--env", "offline:turkle", "--format", "jsonl"], 0);
    assert!(out.contains("\"WorkerId\":\"worker_b\""), "{out}");
}

#[test]
fn the_tools_file_and_dumps_are_opened() {
    let home = Home::new();
    home.run(&["import", WEBSITE, "--as", "rain"], 0);
    let (tools, _) = home.run(&["export", "--env", "offline:rain", "--format", "tools"], 0);
    // Appended files, a HIT without work, a row that is too short.
    let header = tools.lines().next().unwrap().to_owned();
    let file = home.file("rain.results", &format!("{tools}{header}\n\"3HITEMPTY\"\t\"3TYPE\"\t\"\"\n"));
    home.run(&["import", &file, "--as", "tools"], 0);
    let (again, _) = home.run(&["export", "--env", "offline:tools", "--format", "tools"], 0);
    // The staged mark is the website's; the tools have none for an approval.
    assert_eq!(tools, again);

    let dump = home.file(
        "dump.json",
        r#"{"HITs":[{"HITId":"3H1","HITTypeId":"3T1","Title":"Rain?","Reward":"0.05","MaxAssignments":2,
            "CreationTime":"2018-01-22 09:00:00-08:00","Expiration":"2018-01-29 09:00:00-08:00"}]}
           {"Assignments":[{"AssignmentId":"3A1","WorkerId":"A1X","HITId":"3H1","AssignmentStatus":"Submitted",
            "SubmitTime":"2018-01-23T20:27:02+00:00","Answer":"<QuestionFormAnswers><Answer><QuestionIdentifier>label</QuestionIdentifier><FreeText>yes</FreeText></Answer></QuestionFormAnswers>"}]}"#,
    );
    home.run(&["import", &dump], 0);
    let (out, _) = home.run(&["export", "--env", "offline:dump"], 0);
    let row = &rows(&out)["3A1"];
    assert_eq!((row["Answer.label"].as_str(), row["SubmitTime"].as_str()), ("yes", "Tue Jan 23 12:27:02 PST 2018"));
}

#[test]
fn what_is_broken_is_named_and_nothing_is_kept() {
    let home = Home::new();
    let good = "HITId,AssignmentId,WorkerId,SubmitTime\n3H,3A,A1,\n";
    let bad = home.file("bad.csv", &format!("{good}3H,3B,A2,noon\n3H,3A,A3,\n3H,3C\n"));
    let good = home.file("good.csv", good);
    let (_, err) = home.run(&["import", &good, &bad, "--as", "x"], 1);
    for part in [
        "bad.csv: row 3 (line 3), column SubmitTime: \"noon\" is not a time",
        "bad.csv: row 4 (line 4), column AssignmentId: 3A is there twice",
        "bad.csv: row 5 (line 5) has 2 cells where the header has 4",
        "3 rows broken; nothing was imported",
    ] {
        assert!(err.contains(part), "{part}: {err}");
    }
    let (_, err) = home.run(&["hit", "list", "--env", "offline:x"], 2);
    assert!(err.contains("there is no account"), "{err}");
    let json = home.file("bad.json", "{\"HITs\": [}");
    let (_, err) = home.run(&["import", &json], 1);
    assert!(err.contains("bad.json: line 1, column 11"), "{err}");
    let (_, err) = home.run(&["import", home.0.path().to_str().unwrap()], 1);
    assert!(err.contains("it is a directory"), "{err}");
    let (_, err) = home.run(&["import", "/nowhere.csv"], 1);
    assert!(err.contains("/nowhere.csv"), "{err}");
    let (_, err) = home.run(&["import", &good, "--as", "a/b"], 2);
    assert!(err.contains("cannot be the name"), "{err}");
    assert!(Path::new(&good).exists());
}

/// Texts that have hurt readers and writers of such files.
fn nasty() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ,;'\"&#<>=+@|\\n\\r\\t-]{0,12}",
        "=[A-Z]{1,3}\\([a-z]\\)|'=x|''@y|-5|\\+1|&amp;lt;|&#44;|&copy",
        "[\\u{80}-\\u{9f}\\u{e9}\\u{3b1}\\u{4e2d}\\u{1f600}]{0,4}",
    ]
}

/// A row of a file that is as untidy as real ones.
fn untidy() -> impl Strategy<Value = Vec<String>> {
    let time = prop_oneof![
        Just(String::new()),
        Just("Tue Jan 23 12:27:02 PST 2018".into()),
        Just("2018-01-23T20:27:02Z".into())
    ];
    let number =
        prop_oneof![Just(String::new()), Just("0".into()), Just("042".into()), (1u32..9).prop_map(|n| n.to_string())];
    let reward = prop_oneof![Just(String::new()), Just("$0.05".into()), Just("0.5".into()), Just("$1,000.00".into())];
    let status = prop_oneof![Just("Submitted"), Just("Approved"), Just("Rejected")].prop_map(str::to_owned);
    let worker = prop_oneof![Just("A1EXAMPLE0WRKR"), Just("7"), Just("worker_b")].prop_map(str::to_owned);
    let cells = (time.clone(), time, number, reward, status, worker, nasty(), nasty(), nasty());
    cells
        .prop_map(|(a, b, number, reward, status, worker, x, y, z)| vec![a, b, number, reward, status, worker, x, y, z])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    /// Whatever stands in the cells of a website's file, an export gives it back.
    #[test]
    fn every_untidy_file_goes_out_as_it_came_in(untidy in proptest::collection::vec(untidy(), 1..40)) {
        let home = Home::new();
        let mut text = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
        let header = "HITId,AssignmentId,CreationTime,SubmitTime,WorkTimeInSeconds,Reward,AssignmentStatus,WorkerId,\
                      LifetimeApprovalRate,Input.text,Answer.note,Approve,Reject";
        text.write_record(header.split(',')).unwrap();
        for (number, row) in untidy.iter().enumerate() {
            let ids = [format!("3H{}", number / 3), format!("3A{number}")];
            text.write_record(ids.iter().chain(row).chain(&[String::new(), String::new()])).unwrap();
        }
        let text = String::from_utf8(text.into_inner().unwrap()).unwrap();
        let file = home.file("untidy.csv", &text);
        home.run(&["import", &file], 0);
        let (out, _) = home.run(&["export", "--env", "offline:untidy"], 0);
        let again = home.file("again.csv", &out);
        home.run(&["import", &again], 0);
        let (twice, _) = home.run(&["export", "--env", "offline:again"], 0);
        prop_assert_eq!(&out, &twice);
        // Of a HIT the first row speaks.
        let first = |row: &Row| untidy[row["HITId"][2..].parse::<usize>().unwrap() * 3].clone();
        let (before, after) = (rows(&text), rows(&out));
        for (id, row) in before {
            let of_hit = first(&row);
            for (name, cell) in &row {
                let expected = match name.as_str() {
                    "CreationTime" => &of_hit[0],
                    "Reward" => &of_hit[3],
                    "Input.text" => &of_hit[7],
                    _ => cell,
                };
                // A formula gets its apostrophe, and has it only once.
                let expected = formula::defuse(formula::restore(expected)).into_owned();
                prop_assert_eq!(after[&id].get(name), Some(&expected), "{}, {}", id, name);
            }
        }
    }
}

/// Marks that say nothing are named by row, the others are staged.
#[test]
fn marks_that_contradict_themselves_are_named_by_row() {
    let home = tempfile::TempDir::new().unwrap();
    let file = home.path().join("marked.csv");
    std::fs::write(
        &file,
        "HITId,AssignmentId,WorkerId,Answer.x,Approve,Reject\n3H,3A1,A1W1,1,x,\n3H,3A2,A1W2,2,x,Too short\n\
         3H,3A3,A1W3,3,yes,\n3H,3A4,A1W4,4,,Too long\n",
    )
    .unwrap();
    let file = file.to_str().unwrap();
    let (out, err) = ran(hitdeck_in(home.path()).args(["import", file, "-o", "json"]), 6);
    assert!(err.contains("marked.csv: row 3: 3A2: it is approved and rejected: both columns are filled"), "{err}");
    assert!(err.contains("marked.csv: row 4: 3A3: column Approve: an x approves, not \"yes\""), "{err}");
    let read: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&read["Assignments"], &read["Staged"]), (&4.into(), &2.into()), "{read:#}");
}
