//! What MTurk's schemas share: namespaces, sizes, and how an element's parts are taken in their order.

use super::fault::{At, Checked, Fault, Faults, Findings, Place, refuse};
use super::tree::{self, Element, Kind, Text};
use std::str::FromStr;

/// The largest question, test or answer key, in bytes.
pub const MAX_BYTES: usize = 65_535;

/// What the namespaces of all documents begin with.
pub(super) const SCHEMAS: &str = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/";

/// The namespace of attributes that say where a schema is.
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// A root element, and the schema files under [`SCHEMAS`] that may define it.
pub(super) type Root = (&'static str, &'static [&'static str]);

pub(super) const HTML_QUESTION: Root = ("HTMLQuestion", &["2011-11-11/HTMLQuestion.xsd"]);
pub(super) const EXTERNAL_QUESTION: Root = ("ExternalQuestion", &["2006-07-14/ExternalQuestion.xsd"]);
pub(super) const QUESTION_FORM: Root =
    ("QuestionForm", &["2017-11-06/QuestionForm.xsd", "2005-10-01/QuestionForm.xsd"]);
pub(super) const ANSWER_KEY: Root = ("AnswerKey", &["2005-10-01/AnswerKey.xsd"]);
pub(super) const ANSWERS: Root = ("QuestionFormAnswers", &["2005-10-01/QuestionFormAnswers.xsd"]);

/// Reads a document whose root is one of these, not longer than `limit` bytes, and hands it to `read`, which reports
/// what is wrong with its parts.
pub(super) fn document<T>(
    source: &str,
    limit: usize,
    roots: &[Root],
    read: impl FnOnce(&Element<'_>, &mut Findings<'_>) -> T,
) -> Result<Checked<T>, Faults> {
    let source = source.trim_start_matches('\u{feff}');
    if source.len() > limit {
        let words = format!("The document has {} bytes; at most {limit} are allowed.", source.len());
        return Err(Faults { first: Fault { place: Place { line: 1, column: 1 }, words }, more: Vec::new() });
    }
    let element = tree::parse(source, Kind::Document).map_err(|at| refuse(source, at))?;
    check_root(&element, roots).map_err(|at| refuse(source, at))?;
    let mut findings = Findings::new(source);
    check_spaces(&element, &element, &mut findings);
    let value = read(&element, &mut findings);
    findings.finish(value)
}

fn check_root(root: &Element<'_>, roots: &[Root]) -> Result<(), At> {
    let name = root.name;
    let Some((_, schemas)) = roots.iter().find(|(known, _)| *known == name) else {
        let names: Vec<&str> = roots.iter().map(|(known, _)| *known).collect();
        return Err(At::new(root.at, format!("The root element <{name}> is not one of: {}.", names.join(", "))));
    };
    let found = root.space.as_deref().unwrap_or("");
    if found.strip_prefix(SCHEMAS).is_some_and(|file| schemas.contains(&file)) {
        return Ok(());
    }
    let expected: Vec<String> = schemas.iter().map(|file| format!("{SCHEMAS}{file}")).collect();
    let words = format!("<{name}> is in the namespace \"{found}\"; expected {}.", expected.join(" or "));
    Err(At::new(root.at, words))
}

/// Everything must be in the root's namespace.
fn check_spaces(element: &Element<'_>, root: &Element<'_>, findings: &mut Findings<'_>) {
    for child in &element.children {
        if child.space == root.space {
            check_spaces(child, root, findings);
        } else {
            let space = child.space.as_deref().unwrap_or("");
            findings
                .error(child.at, format!("<{}> is in the namespace \"{space}\" and not in its root's.", child.name));
        }
    }
}

/// No attributes but these are allowed on the element.
pub(super) fn only_attributes(element: &Element<'_>, names: &[&str], findings: &mut Findings<'_>) {
    for attribute in &element.attributes {
        let known = attribute.space.as_deref().map_or(names.contains(&attribute.name), |space| space == INSTANCE);
        if !known {
            findings.error(attribute.at, format!("<{}> has no attribute {}.", element.name, attribute.name));
        }
    }
}

/// Nothing but elements may stand directly in an element that has no attributes.
pub(super) fn only_elements(element: &Element<'_>, findings: &mut Findings<'_>) {
    only_attributes(element, &[], findings);
    if !element.text.is_blank() {
        findings.error(element.text.start(), format!("Text is not allowed directly in <{}>.", element.name));
    }
}

/// The value of an attribute without namespace.
pub(super) fn attribute<'e>(element: &'e Element<'_>, name: &str) -> Option<(&'e str, usize)> {
    let found = element.attributes.iter().find(|attribute| attribute.space.is_none() && attribute.name == name)?;
    Some((&found.value, found.at))
}

/// The value of an attribute as a number.
pub(super) fn number<T: FromStr>(
    element: &Element<'_>,
    name: &str,
    what: &str,
    findings: &mut Findings<'_>,
) -> Option<T> {
    let (text, at) = attribute(element, name)?;
    let number = text.trim().parse().ok();
    if number.is_none() {
        findings.error(at, format!("{name} must be {what}, not {text:?}."));
    }
    number
}

/// The characters of an element that holds nothing else.
pub(super) fn text<'e>(element: &'e Element<'_>, findings: &mut Findings<'_>) -> &'e Text {
    only_attributes(element, &[], findings);
    if let Some(child) = element.children.first() {
        let (name, child_name) = (element.name, child.name);
        let words = format!("<{name}> holds text only, but <{child_name}> stands in it; write markup as CDATA.");
        findings.error(child.at, words);
    }
    &element.text
}

