use super::*;
use crate::domain::id::QualificationTypeId;
use crate::domain::time::{Seconds, Time};

const TEST: &str = include_str!("../../../../tests/data/qualification/test.xml");
const KEY: &str = include_str!("../../../../tests/data/qualification/key.xml");

fn tested() -> QualificationType {
    QualificationType {
        id: QualificationTypeId::parse("3TYPE").unwrap(),
        created: Time(0),
        name: "Careful".into(),
        description: "Reads before answering".into(),
        keywords: None,
        status: TypeStatus::Active,
        test: Some(TEST.into()),
        test_duration: Some(Seconds(600)),
        answer_key: Some(KEY.into()),
        retry_delay: Some(Seconds(86_400)),
        requestable: true,
        auto_granted: None,
    }
}

fn filled(fields: &[(Field, &str)]) -> TypeForm {
    let mut form = TypeForm::new(None);
    for (field, text) in [(Field::Name, "Careful"), (Field::Description, "Reads")].iter().chain(fields) {
        form.set(*field, (*text).to_owned());
    }
    form
}

#[test]
fn a_new_type_says_everything_that_was_filled_in() {
    let form = filled(&[(Field::Test, TEST), (Field::Duration, "40m"), (Field::Key, KEY), (Field::Retry, "1d 12h")]);
    let draft = form.draft().unwrap();
    assert_eq!(draft.name.as_deref(), Some("Careful"));
    assert_eq!((draft.test_duration, draft.retry_delay), (Some(2_400), Some(129_600)));
    assert_eq!((draft.test.as_deref(), draft.answer_key.as_deref()), (Some(TEST), Some(KEY)));
    assert_eq!((draft.status, draft.auto_granted), (Some(TypeStatus::Active), None));
    let draft = filled(&[(Field::AutoGrant, "7")]).draft().unwrap();
    assert_eq!((draft.auto_granted, draft.auto_granted_value), (Some(true), Some(7)));
}

#[test]
fn an_update_says_only_what_has_changed() {
    let mut form = TypeForm::new(Some(tested()));
    assert_eq!(form.changes(), []);
    form.set(Field::Description, "Reads twice".into());
    let draft = form.draft().unwrap();
    assert_eq!(draft, TypeDraft { description: Some("Reads twice".into()), ..TypeDraft::default() });
    assert_eq!(form.diff(), ["~ description: Reads before answering -> Reads twice"]);
}

#[test]
fn a_test_its_time_and_its_key_are_sent_together() {
    let mut form = TypeForm::new(Some(tested()));
    form.set(Field::Duration, "20m".into());
    let draft = form.draft().unwrap();
    assert_eq!(
        (draft.test.as_deref(), draft.test_duration, draft.answer_key.as_deref()),
        (Some(TEST), Some(1_200), Some(KEY))
    );
    form.set(Field::Key, String::new());
    assert_eq!(form.draft().unwrap().answer_key, None);
    assert!(form.diff().iter().any(|line| line.contains("tests wait for you")), "{:?}", form.diff());
}

#[test]
fn what_cannot_be_changed_says_why() {
    let form = TypeForm::new(Some(tested()));
    for field in [Field::Name, Field::Keywords, Field::AutoGrant] {
        assert!(form.locked(field).is_some(), "{field:?}");
    }
    assert_eq!(form.locked(Field::Description), None);
    let auto = filled(&[(Field::AutoGrant, "1")]);
    assert!(auto.locked(Field::Test).unwrap().contains("auto-grant") && auto.locked(Field::Key).is_some());
    let mut form = TypeForm::new(Some(tested()));
    form.set(Field::Test, String::new());
    assert!(form.draft().unwrap_err().contains("never taken away"));
}

#[test]
fn faults_of_test_and_key_come_with_line_and_column() {
    let broken = TEST.replace("</QuestionForm>", "");
    let form = filled(&[(Field::Test, &broken), (Field::Duration, "40m")]);
    let problem = form.draft().unwrap_err();
    assert!(problem.starts_with("test: line "), "{problem}");
    let stranger = KEY.replace(">battery<", ">batery<");
    let form = filled(&[(Field::Test, TEST), (Field::Duration, "40m"), (Field::Key, &stranger)]);
    let problem = form.draft().unwrap_err();
    assert!(problem.starts_with("answer key: line 2, column 3") && problem.contains("batery"), "{problem}");
    assert_eq!(form.remarks.first(), Some(&problem));
}

#[test]
fn what_is_doubtful_is_said_and_not_refused() {
    let wide = KEY.replace("<MaximumSummedScore>4<", "<MaximumSummedScore>10<");
    let form = filled(&[(Field::Test, TEST), (Field::Duration, "40m"), (Field::Key, &wide)]);
    assert!(form.draft().is_ok());
    assert!(form.remarks.iter().any(|remark| remark.contains("100 percent are 10")), "{:?}", form.remarks);
}

#[test]
fn a_document_shows_the_lines_that_change() {
    let lines = document_diff("test", "a\nb\nc\nd", "a\nB\nc\nd\n");
    assert_eq!(
        lines,
        ["~ test: 4 lines before, 4 after", "  from line 1:", "    a", "-   b", "+   B", "    c", "    d"]
    );
    let long = (0..20).map(|n| n.to_string()).collect::<Vec<_>>().join("\n");
    assert_eq!(document_diff("test", "", &long).len(), 22, "whatever is new is shown whole");
}

#[test]
fn two_changes_far_apart_are_two_pieces_of_a_document() {
    let scores = |first: u32, second: u32| {
        let line = |n: u32| match n {
            3 => format!("score {first}"),
            30 => format!("score {second}"),
            n => format!("line {n}"),
        };
        (0..40).map(line).collect::<Vec<_>>().join("\n")
    };
    let lines = document_diff("answer key", &scores(20, 40), &scores(25, 45));
    let changed: Vec<&str> = lines.iter().filter(|line| line.starts_with(['-', '+'])).map(String::as_str).collect();
    assert_eq!(changed, ["-   score 20", "+   score 25", "-   score 40", "+   score 45"]);
    assert!(lines.contains(&"  from line 2:".to_owned()) && lines.contains(&"  from line 29:".to_owned()), "{lines:?}");
    assert_eq!(lines.len(), 1 + 2 * (1 + 2 + 2 + 2), "two lines on each side: {lines:?}");
}
