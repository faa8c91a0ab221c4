//! What a transaction adds to the mirror and what is written once, at its end.
//!
//! The text index flushes what it has gathered whenever a statement on any table could have to be taken back by itself, and a
//! flush for each assignment costs more than everything else: so the words come last.

use super::StoreError;
use super::answers::keep_field_name;
use crate::domain::assignment::AssignmentStatus;
use rusqlite::Connection;
use std::collections::HashMap;

#[derive(Debug, Default)]
pub(super) struct Additions {
    /// Of new answers, by their row.
    pub words: Vec<(i64, String)>,
    total: u32,
    undecided: u32,
    field_names: HashMap<String, i64>,
}

impl Additions {
    /// Counts a new assignment.
    pub(super) fn count(&mut self, status: AssignmentStatus) {
        self.total += 1;
        self.undecided += u32::from(status == AssignmentStatus::Submitted);
    }

    /// The row of a field's name, which is the same for every answer to a task.
    pub(super) fn field_name(&mut self, connection: &Connection, name: &str) -> Result<i64, StoreError> {
        if let Some(id) = self.field_names.get(name) {
            return Ok(*id);
        }
        let id = keep_field_name(connection, name)?;
        self.field_names.insert(name.to_owned(), id);
        Ok(id)
    }

    pub(super) fn write(self, connection: &Connection) -> Result<(), StoreError> {
        if self.total > 0 {
            let mut count =
                connection.prepare_cached("UPDATE tally SET total = total + ?1, undecided = undecided + ?2")?;
            count.execute((self.total, self.undecided))?;
        }
        let mut insert = connection.prepare_cached("INSERT INTO answer_text (rowid, text) VALUES (?1, ?2)")?;
        for row in self.words {
            insert.execute(row)?;
        }
        Ok(())
    }
}
