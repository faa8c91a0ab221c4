use super::*;
use crate::domain::pseudonym::Pseudonyms;
use crate::exchange::batch_results::{Reader, ResultRow};
use crate::question::answer::{posted, write};
use proptest::prelude::*;

fn hit() -> ResultHit {
    ResultHit {
        id: "3HIT1".into(),
        type_id: Some("3TYPE1".into()),
        batch: "pilot".into(),
        title: "Does it rain, or \"not\"?".into(),
        keywords: "rain, weather".into(),
        reward: Usd::cents(5),
        created: Some(Time(1_516_640_400)),
        expires: Some(Time(1_517_245_200)),
        max_assignments: 2,
        counters: [0, 0, 1],
        status: "Reviewable",
        review_status: "NotReviewed".into(),
        annotation: "BatchId:77;".into(),
        duration: Seconds(600),
        auto_approval_delay: Seconds(259_200),
        inputs: vec![("text".into(), "A fox\nover two lines".into()), ("url".into(), "https://x.example/?a&b".into())],
        ..ResultHit::default()
    }
}

/// An answer of a worker, decided as `status` says.
struct Answered {
    document: String,
    posted: Vec<(String, String)>,
    given: Given,
}

impl Answered {
    fn of(fields: &[(&str, &str)]) -> Self {
        let document = write(fields);
        Answered { posted: posted(&document), document, given: Given::new() }
    }

    fn work(&self) -> Work<'_> {
        Work {
            id: "3ASG1",
            worker: "A1EXAMPLE0WRKR",
            status: AssignmentStatus::Rejected,
            accepted: Some(Time(1_516_739_180)),
            submitted: Some(Time(1_516_739_222)),
            auto_approval: Some(Time(1_516_998_422)),
            decided: Some(Time(1_516_800_000)),
            by: Some("ada@lab"),
            feedback: "empty answer",
            note: None,
            rates: Some([(2, 1), (0, 0), (5, 0)]),
            answer: &self.document,
            posted: &self.posted,
            mark: None,
            given: &self.given,
        }
    }
}

fn columns(inputs: &[&str], answers: &[&str]) -> Columns {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Columns { inputs: names(inputs), answers: names(answers) }
}

