//! The requests of a run: made of the batch's files row by row, or made before.

use super::drive::Due;
use crate::domain::batch::{PolicySpec, PostId, RowAnnotation};
use crate::domain::hit::PostDraft;
use crate::domain::id::HitTypeId;
use crate::exchange::batch::Draft;
use crate::exchange::batch::task::Filling;
use crate::question::template::Missing;
use crate::store::StoreError;
use std::collections::HashMap;
use std::sync::Arc;

/// What requests are made from.
#[derive(Debug)]
pub(super) enum Source {
    /// The files of the batch.
    Files(Arc<Draft>),
    /// They are made.
    Ready(HashMap<PostId, PostDraft>),
}

/// The same, with the template taken apart.
pub(super) enum Maker<'s> {
    Files(&'s Draft, Filling<'s>),
    Ready(&'s HashMap<PostId, PostDraft>),
}

impl Source {
    pub(super) fn maker(&self) -> Maker<'_> {
        match self {
            Source::Files(draft) => Maker::Files(draft, draft.task.filling(&draft.table.columns)),
            Source::Ready(made) => Maker::Ready(made),
        }
    }
}

impl Maker<'_> {
    /// The request for a HIT.
    pub(super) fn request(&self, due: &Due, of: &RowAnnotation, hit_type: &HitTypeId) -> Result<PostDraft, StoreError> {
        match self {
            Maker::Files(draft, filling) => {
                filled(draft, filling, due, of, hit_type).map_err(|missing| StoreError::Damaged(missing.to_string()))
            }
            Maker::Ready(made) => {
                made.get(&due.id).cloned().ok_or_else(|| StoreError::Damaged(format!("there is no request for {of}")))
            }
        }
    }
}

fn filled(
    draft: &Draft,
    filling: &Filling<'_>,
    due: &Due,
    of: &RowAnnotation,
    hit_type: &HitTypeId,
) -> Result<PostDraft, Missing> {
    let (spec, row) = (&draft.spec, &draft.table.rows[due.row]);
    let own = spec.annotation.as_ref().map(|own| filling.other(own, row)).transpose()?;
    let policy = |policy: &Option<PolicySpec>| policy.as_ref().map(|policy| filling.policy(policy, row)).transpose();
    Ok(PostDraft {
        hit_type: hit_type.clone(),
        max_assignments: due.assignments,
        lifetime: spec.lifetime,
        question: filling.question(row)?,
        annotation: of.with(own.as_deref()),
        assignment_policy: policy(&spec.assignment_policy)?,
        hit_policy: policy(&spec.hit_policy)?,
        token: due.key.token(due.id.part),
    })
}
