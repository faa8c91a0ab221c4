//! Notes of the reviewers, and small values that the desk keeps from one start to the next.

use super::{Reader, Store, StoreError};
use crate::domain::key::AssignmentKey;
use crate::domain::money::Usd;
use crate::domain::row::AssignmentRow;
use crate::domain::time::Millis;
use rusqlite::OptionalExtension;

impl Store {
    /// Keeps the reviewer's note on an assignment (empty removes it). Answers the row as it is now, if there is one.
    pub async fn note(
        &self,
        key: AssignmentKey,
        text: String,
        at: Millis,
    ) -> Result<Option<AssignmentRow>, StoreError> {
        let Some(id) = self.reading(move |reader| reader.assignment_id(key)).await? else { return Ok(None) };
        let who = self.shared.who;
        let noted = !text.trim().is_empty();
        self.shared
            .journal
            .write(move |transaction| {
                if noted {
                    let sql = "INSERT OR REPLACE INTO note VALUES (?1, ?2, ?3, ?4)";
                    transaction.execute(sql, (id.as_str(), text, who, at.0))?;
                } else {
                    transaction.execute("DELETE FROM note WHERE assignment = ?1", [id.as_str()])?;
                }
                Ok(())
            })
            .await?;
        let mark = move |transaction: &rusqlite::Transaction<'_>| {
            transaction.execute("UPDATE assignment SET noted = ?2 WHERE key = ?1", (key.0, noted))?;
            Ok(())
        };
        self.shared.mirror.write(mark).await?;
        self.reading(move |reader| reader.assignment(key)).await
    }

    /// Keeps small values under their names, together.
    pub async fn remember(&self, values: Vec<(String, String)>) -> Result<(), StoreError> {
        self.shared
            .mirror
            .write(move |transaction| {
                for (name, value) in values {
                    transaction.execute("INSERT OR REPLACE INTO session VALUES (?1, ?2)", (name, value))?;
                }
                Ok(())
            })
            .await
    }
}

/// Names of values that have methods of their own.
const AS_OF: &str = "as-of";
const BALANCE: &str = "balance";

impl Store {
    /// Notes when everything was read, and the balance then.
    pub async fn remember_sync(&self, as_of: Millis, balance: Usd) -> Result<(), StoreError> {
        let values = [(AS_OF, as_of.0), (BALANCE, balance.as_cents())];
        self.remember(values.map(|(name, value)| (name.to_owned(), value.to_string())).to_vec()).await
    }
}

impl Reader {
    /// When everything was last read, on the person's clock.
    pub fn as_of(&self) -> Result<Option<Millis>, StoreError> {
        Ok(self.remembered(AS_OF)?.and_then(|text| text.parse().ok()).map(Millis))
    }

    /// The balance as last seen.
    pub fn balance(&self) -> Result<Option<Usd>, StoreError> {
        Ok(self.remembered(BALANCE)?.and_then(|text| text.parse().ok()).map(Usd::cents))
    }

    /// A value that was kept.
    pub fn remembered(&self, name: &str) -> Result<Option<String>, StoreError> {
        let mut find = self.connection.prepare_cached("SELECT value FROM session WHERE name = ?1")?;
        Ok(find.query_row([name], |row| row.get(0)).optional()?)
    }
}