/// The characters of an element, without the blanks around them.
pub(super) fn trimmed(element: &Element<'_>, findings: &mut Findings<'_>) -> String {
    text(element, findings).value.trim().to_owned()
}

/// An identifier: a text that is not blank.
pub(super) fn identifier(element: &Element<'_>, findings: &mut Findings<'_>) -> String {
    let text = trimmed(element, findings);
    if text.is_empty() {
        findings.error(element.at, format!("<{}> is empty.", element.name));
    }
    text
}

/// The characters of an element as a value of another type.
pub(super) fn value<T: FromStr>(element: &Element<'_>, what: &str, findings: &mut Findings<'_>) -> Option<T> {
    let text = trimmed(element, findings);
    let value = text.parse().ok();
    if value.is_none() {
        findings.error(element.at, format!("<{}> must be {what}, not {text:?}.", element.name));
    }
    value
}

/// The parts of an element, taken in the order in which the schema has them.
pub(super) struct Parts<'e, 'a> {
    parent: &'e Element<'a>,
    left: Vec<&'e Element<'a>>,
    next: usize,
    taken: Vec<&'static str>,
}

impl<'e, 'a> Parts<'e, 'a> {
    /// Of an element that holds elements only, and no attributes.
    pub(super) fn of(parent: &'e Element<'a>, findings: &mut Findings<'_>) -> Parts<'e, 'a> {
        only_elements(parent, findings);
        Parts { parent, left: parent.children.iter().collect(), next: 0, taken: Vec::new() }
    }

    /// The next part, which may be missing.
    pub(super) fn maybe(&mut self, name: &'static str, findings: &mut Findings<'_>) -> Option<&'e Element<'a>> {
        self.taken.push(name);
        let found = self.left[self.next..].iter().position(|element| element.name == name)?;
        let element = self.left.remove(self.next + found);
        if found > 0 {
            let before = self.left[self.next];
            let words = format!("<{name}> must stand before <{}> in <{}>.", before.name, self.parent.name);
            findings.error(element.at, words);
        }
        Some(element)
    }

    /// The next part, which must be there.
    pub(super) fn one(&mut self, name: &'static str, findings: &mut Findings<'_>) -> Option<&'e Element<'a>> {
        let found = self.maybe(name, findings);
        if found.is_none() {
            findings.error(self.parent.at, format!("<{}> needs a <{name}>.", self.parent.name));
        }
        found
    }

    /// The parts of this name that follow each other.
    pub(super) fn many(&mut self, name: &'static str) -> &[&'e Element<'a>] {
        self.taken.push(name);
        let from = self.next;
        self.next += self.left[from..].iter().take_while(|element| element.name == name).count();
        &self.left[from..self.next]
    }

    /// Nothing else may follow.
    pub(super) fn end(self, findings: &mut Findings<'_>) {
        let parent = self.parent.name;
        for element in &self.left[self.next..] {
            let name = element.name;
            findings.error(
                element.at,
                if self.taken.contains(&name) {
                    format!("<{name}> stands here once too often or too late in <{parent}>.")
                } else {
                    format!("<{name}> is not allowed in <{parent}>, which holds: {}.", self.taken.join(", "))
                },
            );
        }
    }
}

/// Checks that an answer document is well-formed, with its root in its namespace. Of any length: the market's own limits
/// on requests bound it.
pub fn check_answer(text: &str) -> Result<(), Faults> {
    document(text, usize::MAX, &[ANSWERS], |_, _| ()).map(drop)
}
