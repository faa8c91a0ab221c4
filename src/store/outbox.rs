//! Decisions on their way: claiming, taking back, sending now, and reading them.

use super::audit::{By, log, request};
use super::row::{ENTRY_COLUMNS, ENTRY_WIDTH, FAILED, MAYBE, SENDING, STAGED, UNDONE, UNKNOWN, entry};
use super::{Reader, Store, StoreError};
use crate::domain::decision::{DecisionId, OutboxEntry, OutboxState};
use crate::domain::time::Millis;
use rusqlite::{Connection, OptionalExtension, Transaction};

/// A decision in the hands of the sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The decision: `Sending` if its request is to leave, `Unknown` if its state is to be read.
    pub entry: OutboxEntry,
    /// When its request left for the first time.
    pub first_sent: Option<Millis>,
    /// Unlucky tries in a row, for the length of the next back-off.
    pub tries: u32,
}

/// How a decision is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undone {
    /// By the person's undo.
    Undo,
    /// Thrown out of the outbox.
    Discard,
}

pub(super) fn next_rev(connection: &Connection) -> Result<i64, StoreError> {
    let mut find = connection.prepare_cached("SELECT coalesce(max(rev), 0) + 1 FROM outbox")?;
    Ok(find.query_row([], |row| row.get(0))?)
}

pub(super) fn read_entry(connection: &Connection, id: DecisionId) -> Result<OutboxEntry, StoreError> {
    let mut find = connection.prepare_cached(&format!("SELECT {ENTRY_COLUMNS} FROM outbox o WHERE o.id = ?1"))?;
    Ok(find.query_row([id.0], entry)?)
}

/// Takes up to `limit` decisions whose time has come, oldest first, at most one of each subject and never one that an
/// older one of the same subject stands before. Staged ones are Sending when this is committed.
pub(super) fn claim(transaction: &Transaction<'_>, by: By, limit: usize) -> Result<Vec<Claimed>, StoreError> {
    // The sum: SQLite looks at a limit that is a parameter by itself, and makes a new plan for each value of it.
    let mut find = transaction.prepare_cached(&format!(
        "SELECT {ENTRY_COLUMNS}, o.tries, o.first_sent FROM outbox o
         WHERE o.state IN (0, 2) AND o.due <= ?1 AND NOT EXISTS (
           SELECT 1 FROM outbox e WHERE e.target = o.target AND e.id < o.id AND e.state <= 2)
         ORDER BY o.due, o.id LIMIT ?2 + 0"
    ))?;
    let found = find.query_map((by.at.0, limit as i64), |row| {
        let first_sent = row.get::<_, Option<i64>>(ENTRY_WIDTH + 1)?.map(Millis);
        Ok(Claimed { entry: entry(row)?, first_sent, tries: row.get(ENTRY_WIDTH)? })
    })?;
    let mut found = found.collect::<Result<Vec<_>, _>>()?;
    if found.is_empty() {
        return Ok(found);
    }
    let rev = next_rev(transaction)?;
    let mut send = transaction.prepare_cached(
        "UPDATE outbox SET state = 1, attempts = attempts + 1, first_sent = coalesce(first_sent, ?2), changed = ?2,
           note = NULL, rev = ?3 WHERE id = ?1",
    )?;
    // Out of reach of the next claim until its outcome is written.
    let mut read = transaction.prepare_cached("UPDATE outbox SET due = ?2 WHERE id = ?1")?;
    for Claimed { entry, .. } in &mut found {
        if entry.state == OutboxState::Unknown {
            read.execute((entry.id.0, i64::MAX))?;
            continue;
        }
        send.execute((entry.id.0, by.at.0, rev))?;
        entry.state = OutboxState::Sending;
        entry.attempts += 1;
        entry.changed = by.at;
        entry.note = None;
        log(transaction, by, (entry.id, &entry.target), "sending", &request(entry))?;
    }
    Ok(found)
}

