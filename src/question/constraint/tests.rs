use super::*;
use crate::question::fault::Place;
use crate::question::question_form::{Choice, Content, Part};
use rstest::rstest;

fn asking(name: &str, is_required: bool, answer: AnswerSpecification) -> QuestionForm {
    let place = Place { line: 1, column: 1 };
    let content = vec![Content::Text("?".to_owned())];
    let identifier = name.to_owned();
    let question = Question { place, identifier, display_name: None, is_required, content, answer };
    QuestionForm { parts: vec![Part::Question(question)] }
}

fn wants(form: &QuestionForm, given: Given) -> Vec<Want> {
    let sheet = [("q", given)].into_iter().collect();
    check(form, &sheet).into_iter().map(|unmet| unmet.want).collect()
}

fn text(text: &str) -> Given {
    Given { texts: vec![text.to_owned()], ..Given::default() }
}

fn selected(chosen: &[&str]) -> Given {
    Given { selected: chosen.iter().map(|s| (*s).to_owned()).collect(), ..Given::default() }
}

fn pattern(regex: &str) -> Pattern {
    Pattern { regex: regex.to_owned(), error_text: "No.".to_owned(), ignore_case: false }
}

#[rstest]
#[case(FreeText::default(), "", &[])]
#[case(FreeText { min_length: Some(2), ..FreeText::default() }, "", &[Want::Answer])]
#[case(FreeText { min_length: Some(0), ..FreeText::default() }, "", &[])]
#[case(FreeText { min_length: Some(2), ..FreeText::default() }, "é", &[Want::MinLength(2)])]
#[case(FreeText { min_length: Some(2), max_length: Some(2), ..FreeText::default() }, "éé", &[])]
#[case(FreeText { max_length: Some(2), ..FreeText::default() }, "abc", &[Want::MaxLength(2)])]
#[case(FreeText { numeric: Some((None, None)), ..FreeText::default() }, "", &[])]
#[case(FreeText { numeric: Some((None, None)), ..FreeText::default() }, " -1.5e3 ", &[])]
#[case(FreeText { numeric: Some((None, None)), ..FreeText::default() }, "inf", &[Want::Number])]
#[case(FreeText { numeric: Some((None, None)), ..FreeText::default() }, "1e999", &[Want::Number])]
#[case(FreeText { numeric: Some((Some(1), Some(9))), ..FreeText::default() }, "0.5", &[Want::AtLeast(1)])]
#[case(FreeText { numeric: Some((Some(1), Some(9))), ..FreeText::default() }, "9.5", &[Want::AtMost(9)])]
#[case(FreeText { patterns: vec![pattern(r"\S")], ..FreeText::default() }, " ", &[Want::Format("No.".to_owned())])]
#[case(FreeText { patterns: vec![pattern(r"(^$|\S{2,})")], ..FreeText::default() }, "", &[])]
#[case(FreeText { patterns: vec![pattern(r"(^$|\S{2,})")], ..FreeText::default() }, "a", &[Want::Format("No.".to_owned())])]
#[case(FreeText { patterns: vec![pattern("a"), pattern("b")], ..FreeText::default() }, "a", &[Want::Format("No.".to_owned())])]
#[case(FreeText { patterns: vec![pattern("(?=z)")], ..FreeText::default() }, "a", &[])]
fn texts(#[case] field: FreeText, #[case] given: &str, #[case] expected: &[Want]) {
    let form = asking("q", false, AnswerSpecification::FreeText(field));
    assert_eq!(wants(&form, text(given)), expected);
}

fn selection(min: u32, max: u32, other: Option<FreeText>) -> AnswerSpecification {
    let choice = |name: &str| Choice { identifier: name.to_owned(), label: Content::Text(name.to_owned()) };
    AnswerSpecification::Selection(Selection {
        min,
        max,
        style: None,
        choices: ["a", "b", "c"].map(choice).to_vec(),
        other,
    })
}

