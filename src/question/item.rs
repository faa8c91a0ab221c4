//! What a worker was asked, as label/value pairs and text.

use super::html;
use super::xml::{self, Part};

/// Of a question so many bytes are read; MTurk allows 65,535.
const BYTES: usize = 1 << 20;

/// The item of a HIT, read out of its `Question`. All text is raw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    /// Label and value, in document order: rows of tables, definition lists, labelled paragraphs, headings.
    pub pairs: Vec<(String, String)>,
    /// The rest of the document as paragraphs of plain text, the options of its form last.
    pub text: Vec<String>,
    /// The address of an ExternalQuestion.
    pub url: Option<String>,
    /// What could not be read, in words for people.
    pub problem: Option<String>,
}

/// Reads a `Question` of any of MTurk's three kinds. Never fails: what is wrong is said in [`Item::problem`].
pub fn read(question_xml: &str) -> Item {
    let mut item = Item::default();
    if question_xml.trim().is_empty() {
        item.problem = Some("the HIT has no question".to_owned());
        return item;
    }
    let mut document = question_xml;
    if document.len() > BYTES {
        let end = (0..=BYTES).rev().find(|at| document.is_char_boundary(*at)).unwrap_or(0);
        document = &document[..end];
        item.problem =
            Some(format!("the question is {} bytes long; only the first {BYTES} were read", question_xml.len()));
    }
    let mut reader = Reader::default();
    let broken = xml::read(document, |part| reader.part(part));
    let known = reader.root.is_some();
    reader.finish(&mut item);
    if !known {
        item.problem = Some("neither HTMLQuestion, ExternalQuestion nor QuestionForm".to_owned());
    } else if item.problem.is_none() {
        item.problem = broken;
    }
    item
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Root {
    Html,
    External,
    Form,
}

/// Collects the parts of any of the three documents.
#[derive(Default)]
struct Reader {
    root: Option<Root>,
    /// The element whose text is being read, if it is one that has any.
    inside: Option<&'static str>,
    buffer: String,
    identifier: String,
    options: Vec<String>,
    in_selection: bool,
    out: Item,
}

/// Elements that hold text worth reading.
const TEXTS: &[&str] = &[
    "HTMLContent",
    "ExternalURL",
    "QuestionIdentifier",
    "DisplayName",
    "Title",
    "Text",
    "ListItem",
    "FormattedContent",
    "DataURL",
    "AltText",
];

impl Reader {
    fn part(&mut self, part: Part<'_>) {
        match part {
            Part::Open("HTMLQuestion", _) => self.root = self.root.or(Some(Root::Html)),
            Part::Open("ExternalQuestion", _) => self.root = self.root.or(Some(Root::External)),
            Part::Open("QuestionForm", _) => self.root = self.root.or(Some(Root::Form)),
            // HTML that was not wrapped into CDATA.
            Part::Open(_, tag) if self.inside == Some("HTMLContent") => self.buffer.extend(["<", tag, ">"]),
            Part::Close(name) if self.inside == Some("HTMLContent") && name != "HTMLContent" => {
                self.buffer.extend(["</", name, ">"]);
            }
            Part::Open("Selection" | "OtherSelection", _) => self.in_selection = true,
            Part::Close("Selection" | "OtherSelection") => self.in_selection = false,
            Part::Close("Question") => self.end_question(),
            Part::Open(name, _) => {
                self.inside = TEXTS.iter().copied().find(|known| *known == name);
                self.buffer.clear();
            }
            Part::Close(name) if self.inside == Some(name) => {
                let text = std::mem::take(&mut self.buffer);
                self.inside = None;
                self.text(name, text);
            }
            Part::Close(_) => {}
            Part::Text(text) if self.inside.is_some() => self.buffer.push_str(text),
            Part::Char(c) if self.inside.is_some() => self.buffer.push(c),
            Part::Text(_) | Part::Char(_) => {}
        }
    }

    fn text(&mut self, name: &str, text: String) {
        let trimmed = text.trim();
        match name {
            "HTMLContent" => html::read(&text, &mut self.out),
            "ExternalURL" => self.out.url = Some(trimmed.to_owned()),
            "QuestionIdentifier" => self.identifier = trimmed.to_owned(),
            "FormattedContent" if self.in_selection => {
                let mut inner = Item::default();
                html::read(&text, &mut inner);
                self.options.push(inner.text.join(" "));
            }
            "FormattedContent" => html::read(&text, &mut self.out),
            _ if trimmed.is_empty() => {}
            _ if self.in_selection => self.options.push(trimmed.to_owned()),
            "ListItem" => self.out.text.push(format!("- {trimmed}")),
            "DataURL" => self.out.text.push(format!("[{trimmed}]")),
            _ => self.out.text.push(trimmed.to_owned()),
        }
    }

    fn end_question(&mut self) {
        let options = std::mem::take(&mut self.options);
        let identifier = std::mem::take(&mut self.identifier);
        if !options.is_empty() {
            self.out.text.push(format!("{identifier}: {}", options.join(" | ")));
        }
    }

    fn finish(mut self, item: &mut Item) {
        // A document that was cut off: what was read so far.
        if let Some(name) = self.inside.take() {
            let text = std::mem::take(&mut self.buffer);
            self.text(name, text);
        }
        self.end_question();
        let problem = item.problem.take();
        *item = Item { problem, ..self.out };
    }
}

#[cfg(test)]
mod tests;
