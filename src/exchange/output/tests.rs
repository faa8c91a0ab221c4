use super::*;

const NASTY: &str = "a\u{1b}[31m\u{9b}2J\u{202e}x\u{7f}";

fn write(format: Format, width: Option<usize>, rows: Vec<Vec<Cell>>) -> String {
    let mut out = Vec::new();
    let columns = ["name", "reward", "time"].map(Column::from).into_iter().chain([Column::long("note", "note")]);
    let mut writer = Writer::new(&mut out, format, columns, width);
    for row in rows {
        writer.row(row).unwrap();
    }
    writer.finish().unwrap();
    String::from_utf8(out).unwrap()
}

fn rows() -> Vec<Vec<Cell>> {
    vec![
        vec!["世界".into(), Usd::cents(1_000).into(), Seconds(3_909).into(), "fine".into()],
        vec!["b".into(), Usd::cents(5).into(), Cell::Missing, NASTY.into()],
        vec!["c".into()],
    ]
}

#[test]
fn a_table_is_aligned_and_safe() {
    let text = write(Format::Table, None, rows());
    assert_eq!(
        text,
        "NAME  REWARD     TIME  NOTE\n\
         世界  $10.00  1:05:09  fine\n\
         b      $0.05        -  a·x·\n\
         c          -        -  -\n"
    );
    let narrow =
        write(Format::Table, Some(34), vec![vec!["n".into(), Cell::Missing, Cell::Missing, "long ".repeat(20).into()]]);
    assert!(narrow.lines().all(|line| line.chars().count() <= 34), "{narrow}");
    assert!(narrow.contains('…'));
    assert_eq!(write(Format::Table, None, vec![]), "NAME  REWARD  TIME  NOTE\n");
}

#[test]
fn json_is_typed_and_safe() {
    let text = write(Format::Json, None, rows());
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json[0]["reward"], "10.00");
    assert_eq!(json[0]["time"], 3_909);
    assert_eq!(json[1]["time"], serde_json::Value::Null);
    assert_eq!(json[1]["note"], NASTY, "escapes lose nothing");
    assert_eq!(write(Format::Json, None, vec![]), "[]\n");
    let lines = write(Format::Jsonl, None, rows());
    assert_eq!(lines.lines().count(), 3);
    assert!(lines.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
}

#[test]
fn csv_starts_no_formula_and_reads_back() {
    let row = vec!["=1+1".into(), Usd::cents(-5).into(), true.into(), "a \"b\", c\nd\u{1b}".into()];
    let text = write(Format::Csv, None, vec![row]);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let record = reader.records().next().unwrap().unwrap();
    assert_eq!(record, vec!["'=1+1", "-0.05", "true", "a \"b\", c\nd\u{fffd}"]);
    for start in ["+", "-", "@", "\t", "\r", "="] {
        let text = write(Format::Csv, None, vec![vec![start.into()]]);
        assert!(text.lines().nth(1).unwrap().trim_start_matches('"').starts_with('\''), "{text:?}");
    }
    assert_eq!(write(Format::Csv, None, vec![]), "name,reward,time,note\n");
}

#[test]
fn a_record_is_a_list_or_an_object() {
    let cells =
        || vec![("id".into(), Cell::from("3A")), ("answer".into(), "two\nlines".into()), ("at".into(), Time(0).into())];
    let mut out = Vec::new();
    record(&mut out, Format::Table, cells()).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), "id      3A\nanswer  two\n        lines\nat      1970-01-01 00:00Z\n");
    let mut out = Vec::new();
    record(&mut out, Format::Json, cells()).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "{\"id\":\"3A\",\"answer\":\"two\\nlines\",\"at\":\"1970-01-01T00:00:00Z\"}\n"
    );
}

#[test]
fn formats_have_names() {
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(format));
    }
    assert!("xml".parse::<Format>().unwrap_err().contains("table, json, jsonl or csv"));
}

#[test]
fn programs_read_the_names_of_the_api_and_people_short_titles() {
    let columns = || {
        let names = vec!["label".to_owned(), "sure".to_owned(), "tags".to_owned()];
        vec![
            Column::new("AssignmentId", "assignment"),
            Column::shown("answer"),
            Column::data("HITTypeId"),
            Column::fields("Answer", names),
        ]
    };
    let answer = || Cell::Json(serde_json::json!({ "tags": ["a", "b"], "label": "=yes", "other": 1 }));
    let write = |format| {
        let mut out = Vec::new();
        let mut writer = Writer::new(&mut out, format, columns(), None);
        writer.row(vec!["3A".into(), "yes".into(), "3T".into(), answer()]).unwrap();
        writer.row(vec!["3B".into()]).unwrap();
        writer.finish().unwrap();
        String::from_utf8(out).unwrap()
    };
    assert_eq!(write(Format::Table), "ASSIGNMENT  ANSWER\n3A          yes\n3B          -\n");
    assert_eq!(
        write(Format::Csv),
        "AssignmentId,HITTypeId,Answer.label,Answer.sure,Answer.tags\n3A,3T,'=yes,,a|b\n3B,,,,\n"
    );
    assert_eq!(
        write(Format::Jsonl).lines().next().unwrap(),
        r#"{"AssignmentId":"3A","HITTypeId":"3T","Answer":{"tags":["a","b"],"label":"=yes","other":1}}"#
    );
}

#[test]
fn a_narrow_table_clips_long_text_then_leaves_columns_out() {
    let write = |width| {
        let columns = vec!["id".into(), Column::long("answer", "answer"), "reward".into(), "batch".into()];
        let mut out = Vec::new();
        let mut writer = Writer::new(&mut out, Format::Table, columns, Some(width));
        let id = "3MXUWLR7V3MXUWLR7V";
        writer.row(vec![id.into(), "x".repeat(50).into(), Usd::cents(5).into(), "pilot".into()]).unwrap();
        writer.finish().unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains(id), "{text}");
        assert!(text.lines().all(|line| line.len() <= width.max(id.len()) + "…".len()), "{width}: {text}");
        text.lines().next().unwrap().split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(write(100), ["ID", "ANSWER", "REWARD", "BATCH"]);
    assert_eq!(write(50), ["ID", "ANSWER", "REWARD", "BATCH"]);
    assert_eq!(write(40), ["ID", "ANSWER", "REWARD"]);
    assert_eq!(write(32), ["ID", "ANSWER"]);
    assert_eq!(write(10), ["ID"]);
}

#[test]
fn records_of_people_leave_out_what_is_missing() {
    let columns = || vec![Column::new("Id", "id"), Column::new("Note", "note")];
    let rows = || vec![vec!["3A".into(), Cell::Missing], vec!["3B".into(), "late".into()]];
    let mut out = Vec::new();
    records(&mut out, Format::Table, columns(), rows()).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), "id  3A\n\nid    3B\nnote  late\n");
    let mut out = Vec::new();
    records(&mut out, Format::Json, columns(), rows()).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(json, serde_json::json!([{ "Id": "3A", "Note": null }, { "Id": "3B", "Note": "late" }]));
}
