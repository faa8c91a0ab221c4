//! Qualification tests: what they must be, and what answers to them are worth.

use super::question::BadDocument;
use crate::question::fault::Faults;
use crate::question::sheet::AnswerSheet;
use crate::question::{answer_key, question_form};

/// Checks a `Test` and its `AnswerKey`: each by itself, and the key against the test. What is doubtful passes.
pub fn check_test(test: &str, key: Option<&str>) -> Result<(), BadDocument> {
    let form = question_form::read_test(test, key.is_some()).map_err(|faults| named("Test", &faults))?;
    if let Some(key) = key {
        let wrong = |faults| named("AnswerKey", &faults);
        let key = answer_key::read(key).map_err(wrong)?;
        answer_key::check(&key.value, &form.value).map_err(wrong)?;
    }
    Ok(())
}

/// The value of the qualification that an answer earns by a key.
pub fn score(key: &str, answer: &str) -> Result<i32, BadDocument> {
    let key = answer_key::read(key).map_err(|faults| named("AnswerKey", &faults))?;
    Ok(answer_key::score(&key.value, &AnswerSheet::read(answer)).value)
}

fn named(document: &str, faults: &Faults) -> BadDocument {
    BadDocument(format!("{document}: {faults}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::answers::{Given, from_given};

    const SCHEMAS: &str = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/";

    fn test(answer: &str) -> String {
        format!(
            "<QuestionForm xmlns='{SCHEMAS}2017-11-06/QuestionForm.xsd'><Question><QuestionIdentifier>q</QuestionIdentifier>\
             <QuestionContent><Text>1 + 1?</Text></QuestionContent><AnswerSpecification>{answer}</AnswerSpecification>\
             </Question></QuestionForm>"
        )
    }

    fn selections() -> String {
        let selection = |name: &str| {
            format!("<Selection><SelectionIdentifier>{name}</SelectionIdentifier><Text>{name}</Text></Selection>")
        };
        test(&format!(
            "<SelectionAnswer><Selections>{}{}</Selections></SelectionAnswer>",
            selection("two"),
            selection("three")
        ))
    }

    fn key(question: &str, selection: &str) -> String {
        format!(
            "<AnswerKey xmlns='{SCHEMAS}2005-10-01/AnswerKey.xsd'><Question><QuestionIdentifier>{question}</QuestionIdentifier>\
             <AnswerOption><SelectionIdentifier>{selection}</SelectionIdentifier><AnswerScore>10</AnswerScore></AnswerOption>\
             <DefaultScore>-2</DefaultScore></Question></AnswerKey>"
        )
    }

    #[test]
    fn a_key_belongs_to_its_test() {
        let free = test("<FreeTextAnswer/>");
        assert_eq!(check_test(&free, None), Ok(()));
        assert_eq!(check_test(&selections(), Some(&key("q", "two"))), Ok(()));
        for (test, key, document, why) in [
            ("<QuestionForm/>".to_owned(), None, "Test: line 1", "namespace"),
            (test("<Nothing/>"), None, "Test: line 1", "Nothing"),
            (free, Some(key("q", "two")), "Test: line 1", "selections only"),
            (selections(), Some("<AnswerKey/>".to_owned()), "AnswerKey: line 1", "namespace"),
            (selections(), Some(key("p", "two")), "AnswerKey: line 1", "no question"),
            (selections(), Some(key("q", "four")), "AnswerKey: line 1", "no selection"),
        ] {
            let BadDocument(said) = check_test(&test, key.as_deref()).unwrap_err();
            assert!(said.starts_with(document) && said.contains(why), "{said:?} should say {why:?}");
        }
    }

    #[test]
    fn an_answer_is_worth_what_the_key_says() {
        let scored = |selected: &[&str]| {
            let selected: Vec<String> = selected.iter().map(|name| (*name).to_owned()).collect();
            score(&key("q", "two"), &from_given([("q", Given::Selected(&selected))]))
        };
        assert_eq!(scored(&["two"]), Ok(10));
        assert_eq!(scored(&["three"]), Ok(-2));
        assert_eq!(scored(&["two", "three"]), Ok(-2));
        assert_eq!(scored(&[]), Ok(-2));
        assert_eq!(score(&key("q", "two"), &from_given([])), Ok(-2));
    }
}
