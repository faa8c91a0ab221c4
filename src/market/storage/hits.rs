//! HITs and their questions.

use rusqlite::{OptionalExtension, Row, params};

use super::{Change, Policies, RequesterKey, StorageError, TypeKey, View, numbered};
use crate::domain::hit::HitStatus;
use crate::domain::money::Usd;
use crate::domain::time::{Seconds, Time};
use crate::market::rules::hit::HitState;

/// A HIT's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct HitKey(pub(super) i64);

impl HitKey {
    /// As a place in a list.
    pub fn position(self) -> i64 {
        self.0
    }
}

/// A HIT without its texts: what decisions need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitRecord {
    /// The row.
    pub key: HitKey,
    /// `HITId`.
    pub id: String,
    /// Whose it is.
    pub requester: RequesterKey,
    /// Its type.
    pub type_key: TypeKey,
    /// Slots, state and money.
    pub state: HitState,
    /// Another one after every change to it or to an assignment of it that the requester can see.
    pub version: i64,
    /// Whether it has a policy that is run at each submission.
    pub has_assignment_policy: bool,
    /// Whether it has a policy that is run when it becomes Reviewable.
    pub has_hit_policy: bool,
}

/// A HIT as the API shows it, borrowed from the row it is read from.
#[derive(Debug)]
pub struct HitView<'r> {
    /// The row.
    pub key: HitKey,
    /// `HITId`.
    pub id: &'r str,
    /// `HITTypeId`.
    pub type_id: &'r str,
    /// `HITGroupId`.
    pub group_id: &'r str,
    /// `Title`.
    pub title: &'r str,
    /// `Description`.
    pub description: &'r str,
    /// `Keywords`.
    pub keywords: Option<&'r str>,
    /// `Question`.
    pub question: &'r str,
    /// `RequesterAnnotation`.
    pub annotation: Option<&'r str>,
    /// `HITLayoutId`.
    pub layout: Option<&'r str>,
    /// `QualificationRequirements`: a JSON array.
    pub requirements: &'r str,
    /// `CreationTime`.
    pub created: Time,
    /// `AutoApprovalDelayInSeconds`.
    pub auto_approval: Seconds,
    /// `AssignmentDurationInSeconds`.
    pub duration: Seconds,
    /// Slots, state and reward.
    pub state: HitState,
}

/// A HIT to be made.
#[derive(Debug, Clone)]
pub struct NewHit {
    /// `HITId`, where the caller knows it (imports).
    pub id: Option<String>,
    /// `Question`.
    pub question: String,
    /// `RequesterAnnotation`.
    pub annotation: Option<String>,
    /// `HITLayoutId`, if the question was made with one.
    pub layout: Option<String>,
    /// Its review policies.
    pub policies: Policies,
    /// `CreationTime`.
    pub created: Time,
    /// Slots, state and money.
    pub state: HitState,
}

/// Which HITs to list, and in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HitList {
    /// All but the deleted ones, newest first; those of one second in the order in which they were made or imported.
    All,
    /// Those in one of the two states of review, oldest first.
    InReview(HitStatus),
    /// The same, of one type.
    InReviewOfType(HitStatus, TypeKey),
    /// All of one type but the deleted ones, oldest first.
    OfType(TypeKey),
}

const RECORD: &str = "h.id, h.hit_id, h.requester, h.type, h.reward, h.fee, h.max, h.status, h.expires, h.lapsed,
    h.available, h.pending, h.undecided, h.completed, h.funded, h.version, h.policies";
const FULL: &str = "SELECT h.id, h.hit_id, h.requester, h.type, h.reward, h.fee, h.max, h.status, h.expires, h.lapsed,
    h.available, h.pending, h.undecided, h.completed, h.funded, h.created, h.annotation,
    t.type_id, t.group_id, t.title, t.description, t.keywords, t.requirements, t.auto_approval, t.duration, q.question,
    h.layout
    FROM hits h JOIN hit_types t ON t.id = h.type JOIN questions q ON q.hit = h.id";

/// The columns that [`record`] reads, of a table `hits h`.
pub(super) fn record_columns() -> &'static str {
    RECORD
}

