//! Requesters and their money.

use super::{Service, move_money};
use crate::domain::money::Usd;
use crate::market::error::ServiceError;
use crate::market::rules::account::{Account, Kind, Movement};
use crate::market::storage::{LedgerRow, Posting, Requester, RequesterKey};

impl Service {
    /// Adds a requester who holds `balance`; `None` when the name is taken.
    pub async fn add_requester(&self, name: &str, balance: Usd) -> Result<Option<Requester>, ServiceError> {
        let name = name.to_owned();
        self.storage
            .change(move |change| {
                let Some(added) = change.add_requester(&name)? else { return Ok(None) };
                let deposit = Movement::new(Kind::Deposit, balance);
                move_money(change, added.key, &[deposit], change.now(), &Posting::default())?;
                Ok(change.requester_of(&added.access_key)?)
            })
            .await
    }

    /// All requesters, the first one first.
    pub async fn requesters(&self) -> Result<Vec<Requester>, ServiceError> {
        self.read(|view| Ok(view.requesters()?)).await
    }

    /// The requester who signs with this access key.
    pub async fn requester_of(&self, access_key: &str) -> Result<Option<Requester>, ServiceError> {
        let access_key = access_key.to_owned();
        self.read(move |view| Ok(view.requester_of(&access_key)?)).await
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
