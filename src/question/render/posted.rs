//! What a browser posts for a form, and the answers it means.

use crate::question::constraint::{self, Unmet};
use crate::question::question_form::{AnswerSpecification, QuestionForm};
use crate::question::sheet::{AnswerSheet, Given};

/// Names that fields around a form have: of the market's own, and of whoever shows it.
const TAKEN: [&str; 6] = ["assignmentId", "hitId", "workerId", "turkSubmitTo", "csrf", "_charset_"];
/// What the name of the text beside a selection ends with.
const OTHER: &str = "-other";

/// The fields of a form as a browser posts them: names and values, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Posted(pub Vec<(String, String)>);

impl Posted {
    /// The text in a field; the last one, if it was posted more than once.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().rfind(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a field was posted with this value.
    pub(super) fn has(&self, name: &str, value: &str) -> bool {
        let value = lines(value);
        self.0.iter().any(|(known, given)| known == name && lines(given) == value)
    }

    /// The field beside a selection.
    pub(super) fn other(name: &str) -> String {
        format!("{name}{OTHER}")
    }
}

/// Browsers post line breaks as two characters, whatever stood in the page.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// The name of each question's field: its identifier where that can be one, else its number.
pub(super) fn names(form: &QuestionForm) -> Vec<String> {
    let is_plain = |name: &str| {
        name.len() <= 100
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':'))
    };
    let name = |(place, question): (usize, &crate::question::question_form::Question)| {
        let name = question.identifier.as_str();
        let fits = is_plain(name) && !TAKEN.contains(&name) && !name.ends_with(OTHER) && !name.starts_with("question:");
        if fits { name.to_owned() } else { format!("question:{}", place + 1) }
    };
    form.questions().enumerate().map(name).collect()
}

/// The answers that were given, by the questions' identifiers, in the order of the form: each question is there, also
/// without an answer, save those for a file, which nobody can give.
pub fn answers(form: &QuestionForm, posted: &Posted) -> Vec<(String, Given)> {
    let mut answers = Vec::new();
    for (question, name) in form.questions().zip(names(form)) {
        let mut given = Given::default();
        match &question.answer {
            AnswerSpecification::FreeText(_) => {
                given.texts.push(lines(posted.text(&name).unwrap_or_default()));
            }
            AnswerSpecification::Selection(selection) => {
                let values = posted.0.iter().filter(|(known, value)| *known == name && !value.is_empty());
                let known = |value: &String| {
                    let value = lines(value);
                    let found = selection.choices.iter().find(|choice| lines(&choice.identifier) == value);
                    found.map_or(value, |choice| choice.identifier.clone())
                };
                given.selected = values.map(|(_, value)| known(value)).collect();
                let other = posted.text(&Posted::other(&name)).map(lines).filter(|text| !text.trim().is_empty());
                given.texts.extend(other);
            }
            AnswerSpecification::Upload { .. } => continue,
        }
        answers.push((question.identifier.clone(), given));
    }
    answers
}

/// What is not as the form asks for it, in its order. A file is never missed.
pub fn unmet(form: &QuestionForm, answers: &[(String, Given)]) -> Vec<Unmet> {
    let mut unmet = constraint::check(form, &AnswerSheet::from_iter(answers.iter().cloned()));
    unmet.retain(|unmet| {
        let question = form.question(&unmet.question);
        !question.is_some_and(|question| matches!(question.answer, AnswerSpecification::Upload { .. }))
    });
    unmet
}
