//! Qualification types and their tests.

use rusqlite::{OptionalExtension, Row, params};

use super::{Change, RequesterKey, StorageError, TypeKey, View, numbered};
use crate::domain::time::{Seconds, Time};
use crate::market::rules::qualification::{Offer, TypeStatus};

/// A qualification type's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct QualificationTypeKey(pub(super) i64);

impl QualificationTypeKey {
    /// As a place in a list.
    pub fn position(self) -> i64 {
        self.0
    }
}

/// A test's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TestKey(pub(super) i64);

/// A qualification type without its texts: what the rules need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QualificationTypeRecord {
    /// The row.
    pub key: QualificationTypeKey,
    /// `QualificationTypeId`.
    pub id: String,
    /// Whose it is.
    pub requester: RequesterKey,
    /// `QualificationTypeStatus`.
    pub status: TypeStatus,
    /// `RetryDelayInSeconds`.
    pub retry: Option<Seconds>,
    /// `AutoGrantedValue`, if it is `AutoGranted`.
    pub auto_value: Option<i32>,
    /// Its test, and how long a worker has for it.
    pub test: Option<(TestKey, Seconds)>,
    /// Whether the test has an answer key.
    pub is_scored: bool,
}

impl QualificationTypeRecord {
    /// What a worker gets who asks for it.
    pub fn offer(&self) -> Offer {
        match (self.test, self.auto_value) {
            (Some((_, duration)), _) => Offer::Test { duration, is_scored: self.is_scored },
            (None, Some(value)) => Offer::Automatic(value),
            (None, None) => Offer::Manual,
        }
    }
}

/// A qualification type as the API shows it, borrowed from the row it is read from.
#[derive(Debug)]
pub struct QualificationTypeView<'r> {
    /// What the rules know of it.
    pub record: QualificationTypeRecord,
    /// `CreationTime`.
    pub created: Time,
    /// `Name`.
    pub name: &'r str,
    /// `Description`.
    pub description: &'r str,
    /// `Keywords`.
    pub keywords: Option<&'r str>,
    /// `Test`.
    pub test: Option<&'r str>,
    /// `AnswerKey`.
    pub answer_key: Option<&'r str>,
}

/// A test to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTest {
    /// `Test`.
    pub test: String,
    /// `AnswerKey`.
    pub answer_key: Option<String>,
    /// `TestDurationInSeconds`.
    pub duration: Seconds,
}

/// A qualification type to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewQualificationType {
    /// `Name`.
    pub name: String,
    /// `Keywords`.
    pub keywords: Option<String>,
    /// `Description`.
    pub description: String,
    /// `QualificationTypeStatus`.
    pub status: TypeStatus,
    /// `RetryDelayInSeconds`.
    pub retry: Option<Seconds>,
    /// `AutoGrantedValue`, if it is `AutoGranted`.
    pub auto_value: Option<i32>,
    /// `Test` and what belongs to it.
    pub test: Option<NewTest>,
}

/// The columns that [`record`] reads, of tables `qualification_types t` and `qualification_tests k`.
pub(super) const RECORD: &str =
    "t.id, t.type_id, t.requester, t.status, t.retry_delay, t.auto_value, t.test, t.test_duration,
    k.answer_key IS NOT NULL";
const FROM: &str = "FROM qualification_types t LEFT JOIN qualification_tests k ON k.id = t.test";

/// Reads [`RECORD`].
pub(super) fn record(row: &Row<'_>) -> rusqlite::Result<QualificationTypeRecord> {
    let (test, duration): (Option<i64>, Option<i64>) = (row.get(6)?, row.get(7)?);
    Ok(QualificationTypeRecord {
        key: QualificationTypeKey(row.get(0)?),
        id: row.get(1)?,
        requester: RequesterKey(row.get(2)?),
        status: numbered(&TypeStatus::ALL, row, 3)?,
        retry: row.get::<_, Option<i64>>(4)?.map(Seconds),
        auto_value: row.get(5)?,
        test: test.zip(duration).map(|(test, duration)| (TestKey(test), Seconds(duration))),
        is_scored: row.get(8)?,
    })
}

fn view<'r>(row: &'r Row<'_>) -> rusqlite::Result<QualificationTypeView<'r>> {
    let text = |column: usize| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    let optional = |column: usize| row.get_ref(column)?.as_str_or_null().map_err(rusqlite::Error::from);
    Ok(QualificationTypeView {
        record: record(row)?,
        created: Time(row.get(9)?),
        name: text(10)?,
        description: text(11)?,
        keywords: optional(12)?,
        test: optional(13)?,
        answer_key: optional(14)?,
    })
}

