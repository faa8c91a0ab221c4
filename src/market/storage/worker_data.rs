//! All that is kept of one person: to be handed to them, or to be taken away.

use rusqlite::params;

use super::{Change, Done, StorageError, View, WorkerKey};
use crate::domain::worker_answer::split;

/// How many rows are looked at when all are wanted.
const ALL: u32 = u32::MAX;

impl View<'_> {
    /// Everything that a worker has handed in, newest first.
    pub fn all_done(&self, worker: WorkerKey) -> Result<Vec<Done>, StorageError> {
        self.done(worker, None, None, ALL)
    }

    /// `Answer` of an assignment at a place in the order of submission, as JSON members with what else does not change.
    pub fn handed_in_at(&self, seq: i64) -> Result<Vec<u8>, StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT answer FROM answers WHERE seq = ?1")?;
        Ok(statement.query_row([seq], |row| row.get(0))?)
    }

    /// How much of a worker's is still open: assignments that they hold, and assignments that nobody has decided about.
    pub fn count_open(&self, worker: WorkerKey) -> Result<u32, StorageError> {
        let mut statement =
            self.conn.prepare_cached("SELECT count(*) FROM assignments WHERE worker = ?1 AND phase IN (1, 2)")?;
        Ok(statement.query_row([worker.0], |row| row.get(0))?)
    }

    /// The accounts whose workers were not here since a time, and have nothing open.
    pub fn idle_accounts(&self, before_ms: i64) -> Result<Vec<WorkerKey>, StorageError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT worker FROM worker_accounts w WHERE active_ms < ?1
             AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.worker = w.worker AND a.phase IN (1, 2))",
        )?;
        let rows = statement.query_map([before_ms], |row| row.get(0).map(WorkerKey))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Change<'_> {
    /// Takes away what tells who a worker is: account, sessions, messages, answers to rejections, profile. Their work stays, under a new
    /// `WorkerId` that nobody knows. Returns that.
    pub fn anonymize(&mut self, worker: WorkerKey) -> Result<String, StorageError> {
        let before = self.worker_id(worker)?;
        let after = self.mint.worker();
        for done in self.all_done(worker)? {
            if let (Some(feedback), Some(_)) = (&done.feedback, &done.reply) {
                self.conn
                    .prepare_cached("UPDATE assignments SET feedback = ?2 WHERE id = ?1")?
                    .execute(params![done.key.0, split(feedback).0])?;
                self.conn.prepare_cached("DELETE FROM replies WHERE assignment = ?1")?.execute([done.key.0])?;
            }
            let members = self.handed_in_at(done.seq)?;
            let renamed = renamed(&members, before.as_str(), &after);
            self.conn
                .prepare_cached("UPDATE answers SET answer = ?2 WHERE seq = ?1")?
                .execute(params![done.seq, renamed])?;
        }
        self.remove_hooks(worker)?;
        for sql in [
            "UPDATE hits SET version = version + 1 WHERE id IN (SELECT hit FROM assignments WHERE worker = ?1)",
            "DELETE FROM worker_accounts WHERE worker = ?1",
            "DELETE FROM sessions WHERE worker = ?1",
            "DELETE FROM invitations WHERE worker = ?1",
            "DELETE FROM messages WHERE worker = ?1",
            "DELETE FROM qualification_attempts WHERE worker = ?1",
        ] {
            self.conn.prepare_cached(sql)?.execute([worker.0])?;
        }
        for sql in [
            "UPDATE assignments SET worker_id = ?2 WHERE worker = ?1",
            "UPDATE workers SET worker_id = ?2, country = NULL, subdivision = NULL, adult = 0 WHERE id = ?1",
        ] {
            self.conn.prepare_cached(sql)?.execute(params![worker.0, after])?;
        }
        Ok(after)
    }

    /// Throws away messages from before a time.
    pub fn remove_messages(&mut self, before: crate::domain::time::Time) -> Result<(), StorageError> {
        self.conn.prepare_cached("DELETE FROM messages WHERE at < ?1")?.execute([before.0])?;
        self.conn
            .prepare_cached(
                "DELETE FROM letters WHERE id NOT IN (SELECT letter FROM messages WHERE letter IS NOT NULL)",
            )?
            .execute([])?;
        Ok(())
    }
}

/// The members with another `WorkerId`. It stands before the answer, in which anything may stand.
fn renamed(members: &[u8], before: &str, after: &str) -> Vec<u8> {
    let (old, new) = (format!("\"WorkerId\":\"{before}\""), format!("\"WorkerId\":\"{after}\""));
    match members.windows(old.len()).position(|window| window == old.as_bytes()) {
        Some(at) => [&members[..at], new.as_bytes(), &members[at + old.len()..]].concat(),
        None => members.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::renamed;

    #[test]
    fn an_answer_keeps_what_stands_in_it() {
        let members = br#""AssignmentId":"3A","WorkerId":"A1","HITId":"3H","Answer":"I am \"WorkerId\":\"A1\"""#;
        let renamed = String::from_utf8(renamed(members, "A1", "A9")).unwrap();
        assert_eq!(renamed, r#""AssignmentId":"3A","WorkerId":"A9","HITId":"3H","Answer":"I am \"WorkerId\":\"A1\"""#);
    }
}
