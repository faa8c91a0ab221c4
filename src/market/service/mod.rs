//! What can be done in the market, in process: the API, the control interface, simulated workers and imports all come
//! through here.

mod account;
mod blocks;
mod import;
mod layout;
mod lifetime;
mod messages;
mod notify;
mod payout;
mod policies;
mod publish;
mod qualify;
mod qualify_access;
mod qualify_worker;
mod reply;
mod review;
mod settle;
mod takeover;
mod task;
mod transition;
mod work;
mod worker_accounts;
mod worker_data;

use std::sync::Arc;

use super::clock::Clock;
use super::error::ServiceError;
use super::rules::account::Movement;
use super::storage::{Change, Posting, RequesterKey, Storage, View};
use crate::domain::fees::FeeSchedule;
use crate::domain::time::Time;
use crate::market::error::Refusal;

pub use import::ImportReport;
pub use layout::LayoutAdded;
pub use messages::NewLetter;
pub use notify::{Attempt, Failure, Specification};
pub use payout::{Payroll, Statement, Wages};
pub(in crate::market) use publish::own_hit;
pub use publish::{Content, HitDraft, TypeDraft, type_digest};
pub use qualify::QualificationTypeChange;
pub(in crate::market) use qualify::{known_qualification_type, own_qualification_type};
pub use qualify_access::{Access, check_requirements, check_usable};
pub use qualify_worker::{ProfileChange, Requested};
pub use review::NewBonus;
pub(in crate::market) use review::own_assignment;
pub use settle::settle;
pub use takeover::{Piece, TakenOver};
pub use work::Accepted;
pub use worker_accounts::{Joining, NewInvitation, SignedIn};

/// The market's operations. Clones share the market.
#[derive(Clone)]
pub struct Service {
    storage: Storage,
    clock: Clock,
    fees: Arc<FeeSchedule>,
}

impl Service {
    /// Operations on this data, with these fees.
    pub fn new(storage: Storage, clock: Clock, fees: FeeSchedule) -> Service {
        Service { storage, clock, fees: Arc::new(fees) }
    }

    /// The market's clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What the market charges for new HITs and bonuses.
    pub fn fees(&self) -> &FeeSchedule {
        &self.fees
    }

    /// Looks at the data as it is now.
    pub async fn read<T, F>(&self, work: F) -> Result<T, ServiceError>
    where
        T: Send + 'static,
        F: FnOnce(&View<'_>) -> Result<T, ServiceError> + Send + 'static,
    {
        self.storage.read(work).await
    }

    /// Moves market time forward and lets everything happen that was due by then.
    pub async fn advance(&self, by: std::time::Duration) -> Result<Time, ServiceError> {
        let now = self.clock.advance(by);
        self.storage.change(|_| Ok(())).await?;
        Ok(now.time())
    }
}

/// Moves a requester's money and writes it into the ledger, or refuses.
fn move_money(
    change: &mut Change<'_>,
    who: RequesterKey,
    movements: &[Movement],
    at: Time,
    about: &Posting,
) -> Result<(), ServiceError> {
    if movements.is_empty() {
        return Ok(());
    }
    let mut account = change.account(who)?;
    for movement in movements {
        account = account.after(*movement).map_err(|_| Refusal::InsufficientFunds)?;
    }
    change.save_account(who, account)?;
    for movement in movements {
        change.post(who, *movement, at, about)?;
    }
    Ok(())
}
