//! Work out of files: written like what an endpoint says, with what else the files know.

use super::additions::Additions;
use super::mirror::{Changes, Fetched, put_assignment, put_hit};
use super::{Store, StoreError};
use rusqlite::Transaction;

/// A HIT and some of its work, out of a file.
#[derive(Debug, Clone)]
pub struct Imported {
    /// In the terms of the API.
    pub fetched: Fetched,
    /// The input row: JSON, an object of names and values in their order.
    pub inputs: Option<String>,
    /// Cells of the HIT that an export would write otherwise: JSON.
    pub given: Option<String>,
    /// The same of the assignments, in their order.
    pub work_given: Vec<Option<String>>,
}

impl Store {
    /// Writes work out of files, in one transaction. Answers how many assignments were new or had changed.
    pub async fn put_imported(&self, groups: Vec<Imported>) -> Result<u32, StoreError> {
        let put = move |transaction: &Transaction<'_>| {
            let (mut additions, mut changed) = (Additions::default(), 0);
            for group in &groups {
                changed += put_group(transaction, group, &mut additions)?;
            }
            additions.write(transaction)?;
            Ok(changed)
        };
        self.shared.mirror.write(put).await
    }

    /// Counts the work of every HIT anew: a file has no counters, and several files may have one HIT.
    pub async fn count_imported(&self) -> Result<(), StoreError> {
        let count = |transaction: &Transaction<'_>| {
            transaction.execute(
                "UPDATE hit SET (completed, maximum, available) = (SELECT sum(status > 0), max(hit.maximum, count(*)),
                   max(0, hit.maximum - count(*)) FROM assignment WHERE assignment.hit = hit.key)
                 WHERE EXISTS (SELECT 1 FROM assignment WHERE assignment.hit = hit.key)",
                [],
            )?;
            Ok(())
        };
        self.shared.mirror.write(count).await
    }
}

fn put_group(transaction: &Transaction<'_>, group: &Imported, additions: &mut Additions) -> Result<u32, StoreError> {
    let mut changes = Changes::default();
    let hit = put_hit(transaction, &group.fetched.hit, &mut changes)?;
    if group.inputs.is_some() || group.given.is_some() {
        let mut keep = transaction.prepare_cached(
            "UPDATE hit SET inputs = coalesce(?2, inputs), given = coalesce(?3, given) WHERE key = ?1",
        )?;
        keep.execute((hit, &group.inputs, &group.given))?;
    }
    let mut keep = transaction.prepare_cached("UPDATE assignment SET given = ?2 WHERE key = ?1")?;
    let mut given = group.work_given.iter();
    for (assignment, index) in &group.fetched.assignments {
        let before = changes.assignments.len();
        put_assignment(transaction, hit, assignment, index, (&mut changes, additions))?;
        let given = given.next().and_then(Option::as_ref);
        // An older file does not take back what a newer one has said.
        if let (Some(row), Some(given)) = (changes.assignments.get(before), given) {
            keep.execute((row.key.0, given))?;
        }
    }
    Ok(u32::try_from(changes.assignments.len()).unwrap_or(u32::MAX))
}
