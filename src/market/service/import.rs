//! Imports: work that was done elsewhere becomes work of this market.

use super::{Service, move_money};
use crate::domain::assignment::AssignmentStatus;
use crate::domain::fees::FeeSchedule;
use crate::domain::hit::HitStatus;
use crate::domain::money::Usd;
use crate::market::error::{Refusal, ServiceError};
use crate::market::rules::account::{Kind, Movement};
use crate::market::rules::hit::HitState;
use crate::market::storage::{
    Change, HitKey, ImportedAssignment, ImportedHit, NewHit, Policies, Posting, RequesterKey, StorageError,
};

/// What an import brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// HITs that are new here.
    pub hits: u64,
    /// Their assignments.
    pub assignments: u64,
    /// HITs that were here before and were left alone.
    pub known: u64,
    /// What was credited to the account, and is held for the undecided work.
    pub credited: Usd,
}

impl Service {
    /// Takes over HITs and the work done on them, all or nothing, with the times and IDs they come with. The account is
    /// credited with exactly what the open part of it holds; decided work moves no money.
    pub async fn import(&self, who: RequesterKey, hits: Vec<ImportedHit>) -> Result<ImportReport, ServiceError> {
        self.import_each(who, hits.into_iter().map(Ok)).await
    }

    /// The same for HITs that need not be in memory together, and can turn out to be wrong on the way. All of them are one
    /// change, so that not even the end of the process leaves a part of them.
    pub async fn import_each<I>(&self, who: RequesterKey, hits: I) -> Result<ImportReport, ServiceError>
    where
        I: Iterator<Item = Result<ImportedHit, Refusal>> + Send + 'static,
    {
        let fees = std::sync::Arc::clone(&self.fees);
        let imported = self.storage.change(move |change| {
            let mut report = ImportReport::default();
            for hit in hits {
                one(change, who, hit?, &fees, &mut report)?;
            }
            Ok(report)
        });
        let report = imported.await?;
        // The log that a large import leaves starts anew with the next change; else the next start reads all of it again.
        // The import stands, whatever becomes of this.
        let _ = self.storage.change(|_| Ok(())).await;
        Ok(report)
    }
}

/// Takes a HIT over; where it stands then, unless it was here before.
pub(super) fn one(
    change: &mut Change<'_>,
    who: RequesterKey,
    mut hit: ImportedHit,
    fees: &FeeSchedule,
    report: &mut ImportReport,
) -> Result<Option<(HitKey, HitState)>, ServiceError> {
    let named = hit.id.as_ref().map_or_else(|| "without an ID".to_owned(), |id| id.to_string());
    if let Some(id) = &hit.id
        && let Some(known) = change.hit(id.as_str())?
    {
        if known.requester != who {
            return Err(Refusal::Import(format!("HIT {named} belongs to another requester of this market.")).into());
        }
        report.known += 1;
        return Ok(None);
    }
    let count = u32::try_from(hit.assignments.len())
        .map_err(|_| Refusal::Import(format!("HIT {named} has more assignments than a HIT can have.")))?;
    let of = change.find_or_add_type(who, &hit.hit_type)?;
    let undecided = hit.assignments.iter().filter(|a| a.status == AssignmentStatus::Submitted).count() as u32;
    let max = hit.max.max(count).max(1);
    let lapsed = hit.expires <= change.now();
    let open = !lapsed && max > count;
    let state = HitState {
        status: if open { HitStatus::Assignable } else { HitStatus::Reviewable },
        expires: hit.expires,
        lapsed,
        max,
        available: max - count,
        pending: 0,
        undecided,
        completed: count - undecided,
        reward: of.reward,
        fee: fees.of_assignment(of.reward, max, of.masters),
        funded: open || max == count,
    };
    hit.assignments.sort_by_key(|assignment| assignment.submitted);
    let ImportedHit { id, question, annotation, created, assignments, .. } = hit;
    let new = NewHit {
        id: id.map(|id| id.to_string()),
        question,
        annotation,
        layout: None,
        policies: Policies::default(),
        created,
        state,
    };
    let record = change.add_hit(who, of.key, &new)?;
    for assignment in &assignments {
        change.add_imported(&record, assignment).map_err(|error| describe(error, assignment, &record.id))?;
    }
    let held = state.held();
    if held > Usd::ZERO {
        let moved = [Movement::new(Kind::Deposit, held), Movement::new(Kind::Hold, held)];
        let about = Posting { hit: Some(record.key), ..Posting::default() };
        move_money(change, who, &moved, change.now(), &about)?;
    }
    report.hits += 1;
    report.assignments += u64::from(count);
    report.credited += held;
    Ok(Some((record.key, state)))
}

/// Says which assignment could not be taken over, where the reason is in the import and not in the storage.
fn describe(error: StorageError, assignment: &ImportedAssignment, hit: &str) -> ServiceError {
    match error {
        StorageError::Conflict => {
            let id = assignment.id.as_ref().map_or("without an ID".to_owned(), |id| id.to_string());
            Refusal::Import(format!(
                "assignment {id} of HIT {hit}: this assignment, or another one of worker {} on this HIT, is there already.",
                assignment.worker
            ))
            .into()
        }
        other => other.into(),
    }
}
