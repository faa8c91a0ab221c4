//! Policies by the tables of their documentation.

use super::*;

/// Questions and the values given.
type Given = &'static [(&'static str, &'static [&'static str])];

fn parameter(key: &str, values: &[&str]) -> Parameter {
    Parameter { key: key.into(), values: values.iter().map(|v| (*v).to_owned()).collect(), entries: Vec::new() }
}

fn answer_key(entries: &[(&str, &[&str])]) -> Parameter {
    let entries =
        entries.iter().map(|(key, values)| ((*key).to_owned(), values.iter().map(|v| (*v).to_owned()).collect()));
    Parameter { key: "AnswerKey".into(), values: Vec::new(), entries: entries.collect() }
}

fn answers(given: &[(&str, &[&str])]) -> Answers {
    given.iter().map(|(question, values)| ((*question).to_owned(), value_set(values.iter().copied()))).collect()
}

fn work(given: &[(&str, &[&str])]) -> Work {
    Work { answers: answers(given), rejected: false, known_score: None }
}

fn known(extra: &[Parameter]) -> Result<KnownAnswers, String> {
    let key = answer_key(&[("q1", &["B"]), ("q2", &["A", "C"]), ("q3", &["x"])]);
    KnownAnswers::parse(&[&[key], extra].concat())
}

fn plurality(extra: &[Parameter]) -> Result<Plurality, String> {
    let base = [parameter("QuestionIds", &["top, color", "size"]), parameter("QuestionAgreementThreshold", &["50"])];
    Plurality::parse(&[&base[..], extra].concat())
}

#[test]
fn known_answers_are_full_sets_without_blanks_and_in_any_order() {
    let policy = known(&[]).unwrap();
    let table: [(Given, usize, u32); 9] = [
        (&[("q1", &["B"]), ("q2", &["A", "C"]), ("q3", &["x"])], 3, 100),
        (&[("q1", &[" B\n"]), ("q2", &["C", "A"]), ("q3", &["y"])], 2, 66),
        (&[("q1", &["b"])], 0, 0),
        (&[("q2", &["A"])], 0, 0),
        (&[("q2", &["C | A"])], 1, 33),
        (&[("q2", &["A|B|C"])], 0, 0),
        (&[("q2", &["A", "B", "C"])], 0, 0),
        (&[("q1", &[""]), ("q3", &["x"])], 1, 33),
        (&[], 0, 0),
    ];
    for (given, correct, score) in table {
        let scored = policy.score(&answers(given));
        assert_eq!((scored.correct, scored.score), (correct, score), "{given:?}");
    }
    let nothing = KnownAnswers::parse(&[answer_key(&[("q1", &["  "])])]).unwrap();
    assert_eq!(nothing.score(&answers(&[("q1", &[])])).score, 0, "no known value is matched by no answer");
}

#[test]
fn thresholds_reach_from_never_to_always() {
    let table: [(&str, &str, u32, &[Verdict]); 9] = [
        ("ApproveIfKnownAnswerScoreIsAtLeast", "79", 78, &[]),
        ("ApproveIfKnownAnswerScoreIsAtLeast", "79", 79, &[Verdict::Approve]),
        ("ApproveIfKnownAnswerScoreIsAtLeast", "0", 0, &[Verdict::Approve]),
        ("ApproveIfKnownAnswerScoreIsAtLeast", "101", 100, &[]),
        ("RejectIfKnownAnswerScoreIsLessThan", "50", 50, &[]),
        ("RejectIfKnownAnswerScoreIsLessThan", "50", 49, &[Verdict::Reject]),
        ("RejectIfKnownAnswerScoreIsLessThan", "0", 0, &[]),
        ("RejectIfKnownAnswerScoreIsLessThan", "101", 100, &[Verdict::Reject]),
        ("ApproveReason", "well done", 100, &[]),
    ];
    for (key, value, score, verdicts) in table {
        assert_eq!(known(&[parameter(key, &[value])]).unwrap().verdicts(score), verdicts, "{key} {value} {score}");
    }
    let both = known(&[
        parameter("ApproveIfKnownAnswerScoreIsAtLeast", &["50"]),
        parameter("RejectIfKnownAnswerScoreIsLessThan", &["60"]),
    ]);
    assert_eq!(both.unwrap().verdicts(55), [Verdict::Approve, Verdict::Reject], "the worker is paid first");
}

