use super::*;
use rstest::rstest;

fn file(text: &str) -> ReviewFile {
    read(text.as_bytes()).unwrap()
}

fn approve(feedback: Option<&str>) -> Verdict {
    Verdict::Approve { feedback: feedback.map(str::to_owned) }
}

fn reject(reason: Option<&str>) -> Verdict {
    Verdict::Reject { reason: reason.map(str::to_owned) }
}

/// Line, assignment and verdict of each line that can be followed.
fn verdicts(file: &ReviewFile) -> Vec<(u64, &str, &Verdict)> {
    file.lines.iter().map(|line| (line.line, line.assignment.as_str(), &line.verdict)).collect()
}

fn broken(file: &ReviewFile) -> Vec<String> {
    file.broken.iter().map(|line| format!("{}: {}", line.line, line.why)).collect()
}

#[test]
fn the_websites_marks_are_the_websites() {
    let file = file(
        "\u{feff}\"AssignmentId\",\"Answer.text\",\"Approve\",\"Reject\"\n\"3A1\",\"two\nlines\",\"x\",\"\"\n\
         \"3A2\",\"\",\"X\",\" \"\n\"3A3\",\"\",\"\",\"not &quot;an&quot; answer\"\n\"3A4\",\"\",\"\",\"\"\n\
         \"3A5\",\"\",\"x\",\"no\"\n\"3A6\",\"\",\"yes\",\"\"\n,,,\n",
    );
    assert_eq!(file.kind, Kind::Website);
    let (yes, no) = (approve(None), reject(Some("not \"an\" answer")));
    assert_eq!(verdicts(&file), [(2, "3A1", &yes), (4, "3A2", &yes), (5, "3A3", &no)]);
    assert_eq!(file.undecided, 1);
    assert_eq!(
        broken(&file),
        ["7: it is approved and rejected: both columns are filled", "8: column Approve: an x approves, not \"yes\""]
    );
}

#[test]
fn a_file_with_more_columns_than_the_websites_is_read_too() {
    let file = file("id,type,WorkerId,hid,AssignmentId,exit,bonus,Approve,Reject\n1,a,A1,3H,3A1,,0.5,x,\n");
    assert_eq!(verdicts(&file), [(2, "3A1", &approve(None))]);
}

#[test]
fn a_results_file_rejects_by_any_text_and_approves_the_rest() {
    let file = file(
        "\"hitid\"\t\"assignmentid\"\t\"assignmentstatus\"\t\"feedback\"\t\"reject\"\t\"Answer.q\"\n\
         \"3H1\"\t\"3A1\"\t\"Submitted\"\t\"\"\t\"\"\t\"yes\"\n\"3H1\"\t\"3A2\"\t\"Submitted\"\t\"too short\"\t\"y\"\t\"\"\n\
         \"3H1\"\t\"3A3\"\t\"Submitted\"\t\"\"\t\"spam\"\n\"hitid\"\t\"assignmentid\"\t\"assignmentstatus\"\t\"feedback\"\t\
         \"reject\"\t\"Answer.q\"\n\"3H2\"\t\"\"\t\"\"\t\"\"\t\"\"\t\"\"\n\"3H1\"\t\"3A4\"\t\"Rejected\"\t\"\"\t\"y\"\t\"\"\n\
         \"3H1\"\t\"3A5\"\t\"Submitted\"\t\"\"\t\"x\"\t\"\"\n",
    );
    assert_eq!(file.kind, Kind::Results);
    let expected = [
        (2, "3A1", &approve(None)),
        (3, "3A2", &reject(Some("too short"))),
        (4, "3A3", &reject(Some("spam"))),
        (8, "3A5", &reject(None)),
    ];
    assert_eq!(verdicts(&file), expected);
    assert_eq!((file.undecided, file.broken.len()), (2, 0));
}

#[test]
fn a_results_file_without_its_reject_column_approves_all() {
    let file = file("hitid\tassignmentid\n3H1\t3A1\n3H1\t3A2\n");
    assert!(file.lines.iter().all(|line| line.verdict == approve(None)) && file.lines.len() == 2);
}

