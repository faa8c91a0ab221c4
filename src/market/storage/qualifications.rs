//! Qualifications, and what else workers are judged by.

use rusqlite::{OptionalExtension, Row, params};

use super::{Change, QualificationTypeKey, StorageError, TypeKey, View, WorkerKey, numbered};
use crate::domain::requirement::{self, Locale, Required};
use crate::domain::time::Time;
use crate::market::rules::eligibility::{Profile, Record, Standings};
use crate::market::rules::qualification::QualificationStatus;

/// A qualification as the API shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qualification {
    /// Its place in the order in which workers first got the type.
    pub place: i64,
    /// `QualificationTypeId`.
    pub type_id: String,
    /// `WorkerId`.
    pub worker: String,
    /// `GrantTime`.
    pub granted: Time,
    /// `IntegerValue`.
    pub value: i32,
    /// `Status`.
    pub status: QualificationStatus,
}

const FULL: &str = "SELECT q.id, t.type_id, w.worker_id, q.granted, q.value, q.status
    FROM qualifications q JOIN qualification_types t ON t.id = q.type JOIN workers w ON w.id = q.worker";

fn qualification(row: &Row<'_>) -> rusqlite::Result<Qualification> {
    Ok(Qualification {
        place: row.get(0)?,
        type_id: row.get(1)?,
        worker: row.get(2)?,
        granted: Time(row.get(3)?),
        value: row.get(4)?,
        status: numbered(&QualificationStatus::ALL, row, 5)?,
    })
}

