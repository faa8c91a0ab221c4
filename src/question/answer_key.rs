//! AnswerKey: what the answers to a qualification test are worth, and the value that their sum becomes.

mod check;
mod read;
mod score;
#[cfg(test)]
mod tests;

pub use check::check;
pub use read::read;
pub use score::{Mark, Score, score};

use super::fault::Place;

/// A key.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerKey {
    /// The questions that count, in order.
    pub questions: Vec<KeyQuestion>,
    /// What becomes of the sum.
    pub mapping: Mapping,
    /// Where the mapping stands; the key's own place when it has none.
    pub mapping_place: Place,
}

impl AnswerKey {
    /// The most points that answers can get, each question by itself.
    pub fn best(&self) -> i64 {
        self.questions.iter().map(|question| i64::from(question.best())).sum()
    }
}

impl KeyQuestion {
    /// The most points that an answer to it can get.
    pub fn best(&self) -> i32 {
        self.options.iter().map(|option| option.score).chain([self.default_score]).max().unwrap_or(0)
    }
}

/// What the answers to a question are worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyQuestion {
    /// Where it stands in the document.
    pub place: Place,
    /// `QuestionIdentifier`, without blanks around it.
    pub identifier: String,
    /// The answers that are worth something; the first that fits counts.
    pub options: Vec<AnswerOption>,
    /// `DefaultScore`: what every other answer is worth, and none at all.
    pub default_score: i32,
}

/// An answer and its worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerOption {
    /// Where it stands in the document.
    pub place: Place,
    /// What must be selected: all of these and no others. Sorted, each once.
    pub selections: Vec<String>,
    /// `AnswerScore`; it may be negative.
    pub score: i32,
}

/// How the sum of the scores becomes the value of the qualification.
#[derive(Debug, Clone, PartialEq)]
pub enum Mapping {
    /// The value is the sum.
    Sum,
    /// `PercentageMapping`: the sum as a percentage of this, rounded to the nearest whole number.
    Percentage(i32),
    /// `ScaleMapping`: the sum times this, rounded to the nearest whole number.
    Scale(f64),
    /// `RangeMapping`: the value of the first range that the sum is in.
    Range {
        /// The ranges, in order.
        ranges: Vec<Range>,
        /// `OutOfRangeQualificationValue`: the value of every other sum.
        otherwise: i32,
    },
}

/// A range of sums and the value they become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// Where it stands in the document.
    pub place: Place,
    /// The smallest sum in it.
    pub lower: i32,
    /// The largest sum in it.
    pub upper: i32,
    /// `QualificationValue`.
    pub value: i32,
}
