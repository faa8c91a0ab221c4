//! What a set of answers is worth.

use super::{AnswerKey, KeyQuestion, Mapping};
use crate::question::sheet::{AnswerSheet, Given};

/// What one question contributed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// `QuestionIdentifier`.
    pub question: String,
    /// Its score.
    pub points: i32,
    /// Which of the key's options was given, counted from 0; none of them when empty.
    pub option: Option<usize>,
}

/// The outcome of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// One for each question of the key, in its order.
    pub marks: Vec<Mark>,
    /// Their sum.
    pub sum: i64,
    /// What the sum becomes: the value of the qualification.
    pub value: i32,
}

/// Scores answers. A question that was not answered, or with a text of one's own, is worth its `DefaultScore`.
pub fn score(key: &AnswerKey, answers: &AnswerSheet) -> Score {
    let marks: Vec<Mark> = key.questions.iter().map(|question| mark(question, answers)).collect();
    let sum = marks.iter().map(|mark| i64::from(mark.points)).sum();
    Score { marks, sum, value: key.mapping.value(sum) }
}

fn mark(question: &KeyQuestion, answers: &AnswerSheet) -> Mark {
    let given = answers.given(&question.identifier);
    let option = given.and_then(|given| question.options.iter().position(|option| is_same(&option.selections, given)));
    let points = option.and_then(|at| question.options.get(at)).map_or(question.default_score, |option| option.score);
    Mark { question: question.identifier.clone(), points, option }
}

/// Whether exactly these selections were made, and nothing written beside them.
fn is_same(selections: &[String], given: &Given) -> bool {
    given.texts.iter().all(|text| text.trim().is_empty())
        && given.upload.is_none()
        && given.selected.iter().eq(selections)
}

impl Mapping {
    /// The value that a sum becomes, within 32 bits. Halves are rounded up.
    pub fn value(&self, sum: i64) -> i32 {
        match self {
            Mapping::Sum => clamp(i128::from(sum)),
            Mapping::Percentage(max) => {
                // Reading refuses a maximum below 1; one made otherwise must not divide by zero.
                let max = i128::from((*max).max(1));
                clamp((200 * i128::from(sum) + max).div_euclid(2 * max))
            }
            // `as` keeps within the bounds, and makes 0 of what is no number.
            Mapping::Scale(multiplier) => (sum as f64 * multiplier + 0.5).floor() as i32,
            Mapping::Range { ranges, otherwise } => {
                let holds = |lower: i32, upper: i32| (i64::from(lower)..=i64::from(upper)).contains(&sum);
                ranges.iter().find(|range| holds(range.lower, range.upper)).map_or(*otherwise, |range| range.value)
            }
        }
    }
}

fn clamp(number: i128) -> i32 {
    i32::try_from(number).unwrap_or(if number < 0 { i32::MIN } else { i32::MAX })
}
