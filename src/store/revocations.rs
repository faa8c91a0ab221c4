//! Qualifications that were taken away through this store: not every endpoint lists those.

use super::row::{DONE, ENTRY_COLUMNS, entry};
use super::{Reader, StoreError};
use crate::domain::decision::{Decision, OutboxEntry, Target};
use crate::domain::id::{QualificationTypeId, WorkerId};
use crate::domain::qualification::Qualification;
use std::collections::{BTreeMap, HashMap};

impl Reader {
    /// From whom a type was taken last through this store, with the score that they had, as far as it is known.
    pub fn revocations(&self, of: &QualificationTypeId) -> Result<Vec<Qualification>, StoreError> {
        // Targets are identifiers with a blank between them; `!` is the character behind the blank.
        let sql = format!(
            "SELECT {ENTRY_COLUMNS} FROM outbox o
             WHERE o.target > ?1 || ' ' AND o.target < ?1 || '!' AND o.verb IN ('grant', 'revoke') AND o.state = ?2
             ORDER BY o.id"
        );
        let mut find = self.connection.prepare_cached(&sql)?;
        let mut scores: HashMap<WorkerId, Option<i32>> =
            self.holders(of)?.into_iter().map(|it| (it.worker, it.score)).collect();
        let mut revoked: BTreeMap<WorkerId, Qualification> = BTreeMap::new();
        for done in find.query_map((of.as_str(), DONE), entry)? {
            let OutboxEntry { target, decision, .. } = done?;
            let Target::Qualification(type_id, worker) = target else { continue };
            match decision {
                Decision::Grant { score, .. } => {
                    revoked.remove(&worker);
                    scores.insert(worker, Some(score));
                }
                _ => {
                    let score = scores.get(&worker).copied().flatten();
                    let it = Qualification { type_id, worker: worker.clone(), granted: None, score, revoked: true };
                    revoked.insert(worker, it);
                }
            }
        }
        Ok(revoked.into_values().collect())
    }
}
