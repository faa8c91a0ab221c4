//! `hitdeck review import`: marks made outside come back as decisions.

use super::lab::{Lab, assignment};

#[test]
fn an_export_is_marked_outside_and_comes_back() {
    let lab = Lab::open();
    lab.run(&["assignment", "reject", &assignment(2, 0), "--feedback", "by mistake"], 0);
    lab.run(&["assignment", "approve", &assignment(2, 1)], 0);
    let (csv, _) = lab.run(&["export"], 0);
    // As a spreadsheet gives it back: marks in the last two columns.
    let file = lab.file("reviewed.csv", "");
    let marks: Vec<(String, usize, &str)> = vec![
        (assignment(0, 0), 1, "x"),
        (assignment(0, 1), 0, "not, \"an\" answer"),
        (assignment(2, 0), 1, "X"),
        (assignment(2, 1), 1, "x"),
    ];
    rewrite(&file, &csv, &marks);
    let (_, err) = lab.run(&["review", "import", &file, "--dry-run"], 0);
    assert!(err.contains("review: 1 approval, 1 rejection, 1 override of a rejection"), "{err}");
    assert!(err.contains("nothing to do for 1: already approved"), "{err}");
    assert!(err.contains("A1W1  1 rejection (100 % rejected)"), "{err}");
    assert!(err.contains("lines without effect: 16 undecided"), "{err}");
    assert_eq!(lab.status(&assignment(0, 0)), "Submitted");

    // Nobody can be asked here.
    let (_, err) = lab.run(&["review", "import", &file], 2);
    assert!(err.contains("--yes"), "{err}");
    let done = lab.json(&["review", "import", &file, "--yes"], 0);
    assert_eq!(done.as_array().unwrap().len(), 3);
    assert_eq!(lab.status(&assignment(0, 0)), "Approved");
    assert_eq!(lab.status(&assignment(0, 1)), "Rejected");
    assert_eq!(lab.status(&assignment(2, 0)), "Approved");
    let shown = lab.json(&["assignment", "show", &assignment(0, 1)], 0);
    assert_eq!(shown[0]["RequesterFeedback"], "not, \"an\" answer");
    // Again is nothing new.
    let (_, err) = lab.run(&["review", "import", &file, "--yes"], 0);
    assert!(err.contains("nothing to do for 1: already rejected"), "{err}");
}

/// Writes the rows of a results file again, with marks so many columns before the last.
fn rewrite(path: &str, csv: &str, marks: &[(String, usize, &str)]) {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let mut writer = csv::Writer::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    writer.write_record(&header).unwrap();
    let id = header.iter().position(|name| name == "AssignmentId").unwrap();
    for row in reader.records() {
        let mut row: Vec<String> = row.unwrap().iter().map(str::to_owned).collect();
        if let Some((_, back, text)) = marks.iter().find(|(wanted, ..)| *wanted == row[id]) {
            let place = row.len() - 1 - back;
            row[place] = (*text).to_owned();
        }
        writer.write_record(&row).unwrap();
    }
    writer.flush().unwrap();
}

#[test]
fn files_of_the_command_line_tools_are_followed() {
    let lab = Lab::open();
    let approve = lab.file(
        "a.approve",
        &format!("assignmentIDToApprove\tassignmentIDToApproveComment\n{}\tthanks\n", assignment(0, 0)),
    );
    let reject = lab.file("a.reject", &format!("assignmentIdToReject\n{}\n{}\n", assignment(0, 1), assignment(0, 2)));
    lab.run(&["review", "import", &approve, "--yes"], 0);
    assert_eq!(lab.status(&assignment(0, 0)), "Approved");
    let (_, err) = lab.run(&["review", "import", &reject, "--yes"], 6);
    assert!(err.contains(&format!("a.reject:2: {}: the file says no reason", assignment(0, 1))), "{err}");
    lab.run(&["review", "import", &reject, "--yes", "--feedback", "empty"], 0);
    assert_eq!(lab.status(&assignment(0, 2)), "Rejected");
    let (results, _) = lab.run(&["export", "--format", "tools", "--where", "hit:3HIT1"], 0);
    let results = lab.file("a.results", &results.replacen("\t\"\"\t\"Comment 3\"", "\t\"spam\"\t\"Comment 3\"", 1));
    let (_, err) = lab.run(&["review", "import", &results, "--yes"], 0);
    assert!(err.contains("4 approvals, 1 rejection"), "{err}");
    assert_eq!((lab.status(&assignment(1, 3)), lab.status(&assignment(1, 4))), ("Rejected".into(), "Approved".into()));
}

#[test]
fn broken_lines_stop_the_file_until_they_are_left_out() {
    let lab = Lab::open();
    let (good, bad) = (assignment(0, 0), assignment(0, 1));
    let file = lab.file("r.csv", &format!("AssignmentId,Approve,Reject\n{good},x,\n{bad},x,no\n3NOBODY,x,\n"));
    let (_, err) = lab.run(&["review", "import", &file, "--yes"], 1);
    assert!(err.contains("r.csv:3: it is approved and rejected") && err.contains("nothing was decided"), "{err}");
    assert_eq!(lab.status(&good), "Submitted");
    let (_, err) = lab.run(&["review", "import", &file, "--yes", "--skip-broken"], 6);
    assert!(err.contains("r.csv:4: 3NOBODY: not in this account"), "{err}");
    assert_eq!((lab.status(&good), lab.status(&bad)), ("Approved".into(), "Submitted".into()));
    let (_, err) = lab.run(&["review", "import", "/nowhere.csv"], 1);
    assert!(err.contains("/nowhere.csv"), "{err}");
}

#[test]
fn a_mass_rejection_meets_the_brake() {
    let lab = Lab::open();
    let mut text = "assignmentIdToReject\tassignmentIdToRejectComment\n".to_owned();
    for (hit, worker) in (0..4).flat_map(|hit| (0..3).map(move |worker| (hit, worker))) {
        text += &format!("{}\tno\n", assignment(hit, worker));
    }
    let file = lab.file("all.reject", &text);
    let (_, err) = lab.run(&["review", "import", &file], 2);
    assert!(err.contains("that is a mass rejection") && err.contains("Type review 12 rejections"), "{err}");
    assert_eq!(lab.status(&assignment(0, 0)), "Submitted");
}
