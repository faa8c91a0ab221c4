//! A file is read twice: first every row is checked and its place noted (some 40 bytes a row), then the HITs are read one after
//! the other, wherever their rows stand. So a file may be larger than the memory.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Seek};
use std::iter::Peekable;
use std::vec::IntoIter;

use super::Content;
use super::work::{Moved, hit};
use crate::domain::assignment::AssignmentStatus;
use crate::domain::id::HitId;
use crate::domain::time::Time;
use crate::exchange::batch_results::{BatchError, Place, Reader, ResultRow};
use crate::market::error::Refusal;
use crate::market::storage::ImportedHit;

/// A file whose rows are all as they should be. Its HITs come in the order in which they first appear.
pub struct Survey<R> {
    reader: Reader<R>,
    rows: Peekable<IntoIter<Row>>,
    clock: Moved,
    content: Content,
}

struct Row {
    /// The number of its HIT.
    hit: u32,
    place: Place,
}

impl<R: Read + Seek> Survey<R> {
    /// Looks a file through. Its times are moved so that the newest is `now`.
    pub fn of(file: R, now: Time) -> Result<Survey<R>, BatchError> {
        let mut reader = Reader::new(file)?;
        let mut rows: Vec<Row> = Vec::new();
        let mut hits: HashMap<HitId, u32> = HashMap::new();
        let mut workers = HashSet::new();
        let mut content = Content::default();
        let mut newest: Option<Time> = None;
        while let Some(row) = reader.next() {
            let row = row?;
            content.assignments += 1;
            content.undecided += u64::from(row.status == AssignmentStatus::Submitted);
            content.without_times += u64::from(row.submitted.is_none());
            let times = [row.created, row.accepted, row.submitted, row.approved, row.rejected];
            newest = newest.max(times.into_iter().max().flatten());
            if !workers.contains(&row.worker) {
                workers.insert(row.worker);
            }
            let next = hits.len() as u32;
            let hit = *hits.entry(row.hit).or_insert(next);
            rows.push(Row { hit, place: reader.place() });
        }
        content.workers = workers.len() as u64;
        content.moved = newest.map(|newest| now - newest);
        // Stable: the rows of a HIT stay in their order.
        rows.sort_by_key(|row| row.hit);
        let clock = Moved { by: content.moved.unwrap_or_default(), now };
        Ok(Survey { reader, rows: rows.into_iter().peekable(), clock, content })
    }

    /// What the file holds.
    pub fn content(&self) -> Content {
        self.content
    }

    fn again(&mut self, row: &Row) -> Result<ResultRow, Refusal> {
        self.reader.again(row.place).map_err(|error| Refusal::Import(format!("the file has changed: {error}")))
    }

    fn hit(&mut self, first: &Row) -> Result<ImportedHit, Refusal> {
        let mut rows = vec![self.again(first)?];
        while let Some(row) = self.rows.next_if(|row| row.hit == first.hit) {
            rows.push(self.again(&row)?);
        }
        let mut workers = HashMap::new();
        for row in &rows {
            if row.hit != rows[0].hit {
                return Err(Refusal::Import(format!("the file has changed: row {} is another one now", row.row)));
            }
            if let Some(earlier) = workers.insert(&row.worker, row.row) {
                return Err(Refusal::Import(format!(
                    "row {}, column WorkerId: worker {} has done HIT {} before, in row {earlier}; a worker can do a HIT once",
                    row.row, row.worker, row.hit
                )));
            }
        }
        Ok(hit(&rows[0], &rows, self.clock))
    }
}

impl<R: Read + Seek> Iterator for Survey<R> {
    type Item = Result<ImportedHit, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        let first = self.rows.next()?;
        Some(self.hit(&first))
    }
}
