//! What each character answers.

use super::crew::Character;
use super::tasks::{Library, Row, Subject};
use crate::question::answer;
use crate::question::form::{self, Form, Kind};
use crate::question::item;
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use serde_json::{Map, Value, json};

/// What a spammer types. One of them hides characters, as such people do to get past checks for doubles.
const JUNK: [&str; 8] =
    ["good", "nice", "good survey", "yes i think", "asdf", "NA", "very good\u{200b}\u{200b} thanks", "ok ok ok"];

/// What a copy-paster has at hand.
const PASTED: &str = "Read the text and say in one sentence of your own, 8 to 25 words, what it is about.";

/// The remarks that careful workers leave now and then.
const REMARKS: [&str; 4] = [
    "could be read both ways",
    "nice example",
    "I had to read it twice",
    "a bit ambiguous, went with the literal meaning",
];

/// Answers a task: the QuestionFormAnswers document, or nothing where there is no form to fill in.
pub fn answer(question: &str, library: &Library, character: Character, rng: &mut StdRng) -> Option<String> {
    let form = form::read(question);
    if form.fields.is_empty() {
        return None;
    }
    let item = item::read(question);
    let known = library.find(&item);
    let shown = item.pairs.iter().map(|(_, value)| value.as_str()).chain(item.text.iter().map(String::as_str));
    let longest = shown.max_by_key(|text| text.len()).unwrap_or("").to_owned();
    let person = Person { character, known, longest };
    let mut values: Vec<(String, Given)> = Vec::new();
    for field in &form.fields {
        let given = match &field.kind {
            Kind::One(options) => Given::Option(person.choose(&field.name, options, rng)),
            Kind::Any(options) => Given::Options(options.iter().filter(|_| rng.random_bool(0.4)).cloned().collect()),
            Kind::Text => Given::Text(person.write(&field.name, rng)),
        };
        values.push((field.name.clone(), given));
    }
    Some(document(&form, &values))
}

enum Given {
    Option(String),
    Options(Vec<String>),
    Text(String),
}

/// The answer as the page would post it.
fn document(form: &Form, values: &[(String, Given)]) -> String {
    if !form.crowd {
        // Boxes that are not ticked are not posted.
        let posted: Vec<(&str, String)> = values
            .iter()
            .filter_map(|(name, given)| match given {
                Given::Option(text) | Given::Text(text) => Some((name.as_str(), text.clone())),
                Given::Options(chosen) if chosen.is_empty() => None,
                Given::Options(chosen) => Some((name.as_str(), chosen.join("|"))),
            })
            .collect();
        return answer::write(&posted);
    }
    let mut object = Map::new();
    for (field, (name, given)) in form.fields.iter().zip(values) {
        let value = match (given, &field.kind) {
            (Given::Option(chosen), Kind::One(options)) => options
                .iter()
                .map(|option| (option.clone(), Value::Bool(option == chosen)))
                .collect::<Map<_, _>>()
                .into(),
            (Given::Options(chosen), Kind::Any(options)) => options
                .iter()
                .map(|option| (option.clone(), Value::Bool(chosen.contains(option))))
                .collect::<Map<_, _>>()
                .into(),
            (Given::Options(chosen), _) => json!({ "on": !chosen.is_empty() }),
            (Given::Option(text) | Given::Text(text), _) => Value::String(text.clone()),
        };
        object.insert(name.clone(), value);
    }
    answer::write(&[("taskAnswers", Value::Array(vec![object.into()]).to_string())])
}

struct Person<'a> {
    character: Character,
    known: Option<(Subject, &'a Row)>,
    longest: String,
}

impl Person<'_> {
    fn choose(&self, field: &str, options: &[String], rng: &mut StdRng) -> String {
        let right = match (self.known, field) {
            (Some((Subject::Entailment, row)), "entailment") => Some(row.get("gold")),
            (Some((Subject::Relation, row)), "relation") => Some(row.get("relation")),
            (Some((Subject::Summary, _)), "difficulty") => Some("easy"),
            _ => None,
        };
        let skill = match self.character {
            Character::Careful | Character::Silent => 0.93,
            Character::Hasty => 0.72,
            Character::CopyPaster => 0.55,
            Character::Spammer => 0.0,
        };
        match (self.character, right) {
            (Character::Spammer, _) => options.first().cloned().unwrap_or_default(),
            (_, Some(right)) if rng.random_bool(skill) => right.to_owned(),
            (_, right) => {
                let wrong: Vec<&String> = options.iter().filter(|option| Some(option.as_str()) != right).collect();
                wrong.choose(rng).map_or_else(String::new, |option| (*option).clone())
            }
        }
    }

    fn write(&self, field: &str, rng: &mut StdRng) -> String {
        let chance = |p: f64, rng: &mut StdRng| rng.random_bool(p);
        match (self.character, self.known, field) {
            (Character::Spammer, Some((Subject::Relation, _)), "url") => "http://www.google.com".to_owned(),
            (Character::Spammer, _, "comment") => String::new(),
            (Character::Spammer, ..) => pick(&JUNK, rng),
            (Character::CopyPaster, Some((Subject::Relation, row)), "url") => {
                format!("https://www.google.com/search?q={}", row.get("subject").replace(' ', "+"))
            }
            (Character::CopyPaster, Some((Subject::Relation, row)), _) => {
                format!("{} {}", row.get("subject"), row.get("object"))
            }
            (Character::CopyPaster, _, "comment") => String::new(),
            (Character::CopyPaster, ..) if chance(0.2, rng) => PASTED.to_owned(),
            (Character::CopyPaster, ..) => first_sentence(&self.longest).to_owned(),
            (character, Some((Subject::Summary, row)), "summary") => {
                let whole = row.get(if chance(0.5, rng) { "one" } else { "two" });
                match character {
                    Character::Hasty if chance(0.4, rng) => format!("its about a {}", row.get("topic")),
                    Character::Hasty => words(whole, rng.random_range(4..9)).to_lowercase(),
                    _ => whole.to_owned(),
                }
            }
            (Character::Hasty, Some((Subject::Relation, row)), "sentence") => {
                words(row.get("sentence"), rng.random_range(3..8)).to_owned()
            }
            (_, Some((Subject::Relation, row)), "url" | "sentence") => row.get(field).to_owned(),
            (Character::Careful, _, "comment") if chance(0.06, rng) => pick(&REMARKS, rng),
            (_, _, "comment") => String::new(),
            (Character::Hasty, ..) => words(first_sentence(&self.longest), 5).to_owned(),
            _ => format!("It says that {}", lower_first(first_sentence(&self.longest))),
        }
    }
}

