//! Reading: balance, HITs, assignments, in every form.

use super::lab::{HITS, Lab, WORKERS, assignment};

#[test]
fn the_balance_is_what_the_market_holds() {
    let lab = Lab::empty();
    assert_eq!(lab.json(&["balance"], 0)["AvailableBalance"], "10000.00");
    assert_eq!(lab.run(&["balance"], 0).0, "available  $10,000.00\non hold    -\n");
}

#[test]
fn hits_are_listed_with_their_progress() {
    let lab = Lab::open();
    lab.run(&["assignment", "approve", &assignment(1, 0), "--yes"], 0);
    let hits = lab.json(&["hit", "list", "--batch", "pilot"], 0);
    assert_eq!(hits.as_array().unwrap().len(), HITS);
    let second = hits.as_array().unwrap().iter().find(|hit| hit["HITId"] == "3HIT1").unwrap();
    assert_eq!(
        (&second["Undecided"], &second["NumberOfAssignmentsCompleted"], &second["MaxAssignments"]),
        (&4.into(), &1.into(), &5.into())
    );
    assert_eq!(second["Reward"], "0.05");
    assert!(second["NextAutoApprovalTime"].is_string());
    assert_eq!(lab.json(&["hit", "list", "--batch", "other"], 0), serde_json::json!([]));
    let reviewable = lab.json(&["hit", "list", "--status", "reviewable"], 0);
    assert!(reviewable.as_array().unwrap().iter().all(|hit| hit["HITStatus"] == "Reviewable"));
}

#[test]
fn the_hits_that_go_soonest_come_first() {
    let lab = Lab::open();
    lab.run(&["hit", "expire", "3HIT2", "--yes"], 0);
    let hits = lab.json(&["hit", "list", "--sort", "purge"], 0);
    let times: Vec<_> = hits.as_array().unwrap().iter().map(|hit| hit["PurgeTime"].as_str().unwrap()).collect();
    assert!(times.is_sorted() && times.len() == HITS, "{times:?}");
    let shown = &lab.json(&["hit", "show", "3HIT1"], 0)[0];
    assert!(shown["PurgeTime"].as_str() > shown["CreationTime"].as_str(), "{shown}");
}

#[test]
fn a_hit_is_shown_with_its_question() {
    let lab = Lab::open();
    let shown = lab.json(&["hit", "show", "3HIT0"], 0);
    assert_eq!(shown[0]["Title"], "Does it follow?");
    assert!(shown[0]["Question"].as_str().unwrap().contains("Text 0"));
    let (_, err) = lab.run(&["hit", "show", "3NOSUCHHIT"], 6);
    assert!(err.contains("3NOSUCHHIT: not in this account"), "{err}");
}

#[test]
fn assignments_come_in_every_form() {
    let lab = Lab::open();
    let (table, _) = lab.run(&["assignment", "list", "--where", "worker:A1W1"], 0);
    assert_eq!(table.lines().count(), 1 + HITS);
    assert!(table.starts_with("ASSIGNMENT "), "{table}");
    assert!(table.contains("label: no"), "{table}");
    let (csv, _) = lab.run(&["-o", "csv", "assignment", "list"], 0);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let at = reader.headers().unwrap().iter().position(|name| name == "Reward").unwrap();
    let records: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), HITS * WORKERS);
    assert!(records.iter().all(|record| &record[at] == "0.05"));
    let (lines, _) = lab.run(&["assignment", "list", "-o", "jsonl", "--limit", "3"], 0);
    let lines: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["AssignmentStatus"], "Submitted");
    assert_eq!(lab.json(&["assignment", "list", "--where", "status:approved"], 0), serde_json::json!([]));
}

#[test]
fn queries_look_into_answers() {
    let lab = Lab::open();
    let count = |query: &str| lab.json(&["assignment", "list", "--where", query], 0).as_array().unwrap().len();
    assert_eq!(count("answer.label:no"), 2 * HITS);
    assert_eq!(count("answer.label:no -worker:A1W1"), HITS);
    assert_eq!(count("hit:3HIT2 or worker:A1W0"), WORKERS + HITS - 1);
    assert_eq!(count("\"comment 3\""), HITS);
    assert_eq!(count("time<32s"), 2 * HITS);
    assert_eq!(count("reward>=0.10"), 0);
}

#[test]
fn a_query_that_cannot_be_read_shows_the_column() {
    let lab = Lab::open();
    let (out, err) = lab.run(&["assignment", "list", "--where", "status:submitted stats:x"], 2);
    assert_eq!(out, "");
    assert!(err.contains("column 18") && err.contains("did you mean status?"), "{err}");
    let (_, err) = lab.run(&["assignment", "list", "--where", "agree<0.5"], 2);
    assert!(err.contains("not there yet"), "{err}");
}

#[test]
fn an_assignment_is_shown_with_item_answer_and_the_others() {
    let lab = Lab::open();
    let shown = lab.json(&["assignment", "show", &assignment(2, 1)], 0);
    let shown = &shown[0];
    assert_eq!((&shown["WorkerId"], &shown["HITId"]), (&"A1W1".into(), &"3HIT2".into()));
    assert_eq!(shown["Answer"], serde_json::json!({"comment": "Comment 1", "label": "no"}));
    assert_eq!(shown["Others"].as_array().unwrap().len(), WORKERS - 1);
    assert!(shown["Item"].to_string().contains("Text 2"), "{}", shown["Item"]);
    let (text, _) = lab.run(&["assignment", "show", &assignment(2, 1)], 0);
    assert!(text.contains("Comment 1") && text.contains("Text 2") && text.contains("A1W4 (Submitted)"), "{text}");
}

