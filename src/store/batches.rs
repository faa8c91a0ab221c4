//! Batches in the journal: what was asked for, the rows, and how far the HIT of each row is.

use super::row::id;
use super::{Reader, Store, StoreError};
use crate::domain::batch::{
    BatchName, BatchRow, NewBatch, NewRow, Post, PostCounts, PostId, PostState, RowContent, RowKey, StoredBatch, parts,
};
use crate::domain::id::{HitGroupId, HitId, HitTypeId};
use crate::domain::money::Usd;
use crate::domain::time::{Millis, Seconds};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;

const PLANNED: i64 = 0;
const SENT: i64 = 1;
const PUBLISHED: i64 = 2;
const REFUSED: i64 = 3;

/// What became of a request that was to make a HIT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostOutcome {
    /// The HIT is there.
    Published(HitId),
    /// The endpoint refused it.
    Refused {
        /// Its words.
        reason: String,
    },
    /// It was certainly not made, and may be made later.
    Later {
        /// Why not now; none if nothing was in the way.
        note: Option<String>,
    },
    /// It may have been made.
    Unsure {
        /// What came instead of an answer.
        note: String,
    },
}

impl Store {
    /// Writes a batch and its rows down, before anything of it is published. Of a batch that is known, the rows that are
    /// new are added, and what may change is changed. Answers how many rows are new.
    pub async fn plan_batch(&self, batch: NewBatch, rows: Vec<NewRow>, at: Millis) -> Result<u32, StoreError> {
        let who = self.shared.who;
        self.shared.journal.write(move |transaction| plan(transaction, &batch, &rows, who, at)).await
    }

    /// Writes down how requests went, and that others leave now, in one transaction. Only who holds
    /// [`Store::try_publish_lock`] may call this.
    pub async fn post_step(
        &self,
        outcomes: Vec<(PostId, PostOutcome)>,
        leaving: Vec<PostId>,
        at: Millis,
    ) -> Result<(), StoreError> {
        let step = move |transaction: &Transaction<'_>| {
            for (post, outcome) in &outcomes {
                settle(transaction, *post, outcome, at)?;
            }
            let mut leave = transaction.prepare_cached(
                "UPDATE batch_hit SET state = ?3, attempts = attempts + 1, first_sent = coalesce(first_sent, ?4),
                   changed = ?4 WHERE row = ?1 AND part = ?2",
            )?;
            for post in &leaving {
                leave.execute((post.row, post.part, SENT, at.0))?;
            }
            Ok(())
        };
        self.shared.journal.write(step).await
    }

    /// Keeps under which type and group the HITs of a batch are.
    pub async fn put_batch_group(
        &self,
        name: BatchName,
        hit_type: HitTypeId,
        group: Option<HitGroupId>,
    ) -> Result<(), StoreError> {
        let put = move |transaction: &Transaction<'_>| {
            transaction.execute(
                "UPDATE batch SET hit_type = ?2, hit_group = coalesce(?3, hit_group) WHERE name = ?1",
                (name.as_str(), hit_type.as_str(), group.as_ref().map(HitGroupId::as_str)),
            )?;
            Ok(())
        };
        self.shared.journal.write(put).await
    }

    /// Forgets a batch of which nothing was ever published, so that it can be planned anew. Answers whether it did.
    pub async fn forget_batch(&self, name: BatchName) -> Result<bool, StoreError> {
        let forget = move |transaction: &Transaction<'_>| {
            let of = transaction.query_row("SELECT id FROM batch WHERE name = ?1", [name.as_str()], |row| row.get(0));
            let Some(of) = of.optional()? else { return Ok(true) };
            let counts = counts(transaction, of)?;
            if counts.published + counts.unsure > 0 {
                return Ok(false);
            }
            transaction
                .execute("DELETE FROM batch_hit WHERE row IN (SELECT id FROM batch_row WHERE batch = ?1)", [of])?;
            transaction.execute("DELETE FROM batch_row WHERE batch = ?1", [of])?;
            transaction.execute("DELETE FROM batch WHERE id = ?1", [of])?;
            Ok(true)
        };
        self.shared.journal.write(forget).await
    }

    /// A line of the audit trail about a batch.
    pub async fn note_batch(&self, name: &BatchName, event: &str, text: String, at: Millis) -> Result<(), StoreError> {
        let (who, subject, event) = (self.shared.who, format!("batch {name}"), event.to_owned());
        let put = move |transaction: &Transaction<'_>| {
            let sql = "INSERT INTO audit (at, who, decision, subject, event, text) VALUES (?1, ?2, 0, ?3, ?4, ?5)";
            transaction.execute(sql, (at.0, who, subject, event, text))?;
            Ok(())
        };
        self.shared.journal.write(put).await
    }
}

