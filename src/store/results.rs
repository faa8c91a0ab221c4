//! Results, read for export: HIT after HIT with all its assignments, one HIT in memory at a time.

use super::row::{ASSIGNMENT_COLUMNS, HIT_COLUMNS, HIT_WIDTH, assignment_row, hit_row};
use super::shape::fill;
use super::{Reader, Store, StoreError};
use crate::domain::id::HitId;
use crate::domain::key::{HitKey, WorkerKey};
use crate::domain::query::Record;
use crate::domain::row::{AssignmentRow, HitRow};
use crate::domain::time::{Millis, Seconds, Time};
use rusqlite::{OptionalExtension, Row};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

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
    /// The input row, if a batch or a file has it: JSON, an object of names and values in their order.
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
    /// The answer.
    pub answer: StoredAnswer<'a>,
    /// Cells as a file had them: JSON.
    pub given: Option<&'a str>,
}

/// An answer as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredAnswer<'a> {
    /// The whole document.
    Whole(&'a str),
    /// What answers to one task have in common, and what they have not.
    Shaped {
        /// The number of the shape: answers that share it have the same fields.
        number: i64,
        /// The document without its values.
        shape: &'a str,
        /// The values.
        fields: &'a str,
    },
}

impl<'a> StoredAnswer<'a> {
    /// The document.
    pub fn document(self) -> Cow<'a, str> {
        match self {
            StoredAnswer::Whole(document) => document.into(),
            StoredAnswer::Shaped { shape, fields, .. } => fill(shape, fields).into(),
        }
    }
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

/// One HIT, by its key.
static HIT: LazyLock<String> = LazyLock::new(|| {
    let columns = HIT_COLUMNS.split(',').map(|name| format!("h.{}", name.trim())).collect::<Vec<_>>().join(", ");
    format!(
        "SELECT {columns}, h.group_id, h.description, h.keywords, h.annotation, h.review_status, h.duration, q.xml,
           coalesce(h.inputs, (SELECT r.cells FROM batch_hit b JOIN batch_row r ON r.id = b.row WHERE b.hit = h.id)),
           h.given
         FROM hit h JOIN question q ON q.id = h.question WHERE h.key = ?1"
    )
});

/// The work of a HIT, by its key.
static WORK: LazyLock<String> = LazyLock::new(|| {
    let columns = ASSIGNMENT_COLUMNS.split(',').map(|name| match name.trim() {
        "summary" => "''".to_owned(),
        name => format!("a.{name}"),
    });
    let columns = columns.collect::<Vec<_>>().join(", ");
    format!(
        "SELECT {columns}, a.id, w.id, a.feedback, iif(a.noted, (SELECT text FROM note WHERE assignment = a.id), NULL),
           t.id, t.shape, t.fields, t.xml, a.given
         FROM assignment a CROSS JOIN worker w ON w.key = a.worker CROSS JOIN answer t ON t.id = a.answer
         WHERE a.hit = ?1 AND a.gone <= ?2 ORDER BY a.key"
    )
});

