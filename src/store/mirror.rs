//! Writing what the endpoint says into the mirror.

use super::additions::Additions;
use super::answers::{keep_answer, keep_question};
use super::row::{
    ASSIGNMENT_COLUMNS, HIT_COLUMNS, HIT_WIDTH, NEVER, assignment_row, decider_code, hit_row, hit_status_code, id,
    person_decider, stamp, status_code,
};
use super::{PATIENCE, Store, StoreError};
use crate::domain::assignment::{Assignment, AssignmentStatus};
use crate::domain::batch;
use crate::domain::hit::Hit;
use crate::domain::id::{AssignmentId, HitId, WorkerId};
use crate::domain::key::{AssignmentKey, HitKey, WorkerKey};
use crate::domain::pack::Packed;
use crate::domain::row::{AssignmentRow, Decider, HitRow, WorkerRow};
use crate::domain::time::{Millis, Time};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// The system types of Masters, production and sandbox.
const MASTERS: [&str; 2] = ["2F1QJWKUDD8XADTFD2Q0G6UTO95ALH", "2ARFPLSP75KLA8M8DH1HTEQVJT3SY6"];

/// What the store keeps of a decoded answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnswerIndex {
    /// The answer in one line.
    pub summary: String,
    /// Name and value as text, in document order.
    pub fields: Vec<(String, String)>,
}

/// What was read of one HIT.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The HIT.
    pub hit: Hit,
    /// Assignments of it; not necessarily all.
    pub assignments: Vec<(Assignment, AnswerIndex)>,
    /// Whether these are all its assignments, and when they were asked for.
    pub complete: Option<Millis>,
}

/// Rows that have changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// HITs.
    pub hits: Vec<HitRow>,
    /// Workers that were not there before.
    pub workers: Vec<WorkerRow>,
    /// Assignments.
    pub assignments: Vec<AssignmentRow>,
    /// More assignments, in packs.
    pub packed: Packed,
    /// HITs the endpoint no longer has.
    pub gone: Vec<HitKey>,
    /// Another process has written to the mirror since the last time: there may be more than is told here.
    pub others_wrote: bool,
}

/// A decision of this store that the endpoint has carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedOut {
    /// Of which assignment.
    pub id: AssignmentId,
    /// What it is now.
    pub status: AssignmentStatus,
    /// When, on the endpoint's clock.
    pub at: Time,
    /// By whom.
    pub who: String,
    /// What the worker reads.
    pub feedback: Option<String>,
}

/// What the mirror knows of the assignments of a HIT, for deciding whether to read them again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HitCounts {
    /// Submitted and undecided.
    pub undecided: u32,
    /// Approved or rejected.
    pub decided: u32,
    /// The endpoint's counters (pending, available, completed) when all assignments were last read.
    pub read: Option<(u32, u32, u32)>,
}

impl Store {
    /// Writes what was read, in one transaction. A decision that the mirror knows is never taken back by an older page.
    pub async fn put(&self, fetched: Vec<Fetched>) -> Result<Changes, StoreError> {
        let shared = self.shared.clone();
        self.shared
            .mirror
            .write(move |transaction| {
                let mut changes =
                    Changes { others_wrote: others_wrote(transaction, &shared.seen)?, ..Changes::default() };
                let mut additions = Additions::default();
                for one in &fetched {
                    put(transaction, one, &mut changes, &mut additions)?;
                }
                additions.write(transaction)?;
                Ok(changes)
            })
            .await
    }

    /// Notes that decisions of this store were carried out.
    pub async fn put_decided(&self, decided: Vec<CarriedOut>) -> Result<Changes, StoreError> {
        self.shared
            .mirror
            .write(move |transaction| {
                let mut changes = Changes::default();
                let mut person = transaction.prepare_cached("SELECT id FROM people WHERE name = ?1")?;
                let mut update = transaction.prepare_cached(
                    "UPDATE assignment SET status = ?2, decider = ?3, decided = iif(status = ?2 AND decided > 0, decided, ?4),
                       feedback = coalesce(?5, feedback)
                     WHERE id = ?1 AND status <= ?2",
                )?;
                for one in decided {
                    let by: Option<i64> = person.query_row([one.who], |row| row.get(0)).optional()?;
                    let by = decider_code(by.map_or(Decider::Unknown, person_decider));
                    let id = one.id.as_str();
                    if update.execute((id, status_code(one.status), by, one.at.0, one.feedback))? > 0 {
                        changes.assignments.extend(read_assignment(transaction, id)?);
                    }
                }
                Ok(changes)
            })
            .await
    }

