//! What workers earned, and what of it they have been given. Nothing here moves money of requesters: that left their accounts when
//! the work was approved.

use rusqlite::{OptionalExtension, Row, params};

use super::{Change, StorageError, View, WorkerKey};
use crate::domain::money::Usd;
use crate::domain::time::Time;

/// A place in the ledger: everything up to this line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LedgerPlace(pub i64);

/// What one worker earned in a part of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayLine {
    /// The row.
    pub key: WorkerKey,
    /// `WorkerId`.
    pub worker: String,
    /// The sum of rewards.
    pub rewards: Usd,
    /// How many.
    pub works: u32,
    /// The sum of bonuses.
    pub bonuses: Usd,
    /// How many.
    pub extras: u32,
}

impl PayLine {
    /// All of it.
    pub fn total(&self) -> Usd {
        self.rewards + self.bonuses
    }

    /// Whose it is and how much, as bytes that tell it from anything else.
    pub fn digits(&self) -> [[u8; 8]; 3] {
        [self.key.0, self.rewards.as_cents(), self.bonuses.as_cents()].map(i64::to_le_bytes)
    }
}

/// A pay-out that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payout {
    /// The last line of the ledger that is in it.
    pub upto: LedgerPlace,
    /// What it is called.
    pub code: String,
    /// When it was marked as paid, in wall time.
    pub paid_ms: i64,
}

/// One earning of a worker: a reward or a bonus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earning {
    /// Its line of the ledger.
    pub place: LedgerPlace,
    /// When, in the market's time.
    pub at: Time,
    /// Whether it is a bonus, and no reward.
    pub is_bonus: bool,
    /// How much.
    pub amount: Usd,
    /// Who paid it.
    pub requester: String,
    /// The HIT's title.
    pub title: String,
    /// `HITId`
    pub hit: String,
    /// `AssignmentId`
    pub assignment: String,
}

const SUMS: &str = "SELECT w.id, w.worker_id, coalesce(sum(l.amount) FILTER (WHERE l.kind = 3), 0),
    count(*) FILTER (WHERE l.kind = 3), coalesce(sum(l.amount) FILTER (WHERE l.kind = 4), 0), count(*) FILTER (WHERE l.kind = 4)";

fn earned(row: &Row<'_>, from: usize) -> rusqlite::Result<PayLine> {
    Ok(PayLine {
        key: WorkerKey(row.get(from)?),
        worker: row.get(from + 1)?,
        rewards: Usd::cents(row.get(from + 2)?),
        works: row.get(from + 3)?,
        bonuses: Usd::cents(row.get(from + 4)?),
        extras: row.get(from + 5)?,
    })
}

fn payout(row: &Row<'_>) -> rusqlite::Result<Payout> {
    Ok(Payout { upto: LedgerPlace(row.get(0)?), code: row.get(1)?, paid_ms: row.get(2)? })
}