#[test]
fn the_documented_example_of_plurality_holds() {
    let policy = plurality(&[]).unwrap();
    let four = Plurality::parse(&[
        parameter("QuestionIDs", &["top", "color", "size", "feel"]),
        parameter("QuestionAgreementThreshold", &["50"]),
    ]);
    let four = four.unwrap();
    let done = [
        work(&[("top", &["coat"]), ("color", &["blue"]), ("size", &["large"]), ("feel", &["Furry"])]),
        work(&[("top", &["sweater"]), ("color", &["blue"]), ("size", &["large"]), ("feel", &["fur"])]),
        work(&[("top", &["coat"]), ("color", &["green"]), ("size", &["large"]), ("feel", &["furr"])]),
    ];
    let agreement = four.compare(&done);
    let questions: Vec<_> = agreement.questions.iter().map(|q| (q.score, q.agreed.clone())).collect();
    let said = |value: &str| Some(value_set([value]));
    assert_eq!(questions, [(66, said("coat")), (66, said("blue")), (100, said("large")), (33, None)]);
    assert_eq!(agreement.score, 75);
    let scores: Vec<_> = agreement.workers.iter().map(|w| w.unwrap().score.unwrap()).collect();
    assert_eq!(scores, [100, 66, 66]);
    assert_eq!(policy.compare(&done).score, 100);
}

#[test]
fn ties_long_answers_and_silence_are_no_agreement() {
    let policy = plurality(&[]).unwrap();
    let long = "x".repeat(257);
    let cases: [(&[Work], [bool; 3]); 4] = [
        (&[work(&[("top", &["a"])]), work(&[("top", &["b"])])], [false; 3]),
        (
            &[work(&[("top", &["a"]), ("size", &[&long])]), work(&[("top", &["a"]), ("size", &[&long])])],
            [true, false, false],
        ),
        (&[work(&[("color", &[""])]), work(&[("color", &[" "])])], [false; 3]),
        (&[], [false; 3]),
    ];
    for (done, expected) in cases {
        let agreement = policy.compare(done);
        let agreed: Vec<bool> = agreement.questions.iter().map(|q| q.agreed.is_some()).collect();
        assert_eq!(agreed, expected, "{done:?}");
        if !expected.contains(&true) {
            assert!(agreement.workers.iter().all(|worker| worker.unwrap().score.is_none()));
        }
    }
    let silent = policy.compare(&[]).workers;
    assert_eq!(silent, []);
}

#[test]
fn a_threshold_of_a_hundred_can_be_reached() {
    let all = Plurality::parse(&[parameter("QuestionIds", &["q"]), parameter("QuestionAgreementThreshold", &["100"])]);
    let all = all.unwrap();
    let yes = || work(&[("q", &["yes"])]);
    assert_eq!(all.compare(&[yes(), yes()]).score, 100);
    assert_eq!(all.compare(&[yes(), yes(), work(&[("q", &["no"])])]).score, 0);
}

#[test]
fn what_is_disregarded_has_no_voice_and_no_verdict() {
    let policy = plurality(&[
        parameter("DisregardAssignmentIfRejected", &["T"]),
        parameter("DisregardAssignmentIfKnownAnswerScoreIsLessThan", &["50"]),
        parameter("RejectIfWorkerAgreementScoreIsLessThan", &["50"]),
    ]);
    let policy = policy.unwrap();
    let no = work(&[("top", &["no"])]);
    let done = [
        work(&[("top", &["yes"])]),
        Work { rejected: true, ..no.clone() },
        Work { known_score: Some(49), ..no.clone() },
        Work { known_score: Some(50), ..work(&[("top", &["yes"])]) },
    ];
    let agreement = policy.compare(&done);
    assert_eq!(agreement.questions[0].agreed, Some(value_set(["yes"])));
    assert_eq!(agreement.workers.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, false, true]);
    let worker = |score| plurality::Worker { correct: 0, incorrect: 1, score };
    assert_eq!(policy.verdicts(&worker(Some(49))), [Verdict::Reject]);
    assert_eq!(policy.verdicts(&worker(None)), []);
}

