//! What an operator does to a market's data from another process, also beside the one that serves it.

mod workers;

use std::path::{Path, PathBuf};

use super::accounts::Keyring;
use super::clock::{Clock, wall_millis};
use super::error::{MarketError, Refusal, ServiceError};
use super::files;
use super::id::Mint;
use super::rules::account::{Account, Kind, Movement};
use super::service::{LayoutAdded, Payroll, Service, Statement};
use super::storage::{PayLine, Place, Quota, Requester, Storage};
use crate::domain::fees::FeeSchedule;
use crate::domain::money::Usd;

pub use workers::Link;

/// A requester's account, as it is handed to them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Credentials {
    /// The name the operator gave.
    pub name: String,
    /// For `AWS_ACCESS_KEY_ID`.
    pub access_key_id: String,
    /// For `AWS_SECRET_ACCESS_KEY`.
    pub secret_access_key: String,
}

/// Whoever looks after a market's accounts. Time does not pass for them: it does in the process that serves the market.
pub struct Operator {
    directory: PathBuf,
    service: Service,
}

impl Operator {
    /// Opens the data of the market in `directory`. Data of an earlier version is brought up to this one, unless a program of
    /// that version serves it.
    pub fn open(directory: &Path) -> Result<Operator, MarketError> {
        let place = Place::Directory(directory.to_owned());
        if !directory.join(files::DATABASE).exists() {
            return Err(MarketError::NoMarket(directory.to_owned()));
        }
        if !Storage::is_current(&place)? {
            let _lock = files::lock(directory).map_err(|error| match error {
                MarketError::Busy(directory) => MarketError::EarlierServes(directory),
                other => other,
            })?;
            Storage::clock_of(&place)?;
        }
        let Some((latest, _)) = Storage::clock_of(&place)? else {
            return Err(MarketError::NoMarket(directory.to_owned()));
        };
        let clock = Clock::starting_at(latest, 0.0);
        let storage = Storage::beside(place, &clock, Mint::random())?;
        Ok(Operator { directory: directory.to_owned(), service: Service::new(storage, clock, FeeSchedule::NONE) })
    }

    /// Adds a requester.
    pub async fn add(&self, name: &str, balance: Usd, quota: Quota) -> Result<Credentials, MarketError> {
        check_name(name)?;
        let ring = self.ring().await?;
        let added = self.service.add_requester(name, balance).await?;
        let added = added.ok_or_else(|| MarketError::RequesterExists(name.to_owned()))?;
        if quota != Quota::default() {
            self.service.limit(added.key, quota).await?;
        }
        Ok(credentials(&ring, added.name, added.access_key))
    }

    /// The requesters, the first one first.
    pub async fn list(&self) -> Result<Vec<Requester>, MarketError> {
        Ok(self.service.requesters().await?)
    }

    /// The requester with this name or access key.
    pub async fn find(&self, who: &str) -> Result<Requester, MarketError> {
        self.service.requester(who).await?.ok_or_else(|| MarketError::NoRequester(who.to_owned()))
    }

    /// Issues another access key to a requester; those they have stay good.
    pub async fn issue_key(&self, who: &str) -> Result<Credentials, MarketError> {
        let ring = self.ring().await?;
        let requester = self.find(who).await?;
        let access_key = self.service.issue_key(requester.key).await?;
        Ok(credentials(&ring, requester.name, access_key))
    }

    /// Revokes one access key of a requester, or all of them; how many that were. HITs and money stay.
    pub async fn revoke(&self, who: &str, access_key: Option<&str>) -> Result<usize, MarketError> {
        let requester = self.find(who).await?;
        let revoked = self.service.revoke_keys(requester.key, access_key).await?;
        match access_key {
            Some(key) if revoked == 0 => Err(MarketError::NoAccessKey { key: key.to_owned(), name: requester.name }),
            _ => Ok(revoked),
        }
    }

    /// Puts money into an account; what it holds then.
    pub async fn deposit(&self, who: &str, amount: Usd) -> Result<Account, MarketError> {
        let requester = self.find(who).await?;
        Ok(self.service.transfer(requester.key, Movement::new(Kind::Deposit, amount)).await?)
    }

