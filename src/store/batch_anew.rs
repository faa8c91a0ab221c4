//! HITs of a batch that ask anew for what other HITs of the same rows did not get.

use super::batches::{post, read};
use super::{Reader, Store, StoreError};
use crate::domain::batch::{BatchName, Post, RowKey};
use crate::domain::id::HitId;
use crate::domain::key::HitKey;
use crate::domain::time::Millis;
use crate::domain::top_up::{Anew, AnewWanted, Asked};
use rusqlite::{OptionalExtension, Transaction};
use std::collections::HashMap;

/// A HIT that is to be made in place of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnewPost {
    /// The batch.
    pub batch: BatchName,
    /// The row's number in the data, from 1.
    pub number: u32,
    /// The row's key.
    pub key: RowKey,
    /// What stands in the row, by column.
    pub cells: HashMap<String, String>,
    /// The HIT that is to be made.
    pub post: Post,
    /// The one that it makes up for.
    pub of: HitId,
}

impl Store {
    /// Writes down which HITs are to be made in place of others, before anything of it is published, and answers all of them
    /// that are not there yet. What has been asked for since it was worked out is not asked for twice; HITs that no batch of
    /// this store made are left out. Only who holds [`Store::try_publish_lock`] may call this.
    pub async fn plan_anew(&self, wanted: Vec<AnewWanted>, at: Millis) -> Result<Vec<AnewPost>, StoreError> {
        self.shared.journal.write(move |transaction| plan(transaction, &wanted, at)).await
    }
}

fn plan(transaction: &Transaction<'_>, wanted: &[AnewWanted], at: Millis) -> Result<Vec<AnewPost>, StoreError> {
    let mut find = transaction.prepare_cached(
        "SELECT h.row, h.part, r.key, r.number, r.cells, b.name,
           (SELECT coalesce(sum(n.assignments), 0) FROM batch_hit n WHERE n.row = h.row AND n.instead = h.part),
           (SELECT max(n.part) + 1 FROM batch_hit n WHERE n.row = h.row)
         FROM batch_hit h JOIN batch_row r ON r.id = h.row JOIN batch b ON b.id = r.batch WHERE h.hit = ?1",
    )?;
    let mut add = transaction.prepare_cached(
        "INSERT INTO batch_hit (row, part, assignments, token, changed, instead) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let mut unmade = transaction.prepare_cached(
        "SELECT h.row, 0, 0, h.part, h.assignments, h.state, h.hit, h.first_sent, h.note FROM batch_hit h
         WHERE h.row = ?1 AND h.instead = ?2 AND h.hit IS NULL ORDER BY h.part",
    )?;
    let mut posts = Vec::new();
    for one in wanted {
        let found = find.query_row([one.hit.as_str()], |row| {
            let place: (i64, u32) = (row.get(0)?, row.get(1)?);
            let texts: [String; 3] = [row.get(2)?, row.get(4)?, row.get(5)?];
            let number: u32 = row.get(3)?;
            Ok((place, texts, number, row.get::<_, u32>(6)?, row.get::<_, u32>(7)?))
        });
        let Some((place, [key, cells, name], number, asked, next)) = found.optional()? else { continue };
        let key = RowKey::parse(&key).ok_or_else(|| StoreError::Damaged(format!("no key of a row: {key}")))?;
        if one.add > 0 && asked == one.before {
            add.execute((place.0, next, one.add, key.token(next), at.0, place.1))?;
        }
        let batch = BatchName::parse(&name).map_err(|error| StoreError::Damaged(error.to_string()))?;
        let cells: HashMap<String, String> = read(&cells)?;
        for post in unmade.query_map(place, post)? {
            let (batch, cells, of) = (batch.clone(), cells.clone(), one.hit.clone());
            posts.push(AnewPost { batch, number, key, cells, post: post?, of });
        }
    }
    Ok(posts)
}

impl Reader {
    /// What HITs were to bring, as far as this store knows more of it than they say.
    pub fn asked_of_hits(&self) -> Result<Asked, StoreError> {
        let mut at_first = self.assignments_at_first()?;
        at_first.extend(
            self.by_hit("SELECT h.key, b.assignments FROM batch_hit b JOIN hit h ON h.id = b.hit WHERE b.state = 2")?,
        );
        let mut find = self.connection.prepare_cached(
            "SELECT h.key, sum(n.assignments), sum(n.assignments) FILTER (WHERE n.hit IS NULL)
             FROM batch_hit n JOIN batch_hit b ON b.row = n.row AND b.part = n.instead JOIN hit h ON h.id = b.hit
             GROUP BY h.key",
        )?;
        let found = find.query_map([], |row| {
            let unmade = row.get::<_, Option<u32>>(2)?.unwrap_or(0);
            Ok((HitKey(row.get(0)?), Anew { assignments: row.get(1)?, unmade }))
        })?;
        Ok(Asked { at_first, anew: found.collect::<Result<_, _>>()? })
    }
}