fn written(layout: Layout, columns: Columns, manner: Manner, hit: ResultHit, work: &[Work<'_>]) -> (String, Tally) {
    let mut out = Vec::new();
    let mut writer = ResultsWriter::new(&mut out, layout, columns, manner).unwrap();
    writer.hit(hit);
    for work in work {
        writer.work(work).unwrap();
    }
    if work.is_empty() {
        writer.no_work().unwrap();
    }
    let tally = writer.finish().unwrap();
    (String::from_utf8(out).unwrap(), tally)
}

fn website(answered: &Answered, manner: Manner) -> String {
    let names: Vec<&str> = answered.posted.iter().map(|(name, _)| name.as_str()).collect();
    written(Layout::Website, columns(&["text", "url"], &names), manner, hit(), &[answered.work()]).0
}

#[test]
fn the_website_layout_is_the_websites() {
    let answered = Answered::of(&[("label", "yes"), ("note", "fine, thanks")]);
    let text = website(&answered, Manner::default());
    let (header, row) = text.split_once('\n').unwrap();
    assert_eq!(
        header,
        "\"HITId\",\"HITTypeId\",\"Title\",\"Description\",\"Keywords\",\"Reward\",\"CreationTime\",\"MaxAssignments\",\
         \"RequesterAnnotation\",\"AssignmentDurationInSeconds\",\"AutoApprovalDelayInSeconds\",\"Expiration\",\
         \"NumberOfSimilarHITs\",\"LifetimeInSeconds\",\"AssignmentId\",\"WorkerId\",\"AssignmentStatus\",\
         \"AcceptTime\",\"SubmitTime\",\"AutoApprovalTime\",\"ApprovalTime\",\"RejectionTime\",\"RequesterFeedback\",\
         \"WorkTimeInSeconds\",\"LifetimeApprovalRate\",\"Last30DaysApprovalRate\",\"Last7DaysApprovalRate\",\
         \"Input.text\",\"Input.url\",\"Answer.label\",\"Answer.note\",\"Approve\",\"Reject\""
    );
    assert_eq!(
        row,
        "\"3HIT1\",\"3TYPE1\",\"Does it rain, or \"\"not\"\"?\",\"\",\"rain, weather\",\"$0.05\",\
         \"Mon Jan 22 09:00:00 PST 2018\",\"2\",\"BatchId:77;\",\"600\",\"259200\",\"Mon Jan 29 09:00:00 PST 2018\",\"\",\
         \"\",\"3ASG1\",\"A1EXAMPLE0WRKR\",\"Rejected\",\"Tue Jan 23 12:26:20 PST 2018\",\
         \"Tue Jan 23 12:27:02 PST 2018\",\"Fri Jan 26 12:27:02 PST 2018\",\"\",\"Wed Jan 24 05:20:00 PST 2018\",\
         \"empty answer\",\"42\",\"67% (2/3)\",\"0% (0/0)\",\"100% (5/5)\",\"A fox\nover two lines\",\
         \"https://x.example/?a&b\",\"yes\",\"fine, thanks\",\"\",\"\"\n"
    );
}

#[test]
fn marks_are_those_of_the_website() {
    let answered = Answered::of(&[]);
    for (mark, end) in
        [(Mark::Approve, "\"x\",\"\"\n"), (Mark::Reject("not \"an\" answer"), "\"\",\"not \"\"an\"\" answer\"\n")]
    {
        let work = Work { mark: Some(mark), ..answered.work() };
        let (text, _) = written(Layout::Website, Columns::default(), Manner::default(), hit(), &[work]);
        assert!(text.ends_with(end), "{text}");
    }
}

#[test]
fn formulas_are_defused_and_counted_unless_they_are_wanted() {
    let answered = Answered::of(&[("a", "=1+1"), ("b", "-5"), ("c", "@x")]);
    let names = || columns(&[], &["a", "b", "c"]);
    let (text, tally) = written(Layout::Website, names(), Manner::default(), hit(), &[answered.work()]);
    assert!(text.contains("\"'=1+1\",\"-5\",\"'@x\""), "{text}");
    assert_eq!(tally, Tally { assignments: 1, defused: 2 });
    let manner = Manner { keep_formulas: true, ..Manner::default() };
    let (text, tally) = written(Layout::Website, names(), manner, hit(), &[answered.work()]);
    assert!(text.contains("\"=1+1\",\"-5\",\"@x\""), "{text}");
    assert_eq!(tally.defused, 0);
}

#[test]
fn a_file_for_programs_keeps_every_byte_and_a_terminal_sees_no_controls() {
    let answered = Answered::of(&[("a", "don\u{92}t")]);
    assert!(website(&answered, Manner::default()).contains("don\u{92}t"));
    let manner = Manner { for_terminal: true, ..Manner::default() };
    assert!(website(&answered, manner).contains("don\u{fffd}t"));
}

#[test]
fn a_tidy_table_has_a_row_for_each_answer() {
    let answered = Answered::of(&[("taskAnswers", "[{\"age\":{\"18-25\":false,\"26-35\":true},\"why\":\"so, so\"}]")]);
    let empty = Answered::of(&[]);
    let work = [answered.work(), Work { id: "3ASG2", accepted: None, submitted: None, ..empty.work() }];
    let (text, tally) = written(Layout::Tidy, columns(&["text"], &[]), Manner::default(), hit(), &work);
    let head = "\"pilot\",\"Does it rain, or \"\"not\"\"?\",\"3HIT1\",\"3TYPE1\",";
    let first =
        "\"3ASG1\",\"A1EXAMPLE0WRKR\",\"Rejected\",\"2018-01-23T20:26:20Z\",\"2018-01-23T20:27:02Z\",\"42\",\"0.05\",";
    let second = "\"3ASG2\",\"A1EXAMPLE0WRKR\",\"Rejected\",\"\",\"\",\"\",\"0.05\",";
    let input = ",\"A fox\nover two lines\"";
    let expected = [
        "\"Batch\",\"Title\",\"HITId\",\"HITTypeId\",\"AssignmentId\",\"WorkerId\",\"AssignmentStatus\",\"AcceptTime\",\
         \"SubmitTime\",\"WorkTimeInSeconds\",\"Reward\",\"Field\",\"Value\",\"Input.text\""
            .to_owned(),
        format!("{head}{first}\"age\",\"26-35\"{input}"),
        format!("{head}{first}\"why\",\"so, so\"{input}"),
        format!("{head}{second}\"\",\"\"{input}"),
    ];
    assert_eq!(text, expected.join("\n") + "\n");
    assert_eq!(tally.assignments, 2);
}

#[test]
fn json_lines_hold_the_decoded_answer() {
    let answered = Answered::of(&[("taskAnswers", "[{\"on\":{\"on\":true},\"tags\":[\"a\",\"b\"]}]")]);
    let (text, _) = written(Layout::Jsonl, Columns::default(), Manner::default(), hit(), &[answered.work()]);
    let object: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(object["Answer"], serde_json::json!({ "on": true, "tags": ["a", "b"] }));
    assert_eq!(object["Input"]["text"], "A fox\nover two lines");
    assert_eq!((&object["SubmitTime"], &object["ApprovalTime"]), (&"2018-01-23T20:27:02Z".into(), &().into()));
    assert_eq!((&object["Reward"], &object["DecidedBy"]), (&"0.05".into(), &"ada@lab".into()));
}

#[test]
fn the_tools_file_has_tabs_and_a_row_for_a_hit_without_work() {
    let answered = Answered::of(&[("label", "no")]);
    let (text, _) = written(Layout::Tools, columns(&[], &["label"]), Manner::default(), hit(), &[answered.work()]);
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows[0].len(), 30);
    assert_eq!((rows[0][0], rows[0][28], rows[0][29]), ("\"hitid\"", "\"reject\"", "\"Answer.label\""));
    assert_eq!((rows[1].len(), rows[1][18], rows[1][28], rows[1][29]), (30, "\"3ASG1\"", "\"y\"", "\"no\""));
    let (text, tally) = written(Layout::Tools, columns(&[], &["label"]), Manner::default(), hit(), &[]);
    let row: Vec<&str> = text.lines().nth(1).unwrap().split('\t').collect();
    assert_eq!((row.len(), row[0], row[18], row[29]), (30, "\"3HIT1\"", "\"\"", "\"\""));
    assert_eq!(tally.assignments, 0);
}

