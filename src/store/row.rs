//! Codes of the database and back. A value that no version of this program wrote is damage, not a panic.

use crate::domain::assignment::AssignmentStatus;
use crate::domain::decision::{Decision, DecisionId, OutboxEntry, OutboxState, Target};
use crate::domain::hit::HitStatus;
use crate::domain::id::{
    AssignmentId, HitId, HitTypeId, IdError, QualificationRequestId, QualificationTypeId, WorkerId,
};
use crate::domain::key::{AssignmentKey, HitKey, WorkerKey};
use crate::domain::money::Usd;
use crate::domain::row::{AssignmentRow, Decider, HitRow};
use crate::domain::time::{Millis, Seconds, Stamp, Time};
use rusqlite::types::Type;
use rusqlite::{Error, Result, Row};

/// Where the missing auto-approval time sorts: last.
pub(super) const NEVER: i64 = u32::MAX as i64;

pub(super) const STAGED: i64 = 0;
pub(super) const SENDING: i64 = 1;
pub(super) const UNKNOWN: i64 = 2;
pub(super) const DONE: i64 = 3;
pub(super) const FAILED: i64 = 4;
pub(super) const UNDONE: i64 = 5;
pub(super) const MAYBE: i64 = 6;

pub(super) fn status_code(status: AssignmentStatus) -> i64 {
    match status {
        AssignmentStatus::Submitted => 0,
        AssignmentStatus::Rejected => 1,
        AssignmentStatus::Approved => 2,
    }
}

pub(super) fn status_of(code: i64) -> Result<AssignmentStatus> {
    match code {
        0 => Ok(AssignmentStatus::Submitted),
        1 => Ok(AssignmentStatus::Rejected),
        2 => Ok(AssignmentStatus::Approved),
        _ => Err(damage(code)),
    }
}

pub(super) fn hit_status_code(status: HitStatus) -> i64 {
    HitStatus::ALL.iter().position(|it| *it == status).unwrap_or_default() as i64
}

fn hit_status_of(code: i64) -> Result<HitStatus> {
    usize::try_from(code).ok().and_then(|code| HitStatus::ALL.get(code).copied()).ok_or_else(|| damage(code))
}

pub(super) fn decider_code(by: Decider) -> i64 {
    by.code().into()
}

pub(super) fn decider_of(code: i64) -> Decider {
    Decider::of_code(u16::try_from(code).unwrap_or_default())
}

/// The place of a row of `people` in the list of people.
pub(super) fn person_decider(person: i64) -> Decider {
    u16::try_from(person - 1).map_or(Decider::Unknown, Decider::Person)
}

pub(super) fn stamp(seconds: i64) -> Stamp {
    if seconds == 0 || seconds == NEVER { Stamp::NONE } else { Some(Time(seconds)).into() }
}

fn damage(value: impl std::fmt::Display) -> Error {
    Error::FromSqlConversionFailure(0, Type::Integer, format!("unexpected value {value}").into())
}

pub(super) fn id<T>(row: &Row<'_>, column: usize, parse: fn(&str) -> std::result::Result<T, IdError>) -> Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    parse(text).map_err(|error| Error::FromSqlConversionFailure(column, Type::Text, Box::new(error)))
}

pub(super) const ASSIGNMENT_COLUMNS: &str =
    "key, hit, worker, status, decider, noted, accepted, submitted, auto, decided, summary";

pub(super) fn assignment_row(row: &Row<'_>) -> Result<AssignmentRow> {
    Ok(AssignmentRow {
        key: AssignmentKey(row.get(0)?),
        hit: HitKey(row.get(1)?),
        worker: WorkerKey(row.get(2)?),
        status: status_of(row.get(3)?)?,
        by: decider_of(row.get(4)?),
        noted: row.get(5)?,
        accepted: stamp(row.get(6)?),
        submitted: stamp(row.get(7)?),
        auto_approval: stamp(row.get(8)?),
        decided: stamp(row.get(9)?),
        summary: row.get_ref(10)?.as_str()?.into(),
    })
}