impl View<'_> {
    /// A qualification type by its ID, whosever it is and whether or not it was deleted.
    pub fn qualification_type(&self, id: &str) -> Result<Option<QualificationTypeRecord>, StorageError> {
        let sql = format!("SELECT {RECORD} {FROM} WHERE t.type_id = ?1");
        Ok(self.conn.prepare_cached(&sql)?.query_row([id], record).optional()?)
    }

    /// Shows a whole qualification type to `show`.
    pub fn show_qualification_type<T>(
        &self,
        key: QualificationTypeKey,
        show: impl FnOnce(&QualificationTypeView<'_>) -> T,
    ) -> Result<T, StorageError> {
        let mut statement = self.conn.prepare_cached(&full("t.id = ?1"))?;
        Ok(statement.query_row([key.0], |row| Ok(show(&view(row)?)))?)
    }

    /// Shows a requester's whole qualification types to `show`, oldest first, from behind the place `after` on, as long as it
    /// wants more. Deleted ones are not among them.
    pub fn show_qualification_types(
        &self,
        who: RequesterKey,
        after: i64,
        mut show: impl FnMut(&QualificationTypeView<'_>) -> bool,
    ) -> Result<(), StorageError> {
        let sql = full("t.requester = ?1 AND t.status < 2 AND t.id > ?2 ORDER BY t.id");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([who.0, after])?;
        while let Some(row) = rows.next()? {
            if !show(&view(row)?) {
                break;
            }
        }
        Ok(())
    }

    /// Whether a requester's type of this name is there, or was deleted while HITs that require it are left.
    pub fn has_qualification_type_named(&self, who: RequesterKey, name: &str) -> Result<bool, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT 1 FROM qualification_types t WHERE t.requester = ?1 AND t.name = ?2 AND (t.status < 2 OR EXISTS
             (SELECT 1 FROM required_qualifications r JOIN hits h ON h.type = r.type AND h.status < 4
              WHERE r.qualification = t.type_id))",
        )?;
        Ok(statement.exists(params![who.0, name])?)
    }

    /// The HIT types of a requester that require a qualification type, oldest first.
    pub fn types_requiring(&self, who: RequesterKey, qualification: &str) -> Result<Vec<TypeKey>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT r.type FROM required_qualifications r JOIN hit_types t ON t.id = r.type
             WHERE r.qualification = ?2 AND t.requester = ?1 ORDER BY r.type",
        )?;
        let rows = statement.query_map(params![who.0, qualification], |row| row.get(0).map(TypeKey))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The type of a HIT at a place of a list.
    pub fn type_of_hit_at(&self, place: i64) -> Result<Option<TypeKey>, StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT type FROM hits WHERE id = ?1")?;
        Ok(statement.query_row([place], |row| row.get(0).map(TypeKey)).optional()?)
    }

    /// A test and its answer key.
    pub fn test(&self, key: TestKey) -> Result<(String, Option<String>), StorageError> {
        let mut statement =
            self.conn.prepare_cached("SELECT test, answer_key FROM qualification_tests WHERE id = ?1")?;
        Ok(statement.query_row([key.0], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }
}

fn full(condition: &str) -> String {
    format!(
        "SELECT {RECORD}, t.created, t.name, t.description, t.keywords, k.test, k.answer_key {FROM} WHERE {condition}"
    )
}

impl Change<'_> {
    /// Adds a qualification type.
    pub fn add_qualification_type(
        &mut self,
        who: RequesterKey,
        new: &NewQualificationType,
    ) -> Result<QualificationTypeKey, StorageError> {
        let id = self.mint.entity();
        let test = match &new.test {
            Some(test) => Some(self.add_test(test)?.0),
            None => None,
        };
        self.conn
            .prepare_cached(
                "INSERT INTO qualification_types (type_id, requester, created, name, keywords, description, status,
                 retry_delay, auto_value, test, test_duration) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                id,
                who.0,
                self.now.0,
                new.name,
                new.keywords,
                new.description,
                new.status as i64,
                new.retry.map(|delay| delay.0),
                new.auto_value,
                test,
                new.test.as_ref().map(|test| test.duration.0),
            ])?;
        Ok(QualificationTypeKey(self.conn.last_insert_rowid()))
    }

    /// Writes down a test.
    pub fn add_test(&mut self, test: &NewTest) -> Result<TestKey, StorageError> {
        self.conn
            .prepare_cached("INSERT INTO qualification_tests (test, answer_key) VALUES (?1, ?2)")?
            .execute(params![test.test, test.answer_key])?;
        Ok(TestKey(self.conn.last_insert_rowid()))
    }

    /// Writes down what a qualification type is now; its description stays when there is none.
    pub fn save_qualification_type(
        &mut self,
        record: &QualificationTypeRecord,
        description: Option<&str>,
    ) -> Result<(), StorageError> {
        self.conn
            .prepare_cached(
                "UPDATE qualification_types SET status = ?2, retry_delay = ?3, auto_value = ?4, test = ?5,
                 test_duration = ?6, description = coalesce(?7, description) WHERE id = ?1",
            )?
            .execute(params![
                record.key.0,
                record.status as i64,
                record.retry.map(|delay| delay.0),
                record.auto_value,
                record.test.map(|(test, _)| test.0),
                record.test.map(|(_, duration)| duration.0),
                description,
            ])?;
        Ok(())
    }
}
