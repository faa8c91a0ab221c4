//! Assignments and HITs by their identifiers: out of the mirror, else from the endpoint.

use super::engine::{Engine, EngineError};
use super::index::index;
use crate::domain::id::{AssignmentId, HitId};
use crate::domain::key::{AssignmentKey, HitKey};
use crate::mturk::Error;
use crate::store::Fetched;

impl Engine {
    /// The row of an assignment. One that the mirror does not know is read from the endpoint first; None if that does not
    /// know it either.
    pub async fn find_assignment(&self, id: &AssignmentId) -> Result<Option<AssignmentKey>, EngineError> {
        let wanted = id.clone();
        let known = self.store().reading(move |reader| reader.assignment_key(&wanted)).await?;
        if known.is_some() || self.is_offline() {
            return Ok(known);
        }
        let client = self.client().await;
        let Some(assignment) = there(self.ask(|| client.get_assignment(id)).await)? else { return Ok(None) };
        let Some(hit) = there(self.ask(|| client.get_hit(&assignment.hit)).await)? else { return Ok(None) };
        let answer = index(&assignment.answer);
        let changes =
            self.store().put(vec![Fetched { hit, assignments: vec![(assignment, answer)], complete: None }]).await?;
        Ok(changes.assignments.first().map(|row| row.key))
    }

    /// The row of a HIT; as [`Engine::find_assignment`].
    pub async fn find_hit(&self, id: &HitId) -> Result<Option<HitKey>, EngineError> {
        let wanted = id.clone();
        let known = self.store().reading(move |reader| reader.hit_key(&wanted)).await?;
        if known.is_some() || self.is_offline() {
            return Ok(known);
        }
        let client = self.client().await;
        let Some(hit) = there(self.ask(|| client.get_hit(id)).await)? else { return Ok(None) };
        let changes = self.store().put(vec![Fetched { hit, assignments: Vec::new(), complete: None }]).await?;
        Ok(changes.hits.first().map(|row| row.key))
    }
}

fn there<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Err(error) if error.is_missing() => Ok(None),
        other => other.map(Some),
    }
}
