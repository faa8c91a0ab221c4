//! Opening the database: on disk or in memory, with its schema.

use std::path::PathBuf;
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

fn migrations() -> Migrations<'static> {
    Migrations::new(vec![M::up(include_str!("schema.sql"))])
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
    fn the_schema_is_valid() {
        assert_eq!(migrations().validate(), Ok(()));
    }
}
