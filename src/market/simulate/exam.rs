//! How each character takes a qualification test.

use super::crew::Character;
use crate::market::answers::{Given, from_given};
use crate::question::answer_key::{self, AnswerKey};
use crate::question::question_form::{self, AnswerSpecification, FreeText, Question, Selection};
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, IteratorRandom};

/// Answers a test. `key` is what people know who know what is right: without one every answer is as good as another.
pub fn answer(test: &str, key: Option<&str>, character: Character, rng: &mut StdRng) -> String {
    let form = match question_form::read_test(test, key.is_some()) {
        Ok(checked) => checked.value,
        // Tests are checked before they are there; one that cannot be read has no questions.
        Err(_) => return from_given([]),
    };
    let key = key.and_then(|key| answer_key::read(key).ok()).map(|checked| checked.value);
    let chosen: Vec<(&str, Chosen)> = form
        .questions()
        .filter_map(|question| Some((question.identifier.as_str(), choose(question, key.as_ref(), character, rng)?)))
        .collect();
    from_given(chosen.iter().map(|(name, chosen)| match chosen {
        Chosen::Text(text) => (*name, Given::Text(text)),
        Chosen::Selected(selected) => (*name, Given::Selected(selected)),
    }))
}

enum Chosen {
    Text(String),
    Selected(Vec<String>),
}

/// How often somebody is right who could be.
fn skill(character: Character) -> f64 {
    match character {
        Character::Careful | Character::Silent => 0.95,
        Character::Hasty => 0.7,
        Character::CopyPaster => 0.5,
        Character::Spammer => 0.0,
    }
}

fn choose(question: &Question, key: Option<&AnswerKey>, character: Character, rng: &mut StdRng) -> Option<Chosen> {
    let is_careless = matches!(character, Character::Hasty | Character::Spammer);
    if !question.is_required && is_careless && rng.random_bool(0.3) {
        return None;
    }
    match &question.answer {
        AnswerSpecification::Selection(selection) => {
            let right = key.and_then(|key| best(key, &question.identifier));
            Some(Chosen::Selected(select(selection, right, character, rng)))
        }
        AnswerSpecification::FreeText(field) => Some(Chosen::Text(write(field, character, rng))),
        AnswerSpecification::Upload { .. } => None,
    }
}

/// The answer that is worth most.
fn best<'k>(key: &'k AnswerKey, question: &str) -> Option<&'k [String]> {
    let question = key.questions.iter().find(|known| known.identifier == question)?;
    let best = question.options.iter().max_by_key(|option| option.score)?;
    Some(&best.selections)
}

fn select(selection: &Selection, right: Option<&[String]>, character: Character, rng: &mut StdRng) -> Vec<String> {
    let mut names = selection.choices.iter().map(|choice| &choice.identifier);
    if character == Character::Spammer {
        return names.next().into_iter().cloned().collect();
    }
    match right {
        Some(right) if rng.random_bool(skill(character)) => right.to_vec(),
        _ => {
            let least = selection.min.clamp(1, 100) as usize;
            let wrong = names.filter(|name| right.is_none_or(|right| !right.contains(name)));
            wrong.cloned().choose_multiple(rng, least)
        }
    }
}

fn write(field: &FreeText, character: Character, rng: &mut StdRng) -> String {
    if let Some((least, most)) = field.numeric {
        let least = least.unwrap_or(0);
        let most = most.unwrap_or(least.saturating_add(10)).max(least);
        return rng.random_range(least..=most).to_string();
    }
    let said: &[&str] = match character {
        Character::Careful | Character::Silent => &[
            "I have done tasks of this kind for two years and read the instructions first.",
            "German is my first language, and I read English every day.",
        ],
        Character::Hasty => &["yes, some experience", "I did this before"],
        Character::CopyPaster => &["Please answer in one or two sentences.", "Describe your experience."],
        Character::Spammer => &["good", "yes", "ok"],
    };
    let text = said.choose(rng).map_or("", |text| text);
    match field.max_length {
        Some(most) => text.chars().take(most as usize).collect(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::crew::stream;
    use super::*;
    use crate::market::rules::qualification_test::{check_test, score};
    use crate::question::sheet::AnswerSheet;

    const SCHEMAS: &str = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/";

    fn form(answers: &[(&str, &str)]) -> String {
        let questions: String = answers
            .iter()
            .map(|(name, answer)| {
                format!(
                    "<Question><QuestionIdentifier>{name}</QuestionIdentifier><IsRequired>true</IsRequired>\
                     <QuestionContent><Text>?</Text></QuestionContent><AnswerSpecification>{answer}\
                     </AnswerSpecification></Question>"
                )
            })
            .collect();
        format!("<QuestionForm xmlns='{SCHEMAS}2017-11-06/QuestionForm.xsd'>{questions}</QuestionForm>")
    }

    fn selection(names: &[&str], bounds: &str) -> String {
        let selections: String = names
            .iter()
            .map(|name| {
                format!("<Selection><SelectionIdentifier>{name}</SelectionIdentifier><Text>x</Text></Selection>")
            })
            .collect();
        format!("<SelectionAnswer>{bounds}<Selections>{selections}</Selections></SelectionAnswer>")
    }

    #[test]
    fn careful_people_score_more_than_hasty_ones_and_spammers_nothing() {
        let choice = selection(&["a", "b", "c"], "");
        let test = form(&[("p", &choice), ("q", &choice)]);
        let worth = |name| {
            format!(
                "<Question><QuestionIdentifier>{name}</QuestionIdentifier><AnswerOption><SelectionIdentifier>c\
                 </SelectionIdentifier><AnswerScore>1</AnswerScore></AnswerOption></Question>"
            )
        };
        let key =
            format!("<AnswerKey xmlns='{SCHEMAS}2005-10-01/AnswerKey.xsd'>{}{}</AnswerKey>", worth("p"), worth("q"));
        assert_eq!(check_test(&test, Some(&key)), Ok(()));
        let sum = |character| {
            let mut rng = stream(1, 2);
            (0..100).map(|_| score(&key, &answer(&test, Some(&key), character, &mut rng)).unwrap()).sum::<i32>()
        };
        let (careful, hasty) = (sum(Character::Careful), sum(Character::Hasty));
        assert!(careful > 170 && hasty < careful && hasty > 90, "{careful} {hasty}");
        assert_eq!(sum(Character::Spammer), 0);
    }

    #[test]
    fn every_kind_of_question_is_answered_within_its_bounds() {
        let two = selection(
            &["a", "b", "c"],
            "<MinSelectionCount>2</MinSelectionCount><MaxSelectionCount>3</MaxSelectionCount>",
        );
        let number =
            "<FreeTextAnswer><Constraints><IsNumeric minValue='18' maxValue='20'/></Constraints></FreeTextAnswer>";
        let short = "<FreeTextAnswer><Constraints><Length maxLength='5'/></Constraints></FreeTextAnswer>";
        let test = form(&[("two", &two), ("age", number), ("note", short)]);
        assert_eq!(check_test(&test, None), Ok(()));
        for character in [Character::Careful, Character::Hasty, Character::CopyPaster] {
            let sheet = AnswerSheet::read(&answer(&test, None, character, &mut stream(1, 3)));
            let text = |name| sheet.given(name).unwrap().texts[0].clone();
            assert_eq!(sheet.given("two").unwrap().selected.len(), 2);
            assert!((18..=20).contains(&text("age").parse::<i32>().unwrap()));
            assert!((1..=5).contains(&text("note").chars().count()));
        }
    }
}
