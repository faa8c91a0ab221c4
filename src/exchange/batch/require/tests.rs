use super::*;
use crate::domain::id::QualificationTypeId;
use crate::domain::qualification::{QualificationType, TypeStatus};
use crate::domain::requirement::{Guard, Locale, Way};
use crate::domain::system_type::SystemType;
use crate::domain::time::Time;
use rstest::rstest;

const OWN: &str = "3TOOKPART0000000000000000000AB";
const FILE: &str = r#"# Our pilot.
name = "pilot"
title = "Read"   # short
description = "Read a text"
reward = "0.05"
assignments = 3
lifetime = "1h"
time_limit = "10m"
auto_approve = "3d"
template = "task.html"
consent = "none"
"#;

fn types() -> Vec<KnownType> {
    let it = QualificationType {
        id: QualificationTypeId::parse(OWN).unwrap(),
        created: Time(0),
        name: "Took \"part\"  # 2".into(),
        description: String::new(),
        keywords: None,
        status: TypeStatus::Active,
        test: None,
        test_duration: None,
        answer_key: None,
        retry_delay: None,
        requestable: true,
        auto_granted: None,
    };
    vec![KnownType { it, own: true, holders: 0, requests: 0, read_at: None }]
}

fn way(way: Way) -> Required {
    way.required(&QualificationTypeId::parse(OWN).unwrap(), 0)
}

fn places() -> Required {
    let place = |country: &str, part: Option<&str>| Locale {
        country: country.to_owned(),
        subdivision: part.map(str::to_owned),
    };
    Required {
        qualification: SystemType::Locale.id().to_owned(),
        comparator: Comparator::In,
        integers: Vec::new(),
        locales: vec![place("US", Some("NY")), place("CA", None)],
        guard: Guard::PreviewAndAccept,
    }
}

fn add(text: &str, wanted: &[Required]) -> Result<Addition, RequireError> {
    require("pilot.toml", text, wanted, &types(), false)
}

/// What a batch file requires, in the words of the API.
fn required(text: &str) -> Vec<String> {
    let spec = read("pilot.toml", text).unwrap();
    spec.requirements.iter().map(|one| one.required(&types(), false).unwrap().to_string()).collect()
}

#[test]
fn tables_stand_behind_everything_that_was_there() {
    let done = add(FILE, &[way(Way::Absent)]).unwrap();
    let table = "[[requirement]]\nqualification = \"Took \\\"part\\\"  # 2\"\ncomparator = \"does not exist\"\n\
                 action = \"discover\"\n";
    let table = table.replace("\"Took \\\"part\\\"  # 2\"", "'Took \"part\"  # 2'");
    assert_eq!(done.text, format!("{FILE}\n{table}"));
    assert_eq!(done.lines[0], (13, "[[requirement]]".to_owned()));
    assert_eq!(done.lines.len(), 4);
    assert_eq!((done.added.len(), done.there.len()), (1, 0));
    assert_eq!(required(&done.text), [format!("{OWN} DoesNotExist")]);
}

#[test]
fn the_same_again_changes_nothing() {
    let wanted = [way(Way::Above), places()];
    let once = add(FILE, &wanted).unwrap().text;
    let twice = add(&once, &wanted).unwrap();
    assert_eq!(twice.text, once);
    assert_eq!((twice.lines, twice.added), (Vec::new(), Vec::new()));
    assert_eq!(twice.there, ["Took \"part\"  # 2 > 0", "Locale in New York (US-NY), Canada (CA)"]);
    let stricter = Required { guard: Guard::DiscoverPreviewAndAccept, ..wanted[0].clone() };
    let other = add(&once, &[stricter]).unwrap();
    assert_eq!((other.text.as_str(), other.there[0].contains("with another action")), (once.as_str(), true));
}