fn plan(
    transaction: &Transaction<'_>,
    batch: &NewBatch,
    rows: &[NewRow],
    who: i64,
    at: Millis,
) -> Result<u32, StoreError> {
    let known = transaction
        .query_row("SELECT columns FROM batch WHERE name = ?1", [batch.name.as_str()], |row| row.get::<_, String>(0));
    let mut columns = batch.columns.clone();
    if let Some(known) = known.optional()? {
        columns.extend(read::<Vec<String>>(&known)?.into_iter().filter(|name| !batch.columns.contains(name)));
    }
    transaction.execute(
        "INSERT INTO batch (name, spec, source, digest, terms, columns, gold, title, reward, assignments, expected,
           target_wage, who, created)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT (name) DO UPDATE SET spec = ?2, columns = ?6, gold = ?7, expected = ?11, target_wage = ?12",
        params![
            batch.name.as_str(),
            batch.spec,
            batch.source,
            batch.digest,
            written(&batch.terms)?,
            written(&columns)?,
            batch.gold,
            batch.title,
            batch.reward.as_cents(),
            batch.assignments,
            batch.expected.map(|time| time.0),
            batch.target_wage.map(Usd::as_cents),
            who,
            at.0,
        ],
    )?;
    let of: i64 =
        transaction.query_row("SELECT id FROM batch WHERE name = ?1", [batch.name.as_str()], |row| row.get(0))?;
    let mut find = transaction.prepare_cached("SELECT id, cells FROM batch_row WHERE batch = ?1 AND key = ?2")?;
    let mut add = transaction
        .prepare_cached("INSERT INTO batch_row (batch, key, content, number, cells) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    let mut change = transaction.prepare_cached("UPDATE batch_row SET cells = ?2 WHERE id = ?1")?;
    let mut add_hit = transaction
        .prepare_cached("INSERT INTO batch_hit (row, part, assignments, token, changed) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    let sizes = parts(batch.assignments, batch.split);
    let mut added = 0;
    for row in rows {
        let cells: serde_json::Map<String, serde_json::Value> =
            batch.columns.iter().cloned().zip(row.cells.iter().cloned().map(Into::into)).collect();
        let cells = written(&cells)?;
        let key = row.key.to_string();
        let known = find.query_row((of, &key), |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)));
        match known.optional()? {
            Some((known, before)) if before != cells => drop(change.execute((known, cells))?),
            Some(_) => {}
            None => {
                add.execute((of, &key, row.content.to_string(), row.number, cells))?;
                let id = transaction.last_insert_rowid();
                for (part, assignments) in (0u32..).zip(&sizes) {
                    add_hit.execute((id, part, assignments, row.key.token(part), at.0))?;
                }
                added += 1;
            }
        }
    }
    Ok(added)
}

fn settle(transaction: &Transaction<'_>, post: PostId, outcome: &PostOutcome, at: Millis) -> Result<(), StoreError> {
    let (state, hit, note) = match outcome {
        PostOutcome::Published(hit) => (PUBLISHED, Some(hit.as_str()), None),
        PostOutcome::Refused { reason } => (REFUSED, None, Some(reason)),
        PostOutcome::Later { note } => (PLANNED, None, note.as_ref()),
        PostOutcome::Unsure { note } => (SENT, None, Some(note)),
    };
    let mut settle = transaction.prepare_cached(
        "UPDATE batch_hit SET state = ?3, hit = ?4, note = ?5, changed = ?6 WHERE row = ?1 AND part = ?2",
    )?;
    settle.execute((post.row, post.part, state, hit, note, at.0))?;
    // What was certainly not made begins anew: the token's day counts from the next request.
    if state == PLANNED {
        let mut forget =
            transaction.prepare_cached("UPDATE batch_hit SET first_sent = NULL WHERE row = ?1 AND part = ?2")?;
        forget.execute((post.row, post.part))?;
    }
    Ok(())
}