#[rstest]
#[case("assignmentIdToApprove\n3A1\n", Kind::ApproveFile, approve(None))]
#[case(
    "assignmentIDToApprove\tassignmentIDToApproveComment\n3A1\tthanks\n",
    Kind::ApproveFile,
    approve(Some("thanks"))
)]
#[case(
    "\"assignmentIdToReject\"\t\"assignmentIdToRejectComment\"\n\"3A1\"\t\"no\"\n",
    Kind::RejectFile,
    reject(Some("no"))
)]
#[case("assignmentIdToReject,assignmentIdToRejectComment\n3A1,no\n", Kind::RejectFile, reject(Some("no")))]
#[case("ASSIGNMENTIDTOREJECT\r\n3A1\r\n", Kind::RejectFile, reject(None))]
fn approve_and_reject_files_in_all_spellings(#[case] text: &str, #[case] kind: Kind, #[case] verdict: Verdict) {
    let file = file(text);
    assert_eq!((file.kind, verdicts(&file)), (kind, vec![(2, "3A1", &verdict)]));
}

#[test]
fn broken_lines_are_named_and_spoil_no_other() {
    let long = "x".repeat(1_025);
    let file = file(&format!(
        "AssignmentId,Approve,Reject\n3A1,x\n3a2,x,\n3A3,,{long}\n3A4,x,\n3A4,x,\n3A4,,no\n,x,\n3A5,,bell\u{7}\n"
    ));
    assert_eq!(verdicts(&file), [(5, "3A4", &approve(None))]);
    assert_eq!(file.repeated, 1);
    let broken = broken(&file);
    for (found, part) in broken.iter().zip([
        "2: 2 cells where the header has 3",
        "3: column AssignmentId: \"3a2\" is not a",
        "4: 3A3: 1025 characters; at most 1024",
        "7: 3A4 is decided otherwise in line 5",
        "8: column AssignmentId: \"\" is not a",
        "9: 3A5: a control character at column 5",
    ]) {
        assert!(found.starts_with(part), "{found}");
    }
    assert_eq!(broken.len(), 6);
    let latin = read(&b"AssignmentId,Approve,Reject\n3A1,,caf\xe9\n3A2,x,\n"[..]).unwrap();
    assert!(latin.broken[0].why.starts_with("column Reject: the text is not UTF-8"), "{latin:?}");
    assert_eq!(latin.lines.len(), 1);
}

#[rstest]
#[case("", "it is empty")]
#[case("PK\u{3}\u{4}", "Excel")]
#[case("name,value\n", "there are: name, value")]
#[case("HITId,AssignmentId\n", "neither an Approve nor a Reject column")]
fn what_is_no_reviewed_file_is_said(#[case] text: &str, #[case] why: &str) {
    let error = read(text.as_bytes()).unwrap_err().to_string();
    assert!(error.contains(why), "{error}");
}

proptest::proptest! {
    #[test]
    fn no_file_makes_it_fail_badly(text in "[3A1x,\t\n\"]{0,40}|AssignmentId,Approve,Reject\n[3A1x,\n\"\u{e9}]{0,60}") {
        let _ = read(text.as_bytes());
    }
}

#[test]
fn a_wrong_quote_is_named_and_decides_nothing() {
    let file = file("AssignmentId,Approve,Reject\n3A1,x,\n3A2,,\"not \"an\" answer\"\n3A3,x,\n");
    assert_eq!(file.lines.len(), 2);
    assert!(broken(&file)[0].starts_with("3: column Reject: text stands behind the closing quote"));
    let error = read("AssignmentId,Approve,Reject\n3A1,x,\n3A2,,\"no answer\n3A3,x,\n".as_bytes()).unwrap_err();
    assert!(error.to_string().starts_with("line 3, column Reject: a quote opens here and never closes"), "{error}");
}
