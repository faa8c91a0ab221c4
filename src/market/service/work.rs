//! What workers do: find, accept, hand in, give back.

use super::Service;
use super::blocks::check_not_blocked;
use super::notify::{Subject, announce};
use super::policies::review_assignment;
use super::qualify_access::{Access, judge};
use super::review::{approve_now, pay};
use super::transition::{after_closing, happen};
use super::worker_accounts::check_not_suspended;
use crate::domain::id::{AssignmentId, HitId, WorkerId};
use crate::domain::time::{Seconds, Time};
use crate::market::error::{Refusal, ServiceError};
use crate::market::rules::assignment::Phase;
use crate::market::rules::eligibility::Action;
use crate::market::rules::hit::{Happening, HitRefusal};
use crate::market::rules::question::check_answer;
use crate::market::storage::{AssignmentState, Change, OpenHit, Posting, View, WorkerKey};

/// An assignment that a worker now holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// `AssignmentId`.
    pub assignment: AssignmentId,
    /// Until when it must be handed in.
    pub deadline: Time,
}

/// The longest answer, in bytes.
const MAX_ANSWER: usize = 4 << 20;

impl Service {
    /// HITs that a worker could take now and is qualified for, oldest first, at most `limit`, from behind the HIT `after` on.
    pub async fn open_hits(
        &self,
        worker: &WorkerId,
        after: Option<&HitId>,
        limit: u32,
    ) -> Result<Vec<OpenHit>, ServiceError> {
        let (worker, after) = (worker.clone(), after.cloned());
        self.read(move |view| {
            let worker = view.worker(worker.as_str())?;
            let closed = Access::of(view, worker)?.closed_to(Action::Accept);
            Ok(view.open_hits(worker, &closed, after.as_ref().map(HitId::as_str), limit)?)
        })
        .await
    }

    /// Gives a slot of a HIT to a worker, who becomes known with it.
    pub async fn accept(&self, hit: &HitId, worker: &WorkerId) -> Result<Accepted, ServiceError> {
        let (hit, worker) = (hit.clone(), worker.clone());
        self.storage
            .change(move |change| {
                let record = change.hit(hit.as_str())?.ok_or_else(|| Refusal::NoHit(hit.to_string()))?;
                let worker_key = change.find_or_add_worker(worker.as_str())?;
                if change.has_taken(record.key, worker_key)? {
                    return refuse(format!("Worker {worker} has an assignment of HIT {hit} already."));
                }
                check_not_suspended(change, worker_key)?;
                check_not_blocked(change, record.requester, worker_key)?;
                let verdict = judge(change, record.type_key, Some(worker_key))?;
                if !verdict.allows(Action::Accept) {
                    return refuse(format!("Worker {worker} may not accept HIT {hit}: {}.", verdict.reasons()));
                }
                let (at, about) = (change.now(), Posting { hit: Some(record.key), ..Posting::default() });
                happen(change, &record, &[Happening::Accepted], at, &about, |refusal| match refusal {
                    HitRefusal::State(status) => {
                        Refusal::Worker(format!("HIT {hit} cannot be accepted: it is {}.", status.name()))
                    }
                    _ => Refusal::Worker(format!("HIT {hit} has no assignment left.")),
                })?;
                let (_, duration) = change.delays(record.type_key)?;
                let deadline = change.now() + duration;
                let id = change.take_slot(record.key, worker_key, deadline)?;
                let state = change.hit_at(record.key)?.state;
                announce(change, &record, &state, Happening::Accepted, Subject::Named(&id), change.now())?;
                let assignment = AssignmentId::parse(&id).map_err(|error| Refusal::Worker(error.to_string()))?;
                Ok(Accepted { assignment, deadline })
            })
            .await
    }

    /// Hands in an answer: a QuestionFormAnswers document, or nothing at all. Returns when it was submitted.
    pub async fn submit(&self, assignment: &AssignmentId, answer: String) -> Result<Time, ServiceError> {
        check_document(&answer)?;
        let id = assignment.clone();
        self.storage.change(move |change| hand_in(change, &held(change, &id)?, id.as_str(), &answer)).await
    }

    /// Gives a slot back: the next worker may take it.
    pub async fn give_back(&self, assignment: &AssignmentId) -> Result<(), ServiceError> {
        let id = assignment.clone();
        self.storage
            .change(move |change| {
                let assignment = held(change, &id)?;
                free(change, &assignment)
            })
            .await
    }

    /// The same for somebody who must be the one who holds it: an `AssignmentId` goes on to the next worker.
    pub async fn give_back_of(&self, worker: WorkerKey, assignment: &AssignmentId) -> Result<(), ServiceError> {
        let id = assignment.clone();
        self.storage
            .change(move |change| {
                let assignment = held(change, &id)?;
                if assignment.worker != Some(worker) {
                    return Err(Refusal::NoAssignment(id.to_string()).into());
                }
                free(change, &assignment)
            })
            .await
    }
}

/// Takes an assignment from the worker who holds it.
fn free(change: &mut Change<'_>, assignment: &AssignmentState) -> Result<(), ServiceError> {
    let now = change.now();
    pay(change, assignment, Happening::GivenBack, now)?;
    change.free_slot(assignment.key)?;
    after_closing(change, &assignment.hit, now)
}

/// Refuses an answer that is none: it is a QuestionFormAnswers document, or nothing at all.
pub(super) fn check_document(answer: &str) -> Result<(), ServiceError> {
    if answer.len() > MAX_ANSWER {
        return refuse(format!("The answer has {} bytes; at most {MAX_ANSWER} are allowed.", answer.len()));
    }
    if !answer.is_empty() {
        check_answer(answer).map_err(|wrong| Refusal::Document(wrong.0))?;
    }
    Ok(())
}

/// Hands in an assignment that somebody holds; when.
pub(super) fn hand_in(
    change: &mut Change<'_>,
    assignment: &AssignmentState,
    id: &str,
    answer: &str,
) -> Result<Time, ServiceError> {
    let (delay, _) = change.delays(assignment.hit.type_key)?;
    let now = change.now();
    pay(change, assignment, Happening::Submitted, now)?;
    change.save_answer(assignment.key, answer, now + delay)?;
    if assignment.hit.has_assignment_policy {
        review_assignment(change, &assignment.hit, assignment.key, id, answer)?;
    }
    if delay == Seconds(0) {
        let submitted = change.assignment_at(assignment.key)?;
        if submitted.phase == Phase::Submitted {
            approve_now(change, &submitted, now, None)?;
        }
    }
    after_closing(change, &assignment.hit, now)?;
    Ok(now)
}

/// An assignment that a worker holds.
pub(super) fn held(change: &View<'_>, id: &AssignmentId) -> Result<AssignmentState, ServiceError> {
    let Some(assignment) = change.assignment(id.as_str())? else {
        return Err(Refusal::NoAssignment(id.to_string()).into());
    };
    match assignment.phase {
        Phase::Accepted => Ok(assignment),
        Phase::Free => refuse(format!("Assignment {id} is held by nobody: it was returned, or its time was over.")),
        Phase::Submitted | Phase::Approved | Phase::Rejected => {
            refuse(format!("Assignment {id} was submitted already."))
        }
    }
}

fn refuse<T>(why: String) -> Result<T, ServiceError> {
    Err(Refusal::Worker(why).into())
}