impl Reader {
    /// All HITs, the oldest first, each followed by its assignments. `take` answers whether it wants more.
    pub fn for_export(&self, which: Which<'_>, mut take: impl FnMut(ForExport<'_>) -> bool) -> Result<(), StoreError> {
        let mut find = self.connection.prepare_cached(
            "SELECT key FROM hit WHERE gone <= ?1 AND (?2 IS NULL OR batch = ?2) ORDER BY created, key",
        )?;
        let keys = find.query_map((which.deleted, which.batch), |row| row.get(0))?.collect::<Result<Vec<u32>, _>>()?;
        let mut shapes = HashMap::new();
        for key in keys {
            let Some(hit) = self.hit_for_export(key)? else { continue };
            if !take(ForExport::Hit(Box::new(hit))) || !self.work_for_export(which, key, &mut shapes, &mut take)? {
                return Ok(());
            }
        }
        Ok(())
    }

    fn hit_for_export(&self, key: u32) -> Result<Option<HitForExport>, StoreError> {
        let mut find = self.connection.prepare_cached(&HIT)?;
        let hit = find.query_row([key], |row| {
            Ok(HitForExport {
                row: hit_row(row)?,
                group: row.get(HIT_WIDTH)?,
                description: row.get(HIT_WIDTH + 1)?,
                keywords: row.get(HIT_WIDTH + 2)?,
                annotation: row.get(HIT_WIDTH + 3)?,
                review_status: row.get(HIT_WIDTH + 4)?,
                duration: Seconds(row.get(HIT_WIDTH + 5)?),
                question: row.get(HIT_WIDTH + 6)?,
                inputs: row.get(HIT_WIDTH + 7)?,
                given: row.get(HIT_WIDTH + 8)?,
            })
        });
        Ok(hit.optional()?)
    }

    /// Hands over the work of a HIT; whether more is wanted.
    fn work_for_export(
        &self,
        which: Which<'_>,
        hit: u32,
        shapes: &mut HashMap<i64, String>,
        take: &mut impl FnMut(ForExport<'_>) -> bool,
    ) -> Result<bool, StoreError> {
        let mut find = self.connection.prepare_cached(&WORK)?;
        let mut rows = find.query((hit, which.deleted))?;
        while let Some(row) = rows.next()? {
            let answer = match row.get::<_, Option<i64>>(16)? {
                None => StoredAnswer::Whole(text(row, 18)?),
                Some(number) => {
                    self.keep_shape(number, shapes)?;
                    let shape = shapes.get(&number).map_or("", String::as_str);
                    StoredAnswer::Shaped { number, shape, fields: text(row, 17)? }
                }
            };
            let work = WorkForExport {
                row: assignment_row(row)?,
                id: text(row, 11)?,
                worker: text(row, 12)?,
                feedback: text_or_null(row, 13)?,
                note: text_or_null(row, 14)?,
                answer_number: row.get(15)?,
                answer,
                given: text_or_null(row, 19)?,
            };
            if !take(ForExport::Work(work)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn keep_shape(&self, number: i64, shapes: &mut HashMap<i64, String>) -> Result<(), StoreError> {
        if !shapes.contains_key(&number) {
            let mut find = self.connection.prepare_cached("SELECT text FROM shape WHERE id = ?1")?;
            let shape = find.query_row([number], |row| row.get(0))?;
            if shapes.len() >= SHAPES {
                shapes.clear();
            }
            shapes.insert(number, shape);
        }
        Ok(())
    }

    /// Each worker's decided work since `since`, and who is blocked.
    pub fn records_since(&self, since: Time) -> Result<HashMap<WorkerKey, Record>, StoreError> {
        let mut find = self.connection.prepare_cached(
            "SELECT worker, sum(status = 2), sum(status = 1) FROM assignment WHERE status > 0 AND decided >= ?1
             GROUP BY worker",
        )?;
        let records = find.query_map([since.0], |row| {
            Ok((WorkerKey(row.get(0)?), Record { approved: row.get(1)?, rejected: row.get(2)?, blocked: false }))
        })?;
        let mut records: HashMap<WorkerKey, Record> = records.collect::<Result<_, _>>()?;
        for blocked in self.blocked_workers()? {
            records.entry(blocked).or_default().blocked = true;
        }
        Ok(records)
    }

    /// Who of the workers with work here is blocked.
    pub fn blocked_workers(&self) -> Result<HashSet<WorkerKey>, StoreError> {
        let mut find =
            self.connection.prepare_cached("SELECT worker.key FROM block JOIN worker ON worker.id = block.worker")?;
        Ok(find.query_map([], |row| row.get(0).map(WorkerKey))?.collect::<Result<_, _>>()?)
    }

    /// Whether there are HITs of a batch, also deleted ones.
    pub fn has_batch(&self, name: &str) -> Result<bool, StoreError> {
        let mut find = self.connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM hit WHERE batch = ?1)")?;
        Ok(find.query_row([name], |row| row.get(0))?)
    }

    /// The identifiers of all workers, and those that files have for them.
    pub fn worker_ids(&self) -> Result<Vec<String>, StoreError> {
        let mut find = self.connection.prepare_cached(
            "SELECT id FROM worker UNION
             SELECT json_extract(given, '$.WorkerId') FROM assignment WHERE given LIKE '%\"WorkerId\":%'",
        )?;
        Ok(find.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// How many assignments of a HIT have never left the house in a file.
    pub fn unexported(&self, key: HitKey, id: &HitId) -> Result<u32, StoreError> {
        let mut find = self.connection.prepare_cached(
            "SELECT max(0, (SELECT count(*) FROM assignment WHERE hit = ?1)
               - coalesce((SELECT assignments FROM exported WHERE hit = ?2), 0))",
        )?;
        Ok(find.query_row((key.0, id.as_str()), |row| row.get(0))?)
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

fn text_or_null<'a>(row: &'a Row<'_>, column: usize) -> Result<Option<&'a str>, StoreError> {
    Ok(row.get_ref(column)?.as_str_or_null().map_err(rusqlite::Error::from)?)
}
