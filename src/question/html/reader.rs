//! What the tags mean: pairs from tables, definition lists, labels and headings; the rest as paragraphs.

use super::form::Group;
use super::table::Row;
use super::tags::{Attributes, Token, Tokens};
use crate::question::entity;
use crate::question::item::Item;

/// Tables may be nested so deep; the cells of deeper ones are read as text.
const TABLES: usize = 16;
/// Links may be nested so deep (they cannot be in HTML, so more is an attack on our time).
const LINKS: usize = 4;
/// A heading with so many paragraphs behind it is the label of them; with more it is the title of a chapter.
const LABELLED: usize = 2;
/// A label is at most so many bytes long; what is longer is prose.
pub(super) const LABEL: usize = 120;

/// Adds what a document says to an item.
pub(in crate::question) fn read(html: &str, item: &mut Item) {
    let mut reader = Reader::default();
    let mut tokens = Tokens::new(html);
    while let Some(token) = tokens.next() {
        match token {
            Token::Text(text) => reader.text(text),
            Token::Close(name) => reader.close(&name.to_ascii_lowercase()),
            Token::Open(name, attributes) => {
                let name = name.to_ascii_lowercase();
                match name.as_str() {
                    "script" | "style" | "template" | "noscript" | "svg" | "title" => drop(tokens.skip_raw(&name)),
                    "textarea" => {
                        tokens.skip_raw(&name);
                        reader.controls += 1;
                    }
                    _ => reader.open(&name, attributes),
                }
            }
        }
    }
    reader.finish(item);
}

/// What a paragraph begins with, if that is bold or a label.
pub(super) struct Label {
    /// Where in the line it ends, once it has ended.
    end: Option<usize>,
    /// Whether it is a `label` element.
    is_element: bool,
}

#[derive(Default)]
pub(super) struct Reader {
    pub(super) pairs: Vec<(String, String)>,
    pub(super) text: Vec<String>,
    /// The paragraph being read, blanks collapsed.
    pub(super) line: String,
    /// The bold or label text that the paragraph begins with.
    pub(super) label: Option<Label>,
    /// Open bold and label elements.
    pub(super) bold: usize,
    /// Form controls seen in this paragraph: a label beside one labels it and no value.
    pub(super) controls: usize,
    pub(super) tables: Vec<Vec<Row>>,
    /// The label that waits for its value: of a heading or a definition list.
    pub(super) heading: Option<String>,
    pub(super) under_heading: Vec<String>,
    pub(super) term: Option<String>,
    pub(super) groups: Vec<Group>,
    /// The option whose text is being read, in `line` from here.
    pub(super) option_from: Option<usize>,
    pub(super) links: Vec<(String, usize)>,
}

impl Reader {
    pub(super) fn text(&mut self, raw: &str) {
        for word in entity::decode(raw).split_inclusive(char::is_whitespace) {
            let bare = word.trim_end();
            self.line.push_str(bare);
            if bare.len() < word.len() && !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
        }
    }