#[test]
fn parameters_are_checked() {
    let approve = "ApproveIfKnownAnswerScoreIsAtLeast";
    let bell = "\u{7}";
    let long = "x".repeat(1_025);
    let wrong: [(&[Parameter], &str); 12] = [
        (&[parameter("Nonsense", &["1"])], "Nonsense is not known"),
        (&[parameter(approve, &[])], "exactly one of Values"),
        (&[parameter(approve, &["1", "2"])], "exactly one of Values"),
        (&[parameter(approve, &["102"])], "from 0 to 101, not \"102\""),
        (&[parameter(approve, &["many"])], "from 0 to 101"),
        (&[parameter(approve, &["1"]), parameter(approve, &["1"])], "given twice"),
        (&[parameter("RejectReason", &[bell])], "invalid character 0x07"),
        (&[parameter("ApproveReason", &[&long])], "1024 characters"),
        (&[parameter("ExtendMaximumAssignments", &["5"])], "not when to extend"),
        (
            &[parameter("ExtendIfKnownAnswerScoreIsLessThan", &["5"]), parameter("ExtendMaximumAssignments", &["1"])],
            "from 2 to 25",
        ),
        (
            &[
                parameter("ExtendIfKnownAnswerScoreIsLessThan", &["5"]),
                parameter("ExtendMinimumTimeInSeconds", &["59"]),
            ],
            "from 60",
        ),
        (&[parameter("AnswerKey", &["q1"])], "given twice"),
    ];
    for (parameters, why) in wrong {
        let error = known(parameters).unwrap_err();
        assert!(error.starts_with("ScoreMyKnownAnswers/2011-09-01: ") && error.contains(why), "{error} / {why}");
    }
    for key in [vec![], vec![parameter("AnswerKey", &["x"])], vec![answer_key(&[("q", &["1"]), ("q", &["2"])])]] {
        assert!(KnownAnswers::parse(&key).unwrap_err().contains("AnswerKey"));
    }
    let extension = known(&[parameter("ExtendIfKnownAnswerScoreIsLessThan", &["50"])]).unwrap().extend;
    assert_eq!(extension, Some(Extension { below: 50, most: 5, seconds: 0 }));

    let extend = parameter("ExtendIfHITAgreementScoreIsLessThan", &["80"]);
    let wrong: [(&[Parameter], &str); 5] = [
        (&[parameter("DisregardAssignmentIfRejected", &["maybe"])], "T or F"),
        (&[parameter("ExtendIfHITAgreementScoreIsLessThan", &["0"])], "from 1 to 100"),
        (&[extend.clone(), parameter("ExtendMinimumTimeInSeconds", &["60"])], "ExtendMaximumAssignments must be given"),
        (&[extend, parameter("ExtendMaximumAssignments", &["9"])], "ExtendMinimumTimeInSeconds must be given"),
        (&[parameter("QuestionIDs", &["a"])], "QuestionIDs is not known"),
    ];
    for (parameters, why) in wrong {
        let error = plurality(parameters).unwrap_err();
        assert!(error.contains(why), "{error} / {why}");
    }
    let sixteen: Vec<String> = (0..16).map(|n| n.to_string()).collect();
    let threshold = parameter("QuestionAgreementThreshold", &["50"]);
    for ids in [vec![], vec!["a", "a"], sixteen.iter().map(String::as_str).collect()] {
        let parsed = Plurality::parse(&[parameter("QuestionIds", &ids), threshold.clone()]);
        assert!(parsed.unwrap_err().contains("QuestionIds"), "{ids:?}");
    }
    assert!(Plurality::parse(&[parameter("QuestionIds", &["a"])]).unwrap_err().contains("Threshold must be given"));
}