#[test]
fn what_is_not_there_is_named_and_the_rest_is_shown() {
    let lab = Lab::open();
    let (out, err) = lab.run(&["assignment", "show", &assignment(0, 0), "3NOSUCHASSIGNMENT"], 6);
    assert!(out.contains("A1W0"), "{out}");
    assert_eq!(err, "3NOSUCHASSIGNMENT: not in this account\n");
}

#[test]
fn the_mirror_is_read_offline() {
    let lab = Lab::open();
    let synced = lab.json(&["sync"], 0);
    assert_eq!((&synced["HITs"], &synced["Assignments"]), (&HITS.into(), &(HITS * WORKERS).into()));
    let offline = |arguments: &[&str]| {
        let mut command = lab.hitdeck(arguments);
        // The same account and address; nobody can be reached through this proxy-less port once the market is gone.
        command.args(["--offline", "-o", "json"]);
        let (out, _) = super::lab::ran(&mut command, 0);
        serde_json::from_str::<serde_json::Value>(&out).unwrap()
    };
    let before = offline(&["assignment", "list"]);
    lab.run(&["assignment", "approve", &assignment(0, 0), "--yes"], 0);
    assert_eq!(before.as_array().unwrap().len(), HITS * WORKERS);
    assert_eq!(offline(&["hit", "list"]).as_array().unwrap().len(), HITS);
}

#[test]
fn a_closed_pipe_is_an_end_and_not_an_error() {
    let lab = Lab::open();
    lab.run(&["sync"], 0);
    let program = assert_cmd::cargo::cargo_bin("hitdeck");
    let shell = format!("{} -o jsonl assignment list --offline | true; exit ${{PIPESTATUS[0]}}", program.display());
    let mut command = std::process::Command::new("bash");
    command
        .args(["-c", &shell])
        .env("HOME", lab.home.path())
        .env("AWS_ENDPOINT_URL_MTURK", &lab.market.endpoint)
        .env("AWS_ACCESS_KEY_ID", &lab.market.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &lab.market.secret_access_key);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stderr, b"");
}

#[test]
fn programs_read_the_names_of_the_api() {
    let lab = Lab::open();
    lab.run(&["assignment", "approve", &assignment(0, 0), "--feedback", "Thanks", "--yes"], 0);
    lab.run(&["assignment", "reject", &assignment(0, 1), "--feedback", "Empty.", "--yes"], 0);
    let all = lab.json(&["assignment", "list", "--where", "hit:3HIT0"], 0);
    let of = |worker: &str| all.as_array().unwrap().iter().find(|it| it["WorkerId"] == worker).unwrap().clone();
    let (approved, rejected, open) = (of("A1W0"), of("A1W1"), of("A1W2"));
    assert_eq!((&approved["AssignmentId"], &approved["HITId"]), (&assignment(0, 0).into(), &"3HIT0".into()));
    assert_eq!(
        (&approved["AssignmentStatus"], &rejected["AssignmentStatus"]),
        (&"Approved".into(), &"Rejected".into())
    );
    assert!(approved["ApprovalTime"].as_str().unwrap().ends_with('Z') && approved["RejectionTime"].is_null());
    assert!(rejected["RejectionTime"].as_str().unwrap().ends_with('Z') && rejected["ApprovalTime"].is_null());
    assert!(open["ApprovalTime"].is_null() && open["RejectionTime"].is_null() && open["DecidedBy"].is_null());
    assert_eq!((&approved["RequesterFeedback"], &rejected["RequesterFeedback"]), (&"Thanks".into(), &"Empty.".into()));
    assert_eq!((&open["Reward"], &open["WorkTimeInSeconds"]), (&"0.05".into(), &32.into()));
    assert_eq!((&open["Title"], &open["Batch"]), (&"Does it follow?".into(), &"pilot".into()));
    assert_eq!((&open["RequesterAnnotation"], &open["HITTypeId"]), (&"pilot".into(), &"3TYPE1".into()));
    assert_eq!(open["Answer"], serde_json::json!({ "comment": "Comment 2", "label": "yes" }));
    let (csv, _) = lab.run(&["assignment", "list", "-o", "csv"], 0);
    let header: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    for name in ["AcceptTime", "SubmitTime", "AutoApprovalTime", "Answer.comment", "Answer.label"] {
        assert!(header.contains(&name), "{name}: {header:?}");
    }
    assert!(!csv.contains("Answer,") && csv.contains(",Comment 3,no,"), "{csv}");
}

#[test]
fn what_was_listed_is_a_batch_results_file() {
    let lab = Lab::open();
    let (csv, _) = lab.run(&["assignment", "list", "-o", "csv"], 0);
    let other = Lab::empty();
    other.import(&csv);
    let again = other.json(&["assignment", "list"], 0);
    assert_eq!(again.as_array().unwrap().len(), HITS * WORKERS);
    assert_eq!(again[0]["Answer"], lab.json(&["assignment", "list"], 0)[0]["Answer"]);
}

#[test]
fn work_that_ended_before_it_began_took_nobody_knows_how_long() {
    let lab = Lab::empty();
    lab.import(
        "HITId,HITTypeId,Title,Reward,AssignmentId,WorkerId,AssignmentStatus,AcceptTime,SubmitTime,Answer.a\n\
         3HIT1,3TYPE1,T,$0.05,3ASG1,A1W1,Submitted,Tue Jan 23 12:27:02 PST 2018,Tue Jan 23 12:26:02 PST 2018,x\n",
    );
    let all = lab.json(&["assignment", "list"], 0);
    assert_eq!((&all[0]["AssignmentId"], &all[0]["WorkTimeInSeconds"]), (&"3ASG1".into(), &serde_json::Value::Null));
}