fn state(row: &Row<'_>, from: usize) -> rusqlite::Result<HitState> {
    Ok(HitState {
        reward: Usd::cents(row.get(from + 4)?),
        fee: Usd::cents(row.get(from + 5)?),
        max: row.get(from + 6)?,
        status: numbered(&HitStatus::ALL, row, from + 7)?,
        expires: Time(row.get(from + 8)?),
        lapsed: row.get(from + 9)?,
        available: row.get(from + 10)?,
        pending: row.get(from + 11)?,
        undecided: row.get(from + 12)?,
        completed: row.get(from + 13)?,
        funded: row.get(from + 14)?,
    })
}

/// Reads [`record_columns`] from a column on.
pub(super) fn record(row: &Row<'_>, from: usize) -> rusqlite::Result<HitRecord> {
    let policies: i64 = row.get(from + 16)?;
    Ok(HitRecord {
        key: HitKey(row.get(from)?),
        id: row.get(from + 1)?,
        requester: RequesterKey(row.get(from + 2)?),
        type_key: TypeKey(row.get(from + 3)?),
        state: state(row, from)?,
        version: row.get(from + 15)?,
        has_assignment_policy: policies & 1 != 0,
        has_hit_policy: policies & 2 != 0,
    })
}

fn view<'r>(row: &'r Row<'_>) -> rusqlite::Result<HitView<'r>> {
    let text = |column: usize| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    let optional = |column: usize| row.get_ref(column)?.as_str_or_null().map_err(rusqlite::Error::from);
    Ok(HitView {
        key: HitKey(row.get(0)?),
        id: text(1)?,
        type_id: text(17)?,
        group_id: text(18)?,
        title: text(19)?,
        description: text(20)?,
        keywords: optional(21)?,
        question: text(25)?,
        annotation: optional(16)?,
        layout: optional(26)?,
        requirements: text(22)?,
        created: Time(row.get(15)?),
        auto_approval: Seconds(row.get(23)?),
        duration: Seconds(row.get(24)?),
        state: state(row, 0)?,
    })
}

