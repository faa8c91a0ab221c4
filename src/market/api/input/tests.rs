//! What is read, and what is said about what cannot be.

use super::*;
use serde_json::json;

fn check(value: Value, read: impl FnOnce(&mut Input<'_>)) -> Result<(), Fault> {
    let Value::Object(members) = value else { panic!("an object") };
    let mut input = Input::of(&members);
    read(&mut input);
    input.finish()
}

fn said(value: Value, read: impl FnOnce(&mut Input<'_>)) -> Vec<String> {
    match check(value, read) {
        Err(Fault::Invalid(wrong)) => wrong,
        other => panic!("{other:?}"),
    }
}

#[test]
fn violations_are_told_in_the_standard_words_and_all_at_once() {
    let wrong = said(json!({"AssignmentId": "dud lower", "MaxResults": 1000}), |input| {
        input.required_entity("HITId");
        input.entity("AssignmentId");
        input.page();
    });
    assert_eq!(
        wrong,
        [
            "Value null at 'hITId' failed to satisfy constraint: Member must not be null",
            "Value 'dud lower' at 'assignmentId' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[A-Z0-9]+$",
            "Value '1000' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100",
        ]
    );
}

#[test]
fn texts_have_forms() {
    let long = "A".repeat(65);
    for (id, problems) in [("A1", 0), ("B1", 1), ("A", 1), ("", 2), (long.as_str(), 1), ("A1,", 1), (" A1", 1)] {
        let result = check(json!({"WorkerId": id}), |input| {
            input.required_customer("WorkerId");
        });
        let found = match result {
            Err(Fault::Invalid(wrong)) => wrong.len(),
            _ => 0,
        };
        assert_eq!(found, problems, "{id:?}");
    }
    for (amount, fine) in [("5", true), ("5.", true), ("0.05", true), ("1.234", false), ("-1", false), ("", false)] {
        let result = check(json!({"Reward": amount}), |input| {
            input.required_currency("Reward");
        });
        assert_eq!(result.is_ok(), fine, "{amount:?}");
    }
}

#[test]
fn wrong_types_are_another_error() {
    for value in [json!({"N": "1"}), json!({"N": 1.5}), json!({"N": 5_000_000_000_i64}), json!({"N": [1]})] {
        let result = check(value.clone(), |input| {
            input.integer("N");
        });
        assert!(matches!(result, Err(Fault::Malformed(_))), "{value}");
    }
}

#[test]
fn numbers_come_in_several_forms() {
    let value = json!({"A": 0, "B": 1.5e9, "C": 1_558_393_704.25, "D": null});
    check(value, |input| {
        assert_eq!(input.required_time("A"), Time(0));
        assert_eq!(input.required_time("B"), Time(1_500_000_000));
        assert_eq!(input.required_time("C"), Time(1_558_393_704));
        assert_eq!(input.long("B"), Some(1_500_000_000));
        assert_eq!(input.long("D"), None);
    })
    .unwrap();
}

#[test]
fn inner_members_are_named_by_their_path() {
    let wrong = said(json!({"QualificationRequirements": [{"Comparator": "Equals"}]}), |input| {
        input.objects("QualificationRequirements", |inner| {
            inner.required_one_of("Comparator", &["EqualTo"]);
        });
    });
    assert_eq!(
        wrong,
        [
            "Value 'Equals' at 'qualificationRequirements.1.member.comparator' failed to satisfy constraint: Member must satisfy enum value set: [EqualTo]"
        ]
    );
}
