//! HIT groups as workers find them. A group is a HIT type with the HITs of it that are open.

use rusqlite::{OptionalExtension, Row, params};

use super::{RequesterKey, StorageError, TypeKey, View, WorkerKey};
use crate::domain::id::HitId;
use crate::domain::money::Usd;
use crate::domain::time::Seconds;

/// How many of a worker's assignments are looked at to tell which open HITs they have taken. Whoever has done more, and longer ago,
/// may see some of those counted.
const LOOKED_AT: u32 = 2_000;

/// What the HITs of a group have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The HIT type.
    pub key: TypeKey,
    /// `HITGroupId`.
    pub id: String,
    /// Whose it is.
    pub requester: RequesterKey,
    /// What they are called.
    pub requester_name: String,
    /// `Title`.
    pub title: String,
    /// `Description`.
    pub description: String,
    /// `Keywords`.
    pub keywords: Option<String>,
    /// `Reward`.
    pub reward: Usd,
    /// `AssignmentDurationInSeconds`.
    pub duration: Seconds,
    /// `AutoApprovalDelayInSeconds`.
    pub auto_approval: Seconds,
}

/// A group with open HITs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenGroup {
    /// What they have in common.
    pub group: Group,
    /// How many HITs are open.
    pub open: u32,
    /// How many of them the worker has taken.
    pub taken: u32,
    /// The place of the newest one among all HITs.
    pub newest: i64,
}

const GROUP: &str = "t.id, t.group_id, t.requester, r.name, t.title, t.description, t.keywords, t.reward, t.duration,
    t.auto_approval";

fn group(row: &Row<'_>) -> rusqlite::Result<Group> {
    Ok(Group {
        key: TypeKey(row.get(0)?),
        id: row.get(1)?,
        requester: RequesterKey(row.get(2)?),
        requester_name: row.get(3)?,
        title: row.get(4)?,
        description: row.get(5)?,
        keywords: row.get(6)?,
        reward: Usd::cents(row.get(7)?),
        duration: Seconds(row.get(8)?),
        auto_approval: Seconds(row.get(9)?),
    })
}

impl View<'_> {
    /// All groups with open HITs, but for those of requesters who have blocked the worker.
    pub fn open_groups(&self, worker: WorkerKey) -> Result<Vec<OpenGroup>, StorageError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {GROUP}, o.open, coalesce(d.taken, 0), o.newest
             FROM (SELECT type, count(*) AS open, max(id) AS newest FROM hits WHERE status = 0 GROUP BY type) o
             JOIN hit_types t ON t.id = o.type JOIN requesters r ON r.id = t.requester
             LEFT JOIN (SELECT h.type, count(*) AS taken FROM
                 (SELECT hit FROM assignments WHERE worker = ?1 ORDER BY id DESC LIMIT ?2) a
                 JOIN hits h ON h.id = a.hit AND h.status = 0 GROUP BY h.type) d ON d.type = t.id
             WHERE NOT EXISTS (SELECT 1 FROM blocks b WHERE b.requester = t.requester AND b.worker = ?1)"
        ))?;
        let rows = statement.query_map(params![worker.0, LOOKED_AT], |row| {
            Ok(OpenGroup { group: group(row)?, open: row.get(10)?, taken: row.get(11)?, newest: row.get(12)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A group by its `HITGroupId`, or by the `HITTypeId` that older programs put in the same place.
    pub fn group(&self, id: &str) -> Result<Option<Group>, StorageError> {
        for column in ["t.group_id", "t.type_id"] {
            let sql = format!(
                "SELECT {GROUP} FROM hit_types t JOIN requesters r ON r.id = t.requester WHERE {column} = ?1 LIMIT 1"
            );
            let found = self.conn.prepare_cached(&sql)?.query_row([id], group).optional()?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The group of a type.
    pub fn group_at(&self, of: TypeKey) -> Result<Group, StorageError> {
        let sql = format!("SELECT {GROUP} FROM hit_types t JOIN requesters r ON r.id = t.requester WHERE t.id = ?1");
        Ok(self.conn.prepare_cached(&sql)?.query_row([of.0], group)?)
    }

    /// How many HITs of a type are open that a worker has not taken.
    pub fn count_left(&self, of: TypeKey, worker: WorkerKey) -> Result<u32, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT count(*) FROM hits h WHERE h.type = ?1 AND h.status = 0
             AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.hit = h.id AND a.worker = ?2)",
        )?;
        Ok(statement.query_row([of.0, worker.0], |row| row.get(0))?)
    }

    /// The oldest open HIT of a type that a worker has not taken.
    pub fn next_hit(&self, of: TypeKey, worker: WorkerKey) -> Result<Option<HitId>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT h.hit_id FROM hits h WHERE h.type = ?1 AND h.status = 0
             AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.hit = h.id AND a.worker = ?2) ORDER BY h.id LIMIT 1",
        )?;
        let found: Option<String> = statement.query_row([of.0, worker.0], |row| row.get(0)).optional()?;
        found.map(|id| HitId::parse(&id).map_err(|error| StorageError::Database(error.to_string().into()))).transpose()
    }
}
