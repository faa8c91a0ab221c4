use super::*;
use crate::domain::id::{HitId, HitTypeId};
use crate::domain::key::{HitKey, WorkerKey};
use crate::domain::money::Usd;
use crate::domain::row::TextRef;
use crate::domain::time::Seconds;
use proptest::prelude::*;

const NOW: Time = Time(1_800_000_000);

fn hit() -> HitRow {
    HitRow {
        key: HitKey(1),
        id: HitId::parse("3ABCDEF").unwrap(),
        type_id: HitTypeId::parse("3TYPE").unwrap(),
        title: "Title".into(),
        batch: "rte-pilot".into(),
        status: HitStatus::Reviewable,
        reward: Usd::cents(10),
        created: NOW,
        expires: NOW,
        auto_approval_delay: Seconds::DAY,
        max_assignments: 1,
        pending: 0,
        available: 0,
        completed: 0,
        masters: false,
    }
}

fn row() -> LightRow {
    LightRow {
        key: AssignmentKey(70),
        hit: HitKey(1),
        worker: WorkerKey(1),
        status: AssignmentStatus::Submitted,
        by: Decider::Unknown,
        noted: false,
        accepted: (NOW - Seconds(3_630)).into(),
        submitted: (NOW - Seconds::HOUR).into(),
        auto_approval: (NOW + Seconds::DAY).into(),
        decided: Stamp::NONE,
        summary: TextRef::default(),
    }
}

/// Asks a query about one assignment.
fn ask(query: &str, row: &LightRow) -> bool {
    let query = parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    let people = ["anna@lab".to_owned(), "ben@lab".to_owned()];
    let worker = WorkerId::parse("A1B2C3").unwrap();
    let record = Record { approved: 9, rejected: 1, blocked: true };
    let facts = Facts { row, hit: &hit(), worker: &worker, record, now: NOW, people: &people, me: "anna@lab" };
    let found = Found::new(query.text_terms().iter().map(|_| &[AssignmentKey(70), AssignmentKey(3)][..]));
    query.matches(&facts, &found)
}

#[test]
fn each_field_is_judged() {
    for query in [
        "",
        "status:submitted",
        "STATUS:Submitted",
        "worker:A1B2*",
        "worker:a1b2c3",
        "hit:3ABC*",
        "batch:rte-pilot",
        "batch:rte*",
        "batch~PILOT",
        "type:3type",
        "time<31s",
        "time:30s",
        "time:10s..30s",
        "reward>=0.10",
        "reward:$0.10",
        "deadline<2d",
        "deadline>23h",
        "submitted<2h",
        "submitted>2026-11-01",
        "submitted:2027-01-15",
        "submitted:2027-01-01..2027-01-31",
        "accepted<2h",
        "blocked:yes",
        "approved-rate<91",
        "approved-rate:90%",
        "noted:no",
        "hit-status:reviewable",
        "-status:approved",
        "--status:submitted",
        "not status:approved",
        "status:approved or status:submitted",
        "(status:approved or status:submitted) time<1m",
        "status:submitted and time<1m",
        "word",
        "-(status:approved word)",
    ] {
        assert!(ask(query, &row()), "{query}");
    }
    for query in [
        "status:approved",
        "worker:A1",
        "batch:rte",
        "time<30s",
        "time>30s",
        "reward<0.10",
        "deadline<1d",
        "submitted<1h",
        "submitted<2027-01-15",
        "submitted>2027-01-15",
        "blocked:no",
        "approved-rate<90",
        "approved-rate>90",
        "noted:yes",
        "by:me",
        "decided<5d",
        "-word",
        "status:approved or status:rejected word",
    ] {
        assert!(!ask(query, &row()), "{query}");
    }
}

#[test]
fn missing_times_answer_no_condition_on_them() {
    let row = LightRow { accepted: Stamp::NONE, auto_approval: Stamp::NONE, ..row() };
    for query in ["time<30s", "time>=0s", "deadline<9w", "deadline>0", "accepted>1970-01-01"] {
        assert!(!ask(query, &row), "{query}");
    }
    let decided = LightRow { status: AssignmentStatus::Approved, ..self::row() };
    assert!(!ask("deadline<9w", &decided), "decided work has no deadline");
}

#[test]
fn who_decided() {
    let by = |by| LightRow { by, ..row() };
    for (decider, yes, no) in [
        (Decider::Person(0), "by:me", "by:ben"),
        (Decider::Person(0), "by:anna", "by:elsewhere"),
        (Decider::Person(1), "by:ben@lab", "by:me"),
        (Decider::Person(1), "by:b*", "by:clock"),
        (Decider::Elsewhere, "by:elsewhere", "by:me"),
        (Decider::Clock, "by:clock", "by:*"),
    ] {
        assert!(ask(yes, &by(decider)), "{yes}");
        assert!(!ask(no, &by(decider)), "{no}");
    }
}

#[test]
fn conditions_on_texts_go_to_the_store() {
    let query = parse(
        "answer.sentiment:positive answer.note~\"a b\" answer.result:json answer.result:\"json\" answer.x:* \
         answer.\"two words\":y answer~\"lorem ipsum\" lorem \"the phrase\" id:3XYZ* feedback~late lorem answer.e:\"\"",
    )
    .unwrap();
    let text = str::to_owned;
    assert_eq!(
        query.text_terms(),
        [
            TextTerm::Field { name: text("sentiment"), value: text("positive") },
            TextTerm::FieldContains { name: text("note"), text: text("a b") },
            TextTerm::FieldJson(text("result")),
            TextTerm::Field { name: text("result"), value: text("json") },
            TextTerm::FieldPresent(text("x")),
            TextTerm::Field { name: text("two words"), value: text("y") },
            TextTerm::Phrase(text("lorem ipsum")),
            TextTerm::Word(text("lorem")),
            TextTerm::Phrase(text("the phrase")),
            TextTerm::Assignment(text("3XYZ*")),
            TextTerm::Feedback(text("late")),
            TextTerm::Field { name: text("e"), value: text("") },
        ]
    );
}