impl View<'_> {
    /// What a worker was granted of a type.
    pub fn qualification(
        &self,
        worker: WorkerKey,
        of: QualificationTypeKey,
    ) -> Result<Option<Qualification>, StorageError> {
        let mut statement = self.conn.prepare_cached(&format!("{FULL} WHERE q.worker = ?1 AND q.type = ?2"))?;
        Ok(statement.query_row([worker.0, of.0], qualification).optional()?)
    }

    /// The qualifications of a type in one status, those of the workers who had it first first.
    pub fn qualifications(
        &self,
        of: QualificationTypeKey,
        status: QualificationStatus,
        after: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Qualification>, StorageError> {
        let sql = format!("{FULL} WHERE q.type = ?1 AND q.status = ?2 AND q.id > ?3 ORDER BY q.id LIMIT ?4");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map(params![of.0, status as i64, after.unwrap_or(0), limit], qualification)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All that requirements are judged by, of a worker.
    pub fn standings(&self, worker: WorkerKey) -> Result<Standings, StorageError> {
        let (profile, record) = self
            .conn
            .prepare_cached(
                "SELECT w.country, w.subdivision, w.adult, w.masters, r.submitted, r.approved, r.rejected
                 FROM workers w JOIN worker_records r ON r.worker = w.id WHERE w.id = ?1",
            )?
            .query_row([worker.0], |row| {
                let (country, subdivision): (Option<String>, Option<String>) = (row.get(0)?, row.get(1)?);
                let locale = country.map(|country| Locale { country, subdivision });
                let profile = Profile { locale, adult: row.get(2)?, masters: row.get(3)? };
                let record = Record { submitted: row.get(4)?, approved: row.get(5)?, rejected: row.get(6)? };
                Ok((profile, record))
            })?;
        let mut statement = self.conn.prepare_cached(
            "SELECT t.type_id, q.value FROM qualifications q JOIN qualification_types t ON t.id = q.type
             WHERE q.worker = ?1 AND q.status = 0",
        )?;
        let held = statement.query_map([worker.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Standings { profile, record, held: held.collect::<Result<_, _>>()? })
    }

    /// What a HIT type requires.
    pub fn requirements(&self, of: TypeKey) -> Result<Vec<Required>, StorageError> {
        let mut statement = self.conn.prepare_cached("SELECT requirements FROM hit_types WHERE id = ?1")?;
        let mut rows = statement.query([of.0])?;
        match rows.next()? {
            Some(row) => read(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?),
            None => Ok(Vec::new()),
        }
    }

    /// All HIT types that require anything, and what.
    pub fn guarded_types(&self) -> Result<Vec<(TypeKey, Vec<Required>)>, StorageError> {
        let sql = "SELECT id, requirements FROM hit_types WHERE requirements <> '[]'";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let required = read(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)?;
            found.push((TypeKey(row.get(0)?), required));
        }
        Ok(found)
    }
}

fn read(json: &str) -> Result<Vec<Required>, StorageError> {
    let damaged = |error| StorageError::Database(format!("a HIT type's requirements cannot be read: {error}").into());
    requirement::read(json).map_err(damaged)
}

impl Change<'_> {
    /// Grants a qualification, or grants it again with another value.
    pub fn grant(&mut self, worker: WorkerKey, of: QualificationTypeKey, value: i32) -> Result<(), StorageError> {
        self.conn
            .prepare_cached(
                "INSERT INTO qualifications (worker, type, value, granted, status) VALUES (?1, ?2, ?3, ?4, 0)
                 ON CONFLICT (worker, type) DO UPDATE SET value = excluded.value, granted = excluded.granted, status = 0,
                 reason = NULL",
            )?
            .execute(params![worker.0, of.0, value, self.now.0])?;
        Ok(())
    }

    /// Takes a qualification back.
    pub fn revoke(
        &mut self,
        worker: WorkerKey,
        of: QualificationTypeKey,
        reason: Option<&str>,
    ) -> Result<(), StorageError> {
        self.conn
            .prepare_cached("UPDATE qualifications SET status = 1, reason = ?3 WHERE worker = ?1 AND type = ?2")?
            .execute(params![worker.0, of.0, reason])?;
        Ok(())
    }

    /// Writes down what a worker is.
    pub fn save_profile(&mut self, worker: WorkerKey, profile: &Profile) -> Result<(), StorageError> {
        let locale = profile.locale.as_ref();
        self.conn
            .prepare_cached(
                "UPDATE workers SET country = ?2, subdivision = ?3, adult = ?4, masters = ?5 WHERE id = ?1",
            )?
            .execute(params![
                worker.0,
                locale.map(|locale| &locale.country),
                locale.and_then(|locale| locale.subdivision.as_ref()),
                profile.adult,
                profile.masters,
            ])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::open::{Place, connection};
    use super::*;
    use proptest::prelude::*;
    use rusqlite::Connection;

    const WORKERS: i64 = 3;
    const SLOTS: i64 = 12;

    /// Workers and slots of as many HITs, so that each worker could have each.
    fn market() -> Connection {
        let conn = connection(&Place::Memory).unwrap();
        conn.execute_batch(
            "INSERT INTO requesters (id, name, access_key, created, available, held) VALUES (1, 'r', 'k', 0, 0, 0);
             INSERT INTO hit_types VALUES (1, 1, '3T', '3G', x'00', 't', 'd', NULL, 5, 60, 60, '[]', 0);",
        )
        .unwrap();
        for worker in 1..=WORKERS {
            conn.execute(
                "INSERT INTO workers (id, worker_id, created) VALUES (?1, ?2, 0)",
                params![worker, format!("A{worker}")],
            )
            .unwrap();
        }
        for slot in 1..=SLOTS {
            conn.execute(
                "INSERT INTO hits (id, hit_id, requester, type, created, reward, fee, max, status, expires, lapsed,
                 available, pending, undecided, completed, funded)
                 VALUES (?1, ?2, 1, 1, 0, 5, 1, 1, 0, 9, 0, 1, 0, 0, 0, 1)",
                params![slot, format!("3{slot}")],
            )
            .unwrap();
        }
        conn
    }

    fn counted(conn: &Connection, sql: &str) -> Vec<[i64; 4]> {
        let mut statement = conn.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?])).unwrap();
        rows.map(Result::unwrap).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Whatever is done to assignments, the counters are what counting them would find.
        #[test]
        fn records_are_what_counting_finds(steps in prop::collection::vec((1..=SLOTS, 1..=WORKERS, 0..6_u8), 1..80)) {
            let conn = market();
            for (slot, worker, step) in steps {
                let run = |sql: &str| conn.execute(sql, [slot, worker]).unwrap();
                match step {
                    0 => run("INSERT INTO assignments (assignment_id, hit, worker, phase) SELECT '3' || ?1, ?1, ?2, 1
                              WHERE NOT EXISTS (SELECT 1 FROM assignments WHERE hit = ?1)"),
                    1 => run("INSERT INTO assignments (assignment_id, hit, worker, phase) SELECT '3' || ?1, ?1, ?2, 2 + ?1 % 3
                              WHERE NOT EXISTS (SELECT 1 FROM assignments WHERE hit = ?1)"),
                    2 => run("UPDATE assignments SET phase = 0, worker = NULL WHERE hit = ?1 AND phase = 1 AND ?2 = ?2"),
                    3 => run("UPDATE assignments SET phase = 1, worker = ?2 WHERE hit = ?1 AND phase = 0"),
                    4 => run("UPDATE assignments SET phase = 2 WHERE hit = ?1 AND phase = 1 AND ?2 = ?2"),
                    _ => run("UPDATE assignments SET phase = CASE WHEN phase = 2 THEN 3 + ?2 % 2 ELSE 3 END
                              WHERE hit = ?1 AND phase IN (2, 4)"),
                };
            }
            let kept = counted(&conn, "SELECT worker, submitted, approved, rejected FROM worker_records ORDER BY worker");
            let found = counted(
                &conn,
                "SELECT w.id, count(a.id), coalesce(sum(a.phase = 3), 0), coalesce(sum(a.phase = 4), 0) FROM workers w
                 LEFT JOIN assignments a ON a.worker = w.id AND a.phase >= 2 GROUP BY w.id ORDER BY w.id",
            );
            prop_assert_eq!(kept, found);
        }
    }
}
