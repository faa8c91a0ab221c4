//! Pay-outs: what workers are owed since they were paid last, and that they were paid it.
//!
//! What was earned is what the ledger says, which only grows; a pay-out is a stretch of it. Its code names the stretch and the sums
//! in it, so that nothing else is marked as paid than what was shown: neither what was earned in between, nor twice.

use sha2::{Digest, Sha256};

use super::Service;
use crate::domain::money::Usd;
use crate::market::error::{Refusal, ServiceError};
use crate::market::storage::{Earning, LedgerPlace, PayLine, Payout, View, WorkerKey};

/// What workers are owed, or were given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payroll {
    /// What the pay-out is called.
    pub code: String,
    /// Who, by `WorkerId`, and what.
    pub lines: Vec<PayLine>,
    /// When it was marked as paid, in wall time; none when it is owed.
    pub paid_ms: Option<i64>,
    after: LedgerPlace,
    upto: LedgerPlace,
}

impl Payroll {
    /// All of it.
    pub fn total(&self) -> Usd {
        self.lines.iter().map(PayLine::total).sum()
    }
}

/// What one worker earned in one pay-out, piece by piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The pay-out's name.
    pub code: String,
    /// When it was paid, in wall time; none when it is owed.
    pub paid_ms: Option<i64>,
    /// Rewards and bonuses, in order.
    pub earnings: Vec<Earning>,
}

impl Statement {
    /// All of it.
    pub fn total(&self) -> Usd {
        self.earnings.iter().map(|earning| earning.amount).sum()
    }
}

/// What a worker was given, and what they are owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wages {
    /// Since the last pay-out; none when that is nothing.
    pub owed: Option<PayLine>,
    /// The pay-outs to them, the latest first.
    pub paid: Vec<(Payout, PayLine)>,
}

impl Service {
    /// What workers are owed since the last pay-out.
    pub async fn owed(&self) -> Result<Payroll, ServiceError> {
        self.read(|view| owed(view, view.last_earning()?)).await
    }

    /// A pay-out that was made.
    pub async fn payroll(&self, code: &str) -> Result<Payroll, ServiceError> {
        let code = code.to_owned();
        self.read(move |view| {
            let (payout, after) = find(view, &code)?.ok_or_else(|| unknown(&code))?;
            let lines = view.payout_lines(payout.upto)?;
            Ok(Payroll { code: payout.code, lines, paid_ms: Some(payout.paid_ms), after, upto: payout.upto })
        })
        .await
    }

    /// The pay-outs that were made, the first one first.
    pub async fn payrolls(&self) -> Result<Vec<Payroll>, ServiceError> {
        self.read(|view| {
            let mut after = LedgerPlace::default();
            let mut all = Vec::new();
            for payout in view.payouts()? {
                let lines = view.payout_lines(payout.upto)?;
                all.push(Payroll { code: payout.code, lines, paid_ms: Some(payout.paid_ms), after, upto: payout.upto });
                after = payout.upto;
            }
            Ok(all)
        })
        .await
    }

    /// Writes down that workers were given what the pay-out of this name showed. False when that was written down before.
    pub async fn mark_paid(&self, code: &str, now_ms: i64) -> Result<bool, ServiceError> {
        let code = code.to_owned();
        self.storage
            .change(move |change| {
                if find(change, &code)?.is_some() {
                    return Ok(false);
                }
                let upto = place(&code).ok_or_else(|| unknown(&code))?;
                let last = change.last_payout()?;
                if upto > change.last_earning()? {
                    return Err(unknown(&code));
                }
                let now = owed(change, upto)?;
                if now.code != code || now.lines.is_empty() {
                    let words = match last {
                        Some(last) => format!(
                            "Pay-out {code} is not what is owed since pay-out {}: part of it was paid with that one, or its name is \
                             mistyped. Nothing was marked. Run `hitdeck market payout` again, and compare before you pay.",
                            last.code
                        ),
                        None => format!(
                            "There is no pay-out {code}: its name is mistyped, or of another market. Nothing was marked."
                        ),
                    };
                    return Err(Refusal::Worker(words).into());
                }
                change.add_payout(&Payout { upto, code, paid_ms: now_ms }, &now.lines)?;
                Ok(true)
            })
            .await
    }

    /// What a worker earned in a pay-out, piece by piece; since the last one when no name is given.
    pub async fn statement(&self, worker: WorkerKey, code: Option<&str>) -> Result<Statement, ServiceError> {
        let code = code.map(str::to_owned);
        self.read(move |view| {
            let (code, paid_ms, after, upto) = match code {
                Some(code) => {
                    let (payout, after) = find(view, &code)?.ok_or_else(|| unknown(&code))?;
                    (payout.code, Some(payout.paid_ms), after, payout.upto)
                }
                None => {
                    let after = view.last_payout()?.map(|payout| payout.upto).unwrap_or_default();
                    (String::new(), None, after, view.last_earning()?)
                }
            };
            Ok(Statement { code, paid_ms, earnings: view.earnings(worker, after, upto)? })
        })
        .await
    }

    /// What a worker earned in a pay-out that was made or shown, piece by piece.
    pub async fn statement_in(&self, payroll: &Payroll, worker: WorkerKey) -> Result<Statement, ServiceError> {
        let Payroll { code, paid_ms, after, upto, .. } = payroll.clone();
        let earnings = self.read(move |view| Ok(view.earnings(worker, after, upto)?)).await?;
        Ok(Statement { code, paid_ms, earnings })
    }

    /// What a worker was given and is owed.
    pub async fn wages(&self, worker: WorkerKey) -> Result<Wages, ServiceError> {
        self.read(move |view| {
            let after = view.last_payout()?.map(|payout| payout.upto).unwrap_or_default();
            Ok(Wages { owed: view.payable_to(worker, after)?, paid: view.payouts_to(worker)? })
        })
        .await
    }
}

/// What is owed since the last pay-out up to a line of the ledger.
fn owed(view: &View<'_>, upto: LedgerPlace) -> Result<Payroll, ServiceError> {
    let after = view.last_payout()?.map(|payout| payout.upto).unwrap_or_default();
    let lines = view.payable(after, upto)?;
    Ok(Payroll { code: name(after, upto, &lines), lines, paid_ms: None, after, upto })
}

/// A pay-out that was made, and the end of the one before.
fn find(view: &View<'_>, code: &str) -> Result<Option<(Payout, LedgerPlace)>, ServiceError> {
    let mut after = LedgerPlace::default();
    for payout in view.payouts()? {
        if payout.code == code {
            return Ok(Some((payout, after)));
        }
        after = payout.upto;
    }
    Ok(None)
}

fn unknown(code: &str) -> ServiceError {
    let code: String = code.chars().take(40).collect();
    let words = format!("There is no pay-out {code}. `hitdeck market payout` shows what is owed, and its name.");
    Refusal::Worker(words).into()
}

/// What a stretch of the ledger is called: its last line, and what tells these sums from others.
fn name(after: LedgerPlace, upto: LedgerPlace, lines: &[PayLine]) -> String {
    let mut digest = Sha256::new();
    digest.update(after.0.to_le_bytes());
    for line in lines {
        digest.update(line.digits().concat());
    }
    let sums: String = digest.finalize().iter().take(3).map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{sums}", upto.0)
}

/// The line of the ledger that a name begins with.
fn place(code: &str) -> Option<LedgerPlace> {
    code.split_once('-').and_then(|(place, _)| place.parse().ok()).map(LedgerPlace)
}
