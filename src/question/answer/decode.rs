//! Reads the document. Never fails: what is wrong is said in [`Answer::problem`], beside what could be read.

use super::{Answer, Field, Value, json, shape};
use crate::question::xml::{self, Part};

/// A document may be so long; what is behind is not read.
const BYTES: usize = 8 << 20;
/// An answer may have so many fields; the rest is not shown.
pub(super) const FIELDS: usize = 10_000;

/// Decodes an answer. An empty text is an answer without fields, as MTurk sends when nothing was posted.
pub fn decode(xml: &str) -> Answer {
    let mut problems = Vec::new();
    let mut document = xml;
    if document.len() > BYTES {
        let end = (0..=BYTES).rev().find(|at| document.is_char_boundary(*at)).unwrap_or(0);
        document = &document[..end];
        problems.push(format!("the document is {} bytes long; only the first {BYTES} were read", xml.len()));
    }
    if document.trim().is_empty() {
        return Answer { fields: Vec::new(), problem: problems.pop() };
    }
    if !document.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        problems.push("not an XML document; shown as it came".to_owned());
        return interpret(vec![("answer".to_owned(), Raw::Text(document.to_owned()))], problems);
    }
    let mut reader = Reader::default();
    let broken = xml::read(document, |part| reader.part(part));
    reader.finish_answer();
    if !reader.root_seen {
        problems.push("not a QuestionFormAnswers document".to_owned());
    }
    if reader.too_many {
        problems.push(format!("more than {FIELDS} fields; the rest is not shown"));
    }
    if reader.stray_markup {
        problems.push("markup inside a text, shown as it stands".to_owned());
    }
    problems.extend(broken);
    interpret(reader.fields, problems)
}

/// Turns what was read into fields.
fn interpret(raw: Vec<(String, Raw)>, mut problems: Vec<String>) -> Answer {
    let mut fields = Vec::with_capacity(raw.len());
    for (name, value) in raw {
        match value {
            Raw::Value(value) => fields.push(Field { name, value }),
            Raw::Text(text) if name == "taskAnswers" => match json::flatten(&text, &mut fields) {
                Ok(true) => {}
                Ok(false) => problems.push(format!("more than {FIELDS} fields; the rest is not shown")),
                Err(error) => {
                    problems.push(format!("taskAnswers is not JSON: {error}"));
                    fields.push(Field { name, value: Value::Text(text) });
                }
            },
            Raw::Text(text) => fields.push(Field { name, value: shape::of_text(text) }),
        }
    }
    let fields = shape::join_options(fields);
    Answer { fields, problem: (!problems.is_empty()).then(|| problems.join("; ")) }
}

enum Raw {
    Text(String),
    Value(Value),
}

/// The elements that hold characters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Identifier,
    FreeText,
    Selection,
    Other,
    FileKey,
    FileSize,
}

impl Slot {
    fn named(name: &str) -> Option<Slot> {
        Some(match name {
            "QuestionIdentifier" => Slot::Identifier,
            "FreeText" => Slot::FreeText,
            "SelectionIdentifier" => Slot::Selection,
            "OtherSelectionText" => Slot::Other,
            "UploadedFileKey" => Slot::FileKey,
            "UploadedFileSizeInBytes" => Slot::FileSize,
            _ => return None,
        })
    }
}

#[derive(Default)]
struct Reader {
    fields: Vec<(String, Raw)>,
    root_seen: bool,
    too_many: bool,
    stray_markup: bool,
    open: bool,
    slot: Option<Slot>,
    buffer: String,
    name: String,
    text: Option<String>,
    chosen: Vec<String>,
    file_key: Option<String>,
    file_bytes: u64,
}

impl Reader {
    fn part(&mut self, part: Part<'_>) {
        match part {
            Part::Open("QuestionFormAnswers", _) => self.root_seen = true,
            Part::Open("Answer", _) => {
                self.finish_answer();
                self.open = true;
            }
            Part::Close("Answer" | "QuestionFormAnswers") => self.finish_answer(),
            Part::Open(name, tag) => match Slot::named(name) {
                Some(slot) => {
                    self.finish_slot();
                    self.open = true;
                    self.slot = Some(slot);
                }
                None if self.slot.is_some() => {
                    self.stray_markup = true;
                    self.buffer.extend(["<", tag, ">"]);
                }
                None => {}
            },
            Part::Close(name) => match Slot::named(name) {
                Some(_) => self.finish_slot(),
                None if self.slot.is_some() => self.buffer.extend(["</", name, ">"]),
                None => {}
            },
            Part::Text(text) if self.slot.is_some() => self.buffer.push_str(text),
            Part::Char(c) if self.slot.is_some() => self.buffer.push(c),
            Part::Text(_) | Part::Char(_) => {}
        }
    }

    fn finish_slot(&mut self) {
        let Some(slot) = self.slot.take() else { return };
        let text = std::mem::take(&mut self.buffer);
        match slot {
            Slot::Identifier => self.name = text.trim().to_owned(),
            Slot::FreeText => self.text = Some(text),
            Slot::Selection => self.chosen.push(text.trim().to_owned()),
            Slot::Other => self.chosen.push(text),
            Slot::FileKey => self.file_key = Some(text.trim().to_owned()),
            Slot::FileSize => self.file_bytes = text.trim().parse().unwrap_or(0),
        }
    }

    fn finish_answer(&mut self) {
        self.finish_slot();
        if !std::mem::take(&mut self.open) {
            return;
        }
        let name = std::mem::take(&mut self.name);
        let chosen = std::mem::take(&mut self.chosen);
        let bytes = std::mem::take(&mut self.file_bytes);
        let value = match (self.file_key.take(), self.text.take()) {
            (Some(key), _) => Raw::Value(Value::Upload { key, bytes }),
            (None, _) if !chosen.is_empty() => Raw::Value(Value::Choice(chosen)),
            (None, Some(text)) => Raw::Text(text),
            (None, None) => Raw::Value(Value::Empty),
        };
        if self.fields.len() >= FIELDS {
            self.too_many = true;
        } else {
            self.fields.push((name, value));
        }
    }
}