#[rstest]
#[case::nothing("requirement = []", 1)]
#[case::blank("requirement = [  ]  # none", 1)]
#[case::one("requirement = [{ qualification = \"Adult\", comparator = \"=\", value = 1 }]", 2)]
#[case::comma("requirement = [\n  # who\n  {qualification=\"Masters\",comparator=\"exists\"}, # the best\n]", 2)]
fn a_list_in_brackets_goes_on_as_one(#[case] list: &str, #[case] count: usize) {
    let text = format!("{FILE}{list}\ngold = \"g\"\n");
    let done = add(&text, &[way(Way::Above)]).unwrap();
    assert_eq!(required(&done.text).len(), count);
    assert_eq!(required(&done.text).last().unwrap(), &format!("{OWN} GreaterThan 0"));
    assert!(done.text.starts_with(FILE) && done.text.ends_with("\ngold = \"g\"\n"), "{}", done.text);
    assert!(list.lines().all(|line| line.contains(['{', '[']) || done.text.contains(line)), "{}", done.text);
    assert_eq!(done.lines.len(), 1, "{:?}", done.lines);
    let both = add(&text, &[places(), way(Way::Absent)]).unwrap();
    assert_eq!(required(&both.text).len(), count + 1);
}

#[test]
fn ends_of_lines_and_marks_at_the_beginning_stay() {
    let windows = format!("\u{feff}{}", FILE.replace('\n', "\r\n"));
    let done = add(&windows, &[way(Way::Absent)]).unwrap();
    assert!(done.text.starts_with(&windows), "{}", done.text);
    assert_eq!(done.text.matches('\n').count(), done.text.matches("\r\n").count());
    let open = add(FILE.trim_end(), &[way(Way::Absent)]).unwrap();
    assert!(open.text.contains("consent = \"none\"\n\n[[requirement]]\n"), "{}", open.text);
}

#[test]
fn tables_go_behind_other_tables_and_comments() {
    let text = format!(
        "{FILE}[[requirement]]\nqualification = \"Adult\"\ncomparator = \"=\"\nvalue = 1\n[[review_policy]]\n\
         name = \"ScoreMyKnownAnswers\"\nAnswerKey = {{ a = \"b\" }}\n# the end\n"
    );
    let done = add(&text, &[way(Way::Absent), places()]).unwrap();
    assert!(done.text.starts_with(&text));
    assert_eq!(required(&done.text).len(), 3);
    assert_eq!(done.lines.first(), Some(&(21, "[[requirement]]".to_owned())));
}

#[test]
fn what_nobody_could_meet_is_refused_with_its_line() {
    let text = format!("{FILE}\n[[requirement]]\nqualification = \"{OWN}\"\ncomparator = \">=\"\nvalue = 50\n");
    let error = add(&text, &[way(Way::Absent)]).unwrap_err().to_string();
    assert!(error.starts_with("pilot.toml:13: the batch requires Took \"part\"  # 2 >= 50 already"), "{error}");
    let absent = add(FILE, &[way(Way::Absent)]).unwrap().text;
    assert!(matches!(add(&absent, &[way(Way::Above)]), Err(RequireError::Contradiction { line: 13, .. })));
    let both = add(FILE, &[way(Way::Absent), way(Way::Above)]);
    assert!(matches!(both, Err(RequireError::Contradiction { .. })), "{both:?}");
}

#[rstest]
#[case::no_toml("name = ", "pilot.toml:1:")]
#[case::no_batch("[[view]]\nname = \"speeders\"\n", "pilot.toml:1:")]
#[case::broken("BROKEN", "pilot.toml:5:14: ")]
#[case::list_of_something("LIST", "pilot.toml:12:")]
fn a_file_that_is_no_batch_is_refused_with_its_line(#[case] text: &str, #[case] begins: &str) {
    let text = match text {
        "BROKEN" => FILE.replace("\"0.05\"", "\"five\"").replace("reward = ", "reward     = "),
        "LIST" => format!("{FILE}requirement = [1]\n"),
        text => text.to_owned(),
    };
    let error = add(&text, &[way(Way::Absent)]).unwrap_err().to_string();
    assert!(error.starts_with(begins), "{error}");
}

#[test]
fn more_than_the_api_takes_are_refused() {
    let one = |value: i32| Required {
        qualification: SystemType::HitsApproved.id().to_owned(),
        comparator: Comparator::NotEqualTo,
        integers: vec![value],
        locales: Vec::new(),
        guard: Guard::Accept,
    };
    let ten: Vec<Required> = (0..10).map(one).collect();
    let full = add(FILE, &ten).unwrap().text;
    assert_eq!(required(&full).len(), 10);
    assert_eq!(add(&full, &ten[..1]).unwrap().text, full, "what is there already needs no room");
    let error = add(&full, &[way(Way::Absent)]).unwrap_err().to_string();
    assert!(error.contains("at most 10") && error.contains("11"), "{error}");
}
