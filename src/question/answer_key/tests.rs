use super::*;
use crate::question::question_form;
use crate::question::sheet::{AnswerSheet, Given};
use proptest::prelude::*;
use rstest::rstest;

const SCHEMAS: &str = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas";

fn key_text(questions: &str, mapping: &str) -> String {
    let mapping = match mapping {
        "" => String::new(),
        mapping => format!("<QualificationValueMapping>{mapping}</QualificationValueMapping>"),
    };
    format!("<AnswerKey xmlns=\"{SCHEMAS}/2005-10-01/AnswerKey.xsd\">\n{questions}\n{mapping}</AnswerKey>")
}

/// A question of a key: its options as `selections=score`, and its default.
fn question(name: &str, options: &[(&[&str], i32)], default: Option<i32>) -> String {
    let mut out = format!("<Question><QuestionIdentifier>{name}</QuestionIdentifier>");
    for (selections, score) in options {
        let selections: String =
            selections.iter().map(|s| format!("<SelectionIdentifier>{s}</SelectionIdentifier>")).collect();
        out += &format!("<AnswerOption>{selections}<AnswerScore>{score}</AnswerScore></AnswerOption>\n");
    }
    out += &default.map(|score| format!("<DefaultScore>{score}</DefaultScore>")).unwrap_or_default();
    out + "</Question>\n"
}

/// The key that Amazon documents: nextmove D=5, favoritefruit apples=10.
fn documented(mapping: &str) -> AnswerKey {
    let questions = question("nextmove", &[(&["D"], 5)], None) + &question("favoritefruit", &[(&["apples"], 10)], None);
    read(&key_text(&questions, mapping)).unwrap().value
}

const PERCENT: &str = "<PercentageMapping><MaximumSummedScore>15</MaximumSummedScore></PercentageMapping>";
const SCALE: &str = "<ScaleMapping><SummedScoreMultiplier>0.5</SummedScoreMultiplier></ScaleMapping>";

fn ranges(ranges: &[(i32, i32, i32)], otherwise: i32) -> String {
    let inner: String = ranges
        .iter()
        .map(|(lower, upper, value)| {
            format!(
                "<SummedScoreRange><InclusiveLowerBound>{lower}</InclusiveLowerBound><InclusiveUpperBound>{upper}\
                 </InclusiveUpperBound><QualificationValue>{value}</QualificationValue></SummedScoreRange>"
            )
        })
        .collect();
    format!(
        "<RangeMapping>{inner}<OutOfRangeQualificationValue>{otherwise}</OutOfRangeQualificationValue></RangeMapping>"
    )
}

fn sheet(answers: &[(&str, &[&str])]) -> AnswerSheet {
    let given =
        |chosen: &[&str]| Given { selected: chosen.iter().map(|s| (*s).to_owned()).collect(), ..Given::default() };
    answers.iter().map(|(name, chosen)| (*name, given(chosen))).collect()
}

/// The test that the documented key belongs to.
fn documented_test() -> question_form::QuestionForm {
    let ask = |name: &str, selections: &[&str], max: u32| {
        let selections: String = selections
            .iter()
            .map(|s| format!("<Selection><SelectionIdentifier>{s}</SelectionIdentifier><Text>{s}</Text></Selection>"))
            .collect();
        format!(
            "<Question><QuestionIdentifier>{name}</QuestionIdentifier><QuestionContent><Text>?</Text></QuestionContent>\
             <AnswerSpecification><SelectionAnswer><MaxSelectionCount>{max}</MaxSelectionCount><Selections>{selections}\
             </Selections></SelectionAnswer></AnswerSpecification></Question>"
        )
    };
    let questions = ask("nextmove", &["C", "D"], 1) + &ask("favoritefruit", &["apples", "bananas"], 2);
    let text = format!("<QuestionForm xmlns=\"{SCHEMAS}/2017-11-06/QuestionForm.xsd\">{questions}</QuestionForm>");
    question_form::read_test(&text, true).unwrap().value
}

#[rstest]
#[case("D", "apples", 15, 100, 8, 0)]
#[case("", "apples", 10, 67, 5, 10)]
#[case("D", "bananas", 5, 33, 3, 5)]
#[case("D C", "apples bananas", 0, 0, 0, 0)]
#[case("", "", 0, 0, 0, 0)]
fn the_documented_key(
    #[case] moves: &'static str,
    #[case] fruit: &'static str,
    #[case] sum: i64,
    #[case] percent: i32,
    #[case] half: i32,
    #[case] range: i32,
) {
    let chosen = |words: &'static str| words.split_whitespace().collect::<Vec<_>>();
    let (moves, fruit) = (chosen(moves), chosen(fruit));
    let answers = sheet(&[("nextmove", &moves), ("favoritefruit", &fruit)]);
    let value = |mapping: &str| {
        let score = score(&documented(mapping), &answers);
        assert_eq!(score.sum, sum);
        score.value
    };
    assert_eq!(i64::from(value("")), sum);
    assert_eq!(value(PERCENT), percent);
    assert_eq!(value(SCALE), half);
    assert_eq!(value(&ranges(&[(5, 7, 5), (8, 10, 10)], 0)), range);
}

