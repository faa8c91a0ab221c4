//! Requesters, their keys and their money.

use super::{Service, move_money};
use crate::domain::money::Usd;
use crate::market::error::{Refusal, ServiceError};
use crate::market::rules::account::{Account, Kind, Movement};
use crate::market::storage::{Change, LedgerRow, Licence, Posting, Quota, Requester, RequesterKey};

impl Service {
    /// Adds a requester who holds `balance`; `None` when the name is taken.
    pub async fn add_requester(&self, name: &str, balance: Usd) -> Result<Option<Requester>, ServiceError> {
        let name = name.to_owned();
        self.storage
            .change(move |change| {
                let Some(added) = change.add_requester(&name)? else { return Ok(None) };
                let deposit = Movement::new(Kind::Deposit, balance);
                move_money(change, added.key, &[deposit], change.now(), &Posting::default())?;
                Ok(change.requester(&added.access_key)?)
            })
            .await
    }

    /// All requesters, the first one first.
    pub async fn requesters(&self) -> Result<Vec<Requester>, ServiceError> {
        self.read(|view| Ok(view.requesters()?)).await
    }

    /// The requester with this name or access key.
    pub async fn requester(&self, who: &str) -> Result<Option<Requester>, ServiceError> {
        let who = who.to_owned();
        self.read(move |view| Ok(view.requester(&who)?)).await
    }

    /// What an access key stands for, unless it is revoked.
    pub async fn licence(&self, access_key: &str) -> Result<Option<Licence>, ServiceError> {
        let access_key = access_key.to_owned();
        self.storage.glance(self.clock.now().time(), move |view| Ok(view.licence(&access_key)?)).await
    }

    /// The access keys of a requester that are not revoked.
    pub async fn access_keys(&self, who: RequesterKey) -> Result<Vec<String>, ServiceError> {
        self.read(move |view| Ok(view.access_keys(who)?)).await
    }

    /// Issues another access key.
    pub async fn issue_key(&self, who: RequesterKey) -> Result<String, ServiceError> {
        self.storage.change(move |change| Ok(change.add_access_key(who)?)).await
    }

    /// Revokes one access key of a requester, or all; how many that were.
    pub async fn revoke_keys(&self, who: RequesterKey, access_key: Option<&str>) -> Result<usize, ServiceError> {
        let access_key = access_key.map(str::to_owned);
        self.storage.change(move |change| Ok(change.revoke_keys(who, access_key.as_deref())?)).await
    }

    /// What a requester may do at most from now on.
    pub async fn limit(&self, who: RequesterKey, quota: Quota) -> Result<(), ServiceError> {
        self.storage.change(move |change| Ok(change.save_quota(who, quota)?)).await
    }

    /// Moves money into an account or out of it; what it holds then.
    pub async fn transfer(&self, who: RequesterKey, movement: Movement) -> Result<Account, ServiceError> {
        self.storage
            .change(move |change| {
                move_money(change, who, &[movement], change.now(), &Posting::default())?;
                Ok(change.account(who)?)
            })
            .await
    }

    /// What tells the market's key from others, if it was written down.
    pub async fn key_check(&self) -> Result<Option<String>, ServiceError> {
        self.read(|view| Ok(view.key_check()?)).await
    }

    /// Writes down what tells the market's key from others.
    pub async fn save_key_check(&self, mac: String) -> Result<(), ServiceError> {
        self.storage.change(move |change| Ok(change.save_key_check(&mac)?)).await
    }

    /// A requester's money.
    pub async fn account(&self, who: RequesterKey) -> Result<Account, ServiceError> {
        self.read(move |view| Ok(view.account(who)?)).await
    }

    /// Every movement of money in the market, oldest first.
    pub async fn ledger(&self) -> Result<Vec<LedgerRow>, ServiceError> {
        self.read(|view| Ok(view.ledger()?)).await
    }
}

/// Refuses one more HIT to a requester who has as many open as the operator allows.
pub(super) fn room_for_hit(change: &Change<'_>, who: RequesterKey) -> Result<(), ServiceError> {
    match change.open_hits_reached(who)? {
        None => Ok(()),
        Some(most) => Err(Refusal::OpenHits(most).into()),
    }
}
