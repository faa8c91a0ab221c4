//! All light rows in one go: read as packs where they are there, row by row where they are not, and packed again.
//!
//! A pack lives and dies in the transactions that change its rows (see `mirror_packs.sql`), so that it is never older
//! than they are. Reading needs no pack, and what cannot be read as one is as good as not there.

use super::row::{ASSIGNMENT_COLUMNS, HIT_COLUMNS, assignment_row, hit_row};
use super::{Changes, Reader, Store, StoreError};
use crate::domain::codebook::Codebook;
use crate::domain::pack::{Packed, RowPack, Shared, pack_hits, unpack_hits};
use crate::domain::row::{AssignmentRow, HitRow};
use rusqlite::{Connection, OptionalExtension, Transaction};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;
use std::sync::Arc;

const ASSIGNMENTS: i64 = 1;
const HITS: i64 = 2;
/// Keys of one pack, as a power of two.
const ROW_BITS: u32 = 12;
const HIT_BITS: u32 = 10;
/// As many books as there may ever be.
const MOST_BOOKS: usize = 200;
/// Texts that books are tried on.
const TRIED: usize = 64;
/// A book that leaves less than one part in so many is good enough.
const ENOUGH: usize = 2;
/// A new book is made when it makes texts shorter by more than a fifth.
const WORTH: (usize, usize) = (5, 4);

type Books = HashMap<u8, Arc<Codebook>>;

impl Reader {
    /// All rows of the store: HITs and workers in the first chunks, then assignments by key, packed as far as they are.
    /// `take` answers whether it wants more. HITs that the endpoint has deleted, and their assignments, are left out.
    pub fn stream_packed(&self, mut take: impl FnMut(Changes) -> bool) -> Result<(), StoreError> {
        let workers = self.all_workers()?;
        if !take(Changes { hits: self.all_hits()?, workers, ..Changes::default() }) {
            return Ok(());
        }
        let mut known = Books::new();
        for bucket in buckets(&self.connection, ASSIGNMENTS)? {
            // Each is a query of its own: whoever takes it may take his time, and meanwhile the log of the database must
            // not be kept from starting over.
            let mut changes = Changes::default();
            match self.row_pack(bucket, &mut known, &mut changes.packed)? {
                Some(pack) => changes.packed.rows.push(pack),
                None => changes.assignments = assignments(&self.connection, bucket)?,
            }
            if !take(changes) {
                return Ok(());
            }
        }
        Ok(())
    }

    /// As [`Reader::stream_packed`], with every row as itself.
    pub fn stream(&self, mut take: impl FnMut(Changes) -> bool) -> Result<(), StoreError> {
        let mut books = Books::new();
        self.stream_packed(|mut changes| {
            let Packed { books: more, rows } = std::mem::take(&mut changes.packed);
            books.extend(more);
            for pack in rows {
                changes.assignments.extend(pack.whole(books.get(&pack.book()).map(AsRef::as_ref)));
            }
            take(changes)
        })
    }

    /// Every HIT that the endpoint has.
    pub fn all_hits(&self) -> Result<Vec<HitRow>, StoreError> {
        let mut shared = Shared::default();
        let mut all = Vec::new();
        for bucket in buckets(&self.connection, HITS)? {
            let packed = body(&self.connection, HITS, bucket, |body| unpack_hits(body, &mut shared))?;
            match packed {
                Some(rows) => all.extend(rows),
                None => all.extend(hits(&self.connection, bucket, &mut shared)?),
            }
        }
        Ok(all)
    }

    /// How many packs are missing.
    pub fn unpacked(&self) -> Result<usize, StoreError> {
        Ok(missing(&self.connection)?.len())
    }

    /// A pack, if it is there, and the book that it needs, if it is not known yet.
    fn row_pack(&self, bucket: i64, known: &mut Books, packed: &mut Packed) -> Result<Option<RowPack>, StoreError> {
        let Some(pack) = body(&self.connection, ASSIGNMENTS, bucket, RowPack::parse)? else { return Ok(None) };
        let number = pack.book();
        if let Entry::Vacant(vacant) = known.entry(number) {
            let Some(book) = book(&self.connection, number)? else { return Ok(None) };
            packed.books.push((number, vacant.insert(book).clone()));
        }
        Ok(Some(pack))
    }
}

impl Store {
    /// Makes the packs that are missing, one in a transaction, so that nobody waits for long.
    pub async fn pack(&self) -> Result<(), StoreError> {
        let missing = self.reading(|reader| missing(&reader.connection)).await?;
        for (kind, bucket) in missing {
            self.shared.mirror.write(move |transaction| make(transaction, kind, bucket)).await?;
        }
        Ok(())
    }
}

/// All buckets that may have rows.
fn buckets(connection: &Connection, kind: i64) -> Result<Range<i64>, StoreError> {
    let (table, bits) = if kind == HITS { ("hit", HIT_BITS) } else { ("assignment", ROW_BITS) };
    let mut find = connection.prepare_cached(&format!("SELECT coalesce(max(key), 0) FROM {table}"))?;
    let newest: i64 = find.query_row([], |row| row.get(0))?;
    Ok(if newest == 0 { 0..0 } else { 0..(newest >> bits) + 1 })
}

