//! Opening the database: on disk or in memory, with its schema.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use rusqlite_migration::{M, Migrations};

use super::StorageError;
use crate::market::clock::Moment;

/// Where a market keeps its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In memory, gone when the market stops.
    Memory,
    /// In `market.db` of a directory that exists.
    Directory(PathBuf),
}

/// The versions of the schema. A file that has been released is never changed: what comes later is a file of its own.
const VERSIONS: [&str; 8] = [
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_qualifications.sql"),
    include_str!("migrations/0003_reviews.sql"),
    include_str!("migrations/0004_messages.sql"),
    include_str!("migrations/0005_accounts.sql"),
    include_str!("migrations/0006_site.sql"),
    include_str!("migrations/0007_tasks.sql"),
    include_str!("migrations/0008_archives.sql"),
];

fn migrations() -> Migrations<'static> {
    Migrations::new(VERSIONS.map(M::up).to_vec())
}

/// The version of the data, which must not be later than the latest that is known here.
fn version(conn: &Connection) -> Result<i64, StorageError> {
    let found: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = VERSIONS.len() as i64;
    if found > known { Err(StorageError::Newer { found, known }) } else { Ok(found) }
}

const FILE: &str = "market.db";

impl Place {
    /// The database file.
    fn file(&self) -> Option<PathBuf> {
        match self {
            Place::Memory => None,
            Place::Directory(path) => Some(path.join(FILE)),
        }
    }
}

/// The connection that writes; creates or migrates the schema.
pub fn connection(place: &Place) -> Result<Connection, StorageError> {
    let mut conn = match place.file() {
        None => Connection::open_in_memory()?,
        Some(file) => Connection::open(file)?,
    };
    common(&conn)?;
    version(&conn)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    // Fewer, larger checkpoints: each one is an fsync of the database that all waiting commands pay for.
    conn.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    conn.pragma_update(None, "journal_size_limit", 64 << 20)?;
    conn.pragma_update(None, "cache_size", -16_000)?;
    conn.set_prepared_statement_cache_capacity(128);
    migrations().to_latest(&mut conn).map_err(|error| StorageError::Database(error.to_string().into()))?;
    Ok(conn)
}

