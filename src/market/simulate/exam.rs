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