    fn open(&mut self, name: &str, attributes: Attributes<'_>) {
        match name {
            "b" | "strong" | "label" => {
                if self.line.is_empty() && self.label.is_none() {
                    self.label = Some(Label { end: None, is_element: name == "label" });
                }
                self.bold += 1;
            }
            "table" => {
                self.end_paragraph();
                if self.tables.len() < TABLES {
                    self.tables.push(Vec::new());
                }
            }
            "tr" => {
                self.end_cell();
                if let Some(rows) = self.tables.last_mut() {
                    rows.push(Row::default());
                }
            }
            "td" | "th" => {
                self.end_cell();
                if let Some(rows) = self.tables.last_mut() {
                    if rows.is_empty() {
                        rows.push(Row::default());
                    }
                    if let Some(row) = rows.last_mut() {
                        row.cells.push(String::new());
                        row.heads += usize::from(name == "th");
                    }
                }
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.end_paragraph();
                self.end_heading();
            }
            "dt" => {
                self.end_paragraph();
                self.term = None;
            }
            "li" => {
                self.end_paragraph();
                self.line.push_str("- ");
            }
            "a" => {
                let target = attributes.get("href").map(entity::decode).unwrap_or_default();
                self.links.truncate(LINKS - 1);
                self.links.push((target.trim().to_owned(), self.line.len()));
            }
            "img" => self.medium("image", attributes),
            "audio" | "video" | "iframe" | "source" | "embed" => self.medium(name, attributes),
            "input" => self.input(attributes),
            "crowd-radio-button" | "crowd-checkbox" => {
                let field = if name == "crowd-checkbox" { "name" } else { "group" };
                let value = attributes.get("value").or_else(|| attributes.get("name")).unwrap_or("");
                let group = attributes.get(field).unwrap_or("");
                self.option(group, value);
            }
            "crowd-radio-group" => {
                self.end_paragraph();
                self.start_group(attributes.get("name").unwrap_or(""));
            }
            "crowd-classifier" | "crowd-classifier-multi-select" => {
                self.end_paragraph();
                self.text(attributes.get("header").unwrap_or(""));
                self.end_paragraph();
                self.categories(attributes);
            }
            "select" => {
                self.end_option();
                self.controls += 1;
                self.start_group(attributes.get("name").unwrap_or(""));
            }
            "option" => {
                self.end_option();
                self.controls += 1;
                self.option_from = Some(self.line.len());
                if self.groups.is_empty() {
                    self.start_group("");
                }
                if let Some(group) = self.groups.last_mut() {
                    group.options.push(entity::decode(attributes.get("value").unwrap_or("")).into_owned());
                    group.open = true;
                }
            }
            "button" | "crowd-button" | "crowd-input" | "crowd-text-area" => self.controls += 1,
            "br" => self.soft_break(),
            _ if is_block(name) => self.end_paragraph(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "b" | "strong" | "label" => {
                self.bold = self.bold.saturating_sub(1);
                let end = self.line.len();
                if let Some(label) = self.label.as_mut().filter(|label| self.bold == 0 && label.end.is_none()) {
                    label.end = Some(end);
                }
            }
            "td" | "th" => self.end_cell(),
            "table" => self.end_table(),
            "tr" => self.end_cell(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let heading = std::mem::take(&mut self.line);
                self.reset_line();
                self.end_heading();
                let heading = label_of(&heading);
                if !heading.is_empty() {
                    self.heading = Some(heading);
                }
            }
            "dt" => {
                let term = std::mem::take(&mut self.line);
                self.reset_line();
                self.term = Some(label_of(&term)).filter(|term| !term.is_empty());
            }
            "dd" => self.end_paragraph(),
            "a" => {
                if let Some((target, from)) = self.links.pop() {
                    self.end_link(&target, from);
                }
            }
            "option" | "select" | "crowd-radio-button" | "crowd-checkbox" | "crowd-radio-group" => {
                self.end_option();
            }
            _ if is_block(name) => self.end_paragraph(),
            _ => {}
        }
    }

    fn end_link(&mut self, target: &str, from: usize) {
        let shown = self.line.get(from..).unwrap_or("").trim().to_owned();
        let is_address = target.starts_with("http://") || target.starts_with("https://");
        if !is_address || shown == target {
            return;
        }
        if shown.is_empty() {
            self.line.push_str(target);
        } else {
            self.line.push_str(" (");
            self.line.push_str(target);
            self.line.push(')');
        }
    }

    fn medium(&mut self, kind: &str, attributes: Attributes<'_>) {
        let source = entity::decode(attributes.get("src").unwrap_or("")).trim().to_owned();
        let alternative = entity::decode(attributes.get("alt").unwrap_or("")).trim().to_owned();
        if source.is_empty() && alternative.is_empty() {
            return;
        }
        let source = if source.starts_with("data:") { "inline" } else { &source };
        let gap = if alternative.is_empty() || source.is_empty() { "" } else { " " };
        self.line.push_str(&format!("[{kind}: {alternative}{gap}{source}]"));
    }

    fn soft_break(&mut self) {
        if self.option_from.is_some() {
            self.end_option();
        } else if self.tables.is_empty() && !self.awaits_value() {
            self.end_paragraph();
        } else if !self.line.is_empty() && !self.line.ends_with(' ') {
            self.line.push(' ');
        }
    }

    /// Whether a label has been read and nothing behind it yet.
    fn awaits_value(&self) -> bool {
        let end = self.label.as_ref().and_then(|label| label.end);
        end.and_then(|end| self.line.get(end..)).is_some_and(|value| value.trim_matches([' ', ':']).is_empty())
    }

    pub(super) fn reset_line(&mut self) {
        self.line.clear();
        (self.label, self.controls) = (None, 0);
        self.links.iter_mut().for_each(|(_, from)| *from = 0);
    }

    /// The paragraph is complete: a pair, a value under a heading or in a definition list, or plain text.
    pub(super) fn end_paragraph(&mut self) {
        self.end_option();
        if self.in_cell() {
            self.end_line_in_cell();
            return;
        }
        let line = self.line.trim().to_owned();
        let label = self.label.take().filter(|_| self.controls == 0);
        if self.controls > 0 {
            // What stands beside a field of the form belongs to the field and not to the heading above.
            self.end_heading();
        }
        if line.is_empty() || line == "-" {
            self.reset_line();
            return;
        }
        let split = label.and_then(|label| labelled(&self.line, &label));
        self.reset_line();
        if let Some(term) = self.term.take() {
            self.pairs.push((term, line));
        } else if let Some(pair) = split {
            self.end_heading();
            self.pairs.push(pair);
        } else if self.heading.is_some() {
            self.under_heading.push(line);
        } else {
            self.text.push(line);
        }
    }

    pub(super) fn end_heading(&mut self) {
        let Some(heading) = self.heading.take() else { return };
        let paragraphs = std::mem::take(&mut self.under_heading);
        if (1..=LABELLED).contains(&paragraphs.len()) {
            self.pairs.push((heading, paragraphs.join("\n")));
        } else {
            self.text.push(heading);
            self.text.extend(paragraphs);
        }
    }

    fn finish(mut self, item: &mut Item) {
        while !self.tables.is_empty() {
            self.end_table();
        }
        self.end_paragraph();
        self.end_heading();
        item.pairs.append(&mut self.pairs);
        item.text.append(&mut self.text);
        for group in self.groups.into_iter().filter(|group| !group.options.is_empty()) {
            let options = group.options.join(" | ");
            item.text.push(if group.name.is_empty() { options } else { format!("{}: {options}", group.name) });
        }
    }
}

/// Splits a paragraph that begins with a label element, or with bold text that a colon ends.
fn labelled(line: &str, label: &Label) -> Option<(String, String)> {
    let (name, value) = line.split_at_checked(label.end?)?;
    let has_colon = name.trim_end().ends_with(':') || value.trim_start().starts_with(':');
    let (name, value) = (label_of(name), value.trim_matches([' ', ':']).to_owned());
    let fits = (has_colon || label.is_element) && name.len() <= LABEL;
    (fits && !name.is_empty() && !value.is_empty()).then_some((name, value))
}

/// A label without its colon.
pub(super) fn label_of(text: &str) -> String {
    text.trim().trim_end_matches([':', ' ']).to_owned()
}

/// Elements that end a paragraph.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "main"
            | "aside"
            | "nav"
            | "form"
            | "fieldset"
            | "legend"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "dd"
            | "dt"
            | "blockquote"
            | "pre"
            | "hr"
            | "center"
            | "figure"
            | "figcaption"
            | "body"
            | "html"
            | "head"
            | "thead"
            | "tbody"
            | "tfoot"
            | "caption"
            | "address"
            | "details"
            | "summary"
            | "short-instructions"
            | "full-instructions"
            | "crowd-form"
            | "crowd-instructions"
            | "classification-target"
            | "crowd-card"
            | "crowd-tabs"
            | "crowd-tab"
            | "crowd-alert"
    )
}