    /// Notes that the endpoint no longer has these HITs.
    pub async fn put_gone(&self, gone: Vec<HitId>) -> Result<Changes, StoreError> {
        self.shared
            .mirror
            .write(move |transaction| {
                let mut changes = Changes::default();
                for id in gone {
                    let sql = "UPDATE hit SET gone = 1, status = ?2 WHERE id = ?1 AND gone = 0 RETURNING key";
                    let disposed = hit_status_code(crate::domain::hit::HitStatus::Disposed);
                    let key: Option<u32> = transaction
                        .prepare_cached(sql)?
                        .query_row((id.as_str(), disposed), |row| row.get(0))
                        .optional()?;
                    if let Some(key) = key {
                        transaction.execute("UPDATE assignment SET gone = 1 WHERE hit = ?1", [key])?;
                        changes.gone.push(HitKey(key));
                    }
                }
                Ok(changes)
            })
            .await
    }
}

impl Store {
    /// Gives back what a great deal of writing has taken: the write-ahead log on the disk, the pages in memory.
    pub async fn tidy(&self) -> Result<(), StoreError> {
        self.shared
            .mirror
            .run(|connection| {
                // A reader in the middle of something is not waited for: the log is cut when it next starts over.
                connection.busy_timeout(Duration::ZERO)?;
                let cut = connection.query_row("PRAGMA main.wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
                connection.busy_timeout(PATIENCE)?;
                cut?;
                connection.release_memory()?;
                Ok(())
            })
            .await
    }
}

/// Whether another connection has written to the mirror since this one last looked.
fn others_wrote(connection: &Connection, seen: &AtomicI64) -> Result<bool, StoreError> {
    let now: i64 = connection.query_row("PRAGMA main.data_version", [], |row| row.get(0))?;
    let before = seen.swap(now, Ordering::Relaxed);
    Ok(before != 0 && before != now)
}

fn put(
    transaction: &Transaction<'_>,
    fetched: &Fetched,
    changes: &mut Changes,
    additions: &mut Additions,
) -> Result<(), StoreError> {
    let hit = put_hit(transaction, &fetched.hit, changes)?;
    for (assignment, index) in &fetched.assignments {
        put_assignment(transaction, hit, assignment, index, (changes, additions))?;
    }
    if let Some(at) = fetched.complete {
        let it = &fetched.hit;
        transaction
            .prepare_cached(
                "UPDATE hit SET read_at = ?2, read_pending = ?3, read_available = ?4, read_completed = ?5 WHERE key = ?1",
            )?
            .execute((hit, at.0, it.pending, it.available, it.completed))?;
    }
    Ok(())
}

pub(super) fn put_hit(transaction: &Transaction<'_>, hit: &Hit, changes: &mut Changes) -> Result<u32, StoreError> {
    let mut find = transaction.prepare_cached(&format!("SELECT {HIT_COLUMNS}, gone FROM hit WHERE id = ?1"))?;
    let known =
        find.query_row([hit.id.as_str()], |row| Ok((hit_row(row)?, row.get::<_, bool>(HIT_WIDTH)?))).optional()?;
    if let Some((known, false)) = &known
        && *known == row_of(hit, known.key)
    {
        return Ok(known.key.0);
    }
    let requirements: Vec<String> = hit.requirements.iter().map(requirement_text).collect();
    let values = params![
        hit.id.as_str(),
        hit.type_id.as_str(),
        hit.group.as_ref().map(|group| group.as_str()),
        hit.title,
        batch::name_of(hit.annotation.as_deref(), &hit.title),
        hit.description,
        hit.keywords,
        hit.annotation,
        requirements.join("\n"),
        keep_question(transaction, &hit.question)?,
        hit_status_code(hit.status),
        hit.review_status.name(),
        hit.reward.as_cents(),
        hit.created.0,
        hit.expires.0,
        hit.duration.0,
        hit.auto_approval_delay.0,
        hit.max_assignments,
        hit.pending,
        hit.available,
        hit.completed,
        is_masters(hit),
    ];
    let mut write = transaction.prepare_cached(
        "INSERT INTO hit (id, type_id, group_id, title, batch, description, keywords, annotation, requirements, question,
           status, review_status, reward, created, expires, duration, delay, maximum, pending, available, completed, masters)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)
         ON CONFLICT (id) DO UPDATE SET (type_id, group_id, title, batch, description, keywords, annotation, requirements,
           question, status, review_status, reward, created, expires, duration, delay, maximum, pending, available,
           completed, masters, gone) = (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
           ?20, ?21, ?22, 0)
         RETURNING key",
    )?;
    let key: i64 = write.query_row(values, |row| row.get(0))?;
    let key = u32::try_from(key).map_err(|_| StoreError::Keys)?;
    changes.hits.push(row_of(hit, HitKey(key)));
    Ok(key)
}

