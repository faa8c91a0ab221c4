//! Answers held against what a QuestionForm asks for: what is required, how many selections, how long a text, numbers,
//! patterns, files.

use super::question_form::{AnswerSpecification, FreeText, Pattern, Question, QuestionForm, Selection};
use super::sheet::{AnswerSheet, Given};
use regex_lite::{Regex, RegexBuilder};
use std::fmt;

/// A compiled pattern may have so many bytes, and be held against a text of so many bytes; all texts of one sheet
/// together against so many. What is beyond is not checked: no requester's pattern may cost the market its time.
const COMPILED: usize = 1 << 15;
const TEXT: usize = 1 << 13;
const TEXTS: usize = 1 << 17;

/// An answer that does not fulfil what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmet {
    /// `QuestionIdentifier`.
    pub question: String,
    /// What was wanted.
    pub want: Want,
}

/// What was wanted of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    /// Any answer.
    Answer,
    /// A question of the form: there is none of this name.
    Known,
    /// A text, selections or a file: it is another kind of answer.
    Kind(&'static str),
    /// Selections of the question: it has none of this identifier.
    KnownSelection(String),
    /// This many selections.
    Selections {
        /// At least.
        min: u32,
        /// At most.
        max: u32,
    },
    /// A number.
    Number,
    /// A number so large at least.
    AtLeast(i32),
    /// A number so large at most.
    AtMost(i32),
    /// So many characters at least.
    MinLength(u32),
    /// So many characters at most.
    MaxLength(u32),
    /// A text that matches a pattern; the requester's words for it.
    Format(String),
    /// A file of this many bytes.
    FileSize {
        /// At least.
        min: u32,
        /// At most.
        max: u32,
    },
}

impl fmt::Display for Want {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Want::Answer => write!(f, "An answer is required."),
            Want::Known => write!(f, "The form has no such question."),
            Want::Kind(kind) => write!(f, "The answer must be {kind}."),
            Want::KnownSelection(name) => write!(f, "There is no selection {name:?}."),
            Want::Selections { min, max } if min == max && *min == 1 => write!(f, "Select one."),
            Want::Selections { min, max } if min == max => write!(f, "Select {min}."),
            Want::Selections { min, max } => write!(f, "Select {min} to {max}."),
            Want::Number => write!(f, "The answer must be a number."),
            Want::AtLeast(min) => write!(f, "The number must be {min} or more."),
            Want::AtMost(max) => write!(f, "The number must be {max} or less."),
            Want::MinLength(min) => write!(f, "At least {min} characters are needed."),
            Want::MaxLength(max) => write!(f, "At most {max} characters are allowed."),
            Want::Format(words) => f.write_str(words),
            Want::FileSize { min, max } => write!(f, "The file must have {min} to {max} bytes."),
        }
    }
}

/// What in these answers does not fulfil the form, in the form's order. MTurk itself promises a requester none of this:
/// it is for those who fill a form in.
pub fn check(form: &QuestionForm, answers: &AnswerSheet) -> Vec<Unmet> {
    let mut checker = Checker { unmet: Vec::new(), budget: TEXTS };
    let nothing = Given::default();
    for question in form.questions() {
        checker.question(question, answers.given(&question.identifier).unwrap_or(&nothing));
    }
    let unknown = answers.iter().filter(|(name, _)| form.question(name).is_none());
    let unknown = unknown.map(|(name, _)| Unmet { question: name.to_owned(), want: Want::Known });
    checker.unmet.extend(unknown);
    checker.unmet
}

struct Checker {
    unmet: Vec<Unmet>,
    /// So many bytes of text may still be held against patterns.
    budget: usize,
}

impl Checker {
    fn question(&mut self, question: &Question, given: &Given) {
        let mut want = |want| self.unmet.push(Unmet { question: question.identifier.clone(), want });
        match &question.answer {
            AnswerSpecification::Selection(selection) => check_selection(selection, question.is_required, given, want),
            AnswerSpecification::Upload { min_bytes, max_bytes } => match &given.upload {
                None if question.is_required => want(Want::Answer),
                None if !given.is_empty() => want(Want::Kind("a file")),
                Some((_, size)) if !(u64::from(*min_bytes)..=u64::from(*max_bytes)).contains(size) => {
                    want(Want::FileSize { min: *min_bytes, max: *max_bytes });
                }
                _ => {}
            },
            AnswerSpecification::FreeText(field) => {
                if !given.selected.is_empty() || given.upload.is_some() {
                    want(Want::Kind("a text"));
                    return;
                }
                let text = given.texts.last().map_or("", String::as_str);
                check_text(field, question.is_required, text, &mut self.budget, want);
            }
        }
    }
}

