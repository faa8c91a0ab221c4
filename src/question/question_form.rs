//! QuestionForm: questions that the market itself shows, in HITs and in qualification tests.

mod content;
mod read;
mod specification;
#[cfg(test)]
mod tests;

pub(super) use read::form;
pub use read::{read, read_test};

use super::fault::Place;

/// A form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QuestionForm {
    /// What it consists of, in order.
    pub parts: Vec<Part>,
}

impl QuestionForm {
    /// The questions, in order.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.parts.iter().filter_map(|part| match part {
            Part::Question(question) => Some(question),
            Part::Overview(_) => None,
        })
    }

    /// The question of this identifier.
    pub fn question(&self, identifier: &str) -> Option<&Question> {
        self.questions().find(|question| question.identifier == identifier)
    }
}

/// A part of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Instructions.
    Overview(Vec<Content>),
    /// A question.
    Question(Question),
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Where it stands in the document.
    pub place: Place,
    /// `QuestionIdentifier`, without blanks around it.
    pub identifier: String,
    /// `DisplayName`: its heading.
    pub display_name: Option<String>,
    /// `IsRequired`.
    pub is_required: bool,
    /// What is asked.
    pub content: Vec<Content>,
    /// How it is answered.
    pub answer: AnswerSpecification,
}

/// A block of content. All text is as the requester wrote it: not yet safe to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A heading.
    Title(String),
    /// A paragraph of plain text: angle brackets are angle brackets.
    Text(String),
    /// A list with bullets.
    List(Vec<String>),
    /// An image, sound or film to open.
    Binary(Medium),
    /// An image, sound or film shown in place.
    Embedded {
        /// What is shown.
        medium: Medium,
        /// `Width`, as written.
        width: String,
        /// `Height`, as written.
        height: String,
        /// `ApplicationParameter`: names and values.
        parameters: Vec<(String, String)>,
    },
    /// Markup of the XHTML subset, checked: only its harmless elements, attributes and addresses.
    Formatted(String),
}

/// An image, sound or film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Medium {
    /// `image`, `audio` or `video`.
    pub kind: String,
    /// The format, such as `gif`.
    pub subtype: Option<String>,
    /// Where it is: an http or https address.
    pub url: String,
    /// `AltText`.
    pub alternative: String,
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerSpecification {
    /// With a text.
    FreeText(FreeText),
    /// By choosing.
    Selection(Selection),
    /// With a file.
    Upload {
        /// The smallest file, in bytes.
        min_bytes: u32,
        /// The largest file, in bytes.
        max_bytes: u32,
    },
}

/// A text field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FreeText {
    /// `IsNumeric`, with the smallest and the largest value.
    pub numeric: Option<(Option<i32>, Option<i32>)>,
    /// `minLength`: so many characters at least. There, the field must be filled in.
    pub min_length: Option<u32>,
    /// `maxLength`.
    pub max_length: Option<u32>,
    /// `AnswerFormatRegex`: all must match.
    pub patterns: Vec<Pattern>,
    /// `DefaultText`: what stands in it at first.
    pub default_text: Option<String>,
    /// `NumberOfLinesSuggestion`.
    pub lines: u32,
}

/// A pattern that a text must match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The expression, in JavaScript's syntax.
    pub regex: String,
    /// What the worker is told when it does not match.
    pub error_text: String,
    /// Whether upper and lower case are the same.
    pub ignore_case: bool,
}

/// A choice among selections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// So many must be chosen at least.
    pub min: u32,
    /// So many may be chosen.
    pub max: u32,
    /// `StyleSuggestion`.
    pub style: Option<Style>,
    /// What can be chosen.
    pub choices: Vec<Choice>,
    /// `OtherSelection`: a text instead.
    pub other: Option<FreeText>,
}

/// What can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// `SelectionIdentifier`, without blanks around it.
    pub identifier: String,
    /// What is shown: text, formatted content or a medium.
    pub label: Content,
}

/// How a choice is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// One button for each, of which one is on.
    RadioButton,
    /// One box for each.
    CheckBox,
    /// A list.
    List,
    /// A list that drops down.
    DropDown,
    /// A list with a text field.
    ComboBox,
    /// Two lists.
    MultiChooser,
}
