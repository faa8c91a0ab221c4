//! Workers and qualifications in the mirror: types, holders, requests, blocks; and what the journal knows of workers.

use super::row::id;
use super::{Reader, Store, StoreError};
use crate::domain::decision::{Decision, OutboxEntry, OutboxState, Target};
use crate::domain::id::{QualificationRequestId, QualificationTypeId, WorkerId};
use crate::domain::qualification::{
    HitUse, KnownType, Qualification, QualificationRequest, QualificationType, TypeStatus,
};
use crate::domain::time::{Millis, Seconds, Time};
use crate::domain::worker::WorkerBlock;
use crate::domain::worker_stats::Tally;
use rusqlite::{OptionalExtension, Row, Transaction, params};

impl Store {
    /// Keeps qualification types. Of the account's own, `whole` says that these are all of them.
    pub async fn put_types(&self, types: Vec<QualificationType>, own: bool, whole: bool) -> Result<(), StoreError> {
        let put = move |transaction: &Transaction<'_>| {
            if whole {
                let ids: Vec<&str> = types.iter().map(|it| it.id.as_str()).collect();
                let ids = serde_json::to_string(&ids).map_err(|error| StoreError::Damaged(error.to_string()))?;
                transaction.execute(
                    "DELETE FROM qualification_type WHERE own = ?1 AND id NOT IN (SELECT value FROM json_each(?2))",
                    (own, ids),
                )?;
            }
            for it in &types {
                put_type(transaction, it, own)?;
            }
            Ok(())
        };
        self.shared.mirror.write(put).await
    }

    /// Keeps who holds a type, and from whom it was taken, as read whole at `at`.
    pub async fn put_holders(
        &self,
        of: QualificationTypeId,
        holders: Vec<Qualification>,
        at: Millis,
    ) -> Result<(), StoreError> {
        let put = move |transaction: &Transaction<'_>| {
            transaction.execute("DELETE FROM qualification WHERE type = ?1", [of.as_str()])?;
            for it in &holders {
                put_qualification(transaction, it)?;
            }
            transaction.execute("UPDATE qualification_type SET read_at = ?2 WHERE id = ?1", (of.as_str(), at.0))?;
            Ok(())
        };
        self.shared.mirror.write(put).await
    }

    /// Keeps the requests that wait: these are all of them.
    pub async fn put_requests(&self, requests: Vec<QualificationRequest>) -> Result<(), StoreError> {
        let put = move |transaction: &Transaction<'_>| {
            transaction.execute("DELETE FROM qualification_request", [])?;
            let mut insert = transaction.prepare_cached(
                "INSERT OR REPLACE INTO qualification_request (id, type, worker, test, answer, submitted)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for it in &requests {
                let submitted = it.submitted.map(|time| time.0);
                let (id, of, worker) = (it.id.as_str(), it.type_id.as_str(), it.worker.as_str());
                insert.execute((id, of, worker, &it.test, &it.answer, submitted))?;
            }
            Ok(())
        };
        self.shared.mirror.write(put).await
    }

    /// Keeps the blocks: these are all of them.
    pub async fn put_blocks(&self, blocks: Vec<WorkerBlock>) -> Result<(), StoreError> {
        let put = move |transaction: &Transaction<'_>| {
            transaction.execute("DELETE FROM block", [])?;
            let mut insert = transaction.prepare_cached("INSERT OR REPLACE INTO block VALUES (?1, ?2)")?;
            for it in &blocks {
                insert.execute((it.worker.as_str(), &it.reason))?;
            }
            Ok(())
        };
        self.shared.mirror.write(put).await
    }

    /// Notes what decisions about workers and qualifications have changed, `at` on the endpoint's clock. Types are read
    /// again by whoever sends: the request tells less than the answer.
    pub async fn put_carried_out(&self, done: Vec<OutboxEntry>, at: Time) -> Result<(), StoreError> {
        let put = move |transaction: &Transaction<'_>| {
            for entry in done.iter().filter(|entry| entry.state == OutboxState::Done) {
                carried_out(transaction, entry, at)?;
            }
            Ok(())
        };
        self.shared.mirror.write(put).await
    }

    /// Keeps a note on a worker (empty removes it).
    pub async fn note_worker(&self, worker: WorkerId, text: String, at: Millis) -> Result<(), StoreError> {
        let who = self.shared.who;
        let put = move |transaction: &Transaction<'_>| {
            if text.trim().is_empty() {
                transaction.execute("DELETE FROM worker_note WHERE worker = ?1", [worker.as_str()])?;
            } else {
                let sql = "INSERT OR REPLACE INTO worker_note VALUES (?1, ?2, ?3, ?4)";
                transaction.execute(sql, (worker.as_str(), text, who, at.0))?;
            }
            Ok(())
        };
        self.shared.journal.write(put).await
    }
}