impl Store {
    /// What a dead sender left behind: its requests may have arrived, so that their subjects have to be read. Only the
    /// owner of the [`super::SenderLock`] may call this, before it claims anything.
    pub async fn recover(&self, at: Millis) -> Result<Vec<OutboxEntry>, StoreError> {
        let by = By { who: self.shared.who, at };
        self.shared
            .journal
            .write(move |transaction| {
                let mut find = transaction.prepare("SELECT id, state FROM outbox WHERE state IN (1, 2)")?;
                let found = find.query_map([], |row| Ok((DecisionId(row.get(0)?), row.get::<_, i64>(1)?)))?;
                let found = found.collect::<Result<Vec<_>, _>>()?;
                let rev = if found.is_empty() { 0 } else { next_rev(transaction)? };
                let mut update = transaction.prepare(
                    "UPDATE outbox SET state = ?2, due = ?3, rev = ?4, changed = iif(state = ?2, changed, ?3)
                     WHERE id = ?1",
                )?;
                let recover = |(id, state): (DecisionId, i64)| {
                    update.execute((id.0, UNKNOWN, at.0, rev))?;
                    let entry = read_entry(transaction, id)?;
                    if state == SENDING {
                        let words = "the sender ended before the answer came";
                        log(transaction, by, (id, &entry.target), "unknown", words)?;
                    }
                    Ok(entry)
                };
                found.into_iter().map(recover).collect()
            })
            .await
    }

    /// Takes staged decisions back; those that have left by then stay. Answers how each of them stands now.
    pub async fn undo(&self, ids: Vec<DecisionId>, how: Undone, at: Millis) -> Result<Vec<OutboxEntry>, StoreError> {
        let event = match how {
            Undone::Undo => "undone",
            Undone::Discard => "discarded",
        };
        let sql = "UPDATE outbox SET state = 5, changed = ?2, rev = ?3 WHERE id = ?1 AND state = 0";
        debug_assert_eq!((STAGED, UNDONE), (0, 5));
        self.change(ids, sql, (event, "taken back before it left"), at).await
    }

    /// Lets staged decisions leave now; none named: all of them. Answers how each of them stands now.
    pub async fn send_now(&self, ids: Vec<DecisionId>, at: Millis) -> Result<Vec<OutboxEntry>, StoreError> {
        let ids = if ids.is_empty() { self.staged_ids().await? } else { ids };
        let sql = "UPDATE outbox SET due = min(due, ?2), rev = ?3 WHERE id = ?1 AND state = 0";
        self.change(ids, sql, ("", ""), at).await
    }

    /// Stages failed decisions again, to leave at once. One whose subject has another live decision by now stays failed.
    pub async fn retry(&self, ids: Vec<DecisionId>, at: Millis) -> Result<Vec<OutboxEntry>, StoreError> {
        let sql = "UPDATE outbox SET state = 0, due = ?2, changed = ?2, reason = NULL, note = NULL, tries = 0, rev = ?3
           WHERE id = ?1 AND state = 4 AND NOT EXISTS (
             SELECT 1 FROM outbox e WHERE e.target = outbox.target AND e.state <= 2)";
        self.change(ids, sql, ("decided", "tried again"), at).await
    }