fn pick(from: &[&str], rng: &mut StdRng) -> String {
    from.choose(rng).map_or_else(String::new, |text| (*text).to_owned())
}

fn first_sentence(text: &str) -> &str {
    text.find(". ").map_or(text, |end| &text[..=end])
}

/// The first so many words.
fn words(text: &str, count: usize) -> &str {
    text.match_indices(' ').nth(count.saturating_sub(1)).map_or(text, |(end, _)| &text[..end])
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::super::crew::stream;
    use super::super::tasks::BATCHES;
    use super::*;
    use crate::question::answer::{Value, decode};
    use crate::question::write::html_question;

    fn answers(batch: usize, character: Character) -> Vec<(Row, answer::Answer)> {
        let library = Library::load();
        let mut rng = stream(3, 0);
        let batch = &BATCHES[batch];
        let rows = batch.rows();
        rows.into_iter()
            .map(|row| {
                let text = answer(&batch.question(&row), &library, character, &mut rng).unwrap();
                let decoded = decode(&text);
                assert_eq!(decoded.problem, None);
                (row, decoded)
            })
            .collect()
    }

    fn right(batch: usize, character: Character, field: &str, column: &str) -> usize {
        let all = answers(batch, character);
        all.iter().filter(|(row, a)| a.field(field).is_some_and(|f| f.value.text() == row.get(column))).count()
    }

    #[test]
    fn careful_people_are_right_more_often_than_hasty_ones_and_spammers() {
        for (batch, field, column) in [(1, "entailment", "gold"), (0, "relation", "relation")] {
            let careful = right(batch, Character::Careful, field, column);
            assert!(careful > right(batch, Character::Hasty, field, column), "{field}");
            assert!(careful * 100 > 85 * BATCHES[batch].rows().len(), "{field}: {careful}");
            assert!(right(batch, Character::Spammer, field, column) * 2 < careful + careful / 2, "{field}");
        }
    }

    #[test]
    fn the_relation_task_answers_with_one_boolean_per_option() {
        let batch = &BATCHES[0];
        let row = &batch.rows()[0];
        let raw = answer(&batch.question(row), &Library::load(), Character::Careful, &mut stream(5, 0)).unwrap();
        assert!(raw.contains("<QuestionIdentifier>taskAnswers</QuestionIdentifier>"), "{raw}");
        assert!(raw.contains("\"was born in\":false"), "{raw}");
        let decoded = decode(&raw);
        assert!(matches!(&decoded.field("relation").unwrap().value, Value::Choice(chosen) if chosen.len() == 1));
        assert_eq!(decoded.field("url").unwrap().value.text(), row.get("url"));
        assert_eq!(decoded.field("sentence").unwrap().value.text(), row.get("sentence"));
    }

    #[test]
    fn copy_pasters_copy() {
        let copied = answers(2, Character::CopyPaster);
        let from_text = copied
            .iter()
            .filter(|(row, a)| row.get("text").starts_with(&*a.field("summary").unwrap().value.text()))
            .count();
        assert!(from_text * 2 > copied.len());
    }

    #[test]
    fn unknown_tasks_are_answered_too() {
        let question = html_question(
            "<p>Is it so? I wonder.</p><input type=radio name=q value=a><input type=radio name=q value=b><input name=t>",
        );
        for character in [Character::Careful, Character::Hasty, Character::Spammer, Character::CopyPaster] {
            let text = answer(&question, &Library::load(), character, &mut stream(1, 1)).unwrap();
            let decoded = decode(&text);
            assert!(["a", "b"].contains(&&*decoded.field("q").unwrap().value.text()));
            assert!(!decoded.field("t").unwrap().value.is_empty());
        }
        assert_eq!(answer("<ExternalQuestion/>", &Library::load(), Character::Careful, &mut stream(1, 1)), None);
    }
}