    /// Takes money that is not on hold out of an account; what it holds then.
    pub async fn withdraw(&self, who: &str, amount: Usd) -> Result<Account, MarketError> {
        let requester = self.find(who).await?;
        let moved = self.service.transfer(requester.key, Movement::new(Kind::Withdraw, amount)).await;
        match moved {
            Err(ServiceError::Refused(Refusal::InsufficientFunds)) => {
                let available = self.service.account(requester.key).await?.available;
                Err(MarketError::Withdraw { name: requester.name, available })
            }
            other => Ok(other?),
        }
    }

    /// What a requester may do at most from now on.
    pub async fn limit(&self, who: &str, quota: Quota) -> Result<(), MarketError> {
        let requester = self.find(who).await?;
        Ok(self.service.limit(requester.key, quota).await?)
    }

    /// Registers a page with placeholders such as `${image_url}` as a HIT layout of a requester.
    pub async fn add_layout(&self, who: &str, name: &str, page: &str, height: u32) -> Result<LayoutAdded, MarketError> {
        let requester = self.find(who).await?;
        Ok(self.service.add_layout(requester.key, name, page, height).await?)
    }

    /// What workers are owed since the last pay-out, or what the pay-out of this name gave.
    pub async fn payroll(&self, code: Option<&str>) -> Result<Payroll, MarketError> {
        Ok(match code {
            None => self.service.owed().await?,
            Some(code) => self.service.payroll(code).await?,
        })
    }

    /// The pay-outs that were made, the first one first.
    pub async fn payrolls(&self) -> Result<Vec<Payroll>, MarketError> {
        Ok(self.service.payrolls().await?)
    }

    /// Writes down that a pay-out was paid. False when that was written down before.
    pub async fn mark_paid(&self, code: &str) -> Result<bool, MarketError> {
        Ok(self.service.mark_paid(code, wall_millis()).await?)
    }

    /// What a worker earned in a pay-out, piece by piece.
    pub async fn statement(&self, payroll: &Payroll, of: &PayLine) -> Result<Statement, MarketError> {
        Ok(self.service.statement_in(payroll, of.key).await?)
    }

    async fn ring(&self) -> Result<Keyring, MarketError> {
        let ring = Keyring::of_directory(&self.directory)?;
        let ring = ring.ok_or_else(|| MarketError::NoKey(self.directory.clone()))?;
        fits(&self.service, &ring, &self.directory).await?;
        Ok(ring)
    }
}

/// Makes a new key for a market that nobody serves: every secret is another one from then on. The new ones.
pub async fn rekey(directory: &Path) -> Result<Vec<Credentials>, MarketError> {
    let operator = Operator::open(directory)?;
    let _lock = files::lock(directory)?;
    let ring = Keyring::random();
    // If it ends between the two, the market does not start, and this is done again.
    ring.save(directory)?;
    operator.service.save_key_check(ring.check()).await?;
    let mut all = Vec::new();
    for requester in operator.list().await? {
        for access_key in operator.service.access_keys(requester.key).await? {
            all.push(credentials(&ring, requester.name.clone(), access_key));
        }
    }
    Ok(all)
}

/// Refuses a key from which other secrets follow than those that were handed out.
pub(super) async fn fits(service: &Service, ring: &Keyring, directory: &Path) -> Result<(), MarketError> {
    match service.key_check().await? {
        Some(mac) if mac != ring.check() => Err(MarketError::OtherKey(directory.join(files::KEY))),
        Some(_) => Ok(()),
        None => Ok(service.save_key_check(ring.check()).await?),
    }
}

/// What a requester may be called.
pub(super) fn check_name(name: &str) -> Result<(), MarketError> {
    let fine = (1..=64).contains(&name.chars().count()) && name.trim() == name && !name.chars().any(char::is_control);
    if fine { Ok(()) } else { Err(MarketError::RequesterName) }
}

fn credentials(ring: &Keyring, name: String, access_key: String) -> Credentials {
    Credentials { name, secret_access_key: ring.secret(&access_key), access_key_id: access_key }
}
