//! Review policies at work: run at a submission, or when a HIT becomes Reviewable; what they find and do is written into the
//! HIT's reports. An action that is not possible is reported as failed and stops nothing else.

use super::review::{approve_now, reject_now};
use super::transition::happen;
use crate::domain::time::Time;
use crate::market::error::{Refusal, ServiceError};
use crate::market::json::Json;
use crate::market::rules::assignment::Phase;
use crate::market::rules::hit::{Happening, HitRefusal};
use crate::market::rules::review_policy::{Answers, Extension, Verdict, Work, value_set};
use crate::market::storage::{AssignmentKey, Change, EntryKind, HitKey, HitRecord, Level, Posting};
use crate::question::sheet::AnswerSheet;

const INVALID_STATE: &str = "Assignment was in an invalid state for this operation.";

/// What a policy has done, or could not do.
struct Outcome {
    status: &'static str,
    result: String,
    error: Option<&'static str>,
}

impl Outcome {
    fn succeeded(result: impl Into<String>) -> Outcome {
        Outcome { status: "Succeeded", result: result.into(), error: None }
    }

    fn failed(result: impl Into<String>, error: &'static str) -> Outcome {
        Outcome { status: "Failed", result: result.into(), error: Some(error) }
    }

    /// A refusal is an outcome; a failure of the storage is not.
    fn of(done: Result<(), ServiceError>, result: &str) -> Result<Outcome, ServiceError> {
        match done {
            Ok(()) => Ok(Outcome::succeeded(result)),
            Err(ServiceError::Refused(why)) => {
                let code = match why {
                    Refusal::InsufficientFunds => "AWS.MechanicalTurk.InsufficientFunds",
                    Refusal::Increase => "AWS.MechanicalTurk.InvalidMaximumAssignmentsIncrease",
                    Refusal::HitState { .. } => "AWS.MechanicalTurk.InvalidHITState",
                    _ => "AWS.MechanicalTurk.InvalidAssignmentState",
                };
                Ok(Outcome::failed(why.to_string().trim_end(), code))
            }
            Err(failed) => Err(failed),
        }
    }
}

/// One of the two things that are reported about.
#[derive(Clone, Copy)]
enum Subject<'s> {
    Hit(&'s str),
    Assignment(&'s str),
}

impl<'s> Subject<'s> {
    fn id(self) -> &'s str {
        match self {
            Subject::Hit(id) | Subject::Assignment(id) => id,
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Subject::Hit(_) => Level::Hit.name(),
            Subject::Assignment(_) => Level::Assignment.name(),
        }
    }
}

/// A report that is being written.
struct Report<'r, 'c> {
    change: &'r mut Change<'c>,
    hit: HitKey,
    level: Level,
    at: Time,
}

impl Report<'_, '_> {
    fn result(
        &mut self,
        review: &str,
        about: Subject<'_>,
        question: Option<&str>,
        key: &str,
        value: &str,
    ) -> Result<(), ServiceError> {
        let mut json = Json::default();
        json.open().text("ActionId", review).text("SubjectId", about.id()).text("SubjectType", about.kind());
        json.optional("QuestionId", question).text("Key", key).text("Value", value).close();
        Ok(self.change.add_entry(self.hit, self.level, EntryKind::Result, &json.into_bytes())?)
    }

    fn action(&mut self, id: &str, name: &str, target: Subject<'_>, outcome: &Outcome) -> Result<(), ServiceError> {
        let mut json = Json::default();
        json.open().text("ActionId", id).text("ActionName", name).text("TargetId", target.id());
        json.text("TargetType", target.kind()).text("Status", outcome.status).time("CompleteTime", self.at);
        json.text("Result", &outcome.result).optional("ErrorCode", outcome.error).close();
        Ok(self.change.add_entry(self.hit, self.level, EntryKind::Action, &json.into_bytes())?)
    }

    /// Decides about an assignment.
    fn decide(
        &mut self,
        key: AssignmentKey,
        id: &str,
        verdict: Verdict,
        reason: Option<&str>,
    ) -> Result<(), ServiceError> {
        let (assignment, at) = (self.change.assignment_at(key)?, self.at);
        let (name, outcome) = match (verdict, assignment.phase) {
            (Verdict::Approve, Phase::Submitted) => {
                ("approve", Outcome::of(approve_now(self.change, &assignment, at, reason), "Approved")?)
            }
            (Verdict::Approve, Phase::Approved) => ("approve", Outcome::succeeded("Already approved")),
            (Verdict::Reject, Phase::Submitted) => {
                ("reject", Outcome::of(reject_now(self.change, &assignment, at, reason), "Rejected")?)
            }
            (Verdict::Reject, Phase::Rejected) => ("reject", Outcome::succeeded("Already rejected")),
            (verdict, _) => {
                let name = if verdict == Verdict::Approve { "approve" } else { "reject" };
                (name, Outcome::failed(INVALID_STATE, "AWS.MechanicalTurk.InvalidAssignmentState"))
            }
        };
        let action = self.change.action_id();
        self.action(&action, name, Subject::Assignment(id), &outcome)
    }

    /// Gives the HIT another slot, and the time that it needs at least.
    fn extend(&mut self, by: Extension) -> Result<(), ServiceError> {
        let hit = self.change.hit_at(self.hit)?;
        let outcome = extend(self.change, &hit, by, self.at)?;
        let action = self.change.action_id();
        self.action(&action, "extend", Subject::Hit(&hit.id), &outcome)
    }
}

