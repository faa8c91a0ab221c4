//! Reads the document. Never fails: what is wrong is said in [`Answer::problem`], beside what could be read.

use super::entries::{self, Entry, FIELDS};
use super::{Answer, Field, Value, json, shape};

/// Decodes an answer. An empty text is an answer without fields, as MTurk sends when nothing was posted.
pub fn decode(xml: &str) -> Answer {
    let is_xml = xml.trim_start_matches('\u{feff}').trim_start();
    if !is_xml.is_empty() && !is_xml.starts_with('<') {
        let problems = vec!["not an XML document; shown as it came".to_owned()];
        let entry = Entry { name: "answer".to_owned(), text: Some(entries::clip(xml).to_owned()), ..Entry::default() };
        return interpret(vec![entry], problems);
    }
    let read = entries::read(xml);
    interpret(read.entries, read.problems)
}

/// Turns what was read into fields.
fn interpret(entries: Vec<Entry>, mut problems: Vec<String>) -> Answer {
    let mut fields = Vec::with_capacity(entries.len());
    for Entry { name, mut selected, other, text, upload } in entries {
        selected.extend(other);
        let value = match (upload, text) {
            (Some((key, bytes)), _) => Value::Upload { key, bytes },
            (None, _) if !selected.is_empty() => Value::Choice(selected),
            (None, None) => Value::Empty,
            (None, Some(text)) if name == "taskAnswers" => match json::flatten(&text, &mut fields) {
                Ok(true) => continue,
                Ok(false) => {
                    problems.push(format!("more than {FIELDS} fields; the rest is not shown"));
                    continue;
                }
                Err(error) => {
                    problems.push(format!("taskAnswers is not JSON: {error}"));
                    Value::Text(text)
                }
            },
            (None, Some(text)) => shape::of_text(text),
        };
        fields.push(Field { name, value });
    }
    let fields = shape::join_options(fields);
    Answer { fields, problem: (!problems.is_empty()).then(|| problems.join("; ")) }
}
