//! Workers as this account knows them.

use super::assignment::BonusPayment;
use super::id::{HitId, QualificationTypeId, WorkerId};
use super::money::Usd;
use super::time::Millis;
use std::collections::HashMap;

/// `WorkerBlock`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerBlock {
    /// Who.
    pub worker: WorkerId,
    /// Why, as the requester wrote it.
    pub reason: String,
}

/// `NotifyWorkersFailureStatus`: a worker whom a message did not reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotifyFailure {
    /// Who.
    pub worker: WorkerId,
    /// Whether trying again may help: `SoftFailure`.
    pub soft: bool,
    /// The service's words.
    pub reason: String,
}

/// How far a payment has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentState {
    /// The worker has not taken it yet; it goes on when it is asked for again.
    UnderWay,
    /// The worker has been paid.
    Paid,
    /// It was taken back before the worker took it.
    Withdrawn,
}

impl PaymentState {
    /// The word for people.
    pub const fn name(self) -> &'static str {
        match self {
            PaymentState::UnderWay => "under way",
            PaymentState::Paid => "paid",
            PaymentState::Withdrawn => "withdrawn",
        }
    }
}

/// What a worker was paid in bonuses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BonusSum {
    /// How many payments.
    pub count: usize,
    /// What they come to, without fees.
    pub sum: Usd,
    /// The last one.
    pub last: Option<BonusPayment>,
}

/// What each worker was paid in bonuses; the payments come oldest first.
pub fn bonus_sums<'a>(paid: impl IntoIterator<Item = &'a BonusPayment>) -> HashMap<WorkerId, BonusSum> {
    let mut sums: HashMap<WorkerId, BonusSum> = HashMap::new();
    for bonus in paid {
        let sum = sums.entry(bonus.worker.clone()).or_default();
        sum.count += 1;
        sum.sum += bonus.amount;
        sum.last = Some(bonus.clone());
    }
    sums
}

/// A sum in equal shares; the cents that are left over go to the first ones.
pub fn share_out(total: Usd, count: usize) -> Vec<Usd> {
    let Ok(all) = i64::try_from(count) else { return Vec::new() };
    if all == 0 {
        return Vec::new();
    }
    let (share, left) = (total.as_cents().div_euclid(all), total.as_cents().rem_euclid(all));
    (0..all).map(|at| Usd::cents(share + i64::from(at < left))).collect()
}

/// A payment to a worker who has no payable assignment: a HIT that only this worker can see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Its row in the journal.
    pub number: i64,
    /// Who.
    pub worker: WorkerId,
    /// How much, without the fee.
    pub amount: Usd,
    /// What for, as the worker reads it.
    pub reason: String,
    /// Made once: the request token of the HIT, and part of the qualification's name.
    pub token: String,
    /// How far it has come.
    pub state: PaymentState,
    /// Whether its HIT and its qualification are gone.
    pub cleaned: bool,
    /// The qualification that only this worker holds.
    pub type_id: Option<QualificationTypeId>,
    /// The HIT that only this worker can see; once it is known, no other is made.
    pub hit: Option<HitId>,
    /// When it was decided, on the person's clock.
    pub begun: Millis,
}

/// The note of a message that did not reach everybody: of `workers`, whom not and why. See [`not_reached`].
pub fn failure_note(failures: &[NotifyFailure], workers: usize) -> String {
    let each: Vec<String> = failures.iter().map(|failure| format!("{}: {}", failure.worker, failure.reason)).collect();
    format!("{NOT_REACHED}{} of {workers}. {}", failures.len(), each.join(SEPARATOR))
}

const NOT_REACHED: &str = "not reached: ";
const SEPARATOR: &str = "; ";

/// Whom a message did not reach, and why, out of its note.
pub fn not_reached(note: &str) -> Vec<(WorkerId, &str)> {
    let listed = note.strip_prefix(NOT_REACHED).and_then(|rest| Some(rest.split_once(". ")?.1)).unwrap_or_default();
    let mut found: Vec<(WorkerId, &str)> = Vec::new();
    let mut rest = listed;
    while let Some((worker, reason)) = named(rest) {
        // A reason may hold the separator; what follows it is the next one only if it names a worker.
        let next = reason.match_indices(SEPARATOR).find(|(at, _)| named(&reason[at + SEPARATOR.len()..]).is_some());
        let end = next.map_or(reason.len(), |(at, _)| at);
        found.push((worker, &reason[..end]));
        rest = reason.get(end + SEPARATOR.len()..).unwrap_or_default();
    }
    found
}

fn named(text: &str) -> Option<(WorkerId, &str)> {
    let (worker, reason) = text.split_once(": ")?;
    Some((WorkerId::parse(worker).ok()?, reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_is_shared_out_to_the_cent() {
        let shares =
            |cents, count| share_out(Usd::cents(cents), count).into_iter().map(Usd::as_cents).collect::<Vec<_>>();
        assert_eq!(shares(1_000, 3), [334, 333, 333]);
        assert_eq!(shares(2, 3), [1, 1, 0]);
        assert_eq!(shares(5, 0), Vec::<i64>::new());
    }

    #[test]
    fn the_note_of_a_message_names_whom_it_did_not_reach() {
        let failure = |worker: &str, reason: &str| NotifyFailure {
            worker: WorkerId::parse(worker).unwrap(),
            soft: false,
            reason: reason.to_owned(),
        };
        let failures = [failure("A1X", "unknown worker; ask: again"), failure("A2Y", "has not worked for you.")];
        let note = failure_note(&failures, 3);
        assert_eq!(note, "not reached: 2 of 3. A1X: unknown worker; ask: again; A2Y: has not worked for you.");
        let found: Vec<(String, &str)> =
            not_reached(&note).into_iter().map(|(id, why)| (id.to_string(), why)).collect();
        assert_eq!(
            found,
            [("A1X".to_owned(), "unknown worker; ask: again"), ("A2Y".to_owned(), "has not worked for you.")]
        );
        assert_eq!(not_reached("throttled, next try in 2 s"), Vec::new());
    }
}
