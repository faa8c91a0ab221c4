//! Files about workers: bonuses, the requester website's worker CSV, what answers share, and the most that one may do.

use super::lab::{Lab, assignment};
use serde_json::{Value, json};

fn csv(rows: &[&str]) -> String {
    rows.iter().map(|row| format!("{row}\n")).collect()
}

#[test]
fn a_file_of_bonuses_pays_each_what_it_says_and_only_once() {
    let lab = Lab::open();
    let bonuses = csv(&[
        "WorkerId,AssignmentId,BonusAmount,Reason",
        &format!("A1W0,{},0.50,Found a mistake", assignment(0, 0)),
        "A1W1,,$0.25,",
        &format!(",{},0.10,Quick", assignment(2, 2)),
        "A1W3,,,",
    ]);
    let file = lab.file("bonuses.csv", &bonuses);
    let bonus = ["worker", "bonus", "--file", &file, "--reason", "Thank you"];
    let (_, err) = lab.run(&bonus, 2);
    assert!(err.contains("--yes"), "what a file names is not decided without a yes: {err}");
    let (_, err) = lab.run(&[&bonus[..], &["--dry-run"]].concat(), 0);
    assert!(err.contains("pay bonuses from a file: 3, $0.85 and $0.17 in fees"), "{err}");
    assert!(err.contains("1 line without an amount left out"), "{err}");
    assert_eq!(lab.paid("bonus"), Vec::<String>::new());
    let done = lab.json(&[&bonus[..], &["--yes"]].concat(), 0);
    let amounts: Vec<(&Value, &Value)> =
        done.as_array().unwrap().iter().map(|row| (&row["AssignmentId"], &row["BonusAmount"])).collect();
    assert_eq!(
        amounts,
        [
            (&json!(assignment(0, 0)), &json!("0.50")),
            (&json!(assignment(3, 1)), &json!("0.25")),
            (&json!(assignment(2, 2)), &json!("0.10"))
        ]
    );
    assert_eq!(lab.paid("bonus").len(), 3);

    // The same file by somebody who did not see how it ended pays nothing more.
    let (_, err) = lab.run(&[&bonus[..], &["--yes"]].concat(), 0);
    assert!(err.contains("nothing to do for 3: paid before, the same amount for the same reason"), "{err}");
    assert_eq!(lab.paid("bonus").len(), 3);
    let more = lab.file("more.csv", &csv(&["worker,amount", "A1W1,0.30"]));
    lab.run(&["worker", "bonus", "--file", &more, "--reason", "Thank you", "--yes"], 0);
    assert_eq!(lab.paid("bonus").len(), 4, "another amount is another bonus");
    lab.run(&["worker", "bonus", "--file", &more, "--reason", "Thank you", "--yes", "--again"], 0);
    assert_eq!(lab.paid("bonus").len(), 5);
}

#[test]
fn a_broken_line_stops_a_file_of_bonuses_and_each_is_named() {
    let lab = Lab::open();
    let rows = [
        "WorkerId\tAssignmentId\tAmount\tReason",
        "A1W0\t\t0.50\tgood",
        "nobody\t\t0.50\tgood",
        &format!("A1W1\t{}\t0.50\tgood", assignment(0, 2)),
        "A1W2\t3NOSUCH\t0.50\tgood",
        "A9NOBODY\t\t0.50\tgood",
        "A1W3\t\t5000\tgood",
        "A1W4\t\tmuch\tgood",
        "A1W0\t\t0.10\tmore",
    ];
    let file = lab.file("bonuses.tsv", &csv(&rows));
    let (_, err) = lab.run(&["worker", "bonus", "--file", &file, "--yes"], 1);
    for (line, why) in [
        (3, "nobody"),
        (4, "is the work of A1W2, not of A1W1"),
        (5, "there is no assignment 3NOSUCH"),
        (6, "no assignment to pay a bonus on; `hitdeck worker pay A9NOBODY"),
        (7, "bonus_limit"),
        (8, "much"),
        (9, "A1W0 stands in line 2 already"),
    ] {
        assert!(
            err.lines().any(|text| text.contains(&format!("bonuses.tsv:{line}: ")) && text.contains(why)),
            "{line} {why}: {err}"
        );
    }
    assert!(err.contains("7 of 8 lines broken") && err.contains("nothing was paid"), "{err}");
    assert_eq!(lab.paid("bonus"), Vec::<String>::new());
    lab.run(&["worker", "bonus", "--file", &file, "--yes", "--skip-broken"], 6);
    assert_eq!(lab.paid("bonus"), [assignment(3, 0)]);
    let plain = lab.file("plain.txt", "A1W1\nA1W2\n");
    let (_, err) = lab.run(&["worker", "bonus", "--file", &plain, "--reason", "x"], 2);
    assert!(err.contains("--amount or --total"), "a list of workers has no amounts: {err}");
    lab.run(&["worker", "bonus", "--file", &plain, "--reason", "x", "--amount", "0.05", "--yes"], 0);
    assert_eq!(lab.paid("bonus").len(), 3);
}

