//! Workers as people who sign in: their accounts, the invitations by which they got them, their sessions.

use rusqlite::{OptionalExtension, Row, params};

use super::{Change, StorageError, View, WorkerKey};
use crate::domain::id::WorkerId;
use crate::market::rules::eligibility::Record;

/// A worker's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerAccount {
    /// The worker's row.
    pub key: WorkerKey,
    /// `WorkerId`.
    pub worker: String,
    /// The hash of the passcode, once there is one.
    pub passcode: Option<String>,
    /// When they signed up, in wall time.
    pub joined_ms: Option<i64>,
    /// When they were last here, to the hour.
    pub active_ms: i64,
    /// Why they may not work, in words for them.
    pub suspended: Option<String>,
    /// Whether the next HIT of a group is accepted after a submission.
    pub auto_next: bool,
    /// Where their messages are also sent.
    pub hook: Option<String>,
    /// The messages up to this place were seen.
    pub read_to: i64,
}

/// A worker as the operator sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerRow {
    /// `WorkerId`.
    pub worker: String,
    /// What they did.
    pub record: Record,
    /// Their account, if they have one.
    pub account: Option<WorkerAccount>,
}

/// An invitation that was not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its row.
    pub key: i64,
    /// The worker it is for; a new one when none.
    pub worker: Option<String>,
    /// The operator's note.
    pub note: Option<String>,
    /// When it was made, in wall time.
    pub made_ms: i64,
    /// Until when it is good.
    pub expires_ms: i64,
}

/// A session as it is found by what the browser holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Whose it is.
    pub worker: WorkerKey,
    /// When it was begun, in wall time.
    pub begun_ms: i64,
    /// When it was last used.
    pub seen_ms: i64,
}

/// What the site is called and where it is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteRow {
    /// What it is called.
    pub name: String,
    /// Where it is reached: no slash at the end.
    pub url: String,
    /// After how many days what is left of a person goes.
    pub retention: Option<u32>,
}

const ACCOUNT: &str =
    "SELECT w.id, w.worker_id, a.passcode, a.joined_ms, a.active_ms, a.suspended, a.auto_next, a.hook,
    a.read_to
    FROM worker_accounts a JOIN workers w ON w.id = a.worker";

fn account(row: &Row<'_>) -> rusqlite::Result<WorkerAccount> {
    Ok(WorkerAccount {
        key: WorkerKey(row.get(0)?),
        worker: row.get(1)?,
        passcode: row.get(2)?,
        joined_ms: row.get(3)?,
        active_ms: row.get(4)?,
        suspended: row.get(5)?,
        auto_next: row.get(6)?,
        hook: row.get(7)?,
        read_to: row.get(8)?,
    })
}

fn invitation(row: &Row<'_>) -> rusqlite::Result<Invitation> {
    Ok(Invitation {
        key: row.get(0)?,
        worker: row.get(1)?,
        note: row.get(2)?,
        made_ms: row.get(3)?,
        expires_ms: row.get(4)?,
    })
}

const INVITATION: &str = "SELECT i.id, w.worker_id, i.note, i.made_ms, i.expires_ms
    FROM invitations i LEFT JOIN workers w ON w.id = i.worker";