impl View<'_> {
    /// The last pay-out.
    pub fn last_payout(&self) -> Result<Option<Payout>, StorageError> {
        let sql = "SELECT upto, code, paid_ms FROM payouts ORDER BY upto DESC LIMIT 1";
        Ok(self.conn.prepare_cached(sql)?.query_row([], payout).optional()?)
    }

    /// All pay-outs, the first one first.
    pub fn payouts(&self) -> Result<Vec<Payout>, StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT upto, code, paid_ms FROM payouts ORDER BY upto")?;
        let rows = statement.query_map([], payout)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The last line of the ledger by which a worker earned something.
    pub fn last_earning(&self) -> Result<LedgerPlace, StorageError> {
        let sql = "SELECT id FROM ledger WHERE kind IN (3, 4) ORDER BY id DESC LIMIT 1";
        let last = self.conn.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?;
        Ok(LedgerPlace(last.unwrap_or(0)))
    }

    /// What each worker earned behind one line of the ledger, up to another one, by `WorkerId`.
    pub fn payable(&self, after: LedgerPlace, upto: LedgerPlace) -> Result<Vec<PayLine>, StorageError> {
        // The ledger is read in its own order, and not by the index of what was earned.
        let sql = format!(
            "{SUMS} FROM ledger l NOT INDEXED CROSS JOIN assignments a ON a.id = l.assignment JOIN workers w ON w.id = a.worker
             WHERE l.id > ?1 AND l.id <= ?2 AND l.kind IN (3, 4) GROUP BY w.id ORDER BY w.worker_id"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map([after.0, upto.0], |row| earned(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What one worker earned behind a line of the ledger; none who earned nothing.
    pub fn payable_to(&self, worker: WorkerKey, after: LedgerPlace) -> Result<Option<PayLine>, StorageError> {
        let sql = format!(
            "{SUMS} FROM assignments a JOIN workers w ON w.id = a.worker JOIN ledger l ON l.assignment = a.id
             WHERE a.worker = ?1 AND l.id > ?2 AND l.kind IN (3, 4) GROUP BY w.id"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        Ok(statement.query_row([worker.0, after.0], |row| earned(row, 0)).optional()?)
    }

    /// The earnings of a worker behind one line of the ledger, up to another one, in order.
    pub fn earnings(
        &self,
        worker: WorkerKey,
        after: LedgerPlace,
        upto: LedgerPlace,
    ) -> Result<Vec<Earning>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT l.id, l.at, l.kind = 4, l.amount, r.name, t.title, h.hit_id, a.assignment_id
             FROM assignments a JOIN ledger l ON l.assignment = a.id JOIN requesters r ON r.id = l.requester
             JOIN hits h ON h.id = a.hit JOIN hit_types t ON t.id = h.type
             WHERE a.worker = ?1 AND l.id > ?2 AND l.id <= ?3 AND l.kind IN (3, 4) ORDER BY l.id",
        )?;
        let rows = statement.query_map([worker.0, after.0, upto.0], |row| {
            Ok(Earning {
                place: LedgerPlace(row.get(0)?),
                at: Time(row.get(1)?),
                is_bonus: row.get(2)?,
                amount: Usd::cents(row.get(3)?),
                requester: row.get(4)?,
                title: row.get(5)?,
                hit: row.get(6)?,
                assignment: row.get(7)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What a pay-out gave, by `WorkerId`.
    pub fn payout_lines(&self, of: LedgerPlace) -> Result<Vec<PayLine>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT w.id, w.worker_id, p.rewards, p.works, p.bonuses, p.extras FROM payout_lines p
             JOIN workers w ON w.id = p.worker WHERE p.payout = ?1 ORDER BY w.worker_id",
        )?;
        let rows = statement.query_map([of.0], |row| earned(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The pay-outs to a worker, the latest first.
    pub fn payouts_to(&self, worker: WorkerKey) -> Result<Vec<(Payout, PayLine)>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT o.upto, o.code, o.paid_ms, w.id, w.worker_id, p.rewards, p.works, p.bonuses, p.extras
             FROM payout_lines p JOIN payouts o ON o.upto = p.payout JOIN workers w ON w.id = p.worker
             WHERE p.worker = ?1 ORDER BY o.upto DESC",
        )?;
        let rows = statement.query_map([worker.0], |row| Ok((payout(row)?, earned(row, 3)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Change<'_> {
    /// Writes down that workers have been given what they earned.
    pub fn add_payout(&mut self, payout: &Payout, lines: &[PayLine]) -> Result<(), StorageError> {
        self.conn.prepare_cached("INSERT INTO payouts (upto, code, paid_ms) VALUES (?1, ?2, ?3)")?.execute(params![
            payout.upto.0,
            payout.code,
            payout.paid_ms
        ])?;
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO payout_lines (worker, payout, rewards, works, bonuses, extras) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        for line in lines {
            statement.execute(params![
                line.key.0,
                payout.upto.0,
                line.rewards.as_cents(),
                line.works,
                line.bonuses.as_cents(),
                line.extras
            ])?;
        }
        Ok(())
    }
}
