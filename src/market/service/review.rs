//! Reviewing: approvals, rejections, bonuses.

use super::transition::happen;
use super::{Service, move_money};
use crate::domain::money::Usd;
use crate::domain::time::Time;
use crate::domain::worker_answer;
use crate::market::error::{Refusal, ServiceError};
use crate::market::rules::account::{Kind, Movement};
use crate::market::rules::assignment::{Phase, approve, check_feedback, reject};
use crate::market::rules::hit::Happening;
use crate::market::storage::{AssignmentState, Change, Posting, RequesterKey, View};

const BONUS: &str = "bonus";

/// A bonus to be paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBonus {
    /// `WorkerId`.
    pub worker: String,
    /// `AssignmentId`.
    pub assignment: String,
    /// `BonusAmount`.
    pub amount: Usd,
    /// `Reason`.
    pub reason: String,
    /// `UniqueRequestToken`.
    pub token: Option<String>,
}

impl Service {
    /// Approves a submitted assignment, or with `override_rejection` a rejected one: its worker is paid.
    pub async fn approve(
        &self,
        who: RequesterKey,
        assignment: &str,
        feedback: Option<String>,
        override_rejection: bool,
    ) -> Result<(), ServiceError> {
        feedback.as_deref().map_or(Ok(()), checked)?;
        let id = assignment.to_owned();
        self.storage
            .change(move |change| {
                let assignment = own_assignment(change, who, &id)?;
                let now = change.now();
                let happening = approve(assignment.phase, override_rejection, assignment.submitted, now)
                    .map_err(|_| Refusal::AssignmentState)?;
                pay(change, &assignment, happening, now)?;
                let feedback = match (feedback, assignment.phase) {
                    // What the worker answered to the rejection stays behind what is said now.
                    (Some(feedback), Phase::Rejected) => match change.reply_to(assignment.key)? {
                        Some(answer) => Some(worker_answer::join(&feedback, &answer)),
                        None => Some(feedback),
                    },
                    (feedback, _) => feedback,
                };
                Ok(change.save_approval(assignment.key, now, feedback.as_deref())?)
            })
            .await
    }

    /// Rejects a submitted assignment: the money set aside for it is released, its slot stays taken.
    pub async fn reject(&self, who: RequesterKey, assignment: &str, feedback: String) -> Result<(), ServiceError> {
        checked(&feedback)?;
        let id = assignment.to_owned();
        self.storage
            .change(move |change| {
                let assignment = own_assignment(change, who, &id)?;
                let now = change.now();
                reject_now(change, &assignment, now, Some(&feedback))
            })
            .await
    }

    /// Pays a bonus to the worker who handed in an assignment.
    pub async fn send_bonus(&self, who: RequesterKey, bonus: NewBonus) -> Result<(), ServiceError> {
        let fee = self.fees.of_bonus(bonus.amount);
        self.storage
            .change(move |change| {
                if let Some(token) = &bonus.token
                    && change.token(who, BONUS, token)?.is_some()
                {
                    return Err(Refusal::TokenUsed(token.clone()).into());
                }
                let assignment = own_assignment(change, who, &bonus.assignment)?;
                let worker = change.worker(&bonus.worker)?.filter(|worker| assignment.worker == Some(*worker));
                let Some(worker) = worker else {
                    let hint = format!("Assignment {} was not done by this worker.", bonus.assignment);
                    return Err(Refusal::Parameter { parameter: "WorkerId", value: bonus.worker, hint }.into());
                };
                let hit = assignment.hit.key;
                change.add_bonus(hit, assignment.key, worker, bonus.amount, &bonus.reason)?;
                let now = change.now();
                let mut movements =
                    vec![Movement::new(Kind::Hold, bonus.amount + fee), Movement::new(Kind::Bonus, bonus.amount)];
                if fee > Usd::ZERO {
                    movements.push(Movement::new(Kind::Fee, fee));
                }
                if let Some(token) = &bonus.token {
                    change.use_token(who, BONUS, token, &bonus.assignment)?;
                }
                let about = Posting { hit: Some(hit), assignment: Some(assignment.key), token: bonus.token };
                move_money(change, who, &movements, now, &about)
            })
            .await
    }
}

/// A submitted assignment of this requester; another's, or one still being worked on, is as unknown as none.
pub(in crate::market) fn own_assignment(
    view: &View<'_>,
    who: RequesterKey,
    id: &str,
) -> Result<AssignmentState, ServiceError> {
    match view.assignment(id)? {
        Some(found) if found.hit.requester == who && found.phase.visible().is_some() => Ok(found),
        _ => Err(Refusal::NoAssignment(id.to_owned()).into()),
    }
}

/// Lets something happen to an assignment's HIT, money and all.
pub(super) fn pay(
    change: &mut Change<'_>,
    assignment: &AssignmentState,
    happening: Happening,
    at: Time,
) -> Result<(), ServiceError> {
    let about = Posting { hit: Some(assignment.hit.key), assignment: Some(assignment.key), token: None };
    happen(change, &assignment.hit, &[happening], at, &about, |_| Refusal::AssignmentState)
}

/// Approves what was submitted, at the time `at`.
pub(super) fn approve_now(
    change: &mut Change<'_>,
    assignment: &AssignmentState,
    at: Time,
    feedback: Option<&str>,
) -> Result<(), ServiceError> {
    pay(change, assignment, Happening::Approved, at)?;
    Ok(change.save_approval(assignment.key, at, feedback)?)
}

/// Rejects what was submitted, at the time `at`.
pub(super) fn reject_now(
    change: &mut Change<'_>,
    assignment: &AssignmentState,
    at: Time,
    feedback: Option<&str>,
) -> Result<(), ServiceError> {
    let happening = reject(assignment.phase).map_err(|_| Refusal::AssignmentState)?;
    pay(change, assignment, happening, at)?;
    Ok(change.save_rejection(assignment.key, at, feedback)?)
}

/// `RequesterFeedback`, checked.
fn checked(feedback: &str) -> Result<(), Refusal> {
    check_feedback("RequesterFeedback", feedback).map_err(Refusal::Feedback)
}