pub(super) const HIT_COLUMNS: &str = "key, id, type_id, title, batch, status, reward, created, expires, delay, maximum, \
    pending, available, completed, masters";

/// How many columns these are.
pub(super) const HIT_WIDTH: usize = 15;

pub(super) fn hit_row(row: &Row<'_>) -> Result<HitRow> {
    Ok(HitRow {
        key: HitKey(row.get(0)?),
        id: id(row, 1, HitId::parse)?,
        type_id: id(row, 2, HitTypeId::parse)?,
        title: row.get_ref(3)?.as_str()?.into(),
        batch: row.get_ref(4)?.as_str()?.into(),
        status: hit_status_of(row.get(5)?)?,
        reward: Usd::cents(row.get(6)?),
        created: Time(row.get(7)?),
        expires: Time(row.get(8)?),
        auto_approval_delay: Seconds(row.get(9)?),
        max_assignments: row.get(10)?,
        pending: row.get(11)?,
        available: row.get(12)?,
        completed: row.get(13)?,
        masters: row.get(14)?,
    })
}

/// Of `journal.outbox o`, with the name of the person and the row of the assignment.
pub(super) const ENTRY_COLUMNS: &str = "o.id, o.target, o.verb, o.text, o.worker, o.amount, o.state, o.due, o.attempts, \
    o.grp, o.token, (SELECT name FROM people WHERE id = o.who), o.decided, o.changed, o.reason, o.note, \
    (SELECT key FROM assignment WHERE id = o.target), o.detail";

/// How many columns these are.
pub(super) const ENTRY_WIDTH: usize = 18;

pub(super) fn entry(row: &Row<'_>) -> Result<OutboxEntry> {
    let decision = decision(row)?;
    let target = target(row, &decision)?;
    let state = match row.get(6)? {
        STAGED => OutboxState::Staged { due: Millis(row.get(7)?) },
        SENDING => OutboxState::Sending,
        UNKNOWN => OutboxState::Unknown,
        DONE => OutboxState::Done,
        FAILED => OutboxState::Failed { reason: row.get::<_, Option<String>>(14)?.unwrap_or_default() },
        UNDONE => OutboxState::Undone,
        MAYBE => OutboxState::MaybeSent,
        other => return Err(damage(other)),
    };
    Ok(OutboxEntry {
        id: DecisionId(row.get(0)?),
        target,
        assignment: row.get::<_, Option<u32>>(16)?.map(AssignmentKey),
        decision,
        state,
        attempts: row.get(8)?,
        group: row.get(9)?,
        token: row.get(10)?,
        who: row.get(11)?,
        decided: Millis(row.get(12)?),
        changed: Millis(row.get(13)?),
        note: row.get(15)?,
    })
}

/// The kind of target follows from the verb.
fn target(row: &Row<'_>, decision: &Decision) -> Result<Target> {
    let text = row.get_ref(1)?.as_str()?;
    let bad = |error: IdError| Error::FromSqlConversionFailure(1, Type::Text, Box::new(error));
    Ok(match decision {
        Decision::Approve { .. } | Decision::Reject { .. } | Decision::Bonus { .. } => {
            Target::Assignment(AssignmentId::parse(text).map_err(bad)?)
        }
        Decision::Expire
        | Decision::Delete
        | Decision::Extend { .. }
        | Decision::AddAssignments { .. }
        | Decision::Retype { .. }
        | Decision::Reviewing { .. } => Target::Hit(HitId::parse(text).map_err(bad)?),
        Decision::Block { .. } | Decision::Unblock { .. } => Target::Worker(WorkerId::parse(text).map_err(bad)?),
        Decision::Notify { .. } => {
            let workers = text.split(' ').map(WorkerId::parse).collect::<std::result::Result<_, _>>();
            Target::Workers(workers.map_err(bad)?)
        }
        Decision::Grant { .. } | Decision::Revoke { .. } => {
            let (of, worker) = text.split_once(' ').unwrap_or((text, ""));
            Target::Qualification(QualificationTypeId::parse(of).map_err(bad)?, WorkerId::parse(worker).map_err(bad)?)
        }
        Decision::AcceptRequest { .. } | Decision::RejectRequest { .. } => {
            Target::Request(QualificationRequestId::parse(text).map_err(bad)?)
        }
        Decision::CreateType(_) => Target::NewType(text.into()),
        Decision::UpdateType(_) | Decision::DeleteType => Target::Type(QualificationTypeId::parse(text).map_err(bad)?),
    })
}

