//! `ScoreMyKnownAnswers/2011-09-01`: an assignment is scored by the questions to which the requester knows the answers.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Answers, Extension, Parameter, Parameters, Verdict, percent, value_set};

/// The policy, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownAnswers {
    /// The questions in the order given, each with the full set of correct values.
    key: Vec<(String, BTreeSet<String>)>,
    approve_at_least: Option<u32>,
    /// What an approved worker reads.
    pub approve_reason: Option<String>,
    reject_below: Option<u32>,
    /// What a rejected worker reads.
    pub reject_reason: Option<String>,
    /// How to extend the HIT, if at all.
    pub extend: Option<Extension>,
}

/// How an assignment answered the known questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scored<'p> {
    /// Each known question, and whether the answer was right.
    pub questions: Vec<(&'p str, bool)>,
    /// How many were right.
    pub correct: usize,
    /// In percent.
    pub score: u32,
}

impl KnownAnswers {
    /// The name, with its version.
    pub const NAME: &'static str = "ScoreMyKnownAnswers/2011-09-01";

    /// The policy with these parameters; the error says what is wrong with them.
    pub fn parse(parameters: &[Parameter]) -> Result<KnownAnswers, String> {
        let mut given = Parameters::new(Self::NAME, parameters)?;
        let Some(answer_key) = given.take("AnswerKey") else { return given.wrong("AnswerKey", "must be given.") };
        if answer_key.entries.is_empty() || !answer_key.values.is_empty() {
            return given.wrong("AnswerKey", "takes MapEntries: the known questions and their correct values.");
        }
        let mut key: Vec<(String, BTreeSet<String>)> = Vec::new();
        for (question, values) in &answer_key.entries {
            if key.iter().any(|(known, _)| known == question) {
                return given.wrong("AnswerKey", &format!("has the question \"{question}\" twice."));
            }
            key.push((question.clone(), value_set(values.iter().map(String::as_str))));
        }
        let approve_at_least = given.threshold("ApproveIfKnownAnswerScoreIsAtLeast", 0, 101)?;
        let approve_reason = given.reason("ApproveReason")?;
        let reject_below = given.threshold("RejectIfKnownAnswerScoreIsLessThan", 0, 101)?;
        let reject_reason = given.reason("RejectReason")?;
        let below = given.threshold("ExtendIfKnownAnswerScoreIsLessThan", 0, 101)?;
        let extension = given.extension(below, 25)?;
        given.finish()?;
        let extend = extension.below.map(|below| Extension {
            below,
            most: extension.most.unwrap_or(5),
            seconds: extension.seconds.unwrap_or(0),
        });
        Ok(KnownAnswers { key, approve_at_least, approve_reason, reject_below, reject_reason, extend })
    }

    /// Scores an assignment. A question without an answer, or without a known one, is wrong.
    pub fn score(&self, answers: &Answers) -> Scored<'_> {
        let right = |question: &str, known: &BTreeSet<String>| {
            let same = |given: &BTreeSet<String>| given == known || (known.len() > 1 && joined(given) == *known);
            !known.is_empty() && answers.get(question).is_some_and(same)
        };
        let questions: Vec<(&str, bool)> =
            self.key.iter().map(|(question, known)| (question.as_str(), right(question, known))).collect();
        let correct = questions.iter().filter(|(_, right)| *right).count();
        let score = percent(correct, questions.len());
        Scored { questions, correct, score }
    }

    /// What is to be done about an assignment of that score, in this order.
    pub fn verdicts(&self, score: u32) -> Vec<Verdict> {
        let approve = self.approve_at_least.filter(|least| score >= *least).map(|_| Verdict::Approve);
        let reject = self.reject_below.filter(|below| score < *below).map(|_| Verdict::Reject);
        approve.into_iter().chain(reject).collect()
    }
}

/// The parts of one text that joins its values with `|`, as several fields of one name come out of an HTML form.
fn joined(given: &BTreeSet<String>) -> BTreeSet<String> {
    match given.first() {
        Some(text) if given.len() == 1 => value_set(text.split('|')),
        _ => BTreeSet::new(),
    }
}