#[test]
fn no_layout_names_a_worker_when_pseudonyms_are_wanted() {
    let names = Pseudonyms::new([7; 32]);
    let redactor = Redactor::new(names.clone(), ["A1EXAMPLE0WRKR", "A2EXAMPLE7WRKR"]);
    let manner = Manner { redactor: Some(redactor), ..Manner::default() };
    let answered = Answered::of(&[
        ("A1EXAMPLE0WRKR", "x"),
        ("taskAnswers", "[{\"me\":\"A1EXAMPLE0WRKR\",\"A2EXAMPLE7WRKR\":\"a2example7wrkr\"}]"),
    ]);
    let mut hit = hit();
    hit.annotation = "for A2EXAMPLE7WRKR".into();
    hit.title = "Like A1EXAMPLE0WRKR?".into();
    hit.inputs.push(("A1EXAMPLE0WRKR".into(), "seen by a1example0wrkr".into()));
    let work = Work {
        feedback: "Dear A1EXAMPLE0WRKR",
        note: Some("A2EXAMPLE7WRKR again"),
        mark: Some(Mark::Reject("as A2EXAMPLE7WRKR")),
        ..answered.work()
    };
    for layout in [Layout::Website, Layout::Tidy, Layout::Jsonl, Layout::Tools] {
        let columns = columns(&["text", "A1EXAMPLE0WRKR"], &["A1EXAMPLE0WRKR", "taskAnswers"]);
        let (text, _) = written(layout, columns, manner.clone(), hit.clone(), std::slice::from_ref(&work));
        let upper = text.to_ascii_uppercase();
        assert!(!upper.contains("A1EXAMPLE0WRKR") && !upper.contains("A2EXAMPLE7WRKR"), "{layout:?}: {text}");
        assert!(text.contains(&names.of("A1EXAMPLE0WRKR")), "{layout:?}: {text}");
    }
}

fn read_again(text: &str) -> ResultRow {
    let rows: Result<Vec<ResultRow>, _> = Reader::new(text.as_bytes()).unwrap().collect();
    rows.unwrap().remove(0)
}

proptest! {
    /// Whatever stands in a cell, the reader of such files finds it again: references, quotes, formulas, line ends.
    #[test]
    fn what_is_written_is_read_again(
        texts in proptest::collection::vec("[a-z&;#0-9\"',=+@<> \n\t\r|é\u{92}]{0,12}|&amp;lt;|&#44;|'=x|\\PC{0,8}", 3),
        keep_formulas: bool,
    ) {
        let answered = Answered::of(&[("a", &texts[0])]);
        let mut hit = hit();
        hit.inputs = vec![("text".into(), texts[1].clone())];
        let mut given = Given::new();
        given.insert("LifetimeApprovalRate".into(), "99% (&#45;)".into());
        let work = Work { feedback: &texts[2], given: &given, ..answered.work() };
        let manner = Manner { keep_formulas, ..Manner::default() };
        let (text, _) = written(Layout::Website, columns(&["text"], &["a"]), manner, hit, &[work]);
        let row = read_again(&text);
        // The document cannot hold every character, and the file holds what the document does.
        let answer = answered.posted[0].1.as_str();
        if !keep_formulas {
            prop_assert_eq!(&row.answers[0].1, answer);
            prop_assert_eq!(&row.inputs[0].1, &texts[1]);
            prop_assert_eq!(&row.feedback, &texts[2]);
        } else if !texts.iter().any(|text| text.starts_with('\'')) {
            prop_assert_eq!(&row.answers[0].1, answer);
            prop_assert_eq!(&row.inputs[0].1, &texts[1]);
        }
    }
}