#[test]
fn the_websites_worker_file_goes_out_and_comes_back_changed() {
    let lab = Lab::open();
    lab.qualification("Skill", &[]);
    lab.qualification("Took part", &[]);
    lab.run(&["assignment", "approve", &assignment(0, 0)], 0);
    lab.run(&["qual", "grant", "Skill", "A1W0", "--score", "80"], 0);
    lab.run(&["worker", "block", "A1W4", "--reason", "x"], 0);
    let (out, _) = lab.run(&["worker", "export"], 0);
    let mut lines = out.lines();
    let header = lines.next().unwrap();
    assert!(header.starts_with("Worker ID,Number of HITs approved or rejected - Lifetime,"), "{header}");
    assert!(header.contains("CURRENT-Skill,UPDATE-Skill,CURRENT-Took part,UPDATE-Took part,"), "{header}");
    assert!(out.contains("A1W0,1,1,100.00%,") && out.contains(",80,,,,Never Blocked,"), "{out}");
    assert!(out.contains(",Blocked,\n"), "{out}");
    let file = lab.file("workers.csv", &out);
    let (_, err) = lab.run(&["worker", "import", &file], 0);
    assert!(err.contains("import workers: 0 changes"), "as it went out it changes nothing: {err}");

    let changed = csv(&[
        "Worker ID,CURRENT-Skill,UPDATE-Skill,UPDATE-Took part,UPDATE-BlockStatus",
        "A1W0,80,Revoke,100,",
        "A1W1,,55,100,Block",
        "A1W4,,,,Unblock",
    ]);
    let file = lab.file("changed.csv", &changed);
    let import = ["worker", "import", &file, "--reason", "Scripted", "--yes"];
    let (_, err) = lab.run(&[&import[..], &["--dry-run"]].concat(), 0);
    assert!(err.contains("import workers: 6 changes") && err.contains("can cost them their account"), "{err}");
    lab.run(&import, 0);
    assert_eq!(lab.scores("Skill"), [("A1W1".to_owned(), 55)]);
    assert_eq!(lab.scores("Took part"), [("A1W0".to_owned(), 100), ("A1W1".to_owned(), 100)]);
    assert_eq!(lab.json(&["worker", "blocked"], 0), json!([{ "WorkerId": "A1W1", "Reason": "Scripted" }]));
    let (_, err) = lab.run(&import, 0);
    assert!(err.contains("import workers: 0 changes"), "the same file again changes nothing: {err}");

    let broken = csv(&["Worker ID,UPDATE-Skill,UPDATE-BlockStatus", "A1W2,700,", "A1W3,5,perhaps", "nobody,5,"]);
    let broken = lab.file("broken.csv", &broken);
    let (_, err) = lab.run(&["worker", "import", &broken, "--yes"], 1);
    assert!(err.contains("broken.csv:2: 700 is not a score") && err.contains("broken.csv:4: "), "{err}");
    assert_eq!(err.matches("broken.csv:3: ").count(), 1, "each broken line is named once: {err}");
    assert_eq!(lab.scores("Skill").len(), 1, "nothing of a broken file is applied");
}

#[test]
fn who_has_done_enough_is_excluded_from_then_on() {
    let lab = Lab::open();
    lab.qualification("Had enough", &[]);
    let exclude = ["worker", "exclude", "--after", "4", "--qual", "Had enough", "--yes"];
    lab.run(&exclude, 0);
    assert_eq!(lab.scores("Had enough").len(), 5, "each of them has sent four");
    let (_, err) = lab.run(&exclude, 0);
    assert!(err.contains("nothing to do for 5"), "{err}");
    lab.qualification("Enough of the pilot", &[]);
    let too_many = ["worker", "exclude", "--after", "5", "--batch", "pilot", "--qual", "Enough of the pilot", "--yes"];
    lab.run(&too_many, 0);
    assert_eq!(lab.scores("Enough of the pilot"), []);
}

#[test]
fn answers_that_share_an_address_are_found_where_the_task_recorded_it() {
    let lab = Lab::open();
    let (_, err) = lab.run(&["worker", "duplicates"], 1);
    assert!(err.contains("no answer has a field called ip") && err.contains("MTurk tells nobody"), "{err}");
    let shared = lab.json(&["worker", "duplicates", "--field", "label"], 0);
    let groups = shared.as_array().unwrap();
    assert!(!groups.is_empty() && groups[0]["Field"] == "label", "{shared}");
    assert!(groups[0]["NumberOfWorkers"].as_u64().unwrap() > 1, "{shared}");
    let empty = Lab::empty();
    empty.import(&csv(&[
        "HITId,HITTypeId,Title,Reward,MaxAssignments,AssignmentId,WorkerId,AssignmentStatus,Answer.label,Answer.IP_Address",
        "3HITA,3TYPE,A,$0.05,3,3ASA,A1ONE,Submitted,yes,10.0.0.1",
        "3HITA,3TYPE,A,$0.05,3,3ASB,A2TWO,Submitted,no,10.0.0.1",
        "3HITA,3TYPE,A,$0.05,3,3ASC,A3THREE,Submitted,no,10.0.0.2",
    ]));
    let shared = empty.json(&["worker", "duplicates"], 0);
    assert_eq!(shared.as_array().unwrap().len(), 1, "{shared}");
    assert_eq!((&shared[0]["Value"], &shared[0]["WorkerIds"]), (&json!("10.0.0.1"), &json!(["A1ONE", "A2TWO"])));
}