fn put_type(transaction: &Transaction<'_>, it: &QualificationType, own: bool) -> Result<(), StoreError> {
    let mut put = transaction.prepare_cached(
        "INSERT INTO qualification_type (id, own, created, name, description, keywords, status, test, test_duration,
           answer_key, retry_delay, requestable, auto_granted)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (id) DO UPDATE SET own = ?2, created = ?3, name = ?4, description = ?5, keywords = ?6, status = ?7,
           test = ?8, test_duration = ?9, answer_key = ?10, retry_delay = ?11, requestable = ?12, auto_granted = ?13",
    )?;
    put.execute(params![
        it.id.as_str(),
        own,
        it.created.0,
        it.name,
        it.description,
        it.keywords,
        TypeStatus::ALL.iter().position(|status| *status == it.status).unwrap_or_default() as i64,
        it.test,
        it.test_duration.map(|time| time.0),
        it.answer_key,
        it.retry_delay.map(|time| time.0),
        it.requestable,
        it.auto_granted,
    ])?;
    Ok(())
}

fn put_qualification(transaction: &Transaction<'_>, it: &Qualification) -> Result<(), StoreError> {
    let mut put = transaction.prepare_cached("INSERT OR REPLACE INTO qualification VALUES (?1, ?2, ?3, ?4, ?5)")?;
    let granted = it.granted.map(|time| time.0);
    put.execute((it.type_id.as_str(), it.worker.as_str(), granted, it.score, it.revoked))?;
    Ok(())
}

fn carried_out(transaction: &Transaction<'_>, entry: &OutboxEntry, at: Time) -> Result<(), StoreError> {
    match (&entry.target, &entry.decision) {
        (Target::Worker(worker), Decision::Block { reason }) => {
            transaction.execute("INSERT OR REPLACE INTO block VALUES (?1, ?2)", (worker.as_str(), reason))?;
        }
        (Target::Worker(worker), Decision::Unblock { .. }) => {
            transaction.execute("DELETE FROM block WHERE worker = ?1", [worker.as_str()])?;
        }
        (Target::Qualification(of, worker), Decision::Grant { score, .. }) => {
            let (type_id, worker) = (of.clone(), worker.clone());
            let it = Qualification { type_id, worker, granted: Some(at), score: Some(*score), revoked: false };
            put_qualification(transaction, &it)?;
        }
        (Target::Qualification(of, worker), Decision::Revoke { .. }) => {
            let sql = "UPDATE qualification SET revoked = 1 WHERE type = ?1 AND worker = ?2";
            transaction.execute(sql, (of.as_str(), worker.as_str()))?;
        }
        (Target::Request(request), Decision::AcceptRequest { score }) => {
            let sql = "INSERT OR REPLACE INTO qualification
                SELECT type, worker, ?2, ?3, 0 FROM qualification_request WHERE id = ?1";
            transaction.execute(sql, (request.as_str(), at.0, score))?;
            transaction.execute("DELETE FROM qualification_request WHERE id = ?1", [request.as_str()])?;
        }
        (Target::Request(request), Decision::RejectRequest { .. }) => {
            transaction.execute("DELETE FROM qualification_request WHERE id = ?1", [request.as_str()])?;
        }
        (Target::Type(of), Decision::DeleteType) => {
            transaction.execute("DELETE FROM qualification_type WHERE id = ?1", [of.as_str()])?;
            transaction.execute("DELETE FROM qualification WHERE type = ?1", [of.as_str()])?;
        }
        _ => {}
    }
    Ok(())
}

const TYPE_COLUMNS: &str =
    "t.id, t.own, t.created, t.name, t.description, t.keywords, t.status, t.test, t.test_duration,
    t.answer_key, t.retry_delay, t.requestable, t.auto_granted, t.read_at,
    (SELECT count(*) FROM qualification q WHERE q.type = t.id AND q.revoked = 0),
    (SELECT count(*) FROM qualification_request r WHERE r.type = t.id)";

fn stored_type(row: &Row<'_>) -> rusqlite::Result<KnownType> {
    let status: i64 = row.get(6)?;
    let status = usize::try_from(status).ok().and_then(|at| TypeStatus::ALL.get(at).copied());
    let it = QualificationType {
        id: id(row, 0, QualificationTypeId::parse)?,
        created: Time(row.get(2)?),
        name: row.get(3)?,
        description: row.get(4)?,
        keywords: row.get(5)?,
        status: status.unwrap_or(TypeStatus::Inactive),
        test: row.get(7)?,
        test_duration: row.get::<_, Option<i64>>(8)?.map(Seconds),
        answer_key: row.get(9)?,
        retry_delay: row.get::<_, Option<i64>>(10)?.map(Seconds),
        requestable: row.get(11)?,
        auto_granted: row.get(12)?,
    };
    let read_at = row.get::<_, Option<i64>>(13)?.map(Millis);
    Ok(KnownType { it, own: row.get(1)?, holders: row.get(14)?, requests: row.get(15)?, read_at })
}