fn requirement_text(requirement: &crate::domain::hit::Requirement) -> String {
    let integers = requirement.integers.iter().map(ToString::to_string);
    let values: Vec<String> = integers.chain(requirement.locales.iter().cloned()).collect();
    let values = values.join(",");
    format!("{} {} {values} {}", requirement.qualification, requirement.comparator, requirement.guards)
}

fn is_masters(hit: &Hit) -> bool {
    hit.requirements.iter().any(|requirement| MASTERS.contains(&requirement.qualification.as_str()))
}

fn row_of(hit: &Hit, key: HitKey) -> HitRow {
    HitRow {
        key,
        id: hit.id.clone(),
        type_id: hit.type_id.clone(),
        title: hit.title.as_str().into(),
        batch: batch::name_of(hit.annotation.as_deref(), &hit.title).into(),
        status: hit.status,
        reward: hit.reward,
        created: hit.created,
        expires: hit.expires,
        auto_approval_delay: hit.auto_approval_delay,
        max_assignments: hit.max_assignments,
        pending: hit.pending,
        available: hit.available,
        completed: hit.completed,
        masters: is_masters(hit),
    }
}

pub(super) fn put_assignment(
    transaction: &Transaction<'_>,
    hit: u32,
    it: &Assignment,
    index: &AnswerIndex,
    (changes, additions): (&mut Changes, &mut Additions),
) -> Result<(), StoreError> {
    let mut find =
        transaction.prepare_cached("SELECT status, feedback, submitted, key, noted FROM assignment WHERE id = ?1")?;
    let known = find.query_row([it.id.as_str()], |row| {
        let was = (row.get::<_, i64>(0)?, row.get::<_, Option<String>>(1)?, row.get::<_, i64>(2)?);
        Ok((was, (row.get::<_, i64>(3)?, row.get::<_, bool>(4)?)))
    });
    let known = known.optional()?;
    let status = status_code(it.status);
    let submitted = it.submitted.map_or(0, |time| time.0);
    // Submitted < Rejected < Approved: an older page never takes a decision back.
    if let Some(((old, feedback, was_submitted), _)) = &known
        && (*old > status || (*old == status && *feedback == it.feedback && *was_submitted == submitted))
    {
        return Ok(());
    }
    let worker = keep_worker(transaction, &it.worker, changes)?;
    let by = if it.status == AssignmentStatus::Submitted { Decider::Unknown } else { decider(transaction, it)? };
    let decided = match it.status {
        AssignmentStatus::Approved => it.approved,
        AssignmentStatus::Rejected => it.rejected,
        AssignmentStatus::Submitted => None,
    };
    let summary: String = index.summary.chars().take(80).collect();
    let answer = keep_answer(transaction, &it.answer, index, additions)?;
    let auto = it.auto_approval.map_or(NEVER, |time| time.0.min(NEVER));
    let decided = decided.map_or(0, |time| time.0);
    let accepted = it.accepted.map_or(0, |time| time.0);
    let id = it.id.as_str();
    let by_code = decider_code(by);
    let values =
        params![hit, worker, status, by_code, accepted, submitted, auto, decided, summary, answer, id, it.feedback];
    // Two statements and not one with ON CONFLICT and RETURNING, which would be prepared to be taken back by itself.
    let (key, noted) = match known {
        Some((_, known)) => {
            let update =
                "UPDATE assignment SET (hit, worker, status, decider, accepted, submitted, auto, decided, summary,
                answer, feedback) = (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?12) WHERE id = ?11";
            transaction.prepare_cached(update)?.execute(values)?;
            known
        }
        None => {
            let insert =
                "INSERT INTO assignment (hit, worker, status, decider, noted, accepted, submitted, auto, decided,
                summary, answer, id, feedback) VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
            transaction.prepare_cached(insert)?.execute(values)?;
            additions.count(it.status);
            let key = transaction.last_insert_rowid();
            (key, take_over_note(transaction, key, id)?)
        }
    };
    changes.assignments.push(AssignmentRow {
        key: AssignmentKey(u32::try_from(key).map_err(|_| StoreError::Keys)?),
        hit: HitKey(hit),
        worker: WorkerKey(worker),
        status: it.status,
        by,
        noted,
        accepted: stamp(accepted),
        submitted: stamp(submitted),
        auto_approval: stamp(auto),
        decided: stamp(decided),
        summary: summary.into(),
    });
    Ok(())
}

