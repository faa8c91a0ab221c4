use super::*;

const NASTY: &str = "a\u{1b}[31m\u{9b}2J\u{202e}x\u{7f}";

fn write(format: Format, width: Option<usize>, rows: Vec<Vec<Cell>>) -> String {
    let mut out = Vec::new();
    let mut writer = Writer::new(&mut out, format, ["name", "reward", "time", "note"], width);
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
        write(Format::Table, Some(30), vec![vec!["n".into(), Cell::Missing, Cell::Missing, "long ".repeat(20).into()]]);
    assert!(narrow.lines().all(|line| line.chars().count() <= 30), "{narrow}");
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
    let cells = || vec![("id", Cell::from("3A")), ("answer", Cell::from("two\nlines")), ("at", Cell::from(Time(0)))];
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
