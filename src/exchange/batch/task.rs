//! The task of a batch: one text, out of which each row becomes a question.

mod consent;

use crate::domain::batch::{BatchSpec, PolicySpec, Source, digest};
use crate::question::template::{Missing, Template};
use crate::question::write::{external_question, framed_html_question};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::HashMap;

/// What kind of text a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An HTML page.
    Page,
    /// A whole question document.
    Document,
    /// The address of a page.
    Address,
}

/// A task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// What kind of text it is.
    pub kind: Kind,
    /// The text with its `${name}`, the consent page before it.
    pub text: String,
    /// How high the frame is; 0 fits the window.
    pub frame_height: u32,
}

impl Task {
    /// The task of a batch file, out of the text of its template (of an address, which stands in the file, the text does not
    /// matter) and what asks for consent.
    pub fn new(spec: &BatchSpec, source: &str, consent: Option<&str>) -> Task {
        let source = source.trim_start_matches('\u{feff}');
        let (kind, text) = match &spec.source {
            Source::Template(_) => {
                let page = consent.map_or_else(|| source.to_owned(), |consent| consent::put_before(source, consent));
                (Kind::Page, page)
            }
            Source::Question(_) => (Kind::Document, source.to_owned()),
            Source::Url(url) => (Kind::Address, url.clone()),
        };
        Task { kind, text, frame_height: spec.frame_height }
    }

    /// A hash of all that a worker sees beside the row.
    pub fn digest(&self) -> String {
        let kind = match self.kind {
            Kind::Page => "page",
            Kind::Document => "document",
            Kind::Address => "address",
        };
        digest([kind, &self.frame_height.to_string(), &self.text])
    }

    /// The task with these columns, ready to be filled many times.
    pub fn filling<'t>(&'t self, columns: &'t [String]) -> Filling<'t> {
        let (text, parameters) = match (self.kind, self.text.split_once('?')) {
            (Kind::Address, Some((text, parameters))) => (text, Some(Template::of(parameters))),
            _ => (self.text.as_str(), None),
        };
        let columns = columns.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        Filling { task: self, text: Template::of(text), parameters, columns }
    }
}

/// A task taken apart, with the columns of the rows it is filled with.
#[derive(Debug)]
pub struct Filling<'t> {
    task: &'t Task,
    text: Template<'t>,
    /// What stands behind the question mark of an address, where values must be encoded.
    parameters: Option<Template<'t>>,
    columns: HashMap<&'t str, usize>,
}

impl<'t> Filling<'t> {
    /// The names that the task uses, each once, in order.
    pub fn names(&self) -> Vec<&'t str> {
        let mut names: Vec<&str> = self.text.names().collect();
        for name in self.parameters.iter().flat_map(Template::names) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    fn value<'r>(&self, row: &'r [String], name: &str) -> Option<&'r str> {
        row.get(*self.columns.get(name)?).map(String::as_str)
    }

    /// The page, the document or the address of a row.
    pub fn content(&self, row: &[String]) -> Result<String, Missing> {
        let mut text = self.text.fill(|name| self.value(row, name))?;
        if let Some(parameters) = &self.parameters {
            let encoded: Vec<String> = row.iter().map(|cell| encoded(cell)).collect();
            text.push('?');
            text.push_str(&parameters.fill(|name| self.value(&encoded, name))?);
        }
        Ok(text)
    }

    /// The `Question` of a row.
    pub fn question(&self, row: &[String]) -> Result<String, Missing> {
        let content = self.content(row)?;
        Ok(match self.task.kind {
            Kind::Page => framed_html_question(&content, self.task.frame_height),
            Kind::Address => external_question(&content, self.task.frame_height),
            Kind::Document => content,
        })
    }

    /// How many bytes the page of a row has, without making it.
    pub fn page_length(&self, row: &[String]) -> usize {
        self.text.length(|name| self.value(row, name))
    }

    /// Any other text of the batch file with the values of a row, such as its annotation.
    pub fn other(&self, text: &str, row: &[String]) -> Result<String, Missing> {
        Template::of(text).fill(|name| self.value(row, name))
    }

    /// A review policy with the values of a row.
    pub fn policy(&self, policy: &PolicySpec, row: &[String]) -> Result<PolicySpec, Missing> {
        policy.map(|text| self.other(text, row))
    }
}

/// What stands for itself among the parameters of an address.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A value as it stands among the parameters of an address.
fn encoded(value: &str) -> String {
    utf8_percent_encode(value, PLAIN).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::asked::{self, Asked};

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    fn task(kind: Kind, text: &str) -> Task {
        Task { kind, text: text.to_owned(), frame_height: 650 }
    }

    #[test]
    fn a_page_is_wrapped_into_a_question() {
        let page = task(Kind::Page, "<p>${a} ]]> ${b}</p>");
        let columns = row(&["b", "a"]);
        let filling = page.filling(&columns);
        assert_eq!(filling.names(), ["a", "b"]);
        let cells = row(&["<i>", "1 & 2"]);
        let question = filling.question(&cells).unwrap();
        let Asked::Html { content, frame_height } = asked::read(&question).unwrap().value else { panic!("{question}") };
        assert_eq!((content.as_str(), frame_height), ("<p>1 & 2 ]]> <i></p>", 650));
        assert_eq!(filling.page_length(&cells), content.len());
        assert_eq!(filling.other("${a}!", &cells).unwrap(), "1 & 2!");
        assert_eq!(page.filling(&row(&["a"])).question(&cells).unwrap_err().0, "b");
    }

    #[test]
    fn values_among_the_parameters_of_an_address_are_encoded() {
        let address = task(Kind::Address, "https://h/${page}?q=${text}&n=1");
        let columns = row(&["page", "text"]);
        let filling = address.filling(&columns);
        assert_eq!(filling.names(), ["page", "text"]);
        let question = filling.question(&row(&["a/b", "ü & 50 %"])).unwrap();
        let Asked::External { url, .. } = asked::read(&question).unwrap().value else { panic!("{question}") };
        assert_eq!(url, "https://h/a/b?q=%C3%BC%20%26%2050%20%25&n=1");
        let whole = task(Kind::Address, "${url}");
        let columns = row(&["url"]);
        assert_eq!(whole.filling(&columns).content(&row(&["https://h/?a=b c"])).unwrap(), "https://h/?a=b c");
    }

    #[test]
    fn a_changed_task_has_another_digest() {
        let digests = [task(Kind::Page, "a"), task(Kind::Page, "b"), task(Kind::Document, "a")].map(|it| it.digest());
        assert!(digests[0] != digests[1] && digests[0] != digests[2]);
        assert_ne!(Task { frame_height: 0, ..task(Kind::Page, "a") }.digest(), digests[0]);
    }
}
