//! What the store knows of batches, for the desk.

use crate::app::batches::{Bonuses, KnownBatches, Published};
use crate::exchange::batch::read_spec;
use crate::store::{Reader, StoreError};

/// Everything that the store knows of batches beside the rows.
pub fn known(reader: &Reader) -> Result<KnownBatches, StoreError> {
    let published = reader.batches()?.into_iter().map(|batch| {
        let counts = batch.counts;
        let file = Published {
            expected: batch.expected,
            target: batch.target_wage,
            lifetime: read_spec("its file", &batch.spec).ok().map(|spec| spec.lifetime),
            rows: counts.rows,
            made: counts.published,
            waiting: counts.planned + counts.unsure + counts.failed,
        };
        (batch.name.as_str().into(), file)
    });
    let bonuses = reader.bonuses_by_batch()?.into_iter();
    let bonuses = bonuses.map(|(batch, (count, sum, fees))| (batch.into(), Bonuses { count, sum, fees }));
    Ok(KnownBatches {
        published: published.collect(),
        bonuses: bonuses.collect(),
        asked: reader.asked_of_hits()?,
        exported: reader.exported_of_hits()?,
        groups: reader.groups_by_batch()?.into_iter().map(|(batch, group)| (batch.into(), group)).collect(),
        target: reader.target_wage()?,
        files: super::publish::files(reader)?,
    })
}