impl View<'_> {
    /// A HIT by its ID, whosever it is.
    pub fn hit(&self, id: &str) -> Result<Option<HitRecord>, StorageError> {
        let sql = format!("SELECT {RECORD} FROM hits h WHERE h.hit_id = ?1");
        Ok(self.conn.prepare_cached(&sql)?.query_row([id], |row| record(row, 0)).optional()?)
    }

    /// A HIT by its row.
    pub fn hit_at(&self, key: HitKey) -> Result<HitRecord, StorageError> {
        let sql = format!("SELECT {RECORD} FROM hits h WHERE h.id = ?1");
        Ok(self.conn.prepare_cached(&sql)?.query_row([key.0], |row| record(row, 0))?)
    }

    /// When a HIT was made.
    pub fn created(&self, key: HitKey) -> Result<Time, StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT created FROM hits WHERE id = ?1")?;
        Ok(statement.query_row([key.0], |row| row.get(0).map(Time))?)
    }

    /// Shows a whole HIT to `show`.
    pub fn show_hit<T>(&self, key: HitKey, show: impl FnOnce(&HitView<'_>) -> T) -> Result<T, StorageError> {
        let mut statement = self.conn.prepare_cached(&format!("{FULL} WHERE h.id = ?1"))?;
        Ok(statement.query_row([key.0], |row| Ok(show(&view(row)?)))?)
    }

    /// Shows whole HITs of a list to `show`, at most `limit`, from behind the place `after` on.
    pub fn show_hits(
        &self,
        who: RequesterKey,
        list: HitList,
        after: Option<i64>,
        limit: u32,
        mut show: impl FnMut(&HitView<'_>),
    ) -> Result<(), StorageError> {
        // Each condition repeats that of the partial index that serves it.
        let (condition, key, status) = match list {
            HitList::All => return self.show_newest(who, after, limit, show),
            HitList::InReview(status) => ("h.requester = ?1 AND h.status = ?2 AND h.status IN (2, 3)", who.0, status),
            HitList::InReviewOfType(status, of) => {
                ("h.type = ?1 AND h.status = ?2 AND h.status IN (2, 3)", of.0, status)
            }
            HitList::OfType(of) => ("h.type = ?1 AND h.status <> ?2 AND h.status < 4", of.0, HitStatus::Disposed),
        };
        let sql = format!("{FULL} WHERE {condition} AND h.id > ?3 ORDER BY h.id LIMIT ?4");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query(params![key, status as i64, after.unwrap_or(0), limit])?;
        while let Some(row) = rows.next()? {
            show(&view(row)?);
        }
        Ok(())
    }

    /// A page starts inside a second and goes on with earlier ones: two steps along one index, however many share a second.
    fn show_newest(
        &self,
        who: RequesterKey,
        after: Option<i64>,
        limit: u32,
        mut show: impl FnMut(&HitView<'_>),
    ) -> Result<(), StorageError> {
        let mut left = limit;
        let mut take = |sql: String, given: [i64; 3]| -> Result<(), StorageError> {
            let mut statement = self.conn.prepare_cached(&sql)?;
            let mut rows = statement.query(params![given[0], given[1], given[2], left])?;
            while let Some(row) = rows.next()? {
                show(&view(row)?);
                left -= 1;
            }
            Ok(())
        };
        let mut before = i64::MAX;
        if let Some(after) = after {
            before = self.created(HitKey(after))?.0;
            let same =
                "WHERE h.requester = ?1 AND h.status < 4 AND h.created = ?2 AND h.id > ?3 ORDER BY h.id LIMIT ?4";
            take(format!("{FULL} {same}"), [who.0, before, after])?;
        }
        let earlier = "WHERE h.requester = ?1 AND h.status < 4 AND h.created < ?2 AND ?3 = 0
            ORDER BY h.created DESC, h.id LIMIT ?4";
        take(format!("{FULL} {earlier}"), [who.0, before, 0])
    }
}

impl Change<'_> {
    /// Adds a HIT; the money is not moved here.
    pub fn add_hit(&mut self, who: RequesterKey, of: TypeKey, new: &NewHit) -> Result<HitRecord, StorageError> {
        let id = match &new.id {
            Some(id) => id.clone(),
            None => self.mint.entity(),
        };
        let state = &new.state;
        self.conn
            .prepare_cached(
                "INSERT INTO hits (hit_id, requester, type, created, annotation, reward, fee, max, status, expires,
                 lapsed, available, pending, undecided, completed, funded, layout, policies, closed)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
            )?
            .execute(params![
                id,
                who.0,
                of.0,
                new.created.0,
                new.annotation,
                state.reward.as_cents(),
                state.fee.as_cents(),
                state.max,
                state.status as i64,
                state.expires.0,
                state.lapsed,
                state.available,
                state.pending,
                state.undecided,
                state.completed,
                state.funded,
                new.layout,
                new.policies.flags(),
                state.is_closed().then_some(self.now.0),
            ])?;
        let key = HitKey(self.conn.last_insert_rowid());
        self.conn
            .prepare_cached("INSERT INTO questions (hit, question) VALUES (?1, ?2)")?
            .execute(params![key.0, new.question])?;
        let (has_assignment_policy, has_hit_policy) = (new.policies.assignment.is_some(), new.policies.hit.is_some());
        if has_assignment_policy || has_hit_policy {
            self.add_policies(key, &new.policies)?;
        }
        let (requester, type_key, state, version) = (who, of, *state, 0);
        Ok(HitRecord { key, id, requester, type_key, state, version, has_assignment_policy, has_hit_policy })
    }

    /// Writes down where a HIT stands from `at` on. Every change to one of its assignments comes through here too.
    pub fn save_hit(&mut self, key: HitKey, state: &HitState, at: Time) -> Result<(), StorageError> {
        self.conn
            .prepare_cached(
                "UPDATE hits SET status = ?2, expires = ?3, lapsed = ?4, available = ?5, pending = ?6, undecided = ?7,
                 completed = ?8, funded = ?9, reward = ?10, fee = ?11, max = ?12, version = version + 1,
                 closed = CASE WHEN ?2 NOT IN (2, 3) THEN NULL WHEN status IN (2, 3) THEN closed ELSE ?13 END
                 WHERE id = ?1",
            )?
            .execute(params![
                key.0,
                state.status as i64,
                state.expires.0,
                state.lapsed,
                state.available,
                state.pending,
                state.undecided,
                state.completed,
                state.funded,
                state.reward.as_cents(),
                state.fee.as_cents(),
                state.max,
                at.0,
            ])?;
        Ok(())
    }
}