#[rstest]
#[case(false, 1, 1, &[], &[])]
#[case(true, 1, 1, &[], &[Want::Answer])]
#[case(true, 0, 1, &[], &[])]
#[case(false, 2, 2, &["a"], &[Want::Selections { min: 2, max: 2 }])]
#[case(false, 1, 2, &["a", "b", "c"], &[Want::Selections { min: 1, max: 2 }])]
#[case(false, 1, 1, &["z"], &[Want::KnownSelection("z".to_owned())])]
fn selections(
    #[case] is_required: bool,
    #[case] min: u32,
    #[case] max: u32,
    #[case] chosen: &[&str],
    #[case] expected: &[Want],
) {
    assert_eq!(wants(&asking("q", is_required, selection(min, max, None)), selected(chosen)), expected);
}

#[test]
fn a_text_of_ones_own_counts_as_a_selection_where_there_is_room_for_it() {
    let given = Given { texts: vec!["mine".to_owned()], ..selected(&["a"]) };
    let other = Some(FreeText { max_length: Some(3), ..FreeText::default() });
    let all = wants(&asking("q", true, selection(1, 1, other)), given.clone());
    assert_eq!(all, [Want::Selections { min: 1, max: 1 }, Want::MaxLength(3)]);
    assert_eq!(wants(&asking("q", true, selection(1, 1, None)), given), [Want::Kind("a selection")]);
    assert_eq!(wants(&asking("q", true, selection(1, 1, Some(FreeText::default()))), text("mine")), []);
}

#[test]
fn files_kinds_and_strangers() {
    let form = asking("q", true, AnswerSpecification::Upload { min_bytes: 10, max_bytes: 20 });
    let file = |size| Given { upload: Some(("k".to_owned(), size)), ..Given::default() };
    assert_eq!(wants(&form, file(10)), []);
    assert_eq!(wants(&form, file(21)), [Want::FileSize { min: 10, max: 20 }]);
    assert_eq!(wants(&form, Given::default()), [Want::Answer]);
    assert_eq!(
        wants(&asking("q", false, AnswerSpecification::FreeText(FreeText::default())), file(1)),
        [Want::Kind("a text")]
    );
    let stranger = check(&asking("p", true, selection(1, 1, None)), &[("q", text("x"))].into_iter().collect());
    let all: Vec<_> = stranger.iter().map(|unmet| (unmet.question.as_str(), unmet.want.to_string())).collect();
    assert_eq!(all, [("p", "An answer is required.".to_owned()), ("q", "The form has no such question.".to_owned())]);
}

#[rstest]
#[case(r"^[12][0-9]{3}-[01]?\d-[0-3]?\d$", "1999-12-31", true)]
#[case(r"^[12][0-9]{3}-[01]?\d-[0-3]?\d$", "99-12-31", false)]
#[case(r"^https?:\/\/[\w.]+\/$", "https://example.org/", true)]
#[case(r"^[[&&~]+$", "[&~", true)]
#[case(r"^\<\u00e9\>$", "<é>", true)]
#[case(r"^[^\]]+$", "a]", false)]
fn patterns_in_javascript(#[case] regex: &str, #[case] given: &str, #[case] matches: bool) {
    assert_eq!(expression(&pattern(regex)).unwrap().is_match(given), matches);
}

#[rstest]
#[case("(?=a)")]
#[case(r"(a)\1")]
#[case("[]")]
#[case("[^]")]
#[case("(a")]
#[case(r"\A")]
#[case("a\\")]
#[case("((a{99}){99}){99}")]
fn patterns_that_are_not_held_against_answers(#[case] regex: &str) {
    assert!(expression(&pattern(regex)).is_err());
}

#[test]
fn case_is_ignored_on_request() {
    let pattern = Pattern { ignore_case: true, ..pattern("regex") };
    assert!(expression(&pattern).unwrap().is_match("many RegExes"));
}