fn written(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Damaged(error.to_string()))
}

pub(super) fn read<T: DeserializeOwned>(json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|error| StoreError::Damaged(error.to_string()))
}

const BATCHES: &str = "SELECT b.name, b.spec, b.source, b.digest, b.terms, b.columns, b.gold, b.title, b.reward,
    b.assignments, b.expected, b.target_wage, b.hit_type, b.hit_group, b.created, p.name, b.id
    FROM batch b JOIN people p ON p.id = b.who";

fn stored(connection: &Connection, row: &Row<'_>) -> Result<StoredBatch, StoreError> {
    let has = |column| row.get_ref(column).map(|value| value != ValueRef::Null);
    let text = |column| row.get::<_, String>(column);
    Ok(StoredBatch {
        name: BatchName::parse(&text(0)?).map_err(|error| StoreError::Damaged(error.to_string()))?,
        spec: text(1)?,
        source: text(2)?,
        digest: text(3)?,
        terms: read(&text(4)?)?,
        columns: read(&text(5)?)?,
        gold: row.get(6)?,
        title: text(7)?,
        reward: Usd::cents(row.get(8)?),
        assignments: row.get(9)?,
        expected: row.get::<_, Option<i64>>(10)?.map(Seconds),
        target_wage: row.get::<_, Option<i64>>(11)?.map(Usd::cents),
        hit_type: if has(12)? { Some(id(row, 12, HitTypeId::parse)?) } else { None },
        group: if has(13)? { Some(id(row, 13, HitGroupId::parse)?) } else { None },
        created: Millis(row.get(14)?),
        who: text(15)?,
        counts: counts(connection, row.get(16)?)?,
    })
}

fn counts(connection: &Connection, batch: i64) -> Result<PostCounts, StoreError> {
    let mut count = connection.prepare_cached(
        "SELECT count(DISTINCT r.id), count(*) FILTER (WHERE h.state = 0), count(*) FILTER (WHERE h.state = 1),
           count(*) FILTER (WHERE h.state = 2), count(*) FILTER (WHERE h.state = 3)
         FROM batch_row r JOIN batch_hit h ON h.row = r.id WHERE r.batch = ?1",
    )?;
    Ok(count.query_row([batch], |row| {
        Ok(PostCounts {
            rows: row.get(0)?,
            planned: row.get(1)?,
            unsure: row.get(2)?,
            published: row.get(3)?,
            failed: row.get(4)?,
        })
    })?)
}

pub(super) fn post(row: &Row<'_>) -> rusqlite::Result<Post> {
    let state = match row.get(5)? {
        PUBLISHED => PostState::Published(id(row, 6, HitId::parse)?),
        REFUSED => PostState::Failed { reason: row.get::<_, Option<String>>(8)?.unwrap_or_default() },
        SENT => PostState::Unsure,
        _ => PostState::Planned { note: row.get(8)? },
    };
    Ok(Post {
        id: PostId { row: row.get(0)?, part: row.get(3)? },
        assignments: row.get(4)?,
        state,
        first_sent: row.get::<_, Option<i64>>(7)?.map(Millis),
    })
}

impl Reader {
    /// All batches, the newest first.
    pub fn batches(&self) -> Result<Vec<StoredBatch>, StoreError> {
        let mut find = self.connection.prepare_cached(&format!("{BATCHES} ORDER BY b.id DESC"))?;
        let mut rows = find.query([])?;
        let mut batches = Vec::new();
        while let Some(row) = rows.next()? {
            batches.push(stored(&self.connection, row)?);
        }
        Ok(batches)
    }

    /// One batch.
    pub fn batch(&self, name: &BatchName) -> Result<Option<StoredBatch>, StoreError> {
        let mut find = self.connection.prepare_cached(&format!("{BATCHES} WHERE b.name = ?1"))?;
        let mut rows = find.query([name.as_str()])?;
        rows.next()?.map(|row| stored(&self.connection, row)).transpose()
    }

