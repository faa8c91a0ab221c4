//! Bonuses that were paid: as the endpoint listed them, and through this store.

use super::row::{DONE, ENTRY_COLUMNS, entry, id};
use super::{Reader, Store, StoreError};
use crate::domain::assignment::BonusPayment;
use crate::domain::decision::{Decision, OutboxEntry, Target};
use crate::domain::id::{AssignmentId, HitId, WorkerId};
use crate::domain::money::Usd;
use crate::domain::time::Time;
use rusqlite::Transaction;
use std::collections::HashMap;

impl Store {
    /// Keeps the bonuses that were paid for a HIT: these are all of them.
    pub async fn put_bonuses(&self, hit: HitId, paid: Vec<BonusPayment>) -> Result<(), StoreError> {
        let put = move |transaction: &Transaction<'_>| {
            transaction.execute("DELETE FROM bonus WHERE hit = ?1", [hit.as_str()])?;
            let mut insert = transaction.prepare_cached("INSERT INTO bonus VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
            let mut counts: HashMap<&AssignmentId, i64> = HashMap::new();
            for it in &paid {
                let nth = counts.entry(&it.assignment).or_default();
                *nth += 1;
                let granted = it.granted.map(|time| time.0);
                let (worker, assignment) = (it.worker.as_str(), it.assignment.as_str());
                insert.execute((hit.as_str(), worker, assignment, it.amount.as_cents(), &it.reason, granted, *nth))?;
            }
            Ok(())
        };
        self.shared.mirror.write(put).await
    }
}

impl Reader {
    /// Every bonus that is known to have been paid: what the endpoint listed, and what went through this store. For an
    /// assignment of which both know, the longer list counts: the endpoint's may be older than the last payment.
    pub fn bonuses(&self) -> Result<Vec<BonusPayment>, StoreError> {
        let sql = "SELECT worker, assignment, amount, reason, granted FROM bonus ORDER BY assignment, nth";
        let mut find = self.connection.prepare_cached(sql)?;
        let listed = find.query_map([], |row| {
            Ok(BonusPayment {
                worker: id(row, 0, WorkerId::parse)?,
                assignment: id(row, 1, AssignmentId::parse)?,
                amount: Usd::cents(row.get(2)?),
                reason: row.get(3)?,
                granted: row.get::<_, Option<i64>>(4)?.map(Time),
            })
        })?;
        let mut known: HashMap<AssignmentId, Vec<BonusPayment>> = HashMap::new();
        for bonus in listed {
            let bonus = bonus?;
            known.entry(bonus.assignment.clone()).or_default().push(bonus);
        }
        let sql = format!("SELECT {ENTRY_COLUMNS} FROM outbox o WHERE o.verb = 'bonus' AND o.state = ?1 ORDER BY o.id");
        let mut find = self.connection.prepare_cached(&sql)?;
        let mut sent: HashMap<AssignmentId, Vec<BonusPayment>> = HashMap::new();
        for paid in find.query_map([DONE], entry)? {
            let OutboxEntry { target, decision, changed, .. } = paid?;
            if let (Target::Assignment(assignment), Decision::Bonus { worker, amount, reason }) = (target, decision) {
                let granted = Some(Time(changed.0.div_euclid(1_000)));
                let bonus = BonusPayment { worker, assignment: assignment.clone(), amount, reason, granted };
                sent.entry(assignment).or_default().push(bonus);
            }
        }
        for (assignment, ours) in sent {
            let theirs = known.entry(assignment).or_default();
            if ours.len() > theirs.len() {
                *theirs = ours;
            }
        }
        let mut all: Vec<BonusPayment> = known.into_values().flatten().collect();
        all.sort_by(|a, b| (a.granted, &a.assignment).cmp(&(b.granted, &b.assignment)));
        Ok(all)
    }

    /// The messages that were written to a worker through this store, oldest first.
    pub fn messages(&self, worker: &WorkerId) -> Result<Vec<OutboxEntry>, StoreError> {
        let sql = format!(
            "SELECT {ENTRY_COLUMNS} FROM message m JOIN outbox o ON o.id = m.decision WHERE m.worker = ?1 ORDER BY o.id"
        );
        let mut find = self.connection.prepare_cached(&sql)?;
        Ok(find.query_map([worker.as_str()], entry)?.collect::<Result<_, _>>()?)
    }
}
