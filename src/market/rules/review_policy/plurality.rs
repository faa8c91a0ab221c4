//! `SimplePlurality/2011-09-01`: what most workers answered is taken for the answer, and workers are scored by how often they
//! agreed with it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Answers, Extension, MOST, Parameter, Parameters, Verdict, percent};

/// At most this many questions are compared.
const MAX_QUESTIONS: usize = 15;
/// Longer answers are not compared.
const MAX_VALUE: usize = 256;

/// The policy, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plurality {
    questions: Vec<String>,
    /// An answer is agreed on from this share of the workers on.
    agreed_from: u32,
    disregard_rejected: bool,
    disregard_known_below: Option<u32>,
    approve_at_least: Option<u32>,
    /// What an approved worker reads.
    pub approve_reason: Option<String>,
    reject_below: Option<u32>,
    /// What a rejected worker reads.
    pub reject_reason: Option<String>,
    /// How to extend the HIT, if at all.
    pub extend: Option<Extension>,
}

/// What a worker handed in, as far as the policy looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// What was answered.
    pub answers: Answers,
    /// Whether it was rejected.
    pub rejected: bool,
    /// Its score by known answers, where the HIT has such a policy.
    pub known_score: Option<u32>,
}

/// How far workers agree about a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question<'p> {
    /// `QuestionIdentifier`.
    pub id: &'p str,
    /// The share of the workers who gave the answer that most gave.
    pub score: u32,
    /// That answer, if it is agreed on.
    pub agreed: Option<BTreeSet<String>>,
}

/// How often a worker agreed with the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worker {
    /// Questions answered as agreed on.
    pub correct: usize,
    /// Questions answered otherwise, or not.
    pub incorrect: usize,
    /// In percent; none when nothing was agreed on.
    pub score: Option<u32>,
}

/// How far the workers of a HIT agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement<'p> {
    /// By question.
    pub questions: Vec<Question<'p>>,
    /// By assignment, in the order given; none for those that were disregarded.
    pub workers: Vec<Option<Worker>>,
    /// The share of the questions with an answer that is agreed on.
    pub score: u32,
}

impl Plurality {
    /// The name, with its version.
    pub const NAME: &'static str = "SimplePlurality/2011-09-01";

    /// The policy with these parameters; the error says what is wrong with them.
    pub fn parse(parameters: &[Parameter]) -> Result<Plurality, String> {
        let mut given = Parameters::new(Self::NAME, parameters)?;
        let Some(ids) = given.take("QuestionIds").or_else(|| given.take("QuestionIDs")) else {
            return given.wrong("QuestionIds", "must be given.");
        };
        let mut questions: Vec<String> = Vec::new();
        for id in ids.values.iter().flat_map(|text| text.split(',')).map(str::trim).filter(|id| !id.is_empty()) {
            if questions.iter().any(|known| known == id) {
                return given.wrong("QuestionIds", &format!("has the question \"{id}\" twice."));
            }
            questions.push(id.to_owned());
        }
        if questions.is_empty() || questions.len() > MAX_QUESTIONS {
            return given.wrong("QuestionIds", &format!("takes 1 to {MAX_QUESTIONS} questions."));
        }
        let Some(agreed_from) = given.threshold("QuestionAgreementThreshold", 0, 100)? else {
            return given.wrong("QuestionAgreementThreshold", "must be given.");
        };
        let disregard_rejected = given.flag("DisregardAssignmentIfRejected")?.unwrap_or(false);
        let disregard_known_below = given.threshold("DisregardAssignmentIfKnownAnswerScoreIsLessThan", 0, 101)?;
        let approve_at_least = given.threshold("ApproveIfWorkerAgreementScoreIsAtLeast", 0, 101)?;
        let approve_reason = given.reason("ApproveReason")?;
        let reject_below = given.threshold("RejectIfWorkerAgreementScoreIsLessThan", 0, 101)?;
        let reject_reason = given.reason("RejectReason")?;
        let below = given.threshold("ExtendIfHITAgreementScoreIsLessThan", 1, 100)?;
        let extension = given.extension(below, MOST)?;
        let extend = match (extension.below, extension.most, extension.seconds) {
            (None, ..) => None,
            (Some(below), Some(most), Some(seconds)) => Some(Extension { below, most, seconds }),
            (Some(_), None, _) => return given.wrong("ExtendMaximumAssignments", "must be given to extend a HIT."),
            (Some(_), _, None) => return given.wrong("ExtendMinimumTimeInSeconds", "must be given to extend a HIT."),
        };
        given.finish()?;
        Ok(Plurality {
            questions,
            agreed_from,
            disregard_rejected,
            disregard_known_below,
            approve_at_least,
            approve_reason,
            reject_below,
            reject_reason,
            extend,
        })
    }

    /// Compares what the workers of a HIT handed in.
    pub fn compare(&self, work: &[Work]) -> Agreement<'_> {
        let counts = |work: &Work| {
            let rejected = self.disregard_rejected && work.rejected;
            let poor =
                matches!((self.disregard_known_below, work.known_score), (Some(below), Some(score)) if score < below);
            !rejected && !poor
        };
        let regarded: Vec<&Work> = work.iter().filter(|work| counts(work)).collect();
        let questions: Vec<Question<'_>> = self.questions.iter().map(|id| self.question(id, &regarded)).collect();
        let agreed: Vec<(&str, &BTreeSet<String>)> =
            questions.iter().filter_map(|question| Some((question.id, question.agreed.as_ref()?))).collect();
        let worker = |work: &Work| {
            let correct = agreed.iter().filter(|(id, answer)| given(work, id) == Some(*answer)).count();
            let score = if agreed.is_empty() { None } else { Some(percent(correct, agreed.len())) };
            Worker { correct, incorrect: agreed.len() - correct, score }
        };
        let workers = work.iter().map(|work| counts(work).then(|| worker(work))).collect();
        let score = percent(agreed.len(), questions.len());
        Agreement { questions, workers, score }
    }

    fn question<'p>(&self, id: &'p str, regarded: &[&Work]) -> Question<'p> {
        let mut counts: BTreeMap<&BTreeSet<String>, usize> = BTreeMap::new();
        for work in regarded {
            if let Some(answer) = given(work, id) {
                *counts.entry(answer).or_default() += 1;
            }
        }
        let most = counts.values().copied().max().unwrap_or(0);
        let mut leading = counts.into_iter().filter(|(_, count)| *count == most);
        // Two answers that as many workers gave are no agreement: whom to believe would be chance, and a wage hangs on it.
        let (first, tie) = (leading.next(), leading.next().is_some());
        let score = percent(most, regarded.len());
        let agreed = first.filter(|_| !tie && score >= self.agreed_from).map(|(answer, _)| answer.clone());
        Question { id, score, agreed }
    }

    /// What is to be done about the work of a worker who agreed that often, in this order. Nothing where nothing was agreed on.
    pub fn verdicts(&self, worker: &Worker) -> Vec<Verdict> {
        let Some(score) = worker.score else { return Vec::new() };
        let approve = self.approve_at_least.filter(|least| score >= *least).map(|_| Verdict::Approve);
        let reject = self.reject_below.filter(|below| score < *below).map(|_| Verdict::Reject);
        approve.into_iter().chain(reject).collect()
    }
}

/// What a worker answered to a question, if it is something that can be compared.
fn given<'w>(work: &'w Work, id: &str) -> Option<&'w BTreeSet<String>> {
    let answer = work.answers.get(id).filter(|answer| !answer.is_empty())?;
    answer.iter().all(|value| value.chars().count() <= MAX_VALUE).then_some(answer)
}
