//! What a task asks to be filled in: the fields of its form and what can be chosen. For those who answer tasks (simulated
//! workers) and for those who write them.

use super::entity;
use super::html::tags::{Attributes, Token, Tokens};
use super::xml::{self, Part};

/// How a field is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// One of these values.
    One(Vec<String>),
    /// Any of these values.
    Any(Vec<String>),
    /// A text.
    Text,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormField {
    /// The name it is posted under, or its QuestionIdentifier.
    pub name: String,
    /// How it is answered.
    pub kind: Kind,
}

/// The fields of a task, in document order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Form {
    /// Whether it is a crowd-form, which answers with one field of JSON.
    pub crowd: bool,
    /// The fields.
    pub fields: Vec<FormField>,
}

/// The names that the market itself fills in.
const RESERVED: [&str; 4] = ["assignmentId", "hitId", "workerId", "turkSubmitTo"];

/// Reads the form of an HTMLQuestion or a QuestionForm. An ExternalQuestion has none that could be seen from here.
pub fn read(question_xml: &str) -> Form {
    let mut form = Form::default();
    let (mut text, mut content) = (String::new(), String::new());
    let mut in_content = false;
    xml::read(question_xml, |part| match part {
        Part::Open("HTMLContent", _) => in_content = true,
        Part::Close("HTMLContent") => in_content = false,
        Part::Open(_, tag) if in_content => content.extend(["<", tag, ">"]),
        Part::Close(name) if in_content => content.extend(["</", name, ">"]),
        Part::Text(part) if in_content => content.push_str(part),
        Part::Char(c) if in_content => content.push(c),
        Part::Open(..) => text.clear(),
        Part::Text(part) => text.push_str(part),
        Part::Char(c) => text.push(c),
        Part::Close("QuestionIdentifier") => {
            form.fields.push(FormField { name: text.trim().to_owned(), kind: Kind::Text });
        }
        Part::Close("SelectionIdentifier") => {
            if let Some(field) = form.fields.last_mut() {
                add_option(&mut field.kind, text.trim());
            }
        }
        Part::Close(_) => {}
    });
    if !content.is_empty() {
        read_html(&content, &mut form);
    }
    form
}

/// Reads the form of a page.
pub fn page(html: &str) -> Form {
    let mut form = Form::default();
    read_html(html, &mut form);
    form
}

/// The first option of a field makes it a choice.
fn add_option(kind: &mut Kind, option: &str) {
    match kind {
        Kind::One(options) | Kind::Any(options) => options.push(option.to_owned()),
        Kind::Text => *kind = Kind::One(vec![option.to_owned()]),
    }
}

fn read_html(html: &str, form: &mut Form) {
    let mut tokens = Tokens::new(html);
    // The select or radio group that options belong to.
    let mut group = String::new();
    while let Some(token) = tokens.next() {
        let Token::Open(tag, attributes) = token else { continue };
        let tag = tag.to_ascii_lowercase();
        let named = |name: &str| entity::decode(attributes.get(name).unwrap_or("")).into_owned();
        match tag.as_str() {
            "script" | "style" | "template" => drop(tokens.skip_raw(&tag)),
            "crowd-form" => form.crowd = true,
            "textarea" => {
                tokens.skip_raw(&tag);
                form.field(named("name"), None, false);
            }
            "crowd-input" | "crowd-text-area" | "crowd-slider" => form.field(named("name"), None, false),
            "select" | "crowd-radio-group" => group = named("name"),
            "option" if !named("value").is_empty() => form.field(group.clone(), Some(named("value")), false),
            // A button answers under its own name, whatever its group is called.
            "crowd-radio-button" if named("name").is_empty() => {
                form.field(group.clone(), Some(named("value")), false);
            }
            "crowd-radio-button" => form.field(named("name"), Some(value_or_on(attributes)), false),
            "crowd-checkbox" => form.field(named("name"), Some(value_or_on(attributes)), true),
            "crowd-classifier" => {
                for option in categories(attributes) {
                    form.field(named("name"), Some(option), false);
                }
            }
            "input" => match named("type").to_ascii_lowercase().as_str() {
                "radio" => form.field(named("name"), Some(named("value")), false),
                "checkbox" => form.field(named("name"), Some(value_or_on(attributes)), true),
                "hidden" | "submit" | "button" | "reset" | "image" | "file" => {}
                _ => form.field(named("name"), None, false),
            },
            _ => {}
        }
    }
}