fn extend(change: &mut Change<'_>, hit: &HitRecord, by: Extension, at: Time) -> Result<Outcome, ServiceError> {
    let state = &hit.state;
    if state.max >= by.most {
        let result = format!("The HIT has {} assignments already", state.max);
        return Ok(Outcome { status: "Cancelled", result, error: None });
    }
    let until = at + crate::domain::time::Seconds(by.seconds);
    let mut steps = Vec::new();
    if until > state.expires {
        steps.push(Happening::Extended(until));
    }
    if until == at && state.expires <= at {
        return Ok(Outcome::failed("The HIT has expired", "AWS.MechanicalTurk.InvalidHITState"));
    }
    steps.push(Happening::Added(1));
    let about = Posting { hit: Some(hit.key), ..Posting::default() };
    let extended = happen(change, hit, &steps, at, &about, |why| match why {
        HitRefusal::Border | HitRefusal::TooMany => Refusal::Increase,
        _ => Refusal::HitState { current: state.status, allowed: "Assignable, Unassignable, Reviewable, Reviewing" },
    });
    Outcome::of(extended, "Extended by one assignment")
}

/// Runs the policy of assignments on one that was just handed in.
pub(super) fn review_assignment(
    change: &mut Change<'_>,
    hit: &HitRecord,
    key: AssignmentKey,
    id: &str,
    answer: &str,
) -> Result<(), ServiceError> {
    let Some(policy) = change.policies(hit.key)?.assignment else { return Ok(()) };
    let at = change.now();
    let scored = policy.score(&answers(answer));
    let mut report = Report { change, hit: hit.key, level: Level::Assignment, at };
    let (review, subject) = (report.change.action_id(), Subject::Assignment(id));
    for (question, right) in &scored.questions {
        report.result(&review, subject, Some(question), "KnownAnswerCorrect", if *right { "1" } else { "0" })?;
    }
    report.result(&review, subject, None, "KnownAnswerScore", &scored.score.to_string())?;
    let (correct, known) = (scored.correct, scored.questions.len());
    let number = if known == 1 { "one known answer".to_owned() } else { format!("{known} known answers") };
    let outcome = Outcome::succeeded(format!("Reviewed {number}; {correct}/{known} correct"));
    report.action(&review, "review", subject, &outcome)?;
    for verdict in policy.verdicts(scored.score) {
        let reason = match verdict {
            Verdict::Approve => &policy.approve_reason,
            Verdict::Reject => &policy.reject_reason,
        };
        report.decide(key, id, verdict, reason.as_deref())?;
    }
    match policy.extend {
        Some(extension) if scored.score < extension.below => report.extend(extension),
        _ => Ok(()),
    }
}

/// Runs the policy of a HIT that has become Reviewable.
pub(super) fn review_hit(change: &mut Change<'_>, key: HitKey, at: Time) -> Result<(), ServiceError> {
    let policies = change.policies(key)?;
    let Some(policy) = policies.hit else { return Ok(()) };
    let hit = change.hit_at(key)?;
    let handed_in = change.handed_in(key)?;
    let work: Vec<Work> = handed_in
        .iter()
        .map(|one| {
            let answers = answers(&one.answer);
            let known_score = policies.assignment.as_ref().map(|known| known.score(&answers).score);
            Work { answers, rejected: one.phase == Phase::Rejected, known_score }
        })
        .collect();
    let agreement = policy.compare(&work);

    let mut report = Report { change, hit: key, level: Level::Hit, at };
    let (review, whole) = (report.change.action_id(), Subject::Hit(&hit.id));
    for question in &agreement.questions {
        let id = Some(question.id);
        let found = if question.agreed.is_some() { "T" } else { "F" };
        report.result(&review, whole, id, "AgreedAnswerFound", found)?;
        if let Some(agreed) = &question.agreed {
            let values: Vec<&str> = agreed.iter().map(String::as_str).collect();
            report.result(&review, whole, id, "AgreedAnswer", &values.join("|"))?;
        }
        report.result(&review, whole, id, "AnswerAgreementScore", &question.score.to_string())?;
    }
    report.result(&review, whole, None, "HitAgreementScore", &agreement.score.to_string())?;
    let compared = agreement.workers.iter().flatten().count();
    let outcome = Outcome::succeeded(format!("Compared the answers of {compared} assignments"));
    report.action(&review, "review", whole, &outcome)?;

    for (one, worker) in handed_in.iter().zip(&agreement.workers) {
        let Some(worker) = worker else { continue };
        let subject = Subject::Assignment(&one.id);
        if let Some(score) = worker.score {
            report.result(&review, subject, None, "WorkerAgreementScore", &score.to_string())?;
        }
        report.result(&review, subject, None, "PluralityAnswersCorrect", &worker.correct.to_string())?;
        report.result(&review, subject, None, "PluralityAnswersIncorrect", &worker.incorrect.to_string())?;
        for verdict in policy.verdicts(worker) {
            let reason = match verdict {
                Verdict::Approve => &policy.approve_reason,
                Verdict::Reject => &policy.reject_reason,
            };
            report.decide(one.key, &one.id, verdict, reason.as_deref())?;
        }
    }
    match policy.extend {
        Some(extension) if agreement.score < extension.below => report.extend(extension),
        _ => Ok(()),
    }
}

/// What was answered, question by question. What cannot be read answers nothing.
fn answers(document: &str) -> Answers {
    let sheet = AnswerSheet::read(document);
    sheet.iter().map(|(question, given)| (question.to_owned(), value_set(given.values()))).collect()
}
