//! Light rows out of the mirror: the first window, counts and look-ups.

use super::mirror::{Changes, HitCounts, worker_row};
use super::row::{ASSIGNMENT_COLUMNS, HIT_COLUMNS, assignment_row, hit_row, id};
use super::{Reader, StoreError};
use crate::domain::id::{AssignmentId, HitId};
use crate::domain::key::{AssignmentKey, HitKey};
use crate::domain::row::{AssignmentRow, WorkerRow};
use crate::domain::time::Time;
use rusqlite::OptionalExtension;
use std::collections::{HashMap, HashSet};

impl Reader {
    /// The most urgent undecided assignments, by auto-approval time, then HIT, then submission, at most `limit`, with
    /// their HITs and workers. What the first frame shows.
    pub fn urgent(&self, limit: u32) -> Result<Changes, StoreError> {
        let query = format!(
            "SELECT {ASSIGNMENT_COLUMNS} FROM assignment WHERE status = 0 AND gone = 0
             ORDER BY auto, hit, submitted, key LIMIT ?1"
        );
        let mut find = self.connection.prepare_cached(&query)?;
        let assignments = find.query_map([limit], assignment_row)?.collect::<Result<Vec<AssignmentRow>, _>>()?;
        let mut changes = Changes::default();
        let (mut hits, mut workers) = (HashSet::new(), HashSet::new());
        let mut hit = self.connection.prepare_cached(&format!("SELECT {HIT_COLUMNS} FROM hit WHERE key = ?1"))?;
        let mut worker = self.connection.prepare_cached("SELECT key, id FROM worker WHERE key = ?1")?;
        for row in &assignments {
            if hits.insert(row.hit) {
                changes.hits.push(hit.query_row([row.hit.0], hit_row)?);
            }
            if workers.insert(row.worker) {
                changes.workers.push(worker.query_row([row.worker.0], worker_row)?);
            }
        }
        changes.assignments = assignments;
        Ok(changes)
    }

    /// Assignments in the store, and how many of them are undecided.
    pub fn tally(&self) -> Result<(u32, u32), StoreError> {
        let mut find = self.connection.prepare_cached("SELECT total, undecided FROM tally")?;
        Ok(find.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    /// Every worker.
    pub(super) fn all_workers(&self) -> Result<Vec<WorkerRow>, StoreError> {
        let mut find = self.connection.prepare_cached("SELECT key, id FROM worker")?;
        Ok(find.query_map([], worker_row)?.collect::<Result<_, _>>()?)
    }

    /// The newest row: those that come later have a greater key.
    pub fn newest(&self) -> Result<AssignmentKey, StoreError> {
        let sql = "SELECT coalesce(max(key), 0) FROM assignment";
        Ok(self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0).map(AssignmentKey))?)
    }

    /// How many rows came after `key`, by whichever process.
    pub fn count_after(&self, key: AssignmentKey) -> Result<u32, StoreError> {
        let sql = "SELECT count(*) FROM assignment WHERE key > ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([key.0], |row| row.get(0))?)
    }

    /// The store's list of people; [`crate::domain::row::Decider::Person`] counts from 0.
    pub fn people(&self) -> Result<Vec<String>, StoreError> {
        let mut find = self.connection.prepare_cached("SELECT name FROM people ORDER BY id")?;
        let names = find.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(names)
    }

    /// The row of an assignment.
    pub fn assignment_key(&self, id: &AssignmentId) -> Result<Option<AssignmentKey>, StoreError> {
        let mut find = self.connection.prepare_cached("SELECT key FROM assignment WHERE id = ?1")?;
        Ok(find.query_row([id.as_str()], |row| row.get(0).map(AssignmentKey)).optional()?)
    }

    /// The row of a HIT, also of one that the endpoint has deleted.
    pub fn hit_key(&self, id: &HitId) -> Result<Option<HitKey>, StoreError> {
        let mut find = self.connection.prepare_cached("SELECT key FROM hit WHERE id = ?1")?;
        Ok(find.query_row([id.as_str()], |row| row.get(0).map(HitKey)).optional()?)
    }

    /// The identifier of an assignment.
    pub fn assignment_id(&self, key: AssignmentKey) -> Result<Option<AssignmentId>, StoreError> {
        let mut find = self.connection.prepare_cached("SELECT id FROM assignment WHERE key = ?1")?;
        Ok(find.query_row([key.0], |row| id(row, 0, AssignmentId::parse)).optional()?)
    }

    /// The identifier of a HIT.
    pub fn hit_id(&self, key: HitKey) -> Result<Option<HitId>, StoreError> {
        let mut find = self.connection.prepare_cached("SELECT id FROM hit WHERE key = ?1")?;
        Ok(find.query_row([key.0], |row| id(row, 0, HitId::parse)).optional()?)
    }

    /// One assignment.
    pub fn assignment(&self, key: AssignmentKey) -> Result<Option<AssignmentRow>, StoreError> {
        let query = format!("SELECT {ASSIGNMENT_COLUMNS} FROM assignment WHERE key = ?1");
        Ok(self.connection.prepare_cached(&query)?.query_row([key.0], assignment_row).optional()?)
    }

    /// What is known of the assignments of each HIT that the endpoint has.
    pub fn hit_counts(&self) -> Result<HashMap<HitId, HitCounts>, StoreError> {
        let mut find = self.connection.prepare_cached(
            "SELECT h.id, sum(a.status = 0), sum(a.status <> 0), h.read_pending, h.read_available, h.read_completed
             FROM hit h LEFT JOIN assignment a ON a.hit = h.key WHERE h.gone = 0 GROUP BY h.key",
        )?;
        let counts = find.query_map([], |row| {
            let read = match (row.get(3)?, row.get(4)?, row.get(5)?) {
                (Some(pending), Some(available), Some(completed)) => Some((pending, available, completed)),
                _ => None,
            };
            let count = |column| Ok::<u32, rusqlite::Error>(row.get::<_, Option<u32>>(column)?.unwrap_or_default());
            Ok((id(row, 0, HitId::parse)?, HitCounts { undecided: count(1)?, decided: count(2)?, read }))
        })?;
        Ok(counts.collect::<Result<_, _>>()?)
    }

    /// The HITs with rejected work submitted after `since` whose assignments were read the longest ago, at most `limit`:
    /// an override elsewhere moves no counter.
    pub fn longest_unread(&self, since: Time, limit: u32) -> Result<Vec<HitId>, StoreError> {
        let mut find = self.connection.prepare_cached(
            "SELECT h.id FROM hit h WHERE h.gone = 0 AND h.read_at IS NOT NULL AND EXISTS (
               SELECT 1 FROM assignment a WHERE a.hit = h.key AND a.status = 1 AND (a.submitted >= ?1 OR a.submitted = 0))
             ORDER BY h.read_at LIMIT ?2",
        )?;
        let hits = find.query_map((since.0, limit), |row| id(row, 0, HitId::parse))?.collect::<Result<_, _>>()?;
        Ok(hits)
    }
}