fn check_selection(selection: &Selection, is_required: bool, given: &Given, mut want: impl FnMut(Want)) {
    let other = given.texts.iter().rfind(|text| !text.trim().is_empty());
    if given.upload.is_some() || (other.is_some() && selection.other.is_none()) {
        want(Want::Kind("a selection"));
        return;
    }
    let known = |name: &String| selection.choices.iter().any(|choice| choice.identifier == *name);
    given.selected.iter().filter(|name| !known(name)).for_each(|name| want(Want::KnownSelection(name.clone())));
    let count = given.selected.len() + usize::from(other.is_some());
    let Selection { min, max, .. } = *selection;
    match count {
        0 if is_required && min > 0 => want(Want::Answer),
        0 => {}
        count if !(min as usize..=max as usize).contains(&count) => want(Want::Selections { min, max }),
        _ => {}
    }
    if let (Some(field), Some(text)) = (&selection.other, other) {
        check_text(field, false, text, &mut TEXT.clone(), want);
    }
}

fn check_text(field: &FreeText, is_required: bool, text: &str, budget: &mut usize, mut want: impl FnMut(Want)) {
    let is_required = is_required || field.min_length.is_some_and(|min| min > 0);
    if text.is_empty() && is_required {
        want(Want::Answer);
        return;
    }
    let length = text.chars().count();
    match (field.min_length, field.max_length) {
        (Some(min), _) if length < min as usize => want(Want::MinLength(min)),
        (_, Some(max)) if length > max as usize => want(Want::MaxLength(max)),
        _ => {}
    }
    if let Some((min, max)) = field.numeric.filter(|_| !text.is_empty()) {
        match number(text) {
            None => want(Want::Number),
            Some(number) => match (min, max) {
                (Some(min), _) if number < f64::from(min) => want(Want::AtLeast(min)),
                (_, Some(max)) if number > f64::from(max) => want(Want::AtMost(max)),
                _ => {}
            },
        }
    }
    for pattern in &field.patterns {
        // An empty text costs something too: its pattern is compiled.
        let cost = text.len().max(64);
        if text.len() > TEXT || *budget < cost {
            return;
        }
        *budget -= cost;
        if expression(pattern).is_ok_and(|regex| !regex.is_match(text)) {
            want(Want::Format(pattern.error_text.clone()));
        }
    }
}

/// A decimal number as people write it.
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'));
    text.parse().ok().filter(|number: &f64| is_plain && number.is_finite())
}

/// The expression of a pattern. JavaScript knows more than can be matched in bounded time: look-around, backreferences
/// and a few rare forms are not held against answers.
pub(super) fn expression(pattern: &Pattern) -> Result<Regex, String> {
    let mut builder = RegexBuilder::new(&translate(&pattern.regex)?);
    builder.case_insensitive(pattern.ignore_case).size_limit(COMPILED).nest_limit(50);
    builder.build().map_err(|error| error.to_string())
}

/// JavaScript's syntax in that of the crate, where they differ.
fn translate(regex: &str) -> Result<String, String> {
    let mut out = String::with_capacity(regex.len());
    let mut chars = regex.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                // What the crate means by these, JavaScript does not.
                Some(c @ ('a' | 'A' | 'z' | 'U')) => return Err(format!("\\{c} is not understood")),
                Some(c @ ('<' | '>')) => out.push(c),
                Some(c) => out.extend(['\\', c]),
                None => return Err("it ends with a backslash".to_owned()),
            },
            '[' if in_class => out.push_str("\\["),
            '[' => {
                in_class = true;
                out.push('[');
                if chars.peek() == Some(&'^') {
                    out.extend(chars.next());
                }
                if chars.peek() == Some(&']') {
                    return Err("an empty class is not understood".to_owned());
                }
            }
            ']' => {
                in_class = false;
                out.push(']');
            }
            '&' | '~' if in_class => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests;
