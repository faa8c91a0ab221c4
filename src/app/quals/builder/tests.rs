use super::*;
use crate::domain::id::QualificationTypeId;
use crate::domain::qualification::{QualificationType, TypeStatus};
use crate::domain::time::Time;

fn kind(number: u32, name: &str) -> KnownType {
    let it = QualificationType {
        id: QualificationTypeId::parse(&format!("3KIND{number}")).unwrap(),
        created: Time(0),
        name: name.into(),
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
    KnownType { it, own: true, holders: 0, requests: 0, read_at: None }
}

fn types() -> Vec<KnownType> {
    vec![kind(1, "Took part in pilot 2026"), kind(2, "Took part in pilot 2027"), kind(3, "Trained")]
}

fn fill_in(builder: &mut Builder, text: &str) {
    builder.typing = Some(Input::new(text.to_owned()));
    builder.typed(&types());
}

fn words(builder: &Builder) -> Vec<String> {
    builder.rows().iter().map(ToString::to_string).collect()
}

#[test]
fn a_requirement_is_put_together_by_name() {
    let mut builder = Builder::new(Vec::new(), false);
    builder.begin();
    fill_in(&mut builder, "percent");
    assert_eq!(words(&builder), ["Worker_PercentAssignmentsApproved GreaterThanOrEqualTo 95"]);
    assert_eq!(builder.column, Column::Comparator);
    builder.turn(1);
    fill_in(&mut builder, "98");
    builder.turn(1);
    builder.change(true);
    assert_eq!((builder.rows()[0].integers.as_slice(), builder.rows()[0].guard), (&[98][..], Guard::PreviewAndAccept));
    builder.begin();
    fill_in(&mut builder, "trained");
    builder.change(true);
    assert_eq!(words(&builder)[1], "3KIND3 DoesNotExist");
    assert_eq!(builder.required().map(|all| all.len()), Ok(2));
}

#[test]
fn comparators_fit_the_type_and_keep_as_many_values_as_they_take() {
    let mut builder = Builder::new(Vec::new(), true);
    builder.begin();
    fill_in(&mut builder, "locale");
    builder.turn(1);
    fill_in(&mut builder, "US-NY, Canada, germany");
    assert_eq!(words(&builder), ["Worker_Locale In US-NY, CA, DE"]);
    builder.turn(-1);
    let mut seen = Vec::new();
    for _ in 0..4 {
        builder.change(true);
        seen.push(builder.rows()[0].comparator);
    }
    assert_eq!(seen, [Comparator::NotIn, Comparator::EqualTo, Comparator::NotEqualTo, Comparator::In]);
    assert_eq!(words(&builder), ["Worker_Locale In US-NY"]);
    builder.begin();
    fill_in(&mut builder, "Masters");
    assert_eq!(builder.rows()[1].qualification, SystemType::Masters.id_in(true), "the sandbox has its own");
    builder.change(false);
    assert_eq!(builder.rows()[1].comparator, Comparator::DoesNotExist);
    builder.turn(1);
    builder.change(true);
    assert_eq!(builder.error.as_deref(), Some("\"does not exist\" has no value"));
}

#[test]
fn what_cannot_be_required_is_said_and_stays_open() {
    let mut builder = Builder::new(Vec::new(), false);
    builder.begin();
    fill_in(&mut builder, "Took part");
    assert!(
        builder.error.as_deref().unwrap().contains("neither one of your qualification types"),
        "{:?}",
        builder.error
    );
    assert!(builder.typing.is_some() && builder.rows().is_empty());
    assert_eq!(builder.hints(&types()), "Took part in pilot 2026  Took part in pilot 2027");
    fill_in(&mut builder, "2027");
    assert_eq!(words(&builder), ["3KIND2 Exists"]);
    builder.begin();
    fill_in(&mut builder, "Locale");
    assert!(builder.required().unwrap_err().starts_with("requirement 2: In and NotIn take at least one value"));
    builder.turn(1);
    fill_in(&mut builder, "Georgia");
    assert!(builder.error.as_deref().unwrap().contains("GE and US-GA"));
    builder.typing = Some(Input::new("Canada (CA), new y".to_owned()));
    builder.complete(&types());
    assert_eq!(builder.typing.as_ref().unwrap().value(), "Canada (CA), New York (US-NY)");
    builder.typed(&types());
    assert_eq!((builder.error.as_deref(), words(&builder)[1].as_str()), (None, "Worker_Locale In CA, US-NY"));
    builder.remove();
    assert_eq!(words(&builder), ["3KIND2 Exists"]);
}

#[test]
fn a_hit_takes_ten() {
    let mut builder = Builder::new(Vec::new(), false);
    for _ in 0..MAX_REQUIREMENTS {
        builder.begin();
        fill_in(&mut builder, "trained");
    }
    builder.begin();
    fill_in(&mut builder, "trained");
    assert_eq!(builder.error.as_deref(), Some("a HIT takes at most 10 requirements"));
    assert_eq!(builder.rows().len(), MAX_REQUIREMENTS);
}

#[test]
fn the_pool_is_said_with_its_warning() {
    let mut builder = Builder::new(vec![usual("3KIND1")], false);
    let pool = |satisfy, open| Pool { of: 10, satisfy, open };
    builder.looked = Looked { all: pool(4, 2), one: pool(4, 0), how: None };
    let lines = builder.looked.lines(&builder);
    assert_eq!(lines[0], "this one: 4 of 10 known workers (by its holders)");
    assert_eq!(lines[1], "all of them: 4 of 10 known workers (40 %), 2 more if the market agrees");
    assert!(builder.looked.warning(&builder).unwrap().starts_with("Each requirement makes the pool smaller"));
    builder.looked.all = pool(0, 0);
    assert!(builder.looked.warning(&builder).unwrap().starts_with("! nobody who is known here"));
    builder.looked.all = pool(1, 1);
    assert!(builder.looked.warning(&builder).unwrap().starts_with("! less than half"));
}
