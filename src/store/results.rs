//! Results, read for export: HIT after HIT with all its assignments, a few HITs in memory at a time.

use super::row::{ASSIGNMENT_COLUMNS, HIT_COLUMNS, assignment_row, hit_row};
use super::shape::fill;
use super::{Reader, Store, StoreError};
use crate::domain::id::HitId;
use crate::domain::key::{HitKey, WorkerKey};
use crate::domain::query::Record;
use crate::domain::row::{AssignmentRow, HitRow};
use crate::domain::time::{Millis, Seconds, Time};
use rusqlite::{OptionalExtension, Row};
use std::collections::HashMap;

/// HITs that are read at once. A question is 64 KB at most.
const TOGETHER: i64 = 64;
/// Shapes of answers that are kept.
const SHAPES: usize = 256;

/// A HIT with all that an export says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitForExport {
    /// Its light row.
    pub row: HitRow,
    /// `HITGroupId`.
    pub group: Option<String>,
    /// `Description`.
    pub description: String,
    /// `Keywords`.
    pub keywords: String,
    /// `RequesterAnnotation`.
    pub annotation: Option<String>,
    /// `HITReviewStatus`.
    pub review_status: String,
    /// `AssignmentDurationInSeconds`.
    pub duration: Seconds,
    /// `Question`.
    pub question: String,
    /// The input row, if a file brought it: JSON.
    pub inputs: Option<String>,
    /// Cells as a file had them: JSON.
    pub given: Option<String>,
}

/// An assignment with all that an export says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkForExport<'a> {
    /// Its light row, without a summary.
    pub row: AssignmentRow,
    /// `AssignmentId`.
    pub id: &'a str,
    /// `WorkerId`.
    pub worker: &'a str,
    /// `RequesterFeedback`.
    pub feedback: Option<&'a str>,
    /// The reviewer's note.
    pub note: Option<&'a str>,
    /// The number of the answer: equal for equal documents.
    pub answer_number: i64,
    /// The answer document.
    pub answer: &'a str,
    /// Cells as a file had them: JSON.
    pub given: Option<&'a str>,
}

/// What comes next.
#[derive(Debug)]
pub enum ForExport<'a> {
    /// A HIT; what follows is its work.
    Hit(Box<HitForExport>),
    /// An assignment of the HIT before.
    Work(WorkForExport<'a>),
}

/// Which work is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Which<'a> {
    /// Of this batch only.
    pub batch: Option<&'a str>,
    /// Also of HITs that the endpoint has deleted.
    pub deleted: bool,
}

