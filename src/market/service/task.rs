//! Requesters' pages: their paths, and what is handed in through them. An `AssignmentId` is no secret, and goes on to the next worker
//! after a return: what counts is who holds it.

use super::Service;
use super::work::{check_document, hand_in, held};
use crate::domain::id::{AssignmentId, HitId};
use crate::domain::time::Time;
use crate::market::error::{Refusal, ServiceError};
use crate::market::rules::eligibility::Action;
use crate::market::secret::Secret;
use crate::market::service::qualify_access::judge;
use crate::market::storage::{AssignmentState, Change, Task, View, WorkerKey};

impl Service {
    /// The secret part of the path to the task of an assignment that this worker holds; made when it is first asked for.
    pub async fn task_path(&self, worker: WorkerKey, assignment: &AssignmentId) -> Result<String, ServiceError> {
        let id = assignment.clone();
        let known = self.read(move |view| Ok(view.task_path(held_by(view, &id, worker)?.key)?)).await?;
        if let Some(path) = known {
            return Ok(path);
        }
        let id = assignment.clone();
        self.storage
            .change(move |change| {
                let key = held_by(change, &id, worker)?.key;
                change.make_task_path(key, Secret::random().reveal())?;
                // Of two that ask at one time both get the first one.
                change.task_path(key)?.ok_or_else(|| Refusal::NoAssignment(id.to_string()).into())
            })
            .await
    }

    /// The assignment that a path leads to, as long as its worker holds it, and what it asks.
    pub async fn task_at(&self, path: &str) -> Result<Option<(Task, String)>, ServiceError> {
        let path = path.to_owned();
        self.read(move |view| match view.task_at(&path)? {
            Some(task) => {
                let question = view.question(task.hit_key)?;
                Ok(Some((task, question)))
            }
            None => Ok(None),
        })
        .await
    }

    /// What a HIT asks, for a worker who may look at it.
    pub async fn previewed(&self, hit: &HitId, worker: WorkerKey) -> Result<String, ServiceError> {
        let hit = hit.clone();
        self.read(move |view| {
            let record = view.hit(hit.as_str())?.ok_or_else(|| Refusal::NoHit(hit.to_string()))?;
            let verdict = judge(view, record.type_key, Some(worker))?;
            if !verdict.allows(Action::Preview) {
                return Err(Refusal::Worker(format!("You may not look at this HIT: {}.", verdict.reasons())).into());
            }
            Ok(view.question(record.key)?)
        })
        .await
    }

    /// What an assignment asks that this worker holds.
    pub async fn asked_of(&self, worker: WorkerKey, assignment: &AssignmentId) -> Result<String, ServiceError> {
        let id = assignment.clone();
        self.read(move |view| Ok(view.question(held_by(view, &id, worker)?.hit.key)?)).await
    }

    /// Hands in through a path; none when it leads nowhere any more.
    pub async fn submit_at(&self, path: &str, answer: String) -> Result<Option<Time>, ServiceError> {
        check_document(&answer)?;
        let path = path.to_owned();
        self.storage
            .change(move |change| {
                let Some(task) = change.task_at(&path)? else { return Ok(None) };
                let assignment = change.assignment_at(task.key)?;
                hand_in(change, &assignment, &task.assignment, &answer).map(Some)
            })
            .await
    }

    /// Hands in an assignment that this worker holds.
    pub async fn submit_of(
        &self,
        worker: WorkerKey,
        assignment: &AssignmentId,
        answer: String,
    ) -> Result<Time, ServiceError> {
        check_document(&answer)?;
        let id = assignment.clone();
        self.storage
            .change(move |change: &mut Change<'_>| {
                let assignment = held_by(change, &id, worker)?;
                hand_in(change, &assignment, id.as_str(), &answer)
            })
            .await
    }
}

/// An assignment that a worker holds. Of others this worker learns nothing.
fn held_by(view: &View<'_>, id: &AssignmentId, worker: WorkerKey) -> Result<AssignmentState, ServiceError> {
    let assignment = held(view, id)?;
    if assignment.worker == Some(worker) { Ok(assignment) } else { Err(Refusal::NoAssignment(id.to_string()).into()) }
}
