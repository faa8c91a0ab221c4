//! The audit trail: one line for everything that happens to a decision, written in the same transaction. The database
//! itself refuses to change or delete a line.

use super::{Reader, StoreError};
use crate::domain::decision::{Decision, DecisionId, OutboxEntry, Target};
use crate::domain::time::Millis;
use rusqlite::Connection;

/// One line of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Its number; grows.
    pub id: i64,
    /// When, on the person's clock.
    pub at: Millis,
    /// Who.
    pub who: String,
    /// Which decision.
    pub decision: DecisionId,
    /// The assignment or HIT.
    pub subject: String,
    /// One of: decided, undone, sending, done, failed, unknown, verified, backed off, discarded.
    pub event: String,
    /// The decision in words, the request, the outcome.
    pub text: String,
}

/// Who does something, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct By {
    pub who: i64,
    pub at: Millis,
}

pub(super) fn log(
    connection: &Connection,
    by: By,
    entry: (DecisionId, &Target),
    event: &str,
    text: &str,
) -> Result<(), StoreError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO audit (at, who, decision, subject, event, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    insert.execute((by.at.0, by.who, entry.0.0, entry.1.to_string(), event, text))?;
    Ok(())
}

/// A decision in words, for the line "decided".
pub(super) fn words(decision: &Decision) -> String {
    match decision {
        Decision::Bonus { worker, amount, reason } => format!("bonus {amount} to {worker}: {reason}"),
        Decision::Grant { score, .. } | Decision::AcceptRequest { score } => format!("{} at {score}", decision.verb()),
        Decision::Notify { subject, text } => format!("notify: {subject}: {text}"),
        Decision::Extend { until } => format!("extend until {}", until.0),
        Decision::AddAssignments { count, from } => format!("add {count} assignments to {from}"),
        Decision::Retype { to } => format!("change type to {to}"),
        _ => match decision.text() {
            Some(text) => format!("{}: {text}", decision.verb()),
            None => decision.verb().into(),
        },
    }
}

/// The request that carries a decision out, for the line "sending".
pub(super) fn request(entry: &OutboxEntry) -> String {
    let attempt = entry.attempts;
    match &entry.decision {
        Decision::Approve { override_rejection: true, .. } => {
            format!("ApproveAssignment OverrideRejection=true, attempt {attempt}")
        }
        Decision::Approve { .. } => format!("ApproveAssignment, attempt {attempt}"),
        Decision::Reject { .. } => format!("RejectAssignment, attempt {attempt}"),
        Decision::Bonus { amount, .. } => {
            let token = entry.token.as_deref().unwrap_or_default();
            format!("SendBonus BonusAmount={amount} UniqueRequestToken={token}, attempt {attempt}")
        }
        Decision::Expire => format!("UpdateExpirationForHIT ExpireAt=0, attempt {attempt}"),
        Decision::Delete => format!("DeleteHIT, attempt {attempt}"),
        Decision::Extend { until } => format!("UpdateExpirationForHIT ExpireAt={}, attempt {attempt}", until.0),
        Decision::AddAssignments { count, .. } => {
            let token = entry.token.as_deref().unwrap_or_default();
            format!(
                "CreateAdditionalAssignmentsForHIT NumberOfAdditionalAssignments={count} UniqueRequestToken={token}, \
                 attempt {attempt}"
            )
        }
        Decision::Retype { to } => format!("UpdateHITTypeOfHIT HITTypeId={to}, attempt {attempt}"),
        Decision::Reviewing { on } => format!("UpdateHITReviewStatus Revert={}, attempt {attempt}", !on),
        Decision::Block { .. } => format!("CreateWorkerBlock, attempt {attempt}"),
        Decision::Unblock { .. } => format!("DeleteWorkerBlock, attempt {attempt}"),
        Decision::Notify { .. } => format!("NotifyWorkers, attempt {attempt}"),
        Decision::Grant { score, tell } => {
            format!("AssociateQualificationWithWorker IntegerValue={score} SendNotification={tell}, attempt {attempt}")
        }
        Decision::Revoke { .. } => format!("DisassociateQualificationFromWorker, attempt {attempt}"),
        Decision::AcceptRequest { score } => {
            format!("AcceptQualificationRequest IntegerValue={score}, attempt {attempt}")
        }
        Decision::RejectRequest { .. } => format!("RejectQualificationRequest, attempt {attempt}"),
        Decision::CreateType(_) => format!("CreateQualificationType, attempt {attempt}"),
        Decision::UpdateType(_) => format!("UpdateQualificationType, attempt {attempt}"),
        Decision::DeleteType => format!("DeleteQualificationType, attempt {attempt}"),
    }
}

impl Reader {
    /// The newest lines first, at most `limit`, of one assignment or HIT (by its identifier) or of all.
    pub fn audit(&self, subject: Option<&str>, limit: u32) -> Result<Vec<AuditLine>, StoreError> {
        let query = format!(
            "SELECT a.id, a.at, p.name, a.decision, a.subject, a.event, a.text FROM audit a JOIN people p ON p.id = a.who
             {} ORDER BY a.id DESC LIMIT ?1",
            if subject.is_some() { "WHERE a.subject = ?2" } else { "WHERE ?2 IS NULL" }
        );
        let mut statement = self.connection.prepare_cached(&query)?;
        let lines = statement.query_map((limit, subject), |row| {
            Ok(AuditLine {
                id: row.get(0)?,
                at: Millis(row.get(1)?),
                who: row.get(2)?,
                decision: DecisionId(row.get(3)?),
                subject: row.get(4)?,
                event: row.get(5)?,
                text: row.get(6)?,
            })
        })?;
        Ok(lines.collect::<Result<_, _>>()?)
    }
}