#[test]
fn sets_order_defaults_and_negative_scores() {
    let options: &[(&[&str], i32)] = &[(&["b", "a", "a"], 4), (&["a", "b"], 9), (&["c"], -3)];
    let key = read(&key_text(&question(" q ", options, Some(1)), "")).unwrap().value;
    let marked = |answers: &AnswerSheet| {
        let mark = score(&key, answers).marks.remove(0);
        (mark.question, mark.points, mark.option)
    };
    assert_eq!(marked(&sheet(&[("q", &["b", "a"])])), ("q".to_owned(), 4, Some(0)), "the first that fits");
    assert_eq!(marked(&sheet(&[("q", &["c"])])).1, -3);
    assert_eq!(marked(&sheet(&[("q", &["a"])])), ("q".to_owned(), 1, None), "a part of a set is no match");
    assert_eq!(marked(&sheet(&[("q", &["C"])])).1, 1, "case counts");
    assert_eq!(marked(&AnswerSheet::default()).1, 1, "not answered");
    let other = Given { texts: vec!["mine".to_owned()], ..sheet(&[("q", &["c"])]).given("q").unwrap().clone() };
    assert_eq!(marked(&[("q", other)].into_iter().collect()).1, 1, "a text beside the selection is another answer");
}

#[test]
fn answers_as_the_market_stores_them() {
    let xml = format!(
        "<QuestionFormAnswers xmlns=\"{SCHEMAS}/2005-10-01/QuestionFormAnswers.xsd\"><Answer><QuestionIdentifier>nextmove\
         </QuestionIdentifier><SelectionIdentifier>D</SelectionIdentifier></Answer><Answer><QuestionIdentifier>\
         favoritefruit</QuestionIdentifier><FreeText>apples</FreeText></Answer></QuestionFormAnswers>"
    );
    let score = score(&documented(PERCENT), &AnswerSheet::read(&xml));
    assert_eq!((score.sum, score.value), (5, 33), "a text is no selection");
}

#[rstest]
#[case("<Question/>", "", "line 2, column 1: <Question> needs a <QuestionIdentifier>.")]
#[case("", "", "line 1, column 1: <AnswerKey> needs a <Question>.")]
#[case("<Question><QuestionIdentifier>q</QuestionIdentifier></Question>", "", "<Question> needs an <AnswerOption>.")]
#[case(&question("q", &[(&[], 1)], None), "", "line 2, column 53: <AnswerOption> needs a <SelectionIdentifier>.")]
#[case(&question("q", &[(&["a"], 1)], None).replace(">1<", ">1.5<"), "", "<AnswerScore> must be a whole number")]
#[case(&question("q", &[(&["a"], 1)], None).replace(">1<", ">99999999999<"), "", "at most 32 bits, not \"99999999999\"")]
#[case(&question("q", &[(&["a"], 1)], None), "<a/>", "line 5, column 28: <a> is no kind of mapping")]
#[case(&question("q", &[(&["a"], 1)], None), &PERCENT.replace("15", "0"), "<MaximumSummedScore> must be 1 or more")]
#[case(&question("q", &[(&["a"], 1)], None), &SCALE.replace("0.5", "INF"), "must be a finite number")]
#[case(&question("q", &[(&["a"], 1)], None), &SCALE.replace("0.5", "half"), "must be a number, not \"half\"")]
#[case(&question("q", &[(&["a"], 1)], None), &ranges(&[], 0), "<RangeMapping> needs a <SummedScoreRange>.")]
#[case(&question("q", &[(&["a"], 1)], None), &ranges(&[(7, 5, 1)], 0), "The range begins at 7 and ends at 5.")]
#[case(&question("q", &[(&["a"], 1)], None), &format!("{PERCENT}{SCALE}"), "<QualificationValueMapping> holds one")]
fn keys_that_are_refused(#[case] questions: &str, #[case] mapping: &str, #[case] why: &str) {
    let faults = read(&key_text(questions, mapping)).unwrap_err();
    assert!(faults.iter().any(|fault| fault.to_string().contains(why)), "{faults} should say {why:?}");
}

#[test]
fn a_key_belongs_to_its_test() {
    let test = documented_test();
    let found = |questions: &str, mapping: &str| check(&read(&key_text(questions, mapping)).unwrap().value, &test);
    let good = question("nextmove", &[(&["D"], 5)], None) + &question("favoritefruit", &[(&["apples"], 10)], None);
    assert_eq!(found(&good, PERCENT).unwrap().warnings, []);
    let bad = question("nextmove", &[(&["D"], 5)], None) + &question("lunch", &[(&["apples"], 10)], None);
    assert!(found(&bad, "").unwrap_err().to_string().ends_with("The test has no question \"lunch\"."));
    let bad = question("nextmove", &[(&["E"], 5)], None);
    assert_eq!(
        found(&bad, "").unwrap_err().to_string(),
        "line 2, column 60: The question \"nextmove\" has no selection \"E\"."
    );
}