impl View<'_> {
    /// A worker's account, if they have one.
    pub fn worker_account(&self, key: WorkerKey) -> Result<Option<WorkerAccount>, StorageError> {
        let mut statement = self.conn.prepare_cached(&format!("{ACCOUNT} WHERE a.worker = ?1"))?;
        Ok(statement.query_row([key.0], account).optional()?)
    }

    /// All workers whom the market knows, the first one first.
    pub fn worker_rows(&self) -> Result<Vec<WorkerRow>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT w.id, w.worker_id, r.submitted, r.approved, r.rejected FROM workers w
             JOIN worker_records r ON r.worker = w.id ORDER BY w.id",
        )?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let record = Record { submitted: row.get(2)?, approved: row.get(3)?, rejected: row.get(4)? };
            let account = self.worker_account(WorkerKey(row.get(0)?))?;
            found.push(WorkerRow { worker: row.get(1)?, record, account });
        }
        Ok(found)
    }

    /// A worker's `WorkerId`.
    pub fn worker_id(&self, key: WorkerKey) -> Result<WorkerId, StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT worker_id FROM workers WHERE id = ?1")?;
        let id: String = statement.query_row([key.0], |row| row.get(0))?;
        WorkerId::parse(&id).map_err(|error| StorageError::Database(error.to_string().into()))
    }

    /// Why a worker may not work now, if they may not.
    pub fn suspension(&self, key: WorkerKey) -> Result<Option<String>, StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT suspended FROM worker_accounts WHERE worker = ?1")?;
        Ok(statement.query_row([key.0], |row| row.get(0)).optional()?.flatten())
    }

    /// The session of what a browser holds.
    pub fn session(&self, digest: &[u8]) -> Result<Option<SessionRow>, StorageError> {
        let mut statement =
            self.conn.prepare_cached("SELECT worker, begun_ms, seen_ms FROM sessions WHERE digest = ?1")?;
        let found = statement.query_row([digest], |row| {
            Ok(SessionRow { worker: WorkerKey(row.get(0)?), begun_ms: row.get(1)?, seen_ms: row.get(2)? })
        });
        Ok(found.optional()?)
    }

    /// How many messages a worker has not seen.
    pub fn count_unread(&self, worker: WorkerKey) -> Result<u32, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT count(*) FROM messages WHERE worker = ?1
             AND id > (SELECT read_to FROM worker_accounts WHERE worker = ?1)",
        )?;
        Ok(statement.query_row([worker.0], |row| row.get(0))?)
    }

    /// How many assignments a worker holds.
    pub fn count_held(&self, worker: WorkerKey) -> Result<u32, StorageError> {
        let mut statement =
            self.conn.prepare_cached("SELECT count(*) FROM assignments WHERE worker = ?1 AND phase = 1")?;
        Ok(statement.query_row([worker.0], |row| row.get(0))?)
    }

    /// How many sessions a worker has.
    pub fn count_sessions(&self, worker: WorkerKey) -> Result<u32, StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT count(*) FROM sessions WHERE worker = ?1")?;
        Ok(statement.query_row([worker.0], |row| row.get(0))?)
    }

    /// The invitation of a link that is still good.
    pub fn invitation(&self, digest: &[u8], now_ms: i64) -> Result<Option<Invitation>, StorageError> {
        let sql = format!("{INVITATION} WHERE i.digest = ?1 AND i.expires_ms > ?2");
        Ok(self.conn.prepare_cached(&sql)?.query_row(params![digest, now_ms], invitation).optional()?)
    }

    /// All invitations that are still good, the oldest first.
    pub fn invitations(&self, now_ms: i64) -> Result<Vec<Invitation>, StorageError> {
        let mut statement = self.conn.prepare_cached(&format!("{INVITATION} WHERE i.expires_ms > ?1 ORDER BY i.id"))?;
        let rows = statement.query_map([now_ms], invitation)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What the site is called, and where it is.
    pub fn site(&self) -> Result<Option<SiteRow>, StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT name, url, retention FROM site")?;
        let found =
            statement.query_row([], |row| Ok(SiteRow { name: row.get(0)?, url: row.get(1)?, retention: row.get(2)? }));
        Ok(found.optional()?)
    }
}

