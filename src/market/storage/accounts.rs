//! Requesters, their money, and the tokens they used.

use rusqlite::{OptionalExtension, params};

use super::{AssignmentKey, Change, HitKey, StorageError, View};
use crate::domain::money::Usd;
use crate::domain::time::{Seconds, Time};
use crate::market::rules::account::{Account, Kind, Movement};

/// A requester's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequesterKey(pub(super) i64);

/// A requester.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requester {
    /// The row.
    pub key: RequesterKey,
    /// The name the operator gave.
    pub name: String,
    /// The access key they sign with. (The secret follows from it and the market's key.)
    pub access_key: String,
    /// Their money.
    pub account: Account,
}

/// What a movement of money is about.
#[derive(Debug, Clone, Default)]
pub struct Posting {
    /// The HIT, if any.
    pub hit: Option<HitKey>,
    /// The assignment, if any.
    pub assignment: Option<AssignmentKey>,
    /// The token of the request, if it had one.
    pub token: Option<String>,
}

/// One line of the ledger, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// Its number.
    pub id: i64,
    /// Whose money.
    pub requester: String,
    /// When.
    pub at: Time,
    /// What moved.
    pub movement: Movement,
    /// The HIT, if any.
    pub hit: Option<String>,
    /// The assignment, if any.
    pub assignment: Option<String>,
    /// The worker of the assignment, if any.
    pub worker: Option<String>,
    /// The token of the request, if it had one.
    pub token: Option<String>,
}

/// How long a token is remembered.
const TOKEN_LIFE: Seconds = Seconds::DAY;

const REQUESTER: &str = "SELECT id, name, access_key, available, held FROM requesters";

fn requester(row: &rusqlite::Row<'_>) -> rusqlite::Result<Requester> {
    Ok(Requester {
        key: RequesterKey(row.get(0)?),
        name: row.get(1)?,
        access_key: row.get(2)?,
        account: Account { available: Usd::cents(row.get(3)?), held: Usd::cents(row.get(4)?) },
    })
}

impl View<'_> {
    /// The requester who signs with this access key.
    pub fn requester_of(&self, access_key: &str) -> Result<Option<Requester>, StorageError> {
        let sql = format!("{REQUESTER} WHERE access_key = ?1");
        Ok(self.conn.prepare_cached(&sql)?.query_row([access_key], requester).optional()?)
    }

    /// A requester by their row.
    pub fn requester_at(&self, who: RequesterKey) -> Result<Requester, StorageError> {
        let sql = format!("{REQUESTER} WHERE id = ?1");
        Ok(self.conn.prepare_cached(&sql)?.query_row([who.0], requester)?)
    }

    /// All requesters, the first one first.
    pub fn requesters(&self) -> Result<Vec<Requester>, StorageError> {
        let mut statement = self.conn.prepare_cached(&format!("{REQUESTER} ORDER BY id"))?;
        let rows = statement.query_map([], requester)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A requester's money.
    pub fn account(&self, who: RequesterKey) -> Result<Account, StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT available, held FROM requesters WHERE id = ?1")?;
        let account = statement.query_row([who.0], |row| {
            Ok(Account { available: Usd::cents(row.get(0)?), held: Usd::cents(row.get(1)?) })
        })?;
        Ok(account)
    }

    /// What was made with a token, if it was used within the last 24 hours.
    pub fn token(&self, who: RequesterKey, usage: &str, token: &str) -> Result<Option<String>, StorageError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT made FROM tokens WHERE requester = ?1 AND use = ?2 AND token = ?3 AND at > ?4")?;
        let since = self.now - TOKEN_LIFE;
        Ok(statement.query_row(params![who.0, usage, token, since.0], |row| row.get(0)).optional()?)
    }

    /// Every movement of money, oldest first.
    pub fn ledger(&self) -> Result<Vec<LedgerRow>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT l.id, r.name, l.at, l.kind, l.amount, h.hit_id, a.assignment_id, w.worker_id, l.token
             FROM ledger l JOIN requesters r ON r.id = l.requester
             LEFT JOIN hits h ON h.id = l.hit
             LEFT JOIN assignments a ON a.id = l.assignment
             LEFT JOIN workers w ON w.id = a.worker
             ORDER BY l.id",
        )?;
        let rows = statement.query_map([], |row| {
            let kind = super::numbered(&Kind::ALL, row, 3)?;
            Ok(LedgerRow {
                id: row.get(0)?,
                requester: row.get(1)?,
                at: Time(row.get(2)?),
                movement: Movement::new(kind, Usd::cents(row.get(4)?)),
                hit: row.get(5)?,
                assignment: row.get(6)?,
                worker: row.get(7)?,
                token: row.get(8)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Change<'_> {
    /// Adds a requester without money, with a new access key; `None` when the name is taken.
    pub fn add_requester(&mut self, name: &str) -> Result<Option<Requester>, StorageError> {
        let access_key = self.mint.access_key();
        let added = self.conn.execute(
            "INSERT INTO requesters (name, access_key, created, available, held) VALUES (?1, ?2, ?3, 0, 0)
             ON CONFLICT (name) DO NOTHING",
            params![name, access_key, self.now.0],
        )?;
        if added == 0 { Ok(None) } else { self.requester_of(&access_key) }
    }

    /// Writes down what an account holds now.
    pub fn save_account(&mut self, who: RequesterKey, account: Account) -> Result<(), StorageError> {
        self.conn.prepare_cached("UPDATE requesters SET available = ?2, held = ?3 WHERE id = ?1")?.execute([
            who.0,
            account.available.as_cents(),
            account.held.as_cents(),
        ])?;
        Ok(())
    }

    /// Adds a line to the ledger.
    pub fn post(
        &mut self,
        who: RequesterKey,
        movement: Movement,
        at: Time,
        about: &Posting,
    ) -> Result<(), StorageError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO ledger (requester, at, kind, amount, hit, assignment, token) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        statement.execute(params![
            who.0,
            at.0,
            movement.kind as i64,
            movement.amount.as_cents(),
            about.hit.map(|key| key.0),
            about.assignment.map(|key| key.0),
            about.token,
        ])?;
        Ok(())
    }

    /// Remembers what was made with a token, and forgets those that are too old to matter.
    pub fn use_token(&mut self, who: RequesterKey, usage: &str, token: &str, made: &str) -> Result<(), StorageError> {
        let too_old = self.now - TOKEN_LIFE;
        self.conn.prepare_cached("DELETE FROM tokens WHERE at <= ?1")?.execute([too_old.0])?;
        self.conn
            .prepare_cached("INSERT INTO tokens (requester, use, token, made, at) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![who.0, usage, token, made, self.now.0])?;
        Ok(())
    }

    /// Writes down where the clock stands, for the next start.
    pub(super) fn save_clock(&mut self, latest: i64, offset: i64) -> Result<(), StorageError> {
        self.conn
            .prepare_cached(
                "INSERT INTO clock (id, latest_ms, offset_ms) VALUES (1, ?1, ?2) ON CONFLICT (id) DO UPDATE
                 SET latest_ms = max(latest_ms, excluded.latest_ms), offset_ms = excluded.offset_ms",
            )?
            .execute([latest, offset])?;
        Ok(())
    }
}