#[test]
fn errors_name_the_column_and_what_was_expected() {
    for (query, column, part) in [
        ("status:done", 8, "expected submitted, approved or rejected, found \"done\""),
        ("status:", 8, "found nothing"),
        ("status<submitted", 7, "expected :"),
        ("ä time<abc", 8, "expected a duration such as 30s"),
        ("time~3", 5, "expected <, <=, >, >= or :"),
        ("reward>=0.101", 9, "expected an amount in dollars"),
        ("submitted>01.11.2026", 11, "a date such as 2026-11-01"),
        ("(status:submitted", 1, "never closed"),
        ("status:submitted)", 17, "without its ("),
        ("()", 1, "between the parentheses"),
        ("a or", 3, "both sides"),
        ("or a", 1, "both sides"),
        ("a -", 3, "after the negation"),
        ("\"abc", 1, "never closed"),
        ("worke:A1", 1, "did you mean worker?"),
        ("http://x", 1, "put it between quotes"),
        ("agree<0.5", 1, "the field agree is not there yet: how far answers agree"),
        ("a skill<0.6", 3, "not there yet"),
        ("gold:wrong", 1, "not there yet"),
        ("flag:duplicate", 1, "not there yet"),
        ("blocked:perhaps", 9, "yes or no"),
        ("answer:x", 7, "expected answer~\"text\" or answer.FIELD:value"),
        ("answer.:x", 8, "name of a field"),
        ("answer.x:", 10, "a value"),
        ("answer.x:a*", 10, "use ~"),
        ("answer.x>3", 9, "expected : or ~"),
        ("noted:maybe", 7, "yes or no"),
        (":x", 1, "there is no field \"\""),
    ] {
        let error = parse(query).unwrap_err();
        assert_eq!(error.column, column, "{query}: {error}");
        assert!(error.message.contains(part), "{query}: {error}");
    }
    assert!(parse(&"(".repeat(100_000)).unwrap_err().message.contains("nested deeper"));
}

#[test]
fn every_example_of_the_help_is_a_query() {
    for (_, example, _) in FIELDS {
        parse(example).unwrap_or_else(|error| panic!("{example}: {error}"));
    }
}

#[test]
fn evidence_is_told_from_answers() {
    for (query, evidence) in [
        ("status:submitted -answer.result:json", None),
        ("a (b or -time<5s)", Some("time")),
        ("approved-rate<50", Some("approved-rate")),
        ("a or blocked:yes", Some("blocked")),
    ] {
        assert_eq!(parse(query).unwrap().judges_evidence(), evidence, "{query}");
    }
    assert!(parse("deadline<2d").unwrap().depends_on_time());
    assert!(!parse("deadline<2026-11-01").unwrap().depends_on_time());
    assert!(parse("a or approved-rate<50").unwrap().needs_record());
    assert!(parse(" ").unwrap().is_all() && Query::all().is_all());
}

proptest! {
    #[test]
    fn no_text_makes_it_fail(text in "(status|:|submitted|time|<|=|~|\"|\\(|\\)|-|or|not| |answer\\.|\\*|\\.\\.|30s|[ -~]|\\PC){0,30}") {
        if let Err(error) = parse(&text) {
            prop_assert!(error.column <= text.chars().count() + 1);
        }
    }

    #[test]
    fn negation_is_the_opposite(left in 0usize..8, right in 0usize..8) {
        let tests = ["status:submitted", "time<30s", "worker:A*", "word", "noted:yes", "reward>1", "by:me", "deadline<2d"];
        let (a, b) = (tests[left], tests[right]);
        prop_assert_eq!(ask(&format!("-({a} or {b})"), &row()), ask(&format!("-{a} -{b}"), &row()));
    }
}

#[test]
fn what_was_found_says_who_may_answer() {
    let candidates = |query: &str, sets: &[&[u32]], limit| {
        let query = parse(query).unwrap();
        let sets: Vec<Vec<_>> = sets.iter().map(|set| set.iter().copied().map(AssignmentKey).collect()).collect();
        let found = Found::new(sets.iter().map(Vec::as_slice));
        let keys = query.candidates(&found, limit);
        keys.map(|keys| keys.iter().map(|key| key.0).collect::<Vec<_>>())
    };
    assert_eq!(candidates("lorem", &[&[200, 3]], 9), Some(vec![3, 200]));
    assert_eq!(candidates("lorem status:submitted", &[&[3]], 9), Some(vec![3]));
    assert_eq!(candidates("lorem ipsum", &[&[3, 64, 70], &[1, 3, 70, 900]], 9), Some(vec![3, 70]), "both words");
    assert_eq!(candidates("lorem -ipsum", &[&[3, 64], &[3]], 9), Some(vec![3, 64]), "the rest is judged row by row");
    for (query, limit) in [("-lorem", 9), ("(lorem or ipsum)", 9), ("status:submitted", 9), ("lorem", 1)] {
        assert_eq!(candidates(query, &[&[3, 64], &[3]], limit), None, "{query}");
    }
}