fn missing(connection: &Connection) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut missing = Vec::new();
    let mut find = connection.prepare_cached("SELECT 1 FROM pack WHERE kind = ?1 AND bucket = ?2")?;
    for kind in [HITS, ASSIGNMENTS] {
        for bucket in buckets(connection, kind)? {
            if !find.exists((kind, bucket))? {
                missing.push((kind, bucket));
            }
        }
    }
    Ok(missing)
}

fn body<T>(
    connection: &Connection,
    kind: i64,
    bucket: i64,
    read: impl FnOnce(&[u8]) -> Option<T>,
) -> Result<Option<T>, StoreError> {
    let mut find = connection.prepare_cached("SELECT body FROM pack WHERE kind = ?1 AND bucket = ?2")?;
    let found = find.query_row((kind, bucket), |row| Ok(read(row.get_ref(0)?.as_blob()?))).optional()?;
    Ok(found.flatten())
}

fn book(connection: &Connection, number: u8) -> Result<Option<Arc<Codebook>>, StoreError> {
    let mut find = connection.prepare_cached("SELECT pieces FROM codebook WHERE id = ?1")?;
    let found = find.query_row([number], |row| Ok(Codebook::from_bytes(row.get_ref(0)?.as_blob()?))).optional()?;
    Ok(found.flatten().map(Arc::new))
}

/// The assignments of a bucket, row by row.
fn assignments(connection: &Connection, bucket: i64) -> Result<Vec<AssignmentRow>, StoreError> {
    let query =
        format!("SELECT {ASSIGNMENT_COLUMNS} FROM assignment WHERE key >= ?1 AND key < ?2 AND gone = 0 ORDER BY key");
    let mut find = connection.prepare_cached(&query)?;
    let rows = find.query_map((bucket << ROW_BITS, (bucket + 1) << ROW_BITS), assignment_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The HITs of a bucket, row by row.
fn hits(connection: &Connection, bucket: i64, shared: &mut Shared) -> Result<Vec<HitRow>, StoreError> {
    let query = format!("SELECT {HIT_COLUMNS} FROM hit WHERE key >= ?1 AND key < ?2 AND gone = 0 ORDER BY key");
    let mut find = connection.prepare_cached(&query)?;
    let rows = find.query_map((bucket << HIT_BITS, (bucket + 1) << HIT_BITS), |row| {
        let hit = hit_row(row)?;
        let (title, batch) = (shared.text(&hit.title), shared.text(&hit.batch));
        let type_id = shared.type_id(hit.type_id.as_str()).unwrap_or_else(|| hit.type_id.clone());
        Ok(HitRow { type_id, title, batch, ..hit })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn make(transaction: &Transaction<'_>, kind: i64, bucket: i64) -> Result<(), StoreError> {
    let body = if kind == HITS {
        pack_hits(&hits(transaction, bucket, &mut Shared::default())?)
    } else {
        let rows = assignments(transaction, bucket)?;
        let (number, book) = best_book(transaction, &rows)?;
        RowPack::of(&rows, number, &book).as_bytes().to_vec()
    };
    let sql = "INSERT OR REPLACE INTO pack VALUES (?1, ?2, ?3)";
    transaction.prepare_cached(sql)?.execute((kind, bucket, body))?;
    Ok(())
}

/// The book that makes the summaries of these rows the shortest: one that is there, unless a new one is much better.
fn best_book(transaction: &Transaction<'_>, rows: &[AssignmentRow]) -> Result<(u8, Arc<Codebook>), StoreError> {
    let some = |count: usize| rows.iter().step_by((rows.len() / count).max(1)).map(|row| &*row.summary);
    let length = |book: &Codebook| {
        let mut codes = Vec::new();
        some(TRIED).for_each(|text| book.write(text, &mut codes));
        codes.len()
    };
    let mut numbers = transaction.prepare_cached("SELECT id FROM codebook ORDER BY id")?;
    let numbers = numbers.query_map([], |row| row.get(0))?.collect::<Result<Vec<u8>, _>>()?;
    let mut best: Option<(usize, u8, Arc<Codebook>)> = None;
    for number in &numbers {
        let Some(book) = book(transaction, *number)? else { continue };
        let length = length(&book);
        if best.as_ref().is_none_or(|(shortest, ..)| length < *shortest) {
            best = Some((length, *number, book));
        }
    }
    let plain: usize = some(TRIED).map(str::len).sum();
    if numbers.len() < MOST_BOOKS && best.as_ref().is_none_or(|(shortest, ..)| shortest * ENOUGH > plain) {
        let new = Codebook::of(some(rows.len().max(1)));
        let length = length(&new);
        if best.as_ref().is_none_or(|(shortest, ..)| shortest * WORTH.1 > length * WORTH.0) {
            let number = numbers.last().map_or(1, |last| last + 1);
            transaction.execute("INSERT INTO codebook VALUES (?1, ?2)", (number, new.to_bytes()))?;
            return Ok((number, Arc::new(new)));
        }
    }
    // A book of that number may be there without being readable: then the texts stay as they are.
    Ok(best.map_or_else(|| (1, Arc::default()), |(_, number, book)| (number, book)))
}