    async fn staged_ids(&self) -> Result<Vec<DecisionId>, StoreError> {
        self.reading(|reader| {
            let mut find = reader.connection.prepare_cached("SELECT id FROM outbox WHERE state = 0")?;
            let ids = find.query_map([], |row| Ok(DecisionId(row.get(0)?)))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn change(
        &self,
        ids: Vec<DecisionId>,
        sql: &'static str,
        (event, text): (&'static str, &'static str),
        at: Millis,
    ) -> Result<Vec<OutboxEntry>, StoreError> {
        let by = By { who: self.shared.who, at };
        self.shared
            .journal
            .write(move |transaction| {
                let rev = next_rev(transaction)?;
                let mut update = transaction.prepare_cached(sql)?;
                let mut entries = Vec::with_capacity(ids.len());
                for id in ids {
                    let changed = update.execute((id.0, at.0, rev))? > 0;
                    let Some(entry) = read_entry(transaction, id).map(Some).or_else(none_if_missing)? else { continue };
                    if changed && !event.is_empty() {
                        log(transaction, by, (id, &entry.target), event, text)?;
                    }
                    entries.push(entry);
                }
                Ok(entries)
            })
            .await
    }
}

fn none_if_missing(error: StoreError) -> Result<Option<OutboxEntry>, StoreError> {
    match error {
        StoreError::Sqlite(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
        other => Err(other),
    }
}

impl Reader {
    /// What is not settled, and what failed or may have been sent: what the desk opens with. Oldest first.
    pub fn open_entries(&self) -> Result<Vec<OutboxEntry>, StoreError> {
        debug_assert_eq!((FAILED, MAYBE), (4, 6));
        let live = format!("SELECT {ENTRY_COLUMNS} FROM outbox o WHERE o.state <= 2");
        let failed =
            format!("SELECT {ENTRY_COLUMNS} FROM outbox o WHERE o.state IN (4, 6) ORDER BY o.id DESC LIMIT 1000");
        let mut entries = self.entries(&live, [])?;
        entries.extend(self.entries(&failed, [])?);
        entries.sort_by_key(|entry| entry.id);
        Ok(entries)
    }

    /// The newest decisions of all, at most `limit`, newest first.
    pub fn recent_entries(&self, limit: u32) -> Result<Vec<OutboxEntry>, StoreError> {
        self.entries(&format!("SELECT {ENTRY_COLUMNS} FROM outbox o ORDER BY o.id DESC LIMIT ?1"), [limit])
    }

    /// One decision.
    pub fn entry(&self, id: DecisionId) -> Result<Option<OutboxEntry>, StoreError> {
        read_entry(&self.connection, id).map(Some).or_else(none_if_missing)
    }

    /// What has changed since the revision `after`, and the revision now. For those who did not make the change.
    pub fn entries_since(&self, after: i64) -> Result<(Vec<OutboxEntry>, i64), StoreError> {
        let now = next_rev(&self.connection)? - 1;
        let query = format!("SELECT {ENTRY_COLUMNS} FROM outbox o WHERE o.rev > ?1 ORDER BY o.id");
        Ok((self.entries(&query, [after])?, now))
    }

    /// The decisions that are not settled: staged, sending, unknown.
    pub fn unsettled(&self) -> Result<u32, StoreError> {
        let mut count = self.connection.prepare_cached("SELECT count(*) FROM outbox WHERE state <= 2")?;
        Ok(count.query_row([], |row| row.get(0))?)
    }

    /// When the sender has something to do next: at once if a sender has something in hand (it may be dead), else the
    /// earliest time at which something can be claimed.
    pub fn next_due(&self) -> Result<Option<Millis>, StoreError> {
        let held = "SELECT 1 FROM outbox WHERE state IN (1, 2) AND (state = 1 OR due = ?1) LIMIT 1";
        if self.connection.prepare_cached(held)?.query_row([i64::MAX], |_| Ok(())).optional()?.is_some() {
            return Ok(Some(Millis(0)));
        }
        self.next_claim()
    }

    /// The earliest time at which something can be claimed.
    pub fn next_claim(&self) -> Result<Option<Millis>, StoreError> {
        let mut find = self.connection.prepare_cached(
            "SELECT due FROM outbox o WHERE state IN (0, 2) AND due < ?1 AND NOT EXISTS (
               SELECT 1 FROM outbox e WHERE e.target = o.target AND e.id < o.id AND e.state <= 2)
             ORDER BY due LIMIT 1",
        )?;
        Ok(find.query_row([i64::MAX], |row| row.get(0).map(Millis)).optional()?)
    }

    /// How many bonuses like this one are settled as paid: same worker, assignment, amount and reason.
    pub fn equal_bonuses_done(&self, like: &OutboxEntry) -> Result<u32, StoreError> {
        let crate::domain::decision::Decision::Bonus { worker, amount, reason } = &like.decision else { return Ok(0) };
        let mut count = self.connection.prepare_cached(
            "SELECT count(*) FROM outbox WHERE target = ?1 AND verb = 'bonus' AND worker = ?2 AND amount = ?3
             AND text = ?4 AND state = 3 AND id <> ?5",
        )?;
        let parameters = (like.target.to_string(), worker.as_str(), amount.as_cents(), reason, like.id.0);
        Ok(count.query_row(parameters, |row| row.get(0))?)
    }

    fn entries(&self, query: &str, parameters: impl rusqlite::Params) -> Result<Vec<OutboxEntry>, StoreError> {
        let mut find = self.connection.prepare_cached(query)?;
        let entries = find.query_map(parameters, entry)?.collect::<Result<_, _>>()?;
        Ok(entries)
    }
}

/// Whether the state is one in which the sender holds it.
pub(super) fn in_hand(state: &OutboxState) -> bool {
    matches!(state, OutboxState::Sending | OutboxState::Unknown)
}