/// What a decision needs beside its text, worker and amount.
pub(super) fn detail(decision: &Decision) -> serde_json::Result<Option<String>> {
    match decision {
        Decision::Notify { subject, .. } => serde_json::to_string(subject),
        Decision::Grant { score, tell } => serde_json::to_string(&(score, tell)),
        Decision::AcceptRequest { score } => serde_json::to_string(score),
        Decision::Extend { until } => serde_json::to_string(&until.0),
        Decision::AddAssignments { count, from } => serde_json::to_string(&(count, from)),
        Decision::Retype { to } => serde_json::to_string(to.as_str()),
        Decision::CreateType(draft) | Decision::UpdateType(draft) => serde_json::to_string(draft),
        _ => return Ok(None),
    }
    .map(Some)
}

fn detail_of<T: serde::de::DeserializeOwned>(row: &Row<'_>) -> Result<T> {
    let text: Option<String> = row.get(17)?;
    serde_json::from_str(text.as_deref().unwrap_or_default())
        .map_err(|error| Error::FromSqlConversionFailure(17, Type::Text, Box::new(error)))
}

fn decision(row: &Row<'_>) -> Result<Decision> {
    let text: Option<String> = row.get(3)?;
    Ok(match row.get_ref(2)?.as_str()? {
        "approve" => Decision::Approve { feedback: text, override_rejection: false },
        "override" => Decision::Approve { feedback: text, override_rejection: true },
        "reject" => Decision::Reject { feedback: text.unwrap_or_default() },
        "bonus" => Decision::Bonus {
            worker: id(row, 4, WorkerId::parse)?,
            amount: Usd::cents(row.get(5)?),
            reason: text.unwrap_or_default(),
        },
        "expire" => Decision::Expire,
        "delete" => Decision::Delete,
        "extend" => Decision::Extend { until: Time(detail_of(row)?) },
        "add assignments" => {
            let (count, from) = detail_of(row)?;
            Decision::AddAssignments { count, from }
        }
        "change type" => {
            let to: String = detail_of(row)?;
            let bad = |error: IdError| Error::FromSqlConversionFailure(17, Type::Text, Box::new(error));
            Decision::Retype { to: HitTypeId::parse(&to).map_err(bad)? }
        }
        "reviewing" => Decision::Reviewing { on: true },
        "reviewable" => Decision::Reviewing { on: false },
        "block" => Decision::Block { reason: text.unwrap_or_default() },
        "unblock" => Decision::Unblock { reason: text },
        "notify" => Decision::Notify { subject: detail_of(row)?, text: text.unwrap_or_default() },
        "grant" => {
            let (score, tell) = detail_of(row)?;
            Decision::Grant { score, tell }
        }
        "revoke" => Decision::Revoke { reason: text },
        "accept request" => Decision::AcceptRequest { score: detail_of(row)? },
        "reject request" => Decision::RejectRequest { reason: text },
        "create type" => Decision::CreateType(detail_of(row)?),
        "update type" => Decision::UpdateType(detail_of(row)?),
        "delete type" => Decision::DeleteType,
        other => return Err(damage(other)),
    })
}