fn common(conn: &Connection) -> Result<(), StorageError> {
    conn.busy_timeout(Duration::from_secs(10))?;
    // Else a statement whose plan rests on a partial index is planned again whenever a value is bound to it.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// A connection that only reads.
pub fn reader(place: &Place) -> Result<Connection, StorageError> {
    let Some(file) = place.file() else {
        return Err(StorageError::Database("a market in memory has one connection".into()));
    };
    let conn = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    common(&conn)?;
    conn.pragma_update(None, "query_only", true)?;
    // Pages are read where the system has them, instead of being copied into a cache of each connection.
    conn.pragma_update(None, "mmap_size", 128 << 20)?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(conn)
}

/// Whether the data has the latest version.
pub fn is_current(place: &Place) -> Result<bool, StorageError> {
    Ok(version(&reader(place)?)? == VERSIONS.len() as i64)
}

/// Copies the whole database as it is at one moment into a new file, compactly. Whoever writes meanwhile does not wait.
pub fn copy(place: &Place, target: &Path) -> Result<(), StorageError> {
    let conn = reader(place)?;
    conn.pragma_update(None, "query_only", false)?;
    let target = target.to_str().ok_or_else(|| StorageError::Database("the name of the copy is not UTF-8".into()))?;
    conn.execute("VACUUM INTO ?1", [target])?;
    Ok(())
}

/// What tells the market's key from others, if this data knows it already.
pub fn key_check(place: &Place) -> Result<Option<String>, StorageError> {
    let conn = reader(place)?;
    if !conn.table_exists(None, "key_check")? {
        return Ok(None);
    }
    Ok(conn.query_row("SELECT mac FROM key_check", [], |row| row.get(0)).optional()?)
}

/// What SQLite finds wrong with the file, at most ten sentences.
pub fn faults(place: &Place) -> Result<Vec<String>, StorageError> {
    let conn = reader(place)?;
    version(&conn)?;
    let mut statement = conn.prepare("PRAGMA integrity_check(10)")?;
    let found = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    let mut wrong: Vec<String> = found.into_iter().filter(|line| line != "ok").collect();
    let mut dangling = conn.prepare("SELECT \"table\", parent FROM pragma_foreign_key_check LIMIT 10")?;
    let rows = dangling.query_map([], |row| {
        let (child, parent): (String, String) = (row.get(0)?, row.get(1)?);
        Ok(format!("a row of {child} names a row of {parent} that is not there"))
    })?;
    wrong.extend(rows.collect::<Result<Vec<_>, _>>()?);
    Ok(wrong)
}

/// The clock as the last commit of an existing market left it.
pub fn saved_clock(place: &Place) -> Result<Option<(Moment, i64)>, StorageError> {
    match place.file() {
        Some(file) if file.exists() => {}
        _ => return Ok(None),
    }
    let conn = connection(place)?;
    let saved = conn
        .query_row("SELECT latest_ms, offset_ms FROM clock", [], |row| Ok((Moment(row.get(0)?), row.get(1)?)))
        .optional()?;
    Ok(saved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answered_change_is_on_disk() {
        let dir = tempfile::tempdir().unwrap();
        let conn = connection(&Place::Directory(dir.path().to_owned())).unwrap();
        let mode: String = conn.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        let synchronous: i64 = conn.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();
        assert_eq!((mode.as_str(), synchronous), ("wal", 2), "2 is FULL");
    }

    #[test]
    fn data_of_a_later_version_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let place = Place::Directory(dir.path().to_owned());
        connection(&place).unwrap().pragma_update(None, "user_version", 99).unwrap();
        let error = connection(&place).unwrap_err().to_string();
        assert!(error.contains("version 99") && error.contains(&format!("up to {}", VERSIONS.len())), "{error}");
        assert!(is_current(&place).is_err());
    }

    #[test]
    fn the_schema_is_valid() {
        assert_eq!(migrations().validate(), Ok(()));
    }

    /// Two HITs of a type that requires something; one worker with two decisions and two that wait, one who did nothing.
    const FIRST_VERSION: &str = r#"
        INSERT INTO requesters VALUES (1, 'r', 'k', 0, 0, 0);
        INSERT INTO workers VALUES (1, 'A1', 0), (2, 'A2', 0);
        INSERT INTO hit_types VALUES (1, 1, '3T', '3G', x'00', 't', 'd', NULL, 5, 60, 60,
            '[{"QualificationTypeId":"000000000000000000L0","Comparator":"Exists","ActionsGuarded":"Accept"}]', 0),
            (2, 1, '3U', '3H', x'01', 't', 'd', NULL, 5, 60, 60, '[]', 0);
        INSERT INTO hits (id, hit_id, requester, type, created, reward, fee, max, status, expires, lapsed, available,
            pending, undecided, completed, funded) VALUES (1, '3A', 1, 1, 0, 5, 1, 9, 0, 9, 0, 9, 0, 0, 0, 1);
        INSERT INTO assignments (assignment_id, hit, worker, phase) VALUES
            ('3A', 1, 1, 1), ('3B', 1, NULL, 0);
        INSERT INTO hits SELECT 2, '3B', 1, 2, 0, NULL, 5, 1, 9, 0, 9, 0, 9, 0, 0, 0, 1, 0;
        INSERT INTO hits SELECT id + 2, '3B' || id, 1, 2, 0, NULL, 5, 1, 9, 0, 9, 0, 9, 0, 0, 0, 1, 0 FROM hits;
        INSERT INTO assignments (assignment_id, hit, worker, phase, seq) VALUES
            ('3C', 2, 1, 2, 1), ('3D', 3, 1, 3, 2), ('3E', 4, 1, 4, 3);
    "#;

    #[test]
    fn what_was_done_before_counts() {
        let directory = tempfile::tempdir().unwrap();
        let place = Place::Directory(directory.path().to_owned());
        let first = Connection::open(place.file().unwrap()).unwrap();
        first.execute_batch(include_str!("migrations/0001_first.sql")).unwrap();
        first.execute_batch(FIRST_VERSION).unwrap();
        first.pragma_update(None, "user_version", 1).unwrap();
        drop(first);
        let conn = connection(&place).unwrap();
        let all = |sql: &str| -> Vec<(i64, i64, i64, i64)> {
            let mut statement = conn.prepare(sql).unwrap();
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).unwrap();
            rows.map(Result::unwrap).collect()
        };
        let records = all("SELECT worker, submitted, approved, rejected FROM worker_records ORDER BY worker");
        assert_eq!(records, [(1, 3, 1, 1), (2, 0, 0, 0)]);
        let required = "SELECT type, qualification = '000000000000000000L0', 0, 0 FROM required_qualifications";
        assert_eq!(all(required), [(1, 1, 0, 0)]);
    }

    #[test]
    fn answers_of_an_older_market_are_shown_as_new_ones_are() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrations().to_version(&mut conn, 1).unwrap();
        conn.execute_batch(
            r#"INSERT INTO clock VALUES (1, 2000000, 0);
               INSERT INTO requesters VALUES (1, 'r', 'K', 0, 0, 0);
               INSERT INTO workers VALUES (1, 'A1', 0);
               INSERT INTO hit_types VALUES (1, 1, '3T', '3G', x'00', 't', 'd', NULL, 5, 60, 0, '[]', 0);
               INSERT INTO hits VALUES (1, '3H', 1, 1, 0, NULL, 5, 1, 2, 2, 1000, 1, 0, 0, 1, 1, 1, 0);
               INSERT INTO assignments VALUES (1, '3A', 1, 1, 'A1', 2, 7, 100, NULL, 200, NULL, NULL, NULL, NULL);
               INSERT INTO answers VALUES (7, CAST('"<a b=\"c\"/>"' AS BLOB));"#,
        )
        .unwrap();
        migrations().to_latest(&mut conn).unwrap();
        let members: Vec<u8> =
            conn.query_row("SELECT answer FROM answers WHERE seq = 7", [], |row| row.get(0)).unwrap();
        assert_eq!(
            String::from_utf8(members).unwrap(),
            r#""AssignmentId":"3A","WorkerId":"A1","HITId":"3H","AcceptTime":100,"SubmitTime":200,"Answer":"<a b=\"c\"/>""#
        );
        let closed: i64 = conn.query_row("SELECT closed FROM hits", [], |row| row.get(0)).unwrap();
        assert_eq!(closed, 2_000, "its 120 days begin with the new schema");
    }
}