fn qualification(row: &Row<'_>) -> rusqlite::Result<Qualification> {
    Ok(Qualification {
        type_id: id(row, 0, QualificationTypeId::parse)?,
        worker: id(row, 1, WorkerId::parse)?,
        granted: row.get::<_, Option<i64>>(2)?.map(Time),
        score: row.get(3)?,
        revoked: row.get(4)?,
    })
}

impl Reader {
    /// The qualification types, own ones first, by name.
    pub fn types(&self) -> Result<Vec<KnownType>, StoreError> {
        let sql = format!("SELECT {TYPE_COLUMNS} FROM qualification_type t ORDER BY t.own DESC, t.name, t.id");
        let mut find = self.connection.prepare_cached(&sql)?;
        Ok(find.query_map([], stored_type)?.collect::<Result<_, _>>()?)
    }

    /// One qualification type.
    pub fn qualification_type(&self, of: &QualificationTypeId) -> Result<Option<KnownType>, StoreError> {
        let sql = format!("SELECT {TYPE_COLUMNS} FROM qualification_type t WHERE t.id = ?1");
        Ok(self.connection.prepare_cached(&sql)?.query_row([of.as_str()], stored_type).optional()?)
    }

    /// Who holds a type, and from whom it was taken, by worker.
    pub fn holders(&self, of: &QualificationTypeId) -> Result<Vec<Qualification>, StoreError> {
        let sql = "SELECT type, worker, granted, score, revoked FROM qualification WHERE type = ?1 ORDER BY worker";
        let mut find = self.connection.prepare_cached(sql)?;
        Ok(find.query_map([of.as_str()], qualification)?.collect::<Result<_, _>>()?)
    }

    /// What all workers hold, or held: by worker, then type.
    pub fn qualifications(&self) -> Result<Vec<Qualification>, StoreError> {
        let sql = "SELECT type, worker, granted, score, revoked FROM qualification ORDER BY worker, type";
        let mut find = self.connection.prepare_cached(sql)?;
        Ok(find.query_map([], qualification)?.collect::<Result<_, _>>()?)
    }

    /// The requests that wait, oldest first.
    pub fn requests(&self) -> Result<Vec<QualificationRequest>, StoreError> {
        let sql = "SELECT id, type, worker, test, answer, submitted FROM qualification_request ORDER BY submitted, id";
        let mut find = self.connection.prepare_cached(sql)?;
        let requests = find.query_map([], |row| {
            Ok(QualificationRequest {
                id: id(row, 0, QualificationRequestId::parse)?,
                type_id: id(row, 1, QualificationTypeId::parse)?,
                worker: id(row, 2, WorkerId::parse)?,
                test: row.get(3)?,
                answer: row.get(4)?,
                submitted: row.get::<_, Option<i64>>(5)?.map(Time),
            })
        })?;
        Ok(requests.collect::<Result<_, _>>()?)
    }

    /// The workers who have worked here, and how their work was decided, by worker.
    pub fn records(&self) -> Result<Vec<(WorkerId, Tally)>, StoreError> {
        let mut find = self.connection.prepare_cached(
            "SELECT w.id, count(*) FILTER (WHERE a.status = 2), count(*) FILTER (WHERE a.status = 1)
             FROM assignment a JOIN worker w ON w.key = a.worker GROUP BY w.id ORDER BY w.id",
        )?;
        let records = find.query_map([], |row| {
            Ok((id(row, 0, WorkerId::parse)?, Tally { approved: row.get(1)?, rejected: row.get(2)? }))
        })?;
        Ok(records.collect::<Result<_, _>>()?)
    }

    /// The blocked workers, by worker.
    pub fn blocks(&self) -> Result<Vec<WorkerBlock>, StoreError> {
        let mut find = self.connection.prepare_cached("SELECT worker, reason FROM block ORDER BY worker")?;
        let blocks =
            find.query_map([], |row| Ok(WorkerBlock { worker: id(row, 0, WorkerId::parse)?, reason: row.get(1)? }))?;
        Ok(blocks.collect::<Result<_, _>>()?)
    }

    /// The HITs that require qualifications, those of one title together; deleted ones left out.
    pub fn hit_uses(&self) -> Result<Vec<HitUse>, StoreError> {
        let mut find = self.connection.prepare_cached(
            "SELECT title, count(*), requirements FROM hit WHERE requirements <> '' AND gone = 0
             GROUP BY title, requirements ORDER BY max(created) DESC, title",
        )?;
        let uses = find.query_map([], |row| {
            let lines: String = row.get(2)?;
            let requirements = lines.lines().map(str::to_owned).collect();
            Ok(HitUse { title: row.get(0)?, hits: row.get(1)?, requirements })
        })?;
        Ok(uses.collect::<Result<_, _>>()?)
    }

    /// The notes on workers.
    pub fn worker_notes(&self) -> Result<Vec<(WorkerId, String)>, StoreError> {
        let mut find = self.connection.prepare_cached("SELECT worker, text FROM worker_note ORDER BY worker")?;
        Ok(find.query_map([], |row| Ok((id(row, 0, WorkerId::parse)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
    }
}