/// Whether there is a note on it already: the mirror may have been thrown away, the notes never are.
fn take_over_note(transaction: &Transaction<'_>, key: i64, id: &str) -> Result<bool, StoreError> {
    let mut find = transaction.prepare_cached("SELECT EXISTS (SELECT 1 FROM note WHERE assignment = ?1)")?;
    let noted = find.query_row([id], |row| row.get(0))?;
    if noted {
        transaction.execute("UPDATE assignment SET noted = 1 WHERE key = ?1", [key])?;
    }
    Ok(noted)
}

/// Who decided it: whoever did so through this store, else the clock or somebody elsewhere.
fn decider(transaction: &Transaction<'_>, it: &Assignment) -> Result<Decider, StoreError> {
    let verbs =
        if it.status == AssignmentStatus::Rejected { "verb = 'reject'" } else { "verb IN ('approve', 'override')" };
    let mut find = transaction.prepare_cached(&format!(
        "SELECT who FROM outbox WHERE target = ?1 AND state = 3 AND {verbs} ORDER BY id DESC LIMIT 1"
    ))?;
    let who: Option<i64> = find.query_row([it.id.as_str()], |row| row.get(0)).optional()?;
    Ok(match who {
        Some(who) => person_decider(who),
        None if it.approved.is_some() && it.approved == it.auto_approval && it.feedback.is_none() => Decider::Clock,
        None => Decider::Elsewhere,
    })
}

fn keep_worker(connection: &Connection, worker: &WorkerId, changes: &mut Changes) -> Result<u32, StoreError> {
    let mut find = connection.prepare_cached("SELECT key FROM worker WHERE id = ?1")?;
    if let Some(key) = find.query_row([worker.as_str()], |row| row.get(0)).optional()? {
        return Ok(key);
    }
    connection.prepare_cached("INSERT INTO worker (id) VALUES (?1)")?.execute([worker.as_str()])?;
    let key = u32::try_from(connection.last_insert_rowid()).map_err(|_| StoreError::Keys)?;
    changes.workers.push(WorkerRow { key: WorkerKey(key), id: worker.clone() });
    Ok(key)
}

fn read_assignment(connection: &Connection, id: &str) -> Result<Option<AssignmentRow>, StoreError> {
    let mut find = connection.prepare_cached(&format!("SELECT {ASSIGNMENT_COLUMNS} FROM assignment WHERE id = ?1"))?;
    Ok(find.query_row([id], assignment_row).optional()?)
}

pub(super) fn worker_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<WorkerRow> {
    Ok(WorkerRow { key: WorkerKey(row.get(0)?), id: id(row, 1, WorkerId::parse)? })
}
