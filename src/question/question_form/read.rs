//! Reads a QuestionForm against its schema, and what the schema cannot say: identifiers that are unique, bounds that
//! can be met.

use super::content::{content, describe};
use super::specification::specification;
use super::{AnswerSpecification, FreeText, Part, Question, QuestionForm};
use crate::question::fault::{Checked, Faults, Findings};
use crate::question::schema::{self, MAX_BYTES, Parts};
use crate::question::tree::Element;
use std::collections::HashSet;

/// Reads the QuestionForm of a HIT.
pub fn read(text: &str) -> Result<Checked<QuestionForm>, Faults> {
    schema::document(text, MAX_BYTES, &[schema::QUESTION_FORM], form)
}

/// Reads a qualification test: a QuestionForm without uploads. `scored` says that it has an answer key, which can tell
/// selections only.
pub fn read_test(text: &str, scored: bool) -> Result<Checked<QuestionForm>, Faults> {
    schema::document(text, MAX_BYTES, &[schema::QUESTION_FORM], |root, findings| {
        let form = form(root, findings);
        let elements = root.children.iter().filter(|part| part.name == "Question");
        for (question, element) in form.questions().zip(elements) {
            let name = &question.identifier;
            match &question.answer {
                AnswerSpecification::Upload { .. } => {
                    let words = format!("A qualification test cannot ask for a file; the question {name:?} does.");
                    findings.error(element.at, words);
                }
                AnswerSpecification::FreeText(_) if scored => {
                    let words = format!(
                        "A test with an answer key holds selections only; the question {name:?} asks for a text."
                    );
                    findings.error(element.at, words);
                }
                AnswerSpecification::Selection(selection) if scored && selection.other.is_some() => {
                    let words =
                        format!("A test with an answer key has no OtherSelection; the question {name:?} has one.");
                    findings.error(element.at, words);
                }
                _ => {}
            }
        }
        form
    })
}

/// Reads the form out of its root element.
pub(in crate::question) fn form(root: &Element<'_>, findings: &mut Findings<'_>) -> QuestionForm {
    let mut form = QuestionForm::default();
    let mut known = HashSet::new();
    schema::only_elements(root, findings);
    for element in &root.children {
        match element.name {
            "Overview" => form.parts.push(Part::Overview(content(element, findings))),
            "Question" => {
                let (question, at) = question(element, findings);
                if !question.identifier.is_empty() && !known.insert(question.identifier.clone()) {
                    let words = format!("The QuestionIdentifier {:?} is used twice.", question.identifier);
                    findings.error(at, words);
                }
                form.parts.push(Part::Question(question));
            }
            name => {
                findings.error(element.at, format!("<{name}> is not allowed in <QuestionForm>: Overview, Question."));
            }
        }
    }
    if root.children.is_empty() {
        findings.error(root.at, "<QuestionForm> needs a <Question>.");
    } else if form.questions().next().is_none() {
        findings.warn(root.at, "The form has no <Question>: there is nothing to answer.");
    }
    form
}

/// A question, and where its identifier stands.
fn question(element: &Element<'_>, findings: &mut Findings<'_>) -> (Question, usize) {
    let mut parts = Parts::of(element, findings);
    let named = parts.one("QuestionIdentifier", findings);
    let identifier = named.map(|part| schema::identifier(part, findings)).unwrap_or_default();
    let display_name = parts.maybe("DisplayName", findings).map(|part| schema::trimmed(part, findings));
    let is_required = parts.maybe("IsRequired", findings).is_some_and(|part| boolean(part, findings));
    let asked = parts.one("QuestionContent", findings);
    let content = asked.map(|part| content(part, findings)).unwrap_or_default();
    let answer = parts.one("AnswerSpecification", findings).and_then(|part| specification(part, findings));
    parts.end(findings);
    if content.iter().all(|block| describe(block).is_empty()) && display_name.as_deref().unwrap_or("").is_empty() {
        findings.warn(element.at, "The question says nothing: its content is empty.");
    }
    let answer = answer.unwrap_or_else(|| AnswerSpecification::FreeText(FreeText::default()));
    let place = findings.place(element.at);
    let at = named.map_or(element.at, |part| part.at);
    (Question { place, identifier, display_name, is_required, content, answer }, at)
}

/// `true`, `false`, `1` or `0`.
fn boolean(element: &Element<'_>, findings: &mut Findings<'_>) -> bool {
    match schema::trimmed(element, findings).as_str() {
        "true" | "1" => true,
        "false" | "0" => false,
        other => {
            findings.error(element.at, format!("<{}> must be true or false, not {other:?}.", element.name));
            false
        }
    }
}