impl Reader {
    /// All HITs in the order in which they came, each followed by its assignments. `take` answers whether it wants more.
    pub fn for_export(&self, which: Which<'_>, mut take: impl FnMut(ForExport<'_>) -> bool) -> Result<(), StoreError> {
        let last: i64 = self.connection.query_row("SELECT coalesce(max(key), 0) FROM hit", [], |row| row.get(0))?;
        let mut shapes = HashMap::new();
        for first in (0..=last).step_by(TOGETHER as usize) {
            let hits = self.hits_for_export(which, first)?;
            if !hits.is_empty() && !self.work_for_export(which, first, hits, &mut shapes, &mut take)? {
                return Ok(());
            }
        }
        Ok(())
    }

    fn hits_for_export(&self, which: Which<'_>, first: i64) -> Result<Vec<HitForExport>, StoreError> {
        let columns = HIT_COLUMNS.split(',').map(|name| format!("h.{}", name.trim())).collect::<Vec<_>>().join(", ");
        let mut find = self.connection.prepare_cached(&format!(
            "SELECT {columns}, h.group_id, h.description, h.keywords, h.annotation, h.review_status, h.duration, q.xml,
               h.inputs, h.given
             FROM hit h JOIN question q ON q.id = h.question
             WHERE h.key >= ?1 AND h.key < ?2 AND h.gone <= ?3 AND (?4 IS NULL OR h.batch = ?4) ORDER BY h.key"
        ))?;
        let hits = find.query_map((first, first + TOGETHER, which.deleted, which.batch), |row| {
            Ok(HitForExport {
                row: hit_row(row)?,
                group: row.get(15)?,
                description: row.get(16)?,
                keywords: row.get(17)?,
                annotation: row.get(18)?,
                review_status: row.get(19)?,
                duration: Seconds(row.get(20)?),
                question: row.get(21)?,
                inputs: row.get(22)?,
                given: row.get(23)?,
            })
        })?;
        Ok(hits.collect::<Result<_, _>>()?)
    }

    /// Hands over these HITs with their work; whether more is wanted.
    fn work_for_export(
        &self,
        which: Which<'_>,
        first: i64,
        hits: Vec<HitForExport>,
        shapes: &mut HashMap<i64, String>,
        take: &mut impl FnMut(ForExport<'_>) -> bool,
    ) -> Result<bool, StoreError> {
        let columns = ASSIGNMENT_COLUMNS.split(',').map(|name| match name.trim() {
            "summary" => "''".to_owned(),
            name => format!("a.{name}"),
        });
        let columns = columns.collect::<Vec<_>>().join(", ");
        let mut find = self.connection.prepare_cached(&format!(
            "SELECT {columns}, a.id, w.id, a.feedback, iif(a.noted, (SELECT text FROM note WHERE assignment = a.id), NULL),
               t.id, t.shape, t.fields, t.xml, a.given
             FROM assignment a CROSS JOIN worker w ON w.key = a.worker CROSS JOIN answer t ON t.id = a.answer
             WHERE a.hit >= ?1 AND a.hit < ?2 AND a.gone <= ?3 ORDER BY a.hit, a.key"
        ))?;
        let mut rows = find.query((first, first + TOGETHER, which.deleted))?;
        let mut hits = hits.into_iter().peekable();
        let mut current: Option<HitKey> = None;
        while let Some(row) = rows.next()? {
            let light = assignment_row(row)?;
            while current != Some(light.hit) && hits.peek().is_some_and(|hit| hit.row.key <= light.hit) {
                let Some(hit) = hits.next() else { break };
                current = Some(hit.row.key);
                if !take(ForExport::Hit(Box::new(hit))) {
                    return Ok(false);
                }
            }
            // Of a HIT that is not wanted.
            if current != Some(light.hit) {
                continue;
            }
            let document = self.document(row, shapes)?;
            let work = WorkForExport {
                row: light,
                id: text(row, 11)?,
                worker: text(row, 12)?,
                feedback: row.get_ref(13)?.as_str_or_null().map_err(rusqlite::Error::from)?,
                note: row.get_ref(14)?.as_str_or_null().map_err(rusqlite::Error::from)?,
                answer_number: row.get(15)?,
                answer: document.as_deref().map_or_else(|| text(row, 18), Ok)?,
                given: row.get_ref(19)?.as_str_or_null().map_err(rusqlite::Error::from)?,
            };
            if !take(ForExport::Work(work)) {
                return Ok(false);
            }
        }
        Ok(hits.all(|hit| take(ForExport::Hit(Box::new(hit)))))
    }

    /// The answer document where it is not stored whole.
    fn document(&self, row: &Row<'_>, shapes: &mut HashMap<i64, String>) -> Result<Option<String>, StoreError> {
        let Some(number) = row.get::<_, Option<i64>>(16)? else { return Ok(None) };
        if !shapes.contains_key(&number) {
            let mut find = self.connection.prepare_cached("SELECT text FROM shape WHERE id = ?1")?;
            let shape = find.query_row([number], |row| row.get(0))?;
            if shapes.len() >= SHAPES {
                shapes.clear();
            }
            shapes.insert(number, shape);
        }
        let shape = shapes.get(&number).map_or("", String::as_str);
        Ok(Some(fill(shape, text(row, 17)?)))
    }

    /// Each worker's decided work since `since`.
    pub fn records_since(&self, since: Time) -> Result<HashMap<WorkerKey, Record>, StoreError> {
        let mut find = self.connection.prepare_cached(
            "SELECT worker, sum(status = 2), sum(status = 1) FROM assignment WHERE status > 0 AND decided >= ?1
             GROUP BY worker",
        )?;
        let records = find.query_map([since.0], |row| {
            Ok((WorkerKey(row.get(0)?), Record { approved: row.get(1)?, rejected: row.get(2)? }))
        })?;
        Ok(records.collect::<Result<_, _>>()?)
    }

    /// The identifiers of all workers.
    pub fn worker_ids(&self) -> Result<Vec<String>, StoreError> {
        let mut find = self.connection.prepare_cached("SELECT id FROM worker")?;
        Ok(find.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// How many assignments of a HIT the fullest export had.
    pub fn exported(&self, hit: &HitId) -> Result<u32, StoreError> {
        let mut find = self.connection.prepare_cached("SELECT assignments FROM exported WHERE hit = ?1")?;
        Ok(find.query_row([hit.as_str()], |row| row.get(0)).optional()?.unwrap_or_default())
    }
}

impl Store {
    /// Notes that so many assignments of these HITs were exported.
    pub async fn put_exported(&self, hits: Vec<(String, u32)>, at: Millis) -> Result<(), StoreError> {
        let who = self.shared.who;
        self.shared
            .journal
            .write(move |transaction| {
                let mut put = transaction.prepare_cached(
                    "INSERT INTO exported VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE
                     SET assignments = max(assignments, excluded.assignments), at = excluded.at, who = excluded.who",
                )?;
                for (hit, assignments) in hits {
                    put.execute((hit, assignments, at.0, who))?;
                }
                Ok(())
            })
            .await
    }
}

fn text<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a str, StoreError> {
    Ok(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?)
}