#[rstest]
#[case(question("nextmove", &[(&["C", "D"], 5)], None), "", "out of reach: it needs 2 selections")]
#[case(question("nextmove", &[(&["D"], 5), (&["D"], 6)], None), "", "an option before this one")]
#[case(question("nextmove", &[(&["D"], 5)], None), "", "says nothing about the question \"favoritefruit\"")]
#[case(question("nextmove", &[(&["D"], 5)], None), PERCENT, "The best answers score 5 only, but 100 percent are 15.")]
#[case(question("nextmove", &[(&["D"], 50)], None), PERCENT, "The best answers score 50, but 100 percent are 15")]
#[case(question("nextmove", &[(&["D"], 5)], None), &ranges(&[(0, 2, 1), (2, 5, 2)], 0), "overlap")]
#[case(question("nextmove", &[(&["D"], 5)], None), &ranges(&[(0, 2, 1), (5, 5, 2)], 7), "No range holds a score of 3 to 4: its value is 7.")]
#[case(question("nextmove", &[(&["D"], 5)], None), &ranges(&[(0, 5, 1), (6, 9, 2)], 0), "No answers reach this range")]
fn what_is_doubtful_in_a_key(#[case] questions: String, #[case] mapping: &str, #[case] why: &str) {
    let warnings = check(&read(&key_text(&questions, mapping)).unwrap().value, &documented_test()).unwrap().warnings;
    assert!(warnings.iter().any(|fault| fault.words.contains(why)), "{warnings:?} should say {why:?}");
}

#[test]
fn a_question_twice_in_a_key_counts_twice_and_is_doubtful() {
    let twice = question("q", &[(&["a"], 2)], None) + &question("q", &[(&["a"], 3)], None);
    let key = read(&key_text(&twice, "")).unwrap();
    assert_eq!(key.warnings.len(), 1);
    assert_eq!(score(&key.value, &sheet(&[("q", &["a"])])).sum, 5);
}

fn mappings() -> impl Strategy<Value = Mapping> {
    let place = crate::question::fault::Place { line: 1, column: 1 };
    let range = (any::<i32>(), any::<i32>(), any::<i32>()).prop_map(move |(a, b, value)| Range {
        place,
        lower: a.min(b),
        upper: a.max(b),
        value,
    });
    prop_oneof![
        Just(Mapping::Sum),
        any::<i32>().prop_map(Mapping::Percentage),
        any::<f64>().prop_map(Mapping::Scale),
        (prop::collection::vec(range, 1..5), any::<i32>())
            .prop_map(|(ranges, otherwise)| Mapping::Range { ranges, otherwise }),
    ]
}

proptest! {
    #[test]
    fn mapping_never_panics_and_stays_in_its_bounds(mapping in mappings(), sum in any::<i64>()) {
        let value = mapping.value(sum);
        if let Mapping::Range { ranges, otherwise } = &mapping {
            prop_assert!(value == *otherwise || ranges.iter().any(|range| range.value == value));
        }
    }

    #[test]
    fn a_percentage_of_points_between_none_and_all_is_between_0_and_100(max in 1..=i32::MAX, share in 0.0..=1.0_f64) {
        let sum = (f64::from(max) * share) as i64;
        let value = Mapping::Percentage(max).value(sum);
        prop_assert!((0..=100).contains(&value));
        // Nearest: off by half a percent at most.
        prop_assert!((i128::from(value) * i128::from(max) - 100 * i128::from(sum)).abs() * 2 <= i128::from(max));
    }

    #[test]
    fn more_points_never_lower_a_percentage(max in 1..=i32::MAX, a in any::<i32>(), b in any::<i32>()) {
        let value = |sum: i32| Mapping::Percentage(max).value(i64::from(sum));
        prop_assert!(value(a.min(b)) <= value(a.max(b)));
    }

    #[test]
    fn the_sum_is_that_of_the_marks(chosen in prop::collection::vec(prop::sample::subsequence(vec!["a", "b", "c"], 0..=3), 3)) {
        let options: &[(&[&str], i32)] = &[(&["a"], 3), (&["a", "b"], -7), (&["b", "c"], 11)];
        let questions = ["x", "y", "z"].map(|name| question(name, options, Some(2))).concat();
        let key = read(&key_text(&questions, "")).unwrap().value;
        let answers: Vec<(&str, &[&str])> = ["x", "y", "z"].into_iter().zip(chosen.iter().map(Vec::as_slice)).collect();
        let score = score(&key, &sheet(&answers));
        prop_assert_eq!(score.sum, score.marks.iter().map(|mark| i64::from(mark.points)).sum::<i64>());
        for (mark, chosen) in score.marks.iter().zip(&chosen) {
            let worth = options.iter().find(|(set, _)| *set == chosen.as_slice()).map_or(2, |(_, score)| *score);
            prop_assert_eq!(mark.points, worth);
        }
    }
}
