//! Payments to workers who have no payable assignment: what was promised, and what was made for it.

use super::row::{ENTRY_COLUMNS, entry, id};
use super::{Reader, Store, StoreError};
use crate::domain::decision::OutboxEntry;
use crate::domain::id::{HitId, QualificationTypeId, WorkerId};
use crate::domain::money::Usd;
use crate::domain::time::Millis;
use crate::domain::worker::{Payment, PaymentState};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

const COLUMNS: &str = "p.id, p.worker, p.amount, p.reason, p.token, p.state, p.cleaned, p.type, p.hit, p.begun";

const STATES: [PaymentState; 3] = [PaymentState::UnderWay, PaymentState::Paid, PaymentState::Withdrawn];

fn payment(row: &Row<'_>) -> rusqlite::Result<Payment> {
    let state: u16 = row.get(5)?;
    let has = |column| row.get_ref(column).map(|value| value != rusqlite::types::ValueRef::Null);
    Ok(Payment {
        number: row.get(0)?,
        worker: id(row, 1, WorkerId::parse)?,
        amount: Usd::cents(row.get(2)?),
        reason: row.get(3)?,
        token: row.get(4)?,
        state: STATES.get(usize::from(state)).copied().unwrap_or(PaymentState::UnderWay),
        cleaned: row.get(6)?,
        type_id: if has(7)? { Some(id(row, 7, QualificationTypeId::parse)?) } else { None },
        hit: if has(8)? { Some(id(row, 8, HitId::parse)?) } else { None },
        begun: Millis(row.get(9)?),
    })
}

fn open_payment(connection: &Connection, worker: &WorkerId) -> Result<Option<Payment>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM payment p WHERE p.worker = ?1 AND p.cleaned = 0");
    Ok(connection.prepare_cached(&sql)?.query_row([worker.as_str()], payment).optional()?)
}

/// The payment that is not over yet; else, unless one is wanted `again`, the last equal one that was paid: a command that
/// was cut off at its very end and is given once more pays nothing more.
fn same_payment(connection: &Connection, wanted: &Wanted) -> Result<Option<Payment>, StoreError> {
    let open = open_payment(connection, &wanted.worker)?;
    if open.is_some() || wanted.again {
        return Ok(open);
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM payment p WHERE p.worker = ?1 AND p.amount = ?2 AND p.reason = ?3 AND p.state = 1
         ORDER BY p.id DESC LIMIT 1"
    );
    let parameters = (wanted.worker.as_str(), wanted.amount.as_cents(), &wanted.reason);
    Ok(connection.prepare_cached(&sql)?.query_row(parameters, payment).optional()?)
}

/// A payment that a person asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Who is to be paid.
    pub worker: WorkerId,
    /// How much, without the fee.
    pub amount: Usd,
    /// What for, as the worker reads it.
    pub reason: String,
    /// Although the worker was paid the same amount for the same reason before.
    pub again: bool,
}

impl Store {
    /// Writes down that a worker is to be paid. If a payment to the worker is not over yet, or the very same was made before and
    /// is not wanted again, that one is answered instead.
    pub async fn begin_payment(&self, wanted: Wanted, at: Millis) -> Result<Payment, StoreError> {
        let (who, name) = (self.shared.who, self.shared.name.clone());
        let begin = move |transaction: &Transaction<'_>| {
            if let Some(payment) = same_payment(transaction, &wanted)? {
                return Ok(payment);
            }
            let Wanted { worker, amount, reason, again: _ } = wanted;
            transaction.execute(
                "INSERT INTO payment (worker, amount, reason, token, state, cleaned, who, begun, changed)
                 VALUES (?1, ?2, ?3, ?4 || (SELECT coalesce(max(id), 0) + 1 FROM payment), 0, 0, ?5, ?6, ?6)",
                (worker.as_str(), amount.as_cents(), &reason, format!("hitdeck-{name}-pay-"), who, at.0),
            )?;
            open_payment(transaction, &worker)?.ok_or_else(|| StoreError::Damaged("a payment is not there".into()))
        };
        self.shared.journal.write(begin).await
    }

    /// Writes down how far a payment has come.
    pub async fn put_payment(&self, payment: Payment, at: Millis) -> Result<(), StoreError> {
        let put = move |transaction: &Transaction<'_>| {
            let state = STATES.iter().position(|state| *state == payment.state).unwrap_or_default() as i64;
            transaction.execute(
                "UPDATE payment SET state = ?2, cleaned = ?3, type = ?4, hit = ?5, changed = ?6 WHERE id = ?1",
                (
                    payment.number,
                    state,
                    payment.cleaned,
                    payment.type_id.as_ref().map(QualificationTypeId::as_str),
                    payment.hit.as_ref().map(HitId::as_str),
                    at.0,
                ),
            )?;
            Ok(())
        };
        self.shared.journal.write(put).await
    }
}

impl Reader {
    /// The payment that [`Store::begin_payment`] would answer without making a new one.
    pub fn same_payment(&self, wanted: &Wanted) -> Result<Option<Payment>, StoreError> {
        same_payment(&self.connection, wanted)
    }

    /// The payment to a worker that is not over yet.
    pub fn open_payment(&self, worker: &WorkerId) -> Result<Option<Payment>, StoreError> {
        open_payment(&self.connection, worker)
    }

    /// The payments that are not over yet, oldest first.
    pub fn open_payments(&self) -> Result<Vec<Payment>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM payment p WHERE p.cleaned = 0 ORDER BY p.id");
        let mut find = self.connection.prepare_cached(&sql)?;
        Ok(find.query_map([], payment)?.collect::<Result<_, _>>()?)
    }

    /// The payments to a worker, oldest first.
    pub fn payments(&self, worker: &WorkerId) -> Result<Vec<Payment>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM payment p WHERE p.worker = ?1 ORDER BY p.id");
        let mut find = self.connection.prepare_cached(&sql)?;
        Ok(find.query_map([worker.as_str()], payment)?.collect::<Result<_, _>>()?)
    }

    /// The newest decision about a target, by its identifiers.
    pub fn last_entry(&self, target: &str) -> Result<Option<OutboxEntry>, StoreError> {
        let sql = format!("SELECT {ENTRY_COLUMNS} FROM outbox o WHERE o.target = ?1 ORDER BY o.id DESC LIMIT 1");
        Ok(self.connection.prepare_cached(&sql)?.query_row([target], entry).optional()?)
    }
}
