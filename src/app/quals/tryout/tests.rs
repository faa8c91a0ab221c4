use super::*;

const TEST: &str = include_str!("../../../../tests/data/qualification/test.xml");
const KEY: &str = include_str!("../../../../tests/data/qualification/key.xml");

/// A test with a text, a number and a choice with a text of one's own.
const TEXTS: &str = r#"<QuestionForm xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2017-11-06/QuestionForm.xsd">
<Question><QuestionIdentifier>why</QuestionIdentifier><IsRequired>true</IsRequired><QuestionContent><Text>Why?</Text></QuestionContent>
<AnswerSpecification><FreeTextAnswer><Constraints><Length minLength="3"/></Constraints></FreeTextAnswer></AnswerSpecification></Question>
<Question><QuestionIdentifier>age</QuestionIdentifier><QuestionContent><Text>How old are you?</Text></QuestionContent>
<AnswerSpecification><FreeTextAnswer><Constraints><IsNumeric minValue="18" maxValue="99"/></Constraints></FreeTextAnswer></AnswerSpecification></Question>
<Question><QuestionIdentifier>pet</QuestionIdentifier><QuestionContent><Text>A pet?</Text></QuestionContent>
<AnswerSpecification><SelectionAnswer><Selections><Selection><SelectionIdentifier>cat</SelectionIdentifier><Text>a cat</Text></Selection>
<OtherSelection/></Selections></SelectionAnswer></AnswerSpecification></Question>
</QuestionForm>"#;

fn text(test: &Tryout) -> String {
    let line = |line: &crate::app::document::Line| {
        line.spans.iter().map(|span| span.text.as_str()).collect::<Vec<_>>().join(" ")
    };
    test.document(76).lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Puts the cursor on the answer of this number and answers it.
fn answer(test: &mut Tryout, stop: usize) {
    test.step(isize::MIN, 76, 20);
    test.step(stop as isize, 76, 20);
    test.answer();
}

fn fill_in(test: &mut Tryout, stop: usize, text: &str) {
    answer(test, stop);
    test.typing = Some(Input::new(text.to_owned()));
    test.typed();
}

#[test]
fn every_answer_is_scored_at_once_as_the_market_would() {
    let mut test = Tryout::new("Basics", TEST, KEY).unwrap();
    assert_eq!(test.heading(), "Basics: value 0 for 0 of 4 points, 2 to answer");
    answer(&mut test, 1);
    assert_eq!(test.score().unwrap().value, 50);
    assert!(text(&test).contains("(o) displeased") && text(&test).contains("2 of 2 points"), "{}", text(&test));
    answer(&mut test, 0);
    assert_eq!(test.score().unwrap().value, 0, "one choice replaces the other");
    answer(&mut test, 1);
    answer(&mut test, 2);
    assert_eq!(test.heading(), "Basics: value 75 for 3 of 4 points");
    answer(&mut test, 3);
    assert_eq!(test.score().unwrap().value, 100);
    answer(&mut test, 4);
    assert_eq!(test.score().unwrap().value, 50, "exactly the selections of the key count");
    test.take_back();
    assert_eq!(test.heading(), "Basics: value 50 for 2 of 4 points, 1 to answer");
}

#[test]
fn texts_and_numbers_are_held_to_what_the_test_wants() {
    let mut test = Tryout::new("Texts", TEXTS, "").unwrap();
    assert_eq!(test.heading(), "Texts: no key: you would decide, 1 to answer");
    fill_in(&mut test, 0, "no");
    assert!(text(&test).contains("! "), "{}", text(&test));
    fill_in(&mut test, 0, "because");
    fill_in(&mut test, 1, "7");
    assert!(text(&test).contains("The number must be 18 or more"), "{}", text(&test));
    fill_in(&mut test, 1, "70");
    assert_eq!(test.missing(), 0);
    answer(&mut test, 2);
    fill_in(&mut test, 3, "a dog");
    assert!(text(&test).contains("other: a dog"), "{}", text(&test));
    fill_in(&mut test, 3, " ");
    assert!(!text(&test).contains("a dog"), "{}", text(&test));
}

#[test]
fn what_is_wrong_with_the_key_stands_below_the_test() {
    let test = Tryout::new("Basics", TEST, &KEY.replace(">battery<", ">batery<")).unwrap();
    assert!(text(&test).contains("The test has no question \"batery\""), "{}", text(&test));
    let test = Tryout::new("Basics", TEST, "<AnswerKey>").unwrap();
    assert!(test.heading().contains("the key cannot be read"), "{}", test.heading());
    assert!(Tryout::new("Basics", "<a/>", KEY).unwrap_err().starts_with("test: line 1"));
    assert_eq!(Tryout::new("Basics", " ", KEY).unwrap_err(), "there is no test");
}

#[test]
fn the_cursor_stays_in_view_in_a_low_window() {
    let mut test = Tryout::new("Basics", TEST, KEY).unwrap();
    let lines = test.document(76).lines.len();
    for height in [1, 3, 7, 100] {
        test.step(isize::MIN, 76, height);
        assert!(height < 5 || test.offset == 0);
        for _ in 0..8 {
            test.step(1, 76, height);
            let (line, _) = test.place(76).unwrap();
            assert!((test.offset..test.offset + height).contains(&line), "{line} of {} at {height}", test.offset);
        }
        test.scroll(isize::MAX, 76, height);
        assert_eq!(test.offset, lines.saturating_sub(height));
    }
}
