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
    /// The access key that was issued last and is not revoked; the last one that was, when all are revoked. (The secret follows
    /// from it and the market's key.)
    pub access_key: String,
    /// How many of their keys are not revoked: without one nobody can sign for them.
    pub keys: u32,
    /// Their money.
    pub account: Account,
    /// What they may do at most.
    pub quota: Quota,
}

/// What a requester may do at most; nothing said, anything goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quota {
    /// Requests a second (a second's worth may come at once).
    pub rate: Option<u32>,
    /// HITs that workers can accept at one time.
    pub open_hits: Option<u32>,
}

/// What an access key that is not revoked stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Licence {
    /// Who signs with it.
    pub requester: RequesterKey,
    /// How many requests a second they may send.
    pub rate: Option<u32>,
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

const REQUESTER: &str = "SELECT r.id, r.name, r.available, r.held, r.rate, r.open_hits,
   (SELECT k.access_key FROM access_keys k WHERE k.requester = r.id ORDER BY k.revoked IS NOT NULL, k.id DESC LIMIT 1),
   (SELECT count(*) FROM access_keys k WHERE k.requester = r.id AND k.revoked IS NULL)
 FROM requesters r";

fn requester(row: &rusqlite::Row<'_>) -> rusqlite::Result<Requester> {
    Ok(Requester {
        key: RequesterKey(row.get(0)?),
        name: row.get(1)?,
        account: Account { available: Usd::cents(row.get(2)?), held: Usd::cents(row.get(3)?) },
        quota: Quota { rate: row.get(4)?, open_hits: row.get(5)? },
        access_key: row.get(6)?,
        keys: row.get(7)?,
    })
}

impl View<'_> {
    /// What an access key stands for, unless it is revoked.
    pub fn licence(&self, access_key: &str) -> Result<Option<Licence>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT r.id, r.rate FROM access_keys k JOIN requesters r ON r.id = k.requester
             WHERE k.access_key = ?1 AND k.revoked IS NULL",
        )?;
        let licence = statement
            .query_row([access_key], |row| Ok(Licence { requester: RequesterKey(row.get(0)?), rate: row.get(1)? }));
        Ok(licence.optional()?)
    }

    /// The requester of this name, else the one whom this access key was issued to, revoked or not.
    pub fn requester(&self, who: &str) -> Result<Option<Requester>, StorageError> {
        for condition in ["r.name = ?1", "r.id = (SELECT requester FROM access_keys WHERE access_key = ?1)"] {
            let sql = format!("{REQUESTER} WHERE {condition}");
            let found = self.conn.prepare_cached(&sql)?.query_row([who], requester).optional()?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// A requester by their row.
    pub fn requester_at(&self, who: RequesterKey) -> Result<Requester, StorageError> {
        let sql = format!("{REQUESTER} WHERE id = ?1");
        Ok(self.conn.prepare_cached(&sql)?.query_row([who.0], requester)?)
    }

    /// All requesters, the first one first.
    pub fn requesters(&self) -> Result<Vec<Requester>, StorageError> {
        let mut statement = self.conn.prepare_cached(&format!("{REQUESTER} ORDER BY r.id"))?;
        let rows = statement.query_map([], requester)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The access keys of a requester that are not revoked, the oldest first.
    pub fn access_keys(&self, who: RequesterKey) -> Result<Vec<String>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT access_key FROM access_keys WHERE requester = ?1 AND revoked IS NULL ORDER BY id",
        )?;
        let rows = statement.query_map([who.0], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many HITs of a requester may be open at one time, when there are that many already.
    pub fn open_hits_reached(&self, who: RequesterKey) -> Result<Option<u32>, StorageError> {
        let mut quota = self.conn.prepare_cached("SELECT open_hits FROM requesters WHERE id = ?1")?;
        let Some(most) = quota.query_row([who.0], |row| row.get::<_, Option<u32>>(0))? else { return Ok(None) };
        let open: u32 = self
            .conn
            .prepare_cached("SELECT count(*) FROM (SELECT 1 FROM hits WHERE requester = ?1 AND status = 0 LIMIT ?2)")?
            .query_row([who.0, i64::from(most)], |row| row.get(0))?;
        Ok((open >= most).then_some(most))
    }

    /// What tells the market's key from others, if it was written down.
    pub fn key_check(&self) -> Result<Option<String>, StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT mac FROM key_check")?;
        Ok(statement.query_row([], |row| row.get(0)).optional()?)
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
        if added == 0 {
            return Ok(None);
        }
        self.save_access_key(RequesterKey(self.conn.last_insert_rowid()), &access_key)?;
        self.requester(&access_key)
    }

    /// Issues another access key.
    pub fn add_access_key(&mut self, who: RequesterKey) -> Result<String, StorageError> {
        let access_key = self.mint.access_key();
        self.save_access_key(who, &access_key)?;
        Ok(access_key)
    }

    fn save_access_key(&mut self, who: RequesterKey, access_key: &str) -> Result<(), StorageError> {
        let mut statement =
            self.conn.prepare_cached("INSERT INTO access_keys (access_key, requester, created) VALUES (?1, ?2, ?3)")?;
        statement.execute(params![access_key, who.0, self.now.0])?;
        Ok(())
    }

    /// Revokes one access key of a requester, or all; how many that were.
    pub fn revoke_keys(&mut self, who: RequesterKey, access_key: Option<&str>) -> Result<usize, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE access_keys SET revoked = ?3
             WHERE requester = ?1 AND revoked IS NULL AND (?2 IS NULL OR access_key = ?2)",
        )?;
        Ok(statement.execute(params![who.0, access_key, self.now.0])?)
    }

    /// Writes down what a requester may do at most.
    pub fn save_quota(&mut self, who: RequesterKey, quota: Quota) -> Result<(), StorageError> {
        let mut statement =
            self.conn.prepare_cached("UPDATE requesters SET rate = ?2, open_hits = ?3 WHERE id = ?1")?;
        statement.execute(params![who.0, quota.rate, quota.open_hits])?;
        Ok(())
    }

    /// Writes down what tells the market's key from others.
    pub fn save_key_check(&mut self, mac: &str) -> Result<(), StorageError> {
        let sql = "INSERT INTO key_check (id, mac) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET mac = excluded.mac";
        self.conn.prepare_cached(sql)?.execute([mac])?;
        Ok(())
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
