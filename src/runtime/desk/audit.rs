//! The audit trail, for the desk.

use crate::app::effect::Subject;
use crate::app::event::AuditRow;
use crate::store::{AuditLine, Store, StoreError};

/// The newest lines, of one subject or of all.
pub fn read(store: &Store, subject: Option<Subject>, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
    store.read(|reader| {
        let subject = match subject {
            None => None,
            Some(Subject::Assignment(key)) => Some(reader.assignment_id(key)?.map(|id| id.to_string())),
            Some(Subject::Hit(key)) => Some(reader.hit_id(key)?.map(|id| id.to_string())),
            Some(Subject::Other(target)) => Some(Some(target.to_string())),
        };
        let lines = match &subject {
            // What the store does not know has no history.
            Some(None) => Vec::new(),
            Some(Some(subject)) => reader.audit(Some(subject), limit)?,
            None => reader.audit(None, limit)?,
        };
        let row = |line: AuditLine| AuditRow {
            id: line.id,
            at: line.at,
            who: line.who,
            subject: line.subject,
            event: line.event,
            text: line.text,
        };
        Ok(lines.into_iter().map(row).collect())
    })
}