impl Change<'_> {
    /// A worker whom nobody knows yet.
    pub fn add_worker(&mut self) -> Result<WorkerKey, StorageError> {
        let id = self.mint.worker();
        self.find_or_add_worker(&id)
    }

    /// Gives a worker an account, unless they have one.
    pub fn open_account(&mut self, worker: WorkerKey, now_ms: i64) -> Result<(), StorageError> {
        let mut statement = self
            .conn
            .prepare_cached("INSERT INTO worker_accounts (worker, active_ms) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
        statement.execute(params![worker.0, now_ms])?;
        Ok(())
    }

    /// Writes down the hash of a passcode, or that there is none; who had one has joined.
    pub fn save_passcode(&mut self, worker: WorkerKey, hash: Option<&str>, now_ms: i64) -> Result<(), StorageError> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE worker_accounts SET passcode = ?2,
             joined_ms = CASE WHEN ?2 IS NULL THEN joined_ms ELSE coalesce(joined_ms, ?3) END WHERE worker = ?1",
        )?;
        statement.execute(params![worker.0, hash, now_ms])?;
        Ok(())
    }

    /// Suspends a worker, with the reason that they read, or lets them work again.
    pub fn save_suspension(&mut self, worker: WorkerKey, why: Option<&str>) -> Result<(), StorageError> {
        let mut statement = self.conn.prepare_cached("UPDATE worker_accounts SET suspended = ?2 WHERE worker = ?1")?;
        statement.execute(params![worker.0, why])?;
        Ok(())
    }

    /// Whether the next HIT of a group is accepted after a submission.
    pub fn save_auto_next(&mut self, worker: WorkerKey, on: bool) -> Result<(), StorageError> {
        let mut statement = self.conn.prepare_cached("UPDATE worker_accounts SET auto_next = ?2 WHERE worker = ?1")?;
        statement.execute(params![worker.0, on])?;
        Ok(())
    }

    /// The messages up to this place were seen.
    pub fn save_read(&mut self, worker: WorkerKey, place: i64) -> Result<(), StorageError> {
        let mut statement =
            self.conn.prepare_cached("UPDATE worker_accounts SET read_to = max(read_to, ?2) WHERE worker = ?1")?;
        statement.execute(params![worker.0, place])?;
        Ok(())
    }

    /// Where messages are also sent.
    pub fn save_hook(&mut self, worker: WorkerKey, hook: Option<&str>) -> Result<(), StorageError> {
        let mut statement = self.conn.prepare_cached("UPDATE worker_accounts SET hook = ?2 WHERE worker = ?1")?;
        statement.execute(params![worker.0, hook])?;
        Ok(())
    }

    /// Writes down an invitation.
    pub fn add_invitation(
        &mut self,
        digest: &[u8],
        worker: Option<WorkerKey>,
        note: Option<&str>,
        now_ms: i64,
        expires_ms: i64,
    ) -> Result<i64, StorageError> {
        self.conn
            .prepare_cached(
                "INSERT INTO invitations (digest, worker, note, made_ms, expires_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![digest, worker.map(|worker| worker.0), note, now_ms, expires_ms])?;
        Ok(self.conn.last_insert_rowid())
    }

    /// Takes an invitation away: it was used, or is not to be. Whether there was one.
    pub fn remove_invitation(&mut self, key: i64) -> Result<bool, StorageError> {
        Ok(self.conn.prepare_cached("DELETE FROM invitations WHERE id = ?1")?.execute([key])? > 0)
    }

    /// Takes away all invitations for a worker.
    pub fn remove_invitations_for(&mut self, worker: WorkerKey) -> Result<(), StorageError> {
        self.conn.prepare_cached("DELETE FROM invitations WHERE worker = ?1")?.execute([worker.0])?;
        Ok(())
    }

    /// Begins a session.
    pub fn add_session(&mut self, digest: &[u8], worker: WorkerKey, now_ms: i64) -> Result<(), StorageError> {
        self.conn
            .prepare_cached("INSERT INTO sessions (digest, worker, begun_ms, seen_ms) VALUES (?1, ?2, ?3, ?3)")?
            .execute(params![digest, worker.0, now_ms])?;
        Ok(())
    }

    /// Writes down that a session was used, and with it that its worker was here.
    pub fn touch_session(&mut self, digest: &[u8], worker: WorkerKey, now_ms: i64) -> Result<(), StorageError> {
        self.conn
            .prepare_cached("UPDATE sessions SET seen_ms = max(seen_ms, ?2) WHERE digest = ?1")?
            .execute(params![digest, now_ms])?;
        self.conn
            .prepare_cached("UPDATE worker_accounts SET active_ms = ?2 WHERE worker = ?1 AND active_ms < ?2 - 3600000")?
            .execute(params![worker.0, now_ms])?;
        Ok(())
    }

    /// Ends one session.
    pub fn remove_session(&mut self, digest: &[u8]) -> Result<(), StorageError> {
        self.conn.prepare_cached("DELETE FROM sessions WHERE digest = ?1")?.execute([digest])?;
        Ok(())
    }

    /// Ends all sessions of a worker but one.
    pub fn remove_sessions(&mut self, worker: WorkerKey, but: Option<&[u8]>) -> Result<usize, StorageError> {
        let mut statement =
            self.conn.prepare_cached("DELETE FROM sessions WHERE worker = ?1 AND (?2 IS NULL OR digest <> ?2)")?;
        Ok(statement.execute(params![worker.0, but])?)
    }

    /// Throws away sessions last used before, or begun before, these times, and invitations that are over.
    pub fn remove_stale(&mut self, seen_ms: i64, begun_ms: i64, now_ms: i64) -> Result<(), StorageError> {
        self.conn
            .prepare_cached("DELETE FROM sessions WHERE seen_ms <= ?1 OR begun_ms <= ?2")?
            .execute([seen_ms, begun_ms])?;
        self.conn.prepare_cached("DELETE FROM invitations WHERE expires_ms <= ?1")?.execute([now_ms])?;
        Ok(())
    }

    /// Writes down what the site is called, and where it is.
    pub fn save_site(&mut self, site: &SiteRow) -> Result<(), StorageError> {
        self.conn
            .prepare_cached(
                "INSERT INTO site (id, name, url, retention) VALUES (1, ?1, ?2, ?3) ON CONFLICT (id) DO UPDATE
                 SET name = excluded.name, url = excluded.url, retention = excluded.retention",
            )?
            .execute(params![site.name, site.url, site.retention])?;
        Ok(())
    }
}