    /// The rows of a batch, in the order of the data, each with its HITs.
    pub fn batch_rows(&self, batch: &StoredBatch) -> Result<Vec<BatchRow>, StoreError> {
        self.rows_where("r.batch = (SELECT id FROM batch WHERE name = ?1)", batch.name.as_str(), |_| {
            Ok(batch.columns.clone())
        })
    }

    /// The row that a HIT was made from, with the names of its columns. None for a HIT that no batch of this store made.
    pub fn batch_row_of(&self, hit: &HitId) -> Result<Option<(Vec<String>, BatchRow)>, StoreError> {
        let mut columns = Vec::new();
        let by_hit = "r.id = (SELECT row FROM batch_hit WHERE hit = ?1)";
        let rows = self.rows_where(by_hit, hit.as_str(), |batch| {
            let json: String =
                self.connection.query_row("SELECT columns FROM batch WHERE id = ?1", [batch], |row| row.get(0))?;
            columns = read(&json)?;
            Ok(columns.clone())
        })?;
        Ok(rows.into_iter().next().map(|row| (columns, row)))
    }

    /// The input of a HIT, as exports carry it (`Input.*`): columns and values, the gold column among them.
    pub fn batch_input(&self, hit: &HitId) -> Result<Option<Vec<(String, String)>>, StoreError> {
        let found = self.batch_row_of(hit)?;
        Ok(found.map(|(columns, row)| columns.into_iter().zip(row.cells).collect()))
    }

    /// How many of these rows stand in other batches, by their names, the newest batch first.
    pub fn rows_elsewhere(&self, but: &BatchName, rows: &[RowContent]) -> Result<Vec<(BatchName, u32)>, StoreError> {
        let mut find = self.connection.prepare_cached(
            "SELECT DISTINCT b.id, b.name FROM batch_row r JOIN batch b ON b.id = r.batch
             WHERE r.content = ?1 AND b.name <> ?2",
        )?;
        let mut counts: HashMap<(i64, String), u32> = HashMap::new();
        for content in rows {
            let found = find.query_map((content.to_string(), but.as_str()), |row| Ok((row.get(0)?, row.get(1)?)))?;
            for batch in found {
                *counts.entry(batch?).or_insert(0) += 1;
            }
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|((batch, _), _)| std::cmp::Reverse(*batch));
        let named = |((_, name), count): ((i64, String), u32)| Some((BatchName::parse(&name).ok()?, count));
        Ok(counts.into_iter().filter_map(named).collect())
    }

    fn rows_where(
        &self,
        which: &str,
        parameter: &str,
        mut columns: impl FnMut(i64) -> Result<Vec<String>, StoreError>,
    ) -> Result<Vec<BatchRow>, StoreError> {
        let sql = format!(
            "SELECT r.id, r.number, r.key, h.part, h.assignments, h.state, h.hit, h.first_sent, h.note, r.cells, r.batch
             FROM batch_row r JOIN batch_hit h ON h.row = r.id WHERE {which} ORDER BY r.number, r.id, h.part"
        );
        let mut find = self.connection.prepare_cached(&sql)?;
        let mut rows = find.query([parameter])?;
        let mut found: Vec<BatchRow> = Vec::new();
        let (mut names, mut last) = (None, None);
        while let Some(row) = rows.next()? {
            let of: i64 = row.get(0)?;
            if last == Some(of) {
                if let Some(row_of) = found.last_mut() {
                    row_of.posts.push(post(row)?);
                }
                continue;
            }
            last = Some(of);
            let names = match &mut names {
                Some(names) => names,
                none => none.insert(columns(row.get(10)?)?),
            };
            let key = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
            let key = RowKey::parse(key).ok_or_else(|| StoreError::Damaged(format!("no key of a row: {key}")))?;
            let mut cells: HashMap<String, String> = read(row.get_ref(9)?.as_str().map_err(rusqlite::Error::from)?)?;
            let cells = names.iter().map(|name| cells.remove(name).unwrap_or_default()).collect();
            found.push(BatchRow { number: row.get(1)?, key, cells, posts: vec![post(row)?] });
        }
        Ok(found)
    }
}
