use super::*;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::io::{self, BufReader, Write};

fn members(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn hit() -> Map<String, Value> {
    members(json!({
        "Question": "<HTMLQuestion/>", "HITId": "3HIT", "HITTypeId": "3TYPE", "HITGroupId": "3GROUP", "Title": "T",
        "CreationTime": 1.558393704E9, "Expiration": 1558480104, "Reward": "0.05", "HITStatus": "Reviewable",
        "MaxAssignments": 2, "NumberOfAssignmentsPending": 0, "NumberOfAssignmentsAvailable": 0,
        "NumberOfAssignmentsCompleted": 1, "FromTheFuture": {"b": 1, "a": [null, 2.5]}, "QualificationRequirements": [
            {"LocaleValues": [{"Subdivision": "NY", "Country": "US"}], "Comparator": "In", "QualificationTypeId": "00000000000000000071",
             "RequiredToPreview": false, "ActionsGuarded": "Accept"}]
    }))
}

/// A file of these records, as written, with what the manifest is to say of it.
fn file(records: &[Record]) -> (Vec<u8>, Sums) {
    let mut writer = LineWriter::new(Vec::new());
    for record in records {
        writer.line(&record.line()).unwrap();
    }
    writer.commit();
    let sums = writer.committed().clone();
    (writer.flushed().unwrap().clone(), sums)
}

fn assignment(id: &str, hit: &str) -> Record {
    let wire = json!({"AssignmentId": id, "HITId": hit, "WorkerId": "A1W", "AssignmentStatus": "Submitted", "Answer": "ü\u{202e}"});
    Record::of(Kind::Assignments, members(wire))
}

#[test]
fn a_record_keeps_every_member_and_tells_times_in_words() {
    let record = Record::of(Kind::Hits, hit());
    let line = record.line();
    assert!(
        line.starts_with(
            r#"{"HITId":"3HIT","HITTypeId":"3TYPE","HITGroupId":"3GROUP","CreationTime":"2019-05-20T23:08:24Z""#
        ),
        "{line}"
    );
    assert!(line.contains(r#""FromTheFuture":{"a":[null,2.5],"b":1}"#), "{line}");
    assert_eq!(record.members.len(), hit().len());
    let read = record.hit().unwrap();
    assert_eq!((read.created.0, read.expires.0, read.max_assignments), (1_558_393_704, 1_558_480_104, 2));
    assert_eq!(read.requirements[0].locales, ["US-NY"]);
    // A fraction of a second is not lost.
    let record = Record::of(Kind::Blocks, members(json!({"GrantTime": 1558393704.25})));
    assert_eq!(record.line(), r#"{"GrantTime":"2019-05-20T23:08:24.25Z"}"#);
}

#[test]
fn a_record_that_cannot_be_used_says_which_member_and_why() {
    let with = |member: &str, value: Value| {
        let mut hit = hit();
        hit.insert(member.to_owned(), value);
        Record::of(Kind::Hits, hit).hit().unwrap_err().to_string()
    };
    assert_eq!(with("Reward", json!(5)), "Reward: expected a text, found 5");
    assert_eq!(with("HITId", Value::Null), "HITId: it is not there");
    assert_eq!(with("CreationTime", json!("yesterday")), "CreationTime: expected a time in UTC, found \"yesterday\"");
    assert_eq!(with("HITStatus", json!("Lost")), "HITStatus: expected one of the API's names, found \"Lost\"");
    assert_eq!(with("MaxAssignments", json!(-1)), "MaxAssignments: expected a whole number, found -1");
}

#[test]
fn a_file_goes_on_where_it_was_left() {
    let records: Vec<Record> = (0..5).map(|n| assignment(&format!("3A{n}"), "3HIT")).collect();
    let (whole, sums) = file(&records);
    let (first, _) = file(&records[..2]);
    let mut shown = Vec::new();
    let mut writer =
        LineWriter::behind(BufReader::new(&first[..]), first.clone(), |line| shown.push(line.to_owned())).unwrap();
    assert_eq!((shown.len(), writer.committed().records), (2, 2));
    for record in &records[2..] {
        writer.line(&record.line()).unwrap();
    }
    assert_eq!(writer.committed().records, 2, "what was not committed does not count");
    writer.commit();
    assert_eq!(writer.committed(), &sums);
    assert_eq!(writer.flushed().unwrap(), &whole);
}

#[test]
fn what_is_written_to_a_full_disk_is_an_error() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut writer = LineWriter::new(Full);
    let written = writer.line("{}").and_then(|()| writer.flushed().map(|_| ()));
    assert_eq!(written.unwrap_err().kind(), io::ErrorKind::StorageFull);
}

fn faults(hits: &[u8], hit_sums: &Sums, work: &[u8], work_sums: &Sums) -> Vec<String> {
    let mut checker = Checker::default();
    checker.file(Kind::Hits, hits, hit_sums, |_| ());
    checker.file(Kind::Assignments, work, work_sums, |_| ());
    checker.faults().iter().map(ToString::to_string).collect()
}

#[test]
fn every_damage_is_named_with_its_file_and_line() {
    let mut wire = hit();
    wire.remove("HITTypeId");
    let (hits, hit_sums) = file(&[Record::of(Kind::Hits, wire)]);
    let (work, sums) = file(&[assignment("3A1", "3HIT"), assignment("3A2", "3HIT"), assignment("3A3", "3HIT")]);
    assert_eq!(faults(&hits, &hit_sums, &work, &sums), Vec::<String>::new());

    // A letter became another one.
    let at = work.windows(3).rposition(|three| three == b"A1W").unwrap();
    let mut flipped = work.clone();
    flipped[at + 1] ^= 1;
    assert_eq!(
        faults(&hits, &hit_sums, &flipped, &sums),
        ["assignments.jsonl: its hash is not that of the manifest: its content was changed or is damaged"]
    );
    // Cut off in the middle of a line.
    let cut = &work[..work.len() - 9];
    let found = faults(&hits, &hit_sums, cut, &sums);
    assert!(found[0].starts_with("assignments.jsonl: the manifest says 3 records in "), "{found:?}");
    assert!(found[1].starts_with("assignments.jsonl, line 3: it cannot be read: no JSON object: "), "{found:?}");
    assert!(found[1].ends_with("; the line is cut off"), "{found:?}");
    // A line that names what is not there, one that is there twice, and bytes that are no text.
    let (odd, odd_sums) = file(&[assignment("3A1", "3NONE"), assignment("3A2", "3HIT"), assignment("3A2", "3HIT")]);
    assert_eq!(
        faults(&hits, &hit_sums, &odd, &odd_sums),
        [
            "assignments.jsonl, line 1: HITId 3NONE is not in hits.jsonl",
            "assignments.jsonl, line 3: 3A2 is there twice"
        ]
    );
    let mut bytes = work.clone();
    bytes[at] = 0xff;
    let found = faults(&hits, &hit_sums, &bytes, &sums);
    assert!(found.iter().any(|fault| fault == "assignments.jsonl, line 3: it cannot be read: no UTF-8"), "{found:?}");
}

#[test]
fn very_many_damaged_lines_are_counted() {
    let (work, sums) = file(&(0..100).map(|n| assignment(&format!("3A{n}"), "3NONE")).collect::<Vec<_>>());
    let (hits, hit_sums) = file(&[]);
    let found = faults(&hits, &hit_sums, &work, &sums);
    assert_eq!((found.len(), found[20].as_str()), (21, "assignments.jsonl: 80 more lines like these"));
}

#[test]
fn a_manifest_says_what_it_is() {
    let begun = "2026-09-01T00:00:00Z".to_owned();
    let mut manifest = Manifest::begin("hitdeck 0".into(), "http://127.0.0.1:1/".into(), "LAB1".into(), begun);
    let (_, sums) = file(&[assignment("3A1", "3HIT")]);
    manifest.files.push(File { name: Kind::Assignments.file().to_owned(), sums: sums.clone() });
    let text = manifest.to_text();
    assert_eq!(Manifest::parse(&text).unwrap(), manifest);
    assert_eq!(manifest.sums(Kind::Assignments), Some(&sums));
    let newer = text.replace("\"version\": 1", "\"version\": 7");
    assert_eq!(Manifest::parse(&newer), Err(ManifestError::Newer { found: 7 }));
    assert!(matches!(Manifest::parse("{}"), Err(ManifestError::NotOne(_))));
    assert!(matches!(Manifest::parse(&text.replace("hitdeck-archive", "x")), Err(ManifestError::NotOne(_))));
    let escaping = text.replace("assignments.jsonl", "../../etc/passwd");
    assert_eq!(Manifest::parse(&escaping), Err(ManifestError::File("../../etc/passwd".into())));
}

#[test]
fn what_has_changed_since_is_told() {
    let bonus = |amount: &str| {
        let wire = json!({"AssignmentId": "3A1", "WorkerId": "A1W", "BonusAmount": amount, "Reason": "r"});
        Record::of(Kind::Bonuses, members(wire))
    };
    let before = [assignment("3A1", "3HIT"), assignment("3A2", "3HIT"), bonus("1.00")];
    let mut index = Index::default();
    before.iter().for_each(|record| index.add(record));
    let mut decided = assignment("3A2", "3HIT");
    decided.members.insert("AssignmentStatus".into(), json!("Approved"));
    let now = [decided, assignment("3A3", "3HIT"), bonus("1.00"), bonus("2.00")];
    let mut found: Vec<_> = now.iter().filter_map(|record| index.meet(record)).collect();
    found.extend(before.iter().filter_map(|record| index.missed(record)));
    let found: Vec<_> = found.into_iter().map(|it| (it.id, it.change)).collect();
    assert_eq!(
        found,
        [
            ("3A2".to_owned(), Change::Changed),
            ("3A3".to_owned(), Change::New),
            ("3A1 2.00".to_owned(), Change::New),
            ("3A1".to_owned(), Change::Gone)
        ]
    );
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[A-Za-z]{0,12}", inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever an endpoint sends comes back from the file as it was written, and writing it again changes nothing.
    #[test]
    fn records_come_back_as_they_were_written(sent in prop::collection::btree_map("[A-Za-z]{1,12}|HITId|SubmitTime", value(), 0..8)) {
        let sent: Map<String, Value> = sent.into_iter().collect();
        let record = Record::of(Kind::Hits, sent.clone());
        prop_assert_eq!(record.members.len(), sent.len());
        let line = record.line();
        prop_assert!(!line.contains('\n'));
        let (bytes, _) = file(std::slice::from_ref(&record));
        let read = LineReader::new(&bytes[..]).record(Kind::Hits).unwrap().unwrap();
        prop_assert_eq!(&read, &record);
        let again = Record::of(Kind::Hits, read.members);
        prop_assert_eq!(again.line(), line);
    }
}
