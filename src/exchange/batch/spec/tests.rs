use super::*;
use rstest::rstest;

const PILOT: &str = r#"
name        = "kg-pilot"
title       = "Find a suitable relation for the given entities"
description = "Identify a suitable relation for the given entities"
keywords    = ["knowledge graph", "link", "fact"]
reward      = "0.05"
assignments = 5
lifetime    = "1h"
time_limit  = "10m"
auto_approve = "3d"
template    = "task.html"
frame_height = 650
data        = "items.csv"
consent     = "consent.html"
expected_minutes = 0.5
target_wage = "15.00"
gold        = "gold_relation"
annotation  = "site Bonn, ${id}"
[[requirement]]
qualification = "PercentAssignmentsApproved"
comparator  = ">="
value       = 95
action      = "preview"
[[requirement]]
qualification = "Worker_Locale"
comparator = "in"
value = ["US-NY", "CA"]
[[review_policy]]
name = "ScoreMyKnownAnswers"
AnswerKey = { relation = "${gold_relation}", city = ["Bonn", "Rome"] }
ApproveIfKnownAnswerScoreIsAtLeast = 100
[[review_policy]]
name = "SimplePlurality/2011-09-01"
QuestionIds = ["relation"]
QuestionAgreementThreshold = 60
DisregardAssignmentIfRejected = true
"#;

fn faults(text: &str) -> Vec<String> {
    read("b.toml", text).unwrap_err().0.iter().map(SpecFault::to_string).collect()
}

#[test]
fn a_whole_file_is_read() {
    let spec = read("b.toml", PILOT).unwrap();
    assert_eq!((spec.name.as_str(), spec.reward, spec.assignments), ("kg-pilot", Usd::cents(5), 5));
    assert_eq!((spec.lifetime, spec.time_limit, spec.auto_approve), (Seconds(3_600), Seconds(600), Seconds(259_200)));
    assert_eq!(spec.keyword_list(), "knowledge graph, link, fact");
    assert_eq!((spec.source, spec.frame_height), (Source::Template("task.html".into()), 650));
    assert_eq!(spec.consent, Consent::File("consent.html".into()));
    assert_eq!((spec.expected, spec.target_wage), (Some(Seconds(30)), Some(Usd::cents(1_500))));
    let required: Vec<String> =
        spec.requirements.iter().map(|it| it.required(&[], false).unwrap().to_string()).collect();
    assert_eq!(required, ["Worker_PercentAssignmentsApproved GreaterThanOrEqualTo 95", "Worker_Locale In US-NY, CA"]);
    assert_eq!(spec.requirements[0].action.as_deref(), Some("preview"));
    let known = spec.assignment_policy.unwrap();
    assert_eq!(known.name, PolicySpec::KNOWN_ANSWERS);
    assert_eq!(known.parameters[0].entries[0], ("city".to_owned(), vec!["Bonn".to_owned(), "Rome".to_owned()]));
    assert_eq!(spec.hit_policy.unwrap().parameters[0].values, ["T"]);
}

#[rstest]
#[case("reward      = \"0.05\"", "reward      = \"5 cents\"", "b.toml:6:15: \"5 cents\" is not an amount")]
#[case("reward      = \"0.05\"", "reward      = 0.05", "b.toml:6:15: it must be in quotes: \"0.05\"")]
#[case("assignments = 5", "assignments = \"5\"", "expected a whole number")]
#[case("reward      = \"0.05\"", "rewrad      = \"0.05\"", "b.toml:6:1: unknown key `rewrad`: did you mean `reward`?")]
#[case("lifetime    = \"1h\"", "lifetime    = \"1 h\"", "b.toml:8:15: \"1 h\" is not a span of time")]
#[case(
    "lifetime    = \"1h\"",
    "lifetime    = \"10s\"",
    "b.toml:8:15: lifetime is 10 seconds; it must be 30 to 31536000"
)]
#[case("auto_approve = \"3d\"", "auto_approve = \"31d\"", "b.toml:10:16: auto_approve is 2678400 seconds")]
#[case("consent     = \"consent.html\"", "", "there is no consent: name the page")]
#[case("title       = \"Find", "#", "there is no title")]
#[case(
    "name        = \"kg-pilot\"",
    "name        = \"kg:pilot\"",
    "b.toml:2:15: \"kg:pilot\" is not a name for a batch"
)]
#[case("assignments = 5", "assignments = 0", "b.toml:7:15: assignments must be 1 to")]
#[case("template    = \"task.html\"", "", "there is no task")]
#[case("frame_height = 650", "url = \"https://h/p\"", "b.toml:12:7: there are two tasks")]
#[case(
    "comparator  = \">=\"",
    "comparator  = \"GreaterThen\"",
    "b.toml:21:15: unknown comparator \"GreaterThen\": did you mean \"GreaterThan\"?"
)]
#[case(
    "action      = \"preview\"",
    "action      = \"prevew\"",
    "b.toml:23:15: unknown action \"prevew\": did you mean \"preview\"?"
)]
#[case("action      = \"preview\"", "actoin      = \"preview\"", "unknown key `actoin`: did you mean `action`?")]
#[case("AnswerKey", "AnswerKye", "has no parameter AnswerKye: did you mean AnswerKey?")]
#[case("QuestionIds = [\"relation\"]", "", "SimplePlurality/2011-09-01 needs QuestionIds")]
#[case("template    =", "question    =", "a page can be put before an HTML template only")]
#[case("expected_minutes = 0.5", "expected_minutes = -1", "is not a number of minutes")]
#[case("name        =", "name        = = ", "b.toml:2:")]
fn what_is_wrong_is_named_with_its_place(#[case] from: &str, #[case] to: &str, #[case] expected: &str) {
    let text = PILOT.replacen(from, to, 1);
    assert_ne!(text, PILOT);
    let faults = faults(&text);
    assert!(faults.iter().any(|fault| fault.contains(expected)), "{faults:#?}");
}

#[test]
fn all_faults_are_named_at_once() {
    let text = PILOT.replace("\"0.05\"", "\"x\"").replace("\"1h\"", "\"y\"").replace("\">=\"", "\"~\"");
    assert_eq!(faults(&text).len(), 3);
}

#[test]
fn consent_is_a_file_a_text_or_a_decision() {
    let consent = |value: &str| {
        let text = PILOT.replace("\"consent.html\"", value);
        read("b.toml", &text).unwrap().consent
    };
    assert_eq!(consent("\"none\""), Consent::None);
    assert_eq!(consent("\"inside\""), Consent::Inside);
    assert_eq!(consent("\"my consent.html\""), Consent::File("my consent.html".into()));
    assert_eq!(
        consent("\"By going on I agree to take part.\""),
        Consent::Text("By going on I agree to take part.".into())
    );
}