/// The value of a box or a button.
fn value_or_on(attributes: Attributes<'_>) -> String {
    attributes.get("value").map_or_else(|| "on".to_owned(), |value| entity::decode(value).into_owned())
}

/// The categories of a classifier: `['Positive', 'Negative']`.
pub(super) fn categories(attributes: Attributes<'_>) -> Vec<String> {
    entity::decode(attributes.get("categories").unwrap_or(""))
        .trim_matches(['[', ']', ' '])
        .split(',')
        .map(|option| option.trim().trim_matches(['\'', '"']).to_owned())
        .filter(|option| !option.is_empty())
        .collect()
}

impl Form {
    fn field(&mut self, name: String, option: Option<String>, many: bool) {
        if name.is_empty() || RESERVED.contains(&name.as_str()) {
            return;
        }
        let known = self.fields.iter_mut().find(|field| field.name == name);
        match (known, option) {
            (Some(field), Some(option)) => add_option(&mut field.kind, &option),
            (Some(_), None) => {}
            (None, None) => self.fields.push(FormField { name, kind: Kind::Text }),
            (None, Some(option)) if many => self.fields.push(FormField { name, kind: Kind::Any(vec![option]) }),
            (None, Some(option)) => self.fields.push(FormField { name, kind: Kind::One(vec![option]) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::write;

    fn one(name: &str, options: &[&str]) -> FormField {
        FormField { name: name.to_owned(), kind: Kind::One(options.iter().map(|o| (*o).to_owned()).collect()) }
    }

    #[test]
    fn html_forms() {
        let form = read(&write::html_question(
            "<input type=hidden name=assignmentId><input name=\"hitId\"><input type=radio name=a value=yes>\
             <INPUT type=\"radio\" name=a value=no><input type=checkbox name=b><select name=c><option>-</option>\
             <option value=1>x<option value=2>y</select><textarea name=d><input name=no></textarea>\
             <input type=submit name=e><input type=number name=f>",
        ));
        assert!(!form.crowd);
        let text = |name: &str| FormField { name: name.to_owned(), kind: Kind::Text };
        let check = FormField { name: "b".to_owned(), kind: Kind::Any(vec!["on".to_owned()]) };
        assert_eq!(form.fields, [one("a", &["yes", "no"]), check, one("c", &["1", "2"]), text("d"), text("f")]);
    }

    #[test]
    fn crowd_forms_and_question_forms() {
        let form = read(&write::html_question(
            "<crowd-form><crowd-radio-group name=r><crowd-radio-button value='is a'>x</crowd-radio-button>\
             <crowd-radio-button value='part of'>y</crowd-radio-button></crowd-radio-group><crowd-radio-group name=no>\
             <crowd-radio-button name=b1 value=yes>x</crowd-radio-button><crowd-radio-button name=b2>y\
             </crowd-radio-button></crowd-radio-group>\
             <crowd-classifier name=s categories=\"['P', 'N']\"></crowd-classifier></crowd-form>",
        ));
        assert!(form.crowd);
        let radio = [one("r", &["is a", "part of"]), one("b1", &["yes"]), one("b2", &["on"])];
        assert_eq!(form.fields, [&radio[..], &[one("s", &["P", "N"])]].concat());
        let form = read(
            "<QuestionForm><Question><QuestionIdentifier>q</QuestionIdentifier><Selection><SelectionIdentifier>s\
             </SelectionIdentifier><Text>t</Text></Selection></Question></QuestionForm>",
        );
        assert_eq!(form.fields, [one("q", &["s"])]);
    }
}
